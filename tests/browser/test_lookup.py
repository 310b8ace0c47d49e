"""Looking up from any page in a real browser: the words selected, one key, and back to where one was."""

import pytest

from tests.browser.grids import in_view
from workbench.config import read_settings
from workbench.services.workspace import Workspace

pytestmark = pytest.mark.browser

DESK = "/translate?text=messages&to=en"


@pytest.fixture(scope="module", autouse=True)
def filled(app_server, browser):
    """The sample texts, brought in by a first visit."""
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    opened.goto(app_server.url)
    opened.get_by_text("What to do next").wait_for(timeout=120_000)
    context.close()


def panel(page):
    return page.locator(".lookup .panel")


def found(page):
    """Wait for the whole answer, with terms recognised in their inflected forms, and return the panel."""
    page.locator('.lookup .status:text-matches("Found: ")').wait_for(timeout=60_000)
    return panel(page)


def select_words(page, selector, words):
    """Select words inside an element, over as many pieces of text as they lie in."""
    page.locator(selector).first.evaluate(
        """(element, words) => {
            const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
            const pieces = [];
            while (walk.nextNode()) pieces.push(walk.currentNode);
            const from = pieces.map((piece) => piece.data).join("").indexOf(words);
            if (from < 0) throw new Error("not there: " + words);
            const range = document.createRange();
            let at = 0;
            for (const piece of pieces) {
                const end = at + piece.length;
                if (from >= at && from < end) range.setStart(piece, from - at);
                const to = from + words.length;
                if (to > at && to <= end) range.setEnd(piece, to - at);
                at = end;
            }
            const selection = document.getSelection();
            selection.removeAllRanges();
            selection.addRange(range);
        }""",
        words,
    )


def test_words_selected_in_the_translation_are_looked_up_and_what_was_typed_stays(app_server, page):
    page.goto(app_server.url + DESK)
    field = page.locator(".desk .row.active textarea")
    field.wait_for(timeout=90_000)
    field.focus()
    page.keyboard.type("The decentralised cooperation of cities")
    field.evaluate("field => field.setSelectionRange(4, 29)")
    page.keyboard.press("Control+k")
    here = found(page)
    assert here.locator("input").input_value() == "decentralised cooperation"
    assert here.locator("summary").first.inner_text() == "decentralised cooperation"
    languages = {line.get_attribute("data-lang") for line in here.locator("details[open] .line").all()}
    assert languages == {"fr", "es", "pt", "en"}
    page.keyboard.press("Escape")
    assert not here.is_visible()
    page.keyboard.type("work")
    assert field.input_value() == "The work of cities", "the caret and the selection are where they were"
    assert page.url.endswith("translate?text=messages&to=en")


def test_words_selected_in_the_grid_are_looked_up_in_every_language_and_the_grid_has_the_keys_again(app_server, page):
    page.goto(f"{app_server.url}/align?text=presentation")
    page.wait_for_selector("[data-part=grid] .row[data-place]", timeout=60_000)
    page.locator("[data-part=grid]").focus()
    words = page.locator("[data-part=grid] .chip").first.inner_text().split()[0]
    select_words(page, "[data-part=grid] .chip", words)
    page.keyboard.press("Control+k")
    here = found(page)
    assert here.locator("input").input_value() == words
    shown = {code.inner_text() for code in here.locator(".hits > li").first.locator(".code").all()}
    assert shown == {"fr", "es", "pt", "en"}
    here.get_by_role("button", name="Portuguese").click()
    assert not here.locator('.hits [data-lang="pt"]').first.is_visible(), "a language one does not want is not shown"
    page.keyboard.press("Escape")
    before = page.locator(".rows .row.active").get_attribute("data-place")
    page.keyboard.press("ArrowDown")
    assert page.locator(".rows .row.active").get_attribute("data-place") != before


def test_a_hit_is_copied_and_leads_to_its_unit_and_its_row_while_the_panel_stays(app_server, browser, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_server.url}/settings")
    page.get_by_role("heading", name="Settings").wait_for()
    page.get_by_role("button", name="Look up words", exact=False).first.click()
    page.keyboard.type("coopération")
    here = found(page)
    line = here.locator(".hits .line").first
    line.locator("[data-copy]").click()
    page.locator('.lookup .status:text-matches("Copied: ")').wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == line.locator(".said").inner_text()
    words = line.locator(".said").inner_text()
    here.locator(".hits > li").first.get_by_role("link", name="row").click()
    page.wait_for_url("**/align?text=*&unit=*")
    page.wait_for_selector("[data-part=grid] .row.active", timeout=60_000)
    assert words in page.locator("[data-part=grid] .row.active").inner_text()
    assert here.is_visible() and here.locator("input").input_value() == "coopération"
    page.wait_for_timeout(500)
    assert in_view(page), "the row stands far down the grid"


