"""A damaged database: what can still be read is taken out and put back, the damaged file is never written to."""

import sqlite3

import pytest

from tests.commands.conftest import FRENCH
from workbench.config import Settings
from workbench.core.memory import NewUnit, Source
from workbench.errors import DamagedError, StoreError
from workbench.services.backup_service import back_up, rescue, restore
from workbench.services.memory_service import MemoryService
from workbench.store import open_store
from workbench.store.database import Database

UNITS = 4_000


@pytest.fixture
def settings(tmp_path):
    home = tmp_path / "home"
    settings = Settings(home, f"sqlite:///{home / 'workbench.db'}")
    memory = open_memory(settings)
    units = [NewUnit({"fr": f"Phrase numéro {k}.", "es": f"Frase número {k}."}) for k in range(UNITS)]
    memory.learn(units, source=Source("text:a", name="A"), reviewed=True)
    memory.store.close()
    return settings


def open_memory(settings):
    store = open_store(settings.database_url)
    return MemoryService(store=store, now=lambda: "2015-03-01T10:00:00Z", author="ana")


def spoil(settings, table, share=0.5):
    """Write noise over a page of a table."""
    path = settings.home / "workbench.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", (table,)
        ).fetchall()
    connection.close()
    page = pages[int(len(pages) * share)][0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\x5a" * 4096)
    return path.read_bytes()


def has_dbstat():
    try:
        sqlite3.connect(":memory:").execute("SELECT count(*) FROM dbstat")
    except sqlite3.OperationalError:
        return False
    return True


needs_dbstat = pytest.mark.skipif(not has_dbstat(), reason="this SQLite cannot tell which page holds what")


@needs_dbstat
@pytest.mark.parametrize("table", ["memory_variants", "memory_units", "memory_support"])
def test_all_that_lies_outside_the_damage_is_rescued(settings, tmp_path, table):
    before = spoil(settings, table)
    found = {each.table: each for each in rescue(settings, tmp_path / "rescued.zip")}
    assert (settings.home / "workbench.db").read_bytes() == before
    assert not all(each.whole for each in found.values())
    assert found["memory_units"].rows > UNITS * 0.9
    aside = restore(settings, tmp_path / "rescued.zip")
    assert aside is not None and aside.read_bytes()[:16] == before[:16]
    memory = open_memory(settings)
    assert UNITS * 0.9 < memory.stats().units <= UNITS
    assert memory.search("Phrase numéro 1.", source="fr", target="es")[0].target == "Frase número 1."
    assert memory.concordance(f'"phrase numéro {UNITS - 1}"').total == 1
    memory.learn([NewUnit({"fr": "Neuf.", "es": "Nuevo."})], source=Source("text:b"), reviewed=True)
    memory.store.close()


@needs_dbstat
def test_damage_is_noticed_by_a_backup_which_names_the_rescue(settings, tmp_path):
    spoil(settings, "memory_variants")
    with pytest.raises(DamagedError, match="workbench rescue"):
        back_up(settings, tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


def test_a_whole_database_is_rescued_whole(settings, tmp_path):
    found = rescue(settings, tmp_path / "rescued.zip")
    assert all(each.whole for each in found)
    assert {each.table: each.rows for each in found}["memory_variants"] == 2 * UNITS


def test_nothing_to_rescue_is_said(settings, tmp_path):
    path = settings.home / "workbench.db"
    path.write_bytes(b"\x5a" * 40_960)
    with pytest.raises(StoreError, match="restore"):
        rescue(settings, tmp_path / "rescued.zip")
    assert path.read_bytes() == b"\x5a" * 40_960


def test_a_database_of_an_earlier_version_is_rescued_and_brought_up_to_date(tmp_path):
    from workbench.store.database import migrate_to

    home = tmp_path / "home"
    home.mkdir()
    settings = Settings(home, f"sqlite:///{home / 'workbench.db'}")
    migrate_to(home / "workbench.db", "0002")
    rescue(settings, tmp_path / "rescued.zip")
    restore(settings, tmp_path / "rescued.zip")
    Database(settings.database_url).dispose()


def test_the_command_rescues_and_its_file_is_restored(workbench, home, tmp_path):
    (tmp_path / "fr.md").write_text(FRENCH, encoding="utf-8")
    assert workbench("text", "add", tmp_path / "fr.md", "--slug", "first").code == 0
    done = workbench("rescue", tmp_path / "rescued.zip")
    assert done.code == 0, done.err
    assert "workbench restore" in done.err
    assert workbench("restore", tmp_path / "rescued.zip", "--yes").code == 0
    assert workbench("text", "segments", "first", "fr").out.startswith("0\tLe réseau\n")
