"""Two versions aligned: the best beads between their segments, with a probability for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from workbench.core.align_evidence import make_side
from workbench.core.align_pairs import solve_pair
from workbench.core.align_search import Cut
from workbench.core.grid import Alignment, Bead
from workbench.core.texts import Segment
from workbench.errors import UsageError

MAX_BEAD = 6
"""Segments a side that one bead may hold unless told otherwise."""


def align_pair(
    source: Sequence[Segment],
    target: Sequence[Segment],
    *,
    source_vectors: np.ndarray,
    target_vectors: np.ndarray,
    languages: tuple[str, str] = ("", ""),
    source_parts: Sequence[np.ndarray] | None = None,
    target_parts: Sequence[np.ndarray] | None = None,
    max_bead: int = MAX_BEAD,
    fixed: Sequence[Bead] = (),
) -> Alignment:
    """Align two versions, in time and memory that grow with their lengths' sum.

    Args:
        source: The first version's segments, in order.
        target: The second's.
        source_vectors: (n, d) unit vectors of the source's segments, from one encoder.
        target_vectors: (m, d) likewise, same d.
        languages: Their codes; they name the columns of the result.
        source_parts: (parts, d) of each source segment, as :class:`workbench.core.multiway.Column` has them.
        target_parts: Of each target segment.
        max_bead: Most segments a side of a bead, 1–8.
        fixed: Beads that a person has confirmed: they stand in the result as they are. Those that cross each other
            stand too, and the rest is aligned around the longest run of them that is in order.

    Returns:
        Beads in the order of the source, every segment in exactly one; ``score`` is the bead's probability of being
        right, 0–1 (1.0 for fixed ones). Numbers are 0-based places in ``source`` and ``target``.

    Raises:
        UsageError: vectors and segments differ in number, ``max_bead`` is out of range, or fixed beads name segments
            that do not exist or stand twice.
    """
    from workbench.core.grid import Row
    from workbench.core.multiway import Column, align_grid

    check_vectors(source, source_vectors, languages[0])
    check_vectors(target, target_vectors, languages[1])
    check_limit(max_bead)
    if fixed:
        names = (languages[0] or "source", languages[1] or "target")
        rows = [Row((bead.source, bead.target), confirmed=True) for bead in fixed]
        columns = [
            Column(names[0], source, source_vectors, source_parts),
            Column(names[1], target, target_vectors, target_parts),
        ]
        grid = align_grid(columns, fixed=rows, max_bead=max_bead)
        beads = [Bead(row.cells[0], row.cells[1], 1.0 if row.confirmed else row.confidence) for row in grid.rows]
        return Alignment(languages[0], languages[1], tuple(beads))
    if not len(source) or not len(target):
        return Alignment(languages[0], languages[1], tuple(_alone(len(source), len(target))))
    result = solve_pair(
        make_side(source, source_vectors, source_parts), make_side(target, target_vectors, target_parts), max_bead
    )
    return Alignment(languages[0], languages[1], tuple(_beads(result.path, result.sure)))


def _beads(path: Sequence[Cut], sure: np.ndarray) -> list[Bead]:
    return [
        Bead(tuple(range(i, k)), tuple(range(j, m)), float(chance))
        for ((i, j), (k, m)), chance in zip(pairwise(path), sure, strict=True)
    ]


def _alone(n: int, m: int) -> list[Bead]:
    return [Bead((i,), (), 1.0) for i in range(n)] + [Bead((), (j,), 1.0) for j in range(m)]


def check_limit(max_bead: int) -> None:
    """Check the limit on a bead's segments.

    Raises:
        UsageError: it is not between 1 and 8.
    """
    if not 1 <= max_bead <= 8:
        raise UsageError(
            "A bead of at most {max_bead} segments a side is not possible: choose 1 to 8.", max_bead=max_bead
        )


def check_vectors(segments: Sequence[Segment], vectors: np.ndarray, language: str) -> None:
    """Check that there is a vector for each segment.

    Raises:
        UsageError: their numbers differ.
    """
    if len(segments) != len(vectors):
        raise UsageError(
            "The {language} version has {n} segments but {n2} vectors: encode it anew.",
            language=language or "text",
            n=len(segments),
            n2=len(vectors),
        )
