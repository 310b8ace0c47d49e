"""Looking words up in the glossary and the memory at once."""

from __future__ import annotations

import pytest

from workbench.core.memory import NewUnit, Source
from workbench.core.terms import Concept, Term
from workbench.services.glossary_service import GlossaryService
from workbench.services.lookup_service import Found, LookUpService, questions
from workbench.services.memory_service import MemoryService

TWINNING = Concept("twinning", "instruments", (
    Term("fr", "jumelage", part_of_speech="noun", number="singular", plural="jumelages"),
    Term("en", "twinning", part_of_speech="noun", number="singular", plural="twinnings"),
))  # fmt: skip


@pytest.fixture
def service(store, now):
    glossary = GlossaryService(store=store, now=now, author="ana")
    glossary.save(TWINNING, None)
    memory = MemoryService(store=store, vectors=None, now=now, author="ana")
    units = [
        NewUnit({"fr": "Les deux villes signent un accord de jumelage.", "en": "The two cities sign a twinning."}),
        NewUnit({"fr": "Un accord entre deux ports.", "en": "An agreement between two ports."}),
    ]
    memory.learn(units, source=Source("file:a", name="a.tmx"), reviewed=True)
    return LookUpService(memory=memory, glossary=glossary)


def texts(answer):
    return [hit.unit.texts["fr"] for hit in answer.page.hits]


def test_selected_words_are_sought_in_a_row_before_they_are_sought_apart(service):
    answer = service.look_up("accord de jumelage")
    assert answer.found is Found.PHRASE and texts(answer) == ["Les deux villes signent un accord de jumelage."]
    answer = service.look_up("accord ports")
    assert answer.found is Found.WORDS and texts(answer) == ["Un accord entre deux ports."]


def test_of_words_that_stand_nowhere_together_the_longest_part_is_shown(service):
    answer = service.look_up("nos villes signent un accord rapide")
    assert answer.found is Found.PART
    assert texts(answer) == ["Les deux villes signent un accord de jumelage."]
    assert [answer.page.hits[0].unit.texts["fr"][a:b] for a, b in answer.page.hits[0].spans] == [
        "villes signent un accord"
    ]


def test_words_that_say_nothing_are_not_looked_up_alone():
    assert [way for way, _ in questions("de la")] == [Found.PHRASE, Found.WORDS]


def test_what_is_typed_with_signs_is_asked_as_it_stands(service):
    answer = service.look_up("accord -jumelage")
    assert answer.found is Found.TYPED and texts(answer) == ["Un accord entre deux ports."]


def test_the_first_answer_does_not_wait_for_the_glossary_s_forms_and_the_next_has_them(service):
    first = service.look_up("deux jumelages")
    assert first.partial and first.concepts == ()
    service.read_terms()
    answer = service.look_up("jumelages", spoken="fr")
    assert not answer.partial and [c.id for c in answer.concepts] == ["twinning"]
    assert answer.recognised == {"twinning"}


def test_a_changed_glossary_is_read_again(service):
    service.read_terms()
    assert service.ready
    stored = service.glossary.get("twinning")
    service.glossary.delete("twinning", stored.revision)
    assert not service.ready


def test_hits_of_one_language_only(service):
    assert service.look_up("two", language="fr").page.hits == ()
    assert len(service.look_up("two").page.hits) == 2
