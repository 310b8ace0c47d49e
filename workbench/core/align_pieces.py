"""From two whole versions to pieces that fit in memory: a coarse path, places to cut, probabilities piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.core.align_evidence import Side
from workbench.core.align_search import (
    NOTHING,
    SKIP,
    Cut,
    Floats,
    Integers,
    Scores,
    band_around,
    best_path,
    full_band,
)
from workbench.core.align_vectors import composed_cosines, unit

FULL_CELLS = 70_000  # up to here all cells are looked at; beyond, neighbouring segments are pooled first
COARSE_RADIUS = 10  # cells around the coarser path, in pooled segments
PIECE = 800  # segments a side of a piece; its arrays take about 100 MB
# A coarse pass only has to stay near the path: unrelated centred vectors have cosines near 0, translations near 0.5.
COARSE_THRESHOLD = 0.2
COARSE_SKIP = -0.04


def coarse_path(source: Floats, target: Floats) -> list[Cut]:
    """Return the cuts of a first, simple alignment: beads of at most two segments a side, cosines alone.

    Where the versions are long, they are first aligned with every two neighbours pooled, and so on down to a few
    hundred; each level looks only near the path of the one above. Time and memory grow with n + m.

    Args:
        source: (n, d) centred vectors times lengths, n ≥ 1.
        target: (m, d) likewise, m ≥ 1.
    """
    n, m = len(source), len(target)
    if (n + 1) * (m + 1) <= FULL_CELLS or max(n, m) <= 2:
        band = full_band(n, m)
    else:
        above = coarse_path(_pooled(source), _pooled(target))
        scaled = [(min(2 * i, n), min(2 * j, m)) for i, j in above]
        band = band_around(scaled, n, m, COARSE_RADIUS)
    limit = 2
    cosines = composed_cosines(band, limit, source, target)[:, :-1]
    beads = np.empty_like(cosines)
    for a in (1, 2):
        for b in (1, 2):
            kind = (a - 1) * limit + b - 1
            value = (cosines[kind] - COARSE_THRESHOLD) * ((a + b) / 2)
            beads[kind] = np.where((band.rows >= a) & (band.columns >= b), value, NOTHING)
    alone = np.full((SKIP, band.size), NOTHING, np.float32)
    alone[0] = COARSE_SKIP
    delete = np.where(band.rows >= 1, alone, NOTHING).astype(np.float32)
    return best_path(band, Scores(beads, delete, alone))


def _pooled(vectors: Floats) -> Floats:
    """Add up every two neighbours."""
    if len(vectors) % 2:
        vectors = np.concatenate([vectors, np.zeros((1, vectors.shape[1]), np.float32)])
    return np.asarray(vectors[0::2] + vectors[1::2], np.float32)


@dataclass(frozen=True)
class Piece:
    """A stretch of both versions between two cuts, with the path found in it so far.

    Attributes:
        start: Its first cut.
        end: Its last.
        path: Cuts from (0, 0) to ``end − start``.
    """

    start: Cut
    end: Cut
    path: list[Cut]


def cut_into_pieces(path: Sequence[Cut], source: Floats, target: Floats, *, size: int = PIECE) -> list[Piece]:
    """Cut a path where it is surest, so that no piece holds many more than ``size`` segments a side.

    The surest cut lies between two 1–1 beads of high cosine; a stretch that one side lacks is cut anywhere.
    """
    ends: list[int] = [0]
    similar = _one_to_one(path, unit(source), unit(target))
    while True:
        at = ends[-1]
        i, j = path[at]
        last = at
        while last < len(path) - 1 and path[last][0] - i < size and path[last][1] - j < size:
            last += 1
        if last == len(path) - 1:
            ends.append(last)
            break
        # The later half of what fits, so that pieces do not become small.
        first = at + (last - at) // 2 + 1
        span = similar[first : last + 1]
        ends.append(first + int(np.argmax(span)))
    return [
        Piece(path[a], path[b], [(i - path[a][0], j - path[a][1]) for i, j in path[a : b + 1]])
        for a, b in pairwise(ends)
        if a < b
    ]


def _one_to_one(path: Sequence[Cut], source: Floats, target: Floats) -> Floats:
    """For each cut of a path, the smaller cosine of the 1–1 beads before and after it; 0 where they are not 1–1."""
    points = np.asarray(path)
    steps = np.diff(points, axis=0)
    single = (steps == 1).all(axis=1)
    cosine = np.zeros(len(steps), np.float32)
    at = points[:-1][single]
    cosine[single] = np.einsum("ij,ij->i", source[at[:, 0]], target[at[:, 1]])
    out = np.zeros(len(points), np.float32)
    out[1:-1] = np.minimum(cosine[:-1], cosine[1:])
    return out


def pick(side: Side, places: Integers | slice) -> Side:
    """Return some of a side's segments, marks and vectors as they are."""
    arrays = {name: getattr(side, name)[places] for name in Side.__dataclass_fields__ if name != "parts"}
    return Side(**arrays, parts=side.parts.pick(places))


def part(side: Side, start: int, end: int) -> Side:
    """Return the segments ``start`` to ``end`` of a side, without copying."""
    return pick(side, slice(start, end))
