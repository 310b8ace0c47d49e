"""The search under every alignment: best path, probabilities of cuts and beads, and coarse-to-fine bands.

Two versions of n and m segments span a grid of cuts (i, j), 0 ≤ i ≤ n and 0 ≤ j ≤ m: places where both are between
two beads. A bead of a and b segments ends at the cut (i, j) and begins at (i−a, j−b). Only the cells of a
:class:`Band` around a coarser path are looked at, so that time and memory grow with n + m.

Arrays over a band are flat: its rows one after the other. "Scores" are log-weights of any scale, 32-bit floats of
shape (types, cells); type number ``(a−1)·limit + (b−1)`` is the bead of a and b segments.

Sources: dynamic programming over beads after Gale and Church (1993); forward and backward sums after Durbin et al.,
*Biological Sequence Analysis* (1998), chapter 4; coarse-to-fine over averaged vectors after Thompson and Koehn
(2019), *Vecalign*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]

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


def best_path(band: Band, limit: int, scores: Floats, delete: Floats, insert: Floats) -> list[Cut]:
    """Return the cuts of the heaviest alignment, from (0, 0) to (n, m).

    Args:
        band: Where to look.
        limit: Largest number of segments a side of a bead.
        scores: (limit², cells): the weight of each bead ending at each cell.
        delete: (cells,): the weight of leaving source segment i−1 alone, ending at (i, j).
        insert: (cells,): the weight of leaving target segment j−1 alone, ending at (i, j).
    """
    types = limit * limit
    total: list[Doubles] = []
    choice = np.zeros(band.size, np.uint8)
    for i, (low, high) in enumerate(zip(band.low.tolist(), band.high.tolist(), strict=True)):
        width, at = high - low, int(band.start[i])
        here = slice(at, at + width)
        window = _windows(band, total, i, low, width, limit)
        candidates = np.empty((types + 1, width))
        candidates[:types] = window[:, 1:].reshape(types, width)
        candidates[:types] += scores[:, here]
        candidates[types] = window[0, 0] + delete[here]
        pick = candidates.argmax(axis=0)
        base = candidates[pick, np.arange(width)]
        if i == 0:
            base[0], pick[0] = 0.0, types
        sums = np.zeros(width)  # nothing can be inserted before the row's first cell
        np.cumsum(insert[at + 1 : at + width], out=sums[1:])
        value = np.maximum.accumulate(base - sums) + sums
        pick = np.where(value > base + 1e-9, types + 1, pick)
        # The sum's rounding must not add up over thousands of rows where nothing was inserted.
        value = np.where(pick > types, value, base)
        choice[here] = pick
        total.append(value)
        if i >= limit:
            total[i - limit] = np.empty(0)
    return _trace(band, choice, limit)


def _windows(band: Band, total: list[Doubles], i: int, low: int, width: int, limit: int) -> NDArray[np.float64]:
    """Return (limit, limit + 1, width): values of the cells (i−a, j−b) for a = 1 …, b = 0 …, j over row i."""
    work = np.full((limit, width + limit), NOTHING)
    for a in range(1, min(limit, i) + 1):
        row = total[i - a]
        shift = int(band.low[i - a]) - (low - limit)  # where the row's first cell falls in the window
        begin, end = max(shift, 0), min(shift + len(row), width + limit)
        if begin < end:
            work[a - 1, begin:end] = row[begin - shift : end - shift]
    step = work.strides
    return as_strided(work[:, limit:], (limit, limit + 1, width), (step[0], -step[1], step[1]), writeable=False)


def _trace(band: Band, choice: NDArray[np.uint8], limit: int) -> list[Cut]:
    i, j = len(band.low) - 1, int(band.high[-1]) - 1
    types = limit * limit
    path = [(i, j)]
    while (i, j) != (0, 0):
        pick = int(choice[band.start[i] + j - band.low[i]])
        if pick < types:
            i, j = i - pick // limit - 1, j - pick % limit - 1
        elif pick == types:
            i -= 1
        else:
            j -= 1
        path.append((i, j))
    return path[::-1]


@dataclass(frozen=True)
class Posterior:
    """Probabilities under the scores read as log-weights of a distribution over alignments.

    Attributes:
        cuts: (cells,): that the alignment passes the cut.
        beads: (limit² + 2, cells): that it has the bead ending there; last but one deletions, last insertions.
        weight: Logarithm of the sum over all alignments.
    """

    cuts: Floats
    beads: Floats
    weight: float


def posterior(band: Band, limit: int, scores: Floats, delete: Floats, insert: Floats) -> Posterior:
    """Return the probabilities of all cuts and beads in the band (arguments as in :func:`best_path`)."""
    forward = _forward(band, limit, scores, delete, insert)
    backward = _backward(band, limit, scores, delete, insert)
    weight = float(forward[-1])
    cuts = np.exp(np.minimum(forward + backward - weight, 0.0))
    types = limit * limit
    beads = np.empty((types + 2, band.size), np.float32)
    padded = np.append(forward, NOTHING)
    rest = backward - weight
    for kind in range(types):
        before = padded[band.shifted(kind // limit + 1, kind % limit + 1)]
        beads[kind] = np.exp(np.minimum(before + scores[kind] + rest, 0.0))
    beads[types] = np.exp(np.minimum(padded[band.shifted(1, 0)] + delete + rest, 0.0))
    beads[types + 1] = np.exp(np.minimum(padded[band.shifted(0, 1)] + insert + rest, 0.0))
    return Posterior(cuts.astype(np.float32), beads, weight)


def _forward(band: Band, limit: int, scores: Floats, delete: Floats, insert: Floats) -> Doubles:
    types = limit * limit
    total: list[Doubles] = []
    for i, (low, high) in enumerate(zip(band.low.tolist(), band.high.tolist(), strict=True)):
        width, at = high - low, int(band.start[i])
        here = slice(at, at + width)
        window = _windows(band, total, i, low, width, limit)
        candidates = np.empty((types + 1, width))
        candidates[:types] = window[:, 1:].reshape(types, width)
        candidates[:types] += scores[:, here]
        candidates[types] = window[0, 0] + delete[here]
        base = _log_sum(candidates)
        if i == 0:
            base[0] = 0.0
        sums = np.zeros(width)  # nothing can be inserted before the row's first cell
        np.cumsum(insert[at + 1 : at + width], out=sums[1:])
        total.append(np.maximum(np.logaddexp.accumulate(base - sums) + sums, NOTHING))
    return np.concatenate(total)


def _backward(band: Band, limit: int, scores: Floats, delete: Floats, insert: Floats) -> Doubles:
    types = limit * limit
    n = len(band.low) - 1
    total: list[Doubles] = [np.empty(0)] * (n + 1)
    starts, lows, highs = band.start.tolist(), band.low.tolist(), band.high.tolist()
    for i in range(n, -1, -1):
        low, width = lows[i], highs[i] - lows[i]
        # work[a−1, b−1, c] is the weight of all that follows cut (i, low + c − b) by a bead of a and b … shifted so
        # that column c of every b stands for the bead's end; the view below reads it at its beginning.
        work = np.full((limit, limit, width + limit), NOTHING)
        base = np.full(width, NOTHING)
        for a in range(1, min(limit, n - i) + 1):
            row = total[i + a]
            shift = lows[i + a] - low  # the row's first cell in columns of this row
            begin, end = max(shift, 0), min(shift + len(row), width + limit)
            if begin >= end:
                continue
            part = slice(starts[i + a] + begin - shift, starts[i + a] + end - shift)
            kept = row[begin - shift : end - shift]
            work[a - 1, :, begin:end] = scores[(a - 1) * limit : a * limit, part] + kept
            if a == 1:
                inside = min(end, width)
                if begin < inside:
                    base[begin:inside] = (kept + delete[part])[: inside - begin]
        step = work.strides
        view = as_strided(work[:, :, 1:], (limit, limit, width), (step[0], step[1] + step[2], step[2]), writeable=False)
        candidates = np.empty((types + 1, width))
        candidates[:types] = view.reshape(types, width)
        candidates[types] = base
        base = _log_sum(candidates)
        if i == n:
            base[-1] = 0.0
        # An insertion ending at (i, j+1) is paid there: sums[j] is what is paid from column j to the row's end.
        paid = np.zeros(width)
        paid[:-1] = np.cumsum(insert[starts[i] + 1 : starts[i] + width][::-1], dtype=np.float64)[::-1]
        total[i] = np.maximum(np.logaddexp.accumulate((base - paid)[::-1])[::-1] + paid, NOTHING)
    return np.concatenate(total)


def _log_sum(candidates: Doubles) -> Doubles:
    top = candidates.max(axis=0)
    out: Doubles = np.log(np.exp(candidates - top).sum(axis=0)) + top
    return np.maximum(out, NOTHING)
