"""What speaks for and against a bead: vectors, lengths, and marks in the text itself, over a band of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.core.align_search import NOTHING, Band, Floats
from workbench.core.texts import Segment


@dataclass(frozen=True)
class Scores:
    """The weights a search needs, see :func:`workbench.core.align_search.best_path`."""

    beads: Floats
    delete: Floats
    insert: Floats


def centred(vectors: Floats) -> Floats:
    """Take the mean from a version's vectors and make them unit length again.

    Vectors of one language share a direction that says nothing about the sentence; without it similarities across
    languages become comparable (Artetxe and Schwenk's margin corrects the same fault at search time).
    """
    vectors = np.asarray(vectors, np.float32)
    if len(vectors) < 2:
        return vectors
    out = vectors - vectors.mean(axis=0)
    # A version of few or equal segments would lose everything: keep what is left of the original then.
    lengths = np.linalg.norm(out, axis=1, keepdims=True)
    return np.where(lengths > 1e-4, out / np.maximum(lengths, 1e-4), vectors).astype(np.float32)


def lengths(segments: Sequence[Segment]) -> Floats:
    """Characters of each segment, at least one."""
    return np.array([max(len(segment.text), 1) for segment in segments], np.float32)


def simple_scores(band: Band, limit: int, source: Floats, target: Floats, ls: Floats, lt: Floats) -> Scores:
    """Weigh beads by the cosine of composed vectors and by lengths alone."""
    rows, columns = band.rows, band.columns
    cosine = composed_cosines(band, limit, source * ls[:, None], target * lt[:, None])
    ratio = float(np.log(lt.sum() / ls.sum())) if len(ls) and len(lt) else 0.0
    fs, ft = np.append(0.0, np.cumsum(ls)), np.append(0.0, np.cumsum(lt))
    out = np.empty((limit * limit, band.size), np.float32)
    for a in range(1, limit + 1):
        for b in range(1, limit + 1):
            kind = (a - 1) * limit + b - 1
            size_s = fs[rows] - fs[np.maximum(rows - a, 0)]
            size_t = ft[columns] - ft[np.maximum(columns - b, 0)]
            skew = np.abs(np.log((size_t + 5) / (size_s + 5)) - ratio)
            out[kind] = 8.0 * (cosine[kind] - 0.15) * (a + b) / 2 - 2.0 * skew - 1.5 * (a + b - 2) - 0.3 * abs(a - b)
            out[kind][(rows < a) | (columns < b)] = NOTHING
    delete = np.where(rows < 1, NOTHING, -2.0).astype(np.float32)
    insert = np.full(band.size, -2.0, np.float32)
    return Scores(out, delete, insert)


def composed_cosines(band: Band, limit: int, source: Floats, target: Floats) -> Floats:
    """Return (limit², cells): cosines between sums of up to ``limit`` vectors a side, at each bead's end.

    e5 pools by mean, so that the vector of joined sentences is close to the length-weighted sum of theirs: the sums'
    products follow from single ones by addition, and no join has to be encoded.

    Args:
        source: (n, d) vectors times lengths.
        target: (m, d) likewise.
    """
    n = len(source)
    single = np.zeros(band.size + 1, np.float32)
    for start in range(0, n, 256):
        # Rows of a band lie close together: one product over the columns they span.
        stop = min(start + 256, n)
        first = max(int(band.low[start + 1]) - 1, 0)
        last = int(band.high[stop]) - 1
        if last <= first:
            continue
        block = source[start:stop] @ target[first:last].T
        part = slice(int(band.start[start + 1]), int(band.start[stop + 1]))
        rows, columns = band.rows[part] - 1 - start, band.columns[part] - 1 - first
        good = columns >= 0
        single[part][good] = block[rows[good], columns[good]]
    out = np.empty((limit * limit, band.size), np.float32)
    # strips[b] is the product of segment i with the b last segments up to j, kept for the rows above.
    norm_s, norm_t = _sum_norms(source, limit), _sum_norms(target, limit)
    rows, columns = band.rows, band.columns
    sums = np.zeros((limit, band.size), np.float32)
    for a in range(1, limit + 1):
        running = np.zeros(band.size, np.float32)
        for b in range(1, limit + 1):
            running = running + single[band.shifted(a - 1, b - 1)]
            sums[b - 1] += running
            below = norm_s[a - 1][rows] * norm_t[b - 1][columns]
            out[(a - 1) * limit + b - 1] = sums[b - 1] / np.maximum(below, 1e-6)
    return out


def _sum_norms(vectors: Floats, limit: int) -> Floats:
    """Return (limit, n + 1): lengths of the sums of the a last vectors before each cut."""
    n = len(vectors)
    total = np.zeros((n + 1, vectors.shape[1] if vectors.ndim == 2 else 0), np.float64)
    np.cumsum(vectors, axis=0, out=total[1:])
    out = np.ones((limit, n + 1), np.float32)
    for a in range(1, min(limit, n) + 1):
        out[a - 1, a:] = np.linalg.norm(total[a:] - total[: n + 1 - a], axis=1)
    return out
