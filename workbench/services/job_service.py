"""Long work in the background: one at a time, with progress and cancel, seen from every page through the store."""

from __future__ import annotations

import logging
import os
import platform
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic, sleep
from typing import Protocol

from workbench.core.people import Right
from workbench.errors import Sentence, WorkbenchError, sentence
from workbench.services.rights import OPEN, Guard, needs
from workbench.store.jobs import StoredJob
from workbench.store.store import Store

log = logging.getLogger(__name__)

PROGRESS_EVERY = 0.3  # seconds between two writes of a job's progress: enough for the eye, nothing for the disk


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Raised inside a job when the user has asked it to stop."""


class Progress(Protocol):
    """What a job reports to: call it with how much is done of how much; it raises :class:`Cancelled` on request."""

    def __call__(self, done: int, total: int, message: str = "") -> None: ...


class JobService:
    """Runs jobs of this process, in order, and shows those of all processes.

    Args:
        store: Where progress is written.
        now: The clock.
        guard: What the person at work may do.
    """

    def __init__(self, *, store: Store, now: Callable[[], str], guard: Guard = OPEN) -> None:
        self.store = store
        self.now = now
        self.guard = guard
        self.process = f"{platform.node()}:{os.getpid()}"
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workbench-job")
        self._quiet_pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workbench-quiet-job")
        self._asked: set[Future[None]] = set()  # work somebody waits for, which quiet work makes way for
        self._futures: dict[int, Future[None]] = {}
        self._lock = threading.Lock()
        store.jobs.interrupt_others(
            self.process, sentence("The program was stopped before this was finished.").dump(), now()
        )

    def start(self, kind: str, subject: str, work: Callable[[Progress], Sentence], *, quiet: bool = False) -> int:
        """Queue work and return the job's number; while the same is running, return that one instead.

        Args:
            kind: What is done (``"align"``, ``"vectors"``).
            subject: What it is done to (a slug).
            work: Called in the background with the progress to report to; returns a sentence about the outcome.
            quiet: Nobody asked for it (vectors made ahead): at each step it makes way for work somebody waits for.
        """
        with self._lock:
            running = self.running(kind, subject)
            if running is not None:
                return running.id
            job_id = self.store.jobs.start(kind, subject, self.process, self.now())
            if quiet:
                self._futures[job_id] = self._quiet_pool.submit(self._run, job_id, work, True)
                return job_id
            future = self._futures[job_id] = self._pool.submit(self._run, job_id, work)
            self._asked.add(future)
            future.add_done_callback(self._asked.discard)
            return job_id

    def running(self, kind: str, subject: str | None = None) -> StoredJob | None:
        """Return the running job of a kind, on a subject if one is given."""
        for job in self.store.jobs.recent():
            if job.state == "running" and job.kind == kind and subject in (None, job.subject):
                return job
        return None

    def active(self) -> list[StoredJob]:
        """Return all running jobs, newest first."""
        return [job for job in self.store.jobs.recent() if job.state == "running"]

    def get(self, job_id: int) -> StoredJob | None:
        """Return a job."""
        return self.store.jobs.get(job_id)

    @needs(Right.TRANSLATE)
    def cancel(self, job_id: int) -> None:
        """Ask a job to stop; it does so at its next step and leaves nothing half-done."""
        self.store.jobs.update(job_id, {"cancel": True}, self.now())

    def wait(self, job_id: int, timeout: float | None = None) -> None:
        """Wait for a job of this process to end."""
        future = self._futures.get(job_id)
        if future is not None:
            future.result(timeout)

    def _run(self, job_id: int, work: Callable[[Progress], Sentence], quiet: bool = False) -> None:
        last = 0.0

        def progress(done: int, total: int, message: str = "") -> None:
            nonlocal last
            while quiet and self._asked and not self._is_cancelled(job_id):
                sleep(PROGRESS_EVERY)
            if monotonic() - last < PROGRESS_EVERY and done < total:
                return
            last = monotonic()
            if self._is_cancelled(job_id):
                raise Cancelled
            values: dict[str, object] = {"done": done, "total": total}
            if message:
                values["message"] = message
            self.store.jobs.update(job_id, values, self.now())

        try:
            progress(0, 0)
            message = work(progress)
            self._end(job_id, "done", message)
        except Cancelled:
            self._end(job_id, "cancelled", sentence("Stopped."))
        except WorkbenchError as error:
            self._end(job_id, "failed", error.sentence)
        except Exception:
            log.exception("job %s failed", job_id)
            words = sentence("Something went wrong in the program; the details are in its log.")
            self._end(job_id, "failed", words)

    def _is_cancelled(self, job_id: int) -> bool:
        job = self.store.jobs.get(job_id)
        return job is None or job.cancel

    def _end(self, job_id: int, state: str, words: Sentence) -> None:
        self.store.jobs.update(job_id, {"state": state, "message": words.dump()}, self.now())
