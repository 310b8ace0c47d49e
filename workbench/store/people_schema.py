"""The table of people. Who signs in is known by the provider's issuer and subject, which are empty before that."""

from __future__ import annotations

import sqlalchemy as sa

from workbench.store.schema import metadata

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("issuer", sa.Text, nullable=True),
    sa.Column("subject", sa.Text, nullable=True),
    sa.Column("email", sa.Text, nullable=False, server_default=""),
    sa.Column("author", sa.Text, nullable=False, unique=True),
    sa.Column("role", sa.String(20), nullable=True),
    sa.Column("created_at", sa.String(32), nullable=False),
    sa.Column("seen_at", sa.String(32), nullable=False, server_default=""),
    sa.UniqueConstraint("issuer", "subject", name="uq_people_issuer_subject"),
    sa.Index("ix_people_email", "email"),
)
