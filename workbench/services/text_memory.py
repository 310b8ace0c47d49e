"""What the memory learns of a text: its rows as units, with the neighbours each segment has in its version."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.grid import Grid
from workbench.core.library import StoredSegment, StoredText
from workbench.core.memory import Neighbours, NewUnit, Source, SourceKind
from workbench.core.texts import SegmentState

UNFINISHED = (SegmentState.STALE, SegmentState.DRAFT)
"""What answers an earlier source, or nobody has confirmed, is no translation of what the source says now."""


def grid_source(text: StoredText, aligner: str = "") -> Source:
    """Return the source of a text's aligned rows."""
    return Source(f"text:{text.slug}", SourceKind.TEXT, text.title, text.slug, aligner=aligner)


def desk_source(text: StoredText) -> Source:
    """Return the source of what was confirmed while translating a text."""
    return Source(f"desk:{text.slug}", SourceKind.DESK, text.title, text.slug)


def row_units(
    grid: Grid, places: Mapping[str, int], segments: Mapping[str, Mapping[int, StoredSegment]]
) -> list[tuple[NewUnit, bool]]:
    """Return (unit, reviewed) of rows of a grid.

    Args:
        places: The name a row is remembered by → its place in the grid.
        segments: By language, the version's segments by number, in the version's order.
    """
    order = {language: sorted(by_id.values(), key=lambda s: s.position) for language, by_id in segments.items()}
    at = {language: {s.id: k for k, s in enumerate(found)} for language, found in order.items()}
    out = []
    for name, place in places.items():
        row = grid.rows[place]
        variants: dict[str, str] = {}
        context: dict[str, Neighbours] = {}
        for language, cell in zip(grid.languages, row.cells, strict=True):
            where = sorted(at[language][n] for n in cell if n in at.get(language, {}))
            found = order.get(language, [])
            if not where or any(found[k].state in UNFINISHED for k in where):
                continue
            variants[language] = " ".join(found[k].text for k in where)
            before = found[where[0] - 1].text if where[0] else ""
            after = found[where[-1] + 1].text if where[-1] + 1 < len(found) else ""
            context[language] = (before, after)
        if len(variants) > 1:
            out.append((NewUnit(variants, name, context, row.confidence), row.confirmed))
    return out
