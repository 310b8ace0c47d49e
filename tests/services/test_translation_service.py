"""Translating a text: what is open, drafts, confirming, identical rows, two people, leaving out, taking it out."""

import io

import pytest

from tests.worlds import versions
from workbench.core.grid import Grid, Row
from workbench.core.memory import NewUnit, Source, SourceKind
from workbench.core.texts import SegmentState, TextInfo
from workbench.errors import ConflictError, UsageError
from workbench.services.alignment_service import AlignmentService
from workbench.services.export_service import ExportService
from workbench.services.library_service import LibraryService
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationService
from workbench.store import open_store

FR = "# La coopération\n\nLes villes coopèrent. Elles partagent leurs idées.\n\n- Merci.\n- Au travail.\n- Merci.\n"
SLUG = "la-cooperation"


@pytest.fixture
def memory(store, now):
    return MemoryService(store=store, now=now, author="ana")


@pytest.fixture
def desk(store, now, memory):
    return TranslationService(store=store, memory=memory, now=now, author="ana")


@pytest.fixture
def other(store, now, memory):
    return TranslationService(store=store, memory=memory, now=now, author="rui")


@pytest.fixture
def text(library):
    return library.add_text(TextInfo("", "La coopération", original="fr"), versions(fr=FR))


def keys(desk, target="es"):
    return [row.key for row in desk.view(SLUG, target).rows]


def translate_all(desk, target="es"):
    for row in desk.view(SLUG, target).rows:
        desk.confirm(SLUG, target, row.key, f"{target}: {row.source}", token=row.token, propagate=False)


def test_looking_at_a_missing_version_shows_every_row_open_and_changes_nothing(desk, text, library):
    view = desk.view(SLUG, "es")
    assert (view.source, view.target, view.state) == ("fr", "es", "missing")
    assert [row.source for row in view.rows][:2] == ["La coopération", "Les villes coopèrent."]
    assert view.open_places == [0, 1, 2, 3, 4, 5]
    assert list(library.versions(SLUG)) == ["fr"]


def test_confirming_makes_the_version_and_puts_its_segments_in_the_order_of_the_source(desk, text, library):
    ordered = keys(desk)
    desk.confirm(SLUG, "es", ordered[2], "Comparten sus ideas.")
    desk.confirm(SLUG, "es", ordered[0], "La cooperación")
    assert [s.text for s in library.segments(SLUG, "es")] == ["La cooperación", "Comparten sus ideas."]
    assert [row.state for row in desk.view(SLUG, "es").rows][:3] == ["translated", "missing", "translated"]


def test_what_is_confirmed_is_in_the_memory_at_once_with_its_neighbours(desk, text, memory):
    desk.confirm(SLUG, "es", keys(desk)[1], "Las ciudades cooperan.")
    found = memory.search(
        "Les villes coopèrent.", source="fr", target="es",
        previous="La coopération", next="Elles partagent leurs idées.",
    )  # fmt: skip
    assert [(s.target, s.kind.value, s.reviewed) for s in found] == [("Las ciudades cooperan.", "context", True)]


def test_confirming_another_translation_of_the_row_replaces_the_first_in_the_memory(desk, text, memory):
    key = keys(desk)[1]
    desk.confirm(SLUG, "es", key, "Las ciudades coperan.")
    desk.confirm(SLUG, "es", key, "Las ciudades cooperan.")
    found = memory.search("Les villes coopèrent.", source="fr", target="es")
    assert [s.target for s in found] == ["Las ciudades cooperan."]


def test_identical_rows_are_filled_and_counted(desk, text):
    ordered = keys(desk)
    done = desk.confirm(SLUG, "es", ordered[3], "Gracias.")
    assert done.propagated == 1
    assert [row.target for row in desk.view(SLUG, "es").rows][3:] == ["Gracias.", "", "Gracias."]


def test_identical_rows_that_are_left_out_or_being_worked_on_are_not_filled(desk, other, text):
    ordered = keys(desk)
    desk.leave_out(SLUG, "es", ordered[5])
    assert desk.confirm(SLUG, "es", ordered[3], "Gracias.").propagated == 0
    other.save_draft(SLUG, "pt", ordered[5], "Obriga")
    assert desk.confirm(SLUG, "pt", ordered[3], "Obrigado.").propagated == 0


def test_a_draft_is_kept_for_its_author_shown_to_others_and_gone_when_confirmed(desk, other, text):
    key = keys(desk)[1]
    desk.save_draft(SLUG, "es", key, "Las ciud")
    assert desk.view(SLUG, "es").rows[1].draft == "Las ciud"
    assert other.view(SLUG, "es").rows[1].others_draft == (("ana", "Las ciud"),)
    assert desk.view(SLUG, "es").rows[1].state == "missing"
    desk.confirm(SLUG, "es", key, "Las ciudades cooperan.")
    assert desk.view(SLUG, "es").rows[1].draft is None


