"""What the panel shows of an answer, as HTML; every word from texts and the glossary is escaped."""

from __future__ import annotations

from html import escape

from workbench.core.concordance import ConcordanceHit
from workbench.core.languages import LANGUAGES, base_language
from workbench.core.terms import Concept, Status, Term, fold
from workbench.services.lookup_service import Found, LookUp
from workbench.ui.components.concordance import Spans, answer_spans, marked_html, origin_html
from workbench.ui.components.escape import shorten
from workbench.ui.components.glossary_table import domain_label, status_label
from workbench.ui.i18n import interface_language, language_label, number, tr, trn
from workbench.ui.navigation import anchor

DEFINITION = 220  # characters of a definition that are shown


def answer_html(found: LookUp, spoken: str = "") -> str:
    """Return what was found: the glossary's concepts, then the memory's units.

    Args:
        spoken: The language the words are in, where it is known; concepts are named in it.
    """
    return _concepts_html(found, base_language(spoken) if spoken else "") + _hits_html(found)


def _concepts_html(found: LookUp, spoken: str) -> str:
    head = f"<h3>{escape(tr('Glossary'))}</h3>"
    if not found.concepts:
        return f'<section>{head}<p class="quiet">{escape(tr("No term of the glossary is like that."))}</p></section>'
    words = fold(found.words)
    items = []
    for place, stored in enumerate(found.concepts):
        meant = stored.id in found.recognised or any(fold(term.text) == words for term in stored.concept.terms)
        items.append(_concept_html(stored.concept, words, spoken, opened=meant and not place))
    return f'<section>{head}<div class="concepts">{"".join(items)}</div></section>'


def _concept_html(concept: Concept, words: str, spoken: str, *, opened: bool) -> str:
    """Return a concept that can be folded; closed it shows its name, so that the memory is near."""
    lines = []
    for code in LANGUAGES:
        terms = [term for term in concept.terms if term.base_language == code]
        if terms:
            drawn = "".join(_term_html(term) for term in terms)
            lines.append(
                f'<div class="line" data-lang="{code}">{_code_html(code)}<span class="terms">{drawn}</span></div>'
            )
    mine = interface_language()
    told = sorted((t for t in concept.terms if t.definition), key=lambda t: (t.base_language != mine, t.language))
    definition = ""
    if told:
        said = escape(shorten(told[0].definition, DEFINITION))
        definition = f'<p class="definition" lang="{escape(told[0].language)}">{said}</p>'
    link = anchor("glossary", escape(tr("concept")), css="link", concept=concept.id)
    foot = f'<p class="origin quiet">{escape(domain_label(concept.domain))} · {link}</p>'
    order = [spoken, mine, *LANGUAGES]
    name = min(
        concept.terms,
        key=lambda t: (
            words not in fold(t.text), order.index(t.base_language) if t.base_language in order else len(order)
        ),
    )  # fmt: skip
    summary = f'<summary><span lang="{escape(name.language)}">{escape(name.text)}</span></summary>'
    return (
        f'<details data-concept="{escape(concept.id)}"{" open" if opened else ""}>{summary}{"".join(lines)}'
        f"{definition}{foot}</details>"
    )


def _term_html(term: Term) -> str:
    status = (
        "" if term.status.value == "preferred" else f' <span class="status">{escape(status_label(term.status))}</span>'
    )
    instead = f" → {escape(term.use_instead)}" if term.use_instead else ""
    said = f'<span class="said {escape(term.status.value)}" lang="{escape(term.language)}">{escape(term.text)}</span>'
    copy = "" if term.status is Status.FORBIDDEN else _copy_html(term.text)
    return f'<span class="term">{said}{status}{instead}{copy}</span>'


def _hits_html(found: LookUp) -> str:
    head = f"<h3>{escape(tr('Memory'))}</h3>"
    if not found.page.hits:
        words = tr("Nothing like that is in the memory. Try fewer words, or the beginning of a word with *.")
        return f'<section>{head}<p class="quiet">{escape(words)}</p></section>'
    count = number(found.page.total) + ("" if found.page.complete else "+")
    said = trn("{count} unit", "{count} units", found.page.total, count=count)
    how = {
        Found.TYPED: "",
        Found.PHRASE: tr("with exactly these words"),
        Found.WORDS: tr("with all of these words"),
        Found.PART: tr("with a part of these words: all of them stand nowhere"),
    }[found.found]
    more = ""
    if found.page.total > len(found.page.hits):
        more = f'<p class="more">{anchor("memory", escape(tr("All in the memory")), css="link", q=found.words)}</p>'
    hits = "".join(_hit_html(hit, found) for hit in found.page.hits)
    summary = escape(f"{said} {how}".strip())
    return f'<section>{head}<p class="quiet summary">{summary}</p><ol class="hits">{hits}</ol>{more}</section>'


def _hit_html(hit: ConcordanceHit, found: LookUp) -> str:
    spans = answer_spans(hit, found.query, found.finders)
    lines = [_line_html(hit.language, hit.unit.texts[hit.language], hit.spans, found=True)]
    lines += [
        _line_html(variant.language, variant.text, spans.get(variant.language, ()))
        for variant in hit.unit.variants
        if variant.language != hit.language
    ]
    return f'<li>{"".join(lines)}<p class="origin quiet">{origin_html(hit.unit)}</p></li>'


def _line_html(language: str, text: str, spans: Spans, *, found: bool = False) -> str:
    base = "" if found else f' data-lang="{escape(base_language(language))}"'  # what was found is always shown
    said = f'<span class="said" lang="{escape(language)}">{marked_html(text, spans)}</span>'
    return f'<div class="line{" here" if found else ""}"{base}>{_code_html(language)}{said}{_copy_html(text)}</div>'


def _code_html(language: str) -> str:
    return f'<span class="code" title="{escape(language_label(language))}">{escape(language)}</span>'


def _copy_html(text: str) -> str:
    label = tr("Copy “{text}”", text=shorten(text, 60))
    return (
        f'<button type="button" class="copy" data-copy="{escape(text)}" title="{escape(tr("Copy"))}" '
        f'aria-label="{escape(label)}"></button>'
    )
