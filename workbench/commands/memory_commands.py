"""`workbench memory …`: the translation memory in and out, searched and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from workbench.commands import memory_care_commands
from workbench.commands.console import (
    From,
    Json,
    To,
    choice,
    examples,
    language_code,
    opened,
    optional_code,
    print_json,
    print_table,
    progress_bar,
    put_out_stream,
    say,
    say_all,
)
from workbench.errors import FormatError, UsageError, WorkbenchError

if TYPE_CHECKING:
    from workbench.core.memory import Suggestion, TranslationUnit
    from workbench.services.memory_import import ImportReport

group = typer.Typer(name="memory", help="The translation memory: units of up to four languages.", no_args_is_help=True)

SHOWN_SKIPS = 20  # more are counted; --json has them all
ENDINGS = {
    ".tmx": "tmx",
    ".po": "po",
    ".xliff": "xliff",
    ".xlf": "xliff",
    ".csv": "csv",
    ".tsv": "tsv",
    ".xlsx": "xlsx",
}


@group.command(
    "import",
    epilog=examples(
        "workbench memory import old.tmx more.po",
        "workbench memory import pairs.csv --source en --target fr --json",
    ),
)
def import_(
    files: Annotated[list[Path], typer.Argument(help="TMX, PO, XLIFF, CSV, TSV or XLSX files.")],
    source: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the source, where the file does not say it.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language of the target, where the file does not say it.")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Take what stands before the place where a file is broken.")
    ] = False,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Nobody has checked these translations: they rank below checked ones.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring units into the memory. A bad unit in a good file is skipped and listed with its line.

    A broken file brings nothing unless --keep-going; the others are imported. The same file twice changes nothing.
    """
    optional_code(source), optional_code(target)
    told: list[dict[str, Any]] = []
    worst = 0
    with opened() as workspace:
        for path in files:
            try:
                with _open(path) as (stream, size), progress_bar(path.name) as progress:
                    report = workspace.memory.import_file(
                        stream, name=path.name, source=source, target=target, reviewed=not unreviewed,
                        keep_going=keep_going, progress=partial(_show, progress, size),
                    )  # fmt: skip
            except WorkbenchError as error:
                say(str(error))
                told.append({"file": path.name, "units": 0, "skipped": [], "error": str(error)})
                worst = max(worst, error.exit_code)
                continue
            told.append(_report(path.name, report))
            if not as_json:
                _say_report(path.name, report)
            worst = max(worst, 1 if report.broken else 0)
    if as_json:
        print_json(told[0] if len(told) == 1 else told)
    if worst:
        raise typer.Exit(worst)


def _show(progress: Callable[[int, int, str], None], size: int, done: int) -> None:
    progress(done, size, "")


@contextmanager
def _open(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    from workbench.config import MAX_MEMORY_FILE_BYTES

    if path.is_dir():
        raise UsageError(f"{path} is a folder: name the files in it.")
    try:
        size = path.stat().st_size
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    if size > MAX_MEMORY_FILE_BYTES:
        stream.close()
        raise FormatError(
            f"{path} has {size / 2**30:.1f} GB; {MAX_MEMORY_FILE_BYTES / 2**30:.0f} can be read: split it."
        )
    with stream:
        yield stream, size


def _report(name: str, report: ImportReport) -> dict[str, Any]:
    return {
        "file": name, "import": report.batch_id, "units": report.units, "added": report.added, "grown": report.grown,
        "known": report.known, "skipped": [{"line": s.line, "reason": str(s.reason)} for s in report.skipped],
        **({"error": report.broken} if report.broken else {}),
    }  # fmt: skip


def _say_report(name: str, report: ImportReport) -> None:
    say(
        f"{name}: {report.units} units: {report.added} new, {report.grown} with a new language, {report.known} known "
        f"already; {len(report.skipped)} skipped."
    )
    for skipped in report.skipped[:SHOWN_SKIPS]:
        say(f"  line {skipped.line}: {skipped.reason}")
    if len(report.skipped) > SHOWN_SKIPS:
        say(f"  and {len(report.skipped) - SHOWN_SKIPS} more; --json lists all.")
    if report.broken:
        say(f"  {report.broken}")


@group.command(
    "export",
    epilog=examples(
        "workbench memory export -o memory.tmx",
        "workbench memory export --format po --source fr --target es -o fr-es.po",
    ),
)
def export(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file, not standard output.")
    ] = None,
    format: Annotated[
        str | None, typer.Option(help="tmx, po, xliff, xliff2, csv, tsv or xlsx; else by the ending of -o, or tmx.")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="CODE", help="Source language; PO and XLIFF need one.")] = None,
    target: Annotated[str | None, typer.Option(metavar="CODE", help="Target language; PO and XLIFF need one.")] = None,
    as_json: Json = False,
) -> None:
    """Write the memory, all languages in one file where the format can; say what it could not carry."""
    from workbench.formats.exchange import UNIT_FORMATS

    by_ending = ENDINGS.get(output.suffix.lower(), "tmx") if output else "tmx"
    chosen = choice(format, UNIT_FORMATS, "--format") if format else by_ending
    with opened() as workspace, put_out_stream(output, binary=chosen == "xlsx") as stream:
        report = workspace.memory.export_file(
            stream, format=chosen, source=optional_code(source), target=optional_code(target)
        )
    say_all(report.sentences())
    say(f"{report.units} units written.")
    if as_json and output is not None:
        print_json({"units": report.units, "lost": dict(report.lost)})


