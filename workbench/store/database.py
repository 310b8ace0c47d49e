"""Connections and transactions: one engine a process, one connection an operation, short write transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from workbench.errors import StoreError
from workbench.store.migrations import HEAD

BUSY_TIMEOUT_MS = 30_000  # how long a writer waits for another; writers hold the lock for milliseconds
_MIGRATION_LOCK = 7_264_951  # any constant: the advisory lock under which PostgreSQL migrates


class Database:
    """The engine and its two kinds of transaction.

    Raises:
        StoreError: the database cannot be opened or belongs to a newer version.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            parsed = make_url(url)
        except sa.exc.ArgumentError as error:
            raise StoreError(f"WORKBENCH_DATABASE_URL is not a database URL: {error}.") from error
        self.sqlite = parsed.get_backend_name() == "sqlite"
        if self.sqlite and parsed.database and parsed.database != ":memory:":
            path = Path(parsed.database)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
        self.engine = self._make_engine(url)
        self._open()

    def _make_engine(self, url: str) -> Engine:
        if not self.sqlite:
            try:
                return sa.create_engine(url, pool_pre_ping=True)
            except ModuleNotFoundError as error:
                raise StoreError(
                    f"The database driver “{error.name}” is not installed: pip install 'workbench[postgres]'."
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
            cursor.close()

        @sa.event.listens_for(engine, "begin")
        def on_begin(connection: Connection) -> None:
            write = connection.get_execution_options().get("workbench_write")
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

        return engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: a consistent view, never waiting for writers."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction: all or nothing, committed when the block ends without an exception."""
        with self.engine.connect() as connection:
            connection = connection.execution_options(workbench_write=True)
            with connection.begin():
                yield connection

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
                f"The database at {self._place} cannot be read ({error.orig}). If the file is damaged, restore a "
                "backup with: workbench restore FILE."
            ) from error

    @property
    def _place(self) -> str:
        return make_url(self.url).render_as_string(hide_password=True)

    def _revision(self, connection: Connection) -> str | None:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()

    def _migrate(self) -> None:
        """Bring the tables up to date; the lock lets one process do it while others wait."""
        from alembic import command
        from alembic.config import Config
        from alembic.util.exc import CommandError

        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.write() as connection:
            if not self.sqlite:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            if self._revision(connection) == HEAD:
                return
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreError(
                    f"The database at {self._place} was written by a newer version of the workbench. Install that "
                    "version, or name another WORKBENCH_HOME."
                ) from error
