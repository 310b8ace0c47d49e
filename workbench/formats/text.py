"""Plain text: soft-wrapped lines joined, list items and headings recognised, everything else left where it stood."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workbench.core.segmentation import CODE
from workbench.core.texts import Block, BlockKind, Document, ParsedFile, Segment, clean
from workbench.formats.codes import strip_codes
from workbench.formats.decoding import decode

HEADING_CHARACTERS = 100  # longer lines that stand alone are short paragraphs
WRAP_WIDTHS = range(40, 251)  # shorter lines are lists or verse, longer ones are paragraphs of one line
RAGGED_BREAK = 40  # a line at least so long that goes on in lower case was broken by hand or by a page's code

_LINE = re.compile(r"([^\r\n\f\v\x85\u2028\u2029]*)(\r\n|[\r\n\f\v\x85\u2028\u2029]|\Z)")
_MARKER = re.compile(
    r"(?:[•◦▪▫‣⁃·●○■□–—*+-]|\(?\d{1,3}[.)]|\(?[a-zA-Z][)]|\(?(?:i{1,3}|iv|vi{0,3}|ix|x)[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)\s+(?=\S)"
)
_RULE = re.compile(r"[-=_*#~+. ]{3,}\Z")  # a drawn line is no text
_SENTENCE_END = (".", "!", "?", "…", ":", ";", "»", "”", '"')


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str  # without indentation and trailing space
    indent: int
    marker: int  # length of the list marker, 0 where there is none

    @property
    def blank(self) -> bool:
        return not self.text


@dataclass(frozen=True, slots=True)
class _Span:
    """A block and where its text stands: from the first character after a marker to the last one."""

    block: Block
    start: int
    end: int
    hanging: int
    width: int  # 0 where it stood on one line


def read(data: bytes, name: str) -> ParsedFile:
    """Read plain text in any encoding.

    Raises:
        FormatError: it is no text.
    """
    decoded = decode(data, name)
    spans = _spans(decoded.text)
    blocks = tuple(span.block for span in spans)
    title = blocks[0].text if blocks and blocks[0].kind is BlockKind.HEADING else ""
    return ParsedFile((Document(blocks, title=title, warnings=decoded.warnings),), format=".txt")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new texts in the place of the old; ``None`` and an equal text leave a block untouched.

    Args:
        original: The file the blocks were read from.
        blocks: A text for each block, in order.
        language: Unused: plain text does not say its language.
    """
    decoded = decode(original, "the original")
    out: list[str] = []
    at = 0
    for span, new in zip(_spans(decoded.text), blocks, strict=False):
        if new is None or new == span.block.text:
            continue
        literals = frozenset(match.group() for match in CODE.finditer(span.block.text))
        text = clean(strip_codes(new, literals))
        if text == span.block.text:
            continue
        out += (decoded.text[at : span.start], _wrapped(text, span, decoded.text))
        at = span.end
    if not out:
        return original
    return decoded.encode("".join(out) + decoded.text[at:])


def write(blocks: Sequence[Block], *, language: str, title: str = "") -> bytes:
    """Write a fresh plain text file: a blank line between blocks, none between list items."""
    out: list[str] = []
    for before, block in pairwise((None, *blocks)):
        assert block is not None
        item = block.kind is BlockKind.LIST_ITEM
        if before is not None:
            out.append("\n" if item and before.kind is BlockKind.LIST_ITEM else "\n\n")
        out.append("  " * block.level + "• " if item else "")
        out.append(clean(strip_codes(block.text)))
    return ("".join(out) + "\n").encode()


def read_segments(data: bytes, name: str) -> tuple[Segment, ...]:
    """Read a segment file: one segment a line, blank lines separate paragraphs and are no segments.

    Raises:
        FormatError: it is no text.
    """
    segments: list[Segment] = []
    paragraph, open_paragraph = 0, False
    for line in decode(data, name).text.split("\n"):
        text = clean(line)
        if text:
            segments.append(Segment(text, block=paragraph))
            open_paragraph = True
        elif open_paragraph:
            paragraph, open_paragraph = paragraph + 1, False
    return tuple(segments)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    for match in _LINE.finditer(text):
        if match.start() == match.end() == len(text):
            break
        raw = match.group(1)
        bare = raw.strip(" \t\0\ufeff")
        indent = len(raw) - len(raw.lstrip(" \t\0\ufeff"))
        start = match.start() + indent
        marker = _MARKER.match(bare)
        lines.append(_Line(start, start + len(bare), bare, indent, marker.end() if marker else 0))
    return lines


def _groups(lines: list[_Line]) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in lines:
        if line.blank or _RULE.match(line.text):
            if group:
                yield group
            group = []
        else:
            group.append(line)
    if group:
        yield group


