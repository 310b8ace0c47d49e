"""A fuzzy index over one language's segments: 256-bit trigram signatures, a length window, then true comparison.

A segment's signature has a bit set for every hashed trigram of its key's bytes (after superimposed coding, Mooers
1947, and signature files, Faloutsos and Christodoulakis 1984). A look-up counts the common bits of those segments
whose length allows the wanted likeness at all, and compares only the best few hundred character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from workbench.core.matching import FUZZY_FLOOR, MAX_FUZZY_CHARACTERS, similarity

BITS = 256
_WORDS = BITS // 64
_MULTIPLIER = np.uint32(2_654_435_761)  # Knuth's multiplicative hashing: 2**32 over the golden ratio
CANDIDATES = 400  # compared truly; 200 found the best of 48 on 100,000 segments, doubled for a margin at 1,000,000
RESCORED = 40  # of these the best by characters are compared by words as well
# Likeness by characters, as a share of the likeness wanted, below which words never make up for it. Lengths need no
# such allowance: a segment with a third of the words missing lacks about a third of the characters.
CHARACTER_SHARE = 0.9
SPELLING_MARGIN = 4.99  # at 70 % of the characters alike a match is taken whatever its words
# Dice's share of common bits below which two segments are never FUZZY_FLOOR alike. Long segments set many bits, and
# two of them share about as large a part of theirs by chance as the query sets of all: what counts lies above that.
# (With a third of the letters changed one by one, the worst case, a third of the trigrams is left, besides chance.)
COMMON_BITS = 0.28
ABOVE_CHANCE = 0.12  # of what chance leaves
MOST_ASKED = 0.85  # segments of a page set nearly all bits: their signatures tell little, but they are few
ENOUGH = 4 * CANDIDATES  # found so far: of these only the best are kept, and what follows has to be better
# When the changed part has grown to this share of the whole, both are joined, but not for fewer segments than these.
MERGE_SHARE = 0.05
MERGE_LEAST = 2_000
_BLOCK = 32_768  # segments compared at once: their bits are 256 KB, an eighth of a second-level cache of today
_FINE = 7  # bits of a share's fraction: 255 common bits shifted so far still are a whole number of 16 bits
_CHUNK = 16_384  # segments whose bits are set at once: 4 MB


@dataclass(frozen=True, slots=True)
class Part:
    """Segments sorted by length, in columns.

    Attributes:
        ids: Numbers of the units, int64 (n,); a unit with two regional variants stands twice.
        lengths: Characters of the keys, int32 (n,), ascending.
        counts: Bits set, int16 (n,).
        signatures: uint64 (4, n): one row for each 64 bits, so that a window is four contiguous runs.
        starts: int64 (n,) and ``sizes`` int32 (n,): where the key's UTF-8 bytes stand in ``keys``.
        keys: All keys' bytes, uint8.
    """

    ids: np.ndarray
    lengths: np.ndarray
    counts: np.ndarray
    signatures: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    keys: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def texts(self, places: np.ndarray) -> list[str]:
        """Return keys by their places."""
        starts = self.starts[places]
        bounds = zip(starts.tolist(), (starts + self.sizes[places]).tolist(), strict=True)
        keys = self.keys.data  # a slice of it costs a fifth of an array's
        return [str(keys[start:end], "utf-8", "surrogatepass") for start, end in bounds]


def build_part(items: Iterable[tuple[int, str]]) -> Part:
    """Build a part from (unit number, key) pairs; keys longer than can be compared are left out."""
    ids: list[int] = []
    lengths: list[int] = []
    encoded: list[bytes] = []
    for number, key in items:
        if 0 < len(key) <= MAX_FUZZY_CHARACTERS:
            ids.append(number)
            lengths.append(len(key))
            encoded.append(key.encode(errors="surrogatepass"))
    order = np.argsort(np.array(lengths, np.int32), kind="stable")
    encoded = [encoded[k] for k in order]
    sizes = np.array([len(key) for key in encoded], np.int32)
    starts = np.cumsum(sizes, dtype=np.int64) - sizes
    keys = np.frombuffer(b"".join(encoded), np.uint8)
    signatures = np.empty((_WORDS, len(ids)), np.uint64)
    for start in range(0, len(ids), _CHUNK):
        end = min(start + _CHUNK, len(ids))
        signatures[:, start:end] = signature_columns(encoded[start:end])
    counts = np.zeros(len(ids), np.int16)
    for row in signatures:
        counts += np.bitwise_count(row)
    return Part(
        np.array(ids, np.int64)[order], np.array(lengths, np.int32)[order], counts, signatures, starts, sizes, keys
    )


def signature_columns(encoded: Sequence[bytes]) -> np.ndarray:
    """Return the signatures of UTF-8 keys: uint64 of shape (4, number of keys)."""
    padded = np.frombuffer(b"".join(b" " + key + b" " for key in encoded), np.uint8).astype(np.uint32)
    sizes = np.array([len(key) + 2 for key in encoded], np.int64)
    marks = np.zeros((len(encoded), BITS), np.bool_)
    if len(padded) >= 3:
        trigrams = padded[:-2] << 16 | padded[1:-1] << 8 | padded[2:]
        bits = (trigrams * _MULTIPLIER) >> np.uint32(24)
        owner = np.repeat(np.arange(len(encoded)), sizes)[:-2]
        ends = np.cumsum(sizes)
        inside = np.ones(len(owner), np.bool_)  # a trigram must not reach into the next key
        for back in (1, 2):
            at = ends - back
            inside[at[at < len(owner)]] = False
        marks[owner[inside], bits[inside]] = True
    return np.ascontiguousarray(np.packbits(marks, axis=1).view(np.uint64).T)


def _chosen(part: Part, places: np.ndarray) -> Part:
    """Return some of a part's segments, by ascending place."""
    if len(places) == len(part):
        return part
    return Part(
        part.ids[places], part.lengths[places], part.counts[places], np.ascontiguousarray(part.signatures[:, places]),
        part.starts[places], part.sizes[places], part.keys,
    )  # fmt: skip


