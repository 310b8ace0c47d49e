"""A look-up in the memory: every kind of match in one ranked list."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from workbench.core.adaptation import TermPair, adapt
from workbench.core.languages import base_language
from workbench.core.matching import (
    FUZZY_SCORER,
    differences,
    hidden_differences,
    key_hash,
    same_context,
    text_key,
)
from workbench.core.memory import MatchKind, Neighbours, Suggestion, TranslationUnit, Variant
from workbench.core.ranking import Asked, Candidate, judge, rank
from workbench.core.texts import clean
from workbench.services.fuzzy_cache import FuzzyCache
from workbench.store.store import Store

EXACT_SCORER = "key|v1"
ALL_KINDS = frozenset(MatchKind)
_EQUAL = frozenset({MatchKind.CONTEXT, MatchKind.EXACT})
MAX_EXACT = 50  # units with one and the same segment that are looked at; ranking needs the best nine of them
PIVOTS = 5  # matches without the target language whose other languages are followed
SPARE = 4  # matches looked at beyond those shown, since penalties reorder them and equal targets are shown once
ADAPTED = 12  # of the fuzzy matches the best so many are tried for adapting


class Semantic(Protocol):
    """Finds units by meaning."""

    @property
    def scorer(self) -> str:
        """How similarity is measured."""
        ...

    def search(self, text: str, language: str, limit: int) -> list[tuple[int, float, str]]:
        """Return (unit number, similarity 0–100, language of the variant nearest) of the units nearest in meaning."""
        ...

    def prepare(self, texts: Sequence[str]) -> None:
        """Make ready for looking all these up: together they are read several times as fast as one by one."""
        ...


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked up.

    Attributes:
        text: The segment, cleaned.
        source, target: BCP 47 codes.
        context: Its neighbours, in the source language.
        text_slug: The text it stands in, where it is one of the workspace's.
        terms: Terms of the source and what they are in the target, for adapting.
    """

    text: str
    source: str
    target: str
    context: Neighbours = (None, None)
    text_slug: str | None = None
    terms: Sequence[TermPair] = ()

    @property
    def asked(self) -> Asked:
        return Asked(self.source, self.target, self.text_slug)


class MemorySearch:
    """Looks things up.

    Args:
        store: Where the memory is.
        fuzzy: The fuzzy indexes.
        semantic: ``None`` where no vectors are to be used.
    """

    def __init__(self, store: Store, fuzzy: FuzzyCache, semantic: Semantic | None = None) -> None:
        self.store = store
        self.fuzzy = fuzzy
        self.semantic = semantic

    def search(
        self, query: Query, *, limit: int, kinds: Collection[MatchKind] = ALL_KINDS, pivot: bool = True
    ) -> list[Suggestion]:
        """Return suggestions, best first.

        Args:
            pivot: Follow matches that lack the target language through a third one.
        """
        query = replace(query, text=clean(query.text))
        key = text_key(query.text)
        if not key:
            return []
        language = base_language(query.source)
        scores: dict[int, float] = {}
        if MatchKind.CONTEXT in kinds or MatchKind.EXACT in kinds:
            rows = self.store.memory.by_key([key_hash(key)], language)
            scores.update((unit, 100.0) for _, unit, _, text in rows[:MAX_EXACT] if text_key(text) == key)
        if MatchKind.FUZZY in kinds:
            found = [item for item in self.fuzzy.current(language).search(key) if item[0] not in scores]
            scores.update(self._with_target(found, query, limit))
        meant: dict[int, tuple[float, str]] = {}
        if MatchKind.SEMANTIC in kinds and self.semantic is not None:
            for number, near, nearest in self.semantic.search(query.text, query.source, 2 * limit + PIVOTS):
                if number not in scores:
                    meant[number] = (near, nearest)
        units = {unit.id: unit for unit in self.store.memory.units([*scores, *meant])}
        candidates = [c for n, s in scores.items() if n in units for c in _by_text(units[n], s, query, key)]
        candidates += [
            c for n, (s, via) in meant.items() if n in units for c in _by_meaning(units[n], s, via, self, query)
        ]
        if pivot:
            lacking = [units[n] for n in scores if n in units and units[n].variant(query.target) is None]
            candidates += self._pivoted(lacking[:PIVOTS], scores, query, key)
        candidates.sort(key=_by_similarity)
        candidates[:ADAPTED] = [_adapted(c, query) or c for c in candidates[:ADAPTED]]
        suggestions = [judge(c, query.asked) for c in candidates]
        return [_marked(s, query) for s in rank((s for s in suggestions if s.kind in kinds), limit)]

    def _with_target(self, found: Sequence[tuple[int, float]], query: Query, limit: int) -> Iterable[tuple[int, float]]:
        """Keep the best fuzzy matches that have the target language, and the best few that lack it.

        Loading a unit with all that supports it costs more than finding it: only what can be shown is loaded.
        """
        if len(found) <= limit:
            return found
        language, most = base_language(query.target), limit + SPARE
        served = self.store.memory.having([number for number, _ in found[:most]], language)
        if len(served) == most:  # as nearly always; what lies below them would not be shown
            return found[:most]
        if found[most:]:
            served |= self.store.memory.having([number for number, _ in found[most:]], language)
        direct = [item for item in found if item[0] in served]
        return [*direct[:most], *[item for item in found if item[0] not in served][:PIVOTS]]

    def _pivoted(
        self, lacking: Sequence[TranslationUnit], scores: Mapping[int, float], query: Query, key: str
    ) -> Iterable[Candidate]:
        """Follow units without the target through another language: the units that say the same there and have it."""
        bridges: dict[int, list[tuple[TranslationUnit, Variant]]] = {}
        for unit in lacking:
            for variant in unit.variants:
                if base_language(variant.language) != base_language(query.source):
                    bridges.setdefault(key_hash(text_key(variant.text)), []).append((unit, variant))
        if not bridges:
            return
        rows = self.store.memory.by_key(list(bridges))
        others = {unit.id: unit for unit in self.store.memory.units(list({unit for _, unit, _, _ in rows}))}
        for hashed, number, language, _ in rows[:MAX_EXACT]:
            for unit, variant in bridges[hashed]:
                other = others.get(number)
                target = other.variant(query.target) if other is not None else None
                if other is None or other.id == unit.id or target is None:
                    continue
                if base_language(language) == base_language(variant.language):
                    for candidate in _candidates(unit, scores[unit.id], query, key, target):
                        yield replace(candidate, pivot=other, via=variant.language)


