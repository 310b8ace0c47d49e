"""Where a document's blocks stand: the cell of a table, the item of a list, a note, a header. For previews."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_SPAN = 200  # rows or columns a cell is taken to stretch over, and empty ones taken to be repeated


@dataclass(frozen=True, slots=True)
class Place:
    """A block's place in the layout.

    Attributes:
        table: Number of the innermost table it stands in, from 1; 0 outside.
        row, column: Of its cell, from 0, merged cells counted.
        rows, columns: How many its cell stretches over.
        heads: Whether the cell is one of a heading row or column.
        list: Number of the list it is an item of, from 1; 0 outside.
        numbered: Whether that list counts its items.
        part: ``"note"``, ``"header"``, ``"footer"``, ``"box"``, ``"unseen"`` (a title, an image's description); empty
            for the body.
    """

    table: int = 0
    row: int = 0
    column: int = 0
    rows: int = 1
    columns: int = 1
    heads: bool = False
    list: int = 0
    numbered: bool = False
    part: str = ""


BODY = Place()
"""Running text of the body."""


@dataclass(slots=True)
class Grid:
    """The cells of one table, placed as they come: a cell that stretches down pushes those below it aside."""

    table: int
    row: int = -1
    column: int = 0
    taken: dict[int, int] = field(default_factory=dict)  # by column, the row from which it is free

    def next_row(self) -> None:
        """Begin a row."""
        self.row += 1
        self.column = 0

    def cell(self, *, rows: int = 1, columns: int = 1, heads: bool = False) -> Place:
        """Place the next cell of the row.

        Args:
            rows, columns: What it stretches over, at most :data:`MAX_SPAN`.
        """
        row = max(self.row, 0)
        while self.taken.get(self.column, 0) > row:
            self.column += 1
        rows, columns = (min(max(n, 1), MAX_SPAN) for n in (rows, columns))
        place = Place(self.table, row, self.column, rows, columns, heads)
        if rows > 1:
            self.taken.update((self.column + n, row + rows) for n in range(columns))
        self.column += columns
        return place


def span(text: str) -> int:
    """Return how many rows or columns a cell stretches over, as its file says; at least 1."""
    return max(1, whole(text))


def whole(text: str, most: int = MAX_SPAN) -> int:
    """Return a number as files write it, no larger than ``most``; 0 for anything else."""
    return min(int(text), most) if text.isdecimal() and len(text) < 10 else 0
