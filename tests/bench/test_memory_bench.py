"""The memory's measurement: its material is what it says, and its figures are of what it says."""

import itertools
import lzma

import numpy as np
import pytest

from workbench.bench import memory_bench, memory_import_bench, memory_processes
from workbench.bench.memory_bench import measure_vectors, read_base, recombined, run
from workbench.errors import UsageError
from workbench.store import open_store


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(memory_bench, "HELD_OUT", 6)
    lines = ["file\ten\tfr\tes\tpt"]
    things = ("house", "town", "river", "street", "school", "market")
    lines += [f"x\tThe {a} by the {b} {k}.\tLe {a} {b} {k}.\tEl {a} {b} {k}.\tO {a} {b} {k}."
              for k, a in enumerate(things) for b in things]  # fmt: skip
    path = tmp_path / "units.tsv.xz"
    path.write_bytes(lzma.compress("\n".join(lines).encode()))
    return path


def test_units_are_the_base_then_pairs_that_never_repeat(data):
    base = read_base(data)
    stream = recombined(base)
    units = [next(stream) for _ in range(200)]
    assert units[: len(base)] == base
    assert len({u["fr"] for u in units}) == 200
    joined = units[-1]
    assert any(
        joined["es"] == f"{a['es']} {b['es']}" and joined["fr"] == f"{a['fr']} {b['fr']}" for a in base for b in base
    )


def test_each_size_is_measured_and_nothing_is_missed(data, tmp_path):
    figures = list(run(data, tmp_path, sizes=(60, 90), queries=15, toolkit=False))
    assert [f.units for f in figures] == [60, 90]
    for f in figures:
        assert 0 < f.asked <= 15
        assert f.found == f.asked
        assert f.to_json()["times_faster"] == round(f.brute_cpu_p50 / f.cpu_p50, 1)
    list(run(data, tmp_path, sizes=(60,), queries=15, toolkit=False))
    store = open_store(f"sqlite:///{tmp_path / 'memory-bench.db'}")
    assert [batch.name for batch in store.memory.batches()] == ["to 90", "to 60"]
    store.close()


def test_the_figures_are_a_table_with_a_line_a_size(data, monkeypatch):
    monkeypatch.setattr(memory_bench, "TOOLKIT_QUERIES", 2)
    (words,) = memory_bench.report(data, sizes=(160, 170), queries=15, parts=("lookups",))
    _, head, first, second, *_ = words.splitlines()
    assert head.split()[:4] == ["units", "p50", "p95", "extract"]
    assert [line.split()[0] for line in (first, second)] == ["160", "170"]
    assert second.split()[-2] == "–"


def test_a_file_is_imported_beside_another_reader(tmp_path):
    stream = ({code: f"{code} {k} {'x' * 200}." for code in ("fr", "es", "pt", "en")} for k in itertools.count())
    figures = memory_import_bench.measure(tmp_path, stream, megabytes=1)
    words = memory_import_bench.report(figures)
    assert f"{figures.units:,} units in four languages" in words
    assert figures.units > 500
    assert figures.imported.peak > 10


def test_eight_processes_lose_nothing_they_said_they_had_saved(data, tmp_path):
    list(run(data, tmp_path, sizes=(60,), queries=2, toolkit=False))
    url = f"sqlite:///{tmp_path / 'memory-bench.db'}"
    figures = memory_processes.measure(url, ["Une phrase"], readers=1, writers=2, seconds=0.5)
    assert figures.learnt == figures.kept > 0
    assert "2 of them writing" in memory_processes.report(figures)


def test_data_that_is_not_there_is_said(tmp_path):
    with pytest.raises(UsageError, match="--data"):
        read_base(tmp_path / "none.xz")


def test_vectors_of_one_meaning_are_found_by_either_index():
    rng = np.random.default_rng(1)
    meaning = rng.normal(size=(300, 64))
    rows = np.concatenate([meaning + 0.2 * rng.normal(size=meaning.shape) + 3 * rng.normal(size=64) for _ in range(4)])
    figures = measure_vectors((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), queries=100)
    assert figures.vectors == 1_200
    assert figures.recall > 0.95
    assert figures.one_a_unit >= figures.one_a_variant > 0.95
