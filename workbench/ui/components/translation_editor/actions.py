"""What is done with the version as a whole: filled in from the memory, taken out, published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.core.people import Right
from workbench.errors import WorkbenchError
from workbench.services.assist_service import Fill
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.marks import mark_of
from workbench.ui.components.translation_editor.replacing import draw_replace_button
from workbench.ui.components.translation_editor.reviser import draw_corrections_button, draw_handout
from workbench.ui.i18n import language_label, said, tr, trn

if TYPE_CHECKING:
    from workbench.core.library import StoredVersion
    from workbench.ui.components.translation_editor.feed import EditorFeed

LEAST_SCORE = 70  # below, typing anew is quicker than correcting
WORD_FOR_WORD = 97  # penalties a reviewed exact match can meet stay below three points
FILL_KEY = "_translation_fill"


def draw_actions(feed: EditorFeed) -> None:
    """Draw the row of actions over the editor."""
    view = feed.view
    missing = sum(row.state == "missing" for row in view.rows)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if st.button(
            tr("Fill in from the memory"), icon=":material/auto_fix_high:", disabled=not missing,
            help=tr("See first what the memory has for the segments not translated yet, then choose"),
        ):  # fmt: skip
            st.session_state.pop(FILL_KEY, None)
            _draw_fill(feed)
        with st.popover(tr("Take out"), icon=":material/download:", disabled=view.state == "missing"):
            _draw_export(feed, missing)
        draw_replace_button(feed)
        draw_corrections_button(feed)
        if view.state == "published" and not view.open_places:
            st.badge(tr("Published"), icon=":material/check_circle:", color="green")
        else:
            _draw_publish(feed)
    error = st.session_state.pop("_translation_error", "")
    if error:
        st.error(markdown_text(error), icon=":material/error:")


def _draw_publish(feed: EditorFeed) -> None:
    todo, missing = len(feed.view.open_places), feed.view.state == "missing"
    allowed = feed.workspace.guard.allows(Right.REVISE)
    if not allowed:
        words = tr("Publishing is for revisers")
    elif todo:
        words = trn("{n} segment is still to be done", "{n} segments are still to be done", todo)
    else:
        words = tr("This version is finished: every segment is done")
    st.button(
        tr("Publish"), icon=":material/publish:", disabled=bool(todo) or missing or not allowed, help=words,
        on_click=_publish, args=(feed,),
    )  # fmt: skip


def _publish(feed: EditorFeed) -> None:
    try:
        feed.workspace.translation.publish(feed.slug, feed.target)
        feed.refresh()
    except WorkbenchError as error:
        st.session_state["_translation_error"] = said(error)


def _draw_export(feed: EditorFeed, missing: int) -> None:
    view, exports = feed.view, feed.workspace.exports
    if missing:
        words = trn(
            "{n} segment is not translated yet; in the file it stands in the language of the original.",
            "{n} segments are not translated yet; in the file they stand in the language of the original.",
            missing,
        )
        st.caption(markdown_text(words))
    versions = feed.workspace.library.versions(feed.slug)
    suffix = _suffix(versions.get(feed.target), versions.get(view.text.original))
    st.download_button(
        tr("{language}, in the format of the original ({format})", language=language_label(feed.target), format=suffix),
        lambda: exports.export(feed.slug, feed.target)[1], f"{feed.slug}.{feed.target}{suffix}",
        icon=":material/description:", on_click="ignore", width="stretch", disabled=feed.target not in versions,
        key="translate_export",
    )  # fmt: skip
    st.caption(tr("Both languages side by side, for a reviser:"))
    draw_handout(feed)
    languages = [view.source, view.target]
    draw_downloads(
        f"{feed.slug}.{view.source}-{view.target}",
        [language_label(code) for code in languages],
        lambda: exports.bilingual_rows(feed.slug, languages),
        key="translate_table",
    )


def _suffix(version: StoredVersion | None, original: StoredVersion | None) -> str:
    """Return the ending of the file that taking a version out gives: its own, or its original's."""
    if version is not None and version.original_sha256 is None and original is not None:
        version = original
    return version.format if version is not None else ".txt"


# Filling in ------------------------------------------------------------------------------------------------------


