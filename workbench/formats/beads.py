"""Beads files (``*.beads.tsv``): an alignment of two versions or a grid of up to four, by segment numbers.

UTF-8, tab-separated. The first line is ``#`` and the language codes, perhaps followed by the names of further columns
(``score``, ``crossing``); then a row a bead: per language the 0-based numbers joined by commas, empty where none.
"""

from __future__ import annotations

import re
from dataclasses import replace

from workbench.core.grid import Alignment, Bead, Grid, Row
from workbench.errors import FormatError, UsageError

_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?\Z")
_NUMBERS = re.compile(r"\s*(?:\d{1,9}(?:\s*,\s*\d{1,9})*)?\s*\Z")
SCORE, CROSSING = "score", "crossing"


def read_grid(data: bytes, name: str) -> Grid:
    """Read a beads file of two or more languages.

    Rows empty in all languages are left out. A ``score`` column becomes the rows' confidence, ``crossing`` their mark.

    Raises:
        FormatError: not UTF-8, no header, a cell that is no list of numbers, a segment in two rows: with the line.
    """
    languages, rows = _read(data, name)
    try:
        return Grid(languages, tuple(rows))
    except UsageError as error:
        raise FormatError("{name}: {error}", name=name, error=error) from error


def read_alignment(data: bytes, name: str, source: str, target: str) -> Alignment:
    """Read the alignment of two languages; unlike a grid, a human one may name a segment twice or not at all.

    Raises:
        FormatError: as :func:`read_grid`, or the file lacks one of the languages.
    """
    languages, rows = _read(data, name)
    for language in (source, target):
        if language not in languages:
            raise FormatError(
                "{name}, line 1: there is no column {language}: it has {languages}.",
                name=name,
                language=language,
                languages=", ".join(languages),
            )
    a, b = languages.index(source), languages.index(target)
    beads = (Bead(row.cells[a], row.cells[b], row.confidence) for row in rows)
    return Alignment(source, target, tuple(bead for bead in beads if bead.source or bead.target))


def write_grid(grid: Grid) -> bytes:
    """Write a grid with its confidence (``score``, four decimals) and crossing marks where it has any."""
    scored = any(row.confidence is not None for row in grid.rows)
    crossed = any(row.crossing for row in grid.rows)
    header = [*grid.languages, *([SCORE] if scored else []), *([CROSSING] if crossed else [])]
    lines = ["#" + "\t".join(header)]
    for row in grid.rows:
        cells = [",".join(map(str, cell)) for cell in row.cells]
        if scored:
            cells.append("" if row.confidence is None else f"{row.confidence:.4f}")
        if crossed:
            cells.append("1" if row.crossing else "")
        lines.append("\t".join(cells))
    return ("\n".join(lines) + "\n").encode()


def write_alignment(alignment: Alignment) -> bytes:
    """Write the alignment of two versions."""
    rows = tuple(Row((bead.source, bead.target), bead.score) for bead in alignment.beads)
    return write_grid(Grid((alignment.source, alignment.target), rows))


def _score(cell: str, name: str, line: int) -> float | None:
    if not cell.strip():
        return None
    try:
        return float(cell)
    except ValueError as error:
        raise FormatError(
            "{name}, line {line}: the score “{cell}” is not a number.", name=name, line=line, cell=cell[:40]
        ) from error


def _read(data: bytes, name: str) -> tuple[tuple[str, ...], list[Row]]:
    """Return the languages and the rows, those empty in all languages left out."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            "{name}: a beads file is UTF-8; this one is not (byte {place}).", name=name, place=error.start
        ) from error
    lines = text.splitlines()
    if not lines or not lines[0].startswith("#"):
        raise FormatError(
            "{name}, line 1: a beads file begins with # and the language codes, such as #fr and es.", name=name
        )
    header = [cell.strip() for cell in lines[0][1:].split("\t")]
    width = next((n for n, cell in enumerate(header) if not _LANGUAGE.match(cell)), len(header))
    languages, further = tuple(header[:width]), header[width:]
    if width < 2 or len(set(languages)) < width:
        raise FormatError(
            "{name}, line 1: at least two different language codes are needed, separated by tabs.", name=name
        )
    rows: list[Row] = []
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        cells += [""] * (len(header) - len(cells))
        for cell in cells[:width]:
            if not _NUMBERS.match(cell):
                raise FormatError(
                    "{name}, line {number}: “{cell}” is not a list of segment numbers like 3,4.",
                    name=name,
                    number=number,
                    cell=cell[:40],
                )
        numbers = tuple(tuple(int(n) for n in cell.split(",") if n.strip()) for cell in cells[:width])
        if not any(numbers):
            continue
        extra = dict(zip(further, cells[width:], strict=False))
        row = Row(numbers, _score(extra.get(SCORE, ""), name, number))
        if extra.get(CROSSING, "").strip() not in ("", "0"):
            row = replace(row, crossing=True)
        rows.append(row)
    return languages, rows
