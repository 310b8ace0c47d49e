"""Segments as a reader sees them: numbered, in paragraphs, headings and list items told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from workbench.core.texts import BlockKind
from workbench.ui.i18n import language_label, tr, trn

_CODE = re.compile(r"⟨/?\d{1,4}/?⟩")


class SegmentLike(Protocol):
    """A segment read or stored."""

    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> BlockKind: ...
    @property
    def block(self) -> int: ...
    @property
    def level(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Note:
    """What is said beside a segment: a tone (``stale``, ``work``) and words."""

    tone: str
    words: str


def segment_text_html(text: str) -> str:
    """Return a segment's text as HTML: escaped, its inline codes drawn as small marks."""
    pieces, at = [], 0
    for match in _CODE.finditer(text):
        pieces.append(escape(text[at : match.start()]))
        pieces.append(f'<span class="inline-code">{escape(match.group()[1:-1])}</span>')
        at = match.end()
    pieces.append(escape(text[at:]))
    return "".join(pieces)


def segments_html(
    segments: Sequence[SegmentLike],
    language: str,
    *,
    start: int = 0,
    limit: int = 200,
    notes: dict[int, Note] | None = None,
) -> str:
    """Return segments as an HTML list.

    Args:
        segments: All of them.
        language: BCP 47 code, so that a browser hyphenates and a screen reader pronounces rightly.
        start: 0-based number of the first one drawn.
        limit: How many are drawn; a line at the end says how many are not.
        notes: By 0-based number, what is said beside a segment.
    """
    shown = segments[start : start + limit]
    items, block = [], -1
    for number, segment in enumerate(shown, start):
        first = segment.block != block
        block = segment.block
        note = (notes or {}).get(number)
        said = f'<span class="said {escape(note.tone)}">{escape(note.words)}</span>' if note else ""
        kind, mark = _kind(segment)
        items.append(
            f'<li class="{kind}{" first" if first else ""}{" noted" if note else ""}">'
            f'<span class="no" aria-hidden="true">{number + 1}</span>'
            f'<span class="tx">{mark}{segment_text_html(segment.text)}{said}</span></li>'
        )
    left = len(segments) - start - len(shown)
    more = (
        f'<p class="quiet more">{escape(trn("and {n} more segment", "and {n} more segments", left))}</p>'
        if left
        else ""
    )
    return f'<ol class="segments" lang="{escape(language)}">{"".join(items)}</ol>{more}'


class PairLike(Protocol):
    """A row as a translator sees it: a source with its translation."""

    @property
    def place(self) -> int: ...
    @property
    def source(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def state(self) -> str: ...


def pairs_html(rows: Sequence[PairLike], languages: tuple[str, str], states: Mapping[str, str]) -> str:
    """Return a source and its translation side by side, as a table to read.

    Args:
        rows: Those drawn.
        languages: BCP 47 codes of source and target.
        states: What to say of a translation that is not finished, by its state.
    """
    source, target = (escape(code) for code in languages)
    lines = []
    for row in rows:
        said = f'<span class="said work">{escape(states[row.state])}</span>' if row.state in states else ""
        lines.append(
            f'<tr id="row-{row.place + 1}"><th scope="row">{row.place + 1}</th>'
            f'<td lang="{source}">{segment_text_html(row.source)}</td>'
            f'<td lang="{target}">{segment_text_html(row.target)}{said}</td></tr>'
        )
    heads = "".join(f'<th scope="col">{escape(language_label(code))}</th>' for code in languages)
    return (
        f'<table class="pairs segments"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table>'
    )


def _kind(segment: SegmentLike) -> tuple[str, str]:
    match segment.kind:
        case BlockKind.HEADING:
            return f"heading h{min(max(segment.level, 1), 6)}", f'<span class="sr">{escape(tr("Heading:"))} </span>'
        case BlockKind.LIST_ITEM:
            return f"item l{min(max(segment.level, 1), 4)}", '<span class="dot" aria-hidden="true">•</span>'
        case BlockKind.CELL:
            return "cell-text", f'<span class="kind">{escape(tr("table"))}</span>'
        case _:
            return "plain", ""


def count_words(segments: Iterable[SegmentLike]) -> int:
    """Return how many words segments have, inline codes aside."""
    return sum(len(_CODE.sub("", segment.text).split()) for segment in segments)
