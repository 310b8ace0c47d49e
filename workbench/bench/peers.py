"""Peers to measure the aligner against, written from their papers or taken from PyPI.

:func:`bertalign` follows Liu and Zhu (2023), *Bertalign: Improved word embedding-based sentence alignment for
Chinese–English parallel corpora of literary texts*: a first pass finds the best path of 1–1 matches among each
segment's nearest neighbours, a second one beads of up to five segments in a window around it, scored by cosine less
the mean similarity to neighbours (margin) and a penalty on lengths. Joined segments get composed vectors here as in
our own aligner, or encoded ones where the caller passes a function that encodes joins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

Beads = list[tuple[tuple[int, ...], tuple[int, ...]]]
Overlaps = Callable[[int], np.ndarray]
"""Given a number of joined segments k, the (n, d) unit vectors of the k segments that end at each place."""

TOP_K = 3  # neighbours a segment may match in the first pass
MAX_ALIGN = 5  # segments on both sides of a bead together
WINDOW = 5  # half the width of the second pass's window, as published
SKIP = -0.1  # the published price of leaving a segment alone


def composed_overlaps(vectors: np.ndarray, lengths: np.ndarray) -> Overlaps:
    """Return the joins of up to MAX_ALIGN − 1 segments as length-weighted sums of their vectors."""
    weighted = vectors * lengths[:, None]
    total = np.concatenate([np.zeros((1, vectors.shape[1])), np.cumsum(weighted, axis=0)])

    def joined(k: int) -> np.ndarray:
        out = np.zeros_like(vectors)
        out[k - 1 :] = total[k:] - total[: len(total) - k]
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.maximum(norms, 1e-9), np.float32)

    return joined


def bertalign(
    source: np.ndarray,
    target: np.ndarray,
    source_lengths: np.ndarray,
    target_lengths: np.ndarray,
    *,
    source_overlaps: Overlaps | None = None,
    target_overlaps: Overlaps | None = None,
    margin: bool = True,
    skip: float = SKIP,
    top_k: int = TOP_K,
    max_align: int = MAX_ALIGN,
    window: int = WINDOW,
) -> Beads:
    """Align by Bertalign's two passes.

    Args:
        source: (n, d) unit vectors, centred by the caller where that is wanted.
        target: (m, d) likewise.
        source_lengths: (n,) lengths in bytes or characters.
        target_lengths: (m,) likewise.
        source_overlaps: Vectors of joined segments; composed ones unless given.
        target_overlaps: Likewise.
        margin: Take the mean similarity to a bead's neighbours from its own.
        skip: The weight of a segment left alone.
        top_k: Neighbours in the first pass.
        max_align: Segments of a bead, both sides together.
        window: Cells to either side of the first pass's path.

    Returns:
        All beads in order, every segment once.
    """
    n, m = len(source), len(target)
    joins_s = _stack(source_overlaps or composed_overlaps(source, source_lengths), max_align - 1)
    joins_t = _stack(target_overlaps or composed_overlaps(target, target_lengths), max_align - 1)
    path = _first_pass(source @ target.T, top_k)
    low, high = _search_path(path, n, m, window)
    ratio = float(source_lengths.sum() / max(target_lengths.sum(), 1))
    sums_s, sums_t = np.append(0, np.cumsum(source_lengths)), np.append(0, np.cumsum(target_lengths))
    types = [(a, b) for a in range(1, max_align) for b in range(1, max_align) if a + b <= max_align]
    best = np.full((n + 1, m + 1), -np.inf)
    back = np.zeros((n + 1, m + 1), np.int64)
    best[0, 0] = 0.0
    for i in range(n + 1):
        for j in range(low[i], high[i] + 1):
            if i == j == 0:
                continue
            top, pick = -np.inf, 0
            if i and best[i - 1, j] + skip > top:
                top, pick = best[i - 1, j] + skip, -1
            if j and best[i, j - 1] + skip > top:
                top, pick = best[i, j - 1] + skip, -2
            for kind, (a, b) in enumerate(types):
                if a > i or b > j or best[i - a, j - b] == -np.inf:
                    continue
                left, right = joins_s[a - 1, i - 1], joins_t[b - 1, j - 1]
                value = float(left @ right)
                if margin:
                    value -= _neighbours(left, joins_t, j, b, m) / 2 + _neighbours(right, joins_s, i, a, n) / 2
                size_s = sums_s[i] - sums_s[i - a]
                size_t = (sums_t[j] - sums_t[j - b]) * ratio
                value *= np.log2(1 + min(size_s, size_t) / max(size_s, size_t))
                if best[i - a, j - b] + value > top:
                    top, pick = best[i - a, j - b] + value, kind + 1
            best[i, j], back[i, j] = top, pick
    beads: Beads = []
    i, j = n, m
    while i or j:
        pick = int(back[i, j])
        a, b = types[pick - 1] if pick > 0 else ((1, 0) if pick == -1 else (0, 1))
        beads.append((tuple(range(i - a, i)), tuple(range(j - b, j))))
        i, j = i - a, j - b
    return beads[::-1]


def _stack(overlaps: Overlaps, count: int) -> np.ndarray:
    return np.stack([overlaps(k) for k in range(1, count + 1)])


def _neighbours(vector: np.ndarray, joins: np.ndarray, end: int, size: int, count: int) -> float:
    """Mean similarity of a bead's one side to the joins before and after its other side, of the same size."""
    found = []
    if end - size - 1 >= size - 1 and end - size >= 1:
        found.append(float(vector @ joins[size - 1, end - size - 1]))
    if end + size <= count:
        found.append(float(vector @ joins[size - 1, end + size - 1]))
    return sum(found) / len(found) if found else 0.0


