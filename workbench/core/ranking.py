"""One ranked list: what a match is worth after penalties, what comes before what, and what is shown once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workbench.core.languages import base_language
from workbench.core.matching import text_key
from workbench.core.memory import (
    Change,
    Difference,
    Match,
    MatchKind,
    Provenance,
    RegionDistance,
    Suggestion,
    TranslationUnit,
    Variant,
    region_distance,
)

# Penalties, in points of 100. Together those a reviewed exact match can meet stay below UNREVIEWED_PENALTY.
UNREVIEWED_PENALTY = 3.0  # an alignment nobody has checked: the one fault no reader of the segment alone can see
OTHER_REGION_PENALTY = 1.5  # pt-PT for pt-BR: spelling and a few words differ, the sentence rarely does
GENERAL_REGION_PENALTY = 0.5  # pt for pt-BR: its region is unknown
OTHER_TEXT_PENALTY = 0.5  # the same sentence of the text at hand was meant for this very place
NORMALISED_PENALTY = 0.2  # each of case, quotes, dashes, spaces, codes that the normalisation hides, at most five
MACHINE_PENALTY = 6.0  # nobody has written this: below anything a person wrote of like quality
THIRD_LANGUAGE_PENALTY = 5.0  # two translations away: below a direct match of like quality
ADAPTED_PENALTY = 1.5  # each changed number, date, name or term; agreement around it is the translator's to check

_KIND_ORDER = {MatchKind.CONTEXT: 0, MatchKind.EXACT: 1, MatchKind.FUZZY: 2, MatchKind.SEMANTIC: 3}
_BELOW = 0.1  # by how much an unreviewed 100 stays below the least reviewed one


@dataclass(frozen=True, slots=True)
class Asked:
    """What a look-up asks for, as far as ranking minds."""

    source: str
    target: str
    text_slug: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit found, before it is judged.

    Attributes:
        unit: The unit.
        kind: How it was found.
        similarity: 0–100.
        scorer: How that was measured, the beginning of the signature.
        found: The variant compared with the query.
        target: The variant offered.
        differences: Where the query and ``found`` differ.
        text: The text offered where it is not the target's own, because something was adapted.
        changes: What was adapted.
        pivot: For a match joined over two units, the second unit; ``unit`` is the one the query matched.
    """

    unit: TranslationUnit
    kind: MatchKind
    similarity: float
    scorer: str
    found: Variant
    target: Variant
    differences: tuple[Difference, ...] = ()
    text: str | None = None
    changes: tuple[Change, ...] = ()
    pivot: TranslationUnit | None = None
    via: str | None = None


def judge(candidate: Candidate, asked: Asked) -> Suggestion:
    """Turn a candidate into a suggestion: its penalties, its score, its signature, its origin."""
    c = candidate
    reviewed = c.unit.reviewed(c.found.language, c.target.language) if c.pivot is None else _pivot_reviewed(c)
    penalties = _penalties(c, asked, reviewed)
    score = max(c.similarity - sum(value for _, value in penalties), 0.0)
    parts = [c.scorer, *(f"-{name}:{value:g}" for name, value in penalties)]
    match = Match(c.unit, c.kind, c.similarity, round(score, 1), "|".join(parts), c.found.text, c.found.language)
    return Suggestion(
        c.text if c.text is not None else c.target.text,
        c.target.language,
        match,
        reviewed,
        _origin(c.pivot or c.unit, c.found.language, c.target.language, asked),
        c.differences,
        c.changes,
        c.via,
    )


def rank(suggestions: Iterable[Suggestion], limit: int) -> list[Suggestion]:
    """Sort suggestions, best first, and show equal targets once.

    Sorted by score; among equals, context before exact before fuzzy before semantic, reviewed first, then the most
    used, then the last changed. An unreviewed 100 never comes before a reviewed one, whatever their penalties.
    """
    found = list(suggestions)
    sure = [s.score for s in found if s.reviewed and s.via is None and _full(s)]
    ceiling = min(sure) - _BELOW if sure else 100.0

    def order(s: Suggestion) -> tuple[float, int, bool, int, tuple[int, ...]]:
        score = s.score if s.reviewed and s.via is None else min(s.score, ceiling)
        changed = tuple(-ord(ch) for ch in s.match.unit.changed_at)
        return -score, _KIND_ORDER[s.kind], not s.reviewed, -s.match.unit.uses, changed

    shown: dict[str, Suggestion] = {}
    units: dict[str, set[int]] = {}
    for s in sorted(found, key=order):
        key = s.target
        units.setdefault(key, set()).add(s.match.unit.id)
        shown.setdefault(key, s)
    return [replace(s, also=len(units[key]) - 1) for key, s in shown.items()][:limit]


def _full(s: Suggestion) -> bool:
    return s.kind in (MatchKind.CONTEXT, MatchKind.EXACT) and not s.changes


def _penalties(c: Candidate, asked: Asked, reviewed: bool) -> list[tuple[str, float]]:
    out: list[tuple[str, float]] = []
    hidden = sorted({d.what for d in c.differences if d.what != "words"})
    out.extend((what, NORMALISED_PENALTY) for what in hidden)
    if not reviewed:
        out.append(("unreviewed", UNREVIEWED_PENALTY))
    if _all_machine(c):
        out.append(("machine", MACHINE_PENALTY))
    if base_language(c.target.language) == base_language(asked.target):
        distance = region_distance(asked.target, c.target.language)
        if distance is RegionDistance.OTHER:
            out.append(("region", OTHER_REGION_PENALTY))
        elif distance is RegionDistance.GENERAL:
            out.append(("region", GENERAL_REGION_PENALTY))
    if asked.text_slug is not None and not any(
        p.source.text_slug == asked.text_slug for p in (c.pivot or c.unit).provenances
    ):
        out.append(("text", OTHER_TEXT_PENALTY))
    if c.via is not None:
        out.append(("via", THIRD_LANGUAGE_PENALTY))
    if c.changes:
        out.append(("adapted", ADAPTED_PENALTY * len(c.changes)))
    return out


def _pivot_reviewed(c: Candidate) -> bool:
    assert c.pivot is not None and c.via is not None
    return c.unit.reviewed(c.found.language) and c.pivot.reviewed(c.target.language)


def _all_machine(c: Candidate) -> bool:
    return c.unit.machine(c.found.language) or (c.pivot or c.unit).machine(c.target.language)


def _origin(unit: TranslationUnit, found: str, target: str, asked: Asked) -> str:
    """Name the source people will trust most: one that has both languages, reviewed, of this text, the latest."""
    if not unit.provenances:
        return ""

    def worth(p: Provenance) -> tuple[bool, bool, bool, str]:
        return p.supports(found, target), p.reviewed, p.source.text_slug == asked.text_slug, p.at

    best = max(unit.provenances, key=worth).source
    return best.name or best.key


def same_target(suggestions: Sequence[Suggestion]) -> bool:
    """Tell whether all suggestions say the same, the declared normalisation apart."""
    return len({text_key(s.target) for s in suggestions}) <= 1
