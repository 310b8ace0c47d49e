"""The grid of a text: aligning its versions, a person's corrections with undo, and what of it enters the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from workbench.core.grid import Grid, Row, sort_columns
from workbench.core.languages import sort_languages
from workbench.core.library import StoredGrid, StoredSegment, StoredText
from workbench.core.multiway import ALIGNER, Column, align_grid
from workbench.core.people import Right
from workbench.core.texts import Segment, clean
from workbench.errors import ConflictError, UsageError, mark
from workbench.services.memory_service import MemoryService
from workbench.services.rights import OPEN, Guard, needs
from workbench.services.segment_cuts import cut
from workbench.services.vector_service import VectorService
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Operation = Literal[
    "merge", "split", "move up", "move down", "transfer", "untranslated", "confirm", "unconfirm", "accept"
]

MARKS = frozenset({"confirm", "unconfirm", "accept"})  # operations that leave all segments where they are


@dataclass(frozen=True, slots=True)
class GridEdit:
    """One correction of a grid.

    Attributes:
        operation: What is done.
        places: The rows concerned, 0-based; for ``merge`` all rows from the first to the last named.
        revision: The revision of the grid that the person saw.
        language: For ``move …``, ``transfer`` and ``untranslated``: the column.
        counts: For ``split``: by language, how many segments stay in the upper row.
        count: For ``move …``: how many segments go, from 1.
        segment: For ``transfer``: the segment's number; it goes from the first row of ``places`` to the second.
    """

    operation: Operation
    places: tuple[int, ...]
    revision: int
    language: str = ""
    counts: Mapping[str, int] | None = None
    count: int = 1
    segment: int | None = None


class AlignmentService:
    """Grids of texts.

    Args:
        store: Where they are kept.
        vectors: Sentence vectors, cached.
        memory: Where confirmed and accepted rows go.
        now: The clock.
        author: Who corrections are attributed to.
        guard: What the person at work may do.
    """

    def __init__(
        self,
        *,
        store: Store,
        vectors: VectorService,
        memory: MemoryService,
        now: Callable[[], str],
        author: str,
        guard: Guard = OPEN,
    ) -> None:
        self.store = store
        self.vectors = vectors
        self.memory = memory
        self.now = now
        self.author = author
        self.guard = guard

    @needs(Right.TRANSLATE)
    def align(self, slug: str, *, progress: Callable[[int, int, str], None] | None = None) -> StoredGrid:
        """Align all versions of a text into one grid; rows a person confirmed stay, what lies between them moves.

        Args:
            progress: Called with (done, all, what) while sentences are encoded and aligned.

        Raises:
            UsageError: the text has only one version.
            ConflictError: a version was revised while this ran; nothing is changed.
        """
        text = self.store.texts.get(slug)
        versions = {v.language: v for v in self.store.texts.versions(text.id)}
        languages = sort_languages(versions)
        if len(languages) < 2:
            raise UsageError("“{title}” has only one version: add another language to align it with.", title=text.title)
        segments = {language: self.store.texts.segments(versions[language].id) for language in languages}
        stored = self.store.grids.get(text.id)
        places = {language: {segment.id: n for n, segment in enumerate(segments[language])} for language in languages}
        columns = self._columns({language: to_core(found) for language, found in segments.items()}, progress)
        fixed = _fixed_rows(stored.grid, languages, places) if stored else ()
        grid = align_grid(columns, fixed=fixed)
        numbers = {language: [segment.id for segment in segments[language]] for language in languages}
        rows = tuple(
            replace(
                row,
                cells=tuple(tuple(numbers[c][n] for n in cell) for c, cell in zip(languages, row.cells, strict=True)),
            )
            for row in grid.rows
        )
        order = {number: place for language in languages for place, number in enumerate(numbers[language])}
        result = Grid(tuple(languages), rows).with_crossings(order)
        at = self.now()
        with self.store.database.write() as connection:
            for language in languages:
                found = [s.id for s in self.store.texts.segments_in(connection, versions[language].id)]
                if found != numbers[language]:
                    raise ConflictError(
                        "The {language} version of “{title}” was changed meanwhile: align it again.",
                        language=language,
                        title=text.title,
                    )
            if self.store.grids.get_in(connection, text.id) != stored:
                raise ConflictError(
                    "Somebody worked on the grid of “{title}” while it was being aligned: align it again.",
                    title=text.title,
                )
            self.store.grids.put(connection, text.id, result, f"{ALIGNER}|{self.vectors.model}", at)
        self.sync_memory(text, stored.grid if stored else None, result)
        return self._grid(text)

    def align_versions(
        self,
        versions: Mapping[str, Sequence[Segment]],
        *,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Grid:
        """Align versions that are not in the store (files given to a command); cells hold 0-based numbers.

        Args:
            versions: Segments by language, in the wanted order of columns.
        """
        return align_grid(self._columns(versions, progress))

    def _columns(
        self,
        versions: Mapping[str, Sequence[Segment]],
        progress: Callable[[int, int, str], None] | None,
    ) -> list[Column]:
        everything = [segment.text for segments in versions.values() for segment in segments]
        report = (lambda done, total: progress(done, total, mark("Reading the sentences"))) if progress else None
        vectors, parts = self.vectors.parts(everything, progress=report)
        columns, start = [], 0
        for language, segments in versions.items():
            end = start + len(segments)
            columns.append(Column(language, tuple(segments), vectors[start:end], parts[start:end]))
            start = end
        return columns

    # Corrections ---------------------------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def edit(self, slug: str, edit: GridEdit) -> StoredGrid:
        """Make one correction, stored at once.

        Raises:
            ConflictError: the grid is no longer the one the person saw; nothing is changed.
            UsageError: the correction makes no sense there; the message says why.
        """
        text = self.store.texts.get(slug)
        with self.store.database.write() as connection:
            stored = self._current(connection, text, edit.revision)
            after = apply_edit(stored.grid, edit)
            if edit.operation not in MARKS:
                after = after.with_crossings(self.store.texts.places_in(connection, text.id))
            if after == stored.grid:
                return stored
            at = self.now()
            revision = self.store.grids.edit(connection, stored, after, edit.operation, at, self.author)
        self.sync_memory(text, stored.grid, after)
        return replace(stored, grid=after, revision=revision, updated_at=at, can_undo=True, can_redo=False)

    @needs(Right.TRANSLATE)
    def accept_above(self, slug: str, confidence: float) -> tuple[StoredGrid, int]:
        """Take all rows at least this sure into the memory, unreviewed; returns the grid and how many are new there.

        Args:
            confidence: 0–1.
        """
        stored = self.store.grids.get(self.store.texts.get(slug).id)
        if stored is None:
            raise UsageError("“{slug}” is not aligned yet: align it first.", slug=slug)
        places = tuple(
            place
            for place, row in enumerate(stored.grid.rows)
            if not row.confirmed and not row.accepted and not row.crossing
            and (row.confidence or 0.0) >= confidence and sum(map(bool, row.cells)) > 1
        )  # fmt: skip
        if not places:
            return stored, 0
        return self.edit(slug, GridEdit("accept", places, stored.revision)), len(places)

    @needs(Right.TRANSLATE)
    def undo(self, slug: str, *, revision: int | None = None) -> tuple[StoredGrid, str]:
        """Take the last correction back; returns the grid and what was undone.

        Args:
            revision: The revision of the grid that the person saw; what somebody else did since is not undone.

        Raises:
            ConflictError: the grid is no longer the one the person saw.
            UsageError: there is nothing to undo.
        """
        return self._step(slug, self.store.grids.undo, revision)

    @needs(Right.TRANSLATE)
    def redo(self, slug: str, *, revision: int | None = None) -> tuple[StoredGrid, str]:
        """Do the last undone correction again; returns the grid and what was done. See :meth:`undo`."""
        return self._step(slug, self.store.grids.redo, revision)

    def _step(
        self, slug: str, step: Callable[[Connection, int, str], tuple[StoredGrid, str]], revision: int | None
    ) -> tuple[StoredGrid, str]:
        text = self.store.texts.get(slug)
        with self.store.database.write() as connection:
            before = self._current(connection, text, revision)
            after, operation = step(connection, text.id, self.now())
        self.sync_memory(text, before.grid, after.grid)
        return after, operation

    def grid(self, slug: str) -> StoredGrid:
        """Return the grid as it stands.

        Raises:
            UsageError: the text is not aligned yet.
        """
        return self._grid(self.store.texts.get(slug))

    def _current(self, connection: Connection, text: StoredText, revision: int | None) -> StoredGrid:
        stored = self.store.grids.get_in(connection, text.id)
        if stored is None:
            raise UsageError("“{title}” is not aligned yet: align it first.", title=text.title)
        if revision not in (None, stored.revision):
            raise ConflictError("The grid was changed elsewhere meanwhile: look at the new rows and try again.")
        return stored

    def _grid(self, text: StoredText) -> StoredGrid:
        stored = self.store.grids.get(text.id)
        if stored is None:
            raise UsageError("“{title}” is not aligned yet: align it first.", title=text.title)
        return stored

    # Corrections of the text itself --------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def fix_segment(self, slug: str, language: str, number: int, text: str, *, revision: int) -> None:
        """Correct a typo in a segment where it stands; what it said before is kept beside it.

        Args:
            number: The segment's lasting number.
            text: What it says from now on.
            revision: The segment's revision that the person saw.

        Raises:
            ConflictError: somebody changed the segment meanwhile.
            UsageError: the segment is not of this version, or nothing would be left of it.
        """
        stored_text = self.store.texts.get(slug)
        wanted = clean(text)
        if not wanted:
            raise UsageError("A segment cannot be empty: mark the row as untranslated instead.")
        at = self.now()
        with self.store.database.write() as connection:
            segment, _ = self._segment(connection, stored_text, language, number)
            if wanted == segment.text:
                return
            values = {"text": wanted, "previous_text": segment.previous_text or segment.text}
            self.store.texts.change_segment(connection, number, values, at, self.author, expected_revision=revision)
        self.relearn(stored_text, language, number)

    @needs(Right.TRANSLATE)
    def cut_segment(self, slug: str, language: str, number: int, before: str, after: str, *, revision: int) -> None:
        """Cut one segment in two where the sentences were badly parted; both stay in its row.

        Earlier corrections of the grid can no longer be undone, since they know nothing of the new segment.

        Raises:
            ConflictError: somebody changed the segment meanwhile.
            UsageError: one of the two would be empty.
        """
        stored_text = self.store.texts.get(slug)
        upper, lower = clean(before), clean(after)
        if not upper or not lower:
            raise UsageError("Nothing to cut here: put the caret between two words.")
        at = self.now()
        with self.store.database.write() as connection:
            segment, version = self._segment(connection, stored_text, language, number)
            fresh = cut(self.store, connection, version, segment, (upper, lower), at, self.author, revision=revision)
            stored = self.store.grids.get_in(connection, stored_text.id)
            if stored is not None:
                places = self.store.texts.places_in(connection, stored_text.id)
                grid = _insert_after(stored.grid, language, number, fresh).with_crossings(places)
                self.store.grids.patch(connection, stored_text.id, grid, at)
        if stored is not None:
            self.sync_memory(stored_text, stored.grid, grid)

    def _segment(
        self, connection: Connection, text: StoredText, language: str, number: int
    ) -> tuple[StoredSegment, int]:
        for version in self.store.texts.versions_in(connection, text.id):
            if version.language == language:
                for segment in self.store.texts.segments_in(connection, version.id):
                    if segment.id == number:
                        return segment, version.id
        raise UsageError(
            "This segment is no longer in the {language} version of “{title}”.", language=language, title=text.title
        )

    def relearn(self, text: StoredText, language: str, number: int) -> None:
        """Bring the memory's unit of a segment up to date with what the segment says now."""
        stored = self.store.grids.get(text.id)
        if stored is None or language not in stored.grid.languages:
            return
        place = stored.grid.find(language, number)
        for key in _remembered(stored.grid.languages, stored.grid.rows[place : place + 1]):
            self.memory.learn_rows(text, stored.grid, {key: place}, self._texts(text, stored.grid, [place]))

    # The memory ----------------------------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def learn_grid(self, slug: str) -> None:
        """Put the confirmed and accepted rows of a text into the memory (after it was brought in with its grid)."""
        text = self.store.texts.get(slug)
        stored = self.store.grids.get(text.id)
        if stored is not None:
            self.sync_memory(text, None, stored.grid)

    def sync_memory(self, text: StoredText, before: Grid | None, after: Grid) -> None:
        """Let the memory hold exactly the rows that are confirmed or accepted."""
        if before is not None and before.languages == after.languages:
            start, removed, inserted = before.difference(after)  # all other rows are remembered, or not, as before
            old = _remembered(before.languages, removed, start)
            new = _remembered(after.languages, inserted, start)
        else:
            old = _remembered(before.languages, before.rows) if before is not None else {}
            new = _remembered(after.languages, after.rows)
        gone = [key for key in old if key not in new]
        changed = {key: place for key, (place, reviewed) in new.items() if old.get(key, (0, None))[1] != reviewed}
        if gone:
            self.memory.retract_rows(text.slug, gone)
        if changed:
            self.memory.learn_rows(text, after, changed, self._texts(text, after, changed.values()))

    def _texts(self, text: StoredText, grid: Grid, places: Iterable[int]) -> dict[str, dict[int, StoredSegment]]:
        """Return the segments of some rows and their neighbours, by language and number."""
        rows = [grid.rows[place] for place in places]
        versions = {v.language: v for v in self.store.texts.versions(text.id)}
        found: dict[str, dict[int, StoredSegment]] = {}
        for column, language in enumerate(grid.languages):
            if language in versions:
                numbers = [number for row in rows for number in row.cells[column]]
                near = self.store.texts.segments_around(versions[language].id, numbers)
                found[language] = {segment.id: segment for segment in near}
        return found


