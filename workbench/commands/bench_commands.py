"""`workbench bench …`: speed and quality, each beside a named alternative, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.console import choice, examples, progress_bar, read_file, say
from workbench.errors import UsageError

group = typer.Typer(name="bench", help="Measure speed and quality against named alternatives.", no_args_is_help=True)


@group.command(
    "align", epilog=examples("workbench bench align gold/bible gold/textberg", "workbench bench align --fit gold/bible")
)
def align(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(help="Sets of <text>/<language>.txt with <a>-<b>.beads.tsv, beside the sample texts."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the errors of every method, a bar each, as SVG.")
    ] = None,
    speed: Annotated[
        bool, typer.Option("--speed/--no-speed", help="Also time versions of 100 to 10,000 segments.")
    ] = True,
    without: Annotated[str, typer.Option(help="Texts of the sets to leave out, as in dev,test0.")] = "",
    fit: Annotated[
        bool,
        typer.Option(
            "--fit", help="Instead, fit the weights on every other text and align the rest, then the other way round."
        ),
    ] = False,
    minimal: Annotated[
        str, typer.Option(help="With --fit: the sets whose beads are minimal, as in textberg.")
    ] = "textberg",
) -> None:
    """Align gold sets in every way: ours, Bertalign's algorithm and Gale–Church, on the same sentence vectors."""
    from workbench.bench import align_bench, align_fit
    from workbench.bench.plots import error_bars
    from workbench.commands.console import write_whole
    from workbench.config import bundled_path, read_settings
    from workbench.embedding.encoder import open_encoder
    from workbench.services.seed_service import read_corpus_text

    encoder = open_encoder(read_settings())
    names = [name.strip() for name in without.split(",")]
    if fit:
        if not gold:
            raise UsageError("Name the sets to fit on, as in: workbench bench align --fit gold/bible gold/textberg")
        chosen = {folder.name: align_bench.read_gold(folder, encoder, leave_out=names) for folder in gold}
        print("set\tmethod\tcut F1\tstrict F1")
        for found in align_fit.cross_validate(chosen, minimal.split(","), say=say):
            print(f"{found.dataset}\t{found.method}\t{found.cut:.4f}\t{found.strict:.4f}")
        say("Confidence, its weights fitted on all texts but the one counted:")
        for name, share, wrong, count in align_fit.found_left_out(chosen):
            print(f"{name}\tthe tenth least sure holds {share:.2f} of {wrong} wrong rows of {count}")
        return
    sets = {}
    samples = []
    for folder in sorted(path.parent for path in bundled_path("corpora").glob("*/gold.tsv")):
        _, read, grid = read_corpus_text(folder)
        if grid is not None:
            by_language = {v.language: v.segments for v in read}
            columns = [align_bench.encoded_column(code, by_language[code], encoder) for code in grid.languages]
            samples.append(align_bench.gold_of_grid(folder.name, columns, grid))
    sets["corpora"] = samples
    for folder in gold or []:
        sets[folder.name] = align_bench.read_gold(folder, encoder, leave_out=names)
    sound, slips = align_bench.with_sound_gold(sets)
    rows = align_bench.align_bench(sound)
    print(align_bench.table(rows))
    if slips:
        print("\nSlipped gold, which “slips joined” counts neither way:", *slips, sep="\n")
    if speed:
        print("\nsegments a side\tseconds without encoding")
        for count, seconds in align_bench.time_bench():
            print(f"{count}\t{seconds:.2f}")
    if plot is not None:
        write_whole(plot, error_bars([(row.dataset, row.method, 1 - row.cut) for row in rows]))
        say(f"The plot is in {plot}.")


@group.command("embed", epilog=examples("workbench bench embed", "workbench bench embed fr.txt es.txt"))
def embed(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Two files, line by line translations; the sample texts without them.")
    ] = None,
) -> None:
    """Encode sentences with the C engine, fp32, bf16 and int8: sentences a second, cosine, retrieval."""
    from workbench.bench import embed_bench
    from workbench.config import read_settings

    if files and len(files) != 2:
        raise UsageError("Name two files of the same number of lines, or none.")
    if files:
        source, target = ([line for line in read_file(path).decode().splitlines() if line.strip()] for path in files)
        if len(source) != len(target):
            raise UsageError(
                f"{files[0].name} has {len(source)} lines and {files[1].name} {len(target)}: they must agree."
            )
    else:
        source, target = _sample_pairs()
    print(embed_bench.table(embed_bench.embed_bench(read_settings(), source, target)))


