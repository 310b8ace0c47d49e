"""The tables. Times are ISO 8601 strings in UTC, so that SQLite and PostgreSQL agree and a dump reads well."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

Json = sa.JSON

texts = sa.Table(
    "texts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slug", sa.String(80), nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("original", sa.String(20), nullable=False),
    sa.Column("description", sa.Text, nullable=False, server_default=""),
    sa.Column("titles", Json, nullable=False),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("updated_at", sa.String(32), nullable=False),
)

originals = sa.Table(
    "originals",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

versions = sa.Table(
    "versions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False, server_default=""),
    sa.Column("format", sa.String(12), nullable=False, server_default=".txt"),
    sa.Column("original_sha256", sa.ForeignKey("originals.sha256"), nullable=True),
    sa.Column("warnings", Json, nullable=False),
    sa.Column("updated_at", sa.String(32), nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.UniqueConstraint("text_id", "language", name="uq_versions_text_language"),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("version_id", sa.ForeignKey("versions.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("block", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("previous_text", sa.Text, nullable=True),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("updated_at", sa.String(32), nullable=False),
    sa.Column("updated_by", sa.Text, nullable=False),
    sa.Index("ix_segments_version_position", "version_id", "position"),
)

segment_history = sa.Table(
    "segment_history",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("segment_id", sa.ForeignKey("segments.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
)

grids = sa.Table(
    "grids",
    metadata,
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("languages", Json, nullable=False),
    sa.Column("rows", Json, nullable=False),
    sa.Column("aligner", sa.Text, nullable=False, server_default=""),
    sa.Column("updated_at", sa.String(32), nullable=False),
)

grid_edits = sa.Table(
    "grid_edits",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("operation", sa.String(40), nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("removed", Json, nullable=False),
    sa.Column("inserted", Json, nullable=False),
    sa.Column("undone", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Index("ix_grid_edits_text_number", "text_id", "number"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text_id", sa.ForeignKey("texts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("segment_id", sa.ForeignKey("segments.id", ondelete="CASCADE"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("base", sa.Text),
    sa.UniqueConstraint("language", "segment_id", "by", name="uq_drafts_language_segment_by"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer, nullable=False, server_default="0"),
    sa.Column("message", sa.Text, nullable=False, server_default=""),
    sa.Column("cancel", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("process", sa.Text, nullable=False, server_default=""),
    sa.Column("started_at", sa.String(32), nullable=False),
    sa.Column("updated_at", sa.String(32), nullable=False),
)

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("key", sa.String(80), primary_key=True),
    sa.Column("value", Json, nullable=False),
)

vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("hash", sa.String(32), primary_key=True),
    sa.Column("model", sa.String(80), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)

# The tables of the desk, the memory, the glossary and people register themselves on the same metadata.
from workbench.store import desk_schema as desk_schema  # noqa: E402
from workbench.store import figures_schema as figures_schema  # noqa: E402
from workbench.store import glossary_schema as glossary_schema  # noqa: E402
from workbench.store import memory_schema as memory_schema  # noqa: E402
from workbench.store import people_schema as people_schema  # noqa: E402
