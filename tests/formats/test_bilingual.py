"""The reviser's table goes out and comes back with only what was changed."""

from __future__ import annotations

import io

import docx
import pytest

from workbench.errors import FormatError, UsageError
from workbench.formats.bilingual import (
    TABLE_FORMATS,
    BilingualRow,
    changed_rows,
    read_bilingual_docx,
    write_bilingual_docx,
    write_bilingual_table,
)

ROWS = [
    BilingualRow("1", "Un ⟨1⟩mot⟨/1⟩", "Una ⟨1⟩palabra⟨/1⟩"),
    BilingualRow("2", "=1 <b> & c", "", "à voir"),
    BilingualRow("3", "Fin", "Fin"),
]


def test_an_untouched_table_brings_no_change() -> None:
    back = read_bilingual_docx(write_bilingual_docx(ROWS, source="fr", target="pt-BR", title="T"), "x.docx")
    assert (back.source, back.target, back.rows) == ("fr", "pt-BR", tuple(ROWS))
    assert changed_rows(ROWS, back.rows) == ([], [])


def test_a_reviser_may_format_split_delete_and_comment() -> None:
    document = docx.Document(io.BytesIO(write_bilingual_docx(ROWS, source="fr", target="es")))
    table = document.tables[0]
    cell = table.cell(2, 2)
    cell.paragraphs[0].add_run("nue").bold = True
    cell.paragraphs[0].add_run("vo")
    cell.add_paragraph("texto")
    table.cell(3, 1).text = "Source touchée"
    table.cell(1, 3).text = "bien"
    out = io.BytesIO()
    document.save(out)
    changed, refused = changed_rows(ROWS, read_bilingual_docx(out.getvalue(), "x.docx").rows)
    assert changed == [
        BilingualRow("1", ROWS[0].source, ROWS[0].target, "bien"),
        BilingualRow("2", "=1 <b> & c", "nuevo texto", "à voir"),
    ]
    assert [str(words) for words in refused] == [
        "Row 3: its source text was changed, so its translation was not taken."
    ]


def test_unknown_and_repeated_rows_are_told() -> None:
    returned = [ROWS[0], ROWS[0], BilingualRow("9", "x", "y")]
    assert [str(words)[:6] for words in changed_rows(ROWS, returned)[1]] == ["Row 1 ", "Row 9 "]


def test_another_document_is_refused() -> None:
    out = io.BytesIO()
    docx.Document().save(out)
    with pytest.raises(FormatError, match=r"^x\.docx holds no bilingual table"):
        read_bilingual_docx(out.getvalue(), "a/x.docx")


@pytest.mark.parametrize("format", TABLE_FORMATS)
def test_tables_never_hold_markup_or_formulas(format: str) -> None:
    data = write_bilingual_table(ROWS, source="fr", target="es", format=format, title="<T>")
    if format == "html":
        assert b"&lt;b&gt;" in data and b"<b>" not in data and b"<T>" not in data
    elif format != "xlsx":
        assert b"'=1 <b> & c" in data


def test_an_unknown_table_format_is_refused() -> None:
    with pytest.raises(UsageError, match="csv, tsv, xlsx, html"):
        write_bilingual_table(ROWS, source="fr", target="es", format="pdf")
