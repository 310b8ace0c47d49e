"""Grids in the store: aligning, corrections with undo and revisions, corrections of the text, what the memory holds."""

import numpy as np
import pytest

from workbench.core.grid import Grid, Row
from workbench.core.texts import TextInfo
from workbench.errors import ConflictError, UsageError
from workbench.services.alignment_service import AlignmentService, GridEdit, doubtful_places
from workbench.services.memory_service import MemoryService
from workbench.services.uploads import Upload, read_uploads
from workbench.services.vector_service import VectorService


class WordEncoder:
    """A vector a word that both languages share: numbers. Knows five sentences."""

    name = "numbers"
    dimensions = 16

    def encode(self, sentences):
        out = np.zeros((len(sentences), self.dimensions), np.float32)
        for row, sentence in zip(out, sentences, strict=True):
            for digit in (ch for ch in sentence if ch.isdigit()):
                row[int(digit)] = 1
            row[15] = 0.1
        return out


FRENCH = ["La ville 1 agit.", "La ville 2 agit.", "La ville 3 agit.", "La ville 4 agit."]
SPANISH = ["La ciudad 1 actúa.", "La ciudad 2 actúa.", "La ciudad 3 actúa.", "La ciudad 4 actúa."]


@pytest.fixture
def memory(store, now):
    return MemoryService(store=store, now=now, author="ana")


@pytest.fixture
def service(store, now, memory):
    vectors = VectorService(store, WordEncoder())
    return AlignmentService(store=store, vectors=vectors, memory=memory, now=now, author="ana")


def add(library, **columns):
    uploads = [Upload(f"{code}.txt", "\n\n".join(lines).encode(), code) for code, lines in columns.items()]
    library.add_text(TextInfo("villes", "Villes", "page", "fr"), read_uploads(uploads))


@pytest.fixture
def aligned(library, service, store):
    """Four rows, French and Spanish, 0.9 sure but for the third."""
    add(library, fr=FRENCH, es=SPANISH)
    ids = [[s.id for s in library.segments("villes", code)] for code in ("fr", "es")]
    rows = tuple(Row(((f,), (e,)), 0.5 if n == 2 else 0.9) for n, (f, e) in enumerate(zip(*ids, strict=True)))
    with store.database.write() as connection:
        store.grids.put(connection, library.text("villes").id, Grid(("fr", "es"), rows), "test", "2015")
    return service


def places(library, grid):
    """Cells as places in their versions."""
    order = [{s.id: s.position for s in library.segments("villes", code)} for code in grid.languages]
    return [tuple(tuple(order[c][n] for n in cell) for c, cell in enumerate(row.cells)) for row in grid.rows]


def test_aligning_puts_every_segment_into_one_row(library, service):
    add(library, fr=FRENCH, es=SPANISH)
    assert places(library, service.align("villes").grid) == [((n,), (n,)) for n in range(4)]


def test_aligning_again_keeps_the_rows_a_person_confirmed(library, service):
    add(library, fr=FRENCH, es=SPANISH)
    first = service.align("villes")
    service.edit("villes", GridEdit("confirm", (1,), first.revision))
    again = service.align("villes")
    assert again.revision > first.revision
    assert [row.confirmed for row in again.grid.rows] == [False, True, False, False]


def test_a_text_with_one_version_is_refused_with_what_to_do(library, service):
    add(library, fr=FRENCH)
    with pytest.raises(UsageError, match="only one version: add another language"):
        service.align("villes")


def test_an_edit_of_an_older_revision_is_a_conflict_and_changes_nothing(library, aligned):
    seen = aligned.grid("villes").revision
    aligned.edit("villes", GridEdit("merge", (0, 1), seen))
    with pytest.raises(ConflictError, match="changed elsewhere"):
        aligned.edit("villes", GridEdit("merge", (0, 1), seen))
    assert len(aligned.grid("villes").grid.rows) == 3


def test_an_undo_of_an_older_revision_does_not_take_back_what_somebody_else_did(aligned):
    seen = aligned.grid("villes").revision
    aligned.edit("villes", GridEdit("merge", (0, 1), seen))
    with pytest.raises(ConflictError):
        aligned.undo("villes", revision=seen)
    stored, undone = aligned.undo("villes", revision=seen + 1)
    assert undone == "merge" and len(stored.grid.rows) == 4


def test_an_edit_returns_what_the_store_then_holds(aligned):
    returned = aligned.edit("villes", GridEdit("merge", (0, 1), aligned.grid("villes").revision))
    assert returned == aligned.grid("villes")


def test_an_edit_that_changes_nothing_leaves_the_revision_and_the_undo_list(aligned):
    seen = aligned.grid("villes")
    assert aligned.edit("villes", GridEdit("unconfirm", (0,), seen.revision)) == seen


def test_several_segments_move_in_one_step_and_back_in_one_undo(library, aligned):
    merged = aligned.edit("villes", GridEdit("merge", (1, 2), aligned.grid("villes").revision))
    moved = aligned.edit("villes", GridEdit("move down", (1,), merged.revision, language="fr", count=2))
    assert places(library, moved.grid)[1:] == [((), (1, 2)), ((1, 2, 3), (3,))]
    assert aligned.undo("villes")[0].grid == merged.grid


