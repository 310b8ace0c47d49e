"""The grid: all the versions of a text aligned at once.

Every pair of versions is aligned; what the others say of each cut goes into the weights of the pair's beads, and the
pair is aligned again; one chain of cuts through all versions is chosen from the probabilities
(:mod:`workbench.core.align_joint`). Pairs read off the grid are better than pairs aligned alone, since two languages'
agreement tells where the other two must be cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np

from workbench.core.align_crossing import crossing_matches
from workbench.core.align_evidence import Side, make_side
from workbench.core.align_joint import Cuts, PairKey, Point, best_chain, candidates, testimony
from workbench.core.align_pairs import PairResult, Weighed, decide, solve_pair, weigh_pair
from workbench.core.align_pieces import pick
from workbench.core.align_search import Cut
from workbench.core.aligners import MAX_BEAD, check_limit, check_vectors
from workbench.core.confidence import SURE, Edges, judge
from workbench.core.grid import Grid, Numbers, Row
from workbench.core.texts import Segment
from workbench.errors import UsageError

ALIGNER = "workbench 3"
"""Name of this way to align; the number rises when the same versions may get another grid."""


@dataclass(frozen=True)
class Column:
    """One version as the aligner sees it.

    Attributes:
        language: Its code, the name of its column.
        segments: Its segments in order.
        vectors: (n, d) unit vectors of the segments, all columns from one encoder.
        parts: (parts, d) of each segment, for the clauses that :func:`workbench.core.align_parts.part_bounds` makes of
            it; without them alignment is a little less sure of itself.
    """

    language: str
    segments: Sequence[Segment]
    vectors: np.ndarray
    parts: Sequence[np.ndarray] | None = None


def align_grid(columns: Sequence[Column], *, fixed: Sequence[Row] = (), max_bead: int = MAX_BEAD) -> Grid:
    """Align all the versions of a text jointly, in time and memory that grow with their lengths' sum.

    Args:
        columns: One to as many versions as there are, the original first where one is known: rows follow its order.
        fixed: Rows that a person has confirmed or edited, cells in the order of ``columns``; they stand in the result
            with their flags, and only what lies between them is aligned.
        max_bead: Most segments of one language in a row, 1–8 (fixed rows may hold more).

    Returns:
        A grid whose cells are the 0-based places of the segments, every segment in exactly one row, each row with its
        probability of being right and the reasons where it is low; rows that break a column's order are marked.

    Raises:
        UsageError: no column, a language twice, vectors and segments that differ in number, or fixed rows that do not
            fit the columns.
    """
    return judge(*align_rows(columns, fixed=fixed, max_bead=max_bead))


def align_rows(
    columns: Sequence[Column], *, fixed: Sequence[Row] = (), max_bead: int = MAX_BEAD
) -> tuple[Grid, list[Side | None], dict[tuple[Numbers, ...], Edges]]:
    """Align like :func:`align_grid`; return the grid without confidences, and what they are computed from.

    Returns:
        The grid, each column's evidence (``None`` for an empty one), and by a row's cells what the joint search thinks
        of its edges: the arguments of :func:`workbench.core.confidence.judge`.
    """
    languages = _check(columns, fixed, max_bead)
    counts = [len(column.segments) for column in columns]
    full = [make_side(c.segments, c.vectors, c.parts) if c.segments else None for c in columns]
    standing, moved = _split_fixed([row for row in fixed if not row.empty], languages)
    # Versions without segments take no part; their cells stay empty.
    present = [c for c, count in enumerate(counts) if count]
    taken = [{n for row in moved for n in row.cells[c]} for c in range(len(columns))]
    across, known = _find_crossing(full, present, fixed, max_bead)
    for c, found in across.items():
        taken[c] |= set(found)
    if across:
        # What crosses in all other versions has left the first one's order too: a row of its own, put in later.
        taken[present[0]] |= set.intersection(*(set(found.values()) for found in across.values()))
    kept = {c: np.array([n for n in range(counts[c]) if n not in taken[c]], np.int64) for c in present}
    active = [c for c in present if len(kept[c])]
    rows: list[Row] = []
    edges: dict[tuple[Numbers, ...], Edges] = {}
    if len(active) == 1:
        place = {int(n): k for k, row in enumerate(standing) for n in row.cells[active[0]]}
        used: set[int] = set()
        for n in kept[active[0]].tolist():
            if n not in place:
                rows.append(Row(tuple((n,) if c == active[0] else () for c in range(len(columns)))))
            elif place[n] not in used:
                used.add(place[n])
                rows.append(standing[place[n]])
    elif active:
        sides = [pick(_side(full[c]), kept[c]) for c in active]
        spans = [_span(row, active, kept) for row in standing]
        solved = _solve(sides, spans, max_bead, known if not any(taken) and not fixed else {})
        for chances, cells, number in solved:
            if number is not None:
                rows.append(standing[number])
                continue
            real: list[Numbers] = [()] * len(columns)
            for c, (low, high) in zip(active, cells, strict=True):
                real[c] = tuple(int(n) for n in kept[c][low:high])
            rows.append(Row(tuple(real)))
            edges[tuple(real)] = chances
    rows = _limited(rows, max_bead)
    whole = taken[present[0]] - {n for row in moved for n in row.cells[present[0]]} if across else set()
    rows = _insert(
        rows, [Row(tuple((n,) if c == present[0] else () for c in range(len(columns)))) for n in sorted(whole)]
    )
    rows = _with_crossing(rows, across, present[0] if across else 0)
    rows = _insert(rows, moved)
    grid = Grid(languages, tuple(rows)).with_crossings()
    grid.check_complete(counts)
    return grid, full, edges


def _check(columns: Sequence[Column], fixed: Sequence[Row], max_bead: int) -> tuple[str, ...]:
    if not columns:
        raise UsageError("There is nothing to align: give at least one version.")
    check_limit(max_bead)
    languages = tuple(column.language for column in columns)
    if len(set(languages)) < len(languages):
        raise UsageError(
            "Two versions have the same language ({languages}): each may stand once.", languages=", ".join(languages)
        )
    for column in columns:
        check_vectors(column.segments, column.vectors, column.language)
    Grid(languages, tuple(fixed))
    for c, column in enumerate(columns):
        for row in fixed:
            for n in row.cells[c]:
                if not 0 <= n < len(column.segments):
                    raise UsageError(
                        "A confirmed row names {language} segment {n}, but the text has only {segments}.",
                        language=column.language,
                        n=n,
                        segments=len(column.segments),
                    )
    return languages


def _side(side: Side | None) -> Side:
    assert side is not None
    return side


def _split_fixed(fixed: Sequence[Row], languages: tuple[str, ...]) -> tuple[list[Row], list[Row]]:
    """Part the fixed rows into those in order, which bound what lies between, and those that stand across it."""
    ordered = _by_first_column(fixed)
    marked = Grid(languages, tuple(ordered)).with_crossings()
    standing: list[Row] = []
    moved: list[Row] = []
    for old, new in zip(ordered, marked.rows, strict=True):
        gaps = any(cell and cell != tuple(range(cell[0], cell[0] + len(cell))) for cell in old.cells)
        (moved if new.crossing or gaps else standing).append(old)
    return standing, moved


def _by_first_column(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by their first cell; a row without one stays behind the row it follows."""
    keys: list[tuple[int, int]] = []
    last = -1
    for place, row in enumerate(rows):
        last = row.cells[0][0] if row.cells[0] else last
        keys.append((last, place))
    return [rows[k] for _, k in sorted(keys)]


