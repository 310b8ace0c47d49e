"""Markdown inside a block: markdown-it-py's tokens traced back to the characters they came from, and written again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.formats.codes import Code, Kind, Mark, Piece

if TYPE_CHECKING:
    from markdown_it.token import Token

_SOFT_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_HARD_BREAK = re.compile(r"(?:\\| *)\n[ \t]*")
_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)[^>]*?(/?)>", re.S)
_FOOTNOTE = re.compile(r"(\[\^[^\]\s]+\](?!:))")
_LEADING = re.compile(r"\[\^[^\]\s]+\]:[ \t]*|\[[ xX]\][ \t]+")  # a footnote's or a task's beginning
_ATTRIBUTES = re.compile(r"[ \t]*\{[#.:][^{}\n]*\}[ \t]*\Z")
_EMPHASIS = frozenset(("*", "_", "**", "__", "~~"))
_VOID = {"br", "img", "hr", "input", "wbr"}

_Spot = tuple[int, list[Piece]]


class _LostError(Exception):
    """A token could not be traced to the source."""


def inline_pieces(raw: str, tokens: Sequence[Token]) -> list[Piece] | None:
    """Return a block's pieces, or ``None`` where the tokens do not match the source."""
    at = 0
    pieces: list[Piece] = []
    if lead := _LEADING.match(raw):
        pieces.append(Mark(Kind.ALONE, Code(lead.group())))
    tail = _ATTRIBUTES.search(raw)
    try:
        at, body = _trace(raw, 0, tokens)
    except _LostError:
        return None
    if raw[at:].strip():
        return None
    body = _paired_html(body)
    if lead:
        body = _cut_front(body, lead.group())
    if tail and isinstance(body[-1] if body else None, str) and str(body[-1]).endswith(tail.group()):
        body[-1] = str(body[-1])[: -len(tail.group())]
        body.append(Mark(Kind.ALONE, Code(tail.group())))
    return pieces + body


def render(pieces: Sequence[Piece], *, table: bool) -> str:
    """Write pieces as Markdown, escaping what in their text would be read as markup."""
    out: list[str] = []
    for n, piece in enumerate(pieces := _spaces_outside(pieces)):
        if isinstance(piece, str):
            follows_mark = n + 1 < len(pieces)
            begins = not "".join(out[-3:]).strip() or out[-1].endswith("\n")
            out.append(_escaped(piece, begins=begins, table=table, before_mark=follows_mark))
        elif isinstance(piece.code.payload, tuple):
            opening, closing = piece.code.payload
            out.append(opening if piece.kind is Kind.OPEN else closing)
        else:
            out.append(piece.code.payload)
    return "".join(out)


def _trace(raw: str, at: int, tokens: Sequence[Token]) -> _Spot:
    pieces: list[Piece] = []
    stack: list[tuple[Code, str]] = []
    skip_to_close = False
    for token in tokens:
        if skip_to_close:
            skip_to_close = token.type != "link_close"
        elif token.type == "text":
            at = _expect(raw, at, token.content)
            pieces += _with_footnotes(token.content)
        elif token.type == "text_special":
            at = _expect(raw, at, token.markup)
            pieces.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            match = (_SOFT_BREAK if token.type == "softbreak" else _HARD_BREAK).match(raw, at)
            if match is None:
                raise _LostError
            at = match.end()
            soft = token.type == "softbreak"
            pieces.append(" " if soft else Mark(Kind.ALONE, Code(match.group().rstrip(" \t"))))
        elif token.type == "code_inline":
            end = _code_end(raw, at, token.markup)
            pieces.append(Mark(Kind.ALONE, Code(raw[at:end], keep=True, edge=False)))
            at = end
        elif token.type == "html_inline":
            at = _expect(raw, at, token.content)
            pieces.append(Mark(Kind.ALONE, Code(token.content)))
        elif token.type == "link_open" and token.markup == "autolink":
            end = raw.find(">", at) + 1
            if not end or raw[at : at + 1] != "<":
                raise _LostError
            pieces.append(Mark(Kind.ALONE, Code(raw[at:end], keep=True, edge=False)))
            at, skip_to_close = end, True
        elif token.type == "image":
            at = _expect(raw, at, "![")
            start = at
            at, inner = _trace(raw, at, token.children or [])
            if raw[at : at + 1] != "]":
                at, inner = _expect(raw, start, token.content), [token.content]
            end = _link_end(raw, at)
            if any(isinstance(piece, str) and piece.strip() for piece in inner):
                code = Code(("![", raw[at:end]), keep=True, once=True)
                pieces += [Mark(Kind.OPEN, code), *inner, Mark(Kind.CLOSE, code)]
            else:
                pieces.append(Mark(Kind.ALONE, Code(raw[start - 2 : end], keep=True)))
            at = end
        elif token.nesting == 1:
            opening = "[" if token.type == "link_open" else token.markup
            at = _expect(raw, at, opening)
            code = Code((opening, token.markup))
            stack.append((code, token.type))
            pieces.append(Mark(Kind.OPEN, code))
        elif token.nesting == -1 and stack:
            code, _ = stack.pop()
            end = _link_end(raw, at) if token.type == "link_close" else _expect(raw, at, token.markup)
            code.payload = (code.payload[0], raw[at:end])
            at = end
            pieces.append(Mark(Kind.CLOSE, code))
        else:
            raise _LostError
    if stack:
        raise _LostError
    return at, pieces


