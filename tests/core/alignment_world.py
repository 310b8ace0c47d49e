"""A small world for alignment tests: sentences are sets of meanings, a vector is the sum of its meanings'."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workbench.core.multiway import Column
from workbench.core.texts import Segment

DIMENSIONS = 64


def meaning(number: int) -> np.ndarray:
    """A fixed random direction for each meaning."""
    vector = np.random.default_rng(number).normal(size=DIMENSIONS)
    return vector / np.linalg.norm(vector)


def version(language: str, content: Sequence[Sequence[int]], *, noise: float = 0.05) -> Column:
    """A version whose n-th segment says the n-th list of meanings; each meaning is some forty characters long."""
    random = np.random.default_rng(sum(map(ord, language)))
    vectors, segments = [], []
    for meanings in content:
        total = np.sum([meaning(m) for m in meanings], axis=0) + random.normal(size=DIMENSIONS) * noise
        vectors.append(total / np.linalg.norm(total))
        segments.append(Segment(" ".join(_word(language, m, k) for m in meanings for k in range(6)).capitalize() + "."))
    return Column(language, segments, np.array(vectors, np.float32).reshape(len(content), DIMENSIONS))


def _word(language: str, number: int, place: int) -> str:
    """A word that no other language shares."""
    letters = "bcdfghjklm" if language < "f" else "npqrstvwxz"
    return "".join(letters[(number * 7 + place * 3 + k * (number % 5 + 1)) % 10] for k in range(6))