def _first_pass(similarity: np.ndarray, top_k: int) -> list[tuple[int, int]]:
    """The heaviest monotone chain of 1–1 matches among each source segment's nearest target segments."""
    n, m = similarity.shape
    k = min(top_k, m)
    nearest = np.argpartition(-similarity, k - 1, axis=1)[:, :k] if n else np.zeros((0, 0), np.int64)
    best = np.zeros((n + 1, m + 1))
    for i in range(1, n + 1):
        row = best[i - 1].copy()
        for j in nearest[i - 1]:
            row[j + 1] = max(row[j + 1], best[i - 1, j] + similarity[i - 1, j])
        best[i] = np.maximum.accumulate(row)
    path = []
    i, j = n, m
    while i and j:
        if best[i, j] == best[i, j - 1]:
            j -= 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            path.append((i, j))
            i, j = i - 1, j - 1
    return path[::-1]


def _search_path(path: Sequence[tuple[int, int]], n: int, m: int, window: int) -> tuple[list[int], list[int]]:
    """The columns the second pass looks at in each row: around the first pass's matches and between them."""
    low, high = [m] * (n + 1), [0] * (n + 1)
    for (i, j), (k, last) in pairwise([(0, 0), *path, (n, m)]):
        for row in range(max(i - 1, 0), k + 1):
            low[row] = min(low[row], max(j - window, 0))
            high[row] = max(high[row], min(last + window, m))
    return low, high


def gale_church(source_lengths: Sequence[int], target_lengths: Sequence[int]) -> Beads:
    """Align by lengths alone with nltk's implementation of Gale and Church (1993).

    Raises:
        ImportError: nltk is not installed.
    """
    from nltk.translate.gale_church import align_blocks

    if not source_lengths or not target_lengths:
        return [((i,), ()) for i in range(len(source_lengths))] + [((), (j,)) for j in range(len(target_lengths))]
    pairs = align_blocks(list(source_lengths), list(target_lengths))
    # nltk names matched pairs only: what shares a segment is one bead, what is not named stands alone.
    beads: Beads = []
    i = j = 0
    groups: list[tuple[set[int], set[int]]] = []
    for s, t in sorted(pairs):
        if groups and (s in groups[-1][0] or t in groups[-1][1]):
            groups[-1][0].add(s)
            groups[-1][1].add(t)
        else:
            groups.append(({s}, {t}))
    for left, right in groups:
        beads += [((k,), ()) for k in range(i, min(left))] + [((), (k,)) for k in range(j, min(right))]
        i, j = max(left) + 1, max(right) + 1
        beads.append((tuple(range(min(left), i)), tuple(range(min(right), j))))
    beads += [((k,), ()) for k in range(i, len(source_lengths))] + [((), (k,)) for k in range(j, len(target_lengths))]
    return beads
