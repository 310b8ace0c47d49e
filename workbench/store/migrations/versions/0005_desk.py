"""The translator's desk: steps that can be taken back, comments on segments, documents sent to a reviser."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "desk_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("operation", sa.String(length=40), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_desk_steps_text_language", "desk_steps", ["text_id", "language"], unique=False)
    op.create_table(
        "segment_comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.String(length=32), nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_segment_comments_segment", "segment_comments", ["segment_id"], unique=False)
    op.create_index("ix_segment_comments_text_language", "segment_comments", ["text_id", "language"], unique=False)
    op.create_table(
        "handouts",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["text_id"], ["texts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_handouts_text_id"), "handouts", ["text_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_handouts_text_id"), table_name="handouts")
    op.drop_table("handouts")
    op.drop_index("ix_segment_comments_text_language", table_name="segment_comments")
    op.drop_index("ix_segment_comments_segment", table_name="segment_comments")
    op.drop_table("segment_comments")
    op.drop_index("ix_desk_steps_text_language", table_name="desk_steps")
    op.drop_table("desk_steps")