Span = tuple[tuple[int, int] | None, ...]
"""For each active column the (first, last + 1) reduced places of a fixed row, ``None`` where its cell is empty."""


def _span(row: Row, active: Sequence[int], kept: dict[int, np.ndarray]) -> Span:
    out: list[tuple[int, int] | None] = []
    for c in active:
        cell = row.cells[c]
        if cell:
            first = int(np.searchsorted(kept[c], cell[0]))
            out.append((first, first + len(cell)))
        else:
            out.append(None)
    return tuple(out)


# Segments of all versions up to which the weights of beads are kept for the second pass (40 MB a pair at most); beyond,
# they are computed again.
KEPT = 20_000

Solved = tuple[Edges, list[tuple[int, int]], int | None]
"""A row: its edges' probabilities, (first, last + 1) by column, and the number of the fixed row if it is one."""


def _solve(
    sides: Sequence[Side], fixed: Sequence[Span], limit: int, known: Mapping[PairKey, PairResult]
) -> list[Solved]:
    """Align columns jointly around fixed rows."""
    sizes = [len(side) for side in sides]
    keys = list(combinations(range(len(sides)), 2))
    cuts: dict[PairKey, Cuts] = {}
    kept: dict[PairKey, Sequence[Weighed]] = {}

    def weigh(a: int, b: int) -> Sequence[Weighed]:
        held = [((sa[0], sb[0]), (sa[1], sb[1])) for span in fixed if (sa := span[a]) is not None and (sb := span[b])]
        return weigh_pair(sides[a], sides[b], limit, fixed=held)

    for a, b in keys:
        result = known.get((a, b))
        weighed = result.weighed if result else weigh(a, b)
        result = result or decide(weighed, limit)
        cuts[a, b] = Cuts(result.rows, result.columns, result.probabilities, (sizes[a], sizes[b]))
        if sum(sizes) <= KEPT:
            kept[a, b] = weighed
    if len(sides) > 2:
        told = testimony(cuts, len(sides))
        for a, b in keys:
            result = decide(kept.get((a, b)) or weigh(a, b), limit, told=told[a, b])
            cuts[a, b] = Cuts(result.rows, result.columns, result.probabilities, (sizes[a], sizes[b]))
    chains = _Chains(cuts, sizes, limit, result.path if result and len(keys) == 1 else None)
    rows: list[Solved] = []
    at: Point = (0,) * len(sides)
    for number, (start, end) in [*enumerate(_forced(fixed, cuts, sizes)), (None, (tuple(sizes), tuple(sizes)))]:
        rows += chains.between(at, start)
        if number is not None:
            rows.append((SURE, list(zip(start, end, strict=True)), number))
        at = end
    return rows