def test_two_people_confirming_one_row_the_second_is_told_what_the_first_wrote_and_keeps_the_draft(desk, other, text):
    row = desk.view(SLUG, "es").rows[1]
    other.save_draft(SLUG, "es", row.key, "Las urbes cooperan.")
    desk.confirm(SLUG, "es", row.key, "Las ciudades cooperan.", token=row.token)
    with pytest.raises(ConflictError, match=r"ana changed this row.*Las ciudades cooperan\."):
        other.confirm(SLUG, "es", row.key, "Las urbes cooperan.", token=row.token)
    seen = other.view(SLUG, "es").rows[1]
    assert (seen.target, seen.draft) == ("Las ciudades cooperan.", "Las urbes cooperan.")
    other.confirm(SLUG, "es", row.key, "Las urbes cooperan.", token=seen.token)
    assert desk.view(SLUG, "es").rows[1].target == "Las urbes cooperan."


def test_the_same_confirmation_sent_twice_is_no_conflict(desk, text):
    row = desk.view(SLUG, "es").rows[1]
    for _ in range(2):
        desk.confirm(SLUG, "es", row.key, "Las ciudades cooperan.", token=row.token)
    assert desk.view(SLUG, "es").rows[1].state == "translated"


@pytest.mark.parametrize("text_typed", ["", "   ", "\u200b"])
def test_nothing_cannot_be_confirmed(desk, text, text_typed):
    with pytest.raises(UsageError, match="nothing to confirm"):
        desk.confirm(SLUG, "es", keys(desk)[0], text_typed)


def test_a_whole_document_pasted_into_a_row_is_refused(desk, text):
    with pytest.raises(UsageError, match="whole document"):
        desk.confirm(SLUG, "es", keys(desk)[0], "x" * 100_001)


def test_pasted_controls_and_bidi_marks_do_not_reach_the_store(desk, text):
    desk.confirm(SLUG, "es", keys(desk)[1], "Las\u202e ciudades\u200b\x00 cooperan.\n")
    assert desk.view(SLUG, "es").rows[1].target == "Las ciudades cooperan."


def test_a_row_of_a_text_revised_meanwhile_is_named_as_gone(desk, library, text):
    key = keys(desk)[2]
    desk.begin(SLUG, "es")
    library.put_versions(SLUG, versions(fr="# La coopération\n\nLes villes coopèrent.\n\n- Merci.\n"))
    with pytest.raises(UsageError, match="no longer in the text"):
        desk.confirm(SLUG, "es", key, "Comparten sus ideas.")


def test_leaving_a_row_out_is_done_and_taking_it_back_is_open_again(desk, text):
    key = keys(desk)[1]
    for _ in range(2):  # heard twice, it is done once
        desk.leave_out(SLUG, "es", key)
        assert desk.view(SLUG, "es").rows[1].state == "left out"
    for _ in range(2):
        desk.leave_out(SLUG, "es", key, out=False)
        assert desk.view(SLUG, "es").rows[1].state == "missing"


def test_a_left_out_row_that_is_translated_after_all_counts_as_translated(desk, text):
    key = keys(desk)[1]
    desk.leave_out(SLUG, "es", key)
    desk.confirm(SLUG, "es", key, "Las ciudades cooperan.")
    assert desk.view(SLUG, "es").rows[1].state == "translated"


def test_a_changed_original_makes_its_translation_stale_and_says_what_it_was(desk, library, text):
    translate_all(desk)
    library.put_versions(SLUG, versions(fr=FR.replace("leurs idées", "leurs bonnes idées")))
    row = desk.view(SLUG, "es").rows[2]
    assert (row.state, row.previous_source) == ("stale", "Elles partagent leurs idées.")
    assert desk.view(SLUG, "es").open_places == [2]
    desk.confirm(SLUG, "es", row.key, "Comparten sus buenas ideas.", token=row.token)
    assert desk.view(SLUG, "es").open_places == []


def test_filled_rows_wait_for_confirmation_and_teach_the_memory_nothing(desk, text, memory):
    ordered = keys(desk)
    desk.save_draft(SLUG, "es", ordered[2], "Compar")
    assert desk.fill(SLUG, "es", {ordered[1]: "Las ciudades cooperan.", ordered[2]: "X", 999_999: "Y"}) == 1
    assert [row.state for row in desk.view(SLUG, "es").rows][1:3] == [SegmentState.DRAFT, "missing"]
    assert memory.search("Les villes coopèrent.", source="fr", target="es") == []


