"""The figures in a real browser: drawn, in words for who does not see them, and the map leads to its segments."""

import pytest

from workbench.config import read_settings
from workbench.core.texts import TextInfo
from workbench.services.seed_service import SEEDED_KEY
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(make_app_server):
    def prepare(home):
        workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
        workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
        texts = {
            "fr": [
                "Le réseau relie les villes entre elles.",
                "Il partage ses outils avec chacune.",
                "Les ports échangent.",
            ],
            "es": ["La red une a las ciudades entre sí.", "Comparte sus herramientas.", "Los puertos intercambian."],
        }
        uploads = [Upload(f"a.{code}.txt", "\n\n".join(text).encode(), code) for code, text in texts.items()]
        workspace.library.add_text(TextInfo("plain", "Plain", "page", "fr"), read_uploads(uploads))
        workspace.alignment.align("plain")
        workspace.close()

    return make_app_server(prepare)


def test_the_figures_are_drawn_and_a_click_on_the_map_leads_to_the_row(server, page):
    page.set_viewport_size({"width": 1280, "height": 2200})
    page.goto(f"{server.url}/figures")
    page.get_by_text("near each other lies").wait_for(timeout=60_000)
    plots = page.locator(".vega-embed")
    plots.nth(2).wait_for(timeout=60_000)
    assert all(plot.get_attribute("aria-label") for plot in plots.all()), "each plot says in words what it shows"
    assert page.get_by_text("As a table").count() == plots.count() == 3, "the memory is empty: words instead of plots"
    points = plots.nth(2).locator(".mark-symbol.role-mark path")
    points.first.wait_for()
    assert points.count() == 6
    points.first.hover()
    page.locator("#vg-tooltip-element.visible").wait_for()
    points.first.click()
    page.wait_for_url("**/align?text=plain&segment=*", timeout=30_000)
    page.wait_for_selector("[data-part=grid] .row.active")
