"""The figures' counts, in both databases."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from workbench.core.grid import Grid, Row
from workbench.core.memory import NewUnit, Source, SourceKind
from workbench.core.texts import TextInfo
from workbench.services.figures_service import FiguresService
from workbench.services.library_service import LibraryService
from workbench.services.memory_service import MemoryService
from workbench.services.uploads import Upload, read_uploads
from workbench.services.vector_service import VectorService


class Letters:
    """A vector of letters' counts."""

    name, dimensions = "letters", 4

    def encode(self, sentences):
        return np.array([[s.count(c) + 0.01 for c in "aeio"] for s in sentences], np.float32)


@pytest.fixture
def world(store):
    """One text in two languages, its Spanish lacking a segment."""
    clock = ["2026-03-01T10:00:00Z"]

    def now():
        return clock[0]

    library = LibraryService(store=store, now=now, author="ana")
    uploads = [
        Upload("a.fr.txt", "Les villes coopèrent entre elles.\n\nElles partagent leurs projets.".encode(), "fr"),
        Upload("a.es.txt", b"Las ciudades cooperan entre ellas.", "es"),
    ]
    library.add_text(TextInfo("a", "Le réseau", "page", "fr"), read_uploads(uploads))
    figures = FiguresService(store=store, vectors=VectorService(store, Letters()), now=now)
    return store, library, figures, clock


def test_coverage_is_noted_by_day_and_told_by_dates_before_that(world):
    _, library, figures, clock = world
    told = {(p.day, p.language): (p.wanted, p.done, p.noted) for p in figures.coverage()}
    assert told == {("2026-03-01", "fr"): (2, 2, False), ("2026-03-01", "es"): (2, 1, False)}
    clock[0] = "2026-03-05T09:00:00Z"
    figures.note_coverage(library.coverage())
    figures.note_coverage(library.coverage())
    points = figures.coverage()
    assert {(p.day, p.language, p.done) for p in points if not p.noted} == {
        ("2026-03-01", "fr", 2), ("2026-03-01", "es", 1), ("2026-03-01", "pt", 0), ("2026-03-01", "en", 0),
    }  # fmt: skip
    noted = {p.language: (p.wanted, p.done) for p in points if p.noted}
    assert noted["fr"] == (2, 2) and noted["pt"] == (2, 0) and set(noted) == {"fr", "es", "pt", "en"}
    assert {p.day for p in points if p.noted} == {"2026-03-05"}


def test_rows_are_counted_by_confidence_and_by_what_a_person_said_of_them(world):
    store, library, figures, _ = world
    french = [s.id for s in library.segments("a", "fr")]
    spanish = [s.id for s in library.segments("a", "es")]
    rows = (Row(((french[0],), (spanish[0],)), 1.0, confirmed=True), Row(((french[1],), ()), 0.35))
    with store.database.write() as connection:
        store.grids.put(connection, library.text("a").id, Grid(("fr", "es"), rows), "test", library.now())
    bins = figures.confidence()
    assert len(bins) == 20
    assert (bins[19].confirmed, bins[19].unreviewed) == (1, 0)
    assert (bins[7].low, bins[7].unreviewed) == (0.35, 1)
    assert sum(b.confirmed + b.accepted + b.unreviewed for b in bins) == 2


def test_the_memory_s_sources_and_the_words_it_saved(world):
    store, library, figures, clock = world
    memory = MemoryService(store=store, vectors=None, now=library.now, author="ana")
    a = Source("text:a", SourceKind.TEXT, "Le réseau", "a")
    learnt = memory.learn([NewUnit({"fr": "Un deux trois.", "es": "Uno dos tres."})], source=a, reviewed=True)
    memory.learn([NewUnit({"fr": "Quatre.", "es": "Cuatro."})], source=a, reviewed=False)
    assert [(s.name, s.reviewed, s.unreviewed) for s in figures.sources()] == [("Le réseau", 1, 1)]
    assert figures.saved() == [] and figures.uses() == 0
    memory.used(learnt.unit_ids[0])
    memory.used(learnt.unit_ids[0])
    clock[0] = "2026-03-02T10:00:00Z"
    memory.used(learnt.unit_ids[0])
    assert [(s.day, s.way, s.times, s.words) for s in figures.saved()] == [
        ("2026-03-01", "taken", 2, 6), ("2026-03-02", "taken", 1, 3),
    ]  # fmt: skip
    assert figures.uses() == 3


def test_segments_are_placed_by_the_vectors_that_are_there(world):
    _, library, figures, _ = world
    assert figures.map().points == () and figures.map().unknown == 3
    texts = [s.text for code in ("fr", "es") for s in library.segments("a", code)]
    figures.vectors.vectors(texts)
    found = figures.map()
    assert found.unknown == 0 and {p.segment.content for p in found.points} == set(texts)
    assert all(-1 <= p.x <= 1 and -1 <= p.y <= 1 for p in found.points)
    assert {p.segment.slug for p in found.points} == {"a"}


def test_two_people_may_save_the_first_words_of_a_day_at_the_same_moment(store):
    with store.database.write() as first:
        store.figures.note_saved(first, "2026-03-01", "taken", 5)
        second = Thread(target=_save, args=(store, "2026-03-01", 7))
        second.start()
        second.join(0.5)  # time to come as far as it can while the first is not done
    second.join()
    assert [(s.times, s.words) for s in store.figures.saved()] == [(2, 12)]


def _save(store, day, words):
    with store.database.write() as connection:
        store.figures.note_saved(connection, day, "taken", words)


def test_of_a_day_only_what_was_noted_last_is_kept(store):
    store.figures.note_coverage("2026-03-01", {"fr": (3, 3, 0), "pt": (3, 1, 0)})
    store.figures.note_coverage("2026-03-01", {"fr": (4, 3, 0), "es": (4, 2, 1)})
    found = {d.language: (d.wanted, d.done, d.stale) for d in store.figures.coverage_days()}
    assert found == {"fr": (4, 3, 0), "es": (4, 2, 1)}
    store.figures.note_coverage("2026-03-01", {})
    assert store.figures.coverage_days() == []
