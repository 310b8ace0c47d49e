"""The interface's language, who is at work, how sentences are cut, and where everything is kept."""

from __future__ import annotations

import streamlit as st

from workbench.core.people import Right
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.page_head import draw_head, draw_section
from workbench.ui.components.people import draw_people
from workbench.ui.components.rules_editor import draw_rules
from workbench.ui.i18n import available_languages, choose_language, interface_language, native_label, tr
from workbench.ui.session import current_workspace, draw_said, may, named_author, set_author, told
from workbench.ui.sign_in import draw_sign_out, person_at_work, role_label, role_words


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    draw_head(tr("Settings"), tr("For you, and for everybody who works in this workspace."))
    draw_said()
    you, everybody = st.columns(2, gap="large")
    with you:
        draw_section(tr("You"))
        languages = available_languages()
        current = interface_language()
        chosen = st.selectbox(
            tr("Language of the interface"), languages, languages.index(current) if current in languages else 0,
            format_func=native_label, key="settings_language",
            help=tr("Unless you choose one, the browser’s language is used."),
        )  # fmt: skip
        if chosen != current:
            choose_language(chosen)
            st.rerun()
        person = person_at_work(workspace)
        if person is None or person.role is None:
            _draw_name()
        else:
            words = tr("Signed in as **{name}**, {role}: {may}.", name=markdown_text(person.author),
                       role=role_label(person.role), may=role_words(person.role))  # fmt: skip
            st.markdown(words)
            if person.email and person.email != person.author:
                st.caption(markdown_text(person.email))
            draw_sign_out()
        st.caption(tr("Light and dark: in the menu ⋮ at the top right, under Settings."))
    with everybody:
        draw_section(tr("This workspace"))
        st.markdown(tr("Folder: {path}", path=markdown_text(str(workspace.settings.home))))
        with told():
            st.markdown(tr("Search by meaning: {model}", model=markdown_text(_model_name(workspace.settings.model))))
        st.caption(tr("Texts, memory and glossary are kept in this folder: keep a copy of it in a safe place."))
    if person is not None and may(Right.ADMINISTER):
        draw_people(workspace.people)
    draw_section(tr("How sentences are cut"))
    draw_rules(workspace.library, key="settings")


def _draw_name() -> None:
    with st.form("author", border=False):
        name = st.text_input(
            tr("Your name"), named_author(), max_chars=80,
            help=tr("Written down with every change you make, so that colleagues know whom to ask."),
        )  # fmt: skip
        if st.form_submit_button(tr("Save"), icon=":material/save:"):
            set_author(name)
            st.success(tr("Saved."), icon=":material/check_circle:")


def _model_name(model: str | None) -> str:
    return model or tr("the model that comes with the program (multilingual-e5-small)")


draw()
