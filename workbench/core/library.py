"""Texts as a workspace keeps them: with lasting numbers, states and revisions; and what their coverage is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workbench.core.grid import Grid
from workbench.core.texts import BlockKind, SegmentState
from workbench.errors import Sentence


class VersionState(StrEnum):
    """What a version of a text is good for."""

    DRAFT = "draft"
    IN_TRANSLATION = "in translation"
    PUBLISHED = "published"
    STALE = "stale"
    """Its original has changed since."""


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text of the workspace. ``id`` is the store's own number, ``slug`` the name people use."""

    id: int
    slug: str
    title: str
    kind: str
    original: str
    description: str
    titles: Mapping[str, str]
    created_at: str
    updated_at: str


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of a text: one language. ``revision`` counts uploads from 1."""

    id: int
    text_id: int
    language: str
    revision: int
    state: VersionState
    file_name: str
    format: str
    original_sha256: str | None
    warnings: tuple[Sentence, ...]
    updated_at: str
    updated_by: str


@dataclass(frozen=True, slots=True)
class StoredSegment:
    """A segment of a version.

    Attributes:
        id: Lasting number, the one stored grids hold; survives a revision while the segment is unchanged or
            recognisably the same.
        position: 0-based place in its version.
        previous_text: What it said before the last revision changed it, ``None`` if it never changed.
        revision: Counts its edits from 1; an edit must name the one it saw.
    """

    id: int
    position: int
    text: str
    kind: BlockKind
    block: int
    level: int
    state: SegmentState
    previous_text: str | None = None
    revision: int = 1
    updated_at: str = ""
    updated_by: str = ""


@dataclass(frozen=True, slots=True)
class StoredGrid:
    """A text's grid over lasting segment numbers.

    Attributes:
        revision: Counts its edits from 1; an edit must name the one it saw.
        aligner: How it was made, with the names of aligner and model (a signature).
    """

    text_id: int
    revision: int
    grid: Grid
    aligner: str
    updated_at: str
    can_undo: bool = False
    can_redo: bool = False


@dataclass(frozen=True, slots=True)
class LanguageCoverage:
    """How far one language of a text has come; counts are segments of that language or rows of the grid.

    Attributes:
        state: ``"missing"`` or a :class:`VersionState` value.
        segments: Segments the version has.
        aligned: Share 0–1 of its segments that stand in a row with another language; ``None`` without a grid.
        stale: Segments whose original has changed since.
        missing: Rows of the original without a counterpart here that are not marked as left out.
        drafts: Segments translated but not yet confirmed.
    """

    language: str
    state: str
    segments: int = 0
    aligned: float | None = None
    stale: int = 0
    missing: int = 0
    drafts: int = 0
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class TextCoverage:
    """A text and the coverage of each language."""

    text: StoredText
    languages: Mapping[str, LanguageCoverage] = field(default_factory=dict)
    rows: int = 0
    confirmed: int = 0
    doubtful: int = 0
    other_languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskStep:
    """Something done at the desk that touched several segments and can be taken back.

    Attributes:
        operation: ``"split"``, ``"join"``, ``"fill"``, ``"propagate"``, ``"replace"`` or ``"revise"``.
        changes: What it needs to be taken back. For the last four: ``rows``, a list of
            ``[key, text before or None, state before, text after]``.
    """

    id: int
    text_id: int
    language: str
    source: str
    operation: str
    changes: Mapping[str, Any]
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person remarks about a segment's translation.

    Attributes:
        segment: Lasting number of the source segment.
        resolved_at, resolved_by: When and by whom it was settled; empty while it is open.
    """

    id: int
    segment: int
    body: str
    at: str
    by: str
    resolved_at: str = ""
    resolved_by: str = ""

    @property
    def open(self) -> bool:
        """True while nobody has settled it."""
        return not self.resolved_at


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """What a person has typed for a segment of the source and not confirmed.

    Attributes:
        segment: Lasting number of the source segment.
        base: Token of the translation the person had before them, ``None`` where it is not known.
    """

    segment: int
    text: str
    at: str
    by: str
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Handout:
    """What a reviser was sent: the rows as they stood then.

    Attributes:
        code: Stands on the document and names it when it comes back.
        rows: (key of the row, source, target, comments) in the order of the document.
    """

    code: str
    text_id: int
    source: str
    language: str
    rows: tuple[tuple[int, str, str, str], ...]
    at: str
    by: str
