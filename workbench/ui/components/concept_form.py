"""Editing a concept as a card: its terms as rows, definition and note a language, and what to do on a conflict."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.terms import (
    DOMAINS,
    GENDERS,
    PARTS_OF_SPEECH,
    Concept,
    ConceptConflictError,
    Status,
    StoredConcept,
    Term,
    TermType,
    concept_id,
    tidy,
)
from workbench.errors import UsageError, WorkbenchError
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.glossary_table import card_html, domain_label, status_label
from workbench.ui.components.labels import grammar_label, term_type_label
from workbench.ui.components.page_head import draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import language_label, said, tr
from workbench.ui.navigation import go
from workbench.ui.session import say

if TYPE_CHECKING:
    from workbench.services.glossary_service import GlossaryService

EDITING, CONFLICT = "glossary_editing", "glossary_conflict"
MADE = "glossary_made"  # the concepts that forms for new ones have made, by the form's token
COLUMNS = ("language", "text", "status", "type", "part_of_speech", "gender", "plural", "expansion", "use_instead")
FURTHER_LANGUAGES = ("pt-BR", "pt-PT", "es-419", "es-ES")


def new_token() -> str:
    """Return a name for one form for a new concept; it stands in the page's address, so that a click brings it."""
    return uuid4().hex


def is_token(text: str) -> bool:
    """Tell whether a text may be a form's name."""
    return re.fullmatch("[0-9a-f]{32}", text) is not None


def draw_form(glossary: GlossaryService, stored: StoredConcept | None, token: str = "") -> None:
    """Draw the form for a concept, or for a new one.

    What is edited is the concept as it stood when editing began: a change made elsewhere meanwhile is noticed at
    saving, and both are shown.

    Args:
        token: The form's name where the concept is new. It saves once: a click repeated leads to what was made.
    """
    made = st.session_state.get(MADE, {}).get(token)
    if made:
        end_edit()
        go("glossary", concept=made)
    name = stored.id if stored else token
    begun = st.session_state.get(EDITING)
    if begun is None or begun[0] != name:
        begun = st.session_state[EDITING] = (name, stored)
    before: StoredConcept | None = begun[1]
    concept = before.concept if before else None
    with st.form(f"concept_{name}", border=False):
        draw_section(tr("Terms"))
        rows = _draw_terms(concept, name)
        draw_section(tr("Definition and note"))
        definitions, notes = _draw_words(concept, name)
        left, right = st.columns([1, 2])
        known = list(dict.fromkeys((*DOMAINS, *glossary.domains(), *([concept.domain] if concept else []))))
        domain = left.selectbox(
            tr("Subject field"), known, known.index(concept.domain) if concept else 0, format_func=domain_label,
            accept_new_options=True, key=f"domain_{name}",
        )  # fmt: skip
        ids = [other.id for other in glossary.all() if other.id != name]
        related = right.multiselect(
            tr("See also"), ids, [r for r in (concept.related if concept else ()) if r in ids], key=f"related_{name}"
        )
        pressed = st.form_submit_button(tr("Save"), type="primary", icon=":material/save:")
    if pressed:
        try:
            edited = edit_concept(concept, rows, definitions, notes, str(domain or ""), related, glossary)
            save(glossary, edited, before.revision if before else None, token)
        except WorkbenchError as error:
            st.error(markdown_text(said(error)), icon=":material/error:")


def save(glossary: GlossaryService, concept: Concept, revision: int | None, token: str = "") -> None:
    """Save a concept; on a conflict both versions are kept for the person to choose, otherwise its card is shown."""
    made = st.session_state.setdefault(MADE, {})  # fetched before: a second click may break off at any use of the state
    try:
        glossary.save(concept, revision)
        if token:
            made[token] = concept.id
    except ConceptConflictError as error:
        st.session_state[CONFLICT] = (concept, error.theirs, said(error))
        st.rerun()
    end_edit()
    say(tr("Saved."))
    go("glossary", concept=concept.id)


def end_edit() -> None:
    """Forget what was being edited."""
    st.session_state.pop(EDITING, None)
    st.session_state.pop(CONFLICT, None)


def draw_conflict(glossary: GlossaryService) -> None:
    """Draw both versions of a concept that was changed elsewhere meanwhile, and what can be done."""
    mine, theirs, message = st.session_state[CONFLICT]
    st.warning(markdown_text(message), icon=":material/group:")
    draw_section(tr("Yours, not saved yet"))
    draw_html("concepts", card_html(StoredConcept(mine, 0, "", glossary.author)), key="conflict_mine")
    if theirs is not None:
        draw_section(tr("Theirs, in the glossary"))
        draw_html("concepts", card_html(theirs), key="conflict_theirs")
    with st.container(horizontal=True):
        words = tr("Save mine over theirs") if theirs is not None else tr("Save mine as a new concept")
        if st.button(words, type="primary", icon=":material/save:", key="conflict_save"):
            save(glossary, mine, theirs.revision if theirs is not None else None)
        if st.button(tr("Keep theirs"), icon=":material/undo:", key="conflict_keep"):
            end_edit()
            if theirs is not None:
                go("glossary", concept=theirs.id)
            go("glossary")


