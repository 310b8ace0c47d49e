"""Rows that were cut wrongly: split one in all its languages, join one with the next, and take that back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.grid import Grid, Row
from workbench.core.languages import normalise_code
from workbench.core.library import DeskStep, StoredSegment, StoredText
from workbench.core.people import Right
from workbench.core.texts import SegmentState, clean
from workbench.errors import ConflictError, UsageError
from workbench.services.alignment_service import AlignmentService
from workbench.services.memory_service import MemoryService
from workbench.services.rights import needs
from workbench.services.segment_cuts import cut, join_drafts, rejoin
from workbench.services.text_memory import desk_source
from workbench.services.translation_work import TranslationWork, check_size, join_segments
from workbench.store.grids import row_from_json, row_to_json
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Parts = Mapping[str, tuple[str, str]]
"""By language, what a row says before and after the cut."""


class RowService:
    """Splits and joins the rows of a text in translation.

    Args:
        store: Where they are kept.
        alignment: Knows what of the grid is in the memory, and what the person at work may do.
        memory: Forgets the old rows and learns the new ones.
        now: The clock.
        author: Who it is attributed to.
    """

    def __init__(
        self,
        *,
        store: Store,
        alignment: AlignmentService,
        memory: MemoryService,
        now: Callable[[], str],
        author: str,
    ) -> None:
        self.store, self.alignment, self.memory = store, alignment, memory
        self.now, self.author = now, author
        self.guard = alignment.guard

    @needs(Right.TRANSLATE)
    def split(
        self,
        slug: str,
        target: str,
        key: int,
        parts: Parts,
        *,
        source: str | None = None,
        draft: tuple[str, str] | None = None,
    ) -> int:
        """Cut a row in two, in every language that is named; the others stay in the upper row whole.

        Where a language has several segments and the cut falls between two, they part there; else the segment is cut.
        Comments stay with the upper row.

        Args:
            key: The row, by :attr:`~workbench.services.translation_service.TranslationRow.key`.
            parts: What stays and what goes, as the person saw it; one of the two may be empty but in the source.
            draft: The same of what this person has typed and not confirmed.

        Returns:
            The key of the new row.

        Raises:
            ConflictError: somebody changed the row meanwhile.
            UsageError: the cut is not between two words, the draft is too long, or the row is gone.
        """
        for half in draft or ():
            check_size(half)
        text, target, at = self.store.texts.get(slug), normalise_code(target), self.now()
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, at, self.author)
            place, before = work.place_of(key), work.grid
            row = before.rows[place]
            if not all(clean(part) for part in parts.get(work.source, ("", ""))):
                raise UsageError("Nothing to cut here: put the caret between two words.")
            upper: list[tuple[int, ...]] = []
            lower: list[tuple[int, ...]] = []
            cuts: dict[str, list[int | str | None]] = {}
            for language, cell in zip(before.languages, row.cells, strict=True):
                segments = [work.segments[language][n] for n in cell]
                kept, gone = self._cut_cell(connection, work, language, segments, parts.get(language), cuts)
                upper.append(kept)
                lower.append(gone)
            fresh = lower[before.column(work.source)][0]
            pair = (Row(tuple(upper), untranslated=row.untranslated), Row(tuple(lower), untranslated=row.untranslated))
            after = self._patch(connection, text, before, place, place + 1, pair, at)
            if draft is not None:
                for number, typed in zip((key, fresh), draft, strict=True):
                    self.store.desk.put_draft(connection, text.id, target, number, clean(typed), at, self.author)
            changes = {"key": key, "fresh": fresh, "cuts": cuts, "row": row_to_json(row)}
            self.store.desk.add_step(connection, text.id, target, work.source, "split", changes, at, self.author)
        self._remember(text, target, work.source, before, after, [key], [key, fresh])
        return fresh

    def _cut_cell(
        self,
        connection: Connection,
        work: TranslationWork,
        language: str,
        segments: Sequence[StoredSegment],
        parts: tuple[str, str] | None,
        cuts: dict[str, list[int | str | None]],
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return the segments that stay and those that go, cutting one where the cut falls inside it."""
        numbers = tuple(s.id for s in segments)
        if parts is None or not segments:
            return numbers, ()
        first, second = (clean(part) for part in parts)
        if " ".join(part for part in (first, second) if part) != join_segments(segments):
            raise ConflictError("This row was changed meanwhile: look at it again, then cut it.")
        if not second:
            return numbers, ()
        rest = first
        for n, segment in enumerate(segments):
            if not rest:
                return numbers[:n], numbers[n:]
            if len(segment.text) <= len(rest):
                rest = rest[len(segment.text) :].lstrip(" ")
                continue
            tail = segment.text[len(rest) :].lstrip(" ")
            version = next(v for v in self.store.texts.versions_in(connection, work.text.id) if v.language == language)
            new = cut(self.store, connection, version.id, segment, (rest, tail), work.at, self.author)
            cuts[language] = [segment.id, new, segment.previous_text]
            return numbers[: n + 1], (new, *numbers[n + 1 :])
        return numbers, ()

    @needs(Right.TRANSLATE)
    def join(
        self, slug: str, target: str, key: int, *, source: str | None = None, following: int | None = None
    ) -> bool:
        """Join a row with the next one of the source, in all languages; drafts and comments come along.

        Args:
            following: The next row as the person saw it, by its key: where another is the next by now, as after the
                same wish was heard once, nothing is done. ``None`` joins whatever comes next.

        Returns:
            Whether they were joined.

        Raises:
            UsageError: it is the last row, or the next one stands in another paragraph.
        """
        text, target, at = self.store.texts.get(slug), normalise_code(target), self.now()
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, at, self.author)
            place = work.place_of(key)
            if following is not None and work.places_of([following]).get(following, place) == place:
                return False
            own = work.segments[work.source]
            column = work.grid.column(work.source)
            last = own[work.grid.rows[place].cells[column][-1]]
            after_it = [s for s in own.values() if s.position > last.position]
            first = min(after_it, key=lambda s: s.position, default=None)
            if first is None:
                raise UsageError("This is the last segment: there is none to join it with.")
            if first.block != last.block:
                raise UsageError("The next segment stands in another paragraph: segments are joined within one only.")
            other = work.place_of(first.id)
            if other == place or work.grid.rows[other].cells[column][0] != first.id:
                raise UsageError("The next segment belongs to another row already: see it in the grid.")
            if following not in (None, first.id):
                return False
            before, rows = work.grid, (work.grid.rows[place], work.grid.rows[other])
            if bool(work.answer(place)) != bool(work.answer(other)):
                for segment in (*work.answer(place), *work.answer(other)):  # half of it is not translated yet
                    values = {"state": SegmentState.DRAFT.value}
                    self.store.texts.change_segment(connection, segment.id, values, at, self.author)
            self._join_drafts(connection, work, place, other)
            after = self._join_rows(connection, text, before, place, other, at)
            changes = {"key": key, "fresh": first.id, "rows": [row_to_json(row) for row in rows]}
            self.store.desk.add_step(connection, text.id, target, work.source, "join", changes, at, self.author)
        self._remember(text, target, work.source, before, after, [key, first.id], [key])
        return True

    def undo(self, connection: Connection, text: StoredText, step: DeskStep) -> Callable[[], None]:
        """Take a split or join back inside a transaction.

        Returns:
            What brings the memory up to date; to be called after the transaction.

        Raises:
            UsageError: the rows are not what the step made of them any more.
        """
        work = TranslationWork(self.store, connection, text, step.language, step.source, self.now(), self.author)
        undo = self._undo_split if step.operation == "split" else self._undo_join
        before, key, fresh = work.grid, int(step.changes["key"]), int(step.changes["fresh"])
        after = undo(connection, work, step, key, fresh)
        keys = ([key, fresh], [key]) if step.operation == "split" else ([key], [key, fresh])
        return lambda: self._remember(text, step.language, work.source, before, after, *keys)

    def _undo_split(self, connection: Connection, work: TranslationWork, step: DeskStep, key: int, fresh: int) -> Grid:
        place, other = work.place_of(key), work.place_of(fresh)
        if place == other:
            raise UsageError("These segments were joined again meanwhile.")
        self._join_drafts(connection, work, place, other)
        grid = self._join_rows(connection, work.text, work.grid, place, other, work.at)
        gone: dict[str, int] = {}
        for language, (first, second, previous) in step.changes["cuts"].items():
            pair = work.segments[language].get(first), work.segments[language].get(second)
            if pair[0] is None or pair[1] is None or pair[1].position != pair[0].position + 1:
                continue  # one of the two was removed since, or another stands between them
            version = next(v for v in self.store.texts.versions_in(connection, work.text.id) if v.language == language)
            rejoin(
                self.store, connection, version.id, (pair[0], pair[1]), previous, work.at, self.author,
                text_id=work.text.id,
            )  # fmt: skip
            gone[language] = second
        place = grid.find(work.source, key)
        cells = tuple(
            tuple(n for n in cell if n != gone.get(language))
            for language, cell in zip(grid.languages, grid.rows[place].cells, strict=True)
        )
        old = row_from_json(step.changes["row"])
        row = old if old.cells == cells else replace(grid.rows[place], cells=cells)
        return self._patch(connection, work.text, grid, place, place + 1, (row,), work.at)

    def _undo_join(self, connection: Connection, work: TranslationWork, step: DeskStep, key: int, fresh: int) -> Grid:
        first, second = (row_from_json(row) for row in step.changes["rows"])
        place = work.place_of(key)
        joined = tuple(a + b for a, b in zip(first.cells, second.cells, strict=False))
        if work.grid.rows[place].cells != joined:
            raise UsageError("This row was changed since it was joined: split it where you want it parted.")
        return self._patch(connection, work.text, work.grid, place, place + 1, (first, second), work.at)

    def _join_drafts(self, connection: Connection, work: TranslationWork, place: int, other: int) -> None:
        """Put what was typed in two rows that are about to be one under the first, in every language."""
        grid, column = work.grid, work.grid.column(work.source)
        rows = (grid.rows[place], grid.rows[other])
        first, second = (work.segments[work.source][row.cells[column][0]] for row in rows)
        typed = {*self.store.desk.draft_languages(connection, first.id),
                 *self.store.desk.draft_languages(connection, second.id)}  # fmt: skip
        for language in typed:
            said = {}
            if language in grid.languages:
                texts = work.segments[language]
                cells = [row.cells[grid.column(language)] for row in rows]
                said = {
                    segment.id: join_segments([texts[n] for n in cell])
                    for segment, cell in zip((first, second), cells, strict=True)
                }
            join_drafts(self.store, connection, first, second, language, said, work.at, work.text.id)

    def _join_rows(self, connection: Connection, text: StoredText, grid: Grid, place: int, other: int, at: str) -> Grid:
        """Join two rows of a grid that follow each other in the source, wherever they stand; others stay."""
        upper, lower = grid.rows[place], grid.rows[other]
        cells = tuple(a + b for a, b in zip(upper.cells, lower.cells, strict=True))
        marks = tuple(
            language
            for language, cell in zip(grid.languages, cells, strict=True)
            if not cell and language in upper.untranslated and language in lower.untranslated
        )
        rows = [row for n, row in enumerate(grid.rows) if n != other]
        at_place = place if place < other else place - 1
        rows[at_place] = Row(cells, untranslated=marks)
        return self._patch(connection, text, Grid(grid.languages, tuple(rows)), 0, len(rows), rows, at)

    def _patch(
        self, connection: Connection, text: StoredText, grid: Grid, start: int, end: int, rows: Sequence[Row], at: str
    ) -> Grid:
        order = self.store.texts.places_in(connection, text.id)
        after = Grid(grid.languages, (*grid.rows[:start], *rows, *grid.rows[end:])).with_crossings(order)
        self.store.grids.patch(connection, text.id, after, at)
        self.store.texts.change(connection, text.id, {}, at)
        return after

    def _remember(
        self, text: StoredText, target: str, source: str, before: Grid, after: Grid, old: list[int], new: list[int]
    ) -> None:
        """Let the memory hold the new rows in place of the old ones, if it had learnt those."""
        self.alignment.sync_memory(text, before, after)
        taught = self.store.desk.taught(f"desk:{text.slug}", [str(key) for key in old])
        if not taught:
            return
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, self.now(), self.author)
            units = [unit for unit in work.learnt(list(work.places_of(new).values())) if len(unit.variants) > 1]
        known = {unit.place for unit in units}
        self.memory.retract(f"desk:{text.slug}", [name for name in taught if name not in known])
        self.memory.learn(units, source=desk_source(text), reviewed=True)
