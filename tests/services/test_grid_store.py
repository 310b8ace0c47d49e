"""Grids in both databases: what is kept in mind of them is what the database holds, whoever wrote it."""

import json
import random

import pytest
import sqlalchemy as sa

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.worlds import versions
from workbench.core.grid import Grid, Row
from workbench.core.texts import TextInfo
from workbench.errors import ConflictError, UsageError
from workbench.store.grids import GridStore, row_to_json
from workbench.store.schema import grids

AT = "2015-03-01T10:00:00Z"


@pytest.fixture
def text(store, library):
    """A text with a grid of a dozen rows."""
    added = library.add_text(TextInfo("t", "T", original="fr"), versions(fr="Un.", es="Uno."))
    rows = tuple(Row(((n,), (n + 100,)), 0.123456 * (n % 8), ("lengths",) if n % 3 else ()) for n in range(12))
    with store.database.write() as connection:
        store.grids.put(connection, added.id, Grid(("fr", "es"), rows), "test", AT)
    return added.id


def step(store, text, chance):
    """Do something to the grid, as a person might."""
    stored = store.grids.get(text)
    place = chance.randrange(len(stored.grid.rows) - 1)
    changes = {
        "merge": lambda: stored.grid.merge(place, place + 1),
        "split": lambda: stored.grid.split(place, {"fr": 1, "es": 1}),
        "move down": lambda: stored.grid.move(place, "es", down=True),
        "confirm": lambda: stored.grid.confirm([place]),
        "untranslated": lambda: stored.grid.detach(place, "fr"),
    }
    operation = chance.choice([*changes, "undo", "undo", "redo", "patch"])
    with store.database.write() as connection:
        if operation in changes:
            after = changes[operation]()
            if after != stored.grid:
                store.grids.edit(connection, stored, after, operation, AT, "ana")
        elif operation == "patch":
            store.grids.patch(connection, text, stored.grid.confirm([0]), AT)
        else:
            getattr(store.grids, operation)(connection, text, AT)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_steps_a_grid_reads_the_same_to_whoever_reads_it_anew(store, text, seed):
    chance = random.Random(seed)
    for _ in range(40):
        try:
            step(store, text, chance)
        except UsageError:
            continue  # nothing to undo, nothing to split
        anew = GridStore(store.database).get(text)
        assert store.grids.get(text) == anew
        with store.database.read() as connection:
            rows = connection.execute(sa.select(grids.c.rows)).scalar_one()
        assert rows == json.loads(json.dumps([row_to_json(row) for row in anew.grid.rows]))


def test_what_another_process_wrote_is_read_though_the_grid_is_kept_in_mind(store, text):
    seen = store.grids.get(text)
    elsewhere = GridStore(store.database)
    with store.database.write() as connection:
        elsewhere.edit(connection, elsewhere.get(text), seen.grid.merge(0, 1), "merge", AT, "rui")
    assert store.grids.get(text).grid.rows[0].cells == ((0, 1), (100, 101))
    with store.database.write() as connection, pytest.raises(ConflictError):
        store.grids.edit(connection, seen, seen.grid.confirm([3]), "confirm", AT, "ana")


def test_an_edit_that_is_not_kept_in_the_end_leaves_no_trace(store, text):
    seen = store.grids.get(text)
    with pytest.raises(RuntimeError), store.database.write() as connection:
        store.grids.edit(connection, seen, seen.grid.merge(0, 1), "merge", AT, "ana")
        raise RuntimeError
    assert store.grids.get(text) == seen
    with store.database.write() as connection, pytest.raises(UsageError, match="nothing to undo"):
        store.grids.undo(connection, text, AT)
