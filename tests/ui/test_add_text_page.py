"""Bringing texts in: what is read is shown before it is kept, and what cannot be read says so and harms nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from workbench.core.segmentation import SegmentationRules
from workbench.core.texts import TextInfo
from workbench.services.library_service import LibraryService
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]

FRENCH = b"# Appel\n\nLes villes peuvent participer. Elles envoient leur dossier.\n\n- Une lettre\n- Un budget\n"
SPANISH = "# Convocatoria\n\nLas ciudades pueden participar. Envían su expediente.\n\n- Una carta\n".encode()


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Put files into the page's uploader, as a person would drop them there."""
    return page.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files]).run()


def test_an_upload_is_shown_in_segments_before_it_is_kept(
    workspace: Workspace, open_page: Open, html_of: HtmlOf
) -> None:
    page = upload(open_page("add_text"), ("appel.fr.md", FRENCH), ("appel.es.md", SPANISH))
    assert not page.exception and not page.error
    drawn = html_of(page)
    assert "Elles envoient leur dossier." in drawn and 'class="heading h1' in drawn and 'class="item l1' in drawn
    assert workspace.library.coverage() == []
    page.button(key="FormSubmitter:add_new-Keep the text").click().run()
    assert not page.error
    text = workspace.library.coverage()[0]
    assert text.text.title == "Appel"
    assert {c.language: c.segments for c in text.languages.values()} == {"fr": 5, "es": 4, "pt": 0, "en": 0}


