"""Where people sign in: whoever has no role sees nothing, and pages offer what a role allows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from workbench.core.people import Identity, Person, Role
from workbench.core.terms import Concept, Term
from workbench.services.workspace import Workspace
from workbench.ui import sign_in
from workbench.ui.navigation import PAGES

Open = Callable[..., AppTest]
ANA = Identity("https://id.example.org", "a-1", "ana@example.org", True, "Ana <b>Silva</b>")


def role_key(person: Person) -> str:
    return f"role_{person.id}_{person.role}"


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Identity | None], None]:
    """Let pages believe that people sign in here, and that this one has."""

    def set_who(who: Identity | None) -> None:
        monkeypatch.setattr(sign_in, "set_up", lambda: True)
        monkeypatch.setattr(sign_in, "identity", lambda: who)

    return set_who


@pytest.fixture
def as_role(with_text: Workspace, signed_in: Callable[[Identity | None], None]) -> Callable[[Role], None]:
    """Let Ana be at work, with a role."""

    def give(role: Role) -> None:
        signed_in(ANA)
        with_text.people.set_role(with_text.people.recognise(ANA).id, role)

    return give


def labels(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


@pytest.mark.parametrize("name", ["add_text" if name == "add" else name for name in PAGES if name != "help"])
def test_nobody_sees_a_page_before_signing_in(with_text: Workspace, signed_in, open_page: Open, name: str) -> None:
    signed_in(None)
    page = open_page(name, text="reseau")
    assert not page.exception and labels(page) == {"Sign in"}
    assert not page.text_input and not page.selectbox and not page.dataframe


@pytest.mark.parametrize("name", ["add_text" if name == "add" else name for name in PAGES if name != "help"])
def test_whoever_has_no_role_is_told_whom_to_ask_and_sees_nothing_else(
    with_text: Workspace, signed_in, open_page: Open, name: str
) -> None:
    with_text.people.add("rosa@example.org", Role.ADMINISTRATOR)
    signed_in(ANA)
    page = open_page(name, text="reseau")
    assert not page.exception and labels(page) == {"Ask again for my role", "Sign out"}
    assert "rosa@example.org" in page.info[0].value.replace("\\", "")
    assert [p.role for p in with_text.people.all() if p.email == ANA.email] == [None]


def test_a_reader_looks_up_and_takes_away_and_is_offered_no_change(
    with_text: Workspace, as_role, open_page: Open, html_of
) -> None:
    with_text.glossary.save(Concept("city", "cities", (Term("fr", "ville"),)), None)
    as_role(Role.READER)
    assert "Add a text" not in labels(open_page("home"))
    text = open_page("text", text="reseau")
    assert not text.exception and not {"Add or revise versions", "Rename", "Remove"} & labels(text)
    assert "reseau" in text.session_state["_workspace"].library.text("reseau").slug
    align = open_page("align", text="reseau")
    assert not align.exception and not {"Align", "Align again"} & labels(align)
    memory = open_page("memory")
    assert not memory.exception and [tab.label for tab in memory.tabs] == ["Look up", "Analyse", "Export"]
    glossary = open_page("glossary")
    assert [tab.label for tab in glossary.tabs] == ["Browse", "Proposals", "Export"]
    assert "New concept" not in labels(glossary)
    concept = open_page("glossary", concept="city", edit="1")
    assert not concept.exception and "Edit" not in labels(concept) and not concept.text_area
    for page in (open_page("add_text"), open_page("glossary", new="1")):
        assert not page.exception and "ask" in page.info[-1].value
    reading = open_page("translate", text="reseau", to="es")
    assert not reading.exception and "role of translator" in reading.info[0].value
    assert html_of(reading).count('<tr id="row-') == 5 and not labels(reading) & {"Export", "Publish"}
    settings = open_page("settings")
    assert not settings.exception
    assert {b.label: b.disabled for b in settings.button}["Save the rules"]


def test_a_page_that_offered_too_much_is_refused_by_the_service_in_the_persons_language(
    with_text: Workspace, as_role, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rosa takes Ana's role away while Ana has the page of an administrator before her."""
    as_role(Role.ADMINISTRATOR)
    rosa = with_text.people.add("rosa@example.org", Role.ADMINISTRATOR)
    monkeypatch.setattr("workbench.ui.i18n.interface_language", lambda: "fr")
    page = open_page("settings")
    with_text.people.set_role(with_text.people.recognise(ANA).id, Role.READER)
    page.selectbox(key=role_key(rosa)).select(Role.READER).run()
    assert not page.exception and "réservé aux administrateurs" in page.error[0].value
    assert with_text.people.get(rosa.id).role is Role.ADMINISTRATOR
    assert "Ajouter" not in labels(page)


