"""How sure each row of a grid is, and why not."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.align_evidence import Side
from workbench.core.grid import Grid


def judge(grid: Grid, sides: Sequence[Side | None]) -> Grid:
    """Return the grid with confidences and reasons."""
    return grid
