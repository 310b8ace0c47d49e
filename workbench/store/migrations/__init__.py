"""Alembic migrations of the store; ``HEAD`` spares start-up the import of Alembic when nothing is to be done."""

HEAD = "0009"
