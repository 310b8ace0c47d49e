"""The tables of the translator's desk: what was done with many segments at once, comments, what a reviser was sent."""

from __future__ import annotations

import sqlalchemy as sa

from workbench.store.schema import Json, metadata

desk_steps = sa.Table(
    "desk_steps",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("operation", sa.String(40), nullable=False),
    sa.Column("changes", Json, nullable=False),
    sa.Column("undone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("ix_desk_steps_text_language", "text_id", "language"),
)

segment_comments = sa.Table(
    "segment_comments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("segment_id", sa.ForeignKey("segments.id", ondelete="CASCADE"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("resolved_at", sa.String(32), nullable=True),
    sa.Column("resolved_by", sa.Text, nullable=True),
    sa.Index("ix_segment_comments_text_language", "text_id", "language"),
    sa.Index("ix_segment_comments_segment", "segment_id"),
)

handouts = sa.Table(
    "handouts",
    metadata,
    sa.Column("code", sa.String(20), primary_key=True),
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("source", sa.String(20), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("rows", Json, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)
