from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.core.evaluation import evaluate, reliability, right_rows, score_alignment
from workbench.core.grid import Alignment, Bead, Grid, Row
from workbench.errors import UsageError

SHARED = Path(os.environ.get("WORKBENCH_SHARED", Path(__file__).parents[3] / "shared"))


def beads(*pairs: tuple[tuple[int, ...], tuple[int, ...]]) -> list[Bead]:
    return [Bead(*pair) for pair in pairs]


def test_a_finer_split_inside_a_coarse_gold_bead_counts_neither_way() -> None:
    gold = beads(((0, 1), (0, 1)), ((2,), (2,)))
    fine = beads(((0,), (0,)), ((1,), (1,)), ((2,), (2,)))
    score = score_alignment(gold, fine)
    assert (score.cut.right, score.cut.predicted, score.cut.gold) == (3, 3, 3)
    assert (score.strict.right, score.strict.predicted, score.strict.gold) == (1, 3, 2)


def test_a_wrong_cut_costs_precision_and_a_missed_one_recall() -> None:
    gold = beads(((0,), (0,)), ((1,), (1,)))
    assert score_alignment(gold, beads(((0, 1), (0, 1)))).cut.recall == pytest.approx(2 / 3)
    assert score_alignment(gold, beads(((0,), ()), ((), (0,)), ((1,), (1,)))).cut.precision == pytest.approx(3 / 4)


def test_no_prediction_is_all_missed() -> None:
    gold = Alignment("fr", "es", tuple(beads(((0,), (0,)))))
    report = evaluate([("a", gold, None)])
    assert (report.cut, report.strict) == (pytest.approx(2 / 3), 0.0)


def test_a_prediction_that_repeats_a_segment_is_refused_by_name() -> None:
    gold = Alignment("fr", "es", tuple(beads(((0,), (0,)))))
    twice = Alignment("fr", "es", tuple(beads(((0,), (0,)), ((0,), (1,)))))
    with pytest.raises(UsageError, match=r"talk, fr-es: .*repeats segments of the first"):
        evaluate([("talk", gold, twice)])


def test_rows_are_right_when_every_pair_bears_them_out() -> None:
    gold = Alignment("fr", "es", tuple(beads(((0, 1), (0, 1)), ((2,), ()), ((3,), (2,)))))
    rows = (Row(((0,), (0,))), Row(((1,), (1,))), Row(((2,), (2,))), Row(((3,), ())))
    assert right_rows(Grid(("fr", "es"), rows), [gold]) == [True, True, False, False]


def test_reliability_counts_what_a_reviewer_would_find() -> None:
    confidences = [0.1, 0.3, *([0.95] * 18)]
    right = [False, True, False, *([True] * 17)]
    found = reliability(confidences, right)
    assert found.found == 0.5
    assert sum(count for _, _, count in found.bins) == 20


@pytest.mark.skipif(not (SHARED / "tools/score_beads.py").exists(), reason="the published scorer is not here")
def test_figures_agree_with_the_published_scorer(tmp_path: Path) -> None:
    from workbench.formats.beads import read_alignment, write_alignment

    documents = []
    for path in sorted((SHARED / "data/gold/textberg").glob("*/de-fr.beads.tsv")):
        gold = read_alignment(path.read_bytes(), path.name, "de", "fr")
        n, m = (
            max(x for bead in gold.beads for x in side(bead)) + 1 for side in (lambda b: b.source, lambda b: b.target)
        )
        guess = [Bead((k,), (k,)) for k in range(min(n, m))]
        guess += [Bead((k,), ()) for k in range(m, n)] + [Bead((), (k,)) for k in range(n, m)]
        predicted = Alignment("de", "fr", tuple(guess))
        documents.append((path.parent.name, gold, predicted))
        (tmp_path / path.parent.name).mkdir()
        (tmp_path / path.parent.name / path.name).write_bytes(write_alignment(predicted))
    printed = subprocess.run(
        [sys.executable, SHARED / "tools/score_beads.py", SHARED / "data/gold/textberg", tmp_path],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert evaluate(documents).table() == printed.rstrip("\n")
