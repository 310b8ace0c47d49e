"""From page to page while something is still being asked: the page one goes to is there, and stays."""

import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.test_lookup import found

pytestmark = pytest.mark.browser
sync_api = pytest.importorskip("playwright.sync_api")

GRID = "[data-part=grid] .row.active"
FEED = "workbench_grid_feed"


class Telegraph:
    """The messages between a page and its server: ``asked`` and ``told`` see each; a ``lost`` answer ends here."""

    def __init__(self, page):
        self.asked = lambda message, raw: None
        self.told = lambda message: None
        self.lost = lambda message: False
        self.sent, self.held, self.holding = [], [], False
        page.route_web_socket("**/_stcore/stream", self._connect)

    def _connect(self, near):
        self.near, self.far = near, near.connect_to_server()
        near.on_message(self._ask)
        self.far.on_message(self._tell)

    def _ask(self, raw):
        if isinstance(raw, bytes):
            message = BackMsg.FromString(raw)
            if message.WhichOneof("type") == "rerun_script":
                self.sent.append(message.rerun_script)
                self.asked(message.rerun_script, raw)
        self.far.send(raw)

    def _tell(self, raw):
        message = ForwardMsg.FromString(raw)
        self.told(message)
        if not self.lost(message):
            (self.held.append if self.holding else self.near.send)(raw)

    def let_go(self):
        """Pass on what was held of the server's answers, and hold no more."""
        self.holding = False
        for raw in self.held:
            self.near.send(raw)
        self.held.clear()


def look_up(page, app_server):
    page.goto(f"{app_server.url}/settings")
    page.get_by_role("heading", name="Settings").wait_for(timeout=90_000)
    page.get_by_role("button", name="Look up words", exact=False).first.click()
    page.keyboard.type("coopération")
    here = found(page)
    row = here.locator(".hits > li").first.get_by_role("link", name="row")
    row.wait_for()
    return here, row


def test_a_question_that_reaches_the_server_while_another_page_is_drawn_does_not_empty_it(app_server, page):
    wire = Telegraph(page)
    questions, late = [], []
    wire.asked = lambda message, raw: questions.append(raw)
    here, row = look_up(page, app_server)
    question = questions[-1]  # of the settings page, as the browser still calls it until it hears of the other

    def once_it_is_drawn(message):
        if message.WhichOneof("type") == "page_info_changed" and not late:
            late.append(question)
            wire.far.send(question)

    wire.told = once_it_is_drawn
    row.click()
    page.wait_for_url("**/align?text=*&unit=*")
    page.wait_for_function("() => document.querySelector('[data-test-script-state=notRunning]')")
    page.wait_for_timeout(1_000)
    assert late, "the question did reach the server"
    page.locator(GRID).wait_for()
    assert here.is_visible(), "and the panel stays open"


def test_what_is_asked_between_a_link_and_its_page_waits_for_the_page(app_server, page):
    wire = Telegraph(page)
    here, row = look_up(page, app_server)
    wire.holding = True  # a server that is slow to answer
    row.click()
    end = time.monotonic() + 10
    while "go" not in str(wire.sent[-1].widget_states) and time.monotonic() < end:
        page.wait_for_timeout(50)
    before = len(wire.sent)
    here.locator("input").press("Enter")
    page.wait_for_timeout(500)
    assert len(wire.sent) == before, "asked now, it would be a question of the page that is being left"
    wire.let_go()
    page.locator(GRID).wait_for()
    here.locator('.status:text-matches("^Found")').wait_for()
    assert len(wire.sent) > before
    page.wait_for_timeout(500)
    assert page.locator(GRID).is_visible()


def test_a_page_whose_end_did_not_come_is_asked_for_again(app_server, page):
    """What a server loses of a page, when asked for something else in the moment in which it had drawn it."""
    wire = Telegraph(page)
    lost = []

    def lose(message):
        kind = message.WhichOneof("type")
        if kind == "session_status_changed" and lost:
            wire.lost = lambda message: False
        elif lost or (kind == "delta" and message.delta.new_element.bidi_component.component_name == FEED):
            lost.append(kind)
        return bool(lost) and kind != "session_status_changed"

    wire.lost = lose
    page.goto(f"{app_server.url}/align?text=presentation")
    page.locator(GRID).wait_for(timeout=90_000)
    assert "script_finished" in lost


def test_back_leads_to_the_page_one_came_from_and_to_the_row_at_hand(app_server, page):
    page.goto(f"{app_server.url}/align?text=presentation&row=3")
    page.locator(GRID).wait_for(timeout=90_000)
    page.locator("[data-part=grid]").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.wait_for_function("location.search.includes('row=7')")
    page.keyboard.press("Control+k")
    page.keyboard.type("coopération")
    here = found(page)
    here.locator('a[data-page="memory"], a[data-page="text"], a[data-page="align"]').first.wait_for()
    here.locator("a[data-page=glossary]").first.evaluate("link => link.click()")
    page.wait_for_url("**/glossary?concept=*")
    page.get_by_role("button", name="Back to the glossary").wait_for()
    page.go_back()
    page.locator(GRID).wait_for()
    assert page.url.endswith("/align?text=presentation&row=7")
    assert page.locator(GRID).get_attribute("data-place") == "6"
    page.reload()
    page.locator(GRID).wait_for(timeout=60_000)
    assert page.locator(GRID).get_attribute("data-place") == "6"
    page.go_back()
    assert "text=presentation" not in page.url, "one step for one page"


