"""The files beside components, and what their JavaScript shares."""

from __future__ import annotations

from pathlib import Path

TURNS = (Path(__file__).parent / "turns.js").read_text(encoding="utf-8")
"""JavaScript that defines ``inTurn``, through which every component speaks to the server."""
