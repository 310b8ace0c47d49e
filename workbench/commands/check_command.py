"""`workbench check`: the findings of the checks in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.commands.console import Json, examples, opened, print_json, say, say_all, uploads

if TYPE_CHECKING:
    from workbench.core.checks import Finding


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command(
        "check",
        epilog=examples("workbench check es.po --to es", "workbench check call.es.docx --original call.fr.docx --json"),
    )(check)


def check(
    file: Annotated[Path, typer.Argument(help="A translation: PO, XLIFF, TMX, CSV …, or a document.")],
    original: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The document it was translated from; they are aligned first.")
    ] = None,
    source: Annotated[str | None, typer.Option("--from", metavar="CODE", help="Language of the original.")] = None,
    target: Annotated[str | None, typer.Option("--to", metavar="CODE", help="Language of the translation.")] = None,
    only: Annotated[str | None, typer.Option(metavar="CHECKS", help="Only these checks, as in terms,numbers.")] = None,
    off: Annotated[str | None, typer.Option(metavar="CHECKS", help="Leave these checks out.")] = None,
    as_json: Json = False,
) -> None:
    """Print what the checks find in a translation: terms, numbers, punctuation … Exit code 1 if they find something."""
    from workbench.services.file_translation import check_file

    given = uploads([file])[0]
    beside = uploads([original])[0] if original else None
    with opened(seeded=True) as workspace:
        found = check_file(
            workspace, given, original=beside, source=source, target=target,
            only=_names(only) or None, off=_names(off),
        )  # fmt: skip
    say_all(found.warnings)
    if as_json:
        print_json(
            [
                {**_record(finding), "source": found.pairs[finding.pair].source,
                 "target": found.pairs[finding.pair].target} for finding in found.findings
            ]
        )  # fmt: skip
    else:
        for finding in found.findings:
            target_text = found.pairs[finding.pair].target
            place = "" if finding.start is None else f" “{target_text[finding.start : finding.end]}”"
            print(f"{file.name}\t{finding.pair}\t{finding.severity}\t{finding.check}{place}\t{finding.message}")
    say(f"{len(found.pairs)} segments, {found.source} to {found.target}: {len(found.findings)} findings.")
    if found.findings:
        raise typer.Exit(1)


def _names(option: str | None) -> list[str]:
    return [name.strip() for name in (option or "").split(",") if name.strip()]


def _record(finding: Finding) -> dict[str, Any]:
    from dataclasses import asdict

    record = asdict(finding)
    return {"message": finding.message, **{key: value for key, value in record.items() if key != "sentence"}}
