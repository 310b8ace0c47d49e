"""Hits of a search in the memory: the sentence found on the left, its other languages on the right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Protocol

from workbench.core.concordance import ConcordanceHit, ConcordanceQuery, hit_spans
from workbench.core.languages import base_language
from workbench.core.memory import SourceKind, TranslationUnit
from workbench.core.recognition import TermHit
from workbench.ui.components.segments import segment_text_html
from workbench.ui.i18n import day, language_label, tr
from workbench.ui.navigation import anchor

Spans = Sequence[tuple[int, int]]


class Finder(Protocol):
    """Finds a glossary's terms in one language."""

    def find(self, text: str) -> list[TermHit]:
        """Return the terms of a text."""
        ...


def answer_spans(
    hit: ConcordanceHit, query: ConcordanceQuery, finders: Mapping[str, Finder]
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return, by language, where a hit's other languages say what was sought.

    That is known where the words sought are a term of the glossary, whose counterparts are then found in the other
    languages, and where the same words stand there too (names, acronyms).
    """
    texts = hit.unit.texts
    here = finders.get(base_language(hit.language))
    terms = here.find(texts[hit.language]) if here else []
    wanted = {
        concept.id
        for term in terms
        if any(start < term.end and term.start < end for start, end in hit.spans)
        for _, concept in term.entries
    }
    found = {}
    for language, text in texts.items():
        if language == hit.language:
            continue
        spans = set(hit_spans(query, text))
        there = finders.get(base_language(language))
        if wanted and there:
            spans |= {(t.start, t.end) for t in there.find(text) if any(c.id in wanted for _, c in t.entries)}
        found[language] = _joined(spans)
    return found


def hits_html(
    hits: Iterable[ConcordanceHit], query: ConcordanceQuery, languages: Sequence[str], finders: Mapping[str, Finder]
) -> str:
    """Return hits as HTML.

    Args:
        languages: The languages shown beside the one that was found, all if empty.
        finders: The glossary's terms by language, to mark what answers the words sought.
    """
    rows = []
    for hit in hits:
        spans = answer_spans(hit, query, finders)
        others = "".join(
            _variant(variant.language, variant.text, spans.get(variant.language, ()), name=True)
            for variant in hit.unit.variants
            if variant.language != hit.language and (not languages or base_language(variant.language) in languages)
        )
        found = _variant(hit.language, hit.unit.texts[hit.language], hit.spans, name=True)
        rows.append(
            f'<li><div class="pair"><div class="found">{found}<p class="origin quiet">{origin_html(hit.unit)}</p></div>'
            f'<div class="others">{others}</div></div></li>'
        )
    return f'<ol class="hits">{"".join(rows)}</ol>'


def unit_html(unit: TranslationUnit) -> str:
    """Return one unit with all its languages."""
    variants = "".join(_variant(v.language, v.text, (), name=True) for v in unit.variants)
    return f'<ol class="hits"><li><div>{variants}</div><p class="origin quiet">{origin_html(unit)}</p></li></ol>'


def marked_html(text: str, spans: Spans) -> str:
    """Return a text escaped, with spans of it marked."""
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(segment_text_html(text[at:start]))
        pieces.append(f"<mark>{segment_text_html(text[start:end])}</mark>")
        at = end
    pieces.append(segment_text_html(text[at:]))
    return "".join(pieces)


def _variant(language: str, text: str, spans: Spans, *, name: bool) -> str:
    label = f'<span class="lang" title="{escape(language_label(language))}">{escape(language)}</span>' if name else ""
    return f'<p class="variant">{label}<span lang="{escape(language)}">{marked_html(text, spans)}</span></p>'


def origin_html(unit: TranslationUnit) -> str:
    """Return where a unit comes from: text or file with its row, who, when, checked or not."""
    parts = []
    for provenance in unit.provenances[:3]:
        source = provenance.source
        name = escape(source.name or source.text_slug or source.key)
        if source.kind is not SourceKind.FILE and source.text_slug:
            name = anchor("text", name, css="link", text=source.text_slug)
            row = escape(tr("row"))
            name += f" ({anchor('align', row, css='link', text=source.text_slug, unit=str(unit.id))})"
        parts.append(name)
    checked = tr("checked") if unit.reviewed() else tr("not checked")
    last = unit.provenances[-1] if unit.provenances else None
    who = f" · {escape(last.by)}, {escape(day(last.at))}" if last and last.by else ""
    inner = f'<span class="sr">{escape(tr("Link to unit"))} </span>#{unit.id}'
    number = anchor("memory", inner, css="quiet number", unit=str(unit.id))
    return f"{', '.join(parts)}{who} · {escape(checked)} · {number}"


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