def apply_edit(grid: Grid, edit: GridEdit) -> Grid:
    """Return the grid after one correction.

    Raises:
        UsageError: it makes no sense there.
    """
    if not edit.places:
        raise UsageError("No row is chosen.")
    first, last = min(edit.places), max(edit.places)
    match edit.operation:
        case "merge":
            return grid.merge(first, last)
        case "split":
            return grid.split(first, edit.counts or {})
        case "move up" | "move down":
            return _move(grid, first, edit.language, edit.count, down=edit.operation == "move down")
        case "transfer":
            if len(edit.places) != 2 or edit.segment is None:
                raise UsageError("To move a segment to another row, name the segment and both rows.")
            return grid.transfer(edit.places[0], edit.language, edit.segment, edit.places[1])
        case "untranslated":
            return grid.detach(first, edit.language)
        case "confirm":
            return grid.confirm(edit.places)
        case "unconfirm":
            return grid.unconfirm(edit.places)
        case "accept":
            return grid.accept(edit.places)
    raise UsageError("There is no operation “{operation}”.", operation=edit.operation)


def _move(grid: Grid, place: int, language: str, count: int, *, down: bool) -> Grid:
    """Move several segments of a cell, one after the other, to the neighbouring row."""
    if not 1 <= count <= max(len(grid.rows[place].cells[grid.column(language)]) if place < len(grid.rows) else 0, 1):
        raise UsageError("This row has not as many {language} segments to move.", language=language)
    for n in range(count):
        grid = grid.move(place + (1 if n and not place and not down else 0), language, down=down)
    return grid


