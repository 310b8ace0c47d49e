"""File formats: bytes to core types and back.

Readers and writers are literal tables by suffix. Nothing heavy is imported before a file of its kind is read, so
that commands which read no file start at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, Protocol

from workbench.config import MAX_FILE_BYTES
from workbench.core.texts import Block, ParsedFile, Segment
from workbench.errors import FormatError
from workbench.formats.decoding import shown

__all__ = [
    "NEW_FORMATS",
    "NOTED",
    "READERS",
    "SOURCE_COLUMN",
    "WRITERS",
    "add_notes",
    "new_document",
    "read_document",
    "read_segments",
    "rebuild",
    "suffix_of",
]

Reader = Callable[[bytes, str], ParsedFile]


class Rebuilder(Protocol):
    """Puts new texts into a file: ``None`` leaves a block as it is."""

    def __call__(self, original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes: ...


class NewWriter(Protocol):
    """Writes a fresh file."""

    def __call__(self, blocks: Sequence[Block], *, language: str, title: str = "") -> bytes: ...


def _reader(module: str, function: str = "read") -> Reader:
    def read(data: bytes, name: str) -> ParsedFile:
        parsed: ParsedFile = _function(module, function)(data, name)
        return parsed

    return read


def _rebuilder(module: str, function: str = "rebuild") -> Rebuilder:
    def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
        data: bytes = _function(module, function)(original, blocks, language=language)
        return data

    return rebuild


def _writer(module: str) -> NewWriter:
    def write(blocks: Sequence[Block], *, language: str, title: str = "") -> bytes:
        data: bytes = _function(module, "write")(blocks, language=language, title=title)
        return data

    return write


def _function(module: str, name: str) -> Any:
    return getattr(import_module(f"workbench.formats.{module}"), name)


READERS: Mapping[str, Reader] = {
    ".txt": _reader("text"),
    ".md": _reader("markdown"),
    ".markdown": _reader("markdown"),
    ".html": _reader("html"),
    ".htm": _reader("html"),
    ".docx": _reader("docx"),
    ".odt": _reader("odt"),
    ".po": _reader("po"),
    ".pot": _reader("po"),
    ".xliff": _reader("xliff"),
    ".xlf": _reader("xliff"),
    ".tmx": _reader("tmx"),
    ".csv": _reader("table"),
    ".tsv": _reader("table"),
    ".xlsx": _reader("table"),
    ".properties": _reader("resources", "read_properties"),
    ".json": _reader("resources", "read_json"),
}
"""By suffix: a function of a file's bytes and its name (for messages)."""

WRITERS: Mapping[str, Rebuilder] = {
    ".txt": _rebuilder("text"),
    ".md": _rebuilder("markdown"),
    ".markdown": _rebuilder("markdown"),
    ".html": _rebuilder("html"),
    ".htm": _rebuilder("html"),
    ".docx": _rebuilder("docx"),
    ".odt": _rebuilder("odt"),
    ".po": _rebuilder("po"),
    ".pot": _rebuilder("po"),
    ".xliff": _rebuilder("xliff"),
    ".xlf": _rebuilder("xliff"),
    ".tmx": _rebuilder("tmx"),
    ".csv": _rebuilder("table"),
    ".tsv": _rebuilder("table"),
    ".xlsx": _rebuilder("table"),
    ".properties": _rebuilder("resources", "rebuild_properties"),
    ".json": _rebuilder("resources", "rebuild_json"),
}
"""By suffix: a function that puts new texts into the original's blocks and keeps its layout."""

SOURCE_COLUMN = frozenset((".po", ".pot", ".xliff", ".xlf"))
"""Files of entries that hold a source and one translation of it: only the translation can be written."""

NOTED = frozenset((".xliff", ".xlf", ".po", ".pot"))
"""Files of entries in which a comment has a place."""

NEW_FORMATS: Mapping[str, NewWriter] = {
    ".txt": _writer("text"),
    ".md": _writer("markdown"),
    ".html": _writer("html"),
    ".docx": _writer("docx"),
    ".odt": _writer("odt"),
}
"""By suffix: a function that writes a fresh document where there is no original."""


