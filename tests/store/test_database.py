"""The database: migrated up to its head, refused in a sentence where it cannot be read, and never half-written."""

import sqlite3
import subprocess

import numpy as np
import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

import workbench.store.migrations as migrations
from workbench.commands.console import whole_file
from workbench.config import Settings
from workbench.core.memory import NewUnit, Source
from workbench.errors import DamagedError, StoreError, UsageError, WorkbenchError
from workbench.formats.exchange import ExchangeUnit, ExchangeVariant
from workbench.services.backup_service import back_up
from workbench.services.memory_service import MemoryService
from workbench.services.vector_service import VectorService
from workbench.store import open_store


def url_of(path):
    return f"sqlite:///{path}"


def service(url):
    return MemoryService(store=open_store(url), now=lambda: "2015-03-01T10:00:00Z", author="ana")


def many(count, start=0):
    return [NewUnit({"fr": f"Phrase numéro {k}.", "es": f"Frase número {k}."}) for k in range(start, start + count)]


def test_the_head_named_is_the_last_migration():
    config = Config()
    config.set_main_option("script_location", migrations.__path__[0])
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.HEAD


def test_a_database_of_a_newer_version_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "workbench.db"
    open_store(url_of(path)).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        open_store(url_of(path))


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path):
    path = tmp_path / "workbench.db"
    path.write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(DamagedError, match="workbench rescue"):
        open_store(url_of(path))


def test_damage_found_while_at_work_is_told_in_a_sentence(tmp_path):
    path = tmp_path / "workbench.db"
    memory = service(url_of(path))
    memory.learn(many(2_000), source=Source("text:a"), reviewed=True)
    memory.store.close()
    spoil(path)
    with pytest.raises(DamagedError, match="workbench rescue"):
        memory = service(url_of(path))
        for _ in memory.store.memory.iterate():
            pass


