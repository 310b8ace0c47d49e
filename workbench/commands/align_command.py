"""`workbench align`: versions of a text, given as files, into one grid."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.console import Output, codes, examples, opened, progress_bar, put_out, say, say_all, uploads

ENDINGS = {".tsv": "tsv", ".csv": "csv", ".xlsx": "xlsx", ".tmx": "tmx", ".html": "html", ".htm": "html"}


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "align",
        epilog=examples(
            "workbench align fr.docx es.docx pt.docx en.docx -o grid.csv",
            "workbench align a.txt b.txt --segmented --languages fr,de --format beads",
        ),
    )(align)


def align(
    files: Annotated[list[Path], typer.Argument(help="Versions of one text, in two languages or more.")],
    segmented: Annotated[
        bool, typer.Option("--segmented", help="The files have one segment a line; blank lines part paragraphs.")
    ] = False,
    languages: Annotated[
        str | None,
        typer.Option(metavar="CODES", help="The files' languages in order, as in fr,es; otherwise from their names."),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(help="beads, tsv, csv, xlsx, tmx or html; otherwise by the ending of -o, beads without one."),
    ] = None,
    output: Output = None,
) -> None:
    """Align the versions of a text into one grid, a column a language.

    The language of a file is told by its name (fr.txt, page.fr.docx, page_fr.html), by --languages, or guessed.
    """
    from workbench.commands.console import choice
    from workbench.services.script_service import BINARY_FORMATS, FORMATS, align_files

    chosen = choice(format, tuple(FORMATS), "--format") if format else format_of(output)
    given = uploads(files, codes(languages))
    with opened() as workspace, progress_bar("Aligning") as progress:
        text = align_files(workspace, given, segmented=segmented, progress=progress)
    say_all(text.warnings)
    put_out(text.write(chosen), output, binary=chosen in BINARY_FORMATS)
    doubtful = sum(1 for row in text.grid.rows if row.confidence is not None and row.confidence < 0.5)
    note = f", {doubtful} of them less than half sure" if doubtful else ""
    say(f"{len(text)} rows of {', '.join(text.languages)}{note}.")


def format_of(output: Path | None) -> str:
    """Return the format that a file's ending asks for; beads where it asks for none."""
    if output is None or output.name.endswith(".beads.tsv"):
        return "beads"
    return ENDINGS.get(output.suffix.lower(), "beads")
