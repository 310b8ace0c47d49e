"""Eight processes at one memory: how long look-ups take beside each other and beside writers."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.core.memory import NewUnit, Source
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

PAUSE = 0.05  # seconds between two confirmed segments of a writer: twenty a second, far above any person
WARM = 5  # first look-ups of a reader, which make its index


@dataclass(frozen=True, slots=True)
class ProcessFigures:
    """Milliseconds of the readers' look-ups.

    Attributes:
        idle_p50, idle_p95: One reader alone.
        busy_p50, busy_p95: Every reader beside the others and the writers.
        learnt: Units the writers said they had saved; ``kept``: those found afterwards.
    """

    readers: int
    writers: int
    idle_p50: float
    idle_p95: float
    busy_p50: float
    busy_p95: float
    learnt: int
    kept: int


def measure(
    url: str, queries: Sequence[str], *, readers: int = 4, writers: int = 4, seconds: float = 20.0
) -> ProcessFigures:
    """Measure a memory that holds something; the writers' units are taken out again."""
    idle = _readings([_start("read", url, str(seconds), *queries)])
    started = [_start("read", url, str(seconds), *queries) for _ in range(readers)]
    writing = [_start("write", url, str(seconds), f"writer{k}") for k in range(writers)]
    busy = _readings(started)
    learnt = sum(int(_output(process)) for process in writing)
    store = open_store(url)
    memory = MemoryService(store=store, now=lambda: "2015-03-01T10:00:00Z", author="bench")
    kept = sum(memory.retract(f"text:writer{k}") for k in range(writers))
    store.close()
    return ProcessFigures(
        readers, writers, round(statistics.median(idle), 2), round(float(np.percentile(idle, 95)), 2),
        round(statistics.median(busy), 2), round(float(np.percentile(busy, 95)), 2), learnt, kept,
    )  # fmt: skip


def report(f: ProcessFigures) -> str:
    """Return the figures in words."""
    return (
        f"{f.readers + f.writers} processes, {f.writers} of them writing: look-ups p50 / p95 {f.busy_p50:.1f} / "
        f"{f.busy_p95:.1f} ms, one reader alone {f.idle_p50:.1f} / {f.idle_p95:.1f} ms: p95 is "
        f"{f.busy_p95 / f.idle_p95:.1f} times the idle one. Of {f.learnt:,} units saved {f.kept:,} are there."
    )


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workbench.bench.memory_processes", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())  # noqa: S603 - our own module


def _output(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"A process of the measurement ended with {process.returncode}.")
    return out


def _readings(processes: Sequence[subprocess.Popen[str]]) -> list[float]:
    return [float(number) for process in processes for number in _output(process).split()]


def _read(memory: MemoryService, seconds: float, queries: Sequence[str]) -> None:
    for query in queries[:WARM]:
        memory.search(query, source="fr", target="es")
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        started = time.perf_counter()
        memory.search(queries[number % len(queries)], source="fr", target="es")
        print(round((time.perf_counter() - started) * 1e3, 3))
        number += 1
        time.sleep(PAUSE)


def _write(memory: MemoryService, seconds: float, name: str) -> None:
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        unit = NewUnit(
            {"fr": f"Écrit par {name}, {number}.", "es": f"Escrito por {name}, {number}."}, place=str(number)
        )
        memory.learn([unit], source=Source(f"text:{name}"), reviewed=True)
        number += 1
        time.sleep(PAUSE)
    print(number)


def main(arguments: Sequence[str]) -> None:
    """Be one of the processes."""
    what, url, seconds, *rest = arguments
    store = open_store(url)
    memory = MemoryService(store=store, now=lambda: "2015-03-01T10:00:00Z", author=rest[0][:20])
    if what == "read":
        _read(memory, float(seconds), rest)
    else:
        _write(memory, float(seconds), rest[0])
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