def _forced(fixed: Sequence[Span], cuts: dict[PairKey, Cuts], sizes: Sequence[int]) -> list[tuple[Point, Point]]:
    """Choose where each fixed row stands in the columns it has no cell in: where the others think the cut is."""
    out: list[tuple[Point, Point]] = []
    at = [0] * len(sizes)
    for number, span in enumerate(fixed):
        start, end = [0] * len(sizes), [0] * len(sizes)
        for c, cell in enumerate(span):
            if cell is not None:
                start[c], end[c] = cell
                continue
            later = (s[c] for s in fixed[number + 1 :])
            room = next((cell[0] for cell in later if cell is not None), sizes[c])
            places = np.arange(at[c], room + 1)
            total = np.zeros(len(places))
            for other, held in enumerate(span):
                if held is None:
                    continue
                for k in held:
                    fill = np.full(len(places), k)
                    table, one, two = (cuts[other, c], fill, places) if other < c else (cuts[c, other], places, fill)
                    total += table.look_up(one, two)
            start[c] = end[c] = int(places[int(total.argmax())])
        at = end
        out.append((tuple(start), tuple(end)))
    return out


class _Chains:
    """Finds the best chain between two points; of two versions, the path of their pair is the chain already.

    Args:
        cuts: Probable cuts of each pair of columns.
        sizes: Number of segments of each column.
        limit: Most segments of one column in a row.
        path: The only pair's best path.
    """

    def __init__(self, cuts: dict[PairKey, Cuts], sizes: Sequence[int], limit: int, path: Sequence[Cut] | None) -> None:
        self.cuts, self.keys, self.limit, self.path = cuts, list(cuts), limit, path
        if path is None:
            self.points, self.gains = candidates(cuts, sizes)

    def between(self, start: Point, end: Point) -> list[Solved]:
        """Return the rows between two points."""
        if start == end:
            return []
        if self.path is not None:
            chain = np.array([p for p in self.path if start <= p <= end and start[1] <= p[1] <= end[1]])
        else:
            points = self.points
            inside = ((points >= start) & (points <= end)).all(axis=1)
            inside &= (points != start).any(axis=1) & (points != end).any(axis=1)
            chosen = np.concatenate([[start], points[inside], [end]])
            edge = np.zeros((1, len(self.keys)), np.float32)
            weights = np.concatenate([edge, self.gains[inside], edge])
            chain = chosen[best_chain(chosen, weights, self.keys, self.limit)]
        chances = _chances(chain, self.cuts, self.keys)
        return [
            ((*chances[k], *chances[k + 1]), list(zip(low, high, strict=True)), None)
            for k, (low, high) in enumerate(pairwise(chain.tolist()))
        ]


