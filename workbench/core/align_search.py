"""The search under every alignment: best path, probabilities of cuts and beads, and coarse-to-fine bands.

Two versions of n and m segments span a grid of cuts (i, j), 0 ≤ i ≤ n and 0 ≤ j ≤ m: places where both are between
two beads. A bead of a and b segments ends at the cut (i, j) and begins at (i−a, j−b). Only the cells of a
:class:`Band` around a coarser path are looked at, so that time and memory grow with n + m.

Arrays over a band are flat: its rows one after the other.

Sources: dynamic programming over beads after Gale and Church (1993); forward and backward sums after Durbin et al.,
*Biological Sequence Analysis* (1998), chapter 4; coarse-to-fine over averaged vectors after Thompson and Koehn
(2019), *Vecalign*.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]

SKIP = 4
"""Most segments of one side that are left alone as one bead (a verse of four sentences that the other side lacks)."""

NOTHING = -1e30  # the score of what cannot be: finite, so that sums and differences of it stay numbers
Cut = tuple[int, int]


@dataclass(frozen=True)
class Band:
    """The cells (i, j) that a search looks at: in row i the columns ``low[i]`` ≤ j < ``high[i]``.

    Both bounds never fall from row to row; (0, 0) and (n, m) are inside.
    """

    low: Integers
    high: Integers

    @cached_property
    def start(self) -> Integers:
        """Flat place of each row's first cell, and the number of cells as a last entry."""
        out = np.zeros(len(self.low) + 1, np.int64)
        np.cumsum(self.high - self.low, out=out[1:])
        return out

    @property
    def size(self) -> int:
        """Number of cells."""
        return int(self.start[-1])

    @cached_property
    def rows(self) -> Integers:
        """Row i of each cell."""
        return np.repeat(np.arange(len(self.low)), self.high - self.low)

    @cached_property
    def columns(self) -> Integers:
        """Column j of each cell."""
        return np.arange(self.size) - np.repeat(self.start[:-1] - self.low, self.high - self.low)

    def find(self, rows: Integers, columns: Integers) -> Integers:
        """Flat places of the cells (rows, columns); ``size`` for those outside the band."""
        inside = (rows >= 0) & (rows < len(self.low))
        safe = np.where(inside, rows, 0)
        inside &= (columns >= self.low[safe]) & (columns < self.high[safe])
        return np.where(inside, self.start[safe] + columns - self.low[safe], self.size)

    def shifted(self, a: int, b: int) -> Integers:
        """Flat place of (i−a, j−b) for every cell (i, j); ``size`` where that is outside."""
        return self.find(self.rows - a, self.columns - b)


def full_band(n: int, m: int) -> Band:
    """The band of all cells."""
    return Band(np.zeros(n + 1, np.int64), np.full(n + 1, m + 1, np.int64))


def band_around(path: Sequence[Cut], n: int, m: int, radius: int) -> Band:
    """The cells within ``radius`` rows and columns of a path of cuts from (0, 0) to (n, m)."""
    points = np.asarray(path, np.int64)
    rows, begin = np.unique(points[:, 0], return_index=True)
    end = np.append(begin[1:], len(points)) - 1
    steps = np.arange(n + 1)
    # A row inside a bead spans from the cut before it to the cut after.
    first = points[begin, 1][np.searchsorted(rows, steps, "right") - 1]
    last = points[end, 1][np.searchsorted(rows, steps, "left")]
    low = np.maximum(first[np.maximum(steps - radius, 0)] - radius, 0)
    high = np.minimum(last[np.minimum(steps + radius, n)] + radius, m) + 1
    return Band(low, high)


@dataclass(frozen=True)
class Scores:
    """What beads weigh, as logarithms of any scale; :data:`NOTHING` where one does not fit.

    Attributes:
        beads: (limit², cells): the bead of a and b segments ending at the cell, as number ``(a−1)·limit + (b−1)``.
        delete: (SKIP, cells): leaving alone the last 1, 2 … source segments before the cell.
        insert: (SKIP, cells): likewise of the target.
    """

    beads: Floats
    delete: Floats
    insert: Floats

    @property
    def limit(self) -> int:
        """Most segments a side of a bead."""
        return math.isqrt(len(self.beads))


