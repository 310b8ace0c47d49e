"""Grids to work on in a real browser, and how one works on them."""

import random

from workbench.config import read_settings
from workbench.core.grid import Grid, Row
from workbench.core.texts import TextInfo
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace

LANGUAGES = ("fr", "es", "pt", "en")
WORDS = ("ville", "réseau", "atelier", "projet", "territoire", "mémoire", "commune", "accord", "échange", "appel")


def workspace_of(home):
    return Workspace(read_settings({"WORKBENCH_HOME": str(home), "WORKBENCH_AUTHOR": "other"}))


def add_text(workspace, slug, columns, rows):
    """Keep a text with its grid; rows are (cells, confidence, reasons) over 0-based numbers."""
    languages = LANGUAGES[: len(columns)]
    uploads = [
        Upload(f"{slug}.{language}.txt", "\n\n".join(column).encode(), language)
        for language, column in zip(languages, columns, strict=True)
    ]
    text = workspace.library.add_text(TextInfo(slug, slug.title(), "page", "fr"), read_uploads(uploads))
    ids = [[s.id for s in workspace.library.segments(slug, language)] for language in languages]
    assert [len(found) for found in ids] == [len(column) for column in columns]
    grid = Grid(
        languages,
        tuple(
            Row(tuple(tuple(ids[c][n] for n in cell) for c, cell in enumerate(cells)), confidence, reasons)
            for cells, confidence, reasons in rows
        ),
    ).with_crossings()
    with workspace.store.database.write() as connection:
        workspace.store.grids.put(connection, text.id, grid, "test", workspace.library.now())


def small_text(workspace, slug):
    """Six rows of two languages; rows 3 and 5 are doubtful, row 3 holds two French segments."""
    french = [f"Phrase numéro {n}, assez longue pour une ligne." for n in range(1, 8)]
    spanish = [f"Frase número {n}, bastante larga para una línea." for n in (1, 2, 3, 4, 5, 6)]
    rows = [
        (((0,), (0,)), 0.99, ()), (((1,), (1,)), 0.97, ()), (((2, 3), (2,)), 0.42, ("lengths",)),
        (((4,), (3,)), 0.96, ()), (((5,), (4,)), 0.71, ("languages disagree",)), (((6,), (5,)), 0.98, ()),
    ]  # fmt: skip
    add_text(workspace, slug, [french, spanish], rows)


def long_text(workspace, slug, count=2000):
    """Four languages, sentences of 4 to 45 words."""
    chance = random.Random(7)
    columns = [
        [
            " ".join(chance.choices(WORDS, k=chance.choice((4, 8, 14, 22, 30, 45)))).capitalize() + "."
            for _ in range(count)
        ]
        for _ in LANGUAGES
    ]
    rows = [(((n,),) * 4, 0.6 if n % 9 == 4 else 0.97, ()) for n in range(count)]
    add_text(workspace, slug, columns, rows)


def open_grid(page, server, slug, **params):
    query = "&".join(f"{key}={value}" for key, value in {"text": slug, **params}.items())
    page.goto(f"{server.url}/align?{query}")
    page.wait_for_selector("[data-part=grid] .row[data-place]")
    page.locator("[data-part=grid]").focus()


def settle(page):
    page.wait_for_selector("[data-part=editor][data-saving=no]")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)
    settle(page)


def in_view(page):
    """Tell whether the whole row that has the keys stands between the grid's head and its foot."""
    return page.locator("[data-part=grid]").evaluate("""grid => {
        const row = grid.querySelector(".row.active").getBoundingClientRect();
        const top = grid.querySelector("[data-part=head]").getBoundingClientRect().bottom;
        return row.top >= top - 1 && row.bottom <= grid.getBoundingClientRect().bottom + 1;
    }""")
