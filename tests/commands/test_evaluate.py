"""`workbench evaluate`: the same figures as the shared scorer, and gold that does not fit its text."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("WORKBENCH_SHARED") or Path(__file__).parents[3] / "shared")
SCORER = SHARED / "tools" / "score_beads.py"


def write_gold(folder, name, header, rows, **texts):
    inner = folder / name
    inner.mkdir(parents=True)
    (inner / f"{'-'.join(header)}.beads.tsv").write_text(
        "#" + "\t".join(header) + "\n" + "".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8"
    )
    for language, lines in texts.items():
        (inner / f"{language}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


FRENCH = ["Les villes coopèrent.", "L’eau de la rivière.", "Le pont.", "Une école."]
SPANISH = ["Las ciudades cooperan.", "El agua del río.", "El puente.", "Una escuela."]


def test_the_aligner_is_scored_where_no_prediction_is_given(workbench, tmp_path):
    write_gold(tmp_path, "doc", ("fr", "es"), [(n, n) for n in range(4)], fr=FRENCH, es=SPANISH)
    done = workbench("evaluate", tmp_path, "--by-doc")
    assert done.code == 0, done.err
    assert done.out.splitlines() == [
        "doc\tfr-es\tcut F1 1.0000\tstrict F1 1.0000",
        "pair\tcut P\tR\tF1\tstrict P\tR\tF1",
        "fr-es\t1.0000\t1.0000\t1.0000\t1.0000\t1.0000\t1.0000",
        "mean\t\t\t1.0000\t\t\t1.0000",
    ]


def test_a_missing_prediction_counts_as_all_missed(workbench, tmp_path):
    write_gold(tmp_path / "gold", "doc", ("fr", "es"), [(0, 0)])
    (tmp_path / "predicted").mkdir()
    done = workbench("evaluate", tmp_path / "gold", tmp_path / "predicted")
    assert done.code == 0
    assert done.out.splitlines()[1].endswith("\t0.0000\t0.0000\t0.0000")


def test_gold_that_names_more_than_the_text_has_is_told(workbench, tmp_path):
    write_gold(tmp_path, "doc", ("fr", "es"), [(0, 0), (9, 1)], fr=FRENCH, es=SPANISH)
    done = workbench("evaluate", tmp_path)
    assert done.code == 2
    assert "fr segment 9" in done.err
    assert "only 4" in done.err


@pytest.mark.parametrize(
    ("rows", "said"), [([(0, 0), (0, 1)], "repeats"), ([(0, 0), (2, 1)], "misses"), ([(0, "x")], "line 2")]
)
def test_a_prediction_that_is_no_alignment_is_refused(workbench, tmp_path, rows, said):
    write_gold(tmp_path / "gold", "doc", ("fr", "es"), [(0, 0), (1, 1)])
    write_gold(tmp_path / "predicted", "doc", ("fr", "es"), rows)
    done = workbench("evaluate", tmp_path / "gold", tmp_path / "predicted")
    assert done.code == 2
    assert said in done.err
    assert "doc" in done.err


@pytest.mark.skipif(not SCORER.is_file(), reason="the shared scorer is not here")
def test_the_figures_are_those_of_the_shared_scorer(workbench, tmp_path):
    """Gold of several kinds against predictions cut at random, some missing, some crossing."""
    rng = random.Random(7)
    gold = tmp_path / "gold"
    predicted = tmp_path / "predicted"
    for number in range(12):
        sizes = [
            rng.choice([(1, 1), (1, 1), (1, 2), (2, 1), (1, 0), (0, 1), (3, 2)]) for _ in range(rng.randint(4, 30))
        ]
        rows = list(cut(sizes))
        write_gold(gold, f"doc{number}", ("fr", "es"), rows)
        if number % 5 == 4:
            continue
        merged = merge_some(sizes, rng)
        rows = list(cut(merged))
        if number % 4 == 3 and len(rows) > 3:
            rows[1], rows[2] = rows[2], rows[1]
        write_gold(predicted, f"doc{number}", ("fr", "es"), rows)
    scored = subprocess.run(
        [sys.executable, SCORER, gold, predicted, "--by-doc"], capture_output=True, text=True, check=True
    )
    done = workbench("evaluate", gold, predicted, "--by-doc")
    assert done.out == scored.stdout


def cut(sizes):
    i = j = 0
    for a, b in sizes:
        yield ",".join(map(str, range(i, i + a))), ",".join(map(str, range(j, j + b)))
        i, j = i + a, j + b


def merge_some(sizes, rng):
    merged = []
    for a, b in sizes:
        if merged and rng.random() < 0.3:
            x, y = merged.pop()
            a, b = a + x, b + y
        merged.append((a, b))
    return merged
