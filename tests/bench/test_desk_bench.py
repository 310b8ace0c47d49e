"""The measurement of the desk: its world is filled as it says, lost edits are counted, a missing browser is told."""

import importlib.util

import pytest

from workbench.bench import desk_bench
from workbench.bench.desk_bench import Figure, lost_edits, need_browser, quantile
from workbench.bench.desk_people import Worked
from workbench.bench.desk_world import GRID, LENGTH, SOLO, fill_home, sample_base
from workbench.bench.memory_bench import recombined
from workbench.config import read_settings
from workbench.errors import UsageError
from workbench.services.workspace import Workspace


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    fill_home(folder, units=500, rows=40, people=2)
    return folder


def test_the_world_holds_what_was_asked_for(home):
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
    assert workspace.memory.stats().units >= 500
    assert len(workspace.library.grid(GRID).grid.rows) == 40
    assert len(workspace.library.segments(SOLO, "fr")) == LENGTH
    workspace.close()


def test_an_edit_that_is_not_stored_counts_as_lost(home):
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
    row = workspace.translation.view(SOLO, "es").rows[0]
    workspace.translation.confirm(SOLO, "es", row.key, "Guardado.")
    workspace.close()
    done = [Worked(texts={row.key: "Guardado.", row.key + 1: "Perdido."})]
    assert lost_edits(home, [(SOLO, slice(None))], done) == 1


def test_a_small_base_never_runs_dry():
    base = [{code: f"{code} {n}" for code in ("fr", "es", "pt", "en")} for n in range(4)]
    stream = recombined(base)
    made = [next(stream)["fr"] for _ in range(20)]
    assert len(set(made)) == 20
    assert len(sample_base()) > 200


def test_the_p95_is_a_time_that_was_measured():
    times = list(range(1, 101))
    assert quantile(times, 0.95) == 95
    assert quantile([7.0], 0.95) == 7.0
    assert Figure("what", times, 90).line().endswith("NO")
    assert Figure("what", times, 96).line().endswith("yes")


def test_without_playwright_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"workbench\[bench\]"):
        need_browser()
    assert desk_bench.LIMITS == {"grid": 100.0, "next": 300.0, "people": 1000.0}