def _sample_pairs() -> tuple[list[str], list[str]]:
    """Return the sentences of the sample texts that answer each other one to one, French and Spanish."""
    from workbench.config import bundled_path
    from workbench.services.seed_service import read_corpus_text

    pairs: dict[str, str] = {}
    for folder in sorted(path.parent for path in bundled_path("corpora").glob("*/gold.tsv")):
        _, read, grid = read_corpus_text(folder)
        texts = {v.language: v.segments for v in read}
        for bead in grid.pair("fr", "es").beads if grid is not None else ():
            if len(bead.source) == len(bead.target) == 1:
                pairs.setdefault(texts["fr"][bead.source[0]].text, texts["es"][bead.target[0]].text)
    return list(pairs), list(pairs.values())


@group.command(
    "memory",
    epilog=examples(
        "workbench bench memory units.tsv.xz --folder bench",
        "workbench bench memory units.tsv.xz --part import --megabytes 200",
    ),
)
def memory(
    data: Annotated[Path, typer.Argument(help="Real units, tab-separated with a header, as .tsv.xz.")],
    sizes: Annotated[str, typer.Option(help="Units in the memory at each measurement, ascending.")] = "100000,1000000",
    queries: Annotated[int, typer.Option(min=1, help="Look-ups measured at each size.")] = 150,
    folder: Annotated[
        Path | None, typer.Option(help="Where the database is made and kept; a temporary folder unless given.")
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(metavar="PART", help="Only lookups, processes, import or vectors; repeatable.")
    ] = None,
    megabytes: Annotated[int, typer.Option(min=1, help="Size of the TMX file that is imported.")] = 200,
) -> None:
    """Measure a memory grown from real units: look-ups beside rapidfuzz's brute force and translate-toolkit's matcher,
    eight processes at once, a large TMX imported beside translate-toolkit's reader, the vector index.
    """
    from workbench.bench import memory_bench

    if not data.is_file():
        raise UsageError(f"{data}: there is no such file.")
    try:
        wanted = sorted(int(size) for size in sizes.split(","))
    except ValueError as error:
        raise UsageError(f"--sizes “{sizes}” are no numbers: write them as in 100000,1000000.") from error
    parts = [choice(name, memory_bench.PARTS, "--part") for name in part or memory_bench.PARTS]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with progress_bar("Measuring") as progress:
        found = memory_bench.report(
            data, sizes=wanted, queries=queries, folder=folder, parts=parts, megabytes=megabytes, progress=progress
        )
        for words in found:
            print(words, flush=True)


@group.command(
    "terms", epilog=examples("workbench bench terms --verbose", "workbench bench terms --parallel translations")
)
def terms(
    verbose: Annotated[bool, typer.Option("--verbose", help="List every wrong and lost finding.")] = False,
    parallel: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Only count findings in human translations: the sample texts, and folders of <text>/<language>.txt "
            "or tables with a column a language.",
        ),
    ] = None,
    fit: Annotated[
        bool,
        typer.Option("--fit", help="Instead, fit term extraction's weights on the sample texts and print them."),
    ] = False,
) -> None:
    """Check the labelled pairs against the glossary, beside literal whole words and stems; recognise terms."""
    from workbench.bench import extraction_bench, terms_bench, terms_parallel

    if fit:
        print(extraction_bench.fitted_on_all(terms_bench.read_glossary(), terms_bench.gold_rows()))
        return
    if not parallel:
        print(terms_bench.run(verbose=verbose))
        return
    for path in parallel:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder.")
    sets = terms_parallel.sample_texts()
    for path in parallel:
        sets.update(terms_parallel.read_parallel(path))
    print(terms_parallel.report(terms_bench.read_glossary(), sets, verbose=verbose))


@group.command("start", epilog=examples("workbench bench start"))
def start(runs: Annotated[int, typer.Option(min=1, max=100, help="Counted runs of each.")] = 7) -> None:
    """Time `workbench --help` beside `import pandas`, in turn."""
    from workbench.bench import start_bench

    print(start_bench.run(runs))


@group.command("desk", epilog=examples("workbench bench desk", "workbench bench desk --units 20000 --people 4"))
def desk(
    data: Annotated[
        Path | None, typer.Argument(help="Real units for the memory, as .tsv.xz; made of the sample texts without it.")
    ] = None,
    units: Annotated[int, typer.Option(min=1_000, max=2_000_000, help="Units in the memory.")] = 100_000,
    rows: Annotated[int, typer.Option(min=100, max=10_000, help="Rows of the grid.")] = 2_000,
    people: Annotated[int, typer.Option(min=2, max=50, help="Translators at once, one of them a browser.")] = 10,
    segments: Annotated[int, typer.Option(min=2, max=30, help="Segments each of them confirms.")] = 15,
    folder: Annotated[
        Path | None, typer.Option(help="Where the filled workspace is kept for the next run; nowhere unless given.")
    ] = None,
) -> None:
    """Time the two editors in a real Chromium, and translators at once over the app's websocket."""
    from workbench.bench import desk_bench

    print(desk_bench.run(units=units, rows=rows, people=people, segments=segments, data=data, folder=folder))
