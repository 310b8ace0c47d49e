"""Many concepts at once: the preferred terms of all of them as a table that is edited and saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.terms import Concept, ConceptConflictError, StoredConcept, Term, tidy
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.i18n import language_label, said, tr, trn
from workbench.ui.session import say

if TYPE_CHECKING:
    from workbench.services.glossary_service import GlossaryService

TABLE = "glossary_table"
REFUSED = "glossary_table_refused"  # by concept: why its cells were not saved, and what was typed by language


def draw_table(glossary: GlossaryService) -> None:
    """Draw the preferred terms of all concepts as a table; what is edited is saved concept by concept."""
    import pandas as pd

    concepts = st.session_state.get(TABLE)
    if concepts is None:
        concepts = st.session_state[TABLE] = list(glossary.all())
    st.caption(
        tr("The preferred term of each concept. Change what you like in as many rows as you like, then save. Cells "
           "that a colleague changed meanwhile are not overwritten.")
    )  # fmt: skip
    _draw_refused()
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
            _save_table(glossary, {stored.id: stored.concept for stored in concepts}, changes)
        if st.button(tr("Start from what is stored now"), icon=":material/refresh:", key="table_reload"):
            _forget_table()
            st.session_state.pop(REFUSED, None)
            st.rerun()
        header = [tr("Concept"), *(language_label(code) for code in LANGUAGES)]
        draw_downloads("preferred-terms", header, lambda: edited.values.tolist(), key="cells")


def _draw_refused() -> None:
    """Draw what was typed into cells that were not saved: the table shows the others' words in its place."""
    for message, typed in st.session_state.get(REFUSED, {}).values():
        lines = [f"- {markdown_text(language_label(code))}: {markdown_text(text)}" for code, text in typed.items()]
        heading = markdown_text(tr("Yours, not saved yet"))
        st.warning("\n".join([markdown_text(message), "", heading, "", *lines]), icon=":material/group:")


def _save_table(glossary: GlossaryService, before: Mapping[str, Concept], changes: list[tuple[Concept, int]]) -> None:
    refused = st.session_state.setdefault(REFUSED, {})
    saved = 0
    for concept, revision in changes:
        words = {code: _preferred_text(concept, code) for code in LANGUAGES}
        typed = {code: text for code, text in words.items() if text != _preferred_text(before[concept.id], code)}
        kept = refused.get(concept.id, ("", {}))  # what was refused before and not typed again is still nowhere else
        left = {code: text for code, text in kept[1].items() if code not in typed}
        try:
            glossary.save(concept, revision)
        except ConceptConflictError as error:
            if error.theirs is None or error.theirs.concept != concept:  # the same: a click that was repeated
                refused[concept.id] = (said(error), {**left, **typed})
                continue
        saved += 1
        refused.pop(concept.id, None)
        if left:
            refused[concept.id] = (kept[0], left)
    if saved:
        say(trn("{n} concept saved.", "{n} concepts saved.", saved))
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
