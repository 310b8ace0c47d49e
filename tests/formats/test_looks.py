"""What the codes of a document stand for, by block and number."""

import io
import zipfile

import docx

from workbench.formats import read_document
from workbench.formats.looks import looks
from workbench.formats.places import Place


def said(data, name):
    """(text, looks) of the blocks that have codes."""
    blocks = read_document(data, name).documents[0].blocks
    found = looks(data, name[name.rindex(".") :])
    assert len(found) == len(blocks)
    return [(block.text, dict(look.codes)) for block, look in zip(blocks, found, strict=True) if look.codes]


def places(data, name):
    """By text of the block, where it stands."""
    blocks = read_document(data, name).documents[0].blocks
    found = looks(data, name[name.rindex(".") :])
    return {block.text: look.place for block, look in zip(blocks, found, strict=True)}


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


def test_places_in_markdown():
    data = b"Un.\n\n1. Deux\n   - Trois\n2. Quatre\n\n| A | B |\n|---|---|\n| | Cinq |\n\n- Six\n"
    assert places(data, "a.md") == {
        "Un.": Place(),
        "Deux": Place(list=1, numbered=True),
        "Trois": Place(list=2),
        "Quatre": Place(list=1, numbered=True),
        "A": Place(1, 0, 0, heads=True),
        "B": Place(1, 0, 1, heads=True),
        "Cinq": Place(1, 1, 1),
        "Six": Place(list=3),
    }


def test_places_on_a_page_with_merged_cells_and_what_is_not_closed():
    data = b"""<title>Titre</title><table><tr><th rowspan=2>A<th colspan="2">B<tr><td>C</td><td></td><tr><td>D<td>E
    <ol><li>Un</ol></table><p>Fin <img alt="Une image"></p><table><tr><td>Autre</table>"""
    assert places(data, "a.html") == {
        "Titre": Place(part="unseen"),
        "A": Place(1, 0, 0, rows=2, heads=True),
        "B": Place(1, 0, 1, columns=2, heads=True),
        "C": Place(1, 1, 1),
        "D": Place(1, 2, 0),
        "E": Place(1, 2, 1),
        "Un": Place(1, 2, 1, list=1, numbered=True),
        "Fin": Place(),
        "Une image": Place(part="unseen"),
        "Autre": Place(2, 0, 0),
    }


def test_places_in_word():
    document = docx.Document()
    document.add_paragraph("Premier", "List Number")
    document.add_paragraph("Point", "List Bullet")
    table = document.add_table(3, 3)
    for row in table.rows:
        for n, cell in enumerate(row.cells):
            cell.text = f"{row._index}{n}" if (row._index, n) != (2, 1) else ""
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Bas"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Large"
    document.sections[0].footer.paragraphs[0].text = "Pied"
    out = io.BytesIO()
    document.save(out)
    found = places(out.getvalue(), "a.docx")
    assert found["Premier"].numbered and found["Premier"].list != found["Point"].list
    assert found["Point"].list and not found["Point"].numbered
    assert found["Bas"] == Place(1, 0, 0, rows=2)
    assert found["Large"] == Place(1, 0, 1, columns=2)
    assert (found["12"], found["20"], found["22"]) == (Place(1, 1, 2), Place(1, 2, 0), Place(1, 2, 2))
    assert found["Pied"] == Place(part="footer")


LAYOUT = CONTENT.partition("<office:body>")[0].replace(
    "<office:automatic-styles>",
    """<office:automatic-styles><text:list-style style:name="L1"><text:list-level-style-number text:level="1"/>
<text:list-level-style-bullet text:level="2"/></text:list-style>""",
).replace("xmlns:fo=", 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo=') + """<office:body>
<office:text><text:list text:style-name="L1"><text:list-item><text:p>Un</text:p><text:list><text:list-item>
<text:p>Deux</text:p></text:list-item></text:list></text:list-item></text:list><table:table><table:table-header-rows>
<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Large</text:p></table:table-cell>
<table:covered-table-cell/><table:table-cell><text:p>A</text:p></table:table-cell></table:table-row>
</table:table-header-rows><table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell>
<text:p>B<text:note><text:note-body><text:p>Note</text:p></text:note-body></text:note></text:p></table:table-cell>
</table:table-row></table:table></office:text></office:body></office:document-content>"""  # fmt: skip


def test_places_in_an_open_document():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", LAYOUT)
    found = places(out.getvalue(), "a.odt")
    assert found["Un"] == Place(list=1, numbered=True)
    assert found["Deux"] == Place(list=1)
    assert found["Large"] == Place(1, 0, 0, columns=2, heads=True)
    assert found["A"] == Place(1, 0, 2, heads=True)
    assert found["B"] == Place(1, 1, 2)
    assert found["Note"].part == "note"
