"""`workbench text …`: the workspace's texts, and how a file is cut into segments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.commands.console import (
    Json,
    Output,
    codes,
    examples,
    opened,
    print_json,
    print_table,
    progress_bar,
    put_out,
    read_file,
    say,
    say_all,
    uploads,
)
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.core.library import TextCoverage
    from workbench.services.workspace import Workspace

group = typer.Typer(name="text", help="Texts of the workspace, and segments of files.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(metavar="TEXT", help="The text's short name, as in `workbench text list`.")]
Languages = Annotated[
    str | None, typer.Option("--languages", metavar="CODES", help="The files' languages in order, as in fr,es.")
]


@group.command("add", epilog=examples("workbench text add fr.docx es.docx --title 'Message of Lima'",
                                      "workbench text add fr.docx --to message-of-lima"))  # fmt: skip
def add(
    files: Annotated[list[Path], typer.Argument(help="One to four versions of one text.")],
    languages: Languages = None,
    to: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Add to, or revise, this text instead of making a new one.")
    ] = None,
    slug: Annotated[
        str | None, typer.Option(metavar="NAME", help="Short name; made from the title if not given.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title; the document's own if not given.")] = None,
    kind: Annotated[str, typer.Option(help="Your own word: page, message, agreement …")] = "page",
    original: Annotated[
        str | None, typer.Option(metavar="CODE", help="Language it was written in; the first file's if not given.")
    ] = None,
    align: Annotated[bool, typer.Option("--align", help="Align its versions at once.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Show what would be kept, and keep nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Bring a text in, all its versions or none.

    A version that the text has already is revised: unchanged segments keep their rows and translations, changed ones
    turn stale.
    """
    from workbench.core.languages import normalise_code
    from workbench.core.texts import TextInfo
    from workbench.services.uploads import read_uploads

    given = uploads(files, codes(languages))
    with opened(seeded=True) as workspace:
        read = read_uploads(given, rules=workspace.library.rules())
        for version in read:
            say_all(version.warnings)
        said = [
            {"file": v.upload.name, "language": v.language, "told by": v.how, "segments": len(v.segments)} for v in read
        ]
        if preview:
            _print(said, as_json)
            return
        if to is not None:
            changes = workspace.library.put_versions(to, read)
            for language, change in changes.items():
                say(
                    f"{language}: {change.unchanged} segments unchanged, {change.changed} changed, {change.added} "
                    f"added, {change.removed} removed."
                )
            kept = to
        else:
            written_first = normalise_code(original) if original else read[0].language
            info = TextInfo(slug or "", title or "", kind, written_first)
            if original and info.original not in [v.language for v in read]:
                raise UsageError(f"--original {original}: no file is in that language.")
            kept = workspace.library.add_text(info, read).slug
        if align:
            _align(workspace, kept)
        if as_json:
            print_json({"text": kept, "versions": said})
        else:
            print(kept)


@group.command("list", epilog=examples("workbench text list", "workbench text list --json"))
def list_texts(as_json: Json = False) -> None:
    """List the texts with what each language has: segments, the share aligned, what is stale or missing."""
    with opened(seeded=True) as workspace:
        coverage = workspace.library.coverage()
    if as_json:
        print_json([_as_json(found) for found in coverage])
        return
    languages = list(dict.fromkeys(["fr", "es", "pt", "en", *(c for found in coverage for c in found.languages)]))
    rows = []
    for found in coverage:
        cells = [_cell(found, language) for language in languages]
        rows.append([found.text.slug, found.text.title, *cells])
    print_table(["text", "title", *languages], rows)


def _cell(found: TextCoverage, language: str) -> str:
    have = found.languages.get(language)
    if have is None:
        return ""
    if have.state == "missing":
        return "missing"
    parts = [f"{have.segments}", have.state]
    if have.aligned is not None:
        parts.append(f"{have.aligned:.0%} aligned")
    if have.stale:
        parts.append(f"{have.stale} stale")
    if have.missing:
        parts.append(f"{have.missing} missing")
    return ", ".join(parts)


def _as_json(found: TextCoverage) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "text": found.text.slug, "title": found.text.title, "kind": found.text.kind, "original": found.text.original,
        "rows": found.rows, "confirmed": found.confirmed, "doubtful": found.doubtful,
        "languages": {language: asdict(have) for language, have in found.languages.items()},
    }  # fmt: skip


@group.command("segments", epilog=examples("workbench text segments fr.docx", "workbench text segments objectives es"))
def segments(
    text: Annotated[str, typer.Argument(metavar="FILE|TEXT", help="A file, or the short name of a text.")],
    language: Annotated[str | None, typer.Argument(help="Which version; for a file, its language.")] = None,
    segmented: Annotated[bool, typer.Option("--segmented", help="The file has one segment a line.")] = False,
    as_json: Json = False,
) -> None:
    """Print the segments, one a line, with their numbers: those that beads files name.

    No workspace is needed for a file.
    """
    path = Path(text)
    if path.is_file() or "/" in text or "\\" in text or path.suffix:
        found = _file_segments(path, language, segmented)
    else:
        found = _text_segments(text, language)
    if as_json:
        print_json([{"number": n, "text": said, "kind": kind} for n, (said, kind) in enumerate(found)])
        return
    for number, (said, _) in enumerate(found):
        print(f"{number}\t{said}")


