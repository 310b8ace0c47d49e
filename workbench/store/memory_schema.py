"""The memory's tables.

Rows of an import under way carry its ``batch_id`` and are seen by nobody until the batch is published, which is one
changed row. ``memory_state`` has a single row: its lock puts writers of the memory in order on PostgreSQL as well,
so that numbers can be given out from it without a sequence, and its revision tells caches when they are behind.
"""

from __future__ import annotations

import sqlalchemy as sa

from workbench.store.schema import metadata

memory_state = sa.Table(
    "memory_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("identity", sa.String(32), nullable=False),  # tells this memory's caches from another's
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_id", sa.BigInteger, nullable=False, server_default="1"),
)

# BIGINT PRIMARY KEY would be no rowid in SQLite, where INTEGER holds 64 bits anyway.
_Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

memory_sources = sa.Table(
    "memory_sources",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(200), nullable=False, unique=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("text_slug", sa.String(80), nullable=False, server_default=""),
    sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
    sa.Column("aligner", sa.Text, nullable=False, server_default=""),
)

memory_batches = sa.Table(
    "memory_batches",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    sa.Column("source_id", sa.ForeignKey("memory_sources.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),  # staging, published, undone
    sa.Column("digest", sa.String(64), nullable=False, server_default=""),
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("process", sa.Text, nullable=False, server_default=""),
    sa.Column("started_revision", sa.Integer, nullable=False),
    sa.Column("published_revision", sa.Integer, nullable=True, index=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

memory_units = sa.Table(
    "memory_units",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    sa.Column("batch_id", sa.ForeignKey("memory_batches.id"), nullable=True),
    sa.Column("changed_revision", sa.Integer, nullable=False),  # the memory's revision of the last change
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("uses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("changed_at", sa.String(32), nullable=False),
    sa.Column("changed_by", sa.Text, nullable=False),
    sa.Index("ix_memory_units_changed_revision", "changed_revision"),
    sa.Index("ix_memory_units_batch", "batch_id"),
)

memory_variants = sa.Table(
    "memory_variants",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    sa.Column("unit_id", sa.ForeignKey("memory_units.id", ondelete="CASCADE"), nullable=False),
    sa.Column("batch_id", sa.ForeignKey("memory_batches.id"), nullable=True),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("key_hash", sa.BigInteger, nullable=False),  # of the text after the declared normalisation
    sa.Index("ix_memory_variants_unit", "unit_id"),
    sa.Index("ix_memory_variants_key", "key_hash"),
    sa.Index("ix_memory_variants_batch", "batch_id"),
)

memory_support = sa.Table(
    "memory_support",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    sa.Column("unit_id", sa.ForeignKey("memory_units.id", ondelete="CASCADE"), nullable=False),
    sa.Column("source_id", sa.ForeignKey("memory_sources.id"), nullable=False),
    sa.Column("batch_id", sa.ForeignKey("memory_batches.id"), nullable=True),
    sa.Column("languages", sa.Text, nullable=False),  # joined by spaces
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("context", sa.JSON(none_as_null=True), nullable=True),  # language → [previous, next]
    sa.Column("details", sa.JSON(none_as_null=True), nullable=True),  # what a file says: language, or "" → fields
    sa.Column("reviewed", sa.Boolean, nullable=False),
    sa.Column("checked", sa.Text, nullable=True),  # languages compared, joined by spaces; all of them if null
    sa.Column("machine", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("score", sa.Float, nullable=True),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("ix_memory_support_unit", "unit_id"),
    sa.Index("ix_memory_support_source_place", "source_id", "place"),
    sa.Index("ix_memory_support_batch", "batch_id"),
)

memory_removed = sa.Table(
    "memory_removed",
    metadata,
    sa.Column("unit_id", _Id, primary_key=True, autoincrement=False),
    sa.Column("removed_revision", sa.Integer, nullable=False, index=True),
)

memory_history = sa.Table(
    "memory_history",
    metadata,
    sa.Column("id", _Id, primary_key=True, autoincrement=False),
    sa.Column("unit_id", sa.BigInteger, nullable=False, index=True),  # no key: history outlives its unit
    sa.Column("operation", sa.String(40), nullable=False),
    sa.Column("before", sa.JSON, nullable=False),  # language → text
    sa.Column("after", sa.JSON, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)
