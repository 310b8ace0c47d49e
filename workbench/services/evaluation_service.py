"""Gold alignments in folders, predictions beside them or made now, and the figures of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.evaluation import Reliability, Report, evaluate, in_order, reliability, right_rows
from workbench.core.grid import Alignment, Grid
from workbench.core.languages import normalise_code
from workbench.core.texts import Segment
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

Pair = tuple[str, str]
Progress = Callable[[int, int, str], None]

REVIEWED = 0.1  # share of the rows a reviewer would look at, the least sure first


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its gold alignments.

    Attributes:
        name: Its folder's name.
        folder: Where its versions lie.
        golds: One a pair of languages.
        corpus: It is a text of ``corpora/``: versions in Markdown, one gold grid.
    """

    name: str
    folder: Path
    golds: tuple[Alignment, ...]
    corpus: bool = False


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation found.

    Attributes:
        report: The figures.
        reliability: Whether the confidences hold what they promise; ``None`` where the prediction has none.
        warnings: Sentences for the user.
    """

    report: Report
    reliability: Reliability | None = None
    warnings: tuple[str, ...] = ()


def read_gold(folder: Path, *, pairs: Sequence[Pair] | None = None) -> list[GoldDocument]:
    """Find the documents of a gold folder: ``<doc>/<a>-<b>.beads.tsv``, or ``<doc>/gold.tsv`` as in ``corpora/``.

    Args:
        folder: Holds a folder a document.
        pairs: Only these, as the files name them.

    Raises:
        FormatError: a gold file cannot be read.
        UsageError: there is no gold.
    """
    from workbench.formats import beads

    if not folder.is_dir():
        raise UsageError("{folder}: there is no such folder.", folder=folder)
    found = []
    for inner in sorted(path for path in folder.iterdir() if path.is_dir()):
        golds = []
        for path in sorted(inner.glob("*-*.beads.tsv")):
            pair = _pair_of(path.name.removesuffix(".beads.tsv"))
            if pair is not None and (pairs is None or pair in pairs):
                golds.append(beads.read_alignment(path.read_bytes(), f"{inner.name}/{path.name}", *pair))
        corpus = not golds and (inner / "gold.tsv").is_file()
        if corpus:
            grid = beads.read_grid((inner / "gold.tsv").read_bytes(), f"{inner.name}/gold.tsv")
            golds = [grid.pair(a, b) for a, b in combinations(grid.languages, 2) if pairs is None or (a, b) in pairs]
        if golds:
            found.append(GoldDocument(inner.name, inner, tuple(golds), corpus))
    if not found:
        raise UsageError("{folder}: no <doc>/<a>-<b>.beads.tsv and no <doc>/gold.tsv here.", folder=folder)
    return found


def evaluate_prediction(gold: Sequence[GoldDocument], predicted: Path) -> Evaluation:
    """Score a folder of predictions: ``<doc>/<a>-<b>.beads.tsv``, or a ``<doc>/grid.beads.tsv`` for every pair.

    A document or pair that is not there counts as all missed.

    Raises:
        FormatError: a prediction cannot be read.
        UsageError: a prediction misses or repeats a segment, or there is no such folder.
    """
    if not predicted.is_dir():
        raise UsageError("{predicted}: there is no such folder.", predicted=predicted)
    warnings: list[str] = []

    def documents() -> Iterator[tuple[str, Alignment, Alignment | None]]:
        for document in gold:
            for alignment in document.golds:
                found = _prediction(predicted / document.name, alignment)
                if found is not None and in_order(alignment.beads) and not in_order(found.beads):
                    pair = f"{alignment.source}-{alignment.target}"
                    warnings.append(f"{document.name}, {pair}: rows cross; no cut of it counts as found.")
                yield document.name, alignment, found

    report = evaluate(documents())
    return Evaluation(report, None, tuple(warnings))


def evaluate_aligner(
    workspace: Workspace,
    gold: Sequence[GoldDocument],
    *,
    alone: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Align the documents and score what comes out.

    Args:
        workspace: Its model and vectors are used.
        gold: The documents.
        alone: Align each pair by itself, instead of all versions jointly.
        progress: Called with (done, all, what).

    Raises:
        FormatError: a version cannot be read.
        UsageError: a version is missing, or the gold names segments that the text does not have.
    """
    results: list[tuple[str, Alignment, Alignment | None]] = []
    confidences: list[float] = []
    right: list[bool] = []
    for done, document in enumerate(gold):
        versions = read_versions(document)
        grids = _align(workspace, document, versions, alone=alone)
        for grid, golds in grids:
            results.extend(
                (document.name, alignment, grid.pair(alignment.source, alignment.target)) for alignment in golds
            )
            for row, good in zip(grid.rows, right_rows(grid, golds), strict=True):
                if row.confidence is not None and sum(map(bool, row.cells)):
                    confidences.append(row.confidence)
                    right.append(good)
        if progress is not None:
            progress(done + 1, len(gold), document.name)
    order = {alignment: place for place, (_, alignment) in enumerate((d, a) for d in gold for a in d.golds)}
    results.sort(key=lambda result: order[result[1]])
    sure = reliability(confidences, right, reviewed=REVIEWED) if confidences else None
    return Evaluation(evaluate(results), sure)


