"""Tables of translations: a column a language, or source and target; CSV, TSV and XLSX."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from workbench.core.languages import LANGUAGES, language_in_name
from workbench.core.texts import Block, BlockKind, Document, ParsedFile
from workbench.errors import FormatError, sentence
from workbench.formats.decoding import shown
from workbench.formats.exchange import (
    ExchangeUnit,
    ExchangeVariant,
    Item,
    Progress,
    Report,
    Skipped,
    checked,
    language_code,
)
from workbench.formats.spreadsheet import encoding_warnings, fits_cell, read_rows, write_rows

_FIELDS = ("id", "context", "note", "direction", "created", "changed", "author", "changed by")
_FIELD_NAMES = {
    "id": "id", "key": "id", "context": "context", "contexte": "context", "contexto": "context", "note": "note",
    "notes": "note", "nota": "note", "comment": "note", "commentaire": "note", "comentario": "note",
    "comentário": "note", "direction": "direction", "created": "created", "changed": "changed", "author": "author",
    "changed by": "changed by",
}  # fmt: skip
_SOURCE = frozenset(("source", "origen", "origem", "original"))
_TARGET = frozenset(("target", "cible", "destino", "translation", "traduction", "traducción", "tradução"))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column holds what."""

    languages: tuple[tuple[int, str], ...]
    fields: tuple[tuple[int, str], ...] = ()
    header: bool = False


def _columns(row: Sequence[str], source: str | None, target: str | None) -> _Columns | None:
    """Understand a header; ``None`` where the row is none."""
    languages: list[tuple[int, str]] = []
    fields: list[tuple[int, str]] = []
    sure = False  # "foo" alone could be a language's code, "fr" is one
    for n, cell in enumerate(row):
        name = cell.strip().casefold()
        if name in _FIELD_NAMES:
            fields.append((n, _FIELD_NAMES[name]))
        elif name in _SOURCE and source:
            languages.append((n, source))
        elif name in _TARGET and target:
            languages.append((n, target))
        elif name in _SOURCE or name in _TARGET:
            languages.append((n, name))
        elif (code := _language(cell)) is not None:
            languages.append((n, code))
            sure = sure or code.partition("-")[0] in LANGUAGES
    sure = sure or bool(fields) or any(code in _SOURCE for _, code in languages)
    return _Columns(tuple(languages), tuple(fields), True) if languages and sure else None


def _language(cell: str) -> str | None:
    """``fr``, ``pt_BR`` or a language's name."""
    text = cell.strip()
    if 2 <= len(text) <= 3 or (len(text) > 3 and text[2:3] in "-_" and len(text) <= 11):
        code = language_code(text)
        known = code is not None and (code.partition("-")[0] in LANGUAGES or text.islower() or "-" in code)
        return code if known else None
    return language_in_name(f"{text}.x") if text.isalpha() and len(text) < 12 else None


