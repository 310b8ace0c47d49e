"""A workspace with some work done, and the pages on which it is seen: for pictures and for the checks of every page."""

from dataclasses import dataclass, replace
from functools import partial

from workbench.config import read_settings
from workbench.core.grid import Grid
from workbench.services.workspace import Workspace

ALIGNED = "workshops"  # the last two thirds of its rows are not confirmed, some of them doubtful
STALE = "internationalisation-guide"
BEGUN = "messages"
DOUBTS = {  # row: confidence and what it is doubted for
    8: (0.71, ("lengths",)), 12: (0.38, ("languages disagree",)), 13: (0.62, ("neighbours",)), 19: (0.55, ("lengths",)),
    25: (0.44, ("languages disagree", "lengths")), 26: (0.68, ()),
}  # fmt: skip


def prepare_worked(home):
    """Fill a workspace with the samples: a text half aligned, a translation begun, a memory with an import."""
    workspace = Workspace(read_settings({"WORKBENCH_HOME": str(home), "WORKBENCH_AUTHOR": "Inês"}))
    workspace.seed.fill()
    stored = workspace.alignment.grid(ALIGNED)
    rows = []
    for place, row in enumerate(stored.grid.rows):
        confidence, reasons = DOUBTS.get(place, (0.93 + 0.06 * (place * 7 % 11) / 11, ()))
        new = replace(row, confidence=confidence, reasons=reasons, confirmed=False) if place > 7 else row
        rows.append(new)
    text_id = workspace.library.text(ALIGNED).id
    with workspace.store.database.write() as connection:
        grid = Grid(stored.grid.languages, tuple(rows)).with_crossings()
        workspace.store.grids.put(connection, text_id, grid, "aligned", workspace.library.now())
    view = workspace.translation.view(BEGUN, "en")
    english = {
        0: "Messages of the network", 1: "Invitation to the annual meeting",
        2: "Dear colleagues, the annual meeting takes place in Mexico City in May 2013.",
    }  # fmt: skip
    for place, text in english.items():
        workspace.translation.confirm(BEGUN, "en", view.rows[place].key, text)
    workspace.translation.save_draft(BEGUN, "en", view.rows[3].key, "The registration form is open until")
    workspace.close()


def _search(page, words):
    page.get_by_role("textbox").first.fill(words)
    page.keyboard.press("Enter")
    page.wait_for_timeout(2_500)


def _lookup(page):
    page.locator(".lookup .opener").wait_for(timeout=60_000)  # drawn, the panel hears its key
    page.keyboard.press("Control+k")
    page.locator(".lookup .panel input").first.fill("ville")
    page.locator(".lookup .panel details, .lookup .panel summary").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)


def _figures(page):
    page.locator("canvas, svg.marks, [data-testid=stVegaLiteChart]").first.wait_for(timeout=60_000)
    page.wait_for_timeout(2_000)


def _tab(page, number):
    page.get_by_role("tab").nth(number).click()
    page.wait_for_timeout(1_500)


def _board(page):
    page.get_by_role("table").wait_for(timeout=90_000)


def _desk(page):
    page.locator(".desk .row.active .aid:not(.empty)").wait_for(timeout=90_000)
    page.wait_for_timeout(4_000)  # terms and checks follow


def _grid(page):
    page.locator("[data-part=grid] .row[data-place]").first.wait_for(timeout=90_000)


@dataclass(frozen=True)
class Sight:
    """A page as it is looked at: its address, what is done there first, and whether it fills the window itself."""

    address: str
    ready: object = None
    fills: bool = False


SIGHTS = {
    "home": Sight("/", _board),
    "add": Sight("/add"),
    "text": Sight("/text?text=presentation"),
    "align": Sight(f"/align?text={ALIGNED}&row=13", _grid, True),
    "translate": Sight("/translate"),
    "translate-stale": Sight(f"/translate?text={STALE}&to=pt", _desk, True),
    "translate-begun": Sight(f"/translate?text={BEGUN}&to=en", _desk, True),
    "memory": Sight("/memory"),
    "memory-found": Sight("/memory", partial(_search, words="villes")),
    "memory-analysis": Sight("/memory", partial(_tab, number=1)),
    "memory-tidy": Sight("/memory", partial(_tab, number=2)),
    "memory-import": Sight("/memory", partial(_tab, number=3)),
    "memory-export": Sight("/memory", partial(_tab, number=4)),
    "glossary": Sight("/glossary"),
    "glossary-found": Sight("/glossary", partial(_search, words="cooperacion")),
    "glossary-proposed": Sight("/glossary", partial(_tab, number=1)),
    "glossary-candidates": Sight("/glossary", partial(_tab, number=2)),
    "glossary-table": Sight("/glossary", partial(_tab, number=3)),
    "glossary-import": Sight("/glossary", partial(_tab, number=4)),
    "glossary-export": Sight("/glossary", partial(_tab, number=5)),
    "lookup": Sight("/text?text=presentation", _lookup),
    "figures": Sight("/figures", _figures),
    "settings": Sight("/settings"),
    "help": Sight("/help"),
}


def visit(page, url, sight):
    """Open a page and wait until it stands still."""
    page.goto(url + sight.address)
    page.locator("[data-testid=stMainBlockContainer] >> visible=true").wait_for(timeout=90_000)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=90_000)
    if sight.ready is not None:
        sight.ready(page)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=90_000)
    # Streamlit fetches the code of its larger parts when they are first needed; a gray box stands in for them.
    page.locator("[data-testid=stSkeleton] >> visible=true").first.wait_for(state="hidden", timeout=90_000)
    page.wait_for_timeout(800)
