"""The words of the translation memory: units and variants, where they come from, what a look-up offers.

A unit is one meaning with a variant in each language it has, without a direction. Another translation of the same
sentence is another unit: which one is offered first is a matter of review, recency and use, never of overwriting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce

from workbench.core.languages import LANGUAGES, base_language
from workbench.core.texts import clean
from workbench.errors import UsageError

MAX_UNIT_LANGUAGES = 64  # a unit with more is no translation unit but a broken or hostile file

Pairs = tuple[tuple[str, str], ...]

Neighbours = tuple[str | None, str | None]
"""The segment before and the one after, in the same language; ``None`` where unknown, ``""`` at a text's edge."""


class SourceKind(StrEnum):
    """What a unit was learnt from."""

    TEXT = "text"
    """Rows of an aligned text that a person accepted."""
    DESK = "desk"
    """Segments confirmed while translating."""
    FILE = "file"
    """An imported exchange file."""


class MatchKind(StrEnum):
    """How a unit was found; the order is that of trust."""

    CONTEXT = "context"
    """The same segment between the same neighbours."""
    EXACT = "exact"
    """The same segment after the declared normalisation."""
    FUZZY = "fuzzy"
    """A similar segment."""
    SEMANTIC = "semantic"
    """A segment, perhaps of another language, whose vector is near."""


@dataclass(frozen=True, slots=True)
class Source:
    """What units are learnt from and can be retracted by.

    Attributes:
        key: Names it for ever, such as ``text:presentation``; at most 200 characters.
        kind: See :class:`SourceKind`.
        name: What people read: a title, a file's name.
        text_slug: The text's slug where it is one of the workspace's.
        revision: The text's revision at that time, 0 where there is none.
        aligner: Signature of the aligner that joined the segments, empty if a person or a file did.
    """

    key: str
    kind: SourceKind = SourceKind.TEXT
    name: str = ""
    text_slug: str = ""
    revision: int = 0
    aligner: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= 200:
            raise UsageError("The key of a memory source must have 1 to 200 characters.")


