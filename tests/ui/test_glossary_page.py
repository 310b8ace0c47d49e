"""The glossary's page: finding, editing with conflicts told, the table, import with a preview, export."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from workbench.core.terms import Concept, Status, Term
from workbench.errors import UsageError
from workbench.services.workspace import Workspace
from workbench.ui.components.concept_form import edit_concept
from workbench.ui.components.glossary_exchange import zip_files
from workbench.ui.components.glossary_table import card_html, concepts_html

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]


@pytest.fixture
def with_concept(workspace: Workspace) -> Workspace:
    """A glossary of one concept."""
    terms = (
        Term("fr", "jumelage", definition="Accord entre deux villes.", source="ici"),
        Term("es", "hermanamiento"),
        Term("en", "town twinning"),
        Term("en", "<i>twinning</i>", Status.FORBIDDEN),
    )
    workspace.glossary.save(Concept("twinning", "instruments", terms), None)
    return workspace


def test_the_list_finds_without_accents_and_escapes(with_concept: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = open_page("glossary")
    assert not page.exception and not page.error
    assert "&lt;i&gt;twinning&lt;/i&gt;" in html_of(page) and "<i>" not in html_of(page)
    page.text_input(key="glossary_query").input("hermanamiénto").run()
    assert "jumelage" in html_of(page)
    page.text_input(key="glossary_query").input("xyz").run()
    assert page.info[0].value == "No concept is like that."


def test_a_card_says_statuses_in_words(with_concept: Workspace) -> None:
    stored = with_concept.glossary.get("twinning")
    card = card_html(stored)
    assert "forbidden" in card and "Accord entre deux villes." in card and "<i>" not in card
    assert "⊘" in concepts_html([stored])


def test_editing_keeps_what_the_form_does_not_show(with_concept: Workspace) -> None:
    before = with_concept.glossary.get("twinning").concept
    rows = [{"was": n, "language": t.language, "text": t.text, "status": t.status} for n, t in enumerate(before.terms)]
    rows[0]["text"] = "accord de jumelage"
    rows.append({"was": None, "language": "pt", "text": "geminação", "status": "preferred"})
    after = edit_concept(before, rows, {"fr": "Un accord."}, {}, "instruments", (), with_concept.glossary)
    french = after.terms_in("fr")[0]
    assert (french.text, french.definition, french.source) == ("accord de jumelage", "Un accord.", "ici")
    assert after.term("pt", "geminação") is not None


def test_a_concept_without_a_term_is_refused(with_concept: Workspace) -> None:
    with pytest.raises(UsageError, match="at least one term"):
        edit_concept(None, [{"was": None, "language": "fr", "text": " "}], {}, {}, "", (), with_concept.glossary)


def test_a_change_made_meanwhile_is_shown_beside_mine(
    with_concept: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    page = open_page("glossary", concept="twinning", edit="1")
    stored = with_concept.glossary.get("twinning")
    with_concept.glossary.save(replace(stored.concept, domain="finance-projects"), stored.revision)
    page.text_area(key="definition_twinning_fr").input("Ma définition.")
    page.button(key="FormSubmitter:concept_twinning-Save").click().run()
    assert "Both versions are kept" in page.warning[0].value
    assert "Ma définition." in html_of(page) and "Finance and projects" in html_of(page)
    page.button(key="conflict_save").click().run()
    assert with_concept.glossary.get("twinning").concept.definition("fr") == "Ma définition."


def test_a_link_to_a_concept_that_is_gone_says_so(with_concept: Workspace, open_page: Open) -> None:
    page = open_page("glossary", concept="nowhere")
    assert "no concept" in page.warning[0].value and not page.exception


def test_an_import_shows_what_would_change_and_can_be_taken_back(with_concept: Workspace, open_page: Open) -> None:
    page = open_page("glossary")
    page.session_state["glossary_tab"] = "Import"
    page.run()
    data = b"concept,language,term,status\nmayor,fr,maire,preferred\nmayor,es,alcalde,preferred\n"
    page.file_uploader[0].set_value([("words.csv", data, "text/csv")]).run()
    assert not page.exception and not page.error
    assert len(with_concept.glossary.all()) == 1
    page.button(key="glossary_apply").click().run()
    assert with_concept.glossary.get("mayor").concept.term("es", "alcalde") is not None
    next(b for b in page.button if b.label == "Take the last import back").click().run()
    assert [stored.id for stored in with_concept.glossary.all()] == ["twinning"]


def test_a_file_that_is_no_glossary_is_refused(with_concept: Workspace, open_page: Open) -> None:
    page = open_page("glossary")
    page.session_state["glossary_tab"] = "Import"
    page.run()
    page.file_uploader[0].set_value([("x.csv", b"\x00\x01\x02\x03", "text/csv")]).run()
    assert "x.csv" in page.error[0].value.replace("\\", "") and not page.exception


def test_the_glossary_is_taken_away_as_po(with_concept: Workspace, open_page: Open) -> None:
    page = open_page("glossary")
    page.session_state["glossary_tab"] = "Export"
    page.run()
    page.button(key="glossary_prepare").click().run()
    assert not page.error
    assert "glossary-po.zip" in page.download_button(key="glossary_download").label.replace("\\", "")
    files = page.session_state["glossary_export"][1]
    names = zipfile.ZipFile(io.BytesIO(zip_files(files))).namelist()
    assert sum(name.endswith(".po") for name in names) == 12 and sum(name.endswith(".pot") for name in names) == 4
