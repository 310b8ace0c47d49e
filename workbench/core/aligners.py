"""Two versions aligned: the best beads between their segments, with a probability for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from workbench.core.align_evidence import centred, lengths, simple_scores
from workbench.core.align_search import Cut, Floats, best_path, full_band
from workbench.core.grid import Alignment, Bead
from workbench.core.texts import Segment
from workbench.errors import UsageError

MAX_BEAD = 6
"""Segments a side that one bead may hold unless told otherwise."""


def align_pair(
    source: Sequence[Segment],
    target: Sequence[Segment],
    *,
    source_vectors: np.ndarray,
    target_vectors: np.ndarray,
    languages: tuple[str, str] = ("", ""),
    max_bead: int = MAX_BEAD,
    fixed: Sequence[Bead] = (),
) -> Alignment:
    """Align two versions.

    Args:
        source: The first version's segments, in order.
        target: The second's.
        source_vectors: (n, d) unit vectors of the source's segments, from one encoder.
        target_vectors: (m, d) likewise, same d.
        languages: Their codes; they name the columns of the result and choose what is compared in the text.
        max_bead: Most segments a side of a bead, 1–8.
        fixed: Beads that a person has confirmed: they stand in the result as they are.

    Returns:
        Beads in the order of the source, every segment in exactly one; ``score`` is the bead's probability of being
        right, 0–1 (1.0 for fixed ones). Numbers are 0-based places in ``source`` and ``target``.

    Raises:
        UsageError: vectors and segments differ in number, ``max_bead`` is out of range, or fixed beads name segments
            that do not exist or stand twice.
    """
    check_vectors(source, source_vectors, languages[0])
    check_vectors(target, target_vectors, languages[1])
    if not 1 <= max_bead <= 8:
        raise UsageError(f"A bead of at most {max_bead} segments a side is not possible: choose 1 to 8.")
    path = _path(source, target, source_vectors, target_vectors, max_bead)
    beads = tuple(Bead(tuple(range(i, k)), tuple(range(j, m))) for (i, j), (k, m) in pairwise(path))
    return Alignment(languages[0], languages[1], beads)


def _path(
    source: Sequence[Segment], target: Sequence[Segment], source_vectors: Floats, target_vectors: Floats, limit: int
) -> list[Cut]:
    n, m = len(source), len(target)
    if not n or not m:
        return [(i, 0) for i in range(n + 1)] + [(n, j) for j in range(1, m + 1)]
    band = full_band(n, m)
    scores = simple_scores(
        band, limit, centred(source_vectors), centred(target_vectors), lengths(source), lengths(target)
    )
    return best_path(band, limit, scores.beads, scores.delete, scores.insert)


def check_vectors(segments: Sequence[Segment], vectors: np.ndarray, language: str) -> None:
    """Check that there is a vector for each segment.

    Raises:
        UsageError: their numbers differ.
    """
    if len(segments) != len(vectors):
        raise UsageError(
            f"The {language or 'text'} version has {len(segments)} segments but {len(vectors)} vectors: encode it anew."
        )
