"""A text's versions side by side: aligning them, and correcting the grid by hand."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

import streamlit as st

from workbench.core.library import StoredGrid
from workbench.core.matching import text_key
from workbench.core.people import Right
from workbench.errors import Sentence, WorkbenchError, sentence
from workbench.services.job_service import Progress
from workbench.services.workspace import Workspace
from workbench.store.jobs import StoredJob
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.grid_editor import EDITOR_KEY, mount_editor, mount_feed
from workbench.ui.components.grid_editor.feed import ANSWERS, Answer, GridFeed, new_feed, segment_data
from workbench.ui.components.grid_editor.steps import Outcome, do_steps
from workbench.ui.components.grid_editor.terms import draw_terms
from workbench.ui.components.grid_editor.words import changed_elsewhere
from workbench.ui.components.jobs import seconds_left, time_left
from workbench.ui.components.labels import distinct
from workbench.ui.components.page_head import draw_head, name_tab
from workbench.ui.i18n import labelled, language_label, number, said, tr, trn
from workbench.ui.navigation import go, param
from workbench.ui.session import current_workspace, draw_said, may, person_mark, say, told

log = logging.getLogger(__name__)

FEED, JOB = "_grid_feed", "_align_job"
WITH_PAGE = "_align_with_page"  # the progress is drawn as part of the page, not by its clock
NEW_REASONS = {"not aligned yet", "added in a revision"}


# The editor is ahead of the server: it must not fade while an answer is under way, as Streamlit's elements do.
_STYLE = """<style>
.st-key-grid_editor { opacity: 1 !important; transition: none !important; }
.st-key-grid_terms { position: absolute; }
</style>"""


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    texts = workspace.library.coverage()
    if not texts:
        draw_head(tr("Align"), tr("There is no text to align yet: bring in two or more versions of one."))
        if st.button(tr("Add a text"), icon=":material/note_add:", type="primary"):
            go("add")
        return
    titles = distinct({found.text.slug: found.text.title for found in texts})
    slug = _choose(titles)
    draw_said()
    if slug is None:
        st.warning(markdown_text(tr("There is no text “{name}” any more: choose another.", name=param("text"))))
        return
    with told():
        job = workspace.jobs.running("align", slug)
        if job is not None:
            st.session_state[JOB] = job.id
        if JOB in st.session_state:
            st.session_state[WITH_PAGE] = True
            _draw_progress(workspace, slug)
        stored = workspace.library.grid(slug)
        if stored is not None:
            _draw_grid(workspace, slug, stored)
        elif JOB not in st.session_state and len(workspace.library.versions(slug)) > 1:
            st.info(
                tr("The versions of this text are not aligned yet. Aligning shows which sentence answers which, with "
                   "how sure that is; you then correct what is doubtful."),
                icon=":material/view_column:",
            )  # fmt: skip


def _choose(titles: Mapping[str, str]) -> str | None:
    """Draw the head: the text, and the button that aligns it."""
    asked = param("text")
    if asked and asked not in titles:
        draw_head(tr("Align"))
        st.selectbox(tr("Text"), list(titles), index=None, format_func=titles.__getitem__, key="align_other",
                     on_change=_follow, args=("align_other",), placeholder=tr("Choose a text"))  # fmt: skip
        return None
    slug = asked or next(iter(titles))
    if st.session_state.get("align_text") != slug:
        st.session_state["align_text"] = slug
    head, choice, files, button = st.columns([1, 5, 0.7, 2], vertical_alignment="center")
    with head:
        draw_head(tr("Align"))
    name_tab(f"{titles[slug]} · {tr('Align')}")
    choice.selectbox(
        tr("Text"), list(titles), format_func=titles.__getitem__, key="align_text", on_change=_follow,
        args=("align_text",), label_visibility="collapsed",
    )  # fmt: skip
    with files:
        _draw_files(current_workspace(), slug)
    with button:
        if may(Right.TRANSLATE):
            _draw_align_button(current_workspace(), slug)
        else:
            st.caption(tr("You may look at the rows; to change them you need the role of translator."))
    return slug


def _draw_files(workspace: Workspace, slug: str) -> None:
    """Draw the grid as a table to take away, out of the way of who corrects it."""
    languages = workspace.store.grids.languages(workspace.library.text(slug).id)
    if len(languages) > 1:
        with st.popover("", icon=":material/download:", help=tr("Take this table away for a spreadsheet")):
            draw_downloads(
                f"{slug}.{'-'.join(languages)}", [language_label(code) for code in languages],
                lambda: workspace.exports.bilingual_rows(slug, languages), key="grid",
            )  # fmt: skip


def _follow(key: str) -> None:
    """Keep the page's address in step with the chosen text."""
    chosen = st.session_state.get(key)
    if chosen:
        st.query_params.clear()
        st.query_params["text"] = chosen


