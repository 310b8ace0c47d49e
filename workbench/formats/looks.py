"""How a document's blocks look, so that a preview can show bold as bold and a table as a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from workbench.formats.codes import Code, Inline
from workbench.formats.office_places import of_open_document, of_word
from workbench.formats.places import BODY, Place

Look = str
"""Words joined by a space: ``strong em underline strike code sub sup link note image break``; empty for any other."""

_TAGS = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "u": "underline", "ins": "underline",
    "s": "strike", "del": "strike", "code": "code", "kbd": "code", "sub": "sub", "sup": "sup", "a": "link",
    "img": "image", "br": "break",
}  # fmt: skip
_WORD = {"b": "strong", "i": "em", "u": "underline", "strike": "strike", "dstrike": "strike"}
_NAME = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9]*)")


@dataclass(frozen=True, slots=True)
class BlockLook:
    """How a block looks: what its codes stand for, by number, and where it stands."""

    codes: Mapping[int, Look]
    place: Place = BODY


def looks(data: bytes, suffix: str) -> list[BlockLook]:
    """Return how each block of a document looks, in order.

    Args:
        data: The document.
        suffix: ``".docx"`` …; of other kinds nothing is known, and the list is empty.

    Raises:
        FormatError: the document is damaged.
    """
    reader = _READERS.get(suffix)
    return [] if reader is None else reader(data)


def _each(found: Iterable[tuple[Inline, Place]], look: Callable[[Code], Look]) -> list[BlockLook]:
    return [
        BlockLook({n: said for n, (code, _) in inline.codes.items() if (said := look(code))}, place)
        for inline, place in found
    ]


def _markdown(data: bytes) -> list[BlockLook]:
    from workbench.formats import markdown
    from workbench.formats.decoding import decode

    places = markdown._places(decode(data, "the file").text)[0]
    return _each(((place.inline, place.where) for place in places), _of_markdown)


def _of_markdown(code: Code) -> Look:
    payload: Any = code.payload
    opening = payload[0] if isinstance(payload, tuple) else str(payload)
    if tag := _NAME.match(opening):
        return _TAGS.get(tag.group(1).lower(), "")
    for sign, look in (("![", "image"), ("[^", "note"), ("[", "link"), ("~~", "strike"), ("`", "code")):
        if opening.startswith(sign):
            return look
    if opening.strip(" \t\\") in ("", "\n"):
        return "break"
    return {"**": "strong", "__": "strong", "*": "em", "_": "em"}.get(opening, "")


def _html(data: bytes) -> list[BlockLook]:
    from workbench.formats import html

    source = html._decode(data, "the file").text

    def look(code: Code) -> Look:
        (start, end), _ = code.payload
        tag = _NAME.match(source, start, end)
        return _TAGS.get(tag.group(1).lower(), "") if tag else ""

    return _each(((found.inline, _on_page(found)) for found in html._parse(source).found), look)


def _on_page(found: Any) -> Place:
    unseen = found.quote is not None or found.block.context == "title"
    return replace(BODY, part="unseen") if unseen else found.where


def _docx(data: bytes) -> list[BlockLook]:
    from workbench.formats import docx

    content = docx._open(data, "the file")
    return _each(zip((found.inline for found in content.found), of_word(content), strict=True), _of_docx)


def _of_docx(code: Code) -> Look:
    from workbench.formats.docx_inline import local

    kind, first, *_ = code.payload
    if kind == "field":
        return "link"
    if kind == "format":
        properties = list(first) if first is not None else []
        said = [_WORD[local(child)] for child in properties if local(child) in _WORD and not _off(child)]
        rise = next((v for c in properties if local(c) == "vertAlign" for v in c.attrib.values()), "")
        said += {"superscript": ["sup"], "subscript": ["sub"]}.get(rise, [])
        return " ".join(dict.fromkeys(said))
    elements = first if isinstance(first, list) else [first]
    names = {local(part) for element in elements if element is not None for part in element.iter()}
    for name, look in (
        ("hyperlink", "link"), ("footnoteReference", "note"), ("endnoteReference", "note"), ("drawing", "image"),
        ("pict", "image"), ("br", "break"),
    ):  # fmt: skip
        if name in names:
            return look
    return ""


def _off(element: Any) -> bool:
    return any(value in ("0", "false", "none", "off") for value in element.attrib.values())


def _odt(data: bytes) -> list[BlockLook]:
    from workbench.formats import odt
    from workbench.formats.docx_inline import local

    content = odt._open(data, "the file")
    styles: dict[str, Look] = {}
    for root in content.roots.values():
        for style in root.iter():
            if local(style) == "style":
                name = next((v for k, v in style.attrib.items() if k.endswith("}name")), "")
                styles[name] = " ".join(_odt_style(style))

    def look(code: Code) -> Look:
        name = local(code.payload)
        if name == "span":
            return styles.get(next((v for k, v in code.payload.attrib.items() if k.endswith("}style-name")), ""), "")
        return {"a": "link", "note": "note", "frame": "image", "line-break": "break"}.get(name, "")

    return _each(zip((found.inline for found in content.found), of_open_document(content), strict=True), look)


def _odt_style(style: Any) -> Iterable[Look]:
    said = {k.rpartition("}")[2]: v for part in style for k, v in part.attrib.items()}
    if said.get("font-weight") in ("bold", "600", "700", "800", "900"):
        yield "strong"
    if said.get("font-style") in ("italic", "oblique"):
        yield "em"
    if said.get("text-underline-style", "none") != "none":
        yield "underline"
    if said.get("text-line-through-style", "none") != "none":
        yield "strike"
    if said.get("text-position", "").startswith(("super", "sub")):
        yield "sup" if said["text-position"].startswith("super") else "sub"


_READERS: Mapping[str, Callable[[bytes], list[BlockLook]]] = {
    ".md": _markdown, ".markdown": _markdown, ".html": _html, ".htm": _html, ".docx": _docx, ".odt": _odt,
}  # fmt: skip
