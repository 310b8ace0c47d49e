"""Glossary files: which module reads and writes which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from workbench.config import MAX_FILE_BYTES
from workbench.core.terms import Concept, GlossaryExport, GlossaryFile
from workbench.errors import FormatError, UsageError
from workbench.formats import glossary_csv, glossary_po, glossary_tables, tbx, tbx_read
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


def _of(write: Callable[..., GlossaryExport], *wanted: str) -> Writer:
    """Make a writer of a function that takes only some of the arguments."""

    def writer(
        concepts: Sequence[Concept],
        *,
        name: str,
        date: str,
        pairs: Sequence[tuple[str, str]],
        existing: Mapping[str, bytes],
    ) -> GlossaryExport:
        given = {"name": name, "date": date, "pairs": pairs, "existing": existing}
        return write(concepts, **{key: given[key] for key in wanted})

    return writer


READERS = {
    ".csv": glossary_csv.read,
    ".tsv": glossary_csv.read,
    ".po": glossary_po.read,
    ".pot": glossary_po.read,
    ".tbx": tbx_read.read,
    ".xlsx": glossary_tables.read_xlsx,
}
"""By the ending of the file's name."""

WRITERS: Mapping[str, Writer] = {
    "po": _of(glossary_po.write, "name", "date", "pairs", "existing"),
    "csv": _of(glossary_csv.write, "name"),
    "tbx": _of(tbx.write_dct, "name", "date"),
    "tbx-dca": _of(tbx.write_dca, "name", "date"),
    "tbx-2008": _of(tbx.write_2008, "name", "date"),
    "xlsx": _of(glossary_tables.write_xlsx, "name"),
    "utx": _of(glossary_tables.write_utx, "name", "date", "pairs"),
    "html": _of(glossary_tables.write_html, "name", "date"),
    "tmx": _of(glossary_tables.write_tmx, "name", "date"),
}
"""By the name of the format."""


def read(data: bytes, name: str) -> GlossaryFile:
    """Read a glossary file of any known format.

    Raises:
        FormatError: its ending is not known, it is too large, or it cannot be read.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if len(data) > MAX_FILE_BYTES and suffix != ".tbx":  # which has a limit of its own
        raise FormatError(
            "{name} is larger than {limit} MB: split it.", name=shown(name), limit=MAX_FILE_BYTES // 2**20
        )
    reader = READERS.get(suffix)
    if reader is None:
        raise FormatError(
            "{name} is no glossary file: its name has to end in {formats}.",
            name=shown(name),
            formats=", ".join(READERS),
        )
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
        raise UsageError(
            "“{format}” is not a glossary format: choose one of {formats}.", format=format, formats=", ".join(WRITERS)
        )
    return WRITERS[format](concepts, name=name, date=date, pairs=pairs, existing=existing or {})
