"""Copying a whole SQLite database while others work on it, and putting such a copy in its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from workbench.errors import StoreError
from workbench.store.database import damaged
from workbench.store.migrations import HEAD

Progress = Callable[[int, int], None]

PAGES_A_STEP = 2_000  # of 4 KB: others wait for the lock a few milliseconds at a time
BUSY_SECONDS = 60.0


def database_file(url: str) -> Path:
    """Return the file of an SQLite database.

    Raises:
        StoreError: the URL names a database server.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise StoreError(
            "This workspace's database is on a server: back it up and restore it there, with pg_dump and pg_restore."
        )
    return Path(parsed.database)


def copy_database(url: str, target: Path, *, progress: Progress | None = None) -> None:
    """Copy the database into a file as it stands at one moment; readers and writers go on meanwhile.

    Args:
        url: The database.
        target: A file that does not exist yet.
        progress: Called with (done, all) pages.

    Raises:
        StoreError: the database is damaged or on a server.
    """
    path = database_file(url)
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as source:
            # One read transaction holds the moment: without it every write of another process starts the copy anew.
            source.isolation_level = None
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with closing(sqlite3.connect(target)) as copy:
                source.backup(copy, pages=PAGES_A_STEP, progress=_pages(progress))
                copy.execute("PRAGMA journal_mode=DELETE")
            source.execute("ROLLBACK")
    except sqlite3.Error as error:
        if "malformed" in str(error) or "not a database" in str(error):
            raise damaged(str(path), error) from error
        if "disk is full" in str(error):
            raise StoreError(
                "The database {path} cannot be copied to {parent}: the disk is full. Free some space and try again.",
                path=path,
                parent=target.parent.parent,
            ) from error
        raise StoreError(
            "The database {path} cannot be copied to {parent} ({error}).",
            path=path,
            parent=target.parent.parent,
            error=error,
        ) from error


def check_database(path: Path, name: str, *, damaged_at: Path | None = None) -> None:
    """Check that a file is a whole database of this program, of this version or an earlier one.

    Args:
        path: The file.
        name: What messages call it.
        damaged_at: Where the database lies that it is a copy of, if damage would be that database's.

    Raises:
        StoreError: it is not.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as found:
            row = found.execute("SELECT version_num FROM alembic_version").fetchone()
            state = found.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        if damaged_at is not None:
            raise damaged(str(damaged_at), error) from error
        raise StoreError(
            "{name} does not hold a workspace that can be read ({error}).", name=name, error=error
        ) from error
    if (state is None or state[0] != "ok") and damaged_at is not None:
        raise damaged(str(damaged_at), state[0] if state else "")
    if state is None or state[0] != "ok":
        raise StoreError("{name} is damaged: take another backup.", name=name)
    if row is None or row[0] > HEAD:
        raise StoreError("{name} was made by a newer version of the workbench: install that version first.", name=name)


def put_database(source: Path, url: str, *, progress: Progress | None = None) -> None:
    """Put the contents of a copy in the database's place, in one transaction: seen whole or not at all.

    Args:
        source: A file that :func:`check_database` found good.
        url: The database, made where it does not exist.
        progress: Called with (done, all) pages.

    Raises:
        StoreError: the database is in use the whole time, damaged, or on a server.
    """
    path = database_file(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy,
            closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as target,
        ):
            copy.backup(target, pages=-1, progress=_pages(progress))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            "The database {path} cannot be replaced ({error}). End what is at work on it and try "
            "again; it is as it was.",
            path=path,
            error=error,
        ) from error


def _pages(progress: Progress | None) -> Callable[[int, int, int], object] | None:
    if progress is None:
        return None
    return lambda _status, remaining, total: progress(total - remaining, total)