def _expect(raw: str, at: int, wanted: str) -> int:
    if not raw.startswith(wanted, at):
        raise _LostError
    return at + len(wanted)


def _code_end(raw: str, at: int, markup: str) -> int:
    _expect(raw, at, markup)
    match = re.compile(rf"(?<!`){markup}(?!`)").search(raw, at + len(markup))
    if match is None:
        raise _LostError
    return match.end()


def _link_end(raw: str, at: int) -> int:
    """Return where a link ends whose ``]`` stands at ``at``: after its address, its label, or at once."""
    from markdown_it.helpers import parseLinkDestination, parseLinkTitle

    at = _expect(raw, at, "]")
    if raw[at : at + 1] == "(":
        place = _skip_space(raw, at + 1)
        address = parseLinkDestination(raw, place, len(raw))
        if address.ok:
            place = _skip_space(raw, address.pos)
            title = parseLinkTitle(raw, place, len(raw))
            if title.ok:
                place = _skip_space(raw, title.pos)
            if raw[place : place + 1] == ")":
                return place + 1
    label = _LABEL.match(raw, at)
    return label.end() if label else at


def _skip_space(raw: str, at: int) -> int:
    while at < len(raw) and raw[at] in " \t\n":
        at += 1
    return at


def _with_footnotes(text: str) -> list[Piece]:
    parts = _FOOTNOTE.split(text)
    return [Mark(Kind.ALONE, Code(part, keep=True)) if n % 2 else part for n, part in enumerate(parts)]


def _paired_html(pieces: list[Piece]) -> list[Piece]:
    """Make pairs of HTML tags that open and close within the block, as long as they nest with the rest."""
    out = list(pieces)
    stack: list[tuple[int, str]] = []  # place, name; other codes have the name "*"
    for n, piece in enumerate(pieces):
        if isinstance(piece, str):
            continue
        if piece.kind is Kind.OPEN:
            stack.append((n, "*"))
        elif piece.kind is Kind.CLOSE:
            while stack and stack.pop()[1] != "*":
                pass
        elif isinstance(piece.code.payload, str) and (tag := _TAG.fullmatch(piece.code.payload)):
            name = tag.group(2).lower()
            if not tag.group(1):
                if name not in _VOID and not tag.group(3):
                    stack.append((n, name))
            elif stack and stack[-1][1] == name:
                start, _ = stack.pop()
                opening = out[start]
                assert isinstance(opening, Mark)
                code = Code((opening.code.payload, piece.code.payload))
                out[start], out[n] = Mark(Kind.OPEN, code), Mark(Kind.CLOSE, code)
    return out


def _cut_front(pieces: list[Piece], lead: str) -> list[Piece]:
    """Remove what stands before a footnote's or task's text, which the parser took for text."""
    text = ""
    while pieces and isinstance(pieces[0], str) and len(text) < len(lead):
        text += str(pieces.pop(0))
    return [text[len(lead) :], *pieces]


def _spaces_outside(pieces: Sequence[Piece]) -> list[Piece]:
    """Move spaces out of emphasis: ``** bold**`` is not bold in Markdown."""
    out: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str):
            bare = piece.lstrip(" ")
            marks = len(out)
            while marks and _emphasis(out[marks - 1], Kind.OPEN):
                marks -= 1
            if bare != piece and marks < len(out):
                out.insert(marks, " ")
                piece = bare
        elif _emphasis(piece, Kind.CLOSE):
            place = len(out)
            while place and _emphasis(out[place - 1], Kind.CLOSE):
                place -= 1
            text = out[place - 1] if place else ""
            if isinstance(text, str) and text.endswith(" "):
                out[place - 1] = text.rstrip(" ")
                out += [piece, " "]
                continue
        out.append(piece)
    return out


def _emphasis(piece: Piece, kind: Kind) -> bool:
    return (
        isinstance(piece, Mark)
        and piece.kind is kind
        and isinstance(piece.code.payload, tuple)
        and piece.code.payload[0] in _EMPHASIS
    )


_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)|(?<![\s])\*|\*(?![\s])|(?<!\w)_|_(?!\w)|[`\[\]]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|~(?=~)|(?<=~)~"
)
_BLOCK_START = re.compile(r"(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|~{3}|[=-]+\s*$|:?-+:?(?=\s*\|))")
_NUMBER_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def _escaped(text: str, *, begins: bool, table: bool, before_mark: bool) -> str:
    lead = ""
    if begins:
        if _BLOCK_START.match(text):
            lead, text = "\\" + text[0], text[1:]
        elif match := _NUMBER_START.match(text):
            lead, text = f"{match.group(1)}\\{match.group(2)}", text[match.end() :]
    escaped = lead + _SPECIAL.sub(lambda match: "\\" + match.group(), text)
    if before_mark and escaped.endswith("!"):
        escaped = escaped[:-1] + "\\!"
    return escaped.replace("|", "\\|") if table else escaped
