"""Connections and transactions: one engine a process, one connection an operation, short write transactions."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from workbench.errors import DamagedError, StoreError
from workbench.store.migrations import HEAD

BUSY_TIMEOUT_MS = 30_000  # how long a writer waits for another; writers hold the lock for milliseconds
# What SQLite and PostgreSQL say, in part, when the reason lies outside the program.
_DAMAGED = re.compile(r"malformed|not a database|invalid page|could not read block|unsupported file format", re.I)
_FULL = re.compile(r"disk is full|no space left|disk full|could not extend file", re.I)
_BUSY = re.compile(r"database is locked|lock timeout|deadlock detected", re.I)
_READ_ONLY = re.compile(r"readonly database|read-only", re.I)
_UNREACHABLE = re.compile(r"connection .*(refused|failed|closed|lost)|server closed|could not connect", re.I)
LEAST_FREE = 2**20  # bytes; with less on the disk, SQLite's “disk I/O error” means that it is full
CACHE_MB = 16  # of a connection, given when it is used
_WRITERS = 7_264_951  # any constant: the advisory lock that lets PostgreSQL have one writer at a time, as SQLite has


def damaged(place: str, said: object) -> DamagedError:
    """Return the error that a database's file is damaged, with what to do."""
    return DamagedError(
        "The database {place} is damaged ({reason}). Restore a backup with: workbench restore FILE. What can still be "
        "read in it is put into a file of the same kind with: workbench rescue FILE. Neither changes the damaged file "
        "before it has been put aside.",
        place=place,
        reason=said,
    )


class Database:
    """The engine and its two kinds of transaction.

    Attributes:
        writes: Another number after each write transaction of this process, for what must see its own writes at once.

    Raises:
        StoreError: the database cannot be opened or belongs to a newer version.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            parsed = make_url(url)
        except sa.exc.ArgumentError as error:
            raise StoreError("WORKBENCH_DATABASE_URL is not a database URL: {error}.", error=error) from error
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite and parsed.database and parsed.database != ":memory:":
            path = Path(parsed.database)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    "The folder {folder} cannot be made: {reason}.", folder=path.parent, reason=error.strerror
                ) from error
        self.writes = 0
        self._held = threading.local()
        self.engine = self._make_engine(url)
        self._open()

    def _make_engine(self, url: str) -> Engine:
        if not self.sqlite:
            try:
                return sa.create_engine(url, pool_pre_ping=True)
            except ModuleNotFoundError as error:
                raise StoreError(
                    "The database driver “{module}” is not installed: pip install 'workbench[postgres]'.",
                    module=error.name,
                ) from error
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})

        # pysqlite's own transaction handling hides BEGIN; these hooks (SQLAlchemy's documented recipe) make each
        # transaction explicit, so that writers take the lock at once instead of failing half-way.
        @sa.event.listens_for(engine, "connect")
        def on_connect(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")  # what the page called saved survives a power cut
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute(f"PRAGMA cache_size={-1024 * CACHE_MB}")
            cursor.close()

        @sa.event.listens_for(engine, "begin")
        def on_begin(connection: Connection) -> None:
            options = connection.get_execution_options()
            write = options.get("workbench_write")
            if write:
                connection.exec_driver_sql(f"PRAGMA cache_size={-1024 * options['workbench_cache']}")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        return engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: a consistent view, never waiting for writers."""
        held: Connection | None = getattr(self._held, "connection", None)
        if held is not None:
            yield held
            return
        with self._told(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all that this thread reads within the block be of one moment, whatever others write meanwhile.

        Rows of a grid and the segments they name are read one after the other: between the two, a colleague's
        confirmation adds a segment. What the block itself writes it does not see.
        """
        if getattr(self._held, "connection", None) is not None:
            yield
            return
        with self._told(), self.engine.connect() as connection:
            if not self.sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                self._held.connection = connection
                try:
                    yield
                finally:
                    self._held.connection = None

    @contextmanager
    def write(self, *, cache_mb: int = CACHE_MB) -> Iterator[Connection]:
        """A write transaction: all or nothing, committed when the block ends without an exception.

        One at a time, in both databases: what is read in it cannot change before it is written back.

        Args:
            cache_mb: Memory SQLite keeps pages in; imports touch the whole of the indexes and need more.

        Raises:
            StoreError: the disk is full, the database damaged, busy or out of reach; nothing was written.
        """
        with self._told(), self.engine.connect() as connection:
            connection = connection.execution_options(workbench_write=True, workbench_cache=cache_mb)
            with connection.begin():
                if not self.sqlite:
                    connection.execute(sa.text(f"SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}"))
                    connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
                yield connection
            self.writes += 1  # after the commit: whoever reads the number from now on sees what was written

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database refuses for reasons outside the program into a sentence for the user."""
        try:
            yield
        except (sa.exc.OperationalError, sa.exc.DatabaseError) as error:
            told = self._sentence(error)
            if told is None:
                raise
            raise told from error

    def _sentence(self, error: sa.exc.DBAPIError) -> StoreError | None:
        said = str(error.orig)
        if _FULL.search(said) or ("disk I/O error" in said and self._no_room()):
            return StoreError(
                "The disk is full: this could not be saved, and nothing of it was half-written. What was saved before "
                "is safe. Free some space and try again."
            )
        if _DAMAGED.search(said) or "disk I/O error" in said:
            return damaged(self._place, said)
        if _BUSY.search(said):
            return StoreError("Somebody else is writing to the database for long: this was not saved. Try again.")
        if _READ_ONLY.search(said):
            return StoreError(
                "The database at {place} may only be read: this was not saved. Ask who set it up.", place=self._place
            )
        if _UNREACHABLE.search(said):
            return StoreError(
                "The database at {place} cannot be reached ({reason}).", place=self._place, reason=said.splitlines()[0]
            )
        return None

    def _no_room(self) -> bool:
        try:
            free: int = shutil.disk_usage(Path(make_url(self.url).database or ".").parent).free
            return free < LEAST_FREE
        except OSError:
            return False

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def _open(self) -> None:
        try:
            with self.read() as connection:
                found = self._revision(connection)
            if found != HEAD:
                self._migrate()
        except sa.exc.DatabaseError as error:
            raise StoreError(
                "The database at {place} cannot be read ({reason}).", place=self._place, reason=error.orig
            ) from error

    @property
    def _place(self) -> str:
        return make_url(self.url).render_as_string(hide_password=True)

    def _revision(self, connection: Connection) -> str | None:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    def _migrate(self) -> None:
        """Bring the tables up to date; one process does it while others wait."""
        from alembic.util.exc import CommandError

        with self.write() as connection:
            if self._revision(connection) == HEAD:
                return
            try:
                _upgrade(connection, "head")
            except CommandError as error:
                raise StoreError(
                    "The database at {place} was written by a newer version of the workbench. Install "
                    "that version, or name another WORKBENCH_HOME.",
                    place=self._place,
                ) from error


def _upgrade(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def migrate_to(path: Path, revision: str) -> None:
    """Make an empty SQLite database whose tables are those of a revision."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        _upgrade(connection, revision)
    engine.dispose()
