"""Tables of what would be done: what is ticked when the button is pressed is done, whatever changed meanwhile."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import docx
import pytest
from streamlit.testing.v1 import AppTest

from workbench.core.memory import NewUnit, Source
from workbench.core.texts import TextInfo
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

Open = Callable[..., AppTest]


@pytest.fixture
def with_numbers(workspace: Workspace) -> Workspace:
    """A text of four segments, the first three translated into English."""
    text = "Un premier.\n\nUn deuxième.\n\nUn troisième.\n\nUn quatrième.\n"
    workspace.library.add_text(
        TextInfo("nombres", "Les nombres", original="fr"), read_uploads([Upload("n.fr.md", text.encode(), "fr")])
    )
    workspace.translation.begin("nombres", "en", None)
    for place, words in enumerate(("One first.", "One second.", "A third.")):
        confirm(workspace, place, words)
    return workspace


def confirm(workspace: Workspace, place: int, words: str) -> None:
    row = workspace.translation.view("nombres", "en", None).rows[place]
    workspace.translation.confirm("nombres", "en", row.key, words, token=row.token, source=None)


def targets(workspace: Workspace, language: str = "en") -> list[str]:
    return [row.target for row in workspace.translation.view("nombres", language, None).rows]


def button(page: AppTest, label: str) -> Any:
    return next(b for b in page.button if b.label.startswith(label))


def table(page: AppTest) -> str:
    """Return the name under which the browser speaks of the one table that can be ticked."""
    (found,) = [node for node in page._tree if getattr(getattr(node, "proto", None), "editing_mode", 0)]
    return str(found.proto.id)


def send(page: AppTest, table: str, rows: dict[int, bool], *, column: str = "use") -> None:
    """Send what is on the page, its table with these ticks."""
    states = page._tree.get_widget_states()
    edited = {str(row): {column: use} for row, use in rows.items()}
    state = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    states.widgets.add(id=table, string_value=json.dumps(state))
    page._run(states)


def dialog(name: str, language: str = "en") -> AppTest:
    """Run the inside of one of the desk's dialogs."""

    def script(name: str, language: str) -> None:
        import streamlit as st

        from workbench.ui.components.translation_editor import actions, replacing, reviser
        from workbench.ui.components.translation_editor.feed import EditorFeed
        from workbench.ui.session import current_workspace

        if "feed" not in st.session_state:
            st.session_state["feed"] = EditorFeed(current_workspace(), "nombres", language, None)
        inside = {
            "fill": actions._draw_fill_body, "replace": replacing.draw_replacing, "revise": reviser.draw_corrections
        }  # fmt: skip
        inside[name](st.session_state["feed"])

    return AppTest.from_function(script, args=(name, language), default_timeout=30).run()


def test_a_row_left_out_of_replacing_stays_though_a_colleague_confirms_another_match(with_numbers: Workspace) -> None:
    page = dialog("replace")
    page.text_input(key="translate_replace_wanted").set_value("One")
    page.text_input(key="translate_replace_with").set_value("Number").run()
    shown = table(page)
    send(page, shown, {0: False})
    confirm(with_numbers, 3, "One fourth.")
    button(page, "Replace in 1 segment").click()
    send(page, shown, {0: False})
    assert not page.exception and not page.error
    assert targets(with_numbers) == ["One first.", "Number second.", "A third.", "One fourth."]


def test_a_click_made_before_another_replacement_was_shown_replaces_nothing(with_numbers: Workspace) -> None:
    page = dialog("replace")
    page.text_input(key="translate_replace_wanted").set_value("One")
    page.text_input(key="translate_replace_with").set_value("Number").run()
    page.text_input(key="translate_replace_with").set_value("Numero")
    button(page, "Replace in").click().run()
    assert targets(with_numbers)[0] == "One first."
    assert "Replace in 2 segments" in [b.label for b in page.button]


def test_a_correction_left_out_stays_though_a_colleague_changes_another_row(with_numbers: Workspace) -> None:
    _, data = with_numbers.revisers.hand_out("nombres", "en", source=None)
    document = docx.Document(io.BytesIO(data))
    for row, words in ((1, "The first."), (2, "The second."), (3, "The third.")):
        document.tables[0].cell(row, 2).text = words
    out = io.BytesIO()
    document.save(out)
    page = dialog("revise")
    page.file_uploader(key="translate_corrections_file").set_value(("n.docx", out.getvalue(), "")).run()
    assert not page.exception and not page.error
    shown = table(page)
    send(page, shown, {1: False})
    confirm(with_numbers, 0, "The first.")  # it stands there already: read anew, the document brings two corrections
    button(page, "Take 2 corrections").click()
    send(page, shown, {1: False})
    assert not page.exception and not page.error
    assert targets(with_numbers)[:3] == ["The first.", "One second.", "The third."]


def test_a_click_on_filling_in_right_after_a_tick_was_taken_away_is_answered(with_numbers: Workspace) -> None:
    units = [NewUnit({"fr": "Un premier.", "pt": "Um primeiro."}), NewUnit({"fr": "Un deuxième.", "pt": "Um segundo."})]
    with_numbers.memory.learn(units, source=Source("file:old.tmx", name="old.tmx"), reviewed=True)
    page = dialog("fill", "pt")
    button(page, "Fill 2 segments").click()
    send(page, table(page), {0: False})
    assert not page.exception and not page.error
    assert targets(with_numbers, "pt")[:2] == ["", "Um segundo."]


def test_ticks_of_one_glossary_file_do_not_fall_on_the_next(workspace: Workspace, open_page: Open) -> None:
    def file(*names: str) -> bytes:
        return ("concept,language,term\n" + "".join(f"{name},en,{name}\n" for name in names)).encode()

    page = open_page("glossary")
    page.session_state["glossary_tab"] = "Import"
    page.run()
    page.file_uploader[0].set_value([("one.csv", file("aaa", "bbb"), "text/csv")]).run()
    shown = table(page)
    send(page, shown, {0: False}, column="keep")
    assert button(page, "Keep 1 concept")
    page.file_uploader[0].set_value([("two.csv", file("ccc", "ddd"), "text/csv")])
    send(page, shown, {0: False}, column="keep")
    assert button(page, "Keep 2 concepts")
