"""What the grid editor is told: the whole grid once as a base, then only what changed.

A text of 2,000 rows in four languages is more than a megabyte. The base goes to the browser once, outside the fragment
that is redrawn with each step; a step's answer holds only the rows that changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from workbench.core.library import StoredGrid, StoredSegment
from workbench.core.texts import SegmentState
from workbench.store.grids import row_to_json

MAX_SPLICES = 200  # after so many answers the browser gets a new base
MAX_SPLICED_ROWS = 1000  # … or after so many rows, since every answer repeats the earlier ones

MAX_ANSWERS = 1000  # kept in all: some minutes of a large team

SentSplice = tuple[int, int, list[dict[str, Any]]]
"""(start, number of rows removed, rows put in their place, as sent)"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a batch of steps.

    Attributes:
        batch: The name the browser gave it.
        done: How many of its steps were stored.
        revision: Of its text's grid afterwards.
        kind: ``error`` or ``conflict`` where a step was refused.
        text: What to say of that, empty where all were stored.
    """

    batch: str = ""
    done: int = 0
    revision: int = -1
    kind: str = ""
    text: str = ""


class Answers:
    """The last answers of this server by batch: a batch whose answer was lost is sent again, perhaps by a page anew."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Answer] = OrderedDict()
        self._lock = Lock()

    def get(self, slug: str, batch: str) -> Answer | None:
        """Return what became of a batch of steps on a text, ``None`` if it is not known."""
        with self._lock:
            return self._kept.get((slug, batch))

    def keep(self, slug: str, answer: Answer) -> None:
        """Keep an answer; the oldest makes room."""
        with self._lock:
            self._kept[slug, answer.batch] = answer
            if len(self._kept) > MAX_ANSWERS:
                self._kept.popitem(last=False)


ANSWERS = Answers()


@dataclass
class GridFeed:
    """What one page of one session has been told about a grid.

    Attributes:
        slug: The text.
        base: Name of the base in the browser.
        stored: The grid as the browser knows it.
        rows: The base's rows, as sent.
        segments: The base's segments by language, as sent.
        splices: What changed since the base, in order.
        texts: Segments that were corrected or came to be since the base, as sent.
        answer: To the last batch of steps that was dealt with.
    """

    slug: str
    base: str
    stored: StoredGrid
    languages: tuple[str, ...]
    rows: list[dict[str, Any]]
    segments: list[list[list[Any]]]
    splices: list[SentSplice] = field(default_factory=list)
    texts: dict[int, list[Any]] = field(default_factory=dict)
    answer: Answer = Answer()

    @property
    def worn(self) -> bool:
        """True when a new base is cheaper than the changes since this one, or the only way to show other columns."""
        if self.stored.grid.languages != self.languages:
            return True
        return len(self.splices) >= MAX_SPLICES or sum(len(s[2]) for s in self.splices) > MAX_SPLICED_ROWS

    def follow(self, stored: StoredGrid) -> None:
        """Note what changed since the browser was last told, whoever changed it."""
        if stored.grid != self.stored.grid:
            start, removed, inserted = self.stored.grid.difference(stored.grid)
            self.splices.append((start, len(removed), [row_to_json(row) for row in inserted]))
        self.stored = stored

    def put_segments(self, segments: Sequence[StoredSegment]) -> None:
        """Note segments whose text changed."""
        for segment in segments:
            self.texts[segment.id] = segment_data(segment)


def new_feed(slug: str, base: str, stored: StoredGrid, segments: Mapping[str, Sequence[StoredSegment]]) -> GridFeed:
    """Begin a feed.

    Args:
        base: A name no other base of this browser page has.
        segments: By language, at least those the grid holds.
    """
    languages = stored.grid.languages
    return GridFeed(
        slug=slug,
        base=base,
        stored=stored,
        languages=languages,
        rows=[row_to_json(row) for row in stored.grid.rows],
        segments=[[segment_data(segment) for segment in segments.get(language, ())] for language in languages],
    )


def segment_data(segment: StoredSegment) -> list[Any]:
    """Return a segment for the browser: number, text, kind, stale, what it said before, revision, place."""
    stale = 1 if segment.state is SegmentState.STALE else 0
    return [
        segment.id,
        segment.text,
        segment.kind.value,
        stale,
        segment.previous_text,
        segment.revision,
        segment.position,
    ]
