"""A folder of texts aligned in one go: resumable, each text's outputs whole or absent, failures listed at the end."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.config import Settings
from workbench.core.languages import sort_languages
from workbench.core.multiway import ALIGNER
from workbench.errors import UsageError, WorkbenchError
from workbench.services.batch_results import TextResult, finished, sweep, write_text
from workbench.services.script_service import FORMATS, AlignedText, FileVersion, align_read, read_versions
from workbench.services.uploads import Upload

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

OUTPUTS = 1  # raised when the files written for a text change: finished texts are then done again
_VERSION = re.compile(r"([a-z]{2,3}(?:-(?:[A-Z]{2}|\d{3}))?)(\.[A-Za-z0-9]+)\Z")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a folder is aligned.

    Attributes:
        segmented: Files have one segment a line.
        pairs: Align these pairs alone instead of a grid of all versions; empty for the grid.
        format: What is written besides beads files, a key of ``script_service.FORMATS``.
    """

    segmented: bool = False
    pairs: Pairs = ()
    format: str = "beads"


@dataclass(frozen=True, slots=True)
class BatchText:
    """A text to do: its name (its folder's) and its versions' files, in the order of the columns."""

    name: str
    files: tuple[Path, ...]


OnResult = Callable[[TextResult, int, int], None]
"""Called after each text with its result, how many are done, and of how many."""


def find_texts(folder: Path, *, segmented: bool = False) -> list[BatchText]:
    """Find the texts of a folder: ``<text>/<language>.<ending>``.

    Other files (``text.toml``, beads files, ``fr.1.md``) and hidden folders are passed over, as are folders without
    any version.

    Args:
        folder: Holds a folder for each text.
        segmented: Only ``.txt`` files are versions then.

    Raises:
        UsageError: it is no folder, or holds no text.
    """
    from workbench.formats import READERS

    if not folder.is_dir():
        raise UsageError("{folder}: there is no such folder.", folder=folder)
    endings = {".txt"} if segmented else set(READERS)
    texts = []
    for inner in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")):
        found: dict[str, list[Path]] = {}
        for path in sorted(inner.iterdir()):
            match = _VERSION.match(path.name)
            if match and path.is_file() and match.group(2).lower() in endings:
                found.setdefault(match.group(1), []).append(path)
        files = tuple(path for language in sort_languages(found) for path in found[language])
        if files:
            texts.append(BatchText(inner.name, files))
    if not texts:
        kinds = " ".join(sorted(endings))
        raise UsageError(
            "{folder} holds no texts: a text is a folder in it with a file a language, such as fr.txt ({kinds}).",
            folder=folder,
            kinds=kinds,
        )
    return texts


def run_batch(
    folder: Path,
    output: Path,
    options: BatchOptions | None = None,
    *,
    settings: Settings | None = None,
    workspace: Workspace | None = None,
    jobs: int = 1,
    scheduler: str | None = None,
    on_result: OnResult | None = None,
) -> list[TextResult]:
    """Align every text of a folder into ``output/<text>/``.

    Written for each text: ``grid.beads.tsv``, ``<a>-<b>.beads.tsv`` for each pair, and the format asked. A text whose
    files and options are those of an earlier run is not done again. A text's folder appears when it is complete.

    Args:
        folder: See :func:`find_texts`.
        output: Made where it does not exist.
        options: How.
        settings: The workspace whose vectors and model are used; the environment's unless given.
        workspace: One opened already; for one job only.
        jobs: Processes at work; each loads the model.
        scheduler: Address of a Dask scheduler (``tcp://HOST:PORT``) whose workers do the texts instead.
        on_result: Told of each text.

    Returns:
        The results in the order of the texts.

    Raises:
        UsageError: the folders or options make no sense, or ``output`` cannot be written.
    """
    options = options or BatchOptions()
    _check(folder, output, options, jobs)
    texts = find_texts(folder, segmented=options.segmented)
    try:
        output.mkdir(parents=True, exist_ok=True)
        sweep(output)
    except OSError as error:
        raise UsageError(
            "{output} cannot be written: {reason}.", output=output, reason=error.strerror or error
        ) from error
    report = on_result or (lambda result, done, total: None)
    results: dict[str, TextResult] = {}

    def note(result: TextResult) -> None:
        results[result.name] = result
        report(result, len(results), len(texts))

    with _source(settings, workspace) as (used, opened):
        model = opened.encoder.name
        waiting = []
        for text in texts:
            kept = finished(text.name, output, fingerprint(text, options, model))
            if kept is None:
                waiting.append(text)
            else:
                note(kept)
        if scheduler is not None and waiting:
            from workbench.services.cluster import in_cluster

            for result in in_cluster(waiting, output, options, model, scheduler):
                note(result)
        elif jobs == 1 or len(waiting) < 2:
            for text in waiting:
                note(do_text(opened, text, output, options))
        else:
            for result in _in_processes(waiting, output, options, used, min(jobs, len(waiting))):
                note(result)
    return [results[text.name] for text in texts]


