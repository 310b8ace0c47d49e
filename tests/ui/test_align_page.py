"""The align page without a browser: what it says and offers; the grid itself is driven in tests/browser."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from workbench.config import bundled_path, read_settings
from workbench.core.grid import Grid, Row
from workbench.core.library import StoredGrid, StoredSegment
from workbench.core.texts import BlockKind, SegmentState, TextInfo
from workbench.errors import ConflictError
from workbench.services.seed_service import SEEDED_KEY
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace
from workbench.ui.components.grid_editor.feed import new_feed
from workbench.ui.components.grid_editor.steps import do_steps, read_edit

PAGE = bundled_path("workbench") / "ui" / "pages" / "align_page.py"


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    workspace = Workspace(read_settings())
    workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
    st.cache_resource.clear()
    yield workspace
    workspace.close()
    st.cache_resource.clear()


def add(workspace, slug, **texts):
    uploads = [Upload(f"{code}.txt", text.encode(), code) for code, text in texts.items()]
    return workspace.library.add_text(TextInfo(slug, slug.title(), "page", "fr"), read_uploads(uploads))


def open_page(**params):
    page = AppTest.from_file(str(PAGE), default_timeout=30)
    for name, value in params.items():
        page.query_params[name] = value
    return page.run()


def align_button(page):
    return next(button for button in page.button if button.key == "align_now")


def test_a_text_not_aligned_yet_offers_to_align_it(workspace):
    add(workspace, "villes", fr="La ville.", es="La ciudad.")
    page = open_page(text="villes")
    assert not page.exception
    assert align_button(page).label == "Align" and not align_button(page).disabled


def test_a_text_with_one_version_says_what_is_missing(workspace):
    add(workspace, "villes", fr="La ville.")
    page = open_page(text="villes")
    assert not page.exception
    assert "only one version" in page.caption[0].value


def test_a_link_to_a_text_that_is_gone_says_so_and_offers_the_others(workspace):
    add(workspace, "villes", fr="La ville.", es="La ciudad.")
    page = open_page(text="<b>gone</b>")
    assert not page.exception
    assert "There is no text" in page.warning[0].value
    assert page.selectbox[0].options == ["Villes"]


def test_an_empty_workspace_leads_to_adding_a_text(workspace):
    page = open_page()
    assert not page.exception
    assert page.button[0].label == "Add a text"


def test_a_text_that_is_wholly_confirmed_has_nothing_to_align_again(workspace):
    text = add(workspace, "villes", fr="La ville.", es="La ciudad.")
    cells = tuple((workspace.library.segments("villes", code)[0].id,) for code in ("fr", "es"))
    grid = Grid(("fr", "es"), (Row(cells, 1.0, confirmed=True),))
    with workspace.store.database.write() as connection:
        workspace.store.grids.put(connection, text.id, grid, "test", "2015")
    page = open_page(text="villes")
    assert not page.exception
    assert align_button(page).label == "Align again" and align_button(page).disabled


def _page_functions():
    """The page's functions, without drawing it."""
    source = PAGE.read_text(encoding="utf-8").removesuffix("\n\ndraw()\n")
    names = {"__name__": "align_page"}
    exec(compile(source, str(PAGE), "exec"), names)
    return names


# What the browser is told -------------------------------------------------------------------------------------


def rows(*cells):
    return tuple(Row(((n,), (n + 100,))) for n in cells)


def test_a_splice_holds_only_the_rows_that_changed():
    before = rows(*range(2000))
    after = (*before[:17], Row(((17, 18), (117, 118))), *before[19:])
    feed = new_feed("villes", "villes/1", StoredGrid(1, 5, Grid(("fr", "es"), before), "", ""), {})
    feed.follow(StoredGrid(1, 6, Grid(("fr", "es"), after), "", ""))
    assert feed.splices == [(17, 2, [{"c": [[17, 18], [117, 118]]}])]


def test_a_feed_follows_a_grid_whoever_changed_it():
    stored = StoredGrid(1, 5, Grid(("fr", "es"), rows(1, 2, 3)), "", "")
    segment = StoredSegment(1, 0, "Un.", BlockKind.PARAGRAPH, 0, 0, SegmentState.STALE, "Une.", 2)
    feed = new_feed("villes", "villes/1", stored, {"fr": [segment]})
    assert feed.segments[0] == [[1, "Un.", "paragraph", 1, "Une.", 2, 0]]
    drawn = list(feed.rows)
    for grid in (stored.grid.merge(0, 1), stored.grid.merge(0, 1).confirm([1]), stored.grid):
        feed.follow(StoredGrid(1, feed.stored.revision + 1, grid, "", ""))
        start, removed, inserted = feed.splices[-1]
        drawn[start : start + removed] = inserted
    assert drawn == feed.rows and len(feed.splices) == 3


def test_a_language_that_joins_the_grid_wants_a_base_of_its_own():
    stored = StoredGrid(1, 5, Grid(("fr", "en"), rows(1, 2)), "", "")
    feed = new_feed("villes", "villes/1", stored, {})
    assert not feed.worn
    wider = tuple(Row((row.cells[0], (), row.cells[1])) for row in stored.grid.rows)
    feed.follow(StoredGrid(1, 6, Grid(("fr", "es", "en"), wider), "", ""))
    assert feed.worn, "its cells would stand under another language's head"


class OneGrid:
    """Stands in for the service: counts edits, refuses the third."""

    def __init__(self):
        self.edits = []

    def edit(self, slug, edit):
        if len(self.edits) == 2:
            raise ConflictError("changed elsewhere")
        self.edits.append(edit)
        return StoredGrid(1, edit.revision + 1, Grid(("fr", "es"), rows(1)), "", "")


def test_steps_carry_the_revision_on_and_stop_at_the_first_refusal():
    service = OneGrid()
    outcome = do_steps(service, "villes", 5, [{"op": "merge", "row": 3}] * 4)
    assert [edit.revision for edit in service.edits] == [5, 6]
    assert service.edits[0].places == (3, 4)
    assert outcome.done == 2 and outcome.conflict and outcome.stored is None


@pytest.mark.parametrize(
    "step",
    [
        {"op": "drop table", "row": 1}, {"op": "merge"}, {"op": "merge", "row": "1"}, {"op": "merge", "row": True},
        {"op": "split", "row": 1, "counts": [1]}, {"op": "split", "row": 1, "counts": {"fr": 1.5}}, {"op": None}, {},
        {"op": "accept above", "confidence": 7}, {"op": "fix", "language": "fr", "segment": None},
    ],
)  # fmt: skip
def test_a_forged_step_is_refused_with_a_sentence(step):
    class Refuses(OneGrid):
        def grid(self, slug):
            return StoredGrid(1, 5, Grid(("fr", "es"), rows(1)), "", "")

        def accept_above(self, slug, confidence):
            raise AssertionError("a forged confidence reached the service")

    outcome = do_steps(Refuses(), "villes", 5, [step])
    assert outcome.done == 0 and "reload the page" in outcome.error


def test_a_step_of_the_browser_becomes_a_correction():
    edit = read_edit({"op": "move up", "row": 4, "language": "es", "count": 2}, 9)
    assert (edit.operation, edit.places, edit.language, edit.count, edit.revision) == ("move up", (4,), "es", 2, 9)
