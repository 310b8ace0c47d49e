"""Splitting and joining rows at the desk: all languages follow, the memory, drafts and comments too, all undoable."""

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.worlds import versions
from workbench.core.texts import TextInfo
from workbench.errors import ConflictError, UsageError
from workbench.services.alignment_service import AlignmentService
from workbench.services.export_service import ExportService
from workbench.services.memory_service import MemoryService
from workbench.services.row_service import RowService
from workbench.services.step_service import StepService
from workbench.services.translation_service import TranslationService

FR = "Les villes coopèrent selon l’art. 12 du traité ; elles partagent leurs idées. Merci.\n\nUn autre alinéa.\n"
ES = "Las ciudades cooperan según el art. 12 del tratado; comparten sus ideas."
BEFORE, AFTER = "Les villes coopèrent selon l’art. 12 du traité ;", "elles partagent leurs idées."
PARTS = {
    "fr": (BEFORE, AFTER),
    "es": ("Las ciudades cooperan según el art. 12 del tratado;", "comparten sus ideas."),
}
SLUG = "les-villes"


@pytest.fixture
def memory(store, now):
    return MemoryService(store=store, now=now, author="ana")


@pytest.fixture
def desk(store, now, memory):
    return TranslationService(store=store, memory=memory, now=now, author="ana")


@pytest.fixture
def alignment(store, now, memory):
    return AlignmentService(store=store, vectors=None, memory=memory, now=now, author="ana")


@pytest.fixture
def rows(store, now, memory, alignment):
    return RowService(store=store, alignment=alignment, memory=memory, now=now, author="ana")


@pytest.fixture
def steps(store, now, memory, alignment, rows):
    return StepService(store=store, rows=rows, alignment=alignment, memory=memory, now=now, author="ana")


@pytest.fixture
def key(library, desk):
    library.add_text(TextInfo(SLUG, "Les villes", original="fr"), versions(fr=FR))
    first = desk.view(SLUG, "es").rows[0]
    assert first.source == f"{BEFORE} {AFTER}"
    desk.confirm(SLUG, "es", first.key, ES)
    return first.key


def said(desk, target="es"):
    return [(row.source, row.target) for row in desk.view(SLUG, target).rows]


def found(memory, words, target="es"):
    return [s.target for s in memory.search(words, source="fr", target=target, limit=3) if s.score > 90]


def undo(steps):
    return steps.undo(SLUG, "es", steps.last(SLUG, "es").id)


def test_a_split_cuts_source_and_target_and_the_rest_of_the_text_stays(rows, desk, key, library, store):
    fresh = rows.split(SLUG, "es", key, PARTS)
    assert said(desk)[:3] == [(BEFORE, PARTS["es"][0]), (AFTER, PARTS["es"][1]), ("Merci.", "")]
    assert [row.key for row in desk.view(SLUG, "es").rows][:2] == [key, fresh]
    assert [s.position for s in library.segments(SLUG, "fr")] == [0, 1, 2, 3]
    assert [row.state for row in desk.view(SLUG, "es").rows][:2] == ["translated", "translated"]
    data = ExportService(library=library).export(SLUG, "fr")[1].decode()
    assert data == FR


def test_after_a_split_the_memory_knows_the_two_and_not_the_one(rows, memory, key):
    assert found(memory, f"{BEFORE} {AFTER}") == [ES]
    rows.split(SLUG, "es", key, PARTS)
    assert found(memory, AFTER) == ["comparten sus ideas."]
    assert found(memory, f"{BEFORE} {AFTER}") == []


def test_a_split_taken_back_restores_text_history_and_memory(rows, steps, desk, memory, key, library):
    before = said(desk)
    rows.split(SLUG, "es", key, PARTS)
    assert undo(steps).operation == "split"
    assert said(desk) == before
    assert found(memory, f"{BEFORE} {AFTER}") == [ES]
    assert found(memory, AFTER) == []
    assert [s.previous_text for s in library.segments(SLUG, "fr")] == [None, None, None]
    assert steps.last(SLUG, "es") is None


def test_a_split_taken_back_after_both_halves_were_changed_keeps_the_changes(rows, steps, desk, key):
    fresh = rows.split(SLUG, "es", key, PARTS)
    desk.confirm(SLUG, "es", fresh, "comparten todas sus ideas.")
    desk.save_draft(SLUG, "pt", fresh, "partilham")
    undo(steps)
    assert said(desk)[0][1] == f"{PARTS['es'][0]} comparten todas sus ideas."
    assert desk.view(SLUG, "pt").rows[0].draft == "partilham"