def _draw_fill(feed: EditorFeed) -> None:
    st.dialog(tr("Fill in from the memory"), width="large")(_draw_fill_body)(feed)


def _draw_fill_body(feed: EditorFeed) -> None:
    st.write(
        tr(
            "Only what a reviewer has checked and fits the segment word for word is chosen beforehand. Choose what "
            "else you want; everything that is filled in waits for you to confirm it."
        )
    )
    found = _search(feed)
    if not found:
        st.info(tr("The memory has nothing for the segments that are missing."), icon=":material/search_off:")
        return
    above = st.slider(tr("Score of at least"), LEAST_SCORE, 100, WORD_FOR_WORD, key="translate_fill_score")
    shown = [fill for fill in found if fill.suggestion.score >= above]
    if not shown:
        st.info(tr("Nothing reaches this score: lower it to see more."), icon=":material/search_off:")
        return
    mark = mark_of(above, [(fill.key, fill.suggestion.target) for fill in shown])
    edited: Any = st.data_editor(
        [_table_row(fill) for fill in shown], hide_index=True, height=min(420, 80 + 36 * len(shown)),
        key=f"translate_fill_{mark}",
        disabled=["row", "score", "kind", "source", "target"],
        column_config={
            "use": st.column_config.CheckboxColumn(tr("Use"), width="small"),
            "row": st.column_config.NumberColumn(tr("No."), width="small"),
            "score": st.column_config.NumberColumn(tr("Score"), width="small"),
            "kind": st.column_config.TextColumn(tr("Kind")),
            "source": st.column_config.TextColumn(language_label(feed.view.source), width="large"),
            "target": st.column_config.TextColumn(language_label(feed.view.target), width="large"),
        },
    )  # fmt: skip
    names = ("row", "score", "kind", "source", "target")
    header = [tr("No."), tr("Score"), tr("Kind"), language_label(feed.view.source), language_label(feed.view.target)]
    draw_downloads(
        f"{feed.slug}.{feed.target}.fill", header, lambda: [[row[name] for name in names] for row in edited],
        key="translate_fill_table",
    )  # fmt: skip
    chosen = {fill.key: fill.suggestion.target for fill, row in zip(shown, edited, strict=True) if row["use"]}
    label = trn("Fill {n} segment", "Fill {n} segments", len(chosen))
    # Without a key a button goes by its label, and the count in it changes with each tick: a click was forgotten.
    if st.button(label, type="primary", disabled=not chosen, key=f"translate_fill_do_{mark}"):
        try:
            count = feed.workspace.translation.fill(feed.slug, feed.target, chosen, source=feed.source)
        except WorkbenchError as error:
            st.error(markdown_text(said(error)), icon=":material/error:")
            return
        feed.notice = trn("{n} segment filled in: confirm it.", "{n} segments filled in: confirm them.", count)
        st.rerun()


def _search(feed: EditorFeed) -> list[Fill]:
    """Look all missing segments up once, with progress; the slider then only chooses among them."""
    found: list[Fill] | None = st.session_state.get(FILL_KEY)
    if found is not None:
        return found
    bar = st.progress(0.0, text=tr("Looking in the memory …"))
    total = max(len(feed.view.rows), 1)
    found = []
    for fill in feed.workspace.assist.fillable(feed.view, above=LEAST_SCORE):
        found.append(fill)
        bar.progress(min(1.0, (fill.place + 1) / total), text=tr("Looking in the memory …"))
    bar.empty()
    st.session_state[FILL_KEY] = found
    return found


def _table_row(fill: Fill) -> dict[str, object]:
    kinds = {
        "context": tr("same segment, same neighbours"),
        "exact": tr("same segment"),
        "fuzzy": tr("similar segment"),
        "semantic": tr("similar meaning"),
    }
    kind = kinds[fill.suggestion.kind.value]
    if not fill.suggestion.reviewed:
        kind = f"{kind}, {tr('not reviewed')}"
    return {
        "use": fill.sure, "row": fill.place + 1, "score": int(fill.suggestion.score), "kind": kind,
        "source": fill.source, "target": fill.suggestion.target,
    }  # fmt: skip
