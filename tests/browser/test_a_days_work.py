"""A whole day in a real browser: a text in four files, aligned, put right by keys, revised, translated, taken out.

The long way once, in Portuguese; in the other languages what a translator does most, on the sample texts.
"""

import gettext
import io

import docx
import polib
import pytest

from tests.browser.worked import ALIGNED, STALE, prepare_worked
from workbench.ui.i18n import LOCALES

pytestmark = pytest.mark.browser

FRENCH = (
    "Les jardins partagés de la ville",
    "La ville ouvre douze jardins en avril 2014.",
    "Les habitants y plantent des légumes et des fleurs.",
    "La coopération décentralisée finance les outils.",
    "Une fête réunit les voisins chaque automne.",
)
SPANISH = (
    "Los huertos compartidos de la ciudad",
    "La ciudad abre doce huertos en abril de 2014.",
    "Los vecinos cultivan verduras y flores.",
    "La cooperación descentralizada financia las herramientas.",
    "Una fiesta reúne al barrio cada otoño.",
)
PORTUGUESE = (
    "As hortas comunitárias da cidade",
    "A cidade abre doze hortas em abril de 2014.",
    "Os moradores plantam legumes e flores.",
    "A cooperação descentralizada financia as ferramentas.",
    "Uma festa reúne os vizinhos a cada outono.",
)
ENGLISH = (
    "The shared gardens of the city",
    "The city opens twelve gardens in April 2014.",
    "Residents grow vegetables and flowers there.",
    "Decentralised cooperation pays for the tools.",
    "A party brings the neighbours together every autumn.",
)
REVISED = "La coopération décentralisée finance les outils et les semences."
DONE = "A cooperação descentralizada financia as ferramentas e as sementes."


def word_file(paragraphs):
    document = docx.Document()
    document.add_heading(paragraphs[0], 1)
    for words in paragraphs[1:]:
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def markdown_file(paragraphs):
    return ("# " + "\n\n".join(paragraphs)).encode()


def upload(name, data):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


@pytest.fixture(scope="module")
def server(make_app_server):
    return make_app_server(prepare_worked)


@pytest.fixture
def desk(browser):
    """A function that opens a page of an interface language, with the words of that language."""
    contexts = []

    def open_in(language):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page, gettext.translation("workbench", LOCALES, [language], fallback=True).gettext

    errors = []
    yield open_in
    for context in contexts:
        context.close()
    assert not errors, errors


def choose(page, label, option):
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def open_segment(page, address):
    page.goto(address)
    page.locator(".desk .row.active .aid:not(.empty)").wait_for(timeout=90_000)
    field = page.locator(".desk .row.active textarea")
    field.focus()
    return field


def wait_saved(page):
    page.locator('.desk .saved[data-state="saved"]').wait_for()


def memory_as_po(page, server, say):
    """Take the memory from French into Portuguese away as PO; returns its entries."""
    page.goto(f"{server.url}/memory")
    page.get_by_role("tab", name=say("Export")).click()
    choose(page, say("Format"), "PO")
    choose(page, say("Into"), say("Portuguese"))
    page.get_by_role("button", name=say("Prepare the file")).click()
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").get_by_role("button").click()
    return {entry.msgid: entry.msgstr for entry in polib.pofile(download.value.path().read_text(encoding="utf-8"))}


def test_a_day_from_four_files_to_the_finished_portuguese(desk, server):
    page, say = desk("pt")
    page.goto(f"{server.url}/add")
    files = [
        upload("hortas.fr.docx", word_file(FRENCH)), upload("hortas.es.md", markdown_file(SPANISH)),
        upload("hortas.pt.docx", word_file(PORTUGUESE)), upload("hortas.en.md", markdown_file(ENGLISH)),
    ]  # fmt: skip
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("textbox", name=say("Short name (optional)")).fill("hortas")
    page.get_by_role("button", name=say("Keep the text")).click()
    page.wait_for_url("**/text?text=hortas")

    page.goto(f"{server.url}/align?text=hortas")
    page.get_by_role("button", name=say("Align"), exact=False).first.click()
    page.wait_for_selector("[data-part=grid] .row[data-place]", timeout=300_000)
    page.locator("[data-part=grid]").focus()
    page.keyboard.press("m")
    page.keyboard.press("u")
    for _ in FRENCH:
        page.keyboard.press("Home")
        while "confirmed" not in page.locator(".rows .row.active").get_attribute("class"):
            page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
    page.wait_for_selector("[data-part=editor][data-saving=no]")

    page.goto(f"{server.url}/add?text=hortas")
    changed = [REVISED if words == FRENCH[3] else words for words in FRENCH]
    page.locator("input[type=file]").set_input_files([upload("hortas.fr.docx", word_file(changed))])
    page.get_by_role("button", name=say("Keep these versions")).click()
    page.wait_for_url("**/text?text=hortas")
    page.get_by_text(REVISED).first.wait_for()

    field = open_segment(page, f"{server.url}/translate?text=hortas&to=pt")
    assert "et les semences" in page.locator(".desk .changed ins").first.inner_text()
    assert field.input_value() == PORTUGUESE[3]
    page.keyboard.press("Control+1")
    assert "cooperação descentralizada" in field.input_value()
    page.keyboard.press("Control+a")
    page.keyboard.type(DONE)
    page.keyboard.press("Control+Enter")
    wait_saved(page)
    assert page.locator(".desk .row.state-stale").count() == 0

    page.get_by_role("button", name=say("Take out")).click()
    with page.expect_download() as download:
        page.locator(".st-key-translate_export button").click()
    taken = docx.Document(download.value.path())
    assert [p.text for p in taken.paragraphs] == [*PORTUGUESE[:3], DONE, PORTUGUESE[4]]
    assert taken.paragraphs[0].style.name.startswith("Heading")
    assert memory_as_po(page, server, say)[REVISED] == DONE


@pytest.mark.parametrize("language", ["fr", "es", "en"])
def test_the_daily_steps_in_each_language_of_the_interface(desk, server, language):
    page, say = desk(language)
    page.goto(server.url)
    page.get_by_text(say("What to do next")).first.wait_for()
    page.goto(f"{server.url}/align?text={ALIGNED}")
    page.wait_for_selector("[data-part=grid] .row[data-place]")
    page.locator("[data-part=grid]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=editor][data-saving=no]")

    field = open_segment(page, f"{server.url}/translate?text={STALE}&to=pt")
    source = page.locator(".desk .row.active .source .text").inner_text()
    wanted = f"{field.input_value().rstrip('.')} ({language})."
    page.keyboard.press("Control+a")
    page.keyboard.type(wanted)
    page.keyboard.press("Control+Enter")
    wait_saved(page)
    assert memory_as_po(page, server, say)[source] == wanted
