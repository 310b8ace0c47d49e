"""What people type into the concordance: words, ``"phrases"``, ``begin*``, ``a NEAR b``, ``OR``, ``-without``.

Parsing never fails: what is no operator is a word, and nothing typed reaches the database as anything else. Words are
compared without case and accents, as SQLite's ``unicode61`` tokenizer does.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import regex

from workbench.core.memory import TranslationUnit

NEAR_WORDS = 10  # words that may stand between the two sides of NEAR when no number is given
MAX_QUERY_CHARACTERS = 1_000
MAX_WORDS = 32  # of a whole paragraph pasted into the box the first words say what is sought

_TOKEN = regex.compile(
    r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"(?P<begin>\*?)|NEAR/(?P<distance>\d{1,3})(?!\S)|(?P<word>[^\s"]+))'
)
_WORD = regex.compile(r"[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}]*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in a row, without case and accents; the last may be a beginning."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Two phrases with at most ``distance`` words between them, in either order."""

    left: Phrase
    right: Phrase
    distance: int = NEAR_WORDS


@dataclass(frozen=True, slots=True)
class ConcordanceQuery:
    """What is sought.

    Attributes:
        groups: Each must be there; of a group any one.
        without: None of these may be there.
    """

    groups: tuple[tuple[Phrase | Near, ...], ...]
    without: tuple[Phrase, ...] = ()

    @property
    def empty(self) -> bool:
        """True when nothing is sought."""
        return not self.groups


@dataclass(frozen=True, slots=True)
class ConcordanceHit:
    """A unit with what was sought.

    Attributes:
        unit: The unit, all its languages.
        language: The language it was found in.
        spans: Where what was sought stands in that language's text, in characters.
    """

    unit: TranslationUnit
    language: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ConcordancePage:
    """Some of the hits.

    Attributes:
        hits: In the order last learnt first.
        total: How many there are in all, at most ``counted``.
        offset: How many come before these.
        complete: False when counting stopped.
    """

    hits: tuple[ConcordanceHit, ...]
    total: int
    offset: int = 0
    complete: bool = True


def parse_query(text: str) -> ConcordanceQuery:
    """Read what was typed."""
    groups: list[list[Phrase | Near]] = []
    without: list[Phrase] = []
    either = False
    near: int | None = None
    for token in list(_TOKEN.finditer(text[:MAX_QUERY_CHARACTERS]))[:MAX_WORDS]:
        word = token["word"]
        if token["distance"] is not None or (word == "NEAR" and groups):
            near = int(token["distance"] or NEAR_WORDS)
            continue
        if word == "OR" and groups:
            either = True
            continue
        if word in ("AND", "OR", "NEAR"):
            continue
        for phrase in _phrases(token):
            if token["minus"]:
                without.append(phrase)
            elif near is not None and groups and isinstance(last := groups[-1][-1], Phrase):
                groups[-1][-1] = Near(last, phrase, near)
            elif either:
                groups[-1].append(phrase)
            else:
                groups.append([phrase])
            either, near = False, None
    return ConcordanceQuery(tuple(tuple(group) for group in groups), tuple(without))


def fold(word: str) -> str:
    """Return a word without case and accents."""
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch))


def hit_spans(query: ConcordanceQuery, text: str) -> tuple[tuple[int, int], ...]:
    """Return where what is sought stands in a text, in order, touching spans joined."""
    tokens = [(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]
    folded = [token for token, _, _ in tokens]
    found: set[tuple[int, int]] = set()
    for group in query.groups:
        for part in group:
            if isinstance(part, Phrase):
                found.update(_occurrences(part, folded))
            else:
                found.update(_near(part, folded))
    spans: list[tuple[int, int]] = []
    for start, end in sorted((tokens[a][1], tokens[b - 1][2]) for a, b in found):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return tuple(spans)


def matches(query: ConcordanceQuery, text: str) -> bool:
    """Tell whether a text has what is sought."""
    folded = [fold(m.group()) for m in _WORD.finditer(text)]
    if any(_occurrences(phrase, folded) for phrase in query.without):
        return False
    return all(
        any(_occurrences(part, folded) if isinstance(part, Phrase) else _near(part, folded) for part in group)
        for group in query.groups
    )


def _phrases(token: regex.Match[str]) -> list[Phrase]:
    """Cut what stands between spaces or in quotes into words; punctuation inside makes a phrase of its parts."""
    raw = token["phrase"] if token["phrase"] is not None else token["word"]
    words = tuple(fold(m.group()) for m in _WORD.finditer(raw))
    if not words:
        return []
    return [Phrase(words, prefix=raw.endswith("*") or bool(token["begin"]))]


def _occurrences(phrase: Phrase, folded: list[str]) -> list[tuple[int, int]]:
    n = len(phrase.words)
    head, last = phrase.words[:-1], phrase.words[-1]
    return [
        (k, k + n)
        for k in range(len(folded) - n + 1)
        if tuple(folded[k : k + n - 1]) == head
        and (folded[k + n - 1].startswith(last) if phrase.prefix else folded[k + n - 1] == last)
    ]


def _near(near: Near, folded: list[str]) -> set[tuple[int, int]]:
    out: set[tuple[int, int]] = set()
    rights = _occurrences(near.right, folded)
    for left in _occurrences(near.left, folded):
        for right in rights:
            gap = max(right[0] - left[1], left[0] - right[1])
            if 0 <= gap <= near.distance:
                out |= {left, right}
    return out
