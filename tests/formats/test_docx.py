"""Word: what a translator sees of a document, and that the rest of it survives."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from workbench.core.texts import Block, BlockKind
from workbench.errors import FormatError
from workbench.formats import docx as word_format
from workbench.formats import read_document
from workbench.formats.archive import Archive

from .worlds import paragraph, run, word


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_document(data, "x.docx").documents[0].blocks]


def field(instruction: str, shown: str) -> str:
    char = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>"
    return (
        char.format("begin")
        + f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        + char.format("separate")
        + f"<w:r><w:t>{shown}</w:t></w:r>"
        + char.format("end")
    )


def test_runs_of_equal_look_are_one_and_only_real_formatting_has_a_code() -> None:
    data = word(
        paragraph(
            run("Du te", '<w:lang w:val="fr-FR"/>'),
            '<w:proofErr w:type="spellStart"/>',
            run("xte "),
            run("gr", "<w:b/>"),
            run("as", "<w:b/><w:noProof/>"),
            run(" fin"),
        ),
        paragraph(run("Tout ", "<w:b/>"), run("gras", "<w:b/>")),
    )
    assert texts(data) == ["Du texte ⟨1⟩gras⟨/1⟩ fin", "Tout gras"]


def test_links_fields_notes_and_bookmarks_survive_a_translation() -> None:
    data = word(
        paragraph(
            run("Voir "),
            f'<w:hyperlink w:anchor="a">{run("le ")}{run("site", "<w:b/>")}</w:hyperlink>',
            '<w:bookmarkStart w:id="7" w:name="ici"/>',
            run(" page "),
            field(" PAGE ", "3"),
            '<w:bookmarkEnd w:id="7"/>',
            run(" et "),
            field(' HYPERLINK "http://x.org" ', "là"),
            run("."),
        )
    )
    assert texts(data) == ["Voir ⟨1⟩le ⟨2⟩site⟨/2⟩⟨/1⟩ page ⟨3/⟩ et ⟨4⟩là⟨/4⟩."]
    new = "En la página ⟨3/⟩, el ⟨1⟩sitio ⟨2⟩web⟨/2⟩⟨/1⟩ y ⟨4⟩allá⟨/4⟩."
    out = word_format.rebuild(data, [new], language="es")
    assert texts(out) == ["En la página ⟨1/⟩, el ⟨2⟩sitio ⟨3⟩web⟨/3⟩⟨/2⟩ y ⟨4⟩allá⟨/4⟩."]
    xml = zipfile.ZipFile(io.BytesIO(out)).read("word/document.xml").decode()
    for part in ('w:name="ici"', "<w:bookmarkEnd", " PAGE ", 'HYPERLINK "http://x.org"', 'w:anchor="a"'):
        assert xml.count(part) == 1
    docx.Document(io.BytesIO(out))


def test_tracked_changes_are_read_as_accepted_and_said() -> None:
    data = word(
        paragraph(
            run("Un texte"),
            f"<w:ins w:id='1' w:author='x'>{run(' ajouté')}</w:ins>",
            "<w:del w:id='2' w:author='x'><w:r><w:delText> ôté</w:delText></w:r></w:del>",
        )
    )
    document = read_document(data, "x.docx").documents[0]
    assert document.blocks[0].text == "Un texte ajouté"
    assert "Tracked changes (2)" in str(document.warnings[0])


def test_text_boxes_are_read_once_and_both_their_copies_written() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>boîte</w:t></w:r></w:p></w:txbxContent>"
    alternate = (
        '<w:r xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    data = word(paragraph(run("avant "), alternate, run(" après")))
    assert texts(data) == ["avant ⟨1/⟩ après", "boîte"]
    out = word_format.rebuild(data, ["antes ⟨1/⟩ después", "caja"], language="es")
    assert texts(out) == ["antes ⟨1/⟩ después", "caja"]
    assert zipfile.ZipFile(io.BytesIO(out)).read("word/document.xml").decode().count("caja") == 2


def test_headings_lists_tables_headers_and_the_title() -> None:
    document = docx.Document()
    document.core_properties.title = "Accord"
    document.add_heading("Objet", 2)
    document.add_paragraph("un point", "List Bullet")
    document.add_table(1, 2).cell(0, 1).text = "case"
    document.sections[0].footer.paragraphs[0].text = "pied"
    out = io.BytesIO()
    document.save(out)
    parsed = read_document(out.getvalue(), "x.docx").documents[0]
    assert parsed.title == "Accord"
    assert [(b.text, b.kind, b.level) for b in parsed.blocks] == [
        ("Objet", BlockKind.HEADING, 2),
        ("un point", BlockKind.LIST_ITEM, 1),
        ("case", BlockKind.CELL, 0),
        ("pied", BlockKind.PARAGRAPH, 0),
    ]
    again = word_format.rebuild(out.getvalue(), ["Objeto", "un punto", "casilla", "pie"], language="es")
    assert texts(again) == ["Objeto", "un punto", "casilla", "pie"]
    assert docx.Document(io.BytesIO(again)).paragraphs[0].style.name == "Heading 2"


def test_unchanged_texts_give_the_identical_file() -> None:
    data = word(paragraph(run("a"), run("b", "<w:i/>")), header="tête")
    assert word_format.rebuild(data, texts(data), language="fr") == data
    assert word_format.rebuild(data, [None, None], language="fr") == data


def test_a_table_of_contents_is_left_to_word() -> None:
    begin = "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText> TOC \\o </w:instrText></w:r>"
    data = word(
        paragraph(begin, "<w:r><w:fldChar w:fldCharType='separate'/></w:r>", run("Objet 1")),
        paragraph(run("Durée 2")),
        paragraph("<w:r><w:fldChar w:fldCharType='end'/></w:r>"),
        paragraph(run("Le vrai texte")),
    )
    document = read_document(data, "x.docx").documents[0]
    assert [b.text for b in document.blocks] == ["Le vrai texte"]
    assert "contents" in str(document.warnings[0])


def test_the_language_is_what_the_text_is_marked_with() -> None:
    marked = word(paragraph(run("Un texte", '<w:lang w:val="fr-FR"/>')))
    assert read_document(marked, "x.docx").documents[0].language == "fr-FR"
    assert read_document(word(paragraph(run("Un texte"))), "x.docx").documents[0].language is None


def test_a_fresh_document_is_read_back_as_it_was_meant() -> None:
    blocks = (Block("Titre", BlockKind.HEADING, 1), Block("Une phrase."), Block("un", BlockKind.LIST_ITEM, 1))
    data = word_format.write(blocks, language="fr", title="T")
    assert [b.text for b in read_document(data, "x.docx").documents[0].blocks] == ["Titre", "Une phrase.", "un"]


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name.replace("__", "/") + ".xml", data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"not a zip at all", "not a Word document"),
        (b"\xd0\xcf\x11\xe0" + b"\1" * 600, "password"),
        (archive(other=b"<x/>"), "not a Word document"),
        (archive(word__document=b"<w:document"), "line 1"),
        (archive(word__document=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "entities"),
        (archive(word__document=b"<other/>"), "not a Word document"),
        (word(paragraph(run("x")))[:3000], "not a Word document"),
        (archive(word__document=b" " * 200_000_000), "too large"),
    ],
)
def test_what_is_no_word_document_gets_a_plain_message(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        read_document(data, "../../accord.docx")
    assert str(caught.value).startswith("accord.docx")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbench.formats import archive as archives

    monkeypatch.setattr(archives, "MAX_UNPACKED", 10_000)
    with pytest.raises(FormatError, match="unpacks to far more"):
        read_document(archive(word__document=b" " * 50_000), "x.docx")


def test_ten_megabytes_in_one_paragraph() -> None:
    archive = Archive(word(paragraph(run("ICI"))), "x.docx", "")
    xml = archive.read("word/document.xml").replace(b"ICI", b"un mot puis un autre. " * 480_000)
    assert len(texts(archive.rebuilt({"word/document.xml": xml}))[0]) > 10_000_000


def test_thousands_of_formats_in_one_paragraph() -> None:
    data = word(paragraph(*(run(f"m{n} ", "<w:b/>" if n % 2 else "") for n in range(20_000))))
    (text,) = texts(data)
    out = word_format.rebuild(data, [text + " fin"], language="fr")
    assert texts(out)[0].endswith("fin")
