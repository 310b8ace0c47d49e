"""`workbench app`: the workbench in the browser."""

from __future__ import annotations

import os
import socket
import sys
from typing import Annotated

import typer

from workbench.commands.console import examples
from workbench.errors import UsageError


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command("app", epilog=examples("workbench app", "workbench app --port 8600 --no-browser"))(app)


def app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve on.")] = 8501,
    address: Annotated[
        str | None, typer.Option(help="Address to serve on; this machine alone unless given (see docs/hosting.md).")
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Open the workbench in the browser, with the workspace in WORKBENCH_HOME. Ctrl+C ends it; nothing is lost."""
    from workbench.config import bundled_path, read_settings

    read_settings()  # a wrong setting is told here, not on a page
    page = bundled_path("app.py")
    if not page.is_file():
        raise UsageError(f"{page} is missing: install the workbench again.")
    _check_free(address or "localhost", port)
    command = [sys.executable, "-m", "streamlit", "run", str(page), "--server.port", str(port)]
    if address:
        command += ["--server.address", address]
    # Without a screen or a terminal there is nobody to open a browser for.
    if not browser or not sys.stdout.isatty():
        command += ["--server.headless", "true"]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, command)  # noqa: S606 - our own page with our own interpreter


def _check_free(address: str, port: int) -> None:
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((address, port))
    except OSError as error:
        raise UsageError(
            f"Port {port} of {address} cannot be used ({error.strerror}): choose another with --port."
        ) from error
