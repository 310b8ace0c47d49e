"""The files beside components, and what their JavaScript shares."""

from __future__ import annotations

from pathlib import Path


def _read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


TURNS = _read("turns.js")
"""JavaScript that defines ``inTurn``, through which components speak to the server, and ``leaveFor`` for links."""

CLIPBOARD = _read("clipboard.js")
"""JavaScript that defines ``copyText``, ``segmentAddress`` and ``keepRow``: copying, and the address of a row."""
