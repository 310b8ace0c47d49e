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
    assert page.button(key="remove").disabled
    page.selectbox(key="remove_what").select("es")
    page.checkbox(key="remove_sure").check().run()
    page.button(key="remove").click().run()
    assert list(with_text.library.versions("reseau")) == ["fr"]
