"""The figures' plots, for Altair: colours that everybody tells apart, words beside every colour, light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.core.languages import LANGUAGES
from workbench.services.figures_service import ConfidenceBin, MapPoint
from workbench.store.figures import CoverageDay, SavedWords, SourceCount
from workbench.ui.components.escape import shorten
from workbench.ui.i18n import day, interface_language, language_label, percent, percent_sign, tr

if TYPE_CHECKING:
    import altair as alt

# Okabe and Ito's colours (2008), told apart with every kind of colour blindness; without yellow and black, which
# vanish on one of the two backgrounds.
BLUE, ORANGE, GREEN, ROSE, SKY, VERMILION, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8a8f98",
)  # fmt: skip
LANGUAGE_COLOURS = dict(zip(LANGUAGES, (BLUE, ORANGE, GREEN, ROSE), strict=True))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "circle")
MANY = (BLUE, ORANGE, GREEN, ROSE, SKY, VERMILION)
HEIGHT = 300  # pixels
MAP_HEIGHT = 560
SELECTED = "segment"
"""Name of the map's selection: the point that was clicked."""

Row = dict[str, Any]


def day_format() -> str:
    """Return how the interface's language writes a day, for Vega, which knows only English names of months."""
    return "%-d %b %Y" if interface_language() == "en" else "%d/%m/%Y"


def percent_axis() -> alt.Axis:
    """Return an axis of shares, written as the interface's language does."""
    import altair as alt

    return alt.Axis(format="%", labelExpr=f"replace(datum.label, '%', '{percent_sign()}')")


def coverage_chart(points: Sequence[CoverageDay]) -> alt.Chart:
    """Draw the share of segments each language has, by day."""
    import altair as alt

    rows = [
        {"day": p.day, "language": language_label(p.language), "share": share, "said": percent(share)}
        for p in points
        for share in [p.done / p.wanted if p.wanted else 0.0]
    ]
    names = [language_label(code) for code in LANGUAGES]
    colour = alt.Scale(domain=names, range=list(LANGUAGE_COLOURS.values()))
    base = alt.Chart(alt.Data(values=rows), height=HEIGHT).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format=day_format(), labelOverlap=True, tickCount=6)),
        y=alt.Y("share:Q", title=tr("finished"), scale=alt.Scale(domain=[0, 1]), axis=percent_axis()),
        color=alt.Color(
            "language:N", title=None, scale=colour, legend=alt.Legend(orient="bottom", columns=2, labelLimit=240)
        ),
        shape=alt.Shape("language:N", title=None, scale=alt.Scale(domain=names, range=list(SHAPES[:4])), legend=None),
        tooltip=[
            alt.Tooltip("day:T", title=tr("Day"), format=day_format()),
            alt.Tooltip("language:N", title=tr("Language")),
            alt.Tooltip("said:N", title=tr("finished")),
        ],
    )
    return base.mark_line(interpolate="step-after") + base.mark_point(filled=True, size=60)


def confidence_chart(bins: Sequence[ConfidenceBin]) -> alt.Chart:
    """Draw how many rows have which confidence, by what a person has said of them."""
    import altair as alt

    states = state_names()
    rows = [
        {
            "from": found.low, "to": found.high, "state": states[name], "rows": getattr(found, name), "order": n,
            "said from": percent(found.low), "said to": percent(found.high),
        }
        for found in bins
        for n, name in enumerate(states)
        if getattr(found, name)
    ]  # fmt: skip
    scale = alt.Scale(domain=list(states.values()), range=[GREEN, SKY, ORANGE])
    return (
        alt.Chart(alt.Data(values=rows), height=HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X(
                "from:Q",
                bin="binned",
                title=tr("confidence"),
                axis=percent_axis(),
                scale=alt.Scale(domain=[0, 1]),
            ),
            x2="to:Q",
            y=alt.Y("rows:Q", title=tr("rows"), stack=True),
            color=alt.Color(
                "state:N", title=None, scale=scale, legend=alt.Legend(orient="bottom", columns=2, labelLimit=240)
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("said from:N", title=tr("from")),
                alt.Tooltip("said to:N", title=tr("to")),
                alt.Tooltip("state:N", title=tr("State")),
                alt.Tooltip("rows:Q", title=tr("rows")),
            ],
        )
    )


def state_names() -> Mapping[str, str]:
    """Return the states of rows as the plot and its table name them, by the field of a bin."""
    return {
        "confirmed": tr("confirmed"),
        "accepted": tr("in the memory, not reviewed"),
        "unreviewed": tr("not looked at"),
    }


