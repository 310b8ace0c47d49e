"""What the terminologist answers to a proposed term."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("term_proposals", sa.Column("answer", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("term_proposals", "answer")