def _joined(first: Part, second: Part) -> Part:
    """Return two parts in one, nothing computed anew; bytes of keys that no segment has any more are left out."""
    if not len(first) or not len(second):
        return first if len(first) else second
    lengths = np.concatenate([first.lengths, second.lengths])
    order = np.argsort(lengths, kind="stable")
    if len(first.keys) > 2 * int(first.sizes.sum()):
        first = _packed(first)
    return Part(
        np.concatenate([first.ids, second.ids])[order],
        lengths[order],
        np.concatenate([first.counts, second.counts])[order],
        np.ascontiguousarray(np.concatenate([first.signatures, second.signatures], axis=1)[:, order]),
        np.concatenate([first.starts, second.starts + len(first.keys)])[order],
        np.concatenate([first.sizes, second.sizes])[order],
        np.concatenate([first.keys, second.keys]),
    )


def _packed(part: Part) -> Part:
    """Return a part whose keys stand one behind the other."""
    sizes = part.sizes.astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    return replace(part, starts=starts, keys=part.keys[np.repeat(part.starts - starts, sizes) + np.arange(sizes.sum())])


class FuzzyIndex:
    """An immutable index: a large part, a small changed one, and the units of the large one that changed or went.

    Threads may look up in it while another makes the next one with :meth:`updated`.
    """

    def __init__(self, main: Part, tail: Part | None = None, gone: np.ndarray | None = None) -> None:
        self.main = main
        self.tail = tail if tail is not None else build_part(())
        self.gone = gone if gone is not None else np.zeros(0, np.int64)

    def __len__(self) -> int:
        return len(self.main) - int(np.isin(self.main.ids, self.gone).sum()) + len(self.tail)

    @classmethod
    def build(cls, items: Iterable[tuple[int, str]]) -> FuzzyIndex:
        """Build from (unit number, key) pairs."""
        return cls(build_part(items))

    def updated(self, changed: Iterable[int], added: Iterable[tuple[int, str]]) -> FuzzyIndex:
        """Return the index after a change.

        Args:
            changed: Units that said something else before, or that are gone.
            added: What the changed and the new ones say now: (unit number, key).
        """
        new = list(added)
        out = np.unique(np.fromiter({*changed, *(number for number, _ in new)}, np.int64))
        gone = np.union1d(self.gone, out)
        # What the changed part has said for longer keeps its columns: the work is in proportion to what is new.
        tail = _joined(_chosen(self.tail, np.flatnonzero(~np.isin(self.tail.ids, out))), build_part(new))
        if len(tail) + len(gone) <= max(MERGE_LEAST, MERGE_SHARE * len(self.main)):
            return FuzzyIndex(self.main, tail, gone)
        return FuzzyIndex(_joined(_chosen(self.main, np.flatnonzero(~np.isin(self.main.ids, gone))), tail))

    def search(self, key: str, *, floor: float = FUZZY_FLOOR, limit: int = RESCORED) -> list[tuple[int, float]]:
        """Return (unit number, similarity 0–100) of the segments at least ``floor`` alike, best first.

        Segments of a word or two whose characters alone are :data:`SPELLING_MARGIN` more alike than that are taken too:
        by words, ``process`` and ``processes`` have nothing in common.

        Equal keys are included, with 100. A query longer than :data:`MAX_FUZZY_CHARACTERS` finds nothing.
        """
        if not 0 < len(key) <= MAX_FUZZY_CHARACTERS:
            return []
        wanted = max(floor, 5.0) / 100
        found: dict[int, float] = {}
        for part, gone in ((self.main, self.gone), (self.tail, None)):
            for number, alike, spelled in _search_part(part, key, wanted, gone, limit):
                if alike >= floor or spelled >= floor + SPELLING_MARGIN:
                    found[number] = max(alike, found.get(number, 0.0))
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))[:limit]


