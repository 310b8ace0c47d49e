"""The vector index: exact while small, a graph above, kept in a file that is never half of one."""

import numpy as np
import pytest

from workbench.embedding.vector_index import UpdatableIndex, VectorIndex


def vectors(count, seed=0, dimensions=48):
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("graph", [False, True])
def test_finds_what_comparing_everything_finds(graph):
    rows = vectors(2_000)
    numbers = np.arange(2_000) * 7 + 3
    index = VectorIndex(numbers, rows, graph=graph)
    found = 0
    for query in vectors(50, seed=1):
        best = set(numbers[np.argsort(-(rows @ query))[:5]].tolist())
        near = index.search(query, 5)
        assert [c for _, c in near] == sorted((c for _, c in near), reverse=True)
        found += len(best & {n for n, _ in near})
    assert found >= (250 if not graph else 240)


@pytest.mark.parametrize("graph", [False, True])
def test_comes_back_from_its_file_as_it_was(tmp_path, graph):
    index = VectorIndex(np.arange(300), vectors(300), graph=graph)
    index.save(tmp_path / "sub" / "x.index", {"revision": 4})
    again, facts = VectorIndex.load(tmp_path / "sub" / "x.index")
    assert facts["revision"] == 4
    query = vectors(1, seed=2)[0]
    assert [n for n, _ in again.search(query, 9)] == [n for n, _ in index.search(query, 9)]
    assert len(again) == 300
    assert [p.name for p in (tmp_path / "sub").iterdir()] == ["x.index"]


@pytest.mark.parametrize("graph", [False, True])
@pytest.mark.parametrize("damage", [lambda b: b[:-7], lambda b: b[:40], lambda b: b"", lambda b: b"\xff" * 99])
def test_a_damaged_file_is_no_index(tmp_path, graph, damage):
    path = tmp_path / "x.index"
    VectorIndex(np.arange(300), vectors(300), graph=graph).save(path, {})
    path.write_bytes(damage(path.read_bytes()))
    assert VectorIndex.load(path) is None


def test_no_file_is_no_index(tmp_path):
    assert VectorIndex.load(tmp_path / "none") is None


def test_an_index_brought_up_to_date_answers_like_one_made_anew():
    rows = vectors(400)
    index = UpdatableIndex(VectorIndex(np.arange(300), rows[:300], graph=False))
    index = index.updated([], {n: rows[n] for n in range(300, 350)})
    index = index.updated([5, 6, 310], {5: rows[399]})
    now = {n: rows[n] for n in range(350) if n not in (6, 310)} | {5: rows[399]}
    anew = VectorIndex(np.array(list(now)), np.array(list(now.values())), graph=False)
    assert len(index) == len(anew) == 348
    for query in vectors(20, seed=3):
        assert [n for n, _ in index.search(query, 8)] == [n for n, _ in anew.search(query, 8)]


def test_an_empty_index_finds_nothing():
    assert VectorIndex(np.zeros(0), np.zeros((0, 8)), graph=False).search(np.ones(8), 3) == []
