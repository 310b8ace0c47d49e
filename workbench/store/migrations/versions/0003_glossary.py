"""Concepts, their terms, history and proposed terms."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "concept_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.String(length=100), nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("batch", sa.String(length=40), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_concept_history_batch"), "concept_history", ["batch"], unique=False)
    op.create_index(op.f("ix_concept_history_concept_id"), "concept_history", ["concept_id"], unique=False)
    op.create_table(
        "concepts",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("domain", sa.String(length=100), server_default="", nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_concepts_domain", "concepts", ["domain"], unique=False)
    op.create_table(
        "term_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("concept_id", sa.String(length=100), server_default="", nullable=False),
        sa.Column("example", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.String(length=32), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_term_proposals_folded"), "term_proposals", ["folded"], unique=False)
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept_id", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["concept_id"], ["concepts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_terms_concept_id"), "terms", ["concept_id"], unique=False)
    op.create_index("ix_terms_language_folded", "terms", ["language", "folded"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_terms_language_folded", table_name="terms")
    op.drop_index(op.f("ix_terms_concept_id"), table_name="terms")
    op.drop_table("terms")
    op.drop_index(op.f("ix_term_proposals_folded"), table_name="term_proposals")
    op.drop_table("term_proposals")
    op.drop_index("ix_concepts_domain", table_name="concepts")
    op.drop_table("concepts")
    op.drop_index(op.f("ix_concept_history_concept_id"), table_name="concept_history")
    op.drop_index(op.f("ix_concept_history_batch"), table_name="concept_history")
    op.drop_table("concept_history")
