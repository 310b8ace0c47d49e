"""A Word paragraph's runs as pieces, and pieces as runs."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.formats.codes import Code, Kind, Mark, Piece

# Marks without text: spelling, printing, editing. They say nothing a translation must keep.
_DROPPED = frozenset(("proofErr", "lastRenderedPageBreak", "annotationRef", "del", "moveFrom", "instrText", "delText"))
# Places that lie between characters; they move to the paragraph's start or end.
_STARTS = frozenset(("bookmarkStart", "commentRangeStart", "permStart", "moveFromRangeStart", "moveToRangeStart"))
_ENDS = frozenset(("bookmarkEnd", "commentRangeEnd", "permEnd", "moveFromRangeEnd", "moveToRangeEnd"))
_TRANSPARENT = frozenset(("ins", "moveTo", "smartTag", "customXml", "dir", "bdo"))
_PAIRED = frozenset(("hyperlink", "sdt"))
# Properties by which Word splits runs though they look alike.
_UNSEEN = frozenset(
    ("lang", "noProof", "rPrChange", "ins", "del", "moveFrom", "moveTo", "webHidden", "bCs", "iCs", "szCs")
)
_CHARACTERS = {"noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


@dataclass(slots=True)
class Fields:
    """Fields open from paragraph to paragraph.

    Attributes:
        in_contents: A generated table of contents was open in the paragraph read last.
        count: Fields met that are not links or contents.
        starts: Bookmarks and comments that begin in the paragraph being read; written at its start.
        ends: Those that end there; written at its end.
    """

    stack: list[list[Any]] = field(default_factory=list)  # [instruction text, has its result begun]
    in_contents: bool = False
    count: int = 0
    starts: list[Any] = field(default_factory=list)
    ends: list[Any] = field(default_factory=list)

    @property
    def generated(self) -> bool:
        return any(entry[0].strip().upper().startswith(("TOC", "INDEX", "TOA")) for entry in self.stack)


@dataclass(slots=True)
class _Run:
    """A stretch of text in one format, on its way to becoming pieces."""

    text: str
    key: str
    properties: Any


def local(element: Any) -> str:
    """An element's name without its namespace, empty for comments."""
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute's value, whatever its namespace; empty where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def pieces_of(paragraph: Any, fields: Fields) -> list[Piece]:
    """Return a paragraph's content: text with codes where its formatting changes.

    Args:
        paragraph: A ``w:p`` element.
        fields: Carried from paragraph to paragraph, since fields may span several.
    """
    began_inside = fields.generated
    fields.starts, fields.ends = [], []
    pieces, base = _with_codes(_collect(paragraph, fields))
    fields.in_contents = began_inside or fields.generated
    starts = [Mark(Kind.ALONE, Code(("keep", [element]))) for element in fields.starts]
    ends = [Mark(Kind.ALONE, Code(("keep", [element]))) for element in fields.ends]
    return [*starts, Mark(Kind.ALONE, Code(("base", base))), *pieces, *ends]


def _collect(container: Any, fields: Fields) -> list[_Run | Mark]:
    out: list[_Run | Mark] = []
    hidden: list[Any] = []  # runs of a field that is shown as one code
    depth_hidden = 0
    for child in container:
        tag = local(child)
        if tag in ("pPr", "sdtPr", "sdtEndPr", "rPr") or tag in _DROPPED or not tag:
            continue
        if tag == "r" and any(local(part) == "commentReference" for part in child):
            fields.ends.append(child)
        elif tag == "r":
            depth_hidden = _run(child, fields, out, hidden, depth_hidden)
        elif hidden:
            hidden.append(child)
        elif tag in _STARTS or tag in _ENDS:
            (fields.starts if tag in _STARTS else fields.ends).append(child)
        elif tag in _TRANSPARENT:
            out += _collect(child, fields)
        elif tag in _PAIRED:
            inner_from = next((c for c in child if local(c) == "sdtContent"), None) if tag == "sdt" else child
            inner, base = _with_codes(_collect(inner_from, fields) if inner_from is not None else [])
            code = Code(("element", child, base), once=tag == "sdt")
            if any(isinstance(piece, str) and piece.strip() for piece in inner):
                out += [Mark(Kind.OPEN, code), *_as_runs(inner), Mark(Kind.CLOSE, code)]
            else:
                out.append(Mark(Kind.ALONE, Code(("keep", [child]), keep=True)))
        else:
            if tag == "fldSimple":
                fields.count += 1
            out.append(Mark(Kind.ALONE, Code(("keep", [child]), keep=True, edge=tag != "fldSimple")))
    if hidden:
        out.append(Mark(Kind.ALONE, Code(("keep", hidden), keep=True, edge=False)))
    return out


