"""`workbench text bilingual` and `workbench text corrections`: a version to a reviser and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.console import (
    Json,
    Output,
    examples,
    opened,
    print_json,
    print_table,
    put_out,
    read_file,
    say,
    say_all,
)

Slug = Annotated[str, typer.Argument(metavar="TEXT", help="The text's short name, as in `workbench text list`.")]
Language = Annotated[str, typer.Argument(metavar="LANGUAGE", help="The version.")]
Source = Annotated[
    str | None, typer.Option("--from", metavar="CODE", help="The language beside it; the original unless given.")
]


def register(group: typer.Typer) -> None:
    """Enter the commands into the group ``text``."""
    group.command("bilingual", epilog=examples("workbench text bilingual objectives es -o objectives.fr-es.docx"))(
        bilingual
    )
    group.command(
        "corrections",
        epilog=examples(
            "workbench text corrections objectives es objectives.fr-es.docx",
            "workbench text corrections objectives es objectives.fr-es.docx --take",
        ),
    )(corrections)


def bilingual(text: Slug, language: Language, source: Source = None, output: Output = None) -> None:
    """Write a version beside its original as a Word document that a reviser corrects."""
    from workbench.core.languages import normalise_code

    with opened(seeded=True) as workspace:
        _name, data = workspace.revisers.hand_out(text, normalise_code(language), source=_code(source))
    put_out(data, output, binary=True)


def corrections(
    text: Slug,
    language: Language,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The Word document that came back.")],
    take: Annotated[
        bool, typer.Option("--take", help="Take the corrections over; without it they are only shown.")
    ] = False,
    over: Annotated[
        bool, typer.Option("--over", help="With --take: also those whose segment was changed here meanwhile.")
    ] = False,
    reviewed: Annotated[
        bool, typer.Option("--reviewed", help="With --take: what the reviser left as it was counts as reviewed too.")
    ] = False,
    source: Source = None,
    as_json: Json = False,
) -> None:
    """Show what a reviser has corrected, or take it over with the comments; it can be undone on the Translate page."""
    from dataclasses import asdict

    from workbench.core.languages import normalise_code

    target, origin = normalise_code(language), _code(source)
    data = read_file(file)
    with opened(seeded=True) as workspace:
        found = workspace.revisers.read(text, target, data, file.name, source=origin)
        say_all(str(note) for note in found.notes)
        if as_json:
            print_json(asdict(found))
        elif found.corrections:
            rows = [(str(c.place + 1), c.conflict, c.before, c.after) for c in found.corrections]
            print_table(["row", "changed here", "sent", "corrected"], rows)
        if not take:
            say(
                f"{len(found.corrections)} corrections, {len(found.remarks)} comments; nothing is taken without --take."
            )
            return
        chosen = [c for c in found.corrections if over or not c.conflict]
        taken = workspace.revisers.take(
            text, target, chosen, reviewed=found.unchanged if reviewed else {}, remarks=found.remarks, source=origin
        )
    left = len(found.corrections) - taken.corrected
    say(f"{taken.corrected} corrections and {taken.remarks} comments taken, {left} left.")
    if reviewed:
        say(f"{taken.reviewed} segments left as they were count as reviewed.")


def _code(source: str | None) -> str | None:
    from workbench.core.languages import normalise_code

    return normalise_code(source) if source else None