def best_path(band: Band, scores: Scores) -> list[Cut]:
    """Return the cuts of the heaviest alignment, from (0, 0) to (n, m)."""
    limit = scores.limit
    reach = max(limit, SKIP)
    types = limit * limit
    total: list[Doubles] = []
    choice = np.zeros(band.size, np.uint8)
    for i, (low, high) in enumerate(zip(band.low.tolist(), band.high.tolist(), strict=True)):
        width, at = high - low, int(band.start[i])
        candidates = _candidates(band, scores, total, i, low, width, reach)
        pick = candidates.argmax(axis=0)
        base = candidates[pick, np.arange(width)]
        if i == 0:
            base[0] = 0.0
        insert = scores.insert[:, at : at + width]
        joint = base.copy()
        for b in range(2, min(SKIP, width - 1) + 1):
            jump = base[:-b] + insert[b - 1, b:]
            better = jump > joint[b:]
            joint[b:][better] = jump[better]
            pick[b:][better] = types + SKIP + b - 1
        sums = np.zeros(width)  # nothing can be inserted before the row's first cell
        np.cumsum(insert[0, 1:], out=sums[1:])
        value = np.maximum.accumulate(joint - sums) + sums
        alone = value > joint + 1e-9
        pick[alone] = types + SKIP
        # The sum's rounding must not add up over thousands of rows where nothing was inserted.
        value = np.where(alone, value, joint)
        choice[at : at + width] = pick
        total.append(value)
        if i >= reach:
            total[i - reach] = np.empty(0)
    return _trace(band, choice, limit)


def _candidates(
    band: Band, scores: Scores, total: list[Doubles], i: int, low: int, width: int, reach: int
) -> NDArray[np.float64]:
    """Return (limit² + SKIP, width): the weight of reaching each cell of row i by each bead but an insertion."""
    limit = scores.limit
    here = slice(int(band.start[i]), int(band.start[i]) + width)
    work = np.full((reach, width + limit), NOTHING)
    for a in range(1, min(reach, i) + 1):
        row = total[i - a]
        shift = int(band.low[i - a]) - (low - limit)  # where the row's first cell falls in the window
        begin, end = max(shift, 0), min(shift + len(row), width + limit)
        if begin < end:
            work[a - 1, begin:end] = row[begin - shift : end - shift]
    step = work.strides
    before = as_strided(work[:, limit - 1 :], (limit, limit, width), (step[0], -step[1], step[1]), writeable=False)
    types = limit * limit
    out = np.empty((types + SKIP, width))
    out[:types] = before.reshape(types, width)
    out[:types] += scores.beads[:, here]
    np.add(work[:SKIP, limit:], scores.delete[:, here], out=out[types:])
    return out


def _trace(band: Band, choice: NDArray[np.uint8], limit: int) -> list[Cut]:
    i, j = len(band.low) - 1, int(band.high[-1]) - 1
    types = limit * limit
    path = [(i, j)]
    while (i, j) != (0, 0):
        pick = int(choice[band.start[i] + j - band.low[i]])
        if pick < types:
            i, j = i - pick // limit - 1, j - pick % limit - 1
        elif pick < types + SKIP:
            i -= pick - types + 1
        else:
            j -= pick - types - SKIP + 1
        path.append((i, j))
    return path[::-1]


@dataclass(frozen=True)
class Posterior:
    """Probabilities under the scores read as log-weights of a distribution over alignments.

    Attributes:
        cuts: (cells,): that the alignment passes the cut.
        beads: What each bead's probability is, in the arrays of :class:`Scores`.
        weight: Logarithm of the sum over all alignments.
    """

    cuts: Floats
    beads: Scores
    weight: float


