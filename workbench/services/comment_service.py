"""Comments on segments: what a translator asks, what a reviser remarks, and who has settled it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from workbench.core.languages import normalise_code
from workbench.core.library import Comment
from workbench.core.people import Right
from workbench.core.texts import clean
from workbench.errors import UsageError
from workbench.services.rights import OPEN, Guard, needs
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MAX_COMMENT = 5_000  # characters; what is longer is a document of its own
MAX_PERSON = 80  # characters of a name that a document brings


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
    def add(self, slug: str, target: str, key: int, body: str) -> bool:
        """Comment on a row; the very same comment that is open there already is not kept twice.

        Args:
            key: The row, by :attr:`~workbench.services.translation_service.TranslationRow.key`.

        Returns:
            Whether it was new.

        Raises:
            UsageError: it is empty or too long, or the row is gone.
        """
        text, body = self.store.texts.get(slug), clean(body)
        if not body:
            raise UsageError("There is nothing to keep: type a comment first.")
        if len(body) > MAX_COMMENT:
            raise UsageError(
                "A comment takes {most} characters at most; this one has {count}.", most=MAX_COMMENT, count=len(body)
            )
        with self.store.database.write() as connection:
            if key not in self.store.texts.places_in(connection, text.id):
                raise UsageError("This row is no longer in the text: reload the page.")
            return bool(self._keep(connection, text.id, normalise_code(target), [(key, self.author, body)]))

    @needs(Right.TRANSLATE)
    def take(self, slug: str, target: str, remarks: Iterable[tuple[int, str, str]]) -> int:
        """Keep what others remarked in a document that came back, all at once.

        Left out are comments that are empty, open there already, or on rows that are gone; long ones are cut.

        Args:
            remarks: (row, who, what) of each.

        Returns:
            How many were new.
        """
        text = self.store.texts.get(slug)
        said = [(key, clean(who)[:MAX_PERSON], clean(what)[:MAX_COMMENT]) for key, who, what in remarks]
        with self.store.database.write() as connection:
            there = self.store.texts.places_in(connection, text.id)
            wanted = [(key, who or self.author, what) for key, who, what in said if what and key in there]
            return self._keep(connection, text.id, normalise_code(target), wanted)

    def _keep(self, connection: Connection, text_id: int, target: str, comments: Iterable[tuple[int, str, str]]) -> int:
        """Keep comments that are not open there already, and return how many."""
        at = self.now()
        known = {(c.segment, c.by, c.body) for c in self.store.desk.comments_in(connection, text_id, target) if c.open}
        fresh = [comment for comment in dict.fromkeys(comments) if comment not in known]
        for key, person, body in fresh:
            self.store.desk.add_comment(connection, text_id, target, key, body, at, person)
        return len(fresh)

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
