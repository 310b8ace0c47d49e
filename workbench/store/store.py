"""The store: one database, the queries over it grouped by what they are about."""

from __future__ import annotations

from workbench.store.database import Database
from workbench.store.desk import DeskStore
from workbench.store.figures import FigureStore
from workbench.store.glossary import GlossaryStore
from workbench.store.grids import GridStore
from workbench.store.jobs import JobStore, SettingStore, VectorStore
from workbench.store.memory import MemoryStore
from workbench.store.people import PeopleStore
from workbench.store.recent import RecentStore
from workbench.store.texts import TextStore


class Store:
    """All that a workspace keeps. Safe to share between threads: it opens a connection for each operation.

    Attributes:
        database: Connections and transactions, for services that change several things at once.
        texts, grids, desk, memory, glossary, people, jobs, vectors, settings, figures, recent: Queries.

    Raises:
        StoreError: the database cannot be opened or belongs to a newer version of the program.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.texts = TextStore(self.database)
        self.grids = GridStore(self.database)
        self.desk = DeskStore(self.database)
        self.memory = MemoryStore(self.database)
        self.jobs = JobStore(self.database)
        self.vectors = VectorStore(self.database)
        self.settings = SettingStore(self.database)
        self.glossary = GlossaryStore(self.database)
        self.people = PeopleStore(self.database)
        self.figures = FigureStore(self.database)
        self.recent = RecentStore(self.database)

    def close(self) -> None:
        """Close all connections."""
        self.database.dispose()
