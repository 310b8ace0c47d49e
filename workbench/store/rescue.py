"""Taking what can still be read out of a damaged SQLite file, into a new and whole one; nothing is written to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import StoreError
from workbench.store.backup import Progress, database_file
from workbench.store.database import migrate_to
from workbench.store.migrations import HEAD
from workbench.store.schema import metadata

ROWS_AT_ONCE = 500
LARGEST_ROWID = 2**62  # jumps over damaged places end here


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was taken out of one table.

    Attributes:
        rows: Rows read and kept.
        gaps: Places at which rows could not be read.
        dropped: Rows read whose partner in another table is lost, so that they would mean nothing.
    """

    table: str
    rows: int
    gaps: int
    dropped: int

    @property
    def whole(self) -> bool:
        """True when nothing of the table is known to be lost."""
        return not self.gaps and not self.dropped


def rescue_database(url: str, target: Path, *, progress: Progress | None = None) -> list[Rescued]:
    """Copy all rows that can be read into a new database.

    Args:
        url: The damaged database; it is opened for reading only.
        target: A file that does not exist yet.
        progress: Called with (done, all) tables.

    Returns:
        What was taken, by table; tables without rows and without gaps are left out.

    Raises:
        StoreError: nothing at all can be read, or the database is on a server or of a newer version.
    """
    path = database_file(url)
    if not path.is_file():
        raise StoreError("There is no database {path} to rescue anything from.", path=path)
    found: dict[str, tuple[int, int]] = {}
    tables = [table.name for table in metadata.sorted_tables]
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as source:
            source.text_factory = _text
            migrate_to(target, _version(source))
            with closing(sqlite3.connect(target)) as copy:
                copy.execute("PRAGMA foreign_keys=OFF")
                copy.execute("PRAGMA journal_mode=DELETE")
                for done, table in enumerate(tables):
                    found[table] = _copy_table(source, copy, table)
                    if progress is not None:
                        progress(done + 1, len(tables))
                if not any(rows for rows, _ in found.values()):
                    raise StoreError(
                        "Nothing can be read in {path}: restore a backup with workbench restore FILE.", path=path
                    )
                dropped = _drop_orphans(copy)
                copy.commit()
    except sqlite3.Error as error:
        raise StoreError(
            "Nothing can be read in {path} ({error}): restore a backup with workbench restore FILE.",
            path=path,
            error=error,
        ) from error
    return [
        Rescued(table, rows - dropped.get(table, 0), gaps, dropped.get(table, 0))
        for table, (rows, gaps) in found.items()
        if rows or gaps
    ]


def _text(value: bytes) -> str:
    return value.decode(errors="replace")


def _version(source: sqlite3.Connection) -> str:
    """Return the version of the tables, this program's where it cannot be read."""
    try:
        row = source.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        row = None
    if row is not None and str(row[0]) > HEAD:
        raise StoreError("This database was made by a newer version of the workbench: rescue it with that version.")
    return str(row[0]) if row is not None else HEAD


def _copy_table(source: sqlite3.Connection, copy: sqlite3.Connection, table: str) -> tuple[int, int]:
    """Copy a table and return (rows kept, places that could not be read)."""
    there = [row[1] for row in source.execute(f"PRAGMA table_info({_quoted(table)})")]
    wanted = {row[1] for row in copy.execute(f"PRAGMA table_info({_quoted(table)})")}
    columns = [column for column in there if column in wanted]
    if not columns:
        return 0, 0
    copy.execute(f"DELETE FROM {_quoted(table)}")  # noqa: S608 - a table of our schema; rows its migration put there
    names = ", ".join(_quoted(column) for column in columns)
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT OR IGNORE INTO {_quoted(table)} ({names}) VALUES ({marks})"  # noqa: S608
    rows = gaps = 0
    for lot in _readable(source, f"SELECT rowid, {names} FROM {_quoted(table)}"):  # noqa: S608
        if lot is None:
            gaps += 1
            continue
        for row in lot:
            try:
                rows += copy.execute(insert, row[1:]).rowcount
            except sqlite3.IntegrityError:  # a row that damage has made nonsense of
                gaps += 1
    return rows, gaps


def _readable(source: sqlite3.Connection, select: str) -> Iterator[list[tuple[Any, ...]] | None]:
    """Yield the rows of a table in lots, and ``None`` for each place that cannot be read."""
    after = -1
    while True:
        lot = _rows(source, select, after, ROWS_AT_ONCE)
        if lot is None:
            lot = _rows(source, select, after, 1)  # the lot reaches into a damaged place: go up to it one by one
        if lot is None:
            yield None
            after = _behind(source, select, after)
            if after >= LARGEST_ROWID:
                return
            continue
        if not lot:
            return
        yield lot
        after = int(lot[-1][0])


def _rows(source: sqlite3.Connection, select: str, after: int, limit: int) -> list[tuple[Any, ...]] | None:
    """Return the rows behind a number, ``None`` if they cannot be read."""
    try:
        return source.execute(f"{select} WHERE rowid > ? ORDER BY rowid LIMIT ?", (after, limit)).fetchall()
    except (sqlite3.DatabaseError, OverflowError):
        return None


def _behind(source: sqlite3.Connection, select: str, after: int) -> int:
    """Return the smallest number found behind which a row can be read again, :data:`LARGEST_ROWID` if none."""
    step = 1
    while _rows(source, select, after + step, 1) is None:
        step *= 2
        if after + step >= LARGEST_ROWID:
            return LARGEST_ROWID
    low, high = after + step // 2, after + step  # unreadable behind low, readable behind high
    while high - low > 1:
        middle = (low + high) // 2
        if _rows(source, select, middle, 1) is None:
            low = middle
        else:
            high = middle
    return high


def _drop_orphans(copy: sqlite3.Connection) -> dict[str, int]:
    """Delete rows whose partner was lost, until none is left; return how many by table."""
    # A unit of which every language is lost says nothing; what hangs on it goes with it below.
    empty = "DELETE FROM memory_units WHERE id NOT IN (SELECT unit_id FROM memory_variants)"
    dropped: dict[str, int] = {}
    if (units := copy.execute(empty).rowcount) > 0:
        dropped["memory_units"] = units
    while orphans := copy.execute("PRAGMA foreign_key_check").fetchall():
        for table, rowid in {(row[0], row[1]) for row in orphans}:
            dropped[table] = dropped.get(table, 0) + 1
            copy.execute(f"DELETE FROM {_quoted(table)} WHERE rowid = ?", (rowid,))  # noqa: S608
    return dropped


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
