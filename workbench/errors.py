"""One family of errors, each a sentence for the person who can act on it.

Commands print the sentence and leave with ``exit_code``; pages show it beside what caused it. The message names
the file, line or unit concerned and says what to do.
"""

from __future__ import annotations


class WorkbenchError(Exception):
    """Anything the workbench refuses, told in a sentence that names the place and the remedy."""

    exit_code = 2


class FormatError(WorkbenchError):
    """A file or pasted text that cannot be read as what it claims to be."""


class UsageError(WorkbenchError):
    """A call, option or name that asks for something that does not exist or makes no sense."""


class ConflictError(WorkbenchError):
    """Somebody else changed the same thing meanwhile; what was typed is kept and both are shown."""


class StoreError(WorkbenchError):
    """The database cannot be opened, is damaged, or belongs to a newer version of the program."""
