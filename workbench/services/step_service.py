"""What was done with many segments at once, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core.languages import normalise_code
from workbench.core.library import DeskStep, StoredText
from workbench.core.people import Right
from workbench.core.texts import SegmentState
from workbench.errors import UsageError
from workbench.services.alignment_service import AlignmentService
from workbench.services.memory_service import MemoryService
from workbench.services.rights import needs
from workbench.services.row_service import RowService
from workbench.services.text_memory import desk_source
from workbench.services.translation_work import TranslationWork, join_segments
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

FILLING = ("propagate", "fill")
"""Steps that put words into rows nobody had looked at: who confirms such a row keeps it."""
DONE = (SegmentState.TRANSLATED, SegmentState.REVIEWED)

Changes = list[list[int | str | None]]
"""Rows changed: ``[key, target before or None, its state, target after]``."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a step back did: ``skipped`` rows had been changed by somebody since, and stay as they are."""

    operation: str
    restored: int
    skipped: int = 0


class StepService:
    """Takes back what a translator did with many segments at once.

    Args:
        store: Where steps are kept.
        rows: Takes splits and joins back.
        alignment, memory: Brought up to date; the alignment knows what the person at work may do.
        now: The clock.
        author: Only this person's steps are taken back.
    """

    def __init__(
        self,
        *,
        store: Store,
        rows: RowService,
        alignment: AlignmentService,
        memory: MemoryService,
        now: Callable[[], str],
        author: str,
    ) -> None:
        self.store, self.rows, self.alignment, self.memory = store, rows, alignment, memory
        self.now, self.author = now, author
        self.guard = alignment.guard

    def last(self, slug: str, target: str) -> DeskStep | None:
        """Return this person's last step on a version that can be taken back."""
        return self.store.desk.last_step(self.store.texts.get(slug).id, normalise_code(target), self.author)

    def undone(self, slug: str, target: str, step_id: int) -> DeskStep | None:
        """Return a step of this person on a version, if they have taken it back already."""
        text, step = self.store.texts.get(slug), self.store.desk.undone_step(step_id)
        own = (text.id, normalise_code(target), self.author)
        return step if step is not None and (step.text_id, step.language, step.by) == own else None

    @needs(Right.TRANSLATE)
    def undo(self, slug: str, target: str, step_id: int) -> Undone:
        """Take a step back; what somebody changed since stays as it is.

        Raises:
            UsageError: it was taken back already, or nothing of it is left.
        """
        text, target = self.store.texts.get(slug), normalise_code(target)
        with self.store.database.write() as connection:
            step = self.store.desk.step_in(connection, step_id)
            if step is None or (step.text_id, step.language, step.by) != (text.id, target, self.author):
                raise UsageError("This was taken back already.")
            if step.operation in ("split", "join"):
                afterwards, done = self.rows.undo(connection, text, step), Undone(step.operation, 1)
            else:
                changes: Changes = step.changes["rows"]
                keys, skipped = self._restore(connection, text, step, changes)
                done = Undone(step.operation, len(keys), skipped)
                afterwards = self._rememberer(text, step, keys)
            self.store.desk.mark_undone(connection, step.id)
        afterwards()
        return done

    def _restore(
        self, connection: Connection, text: StoredText, step: DeskStep, changes: Changes
    ) -> tuple[list[int], int]:
        work = TranslationWork(self.store, connection, text, step.language, step.source, self.now(), self.author)
        restored: list[int] = []
        for key, before, state, after in changes:
            try:
                place = work.place_of(int(key or 0))
            except UsageError:
                continue
            answer = work.answer(place)
            looked_at = step.operation in FILLING and any(
                segment.updated_at > step.at and segment.state in DONE for segment in answer
            )
            if join_segments(answer) != after or looked_at:
                continue
            if before is None:
                work.clear(place)
            else:
                work.write(place, str(before), SegmentState(str(state)))
            restored.append(int(key or 0))
        work.finish()
        return restored, len(changes) - len(restored)

    def _rememberer(self, text: StoredText, step: DeskStep, keys: list[int]) -> Callable[[], None]:
        return lambda: self.remember(text, step.language, step.source, keys)

    def remember(
        self, text: StoredText, target: str, source: str, keys: Iterable[int], *, learn: Iterable[int] = ()
    ) -> None:
        """Bring what the memory knows of rows up to date with what their target says now.

        Args:
            keys: Rows whose target changed, or that went meanwhile: units learnt from them change or go.
            learn: Those among them that a person confirmed just now, so that the memory learns them in any case.
        """
        wanted = list(keys)
        taught = self.store.desk.taught(f"desk:{text.slug}", [str(key) for key in wanted])
        fresh = {str(key) for key in learn}
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, self.now(), self.author)
            places = work.places_of(wanted)  # one that went meanwhile is not known any more
            units = [unit for unit in work.learnt(list(places.values())) if unit.place in taught | fresh]
            units = [unit for unit in units if len(unit.variants) > 1]
            grid_rows = [(p, work.grid.rows[p]) for p in places.values()]
            marked = [work.answer(p)[0].id for p, r in grid_rows if (r.confirmed or r.accepted) and work.answer(p)]
        known = {unit.place for unit in units}
        self.memory.retract(f"desk:{text.slug}", [name for name in taught if name not in known])
        self.memory.learn(units, source=desk_source(text), reviewed=True)
        for number in marked:
            self.alignment.relearn(text, target, number)
