"""Looking up, on every page: words selected there, one key, and beside the page what the workbench knows of them.

The panel lies in the browser's top layer and asks through a fragment of its own: whatever page is open neither runs
again nor loses the caret, an unsaved word or its place.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from workbench.core.languages import LANGUAGES, base_language
from workbench.core.people import Right
from workbench.errors import WorkbenchError
from workbench.ui.components.assets import CLIPBOARD, TURNS
from workbench.ui.components.lookup.drawing import answer_html
from workbench.ui.components.lookup.words import lookup_words
from workbench.ui.i18n import interface_language, said, tr
from workbench.ui.navigation import PAGES, go
from workbench.ui.session import current_workspace, may

log = logging.getLogger(__name__)

LOOKUP_KEY = "lookup"
"""Where the session's state keeps what the panel sent: ``st.session_state[LOOKUP_KEY].ask``."""

MAX_PLACE, MAX_NOTE = 300, 1000  # characters

_ANSWER, _GO = "_lookup_answer", "_lookup_go"
_FOLDER = Path(__file__).parent


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_PANEL = st.components.v2.component(
    "workbench_lookup", css=_read("lookup.css"), js="\n".join([TURNS, CLIPBOARD, _read("lookup.js")])
)


@st.fragment  # type: ignore[untyped-decorator]
def draw_lookup() -> None:
    """Mount the panel, closed until its key is pressed; called once by ``app.py``, before the page."""
    _PANEL(
        key=LOOKUP_KEY,
        data={
            "words": lookup_words(),
            "locale": interface_language(),
            "languages": list(LANGUAGES),
            "mayPropose": may(Right.TRANSLATE),
            "answer": st.session_state.get(_ANSWER),
        },
        on_ask_change=_take,
    )
    wanted = st.session_state.pop(_GO, None)
    if wanted:
        go(wanted[0], **wanted[1])


def _take() -> None:
    """Answer what the panel asks, before it is drawn anew."""
    asked = getattr(st.session_state.get(LOOKUP_KEY), "ask", None)
    if not isinstance(asked, Mapping):
        return
    if asked.get("op") == "go":
        if asked.get("page") in PAGES:
            params = asked.get("params")
            given = params if isinstance(params, Mapping) else {}
            st.session_state[_GO] = (str(asked["page"]), {str(k): str(v) for k, v in given.items()})
        return
    op = "propose" if asked.get("op") == "propose" else "look"
    try:
        answer = _propose(asked) if op == "propose" else _look_up(asked)
    except WorkbenchError as error:
        answer = {"error": said(error)}
    except Exception:  # the panel waits for an answer: it is told that there is none
        log.exception("the panel's question failed")
        answer = {"error": tr("Something went wrong in the program; the details are in its log.")}
    st.session_state[_ANSWER] = {"id": str(asked.get("id", "")), "op": op, **answer}


def _look_up(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to some words; it is partial while the glossary's terms are being read."""
    language, spoken = str(asked.get("language") or ""), str(asked.get("spoken") or "")
    found = current_workspace().lookup.look_up(
        str(asked.get("words") or "")[:2000],
        language=language if language in LANGUAGES else "",
        spoken=spoken if base_language(spoken) in LANGUAGES else "",
    )
    return {"html": answer_html(found, spoken), "partial": found.partial}


def _propose(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Put selected words before the terminologist, with the sentence they were selected in and its place."""
    language = str(asked.get("language") or "")
    if base_language(language) not in LANGUAGES:
        return {"error": tr("Say which language the words are in.")}
    proposal = current_workspace().glossary.propose(
        language,
        str(asked.get("words") or ""),
        concept=str(asked.get("concept") or ""),
        example=str(asked.get("example") or ""),
        place=str(asked.get("place") or "")[:MAX_PLACE],
        note=" ".join(str(asked.get("note") or "").split())[:MAX_NOTE],
    )
    return {"said": tr("“{text}” is proposed: it waits for a terminologist on the Glossary page.", text=proposal.text)}
