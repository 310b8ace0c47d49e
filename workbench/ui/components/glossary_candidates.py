"""Words of the texts that may be terms: accepted as a concept, put into one, or dismissed for good."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.extraction import Candidate
from workbench.core.languages import LANGUAGES
from workbench.core.terms import DOMAINS, Status, tidy
from workbench.errors import Sentence, sentence
from workbench.services.proposal_service import term_of
from workbench.services.terminology_service import MEMORY_TEXT
from workbench.ui.components.concordance import marked_html
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.glossary_queue import concept_names
from workbench.ui.components.glossary_table import domain_label, status_label
from workbench.ui.components.jobs import draw_jobs
from workbench.ui.components.marks import mark_of
from workbench.ui.components.page_head import draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import day, interface_language, language_label, number, tr, trn
from workbench.ui.navigation import anchor
from workbench.ui.session import say, told

if TYPE_CHECKING:
    from workbench.services.candidate_service import FoundCandidates
    from workbench.services.job_service import Progress
    from workbench.services.workspace import Workspace

ANSWERS = 5  # counterparts offered in each language
TURN = "candidate_turn"  # counts decisions: each gives the table a fresh selection
DRAWN = "candidates_drawn"  # the candidates last drawn as a table, with its language and turn


def draw_candidates(workspace: Workspace) -> None:
    """Draw the candidates of one language as a table; what is selected in it is decided below."""
    draw_jobs(workspace, skip=("vectors", "align", "import"))
    found = workspace.candidates.found()
    words, button = st.columns([4, 1.4], vertical_alignment="center")
    if found is None:
        words.markdown(
            tr("Looks through all aligned texts and the memory for words that may be terms, with what answers them "
               "in the other languages. You decide which of them the glossary needs.")
        )  # fmt: skip
    else:
        rows = trn("{n} aligned row", "{n} aligned rows", found.rows)
        words.caption(
            tr("Looked for on {day} by {who} in {rows}.", day=day(found.at), who=markdown_text(found.by), rows=rows)
        )
    label = tr("Look for terms") if found is None else tr("Look for terms again")
    if button.button(label, icon=":material/manage_search:", type="primary" if found is None else "secondary",
                     width="stretch", key="candidates_search"):  # fmt: skip
        workspace.jobs.start("terms", "glossary", lambda progress: _search(workspace, progress))
        st.rerun()
    if found is None:
        return
    language = st.segmented_control(
        tr("Candidates in"), LANGUAGES, default=interface_language(), format_func=language_label, required=True,
        key="candidates_language",
    )  # fmt: skip
    _draw_table(workspace, found, str(language))
    _draw_dismissed(workspace)


def _search(workspace: Workspace, progress: Progress) -> Sentence:
    return sentence("Candidates found: {n}.", n=workspace.candidates.search(progress))


def _draw_table(workspace: Workspace, found: FoundCandidates, language: str) -> None:
    import pandas as pd

    candidates = found.candidates[language]
    if not candidates:
        st.info(tr("Every candidate in this language is decided on."), icon=":material/check:")
        return
    others = [code for code in LANGUAGES if code != language]
    frame = pd.DataFrame(
        {
            "term": [c.text for c in candidates],
            "count": [c.count for c in candidates],
            "texts": [c.texts for c in candidates],
            **{code: [_best(c, code) for c in candidates] for code in others},
        }
    )
    turn = _turn_of(workspace, language, candidates)
    config = st.column_config
    event = st.dataframe(
        frame, hide_index=True, height=320, selection_mode="multi-row", on_select="rerun",
        key=f"candidates_{language}_{turn}",
        column_config={
            "term": config.TextColumn(tr("Candidate"), width="medium"),
            "count": config.NumberColumn(tr("Times"), width="small"),
            "texts": config.NumberColumn(tr("Texts"), width="small"),
            **{code: config.TextColumn(language_label(code), width="medium") for code in others},
        },
    )  # fmt: skip
    header = [tr("Candidate"), tr("Times"), tr("Texts"), *(language_label(code) for code in others)]
    draw_downloads(f"candidates.{language}", header, lambda: frame.values.tolist(), key=f"candidates_{language}")
    chosen = [candidates[row] for row in event["selection"]["rows"] if row < len(candidates)]
    if not chosen:
        words = trn("{n} candidate", "{n} candidates", len(candidates))
        st.caption(words + " · " + tr("Tick one to decide on it, or several to dismiss them together."))
    elif len(chosen) == 1:
        _draw_one(workspace, found, chosen[0])
    else:
        _draw_dismiss(workspace, chosen)


def _turn_of(workspace: Workspace, language: str, candidates: Sequence[Candidate]) -> int:
    """Return which table is drawn. When the candidates are no longer those drawn, it is another one.

    The browser names what is ticked by its place in the table it has: where a candidate went meanwhile, that place is
    the next one's. What was ticked is ticked again where it stands now; what is gone is said.
    """
    turn = int(st.session_state.get(TURN, 0))
    drawn: tuple[Candidate, ...]
    *table, drawn = st.session_state.get(DRAWN, ("", 0, ()))
    places = {candidate.key: place for place, candidate in enumerate(candidates)}
    if table == [language, turn] and [c.key for c in drawn] != list(places):
        event = st.session_state.get(f"candidates_{language}_{turn}") or {"selection": {"rows": []}}
        ticked = [drawn[row] for row in event["selection"]["rows"] if row < len(drawn)]
        turn = st.session_state[TURN] = turn + 1
        rows = [places[candidate.key] for candidate in ticked if candidate.key in places]
        st.session_state[f"candidates_{language}_{turn}"] = {"selection": {"rows": rows, "columns": [], "cells": []}}
        _tell_gone(workspace, [candidate for candidate in ticked if candidate.key not in places])
    st.session_state[DRAWN] = (language, turn, tuple(candidates))
    return turn


def _tell_gone(workspace: Workspace, gone: Sequence[Candidate]) -> None:
    by = {(one.language, one.note): one.decided_by for one in workspace.proposals.dismissed()} if gone else {}
    for candidate in gone:
        who = by.get((candidate.language, candidate.key)) or tr("somebody")
        words = tr("“{term}” was decided meanwhile, by {who}.", term=candidate.text, who=who)
        st.info(markdown_text(words), icon=":material/group:")


def _best(candidate: Candidate, code: str) -> str:
    answers = candidate.counterparts.get(code)
    return answers[0].text if answers else ""


def _draw_one(workspace: Workspace, found: FoundCandidates, candidate: Candidate) -> None:
    draw_section(candidate.text)
    draw_html("queue", examples_html(found, candidate), key=f"examples_{candidate.language}_{candidate.key}")
    terms = {}
    for column, code in zip(st.columns(len(LANGUAGES)), LANGUAGES, strict=True):
        key = f"answer_{candidate.language}_{candidate.key}_{code}"
        if code == candidate.language:
            terms[code] = column.text_input(language_label(code), candidate.text, key=key, max_chars=300)
            continue
        offered = list(dict.fromkeys(a.text for a in candidate.counterparts.get(code, ())))[:ANSWERS]
        chosen = column.selectbox(
            language_label(code), offered, 0 if offered else None, key=key, accept_new_options=True,
            placeholder=tr("no term"),
        )  # fmt: skip
        terms[code] = str(chosen or "")
    names = concept_names(workspace)
    where, what, yes, no = st.columns([3, 2, 1.5, 1.5], vertical_alignment="bottom")
    key = f"{candidate.language}_{candidate.key}"
    into = where.selectbox(
        tr("Concept"), list(names), None, format_func=lambda name: names[name], placeholder=tr("a new concept"),
        key=f"candidate_into_{key}",
    )  # fmt: skip
    status, domain = Status.PREFERRED, ""
    if into:
        choices = [Status.ADMITTED, Status.PREFERRED, Status.DEPRECATED, Status.FORBIDDEN]
        status = what.selectbox(tr("Status"), choices, format_func=status_label, key=f"candidate_status_{key}")
    else:
        domain = what.selectbox(tr("Subject field"), DOMAINS, format_func=domain_label, key=f"candidate_domain_{key}")
    # The buttons are this candidate's: a click that was meant for another one finds none.
    if yes.button(
        tr("Accept"), type="primary", icon=":material/check:", width="stretch", key=f"candidate_accept_{key}"
    ):
        with told():
            _accept(workspace, found, candidate, terms, into or "", Status(status), domain)
    if no.button(tr("Never show again"), icon=":material/block:", width="stretch", key=f"candidate_dismiss_{key}"):
        _dismiss(workspace, [candidate])
    st.caption(
        tr("Empty a language to leave it out. In a concept that exists, only the candidate and what you leave standing "
           "here are added; its terms stay.")
    )  # fmt: skip


def _accept(
    workspace: Workspace,
    found: FoundCandidates,
    candidate: Candidate,
    terms: dict[str, str],
    into: str,
    status: Status,
    domain: str,
) -> None:
    """Keep the candidate's terms, each with a sentence that holds it, and go on to the next."""
    order = [candidate.language, *(code for code in LANGUAGES if code != candidate.language)]
    made = []
    for code in order:
        text = tidy(terms[code])
        if text and not (into and workspace.terminology.known(code, text)):
            made.append(term_of(code, text, status, example=_sentence(found, candidate, code, text)))
    if not made:
        st.warning(tr("Nothing is left to add: every term is in the glossary already."), icon=":material/info:")
        return
    stored = workspace.proposals.accept(made, into=into, domain=domain)
    say(tr("“{term}” is in the glossary, in the concept “{concept}”.", term=made[0].text, concept=stored.id))
    _go_on()


