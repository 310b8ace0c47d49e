"""Several processes at one memory, and processes killed in the middle of their work."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from workbench.config import Settings
from workbench.core.memory import NewUnit, Source
from workbench.services.backup_service import back_up, restore
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

A = Source("text:a")
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

# Vectors of 16 sentences at a time, so that a kill falls between two writes as well as into one.
VECTORS = """
import sys
from pathlib import Path
import numpy as np
from workbench.services import semantic_cache, vector_service
from workbench.services.memory_service import MemoryService
from workbench.services.vector_service import VectorService
from workbench.store import open_store

vector_service.SAVED_TOGETHER = 16
semantic_cache.READ_TOGETHER = 100

class Letters:
    name, dimensions = "letters", 26
    def encode(self, sentences):
        rows = np.array([[s.count(chr(97 + k)) + 0.01 for k in range(26)] for s in sentences], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

store = open_store(sys.argv[1])
memory = MemoryService(
    store=store, vectors=VectorService(store, Letters()), now=lambda: "2015-03-01T10:00:00Z", author="ana",
    cache=Path(sys.argv[2]),
)
print("begun", flush=True)
memory.make_vectors()
print("made", flush=True)
memory.semantic.remake()
print("kept", flush=True)
found = memory.search("Phrase 7 sept.", source="fr", target="es", kinds=["semantic"])
print("found" if found else "nothing", flush=True)
"""

BACKUP = """
import sys
from pathlib import Path
from workbench.config import Settings
from workbench.services.backup_service import back_up
print("begun", flush=True)
back_up(Settings(Path(sys.argv[1]).parent, f"sqlite:///{sys.argv[1]}"), Path(sys.argv[2]))
print("saved", flush=True)
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


def killed_after_a_while(process, rng, most):
    """Let a process begin its work, kill it at a random moment, and return what it had said by then."""
    assert process.stdout.readline() == "begun\n", process.stderr.read()
    time.sleep(rng.uniform(0, most))
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    return said


def learn_many(memory, count):
    units = [NewUnit({"fr": f"Phrase {k} sept.", "es": f"Frase {k} siete."}) for k in range(count)]
    memory.learn(units, source=Source("text:many"), reviewed=True)


def test_killed_at_any_moment_the_making_of_vectors_goes_on_where_it_was(memory, url, tmp_path):
    learn_many(memory, 1_000)
    rng, made = random.Random(6), 0
    vectors = sa.text("SELECT count(*) FROM vectors")
    for _ in range(KILLS):
        said = killed_after_a_while(start(VECTORS, url, str(tmp_path / "cache")), rng, 1.0)
        with memory.store.database.read() as connection:
            now = connection.execute(vectors).scalar()
            whole = connection.execute(sa.text("SELECT min(length(vector)), max(length(vector)) FROM vectors")).one()
        assert now >= made  # what was written stays
        assert whole in ((None, None), (52, 52))  # 26 numbers of 16 bits, never a part of them
        assert "made" not in said or now == 2_002
        made = now
        check_whole(memory.store)
    last = start(VECTORS, url, str(tmp_path / "cache"))
    said, errors = last.communicate(timeout=120)
    assert said.endswith("found\n"), errors
    with memory.store.database.read() as connection:
        assert connection.execute(vectors).scalar() == 2_002


def test_killed_at_any_moment_a_backup_is_the_old_one_or_the_new_one(memory, tmp_path):
    learn_many(memory, 5_000)
    home = tmp_path / "kept"
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'workbench.db'}")
    target = home / "workspace.zip"
    back_up(settings, target)
    rng = random.Random(7)
    for number in range(KILLS):
        memory.learn([NewUnit({"fr": f"Ajout {number}.", "es": f"Añadido {number}."})], source=A, reviewed=True)
        before = target.read_bytes()
        said = killed_after_a_while(start(BACKUP, str(tmp_path / "workbench.db"), str(target)), rng, 0.8)
        assert "saved" not in said or target.read_bytes() != before
        back = Settings(tmp_path / f"back{number}", f"sqlite:///{tmp_path / f'back{number}' / 'workbench.db'}")
        restore(back, target)
        store = open_store(back.database_url)
        check_whole(store)
        units = MemoryService(store=store, now=lambda: "2015", author="ana").stats().units
        store.close()
        assert units == 5_002 + number or (target.read_bytes() == before and 5_001 <= units <= 5_001 + number)
    assert memory.stats().units == 5_001 + KILLS
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
