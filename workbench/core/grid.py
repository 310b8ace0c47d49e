"""Beads, alignments of two versions, and the grid: all the versions of a text aligned at once.

Segments are named by integers. In files and in :mod:`workbench.core.multiway` these are the 0-based numbers of a
version's segments; the store names them by their own lasting numbers. Nothing here depends on which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from workbench.core.languages import sort_languages
from workbench.errors import UsageError

Numbers = tuple[int, ...]

DOUBTFUL = 0.8  # rows less sure than this stand out in the grid and are counted on the first page


@dataclass(frozen=True, slots=True)
class Bead:
    """The segments of one version that answer segments of another (Brown, Lai and Mercer 1991): 1–1, 1–2, 1–0 …"""

    source: Numbers
    target: Numbers
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Alignment:
    """All the beads between two versions, every segment in exactly one.

    Attributes:
        source: Language of the first column.
        target: Language of the second.
        beads: In the order of the source.
    """

    source: str
    target: str
    beads: tuple[Bead, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid: the segments, a tuple of numbers a language column, that say the same thing.

    Attributes:
        cells: One tuple of segment numbers for each language of the grid, empty where the language lacks it.
        confidence: Probability that the row is right, 0–1; ``None`` before it is computed.
        reasons: Why the confidence is low, as message keys (``"lengths"``, ``"languages disagree"``, …).
        crossing: The row breaks the order of some column (a reordered list).
        confirmed: A person has said that the row is right; realigning leaves it alone.
        untranslated: Languages in which a person has said the row is left out on purpose.
        accepted: The row is in the memory although nobody has looked at it (taken in by its confidence).
    """

    cells: tuple[Numbers, ...]
    confidence: float | None = None
    reasons: tuple[str, ...] = ()
    crossing: bool = False
    confirmed: bool = False
    untranslated: tuple[str, ...] = ()
    accepted: bool = False

    @property
    def doubtful(self) -> bool:
        """True when the row wants a person's look: not confirmed, and crossing or less sure than :data:`DOUBTFUL`."""
        return not self.confirmed and (self.confidence is None or self.confidence < DOUBTFUL or self.crossing)

    @property
    def empty(self) -> bool:
        """True when no column has a segment here."""
        return not any(self.cells)


