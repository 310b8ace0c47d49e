"""Drawn HTML whose links lead to other pages of the app without reloading it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from workbench.ui.components.assets import TURNS
from workbench.ui.navigation import PAGES, go

_FOLDER = Path(__file__).parent


def draw_html(name: str, html: str, *, key: str) -> None:
    """Draw HTML and follow its links (made by :func:`workbench.ui.navigation.anchor`) when they are clicked.

    Args:
        name: Name of its style sheet, ``<name>.css`` beside this module.
        html: Trusted markup: everything that comes from files is escaped in it.
        key: Tells several drawings on a page apart.
    """
    component = st.components.v2.component(
        f"workbench_{name}", css=_asset("page_html.css") + _asset(f"{name}.css"), js=TURNS + _asset("page_html.js")
    )
    result: Any = component(data={"html": html}, key=key, on_go_change=lambda: None)
    wanted = result.go
    if isinstance(wanted, Mapping) and wanted.get("page") in PAGES:
        go(str(wanted["page"]), **{str(k): str(v) for k, v in dict(wanted.get("params") or {}).items()})


@cache
def _asset(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
