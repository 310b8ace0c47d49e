"""Tables for people: CSV, TSV and XLSX, guarded so that a spreadsheet shows cells and never runs them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from workbench.errors import FormatError, Sentence, mark
from workbench.formats.archive import MAX_XML_PART, Archive, plain
from workbench.formats.decoding import decode, refuse_binary, shown

MAX_CELL = 32_767  # what Excel holds
MAX_CSV_FIELD = 64 * 1024**2
SAMPLE = 1 << 20

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_CELLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def protect(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would run as a formula (OWASP, CSV injection).

    A cell that already begins with an apostrophe and such a character gets one too, so that :func:`unprotect` always
    gives back what was written.
    """
    return f"'{cell}" if cell.lstrip("'").startswith(_DANGEROUS) else cell


def unprotect(cell: str) -> str:
    """Take the apostrophe of :func:`protect` away."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_DANGEROUS) else cell


def read_rows(stream: BinaryIO, name: str) -> Iterator[tuple[int, list[str]]]:
    """Read a table's rows with the number of the line or row they begin on; empty rows are left out.

    What :func:`protect` put before a cell of a CSV file is taken away; a workbook needs no such thing.

    Raises:
        FormatError: it is no table, with the line.
    """
    if name.lower().endswith(".xlsx"):
        yield from _xlsx_rows(stream.read(), name)
    else:
        yield from _csv_rows(stream, name)


def encoding_warnings(data: bytes, name: str) -> tuple[Sentence, ...]:
    """What is odd about a CSV file's encoding."""
    return () if name.lower().endswith(".xlsx") else decode(data, name).warnings


def _csv_rows(stream: BinaryIO, name: str) -> Iterator[tuple[int, list[str]]]:
    if not stream.seekable():
        stream = io.BytesIO(stream.read())
    sample = stream.read(SAMPLE)
    refuse_binary(sample, name)
    if len(sample) == SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    decoded = decode(sample, name)
    stream.seek(len(decoded.bom))
    text = io.TextIOWrapper(stream, encoding=decoded.encoding, newline="")
    csv.field_size_limit(MAX_CSV_FIELD)
    tabs = name.lower().endswith((".tsv", ".tab"))
    rows = csv.reader(text, delimiter="\t" if tabs else _delimiter(decoded.text), skipinitialspace=not tabs)
    line = 0
    try:
        for row in rows:
            began, line = line + 1, rows.line_num
            if any(cell.strip() for cell in row):
                yield began, [unprotect(cell.replace("\0", "")) for cell in row]
    except csv.Error as error:
        raise FormatError(
            "{name}, line {line}: this is no table ({error}).", name=shown(name), line=rows.line_num, error=plain(error)
        ) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            "{name}, after line {line}: bytes that are not {encoding}. Save the table as UTF-8.",
            name=shown(name),
            line=line,
            encoding=decoded.encoding,
        ) from error
    finally:
        text.detach()


def _delimiter(sample: str) -> str:
    """The separator that cuts the first lines into the same number of cells, and most of them."""
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    best, chosen = (0.0, 0), ","
    for delimiter in (",", ";", "\t", "|"):
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        score = (sum(width == widths[0] for width in widths) / len(widths), widths[0])
        if score > best:
            best, chosen = score, delimiter
    return chosen


def _xlsx_rows(data: bytes, name: str) -> Iterator[tuple[int, list[str]]]:
    archive = Archive(data, name, Sentence(mark("workbook (.xlsx)")))
    for part in archive.names:
        if part.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part, MAX_XML_PART)[:4096]:
            raise FormatError(
                "{name} declares entities in {part}, which no workbook needs: not opened.",
                name=shown(name),
                part=shown(part),
            )
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        if not book.worksheets:
            raise FormatError("{name} has no sheet with cells.", name=shown(name))
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims about its size need not be true
        for n, row in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = ["" if value is None else str(value) for value in row]
            if any(cell.strip() for cell in cells):
                yield n, cells
    except FormatError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsing meets: KeyError, ValueError, ParseError …
        raise FormatError(
            "{name} is not a workbook (.xlsx) or it is damaged ({error}): open it in its program and save it again.",
            name=shown(name),
            error=plain(error),
        ) from error


def write_rows(rows: Iterable[Sequence[str]], stream: BinaryIO, format: str, *, title: str = "") -> None:
    """Write rows as ``csv``, ``tsv`` or ``xlsx``; CSV is UTF-8 with a mark, since Excel needs it.

    Args:
        rows: The first is the header.
        stream: Where to write.
        format: Which of the three.
        title: Name of the sheet in a workbook.
    """
    if format == "xlsx":
        _write_xlsx(rows, stream, title)
        return
    text = io.TextIOWrapper(stream, encoding="utf-8-sig" if format == "csv" else "utf-8", newline="")
    # Quoted throughout, so that spaces at a cell's start are never taken for the separator's.
    writer = csv.writer(text, "excel-tab" if format == "tsv" else "excel", quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([protect(cell) for cell in row])
    text.flush()
    text.detach()


def _write_xlsx(rows: Iterable[Sequence[str]], stream: BinaryIO, title: str) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "Table")
    sheet.freeze_panes = "A2"
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")

    def cell(value: str, first: bool) -> Any:
        made = WriteOnlyCell(sheet, value="")
        # A string by declaration: a workbook says what a cell is, so that nothing need be put before it.
        made.data_type, made._value = "s", value
        made.alignment = wrapped
        if first:
            made.font = bold
        return made

    widths_set = False
    for n, row in enumerate(rows):
        if not widths_set:
            for column in range(len(row)):
                sheet.column_dimensions[chr(65 + column) if column < 26 else "Z"].width = 50 if column < 4 else 20
            widths_set = True
        sheet.append([cell(value, n == 0) for value in row])
    book.save(stream)


def fits_cell(text: str) -> bool:
    """Tell whether a workbook's cell can hold a text as it is."""
    return len(text) <= MAX_CELL and not _NOT_IN_CELLS.search(text)
