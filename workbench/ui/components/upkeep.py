"""What every page does about the server itself: says that it does not answer or was brought up to date meanwhile, and
asks again for a page that has not come, or not whole."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from typing import NoReturn

import streamlit as st

import workbench
from workbench.ui.components.assets import TURNS
from workbench.ui.i18n import LANGUAGE_COOKIE, LANGUAGE_KEY, tr

_FOLDER = Path(__file__).parent
_HTML = (
    '<div class="upkeep" role="alert" hidden=""><span></span><button type="button"></button></div>'
    '<div class="away" role="alert" hidden=""></div>'
    '<div class="no-page" role="alert" hidden=""></div>'
)


_RUN = "_page_run"  # session state: a name of the page's drawing under way


def draw_upkeep() -> None:
    """Tell the browser which revision of the program it speaks to, and what to say where the server does not answer.

    Drawn by ``app.py`` as the first thing of every page; :func:`draw_page_end` is the last.
    """
    run = st.session_state[_RUN] = token_hex(4)
    component = st.components.v2.component(
        "workbench_upkeep", html=_HTML, css=_asset("upkeep.css"), js=TURNS + _asset("unsaved.js") + _asset("upkeep.js")
    )
    component(
        key="upkeep",
        data={
            "revision": revision(),
            "run": run,
            "language": st.session_state.get(LANGUAGE_KEY, ""),  # that a person chose: kept for this browser
            "cookie": LANGUAGE_COOKIE,
            "words": tr("The workbench was brought up to date while this page was open. What you have typed is kept: "
                        "load the page again."),
            "action": tr("Load again"),
            "away": tr("The server does not answer at the moment. Leave this page open: it goes on by itself as soon "
                       "as the server is back."),
            "unsaved": tr("What you have typed in this form is not saved. Leave the page all the same?"),
            "noPage": tr("There is no page at this address. Here are the network’s texts instead."),
        },
        on_again_change=lambda: None,  # that it has come is enough: the whole page is drawn for it
    )  # fmt: skip
    _come_back()


def draw_page_end() -> None:
    """Let the browser know that the whole page has come to it: Streamlit can lose the end of one.

    What is asked in the moment in which a page was just drawn makes it forget what of the page is still to be sent.
    """
    component = st.components.v2.component("workbench_page_end", html='<div hidden=""></div>', js=_asset("page_end.js"))
    component(key="page_end", data={"run": st.session_state.get(_RUN, "")})


def stop_page() -> NoReturn:
    """Draw nothing more: the page is whole as it is."""
    draw_page_end()
    st.stop()
    raise AssertionError("st.stop() ends the script")


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
