"""The glossary: finding the network's word, keeping concepts, bringing them in and taking them away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.glossary_merge import merge_concept
from workbench.core.languages import LANGUAGES
from workbench.core.people import Right
from workbench.core.terms import Status, StoredConcept
from workbench.errors import WorkbenchError
from workbench.ui.components.concept_form import CONFLICT, draw_conflict, draw_form, end_edit, is_token, new_token
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.glossary_candidates import draw_candidates
from workbench.ui.components.glossary_cells import draw_table
from workbench.ui.components.glossary_exchange import draw_export, draw_import
from workbench.ui.components.glossary_queue import draw_proposals
from workbench.ui.components.glossary_table import (
    card_html,
    concept_header,
    concept_rows,
    concepts_html,
    domain_label,
    print_html,
    status_label,
)
from workbench.ui.components.glossary_uses import draw_uses
from workbench.ui.components.page_head import draw_head
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.pager import current_offset, draw_pager
from workbench.ui.i18n import day, interface_language, language_label, said, tr, trn
from workbench.ui.navigation import go, param
from workbench.ui.session import current_workspace, draw_said, may, recall_choices, say, told
from workbench.ui.sign_in import draw_only_for

if TYPE_CHECKING:
    from workbench.services.glossary_service import GlossaryService
    from workbench.services.workspace import Workspace

PAGE = 40  # concepts on one page
PRINTED = 5000  # concepts at most in the print view
MAX_DIFFERENCES = 8  # shown of one change
OFFSET, LETTER = "glossary_offset", "glossary_letter"
ASKED = "glossary_asked"  # what a click asked for, of which concept, at which revision


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    glossary = workspace.glossary
    if CONFLICT in st.session_state:
        draw_head(tr("Glossary"))
        with told():
            draw_conflict(glossary)
    elif param("concept"):
        _draw_concept(workspace, param("concept"))
    elif param("print"):
        _draw_print(glossary)
    elif param("new"):
        _back()
        draw_head(tr("New concept"), tr("One idea of the trade, with the words for it in each language."))
        draw_only_for(current_workspace(), Right.TERMS)
        draw_form(glossary, None, _token())
    else:
        _draw_glossary(workspace)


def _draw_glossary(workspace: Workspace) -> None:
    glossary = workspace.glossary
    head, button = st.columns([4, 1], vertical_alignment="center")
    with head:
        draw_head(tr("Glossary"), tr("The network’s words in four languages, and which of them to use."))
    if may(Right.TERMS) and button.button(tr("New concept"), icon=":material/add:", type="primary", width="stretch"):
        end_edit()
        go("glossary", new=new_token())
    draw_said()
    parts: dict[str, Callable[[], None]] = {
        tr("Browse"): lambda: _draw_browse(glossary),
        tr("Proposals"): lambda: draw_proposals(workspace),
        tr("Candidates"): lambda: draw_candidates(workspace),
        tr("Edit as a table"): lambda: draw_table(glossary),
        tr("Import"): lambda: draw_import(glossary),
        tr("Export"): lambda: draw_export(glossary),
    }
    if not may(Right.TERMS):
        for name in (tr("Candidates"), tr("Edit as a table"), tr("Import")):
            del parts[name]
    tabs = {"proposals": tr("Proposals"), "candidates": tr("Candidates")}
    start = tabs.get(param("tab"))  # as in the address of a message to the terminologist
    for tab, draw_part in zip(
        st.tabs(list(parts), default=start, on_change="rerun", key="glossary_tab"), parts.values(), strict=True
    ):
        if tab.open:
            with tab, told():
                draw_part()


def _draw_browse(glossary: GlossaryService) -> None:
    recall_choices("glossary")
    words, sort, field, status = st.columns([2, 1, 1.4, 1.2])
    query = words.text_input(
        tr("Search"), key="glossary_query", icon=":material/search:", on_change=_first_page,
        placeholder=tr("Part of a term, with or without accents"),
    )  # fmt: skip
    st.session_state.setdefault("glossary_language", interface_language())
    language = sort.selectbox(
        tr("Sorted by"), LANGUAGES, format_func=language_label,
        key="glossary_language", on_change=_first_page,
    )  # fmt: skip
    domains = glossary.domains()
    if st.session_state.get("glossary_domain") not in domains:
        st.session_state.pop("glossary_domain", None)  # kept from an earlier visit, and gone since
    domain = field.selectbox(
        tr("Subject field"), ["", *domains], key="glossary_domain", on_change=_first_page,
        format_func=lambda key: domain_label(key) if key else tr("all"),
    )  # fmt: skip
    wanted = status.selectbox(
        tr("With a term that is"), ["", *Status], key="glossary_status", on_change=_first_page,
        format_func=lambda key: status_label(key) if key else tr("of any status"),
    )  # fmt: skip
    letters = glossary.letters(language, domain or None)
    if st.session_state.get(LETTER) not in letters:
        st.session_state.pop(LETTER, None)
    letter = st.pills(
        tr("First letter"), list(letters), key=LETTER, on_change=_first_page, label_visibility="collapsed",
        format_func=str.upper,
    )  # fmt: skip

    def page_from(offset: int) -> tuple[Sequence[StoredConcept], int]:
        return glossary.list(
            query=query, language=None if query else language, domain=domain or None, letter=letter or None,
            statuses=[wanted] if wanted else (), limit=PAGE, offset=offset,
        )  # fmt: skip

    found, total = page_from(int(st.session_state.get(OFFSET, 0)))
    if total and not found:  # what stood on this page was deleted
        found, total = page_from(current_offset(OFFSET, total, PAGE))
    if not found:
        st.info(tr("No concept is like that."), icon=":material/search_off:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            trn("{n} concept", "{n} concepts", total)
            + " · "
            + tr("† superseded, ⊘ forbidden. Click on a concept to see its definitions and to edit it.")
        )
        printed = st.button(tr("Print view"), icon=":material/print:", key="glossary_print")
    if printed:
        chosen = {"q": query, "language": language, "domain": domain, "letter": letter or "", "status": wanted}
        go("glossary", print="1", **{name: str(value) for name, value in chosen.items() if value})
    draw_html("concepts", concepts_html(found, "" if query else language), key="concepts")
    pager, files = st.columns([3, 1], vertical_alignment="center")
    with pager:
        draw_pager(OFFSET, total, PAGE)

    def rows() -> list[list[object]]:
        chosen, _ = glossary.list(
            query=query, language=None if query else language, domain=domain or None, letter=letter or None,
            statuses=[wanted] if wanted else (), limit=total,
        )  # fmt: skip
        return concept_rows(chosen)

    with files:
        draw_downloads("concepts", concept_header(), rows, key="concepts")


def _draw_print(glossary: GlossaryService) -> None:
    """Draw all the concepts that were found, with definitions, as they come out of a printer."""
    _back()
    query, language, status = param("q"), param("language"), param("status")
    found, total = glossary.list(
        query=query, language=language if language in LANGUAGES and not query else None,
        domain=param("domain") or None, letter=param("letter") or None,
        statuses=[status] if status in list(Status) else (), limit=PRINTED,
    )  # fmt: skip
    draw_head(tr("Glossary"))
    draw_html("concepts", print_html(found, total), key="print")


def _first_page() -> None:
    st.session_state[OFFSET] = 0


def _token() -> str:
    """Return the name of the form for a new concept; one that was opened without a name is given one."""
    if not is_token(param("new")):
        st.query_params["new"] = new_token()
    return param("new")


def _back() -> None:
    if st.button(tr("Back to the glossary"), icon=":material/arrow_back:", type="tertiary"):
        end_edit()
        go("glossary")


def _draw_concept(workspace: Workspace, name: str) -> None:
    glossary = workspace.glossary
    _back()
    with told():
        _do_asked(glossary)
    try:
        stored = glossary.get(name)
    except WorkbenchError as error:
        draw_head(tr("Glossary"))
        draw_said()
        st.warning(markdown_text(said(error)), icon=":material/link_off:")
        _draw_bring_back(glossary, name)
        return
    preferred = stored.concept.preferred(interface_language()) or stored.concept.terms[0]
    head, buttons = st.columns([3, 2], vertical_alignment="top")
    with head:
        draw_head(preferred.text)
    editing = param("edit") == "1" and may(Right.TERMS)
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if editing:
            if st.button(tr("Close without saving"), icon=":material/close:"):
                end_edit()
                go("glossary", concept=name)
        elif may(Right.TERMS):
            if st.button(tr("Edit"), icon=":material/edit:", type="primary"):
                end_edit()
                go("glossary", concept=name, edit="1")
            with st.popover(tr("More"), icon=":material/more_horiz:"):
                _draw_more(glossary, stored)
    draw_said()
    if editing:
        draw_form(glossary, stored)
    else:
        names = {
            other.id: (other.concept.preferred(interface_language()) or other.concept.terms[0]).text
            for other in glossary.all()
            if other.id in stored.concept.related
        }
        draw_html("concepts", card_html(stored, names), key="card")
        with told():
            draw_uses(workspace, stored.concept)
        _draw_history(glossary, name)


def _draw_more(glossary: GlossaryService, stored: StoredConcept) -> None:
    # The key holds the revision, so that a click repeated on what the browser still shows finds no button any more.
    st.button(
        tr("Undo the last change"), icon=":material/undo:", width="stretch", key=f"undo_{stored.id}_{stored.revision}",
        on_click=_ask, args=("undo", stored.id, stored.revision),
    )  # fmt: skip
    sure = st.checkbox(tr("Yes, delete this concept"), key=_sure(stored.id, stored.revision))
    st.button(
        tr("Delete"), icon=":material/delete:", disabled=not sure, width="stretch", key="delete_concept",
        on_click=_ask, args=("delete", stored.id, stored.revision),
    )  # fmt: skip


def _sure(name: str, revision: int) -> str:
    """Return the key of the tick to delete a concept: who agreed to that did so for what they saw."""
    return f"sure_{name}_{revision}"


def _draw_bring_back(glossary: GlossaryService, name: str) -> None:
    """Draw the way back to a concept that was deleted, and what was done to it."""
    last = next(iter(glossary.history(name, limit=1)), None)
    if last is None:
        return
    with told():
        if may(Right.TERMS):
            st.button(
                tr("Bring it back"), type="primary", icon=":material/undo:", key="bring_back",
                on_click=_ask, args=("undo", name, last.revision),
            )  # fmt: skip
        _draw_history(glossary, name)


def _ask(what: str, name: str, revision: int) -> None:
    """Note what was clicked, with the revision that was drawn: by the time it is done there may be a later one."""
    st.session_state[ASKED] = (what, name, revision)


def _do_asked(glossary: GlossaryService) -> None:
    what, name, revision = st.session_state.pop(ASKED, ("", "", 0))
    if name != param("concept"):
        return
    if what == "undo":
        now = glossary.undo(name, revision=revision)
        say(tr("The last change was taken back."))
        if now is None:
            go("glossary")
        st.rerun()
    elif what == "delete" and st.session_state.get(_sure(name, revision)):
        glossary.delete(name, revision)
        say(tr("“{name}” was deleted.", name=name))
        go("glossary", concept=name)


def _draw_history(glossary: GlossaryService, name: str) -> None:
    changes = glossary.history(name, limit=20)
    if not changes:
        return
    words = {
        "create": tr("created"), "edit": tr("edited"), "import": tr("imported"), "seed": tr("came with the workbench"),
        "undo": tr("a change taken back"), "delete": tr("deleted"), "rename": tr("renamed"),
    }  # fmt: skip
    with st.expander(tr("History")):
        for change in changes:
            what = words.get(change.operation, change.operation)
            if change.undone:
                what = tr("{what}, taken back since", what=what)
            st.caption(markdown_text(f"{day(change.at)} · {change.by} · {what}"))
            if change.before is not None and change.after is not None:
                for difference in merge_concept(change.before, change.after).differences[:MAX_DIFFERENCES]:
                    st.caption(f"– {markdown_text(difference)}")


draw()
