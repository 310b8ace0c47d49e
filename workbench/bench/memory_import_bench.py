"""A large TMX through the import, beside translate-toolkit's reader: units a second, and how much memory each takes.

Each step runs in a process of its own, so that the peak is that step's. The file is written by the memory's own writer
from recombined units (see :mod:`workbench.bench.memory_bench`), each with an identifier, a date, an author, a property.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.formats.exchange import ExchangeUnit, ExchangeVariant, write_units

LANGUAGES = ("fr", "es", "pt", "en")

LOOKED_AT = 0.05  # seconds between two looks at a process's memory

OURS = """
import sys
from workbench.formats.exchange import ExchangeUnit, read_units
with open(sys.argv[1], "rb") as stream:
    print(sum(isinstance(item, ExchangeUnit) for item in read_units(stream, name="bench.tmx")))
"""
TOOLKIT = """
import sys
from translate.storage.tmx import tmxfile
with open(sys.argv[1], "rb") as stream:
    # Its units hold a piece of the parsed file; ours hold texts. Both are asked for the texts, it for two of the four.
    print(sum(bool(unit.source) and unit.target is not None for unit in tmxfile(stream).units))
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One process: seconds by the clock and of the processor, the largest memory in MB, what it printed."""

    seconds: float
    processor: float
    peak: float
    out: str


@dataclass(frozen=True, slots=True)
class ImportFigures:
    """A file of ``units`` units and ``size`` MB read by ours and by translate-toolkit, and imported."""

    size: float
    units: int
    ours: Step
    toolkit: Step
    imported: Step

    @property
    def times_faster(self) -> float:
        """How many times as many units a second our reader gives, by processor time."""
        return self.toolkit.processor / self.ours.processor


def write_tmx(path: Path, stream: Iterator[Mapping[str, str]], size: int) -> int:
    """Write a TMX of at least ``size`` bytes and return how many units it has."""
    with path.open("wb") as file:

        def units() -> Iterable[ExchangeUnit]:
            number = 0
            while file.tell() < size:
                number += 1
                texts = next(stream)
                yield ExchangeUnit(
                    tuple(ExchangeVariant(code, texts[code]) for code in LANGUAGES), id=f"u{number}", source="fr",
                    properties=(("x-project", "Atlas"),), created="2015-03-01T10:00:00Z", author="eva",
                )  # fmt: skip

        return write_units(iter(units()), file, format="tmx").units


def measure(folder: Path, stream: Iterator[Mapping[str, str]], *, megabytes: int = 200) -> ImportFigures:
    """Write a file into ``folder`` and measure it.

    Raises:
        RuntimeError: a process of the measurement failed.
    """
    path = folder / f"bench-{megabytes}.tmx"
    units = write_tmx(path, stream, megabytes * 2**20)
    ours = _step([sys.executable, "-c", OURS, str(path)])
    toolkit = _step([sys.executable, "-c", TOOLKIT, str(path)])
    home = folder / "import-home"
    imported = _step([sys.executable, "-m", "workbench", "memory", "import", str(path), "--json"], home=home)
    size = path.stat().st_size / 2**20
    path.unlink()
    if not int(ours.out) == int(toolkit.out) == json.loads(imported.out)["units"] == units:
        raise RuntimeError("The file's units were not all read.")
    return ImportFigures(size, units, ours, toolkit, imported)


def _step(command: Sequence[str], home: Path | None = None) -> Step:
    environment = {**os.environ, **({"WORKBENCH_HOME": str(home)} if home else {})}
    environment.pop("WORKBENCH_DATABASE_URL", None)
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True)  # noqa: S603 - our own
    assert process.stdout is not None
    peak, ended = 0.0, 0
    while not ended:
        time.sleep(LOOKED_AT)
        peak = max(peak, _memory(process.pid))
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    seconds = time.perf_counter() - started
    out = process.stdout.read()  # a number or a short JSON, which the pipe has held
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"A process of the measurement ended with {process.returncode}.")
    # What the system tells of an ended process counts the memory of the one that began it as well: a last resort.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Step(seconds, usage.ru_utime + usage.ru_stime, peak or usage.ru_maxrss / unit, out)


def _memory(process: int) -> float:
    """Return the most memory a process has had so far in MB, 0 where the system does not tell or it has ended."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 2**10 for line in lines if line.startswith("VmHWM:")), 0.0)


def report(figures: ImportFigures) -> str:
    """Return the figures in words."""
    lines = [f"A TMX of {figures.size:.0f} MB, {figures.units:,} units in four languages:"]
    for name, step in (
        ("read by the workbench", figures.ours),
        ("read by translate-toolkit's tmxfile", figures.toolkit),
        ("imported (workbench memory import)", figures.imported),
    ):
        lines.append(
            f"  {name:<36} {step.seconds:>7.1f} s, {step.processor:>7.1f} s of the processor, "
            f"{figures.units / step.processor:>8,.0f} units a second of it, at most {step.peak:,.0f} MB"
        )
    lines.append(f"  Reading is {figures.times_faster:.1f} times as fast as translate-toolkit.")
    return "\n".join(lines)
