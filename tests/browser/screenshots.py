"""Take a picture of every page: ``python tests/browser/screenshots.py FOLDER``.

In light, dark and each language of the interface at 1280 pixels, and at a tablet's width, on the sample texts with some
work done (:mod:`tests.browser.worked`). Needs Playwright and a Chromium. For looking at, not for comparing.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))  # run as a file from anywhere

from playwright.sync_api import Error, sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS, AppServer, find_chromium, free_port
from tests.browser.worked import SIGHTS, prepare_worked, visit
from workbench.core.languages import LANGUAGES

TALL = 1500  # pages that scroll are seen whole, or nearly
SIZES = {"desk": (1280, 800), "tablet": (820, 1180)}
LOOKS = [
    *(("desk", "light", code) for code in LANGUAGES), ("desk", "dark", "fr"), ("tablet", "light", "pt"),
]  # fmt: skip


def main():
    """Read the arguments, start the app, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--pages", help=f"only these, by commas: {','.join(SIGHTS)}")
    parser.add_argument("--looks", help="only these, by commas, as in desk-light-fr,tablet-light-pt")
    parser.add_argument("--home", type=Path, help="a workspace instead of the samples")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    wanted = chosen.pages.split(",") if chosen.pages else list(SIGHTS)
    looks = [look for look in LOOKS if not chosen.looks or "-".join(look) in chosen.looks.split(",")]
    with tempfile.TemporaryDirectory(prefix="workbench-pictures-") as temporary, sync_playwright() as driver:
        home = chosen.home or Path(temporary) / "home"
        if chosen.home is None:
            prepare_worked(home)
        server = AppServer(home, free_port()).start()
        try:
            browser = driver.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS)
            for look in looks:
                take(browser, server.url, look, wanted, chosen.folder)
        finally:
            server.stop()


def take(browser, url, look, wanted, folder):
    """Take the pictures of one look: size, theme, language."""
    size, theme, language = look
    width, height = SIZES[size]
    context = browser.new_context(locale=language, color_scheme=theme)
    page = context.new_page()
    for name in wanted:
        sight = SIGHTS[name]
        page.set_viewport_size({"width": width, "height": height if sight.fills else max(TALL, height)})
        path = folder / f"{name}.{'-'.join(look)}.png"
        try:
            visit(page, url, sight)
        except Error as error:
            print(f"{path.name}: {error.message.splitlines()[0]}", file=sys.stderr)
        page.screenshot(path=path)
        print(path)
    context.close()


if __name__ == "__main__":
    main()
