from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core import align_joint
from workbench.core.align_joint import Cuts, witness
from workbench.core.align_parts import LONGEST, MOST_PARTS, Parts, find_leaks, part_bounds
from workbench.core.align_search import full_band

LIMIT = 2


def parts(*segments: list[int]) -> Parts:
    """Segments whose clauses say one thing each, twenty characters long."""
    vectors = np.array([np.eye(8)[k] for segment in segments for k in segment], np.float16)
    start = np.cumsum([0, *(len(segment) for segment in segments)])
    return Parts(vectors, np.full(len(vectors), 20, np.float32), start)


def cuts(*points: tuple[int, int, float], size: tuple[int, int]) -> Cuts:
    rows, columns, chances = (np.array(column) for column in zip(*sorted(points), strict=True))
    return Cuts(rows, columns, chances.astype(np.float32), size)


@given(st.text(st.sampled_from("ab, ;.(«—1\n"), max_size=400))
def test_parts_cover_a_segment_in_order(text: str) -> None:
    bounds = part_bounds(text)
    assert 1 <= len(bounds) <= MOST_PARTS
    assert bounds[0][0] == 0 and bounds[-1][1] == len(text)
    assert all(a[1] == b[0] for a, b in pairwise(bounds))


def test_clauses_are_parts_and_short_ones_stay_with_their_neighbours() -> None:
    text = "The cities signed the agreement, and so, they said, the office opened its doors in spring."
    assert [text[a:b].strip() for a, b in part_bounds(text)] == [
        "The cities signed the agreement, and so, they said,",
        "the office opened its doors in spring.",
    ]


def test_a_segment_that_is_encoded_in_windows_is_one_part() -> None:
    assert len(part_bounds("one clause after another, " * 100)) == 1
    assert len("one clause after another, " * 100) > LONGEST


def test_what_the_next_segment_answers_leaks_out_of_a_bead() -> None:
    source, target = parts([0, 1], [2]), parts([0], [1], [2])
    band = full_band(2, 3)
    of_source, of_target = find_leaks(band, LIMIT, source, target)
    at = {cell: int(band.find(np.array([cell[0]]), np.array([cell[1]]))[0]) for cell in ((1, 1), (1, 2), (2, 3))}
    one_to_one, one_to_two = 0, 1
    assert of_source.total[one_to_one, at[1, 1]] == 20
    assert of_source.total[one_to_two, at[1, 2]] == 0
    assert of_target.total[one_to_two, at[1, 2]] == 0
    assert of_source.covered[one_to_two, at[1, 2]] == 40
    assert of_source.total[one_to_one, at[2, 3]] == 0


def test_picking_segments_picks_their_parts() -> None:
    whole = parts([0, 1], [2], [3, 4, 5])
    assert whole.pick(slice(1, 3)).start.tolist() == [0, 1, 4]
    assert whole.pick(np.array([2, 0])).vectors.argmax(axis=1).tolist() == [3, 4, 5, 0, 1]
    assert whole.pick(slice(2, 2)).start.tolist() == [0]


def test_two_versions_that_cut_at_one_place_of_a_third_bear_each_other_witness() -> None:
    first = cuts((0, 0, 1), (2, 1, 0.9), (3, 2, 1), size=(3, 2))
    second = cuts((0, 0, 1), (1, 3, 0.8), (2, 4, 1), size=(2, 4))
    seen = witness(first, second)
    assert seen.look_up(np.array([2]), np.array([3]))[0] == pytest.approx(0.72)
    assert seen.look_up(np.array([2]), np.array([2]))[0] == 0


def test_a_version_that_lacks_a_passage_says_little_of_how_the_others_cut_it() -> None:
    # Both have four segments where the third has none: every cut of one meets every cut of the other there.
    lacking = [(k, 0, 1.0) for k in range(5)]
    seen = witness(cuts(*lacking, size=(4, 0)), cuts(*((0, k, 1.0) for k in range(5)), size=(0, 4)))
    assert seen.look_up(np.array([2]), np.array([3]))[0] == pytest.approx(0.2)
    told = align_joint.testimony({(0, 1): cuts(*lacking, size=(4, 0)), (0, 2): cuts((2, 2, 1), size=(4, 4)),
                      (1, 2): cuts(*((0, k, 1.0) for k in range(5)), size=(0, 4))}, 3)  # fmt: skip
    assert abs(told[0, 2].weights(np.array([2]), np.array([3]))[0]) < 0.3
