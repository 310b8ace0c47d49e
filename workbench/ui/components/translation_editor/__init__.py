"""The translation editor: source and target in the flow of the text, the open segment with all that helps.

:class:`~workbench.ui.components.translation_editor.feed.EditorFeed` is the server's half; the browser's half is the
JavaScript beside this module. Two mounts make it: :func:`mount_code` and :func:`mount_editor`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from workbench.ui.components.assets import CLIPBOARD, TURNS
from workbench.ui.components.translation_editor.feed import EditorFeed as EditorFeed
from workbench.ui.components.translation_editor.words import editor_words
from workbench.ui.session import person_mark

EDITOR_KEY = "translation_editor"
"""Where the session's state keeps the editor's message: ``st.session_state[EDITOR_KEY].ops``."""

_FOLDER = Path(__file__).parent
_SCRIPTS = (
    "elements.js", "outbox.js", "rows.js", "notes.js", "panel.js", "page.js", "preview.js", "sight.js", "editor.js",
    "drafts.js", "keys.js", "splitting.js", "code.js",
)  # fmt: skip


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_STYLE = f"const STYLE = {json.dumps(_read('translation_editor.css'))};"
_CODE = st.components.v2.component(
    "workbench_translation_code",
    html='<div hidden=""></div>',
    js="\n".join([TURNS, CLIPBOARD, _STYLE, *(_read(name) for name in _SCRIPTS)]),
)
_EDITOR = st.components.v2.component(
    "workbench_translation_editor", html=_read("translation_editor.html"), js=_read("mount.js")
)


def sent_message() -> object:
    """Return what the browser sent, ``None`` where the editor is not on the page (any more) or sent nothing."""
    state = st.session_state.get(EDITOR_KEY)
    return state.get("ops") if isinstance(state, Mapping) else None


def mount_code() -> None:
    """Hand the browser the editor's code: a hundred kilobytes, which Streamlit would send with every answer.

    Mount it outside the editor's fragment, below everything visible.
    """
    _CODE(key="translation_code", data={})


def mount_editor(feed: EditorFeed, *, place: int | None, on_ops: Callable[[], None]) -> None:
    """Mount the editor with what its browser lacks.

    Args:
        place: The row to open at first, 0-based; the first to be done unless given.
        on_ops: Called when the browser has sent something; it is in the session's state under :data:`EDITOR_KEY`.
    """
    data = feed.data()
    data |= {
        "words": editor_words(feed.view.source, feed.target),
        "place": place,
        "person": person_mark(feed.workspace.author),
    }
    _EDITOR(key=EDITOR_KEY, data=data, on_ops_change=on_ops)
