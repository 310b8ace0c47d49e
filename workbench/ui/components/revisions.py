"""What a revision brought, in words."""

from __future__ import annotations

from workbench.services.library_service import RevisionSummary
from workbench.ui.i18n import tr, trn


def revision_words(summary: RevisionSummary, *, new: bool) -> str:
    """Return a sentence on what a version brings to a text.

    Args:
        new: The text has no version in this language yet.
    """
    if new:
        return trn("new version with {n} segment", "new version with {n} segments", summary.added)
    if not (summary.changed or summary.added or summary.removed):
        return tr("nothing differs from the version that is here")
    parts = [
        trn("{n} unchanged", "{n} unchanged", summary.unchanged),
        trn("{n} changed", "{n} changed", summary.changed),
        trn("{n} added", "{n} added", summary.added),
        trn("{n} removed", "{n} removed", summary.removed),
    ]
    return ", ".join(parts)
