"""Steps of the grid editor: what arrives from the browser, checked, and done through the alignment service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast, get_args

from workbench.core.library import StoredGrid
from workbench.errors import ConflictError, UsageError, WorkbenchError
from workbench.services.alignment_service import GridEdit, Operation
from workbench.ui.i18n import said

MAX_STEPS = 500  # of one batch: what a person types in the seconds a server needs to come back


class Alignment(Protocol):
    """The part of the alignment service that steps need."""

    def edit(self, slug: str, edit: GridEdit) -> StoredGrid: ...
    def undo(self, slug: str, *, revision: int | None = None) -> tuple[StoredGrid, str]: ...
    def redo(self, slug: str, *, revision: int | None = None) -> tuple[StoredGrid, str]: ...
    def accept_above(self, slug: str, confidence: float) -> tuple[StoredGrid, int]: ...
    def fix_segment(self, slug: str, language: str, number: int, text: str, *, revision: int) -> None: ...
    def cut_segment(self, slug: str, language: str, number: int, before: str, after: str, *, revision: int) -> None: ...
    def grid(self, slug: str) -> StoredGrid: ...


@dataclass
class Outcome:
    """What became of a batch of steps.

    Attributes:
        done: How many steps were stored.
        error: The sentence for the user where one was refused; the steps after it were not tried.
        conflict: The refusal came from somebody else's change.
        languages: Languages whose segments have changed.
        stored: The grid after the last step, ``None`` where it has to be read.
        typed: Whether the step that was refused corrects what a segment says.
    """

    done: int = 0
    error: str = ""
    conflict: bool = False
    languages: set[str] = field(default_factory=set)
    stored: StoredGrid | None = None
    typed: bool = False


def do_steps(alignment: Alignment, slug: str, revision: int, steps: Sequence[Mapping[str, Any]]) -> Outcome:
    """Do steps one after the other, each stored before the next; stop at the first that is refused.

    Args:
        revision: The grid's revision that the person saw at the first step.
        steps: As the browser sends them: ``{"op": "merge", "row": 17}`` and so on.
    """
    outcome = Outcome()
    try:
        if len(steps) > MAX_STEPS:
            raise UsageError("More than {limit} steps at once: do them again, fewer at a time.", limit=MAX_STEPS)
        for step in steps:
            outcome.stored = _do(alignment, slug, revision, step, outcome)
            revision = outcome.stored.revision
            outcome.done += 1
    except WorkbenchError as error:
        outcome.stored = None
        outcome.error = said(error)
        outcome.conflict = isinstance(error, ConflictError)
    return outcome


def _do(alignment: Alignment, slug: str, revision: int, step: Mapping[str, Any], outcome: Outcome) -> StoredGrid:
    """Do one step and return the grid it leaves."""
    op = step.get("op")
    if op in ("undo", "redo"):
        return (alignment.undo if op == "undo" else alignment.redo)(slug, revision=revision)[0]
    if op == "accept above":
        _check(alignment, slug, revision)
        return alignment.accept_above(slug, _share(step.get("confidence")))[0]
    if op in ("fix", "cut"):
        language, number, seen = str(step.get("language")), _whole(step, "segment"), _whole(step, "seen")
        outcome.languages.add(language)
        outcome.typed = True
        if op == "fix":
            alignment.fix_segment(slug, language, number, str(step.get("text", "")), revision=seen)
        else:
            _check(alignment, slug, revision)
            before, after = str(step.get("before", "")), str(step.get("after", ""))
            alignment.cut_segment(slug, language, number, before, after, revision=seen)
        outcome.typed = False
        return alignment.grid(slug)
    return alignment.edit(slug, read_edit(step, revision))


def read_edit(step: Mapping[str, Any], revision: int) -> GridEdit:
    """Make a correction of a step.

    Raises:
        UsageError: the step is none the editor knows, or lacks something.
    """
    operation = step.get("op")
    if operation not in get_args(Operation):
        raise UsageError(
            "The editor asked for “{operation}”, which is no correction: reload the page.", operation=operation
        )
    row = _whole(step, "row")
    places: tuple[int, ...] = (row,)
    if operation == "merge":
        places = (row, row + 1)
    elif operation == "transfer":
        places = (row, _whole(step, "target"))
    counts = step.get("counts")
    if counts is not None and not isinstance(counts, Mapping):
        raise UsageError("The editor did not say where to split: reload the page.")
    return GridEdit(
        cast(Operation, operation),
        places,
        revision,
        language=str(step.get("language", "")),
        counts={str(language): _number(count) for language, count in counts.items()} if counts else None,
        count=_whole(step, "count") if "count" in step else 1,
        segment=_whole(step, "segment") if "segment" in step else None,
    )


def _check(alignment: Alignment, slug: str, revision: int) -> None:
    if alignment.grid(slug).revision != revision:
        raise ConflictError("The grid was changed elsewhere meanwhile: look at the new rows and try again.")


def _whole(step: Mapping[str, Any], name: str) -> int:
    return _number(step.get(name))


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise UsageError("The editor sent a step that cannot be read: reload the page.")
    return value


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise UsageError("A confidence lies between 0 and 1: reload the page.")
    return float(value)
