from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from workbench.core.align_search import NOTHING, SKIP, Band, Scores, band_around, best_path, full_band, posterior

LIMIT = 2


def random_scores(band: Band, seed: int) -> Scores:
    random = np.random.default_rng(seed)
    beads = random.normal(size=(LIMIT**2, band.size))
    for a, b in product((1, 2), (1, 2)):
        beads[(a - 1) * LIMIT + b - 1][(band.rows < a) | (band.columns < b)] = NOTHING
    alone = random.normal(size=(2, SKIP, band.size)) - 1
    for k in range(SKIP):
        alone[0, k][band.rows < k + 1] = NOTHING
        alone[1, k][band.columns - band.low[band.rows] < k + 1] = NOTHING
    # Several inserted segments as one bead may not follow each other: leave only single ones here.
    alone[1, 1:] = NOTHING
    return Scores(beads.astype(np.float32), alone[0].astype(np.float32), alone[1].astype(np.float32))


def all_paths(band: Band, scores: Scores) -> list[tuple[float, list[tuple[int, int]]]]:
    """Every alignment with its weight, by trying everything."""
    n, m = len(band.low) - 1, int(band.high[-1]) - 1
    done: list[tuple[float, list[tuple[int, int]]]] = []

    def go(weight: float, path: list[tuple[int, int]]) -> None:
        i, j = path[-1]
        if (i, j) == (n, m):
            done.append((weight, path))
        moves = [(a, b) for a, b in product((0, 1, 2), (0, 1, 2)) if a and b]
        moves += [(k, 0) for k in range(1, SKIP + 1)] + [(0, 1)]
        for a, b in moves:
            p, q = i + a, j + b
            if p > n or q > m:
                continue
            cell = int(band.find(np.array([p]), np.array([q]))[0])
            if cell == band.size:
                continue
            table = (
                scores.beads[(a - 1) * LIMIT + b - 1] if a and b else (scores.delete[a - 1] if a else scores.insert[0])
            )
            if table[cell] > NOTHING / 2:
                go(weight + float(table[cell]), [*path, (p, q)])

    go(0.0, [(0, 0)])
    return done


@pytest.mark.parametrize("seed", range(5))
def test_the_best_path_is_the_heaviest_of_all(seed: int) -> None:
    band = full_band(4, 3)
    scores = random_scores(band, seed)
    weight, path = max(all_paths(band, scores))
    assert best_path(band, scores) == path, weight


@pytest.mark.parametrize("seed", range(5))
def test_probabilities_are_those_of_summing_over_all_paths(seed: int) -> None:
    band = full_band(4, 3)
    scores = random_scores(band, seed)
    paths = all_paths(band, scores)
    weights = np.exp([weight for weight, _ in paths])
    found = posterior(band, scores)
    assert found.weight == pytest.approx(float(np.log(weights.sum())), abs=1e-4)
    for cell, (i, j) in enumerate(zip(band.rows.tolist(), band.columns.tolist(), strict=True)):
        passing = sum(w for w, (_, path) in zip(weights, paths, strict=True) if (i, j) in path)
        assert found.cuts[cell] == pytest.approx(passing / weights.sum(), abs=1e-4)


def test_a_band_holds_its_path_and_its_surroundings() -> None:
    path = [(0, 0), (1, 1), (2, 5), (2, 6), (4, 7)]
    band = band_around(path, 4, 7, 1)
    rows, columns = np.array([i for i, _ in path]), np.array([j for _, j in path])
    assert (band.find(rows, columns) < band.size).all()
    assert (np.diff(band.low) >= 0).all()
    assert (np.diff(band.high) >= 0).all()
    assert band.find(np.array([0]), np.array([7]))[0] == band.size
