"""Searching and replacing in the whole translation: what would change is seen and chosen first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.core.people import Right
from workbench.errors import WorkbenchError
from workbench.services.replace_service import Replacement
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.marks import mark_of
from workbench.ui.i18n import language_label, said, tr, trn

if TYPE_CHECKING:
    from workbench.ui.components.translation_editor.feed import EditorFeed

FOUND_KEY = "_translation_replacements"
AROUND = 40  # characters shown on each side of what was found


def draw_replace_button(feed: EditorFeed) -> None:
    """Draw the button that opens searching and replacing."""
    allowed = feed.workspace.guard.allows(Right.TRANSLATE)
    if st.button(
        tr("Search and replace"), icon=":material/find_replace:", disabled=feed.view.state == "missing" or not allowed,
        help=tr("In the whole translation; you see every place before anything is replaced"),
    ):  # fmt: skip
        st.session_state.pop(FOUND_KEY, None)
        st.dialog(tr("Search and replace"), width="large")(draw_replacing)(feed)


def draw_replacing(feed: EditorFeed) -> None:
    """Draw the dialog: what to look for, what to put there, where it is, and the button that does it."""
    left, right = st.columns(2)
    wanted = left.text_input(
        tr("Search for, in {language}", language=language_label(feed.target)), key="translate_replace_wanted"
    )
    replacement = right.text_input(tr("Replace with"), key="translate_replace_with")
    with st.container(horizontal=True):
        case = st.checkbox(tr("Capitals matter"), key="translate_replace_case")
        words = st.checkbox(tr("Whole words"), key="translate_replace_words")
        expression = st.checkbox(
            tr("Regular expression"), key="translate_replace_expression",
            help=tr("For those who know them: \\1 in the replacement is what the first group found"),
        )  # fmt: skip
    if not wanted:
        st.caption(markdown_text(tr("Type what to look for; the places appear here.")))
        return
    query = {"expression": expression, "case": case, "words": words}
    try:
        found = _find(feed, wanted, replacement, query)
    except WorkbenchError as error:
        st.error(markdown_text(said(error)), icon=":material/error:")
        return
    if not found:
        st.info(tr("This is nowhere in the translation."), icon=":material/search_off:")
        return
    mark = mark_of(wanted, replacement, query, found)
    edited: Any = st.data_editor(
        [_row(each) for each in found], hide_index=True, height=min(420, 80 + 36 * len(found)),
        key=f"translate_replace_{mark}",
        disabled=["row", "before", "after"],
        column_config={
            "use": st.column_config.CheckboxColumn(tr("Use"), width="small"),
            "row": st.column_config.NumberColumn(tr("No."), width="small"),
            "before": st.column_config.TextColumn(tr("Now"), width="large"),
            "after": st.column_config.TextColumn(tr("Afterwards"), width="large"),
        },
    )  # fmt: skip
    harming = sum(each.harms for each in found)
    if harming:
        words_ = trn(
            "{n} segment would lose or gain a code of the format (bold, a link …) and is not chosen.",
            "{n} segments would lose or gain codes of the format (bold, links …) and are not chosen.",
            harming,
        )
        st.caption(markdown_text(words_))
    header = [tr("No."), tr("Now"), tr("Afterwards")]
    draw_downloads(
        f"{feed.slug}.replacements", header, lambda: [[r["row"], r["before"], r["after"]] for r in edited],
        key="translate_replacements",
    )  # fmt: skip
    chosen = [each for each, row in zip(found, edited, strict=True) if row["use"]]
    label = trn("Replace in {n} segment", "Replace in {n} segments", len(chosen))
    if st.button(label, type="primary", disabled=not chosen, key=f"translate_replace_do_{mark}"):
        try:
            done, left_out = feed.workspace.replacing.take(feed.slug, feed.target, chosen, source=feed.source)
        except WorkbenchError as error:
            st.error(markdown_text(said(error)), icon=":material/error:")
            return
        feed.notice = trn("Replaced in {n} segment; Undo takes it back.",
                          "Replaced in {n} segments; Undo takes it back.", done)  # fmt: skip
        if left_out:
            feed.notice += " " + trn("{n} was changed since and stays.", "{n} were changed since and stay.", left_out)
        st.rerun()


def _find(feed: EditorFeed, wanted: str, replacement: str, query: dict[str, bool]) -> list[Replacement]:
    """Search once for each question: what is done at the click is what was shown and ticked, nothing found since."""
    asked = (feed.slug, feed.target, feed.source, wanted, replacement, query)
    kept = st.session_state.get(FOUND_KEY)
    if kept is None or kept[0] != asked:
        found = feed.workspace.replacing.find(
            feed.slug, feed.target, wanted, replacement, source=feed.source, **query
        )  # fmt: skip
        kept = st.session_state[FOUND_KEY] = (asked, found)
    shown: list[Replacement] = kept[1]
    return shown


def _row(each: Replacement) -> dict[str, object]:
    """Return a row of the table, both texts cut so that the first place found is in sight."""
    start = max(0, each.spans[0][0] - AROUND)
    lead = "… " if start else ""
    return {
        "use": not each.harms, "row": each.place + 1, "before": lead + each.before[start:],
        "after": lead + each.after[start:],
    }  # fmt: skip
