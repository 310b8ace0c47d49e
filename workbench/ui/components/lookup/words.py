"""The panel's words in the interface's language, for the component."""

from __future__ import annotations

from typing import Any

from workbench.core.languages import LANGUAGES
from workbench.ui.i18n import language_label, tr


def lookup_words() -> dict[str, Any]:
    """Return every word the component shows by itself; ``{names}`` in them are filled in by it."""
    return {
        "title": tr("Look up words"),
        "open": tr("Look up words in the glossary and the memory ({key})"),
        "close": tr("Close (Esc)"),
        "field": tr("Words to look for"),
        "hint": tr("Select words on the page and press {key}, or type some here."),
        "foundIn": tr("Found in"),
        "any": tr("any language"),
        "languages": {code: language_label(code) for code in LANGUAGES},
        "show": tr("Beside it show"),
        "looking": tr("Looking up …"),
        "found": tr("Found: {concepts} in the glossary, {units} shown from the memory."),
        "copied": tr("Copied: {text}"),
        "notCopied": tr("The browser did not let the text be copied: select it and press Ctrl+C."),
        "propose": tr("Propose as a term …"),
        "proposeTitle": tr("Propose a term for the glossary"),
        "term": tr("Term"),
        "language": tr("Language"),
        "choose": tr("choose"),
        "concept": tr("Belongs to"),
        "newConcept": tr("a new concept"),
        "note": tr("A word to the terminologist"),
        "example": tr("Its example: “{text}”"),
        "send": tr("Propose"),
        "cancel": tr("Cancel"),
        "late": tr("The server does not answer; asking again …"),
    }
