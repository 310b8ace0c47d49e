"""The grid: all the versions of a text aligned at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.core.aligners import MAX_BEAD, align_pair, check_vectors
from workbench.core.grid import Grid, Row
from workbench.core.texts import Segment
from workbench.errors import UsageError


@dataclass(frozen=True)
class Column:
    """One version as the aligner sees it.

    Attributes:
        language: Its code, the name of its column.
        segments: Its segments in order.
        vectors: (n, d) unit vectors of the segments, all columns from one encoder.
    """

    language: str
    segments: Sequence[Segment]
    vectors: np.ndarray


def align_grid(columns: Sequence[Column], *, fixed: Sequence[Row] = (), max_bead: int = MAX_BEAD) -> Grid:
    """Align all the versions of a text jointly.

    Args:
        columns: One to as many versions as there are, the original first where one is known: rows follow its order.
        fixed: Rows that a person has confirmed or edited, cells in the order of ``columns``; they stand in the result
            with their flags, and only what lies between them is aligned.
        max_bead: Most segments of one language in a row, 1–8.

    Returns:
        A grid whose cells are the 0-based places of the segments, every segment in exactly one row, each row with its
        probability of being right and the reasons where it is low; rows that break a column's order are marked.

    Raises:
        UsageError: no column, a language twice, vectors and segments that differ in number, or fixed rows that do not
            fit the columns.
    """
    if not columns:
        raise UsageError("There is nothing to align: give at least one version.")
    languages = tuple(column.language for column in columns)
    if len(set(languages)) < len(languages):
        raise UsageError(f"Two versions have the same language ({', '.join(languages)}): each may stand once.")
    for column in columns:
        check_vectors(column.segments, column.vectors, column.language)
    counts = [len(column.segments) for column in columns]
    first = columns[0]
    bounds: list[list[tuple[int, int]]] = []  # for each other column: (first, last) place at each cut of the first
    for other in columns[1:]:
        alignment = align_pair(
            first.segments, other.segments, source_vectors=first.vectors, target_vectors=other.vectors,
            languages=(first.language, other.language), max_bead=max_bead,
        )  # fmt: skip
        spans = [(-1, -1)] * (counts[0] + 1)
        i = j = 0
        spans[0] = (0, 0)
        for bead in alignment.beads:
            i, j = i + len(bead.source), j + len(bead.target)
            spans[i] = (spans[i][0] if spans[i][0] >= 0 else j, j)
        bounds.append(spans)
    rows: list[Row] = []
    last = [0] * len(columns)
    for i in range(counts[0] + 1):
        at = [span[i] for span in bounds]
        if any(low < 0 for low, _ in at):
            continue
        here = [i, *(low for low, _ in at)]
        if here != last:
            rows.append(Row(tuple(tuple(range(a, b)) for a, b in zip(last, here, strict=True))))
        last = here
        for c, (_, high) in enumerate(at, start=1):
            for j in range(last[c], high):
                rows.append(Row(tuple((j,) if k == c else () for k in range(len(columns)))))
            last[c] = high
    grid = Grid(languages, tuple(rows))
    grid.check_complete(counts)
    return grid.with_crossings()