def _draw_align_button(workspace: Workspace, slug: str) -> None:
    versions = workspace.library.versions(slug)
    stored = workspace.library.grid(slug)
    if len(versions) < 2:
        if st.button(tr("Add a version"), icon=":material/note_add:", type="primary", width="stretch"):
            go("add", text=slug)
        say_once = tr("This text has only one version: add another language to align it with.")
        st.caption(say_once)
        return
    wanted = stored is None or bool(set(versions) - set(stored.grid.languages)) or has_news(stored)
    confirmed = stored is not None and all(row.confirmed for row in stored.grid.rows)
    label = tr("Align") if wanted else tr("Align again")
    help_text = (
        tr("Brings all versions into one grid. The first time this takes some seconds.")
        if stored is None
        else tr("Aligns what lies between the rows you have confirmed; those stay.")
    )
    running = workspace.jobs.running("align", slug) is not None
    if st.button(
        label, icon=":material/view_column:", type="primary" if wanted else "secondary", help=help_text,
        disabled=running or (confirmed and not wanted), width="stretch", key="align_now",
    ):  # fmt: skip
        st.session_state[JOB] = start_aligning(workspace, slug)
        st.rerun()


def has_news(stored: StoredGrid) -> bool:
    """Tell whether segments have come in since the text was aligned."""
    return any(NEW_REASONS.intersection(row.reasons) for row in stored.grid.rows if not row.confirmed)


def start_aligning(workspace: Workspace, slug: str) -> int:
    """Align in the background; returns the job's number."""

    def work(progress: Progress) -> Sentence:
        stored = workspace.alignment.align(slug, progress=progress)
        return sentence("Rows of the grid: {n}.", n=len(stored.grid.rows))

    return workspace.jobs.start("align", slug, work)


# Progress --------------------------------------------------------------------------------------------------------


@st.fragment(run_every=0.7)  # type: ignore[untyped-decorator]
def _draw_progress(workspace: Workspace, slug: str) -> None:
    with_page = st.session_state.pop(WITH_PAGE, False)
    job = workspace.jobs.get(st.session_state.get(JOB, 0))
    if job is None or job.subject != slug:
        st.session_state.pop(JOB, None)
        return
    if job.state != "running":
        if with_page:
            return  # the clock comes back to it: a click for which the page is being drawn would be lost
        st.session_state.pop(JOB, None)
        _say_outcome(job)
        st.rerun()
    share = job.done / job.total if job.total else 0.0
    bar, stop = st.columns([6, 1], vertical_alignment="center")
    left = seconds_left(job, datetime.now(UTC)) if job.done < job.total else None
    bar.progress(min(share, 1.0), text=phase(job) if left is None else f"{phase(job)} {time_left(left)}")
    if job.cancel:
        stop.caption(tr("Stopping …"))
    elif stop.button(tr("Cancel"), key="align_cancel", width="stretch", disabled=not may(Right.TRANSLATE)):
        workspace.jobs.cancel(job.id)


def phase(job: StoredJob) -> str:
    """Say what an alignment is at."""
    if not job.done:
        return tr("Getting the language model ready; the first time this takes up to a minute …")
    if job.done < job.total:
        return tr("Reading the sentences: {done} of {total} …", done=number(job.done), total=number(job.total))
    return tr("Putting the rows together …")


def _say_outcome(job: StoredJob) -> None:
    if job.state == "done":
        rows = int(str(job.sentence.values.get("n", 0)))
        st.toast(trn("Aligned: {n} row.", "Aligned: {n} rows.", rows), icon=":material/check_circle:")
    elif job.state == "cancelled":
        say(tr("Stopped. Nothing was changed."), ":material/info:")
    else:
        say(said(job.sentence), ":material/error:")


# The grid --------------------------------------------------------------------------------------------------------


def _draw_grid(workspace: Workspace, slug: str, stored: StoredGrid) -> None:
    feed: GridFeed | None = st.session_state.get(FEED)
    if feed is None or feed.slug != slug or feed.stored.revision != stored.revision or feed.texts or feed.splices:
        # Drawn from the start, the page gives the browser a fresh base; while editing only the fragment is drawn.
        answer = feed.answer if feed else Answer()
        feed = new_feed(slug, f"{slug}/{token_hex(4)}", *(workspace.library.grid_and_segments(slug) or (stored, {})))
        feed.answer = answer
        st.session_state[FEED] = feed
    st.html(_STYLE)
    _draw_editor(workspace, slug)
    mount_feed(feed, person_mark(workspace.author))
    draw_terms(workspace, feed)