def _wrap_width(groups: list[list[_Line]]) -> int:
    """The width at which the file's lines were broken, 0 if each line is a paragraph.

    A wrapped line is full: the next line's first word would not have fitted. Lines of a file with a paragraph a
    line are not, and end as sentences do.
    """
    pairs = [(a, b) for group in groups for a, b in pairwise(group) if not b.marker]
    if not pairs:
        return 0
    lengths = sorted(a.indent + len(a.text) for a, _ in pairs)
    width = lengths[min(len(lengths) - 1, len(lengths) * 9 // 10)]
    if width not in WRAP_WIDTHS:
        return 0
    full = sum(_full(a, b, width) for a, b in pairs)
    ended = sum(a.text.endswith((".", "!", "?")) for a, _ in pairs)
    return width if full >= 0.6 * len(pairs) and ended < 0.5 * len(pairs) else 0


def _full(line: _Line, following: _Line, width: int) -> bool:
    return line.indent + len(line.text) + 1 + len(following.text.split(None, 1)[0]) > width


def _goes_on(line: _Line, following: _Line) -> bool:
    """Tell whether a sentence was cut: no end before, lower case after."""
    return (
        len(line.text) >= RAGGED_BREAK
        and not line.text.endswith(_SENTENCE_END)
        and following.text[:1].islower()
        and not following.marker
    )


def _joins(line: _Line, following: _Line, first: _Line, width: int) -> bool:
    """Tell whether the following line belongs to the same paragraph."""
    if following.marker:
        # A dash or a number may begin a wrapped line in mid-sentence: full line before, no end, no list so far.
        inside = not first.marker and width and _full(line, following, width)
        return bool(inside and not line.text.endswith(_SENTENCE_END))
    if first.marker and following.indent >= first.indent + first.marker:
        return True
    if _goes_on(line, following):
        return True
    return bool(width and _full(line, following, width) and not (first.marker and following.indent < first.indent))


def _spans(text: str) -> list[_Span]:
    groups = list(_groups(_lines(text)))
    width = _wrap_width(groups)
    paragraphs: list[tuple[list[_Line], bool]] = []  # lines, does the paragraph stand alone between blank lines
    for group in groups:
        start = len(paragraphs)
        for line in group:
            open_now = len(paragraphs) > start
            if open_now and _joins(paragraphs[-1][0][-1], line, paragraphs[-1][0][0], width):
                paragraphs[-1][0].append(line)
            elif (
                not open_now
                and paragraphs
                and len(paragraphs[-1][0]) > 1
                and not paragraphs[-1][0][0].marker
                and _goes_on(paragraphs[-1][0][-1], line)
            ):
                paragraphs[-1][0].append(line)  # a blank line in mid-sentence, as pages cut by hand have them
                start = len(paragraphs) - 1
            else:
                paragraphs.append(([line], False))
        if len(paragraphs) == start + 1:
            paragraphs[-1] = (paragraphs[-1][0], True)
    indents = sorted({lines[0].indent for lines, _ in paragraphs if lines[0].marker})
    spans: list[_Span] = []
    for number, (lines, alone) in enumerate(paragraphs):
        following = paragraphs[number + 1][0] if number + 1 < len(paragraphs) else None
        spans.append(_span(lines, alone, following, indents, len(paragraphs), bool(spans), width, text))
    return spans


def _span(
    lines: list[_Line],
    alone: bool,
    following: list[_Line] | None,
    indents: list[int],
    total: int,
    later: bool,
    width: int,
    text: str,
) -> _Span:
    first, last = lines[0], lines[-1]
    start = first.start + first.marker
    whole = clean(text[start : last.end])
    kind, level = BlockKind.PARAGRAPH, 0
    if first.marker and not _is_heading_number(first, alone, following):
        kind, level = BlockKind.LIST_ITEM, min(indents.index(first.indent) + 1, 6)
    elif total > 1 and len(lines) == 1 and _is_heading(whole, alone, following):
        kind, level = BlockKind.HEADING, 2 if later else 1
    hanging = first.indent + first.marker if first.marker else lines[-1].indent
    return _Span(Block(whole, kind, level), start, last.end, hanging, width if len(lines) > 1 else 0)


def _is_heading_number(line: _Line, alone: bool, following: list[_Line] | None) -> bool:
    """``1. Objet`` alone before a paragraph is a numbered heading, not a list of one."""
    numbered = line.text[0].isdigit()
    return bool(
        numbered
        and alone
        and following
        and not following[0].marker
        and len(line.text) <= HEADING_CHARACTERS
        and not line.text.endswith((".", ";", ",", "…"))
    )


def _is_heading(text: str, alone: bool, following: list[_Line] | None) -> bool:
    if len(text) > HEADING_CHARACTERS or text.endswith((".", ";", ",", "…", "!")) or (text[:1].islower() and not alone):
        return False
    if alone:
        return True
    # Word saves no blank lines: a short line without a full stop, before a long one, is a heading there too.
    return bool(
        following
        and not following[0].marker
        and len(following[0].text) > HEADING_CHARACTERS
        and not text.endswith((":", "»", "”", '"'))
    )


def _wrapped(text: str, span: _Span, whole: str) -> str:
    """Break a new text as the old one was broken."""
    if not span.width or len(text) > 1_000_000:  # textwrap needs seconds for a megabyte, and nobody wraps that
        return text
    match = re.search(r"\r\n|[\r\n]", whole[span.start : span.end])
    newline = match.group() if match else "\n"
    first = span.start - max(whole.rfind("\n", 0, span.start), whole.rfind("\r", 0, span.start)) - 1
    lines = textwrap.wrap(
        text,
        max(span.width, span.hanging + 20),
        initial_indent=" " * first,
        subsequent_indent=" " * span.hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return newline.join(lines)[first:]
