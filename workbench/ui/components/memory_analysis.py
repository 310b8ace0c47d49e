"""What a text costs to translate: its words by how good the memory's offer is, before work starts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st

from workbench.core.analysis import Analysis, Band
from workbench.core.languages import LANGUAGES
from workbench.services.script_service import read_versions
from workbench.services.uploads import Upload
from workbench.services.workspace import Workspace
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.labels import distinct
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import language_label, mark, number, percent, tr, trn
from workbench.ui.navigation import param
from workbench.ui.session import told

BANDS: Mapping[Band, str] = {
    Band.REPETITION: mark("repeated within the text"),
    Band.CONTEXT: mark("same sentence between the same neighbours"),
    Band.EXACT: mark("same sentence"),
    Band.FUZZY_95: mark("95–99 % alike"),
    Band.FUZZY_85: mark("85–94 % alike"),
    Band.FUZZY_75: mark("75–84 % alike"),
    Band.SEMANTIC: mark("same meaning in other words"),
    Band.NEW: mark("new"),
}
"""The bands as they are shown, best first."""
HEADS = (mark("What the memory has"), mark("Segments"), mark("Words"), mark("Share of the words"))
RESULT, FILE = "memory_analysis", ":file"


def draw_analysis(workspace: Workspace) -> None:
    """Draw the choice of a text or file and languages, and what the memory offers for it."""
    st.markdown(tr("Before work starts: how many words of a text the memory knows, and how well."))
    texts = {text.text.slug: text for text in workspace.library.coverage()}
    left, middle, right, button = st.columns([2.2, 1, 1, 1], vertical_alignment="bottom")
    asked = param("analyse")
    options, titles = [*texts, FILE], distinct({key: found.text.title for key, found in texts.items()})
    slug = left.selectbox(
        tr("Text"), options, options.index(asked) if asked in options else 0, key="analysis_text",
        format_func=lambda key: titles.get(key, tr("A file …")),
    )  # fmt: skip
    upload = st.file_uploader(tr("File to be translated"), key="analysis_file") if slug == FILE else None
    if slug == FILE:
        present = ["", *LANGUAGES]
        origin = ""
    else:
        present = [code for code, c in texts[slug].languages.items() if c.state != "missing"]
        origin = texts[slug].text.original
    source = middle.selectbox(
        tr("From"), present, present.index(origin) if origin in present else 0, key=f"analysis_from_{slug}",
        format_func=lambda code: language_label(code) if code else tr("as the file says"),
    )  # fmt: skip
    targets = [code for code in LANGUAGES if code != source]
    target = right.selectbox(tr("Into"), targets, key=f"analysis_to_{source}", format_func=language_label)
    ready = slug != FILE or upload is not None
    if button.button(tr("Analyse"), type="primary", icon=":material/analytics:", disabled=not ready, width="stretch"):
        st.session_state.pop(RESULT, None)
        with told(), st.spinner(tr("Looking up every sentence …"), show_time=True):
            if upload is not None:
                version = read_versions([Upload(upload.name, upload.getvalue(), source or None)])[0]
                segments, language, name = [s.text for s in version.segments], version.language, upload.name
            else:
                segments = [s.text for s in workspace.library.segments(slug, source)]
                language, name = source, texts[slug].text.title
            found = workspace.memory.analyse(
                segments, source=language, target=target, text_slug=None if slug == FILE else slug
            )
            st.session_state[RESULT] = (name, found)
    if RESULT in st.session_state:
        name, found = st.session_state[RESULT]
        draw_html("analysis", analysis_html(name, found), key="analysis")
        header = [tr(head) for head in HEADS]
        rows = [[tr(BANDS[b.band]), b.segments, b.words, round(b.words / max(found.words, 1), 4)] for b in found.bands]
        draw_downloads("analysis", header, lambda: rows, key="analysis")


def analysis_html(name: str, found: Analysis) -> str:
    """Return an analysis as an HTML table with a bar for each band."""
    rows = []
    for count in found.bands:
        share = count.words / max(found.words, 1)
        rows.append(
            f'<tr class="{"none" if not count.segments else ""}"><th scope="row">{escape(tr(BANDS[count.band]))}</th>'
            f"<td>{number(count.segments)}</td><td>{number(count.words)}</td><td>{percent(share)}</td>"
            f'<td class="bar"><span class="{count.band.name.lower()}" style="width:{share:.1%}"></span></td></tr>'
        )
    pair = tr("{source} into {target}", source=language_label(found.source), target=language_label(found.target))
    words = trn("{n} word", "{n} words", found.words)
    segments = trn("{n} segment", "{n} segments", found.segments)
    heads = "".join(f'<th scope="col">{escape(tr(head))}</th>' for head in HEADS)
    total = (
        f'<tr class="all"><th scope="row">{escape(tr("All"))}</th><td>{number(found.segments)}</td>'
        f"<td>{number(found.words)}</td><td></td><td></td></tr>"
    )
    return (
        f'<table class="analysis"><caption>{escape(name)} · {escape(pair)} · {escape(segments)}, {escape(words)}'
        f"</caption><thead><tr>{heads}<td></td></tr></thead><tbody>{''.join(rows)}{total}</tbody></table>"
    )
