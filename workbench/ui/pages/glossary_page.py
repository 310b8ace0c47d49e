"""The glossary: finding the network's word, keeping concepts, bringing them in and taking them away."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.terms import Concept, Status, StoredConcept, Term, tidy
from workbench.errors import ConflictError, WorkbenchError
from workbench.services.glossary_service import GlossaryService
from workbench.ui.components.concept_form import CONFLICT, draw_conflict, draw_form, end_edit
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.glossary_exchange import draw_export, draw_import
from workbench.ui.components.glossary_table import card_html, concepts_html, domain_label, status_label
from workbench.ui.components.page_head import draw_head
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.pager import draw_pager
from workbench.ui.i18n import day, interface_language, language_label, tr, trn
from workbench.ui.navigation import go, param
from workbench.ui.session import current_workspace, draw_said, say, told

PAGE = 40  # concepts on one page
OFFSET, LETTER, TABLE = "glossary_offset", "glossary_letter", "glossary_table"


def draw() -> None:
    """Draw the page."""
    glossary = current_workspace().glossary
    if CONFLICT in st.session_state:
        draw_head(tr("Glossary"))
        with told():
            draw_conflict(glossary)
    elif param("concept"):
        _draw_concept(glossary, param("concept"))
    elif param("new"):
        _back()
        draw_head(tr("New concept"), tr("One idea of the trade, with the words for it in each language."))
        draw_form(glossary, None)
    else:
        _draw_glossary(glossary)


def _draw_glossary(glossary: GlossaryService) -> None:
    head, button = st.columns([4, 1], vertical_alignment="center")
    with head:
        draw_head(tr("Glossary"), tr("The network’s words in four languages, and which of them to use."))
    if button.button(tr("New concept"), icon=":material/add:", type="primary", width="stretch"):
        end_edit()
        go("glossary", new="1")
    draw_said()
    parts = {
        tr("Browse"): _draw_browse, tr("Edit as a table"): _draw_table, tr("Import"): draw_import,
        tr("Export"): draw_export,
    }  # fmt: skip
    for tab, draw_part in zip(st.tabs(list(parts), on_change="rerun", key="glossary_tab"), parts.values(), strict=True):
        if tab.open:
            with tab, told():
                draw_part(glossary)


def _draw_browse(glossary: GlossaryService) -> None:
    words, sort, field, status = st.columns([2, 1, 1.4, 1.2])
    query = words.text_input(
        tr("Search"), key="glossary_query", icon=":material/search:", on_change=_first_page,
        placeholder=tr("Part of a term, with or without accents"),
    )  # fmt: skip
    language = sort.selectbox(
        tr("Sorted by"), LANGUAGES, LANGUAGES.index(interface_language()), format_func=language_label,
        key="glossary_language", on_change=_first_page,
    )  # fmt: skip
    domains = glossary.domains()
    domain = field.selectbox(
        tr("Subject field"), ["", *domains], key="glossary_domain", on_change=_first_page,
        format_func=lambda key: domain_label(key) if key else tr("all"),
    )  # fmt: skip
    wanted = status.selectbox(
        tr("With a term that is"), ["", *Status], key="glossary_status", on_change=_first_page,
        format_func=lambda key: status_label(key) if key else tr("of any status"),
    )  # fmt: skip
    letters = glossary.letters(language, domain or None)
    letter = st.pills(
        tr("First letter"), list(letters), key=LETTER, on_change=_first_page, label_visibility="collapsed",
        format_func=str.upper,
    )  # fmt: skip
    found, total = glossary.list(
        query=query, language=None if query else language, domain=domain or None, letter=letter or None,
        statuses=[wanted] if wanted else (), limit=PAGE, offset=int(st.session_state.get(OFFSET, 0)),
    )  # fmt: skip
    if not found:
        st.info(tr("No concept is like that."), icon=":material/search_off:")
        return
    st.caption(
        trn("{n} concept", "{n} concepts", total)
        + " · "
        + tr("† superseded, ⊘ forbidden. Click on a concept to see its definitions and to edit it.")
    )
    draw_html("concepts", concepts_html(found, "" if query else language), key="concepts")
    draw_pager(OFFSET, total, PAGE)


def _first_page() -> None:
    st.session_state[OFFSET] = 0


def _back() -> None:
    if st.button(tr("Back to the glossary"), icon=":material/arrow_back:", type="tertiary"):
        end_edit()
        go("glossary")


def _draw_concept(glossary: GlossaryService, name: str) -> None:
    _back()
    try:
        stored = glossary.get(name)
    except WorkbenchError as error:
        draw_head(tr("Glossary"))
        st.warning(markdown_text(str(error)), icon=":material/link_off:")
        return
    preferred = stored.concept.preferred(interface_language()) or stored.concept.terms[0]
    head, buttons = st.columns([3, 2], vertical_alignment="top")
    with head:
        draw_head(preferred.text)
    editing = param("edit") == "1"
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if editing:
            if st.button(tr("Close without saving"), icon=":material/close:"):
                end_edit()
                go("glossary", concept=name)
        else:
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
        _draw_history(glossary, name)


def _draw_more(glossary: GlossaryService, stored: StoredConcept) -> None:
    if st.button(tr("Undo the last change"), icon=":material/undo:", width="stretch"):
        with told():
            now = glossary.undo(stored.id)
            say(tr("The last change was taken back."))
            if now is None:
                go("glossary")
            st.rerun()
    sure = st.checkbox(tr("Yes, delete this concept"))
    if st.button(tr("Delete"), icon=":material/delete:", disabled=not sure, width="stretch", key="delete_concept"):
        with told():
            glossary.delete(stored.id, stored.revision)
            say(tr("“{name}” was deleted.", name=stored.id))
            go("glossary")


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
            st.caption(markdown_text(f"{day(change.at)} · {change.by} · {what}"))


# Many concepts as a table ------------------------------------------------------------------------------------------


def _draw_table(glossary: GlossaryService) -> None:
    """Draw the preferred terms of all concepts as a table; what is edited is saved concept by concept."""
    import pandas as pd

    concepts = st.session_state.get(TABLE)
    if concepts is None:
        concepts = st.session_state[TABLE] = list(glossary.all())
    st.caption(
        tr("The preferred term of each concept. Change what you like in as many rows as you like, then save. Cells "
           "that a colleague changed meanwhile are not overwritten.")
    )  # fmt: skip
    frame = pd.DataFrame(
        {
            "concept": [c.id for c in concepts],
            **{code: [_preferred_text(c.concept, code) for c in concepts] for code in LANGUAGES},
        },
        dtype="str",
    )
    edited = st.data_editor(
        frame, hide_index=True, height=520, disabled=["concept"], key="glossary_cells",
        column_config={
            "concept": st.column_config.TextColumn(tr("Concept"), width="small"),
            **{
                code: st.column_config.TextColumn(language_label(code), width="medium", max_chars=300)
                for code in LANGUAGES
            },
        },
    )  # fmt: skip
    changes = changed_concepts(concepts, edited.to_dict("records"))
    with st.container(horizontal=True):
        words = trn("Save {n} changed concept", "Save {n} changed concepts", len(changes))
        if st.button(words, type="primary", icon=":material/save:", disabled=not changes, key="table_save"):
            _save_table(glossary, changes)
        if st.button(tr("Start from what is stored now"), icon=":material/refresh:", key="table_reload"):
            _forget_table()
            st.rerun()


def _save_table(glossary: GlossaryService, changes: list[tuple[Concept, int]]) -> None:
    refused = []
    for concept, revision in changes:
        try:
            glossary.save(concept, revision)
        except ConflictError as error:
            refused.append(str(error))
    saved = len(changes) - len(refused)
    if saved:
        say(trn("{n} concept saved.", "{n} concepts saved.", saved))
    for message in refused:
        say(message, ":material/group:")
    _forget_table()
    st.rerun()


def _forget_table() -> None:
    st.session_state.pop(TABLE, None)
    st.session_state.pop("glossary_cells", None)


def changed_concepts(concepts: list[StoredConcept], rows: list[dict[str, str]]) -> list[tuple[Concept, int]]:
    """Return the concepts of which a cell was changed, as they are to be, with the revision they are based on.

    An emptied cell changes nothing: a term is removed on the concept's card.
    """
    found = []
    for stored, row in zip(concepts, rows, strict=True):
        terms = list(stored.concept.terms)
        for code in LANGUAGES:
            typed, before = tidy(str(row.get(code) or "")), _preferred_text(stored.concept, code)
            if not typed or typed == before:
                continue
            old = stored.concept.preferred(code)
            if old is not None and old in terms:
                terms[terms.index(old)] = replace(old, text=typed)
            else:
                terms.append(Term(code, typed))
        if terms != list(stored.concept.terms):
            found.append((replace(stored.concept, terms=tuple(terms)), stored.revision))
    return found


def _preferred_text(concept: Concept, language: str) -> str:
    term = concept.preferred(language)
    return term.text if term else ""


draw()
