"""A batch on a real Dask scheduler and two real workers on this machine, one of which is lost half-way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")

from tests.commands.conftest import ENGLISH, FRENCH, SPANISH, WordEncoder
from workbench.config import read_settings
from workbench.errors import UsageError
from workbench.services import batch_results
from workbench.services.batch_service import BatchOptions, run_batch
from workbench.services.workspace import Workspace

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setattr(Workspace, "encoder", WordEncoder())
    return read_settings({"WORKBENCH_HOME": str(tmp_path / "home"), "WORKBENCH_AUTHOR": "ana"})


@pytest.fixture
def many_texts(tmp_path):
    folder = tmp_path / "texts"
    for number in range(10):
        inner = folder / f"text{number}"
        inner.mkdir(parents=True)
        for language, text in (("fr", FRENCH), ("es", SPANISH), ("en", ENGLISH)):
            changed = text.replace("\n\n- ", f"\n\nText {number}. \n\n- ")
            (inner / f"{language}.md").write_text(changed, encoding="utf-8")
    (folder / "text3" / "es.md").write_bytes(b"")
    return folder


@pytest.fixture
def cluster(tmp_path):
    """The scheduler's address, and the workers' processes."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("WORKBENCH_")}
    environ["PYTHONPATH"] = os.pathsep.join([str(PROJECT), environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    file = tmp_path / "scheduler.json"
    processes = []

    def start(*arguments, **extra):
        log = (tmp_path / f"dask-{len(processes)}.log").open("wb")
        command = [sys.executable, "-m", "dask", *arguments]
        processes.append(subprocess.Popen(command, env={**environ, **extra}, cwd=tmp_path, stdout=log, stderr=log))
        return processes[-1]

    start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    workers = [
        start(
            "worker", "--scheduler-file", str(file), "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--preload", str(Path(__file__).with_name("cluster_preload.py")),
            WORKBENCH_HOME=str(tmp_path / f"worker{number}"),
        )
        for number in range(2)
    ]  # fmt: skip
    yield file, workers
    for process in processes:
        process.kill()
        process.wait()


def address(file):
    import json
    import time

    for _ in range(600):
        if file.is_file() and file.read_text():
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def outputs(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != batch_results.RECORD
    }


def test_the_cluster_s_result_is_the_local_one_though_a_worker_is_lost(settings, many_texts, cluster, tmp_path):
    file, workers = cluster
    options = BatchOptions(format="tsv")
    local = run_batch(many_texts, tmp_path / "local", options, settings=settings)
    seen = []

    def on_result(result, done, total):
        seen.append(result.name)
        if len(seen) == 3:
            workers[0].send_signal(signal.SIGKILL)

    found = run_batch(
        many_texts, tmp_path / "far", options, settings=settings, scheduler=address(file), on_result=on_result
    )
    assert workers[0].poll() is not None
    assert [(r.name, r.state, r.rows) for r in found] == [(r.name, r.state, r.rows) for r in local]
    assert [r.name for r in found if r.state == "failed"] == ["text3"]
    assert outputs(tmp_path / "far") == outputs(tmp_path / "local")
    again = run_batch(many_texts, tmp_path / "far", options, settings=settings, scheduler=address(file))
    assert {r.state for r in again} == {"kept", "failed"}


def test_no_scheduler_is_told(settings, many_texts, tmp_path, monkeypatch):
    from workbench.services import cluster as service

    monkeypatch.setattr(service, "CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="no Dask scheduler"):
        run_batch(many_texts, tmp_path / "far", settings=settings, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match="no Dask scheduler"):
        run_batch(many_texts, tmp_path / "far", settings=settings, scheduler="nonsense")
