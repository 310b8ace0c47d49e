"""What pages share: the workspace, opened once a process, who is at work, and errors told in place."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.people import Right
from workbench.errors import DamagedError, Sentence, WorkbenchError, sentence
from workbench.ui.collector import set_long_lived_aside
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.marks import mark_of
from workbench.ui.components.upkeep import stop_page
from workbench.ui.i18n import said, tr
from workbench.ui.sign_in import person_at_work

if TYPE_CHECKING:
    from workbench.services.job_service import Progress
    from workbench.services.workspace import Workspace

log = logging.getLogger(__name__)

AUTHOR_KEY = "author_name"
"""Setting and session state: the name under which changes are written down."""

_seeding = Lock()


@st.cache_resource(show_spinner=False)  # type: ignore[untyped-decorator]
def _cached() -> Workspace:
    """Open the workspace once a process. Its store opens a connection for each operation, so sessions share it."""
    from workbench.services import open_workspace

    set_long_lived_aside()
    workspace = open_workspace()
    # Made here, before sessions can race for them: one queue of jobs, one set of the memory's indexes a process.
    _ = workspace.jobs, workspace.memory
    return workspace


def _open() -> Workspace:
    workspace: Workspace = _cached()
    return workspace


def open_first() -> Workspace:
    """Open the workspace and, when it is new, fill it with the sample texts while the page says so.

    A workspace that cannot be opened stops the page with a sentence.
    """
    try:
        workspace = _open()
        if workspace.seed.needed:
            _fill(workspace)
    except WorkbenchError as error:
        _tell(error)
        stop_page()
    return workspace


def _tell(error: WorkbenchError) -> None:
    """Show a refusal as its sentence; where the database is damaged, with the way to rescue what can be read."""
    if isinstance(error, DamagedError):
        from workbench.ui.components.damage import draw_damage

        draw_damage(error)
    else:
        st.error(markdown_text(said(error)), icon=":material/error:")


def _fill(workspace: Workspace) -> None:
    words = tr("Preparing the workspace: bringing in the sample texts and the glossary …")
    with st.spinner(words, show_time=True), _seeding:  # a second visitor at the first start waits for the first's work
        workspace.seed.fill()


def current_workspace() -> Workspace:
    """Return the workspace, its services writing down the person at work as the author and asking for their rights.

    Where people sign in, whoever may not see anything gets a page that says so, and nothing else is drawn.
    """
    shared = open_first()
    person = person_at_work(shared)
    author = person.author if person else named_author()
    if person is None and author == shared.author:
        return shared
    wanted = (author, person.id if person else None)
    own: Workspace | None = st.session_state.get("_workspace")
    if own is None or st.session_state.get("_workspace_of") != wanted or own.store is not shared.store:
        from workbench.services.rights import OPEN, RoleGuard

        guard = RoleGuard(shared.store.people, person.id) if person else OPEN
        own = st.session_state["_workspace"] = shared.for_person(author, guard)
        st.session_state["_workspace_of"] = wanted
    return own


def named_author() -> str:
    """Return who is at work where nobody signs in: named in the settings, or the account of this machine."""
    shared = _open()
    return str(st.session_state.get(AUTHOR_KEY) or shared.store.settings.get(AUTHOR_KEY) or shared.author)


def person_mark(author: str) -> str:
    """Return a name that tells people apart in a browser's storage without saying who they are."""
    return mark_of(author)


def may(right: Right) -> bool:
    """Tell whether the person at work has a right; the services ask again."""
    return current_workspace().guard.allows(right)


def set_author(name: str) -> None:
    """Keep the name of the person at work, for this session and as the next one's default."""
    name = " ".join(name.split())[:80]
    if name:
        st.session_state[AUTHOR_KEY] = name
        _open().store.settings.put(AUTHOR_KEY, name)


KEPT_CHOICES: Mapping[str, tuple[str, ...]] = {
    "home": ("home_query", "home_filter", "home_sort"),
    "memory": ("memory_query", "memory_language"),
    "glossary": ("glossary_query", "glossary_language", "glossary_domain", "glossary_status", "glossary_letter"),
    "add": ("add_paste_",),
}
"""By page, how the keys begin of fields that Streamlit forgets where they are not drawn: searches, pasted texts."""

_KEPT = "_kept_choices"


def note_choices() -> None:
    """Note what stands in the fields of :data:`KEPT_CHOICES`; called by ``app.py`` at each drawing of a page."""
    kept = st.session_state.setdefault(_KEPT, {})
    beginnings = tuple(key for keys in KEPT_CHOICES.values() for key in keys)
    for key in list(st.session_state):
        if str(key).startswith(beginnings):
            kept[key] = st.session_state[key]


def recall_choices(page: str) -> None:
    """Let the fields of a page that are drawn next say what they said when they were last seen."""
    for key, value in st.session_state.get(_KEPT, {}).items():
        if key.startswith(KEPT_CHOICES[page]) and key not in st.session_state:
            st.session_state[key] = value


def forget_choices(page: str) -> None:
    """Let the fields of a page begin empty."""
    kept = st.session_state.get(_KEPT, {})
    for key in [key for key in kept if key.startswith(KEPT_CHOICES[page])]:
        del kept[key]


def prepare_search(workspace: Workspace) -> None:
    """Make the vectors that the search by meaning lacks, in the background; nothing when none is lacking.

    A run that failed or was stopped is not begun again by itself while it lacks the same.
    """
    lacking = workspace.memory.pending_vectors()
    if not lacking or st.session_state.get("_vectors_lacking") == lacking or workspace.jobs.running("vectors"):
        return
    st.session_state["_vectors_lacking"] = lacking

    def work(progress: Progress) -> Sentence:
        seen = [0, lacking]

        def report(done: int, total: int) -> None:
            seen[:] = done, total
            progress(done, total)

        def stopped() -> bool:
            progress(seen[0], seen[1])  # raises where the person has pressed Stop; what was made so far is kept
            return False

        done = workspace.memory.make_vectors(progress=report, cancelled=stopped)
        return sentence("{n} segments can be found by meaning.", n=done)

    workspace.jobs.start("vectors", "memory", work, quiet=True)


@contextmanager
def told() -> Iterator[None]:
    """Show what the workbench refuses as a sentence where it happens; the rest of the page goes on."""
    try:
        yield
    except WorkbenchError as error:
        _tell(error)


@contextmanager
def unexpected_told() -> Iterator[None]:
    """Around a whole page: a fault of the program is told in a sentence, its details go to the log."""
    try:
        yield
    except WorkbenchError as error:
        _tell(error)
    except Exception:
        log.exception("a page failed")
        st.error(
            tr("Something went wrong in the program, and this page could not be drawn. What was saved is safe. Load "
               "the page again; if that does not help, send the log to whoever looks after the workbench."),
            icon=":material/error:",
        )  # fmt: skip


def say(message: str, icon: str = ":material/check_circle:") -> None:
    """Tell what was done, at the next drawing of the page, and keep it there until something else is done."""
    st.session_state.setdefault("_said", []).append((message, icon))


def draw_said() -> None:
    """Draw what :func:`say` was told."""
    for message, icon in st.session_state.pop("_said", []):
        st.success(markdown_text(message), icon=icon)
