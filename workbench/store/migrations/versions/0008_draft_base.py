"""Which translation a draft was begun over: whoever opens it again is shown what another confirmed meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("drafts", sa.Column("base", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("drafts") as drafts:
        drafts.drop_column("base")