def _as_runs(pieces: Sequence[Piece]) -> list[_Run | Mark]:
    # Text inside a link is compared with its own surroundings only: it has had its codes already.
    return [piece if isinstance(piece, Mark) else _Run(piece, "inner", None) for piece in pieces]


def _run(run: Any, fields: Fields, out: list[_Run | Mark], hidden: list[Any], depth: int) -> int:
    """Add one run's content; return how deep inside a hidden field it ends."""
    properties = next((child for child in run if local(child) == "rPr"), None)
    key = _key(properties)
    whole_hidden = bool(hidden)
    fresh: list[_Run | Mark] = []
    for child in run:
        tag = local(child)
        if tag == "fldChar":
            kind = next((v for k, v in child.attrib.items() if k.endswith("fldCharType")), "")
            if kind == "begin":
                fields.stack.append(["", False])
                depth += 1
                whole_hidden = True
            elif kind == "separate" and fields.stack:
                fields.stack[-1][1] = True
                if depth == 0:  # it began in an earlier paragraph
                    fresh.append(Mark(Kind.ALONE, Code(("child", child, properties), keep=True)))
            elif kind == "end" and fields.stack:
                instruction = fields.stack.pop()[0]
                depth -= 1
                if depth == 0:
                    hidden.append(run)
                    _close_field(instruction, fields, out, hidden)
                    return 0
                if depth < 0:  # it began in an earlier paragraph
                    depth = 0
                    fresh.append(Mark(Kind.ALONE, Code(("child", child, properties), keep=True)))
        elif tag == "instrText" and fields.stack:
            fields.stack[-1][0] += child.text or ""
        elif not whole_hidden:
            _content(child, tag, key, properties, fresh)
    if whole_hidden and depth > 0:
        hidden.append(run)
    else:
        out += fresh
    return depth


def _close_field(instruction: str, fields: Fields, out: list[_Run | Mark], hidden: list[Any]) -> None:
    """A link's field shows its text between codes, any other is one code."""
    runs = list(hidden)
    hidden.clear()
    if instruction.strip().upper().startswith("HYPERLINK"):
        inner: list[_Run | Mark] = []
        first = last = -1
        level = 0
        for n, run in enumerate(runs):
            for child in run:
                kind = next((v for k, v in child.attrib.items() if k.endswith("fldCharType")), "")
                level += {"begin": 1, "end": -1}.get(kind, 0)
                if kind == "separate" and level == 1:
                    first = n
            if kind_is_end(run) and level == 0:
                last = n
        if 0 <= first < last:
            for run in runs[first + 1 : last]:
                if local(run) == "r":
                    properties = next((child for child in run if local(child) == "rPr"), None)
                    for child in run:
                        _content(child, local(child), _key(properties), properties, inner)
            if any(isinstance(part, _Run) and part.text.strip() for part in inner):
                pieces, base = _with_codes(inner)
                code = Code(("field", runs[: first + 1], runs[last:], base))
                out += [Mark(Kind.OPEN, code), *_as_runs(pieces), Mark(Kind.CLOSE, code)]
                return
    fields.count += not fields.generated
    out.append(Mark(Kind.ALONE, Code(("keep", runs), keep=True, edge=False)))


def kind_is_end(run: Any) -> bool:
    """Tell whether a run ends a field."""
    return any(v == "end" for child in run for k, v in child.attrib.items() if k.endswith("fldCharType"))


def _content(child: Any, tag: str, key: str, properties: Any, out: list[_Run | Mark]) -> None:
    if tag == "rPr" or tag in _DROPPED or not tag:
        return
    if tag == "t":
        out.append(_Run(child.text or "", key, properties))
    elif tag in _CHARACTERS:
        out.append(_Run(_CHARACTERS[tag], key, properties))
    else:
        keep = tag not in ("tab", "br", "cr", "ptab") or _is_page_break(child)
        out.append(Mark(Kind.ALONE, Code(("child", child, properties), keep=keep)))


def _is_page_break(child: Any) -> bool:
    return any(k.endswith("}type") and v in ("page", "column") for k, v in child.attrib.items())


def _key(properties: Any) -> str:
    """What a reader sees of a run's formatting, in a form that can be compared."""
    if properties is None:
        return ""
    parts = []
    for child in properties:
        tag = local(child)
        if not tag or tag in _UNSEEN:
            continue
        values = ",".join(f"{k.rpartition('}')[2]}={v}" for k, v in sorted(child.attrib.items()))
        if tag in ("b", "i", "strike", "caps", "smallCaps", "vanish", "u") and values in (
            "val=0",
            "val=false",
            "val=none",
        ):
            if tag != "u" and values != "val=none":
                parts.append(f"{tag}:off")
            continue
        parts.append(f"{tag}:{values}")
    return "|".join(sorted(parts))


