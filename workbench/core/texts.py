"""What a text is made of: documents as files give them, segments as translators see them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.errors import Sentence


class BlockKind(StrEnum):
    """What a block is in its document; it decides how it is cut and how it is drawn."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    CELL = "cell"
    UNIT = "unit"
    """One entry of a file that holds entries (PO, XLIFF, TMX, CSV): never cut into sentences."""


@dataclass(frozen=True, slots=True)
class Block:
    """One translatable stretch of a document, in reading order.

    Attributes:
        text: Plain text. Inline codes (bold, links, footnote marks) stand in it as ``⟨1⟩…⟨/1⟩`` and ``⟨2/⟩``.
        kind: What it is.
        level: 1–6 for headings, nesting depth from 1 for list items, otherwise 0.
        context: What the file says about it (a PO context, a table's column), empty if nothing.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    context: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One language of one file, as its reader found it.

    Attributes:
        blocks: The translatable blocks in order.
        language: What the file itself declares, ``None`` if it says nothing.
        title: The document's title if the file has one.
        warnings: Sentences for the user about what was odd (an encoding other than UTF-8, text left out).
    """

    blocks: tuple[Block, ...]
    language: str | None = None
    title: str = ""
    warnings: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        """All blocks, a blank line between them."""
        return "\n\n".join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file read: one document, or several languages at once.

    Attributes:
        documents: One a language; more than one only for formats that hold several languages.
        aligned: True when the n-th blocks of all documents answer each other (PO, XLIFF, TMX, CSV); an empty block
            then stands for a missing translation.
        format: The key of ``formats.READERS`` that read it (``".docx"``).
    """

    documents: tuple[Document, ...]
    aligned: bool = False
    format: str = ".txt"


class SegmentState(StrEnum):
    """How far a segment of a version in translation has come."""

    DRAFT = "draft"
    TRANSLATED = "translated"
    REVIEWED = "reviewed"
    STALE = "stale"
    """Its original has changed since it was translated."""


@dataclass(frozen=True, slots=True)
class Segment:
    """What is translated and compared as one: a sentence, heading or list item of one version.

    Attributes:
        text: The segment with its inline codes, NFC, no surrounding white space.
        kind: The kind of the block it stands in.
        block: 0-based number of that block in its document: segments of one block form a paragraph.
        level: Level of the block (headings 1–6, list depth).
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    block: int = 0
    level: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """A text in one language."""

    language: str
    segments: tuple[Segment, ...]
    title: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """The segments' texts."""
        return tuple(segment.text for segment in self.segments)


@dataclass(frozen=True, slots=True)
class TextInfo:
    """What a text is, whatever its languages.

    Attributes:
        slug: Its short name, ``[a-z0-9-]{1,80}``, unique in the workspace.
        title: Its title in the original language or the user's.
        kind: page, presentation, message, faq, agreement …: the user's own word.
        original: Language code of the original.
        description: A sentence about it.
        titles: Titles by language, where known.
    """

    slug: str
    title: str
    kind: str = "page"
    original: str = "fr"
    description: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)


_INVISIBLE = re.compile(  # control characters but white space; zero-width and bidirectional controls
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\u2060\u202a-\u202e\u2066-\u2069]+"
)
_SPACES = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029 ]+")


def clean(text: str) -> str:
    """Return ``text`` in NFC, runs of white space as one space (no-break spaces kept), control characters dropped.

    Tabs and line ends become spaces; zero-width and bidirectional controls are kept only where scripts need them
    (zero-width joiners between letters), since pasted ones hide differences.
    """
    bare = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    return _SPACES.sub(" ", bare).strip(" ")


def slugify(name: str, taken: Iterable[str] = ()) -> str:
    """Make a slug of a title or file name: ASCII, lower case, hyphens; never empty, never one of ``taken``.

    Path separators and dots never survive, so that a slug can name a folder.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(ch if ch.isalnum() else " " for ch in plain.casefold()).split()
    base = "-".join(words)[:80].strip("-") or "text"
    used, slug, n = set(taken), base, 2
    while slug in used:
        slug, n = f"{base[:76]}-{n}", n + 1
    return slug
