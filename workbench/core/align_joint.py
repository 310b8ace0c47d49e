"""The joint search: one chain of cuts through all versions, from what every pair of them thinks of each cut.

A grid cut is a place in every version at once: a point (i₁, … i_k). A grid is a chain of such points from the start to
the end, each at or after the last in every version, and its rows lie between them. Read off for a pair, the chain
passes the pair's cuts (i_a, i_b); it gains what their probabilities say, each of them once.

Before that, the other versions bear witness on each pair's cuts: if x–z and z–y cut at one place of z, x–y has a
witness for the cut (the consistency transformation of T-Coffee, Notredame et al. 2000, and ProbCons, Do et al. 2005, on
cuts instead of residues). The testimony is added to the weights of the pair's beads, and the pair is aligned again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.core.align_search import Floats, Integers

Point = tuple[int, ...]
PairKey = tuple[int, int]


@dataclass(frozen=True)
class Cuts:
    """Probable cuts of a pair, sorted by row, then column.

    Attributes:
        rows: Row i of each.
        columns: Column j of each.
        probabilities: 0–1.
        size: (n, m).
    """

    rows: Integers
    columns: Integers
    probabilities: Floats
    size: tuple[int, int]

    def look_up(self, rows: Integers, columns: Integers) -> Floats:
        """Return the probabilities of cuts, 0 for those that are not here."""
        width = self.size[1] + 1
        keys, wanted = self.rows * width + self.columns, rows * width + columns
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[place] == wanted, self.probabilities[place], np.float32(0)).astype(np.float32)

    def turned(self) -> Cuts:
        """The same cuts with the versions exchanged."""
        order = np.lexsort((self.rows, self.columns))
        return Cuts(self.columns[order], self.rows[order], self.probabilities[order], self.size[::-1])


WITNESSED = 0.02  # less probable cuts of a third version bear witness to nothing


def witness(first: Cuts, second: Cuts) -> Cuts:
    """Return for pairs x–y how probable it is that x–z and z–y cut at one place of z: the best over places of z.

    Where z lacks a passage, all the cuts of x and of y in it meet at one place of z: the more they are, the less each
    two of them have to do with each other.
    """
    a, b = _above(first.turned(), WITNESSED), _above(second, WITNESSED)
    places = first.size[1] + 1
    crowd = np.maximum(
        np.bincount(a.rows, a.probabilities, minlength=places), np.bincount(b.rows, b.probabilities, minlength=places)
    )
    # a.rows and b.rows are places of z; join them.
    begin, end = np.searchsorted(b.rows, a.rows, "left"), np.searchsorted(b.rows, a.rows, "right")
    counts = end - begin
    left = np.repeat(np.arange(len(a.rows)), counts)
    right = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
    rows, columns = a.columns[left], b.columns[right]
    value = a.probabilities[left] * b.probabilities[right] / np.maximum(crowd, 1)[a.rows[left]]
    order = np.lexsort((-value, columns, rows))
    rows, columns, value = rows[order], columns[order], value[order].astype(np.float32)
    keep = np.ones(len(rows), bool)
    keep[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    return Cuts(rows[keep], columns[keep], value[keep], (first.size[0], second.size[1]))


def _above(cuts: Cuts, least: float) -> Cuts:
    kept = cuts.probabilities > least
    return Cuts(cuts.rows[kept], cuts.columns[kept], cuts.probabilities[kept], cuts.size)


# How much the mean testimony weighs beside the pair's own evidence, as a factor of its log-odds, and the log-odds that
# say nothing. Two-fold cross-validation over the Bible texts, cut F1 of the grid with clauses: .9625 without testimony,
# .9631 to .9639 with factors .1 to .7 at −1 (pairs alone .9585, probabilities of pairs and witnesses mixed .9586). It
# tells more with four languages: on corpora/, strict F1 .9897 without and .9923 with it.
TESTIMONY = 0.5
NEUTRAL = -1.0


@dataclass(frozen=True)
class Testimony:
    """What the other versions say of a pair's cuts.

    Attributes:
        witnesses: How probable each of them thinks a cut.
    """

    witnesses: Sequence[Cuts]

    def weights(self, rows: Integers, columns: Integers) -> Floats:
        """What is added to the weight of a bead that ends at each of some cuts, (cuts,)."""
        chance = np.mean([w.look_up(rows, columns) for w in self.witnesses], axis=0)
        safe = np.clip(chance.astype(np.float64), 0.002, 0.998)
        return np.asarray(TESTIMONY * (np.log(safe / (1 - safe)) - NEUTRAL), np.float32)


def testimony(cuts: Mapping[PairKey, Cuts], columns: int) -> dict[PairKey, Testimony]:
    """Let the other versions bear witness on each pair's cuts.

    Args:
        cuts: For each pair of columns (a < b).
        columns: How many columns there are, three at least.
    """

    def of(a: int, b: int) -> Cuts:
        return cuts[a, b] if a < b else cuts[b, a].turned()

    return {
        (a, b): Testimony([witness(of(a, z), of(z, b)) for z in range(columns) if z not in (a, b)]) for a, b in cuts
    }


CANDIDATE = 0.04  # a grid cut is looked at when every pair holds it at least so probable
MOST_PER_PLACE = 24  # of the grid cuts at one place of the first column, the best so many
REACH = 120  # how many earlier grid cuts a row may begin at, nearest first
# With a half, three pairs that see a cut would outvote three that do not: where one of four versions has joined two
# sentences, they are one row. Between .5 and .6 the Bible texts do not tell, from .65 on they lose.
THRESHOLD = 0.6
TOO_MANY = 3.0  # what each segment beyond the limit costs a row; a way through must always be left


def candidates(cuts: Mapping[PairKey, Cuts], sizes: Sequence[int]) -> tuple[Integers, Floats]:
    """Return grid cuts worth looking at, sorted, and each one's gain in every pair.

    Args:
        cuts: For each pair of columns (a < b).
        sizes: Number of segments of each column.

    Returns:
        (points, columns) places and (points, pairs) gains, pairs in the order of ``cuts``.
    """
    points = np.arange(sizes[0] + 1)[:, None]
    total = np.zeros(len(points), np.float32)
    for c in range(1, len(sizes)):
        # Each point of the columns so far is joined with the likely places in the next one.
        table = _above(cuts[0, c], CANDIDATE)
        begin = np.searchsorted(table.rows, points[:, 0], "left")
        counts = np.searchsorted(table.rows, points[:, 0], "right") - begin
        left = np.repeat(np.arange(len(points)), counts)
        right = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(begin, counts)
        points = np.column_stack([points[left], table.columns[right]])
        total = total[left] + table.probabilities[right]
        good = np.ones(len(points), bool)
        for b in range(1, c):
            chance = cuts[b, c].look_up(points[:, b], points[:, c])
            good &= chance > CANDIDATE
            total = total + chance
        points, total = points[good], total[good]
        order = np.lexsort((-total, points[:, 0]))
        points, total = points[order], total[order]
        first = np.searchsorted(points[:, 0], points[:, 0], "left")
        kept = np.arange(len(points)) - first < MOST_PER_PLACE
        points, total = points[kept], total[kept]
    ends = np.array([[0] * len(sizes), list(sizes)])
    points = np.unique(np.concatenate([points, ends]), axis=0)
    points = points[np.lexsort((*points.T[::-1], points.sum(axis=1)))]
    gains = np.column_stack([cuts[a, b].look_up(points[:, a], points[:, b]) for a, b in cuts]) - THRESHOLD
    return points, gains.astype(np.float32)


def best_chain(points: Integers, gains: Floats, pairs: Sequence[PairKey], limit: int) -> list[int]:
    """Return the places of the heaviest chain of points from the first to the last.

    A pair's gain counts where the pair's cut differs from that of the point before: rows in which both its versions
    have nothing pass the same cut again.
    """
    count = len(points)
    best = np.full(count, -np.inf)
    back = np.zeros(count, np.int64)
    best[0] = 0.0
    left = [a for a, _ in pairs]
    right = [b for _, b in pairs]
    for k in range(1, count):
        low = max(0, k - REACH)
        step = points[k] - points[low:k]
        over = np.maximum(step - limit, 0).sum(axis=1)
        moved = (step[:, left] + step[:, right]) > 0
        value = best[low:k] + moved @ gains[k] - TOO_MANY * over
        value[(step < 0).any(axis=1)] = -np.inf
        pick = int(value.argmax())
        if value[pick] == -np.inf:
            # Nothing near lies before this point in every version: begin at the last one that does.
            before = np.flatnonzero((points[:low] <= points[k]).all(axis=1))
            pick = int(before[-1]) if len(before) else 0
            best[k], back[k] = best[pick] - TOO_MANY * float((points[k] - points[pick]).sum()), pick
        else:
            best[k], back[k] = value[pick], low + pick
    chain = [count - 1]
    while chain[-1]:
        chain.append(int(back[chain[-1]]))
    return chain[::-1]
