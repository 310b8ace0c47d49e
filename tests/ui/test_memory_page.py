"""The memory's page: hits are marked and escaped, an import is reported and can be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from workbench.core.concordance import parse_query
from workbench.core.memory import NewUnit, Source
from workbench.core.terms import Concept, Term
from workbench.services.workspace import Workspace
from workbench.ui.components.concordance import hits_html, marked_html

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]

TMX = b"""<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="fr" datatype="plaintext" segtype="sentence" adminlang="en" o-tmf="x"
 creationtool="t" creationtoolversion="1"/><body>
<tu><tuv xml:lang="fr"><seg>La mairie est ouverte.</seg></tuv>
<tuv xml:lang="es"><seg>El ayuntamiento abre.</seg></tuv></tu>
</body></tmx>"""


@pytest.fixture
def with_memory(workspace: Workspace) -> Workspace:
    """A memory of one unit in three languages."""
    unit = NewUnit(
        {
            "fr": "Les villes jumelées coopèrent.",
            "es": "Las ciudades hermanas cooperan.",
            "en": "Twin cities <b>act</b>.",
        }
    )
    workspace.memory.learn([unit], source=Source("text:reseau", name="Le réseau", text_slug="reseau"), reviewed=True)
    return workspace


def test_a_search_marks_what_was_found(with_memory: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = open_page("memory", q="jumelees", language="fr")
    assert not page.exception and not page.error
    assert "<mark>jumelées</mark>" in html_of(page)
    assert "<b>act</b>" not in html_of(page)


def test_the_answer_is_marked_in_the_other_columns_where_the_glossary_knows_it(with_memory: Workspace) -> None:
    concept = Concept("twin-city", "", (Term("fr", "ville jumelée"), Term("es", "ciudad hermana")))
    with_memory.glossary.save(concept, None)
    page = with_memory.memory.concordance("jumelées")
    finders = {code: with_memory.glossary.recogniser(code) for code in ("fr", "es")}
    drawn = hits_html(page.hits, parse_query("jumelées"), (), finders)
    assert "<mark>ciudades hermanas</mark>" in drawn


def test_nothing_found_says_what_to_try(with_memory: Workspace, open_page: Open) -> None:
    page = open_page("memory", q="xylophone")
    assert "fewer words" in page.info[0].value


def test_marks_never_let_markup_through() -> None:
    assert marked_html("a <i>b</i>", ((2, 5),)) == "a <mark>&lt;i&gt;</mark>b&lt;/i&gt;"


def test_an_import_reports_what_it_did_and_can_be_taken_back(workspace: Workspace, open_page: Open) -> None:
    page = open_page("memory")
    page.session_state["memory_tab"] = "Import"
    page.run()
    page.file_uploader[0].set_value([("old.tmx", TMX, "text/xml")]).run()
    next(b for b in page.button if b.label == "Import").click().run()
    workspace.jobs.wait(page.session_state["memory_import_job"], 30)
    page.run()
    assert not page.exception and not page.error
    assert "1 new" in page.success[0].value
    assert workspace.memory.stats().units == 1
    batch = workspace.memory.imports()[0].id
    page.button(key=f"undo_{batch}").click().run()
    assert workspace.memory.stats().units == 0


def test_a_broken_file_is_refused_with_its_name(workspace: Workspace, open_page: Open) -> None:
    page = open_page("memory")
    page.session_state["memory_tab"] = "Import"
    page.run()
    page.file_uploader[0].set_value([("bad.tmx", b"<tmx><body><tu>", "text/xml")]).run()
    next(b for b in page.button if b.label == "Import").click().run()
    workspace.jobs.wait(page.session_state["memory_import_job"], 30)
    page.run()
    assert "bad.tmx" in page.error[0].value.replace("\\", "")
    assert workspace.memory.stats().units == 0


def test_a_link_to_a_unit_that_is_gone_says_so(workspace: Workspace, open_page: Open) -> None:
    page = open_page("memory", unit="999")
    assert "no unit 999" in page.error[0].value


def test_the_memory_is_taken_out_as_tmx(with_memory: Workspace, open_page: Open) -> None:
    page = open_page("memory")
    page.session_state["memory_tab"] = "Export"
    page.run()
    next(b for b in page.button if b.label == "Prepare the file").click().run()
    assert not page.error
    assert page.download_button(key="export_download").label == "Download 1 unit"