def _sentence(found: FoundCandidates, candidate: Candidate, code: str, text: str) -> str:
    """Return the first sentence among the candidate's examples that holds the term as it is written."""
    for row in candidate.rows:
        cell = found.examples[row].cells.get(code, "") if row in found.examples else ""
        if text.casefold() in cell.casefold() and len(cell) <= 300:
            return cell
    return ""


def _draw_dismiss(workspace: Workspace, chosen: Sequence[Candidate]) -> None:
    words = trn("Never show this candidate again", "Never show these {n} candidates again", len(chosen))
    mark = mark_of([candidate.key for candidate in chosen])
    if st.button(words, icon=":material/block:", type="primary", key=f"candidates_dismiss_{mark}"):
        _dismiss(workspace, chosen)


def _dismiss(workspace: Workspace, chosen: Sequence[Candidate]) -> None:
    for candidate in chosen:
        workspace.proposals.dismiss(candidate.language, candidate.text, candidate.key)
    say(trn("{n} candidate will not be shown again.", "{n} candidates will not be shown again.", len(chosen)))
    _go_on()


def _go_on() -> None:
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.rerun()


def _draw_dismissed(workspace: Workspace) -> None:
    dismissed = workspace.proposals.dismissed()
    if not dismissed:
        return
    with st.expander(tr("Dismissed ({n})", n=number(len(dismissed)))):
        for proposal in reversed(dismissed[-50:]):
            words, button = st.columns([6, 1], vertical_alignment="center")
            facts = f"{language_label(proposal.language)} · {proposal.by}, {day(proposal.at)}"
            words.markdown(f"**{markdown_text(proposal.text)}** · {markdown_text(facts)}")
            if button.button(tr("Bring back"), key=f"back_{proposal.id}", icon=":material/undo:"):
                with told():
                    workspace.proposals.bring_back(proposal.id)
                    st.rerun()


def examples_html(found: FoundCandidates, candidate: Candidate) -> str:
    """Return the first rows a candidate stands in, with its best counterparts marked."""
    items = []
    for number_ in candidate.rows:
        row = found.examples.get(number_)
        if row is None:
            continue
        lines = []
        for code in (candidate.language, *(c for c in LANGUAGES if c != candidate.language)):
            cell = row.cells.get(code, "")
            if cell:
                sought = candidate.text if code == candidate.language else _best(candidate, code)
                at = cell.casefold().find(sought.casefold()) if sought else -1
                spans = [(at, at + len(sought))] if at >= 0 else []
                lines.append(
                    f'<span class="rows"><span class="tag">{escape(code)}</span> '
                    f'<span class="said" lang="{escape(code)}">{marked_html(cell, spans)}</span></span>'
                )
        if row.text == MEMORY_TEXT:
            where = escape(tr("memory"))
        else:
            where = anchor("text", escape(row.text), css="link", text=row.text)
        items.append(f'<li class="wide"><div>{"".join(lines)}</div><span class="where">{where}</span></li>')
    return f'<ol class="uses">{"".join(items)}</ol>'
