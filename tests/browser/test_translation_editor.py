"""The translation editor under a person's hands, in a real browser."""

import re
from contextlib import closing

import pytest

from tests.browser.desks import MISSING, STALE, active, open_desk, state, stored, wait_for, wait_saved
from workbench.config import read_settings
from workbench.core.texts import TextInfo
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

pytestmark = pytest.mark.browser


def test_a_stale_segment_shows_what_changed_and_is_done_by_keys_alone(app_server, page):
    field = open_desk(page, app_server.url + STALE)
    first = active(page)
    assert page.locator(".desk .changed del").count() >= 1
    assert page.locator(".desk .changed ins").count() >= 1
    assert field.get_attribute("lang") == "pt"
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Uma tradução nova.")
    page.keyboard.press("Control+Enter")
    page.wait_for_function("k => true", arg=first)
    assert active(page) != first
    assert "state-translated" in state(page, first)
    wait_saved(page)
    found = stored(app_server, "SELECT state FROM segments WHERE text = ?", "Uma tradução nova.")
    assert found == [("translated",)]


def test_what_is_typed_is_a_draft_at_the_first_pause_and_there_again_after_a_reload(app_server, page):
    field = open_desk(page, app_server.url + MISSING)
    key = active(page)
    field.focus()
    page.keyboard.type("Half a sen", delay=20)
    wait_for(lambda: stored(app_server, "SELECT 1 FROM drafts WHERE text = 'Half a sen'"), "storing the draft")
    field = open_desk(page, app_server.url + MISSING)
    assert active(page) == key
    assert field.input_value() == "Half a sen"
    assert "state-missing" in state(page, key)
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    wait_for(lambda: not stored(app_server, "SELECT 1 FROM drafts WHERE text = 'Half a sen'"), "forgetting the draft")


def test_moving_between_segments_keeps_the_caret_in_the_field(app_server, page):
    open_desk(page, app_server.url + MISSING).focus()
    first = active(page)
    page.keyboard.press("Alt+ArrowDown")
    assert active(page) != first
    page.keyboard.type("x")
    assert page.locator(".desk .row.active textarea").input_value() == "x"
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Alt+ArrowUp")
    assert active(page) == first


