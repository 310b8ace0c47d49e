"""Comments on segments: what a translator asks, what a reviser remarks, and who has settled it."""

from __future__ import annotations

from collections.abc import Callable

from workbench.core.languages import normalise_code
from workbench.core.library import Comment
from workbench.core.people import Right
from workbench.core.texts import clean
from workbench.errors import UsageError
from workbench.services.rights import OPEN, Guard, needs
from workbench.store.store import Store

MAX_COMMENT = 5_000  # characters; what is longer is a document of its own


class CommentService:
    """Keeps comments.

    Args:
        store: Where they are kept.
        now: The clock.
        author: Who they are attributed to.
        guard: What the person at work may do.
    """

    def __init__(self, *, store: Store, now: Callable[[], str], author: str, guard: Guard = OPEN) -> None:
        self.store, self.now, self.author = store, now, author
        self.guard = guard

    def all(self, slug: str, target: str) -> list[Comment]:
        """Return the comments on a version, oldest first, the settled ones too."""
        return self.store.desk.comments(self.store.texts.get(slug).id, normalise_code(target))

    @needs(Right.TRANSLATE)
    def add(self, slug: str, target: str, key: int, body: str, *, by: str | None = None) -> bool:
        """Comment on a row; the very same comment that is open there already is not kept twice.

        Args:
            key: The row, by :attr:`~workbench.services.translation_service.TranslationRow.key`.
            by: Who says it where that is not the service's author (a reviser whose document came back).

        Returns:
            Whether it was new.

        Raises:
            UsageError: it is empty or too long, or the row is gone.
        """
        text, target, body = self.store.texts.get(slug), normalise_code(target), clean(body)
        if not body:
            raise UsageError("There is nothing to keep: type a comment first.")
        if len(body) > MAX_COMMENT:
            raise UsageError(
                "A comment takes {most} characters at most; this one has {count}.", most=MAX_COMMENT, count=len(body)
            )
        person = by or self.author
        same = [c for c in self.all(slug, target) if (c.segment, c.body, c.by) == (key, body, person) and c.open]
        if same:
            return False
        with self.store.database.write() as connection:
            if key not in self.store.texts.places_in(connection, text.id):
                raise UsageError("This row is no longer in the text: reload the page.")
            self.store.desk.add_comment(connection, text.id, target, key, body, self.now(), person)
        return True

    @needs(Right.TRANSLATE)
    def settle(self, slug: str, comment_id: int, *, again: bool = False) -> None:
        """Note that a comment is settled, or with ``again`` that it is open once more.

        Raises:
            UsageError: there is no such comment (any more).
        """
        text = self.store.texts.get(slug)
        at, by = (None, None) if again else (self.now(), self.author)
        with self.store.database.write() as connection:
            if not self.store.desk.resolve_comment(connection, text.id, comment_id, at, by):
                raise UsageError("This comment is no longer there: reload the page.")
