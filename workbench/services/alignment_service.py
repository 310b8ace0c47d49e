"""The grid of a text: aligning its versions, a person's corrections with undo, and what of it enters the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from workbench.core.grid import Grid, Row
from workbench.core.library import StoredGrid, StoredSegment, StoredText
from workbench.core.multiway import Column, align_grid
from workbench.core.texts import Segment
from workbench.errors import ConflictError, UsageError
from workbench.services.library_service import is_doubtful, sort_columns, sort_languages
from workbench.services.memory_service import MemoryService
from workbench.services.vector_service import VectorService
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Operation = Literal["merge", "split", "move up", "move down", "untranslated", "confirm", "unconfirm", "accept"]


@dataclass(frozen=True, slots=True)
class GridEdit:
    """One correction of a grid.

    Attributes:
        operation: What is done.
        places: The rows concerned, 0-based; for ``merge`` all rows from the first to the last named.
        language: For ``move …`` and ``untranslated``: the column.
        counts: For ``split``: by language, how many segments stay in the upper row.
        revision: The revision of the grid that the person saw.
    """

    operation: Operation
    places: tuple[int, ...]
    revision: int
    language: str = ""
    counts: Mapping[str, int] | None = None


class AlignmentService:
    """Grids of texts.

    Args:
        store: Where they are kept.
        vectors: Sentence vectors, cached.
        memory: Where confirmed and accepted rows go.
        now: The clock.
        author: Who corrections are attributed to.
    """

    def __init__(
        self, *, store: Store, vectors: VectorService, memory: MemoryService, now: Callable[[], str], author: str
    ) -> None:
        self.store = store
        self.vectors = vectors
        self.memory = memory
        self.now = now
        self.author = author

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
            raise UsageError(f"“{text.title}” has only one version: add another language to align it with.")
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
        result = Grid(tuple(languages), rows).with_crossings()
        at = self.now()
        with self.store.database.write() as connection:
            for language in languages:
                found = [s.id for s in self.store.texts.segments_in(connection, versions[language].id)]
                if found != numbers[language]:
                    raise ConflictError(
                        f"The {language} version of “{text.title}” was changed meanwhile: align it again."
                    )
            if self.store.grids.get_in(connection, text.id) != stored:
                raise ConflictError(
                    f"Somebody worked on the grid of “{text.title}” while it was being aligned: align it again."
                )
            self.store.grids.put(connection, text.id, result, f"workbench 1|{self.vectors.model}", at)
        self._sync_memory(text, stored.grid if stored else None, result)
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
        report = (lambda done, total: progress(done, total, "Reading the sentences")) if progress else None
        vectors = self.vectors.vectors(everything, progress=report)
        columns, start = [], 0
        for language, segments in versions.items():
            columns.append(Column(language, tuple(segments), vectors[start : start + len(segments)]))
            start += len(segments)
        return columns

    # Corrections ---------------------------------------------------------------------------------------------

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
            if after != stored.grid:
                self.store.grids.edit(connection, stored, after, edit.operation, self.now(), self.author)
        self._sync_memory(text, stored.grid, after)
        return self._grid(text)

    def accept_above(self, slug: str, confidence: float) -> tuple[StoredGrid, int]:
        """Take all rows at least this sure into the memory, unreviewed; returns the grid and how many are new there.

        Args:
            confidence: 0–1.
        """
        stored = self.store.grids.get(self.store.texts.get(slug).id)
        if stored is None:
            raise UsageError(f"“{slug}” is not aligned yet: align it first.")
        places = tuple(
            place
            for place, row in enumerate(stored.grid.rows)
            if not row.confirmed and not row.accepted and not row.crossing
            and (row.confidence or 0.0) >= confidence and sum(map(bool, row.cells)) > 1
        )  # fmt: skip
        if not places:
            return stored, 0
        return self.edit(slug, GridEdit("accept", places, stored.revision)), len(places)

    def undo(self, slug: str) -> tuple[StoredGrid, str]:
        """Take the last correction back; returns the grid and what was undone.

        Raises:
            UsageError: there is nothing to undo.
        """
        return self._step(slug, self.store.grids.undo)

    def redo(self, slug: str) -> tuple[StoredGrid, str]:
        """Do the last undone correction again; returns the grid and what was done."""
        return self._step(slug, self.store.grids.redo)

    def _step(self, slug: str, step: Callable[[Connection, int, str], str]) -> tuple[StoredGrid, str]:
        text = self.store.texts.get(slug)
        with self.store.database.write() as connection:
            before = self.store.grids.get_in(connection, text.id)
            operation = step(connection, text.id, self.now())
            after = self.store.grids.get_in(connection, text.id)
        if after is not None:
            self._sync_memory(text, before.grid if before else None, after.grid)
        return self._grid(text), operation

    def _current(self, connection: Connection, text: StoredText, revision: int) -> StoredGrid:
        stored = self.store.grids.get_in(connection, text.id)
        if stored is None:
            raise UsageError(f"“{text.title}” is not aligned yet: align it first.")
        if stored.revision != revision:
            raise ConflictError("The grid was changed elsewhere meanwhile: look at the new rows and try again.")
        return stored

    def _grid(self, text: StoredText) -> StoredGrid:
        stored = self.store.grids.get(text.id)
        if stored is None:
            raise UsageError(f"“{text.title}” is not aligned yet: align it first.")
        return stored

    # The memory ----------------------------------------------------------------------------------------------

    def learn_grid(self, slug: str) -> None:
        """Put the confirmed and accepted rows of a text into the memory (after it was brought in with its grid)."""
        text = self.store.texts.get(slug)
        stored = self.store.grids.get(text.id)
        if stored is not None:
            self._sync_memory(text, None, stored.grid)

    def _sync_memory(self, text: StoredText, before: Grid | None, after: Grid) -> None:
        """Let the memory hold exactly the rows that are confirmed or accepted."""
        old, new = _remembered(before), _remembered(after)
        gone = [key for key in old if key not in new]
        changed = {key: place for key, (place, reviewed) in new.items() if old.get(key, (0, None))[1] != reviewed}
        if gone:
            self.memory.retract_rows(text.slug, gone)
        if changed:
            self.memory.learn_rows(text, after, changed, self._texts(text))

    def _texts(self, text: StoredText) -> dict[str, dict[int, StoredSegment]]:
        return {
            v.language: {s.id: s for s in self.store.texts.segments(v.id)} for v in self.store.texts.versions(text.id)
        }


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
        case "move up":
            return grid.move(first, edit.language, down=False)
        case "move down":
            return grid.move(first, edit.language, down=True)
        case "untranslated":
            return grid.detach(first, edit.language)
        case "confirm":
            return grid.confirm(edit.places)
        case "unconfirm":
            return grid.unconfirm(edit.places)
        case "accept":
            return grid.accept(edit.places)
    raise UsageError(f"There is no operation “{edit.operation}”.")


def doubtful_places(grid: Grid) -> list[int]:
    """Return the places of the rows that want a person's look, in order."""
    return [place for place, row in enumerate(grid.rows) if is_doubtful(row)]


def to_core(segments: Iterable[StoredSegment]) -> tuple[Segment, ...]:
    """Return stored segments as plain ones."""
    return tuple(Segment(s.text, s.kind, s.block, s.level) for s in segments)


def row_key(row: Row, languages: Sequence[str]) -> str:
    """Return the name under which a row's unit is remembered: its segments' lasting numbers by language."""
    cells = sorted(zip(languages, row.cells, strict=True))
    return ";".join(f"{language}:{','.join(map(str, cell))}" for language, cell in cells if cell)


def _remembered(grid: Grid | None) -> dict[str, tuple[int, bool]]:
    """Return key → (place, reviewed) of the rows that belong into the memory: those with two languages and more."""
    if grid is None:
        return {}
    return {
        row_key(row, grid.languages): (place, row.confirmed)
        for place, row in enumerate(grid.rows)
        if (row.confirmed or row.accepted) and sum(map(bool, row.cells)) > 1
    }


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