def do_text(workspace: Workspace, text: BatchText, output: Path, options: BatchOptions) -> TextResult:
    """Align one text and write its folder; what goes wrong with it is told in the result."""
    start = time.perf_counter()
    try:
        mark = fingerprint(text, options, workspace.encoder.name)
        files, result = align_text(workspace, text.name, read_files(text), options)
        write_text(output, mark, files, result)
    except WorkbenchError as error:
        return TextResult(text.name, "failed", reason=str(error), seconds=time.perf_counter() - start)
    except (OSError, MemoryError) as error:
        reason = f"{text.name}: {getattr(error, 'strerror', None) or type(error).__name__}."
        return TextResult(text.name, "failed", reason=reason, seconds=time.perf_counter() - start)
    except Exception as error:
        import logging

        logging.getLogger(__name__).exception("%s failed", text.name)
        reason = f"{text.name}: something went wrong that should not ({type(error).__name__}: {error})."
        return TextResult(text.name, "failed", reason=reason, seconds=time.perf_counter() - start)
    return TextResult(
        result.name, "done", result.languages, result.segments, result.rows, result.doubtful,
        time.perf_counter() - start, "", result.warnings,
    )  # fmt: skip


def align_text(
    workspace: Workspace, name: str, files: Sequence[Upload], options: BatchOptions
) -> tuple[dict[str, bytes], TextResult]:
    """Align one text and return its output files by name; nothing is written.

    Raises:
        FormatError: a version cannot be read.
        UsageError: there is only one version, two share a language, or a pair asked for is not there.
    """
    read = read_versions(files, segmented=options.segmented, rules=workspace.library.rules())
    by_language = {version.language: version for version in read}
    if len(read) < 2:
        raise UsageError(
            "{name} has only one version ({name2}): there is nothing to align it with.", name=name, name2=read[0].name
        )
    aligned: dict[str, AlignedText] = {}
    notes: list[str] = []
    if options.pairs:
        for a, b in options.pairs:
            if a in by_language and b in by_language:
                pair = [by_language[a], by_language[b]]
                aligned[f"{a}-{b}"] = align_read(workspace, pair, title=f"{name}: {a}, {b}")
            else:
                notes.append(f"{name}: there is no {a}-{b}, for it has {', '.join(by_language)} only.")
        if not aligned:
            wanted = ", ".join("-".join(pair) for pair in options.pairs)
            raise UsageError(
                "{name} has none of the pairs {wanted}: its languages are {languages}.",
                name=name,
                wanted=wanted,
                languages=", ".join(by_language),
            )
        made = _pair_files(aligned, options.format)
    else:
        ordered = [by_language[language] for language in sort_languages(by_language)]
        whole = align_read(workspace, ordered, title=name)
        aligned["grid"] = whole
        made = _grid_files(whole, options.format)
    return made, _summary(name, read, aligned, notes)


def read_text(workspace: Workspace, text: BatchText, *, segmented: bool = False) -> tuple[FileVersion, ...]:
    """Read a text's versions, cut by the workspace's rules.

    Raises:
        FormatError: a version cannot be read.
        UsageError: two share a language.
    """
    return read_versions(read_files(text), segmented=segmented, rules=workspace.library.rules())


def read_files(text: BatchText) -> list[Upload]:
    """Read a text's files from the disk; their names tell the languages.

    Raises:
        FormatError: one is too large.
    """
    uploads = []
    for path in text.files:
        match = _VERSION.match(path.name)
        uploads.append(Upload(path.name, _read(path), match.group(1) if match else None))
    return uploads


def fingerprint(text: BatchText, options: BatchOptions, model: str) -> str:
    """Return what tells whether a text was done already: its files' contents, the options, the program, the model."""
    from importlib.metadata import version

    digest = hashlib.sha256()
    for part in (OUTPUTS, version("workbench"), ALIGNER, model, options.segmented, options.format, options.pairs):
        digest.update(f"{part!r}\0".encode())
    for path in text.files:
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            content = "unreadable"
        digest.update(f"{path.name}\0{content}\0".encode())
    return digest.hexdigest()


