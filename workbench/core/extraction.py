"""Term candidates in aligned texts, and what answers them in the other languages.

Candidates are runs of up to six words that begin and end with a content word and hold only prepositions between,
counted by lemma so that *coopérations décentralisées* and *coopération décentralisée* are one. C-value (Frantzi,
Ananiadou and Mima 2000), extended to single words by counting one more word in its logarithm (Barrón-Cedeño et al.
2009), chooses whom to look at; then the other languages are asked: what is a term is translated in one way, by an
expression of as many words, often a kindred one. In a small body of texts that evidence lifts even expressions
that stand there once.

Counterparts are found over aligned rows by Dunning's log-likelihood of standing together (Dunning 1993); where rows
are few, likeness of spelling, of length and of place decide between equals.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from workbench.core.languages import LANGUAGES, base_language
from workbench.core.segmentation import CODE
from workbench.core.term_words import kind_of, lemma_of, only_adjective
from workbench.core.terms import fold
from workbench.core.words import (
    ARTICLES,
    DETERMINERS,
    adjectival,
    tokenise,
)

MAX_WORDS = 6  # content words and prepositions of a candidate
MIN_COUNT = 2
SMALL = 3_000  # rows; in so few, what stands there once is looked at too: words of several, and long ones
LONG = 9  # letters; a longer word is seldom an everyday one
EXAMPLES = 3
POOL = 6  # times the limit: so many candidates are held against the other languages before the final ranking

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """What answers a candidate in another language.

    Attributes:
        language, text: The most frequent form.
        count: Rows in which both stand.
        score: Comparable within one candidate and language only; higher is likelier.
    """

    language: str
    text: str
    count: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of words that may be a term.

    Attributes:
        language: Its language.
        text: Its most frequent form.
        key: Its lemmas: what it is known by when it is dismissed.
        count: How often it stands in the rows.
        texts: In how many texts.
        score: The ranking's measure.
        rows: Numbers of the first rows it stands in.
        counterparts: By language, the likeliest first.
    """

    language: str
    text: str
    key: str
    count: int
    texts: int
    score: float
    rows: tuple[int, ...]
    counterparts: Mapping[str, tuple[Counterpart, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
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
class Row:
    """One aligned row: its text and what it says in each language."""

    text: str
    cells: Mapping[str, str]


def extract(
    rows: Sequence[Row],
    languages: Sequence[str] = LANGUAGES,
    *,
    dismissed: Collection[tuple[str, str]] = (),
    limit: int = 200,
    min_count: int = MIN_COUNT,
) -> dict[str, list[Candidate]]:
    """Find term candidates with their counterparts.

    Args:
        rows: Aligned rows of all texts; cells may be empty or missing.
        languages: Those to look at.
        dismissed: (language, key) of candidates not to propose again.
        limit: At most so many in each language.
        min_count: How often a candidate has to stand in the rows.

    Returns:
        By language, candidates from the likeliest down.
    """
    once = len(languages) > 2 and sum(any(row.cells.values()) for row in rows) <= SMALL
    found = {language: _collect(rows, language) for language in languages}
    kept = {language: _frequent(found[language], min_count, once=once) for language in languages}
    in_row = {language: _by_row(kept[language]) for language in languages}
    out: dict[str, list[Candidate]] = {}
    gone = set(dismissed)
    present = {language: {n for n, row in enumerate(rows) if row.cells.get(language)} for language in languages}
    for language in languages:
        ranked = _ranked(kept[language], language)
        pool = [(key, score) for key, score in ranked if (language, " ".join(key)) not in gone][: limit * POOL]
        scored = []
        for key, score in pool:
            counterparts = {
                other: _counterparts(key, language, other, kept, in_row, present) for other in languages
                if other != language
            }  # fmt: skip
            scored.append((_termhood(key, kept[language][key], counterparts, nested=score.nested), key, counterparts))
        scored.sort(key=lambda item: (-item[0], item[1]))
        out[language] = [
            _candidate(language, key, score, kept[language][key], counterparts)
            for score, key, counterparts in scored[:limit]
        ]
    return out


def _candidate(
    language: str, key: Key, score: float, data: _Found, counterparts: Mapping[str, tuple[Counterpart, ...]]
) -> Candidate:
    return Candidate(
        language, _form(data, language), " ".join(key), data.count, len(data.texts), round(score, 4),
        tuple(dict.fromkeys(data.rows))[:EXAMPLES], counterparts,
    )  # fmt: skip


def _form(data: _Found, language: str) -> str:
    """Return the form to show: the most frequent one, lower case before upper, shorter before longer."""
    return min(data.forms, key=lambda form: (-data.forms[form], form != form.lower(), len(form), form))


def _collect(rows: Sequence[Row], language: str) -> dict[Key, _Found]:
    found: dict[Key, _Found] = defaultdict(_Found)
    base = base_language(language)
    for number, row in enumerate(rows):
        cell = row.cells.get(language)
        if not cell:
            continue
        tokens = tokenise(cell)
        kinds = [kind_of(text, base) if text else "" for _, _, text in tokens]
        for start, kind in enumerate(kinds):
            if kind != "c":
                continue
            key: list[str] = []
            for end in range(start, len(tokens)):
                now = kinds[end]
                if not now:
                    break
                if now == "a":
                    if not key or not key[-1].startswith("p:"):
                        break
                    continue
                key.append(now if now.startswith("p:") else lemma_of(tokens[end][2], base))
                if len(key) > MAX_WORDS:
                    break
                if now == "c" and _shape(key, tokens[start][2], tokens[end][2], base):
                    one = found[tuple(key)]
                    form = CODE.sub("", cell[tokens[start][0] : tokens[end][1]])
                    one.forms[form if form.isupper() else _lower(form)] += 1
                    one.rows.append(number)
                    one.places.append(tokens[start][0] / len(cell))
                    one.texts.add(row.text)
                    if start and tokens[start - 1][2]:
                        word = tokens[start][2]
                        one.inside[word[:1].isupper() and not (word.isupper() and len(word) > 1)] += 1
                    one.framed += _framed(tokens, kinds, start, end, base)
    return found


def _framed(tokens: Sequence[tuple[int, int, str]], kinds: Sequence[str], start: int, end: int, language: str) -> bool:
    """Tell whether the words stand as a noun phrase does: after an article, determiner or preposition, or at the
    beginning of a clause; and not before a word that they may only qualify."""
    before = tokens[start - 1][2].lower() if start else ""
    after = kinds[end + 1] if end + 1 < len(kinds) else ""
    opened = (
        not before
        or before in ARTICLES.get(language, ())
        or before in DETERMINERS.get(language, ())
        or kinds[start - 1].startswith("p:")
        or before in _OPENERS.get(language, ())
    )
    if language == "en":
        return after != "c" and (opened or kinds[start - 1] == "c")
    return opened and (after != "c" or adjectival(tokens[end + 1][2].lower(), language))


_OPENERS = {
    "fr": frozenset(("et", "ou", "entre", "avec", "sans", "par", "pour", "sur", "dans", "comme")),
    "es": frozenset(("y", "e", "o", "u", "entre", "con", "sin", "por", "para", "sobre", "como")),
    "pt": frozenset(("e", "ou", "entre", "com", "sem", "por", "para", "sobre", "como")),
    "en": frozenset(("and", "or", "between", "with", "without", "by", "for", "on", "in", "as", "to")),
}


def _lower(form: str) -> str:
    """Take the capital of a sentence's or heading's beginning away; names keep theirs."""
    words = form.split(" ")
    if len(words) > 1 and any(w[:1].isupper() for w in words[1:]):
        return form
    return form[:1].lower() + form[1:] if form[1:2].islower() else form


def _shape(key: Sequence[str], first: str, last: str, language: str) -> bool:
    """Tell whether the words can be a term: a Romance term begins with a noun, an English one ends with one."""
    if key[-1].startswith("p:"):
        return False
    if len(key) == 1:
        return len(key[0]) > 2 and not only_adjective(first.lower(), language)
    if language == "en":
        return not only_adjective(last.lower(), language)
    return not only_adjective(first.lower(), language)


def _frequent(found: Mapping[Key, _Found], min_count: int, *, once: bool) -> dict[Key, _Found]:
    return {
        key: data
        for key, data in found.items()
        if data.count >= min_count or (once and (_content(key) > 1 or len(key[0]) >= LONG))
    }


def _by_row(found: Mapping[Key, _Found]) -> dict[int, set[Key]]:
    rows: dict[int, set[Key]] = defaultdict(set)
    for key, data in found.items():
        for number in data.rows:
            rows[number].add(key)
    return rows


@dataclass(frozen=True, slots=True)
class _Rank:
    """What counting says of a candidate.

    Attributes:
        value: C-value, weighted by dispersion over texts and by how often it stands as a noun phrase does.
        nested: It never stands outside some longer candidate.
    """

    value: float
    nested: bool


def _ranked(found: Mapping[Key, _Found], language: str) -> list[tuple[Key, _Rank]]:
    """Rank by C-value."""
    longer: dict[Key, list[int]] = defaultdict(list)
    for key, data in found.items():
        for start in range(len(key)):
            for end in range(start + 1, len(key) + 1):
                part = key[start:end]
                if part != key and part in found:
                    longer[part].append(data.count)
    scored = []
    for key, data in found.items():
        content = _content(key)
        nested = longer.get(key)
        inside = bool(nested and max(nested) >= data.count)
        if inside and data.count > 1:
            continue
        if content == 1 and _is_name(data):
            continue
        free = max(data.count - (sum(nested) / len(nested) if nested else 0.0), 0.5)
        noun = data.framed / data.count
        value = math.log2(content + 1) * free * math.log2(1 + len(data.texts)) * (0.1 + noun) ** 1.5
        scored.append((key, _Rank(value, inside)))
    scored.sort(key=lambda item: (-item[1].value, item[0]))
    return scored


# Weights of a logistic regression (whether a candidate is a term) on the sample texts and the glossary, rounded, and
# moved until the four languages' lists together found the most: they are at home in texts like these.
_TWO_WORDS, _MORE_WORDS, _PREPOSITION = 1.5, 0.8, -0.75
_COUNT, _ONCE, _NESTED = 0.55, -1.0, -0.7
_FRAMED, _STEADY, _KINDRED, _AS_MANY_WORDS, _LENGTH = 1.0, 1.2, 1.0, 1.1, 0.25


def _termhood(key: Key, data: _Found, counterparts: Mapping[str, Sequence[Counterpart]], *, nested: bool) -> float:
    """Weigh what counting and the other languages say of a candidate; higher is likelier a term."""
    words = [word for word in key if not word.startswith("p:")]
    form = max(data.forms, key=lambda f: data.forms[f])
    best = [answers[0].text if answers else "" for answers in counterparts.values()]
    likeness = sorted(fuzz.ratio(fold(form), fold(text)) / 100 if text else 0.0 for text in best)
    alike = sum(_long_words(text) == _long_words(form) for text in best) / max(1, len(best))
    return (
        (_TWO_WORDS if len(words) == 2 else _MORE_WORDS if len(words) > 2 else 0.0)
        + (_PREPOSITION if len(words) < len(key) else 0.0)
        + _COUNT * math.log(data.count)
        + (_ONCE if data.count == 1 else 0.0)
        + (_NESTED if nested else 0.0)
        + _FRAMED * data.framed / data.count
        + _STEADY * _steadiness(data, counterparts)
        + _KINDRED * (likeness[len(likeness) // 2] if likeness else 0.0)
        + _AS_MANY_WORDS * alike
        + _LENGTH * sum(map(len, words)) / len(words)
    )


def _long_words(text: str) -> int:
    return sum(len(word) > 3 for word in text.split())


def _is_name(data: _Found) -> bool:
    """Tell whether a single word has a capital wherever it stands inside a sentence."""
    inside = sum(data.inside.values())
    return bool(inside) and data.inside[True] == inside


def _counterparts(
    key: Key,
    language: str,
    other: str,
    found: Mapping[str, Mapping[Key, _Found]],
    in_row: Mapping[str, Mapping[int, set[Key]]],
    present: Mapping[str, set[int]],
) -> tuple[Counterpart, ...]:
    """Return the likeliest answers of a candidate in another language, at most five."""
    data = found[language][key]
    both = present[language] & present[other]
    mine = set(data.rows) & both
    if not mine:
        return ()
    together: Counter[Key] = Counter()
    for number in mine:
        together.update(in_row[other].get(number, ()))
    form = _form(data, language)
    place = sum(data.places) / len(data.places)
    scored: list[tuple[float, Key, int]] = []
    for theirs, count in together.items():
        answer = found[other][theirs]
        rows = set(answer.rows) & both
        likelihood = _log_likelihood(count, len(mine), len(rows), len(both))
        dice = 2 * count / (len(mine) + len(rows))
        spelling = fuzz.ratio(fold(form), fold(_form(answer, other))) / 100
        length = 1 - abs(_content(key) - _content(theirs)) / max(_content(key), _content(theirs))
        near = 1 - abs(place - sum(answer.places) / len(answer.places))
        scored.append(
            (math.sqrt(max(likelihood, 0)) * dice + 1.2 * spelling + 0.8 * length + 0.5 * near, theirs, count)
        )
    scored.sort(key=lambda item: (-item[0], item[1]))
    return tuple(
        Counterpart(other, _form(found[other][theirs], other), count, round(score, 4))
        for score, theirs, count in scored[:5]
    )


def _content(key: Key) -> int:
    return sum(not word.startswith("p:") for word in key)


def _log_likelihood(both: int, a: int, b: int, total: int) -> float:
    """Dunning's G² for two things standing in ``both`` of ``total`` rows, alone in ``a`` and ``b``; negative where
    they shun each other."""
    expected = a * b / total if total else 0.0

    def term(observed: float, hoped: float) -> float:
        return observed * math.log(observed / hoped) if observed > 0 and hoped > 0 else 0.0

    cells = (
        (both, expected), (a - both, a - expected), (b - both, b - expected),
        (total - a - b + both, total - a - b + expected),
    )  # fmt: skip
    value = 2 * sum(term(observed, hoped) for observed, hoped in cells)
    return value if both >= expected else -value


def _steadiness(data: _Found, counterparts: Mapping[str, Sequence[Counterpart]]) -> float:
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
