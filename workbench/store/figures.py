"""Aggregates for the figures: counted in the database, some dozens of rows however large the workspace is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from workbench.core.texts import SegmentState
from workbench.store.database import Database
from workbench.store.figures_schema import coverage_days, saved_words
from workbench.store.memory_known import visible
from workbench.store.memory_schema import memory_sources, memory_support, memory_units
from workbench.store.schema import grids, segment_history, segments, texts, versions

BINS = 20  # of confidence: five hundredths each


@dataclass(frozen=True, slots=True)
class CoverageDay:
    """How many segments a language had on a day, of how many it should have; ``noted`` that day, or told afterwards."""

    day: str
    language: str
    wanted: int
    done: int
    stale: int = 0
    noted: bool = True


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many units of the memory a source supports, checked by a person or not."""

    kind: str
    name: str
    text_slug: str
    reviewed: int
    unreviewed: int


@dataclass(frozen=True, slots=True)
class SavedWords:
    """What the memory saved on a day: how often, and the words nobody had to type."""

    day: str
    way: str
    times: int
    words: int


@dataclass(frozen=True, slots=True)
class PlacedSegment:
    """A segment with the text it stands in."""

    id: int
    content: str
    language: str
    slug: str
    title: str


class FigureStore:
    """Queries for the figures."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # Noting --------------------------------------------------------------------------------------------------

    def note_coverage(self, day: str, counts: Mapping[str, tuple[int, int, int]]) -> None:
        """Keep what a day found, by language (wanted, done, stale); what was kept of that day is replaced."""
        table = coverage_days
        query = sa.select(table).where(table.c.day == day)
        with self.database.read() as connection:
            known = {row.language: (row.wanted, row.done, row.stale) for row in connection.execute(query)}
        if known == dict(counts):
            return
        rows = [
            {"day": day, "language": language, "wanted": wanted, "done": done, "stale": stale}
            for language, (wanted, done, stale) in sorted(counts.items())
        ]
        with self.database.write() as connection:
            connection.execute(sa.delete(table).where(table.c.day == day, table.c.language.not_in(counts)))
            if rows:
                insert = self._insert(table).values(rows)
                found = {name: insert.excluded[name] for name in ("wanted", "done", "stale")}
                connection.execute(insert.on_conflict_do_update(index_elements=["day", "language"], set_=found))

    def note_saved(self, connection: Connection, day: str, way: str, words: int, times: int = 1) -> None:
        """Add to what the memory saved on a day, inside a transaction."""
        table = saved_words
        insert = self._insert(table).values(day=day, way=way, times=times, words=words)
        more = {"times": table.c.times + insert.excluded.times, "words": table.c.words + insert.excluded.words}
        connection.execute(insert.on_conflict_do_update(index_elements=["day", "way"], set_=more))

    def _insert(self, table: sa.Table) -> Any:
        """Return an insert that may meet a row which somebody else inserts at the same moment."""
        return sqlite_insert(table) if self.database.sqlite else postgresql_insert(table)

    # Reading -------------------------------------------------------------------------------------------------

    def coverage_days(self) -> list[CoverageDay]:
        """Return what was noted, by day and language."""
        table = coverage_days
        with self.database.read() as connection:
            rows = connection.execute(sa.select(table).order_by(table.c.day, table.c.language))
            return [CoverageDay(r.day, r.language, r.wanted, r.done, r.stale) for r in rows]

    def first_days(self) -> list[tuple[str, str, bool, int]]:
        """Return (day, language, whether it is its text's original, number) of finished segments by the day they came.

        A segment came on the day of its earliest state kept, or of its last change where no earlier one is.
        """
        earliest = (
            sa.select(segment_history.c.segment_id, sa.func.min(segment_history.c.at).label("at"))
            .group_by(segment_history.c.segment_id)
            .subquery()
        )
        day = sa.func.substr(sa.func.coalesce(earliest.c.at, segments.c.updated_at), 1, 10)
        original = versions.c.language == texts.c.original
        finished = (SegmentState.TRANSLATED.value, SegmentState.REVIEWED.value)
        query = (
            sa.select(day.label("day"), versions.c.language, original.label("original"), sa.func.count().label("n"))
            .select_from(
                segments.join(versions).join(texts).outerjoin(earliest, earliest.c.segment_id == segments.c.id)
            )
            .where(segments.c.state.in_(finished))
            .group_by(day, versions.c.language, original)
            .order_by(day)
        )
        with self.database.read() as connection:
            return [(r.day, r.language, bool(r.original), r.n) for r in connection.execute(query)]

    def confidences(self) -> list[tuple[int, str, int]]:
        """Return (bin, state, number) of all rows of all grids that have a confidence.

        Bin n holds confidences from n/20; the state is ``confirmed``, ``accepted`` or ``open``.
        """
        if self.database.sqlite:
            row = sa.func.json_each(grids.c.rows).table_valued("value").alias("row")
            confidence: Any = sa.func.json_extract(row.c.value, "$.p")
            confirmed: Any = sa.func.json_extract(row.c.value, "$.k")
            accepted: Any = sa.func.json_extract(row.c.value, "$.a")
        else:
            row = sa.func.json_array_elements(grids.c.rows).table_valued("value").alias("row")
            value = sa.cast(row.c.value, sa.JSON)
            confidence = sa.cast(value["p"].as_string(), sa.Float)
            confirmed, accepted = value["k"].as_string(), value["a"].as_string()
        low = sa.cast(confidence * BINS - 0.4999999, sa.Integer)  # casting rounds in PostgreSQL and cuts in SQLite
        if self.database.sqlite:
            low = sa.cast(confidence * BINS + 0.0000001, sa.Integer)
        state = sa.case((confirmed.is_not(None), "confirmed"), (accepted.is_not(None), "accepted"), else_="open")
        query = (
            sa.select(low.label("low"), state.label("state"), sa.func.count().label("n"))
            .select_from(grids.join(row, sa.true()))
            .where(confidence.is_not(None))
            .group_by(low, state)
        )
        with self.database.read() as connection:
            found: dict[tuple[int, str], int] = {}
            for r in connection.execute(query):
                key = (max(0, min(r.low, BINS - 1)), r.state)  # a confidence of 1 belongs to the last bin
                found[key] = found.get(key, 0) + r.n
        return [(low, state, n) for (low, state), n in sorted(found.items())]

    def sources(self, limit: int = 15) -> list[SourceCount]:
        """Return the sources of the memory's units, those with most units first."""
        unit = sa.distinct(memory_support.c.unit_id)
        checked = sa.case((memory_support.c.reviewed == sa.true(), memory_support.c.unit_id))
        query = (
            sa.select(
                memory_sources.c.kind, memory_sources.c.name, memory_sources.c.text_slug,
                sa.func.count(unit).label("units"), sa.func.count(sa.distinct(checked)).label("reviewed"),
            )
            .select_from(memory_support.join(memory_sources))
            .where(visible(memory_support))
            .group_by(memory_sources.c.id, memory_sources.c.kind, memory_sources.c.name, memory_sources.c.text_slug)
            .order_by(sa.func.count(unit).desc(), memory_sources.c.id)
            .limit(limit)
        )  # fmt: skip
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        return [SourceCount(r.kind, r.name, r.text_slug, r.reviewed, r.units - r.reviewed) for r in rows]

    def saved(self) -> list[SavedWords]:
        """Return what the memory saved, by day."""
        table = saved_words
        with self.database.read() as connection:
            rows = connection.execute(sa.select(table).order_by(table.c.day, table.c.way))
            return [SavedWords(r.day, r.way, r.times, r.words) for r in rows]

    def uses(self) -> int:
        """Return how often a suggestion was taken in all, also before that was noted by day."""
        with self.database.read() as connection:
            return int(
                connection.execute(sa.select(sa.func.coalesce(sa.func.sum(memory_units.c.uses), 0))).scalar_one()
            )

    def sample(self, limit: int, shortest: int) -> Sequence[PlacedSegment]:
        """Return at most about ``limit`` segments spread evenly over all versions.

        Args:
            shortest: Characters below which a segment says too little to have a place.
        """
        long_enough = sa.func.length(segments.c.text) >= shortest
        with self.database.read() as connection:
            total = connection.execute(sa.select(sa.func.count()).where(long_enough)).scalar_one()
            step = max(1, -(-total // limit))
            query = (
                sa.select(segments.c.id, segments.c.text, versions.c.language, texts.c.slug, texts.c.title)
                .select_from(segments.join(versions).join(texts))
                .where(long_enough, segments.c.position % step == 0)
                .order_by(texts.c.id, versions.c.id, segments.c.position)
                .limit(2 * limit)
            )
            rows = connection.execute(query).all()
        return [PlacedSegment(r.id, r.text, r.language, r.slug, r.title) for r in rows]