def test_publishing_waits_for_the_last_segment(desk, library, text):
    with pytest.raises(UsageError, match="no es version"):
        desk.publish(SLUG, "es")
    desk.confirm(SLUG, "es", keys(desk)[0], "La cooperación")
    with pytest.raises(UsageError, match="5 segments"):
        desk.publish(SLUG, "es")
    translate_all(desk)
    desk.publish(SLUG, "es")
    assert library.version(SLUG, "es").state.value == "published"


def test_history_tells_what_a_row_said_before_and_by_whom(desk, other, text):
    key = keys(desk)[1]
    desk.confirm(SLUG, "es", key, "Las ciudades coperan.")
    other.confirm(SLUG, "es", key, "Las ciudades cooperan.")
    assert [(was.text, was.by) for was in desk.history(SLUG, "es", key)] == [("Las ciudades coperan.", "ana")]


def test_history_of_a_row_of_two_segments_joins_what_stood_there_together(desk, store, text, library):
    ordered = keys(desk)
    desk.confirm(SLUG, "es", ordered[1], "Las ciudades coperan.")
    desk.confirm(SLUG, "es", ordered[2], "Comparten.")
    stored = store.grids.get(text.id)
    places = [stored.grid.find("fr", key) for key in ordered[1:3]]
    with store.database.write() as connection:
        store.grids.put(connection, text.id, stored.grid.merge(*places), "", "2015-03-02T00:00:00Z")
    desk.confirm(SLUG, "es", ordered[1], "Las ciudades cooperan. Comparten ideas.")
    said = [was.text for was in desk.history(SLUG, "es", ordered[1])]
    assert said == ["Las ciudades coperan. Comparten.", "Las ciudades coperan."]


def test_a_version_that_was_never_aligned_is_not_translated_over(desk, library):
    library.add_text(TextInfo("deux", "Deux", original="fr"), versions(fr=FR, es="# La cooperación\n\nHola a todas."))
    assert desk.view("deux", "es").unaligned == 2
    with pytest.raises(UsageError, match="align them first"):
        desk.confirm("deux", "es", desk.view("deux", "es").rows[0].key, "La cooperación")
    assert [s.text for s in library.segments("deux", "es")] == ["La cooperación", "Hola a todas."]


def test_a_text_can_be_translated_from_another_language_than_its_original(desk, text):
    translate_all(desk)
    view = desk.view(SLUG, "pt", "es")
    assert view.rows[1].source == "es: Les villes coopèrent."
    assert view.rows[1].references == {"fr": "Les villes coopèrent."}
    desk.confirm(SLUG, "pt", view.rows[1].key, "As cidades cooperam.", source="es")
    assert desk.view(SLUG, "pt").rows[1].target == "As cidades cooperam."


def test_source_and_target_must_differ_and_exist(desk, text):
    with pytest.raises(UsageError, match="choose two"):
        desk.view(SLUG, "fr", "fr")
    with pytest.raises(UsageError, match="no version in en"):
        desk.view(SLUG, "es", "en")
    with pytest.raises(UsageError, match="not a language code"):
        desk.view(SLUG, "../../x")


def test_a_finished_version_goes_out_in_the_layout_of_its_original(desk, library: LibraryService, text):
    translate_all(desk)
    name, data, notes = ExportService(library=library).export(SLUG, "es")
    assert (name, notes) == ("la-cooperation.es.md", ())
    assert data.decode() == (
        "# es: La coopération\n\nes: Les villes coopèrent. es: Elles partagent leurs idées.\n\n"
        "- es: Merci.\n- es: Au travail.\n- es: Merci.\n"
    )


def test_an_unfinished_version_goes_out_with_the_original_in_the_gaps_and_says_so(desk, library, text):
    desk.confirm(SLUG, "es", keys(desk)[0], "La cooperación")
    _, data, notes = ExportService(library=library).export(SLUG, "es")
    assert data.decode().startswith("# La cooperación\n\nLes villes coopèrent.")
    assert notes == ("5 segments are not translated yet and stand in fr.",)


def test_what_answers_an_earlier_original_is_not_learnt_as_a_translation_of_the_new_one(desk, library, text, memory):
    translate_all(desk)
    library.put_versions(SLUG, versions(fr=FR.replace("leurs idées", "leurs bonnes idées")))
    grid = library.grid(SLUG).grid
    segments = {code: {s.id: s for s in library.segments(SLUG, code)} for code in ("fr", "es")}
    memory.learn_rows(text, grid, {str(n): n for n in range(len(grid.rows))}, segments)
    found = memory.search("Elles partagent leurs bonnes idées.", source="fr", target="es")
    assert [(s.kind.value, s.score < 100) for s in found] == [("fuzzy", True)]


