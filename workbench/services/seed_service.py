"""What a new workspace begins with: the network's sample texts with their checked grids, and its glossary."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.config import bundled_path
from workbench.core.grid import Grid, Row
from workbench.core.languages import LANGUAGES
from workbench.core.texts import TextInfo
from workbench.errors import FormatError, UsageError
from workbench.services.uploads import ReadVersion, Upload, read_upload

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

SEEDED_KEY = "seeded"
EDITORS = "workbench editors"  # who the sample texts and the glossary are by


class SeedService:
    """Fills an empty workspace from ``corpora/`` and ``glossaries/``; what a person removed does not come back.

    Args:
        workspace: The workspace to fill.
        corpora: Folder of the texts; the bundled one unless given.
        glossaries: Folder of the glossaries; the bundled one unless given.
    """

    def __init__(self, workspace: Workspace, corpora: Path | None = None, glossaries: Path | None = None) -> None:
        self.workspace = workspace
        self.corpora = corpora or bundled_path("corpora")
        self.glossaries = glossaries or bundled_path("glossaries")

    @property
    def needed(self) -> bool:
        """True while the workspace was never filled."""
        return self.workspace.store.settings.get(SEEDED_KEY) is None

    def fill(self) -> int:
        """Fill the workspace if it was never filled; returns the number of texts added.

        Interrupted, it goes on with what is missing the next time; two processes at once do each text once.
        """
        if not self.needed:
            return 0
        workspace = type(self.workspace)(
            self.workspace.settings, encoder=self.workspace.encoder, author=EDITORS, store=self.workspace.store
        )
        taken = workspace.store.texts.slugs()
        added = 0
        for folder in sorted(self.corpora.iterdir()) if self.corpora.is_dir() else ():
            if (folder / "text.toml").is_file() and folder.name not in taken:
                added += add_corpus_text(workspace, folder)
        for path in sorted(self.glossaries.glob("*.csv")) if self.glossaries.is_dir() else ():
            workspace.glossary.seed(path.name, path.read_bytes())
        workspace.store.settings.put(SEEDED_KEY, {"texts": added})
        return added


def read_corpus_text(folder: Path) -> tuple[TextInfo, list[ReadVersion], Grid | None]:
    """Read a text of ``corpora/``: what it is, its versions, and its checked grid over 0-based segment numbers.

    Raises:
        FormatError: ``text.toml``, a version or ``gold.tsv`` cannot be read.
    """
    from workbench.formats import beads

    try:
        meta = tomllib.loads((folder / "text.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatError("{file}: {error}", file=folder / "text.toml", error=error) from error
    info = TextInfo(
        folder.name, str(meta.get("title", folder.name)), str(meta.get("kind", "page")),
        str(meta.get("original", LANGUAGES[0])), str(meta.get("description", "")), dict(meta.get("titles", {})),
    )  # fmt: skip
    read: list[ReadVersion] = []
    for language in LANGUAGES:
        path = folder / f"{language}.md"
        if path.is_file():
            read.extend(read_upload(Upload(path.name, path.read_bytes(), language)))
    gold = folder / "gold.tsv"
    grid = beads.read_grid(gold.read_bytes(), gold.name) if gold.is_file() else None
    if grid is not None:
        grid.check_complete([len(v.segments) for language in grid.languages for v in read if v.language == language])
    return info, read, grid


def add_corpus_text(workspace: Workspace, folder: Path) -> bool:
    """Bring a text of ``corpora/`` into the workspace with its grid, confirmed; False if it is there already.

    In a version that answers an earlier revision of the original (``[versions.pt] answers = "fr.1.md"``), what answers
    a segment changed since is marked as stale.
    """
    info, read, grid = read_corpus_text(folder)
    try:
        text = workspace.library.add_text(info, read)
    except UsageError:
        if folder.name in workspace.store.texts.slugs():  # another process brought it in meanwhile
            return False
        raise
    if grid is not None:
        numbers = {v.language: [s.id for s in workspace.library.segments(text.slug, v.language)] for v in read}
        rows = tuple(
            Row(
                tuple(tuple(numbers[c][n] for n in cell) for c, cell in zip(grid.languages, row.cells, strict=True)),
                1.0,
                confirmed=True,
            )
            for row in grid.rows
        )
        stored = Grid(grid.languages, rows).with_crossings()
        with workspace.store.database.write() as connection:
            workspace.store.grids.put(connection, text.id, stored, "checked by hand", workspace.library.now())
    workspace.library.mark_behind(text.slug, _answers(folder))
    workspace.alignment.learn_grid(text.slug)
    return True


def _answers(folder: Path) -> dict[str, list[str]]:
    """Return, by language that answers an earlier revision of the original, the segments of that revision."""
    meta = tomllib.loads((folder / "text.toml").read_text(encoding="utf-8"))
    found = {}
    for language, about in meta.get("versions", {}).items():
        path = folder / str(about.get("answers", ""))
        if about.get("answers") and path.parent == folder and path.is_file():
            original = str(meta.get("original", LANGUAGES[0]))
            version = read_upload(Upload(path.name, path.read_bytes(), original))[0]
            found[language] = [segment.text for segment in version.segments]
    return found
