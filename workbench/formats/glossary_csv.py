"""The glossary as CSV: one term a row, good in a diff and in a spreadsheet.

A cell that begins with ``=``, ``+``, ``-`` or ``@`` is written with an apostrophe before it, so that a spreadsheet
shows it and never runs it (OWASP, CSV injection); reading takes the apostrophe away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields

from workbench.core.terms import Concept, GlossaryExport, GlossaryFile, Status, Term, TermType, tidy
from workbench.errors import FormatError, Sentence, UsageError, mark, sentence
from workbench.formats.decoding import decode, shown

COLUMNS = (
    "concept", "domain", "language", "term", "status", "type", "part_of_speech", "gender", "number", "plural",
    "feminine", "feminine_plural", "expansion", "use_instead", "context", "definition", "example", "note", "source",
    "related",
)  # fmt: skip
REQUIRED = ("concept", "language", "term")
MAX_ERRORS = 20  # a file with more is wrong in the same way throughout

_TERM_COLUMNS = tuple(f.name for f in fields(Term) if f.name in COLUMNS)
_RISKY = re.compile(r"'*[=+\-@\t\r]")
_PROTECTED = re.compile(r"'+[=+\-@\t\r]")


def protect(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return "'" + cell if _RISKY.match(cell) else cell


def unprotect(cell: str) -> str:
    """Return what :func:`protect` was given."""
    return cell[1:] if cell[:1] == "'" and _PROTECTED.match(cell) else cell


def write_text(concepts: Iterable[Concept], *, delimiter: str = ",") -> str:
    """Write concepts, one term a row, with a header line and ``\\n`` as line end."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table(concepts):
        writer.writerow([protect(cell) for cell in row])
    return out.getvalue()


def write(concepts: Iterable[Concept], name: str = "glossary") -> GlossaryExport:
    """Write the CSV file ``<name>.csv`` in UTF-8; it carries everything."""
    return GlossaryExport({f"{name}.csv": write_text(concepts).encode()})


def table(concepts: Iterable[Concept]) -> list[list[str]]:
    """Return a row of cells for each term, in the order of :data:`COLUMNS`."""
    rows = []
    for concept in concepts:
        for number, term in enumerate(concept.terms):
            cells = {name: getattr(term, name) for name in _TERM_COLUMNS}
            cells |= {
                "concept": concept.id, "domain": concept.domain, "term": term.text, "status": term.status.value,
                "type": term.type.value, "context": "|".join(term.context),
                "related": "|".join(concept.related) if number == 0 else "",
            }  # fmt: skip
            rows.append([cells[name] for name in COLUMNS])
    return rows


def read(data: bytes, name: str) -> GlossaryFile:
    """Read a glossary CSV: comma, semicolon or tab, with or without a BOM, UTF-8 or Windows-1252.

    Args:
        data: The whole file.
        name: Its name, for messages.

    Raises:
        FormatError: no header, a missing column, or rows that are wrong; the message names lines and columns.
    """
    decoded = decode(data, name)
    header, rows, warnings = _rows(decoded.text, name)
    unknown = [column for column in header if column and column not in COLUMNS]
    if unknown:
        warnings.append(
            sentence(
                "{name}: the columns {columns} are not known here and were left out.",
                name=shown(name), columns=_quoted(unknown),
            )
        )  # fmt: skip
    return from_table(header, rows, name, warnings=[*decoded.warnings, *warnings])


