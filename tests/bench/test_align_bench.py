from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.core.alignment_world import version
from workbench.bench.align_bench import align_bench, bertalign_pair, gold_of_grid, read_gold, table
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
