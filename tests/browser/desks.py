"""How one works in the translation editor in a real browser."""

import sqlite3
import time

STALE = "/translate?text=internationalisation-guide&to=pt"
MISSING = "/translate?text=messages&to=en"


def open_desk(page, address):
    page.goto(address)
    page.locator(".desk .row.active textarea").wait_for(timeout=90_000)
    page.locator(".desk .row.active .aid:not(.empty)").wait_for(timeout=60_000)
    return page.locator(".desk .row.active textarea")


def wait_saved(page):
    page.locator('.desk .saved[data-state="saved"]').wait_for(timeout=20_000)


def wait_for(look, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {seconds} s")


def stored(server, query, *values):
    with sqlite3.connect(server.home / "workbench.db") as connection:
        return connection.execute(query, values).fetchall()


def active(page):
    return page.locator(".desk .row.active").get_attribute("data-key")


def state(page, key):
    return page.locator(f'.desk .row[data-key="{key}"]').get_attribute("class")
