"""Gold that contradicts itself: stretches where a version's numbering has slipped against another's.

Gold made from verse numbers pairs verse 5 with verse 5. Where a version begins to count a verse earlier, its gold beads
pair each verse with the neighbour of the one it translates, chapter-long, and every aligner that is right is counted
wrong there. Such a stretch shows in the vectors alone, without any alignment: bead after bead, both sides are less like
each other than one of them is like its neighbour's other side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from workbench.bench.align_bench import GoldText
from workbench.core.align_search import Floats
from workbench.core.align_vectors import centred, unit
from workbench.core.grid import Alignment, Bead
from workbench.core.multiway import Column

SLIPPED = 6
"""So many beads one after the other: a single unlike one is a free translation, six are not."""

INTERRUPTED = 3  # beads from one to the next: "Jesus answered:" is as like the neighbour's as its own
REACH = 3  # beads to either hand in which a side's better answer is looked for
CLEARLY = 0.05  # how much more alike the better answer must be, in cosine of centred vectors


def slipped_stretches(gold: Alignment, source: Column, target: Column) -> list[tuple[int, int]]:
    """Return the (first, last + 1) places among the gold's beads of stretches that have slipped.

    Args:
        gold: The checked alignment.
        source: Its first version, with vectors.
        target: Its second.
    """
    whole = [k for k, bead in enumerate(gold.beads) if bead.source and bead.target]
    if len(whole) <= SLIPPED:
        return []
    one = _composed(source, [gold.beads[k].source for k in whole])
    two = _composed(target, [gold.beads[k].target for k in whole])
    ways = _ways(one @ two.T)
    out = []
    for way in (-1, 1):
        places = [k for k, found in enumerate(ways) if found == way]
        first = 0
        for k in range(1, len(places) + 1):
            if k == len(places) or places[k] - places[k - 1] > INTERRUPTED:
                if k - first >= SLIPPED:
                    # The bead before holds what the slip began with, the one behind what is left over.
                    out.append((max(whole[places[first]] - 1, 0), min(whole[places[k - 1]] + 2, len(gold.beads))))
                first = k
    return sorted(out)


def _composed(column: Column, cells: Sequence[Sequence[int]]) -> Floats:
    sizes = np.array([max(len(segment.text), 1) for segment in column.segments], np.float32)
    vectors = centred(column.vectors) * sizes[:, None]
    return unit(np.stack([vectors[list(cell)].sum(axis=0) for cell in cells]))


def _ways(alike: Floats) -> list[int]:
    """For each bead 1 or −1 where its source is better answered by a later or an earlier bead's target, else 0."""
    count = len(alike)
    out = []
    for k in range(count):
        places = np.array([m for m in range(k - REACH, k + REACH + 1) if m != k and 0 <= m < count])
        best = int(places[np.argmax(alike[k, places])])
        out.append(int(np.sign(best - k)) if alike[k, best] > alike[k, k] + CLEARLY else 0)
    return out


def join_slipped(text: GoldText) -> tuple[GoldText, list[str]]:
    """Make one coarse bead of each stretch that has slipped, inside which no cut is right or wrong.

    Returns:
        The text with such gold, and a plain sentence for each stretch.
    """
    golds, said = [], []
    for gold in text.golds:
        beads = list(gold.beads)
        for first, last in reversed(slipped_stretches(gold, text.columns[gold.source], text.columns[gold.target])):
            source = tuple(n for bead in beads[first:last] for n in bead.source)
            target = tuple(n for bead in beads[first:last] for n in bead.target)
            beads[first:last] = [Bead(source, target)]
            said.append(
                f"{text.name}, {gold.source}–{gold.target}: {last - first} gold beads from {gold.source} segment "
                f"{source[0]} to {source[-1]} pair each verse with a neighbour's translation."
            )
        golds.append(Alignment(gold.source, gold.target, tuple(beads)))
    return replace(text, golds=golds), said
