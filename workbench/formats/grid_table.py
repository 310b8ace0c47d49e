"""A grid with its texts as a table: CSV and TSV for scripts, XLSX and HTML for the eye. Written, not read.

A row a grid row, a column a language with its segments joined by a space, then ``confidence`` (0–1) and ``crossing``.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Mapping, Sequence

from workbench.core.grid import Grid
from workbench.core.texts import Segment
from workbench.formats.exchange import xml_text
from workbench.formats.glossary_csv import protect

Versions = Mapping[str, Sequence[Segment]]
LONGEST_CELL = 32_767  # characters of a spreadsheet's cell

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 110rem; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed; }}
th, td {{ border: 1px solid #8884; padding: .4rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }}
th:first-child, td:first-child {{ width: 5.5rem; text-align: right; font-variant-numeric: tabular-nums; }}
.doubtful {{ background: #f0a8001f; }} .crossing {{ background: #3b82c41f; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #12191b; color: #e6edee; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
<table>
<thead><tr><th scope="col">row</th>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def table(grid: Grid, versions: Versions) -> list[list[str]]:
    """Return the grid's rows as cells, under a header.

    Args:
        grid: Cells hold 0-based segment numbers.
        versions: The segments by language.
    """
    rows = [[*grid.languages, "confidence", "crossing"]]
    for row in grid.rows:
        texts = [
            " ".join(versions[language][n].text for n in cell)
            for language, cell in zip(grid.languages, row.cells, strict=True)
        ]
        sure = "" if row.confidence is None else f"{row.confidence:.4f}"
        rows.append([*texts, sure, "1" if row.crossing else ""])
    return rows


def write_csv(grid: Grid, versions: Versions) -> bytes:
    """Write CSV in UTF-8; a cell that a spreadsheet would run as a formula has an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([protect(cell) for cell in row] for row in table(grid, versions))
    return out.getvalue().encode(errors="replace")


def write_tsv(grid: Grid, versions: Versions) -> bytes:
    """Write tab-separated lines in UTF-8, nothing quoted: segments hold neither tabs nor line ends."""
    return "".join("\t".join(row) + "\n" for row in table(grid, versions)).encode(errors="replace")


def write_xlsx(grid: Grid, versions: Versions) -> bytes:
    """Write a workbook; every cell is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("grid")
    sheet.freeze_panes = "A2"
    for column in range(1, len(grid.languages) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 60
    for place, row in enumerate(table(grid, versions)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, xml_text(text)[:LONGEST_CELL])
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if not place:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_html(grid: Grid, versions: Versions, *, title: str = "", doubtful: float = 0.0) -> bytes:
    """Write a page for reading side by side, without scripts; texts stand in it as texts, never as markup.

    Args:
        title: Its heading.
        doubtful: Rows less sure than this stand out, as crossing ones do.
    """
    rows = []
    for place, (row, cells) in enumerate(zip(grid.rows, table(grid, versions)[1:], strict=True), start=1):
        mark = f"{place}"
        style = ""
        if row.confidence is not None:
            mark += f"<br><small>{row.confidence:.0%}</small>"
            style = ' class="doubtful"' if row.confidence < doubtful else ""
        if row.crossing:
            mark += "<br><small>⇅ crossing</small>"
            style = ' class="crossing"'
        texts = "".join(
            f'<td lang="{html.escape(language)}">{html.escape(text)}</td>'
            for language, text in zip(grid.languages, cells, strict=False)
        )
        rows.append(f"<tr{style}><td>{mark}</td>{texts}</tr>")
    page = _PAGE.format(
        language=html.escape(grid.languages[0]),
        title=html.escape(title or " · ".join(grid.languages)),
        heads="".join(f'<th scope="col">{html.escape(language)}</th>' for language in grid.languages),
        rows="\n".join(rows),
    )
    return page.encode(errors="xmlcharrefreplace")