# Files written -------------------------------------------------------------------------------------------------


def _grid_files(text: AlignedText, format: str) -> dict[str, bytes]:
    from workbench.formats import beads

    files = {"grid.beads.tsv": text.write("beads")}
    for place, a in enumerate(text.languages):
        for b in text.languages[place + 1 :]:
            files[f"{a}-{b}.beads.tsv"] = beads.write_alignment(text.pair(a, b))
    if format != "beads":
        files[f"grid{FORMATS[format]}"] = text.write(format)
    return files


def _pair_files(pairs: Mapping[str, AlignedText], format: str) -> dict[str, bytes]:
    files = {f"{name}.beads.tsv": text.write("beads") for name, text in pairs.items()}
    if format != "beads":
        files.update({f"{name}{FORMATS[format]}": text.write(format) for name, text in pairs.items()})
    return files


def _summary(
    name: str, read: Sequence[FileVersion], aligned: Mapping[str, AlignedText], notes: Sequence[str]
) -> TextResult:
    rows = [row for text in aligned.values() for row in text.grid.rows]
    found = [f"{name}: {warning}" for text in aligned.values() for warning in text.warnings]
    warnings = tuple(dict.fromkeys((*notes, *found)))
    return TextResult(
        name, "done", tuple(version.language for version in read), sum(len(version.segments) for version in read),
        len(rows), sum(1 for row in rows if row.confidence is not None and row.confidence < 0.5), warnings=warnings,
    )  # fmt: skip


def _read(path: Path) -> bytes:
    from workbench.config import MAX_FILE_BYTES
    from workbench.errors import FormatError

    if path.stat().st_size > MAX_FILE_BYTES:
        raise FormatError(
            "{name} has more than {limit} MB: split it.", name=path.name, limit=f"{MAX_FILE_BYTES / 2**20:.0f}"
        )
    return path.read_bytes()


def _check(folder: Path, output: Path, options: BatchOptions, jobs: int) -> None:
    if options.format not in FORMATS:
        raise UsageError(
            "There is no format “{format}”: choose one of {formats}.", format=options.format, formats=", ".join(FORMATS)
        )
    if not 1 <= jobs <= 256:
        raise UsageError("{jobs} jobs are not possible: choose 1 or more, up to the number of processors.", jobs=jobs)
    if output.exists() and not output.is_dir():
        raise UsageError("{output} is a file: name a folder for the output.", output=output)
    if output.resolve() == folder.resolve():
        raise UsageError(
            "{output} is the folder of the texts themselves: name another one for the output.", output=output
        )


# Several processes ---------------------------------------------------------------------------------------------


@contextmanager
def _source(settings: Settings | None, workspace: Workspace | None) -> Iterator[tuple[Settings, Workspace]]:
    """Give the workspace whose model and vectors are used, closed again if it was opened here."""
    if workspace is not None:
        yield workspace.settings, workspace
        return
    from workbench.config import read_settings
    from workbench.services import open_workspace

    used = settings or read_settings()
    opened = open_workspace(used)
    try:
        yield used, opened
    finally:
        opened.close()


_worker: Workspace | None = None


def _in_processes(
    texts: Sequence[BatchText], output: Path, options: BatchOptions, settings: Settings, jobs: int
) -> Iterator[TextResult]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    threads = max(1, (os.cpu_count() or 1) // jobs)
    # Spawned: a forked copy of a process that has threads of torch hangs.
    pool = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_start_worker, initargs=(settings, threads, os.getpid())
    )
    try:
        tasks = {pool.submit(_work, text, output, options): text for text in texts}
        for task in as_completed(tasks):
            try:
                yield task.result()
            except BrokenProcessPool:
                reason = f"{tasks[task].name}: a process was killed, for lack of memory perhaps: run it again."
                yield TextResult(tasks[task].name, "failed", reason=reason)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker(settings: Settings, threads: int, parent: int) -> None:
    import signal

    from workbench.services import open_workspace

    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what a Ctrl+C stops
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, str(threads))
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _worker = open_workspace(settings)


def _end_with(parent: int) -> None:
    """End this process when the one that started it was killed: nobody would ever give it work again."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _work(text: BatchText, output: Path, options: BatchOptions) -> TextResult:
    assert _worker is not None
    return do_text(_worker, text, output, options)
