"""The memory's page: hits are marked and escaped, an import is reported and can be taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, Checkbox

from tests.ui.conftest import PAGES
from workbench.core.concordance import parse_query
from workbench.core.memory import NewUnit, Source, TranslationUnit
from workbench.core.terms import Concept, Term
from workbench.services.job_service import JobService
from workbench.services.workspace import Workspace
from workbench.ui.components.concordance import hits_html, marked_html
from workbench.ui.components.memory_tidy import change_markdown

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


def test_a_link_to_a_search_begins_at_its_first_page(with_memory: Workspace, html_of: HtmlOf) -> None:
    page = AppTest.from_file(str(PAGES / "memory_page.py"), default_timeout=30)
    page.session_state["memory_offset"] = 25  # of an earlier search
    page.query_params["q"] = "jumelees"
    page.run()
    assert "<mark>jumelées</mark>" in html_of(page)


def test_a_page_that_is_empty_now_gives_way_to_the_last_one(
    workspace: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    units = [NewUnit({"fr": f"La ville {number:02} coopère.", "es": f"Ciudad {number:02}"}) for number in range(26)]
    workspace.memory.learn(units, source=Source("text:t", name="t", text_slug="t"), reviewed=True)
    page = open_page("memory", q="ville")
    page.button(key="memory_offset_on").click().run()
    (hit,) = workspace.memory.concordance("ville", limit=25, offset=25).hits
    assert hit.unit.texts["es"] in html_of(page)
    workspace.memory.remove([hit.unit.id])
    page.run()
    assert not page.exception and not page.info
    assert "Ciudad" in html_of(page) and hit.unit.texts["es"] not in html_of(page)


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


def test_a_file_made_ready_is_not_offered_any_more_once_the_memory_has_changed(
    with_memory: Workspace, open_page: Open
) -> None:
    page = on_tab(open_page("memory"), "Export")
    next(b for b in page.button if b.label == "Prepare the file").click().run()
    assert page.download_button(key="export_download")
    (unit,) = [unit for lot in with_memory.store.memory.iterate() for unit in lot]
    with_memory.memory.edit(unit.id, {"en": "Twin cities meet."}, revision=unit.revision)
    page.run()
    assert not page.exception and not page.download_button
    next(b for b in page.button if b.label == "Prepare the file").click().run()
    assert page.download_button(key="export_download")


def on_tab(page: AppTest, tab: str) -> AppTest:
    page.session_state["memory_tab"] = tab
    return page.run()


def texts_of(workspace: Workspace, language: str) -> set[str]:
    return {unit.texts[language] for lot in workspace.store.memory.iterate() for unit in lot}


def changes(page: AppTest) -> list[Checkbox]:
    """The ticks of the preview of find and replace."""
    return [box for box in page.checkbox if box.key and box.key.startswith("tidy_use_")]


def everywhere(page: AppTest) -> list[Button]:
    """The buttons that settle a sentence with several translations, in their order on the page."""
    return [button for button in page.button if button.label == "Yes, everywhere"]


def draw_several(page: AppTest) -> AppTest:
    page = on_tab(page, "Tidy up")
    page.segmented_control(key="tidy_kind").set_value("several").run()
    page.selectbox(key="several_from").set_value("fr").run()
    return page.selectbox(key="several_to_fr").set_value("es").run()


@pytest.fixture
def with_greetings(workspace: Workspace) -> Workspace:
    """A memory in which two sentences have two translations each."""
    units = [
        NewUnit({"fr": fr, "es": es})
        for fr, es in (("Bonjour.", "Hola."), ("Bonjour.", "Buenas."), ("Merci.", "Gracias."), ("Merci.", "Mil."))
    ]
    workspace.memory.learn(units, source=Source("file:old.tmx", name="old.tmx"), reviewed=True)
    return workspace


@pytest.fixture
def with_bridges(workspace: Workspace) -> Workspace:
    """A memory in which one French sentence is said in two ways in Spanish, and another holds the same word."""
    units = [
        NewUnit({"fr": "Le pont est neuf.", "es": "El puente es nuevo."}),
        NewUnit({"fr": "Le pont est neuf.", "es": "El puente está nuevo."}),
        NewUnit({"fr": "Un pont <i>*bleu*</i>.", "es": "Un puente azul."}),
    ]
    workspace.memory.learn(units, source=Source("file:old.tmx", name="old.tmx"), reviewed=True)
    return workspace


def test_find_and_replace_shows_first_changes_what_is_ticked_and_takes_it_back(
    with_bridges: Workspace, open_page: Open
) -> None:
    page = on_tab(open_page("memory"), "Tidy up")
    page.text_input(key="tidy_find").set_value("pont")
    page.text_input(key="tidy_put").set_value("viaduc")
    next(b for b in page.button if b.label == "Show what would change").click().run()
    assert not page.exception and not page.error
    assert [box.value for box in changes(page)] == [True] * 3
    assert "Le pont est neuf." in texts_of(with_bridges, "fr")
    changes(page)[0].uncheck().run()
    page.button(key="tidy_apply").click().run()
    assert texts_of(with_bridges, "fr") == {"Le pont est neuf.", "Le viaduc est neuf.", "Un viaduc <i>*bleu*</i>."}
    page.button(key="tidy_take_back").click().run()
    assert texts_of(with_bridges, "fr") == {"Le pont est neuf.", "Un pont <i>*bleu*</i>."}


def test_a_tick_taken_away_belongs_to_its_search_and_not_to_the_next(with_bridges: Workspace, open_page: Open) -> None:
    page = on_tab(open_page("memory"), "Tidy up")
    for sought in ("neuf", "bleu"):
        page.text_input(key="tidy_find").set_value(sought)
        page.text_input(key="tidy_put").set_value("vieux")
        next(b for b in page.button if b.label == "Show what would change").click().run()
        if sought == "neuf":
            changes(page)[0].uncheck().run()
    shown = [box.value for box in changes(page)]
    assert shown == [True] and page.button(key="tidy_apply").label == "Change 1 segment"
    changes(page)[0].uncheck().run()
    assert page.button(key="tidy_apply").disabled


def test_a_click_in_the_moment_in_which_a_job_ends_is_not_lost(
    with_bridges: Workspace, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = on_tab(open_page("memory"), "Tidy up")
    page.text_input(key="tidy_find").set_value("pont")
    page.text_input(key="tidy_put").set_value("viaduc")
    next(b for b in page.button if b.label == "Show what would change").click().run()
    job = with_bridges.jobs.get(with_bridges.jobs.start("vectors", "memory", lambda progress: "done"))
    found = iter([[job]])  # at the first look it still runs
    monkeypatch.setattr(JobService, "active", lambda self: next(found, []))
    page.button(key="tidy_apply").click().run()
    assert "Un viaduc <i>*bleu*</i>." in texts_of(with_bridges, "fr")


def test_a_change_is_shown_with_what_a_file_wrote_escaped() -> None:
    shown = change_markdown("Un pont <i>*bleu*</i>.", "Un viaduc <i>*bleu*</i>.")
    assert ":red-background[~~pont~~] :green-background[viaduc]" in shown
    assert "\\<i\\>\\*bleu" in shown


def test_a_bad_regular_expression_is_told_in_a_sentence(with_bridges: Workspace, open_page: Open) -> None:
    page = on_tab(open_page("memory"), "Tidy up")
    page.text_input(key="tidy_find").set_value("(")
    page.checkbox(key="tidy_pattern").check()
    next(b for b in page.button if b.label == "Show what would change").click().run()
    assert "regular expression" in page.error[0].value


def test_one_of_several_translations_is_used_everywhere_and_the_units_are_joined(
    with_bridges: Workspace, open_page: Open
) -> None:
    page = on_tab(open_page("memory"), "Tidy up")
    page.segmented_control(key="tidy_kind").set_value("several").run()
    assert any("Le pont est neuf" in text.value for text in page.markdown)
    everywhere(page)[0].click().run()
    assert not page.exception and not page.error
    assert texts_of(with_bridges, "es") == {"El puente es nuevo.", "Un puente azul."}
    page.segmented_control(key="tidy_kind").set_value("duplicates").run()
    page.button(key="duplicates_join").click().run()
    assert with_bridges.memory.stats().units == 2


def test_a_click_settles_the_sentence_it_was_made_on_though_a_colleague_settled_one_before_it(
    with_greetings: Workspace, open_page: Open
) -> None:
    page = draw_several(open_page("memory"))
    memory = with_greetings.memory
    first, second = memory.contradictions(source="fr", target="es")
    memory.settle(first, "es", first.targets[0][0])
    everywhere(page)[1].click().run()  # on the first sentence, which is settled by now
    assert not page.exception and not page.error
    assert memory.contradictions(source="fr", target="es") == [second]
    unit = memory.unit(second.targets[0][1][0])
    memory.edit(unit.id, {"es": "Gracias a todos."}, revision=unit.revision)
    everywhere(page)[1].click().run()
    assert "Gracias a todos." in texts_of(with_greetings, "es")  # what a colleague wrote since is nobody's to settle
    assert "1 was left as it is" in page.success[0].value


def test_a_double_click_settles_one_sentence_and_can_be_taken_back(with_greetings: Workspace, open_page: Open) -> None:
    page = draw_several(open_page("memory"))
    before = texts_of(with_greetings, "es")
    everywhere(page)[1].click()
    clicked = page._tree.get_widget_states()
    pressed = [s for s in clicked.widgets if s.trigger_value or s.WhichOneof("value") != "trigger_value"]
    clicked = type(clicked)(widgets=pressed)  # as a browser sends it: nothing of buttons that were not pressed
    page._run(clicked)
    page._run(clicked)
    assert "1 segment changed" in page.success[0].value
    assert len(with_greetings.memory.contradictions(source="fr", target="es")) == 1
    page.button(key="tidy_take_back").click().run()
    assert texts_of(with_greetings, "es") == before


def test_a_click_on_a_later_page_is_not_lost_when_the_memory_has_grown(workspace: Workspace, open_page: Open) -> None:
    source = Source("file:old.tmx", name="old.tmx")
    units = [NewUnit({"fr": f"Salle {letter}.", "es": f"{word} {letter}."})
             for letter in "abcdefghijklmnopqrstuvwxyz" for word in ("Sala", "Aula")]  # fmt: skip
    workspace.memory.learn(units, source=source, reviewed=True)
    page = draw_several(open_page("memory"))
    page.button(key="tidy_offset_on").click().run()
    last = workspace.memory.contradictions(source="fr", target="es")[-1]
    workspace.memory.learn([NewUnit({"fr": "Autre chose.", "es": "Otra cosa."})], source=source, reviewed=True)
    everywhere(page)[-1].click().run()
    left = workspace.memory.contradictions(source="fr", target="es")
    assert len(left) == 25 and last not in left


def test_only_the_duplicates_that_were_shown_are_joined(workspace: Workspace, open_page: Open) -> None:
    def units() -> list[TranslationUnit]:
        return [unit for lot in workspace.store.memory.iterate() for unit in lot]

    def make_twin(fr: str, es: str) -> None:
        other = NewUnit({"fr": fr, "es": f"{es} (2)"})
        workspace.memory.learn([NewUnit({"fr": fr, "es": es}), other], source=source, reviewed=True)
        twin = units()[-1]
        workspace.memory.edit(twin.id, {"es": es}, revision=twin.revision)

    source = Source("file:old.tmx", name="old.tmx")
    make_twin("Bonjour.", "Hola.")
    page = on_tab(open_page("memory"), "Tidy up")
    page.segmented_control(key="tidy_kind").set_value("duplicates").run()
    assert page.button(key="duplicates_join").label == "Join 1 unit"
    make_twin("Merci.", "Gracias.")
    page.button(key="duplicates_join").click().run()
    assert not page.exception and not page.error
    assert [unit.texts["fr"] for unit in units()] == ["Bonjour.", "Merci.", "Merci."]


def test_a_text_is_analysed_before_work_starts(with_text: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    unit = NewUnit({"fr": "Les villes coopèrent.", "pt": "As cidades cooperam."})
    with_text.memory.learn([unit], source=Source("file:old.tmx", name="old.tmx"), reviewed=True)
    page = on_tab(open_page("memory"), "Analyse")
    page.selectbox(key="analysis_to_fr").set_value("pt").run()
    next(b for b in page.button if b.label == "Analyse").click().run()
    assert not page.exception and not page.error
    drawn = html_of(page)
    assert "French into Portuguese" in drawn
    assert '<th scope="row">same sentence</th><td>1</td><td>3</td>' in drawn


def test_a_unit_is_corrected_and_tells_what_it_said(with_bridges: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    unit = next(u for lot in with_bridges.store.memory.iterate() for u in lot)
    page = open_page("memory", unit=str(unit.id))
    page.text_area(key=f"unit_{unit.id}_1_es").set_value("El puente quedó nuevo.")
    next(b for b in page.button if b.label == "Save").click().run()
    assert not page.exception and not page.error
    assert with_bridges.memory.unit(unit.id).texts["es"] == "El puente quedó nuevo."
    assert "<del>El puente es nuevo.</del>" in html_of(page)


def test_a_correction_does_not_overwrite_that_of_somebody_else_and_keeps_what_was_typed(
    with_bridges: Workspace, open_page: Open
) -> None:
    unit = next(u for lot in with_bridges.store.memory.iterate() for u in lot)
    page = open_page("memory", unit=str(unit.id))
    with_bridges.memory.edit(unit.id, {"es": "De otra persona."}, revision=unit.revision)
    page.text_area(key=f"unit_{unit.id}_1_es").set_value("Lo mío.")
    next(b for b in page.button if b.label == "Save").click().run()
    assert with_bridges.memory.unit(unit.id).texts["es"] == "De otra persona."
    assert page.warning
    assert page.text_area(key=f"unit_{unit.id}_1_es").value == "Lo mío."


def test_a_removed_unit_still_tells_its_history(with_bridges: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    unit = next(u for lot in with_bridges.store.memory.iterate() for u in lot)
    with_bridges.memory.remove([unit.id])
    page = open_page("memory", unit=str(unit.id))
    assert not page.exception and not page.error
    assert "<del>Le pont est neuf.</del>" in html_of(page)
