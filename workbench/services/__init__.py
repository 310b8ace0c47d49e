"""What pages and commands call: one service a subject, each given what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.config import Settings
    from workbench.services.workspace import Workspace


def open_workspace(settings: Settings | None = None) -> Workspace:
    """Open the workspace the environment names: its store, and the services over it.

    Args:
        settings: Built by :func:`workbench.config.read_settings` unless given.

    Raises:
        StoreError: the database cannot be opened.
        UsageError: the environment names something that cannot be.
    """
    from workbench.config import read_settings
    from workbench.services.workspace import Workspace

    return Workspace(settings or read_settings())
