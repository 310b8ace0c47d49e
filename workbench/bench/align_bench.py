"""How good the aligner is beside its peers on the same vectors, and how its time grows: tables from one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from workbench.bench.peers import bertalign, gale_church
from workbench.core.align_parts import part_bounds
from workbench.core.aligners import align_pair
from workbench.core.evaluation import Report, evaluate, reliability, right_rows
from workbench.core.grid import Alignment, Bead, Grid
from workbench.core.languages import LANGUAGES
from workbench.core.multiway import Column, align_grid
from workbench.core.segmentation import without_codes
from workbench.core.texts import Segment
from workbench.embedding.encoder import Encoder, encode_parts
from workbench.errors import UsageError
from workbench.formats.beads import read_alignment

PairAligner = Callable[[Column, Column], Alignment]


@dataclass(frozen=True)
class GoldText:
    """A text with its checked alignments.

    Attributes:
        name: Of its folder.
        columns: Versions with vectors, by language, in the order of the grid.
        golds: Checked alignments of pairs of them.
    """

    name: str
    columns: Mapping[str, Column]
    golds: Sequence[Alignment]


@dataclass(frozen=True)
class BenchRow:
    """One way to align one set.

    Attributes:
        dataset: Name of the set.
        method: Name of the way.
        cut: Mean cut F1 of the pairs, 0–1.
        strict: Mean strict F1 of the pairs, 0–1.
        seconds: Time without encoding.
        found: Share of the wrong rows among the tenth least sure, for grids; ``None`` otherwise.
    """

    dataset: str
    method: str
    cut: float
    strict: float
    seconds: float
    found: float | None = None


def read_gold(folder: Path, encoder: Encoder, *, leave_out: Sequence[str] = ()) -> list[GoldText]:
    """Read a gold set ``<text>/<language>.txt`` with ``<a>-<b>.beads.tsv``, a segment a line, and encode it.

    Args:
        folder: Of the set.
        encoder: What makes the vectors.
        leave_out: Names of texts not wanted.

    Raises:
        UsageError: there is nothing of that form.
        FormatError: a beads file cannot be read.
    """
    names = sorted({path.parent.name for path in folder.glob("*/*-*.beads.tsv")} - set(leave_out))
    if not names:
        raise UsageError(f"{folder}: no <text>/<a>-<b>.beads.tsv here.")
    lines = {
        (name, path.stem): path.read_text(encoding="utf-8").splitlines()
        for name in names
        for path in sorted((folder / name).glob("*.txt"))
    }
    plain = [without_codes(line.strip()) for part in lines.values() for line in part]
    vectors, parts = encode_parts(encoder, plain, [part_bounds(text) for text in plain])
    columns: dict[str, dict[str, Column]] = {}
    at = 0
    for (name, language), part in lines.items():
        segments = [Segment(line.strip()) for line in part]
        end = at + len(part)
        columns.setdefault(name, {})[language] = Column(language, segments, vectors[at:end], parts[at:end])
        at = end
    texts = []
    for name in names:
        golds = []
        for path in sorted((folder / name).glob("*-*.beads.tsv")):
            a, b = path.name.removesuffix(".beads.tsv").split("-")
            golds.append(read_alignment(path.read_bytes(), str(path), a, b))
        order = sorted(columns[name], key=lambda c: (LANGUAGES.index(c) if c in LANGUAGES else 9, c))
        texts.append(GoldText(name, {c: columns[name][c] for c in order}, golds))
    return texts


def encoded_column(language: str, segments: Sequence[Segment], encoder: Encoder) -> Column:
    """Make a column of a version, encoded with its clauses."""
    plain = [without_codes(segment.text) for segment in segments]
    vectors, parts = encode_parts(encoder, plain, [part_bounds(text) for text in plain])
    return Column(language, segments, vectors, parts)


def gold_of_grid(name: str, columns: Sequence[Column], grid: Grid) -> GoldText:
    """Make a gold text of versions and their checked grid, as ``corpora/`` has them."""
    golds = [grid.pair(a, b) for a, b in combinations(grid.languages, 2)]
    return GoldText(name, {column.language: column for column in columns}, golds)


def ours(a: Column, b: Column) -> Alignment:
    """Our own pair alone."""
    return align_pair(
        a.segments,
        b.segments,
        source_vectors=a.vectors,
        target_vectors=b.vectors,
        languages=(a.language, b.language),
        source_parts=a.parts,
        target_parts=b.parts,
    )


def bertalign_pair(a: Column, b: Column, *, margin: bool = True) -> Alignment:
    """Bertalign's algorithm on the same vectors, centred (by the mean alone, as it is known) and composed."""
    lengths = [np.array([len(s.text.encode()) + 1 for s in column.segments], np.float64) for column in (a, b)]
    return _alignment(a, b, bertalign(_mean_centred(a), _mean_centred(b), *lengths, margin=margin))


def _mean_centred(column: Column) -> np.ndarray:
    out = column.vectors - column.vectors.mean(axis=0)
    return np.asarray(out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9), np.float32)


