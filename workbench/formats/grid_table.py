"""A grid with its texts as a table: CSV, TSV and XLSX for spreadsheets and scripts, HTML for the eye.

A row a grid row, a column a language with its segments joined by a space, then ``confidence`` (0–1) and ``crossing``.
"""

from __future__ import annotations

import html
import io
from collections.abc import Mapping, Sequence

from workbench.core.grid import Grid
from workbench.core.texts import Segment
from workbench.formats.spreadsheet import write_rows

Versions = Mapping[str, Sequence[Segment]]

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


def write_table(grid: Grid, versions: Versions, format: str, *, title: str = "") -> bytes:
    """Write the rows as ``csv``, ``tsv`` or ``xlsx``.

    Args:
        title: Name of the sheet in a workbook.
    """
    out = io.BytesIO()
    write_rows(table(grid, versions), out, format, title=title)
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
