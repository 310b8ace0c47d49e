"""A page left open while the program is brought up to date: it says so, and nothing typed is lost."""

import shutil

import pytest

from tests.browser import conftest
from workbench.config import read_settings
from workbench.core.texts import TextInfo
from workbench.services.seed_service import SEEDED_KEY
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")


def test_a_page_open_over_an_upgrade_asks_to_be_loaded_again_and_keeps_what_was_typed(page, tmp_path, monkeypatch):
    program = tmp_path / "program"
    for name in ("workbench", ".streamlit", "corpora", "glossaries"):
        shutil.copytree(conftest.PROJECT / name, program / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(conftest.PROJECT / "app.py", program)
    monkeypatch.setattr(conftest, "PROJECT", program)
    home = tmp_path / "home"
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
    workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
    read = read_uploads([Upload("a.fr.md", "# Le réseau\n\nLes villes coopèrent.".encode(), "fr")])
    workspace.library.add_text(TextInfo("reseau", "Le réseau", "page", "fr"), read)
    server = conftest.AppServer(home, conftest.free_port()).start()
    try:
        page.goto(f"{server.url}/translate?text=reseau&to=es")
        editor = page.locator(".desk .row.active textarea")
        editor.wait_for()
        editor.click()
        page.keyboard.type("La red de")
        page.get_by_text("brought up to date").wait_for(state="hidden")

        server.stop()
        page.keyboard.type(" ciudades")
        script = program / "workbench" / "ui" / "components" / "upkeep.js"
        script.write_text(script.read_text(encoding="utf-8") + "// the next version\n", encoding="utf-8")
        server.start()

        page.get_by_text("brought up to date").wait_for(timeout=90_000)
        page.get_by_role("button", name="Load again").click()
        page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
        kept = page.locator(".desk .row.active textarea")
        kept.wait_for()
        sync_api.expect(kept).to_have_value("La red de ciudades")
        assert page.get_by_text("brought up to date").is_hidden()
    finally:
        server.stop()
        workspace.close()