def test_the_address_of_a_segment_is_copied_by_key_and_opens_it_for_somebody_else(app_server, browser, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_desk(page, app_server.url + MISSING).focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    here = active(page)
    page.keyboard.press("Alt+l")
    page.get_by_text("The address of the segment is copied").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    other = browser.new_context(locale="en-GB").new_page()
    open_desk(other, address)
    assert active(other) == here
    other.context.close()


def test_a_second_wish_for_help_keeps_the_first_that_was_not_answered_yet(app_server, page):
    open_desk(page, app_server.url + STALE)
    wait_saved(page)
    wanted = page.locator(".desk").evaluate(
        """root => {
            const desk = root.wbDesk;
            const sent = [];
            desk.outbox.send = (message) => sent.push(message);
            desk.ask([desk.order[5], desk.order[6]], true);
            desk.ask([desk.order[7]], true);
            const keys = sent.at(-1).ops.filter((o) => o.op === "look").flatMap((o) => o.keys);
            return [7, 5, 6].map((n) => desk.order[n]).every((key) => keys.includes(key)) && keys[0] === desk.order[7];
        }"""
    )
    assert wanted


def test_letters_that_are_shortcuts_of_the_app_are_only_typed(app_server, page):
    field = open_desk(page, app_server.url + MISSING)
    field.focus()
    page.keyboard.type("rc C R", delay=30)
    page.wait_for_timeout(300)
    assert field.input_value() == "rc C R"
    assert page.locator('[data-testid="stDialog"]').count() == 0
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    wait_saved(page)


@pytest.mark.parametrize(
    ("platform", "shortcuts", "typed"),
    [
        # Option+L is "@" on a German keyboard, where Control and Option are the shortcut then.
        ("MacIntel", ["Alt ¬", "Alt µ", "Alt l", "Ctrl Alt @"], ["Alt @", "Alt Dead", "Alt È", "Alt «"]),
        ("Win32", ["Alt l", "Alt д", "Alt @"], ["Ctrl Alt @"]),  # which is AltGr
    ],
)
def test_a_character_that_option_types_on_a_mac_is_typed(app_server, page, platform, shortcuts, typed):
    page.add_init_script(f"Object.defineProperty(navigator, 'platform', {{ get: () => '{platform}' }})")
    field = open_desk(page, app_server.url + MISSING)
    taken = field.evaluate(
        """(field, pressed) => {
            field.getRootNode().querySelector(".desk").wbDesk.copyAddress = () => {};
            return pressed.filter((keys) => {
                const [key, ...held] = keys.split(" ").reverse();
                const of = { key, code: "KeyL", altKey: held.includes("Alt"), ctrlKey: held.includes("Ctrl") };
                return !field.dispatchEvent(new KeyboardEvent("keydown", { ...of, bubbles: true, cancelable: true }));
            });
        }""",
        shortcuts + typed,
    )
    assert taken == shortcuts
    shown = page.locator(".desk .keys dt").evaluate_all(
        "all => all.map((term) => [...term.children].map((k) => k.textContent).join(' '))"
    )
    assert ("Ctrl Alt L" if platform == "MacIntel" else "Alt L") in shown
    assert "Alt ↓" in shown


def test_a_suggestion_is_inserted_by_its_key_and_the_browsers_undo_takes_it_back(app_server, page):
    field = open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=4")
    before = field.input_value()
    offered = page.locator(".desk .suggestion .offered").first.inner_text()
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("x")
    page.keyboard.press("Control+1")
    assert field.input_value() == offered
    page.keyboard.press("Control+z")
    assert field.input_value() == "x"
    page.locator(".desk .foot button", has_text="Back to what is stored").click()
    assert field.input_value() == before
    wait_saved(page)


def test_a_term_is_inserted_by_one_key(app_server, page):
    field = open_desk(page, app_server.url + STALE)
    page.locator(".desk .row.active .terms .insert").first.wait_for(timeout=60_000)
    words = page.locator(".desk .row.active .terms .insert .to").all_inner_texts()
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Alt+t")
    assert field.input_value() in words
    page.locator(".desk .foot button", has_text="Back to what is stored").click()
    wait_saved(page)


def test_a_finding_appears_while_one_types_and_its_correction_is_one_key(app_server, page):
    field = open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=2")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Qué es AL-LAs?")
    finding = page.locator(".desk .finding", has_text="¿")
    finding.first.wait_for()
    page.keyboard.press("Alt+q")
    assert field.input_value() == "¿Qué es AL-LAs?"
    wait_saved(page)


def test_rows_filled_from_an_identical_one_are_marked_and_emptied_together(app_server, page):
    with closing(Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home)}))) as workspace:
        read = read_uploads([Upload("m.fr.md", b"- Merci.\n- Au revoir.\n- Merci.\n- Merci.\n", "fr")])
        workspace.library.add_text(TextInfo("merci", "Merci", original="fr"), read)
    field = open_desk(page, f"{app_server.url}/translate?text=merci&to=es")
    field.focus()
    page.keyboard.type("Muchas gracias.")
    page.keyboard.press("Control+Enter")
    marks = page.locator(".desk .gutter .same:visible")
    wait_for(lambda: marks.count() == 2, "marking the rows that were filled")
    assert "confirmed a segment that says the same" in marks.first.get_attribute("title")
    marks.first.click()
    page.locator(".desk .row.active .repeated button", has_text="Empty all 2 again").click()
    wait_for(lambda: marks.count() == 0, "emptying them again")
    assert page.locator(".desk .row.active textarea").input_value() == ""
    assert len(stored(app_server, "SELECT 1 FROM segments WHERE text = 'Muchas gracias.'")) == 1


def test_text_with_markup_is_shown_as_text(app_server, page):
    field = open_desk(page, app_server.url + MISSING)
    field.focus()
    key = active(page)
    evil = '<img src=x onerror="document.title=1"><b>no</b>'
    page.keyboard.insert_text(evil)
    page.keyboard.press("Control+Enter")
    wait_saved(page)
    row = page.locator(f'.desk .row[data-key="{key}"] .target')
    assert row.inner_text() == evil
    assert page.locator(".desk .list img, .desk .list b").count() == 0


