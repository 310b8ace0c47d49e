"""What a concept from a file, or a further term, changes in a concept of the glossary."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, replace

from workbench.core.languages import base_language
from workbench.core.terms import Concept, Status, Term
from workbench.errors import UsageError


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged concept.

    Attributes:
        concept: What would be kept.
        differences: Sentences naming each change.
        contradicts: Something filled in the glossary is replaced or a term is dropped; else it is only added to.
    """

    concept: Concept
    differences: tuple[str, ...]
    contradicts: bool


_TERM_FIELDS = tuple(f.name for f in fields(Term) if f.name not in ("language", "text"))


def merge_concept(
    mine: Concept,
    theirs: Concept,
    *,
    fields: AbstractSet[str] = frozenset(),
    languages: AbstractSet[str] = frozenset(),
) -> Merge:
    """Bring a concept from a file into one of the glossary.

    Args:
        mine: As it stands.
        theirs: As the file has it.
        fields: The attributes the file can carry; others keep their value. Empty means all.
        languages: The languages the file can carry; terms in others stay. Empty means all.

    Returns:
        The file's concept completed with what the file could not carry.
    """
    carried = [name for name in _TERM_FIELDS if not fields or name in fields]
    known = {term.key: term for term in mine.terms}
    differences: list[str] = []
    contradicts = False
    merged: list[Term] = []
    for term in theirs.terms:
        old = known.pop(term.key, None)
        if old is None:
            merged.append(term)
            differences.append(f"{term.language}: “{term.text}” is added ({term.status}).")
            continue
        new = replace(old, **{name: getattr(term, name) for name in carried})
        for name in carried:
            was, now = getattr(old, name), getattr(new, name)
            if was != now:
                differences.append(f"{term.language}: “{term.text}”, {name}: “{_show(was)}” → “{_show(now)}”.")
                contradicts = contradicts or bool(was)
        merged.append(new)
    beyond = [t for t in known.values() if languages and base_language(t.language) not in languages]
    dropped = [t for t in known.values() if t not in beyond]
    for term in dropped:
        differences.append(f"{term.language}: “{term.text}” is dropped.")
        contradicts = True
    domain = theirs.domain if not fields or "domain" in fields else mine.domain
    related = theirs.related if not fields or "related" in fields else mine.related
    if domain != mine.domain:
        differences.append(f"domain: “{mine.domain}” → “{domain}”.")
        contradicts = contradicts or bool(mine.domain)
    if related != mine.related:
        differences.append(f"related: “{_show(mine.related)}” → “{_show(related)}”.")
        contradicts = contradicts or bool(set(mine.related) - set(related))
    # A file of two languages lists them in its own order: the glossary's order is kept where nothing else changed.
    merged.extend(beyond)
    place = {term.key: n for n, term in enumerate(mine.terms)}
    if {t.key for t in merged} <= set(place) or languages:
        merged.sort(key=lambda t: place.get(t.key, len(place)))
    concept = Concept(mine.id, domain, tuple(merged), related)
    if languages and not {t.key for t in merged} <= set(place):
        concept = concept.sorted()
    if concept != mine and not differences:
        differences.append("The order of the terms changes.")
    return Merge(concept, tuple(differences), contradicts)


def _show(value: object) -> str:
    return "|".join(value) if isinstance(value, tuple) else str(value)


def add_terms(concept: Concept, terms: Sequence[Term]) -> Concept:
    """Return a concept with further terms.

    A new preferred term makes the one before it admitted; a deprecated or forbidden one without a replacement names
    the preferred term as what to say instead. Terms that the concept has already are left as they are.

    Raises:
        UsageError: a deprecated or forbidden term has no accepted one beside it.
    """
    kept = list(concept.terms)
    for term in terms:
        if any(t.key == term.key for t in kept):
            continue
        if term.status is Status.PREFERRED:
            kept = [
                replace(t, status=Status.ADMITTED)
                if t.language == term.language
                and t.status is Status.PREFERRED
                and t.type.shortened == term.type.shortened
                else t
                for t in kept
            ]
        elif not term.status.accepted and not term.use_instead:
            instead = concept.preferred(term.language)
            if instead is None:
                raise UsageError(
                    "“{term}” cannot be {status}: “{concept}” has no other term in {language} to say instead.",
                    term=term.text,
                    status=term.status.value,
                    concept=concept.id,
                    language=term.language,
                )
            term = replace(term, use_instead=instead.text)
        kept.append(term)
    return Concept(concept.id, concept.domain, tuple(kept), concept.related).sorted()
