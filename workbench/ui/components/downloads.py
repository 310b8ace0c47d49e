"""Any table as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

import streamlit as st

from workbench.ui.i18n import tr

Rows = Sequence[Sequence[object]]

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "@", "\t", "\r")


def csv_bytes(header: Sequence[str], rows: Rows) -> bytes:
    """Return a table as CSV that spreadsheets open rightly: UTF-8 with its mark; no cell of it runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def xlsx_bytes(header: Sequence[str], rows: Rows) -> bytes:
    """Return a table as XLSX: text stays text, whatever it begins with."""
    import pandas as pd

    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        pd.DataFrame([list(row) for row in rows], columns=list(header)).to_excel(writer, index=False)
        sheet = next(iter(writer.sheets.values()))
        for line in sheet.iter_rows(min_row=1):
            for cell in line:
                if cell.data_type == "f":
                    cell.data_type = "s"
        for column, name in zip(sheet.columns, header, strict=True):
            sheet.column_dimensions[column[0].column_letter].width = 60 if len(header) <= 4 else max(14, len(name) + 4)
        sheet.freeze_panes = "A2"
    return out.getvalue()


def draw_downloads(name: str, header: Sequence[str], rows: Callable[[], Rows], *, key: str) -> None:
    """Draw two buttons that give a table as CSV and as XLSX.

    Args:
        name: The file's name without its ending.
        rows: Called when a button is pressed.
        key: Tells several tables on a page apart.
    """
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            tr("CSV"), lambda: csv_bytes(header, rows()), f"{name}.csv", CSV_TYPE, key=f"{key}_csv",
            icon=":material/download:", on_click="ignore", help=tr("Take this table away for a spreadsheet"),
            type="tertiary",
        )  # fmt: skip
        st.download_button(
            tr("XLSX"), lambda: xlsx_bytes(header, rows()), f"{name}.xlsx", XLSX_TYPE, key=f"{key}_xlsx",
            icon=":material/download:", on_click="ignore", help=tr("Take this table away for a spreadsheet"),
            type="tertiary",
        )  # fmt: skip
