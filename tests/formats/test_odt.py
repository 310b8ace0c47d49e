"""OpenDocument: what a translator sees, and that the rest survives."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from workbench.core.texts import Block, BlockKind
from workbench.errors import FormatError
from workbench.formats import new_document, odt, read_document
from workbench.formats.archive import Archive

BLOCKS = (
    Block("Titre", BlockKind.HEADING, 1),
    Block("a", BlockKind.LIST_ITEM, 1),
    Block("b", BlockKind.LIST_ITEM, 2),
    Block("c", BlockKind.LIST_ITEM, 1),
    Block("Fin < & >."),
)
STYLES = (
    '<office:automatic-styles><style:style style:name="T1" style:family="text"><style:text-properties '
    'fo:language="fr"/></style:style><style:style style:name="T2" style:family="text"><style:text-properties '
    'fo:font-weight="bold"/></style:style></office:automatic-styles>'
)
RICH = (
    '<text:p>Un <text:span text:style-name="T1">mot </text:span><text:bookmark text:name="ici"/>'
    '<text:span text:style-name="T2">gr</text:span><text:span text:style-name="T2">as</text:span> et '
    '<text:a xlink:href="u" xmlns:xlink="http://www.w3.org/1999/xlink">lien</text:a><text:note>'
    "<text:note-citation>1</text:note-citation><text:note-body><text:p>La note.</text:p></text:note-body></text:note>"
    " suite<text:line-break/>ici</text:p>"
)


def document(xml: str) -> bytes:
    archive = Archive(odt.write((Block("ICI"),), language="fr"), "x.odt", "")
    content = archive.read("content.xml").decode()
    content = content.replace("<office:body>", STYLES + "<office:body>").replace("<text:p>ICI</text:p>", xml)
    return archive.rebuilt({"content.xml": content.encode()})


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_document(data, "x.odt").documents[0].blocks]


def test_a_fresh_document_is_read_back_as_it_was_meant() -> None:
    parsed = read_document(new_document(BLOCKS, suffix=".odt", language="pt-BR", title="T"), "x.odt").documents[0]
    assert (parsed.blocks, parsed.title, parsed.language) == (BLOCKS, "T", "pt-BR")


def test_only_formatting_that_shows_has_a_code_and_notes_are_blocks() -> None:
    data = document(RICH)
    assert texts(data) == ["Un mot ⟨1⟩gras⟨/1⟩ et ⟨2⟩lien⟨/2⟩⟨3/⟩ suite⟨4/⟩ici", "La note."]
    assert odt.rebuild(data, texts(data), language="fr") == data


def test_a_translation_keeps_links_notes_and_bookmarks() -> None:
    new = ["El ⟨2⟩enlace⟨/2⟩ y ⟨1⟩una  palabra⟨/1⟩⟨4/⟩aquí⟨3/⟩", "La nota."]
    out = odt.rebuild(document(RICH), new, language="es")
    assert texts(out) == ["El ⟨1⟩enlace⟨/1⟩ y ⟨2⟩una palabra⟨/2⟩⟨3/⟩aquí⟨4/⟩".replace("⟨4/⟩", ""), "La nota."]
    xml = zipfile.ZipFile(BytesIO(out)).read("content.xml").decode()
    assert xml.count("La nota.") == xml.count('text:name="ici"') == xml.count("<text:note>") == 1
    assert zipfile.ZipFile(BytesIO(out)).infolist()[0].compress_type == zipfile.ZIP_STORED


def test_tracked_deletions_are_left_out_and_said() -> None:
    changes = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>ôté</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>resté</text:p>"
    )
    parsed = read_document(document(changes), "x.odt").documents[0]
    assert [b.text for b in parsed.blocks] == ["resté"] and "Tracked" in str(parsed.warnings[0])


def test_a_presentation_is_no_text() -> None:
    archive = Archive(odt.write(BLOCKS, language="fr"), "x", "")
    data = archive.rebuilt({"mimetype": b"application/vnd.oasis.opendocument.presentation"})
    with pytest.raises(FormatError, match="no text"):
        read_document(data, "x.odt")
