"""Where a look says more than a table: the texts' coverage over time, alignments, the memory, segments by meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.core.grid import DOUBTFUL
from workbench.core.languages import LANGUAGES, base_language
from workbench.services.workspace import Workspace
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.page_head import draw_head, draw_section
from workbench.ui.components.plots import (
    SELECTED,
    confidence_chart,
    coverage_chart,
    map_chart,
    map_row,
    saved_chart,
    source_label,
    sources_chart,
    state_names,
    way_names,
)
from workbench.ui.i18n import day, language_label, number, percent, tr, trn
from workbench.ui.navigation import go
from workbench.ui.session import current_workspace, draw_said, told

if TYPE_CHECKING:
    import altair as alt

    from workbench.services.figures_service import SegmentMap

Table = tuple[Sequence[str], Sequence[Sequence[object]]]


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    draw_head(tr("Figures"), tr("How far the texts have come, how sure the alignments are, and what the memory saves."))
    draw_said()
    left, right = st.columns(2, gap="large")
    with left, told():
        _draw_coverage(workspace)
    with right, told():
        _draw_confidence(workspace)
    left, right = st.columns(2, gap="large")
    with left, told():
        _draw_sources(workspace)
    with right, told():
        _draw_saved(workspace)
    with told():
        _draw_map(workspace)


def _draw_figure(
    key: str, title: str, said: str, chart: Callable[[], alt.Chart], table: Callable[[], Table], *, empty: str = ""
) -> None:
    """Draw a figure: what it says in a sentence, the plot, and the same as a table to take away.

    Args:
        said: The sentence; who does not see the plot reads it instead.
        empty: Shown instead of a plot where there is nothing to plot.
    """
    draw_section(title)
    if empty:
        st.info(empty, icon=":material/info:")
        return
    st.markdown(said)
    drawn = chart().properties(description=said)
    st.altair_chart(drawn, width="stretch", key=f"plot_{key}")
    _draw_table(key, table)


def _draw_table(key: str, table: Callable[[], Table]) -> None:
    with st.expander(tr("As a table"), icon=":material/table:"):
        header, rows = table()
        st.dataframe(
            [dict(zip(header, row, strict=True)) for row in rows], hide_index=True, width="stretch", key=f"table_{key}"
        )
        draw_downloads(key, header, lambda: rows, key=f"figure_{key}")


def _draw_coverage(workspace: Workspace) -> None:
    points = [p for p in workspace.figures.coverage() if base_language(p.language) in LANGUAGES]
    last = {p.language: p for p in points}
    shares = [
        f"{language_label(code)} {percent(last[code].done / last[code].wanted)}"
        for code in LANGUAGES
        if code in last and last[code].wanted
    ]
    said = tr("Finished today: {shares}.", shares=", ".join(shares))
    told_only = [p.day for p in points if not p.noted]
    if told_only:
        said += " " + tr("Until {day} as far as the segments’ own dates tell it.", day=day(max(told_only)))
    header = [
        tr("Day"),
        tr("Language"),
        tr("Segments wanted"),
        tr("Finished"),
        tr("Out of date"),
        tr("How it is known"),
    ]
    _draw_figure(
        "coverage", tr("Coverage over time"), said, lambda: coverage_chart(points),
        lambda: (header, [
            [p.day, language_label(p.language), p.wanted, p.done, p.stale,
             tr("noted that day") if p.noted else tr("told by dates")]
            for p in points
        ]),
        empty="" if points else tr("There is no text yet: the figure begins with the first."),
    )  # fmt: skip


def _draw_confidence(workspace: Workspace) -> None:
    bins = workspace.figures.confidence()
    total = sum(b.confirmed + b.accepted + b.unreviewed for b in bins)
    unsure = sum(b.unreviewed for b in bins if b.high <= DOUBTFUL)
    said = trn("{n} row has a confidence;", "{n} rows have a confidence;", total) + " "
    said += trn("{n} of those that nobody has looked at is below {share}.",
                "{n} of those that nobody has looked at are below {share}.",
                unsure, share=percent(DOUBTFUL))  # fmt: skip
    header = [tr("from"), tr("to"), *state_names().values()]
    _draw_figure(
        "confidence", tr("How sure the alignments are"), said, lambda: confidence_chart(bins),
        lambda: (header, [[b.low, b.high, b.confirmed, b.accepted, b.unreviewed] for b in bins]),
        empty="" if total else tr("No row was aligned by the program yet: align a text to see how sure it is."),
    )  # fmt: skip


def _draw_sources(workspace: Workspace) -> None:
    sources = workspace.figures.sources()
    units = workspace.memory.stats().units
    said = trn("The memory holds {n} unit.", "The memory holds {n} units.", units)
    if sources:
        most = source_label(sources[0])
        said += " " + tr("Most come from “{name}”: {n}.", name=_plain(most),
                         n=number(sources[0].reviewed + sources[0].unreviewed))  # fmt: skip
    header = [tr("Learnt from"), tr("Short name"), tr("checked"), tr("not checked")]
    _draw_figure(
        "sources", tr("Where matches come from"), said, lambda: sources_chart(sources),
        lambda: (header, [[source_label(s), s.text_slug, s.reviewed, s.unreviewed] for s in sources]),
        empty="" if sources else tr("The memory is empty: confirm rows of a text, or import what was translated."),
    )  # fmt: skip


def _draw_saved(workspace: Workspace) -> None:
    saved, ways = workspace.figures.saved(), way_names()
    words = sum(s.words for s in saved)
    uses = workspace.figures.uses()
    said = trn("{n} word was not typed but came from the memory.",
               "{n} words were not typed but came from the memory.", words)  # fmt: skip
    said += " " + trn("A suggestion was taken once in all.", "Suggestions were taken {n} times in all.", uses)
    header = [tr("Day"), tr("How"), tr("times"), tr("words")]
    _draw_figure(
        "saved", tr("Words saved by the memory"), said, lambda: saved_chart(saved),
        lambda: (header, [[s.day, ways.get(s.way, s.way), s.times, s.words] for s in saved]),
        empty="" if saved else tr(
            "Nothing yet: what you take from suggestions, fill in from the memory, or have filled because it is "
            "identical, is counted here from now on."
        ),
    )  # fmt: skip


@st.fragment  # type: ignore[untyped-decorator]
def _draw_map(workspace: Workspace) -> None:
    """Draw the map apart from the rest, so that choosing a colour or a point draws nothing else anew."""
    draw_section(tr("The texts’ segments by meaning"))
    found = workspace.figures.map()
    if not found.points:
        st.info(tr("No sentence has a vector yet: align a text, or let the search by meaning get ready."),
                icon=":material/info:")  # fmt: skip
        return
    choices = {"text": tr("by text"), "language": tr("by language")}
    by = st.segmented_control(
        tr("Colours"), list(choices), default="text", format_func=choices.__getitem__, key="map_by",
        label_visibility="collapsed",
    )  # fmt: skip
    st.markdown(map_words(found))
    chart = map_chart(found.points, str(by or "text")).properties(description=map_words(found))
    event: Any = st.altair_chart(chart, width="stretch", key=f"map_{by}", on_select="rerun", selection_mode=SELECTED)
    header = [tr("Segment"), tr("Text"), tr("Language"), "x", "y"]
    rows = [map_row(point) for point in found.points]
    _draw_table(
        "map", lambda: (header, [[r["content"], r["title"], r["language"], r["x"], r["y"]] for r in rows])
    )  # fmt: skip
    place = chosen(event)
    if place:
        go("align", text=place[0], segment=place[1])


def map_words(found: SegmentMap) -> str:
    """Return what the map shows in words."""
    said = trn(
        "{n} segment: near each other lies what means the same, whatever the language. A click leads to the segment.",
        "{n} segments: near each other lies what means the same, whatever the language. A click leads to the segment.",
        len(found.points),
    )
    said += " " + tr("A plane shows {share} of their differences.", share=percent(found.kept))
    if found.unknown:
        said += " " + trn("{n} has no vector yet.", "{n} have no vector yet.", found.unknown)
    return said


def chosen(event: Any) -> tuple[str, str] | None:
    """Return the text and the segment of the point that was clicked, ``None`` if none was."""
    selection = getattr(event, "selection", None) or {}
    points = selection.get(SELECTED) if isinstance(selection, Mapping) else None
    for point in points or []:
        slug, _, segment = str(point.get("id", "")).partition("/")
        if slug and segment.isdecimal():
            return slug, segment
    return None


def _plain(text: str) -> str:
    from workbench.ui.components.escape import markdown_text

    return markdown_text(text)


draw()