def test_a_draft_is_cut_with_its_row(rows, desk, key):
    row = desk.view(SLUG, "es").rows[1]
    assert row.source == "Merci."
    desk.save_draft(SLUG, "pt", key, "As cidades cooperam; partilham")
    desk.begin(SLUG, "pt")
    rows.split(SLUG, "pt", key, {"fr": PARTS["fr"]}, draft=("As cidades cooperam;", "partilham"))
    assert [r.draft for r in desk.view(SLUG, "pt").rows][:2] == ["As cidades cooperam;", "partilham"]


def test_a_split_of_a_row_that_says_something_else_meanwhile_is_refused(rows, desk, key):
    desk.confirm(SLUG, "es", key, "Otra cosa.")
    with pytest.raises(ConflictError, match="changed meanwhile"):
        rows.split(SLUG, "es", key, PARTS)
    assert said(desk)[0] == (f"{BEFORE} {AFTER}", "Otra cosa.")


@pytest.mark.parametrize("parts", [{}, {"fr": ("", f"{BEFORE} {AFTER}")}, {"fr": (f"{BEFORE} {AFTER}", " ")}])
def test_a_split_at_the_edge_is_refused(rows, key, parts):
    with pytest.raises(UsageError, match="between two words"):
        rows.split(SLUG, "es", key, parts)


def test_a_join_makes_one_row_and_asks_for_the_missing_half(rows, desk, memory, key):
    rows.join(SLUG, "es", key)
    first = desk.view(SLUG, "es").rows[0]
    assert (first.source, first.target, first.state) == (f"{BEFORE} {AFTER} Merci.", ES, "draft")
    assert found(memory, f"{BEFORE} {AFTER}") == []


def test_a_join_heard_twice_is_done_once(rows, desk, library):
    library.add_text(TextInfo("four", "Four", original="fr"), versions(fr="Un mot. Deux mots. Trois mots. Quatre.\n"))
    desk.begin("four", "es")
    first, second, third, _ = (row.key for row in desk.view("four", "es").rows)
    assert rows.join("four", "es", first, following=second)
    assert not rows.join("four", "es", first, following=second)
    assert not rows.join("four", "es", third, following=second)
    assert [row.source for row in desk.view("four", "es").rows] == ["Un mot. Deux mots.", "Trois mots.", "Quatre."]


def test_a_join_taken_back_gives_both_rows_again(rows, steps, desk, key):
    before = [source for source, _ in said(desk)]
    rows.join(SLUG, "es", key)
    undo(steps)
    assert [source for source, _ in said(desk)] == before


def test_joined_rows_split_where_their_segments_meet_without_a_new_segment(rows, desk, library, key):
    rows.join(SLUG, "es", key)
    rows.split(SLUG, "es", key, {"fr": (f"{BEFORE} {AFTER}", "Merci."), "es": (ES, "")})
    assert said(desk)[:2] == [(f"{BEFORE} {AFTER}", ES), ("Merci.", "")]
    assert len(library.segments(SLUG, "fr")) == 3


def test_drafts_of_two_joined_rows_are_one(rows, desk, key):
    second = desk.view(SLUG, "es").rows[1]
    desk.save_draft(SLUG, "es", second.key, "Gracias.")
    rows.join(SLUG, "es", key)
    assert desk.view(SLUG, "es").rows[0].draft == f"{ES} Gracias."


def test_what_was_typed_below_a_cut_between_two_segments_is_kept_when_the_cut_is_taken_back(rows, steps, desk, key):
    rows.join(SLUG, "es", key)
    fresh = rows.split(SLUG, "es", key, {"fr": (f"{BEFORE} {AFTER}", "Merci."), "es": (ES, "")})
    desk.save_draft(SLUG, "es", fresh, "Gracias.")
    undo(steps)
    assert [row.draft for row in desk.view(SLUG, "es").rows] == [f"{ES} Gracias.", None]


def test_what_was_typed_in_one_half_of_a_cut_stands_beside_the_other_half_when_it_is_taken_back(rows, steps, desk, key):
    fresh = rows.split(SLUG, "es", key, PARTS)
    desk.save_draft(SLUG, "es", fresh, "comparten sus mejores ideas.")
    undo(steps)
    assert desk.view(SLUG, "es").rows[0].draft == f"{PARTS['es'][0]} comparten sus mejores ideas."