def sources_chart(sources: Sequence[SourceCount]) -> alt.Chart:
    """Draw how many units of the memory each source supports."""
    import altair as alt

    names = {"reviewed": tr("checked"), "unreviewed": tr("not checked")}
    rows = [
        {"source": source_label(source), "state": said, "units": getattr(source, name), "order": n}
        for source in sources
        for n, (name, said) in enumerate(names.items())
    ]
    scale = alt.Scale(domain=list(names.values()), range=[GREEN, ORANGE])
    return (
        alt.Chart(alt.Data(values=rows), height=max(HEIGHT, 26 * len(sources) + 110))
        .mark_bar()
        .encode(
            x=alt.X("units:Q", title=tr("units")),
            y=alt.Y("source:N", title=None, sort=None, axis=alt.Axis(labelLimit=260, labelOverlap=False)),
            color=alt.Color(
                "state:N", title=None, scale=scale, legend=alt.Legend(orient="bottom", columns=2, labelLimit=240)
            ),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip("source:N", title=tr("Learnt from")),
                alt.Tooltip("state:N", title=tr("State")),
                alt.Tooltip("units:Q", title=tr("units")),
            ],
        )
    )


def source_label(source: SourceCount) -> str:
    """Return a source as people know it: a text's rows, its translation at the desk, or a file."""
    name = shorten(source.name, 44)
    return tr("{name} (translated here)", name=name) if source.kind == "desk" else name


def way_names() -> Mapping[str, str]:
    """Return the ways in which the memory saves words, as people know them."""
    return {
        "taken": tr("suggestions taken"),
        "filled": tr("filled in from the memory"),
        "repeated": tr("identical segments filled"),
    }


def saved_chart(saved: Sequence[SavedWords]) -> alt.Chart:
    """Draw the words that the memory saved, by day and way."""
    import altair as alt

    ways = way_names()
    rows = [{"day": day(s.day), "way": ways.get(s.way, s.way), "words": s.words, "times": s.times} for s in saved]
    scale = alt.Scale(domain=list(ways.values()), range=[BLUE, ORANGE, ROSE])
    return (
        alt.Chart(alt.Data(values=rows), height=HEIGHT)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("words:Q", title=tr("words")),
            color=alt.Color(
                "way:N", title=None, scale=scale, legend=alt.Legend(orient="bottom", columns=2, labelLimit=240)
            ),
            tooltip=[
                alt.Tooltip("day:O", title=tr("Day")),
                alt.Tooltip("way:N", title=tr("How")),
                alt.Tooltip("words:Q", title=tr("words")),
                alt.Tooltip("times:Q", title=tr("times")),
            ],
        )
    )


def map_chart(points: Sequence[MapPoint], by: str) -> alt.Chart:
    """Draw the segments by meaning; one is chosen by a click.

    Args:
        by: What the colour tells: ``language`` or ``text``.
    """
    import altair as alt

    rows = [map_row(point) for point in points]
    if by == "language":
        names = [language_label(code) for code in LANGUAGES]
        colours: Sequence[str] = list(LANGUAGE_COLOURS.values())
    else:
        names = _largest([row["text"] for row in rows])
        rows = [row | {"text": row["text"] if row["text"] in names else tr("other texts")} for row in rows]
        names = [*names, tr("other texts")] if any(row["text"] == tr("other texts") for row in rows) else names
        colours = [*MANY, GREY][: len(names)] if len(names) <= len(MANY) else [*MANY, GREY]
    picked = alt.selection_point(name=SELECTED, fields=["id"], on="click", empty=False)
    hidden = alt.Axis(labels=False, ticks=False, grid=False, domain=False)
    return (
        alt.Chart(alt.Data(values=rows), height=MAP_HEIGHT)
        .mark_point(filled=True, size=38, opacity=0.75)
        .encode(
            x=alt.X("x:Q", title=None, axis=hidden),
            y=alt.Y("y:Q", title=None, axis=hidden),
            color=alt.Color(
                f"{by}:N", title=None, scale=alt.Scale(domain=names, range=colours),
                legend=alt.Legend(orient="bottom", columns=2 if by == "text" else 4, labelLimit=420),
            ),
            shape=alt.Shape(
                f"{by}:N", title=None, scale=alt.Scale(domain=names, range=list(SHAPES[: len(names)])), legend=None
            ),
            tooltip=[
                alt.Tooltip("content:N", title=tr("Segment")),
                alt.Tooltip("title:N", title=tr("Text")),
                alt.Tooltip("language:N", title=tr("Language")),
            ],
        )
        .add_params(picked)
    )  # fmt: skip


def map_row(point: MapPoint) -> Row:
    """Return a point as the plot and its table have it."""
    segment = point.segment
    title = shorten(segment.title, 70)
    return {
        "id": f"{segment.slug}/{segment.id}", "x": round(point.x, 4), "y": round(point.y, 4), "title": title,
        "text": title, "language": language_label(segment.language.split("-")[0]),
        "content": shorten(segment.content, 160),
    }  # fmt: skip


def _largest(names: Sequence[str]) -> list[str]:
    """Return the texts with most points, as many as there are colours."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: -counts[name])[: len(MANY)]
