"""One pair of versions: its best path and the probabilities of its cuts, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.core.align_evidence import Evidence, Side
from workbench.core.align_pieces import coarse_path, cut_into_pieces, part
from workbench.core.align_search import (
    NOTHING,
    SKIP,
    Band,
    Cut,
    Floats,
    Integers,
    Posterior,
    Scores,
    band_around,
    best_path,
    forward_sums,
    posterior,
)
from workbench.core.align_weights import ALONE, BEAD

RADIUS = 14  # cells around the coarse path that the fine search looks at
# 6–1 and 2–6 occur; where five segments answer five, there is a finer cut, and leaving these out spares a third.
LARGEST = 8

# Where files tell paragraphs, both versions mostly end them together. The gold sets are one segment a line and say
# nothing of it, so that these three are set, not learned: firm enough to decide a doubtful cut, too weak to force one.
BOTH_BLOCKS_END = 0.8
ONE_BLOCK_ENDS = -0.8
HEADING_MISMATCH = -2.0  # a heading and a sentence in one bead


# The learned price of leaving a segment alone is that of single ones. A chapter that one version lacks would cost more
# than pairing it with anything, so that where the coarse path leaves out a long run, it costs next to nothing.
LONG_RUN = 8
IN_LONG_RUN = -0.2  # for each segment


@dataclass(frozen=True)
class PairResult:
    """What aligning a pair found.

    Attributes:
        path: The cuts of the best alignment, (0, 0) to (n, m).
        sure: (len(path) − 1,) probability of each of its beads.
        rows: Row i of each cut with a probability worth keeping.
        columns: Its column j.
        probabilities: Its probability.
    """

    path: list[Cut]
    sure: Floats
    rows: Integers
    columns: Integers
    probabilities: Floats


# Chosen on the Bible texts and test0–test6: .4, .5, .55 and .6 lie within .003 of each other, above the most probable
# path (.9595 and .9219 against .9625 and .9224 here).
CUT_PRICE = 0.5
BEAD_SHARE = 0.25

LEAST = 0.003  # cuts less probable than this are not kept: a hundred of them would not make one


def pair_scores(band: Band, limit: int, source: Side, target: Side) -> Scores:
    """Weigh every bead in a band by the learned evidence and by paragraphs."""
    evidence = Evidence(band, limit, source, target)
    rows, columns = band.rows, band.columns
    beads = np.empty((limit * limit, band.size), np.float32)
    marks = _Blocks(band, source, target)
    for a in range(1, limit + 1):
        for b in range(1, limit + 1):
            if a + b > LARGEST:
                beads[(a - 1) * limit + b - 1] = NOTHING
                continue
            weight = BEAD.weigh(evidence.features(a, b))
            if marks.told:
                weight += marks.weigh(a, b)
            weight[(rows < a) | (columns < b)] = NOTHING
            beads[(a - 1) * limit + b - 1] = weight
    delete = np.empty((SKIP, band.size), np.float32)
    insert = np.empty((SKIP, band.size), np.float32)
    room = columns - band.low[rows]
    for k in range(1, SKIP + 1):
        fits = k <= limit
        delete[k - 1] = np.where(fits & (rows >= k), ALONE.weigh(evidence.skip_features(k, of_source=True)), NOTHING)
        insert[k - 1] = np.where(fits & (room >= k), ALONE.weigh(evidence.skip_features(k, of_source=False)), NOTHING)
        if marks.told and k > 1:
            # Two paragraphs left out are two rows.
            delete[k - 1] += np.where(marks.inner(k, 0) > 0, 2 * ONE_BLOCK_ENDS, 0)
            insert[k - 1] += np.where(marks.inner(0, k) > 0, 2 * ONE_BLOCK_ENDS, 0)
    return Scores(beads, delete, insert)


def total_weight(band: Band, scores: Scores) -> float:
    """Return the logarithm of the summed weights of all alignments in a band."""
    return float(forward_sums(band, scores)[1][-1])


class _Blocks:
    """What paragraphs and headings say about beads."""

    def __init__(self, band: Band, source: Side, target: Side) -> None:
        self.rows, self.columns = band.rows, band.columns
        self.ends_s, self.ends_t = _block_ends(source.block), _block_ends(target.block)
        self.heads_s = np.append(0, np.cumsum(source.heading))
        self.heads_t = np.append(0, np.cumsum(target.heading))
        # All in one block, or each in its own, tells nothing.
        self.told = all(0 < ends[1:-1].mean() < 1 if len(ends) > 2 else False for ends in (self.ends_s, self.ends_t))
        self.sums_s, self.sums_t = np.cumsum(self.ends_s), np.cumsum(self.ends_t)

    def weigh(self, a: int, b: int) -> Floats:
        """The weight added to beads of a and b segments."""
        i, j = self.rows, self.columns
        end_s, end_t = self.ends_s[i], self.ends_t[j]
        out = BOTH_BLOCKS_END * (end_s & end_t) + ONE_BLOCK_ENDS * (end_s ^ end_t)
        out = out + ONE_BLOCK_ENDS * self.inner(a, b)
        heads_s = self.heads_s[i] - self.heads_s[np.maximum(i - a, 0)]
        heads_t = self.heads_t[j] - self.heads_t[np.maximum(j - b, 0)]
        mixed = (heads_s > 0) != (heads_t > 0)
        return np.asarray(out + HEADING_MISMATCH * mixed, np.float32)

    def inner(self, a: int, b: int) -> Integers:
        """How many blocks end inside the last a source and b target segments."""
        i, j = self.rows, self.columns
        out = np.zeros(len(i), np.int64)
        if a > 1:
            out += self.sums_s[np.maximum(i - 1, 0)] - self.sums_s[np.maximum(i - a, 0)]
        if b > 1:
            out += self.sums_t[np.maximum(j - 1, 0)] - self.sums_t[np.maximum(j - b, 0)]
        return out


def _block_ends(block: Integers) -> Integers:
    """(n + 1,): 1 at the cuts at which a block ends."""
    out = np.ones(len(block) + 1, np.int64)
    out[1:-1] = block[1:] != block[:-1]
    return out


def solve_pair(
    source: Side, target: Side, limit: int, *, fixed: Sequence[tuple[Cut, Cut]] = (), path_only: bool = False
) -> PairResult:
    """Find the best alignment of two versions and the probabilities of cuts.

    Args:
        source: The first version.
        target: The second.
        limit: Most segments a side of a bead.
        fixed: Beads that stand, as (first cut, last cut) in order.
        path_only: Leave the probabilities out.
    """
    n, m = len(source), len(target)
    path: list[Cut] = [(0, 0)]
    sure: list[Floats] = []
    tables: list[tuple[Integers, Integers, Floats]] = []
    at = (0, 0)
    for start, end in [*fixed, ((n, m), (n, m))]:
        found, known, table = _stretch(source, target, at, start, limit)
        path += found[1:]
        sure.append(known)
        tables += table
        if start != end:
            path.append(end)
            sure.append(np.ones(1, np.float32))
            corners = np.array([start, end])
            tables.append((corners[:, 0], corners[:, 1], np.ones(2, np.float32)))
        at = end
    rows, columns, probabilities = (np.concatenate(part) for part in zip(*tables, strict=True))
    order = np.lexsort((-probabilities, columns, rows))
    rows, columns, probabilities = rows[order], columns[order], probabilities[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return PairResult(path, np.concatenate(sure), rows[first], columns[first], probabilities[first])


def _stretch(
    source: Side, target: Side, start: Cut, end: Cut, limit: int
) -> tuple[list[Cut], Floats, list[tuple[Integers, Integers, Floats]]]:
    """Align what lies between two cuts; return the path, its beads' probabilities, and tables of cuts."""
    (i0, j0), (i1, j1) = start, end
    n, m = i1 - i0, j1 - j0
    if not n or not m:
        steps = [(i0 + k, j0) for k in range(n + 1)] if n else [(i0, j0 + k) for k in range(m + 1)]
        points = np.array(steps)
        table = (points[:, 0], points[:, 1], np.ones(len(points), np.float32))
        return steps, np.ones(len(steps) - 1, np.float32), [table]
    inner_s, inner_t = part(source, i0, i1), part(target, j0, j1)
    rough = coarse_path(inner_s.vectors, inner_t.vectors)
    path: list[Cut] = [start]
    sure: list[Floats] = []
    tables = []
    for piece in cut_into_pieces(rough, inner_s.vectors, inner_t.vectors):
        (a, b), (c, d) = piece.start, piece.end
        here_i, here_j = i0 + a, j0 + b
        if a == c or b == d:
            steps, known, more = _stretch(source, target, (here_i, here_j), (i0 + c, j0 + d), limit)
            path += steps[1:]
            sure.append(known)
            tables += more
            continue
        band = band_around(piece.path, c - a, d - b, RADIUS)
        scores = pair_scores(band, limit, part(inner_s, a, c), part(inner_t, b, d))
        _ease_long_runs(scores, band, limit, piece.path)
        chances = posterior(band, scores)
        found = best_path(band, _expected(chances, scores))
        path += [(here_i + i, here_j + j) for i, j in found[1:]]
        sure.append(bead_probabilities(band, limit, found, chances.beads))
        kept = np.flatnonzero(chances.cuts > LEAST)
        tables.append((band.rows[kept] + here_i, band.columns[kept] + here_j, chances.cuts[kept]))
    return path, np.concatenate(sure), tables