def test_the_row_at_hand_stays_in_view_when_the_panel_makes_the_grid_narrower(app_server, page):
    page.goto(f"{app_server.url}/align?text=workshops&row=40")
    page.wait_for_selector("[data-part=grid] .row.active", timeout=60_000)
    page.locator("[data-part=grid]").focus()
    page.wait_for_timeout(500)
    assert in_view(page)
    for key in ("Control+k", "Escape"):
        page.keyboard.press(key)
        page.wait_for_timeout(500)
        assert in_view(page), key
    page.keyboard.press("Home")
    page.locator("[data-part=grid]").evaluate("grid => grid.scrollTo(0, grid.scrollHeight)")
    page.wait_for_timeout(300)
    last = page.locator("[data-part=grid] .row[data-place]").last.get_attribute("data-place")
    page.keyboard.press("Control+k")
    page.wait_for_timeout(500)
    assert not in_view(page), "who reads elsewhere is not taken back to the row that has the keys"
    assert page.locator(f".row[data-place='{last}']").count()


def test_the_open_segment_stays_in_view_when_the_panel_makes_the_desk_narrower(app_server, page):
    page.goto(f"{app_server.url}/translate?text=workshops&to=en&row=40")
    field = page.locator(".desk .row.active textarea")
    field.wait_for(timeout=60_000)
    field.focus()
    page.wait_for_timeout(500)
    for key in ("Control+k", "Escape"):
        page.keyboard.press(key)
        page.wait_for_timeout(500)
        assert field.evaluate("field => field.scrollHeight <= field.clientHeight + 2"), "the last line is hidden"
        box, rows = page.locator(".desk .row.active").bounding_box(), page.locator(".desk .list").bounding_box()
        assert rows["y"] <= box["y"] and box["y"] + box["height"] <= rows["y"] + rows["height"], key


def test_selected_words_are_proposed_as_a_term_with_their_language_sentence_and_place(app_server, page):
    page.goto(f"{app_server.url}/align?text=presentation&row=3")
    page.wait_for_selector("[data-part=grid] .row[data-place]", timeout=60_000)
    chip = page.locator(".row[data-place='2'] .cell[data-column='1'] .chip").first
    words = " ".join(chip.inner_text().split()[:3])
    select_words(page, ".row[data-place='2'] .cell[data-column='1'] .chip", words)
    page.keyboard.press("Control+k")
    here = found(page)
    here.get_by_role("button", name="Propose as a term").click()
    form = here.get_by_role("form", name="Propose a term for the glossary")
    assert form.get_by_label("Term", exact=True).input_value() == words
    assert form.get_by_label("Language").input_value() == "es"
    form.get_by_label("A word to the terminologist").fill("seen often")
    form.get_by_role("button", name="Propose").click()
    here.get_by_text("is proposed").wait_for()
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home)}))
    (proposal,) = workspace.glossary.proposals()
    workspace.close()
    assert (proposal.language, proposal.text, proposal.note) == ("es", words, "seen often")
    assert proposal.example == chip.inner_text()
    assert proposal.place == "align?text=presentation&row=3"
    assert not form.is_visible()


def test_words_typed_into_the_panel_are_proposed_once_their_language_is_said(app_server, page):
    page.goto(f"{app_server.url}/help")
    page.locator(".lookup .opener").click()
    page.keyboard.type("ciudad puente")
    here = found(page)
    here.get_by_role("button", name="Propose as a term").click()
    form = here.get_by_role("form", name="Propose a term for the glossary")
    form.get_by_role("button", name="Propose").click()
    assert form.is_visible(), "the browser asks for the language first"
    form.get_by_label("Language").select_option("es")
    form.get_by_role("button", name="Propose").click()
    here.get_by_text("is proposed").wait_for()


def test_nothing_in_the_panel_is_markup_and_an_empty_answer_says_so(app_server, page):
    page.goto(f"{app_server.url}/help")
    page.locator(".lookup .opener").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type('<img src=x onerror="window.hacked=1"> zzz')
    page.get_by_text("Nothing like that is in the memory").wait_for()
    assert page.evaluate("window.hacked") is None
    assert panel(page).locator("img").count() == 0


def test_a_page_on_which_nothing_was_done_is_heard_by_a_server_that_was_started_again(make_app_server, page):
    server = make_app_server()
    connections = []
    page.on("websocket", lambda connection: connections.append(connection))
    page.goto(f"{server.url}/help")
    page.get_by_role("heading", name="Help", exact=True).wait_for(timeout=120_000)
    page.wait_for_timeout(1000)
    server.stop()
    server.start()
    page.wait_for_timeout(500)
    for _ in range(120):
        if len(connections) > 1:
            break
        page.wait_for_timeout(500)
    page.keyboard.press("Control+k")
    page.locator(".lookup input").fill("jumelage")
    page.keyboard.press("Enter")
    found(page)
