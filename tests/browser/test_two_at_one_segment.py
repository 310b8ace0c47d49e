"""Two people at one segment in real browsers: each is told, both versions are shown, nothing is overwritten."""

from contextlib import closing

import pytest

from tests.browser.desks import MISSING, active, open_desk, stored, wait_for, wait_saved
from workbench.config import read_settings
from workbench.services.workspace import Workspace

pytestmark = pytest.mark.browser


def test_two_people_at_one_segment_both_see_both_versions(app_server, page, browser):
    other = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    mine, theirs = open_desk(page, app_server.url + MISSING), open_desk(other, app_server.url + MISSING)
    key = active(page)
    assert active(other) == key
    for window in (page, other):  # each sees the other, at the row
        window.locator(f'.desk .row[data-key="{key}"] .here', has_text="tester").wait_for()
    mine.focus()
    page.keyboard.type("My version.")
    theirs.focus()
    other.keyboard.type("Their version.")
    other.keyboard.press("Control+Enter")
    wait_for(lambda: stored(app_server, "SELECT 1 FROM segments WHERE text = 'Their version.'"), "confirming")
    page.keyboard.press("Control+Enter")
    conflict = page.locator(".desk .row.active .conflict blockquote")
    conflict.wait_for()
    assert conflict.inner_text() == "Their version."
    assert active(page) == key
    assert page.locator(".desk .row.active textarea").input_value() == "My version."
    page.locator(".desk .conflict button", has_text="Confirm mine").click()
    wait_for(lambda: stored(app_server, "SELECT 1 FROM segments WHERE text = 'My version.'"), "confirming mine")
    other.context.close()


def test_what_another_confirmed_while_one_typed_is_not_overwritten_though_it_arrived(app_server, page, browser):
    mine = open_desk(page, app_server.url + MISSING)
    page.keyboard.press("Alt+ArrowDown")
    key = active(page)
    other = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    theirs = open_desk(other, f"{app_server.url}{MISSING}")
    while active(other) != key:
        other.keyboard.press("Alt+ArrowDown")
    mine = page.locator(".desk .row.active textarea")
    mine.focus()
    page.keyboard.type("Begun before.")
    wait_saved(page)
    theirs = other.locator(".desk .row.active textarea")
    theirs.focus()
    other.keyboard.type("Confirmed meanwhile.")
    other.keyboard.press("Control+Enter")
    query = "SELECT 1 FROM segments WHERE text = 'Confirmed meanwhile.'"
    wait_for(lambda: stored(app_server, query), "confirming")
    mine.focus()
    page.keyboard.type(" And more.")
    wait_saved(page)  # the answer to this draft brings the row as it is now
    page.keyboard.press("Control+Enter")
    conflict = page.locator(f'.desk .row[data-key="{key}"] .conflict blockquote')
    conflict.wait_for()
    assert conflict.inner_text() == "Confirmed meanwhile."
    assert stored(app_server, query)
    page.locator(".desk .conflict button", has_text="Confirm mine").click()
    wait_for(
        lambda: stored(app_server, "SELECT 1 FROM segments WHERE text = 'Begun before. And more.'"), "confirming mine"
    )
    other.context.close()


def test_a_draft_opened_again_shows_what_another_confirmed_meanwhile(app_server, page):
    field = open_desk(page, f"{app_server.url}{MISSING}&row=6")
    key = active(page)
    field.fill("")
    page.keyboard.type("Left over night.")
    wait_for(lambda: stored(app_server, "SELECT 1 FROM drafts WHERE text = 'Left over night.'"), "storing the draft")
    page.goto("about:blank")
    with closing(Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home), "WORKBENCH_AUTHOR": "Ana"}))) as ana:
        ana.translation.confirm("messages", "en", int(key), "Confirmed by Ana.")
    open_desk(page, f"{app_server.url}{MISSING}&row=6")
    assert active(page) == key
    conflict = page.locator(".desk .row.active .conflict")
    conflict.locator("blockquote", has_text="Confirmed by Ana.").wait_for()
    assert "Ana changed this segment" in conflict.inner_text()
    field = page.locator(".desk .row.active textarea")
    assert field.input_value() == "Left over night."
    field.focus()
    page.keyboard.press("Control+Enter")  # by habit: both versions are shown before anything is overwritten
    page.locator(f'.desk .row.active[data-key="{key}"] .conflict blockquote').wait_for()
    wait_saved(page)
    assert stored(app_server, "SELECT 1 FROM segments WHERE text = 'Confirmed by Ana.'")
    conflict.get_by_role("button", name="Take theirs").click()
    wait_for(lambda: not stored(app_server, "SELECT 1 FROM drafts WHERE text = 'Left over night.'"), "leaving mine")
    assert field.input_value() == "Confirmed by Ana."
    conflict.locator("blockquote").wait_for(state="detached")


def test_who_goes_on_by_habit_while_anothers_translation_comes_in_is_shown_it_first(app_server, page):
    field = open_desk(page, f"{app_server.url}{MISSING}&row=7")
    key = active(page)
    with closing(Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home), "WORKBENCH_AUTHOR": "Ana"}))) as ana:
        ana.translation.confirm("messages", "en", int(key), "Just confirmed by Ana.")
    page.keyboard.press("Alt+h")  # whatever is asked brings what others have done
    wait_for(lambda: field.input_value() == "Just confirmed by Ana.", "the other's translation")
    page.get_by_text("Ana has just changed the segment you have open").first.wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.type("Mine by habit.")
    page.keyboard.press("Control+Enter")
    page.locator(f'.desk .row.active[data-key="{key}"] .conflict blockquote', has_text="Just confirmed").wait_for()
    wait_saved(page)
    assert stored(app_server, "SELECT 1 FROM segments WHERE text = 'Just confirmed by Ana.'")
    field.focus()
    page.keyboard.press("Control+Enter")  # now with both before one's eyes
    wait_for(lambda: stored(app_server, "SELECT 1 FROM segments WHERE text = 'Mine by habit.'"), "confirming mine")


def test_mine_instead_of_theirs_overwrites_what_was_shown_and_nothing_that_came_after(app_server, page):
    field = open_desk(page, f"{app_server.url}{MISSING}&row=8")
    key = active(page)
    with closing(Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home), "WORKBENCH_AUTHOR": "Ana"}))) as ana:
        field.focus()
        page.keyboard.type("Mine.")
        wait_saved(page)
        ana.translation.confirm("messages", "en", int(key), "Ana's first.")
        page.keyboard.press("Control+Enter")
        conflict = page.locator(f'.desk .row.active[data-key="{key}"] .conflict')
        conflict.locator("blockquote", has_text="Ana's first.").wait_for()
        ana.translation.confirm("messages", "en", int(key), "Ana's second.")
        conflict.get_by_role("button", name="Confirm mine").click()
        conflict.locator("blockquote", has_text="Ana's second.").wait_for()
        assert stored(app_server, "SELECT 1 FROM segments WHERE text = ?", "Ana's second.")
        conflict.get_by_role("button", name="Confirm mine").click()
        wait_for(lambda: stored(app_server, "SELECT 1 FROM segments WHERE text = 'Mine.'"), "confirming mine")
