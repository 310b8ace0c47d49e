"""Reading the memory while it is written to: rows that may be seen, and the units that new ones might be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.store.memory_schema import memory_batches, memory_variants

CHUNK = 500  # rows written or deleted by one statement


def visible(table: sa.Table, *, row_by_row: bool = False) -> sa.ColumnElement[bool]:
    """Return the condition that a row's import, if it came by one, is published.

    Args:
        row_by_row: Ask it of the rows that the query's other conditions leave, in their order, which may be few rows
            or a page of many. SQLite would rather collect the rows of all imports, by the index on them, and sort
            them: of a sum there is no index.
    """
    batch: sa.ColumnElement[Any] = table.c.batch_id + 0 if row_by_row else table.c.batch_id
    published = sa.select(memory_batches.c.id).where(memory_batches.c.state == "published")
    return sa.or_(batch.is_(None), batch.in_(published))


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterable[list[Any]]:
    """Cut values into lists that fit one statement."""
    items = list(values)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def among(connection: Connection, column: sa.ColumnElement[Any], values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that a column has one of these values, as one parameter whatever their number.

    An ``IN`` with a parameter a value is written and parsed anew for each length, which costs more than the query.
    """
    items = list(values)
    if connection.dialect.name == "sqlite":
        listed = sa.func.json_each(sa.bindparam(None, json.dumps(items), unique=True)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    return column == sa.any_(sa.bindparam(None, items, sa.ARRAY(column.type), unique=True))


class Known:
    """The units that new ones might be, by what they say in two languages: one alone, a “Yes” say, many have."""

    def __init__(self) -> None:
        self.by_pair: dict[tuple[str, str, str, str], list[int]] = {}
        self.texts: dict[int, dict[str, str]] = {}

    def add(self, unit: int, language: str, text: str) -> None:
        texts = self.texts.setdefault(unit, {})
        for other in texts.items():
            self.by_pair.setdefault(_pair(other, (language, text)), []).append(unit)
        texts[language] = text

    def find(self, variants: Mapping[str, str]) -> int | None:
        """Return the unit that agrees in two languages or more and disagrees in none, the fullest of them."""
        candidates = {unit for a, b in combinations(variants.items(), 2) for unit in self.by_pair.get(_pair(a, b), ())}
        best: tuple[int, int, int] | None = None
        for unit in candidates:
            texts = self.texts[unit]
            shared = [language for language in variants if language in texts]
            if all(texts[language] == variants[language] for language in shared):
                rank = (-len(shared), -len(texts), unit)
                best = rank if best is None else min(best, rank)
        return best[2] if best else None


def _pair(a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str, str, str]:
    return (*a, *b) if a[0] < b[0] else (*b, *a)


def load_known(connection: Connection, hashes: Iterable[int], batch_id: int | None) -> Known:
    """Load the units that hold any of these keys and may be joined: published ones, and the import's own."""
    table = memory_variants
    seen = visible(table) if batch_id is None else sa.or_(visible(table), table.c.batch_id == batch_id)
    met: Counter[int] = Counter()
    for group in chunks(hashes):
        met.update(
            connection.execute(
                sa.select(table.c.unit_id).where(among(connection, table.c.key_hash, group), seen)
            ).scalars()
        )
    known = Known()
    # A unit is joined only with one that says the same in two languages.
    for group in chunks(number for number, times in met.items() if times > 1):
        query = sa.select(table.c.unit_id, table.c.language, table.c.text).where(
            among(connection, table.c.unit_id, group), seen
        )
        for number, language, text in connection.execute(query):
            known.add(number, language, text)
    return known
