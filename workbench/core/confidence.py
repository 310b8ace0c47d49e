"""How sure each row of a grid is, and why not.

A row's probability of being right is a logistic function of what the search itself thinks of the row's two edges and
of how the row looks: how alike its segments are, how their lengths and numbers agree, whether a version has nothing
there. The weights were fitted on the gold sets (Bible, news, Declaration), so that among rows of a confidence of 0.8
about four in five are right; :func:`workbench.core.evaluation.reliability` tells how well that holds elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from workbench.core.align_evidence import Side
from workbench.core.align_search import Floats
from workbench.core.grid import Grid, Numbers, Row

# Fitted by logistic regression over rows, see the module's text; the order is that of `features`. No gold text
# there has a list in another order: the price of crossing is set.
WEIGHTS = (0.45, 0.10, 0.28, -0.26, -0.59, 0.15, 0.44, -2.06, -0.51, -0.25, -0.50, -0.01, -0.16, 0.44)
CONSTANT = -0.01

Edges = tuple[float, float, float, float]
"""Of a row's upper edge the least and the mean probability over the pairs of languages, then of its lower edge."""

SURE: Edges = (1.0, 1.0, 1.0, 1.0)
UNKNOWN: Edges = (0.5, 0.5, 0.5, 0.5)

LOW_SIMILARITY = "similarity"
LENGTHS = "lengths"
DISAGREE = "languages disagree"
NUMBERS = "numbers"
LEFT_OUT = "left out"
CROSSING = "order"

EXPLAINED = 0.9  # rows less sure than this say why
LOW_COSINE = 0.3  # of centred vectors; right rows lie below in one case of fifty
LONG = 0.7  # logarithm of a ratio: twice as long as the versions as a whole
UNSURE = 0.8  # an edge that some pair of languages holds less probable than this


@dataclass(frozen=True)
class _Look:
    """What a row looks like.

    Attributes:
        cosine: The least of its pairs' composed vectors, 1 where it has one filled cell.
        skew: The largest logarithm of the ratio of two lengths, the versions' own ratio taken out.
        odd: Whether the numbers in two filled cells differ in how many they are.
        empty: Share of the cells that have nothing.
        segments: Most segments in a cell.
        mixed_ends: Whether one cell ends a sentence and another does not.
        weak_ends: Whether no cell ends a sentence.
        uneven: Whether filled cells differ in how many segments they have.
    """

    cosine: float
    skew: float
    odd: bool
    empty: float
    segments: int
    mixed_ends: bool
    weak_ends: bool
    uneven: bool


def judge(grid: Grid, sides: Sequence[Side | None], edges: Mapping[tuple[Numbers, ...], Edges]) -> Grid:
    """Return the grid with confidences and reasons.

    Args:
        grid: The rows; confirmed ones keep what they have.
        sides: The columns' evidence, ``None`` for an empty version.
        edges: For rows that the joint search made, by their cells, what it thinks of their edges.
    """
    ratios = _ratios(sides)
    weights = np.array(WEIGHTS)
    alone = sum(side is not None for side in sides) < 2
    rows = []
    for row in grid.rows:
        if row.confirmed:
            rows.append(row)
            continue
        if alone:
            rows.append(replace(row, confidence=1.0))
            continue
        edge = edges.get(row.cells, UNKNOWN)
        look = _look(row, sides, ratios)
        value = float(features(edge, row, look) @ weights) + CONSTANT
        chance = float(1 / (1 + np.exp(-value)))
        doubtful = chance < EXPLAINED
        rows.append(replace(row, confidence=chance, reasons=_reasons(row, edge, look) if doubtful else ()))
    return Grid(grid.languages, tuple(rows))


def row_features(grid: Grid, sides: Sequence[Side | None], edges: Mapping[tuple[Numbers, ...], Edges]) -> Floats:
    """Return (rows, 14): what :func:`judge` computes each confidence from; the arguments are the same."""
    ratios = _ratios(sides)
    return np.stack([features(edges.get(row.cells, UNKNOWN), row, _look(row, sides, ratios)) for row in grid.rows])


def _ratios(sides: Sequence[Side | None]) -> list[float]:
    return [float(np.log(side.lengths.sum())) if side is not None else 0.0 for side in sides]


def features(edge: Edges, row: Row, look: _Look) -> Floats:
    """What the confidence is computed from, (14,)."""
    least = sorted((edge[0], edge[2]))
    return np.array(
        [
            _odds(least[0]),
            _odds(least[1]),
            _odds((edge[1] + edge[3]) / 2),
            look.cosine,
            min(look.skew, 2.0),
            look.odd,
            look.empty > 0,
            look.empty > 0.5,
            look.segments > 1,
            look.segments > 2,
            row.crossing,
            look.mixed_ends,
            look.weak_ends,
            look.uneven,
        ],
        np.float32,
    )


def _odds(chance: float) -> float:
    safe = min(max(chance, 0.005), 0.995)
    return float(np.log(safe / (1 - safe)))


def _look(row: Row, sides: Sequence[Side | None], ratios: Sequence[float]) -> _Look:
    filled = [
        (c, list(cell), side) for c, (cell, side) in enumerate(zip(row.cells, sides, strict=True)) if cell and side
    ]
    vectors = [side.vectors[cell].sum(axis=0) for _, cell, side in filled]
    vectors = [vector / max(float(np.linalg.norm(vector)), 1e-6) for vector in vectors]
    sizes = [float(np.log(side.lengths[cell].sum())) - ratios[c] for c, cell, side in filled]
    numbers = [float(side.counts[cell, 0].sum()) for _, cell, side in filled]
    pairs = list(combinations(range(len(filled)), 2))
    ends = [bool(side.strong[cell[-1]]) for _, cell, side in filled]
    present = sum(side is not None for side in sides)
    return _Look(
        cosine=min((float(vectors[a] @ vectors[b]) for a, b in pairs), default=1.0),
        skew=max((abs(sizes[a] - sizes[b]) for a, b in pairs), default=0.0),
        odd=any(numbers[a] != numbers[b] for a, b in pairs),
        empty=1 - len(filled) / max(present, 1),
        segments=max((len(cell) for _, cell, _ in filled), default=0),
        mixed_ends=any(ends) and not all(ends),
        weak_ends=not any(ends),
        uneven=len({len(cell) for _, cell, _ in filled}) > 1,
    )


def _reasons(row: Row, edge: Edges, look: _Look) -> tuple[str, ...]:
    found = {
        LOW_SIMILARITY: look.cosine < LOW_COSINE,
        LENGTHS: look.skew > LONG,
        NUMBERS: look.odd,
        LEFT_OUT: look.empty > 0,
        CROSSING: row.crossing,
    }
    reasons = [name for name, holds in found.items() if holds]
    if min(edge) < UNSURE or not reasons:
        reasons.insert(0, DISAGREE)
    return tuple(reasons)
