"""How good an alignment is: cuts and beads found, and whether confidences hold what they promise.

Two measures, each as precision, recall and F1:

* *cut*: a cut is a point (i, j) at which both versions are between two beads. A predicted cut strictly inside a gold
  bead on both sides, a finer split of a coarse bead, counts neither way.
* *strict*: beads with both sides filled must be equal, as Vecalign (Thompson and Koehn 2019) and Bertalign count.

Sums run over documents, then F1 is taken a pair of languages, then the mean over pairs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from workbench.core.grid import Alignment, Bead, Grid
from workbench.errors import UsageError

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are right, predicted and in the gold; counts of several documents add up."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the predicted that is right, 0–1; 0 where nothing is predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that is found, 0–1; 0 where there is no gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0–1."""
        p, r = self.precision, self.recall
        return 2 * p * r / (p + r) if p + r else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Both measures of one document or of many."""

    cut: Counts = field(default_factory=Counts)
    strict: Counts = field(default_factory=Counts)

    def __add__(self, other: Score) -> Score:
        return Score(self.cut + other.cut, self.strict + other.strict)


def in_order(beads: Sequence[Bead]) -> bool:
    """Tell whether both sides run 0, 1, 2 … without crossing or skipping."""
    return all(
        [n for bead in beads for n in (bead.source if side == 0 else bead.target)]
        == list(range(sum(len(bead.source if side == 0 else bead.target) for bead in beads)))
        for side in (0, 1)
    )


def score_alignment(gold: Sequence[Bead], predicted: Sequence[Bead]) -> Score:
    """Compare a prediction with the gold of one document and pair.

    Where the gold crosses or skips segments only the strict measure counts; where only the prediction crosses, no cut
    of it counts as found.

    Args:
        gold: The gold beads.
        predicted: The predicted ones; empty where there is no prediction, so that all is missed.

    Raises:
        UsageError: the prediction misses or repeats a segment, or names numbers the gold does not reach.
    """
    for side, name in ((0, "first"), (1, "second")):
        numbers = sorted(n for bead in predicted for n in (bead.source if side == 0 else bead.target))
        if numbers != list(range(len(numbers))):
            raise UsageError("The prediction misses or repeats segments of the {name} version.", name=name)
    strict = _strict(gold, predicted)
    if not in_order(gold):
        return Score(strict=strict)
    if predicted and not in_order(predicted):
        return Score(Counts(gold=len(_cuts(gold))), strict)
    return Score(_cut_counts(gold, predicted), strict)


def _strict(gold: Sequence[Bead], predicted: Sequence[Bead]) -> Counts:
    want = {(b.source, b.target) for b in gold if b.source and b.target}
    got = {(b.source, b.target) for b in predicted if b.source and b.target}
    return Counts(len(want & got), len(got), len(want))


def _cuts(beads: Iterable[Bead]) -> list[tuple[int, int]]:
    sizes = [(len(bead.source), len(bead.target)) for bead in beads]
    rows = accumulate((a for a, _ in sizes), initial=0)
    columns = accumulate((b for _, b in sizes), initial=0)
    return list(zip(rows, columns, strict=True))


def _cut_counts(gold: Sequence[Bead], predicted: Sequence[Bead]) -> Counts:
    want = _cuts(gold)
    inside = _Inside(want)
    got = {cut for cut in _cuts(predicted) if not inside.strictly(cut)}
    return Counts(len(got.intersection(want)), len(got), len(set(want)))


class _Inside:
    """Tells whether a cut lies strictly inside a gold bead on both sides."""

    def __init__(self, cuts: Sequence[tuple[int, int]]) -> None:
        self.rows = [i for i, _ in cuts]
        self.columns = [j for _, j in cuts]

    def strictly(self, cut: tuple[int, int]) -> bool:
        i, j = cut
        before = bisect_right(self.rows, i) - 1
        # i lies strictly between two gold rows only if it is none of them.
        if before < 0 or before + 1 >= len(self.rows) or self.rows[before] == i:
            return False
        return self.columns[before] < j < self.columns[before + 1]


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a set of documents.

    Attributes:
        pairs: Score of each pair of languages, over all documents.
        documents: Score of each (document, pair).
    """

    pairs: Mapping[Pair, Score]
    documents: Mapping[tuple[str, Pair], Score]

    @property
    def cut(self) -> float:
        """Mean cut F1 of the pairs, 0–1."""
        return sum(score.cut.f1 for score in self.pairs.values()) / max(len(self.pairs), 1)

    @property
    def strict(self) -> float:
        """Mean strict F1 of the pairs, 0–1."""
        return sum(score.strict.f1 for score in self.pairs.values()) / max(len(self.pairs), 1)

    def table(self) -> str:
        """The figures as tab-separated lines: a pair each, then the mean."""
        lines = ["pair\tcut P\tR\tF1\tstrict P\tR\tF1"]
        for (a, b), score in self.pairs.items():
            figures = (x for c in (score.cut, score.strict) for x in (c.precision, c.recall, c.f1))
            lines.append("\t".join((f"{a}-{b}", *(f"{x:.4f}" for x in figures))))
        lines.append(f"mean\t\t\t{self.cut:.4f}\t\t\t{self.strict:.4f}")
        return "\n".join(lines)


