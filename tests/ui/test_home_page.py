"""The first page: it fills in what there is, says what to do next, and is safe against titles with markup."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from workbench.core.texts import TextInfo
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace
from workbench.ui.components.board import board_html, next_action, next_steps

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]


def test_an_empty_workspace_says_what_to_do(workspace: Workspace, open_page: Open) -> None:
    page = open_page("home")
    assert not page.exception
    assert "no text here yet" in page.info[0].value


def test_the_board_shows_each_language_with_its_state(with_text: Workspace) -> None:
    board = board_html(with_text.library.coverage())
    assert board.count("<td>") == 4
    assert "Original" in board and "Missing" in board
    assert 'href="translate?text=reseau&amp;to=pt"' in board


def test_two_versions_that_are_not_aligned_ask_for_it_first(with_text: Workspace) -> None:
    text = with_text.library.coverage()[0]
    assert next_action(text, text.languages["es"]).kind == "align"
    assert next_action(text, text.languages["en"]).kind == "translate"
    assert [step[2].kind for step in next_steps([text])] == ["align"]


def test_a_title_with_markup_is_shown_as_text(workspace: Workspace) -> None:
    read = read_uploads([Upload("fr.txt", b"Bonjour tout le monde.", "fr")])
    workspace.library.add_text(TextInfo("bad", "<img src=x onerror=alert(1)>", "<b>page</b>"), read)
    board = board_html(workspace.library.coverage())
    assert "<img" not in board and "<b>" not in board
    assert "&lt;img src=x onerror=alert(1)&gt;" in board


def test_the_page_draws_the_board_and_narrows_it_by_search(
    with_text: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    page = open_page("home")
    assert not page.exception and not page.error
    assert "Le réseau" in html_of(page)
    page.text_input(key="home_query").input("reseau").run()
    assert not page.info, "accents do not matter in a search"
    page.text_input(key="home_query").input("agreement").run()
    assert "No text is like that" in page.info[0].value


def test_the_app_starts_on_the_board(with_text: Workspace, app: AppTest, html_of: HtmlOf) -> None:
    app.run()
    assert not app.exception
    assert "Le réseau" in html_of(app)


def test_the_first_page_imports_no_torch_and_no_file_library(with_text: Workspace) -> None:
    code = (
        "import sys; import workbench.ui.session, workbench.ui.components.board, workbench.ui.components.downloads;"
        "from workbench.services import open_workspace; open_workspace().library.coverage();"
        "print([m for m in ('torch', 'transformers', 'docx', 'lxml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_version_translated_to_the_end_waits_to_be_reviewed(with_text: Workspace, open_page: Open) -> None:
    with_text.alignment.align("reseau")
    view = with_text.translation.view("reseau", "pt")
    for row in view.rows[:-1]:
        with_text.translation.confirm("reseau", "pt", row.key, f"Tradução {row.key}.", token=None)
    text = with_text.library.coverage()[0]
    assert next_action(text, text.languages["pt"]).kind == "continue"
    with_text.translation.confirm("reseau", "pt", view.rows[-1].key, "A última.", token=None)
    text = with_text.library.coverage()[0]
    assert next_action(text, text.languages["pt"]).kind == "review"
    assert "To review" in board_html([text])
    page = open_page("home")
    page.selectbox(key="home_filter").select("review").run()
    assert not page.info and not page.exception
    page.selectbox(key="home_filter").select("published").run()
    assert "No text is like that" in page.info[0].value


def test_the_page_leads_back_to_what_one_last_worked_on(with_text: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    with_text.alignment.align("reseau")
    row = with_text.translation.view("reseau", "pt").rows[0]
    with_text.translation.save_draft("reseau", "pt", row.key, "Meia fra")
    html = html_of(open_page("home"))
    assert "You last worked on" in html and "translated into Portuguese" in html
    assert html.index("What to do next") < html.index("You last worked on")
