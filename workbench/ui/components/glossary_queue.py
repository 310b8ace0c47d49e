"""Proposed terms before the terminologist: approved into a concept, or refused with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from workbench.core.people import Right
from workbench.core.terms import DOMAINS, Concept, Status
from workbench.store.glossary import TermProposal
from workbench.ui.components.concordance import marked_html
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.glossary_table import domain_label, status_label
from workbench.ui.components.labels import distinct
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import day, interface_language, language_label, tr, trn
from workbench.ui.navigation import PAGES, anchor, go
from workbench.ui.session import may, say, told

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

SHOWN = 10  # proposals drawn at once


def draw_proposals(workspace: Workspace) -> None:
    """Draw the proposals that wait, the oldest first, and those decided lately."""
    waiting = workspace.proposals.waiting()
    if not waiting:
        st.info(
            tr("No proposal waits. Whoever selects words in a text can propose them for the glossary; they come here."),
            icon=":material/inbox:",
        )
    else:
        words = trn("{n} proposal waits, the oldest first.", "{n} proposals wait, the oldest first.", len(waiting))
        st.caption(words)
    names = concept_names(workspace)
    for proposal in waiting[:SHOWN]:
        with st.container(border=True, key=f"proposal_{proposal.id}"):
            _draw_proposal(workspace, proposal, names)
    _draw_decided(workspace, names)


def concept_names(workspace: Workspace) -> dict[str, str]:
    """Return how each concept is named to people, by id, in the order of their alphabet."""
    language = interface_language()
    named = {stored.id: _name(stored.concept, language) for stored in workspace.glossary.all()}
    return dict(sorted(distinct(named).items(), key=lambda item: item[1].casefold()))


def _name(concept: Concept, language: str) -> str:
    term = concept.preferred(language) or concept.terms[0]
    english = concept.preferred("en")
    return term.text if language == "en" or english is None else f"{term.text} ({english.text})"


def _draw_proposal(workspace: Workspace, proposal: TermProposal, names: dict[str, str]) -> None:
    homes = [names.get(home, home) for home in workspace.terminology.homes(proposal.language, proposal.text)]
    draw_html("queue", proposal_html(proposal, homes), key=f"proposal_html_{proposal.id}")
    if not may(Right.TERMS):
        return
    key = str(proposal.id)
    where, what, yes, no = st.columns([3, 2, 1.3, 1.1], vertical_alignment="bottom")
    ids = list(names)
    into = where.selectbox(
        tr("Concept"), ids, ids.index(proposal.concept_id) if proposal.concept_id in names else None,
        format_func=lambda name: names[name], placeholder=tr("a new concept"), key=f"into_{key}",
    )  # fmt: skip
    status, domain = Status.PREFERRED, ""
    if into:
        choices = [Status.ADMITTED, Status.PREFERRED, Status.DEPRECATED, Status.FORBIDDEN]
        status = what.selectbox(tr("Status"), choices, format_func=status_label, key=f"status_{key}")
    else:
        domain = what.selectbox(tr("Subject field"), DOMAINS, format_func=domain_label, key=f"domain_{key}")
    if yes.button(tr("Approve"), type="primary", icon=":material/check:", width="stretch", key=f"approve_{key}"):
        with told():
            stored = workspace.proposals.approve(proposal.id, into=into or "", status=Status(status), domain=domain)
            if into:
                say(tr("“{term}” is now a term of “{concept}”.", term=proposal.text, concept=names[into]))
            else:
                say(tr("“{term}” is a concept now. Complete it on its card.", term=stored.concept.terms[0].text))
            st.rerun()
    with no.popover(tr("Refuse"), icon=":material/close:", width="stretch"):
        reason = st.text_input(tr("Reason, for whoever proposed it"), key=f"reason_{key}", max_chars=300)
        if st.button(tr("Refuse the proposal"), key=f"refuse_{key}"):
            with told():
                workspace.proposals.refuse(proposal.id, reason=reason)
                say(tr("“{term}” was refused.", term=proposal.text))
                st.rerun()


def proposal_html(proposal: TermProposal, homes: Sequence[str] = ()) -> str:
    """Return what a person proposed: the term, its sentence, who, where and when.

    Args:
        homes: Names of the concepts of which the words are a term already.
    """
    tag = f'<span class="tag">{escape(language_label(proposal.language))}</span>'
    facts = [tr("{who}, {day}", who=proposal.by, day=day(proposal.at))]
    line = escape(facts[0])
    place = place_link(proposal.place)
    if place:
        line += f" · {place}"
    said = ""
    if proposal.example:
        at = proposal.example.casefold().find(proposal.text.casefold())
        spans = [(at, at + len(proposal.text))] if at >= 0 else []
        said = f'<p class="said" lang="{escape(proposal.language)}">{marked_html(proposal.example, spans)}</p>'
    note = f'<p class="note">{escape(proposal.note)}</p>' if proposal.note else ""
    there = ""
    if homes:
        words = tr("These words are a term of the glossary already: {concepts}.", concepts=", ".join(homes))
        there = f'<p class="there">{escape(words)}</p>'
    return (
        f'<div class="proposal"><p class="term"><b lang="{escape(proposal.language)}">{escape(proposal.text)}</b> '
        f'{tag} <span class="quiet small">{line}</span></p>{said}{note}{there}</div>'
    )


def place_link(place: str) -> str:
    """Return a place as the link to its page, as plain text where it is no page of ours."""
    split = urlsplit(place)
    name = split.path.rpartition("/")[2] or "home"  # the app may live below a folder of its server
    if name in PAGES and not split.scheme and not split.netloc and (split.path or split.query):
        return anchor(name, escape(tr("where it stands")), css="link", **dict(parse_qsl(split.query)))
    return escape(place)


def _draw_decided(workspace: Workspace, names: dict[str, str]) -> None:
    decided = workspace.proposals.decided()
    if not decided:
        return
    with st.expander(tr("Decided")):
        for proposal in decided:
            words, button = st.columns([6, 1], vertical_alignment="center")
            by = tr("{who}, {day}", who=proposal.decided_by or "", day=day(proposal.decided_at or ""))
            if proposal.state == "accepted":
                into = names.get(proposal.concept_id, proposal.concept_id)
                what = tr("approved, in “{concept}”", concept=into)
            else:
                what = tr("refused: {reason}", reason=proposal.answer) if proposal.answer else tr("refused")
            words.markdown(f"**{markdown_text(proposal.text)}** · {markdown_text(what)} · {markdown_text(by)}")
            if proposal.state == "accepted":
                if proposal.concept_id in names and button.button(tr("Card"), key=f"card_{proposal.id}"):
                    go("glossary", concept=proposal.concept_id)
            elif may(Right.TERMS) and button.button(tr("Reopen"), key=f"reopen_{proposal.id}", icon=":material/undo:"):
                with told():
                    workspace.proposals.reopen(proposal.id)
                    st.rerun()
