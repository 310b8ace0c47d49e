"""Files of entries as documents: PO, XLIFF, TMX and tables, read in columns and written back in place."""

from __future__ import annotations

import difflib
import io

import openpyxl
import pytest

from workbench.errors import FormatError
from workbench.formats import po, read_document, rebuild, table, xliff

from .worlds import needs_shared, shared

PO = """# Un commentaire
msgid ""
msgstr ""
"Language: \\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#: a.c:1
#, fuzzy, c-format
#| msgid "Opened"
msgid "Open %s"
msgstr "Ouvrit %s"

msgctxt "menu"
msgid "Two\\nlines\\n"
msgstr ""

msgid "one file"
msgid_plural "%d files"
msgstr[0] ""
msgstr[1] ""

#~ msgid "old"
#~ msgstr "vieux"
"""


def columns(data: bytes, name: str) -> list[list[str]]:
    return [[block.text for block in document.blocks] for document in read_document(data, name).documents]


def test_po_entries_plurals_and_line_ends() -> None:
    parsed = read_document(PO.encode(), "x.po")
    assert parsed.aligned
    assert columns(PO.encode(), "x.po") == [
        ["Open %s", "Two⟨1/⟩lines", "one file", "%d files"],
        ["Ouvrit %s", "", "", ""],
    ]
    assert parsed.documents[0].blocks[1].context == "menu"
    assert "marked fuzzy (1)" in str(parsed.documents[0].warnings[0])


def test_po_translations_change_only_their_lines() -> None:
    out = rebuild(PO.encode(), "x.po", ["Abrir %s", "Dos⟨1/⟩líneas", None, "%d archivos"], language="es-MX").decode()
    changed = [line for line in difflib.ndiff(PO.splitlines(), out.splitlines()) if line[0] in "+-"]
    assert changed == [
        '- "Language: \\n"',
        '+ "Language: es_MX\\n"',
        "- #, fuzzy, c-format",
        "+ #, c-format",
        '- #| msgid "Opened"',
        '- msgstr "Ouvrit %s"',
        '+ msgstr "Abrir %s"',
        '+ "Dos\\n"',
        '+ "líneas\\n"',
        '- msgstr[1] ""',
        '+ msgstr[1] "%d archivos"',
    ]
    assert rebuild(PO.encode(), "x.po", [None] * 4, language="es") == PO.encode()


@needs_shared
@pytest.mark.parametrize("name", ["virtaal-es.po", "crlf-bom.po", "af-pootle.po", "file-POFilter-fuzzyCtx-plural.po"])
def test_foreign_catalogues_take_translations_and_keep_their_bytes(name: str) -> None:
    data = shared(f"foreign/po/{name}").read_bytes()
    source, target = columns(data, name)
    assert po.rebuild(data, target, language="es") == data
    new = [f"{n} {' '.join(text.split())}" for n, text in enumerate(source)]
    assert columns(po.rebuild(data, new, language="es"), name)[1] == new


XLIFF = """<?xml version="1.0" encoding="utf-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file source-language="en" original="a">
<body><!-- here --><trans-unit id="1"><source>A <g id="1" ctype="bold">big</g> cat<x id="2"/>!</source>
<target state="new">Un chat <g id="1">gros</g></target><note>n</note></trans-unit>
<trans-unit id="2" translate="no"><source>No</source></trans-unit>
<trans-unit id="3"><source>Last</source></trans-unit></body></file></xliff>
"""


def test_xliff_units_and_codes_match_in_both_columns() -> None:
    assert columns(XLIFF.encode(), "x.xlf") == [["A ⟨1⟩big⟨/1⟩ cat⟨2/⟩!", "Last"], ["Un chat ⟨1⟩gros⟨/1⟩", ""]]


def test_xliff_targets_are_written_with_the_sources_codes() -> None:
    out = rebuild(XLIFF.encode(), "x.xlf", ["Un ⟨1⟩gros⟨/1⟩ chat⟨2/⟩ !", "Fin"], language="fr").decode()
    assert columns(out.encode(), "x.xlf")[1] == ["Un ⟨1⟩gros⟨/1⟩ chat⟨2/⟩ !", "Fin"]
    assert '<target state="translated">Un <g id="1" ctype="bold">gros</g> chat<x id="2"/> !</target>' in out
    assert "<!-- here -->" in out and 'target-language="fr"' in out and "<source>No</source></trans-unit>" in out


@pytest.mark.parametrize("text", ["", "⟨1⟩⟨1⟩", "⟨2/⟩⟨/1⟩⟨7⟩x⟨1⟩", "a < b & c"])
def test_xliff_takes_any_text(text: str) -> None:
    out = rebuild(XLIFF.encode(), "x.xlf", [text, None], language="fr")
    assert read_document(out, "x.xlf").aligned


@needs_shared
def test_foreign_xliff_takes_translations() -> None:
    for path in sorted(shared("foreign/xliff").iterdir()):
        try:
            source = columns(path.read_bytes(), path.name)[0]
        except FormatError:
            continue
        new = [f"{n} {' '.join(text.split())}" for n, text in enumerate(source)]
        out = xliff.rebuild(path.read_bytes(), new, language="fr")
        assert columns(out, path.name)[1] == new, path.name


