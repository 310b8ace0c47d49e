"""One pair of versions: its best path and the probabilities of its cuts, piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.core import align_weights
from workbench.core.align_evidence import Evidence, Side
from workbench.core.align_joint import Testimony
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
# A few segments inside a long run the coarse path is sure enough of itself that a bead there must be far better than
# likely: otherwise joins of many segments wander through a missing chapter.
RUN_EDGE = 3
MATCHED_IN_LONG_RUN = -5.0


@dataclass(frozen=True)
class PairResult:
    """What aligning a pair found.

    Attributes:
        path: The cuts of the best alignment, (0, 0) to (n, m).
        sure: (len(path) − 1,) probability of each of its beads.
        rows: Row i of each cut with a probability worth keeping.
        columns: Its column j.
        probabilities: Its probability.
        weighed: What the beads weigh, from which this was decided.
    """

    path: list[Cut]
    sure: Floats
    rows: Integers
    columns: Integers
    probabilities: Floats
    weighed: Sequence[Weighed]


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
            weight = align_weights.BEAD.weigh(evidence.features(a, b))
            if marks.told:
                weight += marks.weigh(a, b)
            weight[(rows < a) | (columns < b)] = NOTHING
            beads[(a - 1) * limit + b - 1] = weight
    delete = np.empty((SKIP, band.size), np.float32)
    insert = np.empty((SKIP, band.size), np.float32)
    room = columns - band.low[rows]
    for k in range(1, SKIP + 1):
        fits = k <= limit
        delete[k - 1] = np.where(
            fits & (rows >= k), align_weights.ALONE.weigh(evidence.skip_features(k, of_source=True)), NOTHING
        )
        insert[k - 1] = np.where(
            fits & (room >= k), align_weights.ALONE.weigh(evidence.skip_features(k, of_source=False)), NOTHING
        )
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


@dataclass(frozen=True)
class Weighed:
    """A stretch of a pair with the weights of its beads.

    Attributes:
        start: Its first cut.
        end: Its last.
        band: Its cells, numbered from ``start``; ``None`` where nothing is to be decided: a side is empty, or the
            stretch is a bead that stands.
        scores: What its beads weigh.
        fixed: Whether it is a bead that stands.
    """

    start: Cut
    end: Cut
    band: Band | None = None
    scores: Scores | None = None
    fixed: bool = False


def solve_pair(source: Side, target: Side, limit: int, *, fixed: Sequence[tuple[Cut, Cut]] = ()) -> PairResult:
    """Find the best alignment of two versions and the probabilities of cuts.

    Args:
        source: The first version.
        target: The second.
        limit: Most segments a side of a bead.
        fixed: Beads that stand, as (first cut, last cut) in order.
    """
    return decide(weigh_pair(source, target, limit, fixed=fixed), limit)


def weigh_pair(source: Side, target: Side, limit: int, *, fixed: Sequence[tuple[Cut, Cut]] = ()) -> list[Weighed]:
    """Weigh the beads of two versions, stretch by stretch; the arguments are those of :func:`solve_pair`."""
    n, m = len(source), len(target)
    out: list[Weighed] = []
    at = (0, 0)
    for start, end in [*fixed, ((n, m), (n, m))]:
        out += _weigh_between(source, target, at, start, limit)
        if start != end:
            out.append(Weighed(start, end, fixed=True))
        at = end
    return out


def decide(weighed: Sequence[Weighed], limit: int, *, told: Testimony | None = None) -> PairResult:
    """Find the best alignment and the probabilities of cuts from the weights of beads.

    Args:
        weighed: All stretches of a pair in order.
        limit: Most segments a side of a bead.
        told: What other versions say of the pair's cuts.
    """
    path: list[Cut] = [(0, 0)]
    sure: list[Floats] = [np.empty(0, np.float32)]
    tables: list[tuple[Integers, Integers, Floats]] = [
        (np.zeros(1, np.int64), np.zeros(1, np.int64), np.ones(1, np.float32))
    ]
    for part_ in weighed:
        (i0, j0), (i1, j1) = part_.start, part_.end
        if part_.band is None or part_.scores is None:
            if part_.fixed:
                steps = [part_.start, part_.end]
            else:
                steps = [(k, j0) for k in range(i0, i1 + 1)] if i1 > i0 else [(i0, k) for k in range(j0, j1 + 1)]
            points = np.array(steps, np.int64)
            path += steps[1:]
            sure.append(np.ones(len(steps) - 1, np.float32))
            tables.append((points[:, 0], points[:, 1], np.ones(len(points), np.float32)))
            continue
        band, scores = part_.band, part_.scores
        if told is not None:
            scores = _told(scores, told.weights(band.rows + i0, band.columns + j0))
        chances = posterior(band, scores)
        found = best_path(band, _expected(chances, scores))
        path += [(i0 + i, j0 + j) for i, j in found[1:]]
        sure.append(bead_probabilities(band, limit, found, chances.beads))
        kept = np.flatnonzero(chances.cuts > LEAST)
        tables.append((band.rows[kept] + i0, band.columns[kept] + j0, chances.cuts[kept]))
    rows, columns, probabilities = (np.concatenate(column) for column in zip(*tables, strict=True))
    order = np.lexsort((-probabilities, columns, rows))
    rows, columns, probabilities = rows[order], columns[order], probabilities[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return PairResult(path, np.concatenate(sure), rows[first], columns[first], probabilities[first], weighed)


def _told(scores: Scores, weights: Floats) -> Scores:
    """Add to the weight of every bead what is said of the cut it ends at; the last cut is certain anyhow."""
    weights = weights.copy()
    weights[-1] = 0
    return Scores(
        *(
            np.where(table > NOTHING / 2, table + weights, NOTHING).astype(np.float32)
            for table in (scores.beads, scores.delete, scores.insert)
        )
    )


def _weigh_between(source: Side, target: Side, start: Cut, end: Cut, limit: int) -> list[Weighed]:
    """Weigh what lies between two cuts."""
    (i0, j0), (i1, j1) = start, end
    if start == end:
        return []
    if i0 == i1 or j0 == j1:
        return [Weighed(start, end)]
    inner_s, inner_t = part(source, i0, i1), part(target, j0, j1)
    rough = coarse_path(inner_s.vectors, inner_t.vectors)
    out: list[Weighed] = []
    for piece in cut_into_pieces(rough, inner_s.vectors, inner_t.vectors):
        (a, b), (c, d) = piece.start, piece.end
        low, high = (i0 + a, j0 + b), (i0 + c, j0 + d)
        if a == c or b == d:
            out.append(Weighed(low, high))
            continue
        band = band_around(piece.path, c - a, d - b, RADIUS)
        scores = pair_scores(band, limit, part(inner_s, a, c), part(inner_t, b, d))
        _ease_long_runs(scores, band, limit, piece.path)
        out.append(Weighed(low, high, band, scores))
    return out


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
        inner = np.zeros_like(inside)
        for first, last in zip(edges[::2], edges[1::2], strict=True):
            begin, end = path[first][side], path[last][side]
            if end - begin >= LONG_RUN:
                inside[begin + 1 : end + 1] = 1
                inner[begin + 1 + RUN_EDGE : end + 1 - RUN_EDGE] = 1
        if not inside.any():
            continue
        sums = np.cumsum(inside)
        for k in range(1, min(SKIP, limit) + 1):
            whole = (sums[ends] - sums[np.maximum(ends - k, 0)] == k) & (room >= k)
            # One segment at a time: the run's rows are told apart, and a bead of several is no cheaper.
            eased = IN_LONG_RUN * k - (k > 1)
            table[k - 1] = np.where(whole, np.maximum(table[k - 1], eased), table[k - 1])
        deep = np.cumsum(inner)
        for a in range(1, limit + 1):
            within = deep[ends] - deep[np.maximum(ends - a, 0)] > 0
            for b in range(1, limit + 1):
                kind = (a - 1) * limit + b - 1 if side == 0 else (b - 1) * limit + a - 1
                scores.beads[kind] += np.where(within, MATCHED_IN_LONG_RUN, 0).astype(np.float32)


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
