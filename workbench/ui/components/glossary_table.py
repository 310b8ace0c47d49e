"""The glossary as people read it: concepts in rows, languages in columns, and one concept as a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from workbench.core.languages import LANGUAGES
from workbench.core.terms import Concept, Status, StoredConcept, Term
from workbench.ui.components.labels import grammar_label
from workbench.ui.i18n import day, language_label, mark, number, tr, trn
from workbench.ui.navigation import anchor

STATUSES = {
    Status.PREFERRED: mark("preferred"),
    Status.ADMITTED: mark("admitted"),
    Status.DEPRECATED: mark("superseded"),
    Status.FORBIDDEN: mark("forbidden"),
}
DOMAIN_NAMES = {
    "actors-networks": mark("Actors and networks"),
    "instruments": mark("Instruments"),
    "strategy-governance": mark("Strategy and governance"),
    "advocacy-agendas": mark("Advocacy and agendas"),
    "urban-social-policy": mark("Urban and social policy"),
    "finance-projects": mark("Finance and projects"),
    "events-training": mark("Events and training"),
    "attractiveness-diplomacy": mark("Attractiveness and diplomacy"),
}
_SIGNS = {Status.DEPRECATED: "†", Status.FORBIDDEN: "⊘"}


def status_label(status: Status | str) -> str:
    """Return a status in the language of the interface."""
    return tr(STATUSES[Status(status)])


def domain_label(domain: str) -> str:
    """Return a subject field's name; one that is not ours keeps its own."""
    return tr(DOMAIN_NAMES[domain]) if domain in DOMAIN_NAMES else domain