class Splice(NamedTuple):
    """A change of rows in one piece: from ``start`` (0-based) on, ``removed`` go and ``inserted`` come."""

    start: int
    removed: tuple[Row, ...]
    inserted: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """All versions of a text aligned: rows, a column a language, every segment in exactly one row.

    Every edit returns a new grid, so that undo is a list. Rows touched by an edit lose confidence, reasons and
    confirmation: they are a person's now.

    Raises:
        UsageError: a row has another number of cells than there are languages, or a segment stands twice.
    """

    languages: tuple[str, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for place, row in enumerate(self.rows):
            if len(row.cells) != len(self.languages):
                raise UsageError(
                    "Row {row} of the grid has {cells} cells, but there are {languages} languages.",
                    row=place + 1,
                    cells=len(row.cells),
                    languages=len(self.languages),
                )
        for column, language in enumerate(self.languages):
            numbers = [number for row in self.rows for number in row.cells[column]]
            if len(set(numbers)) < len(numbers):
                self._tell_twice(column, language)

    def _tell_twice(self, column: int, language: str) -> None:
        """Name the first segment of a column that stands a second time."""
        seen: set[int] = set()
        for place, row in enumerate(self.rows):
            for number in row.cells[column]:
                if number in seen:
                    raise UsageError(
                        "Row {row}: {language} segment {number} stands in two rows.",
                        row=place + 1,
                        language=language,
                        number=number,
                    )
                seen.add(number)

    def column(self, language: str) -> int:
        """Return the place of a language among the columns.

        Raises:
            UsageError: the grid has no such language.
        """
        try:
            return self.languages.index(language)
        except ValueError:
            raise UsageError(
                "This grid has no column {language}: it has {languages}.",
                language=language,
                languages=", ".join(self.languages),
            ) from None

    def check_complete(self, counts: Sequence[int]) -> None:
        """Check that the columns hold the numbers 0 … count-1, each once.

        Raises:
            UsageError: a segment is missing or does not exist; the message names language and number.
        """
        for column, (language, count) in enumerate(zip(self.languages, counts, strict=True)):
            found = {n for row in self.rows for n in row.cells[column]}
            if extra := sorted(found - set(range(count))):
                raise UsageError(
                    "The grid names {language} segment {extra}, but the text has only {count}.",
                    language=language,
                    extra=extra[0],
                    count=count,
                )
            if missing := sorted(set(range(count)) - found):
                raise UsageError("The grid lacks {language} segment {missing}.", language=language, missing=missing[0])

    def pair(self, source: str, target: str) -> Alignment:
        """Read the alignment of two columns off the grid; rows empty in both are left out."""
        a, b = self.column(source), self.column(target)
        beads = (Bead(row.cells[a], row.cells[b], row.confidence) for row in self.rows)
        return Alignment(source, target, tuple(bead for bead in beads if bead.source or bead.target))

    def find(self, language: str, number: int) -> int:
        """Return the place of the row that holds a segment.

        Raises:
            UsageError: no row holds it.
        """
        column = self.column(language)
        for place, row in enumerate(self.rows):
            if number in row.cells[column]:
                return place
        raise UsageError("The grid has no {language} segment {number}.", language=language, number=number)

    def with_crossings(self, order: Mapping[int, int] | None = None) -> Grid:
        """Return the grid with the rows that break a column's order marked as crossing, and no others.

        In each column the longest run of rows in order stays; what is left out of it crosses.

        Args:
            order: Segment number → its place in its version, where the numbers themselves do not tell the order (a
                segment that a revision added has a higher number than those after it).
        """
        crossing = _crossing_rows(self.rows, len(self.languages), order or {})
        rows = tuple(
            row if row.crossing == (place in crossing) else replace(row, crossing=place in crossing)
            for place, row in enumerate(self.rows)
        )
        return Grid(self.languages, rows)

    def difference(self, after: Grid) -> Splice:
        """Return the smallest change in one piece that makes this grid's rows those of another."""
        old, new = self.rows, after.rows
        start, most = 0, min(len(old), len(new))
        while start < most and (old[start] is new[start] or old[start] == new[start]):
            start += 1
        end = 0
        while end < most - start and (old[-1 - end] is new[-1 - end] or old[-1 - end] == new[-1 - end]):
            end += 1
        return Splice(start, old[start : len(old) - end], new[start : len(new) - end])

    # Edits ---------------------------------------------------------------------------------------------------

    def merge(self, first: int, last: int) -> Grid:
        """Join rows ``first`` to ``last`` (both included) into one."""
        self._check_row(first)
        self._check_row(last)
        if last <= first:
            raise UsageError("There is no row below to merge with.")
        joined = tuple(
            tuple(n for row in self.rows[first : last + 1] for n in row.cells[c]) for c in range(len(self.languages))
        )
        return self._splice(first, last + 1, [Row(joined)])

    def split(self, place: int, counts: Mapping[str, int]) -> Grid:
        """Cut one row in two: for each language the first ``counts[language]`` segments stay in the upper row.

        Languages not named stay in the upper row whole.

        Raises:
            UsageError: one of the two rows would be empty.
        """
        row = self._check_row(place)
        upper, lower = [], []
        for language, cell in zip(self.languages, row.cells, strict=True):
            n = min(max(counts.get(language, len(cell)), 0), len(cell))
            upper.append(cell[:n])
            lower.append(cell[n:])
        if not any(upper) or not any(lower):
            raise UsageError("Nothing to split here: the row would lose all or none of its segments.")
        return self._splice(place, place + 1, [Row(tuple(upper)), Row(tuple(lower))])

    def move(self, place: int, language: str, *, down: bool) -> Grid:
        """Move a language's last segment to the row below (``down``), or its first to the row above.

        At the edge of the grid a new row is made. A row left empty disappears.
        """
        row = self._check_row(place)
        column = self.column(language)
        cell = row.cells[column]
        if not cell:
            raise UsageError("This row has no {language} segment to move.", language=language)
        other = place + 1 if down else place - 1
        moved = cell[-1:] if down else cell[:1]
        kept = cell[:-1] if down else cell[1:]
        here = Row(_with(row.cells, column, kept))
        if 0 <= other < len(self.rows):
            there_cells = self.rows[other].cells
            new = moved + there_cells[column] if down else there_cells[column] + moved
            there = Row(_with(there_cells, column, new))
        else:
            there = Row(_with(((),) * len(self.languages), column, moved))
        rows = [here, there] if down else [there, here]
        start = min(place, other)
        return self._splice(max(start, 0), min(max(place, other) + 1, len(self.rows)), rows)

    def transfer(self, place: int, language: str, number: int, target: int) -> Grid:
        """Move one segment to any other row (a reordered list): first there when it comes from above, else last.

        A row left empty disappears.
        """
        row, goal = self._check_row(place), self._check_row(target)
        column = self.column(language)
        if number not in row.cells[column] or place == target:
            raise UsageError(
                "Row {row} has no such {language} segment to move to another row.", row=place + 1, language=language
            )
        kept = tuple(n for n in row.cells[column] if n != number)
        there = goal.cells[column]
        grown = (number, *there) if target > place else (*there, number)
        rows = list(self.rows)
        rows[place] = Row(_with(row.cells, column, kept))
        rows[target] = Row(_with(goal.cells, column, grown))
        return self._splice(0, len(rows), rows)

    def detach(self, place: int, language: str) -> Grid:
        """Say that a row is untranslated in a language: its segments there get a row of their own below.

        In a row that lacks the language already, the mark is set, or taken away if it was set.
        """
        row = self._check_row(place)
        column = self.column(language)
        cell = row.cells[column]
        if not cell:
            marks = set(row.untranslated) ^ {language}
            marked = replace(row, untranslated=tuple(c for c in self.languages if c in marks))
            return self._splice(place, place + 1, [marked])
        others = _with(row.cells, column, ())
        if not any(others):
            raise UsageError(
                "This row has nothing but {language}: there is nothing to part it from.", language=language
            )
        left_out = tuple(c for c in self.languages if c in row.untranslated or c == language)
        alone = Row(
            _with(((),) * len(self.languages), column, cell),
            untranslated=tuple(c for c in self.languages if c != language),
        )
        return self._splice(place, place + 1, [Row(others, untranslated=left_out), alone])

    def confirm(self, places: Iterable[int]) -> Grid:
        """Mark rows as confirmed by a person."""
        return self._mark(places, lambda row: replace(row, confirmed=True))

    def accept(self, places: Iterable[int]) -> Grid:
        """Mark rows as taken into the memory unreviewed."""
        return self._mark(places, lambda row: replace(row, accepted=True))

    def unconfirm(self, places: Iterable[int]) -> Grid:
        """Take the confirmation of rows back."""
        return self._mark(places, lambda row: replace(row, confirmed=False, accepted=False))

    def _mark(self, places: Iterable[int], change: Callable[[Row], Row]) -> Grid:
        chosen = set(places)
        for place in chosen:
            self._check_row(place)
        return Grid(self.languages, tuple(change(r) if i in chosen else r for i, r in enumerate(self.rows)))

    def _check_row(self, place: int) -> Row:
        if not 0 <= place < len(self.rows):
            raise UsageError("There is no row {row}: the grid has {rows}.", row=place + 1, rows=len(self.rows))
        return self.rows[place]

    def _splice(self, start: int, end: int, rows: Sequence[Row]) -> Grid:
        kept = tuple(row for row in rows if not row.empty)
        return Grid(self.languages, self.rows[:start] + kept + self.rows[end:]).with_crossings()


def sort_columns(grid: Grid) -> Grid:
    """Return the grid with its columns in the order fr es pt en."""
    order = sort_languages(grid.languages)
    places = [grid.languages.index(language) for language in order]
    if places == list(range(len(places))):
        return grid
    rows = tuple(replace(row, cells=tuple(row.cells[p] for p in places)) for row in grid.rows)
    return Grid(tuple(order), rows)


def _with(cells: tuple[Numbers, ...], column: int, cell: Numbers) -> tuple[Numbers, ...]:
    return (*cells[:column], cell, *cells[column + 1 :])


def _crossing_rows(rows: Sequence[Row], columns: int, order: Mapping[int, int]) -> set[int]:
    """Return the places of rows outside each column's longest ordered subsequence (patience sorting)."""
    from bisect import bisect_left

    crossing: set[int] = set()
    for column in range(columns):
        places = [i for i, row in enumerate(rows) if row.cells[column]]
        firsts = [rows[i].cells[column][0] for i in places]
        if order:
            firsts = [order.get(n, n) for n in firsts]
        if all(a < b for a, b in pairwise(firsts)):
            continue
        tails: list[int] = []
        tail_at: list[int] = []
        previous: list[int] = []
        for k, value in enumerate(firsts):
            j = bisect_left(tails, value)
            previous.append(tail_at[j - 1] if j else -1)
            if j == len(tails):
                tails.append(value)
                tail_at.append(k)
            else:
                tails[j] = value
                tail_at[j] = k
        kept = set()
        k = tail_at[-1]
        while k >= 0:
            kept.add(k)
            k = previous[k]
        crossing |= {places[k] for k in range(len(places)) if k not in kept}
    return crossing