def doubtful_places(grid: Grid) -> list[int]:
    """Return the places of the rows that want a person's look, in order."""
    return [place for place, row in enumerate(grid.rows) if row.doubtful]


def to_core(segments: Iterable[StoredSegment]) -> tuple[Segment, ...]:
    """Return stored segments as plain ones."""
    return tuple(Segment(s.text, s.kind, s.block, s.level) for s in segments)


def row_key(row: Row, languages: Sequence[str]) -> str:
    """Return the name under which a row's unit is remembered: its segments' lasting numbers by language."""
    cells = sorted(zip(languages, row.cells, strict=True))
    return ";".join(f"{language}:{','.join(map(str, cell))}" for language, cell in cells if cell)


def _remembered(languages: Sequence[str], rows: Sequence[Row], start: int = 0) -> dict[str, tuple[int, bool]]:
    """Return key → (place, reviewed) of the rows that belong into the memory: those with two languages and more.

    Args:
        start: Place of the first of the rows in the grid.
    """
    return {
        row_key(row, languages): (place, row.confirmed)
        for place, row in enumerate(rows, start)
        if (row.confirmed or row.accepted) and sum(map(bool, row.cells)) > 1
    }


def _insert_after(grid: Grid, language: str, number: int, fresh: int) -> Grid:
    """Return the grid with a new segment right after another one, in the same cell; the row wants a look again."""
    place, column = grid.find(language, number), grid.column(language)
    row = grid.rows[place]
    at = row.cells[column].index(number) + 1
    cell = (*row.cells[column][:at], fresh, *row.cells[column][at:])
    cells = (*row.cells[:column], cell, *row.cells[column + 1 :])
    return Grid(grid.languages, (*grid.rows[:place], Row(cells), *grid.rows[place + 1 :]))


def _fixed_rows(grid: Grid, languages: Sequence[str], places: Mapping[str, Mapping[int, int]]) -> tuple[Row, ...]:
    """Return a stored grid's confirmed rows over 0-based numbers, in the given order of columns."""
    grid = sort_columns(grid)
    fixed = []
    for row in grid.rows:
        if not row.confirmed:
            continue
        by_language = dict(zip(grid.languages, row.cells, strict=True))
        cells = tuple(
            tuple(places[language][n] for n in by_language.get(language, ()) if n in places[language])
            for language in languages
        )
        fixed.append(replace(row, cells=cells))
    return tuple(fixed)