def test_pasted_text_has_its_language_guessed_and_can_be_corrected(workspace: Workspace, open_page: Open) -> None:
    page = open_page("add_text")
    page.text_area[0].input("As cidades cooperam entre si e partilham os seus projetos com todas as outras.").run()
    language = page.selectbox[0]
    assert language.value == "pt"
    language.select("pt-BR").run()
    page.button(key="FormSubmitter:add_new-Keep the text").click().run()
    assert list(workspace.library.versions(workspace.library.coverage()[0].text.slug)) == ["pt-BR"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", "empty.txt is empty"),
        ("bad.docx", b"no docx at all", "bad.docx is not a Word document"),
        ("binary.txt", bytes(range(256)) * 20, "binary.txt"),
        ("entity.html", b"", "entity.html is empty"),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_leaves_the_others(
    workspace: Workspace, open_page: Open, html_of: HtmlOf, name: str, data: bytes, words: str
) -> None:
    page = upload(open_page("add_text"), (name, data), ("appel.fr.md", FRENCH))
    assert not page.exception
    assert len(page.error) == 1 and words in page.error[0].value.replace("\\", "")
    assert "Les villes peuvent participer." in html_of(page)


def test_two_files_in_one_language_cannot_be_kept(workspace: Workspace, open_page: Open) -> None:
    page = upload(open_page("add_text"), ("a.fr.md", FRENCH), ("b.fr.md", FRENCH))
    assert "are both fr" in page.error[0].value.replace("\\", "")
    assert not [b for b in page.button if b.label == "Keep the text"]


def test_markup_in_a_file_is_shown_as_text(workspace: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = upload(open_page("add_text"), ("x.fr.txt", b"Bonjour <script>alert(1)</script> tout le monde."))
    drawn = html_of(page)
    assert "<script>" not in drawn and "&lt;script&gt;" in drawn


def test_a_newer_file_tells_what_it_changes_and_revises_the_version(with_text: Workspace, open_page: Open) -> None:
    page = open_page("add_text", text="reseau")
    newer = (
        "# Le réseau\n\nLes villes coopèrent. Elles partagent leurs grands projets.\n\n- Un premier point\n".encode()
    )
    upload(page, ("reseau.fr.md", newer))
    summary = " ".join(m.value for m in page.markdown).replace("\\", "")
    assert "3 unchanged, 1 changed, 0 added, 1 removed" in summary
    page.button(key="add_revise").click().run()
    assert with_text.library.version("reseau", "fr").revision == 2


def test_own_abbreviations_hold_at_once(workspace: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = upload(open_page("add_text"), ("x.fr.txt", "Voir la délib. Du conseil municipal de la ville.".encode()))
    assert html_of(page).count('class="tx"') == 2
    page.text_area(key="add_abbreviations_fr_0").input("délib.")
    page.button(key="FormSubmitter:add_rules-Save the rules").click().run()
    page.run()
    assert html_of(page).count('class="tx"') == 1


def test_rules_that_a_colleague_changes_meanwhile_are_kept_with_ones_own(workspace: Workspace, open_page: Open) -> None:
    workspace.library.set_rules(SegmentationRules({"fr": ("old", "délib")}))
    page = open_page("settings")
    workspace.library.set_rules(SegmentationRules({"fr": ("délib", "theirs")}, {"es": (("a", "b"),)}))
    page.text_area(key="settings_abbreviations_fr_0").input("old, délib, mine")
    page.text_area(key="settings_abbreviations_pt_0").input("proc.")
    page.button(key="FormSubmitter:settings_rules-Save the rules").click().run()
    assert not page.error and "Saved" in page.success[0].value
    rules = workspace.library.rules()
    assert rules.abbreviations == {"fr": ("délib", "theirs", "mine"), "pt": ("proc",)}
    assert rules.no_break == {"es": (("a", "b"),)}
    assert page.text_area(key="settings_abbreviations_fr_1").value == "délib, theirs, mine"


def test_a_second_click_while_a_text_is_being_kept_keeps_it_once(
    workspace: Workspace, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = upload(open_page("add_text"), ("x.fr.txt", "Les villes coopèrent.".encode()))
    page.button(key="FormSubmitter:add_new-Keep the text").click()
    clicked = page._tree.get_widget_states()
    add_text, times = LibraryService.add_text, []

    def interrupted(self: LibraryService, *args: object) -> object:
        added = add_text(self, *args)  # type: ignore[arg-type]
        if not times:
            context = get_script_run_ctx()
            again = RerunData(page_script_hash=context.page_script_hash, widget_states=clicked)
            context.script_requests.request_rerun(again)
        times.append(added)
        return added

    monkeypatch.setattr(LibraryService, "add_text", interrupted)
    page._run(clicked)
    assert [text.text.slug for text in workspace.library.coverage()] == ["x"]
    assert "is kept with 1 version" in page.success[0].value


def test_a_short_name_that_is_taken_is_refused_each_time(with_text: Workspace, open_page: Open) -> None:
    page = upload(open_page("add_text"), ("x.fr.txt", "Les villes coopèrent.".encode()))
    page.radio(key="add_where").set_value(page.radio(key="add_where").options[0]).run()
    for _ in range(2):
        page.text_input(key="add_slug").input("reseau")
        page.button(key="FormSubmitter:add_new-Keep the text").click().run()
        assert "already" in page.error[0].value
    assert len(with_text.library.coverage()) == 1


def test_versions_go_to_the_text_that_was_chosen_among_two_of_one_title(workspace: Workspace, open_page: Open) -> None:
    for slug in ("bulletin-2023", "bulletin-2024"):
        read = read_uploads([Upload("x.fr.md", b"# Titre\n\nBonjour.\n", "fr")])
        workspace.library.add_text(TextInfo(slug, "Bulletin", "page", "fr"), read)
    page = upload(open_page("add_text", text="bulletin-2024"), ("x.es.txt", b"Hola, ciudades hermanas."))
    page.run()
    page.button(key="add_revise").click().run()
    found = {slug: list(workspace.library.versions(slug)) for slug in ("bulletin-2023", "bulletin-2024")}
    assert found == {"bulletin-2023": ["fr"], "bulletin-2024": ["fr", "es"]}


def test_a_rule_that_is_no_pattern_is_refused(workspace: Workspace) -> None:
    from workbench.errors import UsageError
    from workbench.ui.components.rules_editor import rules_of

    rules = rules_of({"fr": ""}, {"language": ["fr"], "before": ["("], "after": [""], "ends": [True]})
    with pytest.raises(UsageError, match="regular expression"):
        workspace.library.set_rules(rules)