def test_a_join_over_the_end_of_a_paragraph_or_the_text_is_refused(rows, desk, key):
    ordered = desk.view(SLUG, "es").rows
    with pytest.raises(UsageError, match="another paragraph"):
        rows.join(SLUG, "es", ordered[1].key)
    with pytest.raises(UsageError, match="last segment"):
        rows.join(SLUG, "es", ordered[2].key)


def test_a_join_changed_since_is_not_taken_back_by_force(rows, steps, desk, key):
    rows.join(SLUG, "es", key)
    rows.split(SLUG, "es", key, {"fr": (BEFORE, f"{AFTER} Merci.")})
    undo(steps)
    desk.confirm(SLUG, "es", key, "Todo de nuevo.")
    step = steps.last(SLUG, "es")
    assert step.operation == "join"
    steps.undo(SLUG, "es", step.id)
    with pytest.raises(UsageError, match="already"):
        steps.undo(SLUG, "es", step.id)


def test_identical_rows_filled_by_a_confirmation_are_emptied_again_and_the_memory_forgets_them(
    library, desk, steps, memory
):
    library.add_text(TextInfo("twice", "Twice", original="fr"), versions(fr="- Merci.\n- Au travail.\n- Merci.\n"))
    first = desk.view("twice", "es").rows[0]
    assert desk.confirm("twice", "es", first.key, "Gracias.").propagated == 1
    done = steps.undo("twice", "es", steps.last("twice", "es").id)
    assert (done.operation, done.restored, done.skipped) == ("propagate", 1, 0)
    assert [row.target for row in desk.view("twice", "es").rows] == ["Gracias.", "", ""]
    assert found(memory, "Merci.") == ["Gracias."]


def test_taking_a_filling_back_leaves_what_was_confirmed_since(library, desk, steps):
    library.add_text(TextInfo("filled", "Filled", original="fr"), versions(fr="- Un.\n- Deux.\n"))
    one, two = (row.key for row in desk.view("filled", "es").rows)
    desk.fill("filled", "es", {one: "Uno.", two: "Dos."})
    desk.confirm("filled", "es", one, "Uno solo.")
    done = steps.undo("filled", "es", steps.last("filled", "es").id)
    assert (done.restored, done.skipped) == (1, 1)
    assert [row.target for row in desk.view("filled", "es").rows] == ["Uno solo.", ""]


def test_a_draft_too_long_for_a_segment_is_refused_with_its_row_as_it_was(rows, desk, key):
    with pytest.raises(UsageError, match="a segment takes 100,000 at most"):
        rows.split(SLUG, "es", key, {"fr": (BEFORE, AFTER)}, draft=("x" * 100_001, "y"))
    assert desk.view(SLUG, "es").rows[0].draft is None


def test_the_memory_is_brought_up_to_date_though_a_row_went_meanwhile(steps, desk, memory, store, key):
    text = store.texts.get(SLUG)
    desk.confirm(SLUG, "es", key, "Otra cosa.")
    steps.remember(text, "es", "fr", [key, 99_999], learn=[key])
    assert [s.target for s in memory.search(f"{BEFORE} {AFTER}", source="fr", target="es")] == ["Otra cosa."]


def test_rows_filled_from_an_identical_one_are_marked_until_somebody_confirms_them(library, desk, steps):
    library.add_text(TextInfo("thrice", "Thrice", original="fr"), versions(fr="- Merci.\n- Merci.\n- Merci.\n"))
    keys = [row.key for row in desk.view("thrice", "es").rows]
    desk.confirm("thrice", "es", keys[0], "Gracias.")
    step = steps.last("thrice", "es")
    assert [row.repeats and row.repeats.id for row in desk.view("thrice", "es").rows] == [None, step.id, step.id]
    desk.confirm("thrice", "es", keys[1], "Gracias.", token=desk.view("thrice", "es").rows[1].token)
    assert [row.repeats and row.repeats.id for row in desk.view("thrice", "es").rows] == [None, None, step.id]
    done = steps.undo("thrice", "es", step.id)
    assert (done.restored, done.skipped) == (1, 1)
    assert [row.target for row in desk.view("thrice", "es").rows] == ["Gracias.", "Gracias.", ""]
