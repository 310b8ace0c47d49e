"""Inline codes: formatting inside a block, shown in its text as ``⟨1⟩…⟨/1⟩`` and ``⟨2/⟩``.

A reader turns a block's content into pieces: strings and marks (a code opens, closes or stands alone). From these,
:func:`number` makes the text a translator sees. A writer hands the translator's text to :meth:`Inline.parse` and
gets pieces back that are always balanced, whatever was typed: nothing a person does to a code breaks a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from workbench.core.segmentation import CODE
from workbench.core.texts import clean

MAX_CODES = 9999  # what core.segmentation.CODE recognises; a block with more loses the formatting of the rest

SPACE = " \t\n\r\f\v"


@dataclass(eq=False, slots=True)
class Code:
    """One piece of inline formatting.

    Attributes:
        payload: What the format needs to write it again.
        keep: It is content (an image, a footnote mark): where a translation forgets it, it is put at the end.
        edge: At the very start or end of a block it needs no code, since it stays there anyway.
        once: A second use in a translation is dropped (things with an identity, such as XLIFF's ``id``).
    """

    payload: Any
    keep: bool = False
    edge: bool = True
    once: bool = False


class Kind(Enum):
    """How a mark stands in the text."""

    OPEN = 0
    CLOSE = 1
    ALONE = 2


class Mark(NamedTuple):
    """A code at a place."""

    kind: Kind
    code: Code


Piece: TypeAlias = str | Mark


@dataclass(frozen=True, slots=True)
class Inline:
    """A block's content as numbered text, with what is needed to build it again.

    Attributes:
        text: For the translator.
        codes: Number → (code, is it a pair).
        before: Pieces at the start that the text does not show.
        after: The same at the end.
        literals: Look-alikes of codes that stand in the document as plain text.
    """

    text: str
    codes: dict[int, tuple[Code, bool]]
    before: list[Piece]
    after: list[Piece]
    literals: frozenset[str] = frozenset()
    _cleaned: list[str] = field(default_factory=list, repr=False)

    def same(self, text: str | None) -> bool:
        """Tell whether a translator's text is the original one (``None`` is), white space apart."""
        if text is None or text == self.text:
            return True
        if not self._cleaned:
            self._cleaned.append(clean(self.text))
        return clean(text) == self._cleaned[0]

    def parse(self, text: str) -> list[Piece]:
        """Turn a translator's text into balanced pieces, hidden edges included.

        A code the block does not have is dropped; an opening without its closing code (or the reverse) is dropped;
        of two crossing pairs the inner is closed early; content that was forgotten is put at the end.
        """
        pieces: list[Piece] = [*self.before]
        body = _balanced(_tokens(text, self.literals), self.codes)
        pieces += body
        seen = {id(piece.code) for piece in body if isinstance(piece, Mark)}
        pieces += [
            Mark(Kind.ALONE, code)
            for code, paired in self.codes.values()
            if code.keep and not paired and id(code) not in seen
        ]
        return pieces + self.after


def number(pieces: Iterable[Piece], *, trim: bool = True) -> Inline:
    """Number a block's codes from 1 and make the text that shows them.

    Args:
        pieces: The block's content; opening and closing marks balanced.
        trim: Leave out white space and codes at the edges and pairs around the whole block.
    """
    middle = _joined(pieces)
    before: list[Piece] = []
    after: list[Piece] = []
    if trim:
        middle, before, after = _trimmed(middle)
    literals = frozenset(m.group() for piece in middle if isinstance(piece, str) for m in CODE.finditer(piece))
    taken = {int(token.strip("⟨/⟩")) for token in literals}
    numbers: dict[int, int] = {}
    codes: dict[int, tuple[Code, bool]] = {}
    out: list[str] = []
    following = 0
    for piece in middle:
        if isinstance(piece, str):
            out.append(piece)
            continue
        key = id(piece.code)
        if key not in numbers:
            following += 1
            while following in taken:
                following += 1
            numbers[key] = following
            codes[following] = (piece.code, piece.kind is Kind.OPEN)
        n = numbers[key]
        if n > MAX_CODES:
            continue
        out.append(f"⟨{n}⟩" if piece.kind is Kind.OPEN else f"⟨/{n}⟩" if piece.kind is Kind.CLOSE else f"⟨{n}/⟩")
    return Inline("".join(out), codes, before, after, literals)


def strip_codes(text: str, keep: frozenset[str] = frozenset()) -> str:
    """Remove codes from a text for a format that has none, all but those in ``keep`` (its own literal text)."""
    return CODE.sub(lambda match: match.group() if match.group() in keep else "", text)


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Put neighbouring strings together and drop empty ones."""
    out: list[Piece] = []
    run: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            run.append(piece)
            continue
        if run:
            out.append("".join(run))
            run = []
        out.append(piece)
    if run:
        out.append("".join(run))
    return [piece for piece in out if piece != ""]


def _trimmed(pieces: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Cut edges off: white space, codes that may stand outside, pairs around everything."""
    closers = {id(p.code): i for i, p in enumerate(pieces) if isinstance(p, Mark) and p.kind is Kind.CLOSE}
    start, end = 0, len(pieces)
    head: list[Piece] = []
    tail: list[Piece] = []
    while start < end:
        first, last = pieces[start], pieces[end - 1]
        if isinstance(first, str) and (bare := first.lstrip(SPACE)) != first:
            head.append(first[: len(first) - len(bare)])
            if bare:
                pieces[start] = bare
            else:
                start += 1
        elif isinstance(last, str) and (bare := last.rstrip(SPACE)) != last:
            tail.append(last[len(bare) :])
            if bare:
                pieces[end - 1] = bare
            else:
                end -= 1
        elif isinstance(first, Mark) and first.kind is Kind.ALONE and first.code.edge:
            head.append(first)
            start += 1
        elif isinstance(last, Mark) and last.kind is Kind.ALONE and last.code.edge:
            tail.append(last)
            end -= 1
        elif (
            isinstance(first, Mark)
            and first.kind is Kind.OPEN
            and closers.get(id(first.code)) == end - 1
            and first.code.edge
        ):
            head.append(first)
            tail.append(pieces[end - 1])
            start, end = start + 1, end - 1
        else:
            break
    return pieces[start:end], head, tail[::-1]


def _tokens(text: str, literals: frozenset[str]) -> Iterator[str | tuple[str, int, str]]:
    at = 0
    for match in CODE.finditer(text):
        if match.group() in literals:
            continue
        if match.start() > at:
            yield text[at : match.start()]
        yield match.group(1), int(match.group(2)), match.group(3)
        at = match.end()
    if at < len(text):
        yield text[at:]


def _balanced(tokens: Iterable[str | tuple[str, int, str]], codes: dict[int, tuple[Code, bool]]) -> list[Piece]:
    out: list[Piece | None] = []
    open_at: list[tuple[int, int]] = []  # (number, place in out) of pairs still open, outermost first
    used: set[int] = set()
    for token in tokens:
        if isinstance(token, str):
            out.append(token)
            continue
        closing, n, alone = token
        if n not in codes:
            continue
        code, paired = codes[n]
        if not paired:
            if closing or (n in used and (code.once or code.keep)):
                continue
            used.add(n)
            out.append(Mark(Kind.ALONE, code))
        elif closing:
            if not any(n == m for m, _ in open_at):
                continue
            while open_at:
                m, _ = open_at.pop()
                out.append(Mark(Kind.CLOSE, codes[m][0]))
                if m == n:
                    break
        elif not alone:
            if (n in used and code.once) or any(n == m for m, _ in open_at):
                continue
            used.add(n)
            open_at.append((n, len(out)))
            out.append(Mark(Kind.OPEN, code))
    for _, place in open_at:
        out[place] = None
    return _without_empty([piece for piece in out if piece is not None])


def _without_empty(pieces: Sequence[Piece]) -> list[Piece]:
    """Drop pairs around nothing: they would show as stray formatting in the finished document."""
    out: list[Piece] = []
    for piece in _joined(pieces):
        last = out[-1] if out else None
        if (
            isinstance(piece, Mark)
            and piece.kind is Kind.CLOSE
            and isinstance(last, Mark)
            and last.kind is Kind.OPEN
            and last.code is piece.code
        ):
            out.pop()
        else:
            out.append(piece)
    return _joined(out)


def text_like(pieces: Iterable[Piece], model: Inline, name: Callable[[Code], str]) -> str:
    """Write a translation's codes with the numbers of its source's.

    Args:
        pieces: The translation's content.
        model: The source.
        name: What makes two codes the same (an ``id``).
    """
    numbers = {name(code): n for n, (code, _) in model.codes.items()}
    hidden = {name(piece.code) for piece in (*model.before, *model.after) if isinstance(piece, Mark)}
    following = max(numbers.values(), default=0)
    out: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            out.append(piece)
            continue
        key = name(piece.code)
        if key in hidden and key not in numbers:
            continue
        if key not in numbers:
            following += 1
            numbers[key] = following
        n = numbers[key]
        out.append(f"⟨{n}⟩" if piece.kind is Kind.OPEN else f"⟨/{n}⟩" if piece.kind is Kind.CLOSE else f"⟨{n}/⟩")
    return "".join(out).strip(SPACE)
