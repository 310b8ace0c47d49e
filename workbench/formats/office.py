"""What a Word document and an OpenDocument text have in common: paragraphs found in the XML parts of an archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.core.segmentation import without_codes
from workbench.core.texts import Block, BlockKind, Document, ParsedFile, clean
from workbench.errors import Sentence
from workbench.formats.archive import Archive
from workbench.formats.codes import Inline, Piece


@dataclass(slots=True)
class Found:
    """A paragraph with text: the part it stands in, its element, its text with codes, its block."""

    part: str
    paragraph: Any
    inline: Inline
    block: Block


@dataclass(slots=True)
class Content:
    """All that was found, with the parsed parts it was found in."""

    archive: Archive
    roots: dict[str, Any] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)
    language: str | None = None
    title: str = ""

    def parsed(self, format: str) -> ParsedFile:
        """Return the document; without a title of its own, its first heading is its title."""
        headings = (without_codes(f.block.text) for f in self.found if f.block.kind is BlockKind.HEADING)
        title = self.title or next(headings, "")
        blocks = tuple(found.block for found in self.found)
        return ParsedFile((Document(blocks, self.language, title, tuple(self.warnings)),), format=format)

    def put(self, blocks: Sequence[str | None], write: Callable[[Any, list[Piece]], None]) -> set[str]:
        """Put new texts into the paragraphs and return the names of the parts that changed.

        Args:
            blocks: A text for each paragraph found, in order; ``None`` leaves it as it is.
            write: Puts pieces of text and codes into a paragraph's element.
        """
        changed: set[str] = set()
        for found, new in zip(self.found, blocks, strict=False):
            if new is not None and not found.inline.same(new):
                write(found.paragraph, found.inline.parse(clean(new)))
                changed.add(found.part)
        return changed