def gale_church_pair(a: Column, b: Column) -> Alignment:
    """nltk's Gale–Church: lengths alone."""
    return _alignment(a, b, gale_church(*([len(s.text) for s in column.segments] for column in (a, b))))


def _alignment(a: Column, b: Column, beads: Sequence[tuple[tuple[int, ...], tuple[int, ...]]]) -> Alignment:
    return Alignment(a.language, b.language, tuple(Bead(s, t) for s, t in beads))


PAIR_ALIGNERS: Mapping[str, PairAligner] = {
    "Gale–Church (nltk)": gale_church_pair,
    "Bertalign": bertalign_pair,
    "Bertalign, no margin": lambda a, b: bertalign_pair(a, b, margin=False),
    "ours, pair alone": ours,
}


def align_bench(sets: Mapping[str, Sequence[GoldText]]) -> list[BenchRow]:
    """Align every set in every way.

    Args:
        sets: Gold texts by name of the set.
    """
    rows: list[BenchRow] = []
    for name, texts in sets.items():
        for method, aligner in PAIR_ALIGNERS.items():
            start = time.perf_counter()
            report = evaluate(
                (text.name, gold, aligner(text.columns[gold.source], text.columns[gold.target]))
                for text in texts
                for gold in text.golds
            )
            rows.append(_row(name, method, report, time.perf_counter() - start))
        # Of two versions as well: it is what the commands and pages use.
        rows.append(_grid_row(name, texts))
    return rows


def with_sound_gold(sets: Mapping[str, Sequence[GoldText]]) -> tuple[dict[str, Sequence[GoldText]], list[str]]:
    """Put beside each set with slipped verses the same set without them (:mod:`workbench.bench.gold_faults`).

    Returns:
        The sets, and what has slipped in plain words.
    """
    from workbench.bench.gold_faults import join_slipped

    out: dict[str, Sequence[GoldText]] = {}
    said: list[str] = []
    for name, texts in sets.items():
        joined = [join_slipped(text) for text in texts]
        found = [sentence for _, sentences in joined for sentence in sentences]
        out[name] = texts
        if found:
            out[f"{name}, slips joined"] = [text for text, _ in joined]
            said += found
    return out, said


def _row(dataset: str, method: str, report: Report, seconds: float, found: float | None = None) -> BenchRow:
    return BenchRow(dataset, method, report.cut, report.strict, seconds, found)


def _grid_row(name: str, texts: Sequence[GoldText]) -> BenchRow:
    start = time.perf_counter()
    grids = [align_grid(list(text.columns.values())) for text in texts]
    seconds = time.perf_counter() - start
    pairs = [
        (text.name, gold, grid.pair(gold.source, gold.target))
        for text, grid in zip(texts, grids, strict=True)
        for gold in text.golds
    ]
    judged = [
        (row.confidence or 0.0, right)
        for text, grid in zip(texts, grids, strict=True)
        for row, right in zip(grid.rows, right_rows(grid, text.golds), strict=True)
    ]
    found = reliability([c for c, _ in judged], [r for _, r in judged]).found
    return _row(name, "ours, grid", evaluate(pairs), seconds, found)


def time_bench(counts: Sequence[int] = (100, 1_000, 10_000)) -> list[tuple[int, float]]:
    """Time the alignment of made-up versions: (segments a side, seconds), encoding left out.

    Vectors are random with noise on one side, three segments in a hundred left out of each version.
    """
    random = np.random.default_rng(1)
    out = []
    for count in counts:
        meanings = random.normal(size=(count, 384)).astype(np.float32)
        columns = []
        for language in ("fr", "en"):
            kept = np.flatnonzero(random.random(count) > 0.03)
            vectors = meanings[kept] + random.normal(size=(len(kept), 384)).astype(np.float32) * 0.7
            segments = [
                Segment(f"{'lorem ipsum dolor '[k % 7 :]}{k} sit amet {k * 7919 % 9973}.") for k in kept.tolist()
            ]
            columns.append(Column(language, segments, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)))
        start = time.perf_counter()
        ours(columns[0], columns[1])
        out.append((count, time.perf_counter() - start))
    return out


def table(rows: Sequence[BenchRow]) -> str:
    """The rows as tab-separated lines; ``found`` is the share of wrong rows among the tenth least sure."""
    lines = ["set\tmethod\tcut F1\tstrict F1\tseconds\tfound"]
    for row in rows:
        found = "" if row.found is None else f"{row.found:.2f}"
        lines.append(f"{row.dataset}\t{row.method}\t{row.cut:.4f}\t{row.strict:.4f}\t{row.seconds:.1f}\t{found}")
    return "\n".join(lines)


__all__ = [
    "PAIR_ALIGNERS", "BenchRow", "GoldText", "align_bench", "encoded_column", "gold_of_grid", "ours", "read_gold",
    "table", "time_bench", "with_sound_gold",
]  # fmt: skip