def from_table(
    header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], name: str, *, warnings: Sequence[Sentence] = ()
) -> GlossaryFile:
    """Build concepts from a table's rows.

    Args:
        header: Column names, :data:`REQUIRED` among them.
        rows: (line number, cells).
        name: The file's name, for messages.
        warnings: Passed on in the result.

    Raises:
        FormatError: a column is missing or rows are wrong.
    """
    missing = [column for column in REQUIRED if column not in header]
    if missing:
        raise FormatError(
            "{name}, line 1: columns are missing: {missing}. The file has {found}.",
            name=shown(name),
            missing=_quoted(missing),
            found=_quoted([h for h in header if h]),
        )
    found: dict[str, tuple[str, list[Term], list[str]]] = {}
    lines: dict[tuple[str, str, str], int] = {}
    notes = list(warnings)
    errors: list[Sentence] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        # Most cells are empty: passing over them before any call halves the time of a large file.
        values = {column: _cell(cell) if cell else "" for column, cell in zip(header, cells, strict=False)}
        try:
            term, identity = _term(values), _required(values, "concept")
        except UsageError as error:
            errors.append(Sentence(mark("line {line}, {error}"), {"line": line, "error": error}))
            if len(errors) >= MAX_ERRORS:
                break
            continue
        domain, terms, related = found.setdefault(identity, (values.get("domain", ""), [], []))
        place = (identity, term.language, term.text)
        if place in lines:
            notes.append(
                sentence(
                    "{name}, line {line}: “{term}” ({language}) stands in “{identity}” already, in line {first}; the "
                    "second row was left out.",
                    name=shown(name), line=line, term=term.text, language=term.language, identity=identity,
                    first=lines[place],
                )
            )  # fmt: skip
            continue
        if (other := values.get("domain", "")) and other != domain:
            notes.append(
                sentence(
                    "{name}, line {line}: “{identity}” has the domain “{domain}” above, “{other}” here.",
                    name=shown(name), line=line, identity=identity, domain=domain, other=other,
                )
            )  # fmt: skip
        lines[place] = line
        terms.append(term)
        related.extend(r for r in _list(values.get("related", "")) if r not in related)
    concepts = []
    for identity, (domain, terms, related) in found.items():
        try:
            concepts.append(Concept(identity, domain, tuple(terms), tuple(related)))
        except UsageError as error:
            first = lines[(identity, terms[0].language, terms[0].text)]
            errors.append(Sentence(mark("line {line}, column concept: {error}"), {"line": first, "error": error}))
    if errors:
        if len(errors) >= MAX_ERRORS:
            errors.append(Sentence(mark("There may be more.")))
        raise FormatError("{name} cannot be read:\n{errors}", name=shown(name), errors=tuple(errors))
    columns = {_ATTRIBUTES.get(column, column) for column in header if column in COLUMNS}
    full = columns >= {_ATTRIBUTES.get(column, column) for column in COLUMNS}
    return GlossaryFile(tuple(concepts), tuple(notes), lines, frozenset() if full else frozenset(columns))


_ATTRIBUTES = {"term": "text", "concept": "id"}


def _rows(text: str, name: str) -> tuple[list[str], list[tuple[int, list[str]]], list[Sentence]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise FormatError(
            "{name} is empty: it needs a header line with {required}.", name=shown(name), required=_quoted(REQUIRED)
        )
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(
            "{name}, line {line}: this row is not CSV ({error}); look for a quotation mark without its pair.",
            name=shown(name),
            line=line,
            error=error,
        ) from error
    while rows and not any(cell.strip() for cell in rows[0][1]):
        rows.pop(0)
    header = [cell.strip().lower().replace(" ", "_") for cell in rows[0][1]]
    warnings = []
    for at, cells in rows[1:]:
        if len(cells) > len(header) and any(c.strip() for c in cells[len(header) :]):
            warnings.append(
                sentence(
                    "{name}, line {line}: this row has {cells} cells for {columns} columns.",
                    name=shown(name), line=at, cells=len(cells), columns=len(header),
                )
            )  # fmt: skip
    return header, rows[1:], warnings


def _cell(cell: str) -> str:
    return unprotect(tidy(cell))


def _list(cell: str) -> tuple[str, ...]:
    if not cell:
        return ()
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def _required(values: dict[str, str], column: str) -> str:
    value = values.get(column, "")
    if not value:
        raise UsageError("column {column}: the cell is empty.", column=column)
    return value


def _choice(values: dict[str, str], column: str, kind: type[Status] | type[TermType]) -> str:
    value = values.get(column, "").lower()
    if value and value not in kind._value2member_map_:
        raise UsageError(
            "column {column}: “{value}” is none of {known}.", column=column, value=value, known=", ".join(kind)
        )
    return value


def _term(values: dict[str, str]) -> Term:
    cells = {name: values[name] for name in _TERM_COLUMNS if values.get(name)}
    for column in ("part_of_speech", "gender", "number"):
        if column in cells:
            cells[column] = cells[column].lower()
    status, kind = _choice(values, "status", Status), _choice(values, "type", TermType)
    for column in ("status", "type", "context", "language"):
        cells.pop(column, None)
    text = _required(values, "term")
    language = _required(values, "language")
    try:
        return Term(
            language, text, Status(status or "preferred"), TermType(kind or "full"),
            context=_list(values.get("context", "")), **cells,
        )  # fmt: skip
    except UsageError as error:
        column = "language" if "language code" in str(error) else "term"
        raise UsageError("column {column}: {error}", column=column, error=error) from error


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
