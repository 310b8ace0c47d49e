"""Searching and replacing in a translation: found, shown, chosen, done, taken back; the memory follows."""

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.services.test_reviser_service import Office
from tests.worlds import versions
from workbench.core.texts import TextInfo
from workbench.errors import UsageError
from workbench.services import replace_service
from workbench.services.replace_service import ReplaceService

ES = ["La red de ciudades", "La red une redes.", "Un ⟨1⟩red⟨/1⟩ y 1 euro.", ""]


@pytest.fixture
def office(store, now, library):
    office = Office(store, now, "ana")
    library.add_text(TextInfo("t", "T", original="fr"), versions(fr="# Un\n\nDeux.\n\nTrois.\n\nQuatre.\n"))
    for row, said in zip(office.desk.view("t", "es").rows, ES, strict=True):
        if said:
            office.desk.confirm("t", "es", row.key, said)
    office.replacing = ReplaceService(store=store, translation=office.desk, steps=office.steps, now=now, author="ana")
    return office


def after(office, *arguments, **options):
    return [each.after for each in office.replacing.find("t", "es", *arguments, **options)]


def test_words_are_found_in_order_and_nothing_is_changed_by_looking(office):
    found = office.replacing.find("t", "es", "red", "malla")
    assert [(each.place, each.count) for each in found] == [(0, 1), (1, 2), (2, 1)]
    assert found[1].after == "La malla une mallaes."
    assert [row.target for row in office.desk.view("t", "es").rows] == ES


def test_whole_words_and_capitals(office):
    assert after(office, "red", "malla", words=True)[1] == "La malla une redes."
    assert after(office, "LA RED", "Una red") == ["Una red de ciudades", "Una red une redes."]
    assert after(office, "LA RED", "Una red", case=True) == []


def test_signs_of_expressions_are_plain_unless_one_is_asked_for(office):
    assert after(office, "r.d", "x") == []
    assert after(office, r"1 (\w+)", r"\1 1", expression=True) == ["Un ⟨1⟩red⟨/1⟩ y euro 1."]
    assert after(office, "euro", r"\1$") == [r"Un ⟨1⟩red⟨/1⟩ y 1 \1$."]


def test_what_would_break_a_code_is_marked(office):
    (found,) = office.replacing.find("t", "es", "⟨1⟩red", "red")
    assert found.harms
    assert not office.replacing.find("t", "es", "euro", "peso")[0].harms


@pytest.mark.parametrize(
    ("wanted", "replacement", "words"),
    [("", "", "what to look for"), ("(", "", "not a regular expression"), ("x*", "", "nothing as well"),
     ("(r)ed", r"\2", "does not fit"), ("(?R)", "", "make it simpler"), ("(" * 3000, "", "make it simpler")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(office, wanted, replacement, words):
    with pytest.raises(UsageError, match=words):
        office.replacing.find("t", "es", wanted, replacement, expression=True)


def test_replaced_segments_keep_their_state_reach_the_memory_and_can_be_taken_back(office):
    chosen = office.replacing.find("t", "es", "red", "malla", words=True)[:2]
    assert office.replacing.take("t", "es", chosen) == (2, 0)
    rows = office.desk.view("t", "es").rows
    assert [(row.target, str(row.state)) for row in rows[:2]] == [
        ("La malla de ciudades", "translated"), ("La malla une redes.", "translated"),
    ]  # fmt: skip
    assert rows[2].target == ES[2]
    assert [s.target for s in office.memory.search("Un", source="fr", target="es") if s.score > 95] == [
        "La malla de ciudades"
    ]
    done = office.steps.undo("t", "es", office.steps.last("t", "es").id)
    assert (done.operation, done.restored) == ("replace", 2)
    assert [row.target for row in office.desk.view("t", "es").rows] == ES
    assert [s.target for s in office.memory.search("Un", source="fr", target="es") if s.score > 95] == [ES[0]]


def test_a_segment_changed_meanwhile_is_left(office):
    chosen = office.replacing.find("t", "es", "red", "malla")
    office.desk.confirm("t", "es", chosen[0].key, "Otra red")
    assert office.replacing.take("t", "es", chosen) == (2, 1)
    assert office.desk.view("t", "es").rows[0].target == "Otra red"


def test_an_expression_that_is_slow_in_every_segment_is_given_up_for_all_of_them(office, monkeypatch):
    assert after(office, "r(e)d", "x", expression=True)
    monkeypatch.setattr(replace_service, "ALL_SECONDS", 0.0)
    with pytest.raises(UsageError, match="make it simpler"):
        office.replacing.find("t", "es", "r(e)d", "x", expression=True)