def test_each_role_is_offered_its_part(with_text: Workspace, as_role, open_page: Open) -> None:
    as_role(Role.TRANSLATOR)
    assert "Add a text" in labels(open_page("home"))
    assert {"Rename"} == {"Rename", "Remove"} & labels(open_page("text", text="reseau"))
    as_role(Role.REVISER)
    assert {"Rename", "Remove"} <= labels(open_page("text", text="reseau"))
    assert "New concept" not in labels(open_page("glossary"))
    as_role(Role.TERMINOLOGIST)
    assert "New concept" in labels(open_page("glossary"))
    assert "Add" not in labels(open_page("settings"))


def test_an_administrator_adds_people_and_changes_roles_on_the_page(
    with_text: Workspace, as_role, open_page: Open
) -> None:
    as_role(Role.ADMINISTRATOR)
    page = open_page("settings")
    assert not page.exception
    page.text_input[0].input("Rui@Example.org")
    page.button(key="FormSubmitter:add_person-Add").click().run()
    rui = next(p for p in with_text.people.all() if p.email == "rui@example.org")
    assert rui.role is Role.TRANSLATOR and "rui@example.org" in page.success[0].value.replace("\\", "")
    page.selectbox(key=role_key(rui)).select(Role.REVISER).run()
    assert with_text.people.get(rui.id).role is Role.REVISER
    ana = next(p for p in with_text.people.all() if p.email == ANA.email)
    page.selectbox(key=role_key(ana)).select(Role.READER).run()
    with_text.people.set_role(rui.id, Role.TRANSLATOR)  # by another administrator
    page.run()
    rui = next(p for p in with_text.people.all() if p.email == "rui@example.org")
    assert page.selectbox(key=role_key(rui)).value is Role.TRANSLATOR
    page.selectbox(key=role_key(ana)).select(Role.READER).run()
    assert "last administrator" in page.error[0].value and with_text.people.get(ana.id).role is Role.ADMINISTRATOR
    assert page.selectbox(key=role_key(ana)).value is Role.ADMINISTRATOR
    page.button(key=f"remove_person_{rui.id}").click().run()
    assert [p.email for p in with_text.people.all()] == [ANA.email]
    assert all("<b>" not in m.value for m in page.markdown)


def test_changes_of_whoever_signed_in_carry_their_name(with_text: Workspace, as_role, open_page: Open) -> None:
    as_role(Role.TRANSLATOR)
    page = open_page("settings")
    own = page.session_state["_workspace"]
    assert own.author == own.library.author == own.memory.author == own.glossary.author == ANA.name
    assert "Save" not in labels(page) and "Sign out" in labels(page)


def test_a_teams_workspace_does_not_stand_open_where_nobody_can_sign_in(with_text: Workspace, open_page: Open) -> None:
    with_text.people.add("rosa@example.org", Role.ADMINISTRATOR)
    page = open_page("home")
    assert not page.exception and not page.button and "WORKBENCH_SIGN_IN" in page.error[0].value
    object.__setattr__(with_text.settings, "sign_in", False)
    assert "Add a text" in labels(open_page("home"))
