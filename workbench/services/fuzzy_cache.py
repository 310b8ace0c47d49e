"""The fuzzy indexes of a memory, one a language: made when first asked for, brought up to date when it changed."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from workbench.core.fuzzy_index import FuzzyIndex
from workbench.core.matching import text_key
from workbench.store.store import Store

# Above this share of changed units an index is made anew: joining the changes would take longer.
REBUILD_SHARE = 0.2
REBUILD_LEAST = 10_000  # of a memory smaller than this, the share of this


@dataclass(frozen=True, slots=True)
class _Entry:
    revision: int
    index: FuzzyIndex


class FuzzyCache:
    """The indexes of all languages, shared between threads.

    A thread that finds an index behind the database brings it up to date; others wait for it, since they would have
    to do the same. Look-ups run on immutable indexes and take no lock.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._entries: dict[str, _Entry] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def index(self, language: str, revision: int) -> FuzzyIndex:
        """Return a language's index, at least as new as ``revision``.

        Args:
            language: Without region.
        """
        entry = self._entries.get(language)
        if entry is not None and entry.revision >= revision:
            return entry.index
        with self._guard:
            lock = self._locks.setdefault(language, threading.Lock())
        with lock:
            entry = self._entries.get(language)
            if entry is None or entry.revision < revision:
                entry = self._fresh(language) if entry is None else self._update(language, entry)
                self._entries[language] = entry
            return entry.index

    def forget(self) -> None:
        """Drop all indexes, so that they are made anew."""
        with self._guard:
            self._entries = {}

    def _fresh(self, language: str) -> _Entry:
        revision, rows = self.store.memory.segments(language)
        return _Entry(revision, FuzzyIndex.build((unit, text_key(text)) for _, unit, text in rows))

    def _update(self, language: str, entry: _Entry) -> _Entry:
        revision, units = self.store.memory.changes(entry.revision)
        if len(units) > REBUILD_SHARE * max(len(entry.index.main), REBUILD_LEAST):
            return self._fresh(language)
        rows = self.store.memory.segments_of(units, language)
        return _Entry(revision, entry.index.updated(units, ((unit, text_key(text)) for _, unit, _, text in rows)))