def test_the_list_can_show_only_what_is_to_be_done(app_server, page):
    open_desk(page, app_server.url + STALE)
    button = page.locator(".desk .filter", has_text=re.compile("^Changed"))
    # The bar is drawn anew while the button is held down, as it is when a colleague's row comes in: still a click.
    box = button.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.locator(".desk .filter").first.evaluate("all => all.click()")
    page.mouse.up()
    rows = page.locator(".desk .row:not([hidden])")
    assert rows.count() < page.locator(".desk .row").count()
    assert all("state-stale" in (row.get_attribute("class") or "") for row in rows.all())


def test_a_wrong_cut_is_made_right_by_keys_and_taken_back(app_server, page):
    field = open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=3")
    whole, target = page.locator(".desk .row.active .text").inner_text(), field.input_value()
    rows = page.locator(".desk .row").count()
    field.focus()
    page.keyboard.press("Alt+s")
    cut = page.locator(".desk .splitter .cut").first
    assert cut.get_attribute("role") == "slider"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    first, second = cut.get_attribute("aria-valuetext").split(" | ")
    page.keyboard.press("Enter")
    page.locator(".desk .notice", has_text="cut in two").wait_for()
    assert page.locator(".desk .row").count() == rows + 1
    assert page.locator(".desk .row.active .text").inner_text() == first
    page.keyboard.press("Alt+ArrowDown")
    assert page.locator(".desk .row.active .text").inner_text() == second
    page.keyboard.press("Alt+u")
    page.locator(".desk .notice", has_text="whole again").wait_for()
    assert page.locator(".desk .row").count() == rows
    page.locator(".desk .row").nth(2).click()
    assert page.locator(".desk .row.active .text").inner_text() == whole
    assert page.locator(".desk .row.active textarea").input_value() == target


def test_what_is_being_typed_is_joined_with_its_row(app_server, page):
    field = open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=3")
    rows = page.locator(".desk .row").count()
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Escrito ahora.")
    page.keyboard.press("Alt+j")
    page.locator(".desk .notice", has_text="one now").wait_for()
    assert page.locator(".desk .row").count() == rows - 1
    assert field.input_value().startswith("Escrito ahora. ")
    page.keyboard.press("Alt+u")
    page.locator(".desk .notice", has_text="apart again").wait_for()
    assert page.locator(".desk .row").count() == rows
    assert field.input_value().startswith("Escrito ahora. ")
    page.locator(".desk .foot button", has_text="Back to what is stored").click()
    wait_saved(page)


def test_a_document_goes_to_a_reviser_and_its_correction_comes_in(app_server, page, tmp_path):
    docx = pytest.importorskip("docx")
    open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=3")
    page.get_by_role("button", name="Take out").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Word document with both languages").click()
    path = tmp_path / "out.docx"
    download.value.save_as(path)
    document = docx.Document(path)
    document.tables[0].cell(3, 2).text = "Una corrección de fuera."
    document.save(path)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Corrections", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.locator('input[type="file"]').set_input_files(path)
    dialog.get_by_role("button", name="Take 1 correction").click()
    page.locator(".desk .notice", has_text="1 correction taken").wait_for()
    wait_for(lambda: stored(app_server, "SELECT 1 FROM segments WHERE text = 'Una corrección de fuera.'"), "taking")
    assert page.locator(".desk .row.active textarea.field").input_value() == "Una corrección de fuera."
    page.locator(".desk .bar button", has_text="Undo").click()
    page.locator(".desk .notice", has_text="as they were before").wait_for()
    assert not stored(app_server, "SELECT 1 FROM segments WHERE text = 'Una corrección de fuera.'")


def test_a_word_is_replaced_in_the_whole_translation_and_taken_back(app_server, page):
    open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=3")
    query = "SELECT count(*) FROM segments WHERE text LIKE '%Zapatillas%'"
    page.get_by_role("button", name="Search and replace").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Replace with").fill("Zapatillas")
    dialog.get_by_label("Replace with").press("Enter")
    dialog.get_by_label("Search for").fill("ciudades")
    dialog.get_by_label("Search for").press("Enter")
    button = dialog.get_by_role("button", name=re.compile("^Replace in [0-9]+ segment"))
    button.click()
    page.locator(".desk .notice", has_text="Replaced in").wait_for()
    assert stored(app_server, query) != [(0,)]
    page.locator(".desk .bar button", has_text="Undo").click()
    page.locator(".desk .notice", has_text="before").wait_for()
    assert stored(app_server, query) == [(0,)]


