"""The memory: what is learnt, joined, taken back, looked up."""

import threading

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from workbench.core.adaptation import TermPair
from workbench.core.memory import MatchKind, NewUnit, Source, SourceKind
from workbench.errors import UsageError
from workbench.services.memory_service import MemoryService

A = Source("text:a", SourceKind.TEXT, "Présentation", "a")
B = Source("text:b", SourceKind.TEXT, "Objectifs", "b")
FR, ES, PT = "Le réseau compte 12 villes.", "La red cuenta con 12 ciudades.", "A rede conta com 12 cidades."


@pytest.fixture
def memory(store, now):
    return MemoryService(store=store, now=now, author="ana")


def found(memory, text=FR, source="fr", target="es", **more):
    return memory.search(text, source=source, target=target, **more)


def test_the_same_pair_learnt_twice_is_one_unit_with_two_sources(memory):
    first = memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    second = memory.learn([NewUnit({"es": ES, "fr": f" {FR} "})], source=B, reviewed=False)
    assert (first.added, second.added, second.known) == (1, 0, 1)
    unit = memory.unit(first.unit_ids[0])
    assert [p.source.key for p in unit.provenances] == ["text:a", "text:b"]


def test_a_unit_grows_by_a_third_language_when_two_agree(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    grown = memory.learn([NewUnit({"fr": FR, "es": ES, "pt": PT})], source=B, reviewed=False)
    assert (grown.added, grown.grown) == (0, 1)
    unit = memory.unit(grown.unit_ids[0])
    assert unit.texts == {"fr": FR, "es": ES, "pt": PT}
    assert unit.reviewed("fr", "es")
    assert not unit.reviewed("fr", "pt")
    assert memory.history(unit.id)[0].before == {"fr": FR, "es": ES}


def test_one_common_language_is_not_enough_to_be_one_unit(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    other = memory.learn([NewUnit({"fr": FR, "pt": PT})], source=B, reviewed=True)
    assert other.added == 1


def test_another_translation_is_another_unit_and_both_are_offered(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=False)
    memory.learn([NewUnit({"fr": FR, "es": "La red tiene 12 ciudades."})], source=B, reviewed=True)
    assert [s.target for s in found(memory)] == ["La red tiene 12 ciudades.", ES]


def test_equal_units_in_one_lot_are_one(memory):
    learnt = memory.learn([NewUnit({"fr": FR, "es": ES})] * 3, source=A, reviewed=True)
    assert (learnt.added, learnt.known) == (1, 2)
    assert len(memory.unit(learnt.unit_ids[0]).provenances) == 1


def test_learning_again_at_a_place_replaces_what_stood_there(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES}, place="3")], source=A, reviewed=True)
    memory.learn([NewUnit({"fr": FR, "es": "La red tiene 12 ciudades."}, place="3")], source=A, reviewed=True)
    assert [s.target for s in found(memory)] == ["La red tiene 12 ciudades."]


def test_the_same_at_the_same_place_can_lose_its_review(memory):
    for reviewed in (True, False):
        memory.learn([NewUnit({"fr": FR, "es": ES}, place="3")], source=A, reviewed=reviewed)
    assert not found(memory)[0].reviewed
    assert memory.stats().reviewed == 0


