"""Findings in human translations, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.bench.terms_parallel import read_parallel, report
from workbench.core.terms import Concept, Term
from workbench.errors import FormatError, UsageError

CONCEPTS = [Concept("roadmap", "", (Term("fr", "feuille de route"), Term("en", "roadmap")))]


def test_folders_line_for_line_and_by_beads_and_tables_are_counted(tmp_path: Path) -> None:
    lines = tmp_path / "set" / "a"
    lines.mkdir(parents=True)
    (lines / "fr.txt").write_text("La feuille de route.\nBonjour.\n", encoding="utf-8")
    (lines / "en.txt").write_text("The plan.\nHello.\n", encoding="utf-8")
    beads = tmp_path / "set" / "b"
    beads.mkdir()
    (beads / "fr.txt").write_text("La feuille\nde route.\nSeul.\n", encoding="utf-8")
    (beads / "en.txt").write_text("The roadmap.\n", encoding="utf-8")
    (beads / "fr-en.beads.tsv").write_text("#fr\ten\n0,1\t0\n2\t\n", encoding="utf-8")
    sets = read_parallel(tmp_path / "set")
    assert [len(rows) for rows in sets["set"]] == [2, 1]
    out = report(CONCEPTS, sets, verbose=True)
    assert "set: 6 pairs, 3 terms" in out and "missing 166.7" in out and "La feuille de route. | The plan." in out
    table = tmp_path / "units.tsv"
    table.write_text("file\tfr\ten\nx\tUne feuille de route\tA roadmap\n", encoding="utf-8")
    assert "0.0 ()" in report(CONCEPTS, read_parallel(table))


def test_what_holds_no_translations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="language"):
        read_parallel(tmp_path)
    table = tmp_path / "x.tsv"
    table.write_text("a\tb\n1\t2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="language"):
        read_parallel(table)
