"""The head of a page and the app's own style sheet."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from workbench.ui.i18n import tr

ICON = Path(__file__).parent.parent / "static" / "icon.png"
"""The browser tab's icon: a file of ours, since a named icon would be fetched from a network."""

_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 4.5rem 2rem 4rem; max-width: 90rem; }
.wb-head { margin: 0 0 .25rem; }
.wb-head h1 { font-size: 1.75rem; line-height: 1.2; padding: 0; margin: 0; letter-spacing: -.01em; }
.wb-head p { margin: .25rem 0 0; max-width: 62rem; opacity: .82; line-height: 1.45; }
.wb-spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%%);
  white-space: nowrap; }
[data-testid="stElementContainer"]:has(.wb-spoken) { position: absolute; }
.wb-section { font-size: 1.05rem; font-weight: 650; margin: .35rem 0 0; padding: 0; }
.wb-facts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .1rem 0 .2rem; }
.wb-facts span b { font-variant-numeric: tabular-nums; font-weight: 650; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] p { color: inherit; opacity: .9; }
/* The primary colour fills buttons under white words; as words on a dark page it would be too dark. */
[data-testid="stTab"][aria-selected="true"] p, [data-testid="stButtonGroup"] button[data-selected="true"] p
  { color: light-dark(#0b6470, #74c9d3); }
@media print {
  [data-testid="stHeader"], [data-testid="stSidebar"], [data-testid="stButton"], [data-testid="stToolbar"],
  [data-testid="stPopover"], .st-key-lookup, [data-testid="stTabs"] [role="tablist"] { display: none; }
  [data-testid="stMainBlockContainer"] { padding: 0; max-width: none; }
  [data-testid="stMain"], [data-testid="stAppViewContainer"], [data-testid="stApp"] { position: static;
    overflow: visible; height: auto; display: block; }
}
/* The panel for looking up takes no room until it is opened; then a wide page makes room for it. */
.st-key-lookup { position: absolute; width: 0; height: 0; }
/* What is drawn on every page and shows nothing there takes no place in its rows either. */
[data-testid="stLayoutWrapper"]:has(.st-key-lookup), .st-key-upkeep, .st-key-page_end
  { position: absolute !important; }
/* On a tablet the whole menu stands in one row without its icons, and choices go on in a second row. */
@media (max-width: 1000px) { [data-testid="stTopNavLink"] > span:first-child { display: none; } }
[data-testid="stButtonGroup"] [role="toolbar"] { flex-wrap: wrap; row-gap: .25rem; mask-image: none !important; }
/* Streamlit's own field for files speaks English only, and names a limit that is not the pages'. */
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after { font-size: .875rem; content: "%(choose)s"; }
[data-testid="stFileUploaderDropzoneInstructions"] * { display: none; }
[data-testid="stFileUploaderDropzoneInstructions"]::after { font-size: .875rem; content: "%(drop)s"; }
@media (min-width: 1100px) {
  :root[data-lookup] { --wb-lookup: 26rem; }
  :root[data-lookup] [data-testid="stMain"] { width: calc(100%% - 26rem); }
}
/* The sign that a page is at work stays; its button would cut a write short, and says so in English only. */
[data-testid="stStatusWidget"] button { display: none; }
[data-testid="stException"] a, [data-testid="stException"] button { display: none; }
</style>
"""


def draw_style() -> None:
    """Give every page the app's spacing; called once by ``app.py``."""
    words = {"choose": tr("Choose files"), "drop": tr("or drop them here")}
    st.html(_STYLE % words)


def draw_head(title: str, lead: str = "") -> None:
    """Draw a page's title and a sentence on what it is for; both are shown as plain text."""
    name_tab(title)
    words = f"<p>{escape(lead)}</p>" if lead else ""
    st.html(f'<header class="wb-head"><h1>{escape(title)}</h1>{words}</header>')


def name_tab(title: str) -> None:
    """Name the browser's tab after what is open in it, so that several can be told apart."""
    st.set_page_config(page_title=f"{title} · Workbench")


def draw_spoken_head(title: str) -> None:
    """Draw a page's title for screen readers alone, where its place is needed for work."""
    name_tab(title)
    st.html(f'<h1 class="wb-spoken">{escape(title)}</h1>')


def draw_section(title: str) -> None:
    """Draw a heading within a page, as plain text."""
    st.html(f'<h2 class="wb-section">{escape(title)}</h2>')


def draw_facts(facts: list[tuple[str, str]]) -> None:
    """Draw a line of figures: (figure, what it counts)."""
    spans = "".join(f"<span><b>{escape(figure)}</b> {escape(what)}</span>" for figure, what in facts)
    st.html(f'<div class="wb-facts">{spans}</div>')
