"""Plots of measurements, as SVG without any library."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

ROW, LEFT, WIDTH = 22, 190, 420
COLOURS = ("#0b6470", "#b86b00", "#1d5791", "#a1282f", "#55656a", "#1a6840")


def error_bars(rows: Sequence[tuple[str, str, float]]) -> bytes:
    """Draw (set, method, error 0–1) as bars, the sets one below the other, on one scale from 0.

    Args:
        rows: Those of a set stand together.
    """
    most = max((error for _, _, error in rows), default=0) or 1.0
    methods = list(dict.fromkeys(method for _, method, _ in rows))
    parts: list[str] = []
    y, seen = 30, ""
    for name, method, error in rows:
        if name != seen:
            y += ROW // 2
            parts.append(f'<text x="8" y="{y}" font-weight="bold">{escape(name)}</text>')
            y, seen = y + 6, name
        colour = COLOURS[methods.index(method) % len(COLOURS)]
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(method)}</text>'
            f'<rect x="{LEFT}" y="{y + 3}" width="{error / most * WIDTH:.1f}" height="{ROW - 8}" fill="{colour}"/>'
            f'<text x="{LEFT + error / most * WIDTH + 6:.1f}" y="{y + 14}">{error:.4f}</text>'
        )
        y += ROW
    width, height = LEFT + WIDTH + 70, y + 10
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
        f'font-family="sans-serif" font-size="12" fill="#18262a"><title>Errors by set and method</title>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>'
        f'<text x="8" y="18">error 1 − F1 by cut: shorter is better</text>{"".join(parts)}</svg>\n'
    )
    return svg.encode()