@dataclass(frozen=True, slots=True)
class Details:
    """What an exchange file says about a unit or one language of it, kept verbatim.

    Attributes:
        id, source, context: Of a unit: the file's name for it, its source language, what tells equal texts apart.
        codes: Of a language: (inline code as it stands in the text, its XML).
        properties: (name, value), in order.
        notes: In order.
        created, changed: ISO 8601 in UTC, or as the file has it.
        author, changed_by: Who.
    """

    id: str = ""
    source: str = ""
    context: str = ""
    codes: Pairs = ()
    properties: Pairs = ()
    notes: tuple[str, ...] = ()
    created: str = ""
    changed: str = ""
    author: str = ""
    changed_by: str = ""

    def joined(self, other: Details) -> Details:
        """Return both: lists gain what they lack, of single values the first stays."""
        if not self:
            return other
        return Details(
            self.id or other.id,
            self.source or other.source,
            self.context or other.context,
            self.codes or other.codes,
            self.properties + tuple(pair for pair in other.properties if pair not in self.properties),
            self.notes + tuple(note for note in other.notes if note not in self.notes),
            self.created or other.created,
            self.changed or other.changed,
            self.author or other.author,
            self.changed_by or other.changed_by,
        )

    def __bool__(self) -> bool:
        return self != NO_DETAILS


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class NewUnit:
    """What :meth:`~workbench.services.memory_service.MemoryService.learn` takes: segments that say the same.

    Attributes:
        variants: Text by language, at least two languages that are not empty.
        place: Where in its source it stands (such as segment numbers). Learning again from the same source and
            place replaces what was learnt there; empty means that it only adds.
        context: Neighbours by language.
        score: The aligner's confidence, 0–1.
        machine: A machine translated it and nobody has changed it.
        details: What its file says about it.
        variant_details: What its file says about a language of it.
        checked: Where it counts as reviewed, the languages a person has compared with each other; ``None``: all.
    """

    variants: Mapping[str, str]
    place: str = ""
    context: Mapping[str, Neighbours] = field(default_factory=dict)
    score: float | None = None
    machine: bool = False
    details: Details = NO_DETAILS
    variant_details: Mapping[str, Details] = field(default_factory=dict)
    checked: tuple[str, ...] | None = None

    def cleaned(self) -> NewUnit | None:
        """Return it with cleaned texts and without empty ones; ``None`` if fewer than two languages are left."""
        texts = {language: clean(text) for language, text in self.variants.items()}
        texts = {language: text for language, text in texts.items() if text}
        if len(texts) < 2:
            return None
        context = {
            language: (_clean(before), _clean(after))
            for language, (before, after) in self.context.items()
            if language in texts
        }
        return NewUnit(
            texts, self.place, context, self.score, self.machine, self.details,
            {language: found for language, found in self.variant_details.items() if language in texts and found},
            None if self.checked is None else tuple(language for language in texts if language in self.checked),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Variant:
    """A unit in one language.

    Attributes:
        language: BCP 47 code, with a region where the source had one.
        text: The segment, with inline codes as ``⟨1⟩…⟨/1⟩``.
    """

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """That a source supports some languages of a unit.

    Attributes:
        source: The source.
        languages: The languages in which it has the unit.
        place: Where in the source.
        context: Neighbours by language.
        reviewed: A person has checked it.
        checked: If so, the languages they compared with each other; ``None``: all of them.
        machine: A machine translated it.
        score: The aligner's confidence, 0–1, ``None`` if no aligner was at work.
        at, by: When and by whom it was learnt.
        details: What the source's file says about the unit.
        variant_details: What it says about a language of it.
    """

    source: Source
    languages: tuple[str, ...]
    place: str = ""
    context: Mapping[str, Neighbours] = field(default_factory=dict)
    reviewed: bool = False
    machine: bool = False
    score: float | None = None
    at: str = ""
    by: str = ""
    details: Details = NO_DETAILS
    variant_details: Mapping[str, Details] = field(default_factory=dict)
    checked: tuple[str, ...] | None = None

    def supports(self, *languages: str) -> bool:
        """Tell whether it has the unit in all these languages."""
        return all(language in self.languages for language in languages)

    def checks(self, *languages: str) -> bool:
        """Tell whether a person has compared all these languages with each other there."""
        compared = self.languages if self.checked is None else self.checked
        return self.reviewed and all(language in compared for language in languages)


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """One meaning held in the memory.

    Attributes:
        id: The store's lasting number.
        variants: One a language, fr es pt en first.
        provenances: All that supports it, oldest first.
        uses: How often a suggestion from it was taken.
        created_at, changed_at, changed_by: ISO 8601 in UTC; the author of the last change.
        revision: Counts its changes from 1.
    """

    id: int
    variants: tuple[Variant, ...]
    provenances: tuple[Provenance, ...] = ()
    uses: int = 0
    created_at: str = ""
    changed_at: str = ""
    changed_by: str = ""
    revision: int = 1

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it has."""
        return tuple(variant.language for variant in self.variants)

    @property
    def texts(self) -> dict[str, str]:
        """Text by language."""
        return {variant.language: variant.text for variant in self.variants}

    def variant(self, language: str) -> Variant | None:
        """Return the variant that serves a language best: that very code, the bare language, or any region of it."""
        ranked = [v for v in self.variants if base_language(v.language) == base_language(language)]
        return min(ranked, key=lambda v: region_distance(language, v.language), default=None)

    def reviewed(self, *languages: str) -> bool:
        """Tell whether a person has checked these languages of it against each other (all of them by default)."""
        wanted = languages or self.languages
        return any(p.checks(*wanted) for p in self.provenances)

    @property
    def details(self) -> Details:
        """What files said about it, all sources together."""
        return reduce(Details.joined, (p.details for p in self.provenances), NO_DETAILS)

    def variant_details(self, language: str) -> Details:
        """Return what files said about one of its languages, all sources together."""
        found = (p.variant_details[language] for p in self.provenances if language in p.variant_details)
        return reduce(Details.joined, found, NO_DETAILS)

    def machine(self, *languages: str) -> bool:
        """Tell whether all that supports these languages is machine translation."""
        support = [p for p in self.provenances if p.supports(*(languages or self.languages))]
        return bool(support) and all(p.machine for p in support)


class RegionDistance(StrEnum):
    """How far a variant's region is from the one asked for; sorts from near to far."""

    SAME = "0 same"
    GENERAL = "1 general"
    OTHER = "2 other"


def region_distance(asked: str, found: str) -> RegionDistance:
    """Compare the regions of two codes of one language.

    A bare ``pt`` asked for takes any Portuguese; ``pt-BR`` asked for prefers itself, then ``pt``, then ``pt-PT``.
    """
    if asked == found or asked == base_language(asked):
        return RegionDistance.SAME
    return RegionDistance.GENERAL if found == base_language(found) else RegionDistance.OTHER


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch in which the query and the unit's segment differ, in characters of each (start included, end not).

    Attributes:
        query: Range in the query; empty where the unit has more.
        found: Range in the unit's segment; empty where the query has more.
        what: ``"words"``, or for an exact match the declared normalisation that hides it: ``"case"``, ``"quotes"``,
            ``"dashes"``, ``"spaces"``, ``"codes"``, ``"other"``.
    """

    query: tuple[int, int]
    found: tuple[int, int]
    what: str = "words"


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed in a unit's target to make the suggestion.

    Attributes:
        what: ``"number"``, ``"date"``, ``"name"`` or ``"term"``.
        before: What the unit's target says.
        after: What the suggestion says instead.
        span: Where that stands in the suggestion's target, in characters.
    """

    what: str
    before: str
    after: str
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Match:
    """A unit found for a segment.

    Attributes:
        unit: The unit.
        kind: How it was found.
        similarity: 0–100 between the query and the segment found, before penalties.
        score: 0–100, similarity less penalties: what the list is sorted by.
        signature: How both were made, such as ``lev-char-word|v1|-unreviewed:3``.
        found: The segment of the unit that was compared with the query.
        language: Its language.
    """

    unit: TranslationUnit
    kind: MatchKind
    similarity: float
    score: float
    signature: str
    found: str
    language: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the translator is offered.

    Attributes:
        target: The text to insert.
        language: Its language code, as the unit has it.
        match: The unit, its kind, similarity and score.
        reviewed: A person has checked this pair. What is not reviewed never fills by itself.
        origin: Where it comes from, for people: the name of its best source.
        differences: Where the query and the segment found differ.
        changes: What was changed in the unit's target; empty when it is offered as it stands.
        via: The third language it was found through, ``None`` for a direct match.
        also: How many further units say the same (they are shown once).
    """

    target: str
    language: str
    match: Match
    reviewed: bool
    origin: str = ""
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()
    via: str | None = None
    also: int = 0

    @property
    def kind(self) -> MatchKind:
        """How it was found."""
        return self.match.kind

    @property
    def score(self) -> float:
        """0–100, what it is ranked by."""
        return self.match.score

    @property
    def fills(self) -> bool:
        """Tell whether it may be filled in without a person: a reviewed context or exact match, unchanged."""
        sure = self.kind in (MatchKind.CONTEXT, MatchKind.EXACT)
        return sure and self.reviewed and not self.changes and self.via is None and self.match.similarity >= 100.0


def sort_variants(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    """Return variants in the order of the columns: fr es pt en, regions after their language, others last."""
    known = {language: place for place, language in enumerate(LANGUAGES)}
    return tuple(sorted(variants, key=lambda v: (known.get(base_language(v.language), len(known)), v.language)))


def _clean(text: str | None) -> str | None:
    return None if text is None else clean(text)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What learning did to the memory, in units.

    Attributes:
        added: New units.
        grown: Units that gained a language.
        known: Units that were there already and gained at most a source.
        unit_ids: For each unit learnt, in order, the number of the unit that holds it now.
    """

    added: int = 0
    grown: int = 0
    known: int = 0
    unit_ids: tuple[int, ...] = ()

    @property
    def changed(self) -> int:
        """Units added or grown."""
        return self.added + self.grown

    @classmethod
    def of(cls, parts: Sequence[Learnt]) -> Learnt:
        """Return what was learnt in several parts as one."""
        return cls(
            sum(part.added for part in parts), sum(part.grown for part in parts), sum(part.known for part in parts),
            tuple(number for part in parts for number in part.unit_ids),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A change of a unit: what it said before and after, by language; empty ``after`` where it was removed."""

    unit_id: int
    operation: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Batch:
    """An import.

    Attributes:
        state: ``"staged"`` while it runs or after it was broken off, ``"published"``, ``"undone"``.
        units, skipped: Units read, and units left out as faulty.
    """

    id: int
    name: str
    state: str
    at: str
    by: str
    units: int = 0
    skipped: int = 0
    digest: str = ""


@dataclass(frozen=True, slots=True)
class MemoryStats:
    """How much the memory holds.

    Attributes:
        units: Units.
        variants: Segments by language code.
        sources: Sources by kind.
        reviewed: Units that a person has checked.
        revision: Rises with every change.
    """

    units: int
    variants: Mapping[str, int]
    sources: Mapping[str, int]
    reviewed: int
    revision: int
