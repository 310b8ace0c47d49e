"""What all pages share: words, escaping, downloads, progress; the pages that only tell."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from workbench.errors import StoreError
from workbench.services.seed_service import SEEDED_KEY, SeedService
from workbench.services.workspace import Workspace
from workbench.store.jobs import StoredJob
from workbench.ui import i18n
from workbench.ui.components.downloads import csv_bytes, xlsx_bytes
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.jobs import describe, seconds_left, time_left
from workbench.ui.navigation import PAGES, anchor, exists

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]


def job(**values: object) -> StoredJob:
    """A running job."""
    base: dict[str, object] = {
        "id": 1, "kind": "align", "subject": "reseau", "state": "running", "done": 0, "total": 0, "message": "",
        "cancel": False, "process": "here:1", "started_at": "2026-01-01T10:00:00.000Z", "updated_at": "",
    }  # fmt: skip
    return StoredJob(**{**base, **values})  # type: ignore[arg-type]


def test_all_pages_of_the_menu_exist() -> None:
    assert all(exists(name) for name in PAGES)


def test_a_new_workspace_is_filled_at_the_first_visit(
    workspace: Workspace, open_page: Open, html_of: HtmlOf, tmp_path: Path
) -> None:
    folder = tmp_path / "corpora" / "hello"
    folder.mkdir(parents=True)
    (folder / "text.toml").write_text('title = "Bonjour"\noriginal = "fr"\n', encoding="utf-8")
    (folder / "fr.md").write_text("Bonjour tout le monde.\n", encoding="utf-8")
    workspace.store.settings.put(SEEDED_KEY, None)
    workspace.seed = SeedService(workspace, corpora=tmp_path / "corpora", glossaries=tmp_path / "none")
    page = open_page("home")
    assert not page.exception and "Bonjour" in html_of(page)
    workspace.library.remove("hello")
    assert "no text here yet" in open_page("home").info[0].value, "what a person removed does not come back"


def test_a_fault_of_the_program_is_told_without_its_details(
    workspace: Workspace, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(workspace.library, "coverage", fail)
    app.run()
    assert not app.exception
    assert "went wrong in the program" in app.error[0].value and "secret" not in app.error[0].value


def test_a_workspace_that_cannot_be_opened_says_why(
    workspace: Workspace, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise StoreError("The database at x.db is damaged.")

    monkeypatch.setattr("workbench.services.open_workspace", fail)
    app.run()
    assert not app.exception
    assert "x.db is damaged" in app.error[0].value.replace("\\", "")


def test_help_leads_through_the_sample_texts(with_text: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = open_page("help")
    assert not page.exception and not page.error
    assert html_of(page).count("<li>") >= 3 and 'data-page="add"' in html_of(page)


def test_the_name_given_in_the_settings_signs_later_changes(with_text: Workspace, open_page: Open) -> None:
    page = open_page("settings")
    assert not page.exception and not page.error
    page.text_input[0].input("  Rosa   Lima ")
    page.button(key="FormSubmitter:author-Save").click().run()
    assert with_text.store.settings.get("author_name") == "Rosa Lima"
    text = open_page("text", text="reseau")
    own = text.session_state["_workspace"]
    assert own.author == own.memory.author == own.library.author == "Rosa Lima"
    assert own.memory.fuzzy is with_text.memory.fuzzy, "the memory's indexes are held once a process"


def test_markdown_of_a_file_stays_text() -> None:
    assert markdown_text("**a** [b](c) <d> $e$ :f:\n# g") == (r"\*\*a\*\* \[b\]\(c\) \<d\> \$e\$ \:f\: \# g")


def test_links_escape_what_they_carry() -> None:
    link = anchor("text", "x", text='"><script>')
    assert "<script>" not in link and "%22%3E%3Cscript%3E" in link


def test_a_long_title_is_cut_at_a_word() -> None:
    assert shorten("La coopération décentralisée, en bref", 30) == "La coopération décentralisée…"


def test_no_cell_of_a_download_runs_as_a_formula() -> None:
    rows = [["=1+1", "@x", "- item", "plain"]]
    read = list(csv.reader(io.StringIO(csv_bytes(["a", "b", "c", "d"], rows).decode("utf-8-sig"))))
    assert read[1] == ["'=1+1", "'@x", "- item", "plain"]
    import pandas as pd

    back = pd.read_excel(io.BytesIO(xlsx_bytes(["a", "b", "c", "d"], rows)))
    assert back.iloc[0].tolist() == ["=1+1", "@x", "- item", "plain"]


def test_progress_tells_the_time_left() -> None:
    now = datetime(2026, 1, 1, 10, 0, 30, tzinfo=UTC)
    half = job(done=50, total=100)
    assert seconds_left(half, now) == 30
    assert describe(half, now) == "Aligning “reseau” · 50 of 100 · about 30 seconds left"
    assert seconds_left(job(), now) is None
    assert seconds_left(half, datetime(2026, 1, 1, 10, tzinfo=UTC)) is None, "the first second tells nothing"
    assert [time_left(3), time_left(61), time_left(240)] == [
        "a few seconds left", "about 60 seconds left", "about 4 minutes left",
    ]  # fmt: skip
    assert "stopping" in describe(job(cancel=True), now)


def test_a_catalogue_slip_shows_the_source_instead_of_failing() -> None:
    assert i18n._fill("Bonjour {nom}", "Hello {name}", {"name": "Ana"}) == "Hello Ana"


def test_the_browsers_language_is_taken_where_we_speak_it(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(i18n, "available_languages", lambda: ("fr", "en"))
    assert i18n.best_language(["fr-CA"]) == "fr"
    assert i18n.best_language(["de-DE"]) == "en"


def test_a_share_is_never_rounded_to_done_or_to_nothing() -> None:
    assert [i18n.percent(0.999), i18n.percent(0.001), i18n.percent(1.0), i18n.percent(0.0)] == [
        "99%",
        "1%",
        "100%",
        "0%",
    ]


@pytest.mark.parametrize(
    ("language", "written"), [("fr", "64\u00a0%"), ("es", "64\u00a0%"), ("pt", "64%"), ("en", "64%")]
)
def test_a_percentage_is_written_as_each_language_does(monkeypatch, language, written) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(i18n, "interface_language", lambda: language)
    assert i18n.percent(0.64) == written


def test_no_page_says_what_only_its_code_should() -> None:
    project = Path(__file__).parent.parent.parent
    pages = [*(project / "workbench" / "ui" / "pages").glob("*.py"), project / "app.py"]
    assert len(pages) > 5
    for page in pages:
        bare = [
            node.value.value
            for node in ast.parse(page.read_text(encoding="utf-8")).body[1:]
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ]
        assert not bare, f"Streamlit draws a string that stands alone in {page}"
