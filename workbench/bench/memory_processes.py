"""Eight processes at one memory: how long look-ups take beside each other and beside writers.

Everybody begins once all have read what they need. Beside it stands a control: as many processes that use as much of
the processor in the same rhythm and touch no database. What they wait for each other is the machine's part.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.core.memory import NewUnit, Source
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

PAUSE = 0.05  # seconds between two confirmed segments of a writer: twenty a second, far above any person
WARM = 5  # first look-ups of a reader, which make its index
CALIBRATED = 0.2  # seconds of the processor in which the control measures how fast it counts


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of some look-ups: by the clock, and of the processor."""

    p50: float
    p95: float
    processor_p50: float
    processor_p95: float

    @classmethod
    def of(cls, pairs: Sequence[tuple[float, float]]) -> Times:
        """Take (by the clock, of the processor) of each look-up."""
        clock, processor = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        return cls(
            statistics.median(clock), float(np.percentile(clock, 95)),
            statistics.median(processor), float(np.percentile(processor, 95)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProcessFigures:
    """Milliseconds of the readers' look-ups.

    Attributes:
        idle: One reader alone.
        busy: Every reader beside the others and the writers.
        write: The writers' units: each saved for good.
        control_idle, control_busy: The same without a database.
        learnt: Units the writers said they had saved; ``kept``: those found afterwards.
    """

    readers: int
    writers: int
    idle: Times
    busy: Times
    write: Times
    control_idle: Times
    control_busy: Times
    learnt: int
    kept: int


def measure(
    url: str, queries: Sequence[str], *, readers: int = 4, writers: int = 4, seconds: float = 20.0
) -> ProcessFigures:
    """Measure a memory that holds something; the writers' units are taken out again."""
    idle, _ = _together([("read", url, str(seconds), *queries)])
    reading = [("read", url, str(seconds), *queries)] * readers
    writing = [("write", url, str(seconds), f"writer{k}") for k in range(writers)]
    busy, written = _together([*reading, *writing])
    store = open_store(url)
    memory = MemoryService(store=store, now=lambda: "2015-03-01T10:00:00Z", author="bench")
    kept = sum(memory.retract(f"text:writer{k}") for k in range(writers))
    store.close()
    reader = [("burn", "read", str(seconds), *(f"{processor:.3f}" for _, processor in idle[:200]))]
    writer = ("burn", "write", str(seconds), *(f"{processor:.3f}" for _, processor in written[:200]))
    control_idle, _ = _together(reader)
    control_busy, _ = _together([*reader * readers, *[writer] * writers])
    return ProcessFigures(
        readers, writers, Times.of(idle), Times.of(busy), Times.of(written), Times.of(control_idle),
        Times.of(control_busy), len(written), kept,
    )  # fmt: skip


def report(f: ProcessFigures) -> str:
    """Return the figures in words."""
    rows = [
        ("one reader alone", f.idle), (f"{f.readers} readers beside {f.writers} writers", f.busy),
        ("the writers, a unit saved", f.write), ("control: one process alone", f.control_idle),
        (f"control: {f.readers} beside {f.writers}", f.control_busy),
    ]  # fmt: skip
    lines = [f"{f.readers + f.writers} processes, {f.writers} of them writing (p50 / p95 in ms, of the processor):"]
    lines += [
        f"  {name:<34} {t.p50:>6.1f} / {t.p95:>6.1f}   {t.processor_p50:>6.1f} / {t.processor_p95:>6.1f}"
        for name, t in rows
    ]
    lines.append(
        f"  p95 is {f.busy.p95 / f.idle.p95:.1f} times the idle one; in the control, which has no database, "
        f"{f.control_busy.p95 / f.control_idle.p95:.1f} times. Of {f.learnt:,} units saved {f.kept:,} are there."
    )
    return "\n".join(lines)


def _together(commands: Sequence[Sequence[str]]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Run processes that begin at once; return what those that read, and those that write, took."""
    started = [_start(*command) for command in commands]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()  # it is ready
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    out: dict[str, list[tuple[float, float]]] = {"read": [], "write": []}
    for command, process in zip(commands, started, strict=True):
        what = command[1] if command[0] == "burn" else command[0]
        numbers = [float(number) for number in _output(process).split()]
        out[what] += zip(numbers[::2], numbers[1::2], strict=True)
    return out["read"], out["write"]


def _start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workbench.bench.memory_processes", *arguments]
    return subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def _output(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"A process of the measurement ended with {process.returncode}.")
    return out


def _repeat(seconds: float, work: Callable[[int], object]) -> None:
    """Say that everything is ready, wait for the others, work with pauses, and print what each time took."""
    print("ready", flush=True)
    sys.stdin.readline()
    end, took = time.monotonic() + seconds, list[tuple[float, float]]()
    while time.monotonic() < end:
        clock, processor = time.perf_counter(), time.process_time()
        work(len(took))
        took.append(((time.perf_counter() - clock) * 1e3, (time.process_time() - processor) * 1e3))
        time.sleep(PAUSE)
    for pair in took:
        print(*(round(number, 3) for number in pair))


def _read(memory: MemoryService, seconds: float, queries: Sequence[str]) -> None:
    for query in queries[:WARM]:
        memory.search(query, source="fr", target="es")
    _repeat(seconds, lambda k: memory.search(queries[k % len(queries)], source="fr", target="es"))


def _write(memory: MemoryService, seconds: float, name: str) -> None:
    def learn(k: int) -> None:
        unit = NewUnit({"fr": f"Écrit par {name}, {k}.", "es": f"Escrito por {name}, {k}."}, place=str(k))
        memory.learn([unit], source=Source(f"text:{name}"), reviewed=True)

    _repeat(seconds, learn)


def _burn(seconds: float, milliseconds: Sequence[float]) -> None:
    """Use the processor as long as each of some look-ups did."""
    counted, began = 0, time.process_time()
    while time.process_time() - began < CALIBRATED:
        _count(1_000)
        counted += 1_000
    speed = counted / CALIBRATED / 1e3
    _repeat(seconds, lambda k: _count(int(speed * milliseconds[k % len(milliseconds)])))


def _count(turns: int) -> int:
    total = 0
    for number in range(turns):
        total += number & 3
    return total


def main(arguments: Sequence[str]) -> None:
    """Be one of the processes."""
    what, url, seconds, *rest = arguments
    if what == "burn":
        _burn(float(seconds), [float(number) for number in rest])
        return
    store = open_store(url)
    memory = MemoryService(store=store, now=lambda: "2015-03-01T10:00:00Z", author=rest[0][:20])
    if what == "read":
        _read(memory, float(seconds), rest)
    else:
        _write(memory, float(seconds), rest[0])
    store.close()


if __name__ == "__main__":
    main(sys.argv[1:])