def test_pasted_invisible_characters_and_markup_are_shown_and_taken_away_by_key(app_server, page):
    field = open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=6")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("<script>alert(1)</script>Es\u200b más \u202eque un programa.")
    page.locator(".desk .finding", has_text="U+202E").wait_for()
    key = active(page)
    page.keyboard.press("Alt+ArrowDown")
    row = page.locator(f'.desk .row[data-key="{key}"] .target')
    assert "U+200B" in row.inner_text() and "<script>" in row.inner_text()
    assert page.locator(".desk .list script").count() == 0
    page.keyboard.press("Alt+ArrowUp")
    done = "Alert(1)Es más que un programa."

    def corrected():
        page.keyboard.press("Alt+q")
        page.wait_for_timeout(500)
        return field.input_value() == done

    wait_for(corrected, "correcting what was pasted", 40)
    page.locator(".desk .foot button", has_text="Back to what is stored").click()
    wait_saved(page)


def test_the_whole_window_is_one_key_and_kept_for_the_person(app_server, page):
    open_desk(page, app_server.url + MISSING).focus()
    page.keyboard.press("F9")
    page.locator(".desk.quiet-mode").wait_for()
    wait_for(lambda: stored(app_server, "SELECT 1 FROM settings WHERE key LIKE 'desk:%'"), "keeping the view")
    open_desk(page, app_server.url + MISSING).focus()
    page.locator(".desk.quiet-mode").wait_for()
    page.keyboard.press("Escape")
    page.locator(".desk:not(.quiet-mode)").wait_for()
    wait_for(
        lambda: stored(
            app_server, "SELECT 1 FROM settings WHERE key LIKE 'desk:%' AND value LIKE '%\"quiet\": false%'"
        ),
        "keeping the view",
    )


def test_the_preview_follows_the_segment_and_what_is_typed(app_server, page):
    field = open_desk(page, app_server.url + "/translate?text=presentation&to=es&row=3")
    field.focus()
    page.keyboard.press("Alt+p")
    preview = page.locator(".desk .preview")
    preview.locator("h1").wait_for()
    assert preview.locator(".current").inner_text() == field.input_value()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("<i>Nuevo</i>")
    assert preview.locator(".current").inner_text() == "<i>Nuevo</i>"
    assert preview.locator("i").count() == 0
    page.locator(".desk .foot button", has_text="Back to what is stored").click()
    preview.locator("li .piece").first.click()
    assert page.locator(".desk .row.active textarea.field").input_value() == preview.locator(".current").inner_text()
    page.keyboard.press("Alt+p")
    preview.wait_for(state="hidden")
    wait_saved(page)


TABLE = """<h1>Bilan</h1><ol><li>Un</li></ol><p>Entre deux.</p>
<table><tr><th rowspan="2">Ville</th><th>2014</th></tr><tr><td></td></tr><tr><td>Lyon</td><td>Eau</td></tr></table>"""


def test_the_preview_shows_a_table_as_a_table_and_keys_work_on_arriving(app_server, page):
    with closing(Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home), "WORKBENCH_AUTHOR": "Ana"}))) as ana:
        files = read_uploads([Upload("bilan.fr.html", TABLE.encode(), "fr")])
        ana.library.add_text(TextInfo("bilan", "Bilan", original="fr"), files)
    open_desk(page, app_server.url + "/translate?text=bilan&to=es")
    page.keyboard.press("Alt+p")
    table = page.locator(".desk .preview").get_by_role("table")
    table.get_by_text("Lyon").wait_for()
    rows = table.get_by_role("row")
    assert [rows.nth(n).locator("th,td").count() for n in range(3)] == [2, 1, 2]
    assert table.get_by_text("Ville").locator("xpath=ancestor::th").get_attribute("rowspan") == "2"
    assert page.locator(".desk .preview ol > li").count() == 1
    table.get_by_text("Eau").click()
    page.keyboard.type("Agua")
    assert table.get_by_text("Agua").locator("xpath=ancestor::td").count() == 1
    wait_saved(page)
    page.keyboard.press("Alt+p")
    page.locator(".desk .preview").wait_for(state="hidden")
    wait_saved(page)
