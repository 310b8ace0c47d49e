"""Aligned rows of a folder of texts, for finding terms in texts that are not in the workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.core.extraction import Row
from workbench.core.languages import base_language
from workbench.services.batch_service import BatchText, find_texts, read_text
from workbench.services.script_service import AlignedText, align_read

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace


def folder_rows(
    workspace: Workspace, folder: Path, *, progress: Callable[[int, int, str], None] | None = None
) -> list[Row]:
    """Return the rows of a folder's texts: read off ``gold.tsv`` where a text has one, otherwise aligned now.

    Args:
        workspace: Its model and vectors are used.
        folder: ``<text>/<language>.<ending>``.
        progress: Called with (done, all, what).

    Raises:
        FormatError: a version cannot be read.
        UsageError: the folder holds no texts.
    """
    texts = find_texts(folder)
    rows: list[Row] = []
    for done, text in enumerate(texts):
        aligned = _aligned(workspace, folder, text)
        rows.extend(Row(text.name, {base_language(code): said for code, said in cells.items()}) for cells in aligned)
        if progress is not None:
            progress(done + 1, len(texts), text.name)
    return rows


def _aligned(workspace: Workspace, folder: Path, text: BatchText) -> AlignedText:
    read = read_text(workspace, text)
    versions = {version.language: version.segments for version in read}
    gold = folder / text.name / "gold.tsv"
    if gold.is_file():
        from workbench.formats import beads

        grid = beads.read_grid(gold.read_bytes(), f"{text.name}/gold.tsv")
        grid.check_complete([len(versions.get(language, ())) for language in grid.languages])
        return AlignedText(grid, versions, text.name)
    return align_read(workspace, read, title=text.name)
