"""A small workspace for the pages: one text, made here, and an encoder that knows nothing but takes no time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

streamlit = pytest.importorskip("streamlit")

from streamlit.testing.v1 import AppTest  # noqa: E402

from workbench.config import Settings  # noqa: E402
from workbench.core.texts import TextInfo  # noqa: E402
from workbench.services.seed_service import SEEDED_KEY  # noqa: E402
from workbench.services.uploads import Upload, read_uploads  # noqa: E402
from workbench.services.workspace import Workspace  # noqa: E402

APP = Path(__file__).parents[2] / "app.py"
PAGES = Path(__file__).parents[2] / "workbench" / "ui" / "pages"

FRENCH = (
    "# Le réseau\n\nLes villes coopèrent. Elles partagent leurs projets.\n\n- Un premier point\n- Un second point\n"
)
SPANISH = "# La red\n\nLas ciudades cooperan. Comparten sus proyectos.\n\n- Un primer punto\n- Un segundo punto\n"


class NoEncoder:
    """Gives every sentence a vector made of its letters: enough to be told apart, loaded in no time."""

    name = "letters"

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        rows = [[sentence.count(letter) + 0.01 for letter in "aeiorst"] for sentence in sentences]
        found = np.array(rows, dtype=np.float32).reshape(len(rows), 7)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace, the one that the pages open; nothing is seeded into it."""
    streamlit.cache_resource.clear()
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'workbench.db'}", author="ana")
    opened = Workspace(settings, encoder=NoEncoder())
    opened.store.settings.put(SEEDED_KEY, {"texts": 0})
    monkeypatch.setattr("workbench.services.open_workspace", lambda: opened)
    yield opened
    opened.close()
    streamlit.cache_resource.clear()


@pytest.fixture
def with_text(workspace: Workspace) -> Workspace:
    """The workspace with one text in French and Spanish, not aligned."""
    read = read_uploads([Upload("red.fr.md", FRENCH.encode(), "fr"), Upload("red.es.md", SPANISH.encode(), "es")])
    workspace.library.add_text(TextInfo("reseau", "Le réseau", "page", "fr"), read)
    return workspace


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Run one page of the app, as a browser with these parameters in its address would."""

    def run(name: str, **params: str) -> AppTest:
        test = AppTest.from_file(str(PAGES / f"{name}_page.py"), default_timeout=30)
        for key, value in params.items():
            test.query_params[key] = value
        return test.run()

    return run


@pytest.fixture
def app() -> AppTest:
    """The whole app, not yet run."""
    return AppTest.from_file(str(APP), default_timeout=30)


@pytest.fixture
def html_of() -> Callable[[AppTest], str]:
    """Read all the HTML a page has drawn, in order: from st.html and from components."""

    def read(test: AppTest) -> str:
        found = []
        for element in test.main:
            if element.type == "html":
                found.append(element.proto.body)
            elif element.type == "bidi_component":
                found.append(json.loads(element.proto.json).get("html", ""))
        return "\n".join(found)

    return read