def _with_codes(parts: list[_Run | Mark]) -> tuple[list[Piece], Any]:
    """Make codes where the format differs from the usual one; return that one's properties too."""
    merged: list[_Run | Mark] = []
    depth = 0
    for part in parts:
        if isinstance(part, Mark):
            depth += {Kind.OPEN: 1, Kind.CLOSE: -1}.get(part.kind, 0)
            merged.append(part)
        elif part.text:
            last = merged[-1] if merged else None
            if isinstance(last, _Run) and (last.key == part.key or not part.text.strip()):
                last.text += part.text
            elif isinstance(last, _Run) and not last.text.strip():
                merged[-1] = _Run(last.text + part.text, part.key, part.properties)
            else:
                merged.append(_Run(part.text, part.key, part.properties))
    usual = _usual(merged)
    out: list[Piece] = []
    for part in merged:
        if isinstance(part, Mark):
            out.append(part)
        elif part.key in (usual, "inner") or not part.text.strip():
            out.append(part.text)
        else:
            code = Code(("format", part.properties))
            out += [Mark(Kind.OPEN, code), part.text, Mark(Kind.CLOSE, code)]
    base = next((p.properties for p in merged if isinstance(p, _Run) and p.key == usual), None)
    return out, base


def _usual(parts: Sequence[_Run | Mark]) -> str:
    """The plainest format with text, of equals the one with most text: what differs from it gets a code."""
    weights: Counter[str] = Counter()
    for part in parts:
        if isinstance(part, _Run) and part.key != "inner" and part.text.strip():
            weights[part.key] += len(part.text)
    if not weights:
        return ""
    total = sum(weights.values())
    common = [key for key, weight in weights.items() if weight >= 0.8 * total]
    if common:
        return common[0]
    return min(weights, key=lambda key: (key.count("|") + bool(key), -weights[key]))


def write_paragraph(paragraph: Any, pieces: Sequence[Piece]) -> None:
    """Replace a paragraph's content, all but its properties, by new pieces."""
    namespace = paragraph.tag.rpartition("}")[0] + "}"
    writer = _Writer(namespace)
    new = writer.build(pieces)
    for child in list(paragraph):
        if local(child) != "pPr":
            paragraph.remove(child)
    paragraph.extend(new)


class _Writer:
    """Builds runs. Elements are moved, not copied: a text box in them may hold a paragraph that is written next."""

    def __init__(self, namespace: str) -> None:
        self.ns = namespace
        self.used: set[int] = set()

    def build(self, pieces: Sequence[Piece]) -> list[Any]:
        top: list[Any] = []
        levels: list[tuple[list[Any], Any]] = [(top, None)]  # where to add, the format in use
        for piece in pieces:
            target, properties = levels[-1]
            if isinstance(piece, str):
                target += self._text(piece, properties)
                continue
            kind, *rest = piece.code.payload
            if piece.kind is Kind.OPEN:
                if kind == "format":
                    levels.append((target, rest[0]))
                elif kind == "field":
                    target += [self._take(run) for run in rest[0]]
                    levels.append((target, rest[2]))
                else:
                    levels.append(([], rest[1]))
            elif piece.kind is Kind.CLOSE:
                inner, _ = levels.pop()
                if kind == "field":
                    inner += [self._take(run) for run in rest[1]]
                elif kind == "element":
                    levels[-1][0].append(self._filled(self._take(rest[0]), inner))
            elif kind == "base":
                levels[-1] = (target, rest[0])
            elif kind == "child":
                run = self._new_run(rest[1])
                run.append(self._take(rest[0]))
                target.append(run)
            else:
                target += [self._take(element) for element in rest[0]]
        return top

    def _take(self, element: Any) -> Any:
        if id(element) in self.used:
            return copy.deepcopy(element)
        self.used.add(id(element))
        element.tail = None
        return element

    def _new_run(self, properties: Any) -> Any:
        from lxml import etree

        run = etree.Element(f"{self.ns}r")
        if properties is not None:
            kept = copy.deepcopy(properties)
            for child in list(kept):
                if local(child) in ("rPrChange", "ins", "del", "moveFrom", "moveTo"):
                    kept.remove(child)
            if len(kept):
                run.append(kept)
        return run

    def _text(self, text: str, properties: Any) -> list[Any]:
        from lxml import etree

        if not text:
            return []
        run = self._new_run(properties)
        for n, part in enumerate(text.split("\u2011")):
            if n:
                etree.SubElement(run, f"{self.ns}noBreakHyphen")
            if part:
                element = etree.SubElement(run, f"{self.ns}t")
                element.text = part
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return [run]

    def _filled(self, shell: Any, inner: list[Any]) -> Any:
        """Put new content into a link or content control."""
        box = next((child for child in shell if local(child) == "sdtContent"), shell)
        for child in list(box):
            box.remove(child)
        box.extend(inner)
        return shell
