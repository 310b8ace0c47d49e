"""Workbench: a translation memory and multilingual content workbench for French, Spanish, Portuguese and English.

For scripts::

    from workbench import align

    text = align(["fr.docx", "es.docx", "pt.docx", "en.docx"])
    for row in text:
        print(row["fr"], row["es"], sep="\\t")

Everything listed in ``__all__`` may be relied upon; it is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.core.grid import Alignment, Bead, Grid, Row
    from workbench.core.texts import Segment
    from workbench.errors import WorkbenchError
    from workbench.services.script_service import AlignedText
    from workbench.services.scripting import align, batch, check, open_workspace, segments, translate
    from workbench.services.workspace import Workspace

_PLACES = {
    "AlignedText": "workbench.services.script_service",
    "Alignment": "workbench.core.grid",
    "Bead": "workbench.core.grid",
    "Grid": "workbench.core.grid",
    "Row": "workbench.core.grid",
    "Segment": "workbench.core.texts",
    "Workspace": "workbench.services.workspace",
    "WorkbenchError": "workbench.errors",
    "align": "workbench.services.scripting",
    "batch": "workbench.services.scripting",
    "check": "workbench.services.scripting",
    "open_workspace": "workbench.services.scripting",
    "segments": "workbench.services.scripting",
    "translate": "workbench.services.scripting",
}

__all__ = [
    "AlignedText",
    "Alignment",
    "Bead",
    "Grid",
    "Row",
    "Segment",
    "WorkbenchError",
    "Workspace",
    "align",
    "batch",
    "check",
    "open_workspace",
    "segments",
    "translate",
]


def __getattr__(name: str) -> object:
    """Load a public name where it lives when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module 'workbench' has no attribute '{name}'")
    value: object = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names also before they are loaded."""
    return sorted({*globals(), *__all__})
