"""The grid: every edit keeps each segment in exactly one row, and undo is a list of grids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.grid import Grid, Row
from workbench.errors import UsageError


def grid_of(*rows, languages=("fr", "es")):
    return Grid(tuple(languages), tuple(Row(tuple(tuple(cell) for cell in row)) for row in rows))


def numbers(grid):
    return [sorted(n for row in grid.rows for n in row.cells[c]) for c in range(len(grid.languages))]


def test_a_segment_in_two_rows_is_refused_with_its_language_and_row():
    with pytest.raises(UsageError, match=r"Row 2: es segment 0"):
        grid_of([[0], [0]], [[1], [0]])


def test_merging_two_rows_keeps_segment_order_and_drops_confidence():
    grid = Grid(("fr", "es"), (Row(((0,), (0,)), 0.9, confirmed=True), Row(((1,), ()), 0.3, ("lengths",))))
    merged = grid.merge(0, 1)
    assert merged.rows == (Row(((0, 1), (0,))),)


def test_splitting_at_a_boundary_undoes_a_merge():
    grid = grid_of([[0], [0]], [[1], [1]])
    assert grid.merge(0, 1).split(0, {"fr": 1, "es": 1}) == grid


def test_a_split_that_leaves_one_row_empty_is_refused():
    with pytest.raises(UsageError, match="split"):
        grid_of([[0], [0]]).split(0, {"fr": 1, "es": 1})


def test_moving_the_last_segment_down_puts_it_first_in_the_row_below():
    moved = grid_of([[0], [0, 1]], [[1], [2]]).move(0, "es", down=True)
    assert [row.cells for row in moved.rows] == [((0,), (0,)), ((1,), (1, 2))]


def test_moving_below_the_last_row_makes_a_row_and_an_emptied_row_disappears():
    moved = grid_of([[0], [0]], [[], [1]]).move(1, "es", down=True)
    assert [row.cells for row in moved.rows] == [((0,), (0,)), ((), (1,))]


def test_marking_a_cell_untranslated_gives_its_segment_a_row_of_its_own():
    parted = grid_of([[0], [0]]).detach(0, "es")
    assert [row.cells for row in parted.rows] == [((0,), ()), ((), (0,))]
    assert parted.rows[0].untranslated == ("es",)
    assert parted.rows[1].untranslated == ("fr",)


def test_marking_an_empty_cell_twice_takes_the_mark_back():
    grid = grid_of([[0], []])
    assert grid.detach(0, "es").detach(0, "es") == grid


def test_a_reordered_list_is_marked_as_crossing_and_nothing_else_is():
    grid = grid_of([[0], [0]], [[1], [3]], [[2], [1]], [[3], [2]], [[4], [4]]).with_crossings()
    assert [row.crossing for row in grid.rows] == [False, True, False, False, False]


def test_reading_a_pair_off_a_grid_leaves_out_rows_both_lack():
    grid = grid_of([[0], [0], []], [[], [], [0]], [[1], [], [1]], languages=("fr", "es", "pt"))
    assert [(b.source, b.target) for b in grid.pair("fr", "es").beads] == [((0,), (0,)), ((1,), ())]


def test_a_grid_that_lacks_a_segment_says_which():
    with pytest.raises(UsageError, match="lacks es segment 1"):
        grid_of([[0], [0]]).check_complete([1, 2])
    with pytest.raises(UsageError, match="es segment 5, but the text has only 1"):
        grid_of([[0], [0, 5]]).check_complete([1, 1])


edits = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "up", "down", "detach", "confirm"]), st.integers(0, 20),
              st.sampled_from(["fr", "es", "pt"]), st.integers(0, 3)),
    max_size=25,
)  # fmt: skip


@given(st.integers(1, 12), edits)
def test_whatever_is_edited_every_segment_stays_in_exactly_one_row(size, steps):
    grid = grid_of(*[[[n], [n], [n]] for n in range(size)], languages=("fr", "es", "pt"))
    before = numbers(grid)
    for operation, place, language, count in steps:
        place %= len(grid.rows)
        try:
            if operation == "merge":
                grid = grid.merge(place, place + 1)
            elif operation == "split":
                grid = grid.split(place, {language: count})
            elif operation in ("up", "down"):
                grid = grid.move(place, language, down=operation == "down")
            elif operation == "detach":
                grid = grid.detach(place, language)
            else:
                grid = grid.confirm([place])
        except UsageError:
            continue
        assert numbers(grid) == before
        assert not any(row.empty for row in grid.rows)
