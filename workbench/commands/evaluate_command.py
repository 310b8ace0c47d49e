"""`workbench evaluate`: alignments against gold ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.console import (
    examples,
    language_pairs,
    opened,
    print_json,
    progress_bar,
    say,
    say_all,
    write_whole,
)
from workbench.errors import UsageError


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "evaluate",
        epilog=examples(
            "workbench evaluate corpora --plot reliability.svg", "workbench evaluate gold predicted --by-doc"
        ),
    )(evaluate)


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Holds <doc>/<a>-<b>.beads.tsv, or <doc>/gold.tsv as corpora/ does.")],
    predicted: Annotated[
        Path | None, typer.Argument(help="What to score, in the same form; without it the documents are aligned now.")
    ] = None,
    pairs: Annotated[str | None, typer.Option(metavar="PAIRS", help="Only these, as in fr-es,fr-en.")] = None,
    by_doc: Annotated[bool, typer.Option("--by-doc", help="Print each document's figures too.")] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Align each pair by itself instead of all versions jointly.")
    ] = False,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw confidence against the share of right rows, as SVG.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a script.")] = False,
) -> None:
    """Print precision, recall and F1 of an alignment, a pair of languages a line, by cut and strictly.

    A cut is a point at which both versions are between two beads; a finer split of a coarse gold bead counts neither
    way. Strict: beads with both sides filled must be equal.
    """
    from workbench.services.evaluation_service import (
        evaluate_aligner,
        evaluate_prediction,
        plot_reliability,
        read_gold,
    )

    if predicted is not None and (plot is not None or alone):
        raise UsageError("--plot and --alone are for documents that are aligned now: leave PREDICTED out.")
    documents = read_gold(gold, pairs=language_pairs(pairs))
    if predicted is not None:
        found = evaluate_prediction(documents, predicted)
    else:
        with opened() as workspace, progress_bar("Aligning") as progress:
            found = evaluate_aligner(workspace, documents, alone=alone, progress=progress)
    say_all(found.warnings)
    report = found.report
    if as_json:
        print_json(
            {
                "cut": report.cut, "strict": report.strict,
                "pairs": {f"{a}-{b}": {"cut": s.cut.f1, "strict": s.strict.f1} for (a, b), s in report.pairs.items()},
            }
        )  # fmt: skip
    else:
        if by_doc:
            for (name, (a, b)), score in report.documents.items():
                print(f"{name}\t{a}-{b}\tcut F1 {score.cut.f1:.4f}\tstrict F1 {score.strict.f1:.4f}")
        print(report.table())
    sure = found.reliability
    if sure is not None:
        say(
            f"Confidence: calibration error {sure.error:.3f}; the least sure {sure.reviewed:.0%} of the rows hold "
            f"{sure.found:.0%} of the wrong ones."
        )
    if plot is not None:
        if sure is None:
            raise UsageError("There is nothing to plot: the rows have no confidence.")
        write_whole(plot, plot_reliability(sure))
        say(f"The plot is in {plot}.")