def read_units(
    stream: BinaryIO,
    *,
    name: str = "",
    source: str | None = None,
    target: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Read a table: languages from its header, or the first two columns if ``source`` and ``target`` are given.

    Raises:
        FormatError: it is no table, or nothing says which languages it holds.
    """
    name = name or str(getattr(stream, "name", "") or "the table")
    columns: _Columns | None = None
    for line, row in read_rows(stream, name):
        if columns is None:
            columns = _columns(row, source, target)
            if columns is not None and any(code in _SOURCE or code in _TARGET for _, code in columns.languages):
                raise FormatError(
                    "{name}: name the languages of its columns (for example fr and es).", name=shown(name)
                )
            if columns is not None:
                continue
            if not source or not target:
                raise FormatError(
                    "{name}, line {line}: the first row names no languages. Write fr, es, pt or en above "
                    "the columns, or say which languages the first two columns hold.",
                    name=shown(name),
                    line=line,
                )
            columns = _Columns(((0, source), (1, target)), ((2, "note"),))
        if row[0].lstrip().startswith("#") and not columns.header:
            continue
        yield _unit(row, columns, line)
        if progress is not None and line % 1000 == 0 and stream.seekable():
            progress(stream.tell())


def _unit(row: Sequence[str], columns: _Columns, line: int) -> Item:
    def cell(n: int) -> str:
        return row[n] if n < len(row) else ""

    variants = tuple(ExchangeVariant(code, cell(n)) for n, code in columns.languages if cell(n).strip())
    if not columns.header and len(row) not in (2, 3):
        return Skipped(line, sentence("This row has {count} cells, not a source and a target.", count=len(row)))
    values = {name: cell(n) for n, name in columns.fields}
    return checked(
        ExchangeUnit(
            variants,
            id=values.get("id", ""),
            source=values.get("direction", "") or ("" if columns.header else columns.languages[0][1]),
            context=values.get("context", ""),
            notes=(values["note"],) if values.get("note") else (),
            created=values.get("created", ""),
            changed=values.get("changed", ""),
            author=values.get("author", ""),
            changed_by=values.get("changed by", ""),
            line=line,
        )
    )


def write_units(
    units: Iterable[ExchangeUnit], stream: BinaryIO, *, format: str, languages: Sequence[str] = ()
) -> Report:
    """Write units as a table, a language a column, with a header.

    Args:
        units: Taken one by one.
        stream: Where to write.
        format: ``csv``, ``tsv`` or ``xlsx``.
        languages: The columns; our four where empty.

    Returns:
        What was written and what a table could not hold.
    """
    report = Report()
    chosen = tuple(languages) or LANGUAGES

    def rows() -> Iterator[list[str]]:
        yield [*chosen, *_FIELDS]
        for unit in units:
            row = _row(unit, chosen, format, report)
            if row is not None:
                report.units += 1
                yield row

    write_rows(rows(), stream, format, title="memory")
    return report


def _row(unit: ExchangeUnit, languages: Sequence[str], format: str, report: Report) -> list[str] | None:
    texts: list[str] = []
    for code in languages:
        found = [variant for variant in unit.variants if variant.language == code]
        texts.append(found[0].text if found else "")
        report.lose("another translation into the same language", len(found) > 1)
    if not any(text.strip() for text in texts):
        report.lose("unit without a language that was asked for")
        return None
    report.lose("language not asked for", any(v.language not in languages for v in unit.variants))
    report.lose("property", unit.properties)
    report.lose("note after the first", len(unit.notes) > 1)
    for variant in unit.variants:
        report.lose("codes' content", variant.codes)
        report.lose("property of one language", variant.properties)
        report.lose("note of one language", variant.notes)
        report.lose("date or author of one language", variant.created or variant.changed or variant.author
                    or variant.changed_by)  # fmt: skip
    note = unit.notes[0] if unit.notes else ""
    row = [*texts, unit.id, unit.context, note, unit.source, unit.created, unit.changed, unit.author, unit.changed_by]
    if format == "xlsx" and not all(fits_cell(cell) for cell in row):
        report.lose("unit with a text that no cell can hold")
        return None
    if any("\0" in cell for cell in row):
        report.lose("NUL characters")
        row = [cell.replace("\0", "") for cell in row]
    return row


def read(data: bytes, name: str) -> ParsedFile:
    """Read a table as a document of entries, a language a column.

    Raises:
        FormatError: it is no table.
    """
    rows = list(read_rows(io.BytesIO(data), name))
    if not rows:
        raise FormatError("{name} holds no rows: check that it is the right file.", name=shown(name))
    columns = _document_columns(rows)
    warnings = encoding_warnings(data, name)
    body = rows[1:] if columns.header else rows
    context = next((n for n, field in columns.fields if field in ("context", "id")), None)
    documents = []
    for n, code in columns.languages:
        blocks = tuple(
            Block(_cell(row, n), BlockKind.UNIT, context="" if context is None else _cell(row, context))
            for _, row in body
        )
        documents.append(Document(blocks, language_code(code) if len(code) < 12 else None, warnings=warnings))
        warnings = ()
    return ParsedFile(tuple(documents), aligned=True, format=_suffix(name))


def _suffix(name: str) -> str:
    return "." + name.rsplit(".", 1)[-1].lower()


def _document_columns(rows: Sequence[tuple[int, Sequence[str]]]) -> _Columns:
    """The header's columns; without one, every column that holds words."""
    columns = _columns(rows[0][1], None, None)
    if columns is not None:
        languages = tuple(
            (n, "?" * 12 if code in _SOURCE or code in _TARGET else code) for n, code in columns.languages
        )
        return _Columns(languages, columns.fields, True)
    width = max(len(row) for _, row in rows)
    worded = [n for n in range(width) if any(any(ch.isalpha() for ch in _cell(row, n)) for _, row in rows)]
    return _Columns(tuple((n, "?" * 12) for n in worded[:64]))


def _cell(row: Sequence[str], n: int) -> str:
    return row[n].strip() if n < len(row) else ""


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Write the table again with new texts in one language's column, which is added where it is missing.

    Args:
        original: The table the blocks were read from.
        blocks: A text for each row below the header, in order; ``None`` leaves a cell as it is.
        language: Whose column it is.
    """
    if original.startswith(b"PK"):
        return _rebuild_xlsx(original, blocks, language)
    name = "the original.csv"
    first_line = original[:4096].split(b"\n", 1)[0]
    if b"\t" in first_line and b"," not in first_line:
        name = "the original.tsv"
    rows = [list(row) for _, row in read_rows(io.BytesIO(original), name)]
    column, start = _target_column(rows, language)
    for row, new in zip(rows[start:], blocks, strict=False):
        if new is not None:
            row += [""] * (column + 1 - len(row))
            row[column] = new
    out = io.BytesIO()
    write_rows(rows, out, name.rsplit(".", 1)[-1])
    return out.getvalue()


def _target_column(rows: list[list[str]], language: str) -> tuple[int, int]:
    columns = _columns(rows[0], None, None) if rows else None
    if columns is None:
        return 1, 0
    for n, code in columns.languages:
        if code == language or code in _TARGET:
            return n, 1
    same = [n for n, code in columns.languages if code.partition("-")[0] == language.partition("-")[0]]
    if same:
        return same[0], 1
    rows[0].append(language)
    return len(rows[0]) - 1, 1


def _rebuild_xlsx(original: bytes, blocks: Sequence[str | None], language: str) -> bytes:
    import openpyxl

    rows = [list(row) for _, row in read_rows(io.BytesIO(original), "the original.xlsx")]
    numbers = [n for n, _ in read_rows(io.BytesIO(original), "the original.xlsx")]
    before = len(rows[0])
    column, start = _target_column(rows, language)
    book = openpyxl.load_workbook(io.BytesIO(original))
    sheet = book.worksheets[0]
    if len(rows[0]) > before:
        sheet.cell(numbers[0], column + 1).value = language
    for n, new in zip(numbers[start:], blocks, strict=False):
        if new is not None:
            cell = sheet.cell(n, column + 1)
            cell.value = ""
            cell.data_type, cell._value = "s", new
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
