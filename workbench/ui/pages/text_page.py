"""One text: its versions and what they need, reading one, taking them away, renaming and removing."""

from __future__ import annotations

import streamlit as st

from workbench.core.library import StoredSegment, StoredText, StoredVersion
from workbench.core.people import Right
from workbench.core.texts import SegmentState
from workbench.errors import WorkbenchError
from workbench.services.workspace import Workspace
from workbench.ui.components.board import cards_html
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.jobs import draw_jobs
from workbench.ui.components.labels import distinct, kind_label
from workbench.ui.components.page_head import draw_head, draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.segments import Note, count_words, segments_html
from workbench.ui.i18n import day, language_label, number, said, tr, trn
from workbench.ui.navigation import exists, go, param
from workbench.ui.session import current_workspace, draw_said, may, say, told

PAGE = 100  # segments drawn at once
NEW_FORMATS = (".docx", ".html", ".md", ".txt")


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    try:
        text = workspace.library.text(param("text"))
    except WorkbenchError:
        _draw_gone(workspace)
        return
    _draw_top(workspace, text)
    draw_said()
    draw_jobs(workspace, skip=("vectors",))
    with told():
        coverage = workspace.library.text_coverage(text.slug)
        draw_html("board", cards_html(coverage), key="cards")
        versions = workspace.library.versions(text.slug)
        if versions:
            _draw_version(workspace, text, versions)


def _draw_gone(workspace: Workspace) -> None:
    draw_head(tr("Text"))
    name = param("text")
    if name:
        words = tr("There is no text “{name}” here: it was renamed or removed.", name=shorten(name, 60))
        st.warning(markdown_text(words), icon=":material/link_off:")
    known = distinct({c.text.slug: c.text.title for c in workspace.library.coverage()})
    chosen = st.selectbox(
        tr("Open a text"),
        list(known),
        index=None,
        format_func=lambda slug: known[slug],
        placeholder=tr("Choose a text"),
    )
    if chosen:
        go("text", text=chosen)


def _draw_top(workspace: Workspace, text: StoredText) -> None:
    head, buttons = st.columns([3, 2], vertical_alignment="top")
    with head:
        draw_head(text.title, text.description)
        facts = (kind_label(text.kind), tr("original in {language}", language=language_label(text.original)), text.slug)
        st.caption(markdown_text(" · ".join(facts)))
    with buttons, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        if exists("align") and st.button(tr("Align"), icon=":material/view_column:", type="primary"):
            go("align", text=text.slug)
        if not may(Right.TRANSLATE):
            return
        if st.button(tr("Add or revise versions"), icon=":material/upload_file:"):
            go("add", text=text.slug)
        with st.popover(tr("More"), icon=":material/more_horiz:"):
            _draw_rename(workspace, text)
            if may(Right.REVISE):
                st.divider()
                _draw_remove(workspace, text)


def _draw_rename(workspace: Workspace, text: StoredText) -> None:
    name, seen = f"rename_title_{text.id}", f"rename_seen_{text.id}"
    if name not in st.session_state:
        st.session_state[seen] = text.title
    was = str(st.session_state.get(seen, text.title))
    with st.form("rename", border=False):
        title = st.text_input(tr("Title"), text.title, max_chars=200, key=name).strip()
        slug = st.text_input(tr("Short name"), text.slug, max_chars=80, key=f"rename_slug_{text.id}_{text.slug}")
        pressed = st.form_submit_button(tr("Rename"), icon=":material/edit:", width="stretch")
    if pressed:
        with told():
            renamed = workspace.library.rename(text.slug, slug.strip(), title if title != was else None, seen=was)
            del st.session_state[name]
            say(tr("Renamed."))
            go("text", text=renamed.slug)


def _draw_remove(workspace: Workspace, text: StoredText) -> None:
    versions = workspace.library.versions(text.slug)
    whole = tr("the whole text")
    choices = [whole, *versions] if len(versions) > 1 else [whole]
    # A second click, sent before the page was drawn anew, must not remove what stands here then.
    there = f"{text.id}_{'-'.join(versions)}"
    what = st.selectbox(
        tr("Remove"), choices, index=len(choices) - 1 if len(choices) > 1 else 0, key=f"remove_what_{there}",
        format_func=lambda code: code if code == whole else language_label(code),
    )  # fmt: skip
    st.caption(tr("Its sentences in the memory stay there. The files and the alignment are deleted."))
    sure = st.checkbox(tr("Yes, remove it"), key=f"remove_sure_{there}")
    words = tr("Remove")
    if st.button(words, icon=":material/delete:", disabled=not sure, width="stretch", key=f"remove_{there}"):
        with told():
            if what == whole:
                workspace.library.remove(text.slug)
                say(tr("“{title}” was removed.", title=text.title))
                go("home")
            workspace.library.remove_version(text.slug, str(what))
            say(tr("The version in {language} was removed.", language=language_label(str(what))))
            go("text", text=text.slug)


