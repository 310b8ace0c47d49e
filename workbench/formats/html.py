"""HTML: text of all blocks and of attributes that readers see; everything else keeps its bytes.

The page is cut at its tags without being corrected, so that a page is written back as it was, with its scripts,
comments, doctype and faults.
"""

from __future__ import annotations

import html as entities
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.core.segmentation import without_codes
from workbench.core.texts import Block, BlockKind, Document, ParsedFile, clean
from workbench.errors import sentence
from workbench.formats.codes import Code, Inline, Kind, Mark, Piece, number
from workbench.formats.decoding import Decoded, decode
from workbench.formats.places import BODY, Grid, Place, span

MAX_DEPTH = 500  # browsers nest no deeper; looking further up would make a page of unclosed tags slow

_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "label", "mark", "output", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
     "sup", "time", "tt", "u", "var")
)  # fmt: skip
_VOID = frozenset(("br", "img", "wbr", "input", "area", "col", "embed", "source", "track"))
_BREAKING_VOID = frozenset(("hr", "meta", "link", "base", "param"))
_SKIPPED_INLINE = frozenset(("code", "svg", "math", "audio", "video", "object", "select", "iframe", "canvas"))
_SKIPPED_BLOCK = frozenset(("script", "style", "pre", "textarea", "template"))
_ATTRIBUTES = frozenset(("alt", "title", "placeholder", "aria-label", "summary"))
_META = frozenset(
    ("description", "keywords", "og:title", "og:description", "twitter:title", "twitter:description", "dc.title")
)
_ATTRIBUTE = re.compile(r"""([^\s=>"'/<]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/><]*)(?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
_SPACE = re.compile(r"[ \t\n\r\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)

_Range = tuple[int, int]


@dataclass(slots=True)
class _Event:
    kind: str  # start, end, text, other
    name: str
    start: int
    end: int = 0


@dataclass(slots=True)
class _Found:
    """A block or attribute value and its place; an attribute has a quote character instead of pieces."""

    block: Block
    place: _Range
    inline: Inline
    quote: str | None = None
    where: Place = BODY


@dataclass(slots=True)
class _Page:
    found: list[_Found] = field(default_factory=list)
    language: str | None = None
    language_place: _Range | None = None
    title: str = ""
    preformatted: int = 0


def read(data: bytes, name: str) -> ParsedFile:
    """Read an HTML page or fragment.

    Raises:
        FormatError: it is no text.
    """
    decoded = _decode(data, name)
    page = _parse(decoded.text)
    warnings = list(decoded.warnings)
    if page.preformatted:
        warnings.append(sentence("Preformatted text ({count} places) is left as it is.", count=page.preformatted))
    title = page.title or next((f.block.text for f in page.found if f.block.kind is BlockKind.HEADING), "")
    document = Document(
        tuple(found.block for found in page.found), page.language, without_codes(title), tuple(warnings)
    )
    return ParsedFile((document,), format=".html")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new texts in the place of the old and the new language into the page's ``lang``.

    Args:
        original: The page the blocks were read from.
        blocks: A text for each block, in order.
        language: The new texts' language.
    """
    decoded = _decode(original, "the original")
    source = decoded.text
    page = _parse(source)
    attributes: list[tuple[int, int, str]] = []
    changed: list[tuple[_Found, str]] = []
    for found, new in zip(page.found, blocks, strict=False):
        if new is None or found.inline.same(new):
            continue
        if found.quote is None:
            changed.append((found, clean(new)))
        else:
            text = entities.escape(clean(without_codes(new)))
            attributes.append((*found.place, f'"{text}"' if found.quote == "" else text))
    if not changed and not attributes:
        return original
    if page.language_place and page.language and page.language.lower() != language.lower():
        attributes.append((*page.language_place, language))
    attributes.sort()

    def raw(start: int, end: int) -> str:
        out, at = [], start
        for first, last, text in attributes[bisect_left(attributes, (start, 0, "")) :]:
            if first >= end:
                break
            out += [source[at:first], text]
            at = last
        return "".join(out) + source[at:end]

    out, at = [], 0
    for found, new in sorted(changed, key=lambda item: item[0].place):
        start, end = found.place
        nbsp = "&nbsp;" in source[start:end]
        out.append(raw(at, start))
        for piece in found.inline.parse(new):
            if isinstance(piece, str):
                text = entities.escape(piece, quote=False)
                out.append(text.replace("\u00a0", "&nbsp;") if nbsp else text)
            else:
                opening, closing = piece.code.payload
                if piece.kind is not Kind.CLOSE:
                    out.append(raw(*opening))
                if piece.kind is Kind.CLOSE and closing:
                    out.append(raw(*closing))
        at = end
    return decoded.encode("".join(out) + raw(at, len(source)), errors="xmlcharrefreplace")


def write(blocks: Sequence[Block], *, language: str, title: str = "") -> bytes:
    """Write a fresh page; inline codes, which have no meaning outside their file, are left out."""
    out = [
        "<!DOCTYPE html>",
        f'<html lang="{entities.escape(language)}">',
        f'<head>\n<meta charset="utf-8">\n<title>{entities.escape(title)}</title>\n</head>\n<body>',
    ]
    depth = 0
    for block in blocks:
        wanted = max(block.level, 1) if block.kind is BlockKind.LIST_ITEM else 0
        out += ["<ul>"] * (wanted - depth) + ["</ul>"] * (depth - wanted)
        depth = wanted
        text = entities.escape(clean(without_codes(block.text)), quote=False)
        tag = "li" if wanted else f"h{min(max(block.level, 1), 6)}" if block.kind is BlockKind.HEADING else "p"
        out.append(f"<{tag}>{text}</{tag}>")
    out += ["</ul>"] * depth + ["</body>", "</html>", ""]
    return "\n".join(out).encode()


def _decode(data: bytes, name: str) -> Decoded:
    declared = _CHARSET.search(data[:4096])
    return decode(data, name, declared=declared.group(1).decode("ascii") if declared else None)


def _events(source: str) -> list[_Event]:
    """Cut a page at its tags, in linear time whatever stands in it.

    Python's ``html.parser`` needs minutes for a megabyte of unclosed tags, and lxml does not say where tags stand.
    """
    events: list[_Event] = []
    at, size = 0, len(source)
    closing = True  # is there still a ">" ahead
    while at < size:
        tag = source.find("<", at)
        if tag != at:
            end = size if tag < 0 else tag
            events.append(_Event("text", "", at, end))
            at = end
            continue
        if source.startswith("<!--", at):
            end = source.find("-->", at + 4) + 3
            end = size if end == 2 else end
            events.append(_Event("other", "", at, end))
        elif match := _TAG.match(source, at):
            end, name = match.end(), match.group(2).lower()
            if match.group(1):
                events.append(_Event("end", name, at, end))
            else:
                empty = source[end - 2] == "/" and name in _INLINE
                events.append(_Event("other" if empty else "start", name, at, end))
                if name in _RAW and source[end - 2] != "/":
                    stop = re.compile(rf"</{name}\b", re.I).search(source, end)
                    raw_end = stop.start() if stop else size
                    if raw_end > end:
                        events.append(_Event("text", "", end, raw_end))
                        end = raw_end
        elif closing and source[at + 1 : at + 2] in ("!", "?"):
            end = source.find(">", at) + 1
            closing = end > 0
            end = end or at + 1
            events.append(_Event("other" if closing else "text", "", at, end))
        else:
            end = at + 1
            events.append(_Event("text", "", at, end))
        at = end
    return events


def _matches(events: list[_Event]) -> dict[int, int]:
    """Which end tag belongs to which start tag, by number."""
    opened: dict[str, list[int]] = {}
    pairs: dict[int, int] = {}
    for n, event in enumerate(events):
        if event.kind == "start":
            opened.setdefault(event.name, []).append(n)
        elif event.kind == "end" and opened.get(event.name):
            pairs[opened[event.name].pop()] = n
    return pairs


def _parse(source: str) -> _Page:
    return _Builder(source).page


class _Builder:
    """Walks over the events and gathers blocks."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.page = _Page()
        self.events = _events(source)
        self.ends = _matches(self.events)
        self.pieces: list[Piece | _Range] = []  # a range is text not yet looked at
        self.open: list[tuple[str, int]] = []  # inline elements open in this block, and their place in pieces
        self.open_names: Counter[str] = Counter()
        self.containers: list[str] = []
        self.places: list[Place] = []  # for each container, where a block in it stands
        self.grids: list[Grid] = []  # all tables met, open or not
        self.lists = 0
        self.start: int | None = None
        self.end = 0
        self.attributes: list[_Found] = []
        n = 0
        while n < len(self.events):
            n = self._event(n)
        self._flush()

    def _event(self, n: int) -> int:
        event = self.events[n]
        if event.kind == "text":
            self._add((event.start, event.end), event)
        elif event.kind == "other":
            self._add(Mark(Kind.ALONE, Code(((event.start, event.end), None))), event)
        elif event.kind == "start":
            return self._start(n, event)
        elif event.name in _INLINE:
            self._close_inline(event)
        elif event.name not in _VOID and event.name not in _BREAKING_VOID:
            self._flush()
            if event.name in self.containers[-MAX_DEPTH:]:
                while self._close_container() != event.name:
                    pass
        return n + 1

    def _start(self, n: int, event: _Event) -> int:
        raw = self.source[event.start : event.end]
        attributes = self._read_attributes(event, raw)
        if event.name in _SKIPPED_BLOCK or event.name in _SKIPPED_INLINE or attributes.get("translate") == "no":
            last = self.ends.get(n, n)
            place = (event.start, self.events[last].end)
            if event.name == "pre" and re.search(r">[^<]*\w", self.source[place[0] : place[1]]):
                self.page.preformatted += 1
            if event.name in _SKIPPED_BLOCK or (event.name not in _SKIPPED_INLINE and event.name not in _INLINE):
                self._flush()
            else:
                code = Code((place, None), keep=True, edge=event.name not in ("code", "span", "a"))
                self._add(Mark(Kind.ALONE, code), self.events[last], place[0])
            return last + 1
        if event.name in _INLINE:
            self.open.append((event.name, len(self.pieces)))
            self.open_names[event.name] += 1
            self._add(Mark(Kind.OPEN, Code(((event.start, event.end), None))), event)
        elif event.name in _VOID:
            keep = event.name != "wbr" and event.name != "br"
            self._add(Mark(Kind.ALONE, Code(((event.start, event.end), None), keep=keep)), event)
        else:
            self._flush()
            if event.name not in _BREAKING_VOID and not raw.endswith("/>"):
                self._open_container(event.name, attributes)
        return n + 1

    def _open_container(self, name: str, attributes: Mapping[str, str]) -> None:
        # An unclosed <p> or <li> ends where the next one begins.
        if name in ("p", "li", "dt", "dd", "tr", "td", "th", "option") and self.containers[-1:] == [name]:
            self._close_container()
        self.containers.append(name)
        self.places.append(self._place(name, attributes, self.places[-1] if self.places else BODY))

    def _close_container(self) -> str:
        self.places.pop()
        return self.containers.pop()

    def _place(self, name: str, attributes: Mapping[str, str], around: Place) -> Place:
        """Return where a block in a container stands, given where the container itself does."""
        if name in ("ul", "ol", "menu"):
            self.lists += 1
            return replace(around, list=self.lists, numbered=name == "ol")
        if name == "table":
            self.grids.append(Grid(len(self.grids) + 1))
            return Place(table=len(self.grids))
        if name in ("tr", "td", "th") and around.table:
            grid = self.grids[around.table - 1]
            if name == "tr":
                grid.next_row()
                return Place(table=around.table, row=grid.row)
            rows, columns = (span(attributes.get(key, "")) for key in ("rowspan", "colspan"))
            return grid.cell(rows=rows, columns=columns, heads=name == "th")
        return around

    def _close_inline(self, event: _Event) -> None:
        place = (event.start, event.end)
        if not self.open_names[event.name]:
            self._add(Mark(Kind.ALONE, Code((place, None), keep=True)), event)
            return
        while self.open:
            name, at = self.open.pop()
            self.open_names[name] -= 1
            opening = self.pieces[at]
            assert isinstance(opening, Mark)
            if name != event.name:
                self.pieces[at] = Mark(Kind.ALONE, Code(opening.code.payload, keep=True))
                continue
            opening.code.payload = (opening.code.payload[0], place)
            if at == len(self.pieces) - 1:  # an anchor around nothing
                self.pieces[at] = Mark(Kind.ALONE, Code(((opening.code.payload[0][0], event.end), None), keep=True))
                self.end = event.end
            else:
                self._add(Mark(Kind.CLOSE, opening.code), event)
            return

    def _add(self, piece: Piece | _Range, event: _Event, start: int | None = None) -> None:
        if self.start is None:
            self.start = event.start if start is None else start
        self.pieces.append(piece)
        self.end = event.end

    def _read_attributes(self, event: _Event, raw: str) -> dict[str, str]:
        values: dict[str, str] = {}
        places: dict[str, tuple[int, int, str]] = {}
        for match in _ATTRIBUTE.finditer(raw, 1 + len(event.name)):
            key, value = match.group(1).lower(), match.group(2)
            if value is None or key in values:
                continue
            quote = value[0] if value[0] in "\"'" else ""
            start, end = match.start(2) + len(quote), match.end(2) - len(quote)
            values[key] = entities.unescape(raw[start:end])
            places[key] = (event.start + start, event.start + end, quote)
        if event.name == "html" and self.page.language is None and values.get("lang", values.get("xml:lang")):
            key = "lang" if values.get("lang") else "xml:lang"
            self.page.language, self.page.language_place = values[key], places[key][:2]
        seen = set(_ATTRIBUTES)
        if event.name == "meta" and values.get("name", values.get("property", "")).lower() in _META:
            seen.add("content")
        elif event.name == "input" and values.get("type", "").lower() in ("submit", "button", "reset"):
            seen.add("value")
        for key in values:
            text = _SPACE.sub(" ", values[key]).strip()
            if key in seen and any(ch.isalpha() for ch in text):
                start, end, quote = places[key]
                self.attributes.append(_Found(Block(text, context=key), (start, end), number([text]), quote))
        return values

    def _flush(self) -> None:
        """End a block and what belongs to it."""
        pieces, start = self.pieces, self.start
        for _, at in self.open:
            opening = pieces[at]
            assert isinstance(opening, Mark)
            pieces[at] = Mark(Kind.ALONE, Code(opening.code.payload, keep=True))
        self.pieces, self.open, self.start = [], [], None
        self.open_names.clear()
        if pieces and start is not None:
            inline = number(self._edges_kept(pieces))
            if any(ch.isalnum() for ch in without_codes(inline.text)):
                block = self._block(inline.text)
                where = self.places[-1] if self.places else BODY
                self.page.found.append(_Found(block, (start, self.end), inline, where=where))
                if block.context == "title" and not self.page.title:
                    self.page.title = block.text
        self.page.found += self.attributes
        self.attributes = []

    def _edges_kept(self, pieces: list[Piece | _Range]) -> list[Piece]:
        """Turn ranges into text; white space at the block's ends stays as it is in the source."""
        runs: list[Piece | _Range] = []
        for piece in pieces:
            if not isinstance(piece, (str, Mark)) and runs and not isinstance(runs[-1], (str, Mark)):
                runs[-1] = (runs[-1][0], piece[1])
            else:
                runs.append(piece)
        out: list[Piece] = []
        for n, piece in enumerate(runs):
            if isinstance(piece, (str, Mark)):
                out.append(piece)
                continue
            first, last = piece
            raw = self.source[first:last]
            left = len(raw) - len(raw.lstrip(" \t\n\r\f")) if n == 0 else 0
            right = len(raw) - len(raw.rstrip(" \t\n\r\f")) if n == len(runs) - 1 and left < len(raw) else 0
            if left:
                out.append(Mark(Kind.ALONE, Code(((first, first + left), None))))
            out.append(_SPACE.sub(" ", entities.unescape(raw[left : len(raw) - right])))
            if right:
                out.append(Mark(Kind.ALONE, Code(((last - right, last), None))))
        return out

    def _block(self, text: str) -> Block:
        for name in reversed(self.containers[-MAX_DEPTH:]):
            if name == "title":
                return Block(text, BlockKind.HEADING, 1, "title")
            if len(name) == 2 and name[0] == "h" and name[1] in "123456":
                return Block(text, BlockKind.HEADING, int(name[1]))
            if name in ("td", "th"):
                return Block(text, BlockKind.CELL)
            if name in ("li", "dt", "dd"):
                depth = sum(container in ("ul", "ol", "dl", "menu") for container in self.containers[-MAX_DEPTH:])
                return Block(text, BlockKind.LIST_ITEM, max(depth, 1))
        return Block(text)
