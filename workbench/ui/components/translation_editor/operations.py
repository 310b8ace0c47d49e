"""What the browser of the translation editor may ask to be done, one operation after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.core.library import DeskStep
from workbench.services.step_service import Undone
from workbench.ui.i18n import tr, trn

if TYPE_CHECKING:
    from workbench.ui.components.translation_editor.feed import EditorFeed

Operation = Mapping[str, Any]

MAX_TOKEN = 2_000  # characters; a row of a hundred segments has less

VIEW_SWITCHES = ("quiet", "references", "preview")
"""What of the desk's look is kept for a person."""


def view_key(author: str) -> str:
    """Return the name of the setting that keeps a person's look of the desk."""
    return f"desk:{hashlib.sha256(author.encode()).hexdigest()[:40]}"


def change(feed: EditorFeed, operation: Operation, key: int, result: dict[str, Any]) -> None:
    """Do one operation of the browser.

    Args:
        key: The row it is about.
        result: What the browser is told; ``kind`` and ``message`` are entered where there is something to tell.

    Raises:
        WorkbenchError: it cannot be done; the sentence is for the person.
    """
    workspace, slug, target, source = feed.workspace, feed.slug, feed.target, feed.source
    match operation.get("op"):
        case "draft":
            base = operation.get("base")
            begun = base if isinstance(base, str) and len(base) <= MAX_TOKEN else None
            workspace.translation.save_draft(slug, target, key, str(operation.get("text", "")), base=begun)
        case "confirm":
            result |= {"kind": "confirmed", "message": _confirm(feed, operation, key)}
        case "leave_out":
            workspace.translation.leave_out(slug, target, key, out=bool(operation.get("out")), source=source)
        case "split":
            workspace.translation.begin(slug, target, source)
            parts = {str(k): v for k, pair in _mapping(operation.get("parts")).items() if (v := _pair(pair))}
            if not reshaped_before(feed, operation):
                workspace.rows.split(slug, target, key, parts, source=source, draft=_pair(operation.get("draft")))
            result |= {"kind": "done", "message": tr("The segment was cut in two.")}
        case "join":
            workspace.translation.begin(slug, target, source)
            following = whole(operation.get("next")) or None
            joined = bool(reshaped_before(feed, operation)) or workspace.rows.join(
                slug, target, key, source=source, following=following
            )
            result |= {"kind": "done", "message": tr("The two segments are one now.") if joined else ""}
        case "undo":
            result |= {"kind": "done", "message": _undo(feed, operation)}
        case "comment":
            workspace.comments.add(slug, target, key, str(operation.get("text", "")))
            result |= {"kind": "kept"}
        case "settle":
            workspace.comments.settle(slug, whole(operation.get("comment")), again=bool(operation.get("again")))
        case "view":
            switches = {name: bool(operation.get(name)) for name in VIEW_SWITCHES}
            workspace.store.settings.put(view_key(workspace.author), switches)
        case "used":
            workspace.memory.used(whole(operation.get("unit")))


def reshaped_before(feed: EditorFeed, operation: Operation) -> tuple[int, ...]:
    """Return the rows of a split, join or undoing that this person has done already, its answer being lost."""
    steps, key = feed.workspace.steps, whole(operation.get("key"))
    if operation.get("op") == "undo":
        undone = steps.undone(feed.slug, feed.target, whole(operation.get("step")))
        return (undone.changes["key"], undone.changes["fresh"]) if undone and "key" in undone.changes else ()
    step = steps.last(feed.slug, feed.target)
    if step is None or step.operation != operation.get("op") or step.changes["key"] != key:
        return ()
    said = {row.key: row.source for row in feed.view.rows}
    fresh = step.changes["fresh"]
    if step.operation == "join":
        return (key, fresh) if fresh == whole(operation.get("next")) and fresh not in said else ()
    parts = _pair(_mapping(operation.get("parts")).get(feed.view.source))
    return (key, fresh) if parts is not None and parts == (said.get(key), said.get(fresh)) else ()


def _confirm(feed: EditorFeed, operation: Operation, key: int) -> str:
    token = operation.get("token")
    done = feed.workspace.translation.confirm(
        feed.slug, feed.target, key, str(operation.get("text", "")),
        token=token if isinstance(token, str) else None, source=feed.source,
    )  # fmt: skip
    if not done.propagated:
        return ""
    return trn(
        "{n} identical segment got the same translation; Undo empties it again.",
        "{n} identical segments got the same translation; Undo empties them again.",
        done.propagated,
    )


def _undo(feed: EditorFeed, operation: Operation) -> str:
    steps, number = feed.workspace.steps, whole(operation.get("step"))
    undone = steps.undone(feed.slug, feed.target, number)
    done = Undone(undone.operation, 0) if undone else steps.undo(feed.slug, feed.target, number)
    if done.operation == "split":
        return tr("The segment is whole again.")
    if done.operation == "join":
        return tr("The two segments are apart again.")
    if undone:
        return ""
    words = trn("{n} segment is as it was before.", "{n} segments are as they were before.", done.restored)
    if done.skipped:
        words += " " + trn("{n} was changed since and stays.", "{n} were changed since and stay.", done.skipped)
    return words


def step_words(step: DeskStep) -> str:
    """Return what a step did, as the undo button names it."""
    count = len(step.changes.get("rows", ()))
    match step.operation:
        case "split":
            return tr("splitting a segment")
        case "join":
            return tr("joining two segments")
        case "propagate":
            return trn("filling {n} identical segment", "filling {n} identical segments", count)
        case "replace":
            return trn("replacing in {n} segment", "replacing in {n} segments", count)
        case "revise":
            return trn("the correction of {n} segment", "the corrections of {n} segments", count)
        case _:
            return trn("filling in {n} segment", "filling in {n} segments", count)


def whole(value: object) -> int:
    """Return a whole number the browser sent, 0 for anything else."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _pair(value: object) -> tuple[str, str] | None:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2:
        return str(value[0]), str(value[1])
    return None