@st.fragment  # type: ignore[untyped-decorator]
def _draw_editor(workspace: Workspace, slug: str) -> None:
    feed: GridFeed = st.session_state[FEED]
    if feed.worn:
        st.rerun()
    mount_editor(
        feed, place=_asked_row(feed),
        reading=not may(Right.TRANSLATE), on_edit=lambda: take_edit(workspace, slug),
    )  # fmt: skip


def _asked_row(feed: GridFeed) -> int:
    """Return the row to begin at: the address's, by number, segment or unit of the memory, else the first doubtful."""
    from workbench.services.alignment_service import doubtful_places

    asked = param("row")
    if asked.isdecimal():
        return min(max(int(asked) - 1, 0), max(len(feed.rows) - 1, 0))
    segment = param("segment")
    if segment.isdecimal():
        for place, row in enumerate(feed.rows):
            if any(int(segment) in cell for cell in row["c"]):
                return place
    unit = param("unit")
    if unit.isdecimal() and len(unit) < 12:
        with suppress(WorkbenchError):  # it was removed meanwhile: the page opens all the same
            same = row_of(feed, current_workspace().memory.unit(int(unit)).texts)
            if same is not None:
                return same
    return next(iter(doubtful_places(feed.stored.grid)), 0)


def row_of(feed: GridFeed, texts: Mapping[str, str]) -> int | None:
    """Return the row that says what a unit says in most languages, ``None`` if no row does in any."""
    words = {item[0]: text_key(item[1]) for segments in feed.segments for item in segments}
    wanted = [text_key(texts.get(language, "")) for language in feed.languages]
    best, most = None, 0
    for place, row in enumerate(feed.rows):
        said = [" ".join(words.get(number, "") for number in cell) for cell in row["c"]]
        same = sum(bool(a) and a == b for a, b in zip(said, wanted, strict=True))
        if same > most:
            best, most = place, same
    return best


def take_edit(workspace: Workspace, slug: str) -> None:
    """Do the steps that have come from the browser, and note what it has to be told.

    They may be of another text than the one shown now: done before it was chosen, and stored late.
    """
    batch = getattr(st.session_state.get(EDITOR_KEY), "edit", None)
    feed: GridFeed | None = st.session_state.get(FEED)
    if not isinstance(batch, Mapping) or feed is None or feed.slug != slug:
        return
    name, steps, revision = str(batch.get("id", "")), batch.get("steps"), batch.get("revision")
    about = str(batch.get("slug", slug))
    if name == feed.answer.batch or not isinstance(steps, list):
        return  # sent again because the answer was late: it is stored already
    known = ANSWERS.get(about, name)
    outcome = Outcome() if known else _do(workspace, about, revision, steps)
    stored = outcome.stored
    if about == slug:
        with told():
            stored = stored or workspace.alignment.grid(slug)
            for language in feed.languages if known or outcome.error else outcome.languages & set(feed.languages):
                feed.put_segments(changed_segments(workspace, slug, language, feed))
            feed.follow(stored)
    elif outcome.error:
        with suppress(WorkbenchError):  # it was removed meanwhile: then the error says so
            outcome.error = labelled(workspace.library.text(about).title, outcome.error)
    # Kept with the feed: asking the session's state may end this run, and the steps would be stored but not answered.
    feed.answer = known or Answer(
        name, outcome.done, stored.revision if stored else -1,
        "conflict" if outcome.conflict else "error" if outcome.error else "",
        outcome.error,
    )  # fmt: skip
    ANSWERS.keep(about, feed.answer)


def _do(workspace: Workspace, slug: str, revision: object, steps: Sequence[object]) -> Outcome:
    try:
        outcome = do_steps(
            workspace.alignment, slug, revision if isinstance(revision, int) else -1,
            [step for step in steps if isinstance(step, Mapping)],
        )  # fmt: skip
    except Exception:  # the browser waits for an answer: without one it would send the same steps again and again
        log.exception("steps on the grid of %s failed", slug)
        return Outcome(error=tr("Something went wrong in the program; the details are in its log."))
    if outcome.conflict and not outcome.typed:
        outcome.error = changed_elsewhere()
    return outcome


def changed_segments(workspace: Workspace, slug: str, language: str, feed: GridFeed) -> list[Any]:
    """Return the segments of a version that differ from what the browser knows, in words or place."""
    known = {item[0]: item for segments in feed.segments for item in segments} | feed.texts
    return [s for s in workspace.library.segments(slug, language) if known.get(s.id) != segment_data(s)]


draw()
