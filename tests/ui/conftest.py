"""A small workspace for the pages: two texts, made here, and a five-word encoder's worth of nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

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


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """An empty workspace that the pages open too; nothing is seeded into it."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    monkeypatch.setenv("WORKBENCH_AUTHOR", "ana")
    monkeypatch.delenv("WORKBENCH_DATABASE_URL", raising=False)
    streamlit.cache_resource.clear()
    opened = Workspace(Settings(tmp_path, f"sqlite:///{tmp_path / 'workbench.db'}", author="ana"))
    opened.store.settings.put(SEEDED_KEY, {"texts": 0})
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
                found.append(json.loads(element.proto.json)["html"])
        return "\n".join(found)

    return read
