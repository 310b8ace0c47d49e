from __future__ import annotations

import pytest

from tests.core.alignment_world import version
from workbench.core.aligners import align_pair
from workbench.core.grid import Row
from workbench.core.multiway import Column, align_grid
from workbench.errors import UsageError


def plain(count: int) -> list[list[int]]:
    return [[k] for k in range(count)]


def test_a_row_holds_what_all_versions_say_and_a_gap_where_one_is_silent() -> None:
    fr, es, pt = (version(c, plain(20)) for c in ("fr", "es", "pt"))
    en = version("en", [[k] for k in range(20) if k != 7])
    grid = align_grid([fr, es, pt, en])
    cells = [row.cells for row in grid.rows]
    assert ((6,), (6,), (6,), (6,)) in cells
    assert ((7,), (7,), (7,), ()) in cells
    assert ((8,), (8,), (8,), (7,)) in cells
    assert len(grid.rows) == 20


def test_sentences_that_one_version_joins_are_one_row() -> None:
    fr, es, pt = (version(c, plain(20)) for c in ("fr", "es", "pt"))
    en = version("en", [*plain(9), [9, 10], *([k] for k in range(11, 20))])
    grid = align_grid([fr, es, pt, en])
    assert ((9, 10), (9, 10), (9, 10), (9,)) in [row.cells for row in grid.rows]


def test_a_list_in_another_order_gives_crossing_rows() -> None:
    fr = version("fr", plain(24))
    order = [*range(10), 12, 10, 13, 11, *range(14, 24)]
    es = version("es", [[k] for k in order])
    grid = align_grid([fr, es])
    assert [row.cells for row in grid.rows] == [((k,), (order.index(k),)) for k in range(24)]
    assert any(row.crossing for row in grid.rows)
    assert not grid.rows[0].crossing


def test_confirmed_rows_survive_with_their_flags_and_bound_the_rest() -> None:
    fr, es, en = (version(c, plain(12)) for c in ("fr", "es", "en"))
    kept = Row(((4, 5), (5,), ()), confidence=0.4, confirmed=True, untranslated=("en",))
    grid = align_grid([fr, es, en], fixed=[kept])
    assert kept in grid.rows
    grid.check_complete([12, 12, 12])
    assert ((0,), (0,), (0,)) in [row.cells for row in grid.rows]
    assert ((11,), (11,), (11,)) in [row.cells for row in grid.rows]


def test_confirmed_rows_that_cross_stand_too() -> None:
    fr, es = version("fr", plain(12)), version("es", plain(12))
    fixed = [Row(((3,), (8,)), confirmed=True), Row(((8,), (3,)), confirmed=True)]
    grid = align_grid([fr, es], fixed=fixed)
    kept = [row for row in grid.rows if row.confirmed]
    assert [row.cells for row in kept] == [((3,), (8,)), ((8,), (3,))]
    assert any(row.crossing for row in kept)
    grid.check_complete([12, 12])


def test_a_text_with_one_version_or_an_empty_one_is_a_grid_too() -> None:
    fr = version("fr", plain(3))
    assert [row.cells for row in align_grid([fr]).rows] == [((0,),), ((1,),), ((2,),)]
    grid = align_grid([fr, version("es", [])])
    assert [row.cells for row in grid.rows] == [((0,), ()), ((1,), ()), ((2,), ())]


def test_rows_say_how_sure_they_are_and_doubtful_ones_why() -> None:
    fr, es = version("fr", plain(30)), version("es", [*plain(15), *([1000 + k] for k in range(15))])
    grid = align_grid([fr, es])
    assert all(row.confidence is not None and 0 <= row.confidence <= 1 for row in grid.rows)
    sure = [row.confidence or 0 for row in grid.rows[:14]]
    rest = [row.confidence or 0 for row in grid.rows[15:]]
    assert min(sure) > max(0.8, sum(rest) / len(rest))
    assert all(row.reasons for row in grid.rows if (row.confidence or 0) < 0.5)


def test_the_grid_is_the_same_at_every_run() -> None:
    columns = [version(c, plain(25)) for c in ("fr", "es", "pt")]
    assert align_grid(columns) == align_grid(columns)


@pytest.mark.parametrize(
    ("columns", "fixed", "message"),
    [
        ([], [], "nothing to align"),
        ([version("fr", [[0]]), version("fr", [[0]])], [], "same language"),
        ([version("fr", [[0]])], [Row(((5,),))], "segment 5, but the text has only 1"),
    ],
)
def test_what_cannot_be_aligned_is_refused(columns: list[Column], fixed: list[Row], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        align_grid(columns, fixed=fixed)


def test_two_versions_are_aligned_as_their_pair_alone() -> None:
    # Noise enough that several ways to cut are likely: a second decision by cuts alone would choose another one.
    content = [[k] for k in range(60)]
    fr = version("fr", content, noise=0.25)
    es = version("es", [[0], *([k, k + 1] for k in range(1, 40, 3)), *([k] for k in range(41, 60))], noise=0.25)
    alone = align_pair(
        fr.segments, es.segments, source_vectors=fr.vectors, target_vectors=es.vectors, languages=("fr", "es")
    )
    grid = align_grid([fr, es])
    assert not any(row.crossing for row in grid.rows)
    assert [row.cells for row in grid.rows] == [(bead.source, bead.target) for bead in alone.beads]
