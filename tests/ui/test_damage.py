"""A damaged database is told on the page, with the way to take out what can still be read."""

from __future__ import annotations

from pathlib import Path

import pytest

streamlit = pytest.importorskip("streamlit")

from streamlit.testing.v1 import AppTest  # noqa: E402

from workbench.core.memory import NewUnit, Source  # noqa: E402
from workbench.services import open_workspace  # noqa: E402

APP = Path(__file__).parents[2] / "app.py"


def test_what_can_be_read_of_a_damaged_database_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    monkeypatch.delenv("WORKBENCH_DATABASE_URL", raising=False)
    streamlit.cache_resource.clear()
    workspace = open_workspace()
    units = [NewUnit({"fr": f"Phrase numéro {k}.", "es": f"Frase número {k}."}) for k in range(500)]
    workspace.memory.learn(units, source=Source("text:a"), reviewed=True)
    workspace.close()
    path = tmp_path / "workbench.db"
    whole = path.read_bytes()
    path.write_bytes(b"\x5a" * len(whole))
    page = AppTest.from_file(str(APP), default_timeout=30).run()
    assert not page.exception
    assert "damaged" in page.error[0].value
    page.button(key="rescue").click().run()
    assert "restore" in page.error[1].value  # nothing at all can be read in this one
    path.write_bytes(whole)
    streamlit.cache_resource.clear()


def test_the_button_gives_a_file_that_restores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    monkeypatch.delenv("WORKBENCH_DATABASE_URL", raising=False)
    open_workspace().close()

    def script() -> None:
        from workbench.errors import DamagedError
        from workbench.ui.components.damage import draw_damage

        draw_damage(DamagedError("The database is damaged."))

    page = AppTest.from_function(script, default_timeout=30).run()
    page.button(key="rescue").click().run()
    assert not page.exception
    assert list((tmp_path / "backups").glob("rescued-*.zip"))
    assert "workbench restore" in page.code[0].value
