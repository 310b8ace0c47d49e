"""Settings, read once from the environment into a frozen value and passed to whoever needs them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import UsageError

MAX_FILE_BYTES = 50 * 1024 * 1024  # a document; a book of 1,000 pages in docx stays below 10 MB
MAX_MEMORY_FILE_BYTES = 2 * 1024**3  # an exchange file of the memory, which is read as a stream


@dataclass(frozen=True, slots=True)
class Settings:
    """Where a workspace lives and what it uses.

    Attributes:
        home: Folder of all that users create: database, originals, backups, prepared model.
        database_url: SQLAlchemy URL of the store; the SQLite file in ``home`` unless set.
        model: Name or folder of a sentence-transformers model; ``None`` means the bundled one.
        author: Who is written down as the author of changes made from here.
        sign_in: Whether people have to sign in as soon as the workspace knows of any; ``False`` opens a team's
            workspace to whoever sits at this machine.
        default_role: The role of somebody who signs in and was added by nobody; empty makes them wait for one.
    """

    home: Path
    database_url: str
    model: str | None = None
    author: str = "local"
    sign_in: bool = True
    default_role: str = ""

    @property
    def models_folder(self) -> Path:
        """Folder in which prepared models are kept."""
        return self.home / "models"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Build the settings from ``WORKBENCH_HOME``, ``WORKBENCH_DATABASE_URL``, ``WORKBENCH_MODEL``,
    ``WORKBENCH_AUTHOR``, ``WORKBENCH_SIGN_IN`` and ``WORKBENCH_DEFAULT_ROLE``.

    Raises:
        UsageError: ``WORKBENCH_HOME`` names a file.
    """
    environ = os.environ if environ is None else environ
    home = Path(environ.get("WORKBENCH_HOME") or ".workbench").expanduser().absolute()
    if home.exists() and not home.is_dir():
        raise UsageError("WORKBENCH_HOME is {home}, which is a file: name a folder instead.", home=home)
    return Settings(
        home=home,
        database_url=environ.get("WORKBENCH_DATABASE_URL") or f"sqlite:///{home / 'workbench.db'}",
        model=environ.get("WORKBENCH_MODEL") or None,
        author=environ.get("WORKBENCH_AUTHOR") or environ.get("USER") or environ.get("USERNAME") or "local",
        sign_in=environ.get("WORKBENCH_SIGN_IN", "").lower() != "off",
        default_role=environ.get("WORKBENCH_DEFAULT_ROLE", ""),
    )


def bundled_path(name: str) -> Path:
    """Path of what ships with the program: ``app.py``, ``corpora`` or ``glossaries``.

    In a wheel they lie in ``workbench/bundled``; in a checkout beside the package.
    """
    package = Path(__file__).parent
    inside = package / "bundled" / name
    return inside if inside.exists() else package.parent / name
