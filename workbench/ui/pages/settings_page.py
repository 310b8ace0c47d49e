"""The interface's language, who is at work, how sentences are cut, and where everything is kept."""

from __future__ import annotations

import streamlit as st

from workbench.ui.components.escape import markdown_text
from workbench.ui.components.page_head import draw_head, draw_section
from workbench.ui.components.rules_editor import draw_rules
from workbench.ui.i18n import LANGUAGE_KEY, available_languages, interface_language, native_label, tr
from workbench.ui.session import current_author, current_workspace, set_author, told


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    draw_head(tr("Settings"), tr("For you, and for everybody who works in this workspace."))
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
            st.session_state[LANGUAGE_KEY] = chosen
            st.rerun()
        signed_in = bool(getattr(st.user, "is_logged_in", False))
        with st.form("author", border=False):
            name = st.text_input(
                tr("Your name"), current_author(), max_chars=80, disabled=signed_in,
                help=tr("Written down with every change you make, so that colleagues know whom to ask."),
            )  # fmt: skip
            if st.form_submit_button(tr("Save"), icon=":material/save:", disabled=signed_in):
                set_author(name)
                st.success(tr("Saved."), icon=":material/check_circle:")
        st.caption(tr("Light and dark: in the menu ⋮ at the top right, under Settings."))
    with everybody:
        draw_section(tr("This workspace"))
        st.markdown(tr("Folder: {path}", path=markdown_text(str(workspace.settings.home))))
        with told():
            st.markdown(tr("Search by meaning: {model}", model=markdown_text(_model_name(workspace.settings.model))))
        st.caption(tr("Texts, memory and glossary are kept in this folder: keep a copy of it in a safe place."))
    draw_section(tr("How sentences are cut"))
    draw_rules(workspace.library, key="settings")


def _model_name(model: str | None) -> str:
    return model or tr("the model that comes with the program (multilingual-e5-small)")


draw()
