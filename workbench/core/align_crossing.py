"""Lists in another order: matches that cross the monotone path, taken only where they explain a stretch better."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from workbench.core.align_evidence import Side
from workbench.core.align_pairs import pair_scores, total_weight
from workbench.core.align_pieces import pick
from workbench.core.align_search import Cut, Floats, Integers, band_around, full_band
from workbench.core.align_vectors import single_products, unit

NEAR = 30  # segments off the path at which a moved one is looked for: longer than the lists people reorder
LEAST_COSINE = 0.35  # of centred vectors; translations have 0.5 and more, unrelated segments around 0
LETTERS = 0.5  # weight of shared letter runs beside the vectors, for names and cognates
WINDOW = 60  # segments a side of the largest stretch that is compared both ways

# A match out of order must be worth this much more, as a log-weight, than the stretch explained in order: without it
# formulas that recur ("and he said") would be paired across each other.
PRICE = 2.0
ALONE_PRICE = 3.0  # about what a segment left alone weighs
GAIN = 3.0
# The farther a segment has moved, the more segments it could have been taken for. On gold in order, a lone match 12
# segments off was worth 3.3, one 30 off 3.0; blocks of one to four moved on purpose by up to seven are worth 4 to 20.
GAIN_PER_STEP = 0.15

Match = tuple[int, int]


def crossing_matches(source: Side, target: Side, path: Sequence[Cut]) -> list[Match]:
    """Find 1–1 matches that cross a monotone alignment, as (source, target) places in the order of the source.

    Segments that are each other's nearest form chains; what the heaviest chain in order leaves out is a candidate. A
    group of candidates is taken when matching them across, and aligning what remains in order, outweighs aligning all
    in order.

    Args:
        source: The first version.
        target: The second.
        path: Their best monotone alignment.
    """
    matches, weights = _mutual(source, target, path)
    if len(matches) < 2:
        return []
    kept = _heaviest_in_order(matches, weights)
    outside = [matches[k] for k in range(len(matches)) if k not in kept]
    out: list[Match] = []
    for group in _groups(outside, path):
        out += _worth_it(group, source, target, path)
    return sorted(out)


def _mutual(source: Side, target: Side, path: Sequence[Cut]) -> tuple[list[Match], Floats]:
    """Pairs of segments near the path each of which is the other's nearest, with their similarity."""
    band = band_around(path, len(source), len(target), NEAR)
    cosine = single_products(band, unit(source.vectors), unit(target.vectors))[:-1]
    value = cosine + LETTERS * single_products(band, unit(source.letters), unit(target.letters))[:-1]
    inside = (band.rows > 0) & (band.columns > 0)
    rows, columns = band.rows[inside] - 1, band.columns[inside] - 1
    value, cosine = value[inside], cosine[inside]
    best_of_row = _first_of(rows, value)
    best_of_column = _first_of(columns, value)
    both = np.intersect1d(best_of_row, best_of_column)
    both = both[cosine[both] >= LEAST_COSINE]
    both = both[np.argsort(rows[both], kind="stable")]
    return list(zip(rows[both].tolist(), columns[both].tolist(), strict=True)), value[both]


def _first_of(place: Integers, value: Floats) -> Integers:
    """For each place the entry of the largest value."""
    order = np.lexsort((-value, place))
    ordered = place[order]
    first = np.ones(len(order), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return order[first]


def _heaviest_in_order(matches: Sequence[Match], weights: Floats) -> set[int]:
    """Places of the heaviest run of matches that is in order on both sides (a Fenwick tree of best sums)."""
    size = max(j for _, j in matches) + 2
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    back = [-1] * len(matches)
    for k, (_, j) in enumerate(matches):
        best = (0.0, -1)
        at = j
        while at > 0:
            best = max(best, tree[at])
            at -= at & -at
        back[k] = best[1]
        here = (best[0] + float(weights[k]), k)
        at = j + 1
        while at <= size:
            tree[at] = max(tree[at], here)
            at += at & -at
    best = (0.0, -1)
    at = size
    while at > 0:
        best = max(best, tree[at])
        at -= at & -at
    kept: set[int] = set()
    k = best[1]
    while k >= 0:
        kept.add(k)
        k = back[k]
    return kept


def _groups(matches: Sequence[Match], path: Sequence[Cut]) -> list[list[Match]]:
    """Put together what crosses the same stretch of the path."""
    spans = []
    firsts, seconds = [i for i, _ in path], [j for _, j in path]
    for i, j in matches:
        # From where the path passes the one to where it passes the other, in steps of the path.
        a, b = bisect_right(firsts, i) - 1, bisect_right(seconds, j) - 1
        spans.append((min(a, b), max(a, b) + 1, (i, j)))
    spans.sort()
    groups: list[list[Match]] = []
    end = -1
    for low, high, match in spans:
        if groups and low <= end + 1:
            groups[-1].append(match)
        else:
            groups.append([match])
        end = max(end, high)
    return groups


def _worth_it(group: Sequence[Match], source: Side, target: Side, path: Sequence[Cut]) -> list[Match]:
    """Return the group's matches if they explain their stretch better than any alignment in order, or nothing."""
    firsts, seconds = [i for i, _ in path], [j for _, j in path]
    low = min(bisect_right(firsts, min(i for i, _ in group)) - 1, bisect_right(seconds, min(j for _, j in group)) - 1)
    high = max(bisect_left(firsts, max(i for i, _ in group) + 1), bisect_left(seconds, max(j for _, j in group) + 1))
    (i0, j0), (i1, j1) = path[max(low - 2, 0)], path[min(high + 2, len(path) - 1)]
    n, m = i1 - i0, j1 - j0
    if max(n, m) > WINDOW:
        return []
    inner_s, inner_t = pick(source, np.arange(i0, i1)), pick(target, np.arange(j0, j1))
    limit = 4
    band = full_band(n, m)
    scores = pair_scores(band, limit, inner_s, inner_t)
    in_order = total_weight(band, scores)
    across = sum(float(scores.beads[0, band.start[i - i0 + 1] + j - j0 + 1]) - PRICE for i, j in group)
    rest_i = np.setdiff1d(np.arange(n), [i - i0 for i, _ in group])
    rest_j = np.setdiff1d(np.arange(m), [j - j0 for _, j in group])
    if len(rest_i) and len(rest_j):
        band = full_band(len(rest_i), len(rest_j))
        across += total_weight(band, pair_scores(band, limit, pick(inner_s, rest_i), pick(inner_t, rest_j)))
    else:
        across -= ALONE_PRICE * (len(rest_i) + len(rest_j))
    steps = max(abs(seconds[bisect_right(firsts, i) - 1] - j) for i, j in group)
    return list(group) if across > in_order + GAIN + GAIN_PER_STEP * steps else []