def _expected(chances: Posterior, scores: Scores) -> Scores:
    """Weigh each bead by how many right cuts it adds to be expected, less a price for each cut made.

    The path of the most expected right cuts is right more often than the most probable path (ProbCons).
    """
    cuts = chances.cuts - CUT_PRICE
    tables = (
        np.where(weights > NOTHING / 2, cuts + BEAD_SHARE * chance, NOTHING).astype(np.float32)
        for weights, chance in (
            (scores.beads, chances.beads.beads),
            (scores.delete, chances.beads.delete),
            (scores.insert, chances.beads.insert),
        )
    )
    return Scores(*tables)


def _ease_long_runs(scores: Scores, band: Band, limit: int, path: Sequence[Cut]) -> None:
    """Make it cheap to leave alone what the coarse path leaves out in long runs."""
    steps = np.diff(np.asarray(path), axis=0)
    for side, table, ends, room in (
        (0, scores.delete, band.rows, band.rows),
        (1, scores.insert, band.columns, band.columns - band.low[band.rows]),
    ):
        alone = (steps[:, side] > 0) & (steps[:, 1 - side] == 0)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], alone, [0]])))
        inside = np.zeros(int(steps[:, side].sum()) + 1, np.int64)
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            begin, end = path[first][side], path[last][side]
            if end - begin >= LONG_RUN:
                inside[begin + 1 : end + 1] = 1
        if not inside.any():
            continue
        sums = np.cumsum(inside)
        for k in range(1, min(SKIP, limit) + 1):
            whole = (sums[ends] - sums[np.maximum(ends - k, 0)] == k) & (room >= k)
            # One segment at a time: the run's rows are told apart, and a bead of several is no cheaper.
            eased = IN_LONG_RUN * k - (k > 1)
            table[k - 1] = np.where(whole, np.maximum(table[k - 1], eased), table[k - 1])


def bead_probabilities(band: Band, limit: int, path: Sequence[Cut], chances: Scores) -> Floats:
    """Return the probability of each bead of a path."""
    out = np.empty(len(path) - 1, np.float32)
    for k, ((i, j), (p, q)) in enumerate(pairwise(path)):
        cell = int(band.start[p] + q - band.low[p])
        a, b = p - i, q - j
        table = (
            chances.beads[(a - 1) * limit + b - 1] if a and b else chances.delete[a - 1] if a else chances.insert[b - 1]
        )
        out[k] = table[cell]
    return np.clip(out, 0.0, 1.0)