def _draw_version(workspace: Workspace, text: StoredText, versions: dict[str, StoredVersion]) -> None:
    asked = param("version")
    start = asked if asked in versions else text.original if text.original in versions else next(iter(versions))
    chosen = st.segmented_control(
        tr("Read a version"), list(versions), default=start, format_func=language_label, required=True,
        key=f"version_{text.slug}_{start}",
    )  # fmt: skip
    version = versions[chosen or start]
    segments = workspace.library.segments(text.slug, version.language)
    reading, facts = st.columns([5, 2], gap="large")
    with reading:
        if not segments:
            st.info(tr("Nothing is translated here yet."), icon=":material/translate:")
        _draw_segments(segments, version.language)
    with facts:
        _draw_facts(text, version, segments)
        _draw_files(workspace, text, version, list(versions))


def _draw_segments(segments: list[StoredSegment], language: str) -> None:
    start = 0
    if len(segments) > PAGE:
        pages = -(-len(segments) // PAGE)
        names = [f"{n * PAGE + 1}–{min((n + 1) * PAGE, len(segments))}" for n in range(pages)]
        name = st.selectbox(tr("Segments"), names, key=f"segments_{language}")
        start = names.index(name) * PAGE
    notes = {}
    for place, segment in enumerate(segments):
        if segment.state is SegmentState.STALE:
            notes[place] = Note("stale", tr("The original of this sentence has changed since."))
        elif segment.previous_text:
            notes[place] = Note("work", tr("Before: {text}", text=segment.previous_text))
        elif segment.state is SegmentState.DRAFT:
            notes[place] = Note("work", tr("Not confirmed yet."))
    draw_html("segments", segments_html(segments, language, start=start, limit=PAGE, notes=notes), key="segments")


def _draw_facts(text: StoredText, version: StoredVersion, segments: list[StoredSegment]) -> None:
    draw_section(language_label(version.language))
    lines = [
        trn("{n} segment", "{n} segments", len(segments)) + ", " + trn("{n} word", "{n} words", count_words(segments)),
        tr("Changed on {day} by {who}", day=day(version.updated_at), who=version.updated_by),
    ]
    if version.file_name:
        lines.insert(0, tr("From the file {name}", name=shorten(version.file_name, 50)))
    if version.revision > 1:
        lines.append(tr("Revision {n}", n=number(version.revision)))
    st.markdown("  \n".join(markdown_text(line) for line in lines))
    for warning in version.warnings:
        st.caption(f":material/info: {markdown_text(said(warning))}")
    if version.language != text.original and exists("translate") and may(Right.TRANSLATE):
        words = tr("Translate or revise it")
        if st.button(words, icon=":material/translate:", width="stretch", key="translate"):
            go("translate", text=text.slug, to=version.language)


def _draw_files(workspace: Workspace, text: StoredText, version: StoredVersion, languages: list[str]) -> None:
    draw_section(tr("Take it away"))
    original = version.format
    formats = list(dict.fromkeys((original, *NEW_FORMATS)))
    suffix = st.selectbox(
        tr("Format"), formats, key=f"format_{version.language}",
        format_func=lambda s: tr("{format} (as it came in)", format=s[1:].upper()) if s == original else s[1:].upper(),
    )  # fmt: skip
    with told():
        name, data, notes = workspace.exports.export(text.slug, version.language, suffix)
        for note in notes:
            st.caption(f":material/info: {markdown_text(note)}")
        st.download_button(
            tr("Download {name}", name=markdown_text(shorten(name, 40))), data, name, key="download", on_click="ignore",
            icon=":material/download:", width="stretch", type="primary",
        )  # fmt: skip
    grid = workspace.library.grid(text.slug)
    if grid is None:
        return
    st.caption(tr("Table of the aligned versions, one row for what belongs together:"))
    columns = [code for code in languages if code in grid.grid.languages]
    picked = st.pills(
        tr("Languages of the table"), columns, selection_mode="multi", default=columns, format_func=language_label,
        key="table_languages", label_visibility="collapsed",
    )  # fmt: skip
    chosen = [code for code in columns if code in picked]  # in the order of the columns, not of the clicks
    if len(chosen) > 1:
        draw_downloads(
            f"{text.slug}.{'-'.join(chosen)}", [language_label(code) for code in chosen],
            lambda: workspace.exports.bilingual_rows(text.slug, chosen), key="bilingual",
        )  # fmt: skip


draw()
