"""The translation editor where words could be lost: a server dies, a network drops, another language is chosen."""

import re

import pytest

from tests.browser.desks import MISSING, STALE, active, open_desk, state, stored, wait_for, wait_saved
from tests.browser.grids import workspace_of
from tests.browser.wire import Wire
from workbench.ui.session import AUTHOR_KEY

pytestmark = pytest.mark.browser


def test_the_server_dies_in_mid_edit_and_nothing_typed_is_lost(make_app_server, page):
    server = make_app_server()
    field = open_desk(page, server.url + STALE)
    key = active(page)
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Antes da queda. ")
    wait_for(lambda: stored(server, "SELECT 1 FROM drafts WHERE text LIKE 'Antes da queda.%'"), "storing the draft")
    server.stop()
    page.keyboard.type("Depois ")
    page.wait_for_timeout(6000)  # time for the app's dialog about the connection, which must not take the keys away
    page.keyboard.type("da queda.")
    page.locator('.desk .saved[data-state="trouble"]').wait_for(timeout=15_000)
    server.start()
    wait_for(
        lambda: stored(server, "SELECT 1 FROM drafts WHERE text = 'Antes da queda. Depois da queda.'"),
        "sending what was typed while the server was away", 60,
    )  # fmt: skip
    assert page.locator(".desk .row.active textarea").input_value() == "Antes da queda. Depois da queda."
    server.stop()
    page.keyboard.type(" E mais.")
    page.wait_for_timeout(800)
    server.start()
    field = open_desk(page, server.url + STALE)  # a new tab's worth of state: only the browser's storage has the end
    assert active(page) == key
    wait_for(lambda: field.input_value().endswith("E mais."), "finding the end again in the browser")


def test_a_comment_is_kept_until_the_server_has_it_or_given_back_if_it_refuses(make_app_server, page):
    server = make_app_server()
    open_desk(page, server.url + STALE).focus()
    key = active(page)
    server.stop()
    page.keyboard.press("Alt+m")
    page.keyboard.type("Is this the right word?")
    page.keyboard.press("Control+Enter")
    page.goto("about:blank")
    server.start()
    workspace = workspace_of(server.home)
    try:
        workspace.store.settings.put(AUTHOR_KEY, "somebody else")
        open_desk(page, server.url + STALE)
        page.wait_for_timeout(1_000)
        wait_saved(page)
        assert stored(server, "SELECT body FROM segment_comments") == [], "said in another person's name"
        workspace.store.settings.put(AUTHOR_KEY, None)
    finally:
        workspace.close()
    open_desk(page, server.url + STALE).focus()
    page.locator(".desk .row.active .comment .said", has_text="Is this the right word?").wait_for(timeout=20_000)
    wait_saved(page)
    assert stored(server, "SELECT body FROM segment_comments") == [("Is this the right word?",)]
    assert page.evaluate("Object.keys(localStorage).filter((name) => /^(sent|comment):/.test(name))") == []
    page.locator(".desk").evaluate("root => { root.wbDesk.outbox.deliver = () => {}; }")
    page.keyboard.press("Alt+m")
    page.keyboard.type("Refused.")
    page.keyboard.press("Control+Enter")
    page.locator(".desk").evaluate(
        """(root, key) => {
            const { client, waiting } = root.wbDesk.outbox;
            const { n } = waiting.find((o) => o.op === "comment");
            root.wbDesk.result({ client, n, key, kind: "told", message: "That cannot be kept." });
        }""",
        int(key),
    )
    assert page.locator(".desk .notice").inner_text() == "That cannot be kept."
    assert page.locator(".desk .row.active .comment-field").input_value() == "Refused."
    assert page.locator(".desk .row.active .comment-field").is_visible()


def test_a_network_that_drops_for_a_while_loses_nothing_and_no_key(app_server, page):
    wire = Wire(app_server.port)
    field = open_desk(page, wire.url + STALE)
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Antes do túnel.")
    wait_for(lambda: stored(app_server, "SELECT 1 FROM drafts WHERE text = 'Antes do túnel.'"), "storing the draft")
    wire.cut()
    page.keyboard.type(" No túnel.")
    page.locator('.desk .saved[data-state="trouble"]').wait_for(timeout=30_000)
    page.keyboard.type(" Ainda nele.")
    wire.mend()
    whole = "Antes do túnel. No túnel. Ainda nele."
    wait_for(lambda: stored(app_server, "SELECT 1 FROM drafts WHERE text = ?", whole), "sending the rest", 60)
    assert page.locator(".desk .row.active textarea.field").input_value() == whole
    wire.cut()


def test_what_is_done_while_the_language_changes_stays_in_its_own(app_server, page):
    open_desk(page, f"{app_server.url}{MISSING}&row=9").focus()
    key = int(active(page))
    page.locator(".desk").evaluate("root => { globalThis.left = root.wbDesk; }")
    page.get_by_role("radio", name=re.compile("Spanish")).click()
    page.locator('.desk .row.active textarea[lang="es"]').wait_for(timeout=30_000)
    page.locator(".desk .row.active .aid:not(.empty)").wait_for(timeout=60_000)
    page.evaluate("key => left.outbox.add({op: 'confirm', key, text: 'Said in English.', token: ''})", key)
    query = "SELECT language FROM segments s JOIN versions v ON v.id = s.version_id WHERE s.text = 'Said in English.'"

    def look():
        page.evaluate("left.outbox.deliver()")  # as long as no answer comes; of several messages one may be heard
        page.wait_for_timeout(500)
        return stored(app_server, query)

    assert wait_for(look, "confirming") == [("en",)]


def test_what_was_not_heard_at_a_desk_comes_again_when_it_is_opened_again(app_server, page):
    field = open_desk(page, f"{app_server.url}{MISSING}&row=10")
    typed = active(page)
    field.focus()
    page.locator(".desk").evaluate("root => { root.wbDesk.outbox.deliver = () => {}; }")
    page.keyboard.type("Never heard.")
    page.keyboard.press("Control+Enter")
    out = active(page)
    page.keyboard.press("Alt+x")
    page.get_by_role("radio", name=re.compile("Spanish")).click()
    page.locator('.desk .row.active textarea[lang="es"]').wait_for(timeout=30_000)
    assert not page.locator(".desk .row.typed").count()
    idle = "root => Boolean(root.wbDesk.assist.size) && !root.wbDesk.outbox.waiting.length"
    wait_for(lambda: page.locator(".desk").evaluate(idle), "help for the other language", 60)
    page.get_by_role("radio", name=re.compile("English")).click()
    page.locator('.desk .row.active textarea[lang="en"]').wait_for(timeout=30_000)
    wait_for(lambda: "left-out" in state(page, out), "leaving out")
    wait_for(lambda: stored(app_server, "SELECT 1 FROM drafts WHERE text = 'Never heard.'"), "the draft")
    assert "typed" in state(page, typed)
    assert not stored(app_server, "SELECT 1 FROM segments WHERE text = 'Never heard.'")
