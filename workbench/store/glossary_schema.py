"""The tables of the glossary. A concept is kept whole as JSON; its terms stand beside it for search and browsing."""

from __future__ import annotations

import sqlalchemy as sa

from workbench.store.schema import Json, metadata

concepts = sa.Table(
    "concepts",
    metadata,
    sa.Column("id", sa.String(100), primary_key=True),
    sa.Column("domain", sa.String(100), nullable=False, server_default=""),
    sa.Column("data", Json, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("updated_at", sa.String(32), nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.Index("ix_concepts_domain", "domain"),
)

terms = sa.Table(
    "terms",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("concept_id", sa.ForeignKey("concepts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("type", sa.String(20), nullable=False),
    sa.Index("ix_terms_language_folded", "language", "folded"),
)

concept_history = sa.Table(
    "concept_history",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("concept_id", sa.String(100), nullable=False, index=True),  # no foreign key: it outlives the concept
    sa.Column("operation", sa.String(20), nullable=False),
    sa.Column("batch", sa.String(40), nullable=False, server_default="", index=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("before", Json, nullable=True),
    sa.Column("after", Json, nullable=True),
    sa.Column("undone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

term_proposals = sa.Table(
    "term_proposals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, index=True),
    sa.Column("concept_id", sa.String(100), nullable=False, server_default=""),
    sa.Column("example", sa.Text, nullable=False, server_default=""),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("decided_at", sa.String(32), nullable=True),
    sa.Column("decided_by", sa.Text, nullable=True),
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
)
