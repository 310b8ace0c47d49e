"""`workbench batch`: a folder of texts aligned in one go."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.commands.console import choice, examples, language_pairs, print_json, print_table, say, say_all

if TYPE_CHECKING:
    from workbench.services.batch_results import TextResult
    from workbench.services.batch_service import OnResult


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "batch",
        epilog=examples(
            "workbench batch texts -o aligned --format xlsx",
            "workbench batch texts -o aligned --segmented --pairs fr-es,fr-en --jobs 4",
            "workbench batch texts -o aligned --scheduler tcp://cluster.example:8786",
        ),
    )(batch)


def batch(
    folder: Annotated[Path, typer.Argument(help="Holds a folder for each text: <text>/<language>.<ending>.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where a folder for each text is written.")
    ],
    segmented: Annotated[bool, typer.Option("--segmented", help="The files (.txt) have one segment a line.")] = False,
    pairs: Annotated[
        str | None,
        typer.Option(metavar="PAIRS", help="Align these pairs alone, as in fr-es,fr-en, instead of all versions."),
    ] = None,
    format: Annotated[
        str, typer.Option(help="Also write this format: beads (nothing more), tsv, csv, xlsx, tmx or html.")
    ] = "beads",
    jobs: Annotated[int, typer.Option(help="Processes at work; each loads the model (about 700 MB).")] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Let the workers of a Dask cluster do the texts, as in tcp://HOST:8786."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Align every text of a folder: grid.beads.tsv and a beads file for each pair, a folder a text.

    Stopped or killed, the next run goes on with what is not finished; a text whose files or options changed is done
    again. Texts that failed are listed with the reason, and the exit code is 1.
    """
    from workbench.services.batch_service import BatchOptions, run_batch
    from workbench.services.script_service import FORMATS

    options = BatchOptions(segmented, tuple(language_pairs(pairs) or ()), choice(format, tuple(FORMATS), "--format"))
    start = time.perf_counter()
    with _progress() as on_result:
        results = run_batch(folder, output, options, jobs=jobs, scheduler=scheduler, on_result=on_result)
    for result in results:
        say_all(result.warnings)
    _summary(results, as_json)
    failed = [result for result in results if result.state == "failed"]
    kept = sum(result.state == "kept" for result in results)
    before = f", {kept} finished before" if kept else ""
    spent = time.perf_counter() - start
    say(f"{len(results) - len(failed)} of {len(results)} texts are in {output}{before}; {spent:.1f} s.")
    for result in failed:
        say(f"Failed: {result.name}: {result.reason.removeprefix(f'{result.name}: ')}")
    if failed:
        raise typer.Exit(1)


def _summary(results: list[TextResult], as_json: bool) -> None:
    if as_json:
        from dataclasses import asdict

        print_json([asdict(result) for result in results])
        return
    columns = ("text", "state", "languages", "segments", "rows", "doubtful", "seconds")
    print_table(
        columns,
        ((r.name, r.state, " ".join(r.languages), r.segments, r.rows, r.doubtful, f"{r.seconds:.1f}") for r in results),
    )


@contextmanager
def _progress() -> Iterator[OnResult]:
    """Show how many texts are done and the time left: a bar on a terminal, a line a text elsewhere."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
                   TimeRemainingColumn(), TextColumn("left"))  # fmt: skip
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Aligning", total=None)

            def advance(result: TextResult, done: int, total: int) -> None:
                bar.update(task, completed=done, total=total, description=result.name[:40])

            yield advance
        return
    start, worked = time.perf_counter(), [0]

    def line(result: TextResult, done: int, total: int) -> None:
        if result.state == "kept":
            return
        worked[0] += 1
        left = (time.perf_counter() - start) / worked[0] * (total - done)
        rest = f"; about {left:.0f} s left" if done < total else ""
        what = "failed" if result.state == "failed" else f"{result.rows} rows"
        say(f"{done}/{total} {result.name}: {what}{rest}")

    yield line
