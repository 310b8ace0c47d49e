"""The memory's tables, and the full-text index behind the concordance."""

import unicodedata
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "memory_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_memory_history_unit_id"), "memory_history", ["unit_id"], unique=False)
    op.create_table(
        "memory_removed",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("removed_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id"),
    )
    op.create_index(op.f("ix_memory_removed_removed_revision"), "memory_removed", ["removed_revision"], unique=False)
    op.create_table(
        "memory_sources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text_slug", sa.String(length=80), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("aligner", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "memory_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("identity", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_id", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "memory_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("process", sa.Text(), server_default="", nullable=False),
        sa.Column("started_revision", sa.Integer(), nullable=False),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["memory_sources.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        op.f("ix_memory_batches_published_revision"), "memory_batches", ["published_revision"], unique=False
    )
    op.create_table(
        "memory_units",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed_revision", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["memory_batches.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_memory_units_batch", "memory_units", ["batch_id"], unique=False)
    op.create_index("ix_memory_units_changed_revision", "memory_units", ["changed_revision"], unique=False)
    op.create_table(
        "memory_support",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("context", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("machine", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["memory_batches.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["memory_sources.id"],
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["memory_units.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_memory_support_batch", "memory_support", ["batch_id"], unique=False)
    op.create_index("ix_memory_support_source_place", "memory_support", ["source_id", "place"], unique=False)
    op.create_index("ix_memory_support_unit", "memory_support", ["unit_id"], unique=False)
    op.create_table(
        "memory_variants",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["memory_batches.id"],
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["memory_units.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_memory_variants_batch", "memory_variants", ["batch_id"], unique=False)
    op.create_index("ix_memory_variants_key", "memory_variants", ["key_hash"], unique=False)
    op.create_index("ix_memory_variants_unit", "memory_variants", ["unit_id"], unique=False)
    state = sa.table(
        "memory_state", sa.column("id"), sa.column("identity"), sa.column("revision"), sa.column("next_id")
    )
    op.bulk_insert(state, [{"id": 1, "identity": uuid.uuid4().hex, "revision": 0, "next_id": 1}])
    if op.get_bind().dialect.name == "postgresql":
        # Without accents and case, as SQLite's index has it; written out, since unaccent() is an extension that
        # managed servers do not all have, and is not immutable.
        accented = [ch for ch in map(chr, range(0xC0, 0x250)) if len(unicodedata.normalize("NFD", ch)) > 1]
        plain = "".join(unicodedata.normalize("NFD", ch)[0] for ch in accented)
        op.execute(
            "CREATE FUNCTION workbench_fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS "
            f"$$ SELECT lower(translate($1, '{''.join(accented)}', '{plain}')) $$"
        )
        op.execute(
            "CREATE INDEX ix_memory_variants_words ON memory_variants "
            "USING gin (to_tsvector('simple', workbench_fold(text)))"
        )
    if op.get_bind().dialect.name == "sqlite":
        # External content: the text stands once, in memory_variants; the triggers keep the index to it.
        op.execute(
            "CREATE VIRTUAL TABLE memory_words USING fts5("
            "text, content='memory_variants', content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
        )
        op.execute(
            "CREATE TRIGGER memory_words_insert AFTER INSERT ON memory_variants BEGIN "
            "INSERT INTO memory_words(rowid, text) VALUES (new.id, new.text); END"
        )
        op.execute(
            "CREATE TRIGGER memory_words_delete AFTER DELETE ON memory_variants BEGIN "
            "INSERT INTO memory_words(memory_words, rowid, text) VALUES ('delete', old.id, old.text); END"
        )
        op.execute(
            "CREATE TRIGGER memory_words_update AFTER UPDATE OF text ON memory_variants BEGIN "
            "INSERT INTO memory_words(memory_words, rowid, text) VALUES ('delete', old.id, old.text); "
            "INSERT INTO memory_words(rowid, text) VALUES (new.id, new.text); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_memory_variants_words")
        op.execute("DROP FUNCTION workbench_fold(text)")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER memory_words_{name}")
        op.execute("DROP TABLE memory_words")
    op.drop_index("ix_memory_variants_unit", table_name="memory_variants")
    op.drop_index("ix_memory_variants_key", table_name="memory_variants")
    op.drop_index("ix_memory_variants_batch", table_name="memory_variants")
    op.drop_table("memory_variants")
    op.drop_index("ix_memory_support_unit", table_name="memory_support")
    op.drop_index("ix_memory_support_source_place", table_name="memory_support")
    op.drop_index("ix_memory_support_batch", table_name="memory_support")
    op.drop_table("memory_support")
    op.drop_index("ix_memory_units_changed_revision", table_name="memory_units")
    op.drop_index("ix_memory_units_batch", table_name="memory_units")
    op.drop_table("memory_units")
    op.drop_index(op.f("ix_memory_batches_published_revision"), table_name="memory_batches")
    op.drop_table("memory_batches")
    op.drop_table("memory_state")
    op.drop_table("memory_sources")
    op.drop_index(op.f("ix_memory_removed_removed_revision"), table_name="memory_removed")
    op.drop_table("memory_removed")
    op.drop_index(op.f("ix_memory_history_unit_id"), table_name="memory_history")
    op.drop_table("memory_history")
