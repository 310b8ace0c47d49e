"""What all commands share: talking on standard error, data on standard output or in a file written whole."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, cast

import typer

from workbench.errors import FormatError, Sentence, UsageError

if TYPE_CHECKING:
    from workbench.services.uploads import Upload
    from workbench.services.workspace import Workspace

Output = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to this file instead of standard output.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]

From = Annotated[str, typer.Option("--from", metavar="CODE", help="Language of the words looked up.")]
To = Annotated[str, typer.Option("--to", metavar="CODE", help="Language wanted.")]

_PAIR = re.compile(r"[A-Za-z]{2,3}(-[A-Z0-9]{2,3})?-[A-Za-z]{2,3}(-[A-Z0-9]{2,3})?\Z")


def say(sentence: str) -> None:
    """Tell the person something on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def say_all(sentences: Iterable[str | Sentence]) -> None:
    """Tell the person several things, each once."""
    for sentence in dict.fromkeys(map(str, sentences)):
        say(sentence)


def examples(*lines: str) -> str:
    """Return the examples that end a command's help."""
    return "Example: " + "   ".join(lines) if len(lines) == 1 else "Examples:\n\n" + "\n\n".join(lines)


def read_file(path: Path, *, limit: int | None = None) -> bytes:
    """Return a file's bytes.

    Raises:
        UsageError: it does not exist or is a folder.
        FormatError: it is larger than ``limit`` bytes (a document's limit unless given).
    """
    from workbench.config import MAX_FILE_BYTES

    if path.is_dir():
        raise UsageError(f"{path} is a folder: name the files in it.")
    try:
        size = path.stat().st_size
    except OSError as error:
        raise UsageError(f"{path}: there is no such file. Check the name and the folder.") from error
    limit = MAX_FILE_BYTES if limit is None else limit
    if size > limit:
        raise FormatError(f"{path} has {size / 2**20:.0f} MB; {limit / 2**20:.0f} can be read: split it.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error


def uploads(files: Sequence[Path], languages: Sequence[str] | None = None) -> list[Upload]:
    """Read files given on the command line, with the languages told for them.

    Raises:
        UsageError: there is not one language a file, or a file does not exist.
    """
    from workbench.services.uploads import Upload

    if languages and len(languages) != len(files):
        raise UsageError(
            f"--languages names {len(languages)} languages for {len(files)} files: name one for each file, in order."
        )
    told: Sequence[str | None] = languages or [None] * len(files)
    return [Upload(path.name, read_file(path), language) for path, language in zip(files, told, strict=True)]


def codes(option: str | None) -> list[str]:
    """Return the languages of an option such as ``fr,es``.

    Raises:
        UsageError: one is no language code.
    """
    from workbench.core.languages import normalise_code

    return [normalise_code(code) for code in (option or "").split(",") if code.strip()]


def language_code(code: str) -> str:
    """Return an option's language code in its usual spelling.

    Raises:
        UsageError: it is none.
    """
    from workbench.core.languages import normalise_code

    return normalise_code(code)


def optional_code(code: str | None) -> str | None:
    """Do the same where the option may be left out."""
    return language_code(code) if code else None


def language_pairs(option: str | None) -> list[tuple[str, str]] | None:
    """Return the pairs of an option such as ``fr-es,fr-pt-BR``; ``None`` if it was not given.

    Raises:
        UsageError: one is no pair.
    """
    from workbench.core.languages import normalise_code

    if option is None:
        return None
    found = []
    for pair in option.replace(" ", "").split(","):
        if not pair:
            continue
        if not _PAIR.match(pair):
            raise UsageError(f"“{pair}” is not a pair of languages: write two codes with a hyphen, such as fr-es.")
        parts = pair.split("-")
        cut = 2 if len(parts) == 4 or (len(parts) == 3 and parts[1].isupper()) else 1
        a, b = normalise_code("-".join(parts[:cut])), normalise_code("-".join(parts[cut:]))
        if a == b:
            raise UsageError(f"“{pair}” names one language twice.")
        found.append((a, b))
    return found


def choice(value: str, known: Sequence[str], option: str) -> str:
    """Check an option against the values it can have.

    Raises:
        UsageError: it has another.
    """
    if value not in known:
        raise UsageError(f"{option} “{value}” is not known: choose {', '.join(known[:-1])} or {known[-1]}.")
    return value


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that is seen whole or not at all.

    Raises:
        UsageError: it cannot be written there.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file to write to.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise UsageError(f"{path} cannot be written: the disk is full. Free some space and try again.") from error
        raise
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is seen whole or not at all.

    Raises:
        UsageError: it cannot be written there.
    """
    with whole_file(path) as file:
        file.write(data)


@contextmanager
def put_out_stream(output: Path | None, *, binary: bool = False) -> Iterator[BinaryIO]:
    """Open a command's ``-o`` file, or standard output, for data too large to hold.

    Raises:
        UsageError: binary data would go to a terminal, or the file cannot be written.
    """
    if output is not None:
        with whole_file(output) as file:
            yield file
    else:
        with tempfile.SpooledTemporaryFile(max_size=2**24) as file:  # a failure leaves no half of it in a pipe
            yield cast(BinaryIO, file)
            file.seek(0)
            while part := file.read(2**20):
                put_out(part, None, binary=binary)


def put_out(data: bytes, output: Path | None, *, binary: bool = False) -> None:
    """Write a command's data to its ``-o`` file, or to standard output.

    Raises:
        UsageError: binary data would go to a terminal, or the file cannot be written.
    """
    if output is not None:
        write_whole(output, data)
        return
    if binary and sys.stdout.isatty():
        raise UsageError("This format is not for reading on a screen: name a file with -o.")
    sys.stdout.flush()
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:  # a captured output
        sys.stdout.write(data.decode(errors="replace"))
    else:
        stream.write(data)
        stream.flush()


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print rows for the eye: a drawn table on a terminal, tab-separated lines into a pipe.

    What stands in the cells is shown as it is, never taken for markup.
    """
    if not sys.stdout.isatty():
        print("\t".join(columns))
        for row in rows:
            print("\t".join(re.sub(r"[\t\r\n]+", " ", str(cell)) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, title=title or None, header_style="bold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console(highlight=False).print(table)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int, str], None]]:
    """Show a bar with the time left on standard error while something runs; silent where that is no terminal.

    Yields:
        To be called with (done, all, what is done now).
    """
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.completed}/{task.total}"),
               TimeRemainingColumn(elapsed_when_finished=True))  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def advance(done: int, total: int, message: str = "") -> None:
            bar.update(task, completed=done, total=total or None, description=message or what)

        yield advance


def _silent(done: int, total: int, message: str = "") -> None:
    """Take a report of progress where nobody sees it."""


@contextmanager
def opened(*, seeded: bool = False) -> Iterator[Workspace]:
    """Open the workspace the environment names for the time of a command.

    Args:
        seeded: Fill it with the sample texts and the glossary if it is new.

    Raises:
        StoreError: the database cannot be opened.
    """
    from workbench.services import open_workspace

    workspace = open_workspace()
    try:
        if seeded and workspace.seed.needed:
            say(f"A new workspace in {workspace.settings.home}: bringing in the sample texts and the glossary …")
            workspace.seed.fill()
        yield workspace
    finally:
        workspace.close()


def write_fault(report: str) -> Path:
    """Keep the report of a fault in ``WORKBENCH_HOME/logs``, or in the temporary folder; returns the file."""
    from datetime import UTC, datetime

    from workbench.config import read_settings
    from workbench.errors import WorkbenchError

    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    try:
        folder = read_settings().home / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"fault-{stamp}.log"
        path.write_text(report, encoding="utf-8")
        return path
    except (OSError, WorkbenchError):  # no folder to write to: the report must not be lost for that
        handle, name = tempfile.mkstemp(prefix=f"workbench-fault-{stamp}-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(report)
        return Path(name)
