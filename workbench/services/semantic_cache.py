"""Finding units by meaning: one vector a unit, in an index that is a cache of the database.

A unit's vector is the mean of its variants' vectors, each less its language's mean: multilingual encoders put every
language in a region of its own, and raw cosines across languages mislead. A unit lacking a language is so found
through those it has.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.core.languages import base_language
from workbench.core.meaning import MEANING_FLOOR, MEANING_SCORER, likeness
from workbench.services.vector_service import VectorService
from workbench.store.store import Store

if TYPE_CHECKING:
    from workbench.embedding.vector_index import UpdatableIndex

READ_TOGETHER = 2_000  # units whose vectors are made or read at once
MADE_AT_ONCE = (
    3_000  # a memory of so few units is indexed when first asked, in a second; a larger one in the background
)
MEAN_SAMPLE = 20_000  # segments a language from which its mean is taken; more would not move it
LEAST_FOR_MEAN = 20  # segments below which a language takes the mean of all: its own would be its few sentences
REMAKE_SHARE = 0.1  # changed since the index was made: above this share making it anew is worth its time


@dataclass(frozen=True, slots=True)
class _Entry:
    identity: str
    revision: int
    means: Mapping[str, np.ndarray]  # by language; "" is that of all
    index: UpdatableIndex
    marked: int  # the revision up to which vectors had been made when this was
    lacking: frozenset[int] = frozenset()  # units in none of whose languages there was a vector


class SemanticCache:
    """The semantic index of a memory, shared between threads.

    Args:
        store: Where the memory is.
        vectors: Where vectors come from.
        folder: Where the index is kept between processes; ``None`` keeps it in memory only.
    """

    def __init__(self, store: Store, vectors: VectorService, folder: Path | None = None) -> None:
        self.store = store
        self.vectors = vectors
        self.folder = folder
        self._entry: _Entry | None = None
        self._counted = (-1, -1, 0)
        self._lock = threading.Lock()

    @property
    def scorer(self) -> str:
        """How similarity is measured, with the model's name."""
        return f"{MEANING_SCORER}|{self.vectors.model}"

    # Looking up ----------------------------------------------------------------------------------------------

    def search(self, text: str, language: str, limit: int) -> list[tuple[int, float, str]]:
        """Return (unit number, similarity 0–100, language of the nearest variant) of the units nearest in meaning.

        Nothing is found, and no model loaded, as long as the memory has no vectors.
        """
        entry = self._current()
        if entry is None or not len(entry.index):
            return []
        vector = self.vectors.known([text])[0]
        if vector is None:
            vector = self.vectors.encoder.encode([text])[0]
        return self.search_vector(vector, language, limit)

    def prepare(self, texts: Sequence[str]) -> None:
        """Make the vectors of texts about to be looked up, all together, if anything can be found by meaning."""
        entry = self._current()
        if entry is not None and len(entry.index):
            self.vectors.vectors(texts)

    def search_vector(self, vector: np.ndarray, language: str, limit: int) -> list[tuple[int, float, str]]:
        """Do the same for a sentence's vector: float32 of length 1."""
        entry = self._current()
        if entry is None:
            return []
        query = _centred(np.asarray(vector, np.float32), language, entry.means)
        near = [number for number, _ in entry.index.search(query, limit)]
        rows = self.store.memory.segments_of(near)
        known = self.vectors.known([text for *_, text in rows])
        best: dict[int, tuple[float, str]] = {}
        for (_, number, code, _), row in zip(rows, known, strict=True):
            if row is not None:
                cosine = float(_centred(row, code, entry.means) @ query)
                best[number] = max(best.get(number, (-1.0, "")), (cosine, code))
        found = [(number, likeness(cosine), code) for number, (cosine, code) in best.items()]
        return sorted((f for f in found if f[1] >= MEANING_FLOOR), key=lambda f: -f[1])

    def _current(self) -> _Entry | None:
        identity, revision = self.store.memory.state()
        entry = self._entry
        if entry is not None and not entry.lacking and (entry.identity, entry.revision) == (identity, revision):
            return entry
        with self._lock:
            entry = self._entry
            if entry is None or entry.identity != identity:
                entry = self._opened(identity)
            if entry is not None:
                marked = self._marked(identity) if entry.lacking else entry.marked
                if entry.revision < revision or marked > entry.marked:
                    entry = self._updated(entry)
            self._entry = entry
            return entry

    def _opened(self, identity: str) -> _Entry | None:
        """Open the index in the folder, or make a small one, if vectors have been made at all."""
        if not self._marked(identity):
            return None
        if (loaded := self._load(identity)) is not None:
            return loaded
        revision, units = self.store.memory.changes(0)
        return self._made(identity, revision) if len(units) <= MADE_AT_ONCE else None

    def _updated(self, entry: _Entry) -> _Entry:
        """Take in what changed, and the units that lacked vectors when they were last looked at."""
        marked = self._marked(entry.identity)
        revision, units = self.store.memory.changes(entry.revision)
        changed = sorted(entry.lacking.union(units))
        vectors: dict[int, np.ndarray] = {}
        lacking: set[int] = set()
        for group in _groups(changed):
            texts = self._texts(group)
            found = self._unit_vectors(texts, entry.means)
            vectors.update(found)
            lacking.update(number for number in texts if number not in found)
        index = entry.index.updated(changed, vectors)
        return _Entry(entry.identity, revision, entry.means, index, marked, frozenset(lacking))

    # Making --------------------------------------------------------------------------------------------------

    def pending(self) -> int:
        """Return how many segments have changed since vectors were last made: at most so many lack one."""
        identity, revision = self.store.memory.state()
        since = self._marked(identity)
        if since >= revision:
            return 0
        if self._counted[:2] != (since, revision):  # pages ask at each turn, and counting a large import takes a while
            if since == 0:
                count = sum(self.store.memory.stats().variants.values())
            else:
                count = len(self.store.memory.segments_of(self.store.memory.changes(since)[1]))
            self._counted = (since, revision, count)
        return self._counted[2]

    def make(
        self,
        *,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """Make the vectors that are missing, then the index; return how many segments were gone through.

        Broken off, it goes on where it was: vectors are written as they are made.

        Args:
            progress: Called with (done, all) segments.
            cancelled: Asked between two lots; once it says yes, nothing more is made.
        """
        identity, revision = self.store.memory.state()
        since = self._marked(identity)
        total, done = self.pending(), 0
        lots = (
            self._all_texts() if since == 0 else (self._texts(g) for g in _groups(self.store.memory.changes(since)[1]))
        )
        for texts in lots:
            if cancelled is not None and cancelled():
                return done
            wanted = [text for unit in texts.values() for text in unit.values()]
            self.vectors.vectors(wanted, progress=_within(progress, done, total, len(wanted)), cancelled=cancelled)
            if cancelled is not None and cancelled():
                return done
            done += len(wanted)
            if progress is not None:
                progress(min(done, total), max(total, done))
        self.store.settings.put(self._key, {"identity": identity, "revision": revision})
        self._remake(identity)
        return done

    def remake(self) -> None:
        """Make the index anew from the vectors there are."""
        self._remake(self.store.memory.state()[0], always=True)

    def _remake(self, identity: str, *, always: bool = False) -> None:
        entry = None if always else self._current()
        path = self._path()
        if entry is not None and (path is None or path.exists()):
            changed = len(entry.index.tail) + len(entry.index.gone)
            if changed <= REMAKE_SHARE * max(len(entry.index.main), MADE_AT_ONCE):
                return
        made = self._made(identity, self.store.memory.state()[1])
        if made is not None:
            with self._lock:
                self._entry = made
            self._save(made)

    def _made(self, identity: str, revision: int) -> _Entry | None:
        from workbench.embedding.vector_index import UpdatableIndex, VectorIndex

        means = self._means()
        numbers: list[int] = []
        rows: list[np.ndarray] = []
        marked = self._marked(identity)
        lacking: set[int] = set()
        for texts in self._all_texts():
            found = self._unit_vectors(texts, means)
            numbers += found
            rows += [vector.astype(np.float16) for vector in found.values()]
            lacking.update(number for number in texts if number not in found)
        if not rows:
            return None
        index = UpdatableIndex(VectorIndex(np.array(numbers, np.int64), np.array(rows)))
        return _Entry(identity, revision, means, index, marked, frozenset(lacking))

    def _means(self) -> dict[str, np.ndarray]:
        sums: dict[str, np.ndarray] = {}
        counts: dict[str, int] = {}
        for texts in self._all_texts():
            pairs = [(base_language(code), text) for unit in texts.values() for code, text in unit.items()]
            pairs = [(code, text) for code, text in pairs if counts.get(code, 0) < MEAN_SAMPLE]
            if not pairs:
                break
            for (code, _), row in zip(pairs, self.vectors.known([text for _, text in pairs]), strict=True):
                if row is not None:
                    sums[code] = sums.get(code, np.zeros(len(row), np.float32)) + row
                    counts[code] = counts.get(code, 0) + 1
        if not sums:
            return {}
        means = {code: sums[code] / counts[code] for code in sums if counts[code] >= LEAST_FOR_MEAN}
        if sum(counts.values()) < LEAST_FOR_MEAN:
            return {"": np.zeros(len(next(iter(sums.values()))), np.float32)}
        whole = np.sum(list(sums.values()), axis=0) / sum(counts.values())
        return {**means, "": np.asarray(whole, np.float32)}

    def _unit_vectors(
        self, texts: Mapping[int, Mapping[str, str]], means: Mapping[str, np.ndarray]
    ) -> dict[int, np.ndarray]:
        flat = [(number, code, text) for number, unit in texts.items() for code, text in unit.items()]
        sums: dict[int, np.ndarray] = {}
        for (number, code, _), row in zip(flat, self.vectors.known([text for *_, text in flat]), strict=True):
            if row is not None:
                vector = _centred(row, code, means)
                sums[number] = sums[number] + vector if number in sums else vector
        return {number: _normed(vector) for number, vector in sums.items()}

    def _texts(self, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
        out: dict[int, dict[str, str]] = {}
        for _, number, code, text in self.store.memory.segments_of(numbers):
            out.setdefault(number, {})[code] = text
        return out

    def _all_texts(self) -> Iterator[dict[int, dict[str, str]]]:
        for numbers in self.store.memory.numbers(READ_TOGETHER):
            yield self._texts(numbers)

    # Kept ----------------------------------------------------------------------------------------------------

    @property
    def _key(self) -> str:
        return f"memory vectors {hashlib.blake2b(self.vectors.model.encode(), digest_size=8).hexdigest()}"

    def _marked(self, identity: str) -> int:
        """Return the revision up to which all vectors have been made, 0 if they never were."""
        marker: dict[str, Any] = self.store.settings.get(self._key) or {}
        return int(marker.get("revision", 0)) if marker.get("identity") == identity else 0

    def _path(self) -> Path | None:
        return None if self.folder is None else self.folder / f"{self._key.replace(' ', '-')}.index"

    def _save(self, entry: _Entry) -> None:
        path = self._path()
        if path is not None:
            means = {code: mean.tolist() for code, mean in entry.means.items()}
            facts = {"identity": entry.identity, "revision": entry.revision, "model": self.vectors.model}
            with contextlib.suppress(OSError):  # a full disk costs the next process the making, nothing else
                entry.index.main.save(path, {**facts, "means": means})

    def _load(self, identity: str) -> _Entry | None:
        from workbench.embedding.vector_index import UpdatableIndex, VectorIndex

        path = self._path()
        loaded = None if path is None else VectorIndex.load(path)
        if loaded is None:
            return None
        index, facts = loaded
        revision = int(facts.get("revision", -1))
        if (facts.get("identity"), facts.get("model")) != (identity, self.vectors.model):
            return None
        if not 0 <= revision <= self.store.memory.state()[1]:
            return None
        means = {code: np.array(mean, np.float32) for code, mean in facts["means"].items()}
        return _Entry(identity, revision, means, UpdatableIndex(index), revision)


def _centred(vector: np.ndarray, language: str, means: Mapping[str, np.ndarray]) -> np.ndarray:
    mean = means.get(base_language(language), means.get(""))
    return _normed(vector if mean is None else vector - mean)


def _normed(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)


def _groups(numbers: Iterable[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for number in numbers:
        group.append(number)
        if len(group) >= READ_TOGETHER:
            yield group
            group = []
    if group:
        yield group


def _within(
    progress: Callable[[int, int], None] | None, before: int, total: int, lot: int
) -> Callable[[int, int], None] | None:
    """Return a progress for one lot that reports to the progress of all, so that a single large lot is not silent."""
    if progress is None:
        return None

    def report(done: int, unique: int) -> None:
        progress(min(before + done * lot // max(unique, 1), total), total)

    return report
