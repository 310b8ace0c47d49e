"""Looking after the memory: a text analysed, contradictions and duplicates listed, find and replace, edits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from workbench.core.analysis import Analysis, Band, band_of, count_bands
from workbench.core.languages import base_language
from workbench.core.matching import text_key
from workbench.core.memory import NewUnit, TranslationUnit
from workbench.core.texts import clean
from workbench.errors import ConflictError, UsageError
from workbench.services.memory_search import MemorySearch, Query
from workbench.store import memory_write
from workbench.store.memory_write import Pen
from workbench.store.store import Store

MAX_GROUP = 200  # units with one and the same segment that are compared with each other
MAX_PATTERN = 500  # characters of what is sought
LOADED_TOGETHER = 500  # units loaded at once once their segment is known to change
REPLACE_SECONDS = 2.0  # a regular expression that takes longer on one segment is refused


@dataclass(frozen=True, slots=True)
class Replacement:
    """What find and replace would do to one segment.

    Attributes:
        unit_id, language: The segment.
        revision: The unit's revision as it was seen; a unit changed since is left alone.
        before, after: Its text.
    """

    unit_id: int
    language: str
    revision: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One segment with several translations.

    Attributes:
        source: The segment.
        targets: (translation, numbers of the units that have it), the most supported first.
    """

    source: str
    targets: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A unit (``other``) that an older one (``kept``) says as well."""

    kept: TranslationUnit
    other: TranslationUnit


def analyse(
    search: MemorySearch, segments: Sequence[str], *, source: str, target: str, text_slug: str | None = None
) -> Analysis:
    """Return how much of a text the memory offers, by bands."""
    seen: set[str] = set()
    found: list[tuple[str, Band]] = []
    if search.semantic is not None:
        search.semantic.prepare(segments)
    for place, text in enumerate(segments):
        key = text_key(text)
        if not key:
            continue
        if key in seen:
            found.append((text, Band.REPETITION))
            continue
        seen.add(key)
        before = segments[place - 1] if place else ""
        after = segments[place + 1] if place + 1 < len(segments) else ""
        best = search.search(Query(text, source, target, (before, after), text_slug), limit=1)
        found.append((text, band_of(best[0] if best else None)))
    return count_bands(found, source, target)


def contradictions(store: Store, *, source: str, target: str, limit: int) -> list[Contradiction]:
    """Return segments of ``source`` with several translations into ``target``, the normalisation apart."""
    out: list[Contradiction] = []
    for hashes in _lots(store.memory.repeated_keys(base_language(source))):
        rows = store.memory.by_key(hashes, base_language(source))
        by_source: dict[str, list[TranslationUnit]] = {}
        for unit in store.memory.units(sorted({number for _, number, _, _ in rows})):
            variant = unit.variant(source)
            if variant is not None and unit.variant(target) is not None:
                by_source.setdefault(text_key(variant.text), []).append(unit)
        for units in by_source.values():
            targets = _targets(units, target)
            first = units[0].variant(source)
            if len(targets) > 1 and first is not None:
                out.append(Contradiction(first.text, targets))
                if len(out) >= limit:
                    return out
    return out


def _lots(hashes: Iterable[int]) -> Iterator[list[int]]:
    lot: list[int] = []
    for hashed in hashes:
        lot.append(hashed)
        if len(lot) >= LOADED_TOGETHER:
            yield lot
            lot = []
    if lot:
        yield lot


def _targets(units: Iterable[TranslationUnit], target: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    said: dict[str, list[tuple[str, int]]] = {}
    for unit in units:
        variant = unit.variant(target)
        if variant is not None:
            said.setdefault(text_key(variant.text), []).append((variant.text, unit.id))
    ranked = sorted(said.values(), key=lambda found: (-len(found), found[0][1]))
    return tuple((found[0][0], tuple(number for _, number in found)) for found in ranked)


def duplicates(store: Store, *, limit: int) -> list[Duplicate]:
    """Return units that agree with an older one in two languages or more and disagree in none, by text."""
    older = _sharing_two(store)
    out: dict[int, Duplicate] = {}
    numbers = sorted(older)
    for start in range(0, len(numbers), LOADED_TOGETHER):
        lot = numbers[start : start + LOADED_TOGETHER]
        units = {u.id: u for u in store.memory.units(sorted({*lot, *(n for other in lot for n in older[other])}))}
        for number in lot:
            there = [units[n] for n in older[number] if n in units and n not in out] if number in units else []
            kept = next((unit for unit in there if _agree(unit, units[number])), None)
            if kept is not None:
                out[number] = Duplicate(kept, units[number])
                if len(out) >= limit:
                    return list(out.values())
    return list(out.values())


def _sharing_two(store: Store) -> dict[int, list[int]]:
    """Return, by unit, the older ones that have two segments in common with it, oldest first."""
    said: dict[tuple[str, str], set[int]] = {}
    for language in dict.fromkeys(base_language(code) for code in store.memory.stats().variants):
        for hashes in _lots(store.memory.repeated_keys(language)):
            for _, number, code, text in store.memory.by_key(hashes, language):
                said.setdefault((code, text), set()).add(number)
    shared: dict[int, Counter[int]] = {}
    for units in said.values():
        ordered = sorted(units)[:MAX_GROUP]
        for place, number in enumerate(ordered[1:], 1):
            shared.setdefault(number, Counter()).update(ordered[:place])
    found = {number: sorted(n for n, times in older.items() if times > 1) for number, older in shared.items()}
    return {number: older for number, older in found.items() if older}


def _agree(a: TranslationUnit, b: TranslationUnit) -> bool:
    shared = a.texts.keys() & b.texts.keys()
    return len(shared) > 1 and all(a.texts[language] == b.texts[language] for language in shared)


def join_duplicates(pen: Pen, store: Store, found: Sequence[Duplicate]) -> int:
    """Join units into the older ones that say the same; return how many. What changed meanwhile is left alone."""
    joined = 0
    for duplicate in found:
        units = store.memory.units_in(pen.connection, [duplicate.kept.id, duplicate.other.id])
        if len(units) == 2 and _agree(*units):
            memory_write.join_units(pen, duplicate.kept.id, duplicate.other.id)
            joined += 1
    return joined


def find_replacements(
    store: Store, find: str, replace: str, *, language: str, pattern: bool, match_case: bool
) -> Iterator[Replacement]:
    """Yield what find and replace would do, unit by unit; nothing is changed.

    Raises:
        UsageError: nothing is sought, or the regular expression is none or takes too long.
    """
    if not find or len(find) > MAX_PATTERN:
        raise UsageError("Type what is to be found, at most {limit} characters.", limit=MAX_PATTERN)
    try:
        sought = regex.compile(find if pattern else regex.escape(find), 0 if match_case else regex.IGNORECASE)
    except regex.error as error:
        raise UsageError("“{pattern}” is not a regular expression: {error}.", pattern=find, error=error) from error
    _, segments = store.memory.segments(base_language(language))
    lot: list[int] = []
    for _, number, text in segments:
        if _replaced(sought, replace, text, pattern) != text:
            lot.append(number)
        if len(lot) >= LOADED_TOGETHER:
            yield from _in_units(store, lot, sought, replace, language, pattern)
            lot = []
    yield from _in_units(store, lot, sought, replace, language, pattern)


def _in_units(
    store: Store, numbers: Sequence[int], sought: regex.Pattern[str], replace: str, language: str, pattern: bool
) -> Iterator[Replacement]:
    for unit in store.memory.units(list(dict.fromkeys(numbers))):
        for variant in unit.variants:
            if base_language(variant.language) == base_language(language):
                after = _replaced(sought, replace, variant.text, pattern)
                if after != variant.text:
                    yield Replacement(unit.id, variant.language, unit.revision, variant.text, after)


def _replaced(sought: regex.Pattern[str], replace: str, text: str, pattern: bool) -> str:
    try:
        if pattern:
            return sought.sub(replace, text, timeout=REPLACE_SECONDS)
        return sought.sub(lambda _: replace, text, timeout=REPLACE_SECONDS)
    except TimeoutError as error:
        raise UsageError("This regular expression takes too long: make it simpler.") from error
    except (regex.error, IndexError) as error:
        raise UsageError(
            "“{replacement}” cannot stand in for what is found: {error}.", replacement=replace, error=error
        ) from error


def apply_replacements(pen: Pen, store: Store, chosen: Sequence[Replacement]) -> tuple[int, list[Replacement]]:
    """Do the replacements a person has looked at; return how many, and those left alone since their unit changed."""
    units = {u.id: u for u in store.memory.units_in(pen.connection, list(dict.fromkeys(r.unit_id for r in chosen)))}
    changes: dict[int, dict[str, str]] = {}
    left: list[Replacement] = []
    for r in chosen:
        unit = units.get(r.unit_id)
        if unit is None or unit.texts.get(r.language) != r.before:
            left.append(r)
        elif clean(r.after):
            changes.setdefault(r.unit_id, {})[r.language] = clean(r.after)
        else:
            left.append(r)  # a replacement that empties a segment is no translation
    memory_write.change_texts(pen, changes, "replaced")
    return len(chosen) - len(left), left


def reversed_replacements(done: Iterable[Replacement]) -> list[Replacement]:
    """Return the replacements that take those done back."""
    return [Replacement(r.unit_id, r.language, r.revision, clean(r.after), r.before) for r in done]


def settling(store: Store, contradiction: Contradiction, *, target: str, text: str) -> tuple[list[Replacement], int]:
    """Return the replacements after which all units of a segment have one of its translations, and how many units
    are left alone since somebody changed them: all, once none has the chosen translation any more."""
    found: list[Replacement] = []
    as_seen = {number: said for said, numbers in contradiction.targets for number in numbers}
    units = store.memory.units(sorted(as_seen))
    left = len(as_seen) - len(units)
    chosen = False
    for unit in units:
        variant = unit.variant(target)
        said = variant.text if variant is not None else ""
        same = text_key(contradiction.source) in {text_key(other) for other in unit.texts.values()}
        if same and text_key(said) == text_key(text):
            chosen = True
        elif variant is not None and same and text_key(said) == text_key(as_seen[unit.id]):
            found.append(Replacement(unit.id, variant.language, unit.revision, said, text))
        else:
            left += 1
    return (found, left) if chosen else ([], left + len(found))


def remove_units(pen: Pen, store: Store, unit_ids: Sequence[int]) -> int:
    """Remove units, whatever supports them; their history stays. Return how many there were."""
    found = store.memory.units_in(pen.connection, unit_ids)
    memory_write.write_history(pen, "removed", [(unit.id, unit.texts, {}) for unit in found])
    memory_write.remove_units(pen, [unit.id for unit in found])
    return len(found)


def edit_unit(pen: Pen, store: Store, unit_id: int, texts: dict[str, str], revision: int) -> None:
    """Give a unit other texts; see :meth:`workbench.services.memory_service.MemoryService.edit`."""
    found = store.memory.units_in(pen.connection, [unit_id])
    if not found:
        raise UsageError("The memory has no unit {unit_id}; it may have been removed meanwhile.", unit_id=unit_id)
    unit = found[0]
    if unit.revision != revision:
        raise ConflictError(
            "{who} changed this unit meanwhile: look at what it says now and try again.", who=unit.changed_by
        )
    unknown = [language for language in texts if language not in unit.texts]
    if unknown:
        raise UsageError(
            "This unit has no {unknown}: it has {languages}.", unknown=unknown[0], languages=", ".join(unit.languages)
        )
    if NewUnit({**unit.texts, **texts}).cleaned() is None:
        raise UsageError("A unit needs two languages: remove it as a whole instead.")
    changed = {language: clean(text) for language, text in texts.items() if clean(text) != unit.texts[language]}
    if changed:
        memory_write.change_texts(pen, {unit_id: changed}, "edited")
