"""What a text costs to translate, told before work starts: its segments and words by how good the memory's offer is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workbench.core.matching import words
from workbench.core.memory import MatchKind, Suggestion


class Band(StrEnum):
    """Where a segment falls, best first; the bands are those translators quote and plan by."""

    REPETITION = "repetition"
    """The text itself has it before."""
    CONTEXT = "context"
    EXACT = "exact"
    FUZZY_95 = "95–99"
    FUZZY_85 = "85–94"
    FUZZY_75 = "75–84"
    SEMANTIC = "semantic"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class BandCount:
    """How much of a text falls into a band."""

    band: Band
    segments: int
    words: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text against the memory.

    Attributes:
        source, target: Language codes.
        bands: All bands, best first, empty ones included.
    """

    source: str
    target: str
    bands: tuple[BandCount, ...]

    @property
    def segments(self) -> int:
        """All segments."""
        return sum(count.segments for count in self.bands)

    @property
    def words(self) -> int:
        """All words."""
        return sum(count.words for count in self.bands)


def band_of(best: Suggestion | None) -> Band:
    """Return the band of a segment by its best suggestion, by similarity before penalties."""
    if best is None:
        return Band.NEW
    if best.kind is MatchKind.SEMANTIC:
        return Band.SEMANTIC
    if best.via is not None or best.changes:
        return Band.FUZZY_95 if best.score >= 95 else Band.FUZZY_85  # to be read in full, whatever the likeness
    if best.kind is MatchKind.CONTEXT:
        return Band.CONTEXT
    if best.kind is MatchKind.EXACT:
        return Band.EXACT
    for least, band in ((95, Band.FUZZY_95), (85, Band.FUZZY_85), (75, Band.FUZZY_75)):
        if best.match.similarity >= least:
            return band
    return Band.NEW


def count_bands(found: Iterable[tuple[str, Band]], source: str, target: str) -> Analysis:
    """Add segments (text, band) up."""
    segments = dict.fromkeys(Band, 0)
    counted = dict.fromkeys(Band, 0)
    for text, band in found:
        segments[band] += 1
        counted[band] += word_count(text)
    return Analysis(source, target, tuple(BandCount(band, segments[band], counted[band]) for band in Band))


def word_count(text: str) -> int:
    """Count the words of a segment: runs of letters or digits; punctuation is none."""
    return sum(1 for word in words(text) if any(ch.isalnum() for ch in word))