def test_moving_up_from_the_first_row_makes_one_new_row(library, aligned):
    merged = aligned.edit("villes", GridEdit("merge", (0, 1), aligned.grid("villes").revision))
    moved = aligned.edit("villes", GridEdit("move up", (0,), merged.revision, language="es", count=2))
    assert places(library, moved.grid)[:2] == [((), (0, 1)), ((0, 1), ())]


def test_a_segment_goes_to_a_far_row_which_then_crosses(library, aligned):
    stored = aligned.grid("villes")
    number = stored.grid.rows[0].cells[1][0]
    edit = GridEdit("transfer", (0, 2), stored.revision, language="es", segment=number)
    after = aligned.edit("villes", edit).grid
    assert places(library, after)[0] == ((0,), ())
    assert places(library, after)[2] == ((2,), (0, 2))
    assert any(row.crossing for row in after.rows)


def test_a_transfer_without_its_segment_is_refused(aligned):
    with pytest.raises(UsageError, match="name the segment"):
        aligned.edit("villes", GridEdit("transfer", (0, 2), aligned.grid("villes").revision, language="es"))


def test_confirmed_rows_are_in_the_memory_and_leave_it_when_taken_back(aligned, memory):
    stored = aligned.edit("villes", GridEdit("confirm", (0,), aligned.grid("villes").revision))
    assert memory.stats().units == 1
    aligned.edit("villes", GridEdit("unconfirm", (0,), stored.revision))
    assert memory.stats().units == 0


def test_the_memory_knows_what_stands_before_and_after_a_confirmed_row(aligned, memory):
    stored = aligned.grid("villes")
    for place in (0, 2):
        stored = aligned.edit("villes", GridEdit("confirm", (place,), stored.revision))
    contexts = {}
    for hit in memory.concordance("actúa").hits:
        unit = memory.unit(hit.unit.id)
        contexts[next(v.text for v in unit.variants if v.language == "es")] = unit.provenances[0].context["es"]
    assert contexts == {SPANISH[0]: ("", SPANISH[1]), SPANISH[2]: (SPANISH[1], SPANISH[3])}


def test_rows_above_a_confidence_enter_unreviewed(aligned, memory):
    stored, count = aligned.accept_above("villes", 0.8)
    assert count == 3 and memory.stats().units == 3
    assert [row.accepted for row in stored.grid.rows] == [True, True, False, True]
    assert doubtful_places(stored.grid) == [2]
    assert aligned.accept_above("villes", 0.8)[1] == 0


def test_a_typo_is_fixed_in_place_with_the_original_kept_and_the_memory_told(library, aligned, memory):
    aligned.edit("villes", GridEdit("confirm", (0,), aligned.grid("villes").revision))
    segment = library.segments("villes", "es")[0]
    aligned.fix_segment("villes", "es", segment.id, " La ciudad 1  participa. ", revision=segment.revision)
    fixed = library.segments("villes", "es")[0]
    assert (fixed.text, fixed.previous_text, fixed.id) == ("La ciudad 1 participa.", "La ciudad 1 actúa.", segment.id)
    assert memory.stats().units == 1
    assert memory.concordance("participa").hits


def test_a_fix_over_somebody_elses_fix_is_a_conflict(library, aligned):
    segment = library.segments("villes", "es")[0]
    aligned.fix_segment("villes", "es", segment.id, "Una.", revision=segment.revision)
    with pytest.raises(ConflictError, match="now reads: Una"):
        aligned.fix_segment("villes", "es", segment.id, "Otra.", revision=segment.revision)


def test_a_fix_to_nothing_or_of_another_version_is_refused(library, aligned):
    segment = library.segments("villes", "es")[0]
    with pytest.raises(UsageError, match="cannot be empty"):
        aligned.fix_segment("villes", "es", segment.id, " \u200b ", revision=1)
    with pytest.raises(UsageError, match="no longer in the fr version"):
        aligned.fix_segment("villes", "fr", segment.id, "Oui.", revision=1)


def test_a_cut_makes_two_segments_in_the_same_row_that_split_without_crossing(library, aligned):
    segment = library.segments("villes", "es")[1]
    aligned.cut_segment("villes", "es", segment.id, "La ciudad 2", "actúa.", revision=segment.revision)
    stored = aligned.grid("villes")
    assert [s.text for s in library.segments("villes", "es")[1:4]] == ["La ciudad 2", "actúa.", "La ciudad 3 actúa."]
    assert places(library, stored.grid)[1] == ((1,), (1, 2))
    split = aligned.edit("villes", GridEdit("split", (1,), stored.revision, counts={"fr": 1, "es": 1})).grid
    assert places(library, split)[1:3] == [((1,), (1,)), ((), (2,))]
    assert not any(row.crossing for row in split.rows), "the new segment's number is higher, its place is not"


def test_a_cut_that_leaves_nothing_is_refused(library, aligned):
    segment = library.segments("villes", "es")[1]
    with pytest.raises(UsageError, match="Nothing to cut"):
        aligned.cut_segment("villes", "es", segment.id, segment.text, " ", revision=segment.revision)
    assert len(library.segments("villes", "es")) == 4
