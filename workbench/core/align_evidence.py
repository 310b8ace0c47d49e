"""What speaks for and against a bead: vectors, lengths, and marks in the texts themselves, over a band of cells.

Everything here knows no language: a mark is a digit, a question mark, a capital or a run of letters that two texts
share. How much each weighs is learned, see :mod:`workbench.core.align_weights`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import regex

from workbench.core.align_parts import Bounds, Leaks, Parts, find_leaks, make_parts, part_bounds, whole_parts
from workbench.core.align_search import Band, Doubles, Floats, Integers
from workbench.core.align_vectors import centred, composed_cosines, composed_products, running, single_products, unit
from workbench.core.segmentation import without_codes
from workbench.core.texts import BlockKind, Segment

LETTER_DIMENSIONS = 512  # of the hashed vectors of letter runs; collisions then cost less than the runs tell
RUN = 4  # letters: "proclamer", "proclamar" and "proclaim" share "proc", "rocl", "ocla"
NEIGHBOURS = 4  # the nearest segments whose mean similarity tells how common a segment is (CSLS, Conneau et al. 2018)

_NUMBER = regex.compile(r"\p{Nd}+")
_WORD = regex.compile(r"\p{L}{3,}")
_CLOSING = "\"'’”»)]} \u00a0\u202f"
_OPENING = "\"'‘“«([{—–-¡¿ \u00a0\u202f*•"
_STRONG = ".?!…"
_ENDS = {".": 1, "…": 1, "?": 2, "!": 3, ",": 4, ";": 5, ":": 6}


@dataclass(frozen=True)
class Side:
    """One version as the evidence sees it. Arrays run over its n segments.

    Attributes:
        vectors: (n, d) centred unit vectors times lengths, to be added up over joined segments.
        letters: (n, LETTER_DIMENSIONS) hashed letter runs, weighted by rarity, likewise to be added up.
        lengths: Characters, at least one.
        digits: (n, 64) hashed numbers, one random sign vector a number.
        counts: (n, 5) how many numbers, question marks, exclamation marks, colons or semicolons, quotes or brackets.
        ends: Class of the last mark, 0 for none.
        strong: Whether it ends a sentence.
        capital: Whether it begins with a capital.
        heading: Whether it is a heading.
        block: Number of its block.
        parts: Its clauses.
    """

    vectors: Floats
    letters: Floats
    lengths: Floats
    digits: Floats
    counts: Floats
    ends: Integers
    strong: Integers
    capital: Integers
    heading: Integers
    block: Integers
    parts: Parts

    def __len__(self) -> int:
        return len(self.lengths)


def make_side(segments: Sequence[Segment], vectors: Floats, parts: Sequence[np.ndarray] | None = None) -> Side:
    """Read the marks of a version's segments.

    Args:
        segments: In order.
        vectors: (n, d), of any length, not centred.
        parts: (parts, d) of each segment, for the parts that :func:`workbench.core.align_parts.part_bounds` makes of
            it, not centred; without them each segment is one part.
    """
    texts = [without_codes(segment.text) for segment in segments]
    sizes = np.array([max(len(text), 1) for text in texts], np.float32)
    numbers = [_NUMBER.findall(text) for text in texts]
    digits = np.zeros((len(texts), 64), np.float32)
    for row, found in zip(digits, numbers, strict=True):
        for number in found:
            row += _signs(number)
    counts = np.array(
        [
            (
                len(found),
                text.count("?"),
                text.count("!"),
                text.count(":") + text.count(";"),
                sum(text.count(c) for c in '"“”«»()'),
            )
            for text, found in zip(texts, numbers, strict=True)
        ],
        np.float32,
    ).reshape(len(texts), 5)
    last = [text.rstrip(_CLOSING)[-1:] for text in texts]
    first = [text.lstrip(_OPENING)[:1] for text in texts]
    middle = centred(vectors)
    if parts is None:
        pieces = whole_parts(middle, sizes)
    else:
        pieces = make_parts(centred(np.concatenate(list(parts))), _bounds(texts, parts), sizes)
    return Side(
        vectors=middle * sizes[:, None],
        letters=_letter_vectors(texts),
        lengths=sizes,
        digits=digits,
        counts=counts,
        ends=np.array([_ENDS.get(mark, 0) for mark in last], np.int64),
        strong=np.array([bool(mark) and mark in _STRONG for mark in last], np.int64),
        capital=np.array([letter.isupper() or letter.isdigit() for letter in first], np.int64),
        heading=np.array([segment.kind is BlockKind.HEADING for segment in segments], np.int64),
        block=np.array([segment.block for segment in segments], np.int64),
        parts=pieces,
    )


def _bounds(texts: Sequence[str], parts: Sequence[np.ndarray]) -> list[list[Bounds]]:
    """The parts of each text; one for all where a vector was given for the whole."""
    out = []
    for text, vectors in zip(texts, parts, strict=True):
        bounds = part_bounds(text)
        out.append(bounds if len(bounds) == len(vectors) else [(0, max(len(text), 1))])
    return out


def _signs(number: str) -> Floats:
    """A fixed vector of ±1/8 for a number: its product with itself is 1, with another about 0."""
    bits = crc32(number.encode()) | crc32(b"#" + number.encode()) << 32
    return np.array([0.125 if bits >> k & 1 else -0.125 for k in range(64)], np.float32)


def _letter_vectors(texts: Sequence[str]) -> Floats:
    """Hash the runs of four letters of each text, without accents or case, weighted by rarity in the version."""
    runs = []
    for text in texts:
        plain = "".join(c for c in unicodedata.normalize("NFD", text[:4000].casefold()) if not unicodedata.combining(c))
        found: set[str] = set()
        for word in _WORD.findall(plain):
            framed = "^" + word
            found.update(framed[k : k + RUN] for k in range(max(len(framed) - RUN + 1, 1)))
        runs.append(found)
    frequency = Counter(run for found in runs for run in found)
    places: dict[str, tuple[int, float]] = {}
    for run, count in frequency.items():
        code = crc32(run.encode())
        weight = float(np.log(1 + len(texts) / count)) * (1 if code & 1 else -1)
        places[run] = ((code >> 1) % LETTER_DIMENSIONS, weight)
    out = np.zeros((len(texts), LETTER_DIMENSIONS), np.float32)
    for row, found in zip(out, runs, strict=True):
        for run in found:
            place, weight = places[run]
            row[place] += weight
    return out


class Evidence:
    """The features of every bead that ends in a cell of a band.

    Args:
        band: The cells.
        limit: Most segments a side of a bead.
        source: The first version.
        target: The second.
    """

    def __init__(self, band: Band, limit: int, source: Side, target: Side) -> None:
        self.band, self.limit, self.source, self.target = band, limit, source, target
        self.rows, self.columns = band.rows, band.columns

    @cached_property
    def _single(self) -> Floats:
        """(cells + 1,): cosine of the segments before each cut, 0 outside."""
        return single_products(self.band, unit(self.source.vectors), unit(self.target.vectors))

    @cached_property
    def cosines(self) -> Floats:
        """(limit², cells + 1): cosines of composed vectors; the last column is 0, for cells outside the band."""
        return composed_cosines(self.band, self.limit, self.source.vectors, self.target.vectors)

    @cached_property
    def letter_cosines(self) -> Floats:
        """(limit², cells + 1): likewise of the letter runs."""
        return composed_cosines(self.band, self.limit, self.source.letters, self.target.letters)

    @cached_property
    def number_matches(self) -> Floats:
        """(limit², cells + 1): how many numbers the two sides of a bead share."""
        return composed_products(self.band, self.limit, self.source.digits, self.target.digits)

    @cached_property
    def _common(self) -> tuple[Floats, Floats]:
        """How alike each segment is to its NEIGHBOURS best ones in the band: (n,) and (m,)."""
        return (
            _nearest(self._single[:-1], self.rows - 1, self.columns, len(self.source)),
            _nearest(self._single[:-1], self.columns - 1, self.rows, len(self.target)),
        )

    @cached_property
    def _sums(self) -> tuple[Doubles, Doubles, Doubles, Doubles]:
        """Running sums by cut: lengths times commonness, and (lengths, counts), for source and target."""
        common_s, common_t = self._common
        return (
            running(common_s * self.source.lengths),
            running(common_t * self.target.lengths),
            running(np.column_stack([self.source.lengths, self.source.counts])),
            running(np.column_stack([self.target.lengths, self.target.counts])),
        )

    @cached_property
    def _ratio(self) -> float:
        """Logarithm of how much longer the target is, over the whole versions."""
        return float(np.log(self.target.lengths.sum() / self.source.lengths.sum()))

    FEATURES = (
        "cosine", "margin", "drop", "extend", "letters", "ratio", "gale", "size", "numbers", "odd numbers",
        "questions", "exclamations", "colons", "brackets", "same end", "both strong", "one strong", "both capital",
        "one capital", "segments", "uneven", "1-1", "1-2", "2-2", "1-3", "letter drop", "both colon", "one colon",
        "both weak", "one weak", "next capital", "one next capital", "source leak", "target leak", "larger leak",
        "worst leak", "covered", "all leaks", "edge leak",
    )  # fmt: skip
    """Names of the features of a bead, in order."""

    def features(self, a: int, b: int) -> Floats:
        """Return (features, cells) for the beads of a and b segments; rubbish where such a bead does not fit."""
        kind = (a - 1) * self.limit + b - 1
        i, j = self.rows, self.columns
        i0, j0 = np.maximum(i - a, 0), np.maximum(j - b, 0)
        cosine = self.cosines[kind, :-1]
        common_s, common_t, sums_s, sums_t = self._sums
        of_s, of_t = _last(sums_s, a)[i], _last(sums_t, b)[j]
        size_s, size_t = np.maximum(of_s[:, 0], 1), np.maximum(of_t[:, 0], 1)
        common = _last(common_s, a)[i] / size_s + _last(common_t, b)[j] / size_t
        letters = self.letter_cosines[kind, :-1]
        skew = np.abs(np.log((size_t + 8) / (size_s + 8)) - self._ratio)
        scaled = size_t * np.exp(-self._ratio)
        gale = np.abs(scaled - size_s) / np.sqrt(scaled + size_s)
        match = np.clip(self.number_matches[kind, :-1], 0, 3)
        odd = np.clip(of_s[:, 1] + of_t[:, 1] - 2 * match, 0, 4)
        last_s, last_t = np.maximum(i - 1, 0), np.maximum(j - 1, 0)
        strong_s, strong_t = self.source.strong[last_s], self.target.strong[last_t]
        first_s, first_t = np.minimum(i0, len(self.source) - 1), np.minimum(j0, len(self.target) - 1)
        capital_s, capital_t = self.source.capital[first_s], self.target.capital[first_t]
        marks = np.abs(of_s[:, 2:] - of_t[:, 2:])
        drop, extend = self._edges(self.cosines, a, b)
        letter_drop, _ = self._edges(self.letter_cosines, a, b)
        end_s, end_t = self.source.ends[last_s], self.target.ends[last_t]
        colon_s, colon_t = end_s == 6, end_t == 6
        weak_s, weak_t = (end_s == 4) | (end_s == 5), (end_t == 4) | (end_t == 5)
        next_s, next_t = np.append(self.source.capital, 1)[i], np.append(self.target.capital, 1)[j]
        out = np.empty((len(self.FEATURES), self.band.size), np.float32)
        for row, value in zip(
            out,
            (
                cosine,
                cosine - common / 2,
                drop,
                extend,
                letters,
                skew,
                gale / 4,
                np.log(size_s + size_t) - 5,
                match,
                odd,
                np.minimum(marks[:, 0], 2),
                np.minimum(marks[:, 1], 2),
                np.minimum(marks[:, 2], 3) / 2,
                np.minimum(marks[:, 3], 4) / 2,
                end_s == end_t,
                strong_s & strong_t,
                strong_s ^ strong_t,
                capital_s & capital_t,
                capital_s ^ capital_t,
                ((a + b) / 2 - 1),
                abs(a - b),
                (a == b == 1),
                (sorted((a, b)) == [1, 2]),
                (a == b == 2),
                (sorted((a, b)) == [1, 3]),
                letter_drop,
                colon_s & colon_t,
                colon_s ^ colon_t,
                weak_s & weak_t,
                weak_s ^ weak_t,
                next_s & next_t,
                next_s ^ next_t,
                *self._part_features(kind, size_s, size_t),
            ),
            strict=True,
        ):
            row[:] = value
        return out

    @cached_property
    def leaks(self) -> tuple[Leaks, Leaks]:
        """What the parts of the source, and of the target, say of each bead."""
        return find_leaks(self.band, self.limit, self.source.parts, self.target.parts)

    def _part_features(self, kind: int, size_s: Floats, size_t: Floats) -> tuple[Floats, ...]:
        """The last seven features of a bead; leaks as shares of its characters, or in lines of 40 characters."""
        source, target = self.leaks
        of_s, of_t = source.total[kind] / size_s, target.total[kind] / size_t
        return (
            2 * of_s,
            2 * of_t,
            2 * np.maximum(of_s, of_t),
            np.maximum(source.worst[kind], target.worst[kind]) / 40,
            source.covered[kind] / size_s + target.covered[kind] / size_t,
            np.minimum((source.total[kind] + target.total[kind]) / 40, 3),
            np.maximum(source.edge[kind], target.edge[kind]) / 40,
        )

    def _edges(self, cosines: Floats, a: int, b: int) -> tuple[Floats, Floats]:
        """How much the cosine falls when an edge segment is dropped (least), and rises when one is added (most)."""
        find, i, j, limit = self.band.find, self.rows, self.columns, self.limit
        here = cosines[(a - 1) * limit + b - 1, :-1]

        def at(da: int, db: int, di: int, dj: int) -> Floats:
            place = find(i + di, j + dj) if di or dj else slice(0, -1)
            out: Floats = cosines[(a + da - 1) * limit + b + db - 1, place]
            return out

        falls = []
        if a > 1:
            falls += [here - at(-1, 0, 0, 0), here - at(-1, 0, -1, 0)]
        if b > 1:
            falls += [here - at(0, -1, 0, 0), here - at(0, -1, 0, -1)]
        drop = np.minimum.reduce(falls) if falls else np.zeros_like(here)
        rises = []
        if a < limit:
            rises += [at(1, 0, 0, 0) - here, at(1, 0, 1, 0) - here]
        if b < limit:
            rises += [at(0, 1, 0, 0) - here, at(0, 1, 0, 1) - here]
        extend = np.maximum.reduce(rises) if rises else np.zeros_like(here)
        return drop * 4, np.maximum(extend, -0.5) * 4

    SKIP_FEATURES = (
        "common", "before", "after", "size", "strong", "capital", "numbers", "segments", "one", "inner strong",
        "inner capital", "next capital", "previous strong", "best answer", "near answer",
    )  # fmt: skip
    """Names of the features of segments left alone, in order."""

    def skip_features(self, count: int, *, of_source: bool) -> Floats:
        """Return (skip features, cells) for leaving alone the last ``count`` source (or target) segments."""
        i, j, find = self.rows, self.columns, self.band.find
        if of_source:
            side, common, sums, end = self.source, self._sums[0], self._sums[2], i
        else:
            side, common, sums, end = self.target, self._sums[1], self._sums[3], j
        begin = np.maximum(end - count, 0)
        total = sums[end] - sums[begin]
        size = np.maximum(total[:, 0], 1)
        before = np.full(self.band.size, -1.0, np.float32)
        after = before.copy()
        for k in range(count):
            # Each of the segments against the neighbours that the other side has before and after the gap.
            di, dj = (-k, 0) if of_source else (0, -k)
            before = np.maximum(before, self._single[find(i + di, j + dj)])
            after = np.maximum(after, self._single[find(i + di + (not of_source), j + dj + of_source)])
        strong, capital = running(side.strong), running(side.capital)
        inner_strong = strong[np.maximum(end - 1, 0)] - strong[np.minimum(begin, np.maximum(end - 1, 0))]
        inner_capital = capital[end] - capital[np.minimum(begin + 1, end)]
        last = np.maximum(end - 1, 0)
        out = np.empty((len(self.SKIP_FEATURES), self.band.size), np.float32)
        for row, value in zip(
            out,
            (
                (common[end] - common[begin]) / size,
                np.maximum(before, after),
                np.minimum(before, after),
                np.log(size) - 4,
                side.strong[last],
                side.capital[np.minimum(begin, len(side) - 1)],
                np.minimum(total[:, 1], 3),
                (count - 1),
                (count == 1),
                inner_strong,
                inner_capital,
                np.append(side.capital, 1)[end],
                np.append(side.strong, 1)[np.where(begin > 0, begin - 1, len(side))],
                *self._answers(count, size, begin, end, of_source=of_source),
            ),
            strict=True,
        ):
            row[:] = value
        return out

    def _answers(
        self, count: int, size: Doubles, begin: Integers, end: Integers, *, of_source: bool
    ) -> tuple[Doubles, Doubles]:
        """How well the parts of segments left alone are answered anywhere, and by the two segments on either hand."""
        leaks = self.leaks[0 if of_source else 1]
        best = running(leaks.best)
        covered = leaks.single[min(2, self.limit) - 1]
        near = np.zeros(self.band.size, np.float32)
        for k in range(count):
            i, j = (self.rows - k, self.columns) if of_source else (self.rows, self.columns - k)
            after = (i, j + 2) if of_source else (i + 2, j)
            near += np.maximum(covered[self.band.find(i, j)], covered[self.band.find(*after)])
        return (best[end] - best[begin]) / size, near / size


def _last(sums: Doubles, count: int) -> Floats:
    """Differences of running sums: over the last ``count`` segments before each cut, or as many as there are."""
    before = np.concatenate([np.repeat(sums[:1], min(count, len(sums)), axis=0), sums[:-count]])[: len(sums)]
    out: Floats = (sums - before).astype(np.float32)
    return out


def _nearest(products: Floats, place: Integers, other: Integers, count: int) -> Floats:
    """Mean of the NEIGHBOURS largest products of each segment, over the cells of the band."""
    inside = (place >= 0) & (other > 0)
    place, products = place[inside], products[inside]
    order = np.lexsort((-products, place))
    place, products = place[order], products[order]
    first = np.searchsorted(place, np.arange(count))
    rank = np.arange(len(place)) - first[place]
    kept = rank < NEIGHBOURS
    total = np.bincount(place[kept], products[kept], minlength=count)
    number = np.bincount(place[kept], minlength=count)
    return (total / np.maximum(number, 1)).astype(np.float32)
