"""One unit of the memory: what it says, where from, what it said before; corrected and removed by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

import streamlit as st

from workbench.core.memory import HistoryEntry, TranslationUnit
from workbench.core.people import Right
from workbench.errors import ConflictError, UsageError
from workbench.services.memory_service import MemoryService
from workbench.ui.components.concordance import unit_html
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.page_head import draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.segments import segment_text_html
from workbench.ui.i18n import day, labelled, language_label, mark, said, tr, trn
from workbench.ui.navigation import go
from workbench.ui.session import say, told

OPERATIONS: Mapping[str, str] = {
    "grown": mark("gained a language"),
    "retracted": mark("a text no longer says it"),
    "replaced": mark("replaced"),
    "joined": mark("joined with a unit that said the same"),
    "edited": mark("corrected"),
    "removed": mark("removed"),
    "undone": mark("an import was taken back"),
}
"""What happened to a unit, as the store names it → as it is shown."""
SEEN = "memory_unit_seen"


def draw_unit(memory: MemoryService, number: int) -> None:
    """Draw a unit with its history, to be corrected or removed; one that is gone still shows its history.

    Raises:
        UsageError: there is and was none of that number.
    """
    history = memory.history(number)
    try:
        unit = memory.unit(number)
    except UsageError:
        if not history:
            raise
        st.info(tr("This unit is in the memory no more."), icon=":material/info:")
    else:
        draw_html("hits", unit_html(unit), key="unit")
        _draw_details(unit)
        if memory.guard.allows(Right.REVISE):
            _draw_form(memory, unit)
    if history:
        draw_section(tr("What it said before"))
        draw_html("hits", history_html(history), key="unit_history")


def _draw_details(unit: TranslationUnit) -> None:
    """Draw what files said about it, where they did."""
    pairs = [*unit.details.properties, *((tr("Note"), note) for note in unit.details.notes)]
    for variant in unit.variants:
        found = unit.variant_details(variant.language)
        name = language_label(variant.language)
        pairs += [(labelled(name, key), value) for key, value in found.properties]
        pairs += [(labelled(name, tr("Note")), note) for note in found.notes]
    if pairs:
        with st.expander(trn("{n} property from its file", "{n} properties from its file", len(pairs))):
            st.table({"": [markdown_text(key) for key, _ in pairs], " ": [markdown_text(v) for _, v in pairs]})
            draw_downloads(f"unit-{unit.id}", [tr("Property"), tr("Value")], lambda: pairs, key="unit_details")


def _draw_form(memory: MemoryService, unit: TranslationUnit) -> None:
    # What the person saw when the form was first drawn: saving compares it with what the unit says then.
    seen: tuple[int, int] = st.session_state.get(SEEN, (0, 0))
    if seen[0] != unit.id:
        seen = st.session_state[SEEN] = (unit.id, unit.revision)
    with st.expander(tr("Correct it"), icon=":material/edit:"):
        with st.form("memory_unit_form", border=False):
            columns = st.columns(2)
            texts = {
                v.language: columns[place % 2].text_area(
                    language_label(v.language), v.text, key=f"unit_{unit.id}_{seen[1]}_{v.language}", height="content"
                )
                for place, v in enumerate(unit.variants)
            }
            st.caption(tr("A language left empty is taken out of the unit. Its history keeps what it said."))
            saved = st.form_submit_button(tr("Save"), type="primary", icon=":material/check:")
        if saved:
            _save(memory, unit, texts, seen[1])
        if unit.revision != seen[1] and st.button(tr("Show what it says now"), icon=":material/refresh:"):
            st.session_state.pop(SEEN)
            st.rerun()
        if not memory.guard.allows(Right.ADMINISTER):
            return
        with st.popover(tr("Remove this unit"), icon=":material/delete:"):
            st.markdown(tr("It is offered no more, whatever text or file it came from."))
            if st.button(tr("Yes, remove it"), type="primary", key="unit_remove"):
                with told():
                    memory.remove([unit.id])
                    say(tr("The unit was removed from the memory."))
                    go("memory")


def _save(memory: MemoryService, unit: TranslationUnit, texts: Mapping[str, str], revision: int) -> None:
    with told():
        try:
            memory.edit(unit.id, texts, revision=revision)
        except ConflictError as error:
            st.warning(markdown_text(said(error)), icon=":material/warning:")  # what was typed stays in the form
            return
        st.session_state.pop(SEEN)
        say(tr("The unit was corrected."))
        st.rerun()


def history_html(history: Iterable[HistoryEntry]) -> str:
    """Return a unit's changes as HTML, last first: what went, what came, who and when."""
    rows = []
    for entry in history:
        what = tr(OPERATIONS.get(entry.operation, entry.operation))
        lines = []
        for language in dict.fromkeys((*entry.before, *entry.after)):
            before, after = entry.before.get(language, ""), entry.after.get(language, "")
            if before == after:
                continue
            old = f"<del>{segment_text_html(before)}</del> " if before else ""
            new = f"<ins>{segment_text_html(after)}</ins>" if after else ""
            lines.append(
                f'<p class="variant"><span class="lang">{escape(language)}</span>'
                f'<span lang="{escape(language)}">{old}{new}</span></p>'
            )
        who = " · ".join(escape(part) for part in (what, entry.by, day(entry.at)) if part)
        rows.append(f'<li>{"".join(lines)}<p class="origin quiet">{who}</p></li>')
    return f'<ol class="hits">{"".join(rows)}</ol>'