def _file_segments(path: Path, language: str | None, segmented: bool) -> list[tuple[str, str]]:
    from workbench.core.languages import normalise_code
    from workbench.services.script_service import read_versions
    from workbench.services.uploads import Upload

    code = normalise_code(language) if language else None
    versions = read_versions([Upload(path.name, read_file(path), code)], segmented=segmented)
    say_all(warning for version in versions for warning in version.warnings)
    if len(versions) > 1:
        versions = tuple(version for version in versions if version.language == code)
        if not versions:
            raise UsageError(f"{path.name} holds several languages: name one of them after it.")
    return [(segment.text, segment.kind.value) for segment in versions[0].segments]


def _text_segments(slug: str, language: str | None) -> list[tuple[str, str]]:
    from workbench.core.languages import normalise_code

    with opened(seeded=True) as workspace:
        code = normalise_code(language) if language else workspace.library.text(slug).original
        return [(segment.text, segment.kind.value) for segment in workspace.library.segments(slug, code)]


@group.command("align", epilog=examples("workbench text align objectives --accept 0.9"))
def align_text(
    text: Slug,
    accept: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Take rows at least this sure into the memory, marked as unreviewed."),
    ] = None,
) -> None:
    """Align all the versions of a text; rows that a person confirmed stay."""
    with opened(seeded=True) as workspace:
        _align(workspace, text)
        if accept is not None:
            _, taken = workspace.alignment.accept_above(text, accept)
            say(f"{taken} rows went into the memory.")


def _align(workspace: Workspace, slug: str) -> None:

    with progress_bar("Aligning") as progress:
        stored = workspace.alignment.align(slug, progress=progress)
    doubtful = sum(row.doubtful for row in stored.grid.rows)
    say(f"{slug}: {len(stored.grid.rows)} rows of {', '.join(stored.grid.languages)}, {doubtful} to look at.")


@group.command(
    "export",
    epilog=examples("workbench text export objectives es -o objetivos.docx",
                    "workbench text export objectives --format xlsx -o objectives.xlsx"),
)  # fmt: skip
def export(
    text: Slug,
    language: Annotated[str | None, typer.Argument(help="One version; without it, a table of all versions.")] = None,
    format: Annotated[
        str | None,
        typer.Option(
            help="Of a version: txt, md, html, docx …, otherwise as it came in. Of the table: csv, tsv, xlsx, html, "
            "tmx or beads."
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Write a version in the format it came in, or all the versions side by side."""
    from workbench.commands.align_command import format_of
    from workbench.commands.console import choice
    from workbench.core.languages import normalise_code
    from workbench.services.script_service import BINARY_FORMATS, FORMATS, text_table

    with opened(seeded=True) as workspace:
        if language is None:
            chosen = format or (format_of(output) if output else "tsv")
            table = text_table(workspace, text)
            put_out(table.write(choice(chosen, tuple(FORMATS), "--format")), output, binary=chosen in BINARY_FORMATS)
            return
        suffix = f".{format.lower().lstrip('.')}" if format else output.suffix if output and output.suffix else None
        name, data, notes = workspace.exports.export(text, normalise_code(language), suffix)
    say_all(notes)
    put_out(data, output, binary=name.endswith((".docx", ".odt", ".xlsx")))


@group.command("rename", epilog=examples("workbench text rename objectives aims --title 'Our aims'"))
def rename(
    text: Slug,
    name: Annotated[str | None, typer.Argument(metavar="NEW", help="The new short name.")] = None,
    title: Annotated[str | None, typer.Option(help="The new title.")] = None,
) -> None:
    """Give a text another short name or title."""
    if not name and not title:
        raise UsageError("Nothing to rename: give a new name, or a title with --title.")
    with opened(seeded=True) as workspace:
        kept = workspace.library.rename(text, name, title)
    print(kept.slug)


@group.command(
    "remove", epilog=examples("workbench text remove objectives", "workbench text remove objectives en --yes")
)
def remove(
    text: Slug,
    language: Annotated[str | None, typer.Argument(help="Only this version; without it, the whole text.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a text or one version of it; what the memory learnt from it stays there."""
    import sys

    from workbench.core.languages import normalise_code

    with opened(seeded=True) as workspace:
        code = normalise_code(language) if language else None
        if code is None:
            versions = ", ".join(workspace.library.versions(text))
            what = f"“{workspace.library.text(text).title}” with its versions {versions}"
        else:
            what = f"the {workspace.library.version(text, code).language} version of “{text}”"
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"This removes {what}: add --yes where nobody can be asked.")
            typer.confirm(f"Remove {what}?", abort=True, err=True)
        if code is None:
            workspace.library.remove(text)
        else:
            workspace.library.remove_version(text, code)
    say(f"Removed {what}.")


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print_json(rows)
    elif rows:
        print_table(list(rows[0]), [list(row.values()) for row in rows])
