"""Many dimensions on a plane, so that a person sees which sentences are near in meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def on_plane(vectors: np.ndarray, groups: Sequence[str]) -> tuple[np.ndarray, float]:
    """Project vectors on the two directions in which they differ most (principal components).

    The mean of each group is taken away first: sentences of one language lie together whatever they say, and what they
    say is to be seen.

    Args:
        vectors: Shape (number, dimensions).
        groups: The group of each, for instance its language.

    Returns:
        Coordinates, shape (number, 2), each axis between -1 and 1, and the share 0–1 of the variance that the plane
        keeps. The larger coordinate of each axis is positive, so that the same vectors give the same picture.
    """
    if len(vectors) < 3:
        return np.zeros((len(vectors), 2), np.float64), 0.0
    centred = np.array(vectors, np.float64)
    names = np.array(groups)
    for name in np.unique(names):
        centred[names == name] -= centred[names == name].mean(axis=0)
    values, directions = np.linalg.eigh(centred.T @ centred)
    plane = centred @ directions[:, ::-1][:, :2]
    largest = np.abs(plane).max(axis=0)
    signs = np.sign(plane[np.abs(plane).argmax(axis=0), [0, 1]])
    share = float(values[-2:].sum() / values.sum()) if values.sum() > 0 else 0.0
    return plane / np.where(largest > 0, largest, 1) * np.where(signs == 0, 1, signs), share
