"""The only SQL of the workbench: schema, migrations, queries. SQLite by default, PostgreSQL for a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.store.store import Store


def open_store(url: str) -> Store:
    """Open the store at an SQLAlchemy URL, create or migrate its tables, and return it.

    Args:
        url: ``sqlite:////folder/workbench.db`` or ``postgresql+psycopg://…``.

    Raises:
        StoreError: the database cannot be opened, is damaged, or was written by a newer version of the program.
    """
    from workbench.store.store import Store

    return Store(url)
