"""Term candidates in aligned texts, and what answers them in the other languages.

Candidates are runs of up to six words that begin and end with a content word and hold only prepositions between,
counted by lemma so that *coopérations décentralisées* and *coopération décentralisée* are one.
:mod:`workbench.core.candidate_ranking` says how likely they are terms. In a small body of texts the other languages'
evidence lifts even expressions that stand there once.

Counterparts are found over aligned rows by Dunning's log-likelihood of standing together (Dunning 1993); where rows
are few, likeness of spelling, of length and of place decide between equals.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from workbench.core.candidate_ranking import (
    ABSENT,
    VOUCHED,
    Found,
    Key,
    content_words,
    evidence,
    productivity,
    ranked,
    termhood,
)
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
    return rank(gather(rows, languages, dismissed=dismissed, limit=limit, min_count=min_count), limit=limit)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A candidate with its evidence, not yet ranked.

    Attributes:
        key: Its lemmas and prepositions.
        data: Where it stands.
        counterparts: By language, the likeliest first.
        best: By language, the key of the likeliest.
        evidence: As :func:`workbench.core.candidate_ranking.evidence` gives it.
    """

    key: Key
    data: Found
    counterparts: Mapping[str, tuple[Counterpart, ...]]
    best: Mapping[str, Key]
    evidence: tuple[float, ...]


def gather(
    rows: Sequence[Row],
    languages: Sequence[str] = LANGUAGES,
    *,
    dismissed: Collection[tuple[str, str]] = (),
    limit: int = 200,
    min_count: int = MIN_COUNT,
) -> dict[str, list[Gathered]]:
    """Collect candidates and what is known of them; arguments as for :func:`extract`."""
    once = len(languages) > 2 and sum(any(row.cells.values()) for row in rows) <= SMALL
    kept = {language: _frequent(_collect(rows, language), min_count, once=once) for language in languages}
    in_row = {language: _by_row(kept[language]) for language in languages}
    gone = set(dismissed)
    present = {language: {n for n, row in enumerate(rows) if row.cells.get(language)} for language in languages}
    out: dict[str, list[Gathered]] = {}
    for language in languages:
        productive = productivity(kept[language])
        pool = [(k, r) for k, r in ranked(kept[language], language) if (language, " ".join(k)) not in gone]
        out[language] = []
        for key, counted in pool[: limit * POOL]:
            answers = {
                other: _counterparts(key, language, other, kept, in_row, present) for other in languages
                if other != language
            }  # fmt: skip
            counterparts = {other: tuple(answer for _, answer in found) for other, found in answers.items()}
            best = {other: found[0][0] for other, found in answers.items() if found}
            data = kept[language][key]
            known = evidence(key, language, data, counterparts, productive, nested=counted.nested)
            out[language].append(Gathered(key, data, counterparts, best, known))
    return out


def rank(
    gathered: Mapping[str, Sequence[Gathered]],
    score: Callable[[Gathered], float] = lambda one: termhood(one.evidence),
    *,
    limit: int = 200,
) -> dict[str, list[Candidate]]:
    """Rank candidates, each language's by itself, the others' best counterparts vouching for them.

    Args:
        gathered: From :func:`gather`.
        score: What a candidate is worth by its own evidence.
        limit: At most so many in each language.
    """
    own = {(language, one.key): score(one) for language, pool in gathered.items() for one in pool}
    out = {}
    for language, pool in gathered.items():
        others = [other for other in gathered if other != language]
        scored = []
        for one in pool:
            vouched = (own.get((other, one.best[other]), ABSENT) if other in one.best else ABSENT for other in others)
            scored.append((own[language, one.key] + VOUCHED * sum(vouched), one))
        scored.sort(key=lambda item: (-item[0], item[1].key))
        out[language] = [_candidate(language, one, total) for total, one in scored[:limit]]
    return out


def _candidate(language: str, one: Gathered, score: float) -> Candidate:
    data = one.data
    return Candidate(
        language, _form(data, language), " ".join(one.key), data.count, len(data.texts), round(score, 4),
        tuple(dict.fromkeys(data.rows))[:EXAMPLES], one.counterparts,
    )  # fmt: skip


def _form(data: Found, language: str) -> str:
    """Return the form to show: the most frequent one, lower case before upper, shorter before longer."""
    return min(data.forms, key=lambda form: (-data.forms[form], form != form.lower(), len(form), form))


def _collect(rows: Sequence[Row], language: str) -> dict[Key, Found]:
    found: dict[Key, Found] = defaultdict(Found)
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


def _frequent(found: Mapping[Key, Found], min_count: int, *, once: bool) -> dict[Key, Found]:
    return {
        key: data
        for key, data in found.items()
        if data.count >= min_count or (once and (content_words(key) > 1 or len(key[0]) >= LONG))
    }


def _by_row(found: Mapping[Key, Found]) -> dict[int, set[Key]]:
    rows: dict[int, set[Key]] = defaultdict(set)
    for key, data in found.items():
        for number in data.rows:
            rows[number].add(key)
    return rows


def _counterparts(
    key: Key,
    language: str,
    other: str,
    found: Mapping[str, Mapping[Key, Found]],
    in_row: Mapping[str, Mapping[int, set[Key]]],
    present: Mapping[str, set[int]],
) -> tuple[tuple[Key, Counterpart], ...]:
    """Return the likeliest answers of a candidate in another language with their keys, at most five."""
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
        length = 1 - abs(content_words(key) - content_words(theirs)) / max(content_words(key), content_words(theirs))
        near = 1 - abs(place - sum(answer.places) / len(answer.places))
        scored.append(
            (math.sqrt(max(likelihood, 0)) * dice + 1.2 * spelling + 0.8 * length + 0.5 * near, theirs, count)
        )
    scored.sort(key=lambda item: (-item[0], item[1]))
    return tuple(
        (theirs, Counterpart(other, _form(found[other][theirs], other), count, round(score, 4)))
        for score, theirs, count in scored[:5]
    )


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
