"""The grid editor where steps could be lost or done on the wrong row: slow answers, colleagues, another text."""

import pytest

from tests.browser.grids import add_text, open_grid, settle, small_text, workspace_of
from tests.browser.wire import Wire
from workbench.services.alignment_service import GridEdit
from workbench.services.seed_service import SEEDED_KEY
from workbench.ui.session import AUTHOR_KEY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(make_app_server):
    def prepare(home):
        workspace = workspace_of(home)
        workspace.store.settings.put(SEEDED_KEY, {"texts": 0})
        for name in ("anew", "left", "chosen", "away", "twice", "tools", "typed", "cut", "again", "handed"):
            small_text(workspace, name)
        gap = [["Un.", "Deux.", "Trois."], ["Uno.", "Tres."]]
        rows = [(((0,), (0,)), 0.9, ()), (((1,), ()), 0.9, ()), (((2,), (1,)), 0.9, ())]
        for name in ("marked", "accepted"):
            add_text(workspace, name, gap, rows)
        workspace.close()

    return make_app_server(prepare)


@pytest.fixture
def wire(server):
    return Wire(server.port)


def grid_of(server, slug):
    """Return a text's rows and what its segments say, as stored."""
    workspace = workspace_of(server.home)
    try:
        grid = workspace.alignment.grid(slug).grid
        return grid.rows, {s.id: s.text for code in grid.languages for s in workspace.library.segments(slug, code)}
    finally:
        workspace.close()


def confirmed(server, slug):
    return [place for place, row in enumerate(grid_of(server, slug)[0]) if row.confirmed]


def elsewhere(server, slug, operation, *places):
    """Do a step as a colleague would, on another computer."""
    workspace = workspace_of(server.home)
    stored = workspace.alignment.grid(slug)
    workspace.alignment.edit(slug, GridEdit(operation, places, stored.revision))
    workspace.close()


def notice(page):
    shown = page.locator("[data-part=notice]")
    shown.wait_for(state="visible")
    return shown.inner_text()


def test_a_page_drawn_anew_after_a_colleagues_merge_shows_the_rows_that_keys_act_on(page, server):
    open_grid(page, server, "anew", row=4)
    assert "numéro 5" in page.locator(".rows .row.active .cell").first.inner_text()
    elsewhere(server, "anew", "merge", 0, 1)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")  # Streamlit's own key: the whole page anew
    page.wait_for_function(
        """() => [...document.querySelectorAll("*")].some(
            (host) => host.shadowRoot?.querySelector("[data-filter=all] .count")?.textContent === "5")"""
    )
    assert page.locator(".rows .row[data-place]").count() == 5
    assert "numéro 5" in page.locator(".rows .row.active .cell").first.inner_text()
    page.locator("[data-part=grid]").focus()
    page.keyboard.press("Enter")
    settle(page)
    rows, said = grid_of(server, "anew")
    assert [said[row.cells[0][0]][:15] for row in rows if row.confirmed] == ["Phrase numéro 5"]


def confirm_three_unanswered(page, wire, slug):
    open_grid(page, wire, slug, row=1)
    page.wait_for_timeout(1000)
    wire.hold()
    for _ in range(3):
        page.keyboard.press("Enter")


def test_steps_that_wait_are_done_on_their_own_text_though_another_is_chosen(page, server, wire):
    confirm_three_unanswered(page, wire, "left")
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="Chosen").click()
    page.wait_for_timeout(500)
    wire.let_go()
    page.wait_for_url("**text=chosen*")
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    assert len(confirmed(server, "left")) == 3
    assert confirmed(server, "chosen") == []


def test_steps_that_wait_while_one_leaves_the_page_are_done_when_one_comes_back(page, server, wire):
    confirm_three_unanswered(page, wire, "away")
    page.get_by_role("link", name="Memory").first.click()
    page.wait_for_timeout(500)
    wire.let_go()
    page.get_by_role("heading", name="Memory").wait_for()
    open_grid(page, wire, "chosen")
    settle(page)
    assert len(confirmed(server, "away")) == 3
    assert confirmed(server, "chosen") == []


def test_steps_that_wait_are_never_done_in_another_persons_name(page, server, wire):
    page.on("dialog", lambda question: question.accept())  # whether to leave, with a step that is not stored
    open_grid(page, wire, "handed")
    wire.cut()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=editor]:not([data-saving=no])")
    workspace = workspace_of(server.home)
    try:
        for name, rows in (("somebody else", []), ("tester", [2])):
            workspace.store.settings.put(AUTHOR_KEY, name)
            if name == "somebody else":
                wire.mend()
            open_grid(page, wire, "handed")
            settle(page)
            page.wait_for_timeout(500)
            assert confirmed(server, "handed") == rows, name
    finally:
        workspace.store.settings.put(AUTHOR_KEY, None)
        workspace.close()


