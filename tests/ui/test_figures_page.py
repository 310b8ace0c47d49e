"""The figures: each with a sentence, a plot and its table, or with words on what is lacking."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from workbench.services.workspace import Workspace
from workbench.ui.components.plots import MANY, map_chart
from workbench.ui.pages import figures_page

Open = Callable[..., AppTest]


def words_of(page: AppTest) -> str:
    return " ".join(element.value for element in [*page.markdown, *page.info])


def test_an_empty_workspace_says_what_each_figure_waits_for(workspace: Workspace, open_page: Open) -> None:
    page = open_page("figures")
    assert not page.exception and not page.error
    assert len(page.info) == 5 and not page.get("vega_lite_chart")


def test_every_figure_has_a_plot_with_words_for_it_and_a_table_to_take_away(
    with_text: Workspace, open_page: Open
) -> None:
    with_text.alignment.align("reseau")
    stored = with_text.library.grid("reseau")
    assert stored is not None
    with_text.alignment.accept_above("reseau", 0.0)
    unit = with_text.memory.concordance("cooperan").hits[0].unit
    with_text.memory.used(unit.id)
    page = open_page("figures")
    assert not page.exception and not page.error and not page.info
    assert len(page.get("vega_lite_chart")) == 5
    assert len(page.dataframe) == 5
    assert len(page.get("download_button")) == 10
    said = words_of(page)
    assert "Finished today: French 100%" in said and "rows have a confidence" in said
    assert "The memory holds" in said and "came from the memory" in said and "near each other" in said
    specs = [json.loads(chart.proto.spec) for chart in page.get("vega_lite_chart")]
    assert all(spec.get("description") for spec in specs), "a screen reader hears what the plot shows"


def test_the_board_notes_the_coverage_of_the_day(with_text: Workspace, open_page: Open) -> None:
    assert not with_text.store.figures.coverage_days()
    open_page("home")
    assert {p.language for p in with_text.store.figures.coverage_days()} == {"fr", "es", "pt", "en"}


def test_a_point_that_was_clicked_leads_to_its_segment() -> None:
    event = SimpleNamespace(selection={"segment": [{"id": "reseau/17"}]})
    assert figures_page.chosen(event) == ("reseau", "17")
    assert figures_page.chosen(SimpleNamespace(selection={"segment": []})) is None
    assert figures_page.chosen(None) is None


def test_of_many_texts_the_smaller_share_one_colour(with_text: Workspace) -> None:
    from workbench.services.figures_service import MapPoint
    from workbench.store.figures import PlacedSegment

    points = [
        MapPoint(0.1, 0.2, PlacedSegment(n, "<b>x</b>", "fr", f"t{n}", f"Text {n}")) for n in range(len(MANY) + 3)
    ]
    spec = map_chart(points, "text").to_dict()
    texts = {value["text"] for value in spec["data"]["values"]}
    assert len(texts) == len(MANY) + 1