def suffix_of(name: str) -> str:
    """Return a file name's last suffix in lower case (``"x.fr.DOCX"`` → ``".docx"``)."""
    return PurePosixPath(name.replace("\\", "/").rsplit("/", 1)[-1].strip()).suffix.lower()


def read_document(data: bytes, name: str) -> ParsedFile:
    """Read any document the workbench knows, by the suffix of its name.

    Args:
        data: The whole file.
        name: Its name; only its last part is used, for the suffix and in messages.

    Returns:
        One document, or several languages at once; ``warnings`` say what was odd.

    Raises:
        FormatError: unknown suffix, empty, too large, or not what its name says.
    """
    suffix = suffix_of(name)
    if suffix not in READERS:
        known = " ".join(READERS)
        raise FormatError(
            "{name}: files ending in “{suffix}” are not read here. Bring one of {known}.",
            name=shown(name),
            suffix=suffix,
            known=known,
        )
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FormatError("{name} is empty: check that it was saved, and bring it again.", name=shown(name))
    if len(data) > MAX_FILE_BYTES:
        raise FormatError(
            "{name} has {size} MB; a document may have {limit}: split it.",
            name=shown(name),
            size=f"{len(data) / 2**20:.0f}",
            limit=f"{MAX_FILE_BYTES / 2**20:.0f}",
        )
    try:
        parsed = READERS[suffix](data, name)
    except (RecursionError, MemoryError) as error:
        raise FormatError(
            "{name} is nested too deeply or too large to be read: simplify or split it.", name=shown(name)
        ) from error
    if not any(document.blocks for document in parsed.documents):
        raise FormatError("{name} holds no text: check that it is the right file.", name=shown(name))
    return parsed


def rebuild(original: bytes, name: str, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Write a document again with new texts in its blocks, keeping its layout.

    Args:
        original: The file that :func:`read_document` read.
        name: Its name, for the suffix.
        blocks: A text for each block of the document in order; ``None`` leaves a block as it is.
        language: The new texts' language.

    Raises:
        FormatError: there is no writer for the suffix, or the original is damaged.
    """
    suffix = suffix_of(name)
    if suffix not in WRITERS:
        raise FormatError(
            "{name}: files ending in “{suffix}” cannot be written. Choose {formats}.",
            name=shown(name),
            suffix=suffix,
            formats=" ".join(WRITERS),
        )
    return WRITERS[suffix](original, blocks, language=language)


def add_notes(data: bytes, suffix: str, notes: Mapping[int, Sequence[tuple[str, str]]]) -> bytes:
    """Write comments into a file of :data:`NOTED`; any other comes back as it is.

    Args:
        notes: By number of the block: (who, what).
    """
    if suffix not in NOTED:
        return data
    from workbench.formats import po, xliff

    return po.add_notes(data, notes) if suffix in (".po", ".pot") else xliff.add_notes(data, notes)


def new_document(version_blocks: Sequence[Block], *, suffix: str, language: str, title: str = "") -> bytes:
    """Write a fresh document where no original exists; inline codes are left out.

    Raises:
        FormatError: this kind of file cannot be written without an original.
    """
    if suffix not in NEW_FORMATS:
        raise FormatError(
            "A new file cannot end in “{suffix}”. Choose {formats}.", suffix=suffix, formats=" ".join(NEW_FORMATS)
        )
    return NEW_FORMATS[suffix](version_blocks, language=language, title=title)


def read_segments(data: bytes, name: str) -> tuple[Segment, ...]:
    """Read a segment file: one segment a line, blank lines separate paragraphs.

    Raises:
        FormatError: it is empty or no text.
    """
    if len(data) > MAX_FILE_BYTES:
        raise FormatError(
            "{name} is larger than {limit} MB: split it.", name=shown(name), limit=f"{MAX_FILE_BYTES / 2**20:.0f}"
        )
    segments: tuple[Segment, ...] = _function("text", "read_segments")(data, name)
    if not segments:
        raise FormatError("{name} is empty: a segment file has one segment a line.", name=shown(name))
    return segments
