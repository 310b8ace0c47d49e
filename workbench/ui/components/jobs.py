"""Long work as people see it: what runs, how far it is, how long it takes yet, and a way to stop it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.people import Right
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.i18n import labelled, number, said, tr, trn

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace
    from workbench.store.jobs import StoredJob

EVERY = 1.0  # seconds between two looks at running work
_WITH_PAGE = "_jobs_with_page"  # session state: the fragment is drawn as part of its page, not by its clock


def draw_jobs(workspace: Workspace, *, skip: tuple[str, ...] = ()) -> None:
    """Draw the work that runs; nothing when none does. The page is drawn anew when the last of it ends.

    Args:
        skip: Kinds of work that are nothing to whoever is on this page.
    """
    active = [job for job in workspace.jobs.active() if job.kind not in skip]
    if active:
        st.session_state["_jobs_seen"] = [job.id for job in active]
        st.session_state[_WITH_PAGE] = True
        _draw_running(workspace, skip)
    else:
        _tell_ended(workspace)


@st.fragment(run_every=EVERY)  # type: ignore[untyped-decorator]
def _draw_running(workspace: Workspace, skip: tuple[str, ...]) -> None:
    with_page = st.session_state.pop(_WITH_PAGE, False)
    active = [job for job in workspace.jobs.active() if job.kind not in skip]
    if not active and not with_page:
        st.rerun()  # not while the page is drawn: a click that it is drawn for would be lost
    for job in active:
        bar, button = st.columns([6, 1], vertical_alignment="bottom")
        share = min(1.0, job.done / job.total) if job.total else 0.0
        bar.progress(share, text=markdown_text(describe(job, datetime.now(UTC))))
        button.button(
            tr("Stop"), key=f"stop_{job.id}", on_click=workspace.jobs.cancel, args=(job.id,),
            disabled=job.cancel or not workspace.guard.allows(Right.TRANSLATE), icon=":material/stop_circle:",
            width="stretch",
        )  # fmt: skip


def _tell_ended(workspace: Workspace) -> None:
    """Say once how the work that was seen running has ended."""
    for job_id in st.session_state.pop("_jobs_seen", []):
        job = workspace.jobs.get(job_id)
        if job is None or not job.message:
            continue
        words = labelled(title_of(job), said(job.sentence))
        if job.state == "failed":
            st.error(markdown_text(words), icon=":material/error:")
        elif job.kind != "vectors":
            st.toast(markdown_text(words), icon=":material/check_circle:")


def title_of(job: StoredJob) -> str:
    """Return what a job does, in words."""
    titles = {
        "align": tr("Aligning “{name}”", name=shorten(job.subject, 40)),
        "vectors": tr("Preparing the search by meaning"),
        "terms": tr("Looking for terms in the texts"),
        "import": tr("Importing {name}", name=shorten(job.subject, 40)),
    }
    return titles.get(job.kind, shorten(f"{job.kind} {job.subject}", 60))


def describe(job: StoredJob, now: datetime) -> str:
    """Return a job's title, progress and the time left, in words."""
    if job.cancel:
        return f"{title_of(job)} · {tr('stopping …')}"
    parts = [title_of(job)]
    if job.message:
        parts.append(said(job.sentence))
    if not job.done:
        parts.append(tr("getting ready …"))
    elif job.total:
        parts.append(tr("{done} of {total}", done=number(job.done), total=number(job.total)))
    left = seconds_left(job, now)
    if left is not None:
        parts.append(time_left(left))
    return " · ".join(parts)


def seconds_left(job: StoredJob, now: datetime) -> float | None:
    """Estimate from its pace so far how many seconds a job takes yet; ``None`` while that cannot be told."""
    if not job.total or not job.done:
        return None
    try:
        began = datetime.fromisoformat(job.started_at)
    except ValueError:
        return None
    return at_this_pace(job.done, job.total, (now - began).total_seconds())


def at_this_pace(done: int, total: int, passed: float) -> float | None:
    """Return how many seconds the rest takes; ``None`` in the first second, which tells nothing."""
    return passed / done * (total - done) if done and passed > 1 else None


def time_left(seconds: float) -> str:
    """Return a time left in words, coarser the longer it is."""
    if seconds < 10:
        return tr("a few seconds left")
    if seconds < 90:
        return tr("about {n} seconds left", n=int(seconds / 10 + 0.5) * 10)
    return trn("about {n} minute left", "about {n} minutes left", round(seconds / 60))
