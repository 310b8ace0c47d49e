"""The translator's desk in the database: steps over many segments, comments, documents sent to a reviser."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.library import Comment, DeskStep, Handout
from workbench.store.database import Database
from workbench.store.desk_schema import desk_steps, handouts, segment_comments
from workbench.store.memory_known import among
from workbench.store.memory_schema import memory_sources, memory_support
from workbench.store.schema import drafts

KEPT_STEPS = 200  # steps that can still be taken back, a text and language


class DeskStore:
    """Queries over what translators did. Methods that take a connection run inside a service's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # Steps -------------------------------------------------------------------------------------------------------

    def add_step(
        self, connection: Connection, text_id: int, language: str, source: str, operation: str, changes: Any, at: str,
        by: str,
    ) -> int:  # fmt: skip
        """Keep a step so that it can be taken back, and return its number; the oldest are forgotten."""
        own = sa.and_(desk_steps.c.text_id == text_id, desk_steps.c.language == language)
        values = {
            "text_id": text_id, "language": language, "source": source, "operation": operation, "changes": changes,
            "at": at, "by": by,
        }  # fmt: skip
        added = connection.execute(sa.insert(desk_steps).values(values).returning(desk_steps.c.id)).scalar_one()
        newest = sa.select(desk_steps.c.id).where(own).order_by(desk_steps.c.id.desc()).limit(KEPT_STEPS)
        keep = list(connection.execute(newest).scalars())
        if len(keep) == KEPT_STEPS:
            connection.execute(sa.delete(desk_steps).where(own, desk_steps.c.id < keep[-1]))
        return int(added)

    def last_step(self, text_id: int, language: str, by: str) -> DeskStep | None:
        """Return the last step of a person that was not taken back."""
        query = sa.select(desk_steps).where(
            desk_steps.c.text_id == text_id, desk_steps.c.language == language, desk_steps.c.by == by,
            desk_steps.c.undone == sa.false(),
        )  # fmt: skip
        with self.database.read() as connection:
            row = connection.execute(query.order_by(desk_steps.c.id.desc()).limit(1)).first()
        return _step(row) if row else None

    def steps(self, text_id: int, language: str, operation: str) -> list[DeskStep]:
        """Return the steps of one kind on a version that were not taken back, oldest first, whoever took them."""
        query = sa.select(desk_steps).where(
            desk_steps.c.text_id == text_id, desk_steps.c.language == language,
            desk_steps.c.operation == operation, desk_steps.c.undone == sa.false(),
        )  # fmt: skip
        with self.database.read() as connection:
            return [_step(row) for row in connection.execute(query.order_by(desk_steps.c.id))]

    def step_in(self, connection: Connection, step_id: int) -> DeskStep | None:
        """Return a step that was not taken back yet, inside a transaction."""
        query = sa.select(desk_steps).where(desk_steps.c.id == step_id, desk_steps.c.undone == sa.false())
        row = connection.execute(query).first()
        return _step(row) if row else None

    def undone_step(self, step_id: int) -> DeskStep | None:
        """Return a step that was taken back already."""
        query = sa.select(desk_steps).where(desk_steps.c.id == step_id, desk_steps.c.undone == sa.true())
        with self.database.read() as connection:
            row = connection.execute(query).first()
        return _step(row) if row else None

    def mark_undone(self, connection: Connection, step_id: int) -> None:
        """Note that a step was taken back."""
        connection.execute(sa.update(desk_steps).where(desk_steps.c.id == step_id).values(undone=True))

    # Comments ----------------------------------------------------------------------------------------------------

    def add_comment(
        self, connection: Connection, text_id: int, language: str, segment_id: int, body: str, at: str, by: str
    ) -> int:
        """Keep a comment on a segment and return its number."""
        values = {
            "text_id": text_id, "language": language, "segment_id": segment_id, "body": body, "at": at, "by": by,
        }  # fmt: skip
        insert = sa.insert(segment_comments).values(values).returning(segment_comments.c.id)
        return int(connection.execute(insert).scalar_one())

    def comments(self, text_id: int, language: str) -> list[Comment]:
        """Return the comments on a text's segments in a language, oldest first."""
        with self.database.read() as connection:
            return self.comments_in(connection, text_id, language)

    def comments_in(self, connection: Connection, text_id: int, language: str) -> list[Comment]:
        """Return the comments on a text's segments in a language, oldest first, inside a transaction."""
        query = sa.select(segment_comments).where(
            segment_comments.c.text_id == text_id, segment_comments.c.language == language
        )
        return [_comment(row) for row in connection.execute(query.order_by(segment_comments.c.id))]

    def resolve_comment(
        self, connection: Connection, text_id: int, comment_id: int, at: str | None, by: str | None
    ) -> bool:
        """Note who has settled a comment and when, or with ``None`` that it is open again; False if it is gone."""
        own = sa.and_(segment_comments.c.id == comment_id, segment_comments.c.text_id == text_id)
        found = connection.execute(sa.update(segment_comments).where(own).values(resolved_at=at, resolved_by=by))
        return bool(found.rowcount)

    # Documents for a reviser -------------------------------------------------------------------------------------

    def add_handout(self, handout: Handout) -> None:
        """Keep what a reviser was sent."""
        values = {
            "code": handout.code, "text_id": handout.text_id, "source": handout.source, "language": handout.language,
            "rows": [list(row) for row in handout.rows], "at": handout.at, "by": handout.by,
        }  # fmt: skip
        with self.database.write() as connection:
            connection.execute(sa.insert(handouts).values(values))

    def handout(self, code: str) -> Handout | None:
        """Return what a reviser was sent, by the code on the document."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(handouts).where(handouts.c.code == code)).first()
        if row is None:
            return None
        rows = tuple((int(key), str(source), str(target), str(said)) for key, source, target, said in row.rows)
        return Handout(row.code, row.text_id, row.source, row.language, rows, row.at, row.by)

    # Drafts and the memory ---------------------------------------------------------------------------------------

    def drafts_in(
        self, connection: Connection, language: str, segment_ids: Collection[int]
    ) -> list[tuple[int, str, str]]:
        """Return (segment, person, text) of the drafts on some segments, inside a transaction."""
        query = sa.select(drafts).where(drafts.c.language == language, drafts.c.segment_id.in_(list(segment_ids)))
        return [(row.segment_id, row.by, row.text) for row in connection.execute(query.order_by(drafts.c.id))]

    def put_draft(
        self, connection: Connection, text_id: int, language: str, segment_id: int, text: str, at: str, by: str
    ) -> None:
        """Keep a person's draft of a segment, inside a transaction; an empty text forgets it."""
        own = sa.and_(drafts.c.language == language, drafts.c.segment_id == segment_id, drafts.c.by == by)
        connection.execute(sa.delete(drafts).where(own))
        if text:
            values = {"text_id": text_id, "language": language, "segment_id": segment_id, "text": text, "at": at}
            connection.execute(sa.insert(drafts).values(**values, by=by))

    def discussed(self, connection: Connection, numbers: Iterable[int]) -> set[int]:
        """Return the segments among these that have comments, inside a transaction."""
        column = segment_comments.c.segment_id
        return set(connection.execute(sa.select(column).where(among(connection, column, numbers))).scalars())

    def move_notes(self, connection: Connection, before: int, after: int, *, about: str = "") -> None:
        """Give the comments of one segment to another, which has taken its text in or stands beside where it was.

        Args:
            about: The text they were about, where the other does not say it; it is put before each of them.
        """
        own = segment_comments.c.segment_id == before
        values: dict[str, Any] = {"segment_id": after}
        if about:
            values["body"] = sa.literal(f"“{about}”: ") + segment_comments.c.body
        connection.execute(sa.update(segment_comments).where(own).values(values))

    def draft_languages(self, connection: Connection, segment_id: int) -> list[str]:
        """Return the languages in which a segment has drafts, inside a transaction."""
        query = sa.select(drafts.c.language).where(drafts.c.segment_id == segment_id).distinct()
        return list(connection.execute(query).scalars())

    def taught(self, source_key: str, places: Iterable[str]) -> set[str]:
        """Return the places among these at which the memory has learnt from a source."""
        wanted, found = list(places), set[str]()
        with self.database.read() as connection:
            for start in range(0, len(wanted), 500):
                query = (
                    sa.select(memory_support.c.place)
                    .join(memory_sources, memory_sources.c.id == memory_support.c.source_id)
                    .where(memory_sources.c.key == source_key, memory_support.c.place.in_(wanted[start : start + 500]))
                )
                found |= set(connection.execute(query).scalars())
        return found


def _step(row: Any) -> DeskStep:
    return DeskStep(row.id, row.text_id, row.language, row.source, row.operation, _mapping(row.changes), row.at, row.by)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {"rows": value}


def _comment(row: Any) -> Comment:
    return Comment(row.id, row.segment_id, row.body, row.at, row.by, row.resolved_at or "", row.resolved_by or "")
