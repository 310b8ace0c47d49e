"""How a query and a unit's segment are compared: the declared normalisation, the fuzzy score, the differences shown.

Two segments are an *exact* match when their keys are equal. The key hides case, the shape of quotes and dashes,
spaces, and inline codes; each that differs is listed and costs :data:`NORMALISED_PENALTY`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import regex
from rapidfuzz.distance import Levenshtein

from workbench.core.memory import Difference, Neighbours
from workbench.core.segmentation import CODE

FUZZY_SCORER = "lev-char-word|v1"
FUZZY_FLOOR = 65.0  # below, typing anew is faster than editing (the trade quotes nothing below 70 or 75)
MAX_FUZZY_CHARACTERS = 4_000  # longer segments match exactly or by meaning; comparing them takes time squared

_QUOTES = {ord(ch): '"' for ch in "«»“”„‟〝〞＂"} | {ord(ch): "'" for ch in "‘’‚‛‹›`´ʼ＇"}
_DASHES = {ord(ch): "-" for ch in "‐‑‒–—―−﹘－"}
_SPACES = {ord(ch): " " for ch in "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"}  # fmt: skip  # noqa: E501
_TABLE = {**_QUOTES, **_DASHES, **_SPACES, ord("…"): "...", 0xAD: None, 0x200B: None}
# French sets a space inside its quotes and before high punctuation; the other three languages do not.
_CLOSING = ":;!?%»›"
_OPENING = "«‹"
_WORD = regex.compile(r"\p{N}+(?:[.,:/\u00a0\u202f ]\p{N}+)*|[\p{L}\p{M}\p{N}]+|[^\s]")


def text_key(text: str) -> str:
    """Return the key under which a segment is an exact match: the declared normalisation of ``text``."""
    if "⟨" in text:
        text = CODE.sub("", text)
    text = " ".join(text.split())  # every Unicode space counts, runs are one
    for mark in _CLOSING:
        if mark in text:
            text = text.replace(" " + mark, mark)
    if text.isascii():
        return text.lower()
    for mark in _OPENING:
        if mark in text:
            text = text.replace(mark + " ", mark)
    return text.translate(_TABLE).casefold().strip()


def key_hash(key: str) -> int:
    """Return 64 bits of BLAKE2b over a key, as the signed integer that databases hold."""
    return int.from_bytes(hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest(), signed=True)


def words(text: str) -> list[str]:
    """Cut a segment into words, numbers (with their separators) and single other characters; spaces are dropped."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the pieces of :func:`words` stand."""
    return list(_spans(text))


@lru_cache(maxsize=64)  # adapting, marking and checking a match each ask for them
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(m.span() for m in _WORD.finditer(text))


def similarity(query_key: str, found_key: str) -> float:
    """Return how alike two keys are, 0–100: two thirds Levenshtein over characters, one third over words.

    Characters alone call a missing “not” 97 % alike, words alone call every ending a new word; the mixture follows
    what an edit costs. Each part is 1 - distance / longer length (Levenshtein 1966; rapidfuzz's implementation).
    """
    if query_key == found_key:
        return 100.0
    characters = Levenshtein.normalized_similarity(query_key, found_key)
    by_words = Levenshtein.normalized_similarity(_cached_words(query_key), words(found_key))
    return min(round(100 * (2 * characters + by_words) / 3, 1), 99.9)


@lru_cache(maxsize=16)
def _cached_words(text: str) -> list[str]:
    return words(text)


def differences(query: str, found: str) -> tuple[Difference, ...]:
    """Return where two segments differ, by words, for marking in both; neighbouring differences are one."""
    (a, left), (b, right) = _compared(query), _compared(found)
    out = []
    for op in Levenshtein.opcodes(left, right):
        if op.tag != "equal":
            out.append(
                Difference(
                    _range(a, op.src_start, op.src_end, len(query)), _range(b, op.dest_start, op.dest_end, len(found))
                )
            )
    return tuple(_joined(out))


@lru_cache(maxsize=64)  # a look-up compares one query with every match
def _compared(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    spans = word_spans(text)
    return spans, [_folded(text[start:end]) for start, end in spans]


@lru_cache(maxsize=8_192)  # a text's words come again and again
def _folded(word: str) -> str:
    return word.casefold().translate(_TABLE)


def hidden_differences(query: str, found: str) -> tuple[Difference, ...]:
    """Return what the normalisation hides between two segments of one key, named by :attr:`Difference.what`."""
    if query == found:
        return ()
    out = [Difference((0, 0), (0, 0), "codes")] if CODE.findall(query) != CODE.findall(found) else []
    (a, at_a), (b, at_b) = _plain(query), _plain(found)
    left, right = word_spans(a), word_spans(b)
    if len(left) != len(right):
        return (*out, Difference((0, len(query)), (0, len(found)), "other"))
    end_a = end_b = 0
    for (start_a, stop_a), (start_b, stop_b) in zip(left, right, strict=True):
        if a[end_a:start_a] != b[end_b:start_b] and end_a:
            out.append(Difference((at_a[end_a], at_a[start_a]), (at_b[end_b], at_b[start_b]), "spaces"))
        if a[start_a:stop_a] != b[start_b:stop_b]:
            what = _what(a[start_a:stop_a], b[start_b:stop_b])
            out.append(Difference((at_a[start_a], at_a[stop_a - 1] + 1), (at_b[start_b], at_b[stop_b - 1] + 1), what))
        end_a, end_b = stop_a, stop_b
    return tuple(out)


def same_context(query: Neighbours, found: Neighbours) -> bool:
    """Tell whether two places have the same neighbours: both known and equal, an edge of the text counting as one.

    A single known neighbour suffices if it is not an edge: headings and list items often have but one.
    """
    pairs = [(q, f) for q, f in zip(query, found, strict=True) if q is not None and f is not None]
    if not pairs or any(text_key(q) != text_key(f) for q, f in pairs):
        return False
    return any(q for q, _ in pairs)


def _what(a: str, b: str) -> str:
    if a.casefold() == b.casefold():
        return "case"
    marks = {ord(ch) for ch in a + b if not ch.isspace()}
    if marks <= _QUOTES.keys() | {ord('"'), ord("'")}:
        return "quotes"
    return "dashes" if marks <= _DASHES.keys() | {ord("-")} else "other"


def _plain(text: str) -> tuple[str, list[int]]:
    """Return a segment without its codes, and where each of its characters stands in the segment."""
    kept: list[int] = []
    at = 0
    for code in CODE.finditer(text):
        kept += range(at, code.start())
        at = code.end()
    kept += range(at, len(text))
    return "".join(text[k] for k in kept), [*kept, len(text)]


def _range(spans: Sequence[tuple[int, int]], start: int, end: int, length: int) -> tuple[int, int]:
    """Return the characters of pieces ``start`` to ``end``; an empty range stands where the next piece begins."""
    if start < end:
        return spans[start][0], spans[end - 1][1]
    at = spans[start][0] if start < len(spans) else length
    return at, at


def _joined(found: list[Difference]) -> list[Difference]:
    """Join differences that touch in both segments (a space between them at most)."""
    out: list[Difference] = []
    for d in found:
        if out and d.query[0] - out[-1].query[1] <= 1 and d.found[0] - out[-1].found[1] <= 1:
            last = out.pop()
            d = Difference((last.query[0], max(d.query[1], last.query[1])), (last.found[0], max(d.found)))
        out.append(d)
    return out
