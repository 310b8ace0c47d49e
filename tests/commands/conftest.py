"""Commands run in this process, with a model of a few words, on a workspace of their own."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pytest
import regex

from workbench.commands.program import run
from workbench.services.seed_service import SEEDED_KEY
from workbench.services.workspace import Workspace

# Words that answer each other in the little texts of these tests, one concept a line.
WORDS = [
    "villes ciudades cidades cities stadt städte", "coopèrent cooperan cooperam cooperate",
    "projets proyectos projetos projects",
    "eau agua água water wasser", "rivière río rio river fluss", "pont puente ponte bridge brücke",
    "école escuela escola school schule",
    "marché mercado market markt",
    "fête fiesta festa feast fest", "réseau red rede network netz", "jardin jardín jardim garden garten",
    "train tren trem zug",
]  # fmt: skip
CONCEPTS = {word: number for number, line in enumerate(WORDS) for word in line.split()}


class WordEncoder:
    """Sentences that hold the same concepts have the same vector, whatever their language."""

    name = "words"
    dimensions = 48

    def encode(self, sentences, *, progress=None):
        rows = np.zeros((len(sentences), self.dimensions), np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            row[-1] = 0.01
            for word in regex.findall(r"\p{L}+", sentence.casefold()):
                if word in CONCEPTS:
                    row[CONCEPTS[word]] += 1
                else:
                    row[20 + hashlib.blake2b(word.encode()).digest()[0] % 27] += 0.1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@dataclass
class Outcome:
    """What a command did: its exit code, and what it wrote where."""

    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty workspace's folder; nothing is seeded into it, nothing loads the model."""
    home = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    monkeypatch.setenv("WORKBENCH_AUTHOR", "ana")
    for name in ("WORKBENCH_DATABASE_URL", "WORKBENCH_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Workspace, "encoder", WordEncoder())
    from workbench.services import open_workspace

    workspace = open_workspace()
    workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
    workspace.close()
    return home


@pytest.fixture
def workbench(home, capfdbinary):
    """Run `workbench …` and return its outcome."""

    def call(*arguments):
        capfdbinary.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        return Outcome(code, out.decode(errors="replace"), err.decode())

    return call


FRENCH = """# Le réseau

Les villes coopèrent. Elles ont des projets.

L’eau de la rivière. Le pont est neuf.

- Une école
- Un marché
"""
SPANISH = """# La red

Las ciudades cooperan. Tienen proyectos.

El agua del río. El puente es nuevo.

- Una escuela
- Un mercado
"""
ENGLISH = """# The network

Cities cooperate. They have projects.

The water of the river. The bridge is new.

- A school
- A market
"""


@pytest.fixture
def texts(tmp_path):
    """A folder of two texts in three languages, one of them only in two."""
    folder = tmp_path / "texts"
    for name in ("one", "two"):
        (folder / name).mkdir(parents=True)
        (folder / name / "fr.md").write_text(FRENCH, encoding="utf-8")
        (folder / name / "es.md").write_text(SPANISH, encoding="utf-8")
    (folder / "one" / "en.md").write_text(ENGLISH, encoding="utf-8")
    return folder
