"""The way a new user goes, in a real browser: the first page, four files in, aligned, kept, found again, the
glossary taken away."""

import io
import time
import zipfile

import polib
import pytest

from workbench.config import read_settings
from workbench.services.workspace import Workspace

FOUR = {
    "fr": "# Les jardins partagés\n\n"
    "La ville ouvre ses jardins en avril 2014. Les habitants y plantent des légumes.\n\n"
    "Une fête réunit les voisins chaque automne. Rien n’y est vendu.\n",
    "es": "# Los huertos compartidos\n\nLa ciudad abre sus huertos en abril de 2014. Los vecinos cultivan verduras.\n\n"
    "Una fiesta reúne al barrio cada otoño. Allí no se vende nada.\n",
    "pt": "# As hortas partilhadas\n\nA cidade abre as suas hortas em abril de 2014. Os moradores cultivam legumes.\n\n"
    "Uma festa reúne os vizinhos a cada outono. Ali nada é vendido.\n",
    "en": "# The shared gardens\n\nThe city opens its gardens in April 2014. Residents grow vegetables there.\n\n"
    "A party brings the neighbours together every autumn. Nothing is sold there.\n",
}


@pytest.fixture(scope="module")
def app_server(make_app_server):
    """An app on an empty folder, as on the first day."""
    return make_app_server()


def test_the_first_page_shows_the_network_s_texts_and_what_to_do_next(app_server, page):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    started = time.monotonic()
    page.goto(app_server.url)
    page.get_by_text("What to do next").wait_for(timeout=90_000)
    opened = time.monotonic() - started
    print(f"server {app_server.seconds:.1f} s, first page of a new workspace {opened:.1f} s after that")
    page.get_by_role("link", name="Update the Portuguese of").wait_for()
    board = page.get_by_role("table")
    assert board.get_by_role("row").count() >= 11
    assert board.get_by_text("Missing").count() == 1
    outside = [url for url in requests if not url.startswith((app_server.url, "data:", "blob:"))]
    assert outside == []


def test_four_files_are_read_kept_aligned_and_found_again_in_the_memory(app_server, page):
    page.goto(f"{app_server.url}/add")
    page.locator("input[type=file]").set_input_files(
        [
            {"name": f"jardins.{code}.md", "mimeType": "text/markdown", "buffer": text.encode()}
            for code, text in FOUR.items()
        ]
    )
    page.get_by_text("What was read").wait_for()
    page.get_by_text("5 segments").nth(3).wait_for()
    page.get_by_role("button", name="Keep the text").click()
    page.get_by_text("is kept with 4 versions").wait_for()
    page.goto(f"{app_server.url}/align?text=les-jardins-partages")
    page.get_by_role("button", name="Align", exact=False).first.click()
    page.wait_for_selector("[data-part=grid] .row[data-place]", timeout=300_000)
    assert page.locator("[data-part=grid] .row[data-place]").count() == 5
    page.locator("[data-part=grid]").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Confirmed").first.wait_for()
    page.get_by_role("button", name="Keep the sure ones").click()
    page.locator("[data-part=accept-slider]").fill("50")
    page.locator("[data-part=accept-button]").click()
    found = []
    for _ in range(100):
        workspace = Workspace(read_settings({"WORKBENCH_HOME": str(app_server.home)}))
        found = workspace.memory.search("La ville ouvre ses jardins en avril 2014.", source="fr", target="pt")
        workspace.close()
        if found and found[0].target == "A cidade abre as suas hortas em abril de 2014.":
            break
        page.wait_for_timeout(100)
    assert found and found[0].target == "A cidade abre as suas hortas em abril de 2014."
    page.goto(f"{app_server.url}/memory")
    page.get_by_role("textbox", name="Words to look for").fill("huertos")
    page.keyboard.press("Enter")
    page.locator("mark", has_text="huertos").first.wait_for()
    page.get_by_text("The city opens its gardens in April 2014.").first.wait_for()


def test_the_glossary_is_searched_without_accents_and_taken_away_as_po(app_server, page):
    page.goto(f"{app_server.url}/glossary")
    page.get_by_role("textbox", name="Search").fill("cooperacion descentralizada")
    page.keyboard.press("Enter")
    page.get_by_text("coopération décentralisée").first.wait_for()
    page.get_by_role("tab", name="Export").click()
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    names = archive.namelist()
    assert sum(name.endswith(".po") for name in names) == 12
    assert sum(name.endswith(".pot") for name in names) == 4
    french = next(name for name in names if name.endswith(".fr-es.po"))
    entries = {e.msgid: e.msgstr for e in polib.pofile(archive.read(french).decode()) if not e.msgctxt}
    assert entries["coopération décentralisée"] == "cooperación descentralizada"


def test_reading_a_book_tells_the_time_left_and_can_be_stopped(app_server, page):
    book = "\n\n".join(f"Phrase numéro {n} sur la coopération entre les villes. Elle compte." for n in range(20_000))
    page.goto(f"{app_server.url}/add")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "livre.fr.txt", "mimeType": "text/plain", "buffer": book.encode()}
    )
    stop = page.get_by_role("button", name="Stop")
    stop.wait_for(timeout=60_000)
    page.get_by_text("left").first.wait_for()
    stop.click()
    stop.wait_for(state="detached")
    page.get_by_text("Name files by language").wait_for()
    assert page.get_by_text("livre.fr.txt").count() == 0
