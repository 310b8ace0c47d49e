"""The whole workspace in one file, taken while others work, and put back."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from workbench.config import Settings
from workbench.errors import FormatError, StoreError, UsageError
from workbench.store.backup import check_database, copy_database, database_file, put_database
from workbench.store.rescue import Rescued, rescue_database

DATABASE, ABOUT = "workbench.db", "backup.json"
COPYING = 1 << 20  # bytes read at once
ABANDONED = 6 * 3600  # seconds after which a backup that was never finished has been killed

Progress = Callable[[int, int, str], None]


def back_up(settings: Settings, target: Path, *, progress: Progress | None = None) -> int:
    """Write the workspace (texts with their original files, alignments, memory, glossary) into one ZIP file.

    The prepared model and indexes are left out: they are made anew.

    Args:
        settings: Which workspace.
        target: The file; it appears when it is complete, and takes the place of one of that name.
        progress: Called with (done, all, what).

    Returns:
        Its size in bytes.

    Raises:
        StoreError: the database is damaged, or on a server.
        UsageError: there is no workspace, or the file cannot be written.
    """
    database = database_file(settings.database_url)
    if not database.is_file():
        raise UsageError("There is no workspace in {home} yet: nothing to back up.", home=settings.home)
    if target.is_dir():
        raise UsageError("{target} is a folder: name a file, such as workspace.zip.", target=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        prefix = f".{target.name[:60]}."
        _sweep(target.parent, prefix)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent) as folder:
            copy, packed = Path(folder) / DATABASE, Path(folder) / "backup.zip"
            copy_database(settings.database_url, copy, progress=_shown(progress, "Copying"))
            check_database(copy, f"The database {database}", damaged_at=database)
            _pack(copy, packed)
            packed.replace(target)
    except OSError as error:
        raise UsageError(
            "{target} cannot be written: {reason}.", target=target, reason=error.strerror or error
        ) from error
    return target.stat().st_size


def _sweep(folder: Path, prefix: str) -> None:
    """Delete what killed backups to the same file have left: copies of confidential texts nobody knows of."""
    for path in folder.iterdir():
        if path.name.startswith(prefix) and path.is_dir() and time.time() - path.stat().st_mtime > ABANDONED:
            shutil.rmtree(path, ignore_errors=True)


def rescue(settings: Settings, target: Path, *, progress: Progress | None = None) -> list[Rescued]:
    """Take out of a damaged database what can still be read, as a backup that :func:`restore` puts in its place.

    The damaged file is only read.

    Args:
        settings: Which workspace.
        target: The file; it appears when it is complete.
        progress: Called with (done, all, what).

    Returns:
        What was taken out, by table.

    Raises:
        StoreError: nothing at all can be read, or the database is on a server.
        UsageError: the file cannot be written.
    """
    if target.is_dir():
        raise UsageError("{target} is a folder: name a file, such as rescued.zip.", target=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name[:60]}.", dir=target.parent) as folder:
            copy, packed = Path(folder) / DATABASE, Path(folder) / "rescued.zip"
            found = rescue_database(settings.database_url, copy, progress=_shown(progress, "Rescuing"))
            check_database(copy, "What was rescued")
            _pack(copy, packed)
            packed.replace(target)
    except OSError as error:
        raise UsageError(
            "{target} cannot be written: {reason}.", target=target, reason=error.strerror or error
        ) from error
    return found


def _pack(copy: Path, packed: Path) -> None:
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        about = {"workbench": version("workbench"), "at": datetime.now(UTC).isoformat(timespec="seconds")}
        archive.writestr(ABOUT, json.dumps(about))
        archive.write(copy, DATABASE)
    with packed.open("rb") as file:
        os.fsync(file.fileno())


def restore(settings: Settings, source: Path, *, progress: Progress | None = None) -> Path | None:
    """Put a backup in the workspace's place; what was there is backed up first.

    Args:
        settings: Which workspace.
        source: What :func:`back_up` wrote.
        progress: Called with (done, all, what).

    Returns:
        The backup of what was there, ``None`` if there was nothing.

    Raises:
        FormatError: the file is no backup.
        StoreError: it is damaged, from a newer version, or the database cannot be replaced.
    """
    database = database_file(settings.database_url)
    if not source.is_file():
        raise UsageError("{source}: there is no such file.", source=source)
    settings.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.home) as folder:
        found = Path(folder) / DATABASE
        _unpack(source, found)
        check_database(found, source.name)
        before = _keep(settings, database, progress)
        put_database(found, settings.database_url, progress=_shown(progress, "Restoring"))
    from workbench.store import open_store

    open_store(settings.database_url).close()  # an earlier version's tables are brought up to date
    return before


def _unpack(source: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive, archive.open(DATABASE) as packed, target.open("wb") as file:
            while part := packed.read(COPYING):
                file.write(part)
    except KeyError as error:
        raise FormatError(
            "{name} is no backup of a workspace: there is no {file_name} in it.", name=source.name, file_name=DATABASE
        ) from error
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise FormatError("{name} is no backup, or it is damaged: take another one.", name=source.name) from error


def _keep(settings: Settings, database: Path, progress: Progress | None) -> Path | None:
    """Back up what is there; a database that cannot be copied is moved aside whole instead."""
    if not database.is_file():
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    folder = settings.home / "backups"
    kept = folder / f"before-restore-{stamp}.zip"
    try:
        back_up(settings, kept, progress=progress)
        return kept
    except StoreError:
        aside = folder / f"damaged-{stamp}.db"
        folder.mkdir(parents=True, exist_ok=True)
        for suffix in ("-wal", "-shm", ""):
            part = database.with_name(database.name + suffix)
            if part.exists():
                part.replace(aside.with_name(aside.name + suffix))
        return aside


def _shown(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(done, total, what)
