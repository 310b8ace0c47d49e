"""How a finished version looks: what the codes in each row stand for, read from the file that gives the layout."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from workbench.core.segmentation import CODE
from workbench.errors import WorkbenchError
from workbench.services.translation_service import TranslationView
from workbench.store.store import Store

log = logging.getLogger(__name__)


class PreviewService:
    """Looks of codes.

    Args:
        store: Where the files are kept.
    """

    def __init__(self, *, store: Store) -> None:
        self.store = store

    def looks(self, view: TranslationView) -> dict[int, Mapping[int, str]]:
        """Return, by key of the row, what the codes of its translation stand for; rows without codes are left out.

        A version with a file of its own has that one's codes; one that is translated here, its source's.
        """
        from workbench.formats.looks import looks

        versions = {v.language: v for v in self.store.texts.versions(view.text.id)}
        own = versions.get(view.target)
        model = own if own is not None and own.original_sha256 else versions[view.source]
        if not model.original_sha256:
            return {}
        try:
            blocks = looks(self.store.texts.original(model.original_sha256), model.format)
        except WorkbenchError as error:  # it could be read when it came in: show the text without its looks
            log.warning("no looks of %s: %s", view.text.slug, error)
            return {}
        found: dict[int, Mapping[int, str]] = {}
        for row in view.rows:
            block = row.target_block if model is own and row.target_block is not None else row.block
            if block < len(blocks) and blocks[block] and (CODE.search(row.source) or CODE.search(row.target)):
                found[row.key] = blocks[block]
        return found
