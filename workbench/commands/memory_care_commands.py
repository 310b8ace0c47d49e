"""`workbench memory …`: looking after the memory: analysis, find and replace, duplicates, one unit and its history."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.commands.console import (
    Json,
    To,
    examples,
    language_code,
    opened,
    optional_code,
    print_json,
    print_table,
    read_file,
    say,
)
from workbench.errors import UsageError


def register(group: typer.Typer) -> None:
    """Add the commands to the memory's group."""
    group.command("analyse", epilog=examples("workbench memory analyse call.fr.docx --to es"))(analyse)
    group.command(
        "replace",
        epilog=examples(
            "workbench memory replace 'Cités et Gouvernements' 'Villes et Gouvernements' --in fr",
            "workbench memory replace '(\\d+) %' '\\1\u202f%' --in fr --pattern --apply",
        ),
    )(replace)
    group.command(
        "dedupe", epilog=examples("workbench memory dedupe --from fr --to es", "workbench memory dedupe --join")
    )(dedupe)
    group.command("unit", epilog=examples("workbench memory unit 1204", "workbench memory unit 1204 --json"))(unit)


def analyse(
    file: Annotated[Path, typer.Argument(help="A text to be translated, in any format.")],
    target: To,
    source: Annotated[
        str | None, typer.Option("--from", metavar="CODE", help="The file's language, if it cannot be told from it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Count the words of a text by how good the memory's offer is, before work starts."""
    from workbench.services.script_service import read_versions
    from workbench.services.uploads import Upload

    version = read_versions([Upload(file.name, read_file(file), optional_code(source))])[0]
    with opened() as workspace:
        found = workspace.memory.analyse(
            [segment.text for segment in version.segments], source=version.language, target=language_code(target)
        )
    if as_json:
        bands = [{"band": b.band.value, "segments": b.segments, "words": b.words} for b in found.bands]
        print_json({"source": found.source, "target": found.target, "bands": bands})
        return
    rows = [(b.band.value, b.segments, b.words, f"{b.words / max(found.words, 1):.0%}") for b in found.bands]
    print_table(("match", "segments", "words", "share"), [*rows, ("all", found.segments, found.words, "100%")])


def replace(
    find: Annotated[str, typer.Argument(help="What is sought in the segments.")],
    put: Annotated[str, typer.Argument(metavar="REPLACEMENT", help="What stands in for it.")],
    language: Annotated[str, typer.Option("--in", metavar="CODE", help="In the segments of this language.")],
    pattern: Annotated[bool, typer.Option("--pattern", help="FIND is a regular expression; \\1 is a group.")] = False,
    ignore_case: Annotated[bool, typer.Option("--ignore-case", help="Capitals make no difference.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this it is only shown.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Segments at most.")] = 10_000,
    as_json: Json = False,
) -> None:
    """Find and replace in the memory's segments: shows what would change, and changes it with --apply.

    Every unit keeps in its history what it said before.
    """
    with opened() as workspace:
        found = list(
            islice(
                workspace.memory.find_replacements(
                    find, put, language=language_code(language), pattern=pattern, match_case=not ignore_case
                ),
                limit,
            )
        )
        done, left = workspace.memory.apply_replacements(found) if apply and found else (0, [])
    if as_json:
        changes = [
            {"unit": r.unit_id, "language": r.language, "before": r.before, "after": r.after, "left": r in left}
            for r in found
        ]
        print_json({"changed": done, "changes": changes})
    else:
        for r in found:
            print(f"unit {r.unit_id}\t{r.language}\n- {r.before}\n+ {r.after}")
    if apply:
        say(f"{done} segments changed, {len(left)} left as they are.")
    else:
        say(f"{len(found)} segments would change; nothing is changed without --apply.")


def dedupe(
    source: Annotated[str | None, typer.Option("--from", metavar="CODE", help="Language of the segments.")] = None,
    target: Annotated[str | None, typer.Option("--to", metavar="CODE", help="Language of the translations.")] = None,
    join: Annotated[
        bool, typer.Option("--join", help="Join units that say the same into the oldest, with all their sources.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Units and segments listed at most.")] = 200,
    as_json: Json = False,
) -> None:
    """List units that say what an older one says too, and, for two languages, segments with several translations.

    Exit code 1 if there are any that were not joined.
    """
    if (source is None) != (target is None):
        raise UsageError("Name both languages, --from and --to, or neither.")
    with opened() as workspace:
        memory = workspace.memory
        joined = memory.dedupe() if join else 0
        twice = [] if join else memory.duplicates(limit=limit)
        several = []
        if source is not None and target is not None:
            several = memory.contradictions(source=language_code(source), target=language_code(target), limit=limit)
    if as_json:
        told: dict[str, Any] = {
            "joined": joined,
            "duplicates": [{"unit": d.other.id, "same_as": d.kept.id, "texts": d.other.texts} for d in twice],
            "contradictions": [
                {"source": c.source, "targets": [{"text": text, "units": units} for text, units in c.targets]}
                for c in several
            ],
        }
        print_json(told)
    else:
        for duplicate in twice:
            print(f"unit {duplicate.other.id} says what unit {duplicate.kept.id} says")
            for code, text in duplicate.other.texts.items():
                print(f"  {code}\t{text}")
        for contradiction in several:
            print(contradiction.source)
            for text, units in contradiction.targets:
                print(f"  {text}\tunits {', '.join(map(str, units))}")
    if join:
        say(f"{joined} units were joined into older ones.")
    else:
        say(f"{len(twice)} units are there twice.")
    if source is not None:
        say(f"{len(several)} segments have several translations.")
    if twice or several:
        raise typer.Exit(1)


def unit(
    number: Annotated[int, typer.Argument(metavar="UNIT", help="Its number, as searches show it.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take it out of the memory; its history stays.")] = False,
    as_json: Json = False,
) -> None:
    """Show a unit: its languages, where each comes from, and what it said before; or remove it."""
    from dataclasses import asdict

    with opened() as workspace:
        memory = workspace.memory
        history = memory.history(number)
        gone = bool(history) and not history[0].after
        found = None if gone and not remove else memory.unit(number)
        if remove:
            memory.remove([number])
    if as_json:
        print_json({"unit": None if found is None else asdict(found), "history": [asdict(entry) for entry in history]})
    else:
        for variant in found.variants if found is not None else ():
            print(f"{variant.language}\t{variant.text}")
        for p in found.provenances if found is not None else ():
            checked = "checked" if p.reviewed else "not checked"
            print(f"  from {p.source.name or p.source.key} ({' '.join(p.languages)}), {checked}, {p.at} {p.by}")
        for entry in history:
            print(f"{entry.at}\t{entry.by}\t{entry.operation}")
            for code in dict.fromkeys((*entry.before, *entry.after)):
                if entry.before.get(code) != entry.after.get(code):
                    print(f"  {code}\t- {entry.before.get(code, '')}\n  {code}\t+ {entry.after.get(code, '')}")
    if remove:
        say(f"Unit {number} is removed.")