def test_retracting_removes_only_what_nothing_else_supports(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    memory.learn(
        [NewUnit({"fr": FR, "es": ES, "pt": PT}), NewUnit({"fr": "Fin.", "es": "Fin."})], source=B, reviewed=True
    )
    assert memory.retract("text:b") == 1
    assert memory.stats().units == 1
    (unit,) = (s.match.unit for s in found(memory))
    assert unit.texts == {"fr": FR, "es": ES}
    assert memory.retract("text:a") == 1
    assert memory.retract("text:a") == 0
    assert memory.retract("never") == 0
    assert found(memory) == []


def test_retracting_some_places_leaves_the_others(memory):
    units = [NewUnit({"fr": f"Phrase {w}.", "es": f"Frase {w}."}, place=w) for w in ("un", "dos")]
    memory.learn(units, source=A, reviewed=True)
    assert memory.retract("text:a", ["un"]) == 1
    assert memory.retract("text:a", []) == 0
    assert memory.stats().units == 1


def test_context_comes_before_exact_and_names_itself(memory):
    memory.learn([NewUnit({"fr": "Oui.", "es": "Sí."}, "1", {"fr": ("Un.", "Deux.")})], source=A, reviewed=True)
    memory.learn([NewUnit({"fr": "Oui.", "es": "Así es."}, "9", {"fr": ("Trois.", "")})], source=A, reviewed=True)
    kinds = {s.target: s.kind for s in found(memory, "Oui.", previous="Trois.", next="")}
    assert kinds == {"Así es.": MatchKind.CONTEXT, "Sí.": MatchKind.EXACT}
    assert next(iter(kinds)) == "Así es."


def test_typography_is_listed_not_a_reason_to_miss(memory):
    memory.learn([NewUnit({"fr": "« L’eau » !", "es": "¡El agua!"})], source=A, reviewed=True)
    (only,) = found(memory, '"l\'eau"!')
    assert only.kind is MatchKind.EXACT
    assert {d.what for d in only.differences} == {"quotes", "spaces", "case"}
    assert only.match.score == 99.4


def test_a_fuzzy_match_shows_its_differences(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    (only,) = found(memory, "Le grand réseau compte 12 villes.")
    assert only.kind is MatchKind.FUZZY
    assert 75 < only.score < 100
    (d,) = only.differences
    assert "Le grand réseau compte 12 villes."[slice(*d.query)] == "grand"


def test_only_a_number_differs_so_it_is_changed(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    (only,) = found(memory, "Le réseau compte 15 villes.")
    assert only.target == "La red cuenta con 15 ciudades."
    assert [c.what for c in only.changes] == ["number"]


def test_only_a_term_differs_so_it_is_changed(memory):
    memory.learn(
        [NewUnit({"fr": "La ville signe l’accord.", "es": "La ciudad firma el acuerdo."})], source=A, reviewed=True
    )
    terms = [TermPair("accord", "acuerdo"), TermPair("avenant", "anexo")]
    (only,) = found(memory, "La ville signe l’avenant.", terms=terms)
    assert only.target == "La ciudad firma el anexo."


def test_two_units_are_joined_over_the_language_they_share(memory):
    memory.learn([NewUnit({"pt": PT, "es": ES})], source=A, reviewed=True)
    memory.learn([NewUnit({"es": ES, "fr": FR})], source=B, reviewed=True)
    (only,) = found(memory, PT, source="pt", target="fr")
    assert (only.target, only.via, only.reviewed) == (FR, "es", True)
    assert only.score < 100
    assert not only.fills


def test_regions_fall_back_to_each_other_with_a_penalty(memory):
    memory.learn([NewUnit({"fr": "Le bus arrive.", "pt-BR": "O ônibus chega."})], source=A, reviewed=True)
    memory.learn([NewUnit({"fr": "Le bus arrive.", "pt-PT": "O autocarro chega."})], source=B, reviewed=True)
    for asked, first in (("pt-BR", "O ônibus chega."), ("pt-PT", "O autocarro chega.")):
        best, second = found(memory, "Le bus arrive.", target=asked)
        assert best.target == first
        assert best.score == 100 > second.score
    assert {s.score for s in found(memory, "Le bus arrive.", target="pt")} == {100.0}
    assert found(memory, "O ônibus chega.", source="pt-PT", target="fr")[0].kind is MatchKind.EXACT


def test_what_was_used_more_comes_first_among_equals(memory):
    ids = memory.learn([NewUnit({"fr": "Oui.", "es": t}) for t in ("Sí.", "Claro.")], source=A, reviewed=True).unit_ids
    for chosen, first in ((ids[0], "Sí."), (ids[1], None), (ids[1], "Claro.")):
        memory.used(chosen)
        if first:
            assert found(memory, "Oui.")[0].target == first


def test_kinds_can_be_chosen(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    assert found(memory, kinds=[MatchKind.FUZZY]) == []
    assert [s.kind for s in found(memory, kinds=[MatchKind.EXACT])] == [MatchKind.EXACT]


@pytest.mark.parametrize("text", ["", "  ", "⟨1/⟩"])
def test_nothing_finds_nothing(memory, text):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    assert found(memory, text) == []


def test_a_pair_needs_two_languages(memory):
    with pytest.raises(UsageError, match="same language"):
        found(memory, target="fr")
    with pytest.raises(UsageError, match="not a language code"):
        found(memory, target="'; DROP TABLE")


def test_an_index_in_use_follows_every_change(memory, store, now):
    memory.learn(
        [NewUnit({"fr": f"Phrase numéro {k} du texte.", "es": f"Frase {k}."}) for k in range(50)],
        source=A,
        reviewed=True,
    )
    assert found(memory, "Phrase numero 7 du texte.")
    other = MemoryService(store=store, now=now, author="luis")
    other.learn(
        [NewUnit({"fr": "Les ateliers sont ouverts.", "es": "Los talleres están abiertos."})], source=B, reviewed=True
    )
    assert found(memory, "Les ateliers sont fermés.")[0].target == "Los talleres están abiertos."
    other.retract("text:b")
    assert found(memory, "Les ateliers sont fermés.") == []


def test_threads_may_look_up_while_others_learn(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    failed = []

    def look_up():
        try:
            for _ in range(15):
                assert found(memory)[0].target == ES
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=look_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for k in range(15):
        memory.learn([NewUnit({"fr": f"Autre {k}.", "es": f"Otra {k}."})], source=B, reviewed=True)
    for thread in threads:
        thread.join()
    assert failed == []
    assert memory.stats().units == 16


def test_concordance_pages_through_hits_last_learnt_first(memory):
    memory.learn([NewUnit({"fr": f"Le réseau {k}.", "es": f"La red {k}."}) for k in range(5)], source=A, reviewed=True)
    page = memory.concordance("RESEAU", limit=2)
    assert (page.total, page.complete) == (5, True)
    assert [h.unit.texts["fr"] for h in page.hits] == ["Le réseau 4.", "Le réseau 3."]
    assert page.hits[0].spans == ((3, 9),)
    (last,) = memory.concordance("reseau", limit=2, offset=4).hits
    assert last.unit.texts["es"] == "La red 0."


def test_concordance_is_narrowed_to_a_language_or_a_text(memory):
    memory.learn([NewUnit({"fr": "Action.", "en": "Action."})], source=A, reviewed=True)
    memory.learn([NewUnit({"fr": "Action, oui.", "es": "Acción."})], source=B, reviewed=True)
    assert {h.language for h in memory.concordance("action").hits} == {"fr", "en"}
    assert [h.language for h in memory.concordance("action", language="en").hits] == ["en"]
    assert [h.unit.texts["fr"] for h in memory.concordance("action", text="b").hits] == ["Action, oui."]


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "*",
        "a*b",
        "NEAR(",
        "a AND",
        ") OR (",
        "-",
        "text:x",
        "^a",
        "a; DROP TABLE memory_units",
        "{a b}",
        "\x00",
        "-a",
        '"a b',
    ],
)
def test_whatever_is_typed_is_sought_and_nothing_executed(memory, query):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    memory.concordance(query)
    assert memory.stats().units == 1


def test_a_removed_segment_leaves_the_concordance(memory):
    memory.learn([NewUnit({"fr": FR, "es": ES})], source=A, reviewed=True)
    memory.retract("text:a")
    assert memory.concordance("red").total == 0
