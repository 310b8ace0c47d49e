"""The queries of a look-up, written once: composing and compiling them would take longer than running them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.memory import (
    NO_DETAILS,
    Details,
    Provenance,
    Source,
    SourceKind,
    TranslationUnit,
    Variant,
    sort_variants,
)
from workbench.store.memory_known import visible
from workbench.store.memory_schema import memory_sources, memory_support, memory_units, memory_variants


class Lookups:
    """Prepared queries over lists of numbers, in one database's dialect."""

    def __init__(self, *, sqlite: bool) -> None:
        self.sqlite = sqlite
        units, variants, support, sources = memory_units, memory_variants, memory_support, memory_sources
        seen = visible(variants)
        self._variants = sa.select(variants.c.unit_id, variants.c.language, variants.c.text).where(
            self._listed(variants.c.unit_id), seen
        )
        self._segments = sa.select(variants.c.id, variants.c.unit_id, variants.c.language, variants.c.text).where(
            self._listed(variants.c.unit_id), seen
        )
        code: sa.BindParameter[str] = sa.bindparam("language")
        regions: sa.BindParameter[str] = sa.bindparam("regions")
        self._having = sa.select(variants.c.unit_id).where(
            self._listed(variants.c.unit_id),
            sa.or_(variants.c.language == code, variants.c.language.like(regions)),
            seen,
        )
        self._by_key = sa.select(variants.c.key_hash, variants.c.unit_id, variants.c.language, variants.c.text).where(
            self._listed(variants.c.key_hash), seen
        )
        named = [sources.c[name].label(f"source_{name}") for name in _SOURCE_FIELDS]
        self._support = (
            sa.select(support, *named)
            .join(sources)
            .where(self._listed(support.c.unit_id), visible(support))
            .order_by(support.c.id)
        )
        self._units = sa.select(units).where(self._listed(units.c.id), visible(units)).order_by(units.c.id)

    def _listed(self, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        if self.sqlite:
            return column.in_(sa.select(sa.func.json_each(sa.bindparam("items")).table_valued("value").c.value))
        return column == sa.any_(sa.bindparam("items", type_=sa.ARRAY(column.type)))

    def _run(self, connection: Connection, statement: sa.Select[Any], items: Sequence[int], **values: str) -> Any:
        listed = json.dumps(list(items)) if self.sqlite else list(items)
        return connection.execute(statement, {"items": listed, **values})

    def by_key(self, connection: Connection, hashes: Sequence[int]) -> list[tuple[int, int, str, str]]:
        """Return (key hash, unit number, language, text) of the variants with one of these keys."""
        return [tuple(row) for row in self._run(connection, self._by_key, hashes)]

    def segments(self, connection: Connection, numbers: Sequence[int]) -> list[tuple[int, int, str, str]]:
        """Return (variant number, unit number, language, text) of units' variants."""
        return [tuple(row) for row in self._run(connection, self._segments, numbers)]

    def having(self, connection: Connection, numbers: Sequence[int], language: str) -> set[int]:
        """Return those of the units that have a variant in a language, whatever its region."""
        return set(self._run(connection, self._having, numbers, language=language, regions=f"{language}-%").scalars())

    def units(self, connection: Connection, numbers: Sequence[int]) -> list[TranslationUnit]:
        """Return units with their variants and provenances, in the order of their numbers."""
        if not numbers:
            return []
        variants: dict[int, list[Variant]] = {}
        for number, language, text in self._run(connection, self._variants, numbers):
            variants.setdefault(number, []).append(Variant(language, text))
        support: dict[int, list[Provenance]] = {}
        for row in self._run(connection, self._support, numbers):
            support.setdefault(row.unit_id, []).append(_provenance(row))
        return [
            TranslationUnit(
                row.id, sort_variants(variants.get(row.id, ())), tuple(support.get(row.id, ())), row.uses,
                row.created_at, row.changed_at, row.changed_by, row.revision,
            )
            for row in self._run(connection, self._units, numbers)
        ]  # fmt: skip


@cache
def lookups(sqlite: bool) -> Lookups:
    """Return the queries for SQLite or for PostgreSQL."""
    return Lookups(sqlite=sqlite)


_SOURCE_FIELDS = ("key", "kind", "name", "text_slug", "revision", "aligner")


def _provenance(row: Any) -> Provenance:
    source = Source(
        row.source_key, SourceKind(row.source_kind), row.source_name, row.source_text_slug, row.source_revision,
        row.source_aligner,
    )  # fmt: skip
    context = {language: (pair[0], pair[1]) for language, pair in (row.context or {}).items()}
    details = {language: details_from_json(fields) for language, fields in (row.details or {}).items()}
    return Provenance(
        source, tuple(row.languages.split()), row.place, context, row.reviewed, row.machine, row.score, row.at, row.by,
        details.pop("", NO_DETAILS), details, checked_languages(row),
    )  # fmt: skip


def checked_languages(row: Any) -> tuple[str, ...] | None:
    """Return the languages that a person has checked where something was learnt; ``None`` is all of them."""
    return None if row.checked is None else tuple(row.checked.split())


def details_from_json(fields: Mapping[str, Any]) -> Details:
    """Read details back as :func:`workbench.store.memory_write.details_to_json` wrote them."""
    values: dict[str, Any] = {
        name: tuple(tuple(v) if isinstance(v, list) else v for v in value) if isinstance(value, list) else value
        for name, value in fields.items()
    }
    return Details(**values)
