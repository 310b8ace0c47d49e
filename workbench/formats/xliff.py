"""XLIFF 1.2 and 2.x as documents: a block a unit (1.2) or segment (2.x), translations written into the same file."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.core.texts import Block, BlockKind, Document, ParsedFile, clean
from workbench.errors import FormatError, sentence
from workbench.formats.archive import parse_xml
from workbench.formats.codes import Code, Inline, Kind, Mark, Piece, number, text_like
from workbench.formats.decoding import shown
from workbench.formats.exchange import language_code, xml_text

XML = "{http://www.w3.org/XML/1998/namespace}"
PAIRED = frozenset(("g", "pc", "mrk"))
_UNTRANSLATED_STATES = frozenset(
    ("new", "needs-translation", "needs-adaptation", "needs-l10n", "needs-review-translation", "initial")
)
_BROKEN_LINE = re.compile(r"[ \t]*\n[ \t\n]*")
_DECLARATION = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>")


@dataclass(slots=True)
class Pair:
    """A source element with the place of its target."""

    source: Any
    target: Any
    holder: Any  # the trans-unit or segment
    unit: Any


def local(element: Any) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read(data: bytes, name: str) -> ParsedFile:
    """Read an XLIFF file; units marked ``translate="no"`` are left out.

    Raises:
        FormatError: it is no XLIFF, or not well-formed, with the line.
    """
    root = _parse(data, name)
    pairs = list(translatable(root))
    inlines = [source_inline(pair.source) for pair in pairs]
    context = [pair.unit.get("resname") or pair.unit.get("name") or "" for pair in pairs]
    sources = tuple(
        Block(_collapsed(inline.text), BlockKind.UNIT, context=c) for inline, c in zip(inlines, context, strict=True)
    )
    first, second = languages(root)
    left_out = sum(1 for _ in _pairs(root)) - len(pairs)
    said = sentence("Units marked as not to be translated ({count}) were left out.", count=left_out)
    warnings = (said,) if left_out else ()
    documents = [Document(sources, first, warnings=warnings)]
    if any(pair.target is not None for pair in pairs):
        targets = tuple(
            Block(_collapsed(_target_text(pair, inline)), BlockKind.UNIT, context=c)
            for pair, inline, c in zip(pairs, inlines, context, strict=True)
        )
        documents.append(Document(targets, second))
    return ParsedFile(tuple(documents), aligned=True, format=".xliff")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put translations into the targets; everything else stays.

    Args:
        original: The file the blocks were read from.
        blocks: A translation for each block of the source column; ``None`` leaves the target as it is.
        language: The translations' language, declared in the file.
    """
    from lxml import etree

    root = _parse(original, "the original")
    changed = False
    for pair, new in zip(list(translatable(root)), blocks, strict=False):
        if new is None:
            continue
        inline = source_inline(pair.source)
        if pair.target is not None and clean(new) == clean(_target_text(pair, inline)):
            continue
        if pair.target is None and not clean(new):
            continue
        changed = True
        _write_target(pair, inline.parse(clean(new)) if clean(new) else [])
    if not changed:
        return original
    if "trgLang" in root.attrib or local_version(root) >= "2":
        root.set("trgLang", language)
    for file in root:
        if local(file) == "file" and local_version(root) < "2":
            file.set("target-language", language)
    tree = root.getroottree()
    encoding = tree.docinfo.encoding or "UTF-8"
    body: bytes = etree.tostring(tree, encoding=encoding, xml_declaration=bool(_DECLARATION.match(original)) or None)
    return body + (b"\n" if original.endswith(b"\n") and not body.endswith(b"\n") else b"")


def add_notes(data: bytes, notes: Mapping[int, Sequence[tuple[str, str]]]) -> bytes:
    """Write comments into a file as its ``<note>`` elements; one that stands there already is not repeated.

    Args:
        data: An XLIFF file.
        notes: By number of the block: (who, what).
    """
    from lxml import etree

    if not notes:
        return data
    root = _parse(data, "the file")
    old = local_version(root) < "2"
    for block, pair in enumerate(list(translatable(root))):
        for by, said in notes.get(block, ()):
            words = xml_text(said if old else f"{by}: {said}")
            if any(local(e) == "note" and "".join(e.itertext()) == words for e in pair.unit.iter()):
                continue
            namespace = pair.unit.tag.rpartition("}")[0]
            name = f"{namespace}}}" if namespace else ""
            note = etree.Element(f"{name}note")
            note.text = words
            if old:
                note.set("from", xml_text(by))
                last = pair.target if pair.target is not None else pair.source
                last.addnext(note)
                note.tail, last.tail = last.tail, last.tail
                continue
            holder = next((child for child in pair.unit if local(child) == "notes"), None)
            if holder is None:
                holder = etree.Element(f"{name}notes")
                pair.unit.insert(0, holder)
            note.set("category", "comment")
            holder.append(note)
    tree = root.getroottree()
    return bytes(etree.tostring(tree, encoding=tree.docinfo.encoding or "UTF-8", xml_declaration=True))


def local_version(root: Any) -> str:
    """The file's version, ``1.2`` where it does not say it."""
    return str(root.get("version") or "1.2")


