"""The glossary's terms of the rows in view: asked for apart from the steps, so that no step waits for them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from workbench.core.languages import base_language
from workbench.core.terms import Concept, Status
from workbench.services.segment_terms import MAX_SEGMENTS, SegmentTerms, segment_terms
from workbench.services.workspace import Workspace
from workbench.ui.components.assets import TURNS
from workbench.ui.components.grid_editor.feed import GridFeed

log = logging.getLogger(__name__)

TERMS_KEY = "grid_terms"
"""Where the session's state keeps what the grid asked for: ``st.session_state[TERMS_KEY].ask``."""

_ANSWER = "_grid_terms_answer"
_TERMS = st.components.v2.component(
    "workbench_grid_terms",
    html='<div hidden=""></div>',
    js=TURNS + (Path(__file__).parent / "mount_terms.js").read_text(encoding="utf-8"),
)


@st.fragment  # type: ignore[untyped-decorator]
def draw_terms(workspace: Workspace, feed: GridFeed) -> None:
    """Mount the channel through which the grid learns the terms of what it shows; nothing of it is seen."""
    _TERMS(
        key=TERMS_KEY,
        data={"answer": st.session_state.get(_ANSWER)},
        on_ask_change=lambda: _take(workspace, feed),
    )


def _take(workspace: Workspace, feed: GridFeed) -> None:
    asked = getattr(st.session_state.get(TERMS_KEY), "ask", None)
    if not isinstance(asked, Mapping) or not isinstance(asked.get("segments"), list):
        return
    numbers = [number for number in asked["segments"][:MAX_SEGMENTS] if isinstance(number, int)]
    answer: dict[str, Any] = {"id": str(asked.get("id", ""))}
    try:
        if workspace.lookup.prepare():
            answer |= terms_data(segment_terms(workspace.glossary, feed_texts(feed, numbers)), feed, numbers)
        else:
            answer["later"] = True
    except Exception:  # terms are a help: the grid goes on without them
        log.exception("the terms of a grid could not be found")
    st.session_state[_ANSWER] = answer


def feed_texts(feed: GridFeed, numbers: Iterable[int]) -> list[tuple[int, str, str]]:
    """Return (number, language, text) of segments as the browser knows them; those it does not know are left out."""
    wanted = set(numbers)
    found = [
        (item[0], language, item[1])
        for language, items in zip(feed.languages, feed.segments, strict=True)
        for item in items
        if item[0] in wanted
    ]
    return [(number, language, feed.texts.get(number, (number, text))[1]) for number, language, text in found]


def terms_data(found: SegmentTerms, feed: GridFeed, numbers: Sequence[int]) -> dict[str, Any]:
    """Return terms for the browser: by segment its length and spans, both as JavaScript counts, and the concepts."""
    texts = {number: text for number, _, text in feed_texts(feed, numbers)}
    segments = {}
    for number, spans in found.spans.items():
        text = texts[number]
        at = _units(text)
        segments[str(number)] = [
            at[len(text)], [[at[s.start], at[s.end], list(s.concepts), int(s.avoid)] for s in spans],
        ]  # fmt: skip
    return {"segments": segments, "concepts": {name: _concept(c, feed) for name, c in found.concepts.items()}}


def _units(text: str) -> Sequence[int]:
    """Return by character its place in UTF-16, in which JavaScript counts."""
    if text.isascii() or max(text) <= "\uffff":
        return range(len(text) + 1)
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if character > "\uffff" else 1))
    return places


def _concept(concept: Concept, feed: GridFeed) -> list[list[str]]:
    """Return by column what to say: the preferred terms, or the admitted ones where none is preferred."""
    columns = []
    for language in feed.languages:
        terms = [term for term in concept.terms if term.base_language == base_language(language)]
        for status in (Status.PREFERRED, Status.ADMITTED):
            said = [term.text for term in terms if term.status is status]
            if said:
                break
        columns.append(said)
    return columns