def read_versions(document: GoldDocument) -> dict[str, tuple[Segment, ...]]:
    """Read the versions that a gold document's alignments are about, and check that they fit.

    Raises:
        FormatError: one cannot be read.
        UsageError: one is missing, or the gold names segments that it does not have.
    """
    from workbench.formats import read_segments

    wanted = dict.fromkeys(code for alignment in document.golds for code in (alignment.source, alignment.target))
    versions: dict[str, tuple[Segment, ...]] = {}
    if document.corpus:
        from workbench.services.seed_service import read_corpus_text

        versions = {v.language: v.segments for v in read_corpus_text(document.folder)[1] if v.language in wanted}
    for language in wanted:
        path = document.folder / f"{language}.txt"
        if language not in versions:
            if not path.is_file():
                raise UsageError(
                    "{name}: the version {name2} is missing, which its gold is about.",
                    name=document.name,
                    name2=path.name,
                )
            versions[language] = read_segments(path.read_bytes(), f"{document.name}/{path.name}")
    for alignment in document.golds:
        for language, side in ((alignment.source, 0), (alignment.target, 1)):
            last = max((n for b in alignment.beads for n in (b.source if side == 0 else b.target)), default=-1)
            if last >= len(versions[language]):
                raise UsageError(
                    "{name}: the gold {source}-{target} names {language} segment {last}, but the text has"
                    " only {found}.",
                    name=document.name,
                    source=alignment.source,
                    target=alignment.target,
                    language=language,
                    last=last,
                    found=len(versions[language]),
                )
    return versions


def plot_reliability(found: Reliability) -> bytes:
    """Draw confidence against the share of right rows as SVG: on the diagonal, confidences hold what they promise."""
    size, margin = 360, 48
    span = size - 2 * margin

    def place(x: float, y: float) -> str:
        return f"{margin + x * span:.1f},{size - margin - y * span:.1f}"

    most = max((count for _, _, count in found.bins), default=1)
    dots = "".join(
        f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="{3 + 9 * (count / most) ** 0.5:.1f}">'
        f"<title>{mean:.0%} sure, {share:.0%} right, {count} rows</title></circle>"
        for mean, share, count in found.bins
        for p in (place(mean, share),)
    )
    ticks = "".join(
        f'<text x="{margin + t * span:.1f}" y="{size - margin + 18}" text-anchor="middle">{t:.0%}</text>'
        f'<text x="{margin - 8}" y="{size - margin - t * span + 4:.1f}" text-anchor="end">{t:.0%}</text>'
        for t in (0, 0.5, 1)
    )
    note = (
        f"calibration error {found.error:.3f}; the least sure {found.reviewed:.0%} hold {found.found:.0%} "
        "of the wrong rows"
    )
    line = " ".join(place(mean, share) for mean, share, _ in found.bins)
    svg = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size + 24}" width="{2 * size}" role="img"
  font-family="sans-serif" font-size="12" fill="#18262a">
<title>Confidence and share of right rows</title>
<rect width="{size}" height="{size + 24}" fill="#fff"/>
<path d="M{place(0, 0)} L{place(1, 1)}" stroke="#9aa7aa" stroke-dasharray="4 4" fill="none"/>
<path d="M{place(0, 1)} L{place(0, 0)} L{place(1, 0)}" stroke="#55656a" fill="none"/>
<polyline points="{line}" stroke="#0b6470" stroke-width="2" fill="none"/>
<g fill="#0b6470">{dots}</g>
{ticks}
<text x="{size / 2}" y="{size - 8}" text-anchor="middle">confidence of the row</text>
<text x="14" y="{size / 2}" text-anchor="middle" transform="rotate(-90 14 {size / 2})">share right</text>
<text x="{size / 2}" y="{size + 12}" text-anchor="middle" font-size="10">{note}</text>
</svg>
"""
    return svg.encode()


def _align(
    workspace: Workspace, document: GoldDocument, versions: dict[str, tuple[Segment, ...]], *, alone: bool
) -> list[tuple[Grid, tuple[Alignment, ...]]]:
    if not alone:
        return [(workspace.alignment.align_versions(versions), document.golds)]
    return [
        (
            workspace.alignment.align_versions({code: versions[code] for code in (gold.source, gold.target)}),
            (gold,),
        )
        for gold in document.golds
    ]


def _prediction(folder: Path, gold: Alignment) -> Alignment | None:
    from workbench.formats import beads

    pair = (gold.source, gold.target)
    for path in (folder / f"{gold.source}-{gold.target}.beads.tsv", folder / "grid.beads.tsv"):
        if path.is_file():
            return beads.read_alignment(path.read_bytes(), f"{folder.name}/{path.name}", *pair)
    return None


def _pair_of(name: str) -> Pair | None:
    """Return the languages that a beads file's name holds (``fr-es``, ``fr-pt-BR``), ``None`` if it names no pair."""
    import re

    match = re.fullmatch(r"([a-z]{2,3}(?:-(?:[A-Z]{2}|\d{3}))?)-([a-z]{2,3}(?:-(?:[A-Z]{2}|\d{3}))?)", name)
    return (normalise_code(match.group(1)), normalise_code(match.group(2))) if match else None
