"""What the figures show: how far the texts have come, how sure alignments are, what the memory is made of and saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workbench.core.languages import base_language
from workbench.core.library import TextCoverage
from workbench.core.projection import on_plane
from workbench.services.vector_service import VectorService
from workbench.store.figures import BINS, CoverageDay, PlacedSegment, SavedWords, SourceCount
from workbench.store.store import Store

MAP_POINTS = 1500  # more points hide each other and take seconds to draw
SHORTEST = 20  # characters; shorter segments lie together because they are short


@dataclass(frozen=True, slots=True)
class ConfidenceBin:
    """Rows of all grids whose confidence lies between two values, by what a person has said of them."""

    low: float
    high: float
    confirmed: int
    accepted: int
    unreviewed: int


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A segment and its place on the map, each coordinate between -1 and 1."""

    x: float
    y: float
    segment: PlacedSegment


@dataclass(frozen=True, slots=True)
class SegmentMap:
    """Segments by meaning.

    Attributes:
        points: Those whose vectors are known.
        kept: Share 0–1 of the differences between segments that a plane can show.
        unknown: Segments of the sample without a vector yet.
    """

    points: tuple[MapPoint, ...]
    kept: float
    unknown: int


class FiguresService:
    """Counts for the figures.

    Args:
        store: Where everything is.
        vectors: Sentence vectors; only those that are there are used.
        now: The clock: an ISO 8601 time in UTC.
    """

    def __init__(self, *, store: Store, vectors: VectorService, now: Callable[[], str]) -> None:
        self.store = store
        self.vectors = vectors
        self.now = now

    def note_coverage(self, texts: Iterable[TextCoverage]) -> None:
        """Keep how far the texts have come today; called whenever the board is drawn, it writes what has changed."""
        counts: dict[str, list[int]] = {}
        for text in texts:
            original = text.languages.get(text.text.original)
            total = original.segments if original else 0
            for coverage in text.languages.values():
                wanted, done = total, total - coverage.missing - coverage.stale - coverage.drafts
                if coverage.state == "missing":
                    done = 0
                elif coverage.language == text.text.original:
                    done = total
                kept = counts.setdefault(base_language(coverage.language), [0, 0, 0])
                kept[0] += wanted
                kept[1] += max(0, min(done, wanted))
                kept[2] += coverage.stale
        self.store.figures.note_coverage(self.now()[:10], {code: (a, b, c) for code, (a, b, c) in counts.items()})

    def coverage(self) -> list[CoverageDay]:
        """Return coverage by day and language: as noted, and before that as the segments' own dates tell it."""
        noted = self.store.figures.coverage_days()
        first = min((point.day for point in noted), default="9999")
        told: list[CoverageDay] = []
        wanted, done = 0, dict.fromkeys((point.language for point in noted), 0)
        rows = [row for row in self.store.figures.first_days() if row[0] < first]
        for place, (day, language, original, number) in enumerate(rows):
            base = base_language(language)
            done[base] = done.get(base, 0) + number
            wanted += number if original else 0
            if place + 1 == len(rows) or rows[place + 1][0] != day:
                told += [
                    CoverageDay(day, code, max(wanted, n), n, noted=False) for code, n in done.items() if wanted or n
                ]
        return [*told, *noted]

    def confidence(self) -> list[ConfidenceBin]:
        """Return how sure the aligner was of all rows, in twenty bins."""
        counts = {(low, state): n for low, state, n in self.store.figures.confidences()}
        edges = [n / BINS for n in range(BINS + 1)]
        return [
            ConfidenceBin(low, high, *(counts.get((n, state), 0) for state in ("confirmed", "accepted", "open")))
            for n, (low, high) in enumerate(pairwise(edges))
        ]

    def sources(self) -> list[SourceCount]:
        """Return where the memory's units come from, the largest sources first."""
        return self.store.figures.sources()

    def saved(self) -> list[SavedWords]:
        """Return the words that the memory saved, by day and way (``taken``, ``filled``, ``repeated``)."""
        return self.store.figures.saved()

    def uses(self) -> int:
        """Return how often a suggestion was taken in all."""
        return self.store.figures.uses()

    def map(self, limit: int = MAP_POINTS) -> SegmentMap:
        """Return segments of all texts placed by meaning, by the vectors that are there; no model is loaded."""
        sample: Sequence[PlacedSegment] = self.store.figures.sample(limit, SHORTEST)
        vectors = self.vectors.known([segment.content for segment in sample])
        known = [(segment, v) for segment, v in zip(sample, vectors, strict=True) if v is not None]
        if len(known) < 3:
            return SegmentMap((), 0.0, len(sample) - len(known))
        places, kept = on_plane(np.array([v for _, v in known]), [base_language(s.language) for s, _ in known])
        points = tuple(
            MapPoint(float(x), float(y), segment) for (segment, _), (x, y) in zip(known, places, strict=True)
        )
        return SegmentMap(points, kept, len(sample) - len(known))
