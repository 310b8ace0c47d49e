"""Nearest vectors: an exact scan while there are few, a graph (HNSW, by usearch) above, and a file to keep it in.

An index is a cache of the database: it carries the identity and the revision of what it was made from, and whoever
opens one compares both.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

GRAPH_ABOVE = 30_000  # vectors; an exact scan of as many 384-dimensional ones takes about 5 ms
# HNSW's parameters (Malkov and Yashunin 2016): measured on 79,644 real vectors, see `workbench bench memory`.
CONNECTIVITY = 16
EXPANSION_ADD = 128
EXPANSION_SEARCH = 128


class VectorIndex:
    """Unit vectors by number, immutable once made.

    Args:
        numbers: int64 (n,), each once.
        vectors: float32 or float16 (n, dimensions), rows of length 1.
        graph: Whether to build a graph; decided by :data:`GRAPH_ABOVE` unless given.
    """

    def __init__(self, numbers: np.ndarray, vectors: np.ndarray, *, graph: bool | None = None) -> None:
        self.numbers = np.asarray(numbers, np.int64)
        self.dimensions = int(vectors.shape[1])
        self._graph: Any = None
        self._vectors: np.ndarray | None = None
        if graph if graph is not None else len(self.numbers) > GRAPH_ABOVE:
            self._graph = _new_graph(self.dimensions)
            self._graph.add(self.numbers.astype(np.uint64), np.asarray(vectors, np.float16))
        else:
            self._vectors = np.ascontiguousarray(vectors, np.float32)

    def __len__(self) -> int:
        return len(self.numbers)

    def search(self, vector: np.ndarray, limit: int) -> list[tuple[int, float]]:
        """Return (number, cosine) of the vectors nearest to ``vector`` (length 1), nearest first."""
        limit = min(limit, len(self.numbers))
        if limit <= 0:
            return []
        if self._graph is not None:
            found = self._graph.search(np.asarray(vector, np.float16), limit)
            return [(int(k), 1.0 - float(d)) for k, d in zip(found.keys, found.distances, strict=True)]
        assert self._vectors is not None
        cosines = self._vectors @ np.asarray(vector, np.float32)
        best = np.argpartition(-cosines, limit - 1)[:limit]
        best = best[np.argsort(-cosines[best], kind="stable")]
        return [(int(self.numbers[k]), float(cosines[k])) for k in best]

    def save(self, path: Path, facts: Mapping[str, Any]) -> None:
        """Write the index and what it was made from; a reader finds the old file or the new one, never half of one.

        Args:
            path: A file; its folder is made.
            facts: JSON values kept with it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        head = json.dumps({**facts, "dimensions": self.dimensions, "graph": self._graph is not None}).encode()
        body = bytes(self._graph.save()) if self._graph is not None else self._flat().tobytes()
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(len(head).to_bytes(8, "little") + head)
                file.write(len(self.numbers).to_bytes(8, "little") + self.numbers.tobytes())
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _flat(self) -> np.ndarray:
        assert self._vectors is not None
        return self._vectors

    @classmethod
    def load(cls, path: Path) -> tuple[VectorIndex, dict[str, Any]] | None:
        """Read an index and its facts back; ``None`` where there is none, or what is there is no index."""
        try:
            data = memoryview(path.read_bytes())
            size = int.from_bytes(data[:8], "little")
            facts: dict[str, Any] = json.loads(bytes(data[8 : 8 + size]))
            at = 8 + size
            count = int.from_bytes(data[at : at + 8], "little")
            numbers = np.frombuffer(data, np.int64, count, at + 8)
            body = data[at + 8 + 8 * count :]
            index = cls(numbers[:0], np.zeros((0, facts["dimensions"]), np.float32), graph=facts["graph"])
            index.numbers = numbers
            if facts["graph"]:
                index._graph.load(bytes(body))
                if len(index._graph) != count:
                    return None
            else:
                index._vectors = np.frombuffer(body, np.float32).reshape(count, facts["dimensions"])
        except (OSError, ValueError, KeyError, TypeError, RuntimeError):
            return None
        return index, facts


class UpdatableIndex:
    """An index with what changed since it was made: a small exact one beside it, and the numbers that are gone."""

    def __init__(
        self, main: VectorIndex, tail: Mapping[int, np.ndarray] | None = None, gone: Iterable[int] = ()
    ) -> None:
        self.main = main
        self.tail = dict(tail or {})
        self.gone = frozenset(gone)
        rows = np.array(list(self.tail.values()), np.float32).reshape(-1, main.dimensions)
        self._tail_index = VectorIndex(np.array(list(self.tail), np.int64), rows, graph=False)

    def __len__(self) -> int:
        return len(self.main) - len(self.gone) + len(self.tail)

    def updated(self, changed: Iterable[int], vectors: Mapping[int, np.ndarray]) -> UpdatableIndex:
        """Return the index in which ``changed`` numbers have the ``vectors`` given, or none."""
        out = set(changed)
        tail = {number: row for number, row in self.tail.items() if number not in out} | dict(vectors)
        known = set(self.main.numbers[np.isin(self.main.numbers, np.fromiter(out, np.int64))].tolist())
        return UpdatableIndex(self.main, tail, self.gone | known)

    def search(self, vector: np.ndarray, limit: int) -> list[tuple[int, float]]:
        """Return (number, cosine) of the nearest, nearest first."""
        spare = min(len(self.gone), limit)  # room for those gone; many of them call for a new index
        found = [item for item in self.main.search(vector, limit + spare) if item[0] not in self.gone]
        found += self._tail_index.search(vector, limit)
        return sorted(found, key=lambda item: -item[1])[:limit]


def _new_graph(dimensions: int) -> Any:
    from usearch.index import Index

    return Index(
        ndim=dimensions, metric="cos", dtype="f16", connectivity=CONNECTIVITY, expansion_add=EXPANSION_ADD,
        expansion_search=EXPANSION_SEARCH,
    )  # fmt: skip
