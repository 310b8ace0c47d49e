"""The server's half of the translation editor: takes what was done in the browser, answers with what changed.

The browser numbers its operations and repeats all that are not acknowledged; operations seen before are skipped, and
each may be done twice without harm. Rows are sent whole once, then only those that differ from what the browser says
it has, so that a lost answer costs nothing; so is the help for rows, until the browser says that it has drawn it.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workbench.core.matching import FUZZY_FLOOR, similarity, text_key
from workbench.errors import ConflictError, WorkbenchError
from workbench.services.translation_service import TranslationRow, TranslationView
from workbench.services.workspace import Workspace
from workbench.ui.components.translation_editor.drawing import (
    assistance_json,
    findings_json,
    history_json,
    looks_json,
    row_json,
)
from workbench.ui.components.translation_editor.operations import (
    VIEW_SWITCHES,
    Operation,
    change,
    reshaped_before,
    step_words,
    view_key,
    whole,
)
from workbench.ui.i18n import said, tr

log = logging.getLogger(__name__)

MAX_LOOK = 12  # rows the browser may ask help for at once; it asks for the open one and a few ahead
MAX_TRIES = 5  # an operation that fails so often in the program is given up, so that the others get through
MAX_RESULTS = 50
FINISHED = 0.7  # share of the source's length below which a translation is still being typed
NOT_YET = frozenset({"missing", "short", "final", "pairs"})  # what is not there may still come


class EditorFeed:
    """What one session's editor has been sent of one text and pair of languages.

    Args:
        workspace: Its services do the work, as its author.
        slug, target, source: The text and the languages; ``source=None`` is the original.
        acks: What the session's feeds have acknowledged so far, by the browser's desks; it is added to.

    Attributes:
        notice: A sentence that the editor shows once.

    Raises:
        UsageError: there is no such text, or nothing to translate from.
    """

    def __init__(
        self,
        workspace: Workspace,
        slug: str,
        target: str,
        source: str | None = None,
        acks: dict[str, int] | None = None,
    ) -> None:
        self.workspace = workspace
        self.slug, self.target, self.source = slug, target, source
        self.epoch = secrets.token_hex(6)
        self.version = 0
        self.view = self._read()
        self.notice = ""
        self._sent: dict[int, tuple[dict[str, Any], int]] = {}
        self._have = 0
        self.acks = {} if acks is None else acks
        self._windows: set[str] = set()
        self._place = f"{slug}:{target}"
        self._tries: dict[tuple[str, int], int] = {}
        self._results: list[dict[str, Any]] = []
        self._drawing = 0
        self._helped: list[int] = []
        self._help: dict[tuple[str, int], tuple[Any, int]] = {}
        self._compare()
        workspace.assist.begin(self.view.source, target)  # ready by the time it is asked for

    # From the browser ----------------------------------------------------------------------------------------

    def receive(self, message: object) -> None:
        """Do what a message of the browser asks for; what it cannot mean is passed over.

        So is what was said at a desk for another text or language: one row has the same key in all languages.
        """
        if not isinstance(message, Mapping) or message.get("place") != [self.slug, self.target, self.view.source]:
            return
        client, operations = message.get("client"), message.get("ops")
        if not isinstance(client, str) or not isinstance(operations, Sequence):
            return
        same = message.get("epoch") == self.epoch
        self._have = whole(message.get("have")) if same else 0
        drawn = whole(message.get("drawn")) if same else 0
        self._help = {name: entry for name, entry in self._help.items() if entry[1] > drawn}
        seen = whole(message.get("seen"))
        window = str(message.get("window") or client)[:40]  # the browser's tab, which a reload leaves the same
        self._windows.add(window)
        if key := whole(message.get("at")):
            self.workspace.presence.here(self._place, window, self.workspace.author, key)
        self._results = [r for r in self._results if r["client"] != client or r["n"] > seen][-MAX_RESULTS:]
        changed = False
        confirmed: set[int] = set()
        looks: list[Operation] = []
        reshaped = {} if client in self.acks else self._reshaped(operations)
        last = self.acks.get(client, 0)
        for operation in operations:
            if not isinstance(operation, Mapping) or whole(operation.get("n")) <= last:
                continue
            number = whole(operation.get("n"))
            if operation.get("op") in ("look", "history", "at", "preview"):
                looks.append(operation)
            elif number < reshaped.get(whole(operation.get("key")), 0) and operation.get("op") in ("draft", "confirm"):
                if operation.get("op") == "confirm":
                    key = whole(operation.get("key"))
                    self._results.append({"client": client, "n": number, "key": key, "kind": "confirmed"})
            else:
                changed = True
                if not self._do(client, operation):
                    break
                if operation.get("op") == "confirm":
                    confirmed.add(whole(operation.get("key")))
            last = number
        self.acks[client] = last
        if changed:
            self.refresh()
        for operation in operations:
            if isinstance(operation, Mapping) and operation.get("op") == "draft" and operation.get("check"):
                self._check(whole(operation.get("key")), str(operation["check"]))
        for operation in [*looks, {"op": "look", "keys": self._helped_by(confirmed)}]:
            self._look(operation)

    def _reshaped(self, operations: Sequence[object]) -> dict[int, int]:
        """Return, by row, the number of what another feed has done to the rows themselves: what comes before was done
        too, and done again it would put the row's words from before into the row of today."""
        found: dict[int, int] = {}
        for operation in operations:
            if isinstance(operation, Mapping) and operation.get("op") in ("split", "join", "undo"):
                found |= dict.fromkeys(reshaped_before(self, operation), whole(operation.get("n")))
        return found

    def _helped_by(self, confirmed: Collection[int]) -> list[int]:
        """Return the rows, among those helped of late, that say nearly what has just been confirmed elsewhere."""
        rows = {row.key: row for row in self.view.rows if row.key in confirmed or row.key in self._helped}
        said = [text_key(rows[key].source) for key in confirmed if key in rows]
        return [
            key
            for key in self._helped
            if key in rows and key not in confirmed and not rows[key].done
            and any(similarity(text_key(rows[key].source), other) >= FUZZY_FLOOR for other in said)
        ]  # fmt: skip

    def _do(self, client: str, operation: Operation) -> bool:
        """Do one operation; False if it is to be tried again."""
        number, key = whole(operation.get("n")), whole(operation.get("key"))
        result: dict[str, Any] = {"client": client, "n": number, "key": key}
        try:
            change(self, operation, key, result)
        except ConflictError as error:
            self.refresh()
            row = self._row(key)
            other = {"by": row.changed_by, "theirs": row.target} if row else {"by": "", "theirs": ""}
            by = other["by"] or tr("Somebody")
            words = tr("{by} confirmed another translation of this segment meanwhile:", by=by)
            result |= {"kind": "conflict", "message": words if row else said(error), "back": True, **other}
            if operation.get("op") != "confirm":
                result |= {"kind": "told", "message": said(error)}
        except WorkbenchError as error:
            refused = operation.get("op") in ("confirm", "draft")
            result |= {
                "kind": "refused" if refused else "told",
                "message": said(error),
                "back": operation.get("op") == "confirm",
            }
        except Exception:
            tries = self._tries[client, number] = self._tries.get((client, number), 0) + 1
            log.exception("translation editor: %s of segment %s failed", operation.get("op"), key)
            if tries < MAX_TRIES:
                return False
            words = tr("This could not be stored; what you typed is kept here. The details are in the program’s log.")
            result |= {"kind": "refused", "message": words, "back": True}
        if "kind" in result:
            self._results.append(result)
        return True

    def _look(self, operation: Operation) -> None:
        if operation.get("op") == "preview":
            self._give("looks", 0, looks_json(self.workspace.previews.looks(self.view)))
            return
        if operation.get("op") == "history":
            row = self._row(whole(operation.get("key")))
            if row is not None:
                earlier = self.workspace.translation.history(self.slug, self.target, row.key)
                self._give("history", row.key, history_json(row, earlier))
            return
        keys = operation.get("keys")
        rows = {row.key: row for row in self.view.rows}
        for key in list(keys)[:MAX_LOOK] if isinstance(keys, Sequence) else ():
            row = rows.get(whole(key))
            if row is None:
                continue
            typed = row.draft if row.draft is not None else row.target
            help_ = self.workspace.assist.row(self.view, row, typed=typed, wait=False)
            self._give("assist", row.key, assistance_json(self.view, row, help_))
            self._helped = [*(known for known in self._helped if known != row.key), row.key][-MAX_LOOK:]
            if typed:
                self._give("findings", row.key, findings_json(typed, help_.findings))

    def _give(self, kind: str, key: int, what: Any) -> None:
        """Send something from the next drawing on, until the browser says that it has drawn it."""
        self._help[kind, key] = (what, self._drawing + 1)

    def _check(self, key: int, typed: str) -> None:
        row = self._row(key)
        if row is not None:
            try:
                found = self.workspace.assist.findings(self.view, row, typed, wait=False)
            except WorkbenchError as error:  # a glossary under repair must not stop anybody from typing
                log.warning("checks of segment %s: %s", key, error)
                return
            if len(typed) < FINISHED * len(row.source):
                found = [finding for finding in found if finding.kind not in NOT_YET]
            self._give("findings", key, findings_json(typed, found))

    # To the browser ------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the text anew and note what differs."""
        self.view = self._read()
        self._compare()

    def data(self) -> dict[str, Any]:
        """Return what the browser lacks: all rows, or those that changed since what it said it has."""
        self._drawing += 1
        full = not 0 < self._have <= self.version
        rows = [row for row, version in self._sent.values() if full or version > self._have]
        data: dict[str, Any] = {
            "epoch": self.epoch,
            "version": self.version,
            "base": 0 if full else self._have,
            "full": full,
            "rows": rows,
            "acks": dict(self.acks),
            "results": list(self._results),
            "drawing": self._drawing,
            **self._helping(),
            "source": self.view.source,
            "target": self.target,
            "slug": self.slug,
            "undo": self._undo(),
            "present": [[s.name, s.key] for s in self.workspace.presence.others(self._place, self._windows)],
            "view": self._view_settings(),
        }
        if self.notice:
            data["notice"], self.notice = self.notice, ""
        self._have = 0  # a drawing that no message asked for may be of a new page, which has nothing yet
        return data

    def _helping(self) -> dict[str, Any]:
        out: dict[str, Any] = {"assist": {}, "findings": {}, "history": {}}
        for (kind, key), (what, _) in self._help.items():
            if kind == "looks":
                out[kind] = what
            else:
                out[kind][key] = what
        return out

    def _view_settings(self) -> dict[str, bool]:
        kept = self.workspace.store.settings.get(view_key(self.workspace.author)) or {}
        return {name: bool(kept.get(name)) for name in VIEW_SWITCHES}

    def _undo(self) -> dict[str, Any] | None:
        step = self.workspace.steps.last(self.slug, self.target)
        return None if step is None else {"id": step.id, "label": step_words(step)}

    def _read(self) -> TranslationView:
        return self.workspace.translation.view(self.slug, self.target, self.source)

    def _row(self, key: int) -> TranslationRow | None:
        return next((row for row in self.view.rows if row.key == key), None)

    def _compare(self) -> None:
        together = Counter(row.repeats.id for row in self.view.rows if row.repeats)
        author = self.workspace.author
        drawn = {
            row.key: row_json(row, author=author, together=together[row.repeats.id] if row.repeats else 0)
            for row in self.view.rows
        }
        other = {key for key, (row, _) in self._sent.items() if key not in drawn or drawn[key]["s"] != row["s"]}
        self._help = {name: entry for name, entry in self._help.items() if name[1] not in other}
        if list(drawn) != list(self._sent):
            self.version += 1
            self.epoch = secrets.token_hex(6)  # rows came, went or moved: the browser starts anew
            self._have = 0
            self._sent = {key: (row, self.version) for key, row in drawn.items()}
            return
        changed = {key for key, row in drawn.items() if self._sent[key][0] != row}
        if changed:
            self.version += 1
            self._sent |= {key: (drawn[key], self.version) for key in changed}
