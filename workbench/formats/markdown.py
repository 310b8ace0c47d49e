"""Markdown: headings, paragraphs, list items and table cells; front matter, code and HTML blocks left untouched.

markdown-it-py says where blocks stand and what is in them. New text is put into the source at that place, so that
everything else keeps its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbench.core.segmentation import without_codes
from workbench.core.texts import Block, BlockKind, Document, ParsedFile, clean
from workbench.errors import Sentence, sentence
from workbench.formats.codes import Code, Inline, Kind, Mark, Piece, number
from workbench.formats.decoding import decode
from workbench.formats.markdown_inline import inline_pieces, render
from workbench.formats.places import BODY, Grid, Place

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_INLINE = 100_000  # a longer paragraph is taken as plain text: looking for emphasis in it would take minutes

_LINE_END = re.compile(r"\r\n|\n|\r")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?\r?\n)??(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_FRONT_TITLE = re.compile(r"^title:[ \t]*(\S.*?)[ \t]*\r?$", re.M | re.I)
_FRONT_LANGUAGE = re.compile(r"""^lang(?:uage)?:[ \t]*["']?([A-Za-z]{2}(?:[-_][A-Za-z]{2})?)["']?[ \t]*\r?$""", re.M)
_CLOSING_HASHES = re.compile(r"[ \t]+#+[ \t]*\Z")
_CELL_EDGE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Place:
    """A block, where it stands in the source, and what continuation lines of it begin with."""

    block: Block
    inline: Inline
    start: int
    end: int
    prefix: str
    where: Place


def read(data: bytes, name: str) -> ParsedFile:
    """Read Markdown (CommonMark with tables, strikethrough, footnotes and front matter).

    Raises:
        FormatError: it is no text.
    """
    decoded = decode(data, name)
    places, warnings = _places(decoded.text)
    front = _FRONT_MATTER.match(decoded.text)
    title = language = None
    if front:
        title = _FRONT_TITLE.search(front.group())
        language = _FRONT_LANGUAGE.search(front.group())
    first = next((p.block.text for p in places if p.block.kind is BlockKind.HEADING), "")
    document = Document(
        tuple(place.block for place in places),
        language=language.group(1) if language else None,
        title=clean(title.group(1).strip("\"'")) if title else without_codes(first),
        warnings=(*decoded.warnings, *warnings),
    )
    return ParsedFile((document,), format=".md")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new texts in the place of the old; everything else keeps its bytes.

    Args:
        original: The file the blocks were read from.
        blocks: A text for each block, in order.
        language: Unused: Markdown does not say its language.
    """
    decoded = decode(original, "the original")
    text = decoded.text
    out: list[str] = []
    at = 0
    for place, new in zip(_places(text)[0], blocks, strict=False):
        if new is None or place.inline.same(new):
            continue
        raw = render(place.inline.parse(clean(new)), table=place.block.kind is BlockKind.CELL)
        out += (text[at : place.start], raw.replace("\n", _newline(text) + place.prefix))
        at = place.end
    return original if not out else decoded.encode("".join(out) + text[at:])


def write(blocks: Sequence[Block], *, language: str, title: str = "") -> bytes:
    """Write fresh Markdown; inline codes, which have no meaning outside their file, are left out."""
    out: list[str] = []
    before: Block | None = None
    for block in blocks:
        item = block.kind is BlockKind.LIST_ITEM
        if before is not None:
            out.append("\n" if item and before.kind is BlockKind.LIST_ITEM else "\n\n")
        text = render([clean(without_codes(block.text))], table=False)
        if block.kind is BlockKind.HEADING:
            out.append(f"{'#' * min(max(block.level, 1), 6)} {text}")
        else:
            out.append("  " * (block.level - 1) + f"- {text}" if item else text)
        before = block
    return ("".join(out) + "\n").encode()


def _newline(text: str) -> str:
    match = _LINE_END.search(text)
    return match.group() if match else "\n"


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    # Inline parsing is done block by block, and escapes must stay apart from text to be found in the source.
    return parser.disable(["inline", "text_join"])


def _places(text: str) -> tuple[list[_Place], list[Sentence]]:
    front = _FRONT_MATTER.match(text)
    skipped = front.end() if front else 0
    starts = [skipped, *(m.end() for m in _LINE_END.finditer(text, skipped))]
    body = _LINE_END.sub("\n", text[skipped:]).replace("\0", "\ufffd")
    ends = [*(m.start() for m in _LINE_END.finditer(text, skipped)), len(text)]
    lines = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    env: dict[str, object] = {}
    places: list[_Place] = []
    html_blocks = lost = 0
    for token, kind, level, where in _walk(_parser().parse(body, env)):
        if token.type == "html_block":
            html_blocks += bool(re.search(r">[^<]*\w", token.content))
            continue
        assert token.map is not None
        found = _cell(token, lines, where.column) if kind is BlockKind.CELL else _lines(token, lines)
        if found is None:
            lost += 1
            continue
        (row, start), (last_row, end), prefix = found
        inline = number(_pieces(token.content, env))
        if not any(ch.isalnum() for ch in without_codes(inline.text)):
            continue
        block = Block(inline.text, kind, level)
        places.append(_Place(block, inline, starts[row] + start, starts[last_row] + end, prefix, where))
    warnings = []
    if html_blocks:
        warnings.append(sentence("HTML inside the Markdown ({count} blocks) is left as it is.", count=html_blocks))
    if lost:
        warnings.append(sentence("Blocks with unusual indentation ({count}) are left as they are.", count=lost))
    return places, warnings


def _pieces(content: str, env: dict[str, object]) -> list[Piece]:
    if len(content) <= MAX_INLINE:
        parser = _parser()
        tokens: list[Token] = []
        parser.inline.parse(content, parser, env, tokens)
        pieces = inline_pieces(content, tokens)
        if pieces is not None:
            return pieces
    # Markup that cannot be traced to its place stays visible and comes back as it is.
    return [Mark(Kind.ALONE, Code("", edge=True)), re.sub(r"[ \t]*\n[ \t]*", " ", content)]


def _walk(tokens: Sequence[Token]) -> Iterator[tuple[Token, BlockKind, int, Place]]:
    """Yield inline tokens and HTML blocks with their kind, level and place."""
    items = heading = tables = 0
    lists: list[Place] = []
    found = 0  # lists met
    grid, cell = Grid(0), BODY
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            found += 1
            lists.append(Place(list=found, numbered=token.type.startswith("ordered")))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type in ("list_item_open", "list_item_close"):
            items += token.nesting
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "heading_close":
            heading = 0
        elif token.type == "table_open":
            tables += 1
            grid = Grid(tables)
        elif token.type == "tr_open":
            grid.next_row()
        elif token.type in ("th_open", "td_open"):
            cell = grid.cell(heads=token.type == "th_open")
        elif token.type in ("th_close", "td_close"):
            cell = BODY
        elif token.type == "html_block":
            yield token, BlockKind.PARAGRAPH, 0, BODY
        elif token.type == "inline" and token.map is not None:
            if cell is not BODY:
                yield token, BlockKind.CELL, 0, cell
            elif heading:
                yield token, BlockKind.HEADING, heading, BODY
            elif items:
                yield token, BlockKind.LIST_ITEM, len(lists), lists[-1]
            else:
                yield token, BlockKind.PARAGRAPH, 0, BODY


_Found = tuple[tuple[int, int], tuple[int, int], str]


def _lines(token: Token, lines: list[str]) -> _Found | None:
    """Find a paragraph's or heading's content in its source lines: it reaches to their ends."""
    assert token.map is not None
    content = token.content.split("\n")
    first, last = token.map[0], token.map[0] + len(content) - 1
    if last >= len(lines):
        return None
    start = _suffix(lines[first], content[0])
    end = _suffix(lines[last], content[-1])
    if start is None or end is None:
        return None
    prefix = ""
    if last > first:
        second = _suffix(lines[first + 1], content[1])
        prefix = lines[first + 1][: second or 0]
    return (first, start), (last, end + len(content[-1].strip(" \t"))), prefix


def _suffix(line: str, content: str) -> int | None:
    wanted = content.strip(" \t").replace("\ufffd", "\0") if "\0" in line else content.strip(" \t")
    for candidate in (line.rstrip(" \t"), _CLOSING_HASHES.sub("", line)):
        if candidate.endswith(wanted):
            return len(candidate) - len(wanted)
    return None


def _cell(token: Token, lines: list[str], cell: int) -> _Found | None:
    assert token.map is not None
    row = token.map[0]
    line = lines[row]
    edges = [m.start() for m in _CELL_EDGE.finditer(line)]
    bounds = [-1, *edges, len(line)]
    if line[: bounds[1]].strip(" \t>") == "" and edges:
        bounds = bounds[1:]
    if cell + 1 >= len(bounds):
        return None
    start, end = bounds[cell] + 1, bounds[cell + 1]
    raw = line[start:end]
    bare = raw.strip()
    if bare.replace("\\|", "|") != token.content or not bare:
        return None
    start += raw.index(bare)
    return (row, start), (row, start + len(bare)), ""
