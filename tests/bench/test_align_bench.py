from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.alignment_world import version
from workbench.bench import align_fit
from workbench.bench.align_bench import align_bench, bertalign_pair, gold_of_grid, read_gold, table
from workbench.core import align_weights
from workbench.core.grid import Grid, Row
from workbench.errors import UsageError


class FakeEncoder:
    """A vector of letter counts."""

    name = "letters"
    dimensions = 26

    def encode(self, sentences: list[str], *, progress: object = None) -> np.ndarray:
        return np.array([[s.count(chr(97 + k)) + 0.1 for k in range(26)] for s in sentences], np.float32)


def test_every_method_is_run_and_printed() -> None:
    columns = [version(c, [[k] for k in range(12)]) for c in ("fr", "es", "en")]
    gold = Grid(("fr", "es", "en"), tuple(Row(((k,), (k,), (k,))) for k in range(12)))
    rows = align_bench({"made up": [gold_of_grid("one", columns, gold)]})
    methods = [row.method for row in rows]
    assert methods[-1] == "ours, grid"
    assert "Bertalign" in methods
    assert rows[-1].strict == 1.0
    assert len(table(rows).splitlines()) == len(rows) + 1


def test_bertalign_joins_and_leaves_alone() -> None:
    fr = version("fr", [[k] for k in range(12)])
    en = version("en", [[0], [1], [2, 3], *([k] for k in range(5, 12))])
    beads = [(bead.source, bead.target) for bead in bertalign_pair(fr, en).beads]
    assert ((2, 3), (2,)) in beads
    assert ((4,), ()) in beads


def test_gold_sets_are_read_from_folders(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk/fr.txt").write_text("un\ndeux\n")
    (tmp_path / "talk/en.txt").write_text("one\ntwo\n")
    (tmp_path / "talk/fr-en.beads.tsv").write_text("#fr\ten\n0\t0\n1\t1\n")
    (text,) = read_gold(tmp_path, FakeEncoder())
    assert list(text.columns) == ["fr", "en"]
    assert [bead.target for bead in text.golds[0].beads] == [(0,), (1,)]
    with pytest.raises(UsageError, match="no <text>"):
        read_gold(tmp_path / "talk", FakeEncoder())


def test_weights_are_fitted_on_one_half_of_the_texts_and_told_of_the_other() -> None:
    texts = []
    for name in ("one", "two"):
        columns = [version(c, [[k] for k in range(14)]) for c in ("fr", "es", "en")]
        grid = Grid(("fr", "es", "en"), tuple(Row(((k,), (k,), (k,))) for k in range(14)))
        texts.append(gold_of_grid(name, columns, grid))
    rows = align_fit.cross_validate({"made up": texts}, ("made up",))
    assert [(row.dataset, row.method) for row in rows] == [
        ("made up", "ours, pair alone"), ("made up", "ours, grid"),
    ]  # fmt: skip
    assert all(row.strict > 0.9 for row in rows)


def test_a_text_without_a_passage_has_gold_that_fits_it() -> None:
    columns = [version(c, [[k] for k in range(80)]) for c in ("fr", "en")]
    gold = gold_of_grid("one", columns, Grid(("fr", "en"), tuple(Row(((k,), (k,))) for k in range(80))))
    shorter = align_fit.leave_out(gold, 0)
    assert shorter is not None
    (alignment,) = shorter.golds
    numbers = [n for bead in alignment.beads for n in bead.target]
    assert numbers == list(range(len(shorter.columns["en"].segments)))
    assert len(shorter.columns["en"].segments) < 80
    assert [n for bead in alignment.beads for n in bead.source] == list(range(80))


def test_fitted_weights_are_written_as_they_are_read() -> None:
    source = align_fit.as_source("BEAD", align_weights.BEAD)
    found: dict[str, object] = {}
    exec(source, {"Network": align_weights.Network, "_row": align_weights._row, "_rows": align_weights._rows}, found)
    network = found["BEAD"]
    assert isinstance(network, align_weights.Network)
    assert np.allclose(network.hidden, align_weights.BEAD.hidden)


def test_confidence_is_judged_with_weights_of_other_texts() -> None:
    texts = []
    for name, wrong in (("one", 5), ("two", 9)):
        columns = [version(c, [[k] for k in range(14)]) for c in ("fr", "es", "en")]
        rows = [Row(((k,), (k,), (k,))) for k in range(14)]
        # The gold says that two rows are one: what the grid has there counts as wrong.
        rows[wrong : wrong + 2] = [
            Row(((wrong,), (wrong, wrong + 1), (wrong,))), Row(((wrong + 1,), (), (wrong + 1,))),
        ]  # fmt: skip
        texts.append(gold_of_grid(name, columns, Grid(("fr", "es", "en"), tuple(rows))))
    ((name, share, wrong, rows_),) = align_fit.found_left_out({"made up": texts})
    assert (name, wrong, rows_) == ("made up", 4, 28)
    assert 0 <= share <= 1