def languages(root: Any) -> tuple[str | None, str | None]:
    """Source and target language as the file declares them."""
    first, second = root.get("srcLang"), root.get("trgLang")
    for file in root:
        if local(file) == "file":
            first = first or file.get("source-language")
            second = second or file.get("target-language")
    return language_code(first or ""), language_code(second or "")


def translatable(root: Any) -> Iterator[Pair]:
    """All pairs that may be translated and have text, in order."""
    for pair in _pairs(root):
        if translation_wanted(pair.unit) and "".join(pair.source.itertext()).strip():
            yield pair


def translation_wanted(unit: Any) -> bool:
    """Tell whether the unit or the nearest group above it says ``translate="no"``."""
    element = unit
    while element is not None:
        if element.get("translate") in ("yes", "no"):
            return bool(element.get("translate") == "yes")
        element = element.getparent()
    return True


def _pairs(root: Any) -> Iterator[Pair]:
    for unit in root.iter():
        tag = local(unit)
        if tag in ("trans-unit", "unit"):
            yield from pairs_of(unit)


def pairs_of(unit: Any) -> Iterator[Pair]:
    """The pairs of one ``trans-unit`` (1.2) or ``unit`` (2.x)."""
    holders = [unit] if local(unit) == "trans-unit" else [child for child in unit if local(child) == "segment"]
    for holder in holders:
        parts = {local(child): child for child in holder}
        if "source" in parts:
            yield Pair(parts["source"], parts.get("target"), holder, unit)


def source_inline(source: Any) -> Inline:
    """A source's content as numbered text."""
    return number(_pieces(source))


def _target_text(pair: Pair, inline: Inline) -> str:
    return "" if pair.target is None else text_like(_pieces(pair.target), inline, _name)


def _name(code: Code) -> str:
    element = code.payload
    return f"{local(element)}:{element.get('id', '')}:{element.get('startRef', '')}:{element.get('mid', '')}"


def _collapsed(text: str) -> str:
    return _BROKEN_LINE.sub(" ", text).strip()


def _pieces(element: Any) -> list[Piece]:
    out: list[Piece] = [element.text or ""]
    # Iterative, since hostile files nest codes as deep as they like.
    stack: list[tuple[Any, Code | None]] = [(child, None) for child in reversed(element)]
    while stack:
        child, closing = stack.pop()
        if closing is not None:
            out += [Mark(Kind.CLOSE, closing), child.tail or ""]
            continue
        tag = local(child)
        if not tag:
            out.append(child.tail or "")
        elif tag in PAIRED and (len(child) or child.text):
            if child.get("mtype") == "seg":  # the tool's own sentence marks
                out.append(child.text or "")
                tail_holder = child.tail or ""
                stack.append((_Tail(tail_holder), Code(None)))
            else:
                code = Code(child, once=True)
                out += [Mark(Kind.OPEN, code), child.text or ""]
                stack.append((child, code))
            stack += [(grandchild, None) for grandchild in reversed(child)]
        else:
            out += [Mark(Kind.ALONE, Code(child, keep=True)), child.tail or ""]
    return [piece for piece in out if not (isinstance(piece, Mark) and piece.code.payload is None)]


@dataclass(slots=True)
class _Tail:
    """What follows a sentence mark."""

    tail: str


def _write_target(pair: Pair, pieces: Sequence[Piece]) -> None:
    from lxml import etree

    target = pair.target
    if target is None:
        namespace = pair.source.tag.rpartition("}")[0]
        target = etree.Element(f"{namespace}}}target" if namespace else "target")
        after = pair.source
        for sibling in pair.source.itersiblings():
            if local(sibling) == "seg-source":
                after = sibling
        target.tail = after.tail
        after.addnext(target)
        target.tail, after.tail = after.tail, after.tail
    for child in list(target):
        target.remove(child)
    target.text = None
    fill(target, pieces)
    for holder in (target, pair.holder):
        if holder.get("state") in _UNTRANSLATED_STATES:
            holder.set("state", "translated")


def fill(target: Any, pieces: Sequence[Piece]) -> None:
    """Write pieces as an element's content, codes as copies of the source's."""
    stack = [target]
    last: Any = None  # the element whose tail takes the text that follows
    for piece in pieces:
        if isinstance(piece, str):
            if last is None:
                stack[-1].text = (stack[-1].text or "") + piece
            else:
                last.tail = (last.tail or "") + piece
            continue
        if piece.kind is Kind.CLOSE:
            last = stack.pop()
            continue
        element = copy.deepcopy(piece.code.payload)
        element.tail = None
        stack[-1].append(element)
        if piece.kind is Kind.OPEN:
            for child in list(element):
                element.remove(child)
            element.text = None
            stack.append(element)
            last = None
        else:
            last = element


def _parse(data: bytes, name: str) -> Any:
    root = parse_xml(data, name)
    if local(root) != "xliff":
        raise FormatError(
            "{name} is XML but no XLIFF (it begins with <{element}>): check what it is.",
            name=shown(name),
            element=local(root)[:40],
        )
    refuse_entities(root, name)
    return root


def refuse_entities(root: Any, name: str) -> None:
    """Refuse files that declare entities of their own."""
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and any(True for _ in dtd.iterentities()):
        raise FormatError(
            "{name} declares entities, which expand or open other files; such files are not read."
            " Export it without a DTD.",
            name=shown(name),
        )
