"""What a terminologist has to mend in a glossary: gaps, duplicates, dangling references, cycles.

The rules follow ISO 704 (one preferred designation a language, no circular definition) and the network's own: the
four languages, an expansion for each acronym, a replacement for each forbidden term.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.core.languages import LANGUAGES
from workbench.core.terms import DOMAINS, Concept, Status, Term, TermType, fold

REGIONS = {"pt": {"pt-BR", "pt-PT"}, "es": {"es-419", "es-ES"}, "en": {"en-GB", "en-US"}}
"""A language's regional terms; two preferred ones, each for its region, are one preferred term of the language."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend.

    Attributes:
        kind: Name of the rule.
        concept: Id.
        language, term: Where, empty if it is about the whole concept.
        message: A sentence.
        error: ``False`` for what is only doubtful.
    """

    kind: str
    concept: str
    language: str
    term: str
    message: str
    error: bool = True


class _All:
    """The glossary as the rules look at it."""

    def __init__(self, concepts: Sequence[Concept]) -> None:
        self.concepts = concepts
        self.ids = {c.id for c in concepts}
        self.accepted: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.folded: dict[tuple[str, str], list[tuple[Concept, Term]]] = defaultdict(list)
        for concept in concepts:
            for term in concept.terms:
                self.folded[(term.base_language, fold(term.text))].append((concept, term))
                if term.status.accepted:
                    self.accepted[(term.base_language, term.text)].add(concept.id)


def check_concepts(concepts: Iterable[Concept], *, languages: Sequence[str] = LANGUAGES) -> list[Problem]:
    """Check a glossary.

    Args:
        concepts: All of it: references are looked up among them.
        languages: Those in which every concept needs a preferred term.

    Returns:
        Problems in the order of the concepts, errors and doubts mixed.
    """
    every = _All(tuple(concepts))
    counts = Counter(c.id for c in every.concepts)
    problems: list[Problem] = []
    for concept in every.concepts:
        if counts[concept.id] > 1:
            problems.append(Problem("duplicate-concept", concept.id, "", "", "Two concepts have this id."))
            counts[concept.id] = 1
        problems.extend(_languages(concept, languages))
        for rule in RULES:
            problems.extend(rule(concept, every))
    return problems + _cycles(every)


def _languages(concept: Concept, languages: Sequence[str]) -> Iterator[Problem]:
    for language in languages:
        full = [t for t in concept.terms
                if t.base_language == language and t.status is Status.PREFERRED and not t.type.shortened]  # fmt: skip
        if not full:
            message = f"There is no preferred full term in {language}."
            yield Problem("missing-language", concept.id, language, "", message)
            continue
        by_code = Counter(t.language for t in full)
        doubled = [code for code, number in by_code.items() if number > 1]
        strange = set(by_code) - {language} - REGIONS.get(language, set())
        if doubled or strange or (language in by_code and len(by_code) > 1):
            listed = ", ".join(f"“{t.text}” ({t.language})" for t in full)
            yield Problem(
                "several-preferred", concept.id, language, full[1].text,
                f"Several terms are preferred: {listed}. Keep one, or one for each region.",
            )  # fmt: skip
        elif language not in by_code and set(by_code) != REGIONS.get(language):
            yield Problem(
                "missing-region", concept.id, language, full[0].text,
                f"Only {full[0].language} has a preferred term: give the other region one, or drop the region.",
            )  # fmt: skip


def _shortened(concept: Concept, every: _All) -> Iterator[Problem]:
    own = {(t.base_language, t.text) for t in concept.terms}
    for term in concept.terms:
        if not term.type.shortened:
            if term.expansion:
                yield _at(concept, term, "needless-expansion", "Only acronyms and abbreviations have an expansion.")
        elif not term.expansion:
            yield _at(concept, term, "no-expansion", "This acronym has no expansion.")
        elif (term.base_language, term.expansion) not in own:
            yield _at(
                concept, term, "expansion-missing",
                f"Its expansion “{term.expansion}” is no term of the concept in {term.base_language}.",
            )  # fmt: skip


def _replacement(concept: Concept, every: _All) -> Iterator[Problem]:
    for term in concept.terms:
        if term.status.accepted:
            if term.use_instead:
                yield _at(concept, term, "needless-replacement", "An accepted term needs no other instead.")
        elif not term.use_instead:
            yield _at(concept, term, "no-replacement", f"It is {term.status}, but nothing says what to use instead.")
        elif not (homes := every.accepted.get((term.base_language, term.use_instead))):
            yield _at(
                concept, term, "replacement-missing",
                f"“{term.use_instead}”, to be used instead, is no accepted term in {term.base_language}.",
            )  # fmt: skip
        elif concept.id not in homes and not homes & set(concept.related):
            yield _at(
                concept, term, "replacement-elsewhere",
                f"“{term.use_instead}” belongs to {', '.join(sorted(homes))}: name it as related.",
            )  # fmt: skip


def _definitions(concept: Concept, every: _All) -> Iterator[Problem]:
    defined = {t.base_language for t in concept.terms if t.definition}
    if len(defined) < 2:
        yield Problem("definitions", concept.id, "", "", "It needs a definition in at least two languages.", False)
    for term in concept.terms:
        if not term.definition:
            continue
        if not term.source:
            yield _at(concept, term, "no-source", "Its definition names no source.")
        opening = fold(term.definition)
        if opening.startswith(fold(term.text) + " ") or opening == fold(term.text):
            yield _at(concept, term, "circular", "Its definition begins with the term itself.")
        if term.definition.endswith("."):
            yield _at(concept, term, "definition-form", "A definition has no final full stop.", error=False)


def _related(concept: Concept, every: _All) -> Iterator[Problem]:
    for other in concept.related:
        if other == concept.id:
            yield Problem("related-self", concept.id, "", "", "It names itself as related.")
        elif other not in every.ids:
            yield Problem("related-missing", concept.id, "", "", f"“{other}”, named as related, does not exist.")


def _duplicates(concept: Concept, every: _All) -> Iterator[Problem]:
    for term in concept.terms:
        for other, twin in every.folded[(term.base_language, fold(term.text))]:
            if other.id <= concept.id or not term.text or twin.text.isupper() != term.text.isupper():
                continue
            if not term.serves(twin.language) or (term.context and twin.context) or _name_and_word(term, twin):
                continue
            if other.id in concept.related and concept.id in other.related:
                continue  # near equivalents that say so: one language's word covers two of another's
            if term.status.accepted and twin.status.accepted:
                yield _at(
                    concept, term, "homograph",
                    f"“{other.id}” has the term “{twin.text}” too: merge them, relate each to the other, or give "
                    "both words of context.",
                )  # fmt: skip


def _form(concept: Concept, every: _All) -> Iterator[Problem]:
    if concept.domain not in DOMAINS:
        yield Problem("domain", concept.id, "", "", f"“{concept.domain}” is none of the subject fields.", False)
    for term in concept.terms:
        for name in ("text", "plural", "definition", "example", "note"):
            value = getattr(term, name)
            if value != unicodedata.normalize("NFC", value) or value != value.strip() or "  " in value:
                yield _at(concept, term, "spacing", f"Spaces or accents of the {name} are not in their usual form.")
        if term.type is TermType.ACRONYM and not any(ch.isupper() or ch.isdigit() for ch in term.text):
            yield _at(concept, term, "acronym-form", "An acronym without a capital letter.", error=False)
        if term.number != "singular" and term.plural and term.plural != term.text:
            yield _at(concept, term, "plural", "A plural form beside a term that is no singular.", error=False)
        if term.example and term.status.accepted and not _stands_in(term):
            yield _at(concept, term, "example", "The example does not contain the term.", error=False)


def _stands_in(term: Term) -> bool:
    example = fold(term.example)
    if any(fold(form) in example for form in term.forms):
        return True
    # Inflected words and contracted articles: the first letters of its long words are enough for a doubt.
    stems = [w[: max(4, len(w) - 3)] for w in re.findall(r"\w{4,}", fold(term.text))]
    return bool(stems) and all(stem in example for stem in stems)


RULES: tuple[Callable[[Concept, _All], Iterator[Problem]], ...] = (
    _shortened, _replacement, _definitions, _related, _duplicates, _form,
)  # fmt: skip


def _cycles(every: _All) -> list[Problem]:
    """Find replacements that send the reader round in a circle: A instead of B instead of A."""
    instead: dict[tuple[str, str], tuple[str, Concept, Term]] = {}
    for concept in every.concepts:
        for term in concept.terms:
            if term.use_instead and not term.status.accepted:
                instead[(term.base_language, term.text)] = (term.use_instead, concept, term)
    problems = []
    for (language, text), (target, concept, term) in instead.items():
        seen = [text]
        at = target
        while (language, at) in instead and at not in seen:
            seen.append(at)
            at = instead[(language, at)][0]
        if at == text:
            chain = " → ".join([*seen, at])
            problems.append(_at(concept, term, "cycle", f"The terms to use instead go round in a circle: {chain}."))
    return problems


def _name_and_word(a: Term, b: Term) -> bool:
    """A name and a common noun are told apart by the capital: the network Metropolis, a metropolis."""
    return (a.part_of_speech == "proper noun") != (b.part_of_speech == "proper noun") and a.text != b.text


def _at(concept: Concept, term: Term, kind: str, message: str, *, error: bool = True) -> Problem:
    return Problem(kind, concept.id, term.language, term.text, message, error)
