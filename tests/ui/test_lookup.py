"""The panel for looking up: mounted on every page, closed, and drawn without markup of anybody else's."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from workbench.core.memory import NewUnit, Source, SourceKind
from workbench.core.terms import Concept, Term
from workbench.services.workspace import Workspace
from workbench.ui.components.grid_editor.feed import new_feed
from workbench.ui.components.lookup.drawing import answer_html
from workbench.ui.pages import align_page

Open = Callable[..., AppTest]


def test_the_panel_lies_on_the_page_and_asks_nothing_by_itself(with_text: Workspace, app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "_lookup_answer" not in app.session_state
    names = [element.proto.component_name for element in app.main if element.type == "bidi_component"]
    assert names.count("workbench_lookup") == 1


def test_an_answer_shows_the_concept_in_every_language_and_links_to_unit_row_and_concept(workspace: Workspace) -> None:
    terms = (Term("fr", "jumelage"), Term("en", "<b>twinning</b>"))
    workspace.glossary.save(Concept("twinning", "instruments", terms), None)
    unit = NewUnit({"fr": "Un jumelage <i>vivant</i>.", "en": "A lively twinning."})
    source = Source("text:reseau", SourceKind.TEXT, "Le réseau", "reseau")
    workspace.memory.learn([unit], source=source, reviewed=True)
    workspace.lookup.read_terms()
    html = answer_html(workspace.lookup.look_up("jumelages", spoken="fr"), "fr")
    assert '<details data-concept="twinning" open>' in html and '<summary><span lang="fr">jumelage' in html
    assert 'data-lang="en"' in html and "<b>twinning" not in html
    html = answer_html(workspace.lookup.look_up("jumelage"))
    assert "<mark>jumelage</mark>" in html and "<i>vivant" not in html
    assert 'data-copy="Un jumelage &lt;i&gt;vivant&lt;/i&gt;."' in html
    assert 'href="align?text=reseau&amp;unit=2"' in html and 'href="memory?unit=2"' in html
    assert 'href="glossary?concept=twinning"' in html
    assert "Nothing like that" in answer_html(workspace.lookup.look_up("rien"))


def test_a_unit_s_row_is_the_one_that_says_the_same_in_most_languages(with_text: Workspace) -> None:
    stored = with_text.alignment.align("reseau")
    segments = {code: with_text.library.segments("reseau", code) for code in stored.grid.languages}
    feed = new_feed("reseau", "base", stored, segments)
    texts = {"fr": "Un second point", "es": "Un segundo punto"}
    place = align_page.row_of(feed, texts)
    assert place is not None
    (number,) = feed.rows[place]["c"][0]
    assert next(s.text for s in segments["fr"] if s.id == number) == texts["fr"]
    assert align_page.row_of(feed, {"fr": "Autre chose."}) is None
