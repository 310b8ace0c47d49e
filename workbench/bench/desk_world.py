"""The world in which the desk is measured: a filled workspace, and the app on it in a process of its own."""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from workbench.bench.memory_bench import LANGUAGES, Texts, make_queries, read_base, recombined
from workbench.config import bundled_path, read_settings
from workbench.core.grid import Grid, Row
from workbench.core.texts import Segment, TextInfo
from workbench.errors import UsageError
from workbench.formats.exchange import ExchangeUnit, ExchangeVariant
from workbench.services.seed_service import SEEDED_KEY, read_corpus_text
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

GRID = "long-grid"
SOLO = "solo"
HELD_OUT = 60  # base units kept out of the memory: a third of what is translated
LENGTH = 60  # segments of a text to be translated
DOUBTFUL_EVERY = 9  # every so many rows one is doubtful
START_SECONDS = 120
IDLE = 0.1  # processor seconds a second


def sample_base() -> list[Texts]:
    """Return the rows of the sample texts that answer each other one to one in all four languages."""
    found: dict[str, Texts] = {}
    for folder in sorted(path.parent for path in bundled_path("corpora").glob("*/gold.tsv")):
        _, read, grid = read_corpus_text(folder)
        if grid is None or set(grid.languages) != set(LANGUAGES):
            continue
        texts = {version.language: version.segments for version in read}
        for row in grid.rows:
            if all(len(cell) == 1 for cell in row.cells):
                cells = zip(grid.languages, row.cells, strict=True)
                unit = {code: texts[code][cell[0]].text for code, cell in cells}
                found.setdefault(unit["fr"], unit)
    return list(found.values())


def fill_home(home: Path, *, units: int, rows: int, people: int, data: Path | None = None) -> None:
    """Fill a workspace: a memory, a grid of four languages, and French texts to be translated.

    The memory holds the sample texts' rows (or those of ``data``) and pairs of them joined; a third of the segments to
    be translated are not in it, the others are units with a word in six changed.

    Args:
        units: Units of the memory.
        rows: Rows of the grid.
        people: Translators; two share a text.
        data: Real units, as :func:`workbench.bench.memory_bench.read_base` reads them.
    """
    every = read_base(data) if data is not None else sample_base()
    base, held_out = every[:-HELD_OUT], every[-HELD_OUT:]
    memory = list(islice(recombined(base), units))
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home), "WORKBENCH_AUTHOR": "bench"}))
    try:
        workspace.seed.fill()
        workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
        workspace.memory.import_units((_exchange(unit) for unit in memory), name=f"{units} units")
        _add_grid(workspace, memory, rows)
        asked = make_queries(memory, held_out, LENGTH * (1 + (people + 1) // 2))
        for number in range(0, len(asked), LENGTH):
            # Drawn in turn from the natural and the edited ones, as they follow each other in a text.
            part = asked[number // LENGTH :: len(asked) // LENGTH]
            slug = SOLO if number == 0 else f"shared-{number // LENGTH}"
            _add_text(workspace, slug, {"fr": part})
    finally:
        workspace.close()


def _exchange(texts: Texts) -> ExchangeUnit:
    return ExchangeUnit(tuple(ExchangeVariant(code, text) for code, text in texts.items()))


def _add_text(workspace: Workspace, slug: str, columns: dict[str, list[str]]) -> int:
    read = []
    for code, texts in columns.items():
        segments = tuple(Segment(text, block=n) for n, text in enumerate(texts))
        upload = Upload(f"{slug}.{code}.txt", "\n\n".join(texts).encode(), code)
        read += [dataclasses.replace(version, segments=segments) for version in read_uploads([upload])]
    return workspace.library.add_text(TextInfo(slug, slug, "page", "fr"), read).id


def _add_grid(workspace: Workspace, units: Sequence[Texts], count: int) -> None:
    chosen = [units[n % len(units)] for n in range(count)]
    columns = {code: [unit[code] for unit in chosen] for code in LANGUAGES}
    text_id = _add_text(workspace, GRID, columns)
    numbers = [[segment.id for segment in workspace.library.segments(GRID, code)] for code in LANGUAGES]
    rows = tuple(
        Row(tuple((column[n],) for column in numbers), 0.6 if n % DOUBTFUL_EVERY == 4 else 0.97) for n in range(count)
    )
    with workspace.store.database.write() as connection:
        workspace.store.grids.put(connection, text_id, Grid(LANGUAGES, rows), "bench", workspace.library.now())


class AppProcess:
    """The app on a workspace, or another Streamlit script, on a free port of this machine alone.

    Args:
        home: The workspace.
        script: Another script instead of the app.

    Raises:
        UsageError: it does not answer within :data:`START_SECONDS`.
    """

    def __init__(self, home: Path, script: Path | None = None) -> None:
        self.home = home
        self.script = script or bundled_path("app.py")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://localhost:{self.port}"

    def __enter__(self) -> AppProcess:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")}
        environ |= {"WORKBENCH_HOME": str(self.home), "WORKBENCH_AUTHOR": "bench"}
        command = [
            sys.executable, "-m", "streamlit", "run", str(self.script), "--server.port", str(self.port),
            "--server.address", "localhost", "--server.headless", "true", "--server.fileWatcherType", "none",
            "--browser.gatherUsageStats", "false",
        ]  # fmt: skip
        self.process = subprocess.Popen(  # noqa: S603 - our own page with our own interpreter
            command, env=environ, cwd=bundled_path("app.py").parent, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):  # noqa: S310 - this machine
                    return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.__exit__()
        raise UsageError(f"{self.script.name} did not start within {START_SECONDS} seconds.")

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def processor_seconds(self) -> float:
        """Return the processor time the server has used so far; 0 where the system does not tell (Linux does)."""
        if self.process is None:
            return 0.0
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_idle(self, seconds: float = 60.0) -> None:
        """Wait until the server has nothing to do for a second, ``seconds`` at most."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            before = self.processor_seconds()
            time.sleep(1.0)
            if self.processor_seconds() - before < IDLE:
                return


def find_chromium() -> str | None:
    """Return a Chromium's path: that of ``WORKBENCH_CHROMIUM``, or one of the usual names."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("WORKBENCH_CHROMIUM") or next((path for n in names if (path := shutil.which(n))), None)
