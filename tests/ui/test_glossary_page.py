"""The glossary's page: finding, editing with conflicts told, the table, import with a preview, export."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, Checkbox

from workbench.core.extraction import Candidate, Counterpart, Row
from workbench.core.terms import Concept, Status, Term
from workbench.errors import UsageError
from workbench.services.workspace import Workspace
from workbench.ui.components.concept_form import edit_concept
from workbench.ui.components.glossary_candidates import examples_html
from workbench.ui.components.glossary_exchange import zip_files
from workbench.ui.components.glossary_queue import place_link
from workbench.ui.components.glossary_table import card_html, concepts_html
from workbench.ui.components.glossary_uses import uses_html

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


def test_a_file_made_ready_is_not_offered_any_more_once_the_glossary_has_changed(
    with_concept: Workspace, open_page: Open
) -> None:
    page = _tab(open_page, "Export")
    page.button(key="glossary_prepare").click().run()
    assert page.download_button(key="glossary_download")
    with_concept.glossary.save(Concept("mayor", "", (Term("fr", "maire"),)), None)
    page.run()
    assert not page.exception and not page.download_button
    page.button(key="glossary_prepare").click().run()
    assert page.download_button(key="glossary_download")


def _tab(open_page: Open, name: str) -> AppTest:
    page = open_page("glossary")
    page.session_state["glossary_tab"] = name
    return page.run()


def test_a_proposal_is_approved_into_a_concept(with_concept: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    proposal = with_concept.glossary.propose(
        "fr", "<b>pacte</b>", concept="twinning", example="Un <b>pacte</b> unit.", place="text?text=x&version=fr"
    )
    page = _tab(open_page, "Proposals")
    shown = html_of(page)
    assert "<mark>&lt;b&gt;pacte&lt;/b&gt;</mark>" in shown and "<b>pacte" not in shown and "where it stands" in shown
    page.button(key=f"approve_{proposal.id}").click().run()
    assert not page.exception and not page.error
    term = with_concept.glossary.get("twinning").concept.term("fr", "<b>pacte</b>")
    assert term is not None and term.status is Status.ADMITTED


def test_a_proposal_that_is_a_term_already_says_where(
    with_concept: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    with_concept.glossary.propose("fr", "jumelages")
    assert "a term of the glossary already: town twinning." in html_of(_tab(open_page, "Proposals"))


def test_a_proposal_becomes_a_concept_of_its_own(with_concept: Workspace, open_page: Open) -> None:
    proposal = with_concept.glossary.propose("pt", "consórcio")
    page = _tab(open_page, "Proposals")
    page.selectbox(key=f"domain_{proposal.id}").set_value("instruments").run()
    page.button(key=f"approve_{proposal.id}").click().run()
    assert with_concept.glossary.get("consorcio").concept.domain == "instruments"
    assert with_concept.proposals.waiting() == []


def test_a_refused_proposal_can_be_reopened(with_concept: Workspace, open_page: Open) -> None:
    proposal = with_concept.glossary.propose("fr", "truc")
    page = _tab(open_page, "Proposals")
    page.text_input(key=f"reason_{proposal.id}").input("trop vague")
    page.button(key=f"refuse_{proposal.id}").click().run()
    assert [p.answer for p in with_concept.proposals.decided()] == ["trop vague"]
    assert any("trop vague" in m.value for m in page.markdown)
    page.button(key=f"reopen_{proposal.id}").click().run()
    assert [p.text for p in with_concept.proposals.waiting()] == ["truc"]


def test_a_place_that_is_no_page_is_only_words() -> None:
    assert place_link("javascript:alert(1)") == "javascript:alert(1)"
    assert place_link("elsewhere?x=<b>") == "elsewhere?x=&lt;b&gt;"
    assert place_link("//evil.example/text?text=a") == "//evil.example/text?text=a" and place_link("") == ""
    assert 'data-page="text"' in place_link("text?text=a&version=fr")
    assert 'data-page="translate"' in place_link("/team/translate?text=a&to=es&row=3")


@pytest.fixture
def with_candidates(with_concept: Workspace) -> Workspace:
    """A list of candidates as the search in the background leaves it."""
    answers = {"es": (Counterpart("es", "presupuesto", 3, 1.0),), "pt": (Counterpart("pt", "orçamento", 3, 1.0),)}
    candidates = {
        "fr": [
            Candidate("fr", "budget", "budget", 3, 2, 5.0, (0,), answers),
            Candidate("fr", "étape", "etape", 2, 1, 4.0, (1,), {}),
        ]
    }
    rows = [Row("a", {"fr": "Le <i>budget</i> est là.", "es": "El presupuesto."}), Row("a", {"fr": "Une étape."})]
    with_concept.candidates.keep(rows, candidates)
    return with_concept


def test_accepted_candidates_become_concepts_with_their_counterparts(
    with_candidates: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    found = with_candidates.candidates.found()
    assert found is not None
    shown = examples_html(found, found.candidates["fr"][0])
    assert "<mark>budget</mark>" in shown and "<i>" not in shown
    with_candidates.proposals.accept([Term("fr", "budget"), Term("es", "presupuesto")], domain="finance-projects")
    again = with_candidates.candidates.found()
    assert again is not None and [c.text for c in again.candidates["fr"]] == ["étape"]


def test_candidates_are_listed_and_dismissed_ones_can_come_back(with_candidates: Workspace, open_page: Open) -> None:
    page = _tab(open_page, "Candidates")
    assert not page.exception and not page.error
    page.segmented_control(key="candidates_language").set_value("fr").run()
    assert list(page.dataframe[0].value["term"]) == ["budget", "étape"]
    with_candidates.proposals.dismiss("fr", "étape", "etape")
    page.run()
    assert list(page.dataframe[0].value["term"]) == ["budget"]
    (gone,) = with_candidates.proposals.dismissed()
    page.button(key=f"back_{gone.id}").click().run()
    assert list(page.dataframe[0].value["term"]) == ["budget", "étape"]


def _candidates(open_page: Open, *rows: int) -> AppTest:
    """The tab of candidates in French with some of them ticked."""
    page = _tab(open_page, "Candidates")
    page.segmented_control(key="candidates_language").set_value("fr").run()
    page.session_state["candidates_fr_0"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return page.run()


def _button(page: AppTest, label: str) -> Button:
    return next(button for button in page.button if button.label == label)


@pytest.mark.parametrize("label", ["Accept", "Never show again"])
def test_a_decision_does_not_hit_the_candidate_that_moved_up(
    with_candidates: Workspace, open_page: Open, label: str
) -> None:
    page = _candidates(open_page, 0)
    assert [field.value for field in page.text_input] == ["budget"]
    _button(page, label).click()
    with_candidates.for_person("bob", with_candidates.guard).proposals.dismiss("fr", "budget", "budget")
    page.run()
    assert not page.exception and not page.error
    assert [(gone.text, gone.decided_by) for gone in with_candidates.proposals.dismissed()] == [("budget", "bob")]
    assert [stored.id for stored in with_candidates.glossary.all()] == ["twinning"]
    assert [info.value for info in page.info] == ["“budget” was decided meanwhile, by bob\\."]
    assert not page.text_input  # nothing is ticked in its stead


@pytest.mark.parametrize("label", ["Accept", "Never show again"])
def test_a_second_click_that_comes_early_decides_nothing_more(
    with_candidates: Workspace, open_page: Open, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    page = _candidates(open_page, 0)
    _button(page, label).click()
    states = page._tree.get_widget_states()  # what the browser sends at each of the two clicks
    monkeypatch.setattr("workbench.ui.components.glossary_candidates._go_on", lambda: None)  # broken off before it
    page._run(states)
    page._run(states)
    gone = [gone.text for gone in with_candidates.proposals.dismissed()]
    known = [stored.id for stored in with_candidates.glossary.all()]
    assert (gone, known) == ((["budget"], ["twinning"]) if label != "Accept" else ([], ["budget", "twinning"]))


def test_what_is_ticked_stays_ticked_when_another_candidate_is_decided(
    with_candidates: Workspace, open_page: Open
) -> None:
    page = _candidates(open_page, 1)
    assert [field.value for field in page.text_input] == ["étape"]
    _button(page, "Never show again").click()
    with_candidates.for_person("bob", with_candidates.guard).proposals.dismiss("fr", "budget", "budget")
    page.run()
    assert [gone.text for gone in with_candidates.proposals.dismissed()] == ["budget", "étape"]


def test_several_are_dismissed_as_they_were_drawn(with_candidates: Workspace, open_page: Open) -> None:
    page = _candidates(open_page, 0, 1)
    _button(page, "Never show these 2 candidates again").click()
    with_candidates.for_person("bob", with_candidates.guard).proposals.dismiss("fr", "budget", "budget")
    page.run()
    assert [gone.text for gone in with_candidates.proposals.dismissed()] == ["budget"]
    assert [field.value for field in page.text_input] == ["étape"]


def test_a_deleted_concept_can_be_brought_back(with_concept: Workspace, open_page: Open) -> None:
    with_concept.glossary.delete("twinning", with_concept.glossary.get("twinning").revision)
    page = open_page("glossary", concept="twinning")
    page.button(key="bring_back").click().run()
    assert with_concept.glossary.get("twinning").concept.term("es", "hermanamiento") is not None


def _edited_by_bob(workspace: Workspace) -> None:
    """What a colleague does while the concept stands on my page."""
    stored = workspace.glossary.get("twinning")
    changed = replace(stored.concept, terms=(*stored.concept.terms, Term("pt", "geminação")))
    workspace.for_person("bob", workspace.guard).glossary.save(changed, stored.revision)


def test_undo_takes_back_only_the_change_that_was_drawn(with_concept: Workspace, open_page: Open) -> None:
    page = open_page("glossary", concept="twinning")
    _edited_by_bob(with_concept)
    _button(page, "Undo the last change").click().run()
    assert with_concept.glossary.get("twinning").concept.term("pt", "geminação") is not None
    assert not page.exception and "bob changed “twinning” meanwhile" in page.error[0].value
    _button(page, "Undo the last change").click().run()  # now it was seen
    assert with_concept.glossary.get("twinning").concept.term("pt", "geminação") is None
    assert not page.error and page.success[0].value == "The last change was taken back\\."


def test_undo_clicked_twice_takes_back_one_change(with_concept: Workspace, open_page: Open) -> None:
    _edited_by_bob(with_concept)
    page = open_page("glossary", concept="twinning")
    _button(page, "Undo the last change").click()
    states = page._tree.get_widget_states()
    page._run(states)
    page._run(states)
    assert not page.exception
    assert [change.operation for change in with_concept.glossary.history("twinning")] == ["undo", "edit", "create"]


def test_a_creation_taken_back_leads_to_the_list(with_concept: Workspace, app: AppTest) -> None:
    page = app.run().switch_page("workbench/ui/pages/glossary_page.py")
    page.query_params["concept"] = "twinning"
    _button(page.run(), "Undo the last change").click().run()
    assert not page.exception and not page.error and not with_concept.glossary.all()
    assert page.success[0].value == "The last change was taken back\\." and "concept" not in page.query_params


def test_deletion_is_refused_where_a_colleague_edited_meanwhile(with_concept: Workspace, open_page: Open) -> None:
    page = open_page("glossary", concept="twinning")
    _tick(page).check().run()
    _edited_by_bob(with_concept)
    page.button(key="delete_concept").click().run()
    assert with_concept.glossary.get("twinning").concept.term("pt", "geminação") is not None
    assert not page.exception and "bob changed “twinning” meanwhile" in page.error[0].value
    assert not _tick(page).value and page.button(key="delete_concept").disabled


def test_the_tick_to_delete_is_one_concepts(with_concept: Workspace, open_page: Open) -> None:
    with_concept.glossary.save(Concept("city", "", (Term("en", "city"),)), None)
    page = open_page("glossary", concept="twinning")
    _tick(page).check().run()
    page.query_params["concept"] = "city"
    page.run()
    assert not _tick(page).value and page.button(key="delete_concept").disabled


def test_a_deleted_concept_offers_the_way_back(with_concept: Workspace, app: AppTest) -> None:
    page = app.run().switch_page("workbench/ui/pages/glossary_page.py")
    page.query_params["concept"] = "twinning"
    _tick(page.run()).check().run()
    page.button(key="delete_concept").click().run()
    assert not page.exception and not page.error and not with_concept.glossary.all()
    page.button(key="bring_back").click().run()
    assert not page.exception and not page.error and with_concept.glossary.get("twinning")


def _tick(page: AppTest) -> Checkbox:
    return next(tick for tick in page.checkbox if tick.label == "Yes, delete this concept")


def _new_concept(app: AppTest, term: str) -> tuple[AppTest, WidgetStates]:
    """The form for a new concept, and what the browser sends for a click on Save with a term typed in."""
    app.query_params.clear()
    page = app.run().switch_page("workbench/ui/pages/glossary_page.py").run()
    _button(page, "New concept").click().run()
    assert not page.exception and "new" in page.query_params
    _button(page, "Save").click()
    states = page._tree.get_widget_states()
    table = next(node.proto.id for node in page.main if getattr(getattr(node, "proto", None), "editing_mode", 0))
    typed = {"edited_rows": {"2": {"text": term}}, "added_rows": [], "deleted_rows": []}
    states.widgets.add(id=table, string_value=json.dumps(typed))
    return page, states


def test_save_clicked_twice_makes_one_concept(workspace: Workspace, app: AppTest) -> None:
    page, states = _new_concept(app, "sister city")
    address = dict(page.query_params)
    page._run(states)
    assert [stored.id for stored in workspace.glossary.all()] == ["sister-city"]
    page.query_params.clear()  # the second click was sent from the address of the form
    page.query_params.update(address)
    page._run(states)
    assert [stored.id for stored in workspace.glossary.all()] == ["sister-city"]
    assert not page.exception and not page.error
    assert "sister-city" in page.query_params["concept"]


def test_save_broken_off_by_a_second_click_makes_one_concept(
    workspace: Workspace, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, states = _new_concept(app, "sister city")
    with monkeypatch.context() as broken:
        broken.setattr("workbench.ui.components.concept_form.end_edit", lambda: st.stop())
        page._run(states)
    page._run(states)
    assert [stored.id for stored in workspace.glossary.all()] == ["sister-city"]
    assert not page.exception and not page.error
    assert "sister-city" in page.query_params["concept"]


def test_the_next_new_concept_is_another_one(workspace: Workspace, app: AppTest) -> None:
    for term in ("sister city", "mayor"):
        page, states = _new_concept(app, term)
        page._run(states)
        assert not page.exception and not page.error
    assert [stored.id for stored in workspace.glossary.all()] == ["mayor", "sister-city"]


def test_words_of_a_refused_cell_stay_beside_the_refusal(with_concept: Workspace, open_page: Open) -> None:
    page = _tab(open_page, "Edit as a table")
    _edited_by_bob(with_concept)
    _save_cells(page, {"fr": "mon *jumelage*", "en": "my twinning"})
    assert not page.exception and not page.error
    for _ in range(2):  # it is not gone at the next turn, when another cell is edited
        (warning,) = page.warning
        assert "bob changed “twinning” meanwhile" in warning.value
        assert "mon \\*jumelage\\*" in warning.value and "my twinning" in warning.value
        page.run()
    assert with_concept.glossary.get("twinning").concept.term("fr", "jumelage") is not None
    _save_cells(page, {"fr": "mon jumelage"})  # typed again, into the table as it is stored now
    assert with_concept.glossary.get("twinning").concept.term("fr", "mon jumelage") is not None
    assert page.success[0].value == "1 concept saved\\."
    assert "my twinning" in page.warning[0].value and "mon" not in page.warning[0].value  # what is nowhere else
    _button(page, "Start from what is stored now").click().run()
    assert not page.warning and not page.exception


def _save_cells(page: AppTest, typed: dict[str, str]) -> None:
    """Type into the first row of the table of concepts and press Save."""
    table = next(node.proto.id for node in page.main if getattr(getattr(node, "proto", None), "editing_mode", 0))
    edits = json.dumps({"edited_rows": {"0": typed}, "added_rows": [], "deleted_rows": []})
    states = page._tree.get_widget_states()
    states.widgets.add(id=table, string_value=edits)
    page._run(states)
    page.button(key="table_save").click()
    states = page._tree.get_widget_states()
    states.widgets.add(id=table, string_value=edits)
    page._run(states)


def test_a_page_that_is_empty_now_gives_way_to_the_last_one(
    workspace: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    for number in range(41):
        workspace.glossary.save(Concept(f"c{number:02}", "", (Term("en", f"word {number:02}"),)), None)
    page = open_page("glossary")
    page.button(key="glossary_offset_on").click().run()
    assert "word 40" in html_of(page) and "word 39" not in html_of(page)
    workspace.glossary.delete("c40", 1)
    page.run()
    assert not page.info and "word 39" in html_of(page)


def test_the_print_view_has_all_that_was_found(with_concept: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = open_page("glossary", print="1", q="jumel")
    assert "Accord entre deux villes." in html_of(page) and "data-print" in html_of(page)
    assert "jumelage" not in html_of(open_page("glossary", print="1", domain="nowhere"))


def test_places_where_a_concept_is_used_lead_to_the_text(with_text: Workspace) -> None:
    with_text.glossary.save(Concept("project", "", (Term("fr", "projet"), Term("es", "proyecto"))), None)
    uses = with_text.terminology.uses("project")
    shown = uses_html(uses)
    assert "<mark>projets</mark>" in shown and "<mark>proyectos</mark>" in shown
    assert 'data-page="text"' in shown and "Le réseau" in shown  # not aligned yet: there is no row to lead to
