"""The grid editor: a text's versions side by side, corrected by keys or mouse, each step stored at once.

Two mounts make it: :func:`mount_feed` hands the browser the grid once, :func:`mount_editor` is redrawn with every step
and carries only what changed. Both are registered once, from the files beside this module.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from workbench.core.grid import DOUBTFUL
from workbench.core.languages import NATIVE_NAMES
from workbench.ui.components.assets import CLIPBOARD, TURNS
from workbench.ui.components.grid_editor.feed import GridFeed
from workbench.ui.components.grid_editor.words import grid_words
from workbench.ui.i18n import interface_language

SURE = 0.95  # from here three bars
POOR = 0.5  # below it a row is more likely wrong than right

_FOLDER = Path(__file__).parent


# One module in the browser: later parts use earlier ones; the last is what the feed's component calls.
_PARTS = (
    "model",
    "names",
    "scroller",
    "view",
    "editor",
    "answers",
    "waiting",
    "controls",
    "fixing",
    "terms",
    "feeding",
)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_FEED = st.components.v2.component(
    "workbench_grid_feed",
    html='<div hidden=""></div>',
    js="\n".join([TURNS, CLIPBOARD, *(_read(f"{name}.js") for name in _PARTS)]),
)
_EDITOR = st.components.v2.component(
    "workbench_grid_editor", html=_read("grid_editor.html"), css=_read("grid_editor.css"), js=_read("mount.js")
)


def mount_feed(feed: GridFeed, person: str) -> None:
    """Hand the browser the base of a feed. Mount it outside the editor's fragment, below everything visible.

    Args:
        person: The mark of who is at work; the browser keeps steps that wait for the server apart by it.
    """
    _FEED(
        key="grid_feed",
        data={
            "id": feed.base,
            "slug": feed.slug,
            "person": person,
            "languages": [{"code": code, "name": NATIVE_NAMES.get(code, code)} for code in feed.languages],
            "segments": feed.segments,
            "rows": feed.rows,
            "limits": {"sure": SURE, "doubtful": DOUBTFUL, "poor": POOR},
            "locale": interface_language(),
            "words": grid_words(),
        },
    )


def mount_editor(
    feed: GridFeed,
    *,
    place: int | None,
    reading: bool,
    on_edit: Callable[[], None],
) -> None:
    """Mount the editor with all that changed since the base.

    Args:
        place: The row to begin at, 0-based.
        reading: Whether the person at work may only look.
        on_edit: Called when steps have come; they are in the session's state under :data:`EDITOR_KEY`.
    """
    _EDITOR(
        key=EDITOR_KEY,
        data={
            "base": feed.base,
            "revision": feed.stored.revision,
            "splices": feed.splices,
            "texts": list(feed.texts.values()),
            "canUndo": feed.stored.can_undo,
            "canRedo": feed.stored.can_redo,
            "ack": feed.answer.batch,
            "answered": {"done": feed.answer.done, "revision": feed.answer.revision},
            "message": {"kind": feed.answer.kind, "text": feed.answer.text} if feed.answer.text else None,
            "place": place,
            "reading": reading,
        },
        on_edit_change=on_edit,
    )


EDITOR_KEY = "grid_editor"
