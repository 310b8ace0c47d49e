"""Which languages of a unit a person has compared: confirming a translation says nothing about a third language."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("memory_support", sa.Column("checked", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("memory_support") as support:
        support.drop_column("checked")
