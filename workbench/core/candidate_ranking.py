"""How likely a candidate is a term: what counting says of it, and what the other languages say.

C-value (Frantzi, Ananiadou and Mima 2000), extended to single words by counting one more word in its logarithm
(Barrón-Cedeño et al. 2009), chooses whom to look at. Then a logistic regression weighs its evidence: a term stands
as noun phrases do, ends in an adjective that classifies (*publique*, *municipal*) rather than praises, is made of
words that make other expressions too, and is translated in one way, by an expression of as many words, often a
kindred one. Last, languages vouch for each other: what answers a good candidate is one.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rapidfuzz import fuzz

from workbench.core.languages import base_language
from workbench.core.terms import fold

Key = tuple[str, ...]


class Answer(Protocol):
    """What answers a candidate in another language."""

    @property
    def text(self) -> str:
        """Its form."""

    @property
    def count(self) -> int:
        """Rows in which both stand."""


@dataclass(slots=True)
class Found:
    """Where and how a candidate stands."""

    forms: Counter[str] = field(default_factory=Counter)
    rows: list[int] = field(default_factory=list)
    places: list[float] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    inside: Counter[bool] = field(default_factory=Counter)  # inside a sentence: with a capital or without
    framed: int = 0  # times it stands where a noun phrase does

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Rank:
    """What counting says of a candidate.

    Attributes:
        value: C-value, weighted by dispersion over texts and by how often it stands as a noun phrase does.
        nested: It never stands outside some longer candidate.
    """

    value: float
    nested: bool


def ranked(found: Mapping[Key, Found], language: str) -> list[tuple[Key, Rank]]:
    """Rank by C-value, the highest first; single words that are names, and words that only stand inside one longer
    expression, are left out."""
    longer: dict[Key, list[int]] = defaultdict(list)
    for key, data in found.items():
        for start in range(len(key)):
            for end in range(start + 1, len(key) + 1):
                part = key[start:end]
                if part != key and part in found:
                    longer[part].append(data.count)
    scored = []
    for key, data in found.items():
        content = content_words(key)
        nested = longer.get(key)
        inside = bool(nested and max(nested) >= data.count)
        if inside and data.count > 1:
            continue
        if content == 1 and _is_name(data):
            continue
        free = max(data.count - (sum(nested) / len(nested) if nested else 0.0), 0.5)
        noun = data.framed / data.count
        value = math.log2(content + 1) * free * math.log2(1 + len(data.texts)) * (0.1 + noun) ** 1.5
        scored.append((key, Rank(value, inside)))
    scored.sort(key=lambda item: (-item[1].value, item[0]))
    return scored


EVIDENCE = (
    "one word", "two words", "more words", "preposition", "count", "once", "nested", "framed", "steady", "kindred",
    "as many words", "length", "classifying", "productive", "same everywhere", "capital", "acronym",
)  # fmt: skip
"""Names of what :func:`evidence` weighs, in its order."""

# Fitted on the sample texts by `workbench bench terms --fit`, which prints them and how they do on texts left out.
BIAS = -6.732
WEIGHTS = (
    -0.326,  # one word
    0.412,  # two words
    -0.144,  # more words
    -0.727,  # preposition
    0.681,  # count
    -0.629,  # once
    -0.525,  # nested
    1.167,  # framed
    1.382,  # steady
    0.445,  # kindred
    0.844,  # as many words
    0.222,  # length
    0.413,  # classifying
    -0.166,  # productive
    -0.126,  # same everywhere
    0.683,  # capital
    3.681,  # acronym
)
VOUCHED = 0.05  # of each other language's score; more lifts terms that stand often, and loses others
ABSENT = -4.0  # the score of no answer at all

# Adjectives that classify: coopération *décentralisée* is a kind, coopération *importante* is not.
_CLASSIFYING = {
    "fr": re.compile(r"(?:al|ale|aux|ales|iques?|aires?|ifs?|ives?|ien(?:ne)?s?|aine?s?)$"),
    "es": re.compile(r"(?:al|ales|ic[oa]s?|ari[oa]s?|iv[oa]s?|an[oa]s?)$"),
    "pt": re.compile(r"(?:al|ais|ic[oa]s?|ári[oa]s?|iv[oa]s?|an[oa]s?)$"),
    "en": re.compile(r"(?:al|ic|ive|ary|an|ed|able)$"),
}


def evidence(
    key: Key,
    language: str,
    data: Found,
    answers: Mapping[str, Sequence[Answer]],
    productive: Mapping[str, int],
    *,
    nested: bool,
) -> tuple[float, ...]:
    """Return what is known of a candidate, in the order of :data:`EVIDENCE`.

    Args:
        key: Its lemmas and prepositions.
        language: Its language.
        data: Where it stands.
        answers: Its counterparts by language, the likeliest first.
        productive: From :func:`productivity`.
        nested: It never stands outside some longer candidate.
    """
    words = [word for word in key if not word.startswith("p:")]
    form = max(data.forms, key=lambda f: data.forms[f])
    parts = form.lower().split()
    best = [found[0].text if found else "" for found in answers.values()]
    likeness = sorted(fuzz.ratio(fold(form), fold(text)) / 100 if text else 0.0 for text in best)
    base = base_language(language)
    qualifier = _CLASSIFYING.get(base)
    inside = sum(data.inside.values())
    values = (
        len(words) == 1,
        len(words) == 2,
        len(words) > 2,
        len(words) < len(key),
        math.log(data.count),
        data.count == 1,
        nested,
        data.framed / data.count,
        _steadiness(data, answers),
        likeness[len(likeness) // 2] if likeness else 0.0,
        sum(_long_words(text) == _long_words(form) for text in best) / max(1, len(best)),
        sum(map(len, words)) / len(words),
        len(words) == 2 and qualifier is not None and bool(qualifier.search(parts[0 if base == "en" else -1])),
        math.log(1 + min(productive.get(word, 0) for word in words)),
        sum(fold(text) == fold(form) for text in best) / max(1, len(best)),
        data.inside[True] / inside if inside else 0.0,
        form.isupper(),
    )
    return tuple(float(value) for value in values)


def productivity(found: Mapping[Key, Found]) -> Counter[str]:
    """Return in how many candidates of two words each word stands."""
    return Counter(
        word for key in found if content_words(key) == 2 for word in {word for word in key if not word.startswith("p:")}
    )


def termhood(values: Sequence[float], weights: Sequence[float] = WEIGHTS, bias: float = BIAS) -> float:
    """Weigh a candidate's evidence: the logarithm of its odds of being a term."""
    return bias + sum(weight * value for weight, value in zip(weights, values, strict=True))


def _long_words(text: str) -> int:
    return sum(len(word) > 3 for word in text.split())


def _is_name(data: Found) -> bool:
    """Tell whether a single word has a capital wherever it stands inside a sentence."""
    inside = sum(data.inside.values())
    return bool(inside) and data.inside[True] == inside


def content_words(key: Key) -> int:
    """Return how many words of a key are no prepositions."""
    return sum(not word.startswith("p:") for word in key)


def _steadiness(data: Found, counterparts: Mapping[str, Sequence[Answer]]) -> float:
    """Return the share of a candidate's rows that its best counterparts answer, and answer alike, 0–1: a term is
    translated in one way, a general word in many."""
    rows = len(set(data.rows))
    form = fold(max(data.forms, key=lambda f: data.forms[f]))
    shares = []
    for answers in counterparts.values():
        if not answers:
            shares.append(0.0)
            continue
        like = fuzz.ratio(form, fold(answers[0].text)) / 100
        shares.append(min(1.0, answers[0].count / rows) * (0.5 + 0.5 * like))
    return sum(shares) / len(shares) if shares else 0.0