def _by_text(unit: TranslationUnit, alike: float, query: Query, key: str) -> Iterable[Candidate]:
    target = unit.variant(query.target)
    return _candidates(unit, alike, query, key, target) if target is not None else ()


def _candidates(unit: TranslationUnit, alike: float, query: Query, key: str, target: Variant) -> Iterable[Candidate]:
    """Make the candidate of a unit found by its text: exact (or in context) if the keys are equal, else fuzzy."""
    ranked = [v for v in unit.variants if base_language(v.language) == base_language(query.source)]
    exact = [v for v in ranked if text_key(v.text) == key]
    if exact:
        found = min(exact, key=lambda v: (v.text != query.text, v.language != query.source))
        hidden = hidden_differences(query.text, found.text)
        kind = MatchKind.CONTEXT if _in_context(unit, found, query) else MatchKind.EXACT
        yield Candidate(unit, kind, 100.0, EXACT_SCORER, found, target, hidden)
    elif (best := unit.variant(query.source)) is not None:
        yield Candidate(unit, MatchKind.FUZZY, alike, FUZZY_SCORER, best, target)


def _in_context(unit: TranslationUnit, found: Variant, query: Query) -> bool:
    return any(same_context(query.context, p.context[found.language]) for p in unit.provenances
               if found.language in p.context)  # fmt: skip


def _by_meaning(
    unit: TranslationUnit, near: float, nearest: str, search: MemorySearch, query: Query
) -> Iterable[Candidate]:
    target, source = unit.variant(query.target), unit.variant(query.source)
    assert search.semantic is not None
    if target is None:
        return
    found = source or next((v for v in unit.variants if v.language == nearest), None)
    if found is None:
        return
    via = None if base_language(found.language) == base_language(query.source) else found.language
    yield Candidate(unit, MatchKind.SEMANTIC, near, search.semantic.scorer, found, target, via=via)


def _adapted(candidate: Candidate, query: Query) -> Candidate | None:
    """Change the target where only numbers, dates, names or a term differ; counted as if the query had been found."""
    if candidate.kind is not MatchKind.FUZZY:
        return None
    found = adapt(
        query.text, candidate.found.text, candidate.target.text,
        source=query.source, target_language=query.target, terms=query.terms,
    )  # fmt: skip
    if found is None:
        return None
    text, changes = found
    return replace(candidate, similarity=100.0, scorer=f"{candidate.scorer}|adapted", text=text, changes=changes)


def _marked(suggestion: Suggestion, query: Query) -> Suggestion:
    """Mark the words that differ from the query; for what is shown only, as it takes as long as finding it."""
    match = suggestion.match
    if suggestion.kind in _EQUAL or base_language(match.language) != base_language(query.source):
        return suggestion
    return replace(suggestion, differences=differences(query.text, match.found))


def _by_similarity(candidate: Candidate) -> float:
    return -candidate.similarity