def test_the_desk_opens_again_at_the_segment_one_was_in(app_server, page):
    page.goto(f"{app_server.url}/translate?text=presentation&to=en&row=2")
    row = page.locator(".desk .row.active")
    row.locator("textarea").focus(timeout=90_000)
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_function("location.search.includes('row=3')")
    key = row.get_attribute("data-key")
    page.reload()
    row.wait_for(timeout=60_000)
    assert row.get_attribute("data-key") == key
    page.wait_for_timeout(3_000)
    assert not page.locator(".desk .people").inner_text().strip(), "nobody else is here: not oneself before the reload"


def test_a_search_is_there_when_one_comes_back_to_its_page(app_server, page):
    page.goto(f"{app_server.url}/glossary")
    search = page.get_by_role("textbox", name="Search")
    search.fill("decentralised", timeout=90_000)
    search.press("Enter")
    page.locator("[data-testid=stMain] a[data-page=glossary]", has_text="decentralised").first.click()
    page.get_by_role("button", name="Back to the glossary").click()
    page.get_by_role("heading", name="Glossary", exact=True).wait_for()
    sync_api.expect(search).to_have_value("decentralised")
    page.get_by_role("link", name="Help").click()
    page.get_by_role("heading", name="Help", exact=True).wait_for()
    page.get_by_role("link", name="Glossary").first.click()
    sync_api.expect(search).to_have_value("decentralised")


def test_a_pasted_text_is_there_when_one_comes_back_to_it(app_server, page):
    page.goto(f"{app_server.url}/add")
    page.get_by_role("tab", name="Paste").click(timeout=90_000)
    field = page.get_by_role("textbox", name="Version 1")
    field.fill("Les villes coopèrent. Elles partagent leurs projets.")
    field.press("Control+Enter")
    page.get_by_role("button", name="Keep the text").wait_for()
    page.get_by_role("link", name="Glossary").first.click()
    page.get_by_role("heading", name="Glossary", exact=True).wait_for()
    page.go_back()
    page.get_by_role("button", name="Keep the text").wait_for()
    page.get_by_role("tab", name="Paste").click()
    sync_api.expect(field).to_have_value("Les villes coopèrent. Elles partagent leurs projets.")


def test_who_leaves_a_form_with_words_in_it_is_asked_first(app_server, page):
    asked, answers = [], [False, True]

    def answer(dialog):
        asked.append(dialog.message)
        (dialog.accept if answers.pop(0) else dialog.dismiss)()

    page.on("dialog", answer)
    page.goto(f"{app_server.url}/glossary?new=1")
    note = page.locator("[data-testid=stForm] textarea").first
    note.focus(timeout=90_000)
    page.keyboard.type("A definition")
    page.get_by_role("link", name="Memory").first.click()
    page.wait_for_timeout(500)
    assert note.input_value() == "A definition" and "/glossary?new" in page.url
    page.get_by_role("link", name="Memory").first.click()
    page.get_by_role("heading", name="Memory", exact=True).wait_for()
    assert asked == ["What you have typed in this form is not saved. Leave the page all the same?"] * 2
    page.goto(f"{app_server.url}/settings")
    page.get_by_role("textbox", name="Your name").fill("tester two", timeout=60_000)
    page.get_by_role("textbox", name="Your name").fill("tester")
    page.get_by_role("link", name="Help").first.click()
    page.get_by_role("heading", name="Help", exact=True).wait_for()
    assert len(asked) == 2, "what says again what it said is nothing to lose"


def test_the_language_that_was_chosen_holds_after_a_reload(app_server, page):
    page.goto(f"{app_server.url}/settings")
    page.get_by_role("combobox", name="Language of the interface").click(timeout=90_000)
    page.get_by_role("option", name="Português").click()
    page.get_by_role("heading", name="Configurações", exact=True).wait_for()
    page.wait_for_function("document.cookie.includes('workbench_language=pt')")
    page.goto(f"{app_server.url}/help")
    page.get_by_role("heading", name="Ajuda", exact=True).wait_for()


def test_an_address_without_a_page_is_told_in_the_persons_language(app_server, browser):
    context = browser.new_context(locale="es-ES", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(f"{app_server.url}/antigua?text=presentation")
    told = page.get_by_role("alert").filter(has_text="No hay ninguna página en esta dirección")
    told.wait_for(timeout=90_000)
    page.get_by_role("heading", name="Textos", exact=True).wait_for()
    assert not page.get_by_role("dialog").is_visible(), "Streamlit's own, which speaks English"
    page.wait_for_timeout(1_200)
    page.get_by_role("link", name="Ayuda").click()
    page.get_by_role("heading", name="Ayuda", exact=True).wait_for()
    assert not told.is_visible()
    context.close()
