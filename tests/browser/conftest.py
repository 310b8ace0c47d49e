"""A real app server on a workspace of its own, and a real headless Chromium in front of it.

Skipped where no Chromium is found; with ``WORKBENCH_REQUIRE_BROWSER=1`` (CI) a missing one fails instead.
``WORKBENCH_CHROMIUM`` names another executable.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 90  # a cold start on a loaded machine


@dataclass
class AppServer:
    """A running app: ``url`` without a trailing slash, and the ``home`` folder of its workspace.

    ``stop`` and ``start`` kill and restart it on the same port, as a power cut would.
    """

    home: Path
    port: int
    environ: dict = field(default_factory=dict)
    process: subprocess.Popen | None = None
    seconds: float = 0.0  # from starting it to its first answer

    @property
    def url(self):
        return f"http://localhost:{self.port}"

    def start(self):
        environ = {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")}
        environ |= {"WORKBENCH_HOME": str(self.home), "WORKBENCH_AUTHOR": "tester", **self.environ}
        environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        command = [
            sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py"), "--server.port", str(self.port),
            "--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none",
        ]  # fmt: skip
        self.log = (self.home.parent / f"{self.home.name}.log").open("ab")
        self.process = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=self.log, stderr=self.log)
        started = time.monotonic()
        end = started + START_SECONDS
        while time.monotonic() < end:
            assert self.process.poll() is None, f"the app did not start; see {self.log.name}"
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        self.seconds = time.monotonic() - started
                        return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise AssertionError(f"the app did not answer within {START_SECONDS} s; see {self.log.name}")

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
            self.log.close()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_chromium():
    """Return the path of a Chromium, ``None`` if there is none."""
    named = os.environ.get("WORKBENCH_CHROMIUM")
    return named if named else next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Add what stood on the page to a failed test's report: a run elsewhere leaves nothing else to look at."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and hasattr(page, "url"):
        with contextlib.suppress(Exception):
            words = page.locator("body").inner_text(timeout=2_000)
            report.sections.append(("the page", f"{page.url}\n{words[:2_000]}"))
        server = item.funcargs.get("app_server")
        if isinstance(server, AppServer):
            log = Path(server.log.name).read_text(encoding="utf-8", errors="replace")
            report.sections.append(("the server's log", log[-2_000:]))
    return report


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium for the whole run."""
    path = find_chromium()
    if path is None:
        message = "no Chromium found: install Debian's chromium or set WORKBENCH_CHROMIUM"
        if os.environ.get("WORKBENCH_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def make_app_server(browser, tmp_path_factory):
    """A function that starts an app on an empty workspace.

    ``prepare(home)`` may fill it first; ``before_start(port)`` may write what has to know the app's address.
    """
    servers = []

    def make(prepare=None, before_start=None, **environ):
        home = tmp_path_factory.mktemp("home")
        if prepare is not None:
            prepare(home)
        server = AppServer(home, free_port(), environ)
        if before_start is not None:
            before_start(server.port)
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="module")
def app_server(make_app_server):
    """An app on a new workspace, which fills itself with the sample texts at the first visit; one a test module."""
    return make_app_server()


@pytest.fixture
def page(browser):
    """A page of a fresh browser profile, 1280×800, whose script errors fail the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    errors = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert not errors, errors
