"""Texts, versions and segments in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.library import StoredDraft, StoredSegment, StoredText, StoredVersion, VersionState
from workbench.core.texts import BlockKind, SegmentState
from workbench.errors import ConflictError, Sentence, UsageError
from workbench.store.database import Database
from workbench.store.schema import drafts, originals, segment_history, segments, texts, versions


class TextStore:
    """Queries over texts. Methods that take a connection run inside a service's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # Texts ---------------------------------------------------------------------------------------------------

    def all(self) -> list[StoredText]:
        """Return the texts, last changed first."""
        with self.database.read() as connection:
            rows = connection.execute(sa.select(texts).order_by(texts.c.updated_at.desc(), texts.c.slug))
            return [_text(row) for row in rows]

    def slugs(self) -> set[str]:
        """Return all slugs."""
        with self.database.read() as connection:
            return set(connection.execute(sa.select(texts.c.slug)).scalars())

    def get(self, slug: str) -> StoredText:
        """Return a text.

        Raises:
            UsageError: there is none of that name.
        """
        with self.database.read() as connection:
            return self.get_in(connection, slug)

    def get_in(self, connection: Connection, slug: str) -> StoredText:
        """Return a text, inside a transaction."""
        row = connection.execute(sa.select(texts).where(texts.c.slug == slug)).first()
        if row is None:
            raise UsageError("There is no text “{slug}”: `workbench text list` names those there are.", slug=slug)
        return _text(row)

    def add(self, connection: Connection, values: Mapping[str, Any], at: str) -> StoredText:
        """Insert a text; ``values`` are its columns but for the times.

        Raises:
            UsageError: its slug is taken.
        """
        row = {"description": "", "titles": {}, **values, "created_at": at, "updated_at": at}
        try:
            connection.execute(sa.insert(texts).values(row))
        except sa.exc.IntegrityError as error:  # two people kept a text of that name at the same moment
            raise UsageError("There is a text “{slug}” already: choose another name.", slug=row["slug"]) from error
        return self.get_in(connection, row["slug"])

    def change(self, connection: Connection, text_id: int, values: Mapping[str, Any], at: str) -> None:
        """Change columns of a text and note the time."""
        connection.execute(sa.update(texts).where(texts.c.id == text_id).values(**values, updated_at=at))

    def remove(self, connection: Connection, text_id: int) -> None:
        """Delete a text with its versions, grid and drafts, and originals that nothing else needs."""
        connection.execute(sa.delete(texts).where(texts.c.id == text_id))
        self._drop_unused_originals(connection)

    # Versions ------------------------------------------------------------------------------------------------

    def versions(self, text_id: int | None = None) -> list[StoredVersion]:
        """Return the versions of a text, or of all texts."""
        with self.database.read() as connection:
            return self.versions_in(connection, text_id)

    def versions_in(self, connection: Connection, text_id: int | None = None) -> list[StoredVersion]:
        """Return the versions of a text, or of all texts, inside a transaction."""
        query = sa.select(versions).order_by(versions.c.text_id, versions.c.id)
        if text_id is not None:
            query = query.where(versions.c.text_id == text_id)
        return [_version(row) for row in connection.execute(query)]

    def add_version(self, connection: Connection, values: Mapping[str, Any], at: str, by: str) -> StoredVersion:
        """Insert a version at revision 1; ``values`` holds text_id, language, state, file_name, format …"""
        row = {"warnings": [], "revision": 1, **values, "updated_at": at, "updated_by": by}
        key = connection.execute(sa.insert(versions).values(row).returning(versions.c.id)).scalar_one()
        found = connection.execute(sa.select(versions).where(versions.c.id == key)).one()
        return _version(found)

    def change_version(
        self, connection: Connection, version_id: int, values: Mapping[str, Any], at: str, by: str
    ) -> None:
        """Change columns of a version, note time and person."""
        connection.execute(
            sa.update(versions).where(versions.c.id == version_id).values(**values, updated_at=at, updated_by=by)
        )
        self._drop_unused_originals(connection)

    def remove_version(self, connection: Connection, version_id: int) -> None:
        """Delete one version with its segments."""
        connection.execute(sa.delete(versions).where(versions.c.id == version_id))
        self._drop_unused_originals(connection)

    def put_original(self, connection: Connection, data: bytes) -> str:
        """Keep the bytes of an uploaded file and return their SHA-256; the same bytes are kept once."""
        digest = hashlib.sha256(data).hexdigest()
        known = connection.execute(sa.select(originals.c.sha256).where(originals.c.sha256 == digest)).first()
        if known is None:
            connection.execute(sa.insert(originals).values(sha256=digest, data=data))
        return digest

    def original(self, digest: str) -> bytes:
        """Return the bytes of an uploaded file."""
        with self.database.read() as connection:
            data = connection.execute(sa.select(originals.c.data).where(originals.c.sha256 == digest)).scalar()
        if data is None:
            raise UsageError("The uploaded file is no longer kept.")
        return bytes(data)

    def _drop_unused_originals(self, connection: Connection) -> None:
        used = sa.select(versions.c.original_sha256).where(versions.c.original_sha256.is_not(None))
        connection.execute(sa.delete(originals).where(originals.c.sha256.not_in(used)))

    # Segments ------------------------------------------------------------------------------------------------

    def segments(self, version_id: int) -> list[StoredSegment]:
        """Return a version's segments in order."""
        with self.database.read() as connection:
            return self.segments_in(connection, version_id)

    def segments_in(self, connection: Connection, version_id: int) -> list[StoredSegment]:
        """Return a version's segments in order, inside a transaction."""
        query = sa.select(segments).where(segments.c.version_id == version_id).order_by(segments.c.position)
        return [_segment(row) for row in connection.execute(query)]

    def segments_around(self, version_id: int, numbers: Iterable[int]) -> list[StoredSegment]:
        """Return some segments of a version with the one before and the one after each, in order.

        Confirming one row of a long text needs a dozen segments, not thousands.
        """
        wanted = list(numbers)
        if len(wanted) > 200:  # asked for by place, so many would be slower than all of them
            return self.segments(version_id)
        own = segments.c.version_id == version_id
        with self.database.read() as connection:
            at = sa.select(segments.c.position).where(own, segments.c.id.in_(wanted))
            near = {p + step for p in connection.execute(at).scalars() for step in (-1, 0, 1)}
            query = sa.select(segments).where(own, segments.c.position.in_(near)).order_by(segments.c.position)
            return [_segment(row) for row in connection.execute(query)]

    def add_segments(
        self, connection: Connection, version_id: int, rows: Sequence[Mapping[str, Any]], at: str, by: str
    ) -> list[int]:
        """Insert segments (position, block, kind, level, text, state) and return their lasting numbers in order."""
        keys = []
        for row in rows:
            values = {"revision": 1, **row, "version_id": version_id, "updated_at": at, "updated_by": by}
            keys.append(connection.execute(sa.insert(segments).values(values).returning(segments.c.id)).scalar_one())
        return keys

    def change_segment(
        self,
        connection: Connection,
        segment_id: int,
        values: Mapping[str, Any],
        at: str,
        by: str,
        *,
        expected_revision: int | None = None,
    ) -> None:
        """Change a segment, keep what it said before in its history.

        Raises:
            ConflictError: somebody changed it since ``expected_revision``.
            UsageError: it is gone.
        """
        row = connection.execute(sa.select(segments).where(segments.c.id == segment_id)).first()
        if row is None:
            raise UsageError("This segment is no longer in the text.")
        if expected_revision is not None and row.revision != expected_revision:
            raise ConflictError(
                "{who} changed this segment meanwhile. It now reads: {text}", who=row.updated_by, text=row.text
            )
        if values.get("text", row.text) != row.text or values.get("state", row.state) != row.state:
            connection.execute(
                sa.insert(segment_history).values(
                    segment_id=segment_id, text=row.text, state=row.state, at=row.updated_at, by=row.updated_by
                )
            )
        connection.execute(
            sa.update(segments)
            .where(segments.c.id == segment_id)
            .values(**values, revision=row.revision + 1, updated_at=at, updated_by=by)
        )

    def places_in(self, connection: Connection, text_id: int) -> dict[int, int]:
        """Return segment number → place in its version, for all versions of a text, inside a transaction."""
        query = (
            sa.select(segments.c.id, segments.c.position)
            .join(versions, versions.c.id == segments.c.version_id)
            .where(versions.c.text_id == text_id)
        )
        return dict(connection.execute(query).tuples().all())

    def place_segments(self, connection: Connection, places: Iterable[tuple[int, int, int]]) -> None:
        """Set (segment number, position, block) of segments; what they say is untouched."""
        rows = [{"key": key, "p": position, "b": block} for key, position, block in places]
        if rows:
            connection.execute(
                sa.update(segments)
                .where(segments.c.id == sa.bindparam("key"))
                .values(position=sa.bindparam("p"), block=sa.bindparam("b")),
                rows,
            )

    def remove_segments(self, connection: Connection, numbers: Iterable[int]) -> None:
        """Delete segments by number."""
        keys = list(numbers)
        for start in range(0, len(keys), 500):
            connection.execute(sa.delete(segments).where(segments.c.id.in_(keys[start : start + 500])))

    def history(self, segment_id: int) -> list[tuple[str, str, str, str]]:
        """Return what a segment said before, last first: (text, state, at, by)."""
        query = (
            sa.select(segment_history)
            .where(segment_history.c.segment_id == segment_id)
            .order_by(segment_history.c.id.desc())
        )
        with self.database.read() as connection:
            return [(row.text, row.state, row.at, row.by) for row in connection.execute(query)]

    def state_counts(self) -> dict[tuple[int, str], int]:
        """Return (version id, segment state) → number of segments, for all versions."""
        query = sa.select(segments.c.version_id, segments.c.state, sa.func.count()).group_by(
            segments.c.version_id, segments.c.state
        )
        with self.database.read() as connection:
            return {(v, s): n for v, s, n in connection.execute(query)}

    # Drafts --------------------------------------------------------------------------------------------------

    def put_draft(
        self, text_id: int, language: str, segment_id: int, text: str, at: str, by: str, base: str | None = None
    ) -> None:
        """Keep what a person has typed for a segment and not confirmed; an empty text forgets it.

        Args:
            base: The token of the answer the person had before them; ``None`` where it is not known.
        """
        place = sa.and_(drafts.c.language == language, drafts.c.segment_id == segment_id, drafts.c.by == by)
        with self.database.write() as connection:
            connection.execute(sa.delete(drafts).where(place))
            if text:
                connection.execute(
                    sa.insert(drafts).values(
                        text_id=text_id, language=language, segment_id=segment_id, text=text, at=at, by=by, base=base
                    )
                )

    def drop_drafts(self, connection: Connection, language: str, segment_id: int, by: str) -> None:
        """Forget a person's draft of a segment, inside a transaction."""
        connection.execute(
            sa.delete(drafts).where(drafts.c.language == language, drafts.c.segment_id == segment_id, drafts.c.by == by)
        )

    def drafts(self, text_id: int, language: str) -> list[StoredDraft]:
        """Return the drafts of a text in a language."""
        query = sa.select(drafts).where(drafts.c.text_id == text_id, drafts.c.language == language)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(drafts.c.id))
            return [StoredDraft(row.segment_id, row.text, row.at, row.by, row.base) for row in rows]


def _text(row: Any) -> StoredText:
    return StoredText(
        row.id, row.slug, row.title, row.kind, row.original, row.description, dict(row.titles or {}),
        row.created_at, row.updated_at,
    )  # fmt: skip


def _version(row: Any) -> StoredVersion:
    return StoredVersion(
        row.id, row.text_id, row.language, row.revision, VersionState(row.state), row.file_name, row.format,
        row.original_sha256, tuple(Sentence.load(line) for line in row.warnings or ()), row.updated_at, row.updated_by,
    )  # fmt: skip


def _segment(row: Any) -> StoredSegment:
    return StoredSegment(
        row.id, row.position, row.text, BlockKind(row.kind), row.block, row.level, SegmentState(row.state),
        row.previous_text, row.revision, row.updated_at, row.updated_by,
    )  # fmt: skip
