"""Long work's progress, the vector cache and the workspace's own settings in the database."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa

from workbench.errors import Sentence
from workbench.store.database import Database
from workbench.store.schema import jobs, settings, vectors


@dataclass(frozen=True, slots=True)
class StoredJob:
    """Long work: ``state`` is running, done, failed or cancelled; ``message`` a sentence for the user, stored."""

    id: int
    kind: str
    subject: str
    state: str
    done: int
    total: int
    message: str
    cancel: bool
    process: str
    started_at: str
    updated_at: str

    @property
    def sentence(self) -> Sentence:
        """What is said of it."""
        return Sentence.load(self.message)


class JobStore:
    """Queries over jobs."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def start(self, kind: str, subject: str, process: str, at: str) -> int:
        """Note that work has begun and return its number."""
        row = {"kind": kind, "subject": subject, "state": "running", "process": process, "started_at": at}
        with self.database.write() as connection:
            insert = sa.insert(jobs).values(**row, updated_at=at).returning(jobs.c.id)
            return int(connection.execute(insert).scalar_one())

    def update(self, job_id: int, values: Mapping[str, Any], at: str) -> None:
        """Change columns of a job."""
        with self.database.write() as connection:
            connection.execute(sa.update(jobs).where(jobs.c.id == job_id).values(**values, updated_at=at))

    def get(self, job_id: int) -> StoredJob | None:
        """Return a job."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == job_id)).first()
        return StoredJob(**row._mapping) if row else None

    def recent(self, limit: int = 20) -> list[StoredJob]:
        """Return the last jobs, newest first."""
        with self.database.read() as connection:
            rows = connection.execute(sa.select(jobs).order_by(jobs.c.id.desc()).limit(limit))
            return [StoredJob(**row._mapping) for row in rows]

    def find(self, kind: str, subject: str) -> StoredJob | None:
        """Return the last job of a kind on a subject."""
        query = sa.select(jobs).where(jobs.c.kind == kind, jobs.c.subject == subject)
        with self.database.read() as connection:
            row = connection.execute(query.order_by(jobs.c.id.desc()).limit(1)).first()
        return StoredJob(**row._mapping) if row else None

    def interrupt_others(self, process: str, message: str, at: str) -> None:
        """Mark running jobs of processes of this machine that are gone as failed."""
        host = process.rpartition(":")[0]
        for job in self.recent(200):
            if job.state == "running" and job.process != process and job.process.rpartition(":")[0] == host:
                import os

                pid = int(job.process.rpartition(":")[2] or 0)
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, 0)
                    continue
                self.update(job.id, {"state": "failed", "message": message}, at)


class VectorStore:
    """The cache of sentence vectors, by hash of the sentence and name of the model; deleted, it is only slower."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, hashes: Sequence[str], model: str) -> dict[str, np.ndarray]:
        """Return the vectors known, by hash: float32 (stored as float16), shape (dimensions,)."""
        found: dict[str, np.ndarray] = {}
        with self.database.read() as connection:
            for start in range(0, len(hashes), 500):
                query = sa.select(vectors.c.hash, vectors.c.vector).where(
                    vectors.c.model == model, vectors.c.hash.in_(hashes[start : start + 500])
                )
                for key, data in connection.execute(query):
                    found[key] = np.frombuffer(data, dtype=np.float16).astype(np.float32)
        return found

    def put(self, items: Mapping[str, np.ndarray], model: str) -> None:
        """Keep vectors by hash; those already there stay."""
        rows = [
            {"hash": key, "model": model, "vector": value.astype(np.float16).tobytes()} for key, value in items.items()
        ]
        for start in range(0, len(rows), 500):
            batch = rows[start : start + 500]
            with self.database.write() as connection:
                known = set(
                    connection.execute(
                        sa.select(vectors.c.hash).where(
                            vectors.c.model == model, vectors.c.hash.in_([row["hash"] for row in batch])
                        )
                    ).scalars()
                )
                new = [row for row in batch if row["hash"] not in known]
                if new:
                    connection.execute(sa.insert(vectors), new)

    def forget(self, model: str | None = None) -> None:
        """Delete all vectors, or those of one model."""
        query = sa.delete(vectors)
        with self.database.write() as connection:
            connection.execute(query if model is None else query.where(vectors.c.model == model))


class SettingStore:
    """The workspace's own settings: a JSON value a key."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, key: str, default: Any = None) -> Any:
        """Return a setting."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(settings.c.value).where(settings.c.key == key)).first()
        return default if row is None else row.value

    def put(self, key: str, value: Any) -> None:
        """Set a setting."""
        with self.database.write() as connection:
            connection.execute(sa.delete(settings).where(settings.c.key == key))
            connection.execute(sa.insert(settings).values(key=key, value=value))
