"""How quick the desk is under a person's hands: a real Chromium, and translators at once over the real websocket.

Times in the browser run from the key's own time stamp to the frame that shows what it did. Beside the translation
editor stands a segment to which one jumps, so that nothing was fetched ahead.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.bench.desk_people import Place, Worked, work_at_once
from workbench.bench.desk_world import GRID, LENGTH, SOLO, AppProcess, fill_home, find_chromium
from workbench.config import read_settings
from workbench.errors import UsageError
from workbench.services.workspace import Workspace

TARGET = "es"
GRID_KEYS = ("ArrowDown", "m", "s", "u", "n", "Alt+ArrowDown", "u", "Enter")
GRID_PAUSE = 120  # ms between two keys: a quick hand
SEGMENT_PAUSE = 900  # ms between two confirmed segments: nobody reads faster
FAR = 9  # segments one jumps over, beyond all that was fetched ahead
LIMITS = {"grid": 100.0, "next": 300.0, "people": 1000.0}  # ms, p95: what is promised
CHROMIUM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(slots=True)
class Figure:
    """Times of one kind in milliseconds, and the promise they are held to (0: none)."""

    name: str
    times: Sequence[float]
    limit: float = 0.0

    def line(self) -> str:
        """Return a row of the table."""
        if not self.times:
            return f"{self.name}\t0\t–\t–\t–\t"
        limit = f"< {self.limit:.0f}" if self.limit else ""
        kept = "" if not self.limit else " yes" if quantile(self.times, 0.95) < self.limit else " NO"
        shown = "\t".join(f"{quantile(self.times, q):.0f}" for q in (0.5, 0.95, 1.0))
        return f"{self.name}\t{len(self.times)}\t{shown}\t{limit}{kept}"


@dataclass(slots=True)
class DeskFigures:
    """All that was measured, with sentences about it."""

    figures: list[Figure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return a table to read, then the sentences."""
        head = "what\tn\tp50 ms\tp95 ms\tmost\tpromised p95"
        return "\n".join([head, *(figure.line() for figure in self.figures), "", *self.notes])


