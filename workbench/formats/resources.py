"""Resource files of websites (``.properties``, ``.json``): read and written by translate-toolkit, one entry a unit.

A webmaster's file holds one language; its keys and its order stay, only the values change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.core.texts import Block, BlockKind, Document, ParsedFile, clean
from workbench.errors import FormatError
from workbench.formats.decoding import decode, shown

MAX_ENTRIES = 100_000  # a site's texts; more is a data file, not text


def read_properties(data: bytes, name: str) -> ParsedFile:
    """Read a Java ``.properties`` file.

    Raises:
        FormatError: it cannot be read.
    """
    return _read(data, name, ".properties")


def read_json(data: bytes, name: str) -> ParsedFile:
    """Read a JSON file of texts, nested or flat; numbers and truth values are left alone.

    Raises:
        FormatError: it is no JSON; the message names the line.
    """
    return _read(data, name, ".json")


def rebuild_properties(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new values behind the keys; comments and order stay, blank lines may close up."""
    return _rebuild(original, blocks, ".properties")


def rebuild_json(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new values behind the keys; order and structure stay."""
    return _rebuild(original, blocks, ".json")


def _read(data: bytes, name: str, suffix: str) -> ParsedFile:
    decoded = decode(data, name)
    units = _units(_parse(decoded.text, name, suffix))
    if len(units) > MAX_ENTRIES:
        raise FormatError(
            "{name} has {n} entries; {limit} are read at most: split it.",
            name=shown(name),
            n=f"{len(units):,}",
            limit=f"{MAX_ENTRIES:,}",
        )
    blocks = tuple(Block(clean(unit.source), BlockKind.UNIT, context=unit.getid().lstrip(".")) for unit in units)
    return ParsedFile((Document(blocks, warnings=tuple(decoded.warnings)),), format=suffix)


def _rebuild(original: bytes, blocks: Sequence[str | None], suffix: str) -> bytes:
    decoded = decode(original, "the original")
    store = _parse(decoded.text, "the original", suffix)
    changed = False
    for unit, text in zip(_units(store), blocks, strict=False):
        if text is not None and text != clean(unit.source):
            unit.target = text
            changed = True
    return bytes(store) if changed else original


def _units(store: Any) -> list[Any]:
    """Return the entries that hold text."""
    return [
        unit
        for unit in store.units
        if unit.istranslatable() and isinstance(unit.source, str) and any(ch.isalnum() for ch in unit.source)
    ]


def _parse(text: str, name: str, suffix: str) -> Any:
    from translate.storage.base import ParseError

    try:
        store = _empty_store(suffix)
        store.parse(text.encode())
    except (ParseError, ValueError, RecursionError) as error:
        raise FormatError(
            "{name} is no {suffix} file that can be read ({error}): check it in an editor.",
            name=shown(name),
            suffix=suffix[1:],
            error=shown(str(error)),
        ) from error
    return store


def _empty_store(suffix: str) -> Any:
    if suffix == ".json":
        from translate.storage.jsonl10n import JsonNestedFile

        return JsonNestedFile()
    from translate.storage.properties import javautf8file

    return javautf8file()
