"""Several processes at one memory, and processes killed in the middle of their work."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from workbench.core.memory import NewUnit, Source
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

KILLS = int(os.environ.get("WORKBENCH_KILLS", "4"))  # raise it to try harder
UNITS = 3_000

IMPORT = f"""
import sys
from workbench.formats.exchange import ExchangeUnit, ExchangeVariant
from workbench.services import memory_import
from workbench.services.memory_service import MemoryService
from workbench.store import open_store
memory_import.STAGED_TOGETHER = 100
memory = MemoryService(store=open_store(sys.argv[1]), now=lambda: "2015-03-01T10:00:00Z", author="ana")
name = sys.argv[2]
units = [
    ExchangeUnit((ExchangeVariant("fr", f"Phrase {{k}} {{name}}."), ExchangeVariant("es", f"Frase {{k}} {{name}}.")))
    for k in range({UNITS})
]
print("begun", flush=True)
memory.import_units(units, name=sys.argv[2])
print("published", flush=True)
"""

LEARN = """
import sys
from workbench.core.memory import NewUnit, Source
from workbench.services.memory_service import MemoryService
from workbench.store import open_store
memory = MemoryService(store=open_store(sys.argv[1]), now=lambda: "2015-03-01T10:00:00Z", author=sys.argv[2])
own = Source(f"text:{sys.argv[2]}")
me = sys.argv[2]
for k in range(20):
    shared, alone = {"fr": f"Commun {k}.", "es": f"Común {k}."}, {"fr": f"De {me}, {k}.", "es": f"Por {me}, {k}."}
    memory.learn([NewUnit(shared), NewUnit(alone)], source=own, reviewed=True)
"""

READ = """
import sys
from workbench.services.memory_service import MemoryService
from workbench.store import open_store
memory = MemoryService(store=open_store(sys.argv[1]), now=lambda: "2015-03-01T10:00:00Z", author="reader")
for k in range(60):
    assert memory.search("Le réseau est ouvert.", source="fr", target="es")[0].target == "La red está abierta."
    memory.concordance("red")
"""


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'workbench.db'}"


@pytest.fixture
def memory(url):
    store = open_store(url)
    memory = MemoryService(store=store, now=lambda: "2015-03-01T09:00:00Z", author="ana")
    unit = NewUnit({"fr": "Le réseau est ouvert.", "es": "La red está abierta."})
    memory.learn([unit], source=Source("text:a"), reviewed=True)
    yield memory
    store.close()


def start(script, *args):
    return subprocess.Popen(
        [sys.executable, "-c", script, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def check_whole(store):
    with store.database.read() as connection:
        assert connection.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
        assert connection.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    with store.database.write() as connection:
        connection.execute(sa.text("INSERT INTO memory_words(memory_words) VALUES ('integrity-check')"))


def test_killed_at_any_moment_an_import_leaves_the_memory_as_before_or_as_after(memory, url):
    rng = random.Random(5)
    expected = 1
    for number in range(KILLS):
        process = start(IMPORT, url, f"lot{number}")
        assert process.stdout.readline() == "begun\n"
        time.sleep(rng.uniform(0, 1.5))
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate()
        units = memory.stats().units
        assert units in (expected, expected + UNITS)
        if "published" in said:
            assert units == expected + UNITS
        assert memory.search("Le réseau est ouvert.", source="fr", target="es")[0].score == 100
        assert memory.concordance(f"lot{number}").total == (0 if units == expected else 2 * UNITS)
        expected = units
    check_whole(memory.store)
    memory.import_units([], name="the next import sweeps up")
    with memory.store.database.read() as connection:
        published = sa.text("SELECT id FROM memory_batches WHERE state = 'published'")
        batches = set(connection.execute(published).scalars())
        seen = set(connection.execute(sa.text("SELECT DISTINCT batch_id FROM memory_units")).scalars())
    assert seen - {None} <= batches
    assert memory.stats().units == expected
    check_whole(memory.store)


def test_eight_processes_at_once_lose_nothing(memory, url):
    processes = [start(LEARN, url, f"writer{k}") for k in range(4)] + [start(READ, url) for _ in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=300)
        assert process.returncode == 0, errors
    assert memory.stats().units == 1 + 20 + 4 * 20
    common = memory.search("Commun 3.", source="fr", target="es")[0].match.unit
    assert {p.source.key for p in common.provenances} == {f"text:writer{k}" for k in range(4)}
    check_whole(memory.store)