def evaluate(documents: Iterable[tuple[str, Alignment, Alignment | None]]) -> Report:
    """Score many documents.

    Args:
        documents: (name, gold, prediction) of each document and pair; a missing prediction counts as all missed.

    Raises:
        UsageError: a prediction misses or repeats a segment; the message names document and pair.
    """
    pairs: dict[Pair, Score] = {}
    found: dict[tuple[str, Pair], Score] = {}
    for name, gold, predicted in documents:
        pair = (gold.source, gold.target)
        try:
            score = score_alignment(gold.beads, predicted.beads if predicted else ())
        except UsageError as error:
            raise UsageError(
                "{name}, {first}-{second}: {error}", name=name, first=pair[0], second=pair[1], error=error
            ) from error
        found[name, pair] = score
        pairs[pair] = pairs.get(pair, Score()) + score
    return Report(pairs, found)


# Confidence ------------------------------------------------------------------------------------------------------


def right_rows(grid: Grid, golds: Sequence[Alignment]) -> list[bool]:
    """Tell for each row of a grid whether every gold alignment bears it out.

    A row is right when, in each pair with a gold alignment, its segments are exactly a gold bead's, or those of a run
    of gold beads' finer parts: both its edges are gold cuts or lie strictly inside a gold bead on both sides. A
    segment left alone is right when the gold leaves it alone too.

    Args:
        grid: The predicted grid.
        golds: Alignments of any pairs of its languages.
    """
    right = [True] * len(grid.rows)
    for gold in golds:
        a, b = grid.column(gold.source), grid.column(gold.target)
        check = _RowCheck(gold.beads)
        for place, row in enumerate(grid.rows):
            if right[place] and (row.cells[a] or row.cells[b]):
                right[place] = check.right(row.cells[a], row.cells[b])
    return right


class _RowCheck:
    """Compares rows with the gold beads of one pair by membership, so that crossing rows need no order."""

    def __init__(self, gold: Sequence[Bead]) -> None:
        self.beads = [bead for bead in gold if bead.source or bead.target]
        self.of_source = {n: k for k, bead in enumerate(self.beads) for n in bead.source}
        self.of_target = {n: k for k, bead in enumerate(self.beads) for n in bead.target}

    def right(self, source: tuple[int, ...], target: tuple[int, ...]) -> bool:
        # Gold that skips segments leaves them alone.
        left = {self.of_source.get(n, -1) for n in source}
        other = {self.of_target.get(n, -1) for n in target}
        if not source or not target:
            alone, sides = (left, 1) if source else (other, 0)
            return all(k < 0 or not (self.beads[k].target if sides else self.beads[k].source) for k in alone)
        if left != other or len(left) != 1 or -1 in left:
            return False
        bead = self.beads[left.pop()]
        # Part of a coarse bead: right when it begins and ends with it on both sides or on neither.
        begins = source[0] == bead.source[0], target[0] == bead.target[0]
        ends = source[-1] == bead.source[-1], target[-1] == bead.target[-1]
        return begins[0] == begins[1] and ends[0] == ends[1]


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether confidences hold what they promise.

    Attributes:
        bins: For each tenth of the confidences that occurs: (mean confidence, share right, number of rows).
        error: Expected calibration error, 0–1: mean distance of the two, weighted by rows.
        found: Share of the wrong rows among the least sure ``reviewed`` share of all rows, 0–1; 1 if none is wrong.
        reviewed: That share.
    """

    bins: tuple[tuple[float, float, int], ...]
    error: float
    found: float
    reviewed: float


def reliability(confidences: Sequence[float], right: Sequence[bool], *, reviewed: float = 0.1) -> Reliability:
    """Compare confidences with what turned out right.

    Args:
        confidences: Of each row, 0–1.
        right: Whether it was right.
        reviewed: Share of the rows that a person would look at, the least sure first.
    """
    rows = sorted(zip(confidences, right, strict=True))
    edges = [k / 10 for k in range(11)]
    values = [c for c, _ in rows]
    bins = []
    for low, high in pairwise(edges):
        first = bisect_left(values, low)
        last = bisect_left(values, high) if high < 1 else len(values)
        part = rows[first:last]
        if part:
            share = sum(ok for _, ok in part) / len(part)
            bins.append((sum(c for c, _ in part) / len(part), share, len(part)))
    error = sum(abs(mean - share) * count for mean, share, count in bins) / max(len(rows), 1)
    wrong = sum(not ok for _, ok in rows)
    seen = sum(not ok for _, ok in rows[: round(reviewed * len(rows))])
    return Reliability(tuple(bins), error, seen / wrong if wrong else 1.0, reviewed)
