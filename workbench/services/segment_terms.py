"""The glossary's terms in segments that are looked at, in every language at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbench.core.languages import base_language
from workbench.core.terms import Concept, Status
from workbench.services.glossary_service import GlossaryService

MAX_SEGMENTS = 400  # of one question: some screens of a grid; more would keep whoever asks waiting


@dataclass(frozen=True, slots=True)
class TermSpan:
    """A term in a segment.

    Attributes:
        start, end: In characters; spans of a segment never overlap.
        concepts: Ids of what it may mean.
        avoid: The glossary says something else instead.
    """

    start: int
    end: int
    concepts: tuple[str, ...]
    avoid: bool = False


@dataclass(frozen=True, slots=True)
class SegmentTerms:
    """Terms by segment number, and the concepts they belong to by id."""

    spans: Mapping[int, tuple[TermSpan, ...]] = field(default_factory=dict)
    concepts: Mapping[str, Concept] = field(default_factory=dict)


def segment_terms(glossary: GlossaryService, segments: Iterable[tuple[int, str, str]]) -> SegmentTerms:
    """Return the terms of segments.

    Args:
        segments: (number, language, text); those of a language without terms have none.
    """
    spans: dict[int, tuple[TermSpan, ...]] = {}
    concepts: dict[str, Concept] = {}
    for number, language, text in segments:
        found = []
        for hit in glossary.recogniser(base_language(language)).find(text):
            entries = hit.entries
            concepts.update((concept.id, concept) for _, concept in entries)
            avoid = all(term.status in (Status.DEPRECATED, Status.FORBIDDEN) for term, _ in entries)
            found.append(TermSpan(hit.start, hit.end, tuple(dict.fromkeys(c.id for _, c in entries)), avoid))
        spans[number] = tuple(found)
    return SegmentTerms(spans, concepts)
