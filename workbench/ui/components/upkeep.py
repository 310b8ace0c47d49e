"""What every page says of the server itself: that it does not answer, or was brought up to date meanwhile."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import streamlit as st

import workbench
from workbench.ui.i18n import tr

_FOLDER = Path(__file__).parent
_HTML = (
    '<div class="upkeep" role="alert" hidden=""><span></span><button type="button"></button></div>'
    '<div class="away" role="alert" hidden=""></div>'
)


def draw_upkeep() -> None:
    """Tell the browser which revision of the program it speaks to, and what to say where the server does not answer.

    Drawn once by ``app.py`` on every page.
    """
    component = st.components.v2.component(
        "workbench_upkeep", html=_HTML, css=_asset("upkeep.css"), js=_asset("upkeep.js")
    )
    component(
        key="upkeep",
        data={
            "revision": revision(),
            "words": tr("The workbench was brought up to date while this page was open. What you have typed is kept: "
                        "load the page again."),
            "action": tr("Load again"),
            "away": tr("The server does not answer at the moment. Leave this page open: it goes on by itself as soon "
                       "as the server is back."),
        },
    )  # fmt: skip
    _come_back()


@st.fragment(run_every=timedelta(days=1))  # type: ignore[untyped-decorator]
def _come_back() -> None:
    """Draw nothing: with a clock on it, Streamlit draws the whole page anew when the browser reaches a server again.

    Without one it does so only where a run was under way or the last one drew a fragment. A server started again knows
    no fragments: what a page tells one of them would be dropped each time, however often it is sent.
    """


@cache
def revision() -> str:
    """Return a mark of the program as it runs: another one after every change of its files."""
    package = Path(workbench.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.suffix in (".py", ".js", ".css", ".html", ".mo"))
    state = [(path.relative_to(package).as_posix(), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{version('workbench')}-{sha256(repr(state).encode()).hexdigest()[:12]}"


@cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