def posterior(band: Band, scores: Scores) -> Posterior:
    """Return the probabilities of all cuts and beads in the band.

    Beads of several inserted segments do not follow each other directly, which spares a loop over cells.
    """
    limit = scores.limit
    arrived, value = forward_sums(band, scores)
    entering, leaving = _backward(band, scores)
    weight = float(value[-1])
    types = limit * limit
    beads = np.empty((types, band.size), np.float32)
    delete = np.empty((SKIP, band.size), np.float32)
    insert = np.empty((SKIP, band.size), np.float32)
    before = np.append(value, NOTHING)
    rest = entering - weight
    for kind in range(types):
        start = before[band.shifted(kind // limit + 1, kind % limit + 1)]
        beads[kind] = _probability(start + scores.beads[kind] + rest)
    for k in range(SKIP):
        delete[k] = _probability(before[band.shifted(k + 1, 0)] + scores.delete[k] + rest)
        start = before if k == 0 else np.append(arrived, NOTHING)
        insert[k] = _probability(start[band.shifted(0, k + 1)] + scores.insert[k] + leaving - weight)
    # Through a cut goes what arrives from other rows and what was inserted up to it.
    cuts = _probability(arrived + rest) + insert.sum(axis=0)
    return Posterior(np.minimum(cuts, 1.0), Scores(beads, delete, insert), weight)


def _probability(logarithm: Doubles) -> Floats:
    return np.exp(np.minimum(logarithm, 0.0)).astype(np.float32)


def forward_sums(band: Band, scores: Scores) -> tuple[Doubles, Doubles]:
    """Return the weights of reaching each cell from another row, and at all."""
    reach = max(scores.limit, SKIP)
    arrived: list[Doubles] = []
    total: list[Doubles] = []
    for i, (low, high) in enumerate(zip(band.low.tolist(), band.high.tolist(), strict=True)):
        width, at = high - low, int(band.start[i])
        base = _log_sum(_candidates(band, scores, total, i, low, width, reach))
        if i == 0:
            base[0] = 0.0
        insert = scores.insert[:, at : at + width]
        joint = base.copy()
        for b in range(2, min(SKIP, width - 1) + 1):
            joint[b:] = np.logaddexp(joint[b:], base[:-b] + insert[b - 1, b:])
        sums = np.zeros(width)
        np.cumsum(insert[0, 1:], out=sums[1:])
        arrived.append(base)
        total.append(np.maximum(np.logaddexp.accumulate(joint - sums) + sums, NOTHING))
    return np.concatenate(arrived), np.concatenate(total)


def _backward(band: Band, scores: Scores) -> tuple[Doubles, Doubles]:
    """Return the weights of all that follows each cell entered from another row, and after an insertion."""
    limit = scores.limit
    reach, types = max(limit, SKIP), limit * limit
    n = len(band.low) - 1
    entering: list[Doubles] = [np.empty(0)] * (n + 1)
    leaving: list[Doubles] = [np.empty(0)] * (n + 1)
    starts, lows, highs = band.start.tolist(), band.low.tolist(), band.high.tolist()
    for i in range(n, -1, -1):
        low, width = lows[i], highs[i] - lows[i]
        # work[a−1, b−1, c]: the weight of all that follows a bead of a and b segments ending at column low + c.
        work = np.full((limit, limit, width + limit), NOTHING)
        candidates = np.full((types + SKIP, width), NOTHING)
        for a in range(1, min(reach, n - i) + 1):
            row = entering[i + a]
            shift = lows[i + a] - low  # the row's first cell in columns of this row
            begin, end = max(shift, 0), min(shift + len(row), width + limit)
            if begin >= end:
                continue
            part = slice(starts[i + a] + begin - shift, starts[i + a] + end - shift)
            kept = row[begin - shift : end - shift]
            if a <= limit:
                work[a - 1, :, begin:end] = scores.beads[(a - 1) * limit : a * limit, part] + kept
            inside = min(end, width)
            if a <= SKIP and begin < inside:
                candidates[types + a - 1, begin:inside] = (kept + scores.delete[a - 1, part])[: inside - begin]
        step = work.strides
        view = as_strided(work[:, :, 1:], (limit, limit, width), (step[0], step[1] + step[2], step[2]), writeable=False)
        candidates[:types] = view.reshape(types, width)
        base = _log_sum(candidates)
        if i == n:
            base[-1] = 0.0
        insert = scores.insert[:, starts[i] : starts[i] + width]
        # An insertion ending at column j + 1 is paid there: paid[j] is the price from column j to the row's end.
        paid = np.zeros(width)
        paid[:-1] = np.cumsum(insert[0, 1:][::-1], dtype=np.float64)[::-1]
        after = np.maximum(np.logaddexp.accumulate((base - paid)[::-1])[::-1] + paid, NOTHING)
        joint = after.copy()
        for b in range(2, min(SKIP, width - 1) + 1):
            joint[:-b] = np.logaddexp(joint[:-b], after[b:] + insert[b - 1, b:])
        entering[i], leaving[i] = joint, after
    return np.concatenate(entering), np.concatenate(leaving)


def _log_sum(candidates: Doubles) -> Doubles:
    top = candidates.max(axis=0)
    out: Doubles = np.log(np.exp(candidates - top).sum(axis=0)) + top
    return np.maximum(out, NOTHING)
