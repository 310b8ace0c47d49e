"""Where the terms of a concept stand: in the workspace's texts and in the memory, with links."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.terms import Concept
from workbench.services.terminology_service import TermUse
from workbench.ui.components.concordance import marked_html
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import language_label, tr, trn
from workbench.ui.navigation import anchor

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

LIMIT = 200  # places looked for
SHOWN = 20  # places drawn at once


def draw_uses(workspace: Workspace, concept: Concept) -> None:
    """Draw, once a person opens it, where the concept's terms stand."""
    box = st.expander(tr("Where it is used"), on_change="rerun", key=f"uses_{concept.id}")
    if not box.open:
        return
    with box:
        chosen = st.pills(
            tr("In versions"), LANGUAGES, selection_mode="multi", default=LANGUAGES, format_func=language_label,
            key=f"uses_languages_{concept.id}",
        )  # fmt: skip
        found = workspace.terminology.uses(concept.id, languages=chosen, limit=LIMIT)
        draw_html("queue", memory_links_html(concept, chosen), key="uses_memory")
        if not found:
            st.info(tr("No term of it stands in the workspace’s texts."), icon=":material/search_off:")
            return
        more = "+" if len(found) >= LIMIT else ""
        st.caption(trn("{n} place in the texts", "{n} places in the texts", len(found)) + more)
        shown = len(found)
        if shown > SHOWN and not st.toggle(tr("Show all of them"), key=f"uses_all_{concept.id}"):
            shown = SHOWN
        draw_html("queue", uses_html(found[:shown]), key="uses")
        header = [tr("Language"), tr("Segment"), tr("Term"), tr("Text"), tr("Row")]
        draw_downloads(f"uses.{concept.id}", header, lambda: uses_rows(found), key="uses")


def uses_html(uses: Sequence[TermUse]) -> str:
    """Return places as a list: language, sentence with the term marked, and the text it stands in."""
    items = []
    for use in uses:
        said = marked_html(use.content, [(use.hit.start, use.hit.end)])
        title = escape(use.title or use.text)
        if use.row:
            where = anchor("align", title, css="link", text=use.text, row=str(use.row))
        else:
            where = anchor("text", title, css="link", text=use.text, version=use.language)
        items.append(
            f'<li><span class="tag" title="{escape(language_label(use.language))}">{escape(use.language)}</span>'
            f'<span class="said" lang="{escape(use.language)}">{said}</span>'
            f'<span class="where">{where}</span></li>'
        )
    return f'<ol class="uses">{"".join(items)}</ol>'


def uses_rows(uses: Sequence[TermUse]) -> list[list[object]]:
    """Return places for a spreadsheet."""
    return [
        [use.language, use.content, use.content[use.hit.start : use.hit.end], use.title or use.text, use.row or ""]
        for use in uses
    ]


def memory_links_html(concept: Concept, languages: Sequence[str]) -> str:
    """Return links to the memory's search for the preferred term in each language."""
    links = []
    for code in languages:
        term = concept.preferred(code)
        if term is not None:
            inner = f'<span lang="{escape(code)}">{escape(term.text)}</span>'
            links.append(anchor("memory", inner, css="link", q=f'"{term.text}"', language=code))
    if not links:
        return ""
    return f'<p class="memory">{escape(tr("In the memory:"))} {" · ".join(links)}</p>'
