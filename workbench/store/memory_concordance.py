"""The concordance's query: words in the memory's segments, by SQLite's FTS5 or PostgreSQL's text search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from workbench.core.concordance import ConcordanceHit, ConcordancePage, ConcordanceQuery, Near, Phrase, hit_spans
from workbench.core.languages import base_language
from workbench.core.memory import TranslationUnit
from workbench.store.database import Database
from workbench.store.memory import of_language
from workbench.store.memory_known import visible
from workbench.store.memory_lookups import lookups
from workbench.store.memory_schema import memory_sources, memory_support, memory_variants

COUNTED = 10_000  # hits counted at most: nobody turns so many pages, and counting all of “the” takes its time


def concordance(
    database: Database,
    query: ConcordanceQuery,
    *,
    language: str | None = None,
    text_slug: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> ConcordancePage:
    """Return a page of hits, last learnt first.

    Args:
        language: Only hits in this language, whatever the region.
        text_slug: Only units learnt from this text.
    """
    if query.empty:
        return ConcordancePage((), 0, offset)
    table = memory_variants
    wanted = [table.c.id.in_(_matching(database, query)), visible(table)]
    if language is not None:
        wanted.append(of_language(base_language(language)))
    if text_slug is not None:
        learnt = sa.select(memory_support.c.unit_id).join(memory_sources)
        wanted.append(table.c.unit_id.in_(learnt.where(memory_sources.c.text_slug == text_slug)))
    columns = sa.select(table.c.id, table.c.unit_id, table.c.language, table.c.text).where(*wanted)
    with database.read() as connection:
        counted = sa.select(sa.func.count()).select_from(columns.limit(COUNTED + 1).subquery())
        total = connection.execute(counted).scalar_one()
        rows = connection.execute(columns.order_by(table.c.id.desc()).limit(limit).offset(offset)).all()
        found = lookups(database.sqlite).units(connection, list({row.unit_id for row in rows}))
        hits = _hits(query, rows, {unit.id: unit for unit in found})
    return ConcordancePage(hits, min(total, COUNTED), offset, total <= COUNTED)


def _hits(
    query: ConcordanceQuery, rows: Sequence[Any], units: Mapping[int, TranslationUnit]
) -> tuple[ConcordanceHit, ...]:
    return tuple(
        ConcordanceHit(units[row.unit_id], row.language, hit_spans(query, row.text))
        for row in rows
        if row.unit_id in units
    )


def _matching(database: Database, query: ConcordanceQuery) -> Any:
    if database.sqlite:
        words = sa.table("memory_words", sa.column("rowid"), sa.column("memory_words"))
        return sa.select(words.c.rowid).where(words.c.memory_words.op("MATCH")(fts5(query)))
    vector = sa.func.to_tsvector("simple", sa.func.workbench_fold(memory_variants.c.text))
    return sa.select(memory_variants.c.id).where(vector.op("@@")(sa.func.to_tsquery("simple", tsquery(query))))


def fts5(query: ConcordanceQuery) -> str:
    """Write a query in FTS5's language; every word is quoted, so that none is an operator."""
    groups = " AND ".join("(" + " OR ".join(_fts5(part) for part in group) + ")" for group in query.groups)
    if not query.without:
        return groups
    return f"({groups}) NOT (" + " OR ".join(_fts5(phrase) for phrase in query.without) + ")"


def _fts5(part: Phrase | Near) -> str:
    if isinstance(part, Near):
        return f"NEAR({_fts5(part.left)} {_fts5(part.right)}, {part.distance})"
    return '"' + " ".join(part.words) + '"' + ("*" if part.prefix else "")


def tsquery(query: ConcordanceQuery) -> str:
    """Write a query in PostgreSQL's language; words are letters and digits only, so that none is an operator."""
    groups = " & ".join("(" + " | ".join(_tsquery(part) for part in group) + ")" for group in query.groups)
    without = "".join(f" & !({_tsquery(phrase)})" for phrase in query.without)
    return groups + without


def _tsquery(part: Phrase | Near) -> str:
    if isinstance(part, Near):
        a, b = _tsquery(part.left), _tsquery(part.right)
        gaps = range(1, part.distance + 2)
        return "(" + " | ".join(f"({x} <{n}> {y})" for n in gaps for x, y in ((a, b), (b, a))) + ")"
    words = [f"'{word}'" for word in part.words]
    if part.prefix:
        words[-1] += ":*"
    return "(" + " <-> ".join(words) + ")"
