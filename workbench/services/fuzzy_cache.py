"""The fuzzy indexes of a memory, one a language: made when first asked for, brought up to date when it changed."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import threading
import time
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from workbench.core.fuzzy_index import FuzzyIndex, Part
from workbench.core.matching import text_key
from workbench.store.store import Store

log = logging.getLogger(__name__)

# Above this share of changed units an index is made anew: joining the changes would take longer.
REBUILD_SHARE = 0.2
REBUILD_LEAST = 10_000  # of a memory smaller than this, the share of this
PATIENCE = 0.4  # seconds in which a kept index is read and a few changes are joined; making one anew takes longer
# Seconds for which what other processes write may be missing from an index; this process's writes never are. Beside
# colleagues who confirm segment after segment, a look-up would otherwise bring the index up to date each time.
FRESH = 0.25
KEPT_FROM = 20_000  # segments from which an index is kept in a file; a smaller one is made in tenths of a second


@dataclass(frozen=True, slots=True)
class _Entry:
    revision: int
    index: FuzzyIndex


class FuzzyCache:
    """The indexes of all languages, shared between threads.

    A thread that finds an index behind the database brings it up to date; others wait for it, since they would have
    to do the same. Look-ups run on immutable indexes and take no lock.

    Args:
        store: Where the memory is.
        folder: Where large indexes are kept between processes; ``None`` keeps them in memory only.
    """

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        self.store = store
        self.folder = folder
        self._entries: dict[str, _Entry] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()
        self._preparing: dict[str, tuple[threading.Thread, float]] = {}
        self._seen: dict[str, tuple[int, float]] = {}  # this process's writes, and the time, at the last look

    def current(self, language: str) -> FuzzyIndex:
        """Return a language's index with all that this process wrote, and others until :data:`FRESH` seconds ago.

        Args:
            language: Without region.
        """
        entry = self._entries.get(language)
        if entry is not None and self._recent(language):
            return entry.index
        seen = self.store.database.writes, time.monotonic()
        index = self.index(language, self.store.memory.state()[1])
        self._seen[language] = seen
        return index

    def _recent(self, language: str) -> bool:
        writes, at = self._seen.get(language, (-1, 0.0))
        return writes == self.store.database.writes and time.monotonic() - at < FRESH

    def prepare(self, language: str, revision: int, *, patience: float = PATIENCE) -> bool:
        """Tell whether :meth:`index` would answer without a wait; where it would not, make the index in the background.

        Args:
            language: Without region.
            patience: Seconds after the beginning of that until which one waits for it here.
        """
        entry = self._entries.get(language)
        if entry is not None and entry.revision >= revision:
            return True
        with self._guard:
            thread, begun = self._preparing.get(language, (None, 0.0))
            if thread is None or not thread.is_alive():
                thread = threading.Thread(target=self._quietly, args=(language, revision), name="fuzzy", daemon=True)
                thread.start()
                begun = time.monotonic()
                self._preparing[language] = (thread, begun)
        thread.join(max(0.0, begun + patience - time.monotonic()))
        return not thread.is_alive()

    def _quietly(self, language: str, revision: int) -> None:
        try:
            self.index(language, revision)
        except Exception:  # whoever needs the index makes it then, and is told what is wrong
            log.exception("the index of similar segments could not be made ready")

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
            entry = self._entries.get(language) or self._load(language)
            if entry is None:
                entry = self._fresh(language)
            elif entry.revision < revision:
                entry = self._update(language, entry)
            self._entries[language] = entry
            return entry.index

    def forget(self) -> None:
        """Drop all indexes, in memory and in the folder, so that they are made anew."""
        with self._guard:
            self._entries = {}
        if self.folder is not None:
            for path in self.folder.glob("memory-fuzzy-*.npz"):
                path.unlink(missing_ok=True)

    def _fresh(self, language: str) -> _Entry:
        revision, rows = self.store.memory.segments(language)
        entry = _Entry(revision, FuzzyIndex.build((unit, text_key(text)) for _, unit, text in rows))
        self._save(language, entry)
        return entry

    def _update(self, language: str, entry: _Entry) -> _Entry:
        revision, units = self.store.memory.changes(entry.revision)
        if len(units) > REBUILD_SHARE * max(len(entry.index.main), REBUILD_LEAST):
            return self._fresh(language)
        rows = self.store.memory.segments_of(units, language)
        return _Entry(revision, entry.index.updated(units, ((unit, text_key(text)) for _, unit, _, text in rows)))

    # Kept in a file ------------------------------------------------------------------------------------------

    def _path(self, language: str) -> Path | None:
        safe = language.isalnum() and language.isascii()
        return self.folder / f"memory-fuzzy-{language}.npz" if self.folder is not None and safe else None

    def _save(self, language: str, entry: _Entry) -> None:
        """Keep an index; a disk that is full costs the next process some seconds, nothing else."""
        path = self._path(language)
        if path is None or len(entry.index.main) < KEPT_FROM:
            return
        identity = self.store.memory.state()[0]
        columns = {f.name: getattr(entry.index.main, f.name) for f in fields(Part)}
        name = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "wb") as file:
                np.savez(file, identity=np.array(identity), revision=np.array(entry.revision), **columns)
            Path(name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(name).unlink(missing_ok=True)

    def _load(self, language: str) -> _Entry | None:
        """Open a kept index of this very memory; ``None`` where there is none, or what is there is damaged."""
        path = self._path(language)
        if path is None or not path.is_file():
            return None
        identity, newest = self.store.memory.state()
        try:
            with np.load(path, allow_pickle=False) as found:
                revision = int(found["revision"])
                if str(found["identity"]) != identity or revision > newest:
                    return None
                part = Part(*(found[f.name] for f in fields(Part)))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        return _Entry(revision, FuzzyIndex(part))
