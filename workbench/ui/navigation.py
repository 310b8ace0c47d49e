"""The pages by name, their addresses, and how one leads to another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from workbench.ui.i18n import mark, tr

FOLDER = Path(__file__).parent / "pages"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """A page: its title, its icon (Material symbols), and whether it stands in the menu."""

    title: str
    icon: str
    in_menu: bool = True


PAGES: Mapping[str, PageInfo] = {
    "home": PageInfo(mark("Texts"), ":material/grid_view:"),
    "add": PageInfo(mark("Add a text"), ":material/note_add:"),
    "memory": PageInfo(mark("Memory"), ":material/manage_search:"),
    "glossary": PageInfo(mark("Glossary"), ":material/dictionary:"),
    "figures": PageInfo(mark("Figures"), ":material/monitoring:"),
    "help": PageInfo(mark("Help"), ":material/help:"),
    "settings": PageInfo(mark("Settings"), ":material/settings:"),
    "text": PageInfo(mark("Text"), ":material/article:", in_menu=False),
    "align": PageInfo(mark("Align"), ":material/view_column:", in_menu=False),
    "translate": PageInfo(mark("Translate"), ":material/translate:", in_menu=False),
}
"""By address; the first is where people arrive. The page ``align`` is ``pages/align_page.py``."""


def page(name: str) -> Any:
    """Return a page for ``st.navigation`` and ``st.switch_page``."""
    info = PAGES[name]
    return st.Page(
        FOLDER / f"{'add_text' if name == 'add' else name}_page.py",
        title=tr(info.title),
        icon=info.icon,
        url_path=name,
        default=name == "home",
        visibility="visible" if info.in_menu else "hidden",
    )


def pages() -> list[Any]:
    """Return all pages that exist."""
    return [page(name) for name in PAGES if exists(name)]


def exists(name: str) -> bool:
    """Tell whether a page is there."""
    return (FOLDER / f"{'add_text' if name == 'add' else name}_page.py").is_file()


def go(name: str, **params: str) -> None:
    """Leave for another page: nothing after this is drawn."""
    st.switch_page(page(name), query_params=params or None)


def href(name: str, params: Mapping[str, str]) -> str:
    """Return a page's address, relative to every page's."""
    return ("./" if name == "home" else name) + (f"?{urlencode(params)}" if params else "")


def anchor(name: str, inner: str, *, css: str = "", label: str = "", **params: str) -> str:
    """Return the HTML of a link to a page, for :func:`workbench.ui.components.page_html.draw_html`.

    Args:
        inner: HTML already escaped.
        css: Class names.
        label: What a screen reader says where the inner text does not say it all.
    """
    spoken = f' aria-label="{escape(label)}"' if label else ""
    return (
        f'<a href="{escape(href(name, params))}" class="{escape(css)}" data-page="{escape(name)}" '
        f'data-params="{escape(json.dumps(params))}"{spoken}>{inner}</a>'
    )


def param(name: str) -> str:
    """Return a parameter of the page's address, empty if it is not there."""
    return str(st.query_params.get(name, ""))
