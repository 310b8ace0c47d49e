"""`workbench glossary …`: the glossary in and out, checked and searched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.commands.console import (
    Json,
    codes,
    examples,
    language_pairs,
    opened,
    print_json,
    print_table,
    progress_bar,
    put_out,
    read_file,
    say,
    say_all,
    write_whole,
)
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.core.terms import Concept
    from workbench.services.glossary_service import ImportPreview

group = typer.Typer(name="glossary", help="The network's terms in four languages.", no_args_is_help=True)


@group.command(
    "export",
    epilog=examples("workbench glossary export --format po -o glossary", "workbench glossary export --format csv"),
)
def export(
    format: Annotated[str, typer.Option(help="po, csv or another the workbench writes.")] = "po",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FOLDER",
            help="Where the files are written; comments that translators made in files there are kept.",
        ),
    ] = None,
    pairs: Annotated[
        str | None, typer.Option(metavar="PAIRS", help="For formats with a pair a file: as in fr-es,fr-pt; else all.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="First part of the files' names.")] = None,
) -> None:
    """Write the glossary: PO with a file for each pair and a POT for each source, CSV with everything."""
    from workbench.commands.console import choice
    from workbench.formats import glossary as files
    from workbench.services.glossary_service import GLOSSARY_NAME

    choice(format, tuple(files.WRITERS), "--format")
    if name is not None and (not name or name != Path(name).name or name.startswith(".")):
        raise UsageError(f"--name “{name}” cannot begin a file's name: use letters, digits and hyphens.")
    existing: dict[str, bytes] = {}
    if output is not None:
        if output.exists() and not output.is_dir():
            raise UsageError(f"{output} is a file: name a folder, since a format can have several files.")
        if output.is_dir():
            existing = {p.name: p.read_bytes() for p in output.glob(f"{name or GLOSSARY_NAME}*") if p.is_file()}
    with opened(seeded=True) as workspace:
        result = workspace.glossary.export(
            format, pairs=language_pairs(pairs), name=name or GLOSSARY_NAME, existing=existing
        )
    if output is None:
        if len(result.files) != 1:
            raise UsageError(f"{format} makes {len(result.files)} files: name a folder with -o, or one pair (--pairs).")
        put_out(next(iter(result.files.values())), None, binary=format == "xlsx")
    else:
        for file, data in result.files.items():
            write_whole(output / file, data)
        say(f"{len(result.files)} files are in {output}.")
    say_all(result.losses)


@group.command(
    "import", epilog=examples("workbench glossary import terms.csv --preview", "workbench glossary import terms.csv")
)
def import_(
    file: Annotated[Path, typer.Argument(help="A glossary as CSV, PO or another format the workbench reads.")],
    preview: Annotated[bool, typer.Option("--preview", help="Show what would change, and change nothing.")] = False,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Also take concepts that contradict what somebody wrote here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take new and changed concepts from a file; conflicting ones only with --conflicts.

    Exit code 1 if conflicting ones were left.
    """
    from workbench.services.glossary_service import ImportKind

    data = read_file(file)
    with opened(seeded=True) as workspace:
        found = workspace.glossary.preview_import(data, file.name)
        say_all(found.warnings)
        taken = [ImportKind.NEW, ImportKind.CHANGED, *([ImportKind.CONFLICTING] if conflicts else [])]
        chosen = [row.concept.id for row in found.rows if row.kind in taken]
        if not preview and chosen:
            workspace.glossary.apply_import(found, chosen)
    _show(found, as_json)
    counts = {kind.value: len(found.of(kind)) for kind in ImportKind}
    done = "Would import" if preview else "Imported"
    say(f"{done} {len(chosen)} concepts: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()) + ".")
    if counts[ImportKind.CONFLICTING.value] and not conflicts:
        raise typer.Exit(1)


def _show(preview: ImportPreview, as_json: bool) -> None:
    from workbench.services.glossary_service import ImportKind

    rows = [row for row in preview.rows if row.kind is not ImportKind.SAME]
    if as_json:
        print_json([{"concept": r.concept.id, "kind": r.kind.value, "differences": list(r.differences)} for r in rows])
    elif rows:
        print_table(
            ("concept", "what", "differences"), ((r.concept.id, r.kind.value, " ".join(r.differences)) for r in rows)
        )


@group.command("check", epilog=examples("workbench glossary check", "workbench glossary check terms.csv"))
def check(
    file: Annotated[Path | None, typer.Argument(help="A glossary file; the workspace's glossary without it.")] = None,
    as_json: Json = False,
) -> None:
    """Look for duplicates, missing languages, unexplained acronyms, cycles. Exit code 1 if an error is found."""
    if file is not None:
        from workbench.core.glossary_check import check_concepts
        from workbench.formats import glossary as files

        read = files.read(read_file(file), file.name)
        say_all(read.warnings)
        problems = list(check_concepts(read.concepts))
        size = len(read.concepts)
    else:
        with opened(seeded=True) as workspace:
            problems = list(workspace.glossary.check())
            size = len(workspace.glossary.concepts())
    if as_json:
        from dataclasses import asdict

        print_json([asdict(problem) for problem in problems])
    else:
        for problem in problems:
            where = " ".join(part for part in (problem.concept, problem.language, problem.term) if part)
            print(f"{'error' if problem.error else 'doubtful'}\t{where}\t{problem.message}")
    errors = sum(problem.error for problem in problems)
    say(f"{size} concepts: {errors} errors, {len(problems) - errors} doubtful.")
    if errors:
        raise typer.Exit(1)


@group.command(
    "search",
    epilog=examples("workbench glossary search jumelage", "workbench glossary search cooperacion --language es"),
)
def search(
    query: Annotated[str, typer.Argument(help="Part of a term, with or without accents.")],
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Search in this language only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Concepts at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Find concepts by a term in any language."""
    from workbench.core.languages import LANGUAGES, normalise_code

    with opened(seeded=True) as workspace:
        found = workspace.glossary.search(query, language=normalise_code(language) if language else None, limit=limit)
    concepts = [stored.concept for stored in found]
    if as_json:
        from dataclasses import asdict

        print_json([asdict(concept) for concept in concepts])
        return
    print_table(("concept", *LANGUAGES), ((c.id, *(_terms(c, language) for language in LANGUAGES)) for c in concepts))
    if not concepts:
        say(f"No term holds “{query}”.")


@group.command(
    "extract",
    epilog=examples("workbench glossary extract corpora --language fr", "workbench glossary extract --json"),
)
def extract(
    folder: Annotated[
        Path | None, typer.Argument(help="Texts as for `workbench batch`; the workspace's texts and memory without it.")
    ] = None,
    language: Annotated[str | None, typer.Option(metavar="CODES", help="Only these languages, as in fr,es.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Candidates a language at most.")] = 50,
    known: Annotated[bool, typer.Option("--known", help="Also list what is a term of the glossary already.")] = False,
    as_json: Json = False,
) -> None:
    """List words that may be terms, the likeliest first, with what answers them in the other languages."""
    from workbench.core.languages import LANGUAGES
    from workbench.services.terminology_service import TerminologyService

    languages = codes(language) or list(LANGUAGES)
    with opened(seeded=True) as workspace:
        rows = None
        if folder is not None:
            from workbench.services.term_extraction import folder_rows

            with progress_bar("Reading") as progress:
                rows = folder_rows(workspace, folder, progress=progress)
        service = TerminologyService(glossary=workspace.glossary)
        found = service.candidates(rows=rows, languages=languages, limit=limit, known=known)
    if as_json:
        from dataclasses import asdict

        print_json({code: [asdict(candidate) for candidate in candidates] for code, candidates in found.items()})
        return
    table = []
    for code, candidates in found.items():
        for c in candidates:
            answers = [c.counterparts[other][0].text if c.counterparts.get(other) else "" for other in languages]
            table.append(
                (
                    code,
                    c.text,
                    c.count,
                    c.texts,
                    *("" if o == code else a for o, a in zip(languages, answers, strict=True)),
                )
            )
    print_table(("language", "candidate", "times", "texts", *languages), table)


def _terms(concept: Concept, language: str) -> str:
    from workbench.core.languages import base_language

    return "; ".join(
        term.text if term.status == "preferred" else f"{term.text} ({term.status})"
        for term in concept.terms
        if base_language(term.language) == language
    )
