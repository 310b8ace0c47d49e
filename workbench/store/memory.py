"""The memory in the database: units by number, by key, by what changed; counts, history, imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.languages import base_language
from workbench.core.memory import (
    Batch,
    HistoryEntry,
    MemoryStats,
    TranslationUnit,
    Variant,
    sort_variants,
)
from workbench.store.database import Database
from workbench.store.memory_known import CHUNK, visible
from workbench.store.memory_lookups import lookups
from workbench.store.memory_schema import (
    memory_batches,
    memory_history,
    memory_removed,
    memory_sources,
    memory_state,
    memory_support,
    memory_units,
    memory_variants,
)

ROWS_AT_ONCE = 10_000  # rows fetched together while reading the whole memory


class MemoryStore:
    """Queries over the memory. What writes is in :mod:`workbench.store.memory_write`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lookups = lookups(database.sqlite)

    def state(self) -> tuple[str, int]:
        """Return the memory's identity and its revision, which rises with every change that readers see."""
        with self.database.read() as connection:
            row = connection.execute(sa.select(memory_state.c.identity, memory_state.c.revision)).one()
        return row.identity, row.revision

    # Units ---------------------------------------------------------------------------------------------------

    def units(self, unit_ids: Sequence[int]) -> list[TranslationUnit]:
        """Return units by number, in the order asked for; those that are gone are left out."""
        with self.database.read() as connection:
            return self.units_in(connection, unit_ids)

    def units_in(self, connection: Connection, unit_ids: Sequence[int]) -> list[TranslationUnit]:
        """Return units by number, inside a transaction."""
        found = {unit.id: unit for unit in self._lookups.units(connection, list(dict.fromkeys(unit_ids)))}
        return [found[number] for number in unit_ids if number in found]

    def having(self, unit_ids: Sequence[int], language: str) -> set[int]:
        """Return those of the units that have a language, whatever the region."""
        with self.database.read() as connection:
            return self._lookups.having(connection, unit_ids, language)

    def by_key(self, hashes: Sequence[int], language: str | None = None) -> list[tuple[int, int, str, str]]:
        """Return (key hash, unit number, language, text) of the variants with one of these keys.

        Args:
            language: Only variants of this language, whatever the region.
        """
        with self.database.read() as connection:
            rows = self._lookups.by_key(connection, hashes)
        return [row for row in rows if language is None or base_language(row[2]) == language]

    def repeated_keys(self, language: str) -> Iterator[int]:
        """Yield the keys that two units or more have in a language, in order."""
        table, after = memory_variants, -(2**63)
        while True:
            query = (
                sa.select(table.c.key_hash)
                .where(table.c.key_hash > after, of_language(language), visible(table))
                .group_by(table.c.key_hash)
                .having(sa.func.count(sa.distinct(table.c.unit_id)) > 1)
                .order_by(table.c.key_hash)
                .limit(CHUNK)
            )
            with self.database.read() as connection:
                found = list(connection.execute(query).scalars())
            if not found:
                return
            after = found[-1]
            yield from found

    def iterate(self, *, languages: Sequence[str] = (), after: int = 0) -> Iterator[list[TranslationUnit]]:
        """Yield all units in the order of their numbers, some at a time, each lot a consistent view.

        Args:
            languages: Only units that have all of these, in any region.
            after: Begin behind this number.
        """
        wanted = {base_language(language) for language in languages}
        for numbers in self.numbers(CHUNK, after=after):
            units = self.units(numbers)
            yield [unit for unit in units if wanted <= {base_language(code) for code in unit.languages}]

    def numbers(self, size: int, *, after: int = 0) -> Iterator[list[int]]:
        """Yield the numbers of all units behind ``after`` in order, ``size`` at a time."""
        table = memory_units
        while True:
            query = (
                sa.select(table.c.id)
                .where(table.c.id > after, visible(table, row_by_row=True))
                .order_by(table.c.id)
                .limit(size)
            )
            with self.database.read() as connection:
                found = list(connection.execute(query).scalars())
            if not found:
                return
            after = found[-1]
            yield found

    # For caches ----------------------------------------------------------------------------------------------

    def segments(self, language: str) -> tuple[int, Iterator[tuple[int, int, str]]]:
        """Return the revision and an iterator over (variant number, unit number, text) of a language's segments.

        Args:
            language: Without region; all its regions are included.
        """
        with self.database.read() as connection:
            revision = connection.execute(sa.select(memory_state.c.revision)).scalar_one()
        return revision, self._segments(language)

    def _segments(self, language: str) -> Iterator[tuple[int, int, str]]:
        table, after = memory_variants, 0
        while True:
            query = (
                sa.select(table.c.id, table.c.unit_id, table.c.text)
                .where(table.c.id > after, of_language(language), visible(table, row_by_row=True))
                .order_by(table.c.id)
                .limit(ROWS_AT_ONCE)
            )
            with self.database.read() as connection:
                rows = connection.execute(query).all()
            yield from ((number, unit, text) for number, unit, text in rows)
            if len(rows) < ROWS_AT_ONCE:
                return
            after = rows[-1].id

    def changes(self, since: int) -> tuple[int, list[int]]:
        """Return what changed after a revision: (revision now, numbers of the units touched or gone)."""
        batches = sa.select(memory_batches.c.id).where(memory_batches.c.published_revision > since)
        with self.database.read() as connection:
            revision = connection.execute(sa.select(memory_state.c.revision)).scalar_one()
            gone = set(
                connection.execute(
                    sa.select(memory_removed.c.unit_id).where(memory_removed.c.removed_revision > since)
                ).scalars()
            )
            touched = set(
                connection.execute(
                    sa.select(memory_units.c.id).where(
                        memory_units.c.changed_revision > since, visible(memory_units, row_by_row=True)
                    )
                ).scalars()
            )
            touched.update(
                connection.execute(
                    sa.select(memory_variants.c.unit_id).where(memory_variants.c.batch_id.in_(batches))
                ).scalars()
            )
        return revision, sorted(touched | gone)

    def segments_of(self, unit_ids: Sequence[int], language: str | None = None) -> list[tuple[int, int, str, str]]:
        """Return (variant number, unit number, language, text) of units' variants.

        Args:
            language: Only variants of this language, whatever the region.
        """
        with self.database.read() as connection:
            rows = self._lookups.segments(connection, unit_ids)
        return [row for row in rows if language is None or base_language(row[2]) == language]

    # Counts and history --------------------------------------------------------------------------------------

    def stats(self) -> MemoryStats:
        """Count what the memory holds."""
        with self.database.read() as connection:
            units = connection.execute(
                sa.select(sa.func.count()).select_from(memory_units).where(visible(memory_units))
            ).scalar_one()
            by_language = connection.execute(
                sa.select(memory_variants.c.language, sa.func.count())
                .where(visible(memory_variants))
                .group_by(memory_variants.c.language)
            ).all()
            by_kind = connection.execute(
                sa.select(memory_sources.c.kind, sa.func.count())
                .where(memory_sources.c.id.in_(sa.select(memory_support.c.source_id).where(visible(memory_support))))
                .group_by(memory_sources.c.kind)
            ).all()
            reviewed = connection.execute(
                sa.select(sa.func.count(sa.distinct(memory_support.c.unit_id))).where(
                    memory_support.c.reviewed == sa.true(), visible(memory_support)
                )
            ).scalar_one()
            revision = connection.execute(sa.select(memory_state.c.revision)).scalar_one()
        variants = [Variant(language, "") for language, _ in by_language]
        counts: dict[str, int] = {row[0]: row[1] for row in by_language}
        ordered = {variant.language: counts[variant.language] for variant in sort_variants(variants)}
        return MemoryStats(units, ordered, {row[0]: row[1] for row in by_kind}, reviewed, revision)

    def history(self, unit_id: int) -> list[HistoryEntry]:
        """Return a unit's changes, last first; a removed unit's too."""
        table = memory_history
        with self.database.read() as connection:
            rows = connection.execute(sa.select(table).where(table.c.unit_id == unit_id).order_by(table.c.id.desc()))
            return [HistoryEntry(r.unit_id, r.operation, r.before, r.after, r.at, r.by) for r in rows]

    def source_id(self, key: str) -> int | None:
        """Return a source's number by its key."""
        with self.database.read() as connection:
            return connection.execute(sa.select(memory_sources.c.id).where(memory_sources.c.key == key)).scalar()

    def batches(self, *, limit: int = 50) -> list[Batch]:
        """Return the imports, last first."""
        with self.database.read() as connection:
            rows = connection.execute(sa.select(memory_batches).order_by(memory_batches.c.id.desc()).limit(limit))
            return [_batch(row) for row in rows]


def of_language(language: str) -> sa.ColumnElement[bool]:
    """Return the condition that a variant is in a language, whatever its region."""
    column = memory_variants.c.language
    return sa.or_(column == language, column.startswith(f"{language}-", autoescape=True))


def _batch(row: Any) -> Batch:
    report = row.report or {}
    return Batch(
        row.id, row.name, row.state, row.at, row.by, report.get("units", 0), len(report.get("skipped", ())), row.digest
    )
