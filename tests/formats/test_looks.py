"""What the codes of a document stand for, by block and number."""

import io
import zipfile

import docx

from workbench.formats import read_document
from workbench.formats.looks import looks


def said(data, name):
    """(text, looks) of the blocks that have codes."""
    blocks = read_document(data, name).documents[0].blocks
    found = looks(data, name[name.rindex(".") :])
    assert len(found) == len(blocks)
    return [(block.text, dict(look)) for block, look in zip(blocks, found, strict=True) if look]


def test_markdown():
    data = "# Un\n\nUn **mot** et *un* [lien](http://x.y) et `code` ~~rien~~ là.\n\n- Plat\n".encode()
    assert said(data, "a.md") == [
        (
            "Un ⟨1⟩mot⟨/1⟩ et ⟨2⟩un⟨/2⟩ ⟨3⟩lien⟨/3⟩ et ⟨4/⟩ ⟨5⟩rien⟨/5⟩ là.",
            {1: "strong", 2: "em", 3: "link", 4: "code", 5: "strike"},
        )
    ]


def test_html():
    data = b"<p>Un <b>mot</b> et <em class='x'>un</em> <a href='y'>lien</a><br>fin <span>rien</span> ici.</p>"
    (found,) = said(data, "a.html")
    assert sorted(found[1].values()) == ["break", "em", "link", "strong"]


def test_word():
    document = docx.Document()
    paragraph = document.add_paragraph("Un texte assez long et ")
    paragraph.add_run("gras").bold = True
    paragraph.add_run(" puis ")
    both = paragraph.add_run("les deux")
    both.bold = both.italic = True
    paragraph.add_run(" et x").font.superscript = False
    paragraph.add_run("2").font.superscript = True
    out = io.BytesIO()
    document.save(out)
    (found,) = said(out.getvalue(), "a.docx")
    assert list(found[1].values()) == ["strong", "strong em", "sup"]


CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content office:version="1.3" xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">
<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/>
</style:style></office:automatic-styles><office:body><office:text>
<text:p>Un mot <text:span text:style-name="T1">gras</text:span> et <text:a xlink:href="http://x.y">un lien</text:a>
 ici.</text:p></office:text></office:body></office:document-content>"""


def test_open_document():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", CONTENT)
    (found,) = said(out.getvalue(), "a.odt")
    assert found[1] == {1: "strong", 2: "link"}


def test_of_other_files_nothing_is_known():
    assert looks(b"x", ".txt") == []