def _search_part(
    part: Part, key: str, wanted: float, gone: np.ndarray | None, limit: int
) -> list[tuple[int, float, float]]:
    """Return (unit number, similarity, likeness by characters alone) of a part's best segments."""
    # Bounds of the lengths' own type: others would have numpy convert the whole column for each look-up.
    bounds = np.array([np.ceil(len(key) * wanted), np.floor(len(key) / wanted) + 1], part.lengths.dtype)
    low, high = np.searchsorted(part.lengths, bounds).tolist()
    if low >= high:
        return []
    places = _candidates(part, key, low, high)
    if gone is not None and len(gone):
        places = places[~np.isin(part.ids[places], gone)]
    if not len(places):
        return []
    keys = part.texts(places)
    row: Any = cdist(
        [key], keys, scorer=Levenshtein.normalized_similarity, score_cutoff=CHARACTER_SHARE * wanted, dtype=np.float32
    )[0]
    best = np.argsort(-row, kind="stable")[:limit]
    return [
        (int(part.ids[places[k]]), similarity(key, keys[k]), float(row[k]) * 100) for k in best.tolist() if row[k] > 0
    ]


def _candidates(part: Part, key: str, low: int, high: int) -> np.ndarray:
    """Return the places of the segments in a window that share most of the query's bits."""
    query = signature_columns([key.encode(errors="surrogatepass")])[:, 0]
    own = int(np.bitwise_count(query).sum())
    if own == BITS:
        query[0] &= ~np.uint64(1)  # 256 common bits would not fit into the byte they are counted in
    # In blocks whose columns stay in the processor's cache, with room made once: a third of the time of whole windows.
    # Everything has the width it needs, or numpy would convert whole columns: half of the time again.
    size = min(_BLOCK, high - low)
    shared = np.empty(size, np.uint64)
    ones, summed = np.empty(size, np.uint8), np.empty(size, np.uint8)
    needed, common_bits = np.empty(size, np.int16), np.empty(size, np.int16)
    reached = np.empty(size, np.bool_)
    # Dice's coefficient, 2·common / (own + count), written without a division for every segment
    chance = own / BITS
    least = max(COMMON_BITS, min(chance + ABOVE_CHANCE * (1 - chance), MOST_ASKED)) / 2
    places, shares = np.empty(0, np.int64), np.empty(0, np.float32)
    for start in _outwards(part, len(key), low, high):
        end = min(start + _BLOCK, high)
        width = end - start
        bits, one, common8 = shared[:width], ones[:width], summed[:width]
        for row in range(_WORDS):
            np.bitwise_and(part.signatures[row, start:end], query[row], out=bits)
            np.bitwise_count(bits, out=one if row else common8)
            if row:
                np.add(common8, one, out=common8)
        common, least_common, there = common_bits[:width], needed[:width], reached[:width]
        common[:] = common8
        np.left_shift(common, _FINE, out=common)
        np.multiply(part.counts[start:end], np.int16(least * 2**_FINE), out=least_common)
        np.add(least_common, np.int16(least * own * 2**_FINE), out=least_common)
        np.greater_equal(common, least_common, out=there)
        near = np.flatnonzero(there)
        if len(near):
            near_common = common8[near].astype(np.float32)
            places = np.concatenate([places, near + start])
            shares = np.concatenate([shares, near_common / (part.counts[start:end][near] + np.float32(own))])
        if len(places) > ENOUGH:  # only those that share more than the last of the best are to be looked at from now on
            best = np.argpartition(-shares, CANDIDATES - 1)[:CANDIDATES]
            places, shares = places[best], shares[best]
            least = max(least, float(shares.min()))
    if len(places) > CANDIDATES:
        places = places[np.argpartition(-shares, CANDIDATES - 1)[:CANDIDATES]]
    return places


def _outwards(part: Part, length: int, low: int, high: int) -> list[int]:
    """Return where the blocks of a window begin, those with segments as long as the query first: the likely ones."""
    middle = int(np.searchsorted(part.lengths, np.array(length, part.lengths.dtype)))
    return sorted(range(low, high, _BLOCK), key=lambda start: abs(start + _BLOCK // 2 - middle))