def _draw_terms(concept: Concept | None, name: str) -> list[dict[str, Any]]:
    import pandas as pd

    terms = concept.terms if concept else ()
    rows = [{column: str(getattr(term, column)) for column in COLUMNS} for term in terms]
    if concept is None:
        rows = [
            {**dict.fromkeys(COLUMNS, ""), "language": code, "status": "preferred", "type": "full"}
            for code in LANGUAGES
        ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    config = st.column_config
    edited = st.data_editor(
        frame,
        key=f"terms_{name}",
        num_rows="dynamic",
        placeholder="",
        column_config={
            "language": config.SelectboxColumn(
                tr("Language"), options=[*LANGUAGES, *FURTHER_LANGUAGES], required=True, width=100
            ),
            "text": config.TextColumn(tr("Term"), required=True, width="large", max_chars=300),
            "status": config.SelectboxColumn(
                tr("Status"),
                options=[s.value for s in Status],
                format_func=status_label,
                default="preferred",
                width=125,  # the longest of them, in any language of the interface
            ),
            "type": config.SelectboxColumn(
                tr("Form"), options=[t.value for t in TermType], format_func=term_type_label, default="full"
            ),
            "part_of_speech": config.SelectboxColumn(
                tr("Part of speech"), options=["", *PARTS_OF_SPEECH], format_func=grammar_label
            ),
            "gender": config.SelectboxColumn(tr("Gender"), options=["", *GENDERS], format_func=grammar_label),
            "plural": config.TextColumn(tr("Plural")),
            "expansion": config.TextColumn(tr("Stands for")),
            "use_instead": config.TextColumn(tr("Say instead")),
        },
    )
    st.caption(tr("Add a row for each term; mark a row and press Delete to remove it."))
    # The frame's index says which term a row was; new rows have none of them.
    return [{"was": index, **row} for index, row in zip(edited.index, edited.to_dict("records"), strict=True)]


def _draw_words(concept: Concept | None, name: str) -> tuple[dict[str, str], dict[str, str]]:
    definitions, notes = {}, {}
    for column, code in zip(st.columns(len(LANGUAGES)), LANGUAGES, strict=True):
        main = _main_term(concept.terms, code) if concept else None
        definitions[code] = column.text_area(
            tr("Definition · {language}", language=language_label(code)), concept.definition(code) if concept else "",
            key=f"definition_{name}_{code}", height=110,
        )  # fmt: skip
        notes[code] = column.text_area(
            tr("Note · {language}", language=language_label(code)), main.note if main else "",
            key=f"note_{name}_{code}", height=70,
        )  # fmt: skip
    return definitions, notes


def edit_concept(
    before: Concept | None,
    rows: Sequence[Mapping[str, Any]],
    definitions: Mapping[str, str],
    notes: Mapping[str, str],
    domain: str,
    related: Sequence[str],
    glossary: GlossaryService,
) -> Concept:
    """Build the concept from what the form holds; what the form does not show is kept.

    Args:
        before: As it was, ``None`` for a new one.
        rows: The terms; ``was`` is the place of the term before, any other value for a new one.
        definitions, notes: By language.

    Raises:
        UsageError: it is no sound concept; the message says why.
    """
    terms: list[Term] = []
    for row in rows:
        values = {column: tidy(str(row.get(column) or "")) for column in COLUMNS if str(row.get(column)) != "nan"}
        values = {k: v for k, v in values.items() if v or k not in ("status", "type")}
        if not values.get("text"):
            continue
        was = row.get("was")
        old = before.terms[was] if before and isinstance(was, int) and 0 <= was < len(before.terms) else None
        try:
            terms.append(replace(old, **values) if old else Term(**values))  # type: ignore[arg-type]
        except ValueError as error:
            raise UsageError(str(error)) from error
    for words, attribute in ((definitions, "definition"), (notes, "note")):
        for code, typed in words.items():
            main = _main_term(terms, code, attribute=attribute)
            if main is not None and getattr(main, attribute) != typed.strip():
                terms[terms.index(main)] = replace(main, **{attribute: typed.strip()})  # type: ignore[arg-type]
    if not terms:
        raise UsageError(tr("A concept needs at least one term."))
    name = before.id if before else _new_id(terms, glossary)
    return Concept(name, domain, tuple(terms), tuple(related)).sorted()


def _new_id(terms: Sequence[Term], glossary: GlossaryService) -> str:
    named = next((term for term in terms if term.base_language == "en"), terms[0])
    return concept_id(named.text, (other.id for other in glossary.all()))


def _main_term(terms: Sequence[Term], code: str, *, attribute: str = "") -> Term | None:
    """Return the term that holds a language's definition or note: the one that has it, or the first."""
    found = [term for term in terms if term.base_language == code]
    if attribute == "definition":
        return next((t for t in found if t.definition), found[0] if found else None)
    return found[0] if found else None