def concepts_html(concepts: Sequence[StoredConcept], first: str = "") -> str:
    """Return concepts as a table, one a row.

    Args:
        first: Language whose column the list is sorted by; it is marked.
    """
    heads = "".join(
        f'<th scope="col"{" class=sorted" if code == first else ""}>{escape(language_label(code))}</th>'
        for code in LANGUAGES
    )
    rows = "".join(_row(stored.concept) for stored in concepts)
    return f'<table class="concepts"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _row(concept: Concept) -> str:
    cells = []
    for code in LANGUAGES:
        terms = [term for term in concept.terms if term.base_language == code]
        words = "".join(_term(term, code) for term in terms)
        missing = f'<span class="quiet">{escape(tr("no term"))}</span>'
        cells.append(f"<td>{anchor('glossary', words or missing, css='entry', concept=concept.id)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _term(term: Term, column: str) -> str:
    region = f' <span class="tag">{escape(term.language)}</span>' if term.language != column else ""
    sign = _SIGNS.get(term.status, "")
    spoken = f'<span class="sr"> ({escape(status_label(term.status))})</span>'
    prefix = f'<span class="sign" aria-hidden="true">{sign}</span> ' if sign else ""
    inner = f"{prefix}{escape(term.text)}{region}{spoken}"
    return f'<span class="term {term.status.value}" lang="{escape(term.language)}">{inner}</span>'


def card_html(stored: StoredConcept, names: Mapping[str, str] | None = None) -> str:
    """Return one concept with all that is known of it, a column a language.

    Args:
        names: How related concepts are named to people, by id; the id where there is none.
    """
    concept = stored.concept
    columns = "".join(_language(concept, code) for code in (*LANGUAGES, *_further(concept)))
    related = ", ".join(
        anchor("glossary", escape((names or {}).get(other, other)), css="link", concept=other)
        for other in concept.related
    )
    see = f'<p class="quiet see">{escape(tr("See also:"))} {related}</p>' if related else ""
    changed = tr("Changed on {day} by {who}", day=day(stored.updated_at), who=stored.updated_by)
    return (
        f'<div class="card"><p class="quiet">{escape(domain_label(concept.domain))}</p>'
        f'<div class="columns">{columns}</div>{see}'
        f'<p class="quiet small">{escape(changed)} · {escape(concept.id)}</p></div>'
    )


def concept_header() -> list[str]:
    """Return the heads of a table of concepts for a spreadsheet."""
    return [tr("Concept"), tr("Subject field"), *(language_label(code) for code in LANGUAGES)]


def concept_rows(concepts: Sequence[StoredConcept]) -> list[list[object]]:
    """Return concepts for a spreadsheet, one a row: in each language all terms, their status where not preferred."""
    rows: list[list[object]] = []
    for stored in concepts:
        concept = stored.concept
        cells = []
        for code in LANGUAGES:
            terms = [term for term in concept.terms if term.base_language == code]
            told = ("" if t.status is Status.PREFERRED else f" ({status_label(t.status)})" for t in terms)
            cells.append("; ".join(f"{term.text}{status}" for term, status in zip(terms, told, strict=True)))
        rows.append([concept.id, domain_label(concept.domain), *cells])
    return rows


def print_html(concepts: Sequence[StoredConcept], total: int) -> str:
    """Return concepts for print: by subject field, four columns, with definitions.

    Args:
        total: How many were found; a line says so where fewer are given.
    """
    fields: dict[str, list[Concept]] = {}
    for stored in concepts:
        fields.setdefault(stored.concept.domain, []).append(stored.concept)
    count = trn("{n} concept", "{n} concepts", len(concepts))
    if total > len(concepts):
        count += " / " + number(total)
    parts = [
        f'<p class="quiet noprint">{escape(count)} · '
        f'<button type="button" class="print" data-print>{escape(tr("Print"))}</button></p>'
    ]
    for domain, some in sorted(fields.items(), key=lambda item: domain_label(item[0]).casefold()):
        rows = "".join(f"<tr>{''.join(_printed(concept, code) for code in LANGUAGES)}</tr>" for concept in some)
        heads = "".join(f'<th scope="col">{escape(language_label(code))}</th>' for code in LANGUAGES)
        parts.append(
            f"<h2>{escape(domain_label(domain))}</h2>"
            f'<table class="concepts printed"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        )
    return "".join(parts)


def _printed(concept: Concept, code: str) -> str:
    terms = [term for term in concept.terms if term.base_language == code]
    definition = next((term.definition for term in terms if term.definition), "")
    words = f'<span class="definition">{escape(definition)}</span>' if definition else ""
    return f'<td lang="{escape(code)}">{"".join(_term(term, code) for term in terms)}{words}</td>'


def _further(concept: Concept) -> list[str]:
    return [code for code in concept.languages if code not in LANGUAGES]


def _language(concept: Concept, code: str) -> str:
    terms = [term for term in concept.terms if term.base_language == code]
    if not terms:
        body = f'<p class="quiet">{escape(tr("no term"))}</p>'
    else:
        definition = next((term.definition for term in terms if term.definition), "")
        words = f'<p class="definition" lang="{escape(code)}">{escape(definition)}</p>' if definition else ""
        body = _full_term(terms[0], code, words) + "".join(_full_term(term, code) for term in terms[1:])
    return f"<section><h3>{escape(language_label(code))}</h3>{body}</section>"


def _full_term(term: Term, column: str, definition: str = "") -> str:
    facts = [status_label(term.status)] if term.status is not Status.PREFERRED else []
    facts += [fact for fact in (term.expansion, grammar_label(term.part_of_speech), grammar_label(term.gender)) if fact]
    if term.plural:
        facts.append(tr("plural: {form}", form=term.plural))
    if term.use_instead:
        facts.append(tr("say instead: {term}", term=term.use_instead))
    lines = [f'<span class="facts quiet">{escape(" · ".join(facts))}</span>'] if facts else []
    lines.append(definition)
    if term.example:
        lines.append(f'<span class="example" lang="{escape(term.language)}">“{escape(term.example)}”</span>')
    if term.note:
        lines.append(f'<span class="note">{escape(term.note)}</span>')
    return f'<div class="full">{_term(term, column)}{"".join(lines)}</div>'
