"""Glossary files: which module reads and writes which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from workbench.core.terms import Concept, GlossaryExport, GlossaryFile
from workbench.errors import FormatError, UsageError
from workbench.formats import glossary_csv, glossary_po
from workbench.formats.decoding import shown


class Writer(Protocol):
    """Makes the files of one format."""

    def __call__(
        self,
        concepts: Sequence[Concept],
        *,
        name: str,
        date: str,
        pairs: Sequence[tuple[str, str]],
        existing: Mapping[str, bytes],
    ) -> GlossaryExport: ...


def _csv(
    concepts: Sequence[Concept],
    *,
    name: str,
    date: str,
    pairs: Sequence[tuple[str, str]],
    existing: Mapping[str, bytes],
) -> GlossaryExport:
    return glossary_csv.write(concepts, name)


READERS = {
    ".csv": glossary_csv.read,
    ".tsv": glossary_csv.read,
    ".po": glossary_po.read,
    ".pot": glossary_po.read,
}
"""By the ending of the file's name."""

WRITERS: Mapping[str, Writer] = {
    "csv": _csv,
    "po": glossary_po.write,
}
"""By the name of the format."""


def read(data: bytes, name: str) -> GlossaryFile:
    """Read a glossary file of any known format.

    Raises:
        FormatError: its ending is not known, or it cannot be read.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    reader = READERS.get(suffix)
    if reader is None:
        raise FormatError(f"{shown(name)} is no glossary file: its name has to end in {', '.join(READERS)}.")
    return reader(data, name)


def write(
    concepts: Sequence[Concept],
    format: str,
    *,
    name: str,
    date: str,
    pairs: Sequence[tuple[str, str]],
    existing: Mapping[str, bytes] | None = None,
) -> GlossaryExport:
    """Make the files of a format.

    Args:
        concepts: The glossary.
        format: A key of :data:`WRITERS`.
        name: First part of file names.
        date: ISO 8601 time of the glossary's last change; what a format writes as its own date.
        pairs: (source, target) languages, for formats with a pair a file.
        existing: Earlier files by name, whose translators' comments are kept.

    Raises:
        UsageError: the format is not known.
    """
    if format not in WRITERS:
        raise UsageError(f"“{format}” is not a glossary format: choose one of {', '.join(WRITERS)}.")
    return WRITERS[format](concepts, name=name, date=date, pairs=pairs, existing=existing or {})