def test_a_row_confirmed_in_the_grid_and_corrected_at_the_desk_is_offered_as_corrected_only(
    desk, library, store, now, memory
):
    library.add_text(TextInfo("deux", "Deux", original="fr"), versions(fr="Un.\n\nDeux.\n", es="Unos.\n\nDos.\n"))
    text = store.texts.get("deux")
    numbers = {language: [s.id for s in library.segments("deux", language)] for language in ("fr", "es")}
    rows = tuple(Row(((a,), (b,)), confirmed=True) for a, b in zip(numbers["fr"], numbers["es"], strict=True))
    with store.database.write() as connection:
        store.grids.put(connection, text.id, Grid(("fr", "es"), rows), "", now())
    AlignmentService(store=store, vectors=None, memory=memory, now=now, author="ana").learn_grid("deux")
    desk.confirm("deux", "es", numbers["fr"][0], "Uno.")
    offered = memory.search("Un.", source="fr", target="es", next="Deux.")
    assert [s.target for s in offered if s.score > 95] == ["Uno."]
    assert [s.target for s in memory.search("Deux.", source="fr", target="es") if s.score > 95] == ["Dos."]


def test_confirming_a_translation_says_nothing_of_what_else_is_aligned_with_its_source(
    desk, other, library, store, now, memory
):
    files = versions(fr="Un.\n\nDeux.\n", pt="Um.\n\nDois ou três.\n")
    library.add_text(TextInfo("deux", "Deux", original="fr"), files)
    text = store.texts.get("deux")
    numbers = {language: [s.id for s in library.segments("deux", language)] for language in ("fr", "pt")}
    rows = tuple(Row(((a,), (b,))) for a, b in zip(numbers["fr"], numbers["pt"], strict=True))
    with store.database.write() as connection:
        store.grids.put(connection, text.id, Grid(("fr", "pt"), rows), "", now())
    key = numbers["fr"][1]

    def reviewed(service, source, said):
        found = {t: service.search(said, source=source, target=t) for t in ("fr", "es", "pt") if t != source}
        return {t: s[0].reviewed for t, s in found.items() if s}

    desk.confirm("deux", "es", key, "Dos.")
    assert reviewed(memory, "fr", "Deux.") == {"es": True, "pt": False}
    assert reviewed(memory, "es", "Dos.") == {"fr": True, "pt": False}
    other.confirm("deux", "pt", key, "Dois.")
    assert reviewed(memory, "fr", "Deux.") == {"es": True, "pt": True}
    assert reviewed(memory, "pt", "Dois.") == {"fr": True, "es": True}
    other.confirm("deux", "pt", key, "Dois!")
    desk.confirm("deux", "es", key, "Dos, sí.")
    assert reviewed(memory, "fr", "Deux.") == {"es": True, "pt": True}


def test_languages_that_were_compared_go_out_and_in_again(memory, tmp_path):
    unit = NewUnit({"fr": "Un.", "es": "Uno.", "pt": "Um."}, "1", checked=("fr", "es"))
    memory.learn([unit], source=Source("desk:x", SourceKind.DESK), reviewed=True)
    stream = io.BytesIO()
    memory.export_file(stream, format="tmx")
    copy = MemoryService(store=open_store(f"sqlite:///{tmp_path / 'copy.db'}"), now=lambda: "2015", author="b")
    copy.import_file(io.BytesIO(stream.getvalue()), name="out.tmx")
    for service in (memory, copy):
        assert service.search("Un.", source="fr", target="es")[0].reviewed
        assert not service.search("Un.", source="fr", target="pt")[0].reviewed


def test_a_draft_remembers_what_it_was_begun_over(desk, other, text):
    row = desk.view(SLUG, "es").rows[1]
    desk.save_draft(SLUG, "es", row.key, "Las ciud", base=row.token)
    assert desk.view(SLUG, "es").rows[1].draft_base == row.token
    other.confirm(SLUG, "es", row.key, "Las urbes cooperan.")
    again = desk.view(SLUG, "es").rows[1]
    assert (again.draft, again.draft_base) == ("Las ciud", row.token)
    assert again.token != row.token
    with pytest.raises(ConflictError):
        desk.confirm(SLUG, "es", row.key, "Las ciudades cooperan.", token=again.draft_base)


def test_of_a_draft_that_does_not_say_what_it_was_begun_over_the_times_tell(desk, other, text):
    key = keys(desk)[1]
    desk.save_draft(SLUG, "es", key, "Las ciud")
    row = desk.view(SLUG, "es").rows[1]
    assert row.draft_base == row.token
    other.confirm(SLUG, "es", key, "Las urbes cooperan.")
    row = desk.view(SLUG, "es").rows[1]
    assert row.draft_base != row.token
    desk.save_draft(SLUG, "es", key, "Las ciudades")
    row = desk.view(SLUG, "es").rows[1]
    assert row.draft_base == row.token
