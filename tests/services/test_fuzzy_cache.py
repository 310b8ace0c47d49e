"""The fuzzy index is kept between processes, and trusted only for its own memory."""

import pytest
import sqlalchemy as sa

from workbench.core.memory import NewUnit, Source
from workbench.services import fuzzy_cache
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

A = Source("text:a")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzzy_cache, "KEPT_FROM", 1)
    return tmp_path / "cache"


def service(store, now, folder):
    return MemoryService(store=store, now=now, author="ana", cache=folder)


def learn(memory, *pairs):
    memory.learn([NewUnit({"fr": a, "es": b}) for a, b in pairs], source=A, reviewed=True)


def offered(memory, text):
    return [s.target for s in memory.search(text, source="fr", target="es")]


def test_the_next_process_opens_the_kept_index_and_takes_in_what_changed(store, now, folder, monkeypatch):
    memory = service(store, now, folder)
    learn(memory, ("Les villes coopèrent.", "Las ciudades cooperan."))
    assert offered(memory, "Les villes coopèrent !") == ["Las ciudades cooperan."]
    learn(memory, ("Les ateliers sont ouverts.", "Los talleres están abiertos."))
    monkeypatch.setattr(fuzzy_cache.FuzzyCache, "_fresh", None)  # the next one must not make it anew
    again = service(store, now, folder)
    assert offered(again, "Les villes coopèrent !") == ["Las ciudades cooperan."]
    assert offered(again, "Les ateliers sont ouverts !") == ["Los talleres están abiertos."]


@pytest.mark.parametrize("damage", [lambda b: b[:-50], lambda b: b"", lambda b: b"PK\x03\x04" + b[9:], lambda b: b"no"])
def test_a_damaged_file_is_made_anew(store, now, folder, damage):
    memory = service(store, now, folder)
    learn(memory, ("Les villes coopèrent.", "Las ciudades cooperan."))
    offered(memory, "Les villes !")
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert offered(service(store, now, folder), "Les villes coopèrent !") == ["Las ciudades cooperan."]


def test_the_index_of_another_memory_is_not_trusted(store, now, folder, tmp_path):
    memory = service(store, now, folder)
    learn(memory, ("Les villes coopèrent.", "Las ciudades cooperan."))
    offered(memory, "Les villes !")
    other_store = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    other = service(other_store, now, folder)
    learn(other, ("Rien de tel.", "Nada de eso."), ("Les écoles ouvrent.", "Las escuelas abren."))
    assert offered(other, "Les écoles ouvrent !") == ["Las escuelas abren."]
    assert offered(other, "Les villes coopèrent !") == []
    other_store.close()


def test_reindexing_forgets_the_file(store, now, folder):
    memory = service(store, now, folder)
    learn(memory, ("Les villes coopèrent.", "Las ciudades cooperan."))
    offered(memory, "Les villes !")
    memory.reindex()
    assert list(folder.iterdir()) == []


def test_own_segments_are_found_at_once_and_others_after_a_moment(tmp_path, now, monkeypatch):
    stores = [open_store(f"sqlite:///{tmp_path / 'memory.db'}") for _ in range(2)]
    mine, other = (service(store, now, None) for store in stores)
    learn(mine, ("Les villes coopèrent.", "Las ciudades cooperan."))
    assert offered(mine, "Les villes coopèrent !") == ["Las ciudades cooperan."]
    monkeypatch.setattr(fuzzy_cache, "FRESH", 1_000.0)
    learn(other, ("Les écoles ouvrent.", "Las escuelas abren."))
    asked = []
    monkeypatch.setattr(mine.store.memory, "changes", lambda since: asked.append(since))
    assert offered(mine, "Les écoles ouvraient.") == []  # and nothing was looked up for it
    assert asked == []
    monkeypatch.undo()
    monkeypatch.setattr(fuzzy_cache, "FRESH", 0.0)
    assert offered(mine, "Les écoles ouvraient.") == ["Las escuelas abren."]
    monkeypatch.setattr(fuzzy_cache, "FRESH", 1_000.0)
    learn(mine, ("Les marchés ferment.", "Los mercados cierran."))
    assert offered(mine, "Les marchés fermaient.") == ["Los mercados cierran."]
    for store in stores:
        store.close()


def test_what_changed_is_found_without_going_through_every_import(tmp_path, now):
    store = open_store(f"sqlite:///{tmp_path / 'memory.db'}")
    plans = []

    @sa.event.listens_for(store.database.engine, "before_cursor_execute")
    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT") and "changed_revision" in statement:
            plans.extend(row[-1] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    store.memory.changes(0)
    store.close()
    assert any("ix_memory_units_changed_revision" in plan for plan in plans)
    assert not any("ix_memory_units_batch" in plan for plan in plans)
