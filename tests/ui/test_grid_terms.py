"""What the grid is told of the glossary's terms."""

from __future__ import annotations

from workbench.core.terms import Concept, Status, Term
from workbench.services.segment_terms import segment_terms
from workbench.services.workspace import Workspace
from workbench.ui.components.grid_editor.feed import new_feed
from workbench.ui.components.grid_editor.terms import feed_texts, terms_data


def test_the_grid_s_terms_are_counted_as_the_browser_counts(with_text: Workspace) -> None:
    terms = (Term("fr", "jumelage"), Term("es", "hermanamiento", Status.ADMITTED))
    with_text.glossary.save(Concept("twinning", "instruments", terms), None)
    stored = with_text.alignment.align("reseau")
    segments = {code: with_text.library.segments("reseau", code) for code in stored.grid.languages}
    feed = new_feed("reseau", "base", stored, segments)
    number = segments["fr"][1].id
    with_text.alignment.fix_segment("reseau", "fr", number, "Le 𝔸 jumelage.", revision=segments["fr"][1].revision)
    feed.put_segments(with_text.library.segments("reseau", "fr"))
    texts = feed_texts(feed, [number])
    assert texts == [(number, "fr", "Le 𝔸 jumelage.")]
    data = terms_data(segment_terms(with_text.glossary, texts), feed, [number])
    assert data["segments"] == {str(number): [15, [[6, 14, ["twinning"], 0]]]}
    assert data["concepts"] == {"twinning": [["jumelage"], ["hermanamiento"]]}