def spoil(path):
    """Write noise over pages in the middle of a database."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(path.read_bytes())
    for page in range(len(data) // 4096 // 4, len(data) // 4096 // 2):
        data[page * 4096 : (page + 1) * 4096] = b"\x5a" * 4096
    path.write_bytes(bytes(data))


@pytest.fixture
def small_disk(tmp_path):
    """A memory in a database that may not grow much: SQLite then says what it says on a full disk."""
    memory = service(url_of(tmp_path / "workbench.db"))
    memory.learn(many(50), source=Source("text:a"), reviewed=True)

    @sa.event.listens_for(memory.store.database.engine, "connect")
    def limit(connection, _record):
        connection.execute("PRAGMA max_page_count=200")

    memory.store.database.engine.dispose()
    yield memory
    memory.store.close()


def test_on_a_full_disk_nothing_is_half_written_and_a_sentence_says_so(small_disk):
    before = small_disk.stats()
    with pytest.raises(StoreError, match="disk is full"):
        small_disk.learn(many(5_000, 100), source=Source("text:b"), reviewed=True)
    after = small_disk.stats()
    # Lessons are written a thousand at a time; those written whole stay, no unit lacks its languages or its source.
    assert (after.units - before.units) % 1_000 == 0
    for lot in small_disk.store.memory.iterate():
        assert all(len(unit.texts) == 2 and unit.provenances for unit in lot)
    with small_disk.store.database.read() as connection:
        assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    assert small_disk.search("Phrase numéro 3.", source="fr", target="es")[0].score == 100


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 6 MB; only root may make one."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True)
    if mount.returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def units_of(memory):
    return [unit.texts for lot in memory.store.memory.iterate() for unit in lot]


def exchange_units(count):
    return [
        ExchangeUnit((ExchangeVariant("fr", f"Phrase numéro {k}."), ExchangeVariant("es", f"Frase número {k}.")))
        for k in range(count)
    ]


def test_an_import_onto_a_disk_that_fills_up_leaves_the_memory_as_it_was(tiny_disk):
    memory = service(url_of(tiny_disk / "workbench.db"))
    memory.learn(many(50), source=Source("text:a"), reviewed=True)
    before = units_of(memory)
    with pytest.raises(StoreError, match="disk is full"):
        memory.import_units(exchange_units(60_000), name="large.tmx")
    assert units_of(memory) == before
    assert memory.search("Phrase numéro 3.", source="fr", target="es")[0].score == 100
    memory.store.close()
    reopened = service(url_of(tiny_disk / "workbench.db"))
    assert units_of(reopened) == before
    subprocess.run(["mount", "-o", "remount,size=40m", tiny_disk], check=True)  # somebody frees some space
    assert reopened.import_units(exchange_units(100), name="small.tmx").units == 100
    with reopened.store.database.read() as connection:
        left = connection.execute(sa.text("SELECT count(*) FROM memory_units")).scalar()
    assert left == 100  # what the import had staged is swept away, although its process is alive
    reopened.store.close()


def test_a_backup_onto_a_disk_that_fills_up_is_refused_and_leaves_no_half(tmp_path, tiny_disk):
    home = tmp_path / "home"
    settings = Settings(home, url_of(home / "workbench.db"))
    memory = service(settings.database_url)
    memory.learn(many(20_000), source=Source("text:a"), reviewed=True)
    (tiny_disk / "old.zip").write_bytes(b"the last good backup")
    with pytest.raises(WorkbenchError, match=r"full|space"):
        back_up(settings, tiny_disk / "old.zip")
    assert [path.name for path in tiny_disk.iterdir()] == ["old.zip"]
    assert (tiny_disk / "old.zip").read_bytes() == b"the last good backup"
    memory.store.close()


def test_a_full_disk_beside_the_memory_costs_only_the_kept_indexes(tmp_path, tiny_disk):
    class Letters:
        name, dimensions = "letters", 900

        def encode(self, sentences, *, progress=None):
            rows = np.random.default_rng(1).normal(size=(len(sentences), 900)).astype(np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    store = open_store(url_of(tmp_path / "workbench.db"))
    vectors = VectorService(store, Letters())
    memory = MemoryService(store=store, vectors=vectors, now=lambda: "2015", author="ana", cache=tiny_disk / "cache")
    memory.learn(many(2_500), source=Source("text:a"), reviewed=True)
    memory.make_vectors()
    assert memory.search("Phrase numéro 3.", source="fr", target="es")[0].score == 100
    assert memory.search("Toute autre chose.", source="fr", target="es", kinds=["semantic"]) is not None
    assert not list((tiny_disk / "cache").glob(".*"))
    store.close()


def test_an_export_onto_a_disk_that_fills_up_is_refused_and_leaves_no_half(tiny_disk):
    target = tiny_disk / "memory.tmx"
    with pytest.raises(UsageError, match="disk is full"), whole_file(target) as file:
        for _ in range(10):
            file.write(b"x" * 2**20)
    assert list(tiny_disk.iterdir()) == []


def test_reading_the_whole_memory_page_by_page_never_sorts_it(tmp_path, monkeypatch):
    """With the rows of all imports gathered and sorted for every page, a million units took two minutes, not five s."""
    memory = service(url_of(tmp_path / "workbench.db"))
    units = (
        ExchangeUnit((ExchangeVariant("fr", f"Phrase {k}."), ExchangeVariant("es", f"Frase {k}."))) for k in range(30)
    )
    memory.import_units(units, name="a")
    asked = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if "memory_" in statement and statement.lstrip().upper().startswith("SELECT"):
            asked.append((statement, parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        monkeypatch.setattr("workbench.store.memory.ROWS_AT_ONCE", 10)
        assert len(list(memory.store.memory.segments("fr")[1])) == 30
        assert sum(map(len, memory.store.memory.numbers(10))) == 30
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert len(asked) > 6
    with sqlite3.connect(tmp_path / "workbench.db") as connection:
        for statement, parameters in asked:
            plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            assert not any("TEMP B-TREE" in line[-1] for line in plan), (statement, plan)
    connection.close()
