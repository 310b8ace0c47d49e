"""Help for one row: suggestions, terms and findings together; what may be filled in; nothing waits for a model."""

import threading
import time

import pytest

from tests.worlds import versions
from workbench.core.memory import MatchKind, NewUnit, Source, SourceKind
from workbench.core.terms import Concept, Status, Term
from workbench.core.texts import TextInfo
from workbench.errors import UsageError
from workbench.services.assist_service import AssistService
from workbench.services.glossary_service import GlossaryService
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationService

FR = "Les villes coopèrent.\n\nLa coopération décentralisée grandit en 2015.\n\nMerci.\n\nMerci.\n"
CONCEPT = Concept(
    "decentralised-cooperation",
    terms=(
        Term("fr", "coopération décentralisée"),
        Term("es", "cooperación descentralizada", definition="Entre gobiernos locales."),
        Term("es", "ayuda descentralizada", Status.FORBIDDEN, use_instead="cooperación descentralizada"),
    ),
)
FILE = Source("file:old", SourceKind.FILE, "Old texts")


@pytest.fixture
def memory(store, now):
    return MemoryService(store=store, now=now, author="ana")


@pytest.fixture
def assist(store, now, memory, library):
    library.add_text(TextInfo("red", "La red", original="fr"), versions(fr=FR))
    glossary = GlossaryService(store=store, now=now, author="ana")
    glossary.save(CONCEPT, None)
    translation = TranslationService(store=store, memory=memory, now=now, author="ana")
    return AssistService(translation=translation, memory=memory, glossary=glossary)


def row(assist, place):
    return assist.translation.view("red", "es").rows[place]


def test_a_row_gets_suggestions_terms_and_findings_at_once(assist, memory):
    memory.learn(
        [NewUnit({"fr": "La coopération décentralisée grandit en 2013.", "es": "La cooperación crece en 2013."})],
        source=FILE, reviewed=True,
    )  # fmt: skip
    key = row(assist, 1).key
    assist.translation.save_draft("red", "es", key, "La ayuda descentralizada crece en 2014.")
    found = assist.assist("red", "es", key)
    assert found.suggestions[0].target == "La cooperación crece en 2015."
    assert [(t.concept.id, t.best.text) for t in found.terms] == [
        ("decentralised-cooperation", "cooperación descentralizada")
    ]
    assert {(f.check, f.kind) for f in found.findings} == {("terms", "forbidden"), ("numbers", "different")}
    assert not found.partial
    assert not found.more


def test_terms_are_listed_best_first_with_what_must_not_be_said_last(assist):
    (term,) = assist.assist("red", "es", row(assist, 1).key).terms
    assert [t.status for t in term.targets] == [Status.PREFERRED, Status.FORBIDDEN]


def test_nobody_waits_for_the_glossary_and_it_is_there_soon(assist):
    view = assist.translation.view("red", "es")
    assert assist.row(view, view.rows[1], wait=False).partial
    end = time.monotonic() + 30
    while assist.row(view, view.rows[1], wait=False).partial and time.monotonic() < end:
        time.sleep(0.05)
    assert assist.row(view, view.rows[1], wait=False).terms


def test_nobody_waits_for_the_search_by_meaning_either(assist, memory, monkeypatch):
    release = threading.Event()
    search = memory.search

    def slow(text, **options):
        if options["kinds"] == (MatchKind.SEMANTIC,):
            release.wait(20)
        return search(text, **options)

    monkeypatch.setattr(memory, "search", slow)
    view = assist.translation.view("red", "es")
    start = time.monotonic()
    assert assist.row(view, view.rows[0], wait=False).more
    assert time.monotonic() - start < 5
    release.set()
    assert not assist.row(view, view.rows[0]).more


def test_nobody_waits_until_the_memory_has_been_made_ready_for_similar_segments(assist, memory, monkeypatch):
    pairs = [("Les villes coopèrent.", "Las ciudades cooperan."), ("Les villes coopèrent !", "¡Las ciudades cooperan!")]
    memory.learn([NewUnit({"fr": a, "es": b}) for a, b in pairs], source=FILE, reviewed=True)
    release, make = threading.Event(), memory.fuzzy._fresh

    def slow(language):
        release.wait(20)
        return make(language)

    monkeypatch.setattr(memory.fuzzy, "_fresh", slow)
    view = assist.translation.view("red", "es")
    assist.begin("fr", "es")
    first = assist.row(view, view.rows[0], wait=False)
    assert [s.kind for s in first.suggestions] == [MatchKind.EXACT]
    assert first.more
    release.set()
    whole = assist.row(view, view.rows[0])
    assert [s.kind for s in whole.suggestions] == [MatchKind.EXACT, MatchKind.FUZZY]
    assert not whole.more


def test_a_search_by_meaning_that_fails_leaves_the_rest(assist, memory, monkeypatch):
    search = memory.search

    def failing(text, **options):
        if options["kinds"] == (MatchKind.SEMANTIC,):
            raise RuntimeError("no model")
        return search(text, **options)

    monkeypatch.setattr(memory, "search", failing)
    memory.learn([NewUnit({"fr": "Merci.", "es": "Gracias."})], source=FILE, reviewed=True)
    view = assist.translation.view("red", "es")
    assert [s.target for s in assist.row(view, view.rows[2]).suggestions] == ["Gracias."]


def test_a_row_translated_otherwise_than_its_twin_is_told_so(assist):
    assist.translation.confirm("red", "es", row(assist, 2).key, "Gracias.", propagate=False)
    view = assist.translation.view("red", "es")
    found = assist.findings(view, view.rows[3], "Muchas gracias.")
    assert [(f.check, f.correction) for f in found] == [("twins", "Gracias.")]


def test_only_reviewed_and_word_for_word_is_sure_to_be_filled(assist, memory):
    memory.learn([NewUnit({"fr": "Merci.", "es": "Gracias."})], source=FILE, reviewed=True)
    memory.learn([NewUnit({"fr": "Les villes coopèrent.", "es": "Las ciudades cooperan."})],
                 source=Source("file:raw", SourceKind.FILE, "Raw"), reviewed=False)  # fmt: skip
    fills = list(assist.fillable(assist.translation.view("red", "es"), above=70))
    assert [(f.place, f.sure) for f in fills] == [(0, False), (2, True), (3, True)]


def test_rows_with_a_draft_are_not_offered_for_filling(assist, memory):
    memory.learn([NewUnit({"fr": "Merci.", "es": "Gracias."})], source=FILE, reviewed=True)
    assist.translation.save_draft("red", "es", row(assist, 2).key, "Grac")
    fills = list(assist.fillable(assist.translation.view("red", "es"), above=99))
    assert [f.place for f in fills] == [3]


def test_a_row_that_is_gone_is_refused_in_words(assist):
    with pytest.raises(UsageError, match="no longer in the text"):
        assist.assist("red", "es", 999_999)