def test_a_second_correction_keeps_the_first(page, server):
    open_grid(page, server, "twice")
    page.locator("#cell-0-0 .chip").dblclick()
    page.keyboard.type(" Avant.")
    page.locator("#cell-3-0 .chip").dblclick()
    page.keyboard.type(" Après.")
    page.keyboard.press("Enter")
    settle(page)
    said = grid_of(server, "twice")[1].values()
    assert sorted(text[-6:] for text in said if text.endswith(("Avant.", "Après."))) == ["Après.", "Avant."]
    assert page.locator("textarea").count() == 0


def test_an_action_beside_an_open_correction_keeps_it_and_later_steps_are_stored(page, server):
    open_grid(page, server, "tools", row=1)
    page.locator("#cell-0-0 .chip").dblclick()
    page.keyboard.type(" Corrigé.")
    page.locator("[data-act=confirm]").click()
    settle(page)
    page.keyboard.press("Enter")
    settle(page)
    assert any(text.endswith("Corrigé.") for text in grid_of(server, "tools")[1].values())
    assert len(confirmed(server, "tools")) == 2


def test_a_mark_set_while_the_server_is_gone_is_stored(page, server):
    open_grid(page, server, "marked", row=2)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1000)
    server.stop()
    page.keyboard.press("x")
    page.wait_for_timeout(500)
    server.start()
    page.wait_for_selector("[data-part=editor][data-saving=no]", timeout=60_000)
    assert grid_of(server, "marked")[0][1].untranslated == ("es",)


def test_a_mark_on_a_row_that_a_colleague_accepted_is_told_as_refused(page, server):
    open_grid(page, server, "accepted", row=2)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(1000)
    workspace = workspace_of(server.home)
    assert workspace.alignment.accept_above("accepted", 0.8)[1]
    workspace.close()
    page.keyboard.press("x")
    assert "Somebody else changed this grid" in notice(page)


def test_a_correction_behind_a_refused_step_is_shown(page, server, wire):
    open_grid(page, wire, "typed", row=1)
    page.wait_for_timeout(1000)
    elsewhere(server, "typed", "confirm", 5)
    wire.hold()
    page.keyboard.press("Enter")
    page.keyboard.press("Home")
    page.keyboard.press("e")
    page.keyboard.type(" Ce que j’ai écrit.")
    page.keyboard.press("Enter")
    wire.let_go()
    assert "Ce que j’ai écrit." in notice(page)
    page.keyboard.press("ArrowDown")
    assert "Ce que j’ai écrit." in notice(page), "what was typed stays until one has seen it"
    page.keyboard.press("Escape")
    page.locator("[data-part=notice]").wait_for(state="hidden")


def test_a_colleagues_cut_shows_both_halves_when_ones_own_step_is_refused(page, server):
    open_grid(page, server, "cut", row=1)
    workspace = workspace_of(server.home)
    segment = workspace.library.segments("cut", "fr")[0]
    halves = ("Phrase numéro 1,", "assez longue pour une ligne.")
    workspace.alignment.cut_segment("cut", "fr", segment.id, *halves, revision=segment.revision)
    workspace.close()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    notice(page)
    page.keyboard.press("Home")
    assert [text.rstrip("✎") for text in page.locator("#cell-0-0 .chip").all_inner_texts()] == list(halves)


def test_a_correction_refused_after_a_reload_leaves_a_colleagues_words_to_be_corrected(page, server, wire):
    open_grid(page, wire, "again", row=1)
    page.wait_for_timeout(1000)
    page.on("dialog", lambda dialog: dialog.accept())  # the browser asks before it leaves what is not saved
    wire.hold()
    page.keyboard.press("e")
    page.keyboard.type(" À moi.")
    page.keyboard.press("Enter")
    workspace = workspace_of(server.home)
    segment = workspace.library.segments("again", "fr")[0]
    workspace.alignment.fix_segment("again", "fr", segment.id, "À l’autre.", revision=segment.revision)
    workspace.close()
    wire.cut()
    wire.let_go()
    wire.mend()
    open_grid(page, wire, "again", row=1)
    assert "À moi." in notice(page)
    assert page.locator("#cell-0-0 .chip").inner_text().rstrip("✎") == "À l’autre."
    page.keyboard.press("e")
    page.keyboard.type(" Bis.")
    page.keyboard.press("Enter")
    settle(page)
    assert "À l’autre. Bis." in grid_of(server, "again")[1].values()


def test_a_correction_opened_by_its_button_has_the_keys(page, server):
    open_grid(page, server, "again", row=3)
    page.locator("[data-act=fix]").click()
    page.keyboard.type(" Au clavier.")
    page.keyboard.press("Enter")
    settle(page)
    assert any(text.endswith("Au clavier.") for text in grid_of(server, "again")[1].values())
