"""A small world for services: a store in a temporary folder, a clock that ticks, texts of a few sentences."""

import itertools

import pytest

from workbench.services.library_service import LibraryService
from workbench.store import open_store


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'home' / 'workbench.db'}")
    yield store
    store.close()


@pytest.fixture
def now():
    ticks = itertools.count()
    return lambda: f"2015-03-01T10:00:{next(ticks):06d}Z"


@pytest.fixture
def library(store, now):
    return LibraryService(store=store, now=now, author="ana")
