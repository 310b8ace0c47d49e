from __future__ import annotations

import numpy as np
import pytest

from tests.core.alignment_world import version
from workbench.core.aligners import align_pair
from workbench.core.grid import Alignment, Bead
from workbench.core.multiway import Column
from workbench.errors import UsageError


def align(source: Column, target: Column, **options: object) -> Alignment:
    return align_pair(
        source.segments,
        target.segments,
        source_vectors=source.vectors,
        target_vectors=target.vectors,
        languages=(source.language, target.language),
        **options,  # type: ignore[arg-type]
    )


def beads(alignment: Alignment) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.source, bead.target) for bead in alignment.beads]


def test_joined_split_and_left_out_segments_are_found() -> None:
    fr = version("fr", [[k] for k in range(20)])
    en = version("en", [[0], [1], [2, 3], [4], [5], *([k] for k in range(7, 20))])
    found = beads(align(fr, en))
    assert ((2, 3), (2,)) in found
    assert ((6,), ()) in found
    assert ((19,), (17,)) in found


def test_every_segment_stands_in_exactly_one_bead_whatever_the_texts() -> None:
    fr = version("fr", [[k] for k in range(15)])
    en = version("en", [[1000 + k] for k in range(9)])
    alignment = align(fr, en)
    assert [n for bead in alignment.beads for n in bead.source] == list(range(15))
    assert [n for bead in alignment.beads for n in bead.target] == list(range(9))


def test_scores_are_probabilities_and_the_same_at_every_run() -> None:
    fr, en = version("fr", [[k] for k in range(30)]), version("en", [[k] for k in range(30)])
    first, second = align(fr, en), align(fr, en)
    assert first == second
    assert all(bead.score is not None and 0 <= bead.score <= 1 for bead in first.beads)
    assert np.median([bead.score or 0 for bead in first.beads]) > 0.9


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (1, 1), (1, 600)])
def test_unequal_and_empty_versions_align_without_an_error(n: int, m: int) -> None:
    fr, en = version("fr", [[k] for k in range(n)]), version("en", [[k] for k in range(m)])
    alignment = align(fr, en)
    assert [x for bead in alignment.beads for x in bead.source] == list(range(n))
    assert [x for bead in alignment.beads for x in bead.target] == list(range(m))


def test_the_same_file_twice_aligns_one_to_one() -> None:
    fr = version("fr", [[k] for k in range(40)])
    assert beads(align(fr, Column("fr-CA", fr.segments, fr.vectors))) == [((k,), (k,)) for k in range(40)]


def test_no_bead_is_larger_than_the_limit() -> None:
    fr, en = version("fr", [[k] for k in range(12)]), version("en", [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]])
    limited = align(fr, en, max_bead=2)
    assert max(max(len(bead.source), len(bead.target)) for bead in limited.beads) <= 2
    assert beads(align(fr, en)) == [((0, 1, 2), (0,)), ((3, 4, 5), (1,)), ((6, 7, 8), (2,)), ((9, 10, 11), (3,))]


def test_a_long_passage_left_out_does_not_pull_the_rest_along() -> None:
    fr = version("fr", [[k] for k in range(900)])
    en = version("en", [[k] for k in (*range(200), *range(700, 900))])
    found = set(beads(align(fr, en)))
    right = [((k,), (k if k < 200 else k - 500,)) for k in (*range(200), *range(700, 900))]
    assert sum(pair in found for pair in right) >= 390


def test_confirmed_beads_stand_and_the_rest_moves_around_them() -> None:
    fr, en = version("fr", [[k] for k in range(10)]), version("en", [[k] for k in range(10)])
    found = align(fr, en, fixed=[Bead((4,), (5,))])
    assert Bead((4,), (5,), 1.0) in found.beads
    assert ((0,), (0,)) in beads(found)
    assert ((9,), (9,)) in beads(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"max_bead": 0}, "choose 1 to 8"), ({"fixed": [Bead((0,), (99,))]}, "segment 99, but the text has only 2")],
)
def test_impossible_wishes_are_refused_in_a_sentence(options: dict[str, object], message: str) -> None:
    fr, en = version("fr", [[0], [1]]), version("en", [[0], [1]])
    with pytest.raises(UsageError, match=message):
        align(fr, en, **options)


def test_vectors_that_do_not_belong_are_refused() -> None:
    fr = version("fr", [[0], [1]])
    with pytest.raises(UsageError, match="fr version has 2 segments but 1 vectors"):
        align(Column("fr", fr.segments, fr.vectors[:1]), version("en", [[0]]))