def quantile(times: Sequence[float], share: float) -> float:
    """Return the least time that a share (0–1) of the times does not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def need_browser() -> None:
    """Tell whether a browser can be driven.

    Raises:
        UsageError: Playwright or a Chromium is missing.
    """
    if importlib.util.find_spec("playwright") is None:
        raise UsageError("This needs Playwright, which drives the browser: pip install 'workbench[bench]'.")
    if find_chromium() is None:
        raise UsageError("No Chromium was found: install one (apt install chromium), or name it in WORKBENCH_CHROMIUM.")


def run(
    *,
    units: int = 100_000,
    rows: int = 2_000,
    people: int = 10,
    segments: int = 15,
    data: Path | None = None,
    folder: Path | None = None,
) -> str:
    """Measure, and return the table.

    Args:
        units: Units of the memory.
        rows: Rows of the grid.
        people: Translators at once, one of them the browser.
        segments: Segments that each of them confirms.
        data: Real units for the memory; without it, it is made of the sample texts.
        folder: Where the filled workspace is kept for the next run of the same size.

    Raises:
        UsageError: Playwright or a Chromium is missing, or the app does not start.
    """
    need_browser()
    from playwright.sync_api import sync_playwright

    found = DeskFigures()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="workbench-desk-") as temporary, sync_playwright() as driver:
        filled = (folder or Path(temporary)) / f"desk-{units}-{rows}-{people}"
        if not filled.is_dir():
            making = filled.with_name(f"{filled.name}.part")
            shutil.rmtree(making, ignore_errors=True)
            fill_home(making, units=units, rows=rows, people=people, data=data)
            making.rename(filled)
        home = Path(temporary) / "home"
        shutil.copytree(filled, home)
        chromium = driver.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM))
        with AppProcess(home) as server:
            _measure_grid(server, chromium, found, rows)
            _measure_next(server, chromium, found, units)
            _measure_people(server, chromium, found, people, segments)
        chromium.close()
    found.notes.append(f"{os.cpu_count()} cores; load {load:.1f} before, {os.getloadavg()[0]:.1f} after.")
    return found.table()


# The grid editor ---------------------------------------------------------------------------------------------------

_WATCH_KEYS = """() => {
    window.keyTimes = [];
    addEventListener("keydown", (event) => keyTimes.push(event.timeStamp), true);
}"""

_PAINTED = """() => performance.getEntriesByName("grid:painted").map((entry) => {
    const key = keyTimes.filter((at) => at <= entry.startTime + 1).at(-1);
    return entry.startTime + entry.duration - (key ?? entry.startTime);
})"""

_ANSWERED = "() => performance.getEntriesByName('grid:answer').map((entry) => entry.duration)"


def _page(chromium: Any, address: str) -> Any:
    page = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    page.set_default_timeout(120_000)
    page.goto(address)
    return page


def _measure_grid(server: AppProcess, chromium: Any, found: DeskFigures, rows: int) -> None:
    page = _page(chromium, f"{server.url}/align?text={GRID}&row={rows // 2}")
    page.wait_for_selector("[data-part=grid] .row[data-place]")
    page.locator("[data-part=grid]").focus()
    page.evaluate(_WATCH_KEYS)
    before = server.processor_seconds()
    for _ in range(12):
        for key in GRID_KEYS:
            page.keyboard.press(key)
            page.wait_for_timeout(GRID_PAUSE)
    page.wait_for_selector("[data-part=editor][data-saving=no]")
    drawn, answered = page.evaluate(_PAINTED), page.evaluate(_ANSWERED)
    page.context.close()
    found.figures += [
        Figure(f"grid editor, {rows:,} rows × 4: key to the row drawn", drawn, LIMITS["grid"]),
        Figure("grid editor: key to stored and answered", answered),
    ]
    spent = (server.processor_seconds() - before) * 1e3 / max(len(drawn), 1)
    found.notes.append(f"The server spent {spent:.0f} ms of processor time on a key of the grid editor.")


# The translation editor --------------------------------------------------------------------------------------------

_WATCH_ARRIVAL = """() => {
    const host = [...document.querySelectorAll("*")].find((element) => element.shadowRoot?.querySelector(".desk"));
    const desk = host.shadowRoot;
    const open = () => desk.querySelector(".row.active");
    window.arrivals = [];
    let waiting = false;
    const watch = (at) => {
        const before = open()?.dataset.key;
        if (waiting) return;
        waiting = true;
        const look = () => {
            const row = open();
            if (!row || row.dataset.key === before || !row.querySelector(".aid:not(.empty)")) {
                requestAnimationFrame(look);
                return;
            }
            const channel = new MessageChannel();
            channel.port1.onmessage = () => { waiting = false; arrivals.push(performance.now() - at); };
            channel.port2.postMessage(0);
        };
        requestAnimationFrame(look);
    };
    addEventListener("keydown", (event) => event.key === "Enter" && event.ctrlKey && watch(event.timeStamp), true);
    addEventListener("pointerdown", (event) => watch(event.timeStamp), true);
}"""


def _open_desk(server: AppProcess, chromium: Any, slug: str, row: int = 0) -> Any:
    page = _page(chromium, f"{server.url}/translate?text={slug}&to={TARGET}" + (f"&row={row}" if row else ""))
    page.locator(".desk .row.active textarea").wait_for()
    page.locator(".desk .row.active .aid:not(.empty)").wait_for()
    server.wait_idle()  # the glossary and the memory's index are made once a start
    page.locator(".desk .row.active textarea").focus()
    page.evaluate(_WATCH_ARRIVAL)
    return page


def _arrive(page: Any, number: int) -> None:
    """Wait until so many arrivals have been seen."""
    page.wait_for_function("(n) => arrivals.length >= n", arg=number)


def _confirm(page: Any) -> None:
    page.keyboard.press("Control+1")
    if not page.locator(".desk .row.active textarea").input_value():
        page.keyboard.type("Sin memoria.")
    page.keyboard.press("Control+Enter")


def _measure_next(server: AppProcess, chromium: Any, found: DeskFigures, units: int) -> None:
    page = _open_desk(server, chromium, SOLO)
    before = server.processor_seconds()
    for number in range(1, 31):
        page.wait_for_timeout(SEGMENT_PAUSE)
        _confirm(page)
        _arrive(page, number)
    ahead = page.evaluate("() => arrivals")
    spent = (server.processor_seconds() - before) * 1e3 / len(ahead)
    page.context.close()
    page = _open_desk(server, chromium, SOLO, 1)
    rows = page.locator(".desk .row")
    for number in range(1, rows.count() // FAR + 1):
        row = rows.nth(number * FAR - 1)
        row.scroll_into_view_if_needed()
        page.wait_for_timeout(SEGMENT_PAUSE)
        row.click(position={"x": 300, "y": 10})
        _arrive(page, number)
    jumped = page.evaluate("() => arrivals")
    page.context.close()
    found.figures += [
        Figure(f"translation editor, {units:,} units: Ctrl+Enter to the next segment with help", ahead, LIMITS["next"]),
        Figure("translation editor: to a segment for which nothing was fetched ahead", jumped),
    ]
    found.notes.append(f"The server spent {spent:.0f} ms of processor time on a confirmed segment.")


# Translators at once -----------------------------------------------------------------------------------------------


def _measure_people(server: AppProcess, chromium: Any, found: DeskFigures, people: int, segments: int) -> None:
    slug, partner = f"shared-{(people - 1) // 2 + 1}", people % 2 == 0
    places: list[Place] = [(f"shared-{n // 2 + 1}", slice(n % 2, None, 2)) for n in range(people - 1 - partner)]
    most = segments * 2  # the browser goes through its text from the first segment on
    if partner:  # … and whoever has the same text comes from its last
        places.append((slug, slice(None, None, -1)))
        most = min(most, LENGTH - segments)
    page = _open_desk(server, chromium, slug)
    before, started = server.processor_seconds(), time.monotonic()
    threads, done = work_at_once(server.url, places, target=TARGET, count=segments)
    number = 0
    while any(thread.is_alive() for thread in threads) and number < most:
        page.wait_for_timeout(2 * SEGMENT_PAUSE)
        _confirm(page)
        number += 1
        _arrive(page, number)
    for thread in threads:
        thread.join(timeout=600)
    passed = time.monotonic() - started
    page.locator('.desk .saved[data-state="saved"]').wait_for()
    seen = page.evaluate("() => arrivals")
    page.context.close()
    asked = [t for worked in done for t in worked.confirms]
    found.figures += [
        Figure(f"{people} translators: confirmed to stored, and help for the next", asked, LIMITS["people"]),
        Figure(f"{people} translators: a draft stored", [t for w in done for t in w.drafts], LIMITS["people"]),
        Figure(f"{people} translators: the browser among them, to the next segment", seen, LIMITS["people"]),
        Figure(
            f"{people} translators: the editor opened, all at the same moment", [w.opened for w in done if w.opened]
        ),
    ]
    kept, refused = sum(len(w.texts) for w in done), sum(w.refused for w in done)
    lost = lost_edits(server.home, places, done) + empty_rows(server.home, slug, number)
    found.notes.append(f"{kept + number} confirmed edits, {lost} lost, {refused} refused and told.")
    busy = (server.processor_seconds() - before) / passed
    found.notes.append(f"{people} translators kept the server busy for {busy:.0%} of one core.")
    found.notes += [worked.trouble for worked in done if worked.trouble]


def lost_edits(home: Path, places: Sequence[Place], done: Sequence[Worked]) -> int:
    """Return how many confirmed texts the store does not hold as often as they were confirmed.

    Nobody else works on these segments: a text that a later confirmation has put into the history is lost as well.
    """
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
    try:
        slugs = {slug for slug, _ in places if TARGET in workspace.library.versions(slug)}
        stored = Counter(segment.text for slug in slugs for segment in workspace.library.segments(slug, TARGET))
    finally:
        workspace.close()
    wanted = Counter(text for worked in done for text in worked.texts.values())
    return (wanted - stored).total()


def empty_rows(home: Path, slug: str, count: int) -> int:
    """Return how many of a text's first rows, which the browser has confirmed, have no translation in the store."""
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home)}))
    try:
        return sum(not row.target for row in workspace.translation.view(slug, TARGET).rows[:count])
    finally:
        workspace.close()
