"""How a finished version looks: its tables, lists, notes, bold and links, from the file that gives the layout."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.segmentation import CODE
from workbench.errors import WorkbenchError
from workbench.services.translation_service import TranslationView
from workbench.store.store import Store

if TYPE_CHECKING:
    from workbench.formats.looks import BlockLook

log = logging.getLogger(__name__)


class PreviewService:
    """Looks of versions.

    Args:
        store: Where the files are kept.
    """

    def __init__(self, *, store: Store) -> None:
        self.store = store

    def looks(self, view: TranslationView) -> dict[int, BlockLook]:
        """Return how the blocks of the rows look, by the rows' keys; what looks like plain text is left out.

        A version with a file of its own looks like that one; one that is translated here, like its source's.
        """
        from workbench.formats.looks import looks
        from workbench.formats.places import BODY

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
        found: dict[int, BlockLook] = {}
        for row in view.rows:
            block = row.target_block if model is own and row.target_block is not None else row.block
            if block >= len(blocks):
                continue
            coded = CODE.search(row.source) or CODE.search(row.target)
            look = blocks[block] if coded else replace(blocks[block], codes={})
            if look.codes or look.place != BODY:
                found[row.key] = look
        return found
