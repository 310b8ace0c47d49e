"""What a person last worked on, so that they go on where they stopped."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.store.store import Store

LOOKED_AT = 12  # changes looked at for each that is shown: one text is often changed in several languages at once


@dataclass(frozen=True, slots=True)
class RecentWork:
    """A text that a person worked on.

    Attributes:
        what: ``translate``, ``align`` or ``text`` (it was brought in or revised).
        slug, title: The text.
        language: Into which it was translated, or which version was brought in; empty for the grid.
        at: When it was last changed, ISO 8601 in UTC.
    """

    what: str
    slug: str
    title: str
    language: str
    at: str


class RecentService:
    """A person's last work.

    Args:
        store: Where the changes are.
    """

    def __init__(self, *, store: Store) -> None:
        self.store = store

    def last(self, who: str, limit: int = 3) -> list[RecentWork]:
        """Return what a person last worked on, the latest first, each text once.

        A version somebody else finished meanwhile is still named; a text that was removed is not.
        """
        found: dict[str, RecentWork] = {}
        for what, slug, title, language, at in self.store.recent.last(who, limit * LOOKED_AT):
            if slug not in found:
                found[slug] = RecentWork(what, slug, title, language, at)
        return list(found.values())[:limit]
