"""The tables behind the figures: what a day found, which nothing else would remember."""

from __future__ import annotations

import sqlalchemy as sa

from workbench.store.schema import metadata

coverage_days = sa.Table(
    "coverage_days",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),  # the date in UTC
    sa.Column("language", sa.String(20), primary_key=True),
    sa.Column("wanted", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("stale", sa.Integer, nullable=False),
)

saved_words = sa.Table(
    "saved_words",
    metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("way", sa.String(20), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("words", sa.Integer, nullable=False),
)
