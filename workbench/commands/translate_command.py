"""`workbench translate`: a file filled in from the memory."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.console import (
    Output,
    examples,
    opened,
    print_json,
    progress_bar,
    put_out,
    say,
    say_all,
    uploads,
)
from workbench.errors import UsageError


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "translate",
        epilog=examples(
            "workbench translate call.fr.docx --to es -o call.es.docx", "workbench translate fr.po --to fr --above 100"
        ),
    )(translate)


def translate(
    file: Annotated[Path, typer.Argument(help="Any format the workbench reads.")],
    target: Annotated[str, typer.Option("--to", metavar="CODE", help="Language wanted.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="CODE", help="The file's language, if it cannot be told from it.")
    ] = None,
    above: Annotated[float, typer.Option(min=0, max=100, help="Fill with matches of at least this score.")] = 85.0,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Also fill with translations that nobody has checked.")
    ] = False,
    output: Output = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was filled as JSON; needs -o.")] = False,
) -> None:
    """Fill a file in from the memory, in its own format and layout; what the memory does not know stays as it is.

    Of a document the segments are filled, of PO, XLIFF and tables the entries that have no translation.
    """
    from workbench.services.file_translation import translate_file

    if as_json and output is None:
        raise UsageError("--json prints on standard output, where the file would go too: name a file with -o.")
    given = uploads([file])[0]
    with opened(seeded=True) as workspace, progress_bar("Looking up") as progress:
        done = translate_file(
            workspace, given, target, source=source, above=above, unreviewed=unreviewed, progress=progress
        )
    say_all(done.warnings)
    put_out(done.data, output, binary=file.suffix.lower() in (".docx", ".odt", ".xlsx"))
    if as_json:
        print_json(
            {
                "source": done.source, "target": done.target, "segments": done.segments,
                "filled": [
                    {"number": f.number, "source": f.source, "target": f.suggestion.target, "score": f.suggestion.score,
                     "kind": f.suggestion.kind.value, "origin": f.suggestion.origin} for f in done.filled
                ],
            }
        )  # fmt: skip
    kinds = ", ".join(f"{count} {kind}" for kind, count in done.kinds.items())
    say(
        f"{len(done.filled)} of {done.segments} segments filled, {done.source} to {done.target}"
        + (f": {kinds}." if kinds else ".")
    )
    doubtful = [f for f in done.filled if not f.suggestion.fills]
    if doubtful:
        say(f"{len(doubtful)} of them are not the very same segment and want a look; --json lists them.")
