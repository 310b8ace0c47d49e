"""What is read together is of one moment, in both databases, whatever colleagues write meanwhile."""

from threading import Thread

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.worlds import versions
from workbench.core.texts import TextInfo
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationService


@pytest.fixture
def desk(store, now, library):
    library.add_text(TextInfo("reseau", "Le réseau", original="fr"), versions(fr="Un.\n\nDeux.\n\nTrois.\n"))
    memory = MemoryService(store=store, now=now, author="ana")
    return TranslationService(store=store, memory=memory, now=now, author="ana")


def at_once(what, *args):
    """Do something as a colleague does: in a thread of their own, finished before one goes on."""
    thread = Thread(target=what, args=args)
    thread.start()
    thread.join()


def test_a_view_does_not_see_half_of_what_a_colleague_confirms_while_it_is_read(desk, store, monkeypatch):
    first, second = (row.key for row in desk.view("reseau", "es").rows[:2])
    desk.confirm("reseau", "es", first, "Uno.")
    read = store.grids.get

    def while_others_work(text_id):
        monkeypatch.setattr(store.grids, "get", read)
        at_once(desk.confirm, "reseau", "es", second, "Dos.")
        return read(text_id)

    monkeypatch.setattr(store.grids, "get", while_others_work)
    assert [row.target for row in desk.view("reseau", "es").rows] == ["Uno.", "", ""]
    assert [row.target for row in desk.view("reseau", "es").rows] == ["Uno.", "Dos.", ""]


def test_a_snapshot_ends_with_its_block_and_nests(store):
    def kept():
        return store.settings.get("word")

    store.settings.put("word", "old")
    with store.database.snapshot():
        assert kept() == "old"
        at_once(store.settings.put, "word", "new")
        with store.database.snapshot():
            assert kept() == "old"
        assert kept() == "old"
    assert kept() == "new"


def test_a_snapshot_that_fails_is_let_go(store):
    store.settings.put("word", "old")
    with pytest.raises(RuntimeError), store.database.snapshot():
        assert store.settings.get("word") == "old"
        raise RuntimeError
    store.settings.put("word", "new")
    assert store.settings.get("word") == "new"
