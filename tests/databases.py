"""The same tests on both databases: SQLite in a file, and a PostgreSQL server of our own where one can be started."""

import atexit
import itertools
import shutil
import tempfile
from functools import cache

import pytest

from workbench.store import open_store

numbers = itertools.count()


@cache
def postgres_server():
    """Start a PostgreSQL server for this run, with a database to copy; ``None`` where that cannot be done."""
    try:
        import pgserver
        import psycopg  # noqa: F401
    except ImportError:
        return None
    folder = tempfile.mkdtemp(prefix="workbench-pg-")
    try:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        server.psql("CREATE DATABASE model")
        open_store(_url(server, "model")).close()
    except Exception:  # whatever keeps a server from starting here is no fault of the project
        shutil.rmtree(folder, ignore_errors=True)
        return None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return server


def _url(server, name):
    return server.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)


def new_url(kind, tmp_path):
    """Return the URL of an empty database; skips the test where PostgreSQL cannot be had."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'workbench.db'}"
    server = postgres_server()
    if server is None:
        pytest.skip("no PostgreSQL server can be started here (pip install 'workbench[test]')")
    name = f"t{next(numbers)}"
    server.psql(f"CREATE DATABASE {name} TEMPLATE model")
    return _url(server, name)


@pytest.fixture(params=["sqlite", "postgresql"], name="store")
def either_store(request, tmp_path):
    """A store in each of the two databases in turn."""
    store = open_store(new_url(request.param, tmp_path))
    yield store
    store.close()