def _chances(chain: np.ndarray, cuts: dict[PairKey, Cuts], keys: Sequence[PairKey]) -> list[tuple[float, float]]:
    """The least and the mean probability that the pairs give each point of a chain; its ends are certain."""
    every = np.array([cuts[a, b].look_up(chain[:, a], chain[:, b]) for a, b in keys])
    every[:, [0, -1]] = 1.0
    return list(zip(every.min(axis=0).tolist(), every.mean(axis=0).tolist(), strict=True))


def _limited(rows: Sequence[Row], limit: int) -> list[Row]:
    """Part what a row holds beyond the limit from it: such rows stand alone, one a segment."""
    out: list[Row] = []
    for row in rows:
        if row.confirmed or max(len(cell) for cell in row.cells) <= limit:
            out.append(row)
            continue
        out.append(replace(row, cells=tuple(cell[:limit] for cell in row.cells)))
        for c, cell in enumerate(row.cells):
            out += [Row(tuple((n,) if k == c else () for k in range(len(row.cells)))) for n in cell[limit:]]
    return out


def _find_crossing(
    full: Sequence[Side | None], present: Sequence[int], fixed: Sequence[Row], limit: int
) -> tuple[dict[int, dict[int, int]], dict[PairKey, PairResult]]:
    """For each column but the first present: its segments that cross, each with the first column's it answers.

    The pairs' results come with them (numbered among the columns present), since most texts have nothing that crosses.
    """
    if len(present) < 2:
        return {}, {}
    first, *others = present
    held = [{n for row in fixed for n in row.cells[c]} for c in range(len(full))]
    out: dict[int, dict[int, int]] = {}
    known: dict[PairKey, PairResult] = {}
    for place, c in enumerate(others, start=1):
        known[0, place] = solve_pair(_side(full[first]), _side(full[c]), limit)
        found = crossing_matches(_side(full[first]), _side(full[c]), known[0, place].path)
        out[c] = {j: i for i, j in found if i not in held[first] and j not in held[c]}
    return out, known


def _with_crossing(rows: Sequence[Row], across: dict[int, dict[int, int]], first: int) -> list[Row]:
    """Put the segments that cross into the rows of what they answer; where those have a cell, into a row of theirs."""
    out = list(rows)
    lost: list[Row] = []
    where = {n: k for k, row in enumerate(out) for n in row.cells[first]}
    for c, found in across.items():
        for j, i in sorted(found.items()):
            k = where.get(i)
            if k is not None and not out[k].cells[c] and not out[k].confirmed:
                cells = list(out[k].cells)
                cells[c] = (j,)
                out[k] = replace(out[k], cells=tuple(cells))
            else:
                lost.append(Row(tuple((j,) if p == c else () for p in range(len(out[0].cells)))))
    return _insert(out, lost)


def _insert(rows: Sequence[Row], more: Sequence[Row]) -> list[Row]:
    """Put rows where their first filled column says, behind the row that holds what comes before."""
    out = list(rows)
    for row in more:
        c = next(k for k, cell in enumerate(row.cells) if cell)
        earlier = [k for k, other in enumerate(out) if other.cells[c] and other.cells[c][0] < row.cells[c][0]]
        out.insert(earlier[-1] + 1 if earlier else 0, row)
    return out
