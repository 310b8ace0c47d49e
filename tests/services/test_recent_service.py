"""What a person last worked on, in both databases."""

from __future__ import annotations

import itertools

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from workbench.core.grid import Grid, Row
from workbench.core.texts import TextInfo
from workbench.services.alignment_service import AlignmentService, GridEdit
from workbench.services.library_service import LibraryService
from workbench.services.memory_service import MemoryService
from workbench.services.recent_service import RecentService
from workbench.services.translation_service import TranslationService
from workbench.services.uploads import Upload, read_uploads


@pytest.fixture
def world(store):
    """Three aligned texts that somebody else brought in, and what Ana works with."""
    ticks = itertools.count()

    def now():
        return f"2026-03-01T10:00:{next(ticks):06d}Z"

    library = LibraryService(store=store, now=now, author="editors")
    for slug in ("a", "b", "c"):
        uploads = [
            Upload(f"{slug}.fr.txt", b"Un premier.\n\nUn second.", "fr"),
            Upload(f"{slug}.es.txt", b"Un primero.\n\nUn segundo.", "es"),
        ]
        text = library.add_text(TextInfo(slug, f"Text {slug}", "page", "fr"), read_uploads(uploads))
        ids = [[s.id for s in library.segments(slug, code)] for code in ("fr", "es")]
        rows = tuple(Row(((f,), (s,)), 0.9) for f, s in zip(*ids, strict=True))
        with store.database.write() as connection:
            store.grids.put(connection, text.id, Grid(("fr", "es"), rows), "test", now())
    memory = MemoryService(store=store, vectors=None, now=now, author="ana")
    translation = TranslationService(store=store, memory=memory, now=now, author="ana")
    alignment = AlignmentService(store=store, vectors=None, memory=memory, now=now, author="ana")
    return library, translation, alignment, RecentService(store=store)


def test_nothing_is_named_that_somebody_else_did(world):
    _, _, _, recent = world
    assert recent.last("ana") == []
    assert [(w.what, w.slug) for w in recent.last("editors", 2)] == [("text", "c"), ("text", "b")]


def test_each_text_is_named_once_by_what_was_done_last(world):
    library, translation, alignment, recent = world
    alignment.edit("a", GridEdit("merge", (0, 1), library.store.grids.get(library.text("a").id).revision))
    key = translation.view("b", "pt").rows[0].key
    translation.save_draft("b", "pt", key, "Um prim")
    assert [(w.what, w.slug, w.language) for w in recent.last("ana")] == [
        ("translate", "b", "pt"), ("align", "a", ""),
    ]  # fmt: skip
    translation.confirm("b", "pt", key, "Um primeiro.", token=None)
    alignment.edit("b", GridEdit("confirm", (0,), library.store.grids.get(library.text("b").id).revision))
    assert [(w.what, w.slug) for w in recent.last("ana")] == [("align", "b"), ("align", "a")]
    library.remove("b")
    assert [w.slug for w in recent.last("ana")] == ["a"]
