"""A short way through the units of a TMX that are written as nearly all are.

An event for each tag costs more than all else in a large file. A unit whose whole text has a shape that can only be
well-formed XML (known elements, attributes in double quotes, no comment, no inline code, entities that need no
declaration) is read by a few regular expressions; anything else is left to the parser, which thereby judges every file
as if it had read all of it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workbench.formats.exchange import ExchangeUnit, ExchangeVariant, Item, Pairs, checked, date_in, language_code

CONTEXT = "x-context"
END = b"</tu>"

_ATTRIBUTE = r'[ \n]+[A-Za-z_][\w.:-]*="[^"<&\t\n]*"'
_HEAD = re.compile(
    rf'[ \t\n]*<tu((?:{_ATTRIBUTE})*)[ \n]*>[ \t\n]*((?:<prop type="[^"<&\t\n]*">[^<]*</prop>[ \t\n]*'
    r"|<note>[^<]*</note>[ \t\n]*)*)",
    re.ASCII,
)
_VARIANT = re.compile(rf"<tuv((?:{_ATTRIBUTE})+)[ \n]*>[ \t\n]*<seg>([^<]*)</seg>[ \t\n]*</tuv>[ \t\n]*", re.ASCII)
_ATTRIBUTES = re.compile(r'([\w.:-]+)="([^"]*)"', re.ASCII)
_INNER = re.compile(r'<(?:prop type="([^"]*)"|note)>([^<]*)</')
_REFERENCE = re.compile(r"&([^&;]*;?)")
_REFERENCES = {"amp;": "&", "lt;": "<", "gt;": ">", "quot;": '"', "apos;": "'", "#39;": "'", "#34;": '"', "#38;": "&"}
_FORBIDDEN = bytes(code for code in range(32) if code not in b"\t\n\r")

UNIT_ATTRIBUTES = frozenset(("tuid", "creationdate", "changedate", "creationid", "changeid", "srclang"))
VARIANT_ATTRIBUTES = UNIT_ATTRIBUTES | {"xml:lang", "lang"}
REPEATED = 500  # characters of a unit's properties that may well be those of many units, and are kept as read
_NONE: tuple[Pairs, tuple[str, ...], str] = ((), (), "")
_KEPT = "tmx:"  # attributes without a field of their own are kept as properties of this prefix


class NotRegularError(Exception):
    """This unit is for the parser."""


def kept(attributes: dict[str, str], mapped: frozenset[str]) -> list[tuple[str, str]]:
    """Return the attributes that have no field of their own as properties."""
    if attributes.keys() <= mapped:
        return []
    return [(f"{_KEPT}{key}", value) for key, value in attributes.items() if key not in mapped]


def source_language(attributes: dict[str, str], header: str) -> str:
    """Return a unit's source language: its own, or that of the file's header."""
    srclang = attributes.get("srclang")
    if srclang is None:
        return header
    return "" if srclang.lower() == "*all*" else language_code(srclang) or ""


def pieces(block: bytes) -> list[str] | None:
    """Part bytes that end with ``</tu>`` behind each unit.

    Returns:
        The text before each ``</tu>``, line ends as XML has them; ``None`` where the bytes are no XML text in UTF-8,
        or may not be: all of that is for the parser.
    """
    if len(block.translate(None, _FORBIDDEN)) < len(block) or (b"]" in block and b"]]>" in block):
        return None
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return None
    if "\ufffe" in text or "\uffff" in text:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("</tu>")[:-1]


def regular_unit(piece: str, line: int, srclang: str) -> Item:
    """Return the unit that a text of :func:`pieces` holds, as the parser's events would have given it.

    Args:
        piece: What stands behind the unit before up to this one's ``</tu>``.
        line: On which line the piece begins.
        srclang: The header's source language.

    Raises:
        NotRegularError: it is written in another way: ask the parser.
    """
    # The texts between the variants, with each variant's attributes and segment behind them: one call for them all.
    parts = _VARIANT.split(piece)
    head = _HEAD.fullmatch(parts[0])
    if head is None or len(parts) == 1 or any(parts[3::3]):
        raise NotRegularError
    variants = []
    for written, text in zip(parts[1::3], parts[2::3], strict=True):
        if "&" in text:
            text = _resolved(text)
        language = _only_language(written)
        variant = ExchangeVariant(language, text) if language else _variant(written, text)
        if text:  # an empty one is left out, but its language must be one
            variants.append(variant)
    attributes = _attributes(head[1])
    inner = head[2]
    properties, notes, context = (_inner if len(inner) < REPEATED else _inner.__wrapped__)(inner) if inner else _NONE
    if not attributes.keys() <= UNIT_ATTRIBUTES:
        properties = (*properties, *kept(attributes, UNIT_ATTRIBUTES))
    get = attributes.get
    return checked(
        ExchangeUnit(
            tuple(variants), get("tuid", ""), source_language(attributes, srclang), context, properties, notes,
            date_in(get("creationdate", "")), date_in(get("changedate", "")), get("creationid", ""),
            get("changeid", ""), line + piece.count("\n", 0, head.start(1)),
        )
    )  # fmt: skip


@lru_cache(maxsize=1000)
def _only_language(written: str) -> str:
    """Return the language where it is all that the attributes say, else nothing."""
    attributes = _attributes(written)
    if len(attributes) != 1:
        return ""
    return language_code(attributes.get("xml:lang") or attributes.get("lang") or "") or ""


def _variant(written: str, text: str) -> ExchangeVariant:
    attributes = _attributes(written)
    code = language_code(attributes.get("xml:lang") or attributes.get("lang") or "")
    if code is None:
        raise NotRegularError
    get = attributes.get
    return ExchangeVariant(
        code, text, (), tuple(kept(attributes, VARIANT_ATTRIBUTES)), (), date_in(get("creationdate", "")),
        date_in(get("changedate", "")), get("creationid", ""), get("changeid", ""),
    )  # fmt: skip


def _attributes(written: str) -> dict[str, str]:
    found = _ATTRIBUTES.findall(written)
    attributes = dict(found)
    if len(attributes) < len(found):
        raise NotRegularError  # the same one twice: no XML
    return attributes


@lru_cache(maxsize=1000)
def _inner(written: str) -> tuple[Pairs, tuple[str, ...], str]:
    """Return a unit's properties, its notes, and the context that the first property of that name gives."""
    properties: list[tuple[str, str]] = []
    notes: list[str] = []
    for match in _INNER.finditer(written):
        name, text = match.groups()
        if "&" in text:
            text = _resolved(text)
        if name is None:
            notes.append(text)
        else:
            properties.append((name, text))
    context = next((value for key, value in properties if key == CONTEXT), "")
    if context:
        properties.remove((CONTEXT, context))
    return tuple(properties), tuple(notes), context


def _resolved(text: str) -> str:
    return _REFERENCE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    character = _REFERENCES.get(match[1])
    if character is None:
        raise NotRegularError
    return character
