"""Signing in with a real OpenID Connect provider on this machine, in a real browser: name, role, signing out."""

import pytest

from workbench.config import read_settings
from workbench.core.grid import Grid, Row
from workbench.core.people import Role
from workbench.services.seed_service import SEEDED_KEY
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

pytestmark = pytest.mark.browser
pytest.importorskip("authlib")
SECRETS = """
[auth]
redirect_uri = "http://localhost:{port}/oauth2callback"
cookie_secret = "a secret of this test and of nothing else"
client_id = "workbench"
client_secret = "told by the provider"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
PEOPLE = {"ana-1": "Ana Silva", "rui-1": "Rui Costa"}


@pytest.fixture(scope="module")
def provider():
    """An identity provider that knows Ana and Rui."""
    mock = pytest.importorskip("oidc_provider_mock")
    users = [
        mock.User(sub=sub, claims={"email": f"{sub[:3]}@example.org", "email_verified": True, "name": name})
        for sub, name in PEOPLE.items()
    ]
    with mock.run_server_in_thread(user_claims=users) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def team_server(make_app_server, provider, tmp_path_factory):
    """The app for a team: Ana is its administrator, one text is there."""
    secrets = tmp_path_factory.mktemp("secrets") / "secrets.toml"

    def prepare(home):
        workspace = open_home(home)
        workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
        from workbench.core.texts import TextInfo

        read = read_uploads([Upload("a.fr.md", "# Le réseau\n\nLes villes coopèrent.".encode(), "fr")])
        workspace.library.add_text(TextInfo("reseau", "Le réseau", "page", "fr"), read)
        spanish = read_uploads([Upload("a.es.md", b"# La red\n\nLas ciudades cooperan.", "es")])
        workspace.library.put_versions("reseau", spanish)
        keys = [[s.id for s in workspace.library.segments("reseau", code)] for code in ("fr", "es")]
        grid = Grid(("fr", "es"), tuple(Row(((a,), (b,))) for a, b in zip(*keys, strict=True)))
        with workspace.store.database.write() as connection:
            text_id = workspace.library.text("reseau").id
            workspace.store.grids.put(connection, text_id, grid, "test", workspace.library.now())
        workspace.people.add("ana@example.org", Role.ADMINISTRATOR)
        workspace.close()

    server = make_app_server(
        prepare, before_start=lambda port: secrets.write_text(SECRETS.format(port=port, provider=provider)),
        STREAMLIT_SECRETS_FILES=str(secrets),
    )  # fmt: skip
    yield server
    secrets.unlink()


def open_home(home):
    return Workspace(read_settings({"WORKBENCH_HOME": str(home)}))


def sign_in(page, subject):
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/oauth2/authorize**")
    page.fill("input[name=sub]", subject)
    page.get_by_role("button", name="Authorize").click()


def test_a_team_signs_in_each_with_their_role(page, browser, team_server):
    # Nothing is seen before signing in.
    page.goto(team_server.url)
    page.get_by_role("button", name="Sign in").wait_for()
    assert "Le réseau" not in page.content() and page.get_by_role("link", name="Glossary").count() == 0

    # Rui, whom nobody has added, is told whom to ask.
    sign_in(page, "rui-1")
    page.get_by_text("Welcome, Rui Costa").wait_for()
    page.get_by_text("ana@example.org").wait_for()
    assert "Le réseau" not in page.content()

    # Ana is the administrator that the command named; she gives Rui the role of a reader.
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    ana = context.new_page()
    ana.set_default_timeout(30_000)
    ana.goto(f"{team_server.url}/settings")
    sign_in(ana, "ana-1")
    ana.get_by_role("link", name="Settings").click()
    ana.get_by_text("Signed in as").wait_for()
    assert "Ana Silva" in ana.get_by_text("Signed in as").inner_text()
    ana.get_by_label("Role of Rui Costa").click()
    ana.get_by_role("option", name="reader").click()
    ana.get_by_text("Rui Costa is now reader.").wait_for()

    # Rui may look, and is offered no change.
    page.get_by_role("button", name="Ask again for my role").click()
    page.get_by_text("Le réseau").first.wait_for()
    assert page.get_by_role("button", name="Add a text").count() == 0
    page.goto(f"{team_server.url}/translate?text=reseau&to=es")
    page.get_by_text("to work on it you need the role of translator").wait_for()
    page.get_by_role("cell", name="Las ciudades cooperan.").wait_for()
    page.goto(f"{team_server.url}/align?text=reseau&row=1")
    row = page.locator(".editor.reading .row.active")
    row.wait_for()
    page.keyboard.press("m")
    page.get_by_text("to change them you need the role of translator").nth(1).wait_for()
    assert page.locator(".editor .row[data-place]").count() == 2
    assert not page.locator(".editor .actions").is_visible()
    workspace = open_home(team_server.home)
    assert len(workspace.library.grid("reseau").grid.rows) == 2
    rui = workspace.people.find("rui@example.org")
    assert (rui.role, rui.author) == (Role.READER, "Rui Costa")

    # As a translator he may, at once; what he does carries his name.
    ana.get_by_label("Role of Rui Costa").click()
    ana.get_by_role("option", name="translator").click()
    ana.get_by_text("Rui Costa is now translator.").wait_for()
    page.goto(f"{team_server.url}/text?text=reseau")
    page.get_by_role("button", name="More").click()
    page.get_by_label("Title").fill("Le réseau des villes")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("heading", name="Le réseau des villes").wait_for()
    context.close()

    # Signed out, here and at the provider, nothing is seen any more.
    page.goto(f"{team_server.url}/settings")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/oauth2/end_session**")
    page.locator("form button").first.click()
    page.get_by_role("button", name="Sign in").wait_for()
    page.goto(f"{team_server.url}/text?text=reseau")
    page.get_by_role("button", name="Sign in").wait_for()
    assert "Le réseau des villes" not in page.content()
    workspace.close()
