"""What a person did last, read off the dates and names that stand with every change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from workbench.store.database import Database
from workbench.store.schema import drafts, grid_edits, segments, texts, versions


class RecentStore:
    """Queries over everybody's last changes."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def last(self, who: str, limit: int) -> Sequence[tuple[str, str, str, str, str]]:
        """Return (what, text's slug, its title, language, when) of a person's last changes, the latest first.

        What is ``translate`` (the language was translated into), ``align`` (no language) or ``text`` (the original, or
        a version that was brought in). Each text and language comes once for each.
        """
        original = versions.c.language == texts.c.original
        typed = self._latest("translate", drafts.c.language, drafts.c.at).select_from(drafts.join(texts))
        written = sa.and_(segments.c.updated_by == who, versions.c.updated_at < segments.c.updated_at)
        queries: list[sa.Select[Any]] = [
            typed.where(drafts.c.by == who).group_by(texts.c.slug, texts.c.title, drafts.c.language),
            self._latest("translate", versions.c.language, segments.c.updated_at)
            .select_from(segments.join(versions).join(texts))
            .where(written, sa.not_(original))
            .group_by(texts.c.slug, texts.c.title, versions.c.language),
            self._latest("align", sa.literal(""), grid_edits.c.at)
            .select_from(grid_edits.join(texts))
            .where(grid_edits.c.by == who)
            .group_by(texts.c.slug, texts.c.title),
            self._latest("text", versions.c.language, versions.c.updated_at)
            .select_from(versions.join(texts))
            .where(versions.c.updated_by == who)
            .group_by(texts.c.slug, texts.c.title, versions.c.language),
        ]
        latest: dict[tuple[str, str, str], tuple[str, str, str, str, str]] = {}
        with self.database.read() as connection:
            for query in queries:
                for row in connection.execute(query.order_by(sa.desc("at")).limit(4 * limit)):
                    key = (row.what, row.slug, row.language)
                    if key not in latest or latest[key][4] < row.at:
                        latest[key] = (row.what, row.slug, row.title, row.language, row.at)
        return sorted(latest.values(), key=lambda found: found[4], reverse=True)[:limit]

    @staticmethod
    def _latest(what: str, language: sa.ColumnElement[Any], at: sa.ColumnElement[Any]) -> sa.Select[Any]:
        return sa.select(
            sa.literal(what).label("what"), texts.c.slug, texts.c.title, language.label("language"),
            sa.func.max(at).label("at"),
        )  # fmt: skip