def test_a_table_takes_a_further_language() -> None:
    data = "id;fr;note\n1;un;x\n2;=deux;\n".encode("cp1252")
    assert columns(data, "x.csv") == [["un", "=deux"]]
    out = table.rebuild(data, ["uno", "=dos"], language="es")
    assert columns(out, "x.csv") == [["un", "=deux"], ["uno", "=dos"]]
    assert b"'=dos" in out


def test_a_workbook_takes_translations_and_keeps_its_other_cells() -> None:
    book = openpyxl.Workbook()
    for row in (("fr", "es", "autre"), ("un", None, 3), ("deux", "dos", "x")):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    assert columns(out.getvalue(), "x.xlsx") == [["un", "deux"], ["", "dos"]]
    again = table.rebuild(out.getvalue(), ["=uno", None], language="es")
    assert columns(again, "x.xlsx") == [["un", "deux"], ["=uno", "dos"]]
    assert openpyxl.load_workbook(io.BytesIO(again)).active["C2"].value == 3


def test_a_memory_is_a_document_of_entries() -> None:
    data = (
        b'<tmx version="1.4"><header srclang="fr"/><body><tu><tuv xml:lang="fr"><seg>un</seg></tuv>'
        b'<tuv xml:lang="es"><seg>uno</seg></tuv></tu><tu><tuv xml:lang="fr"><seg>deux</seg></tuv></tu></body></tmx>'
    )
    assert columns(data, "x.tmx") == [["un", "deux"], ["uno", ""]]
    assert columns(rebuild(data, "x.tmx", [None, "dos"], language="es"), "x.tmx") == [["un", "deux"], ["uno", "dos"]]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.po", b"hello", "no entries"),
        ("x.po", b'msgid "a', "not closed"),
        ("x.po", b"\x00\x01\x02" * 400, "binary"),
        ("x.xlf", b"<a/>", "no XLIFF"),
        ("x.xlf", b"<xliff", "line 1"),
        ("x.xlf", b'<!DOCTYPE x [<!ENTITY a "b">]><xliff><file>&a;</file></xliff>', "entities"),
        ("x.xlsx", b"PK\x03\x04 no", "not a workbook"),
        ("x.xlsx", b"a,b", "not a workbook"),
        ("x.csv", b"PK\x03\x04aaaa", "ZIP"),
        ("x.exe", b"MZ", "not read here"),
        ("x.txt", b" \r\n\x00", "empty"),
        ("x.html", b"<p></p>", "no text"),
        ("x.txt", b"\x89PNG\r\n", "picture"),
    ],
)
def test_bad_files_get_a_plain_message(name: str, data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        read_document(data, f"../../{name}")
    assert str(caught.value).startswith(name)


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.formats.MAX_FILE_BYTES", 10)
    with pytest.raises(FormatError, match="split it"):
        read_document(b"a" * 11, "x.txt")


XLIFF_12 = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
    b'<file source-language="fr" target-language="es" original="a" datatype="plaintext"><body>'
    b'<trans-unit id="1"><source>Un</source><target>Uno</target></trans-unit>\n'
    b'<trans-unit id="2"><source>Deux</source></trans-unit></body></file></xliff>'
)
XLIFF_20 = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="2.0" srcLang="fr" trgLang="es" '
    b'xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f"><unit id="1"><segment><source>Un</source></segment>'
    b"</unit></file></xliff>"
)


def test_comments_become_notes_once_and_the_translations_stay():
    notes = {0: [("ana <a@b>", "¿Seguro & <b>claro</b>?")], 1: [("rui", "Dos?")], 9: [("x", "nowhere")]}
    once = xliff.add_notes(XLIFF_12, notes)
    assert xliff.add_notes(once, notes) == once
    assert once.count(b"<note ") == 2
    assert "¿Seguro &amp; &lt;b&gt;claro&lt;/b&gt;?</note>" in once.decode()
    read = [[block.text for block in document.blocks] for document in read_document(once, "a.xlf").documents]
    assert read == [
        [block.text for block in document.blocks] for document in read_document(XLIFF_12, "a.xlf").documents
    ]


def test_notes_of_xliff_2_stand_before_the_segments_with_who_said_them():
    done = xliff.add_notes(XLIFF_20, {0: [("ana", "Seguro?")]})
    assert b'<notes><note category="comment">ana: Seguro?</note></notes><segment>' in done
    assert xliff.add_notes(XLIFF_20, {}) == XLIFF_20


@pytest.mark.parametrize(
    ("declared", "said", "charset", "written"),
    [
        ("ISO-8859-1", "Año", b"ISO-8859-1", "Año".encode("latin_1")),
        ("ISO-8859-1", "L’année", b"UTF-8", "L’année".encode()),
        ("windows-1252", "L’année", b"windows-1252", "L’année".encode("cp1252")),
        ("CHARSET", "Año", b"UTF-8", "Año".encode()),
        ("ASCII", "Año", b"UTF-8", "Año".encode()),
        ("CHARSET", "Ano", b"CHARSET", b"Ano"),
    ],
)
def test_a_catalogue_with_nothing_but_ascii_is_written_in_what_its_header_says(declared, said, charset, written):
    data = (
        f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={declared}\\n"\n\nmsgid "One"\nmsgstr ""\n'.encode()
    )
    out = po.rebuild(data, [said], language="es")
    assert out == data.replace(declared.encode(), charset).replace(
        b'One"\nmsgstr ""', b'One"\nmsgstr "' + written + b'"'
    )
