"""Looking after the memory: analysis, contradictions, find and replace, edits, all with history."""

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from workbench.core.analysis import Band, word_count
from workbench.core.memory import NewUnit, Source
from workbench.errors import ConflictError, UsageError
from workbench.services import memory_care
from workbench.services.memory_service import MemoryService

A = Source("text:a", name="A", text_slug="a")


@pytest.fixture
def memory(store, now):
    memory = MemoryService(store=store, now=now, author="ana")
    between = {"fr": ("", "Fin.")}
    signing = NewUnit({"fr": "Les villes signent l’accord.", "es": "Las ciudades firman el acuerdo."}, context=between)
    open_to_all = {"fr": "Le réseau est ouvert à toutes les villes.", "es": "La red está abierta a todas las ciudades."}
    memory.learn([signing, NewUnit(open_to_all)], source=A, reviewed=True)
    return memory


def first(memory, text="Les villes signent l’accord."):
    return memory.search(text, source="fr", target="es")[0].match.unit


def test_an_analysis_counts_segments_and_words_by_band(memory):
    text = ["Les villes signent l’accord.", "Fin.", "les villes signent l'accord.",
            "Le réseau est ouvert à toutes les villes !", "Rien de tel ici."]  # fmt: skip
    analysis = memory.analyse(text, source="fr", target="es")
    counts = {b.band: (b.segments, b.words) for b in analysis.bands if b.segments}
    assert counts == {Band.CONTEXT: (1, 5), Band.REPETITION: (1, 5), Band.FUZZY_85: (1, 8), Band.NEW: (2, 5)}
    assert (analysis.segments, analysis.words) == (5, sum(map(word_count, text)))
    assert [b.band for b in analysis.bands] == list(Band)


def test_contradictions_name_both_translations_and_their_units(memory):
    assert memory.contradictions(source="fr", target="es") == []
    other = NewUnit({"fr": "les villes signent l'accord.", "es": "Las urbes firman el acuerdo."})
    memory.learn([other], source=Source("text:b"), reviewed=False)
    (found,) = memory.contradictions(source="fr", target="es")
    assert {text for text, _ in found.targets} == {"Las ciudades firman el acuerdo.", "Las urbes firman el acuerdo."}
    assert memory.contradictions(source="es", target="fr") == []


def test_replacing_is_shown_first_then_done_and_looked_up_anew(memory):
    first(memory)
    found = list(memory.find_replacements("ciudades", "urbes", language="es"))
    assert [r.after for r in found] == ["Las urbes firman el acuerdo.", "La red está abierta a todas las urbes."]
    assert first(memory).texts["es"] == "Las ciudades firman el acuerdo."
    assert memory.apply_replacements(found[:1]) == (1, [])
    unit = first(memory)
    assert unit.texts["es"] == "Las urbes firman el acuerdo."
    assert memory.search("Las urbes firman el acuerdo.", source="es", target="fr")[0].score == 100
    assert memory.concordance("urbes").total == 1
    entry = memory.history(unit.id)[0]
    assert (entry.operation, entry.before["es"]) == ("replaced", "Las ciudades firman el acuerdo.")


def test_a_segment_changed_since_the_preview_is_left_alone(memory):
    found = list(memory.find_replacements("ciudades", "urbes", language="es"))
    unit = first(memory)
    memory.edit(unit.id, {"es": "Las ciudades lo firman."}, revision=unit.revision)
    assert memory.apply_replacements(found) == (1, [found[0]])
    assert first(memory).texts["es"] == "Las ciudades lo firman."


def test_regular_expressions_replace_groups_and_plain_text_is_plain(memory):
    (found,) = memory.find_replacements(r"(\w+) firman", r"\1 hoy firman", language="es", pattern=True)
    assert found.after == "Las ciudades hoy firman el acuerdo."
    assert list(memory.find_replacements(".*", "x", language="es")) == []
    assert len(list(memory.find_replacements("LAS", "x", language="es", match_case=False))) == 2


@pytest.mark.parametrize(("find", "replace"), [("", "x"), ("(", "x"), ("a", r"\9"), ("x" * 501, "")])
def test_what_cannot_be_sought_is_said(memory, find, replace):
    with pytest.raises(UsageError):
        list(memory.find_replacements(find, replace, language="es", pattern=True))


def test_an_expression_that_would_never_end_is_refused(memory, monkeypatch):
    monkeypatch.setattr(memory_care, "REPLACE_SECONDS", 0.2)
    memory.learn([NewUnit({"fr": "a" * 60 + "!", "es": "b"})], source=A, reviewed=True)
    with pytest.raises(UsageError, match="too long"):
        list(memory.find_replacements(r"(a|aa)+$", "x", language="fr", pattern=True))


def test_an_edit_names_the_revision_it_saw(memory):
    unit = first(memory)
    edited = memory.edit(unit.id, {"es": "Otra."}, revision=unit.revision)
    assert (edited.texts["es"], edited.revision) == ("Otra.", unit.revision + 1)
    with pytest.raises(ConflictError, match="ana"):
        memory.edit(unit.id, {"es": "Tercera."}, revision=unit.revision)
    with pytest.raises(UsageError, match="no pt"):
        memory.edit(unit.id, {"pt": "x"}, revision=edited.revision)
    with pytest.raises(UsageError, match="two languages"):
        memory.edit(unit.id, {"es": " "}, revision=edited.revision)


def test_a_removed_unit_leaves_its_history(memory):
    unit = first(memory)
    assert memory.remove([unit.id, 999_999]) == 1
    assert memory.stats().units == 1
    assert memory.history(unit.id)[0].operation == "removed"
    with pytest.raises(UsageError):
        memory.unit(unit.id)


def test_duplicates_are_joined_with_all_they_have(memory):
    memory.learn([NewUnit({"fr": "Oui.", "es": "Sí."}), NewUnit({"fr": "Oui.", "pt": "Sim."})], source=A, reviewed=True)
    assert memory.duplicates() == []
    whole = {"fr": "Oui.", "es": "Sí.", "pt": "Sim.", "en": "Yes."}
    memory.learn([NewUnit(whole)], source=Source("text:b"), reviewed=False)
    before = memory.stats().units
    (found,) = memory.duplicates()
    memory.used(found.other.id)
    assert memory.dedupe([found]) == 1
    assert memory.stats().units == before - 1
    (best, *_) = memory.search("Oui.", source="fr", target="pt")
    assert best.match.unit.texts == whole
    assert (best.reviewed, best.match.unit.uses) == (True, 1)
    assert len(best.match.unit.provenances) == 3
    assert memory.history(found.other.id)[0].operation == "joined"
    assert memory.dedupe() == 0


def test_a_duplicate_changed_since_it_was_shown_is_left_alone(memory):
    memory.learn([NewUnit({"fr": "Oui.", "es": "Sí."}), NewUnit({"fr": "Oui.", "pt": "Sim."})], source=A, reviewed=True)
    memory.learn([NewUnit({"fr": "Oui.", "es": "Sí.", "pt": "Sim."})], source=Source("text:b"), reviewed=False)
    (found,) = memory.duplicates()
    memory.edit(found.other.id, {"pt": "Com certeza."}, revision=found.other.revision)
    assert memory.dedupe([found]) == 0