@group.command("search", epilog=examples('workbench memory search "coopération décentralisée" --from fr --to es'))
def search(
    text: Annotated[str, typer.Argument(help="A segment.")],
    source: From,
    target: To,
    kind: Annotated[
        list[str] | None, typer.Option(metavar="KIND", help="Only context, exact, fuzzy or semantic; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="Suggestions at most.")] = 9,
    as_json: Json = False,
) -> None:
    """Look a segment up: context, exact, fuzzy and semantic matches in one list, best first."""
    from workbench.core.memory import MatchKind

    known = [found.value for found in MatchKind]
    kinds = [MatchKind(choice(name, known, "--kind")) for name in kind] if kind else None
    with opened() as workspace:
        found = workspace.memory.search(
            text, source=language_code(source), target=language_code(target), limit=limit, kinds=kinds
        )
        waiting = workspace.memory.pending_vectors() if kinds is None or MatchKind.SEMANTIC in kinds else 0
    if waiting:
        say(f"{waiting} sentences cannot be found by meaning yet: `workbench memory reindex` makes them ready.")
    if as_json:
        print_json([_suggestion(suggestion) for suggestion in found])
        return
    print_table(
        ("score", "kind", "suggestion", "for", "from"),
        ((f"{s.score:.0f}", s.kind.value, s.target, s.match.found, s.origin) for s in found),
    )
    if not found:
        say("Nothing like it is in the memory.")


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    match = suggestion.match
    return {
        "target": suggestion.target, "language": suggestion.language, "kind": suggestion.kind.value,
        "score": match.score, "similarity": match.similarity, "signature": match.signature, "found": match.found,
        "found_language": match.language, "unit": match.unit.id, "reviewed": suggestion.reviewed,
        "origin": suggestion.origin, "via": suggestion.via,
        "changes": [{"what": c.what, "before": c.before, "after": c.after} for c in suggestion.changes],
    }  # fmt: skip


@group.command("concordance", epilog=examples("workbench memory concordance '\"gobiernos locales\" NEAR red'"))
def concordance(
    query: Annotated[str, typer.Argument(help='Words; "a phrase", begin*, a NEAR b, a OR b, -without.')],
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Only hits in this language.")] = None,
    text: Annotated[str | None, typer.Option(metavar="TEXT", help="Only units learnt from this text.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Units on a page.")] = 20,
    offset: Annotated[int, typer.Option(min=0, help="Units passed over.")] = 0,
    as_json: Json = False,
) -> None:
    """Find the units in which words stand, whatever their case and accents."""
    with opened() as workspace:
        page = workspace.memory.concordance(
            query, language=optional_code(language), text=text, limit=limit, offset=offset
        )
    if as_json:
        hits = [{**_unit(hit.unit), "found_in": hit.language, "spans": hit.spans} for hit in page.hits]
        print_json({"total": page.total, "complete": page.complete, "hits": hits})
        return
    for hit in page.hits:
        print(f"unit {hit.unit.id}")
        for variant in hit.unit.variants:
            spans = hit.spans if variant.language == hit.language else ()
            print(f"  {variant.language}\t{_marked(variant.text, spans)}")
    more = "" if page.complete else " or more"
    say(f"{page.total}{more} units; shown {page.offset + 1 if page.hits else 0} to {page.offset + len(page.hits)}.")


def _marked(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    out, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            out += [text[at:start], "»", text[start:end], "«"]
            at = end
    return "".join((*out, text[at:]))


def _unit(unit: TranslationUnit) -> dict[str, Any]:
    return {"unit": unit.id, "texts": unit.texts, "reviewed": unit.reviewed(), "changed_at": unit.changed_at}


@group.command("stats", epilog=examples("workbench memory stats --json"))
def stats(as_json: Json = False) -> None:
    """Count what the memory holds."""
    from dataclasses import asdict

    with opened() as workspace:
        found = workspace.memory.stats()
    if as_json:
        print_json(asdict(found))
        return
    rows = [("units", found.units), ("reviewed units", found.reviewed)]
    rows += [(f"segments in {language}", count) for language, count in found.variants.items()]
    rows += [(f"sources: {kind}", count) for kind, count in found.sources.items()]
    print_table(("what", "number"), rows)


@group.command("imports", epilog=examples("workbench memory imports"))
def imports(as_json: Json = False) -> None:
    """List the imports, last first, with the numbers that `workbench memory undo` takes."""
    from dataclasses import asdict

    with opened() as workspace:
        found = workspace.memory.imports()
    if as_json:
        print_json([asdict(batch) for batch in found])
        return
    columns = ("import", "file", "state", "units", "skipped", "when", "who")
    print_table(columns, ((b.id, b.name, b.state, b.units, b.skipped, b.at, b.by) for b in found))


@group.command("undo", epilog=examples("workbench memory undo", "workbench memory undo 3"))
def undo(
    number: Annotated[
        int | None, typer.Argument(metavar="IMPORT", help="Which import; the last one unless given.")
    ] = None,
) -> None:
    """Take an import back: what it alone brought is gone, what others brought too stays."""
    with opened() as workspace:
        batch = workspace.memory.undo_import(number)
    say(f"Taken back: {batch.name}, {batch.units} units.")


@group.command("reindex", epilog=examples("workbench memory reindex"))
def reindex() -> None:
    """Make the indexes anew from the database, and the sentence vectors that are missing."""
    with opened() as workspace:
        workspace.memory.reindex()
        with progress_bar("Reading sentences") as progress:
            done = workspace.memory.make_vectors(progress=lambda so_far, total: progress(so_far, total, ""))
    say(f"The indexes are made anew; {done} segments have vectors.")


memory_care_commands.register(group)
