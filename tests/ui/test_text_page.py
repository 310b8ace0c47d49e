"""One text: reading, taking away, renaming, removing; a link to a text that is gone."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from workbench.core.texts import TextInfo
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace
from workbench.ui.i18n import LANGUAGE_KEY

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]


def test_a_text_shows_its_versions_and_segments(with_text: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = open_page("text", text="reseau", version="es")
    assert not page.exception and not page.error
    assert "Las ciudades cooperan." in html_of(page)


def test_what_was_odd_about_a_file_is_told_in_the_interfaces_language(workspace: Workspace, open_page: Open) -> None:
    read = read_uploads([Upload("accents.fr.txt", "L’été, la cité coopère.".encode("cp1252"), "fr")])
    workspace.library.add_text(TextInfo("accents", "Accents", "page", "fr"), read)
    page = open_page("text", text="accents", version="fr")
    page.session_state[LANGUAGE_KEY] = "fr"
    page.run()
    told = " ".join(caption.value for caption in page.caption).replace("\\", "")
    assert "accents.fr.txt est en Windows-1252, non en UTF-8" in told


def test_a_version_can_be_taken_away_in_another_format(with_text: Workspace, open_page: Open) -> None:
    page = open_page("text", text="reseau", version="fr")
    assert page.download_button(key="download").label.replace("\\", "") == "Download reseau.fr.md"
    page.selectbox(key="format_fr").select(".html").run()
    assert not page.error
    assert page.download_button(key="download").label.replace("\\", "") == "Download reseau.fr.html"


def test_a_link_to_a_text_that_is_gone_says_so_and_offers_others(with_text: Workspace, open_page: Open) -> None:
    page = open_page("text", text="<b>gone</b>")
    assert not page.exception
    assert "renamed or removed" in page.warning[0].value and "<b>" not in page.warning[0].value.replace("\\<", "")
    assert page.selectbox[0].options == ["Le réseau"]


def test_a_name_that_cannot_be_is_refused_in_place(with_text: Workspace, open_page: Open) -> None:
    page = open_page("text", text="reseau")
    next(field for field in page.text_input if field.label == "Short name").input("../../x")
    page.button(key="FormSubmitter:rename-Rename").click().run()
    assert "cannot name a text" in page.error[0].value
    assert with_text.library.text("reseau").slug == "reseau"


def test_removing_asks_first(with_text: Workspace, open_page: Open) -> None:
    page = open_page("text", text="reseau")
    there = f"{with_text.library.text('reseau').id}_fr-es"
    assert page.button(key=f"remove_{there}").disabled
    page.selectbox(key=f"remove_what_{there}").select("es")
    page.checkbox(key=f"remove_sure_{there}").check().run()
    page.button(key=f"remove_{there}").click().run()
    assert list(with_text.library.versions("reseau")) == ["fr"]


def test_a_double_click_removes_a_version_and_not_the_whole_text(with_text: Workspace, open_page: Open) -> None:
    page = open_page("text", text="reseau")
    next(box for box in page.checkbox if box.label == "Yes, remove it").check().run()
    next(button for button in page.button if button.label == "Remove").click()
    clicked = page._tree.get_widget_states()  # sent twice: the second before the page was drawn anew
    page._run(clicked)
    page._run(clicked)
    assert list(with_text.library.versions("reseau")) == ["fr"]


def test_a_title_typed_while_a_colleague_gives_another_is_not_stored_over_it(
    with_text: Workspace, open_page: Open
) -> None:
    page = open_page("text", text="reseau")
    next(field for field in page.text_input if field.label == "Title").input("Mon titre")
    with_text.library.rename("reseau", title="Son titre")
    page.button(key="FormSubmitter:rename-Rename").click().run()
    assert "It now reads: Son titre" in page.error[0].value.replace("\\", "")
    assert with_text.library.text("reseau").title == "Son titre"
    assert next(field for field in page.text_input if field.label == "Title").value == "Mon titre"


def test_another_short_name_leaves_the_title_that_a_colleague_gave(with_text: Workspace, open_page: Open) -> None:
    page = open_page("text", text="reseau")
    next(field for field in page.text_input if field.label == "Short name").input("le-reseau")
    with_text.library.rename("reseau", title="Son titre")
    page.button(key="FormSubmitter:rename-Rename").click().run()
    assert with_text.library.text("le-reseau").title == "Son titre"
