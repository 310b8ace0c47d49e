"""What scripts call, by file names: the functions that ``import workbench`` offers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.texts import Segment
from workbench.errors import UsageError
from workbench.services.batch_results import TextResult
from workbench.services.batch_service import BatchOptions, run_batch
from workbench.services.file_translation import CheckedFile, TranslatedFile, check_file, translate_file
from workbench.services.script_service import AlignedText, align_files, read_versions
from workbench.services.uploads import Upload

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

Name = str | os.PathLike[str]


def open_workspace(home: Name | None = None, *, seeded: bool = True) -> Workspace:
    """Open a workspace: its texts, memory and glossary are ``library``, ``memory`` and ``glossary`` of it.

    Args:
        home: Its folder, made where it does not exist; ``WORKBENCH_HOME`` unless given.
        seeded: Fill a new one with the sample texts and the network's glossary.

    Raises:
        StoreError: its database cannot be opened.
    """
    from workbench.config import read_settings
    from workbench.services.workspace import Workspace

    environ = dict(os.environ)
    if home is not None:
        environ["WORKBENCH_HOME"] = str(home)
        environ.pop("WORKBENCH_DATABASE_URL", None)
    workspace = Workspace(read_settings(environ))
    if seeded:
        workspace.seed.fill()
    return workspace


def align(
    files: Sequence[Name],
    *,
    languages: Sequence[str] | None = None,
    segmented: bool = False,
    workspace: Workspace | None = None,
) -> AlignedText:
    """Align files that are versions of one text.

    Args:
        files: Two or more; ``.docx``, ``.txt`` and whatever else the workbench reads.
        languages: Their languages in order; from their names or guessed unless given.
        segmented: They have one segment a line.
        workspace: Whose model and vector cache are used; ``WORKBENCH_HOME``'s unless given.

    Returns:
        Its rows are texts by language (``for row in text: row["fr"]``), ``text.grid`` has the segment numbers,
        ``text.write("csv")`` a file's bytes.

    Raises:
        FormatError: a file cannot be read.
        UsageError: two are in the same language, or there is only one version.
    """
    if languages is not None and len(languages) != len(files):
        raise UsageError(
            "{languages} languages are named for {n} files: name one for each.", languages=len(languages), n=len(files)
        )
    told: Sequence[str | None] = languages or [None] * len(files)
    uploads = [_upload(file, language) for file, language in zip(files, told, strict=True)]
    with _workspace(workspace) as opened:
        return align_files(opened, uploads, segmented=segmented)


def batch(
    folder: Name,
    output: Name,
    *,
    segmented: bool = False,
    pairs: Sequence[tuple[str, str]] = (),
    format: str = "beads",
    jobs: int = 1,
    on_result: Callable[[TextResult, int, int], None] | None = None,
) -> list[TextResult]:
    """Align every text of a folder of ``<text>/<language>.<ending>`` into ``output/<text>/``; resumable.

    Args:
        folder: The texts.
        output: Gets ``grid.beads.tsv`` and a beads file for each pair, a folder a text.
        segmented: Files (``.txt``) have one segment a line.
        pairs: Align these alone, instead of all versions.
        format: Also written: ``"tsv"``, ``"csv"``, ``"xlsx"``, ``"tmx"`` or ``"html"``.
        jobs: Processes at work.
        on_result: Told of each text, how many are done, and of how many.

    Returns:
        What became of each text; one that failed has its ``reason`` and stops no other.

    Raises:
        UsageError: the folder or the options make no sense.
    """
    options = BatchOptions(segmented, tuple(pairs), format)
    return run_batch(Path(folder), Path(output), options, jobs=jobs, on_result=on_result)


def segments(file: Name, *, language: str | None = None) -> tuple[Segment, ...]:
    """Cut a file into segments: those whose numbers beads files name.

    Args:
        file: Any format; of a file of several languages the first is taken, unless ``language`` names one.
        language: Its language.

    Raises:
        FormatError: it cannot be read.
    """
    found = read_versions([_upload(file, language)])
    return next((version.segments for version in found if version.language == language), found[0].segments)


def translate(
    file: Name, to: str, *, source: str | None = None, above: float = 85.0, workspace: Workspace | None = None
) -> TranslatedFile:
    """Fill a file in from the memory; ``.data`` is the file, ``.filled`` what was filled.

    Args:
        file: Any format.
        to: Language wanted.
        source: The file's language; declared, in the name, or guessed unless given.
        above: The least score of what fills, 0–100.
        workspace: Whose memory; ``WORKBENCH_HOME``'s unless given.

    Raises:
        FormatError: the file cannot be read.
    """
    with _workspace(workspace) as opened:
        return translate_file(opened, _upload(file), to, source=source, above=above)


def check(
    file: Name,
    *,
    original: Name | None = None,
    source: str | None = None,
    target: str | None = None,
    workspace: Workspace | None = None,
) -> CheckedFile:
    """Check a translation; ``.findings`` says what was found, ``.pairs`` where.

    Args:
        file: A file with both sides (PO, XLIFF, TMX, CSV …), or a document.
        original: What a document was translated from.
        source, target: Languages; declared, in the names, or guessed unless given.
        workspace: Whose glossary; ``WORKBENCH_HOME``'s unless given.

    Raises:
        FormatError: a file cannot be read.
    """
    with _workspace(workspace) as opened:
        beside = None if original is None else _upload(original)
        return check_file(opened, _upload(file), original=beside, source=source, target=target)


def _upload(file: Name, language: str | None = None) -> Upload:
    path = Path(file)
    try:
        return Upload(path.name, path.read_bytes(), language)
    except OSError as error:
        raise UsageError("{path} cannot be read: {reason}.", path=path, reason=error.strerror) from error


@contextmanager
def _workspace(given: Workspace | None) -> Iterator[Workspace]:
    if given is not None:
        yield given
        return
    opened = open_workspace()
    try:
        yield opened
    finally:
        opened.close()
