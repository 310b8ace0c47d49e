"""One write on a version in translation: the grid and the segments as they stand inside its transaction."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.core.grid import Grid, Row
from workbench.core.languages import sort_languages
from workbench.core.library import DeskStep, StoredDraft, StoredSegment, StoredText, StoredVersion
from workbench.core.memory import Neighbours, NewUnit
from workbench.core.segmentation import split_sentences
from workbench.core.texts import BlockKind, SegmentState
from workbench.errors import UsageError
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MAX_SEGMENT_CHARACTERS = 100_000  # a pasted target longer than this is a file, not a segment
WEAKEST_FIRST = (SegmentState.STALE, SegmentState.DRAFT, SegmentState.TRANSLATED, SegmentState.REVIEWED)


class TranslationWork:
    """The grid and the segments of a version in translation, read once and changed together.

    Args:
        store: Where they are kept.
        connection: The transaction.
        text: The text.
        target: The language translated into.
        source: The language translated from, ``None`` for the original.
        at, author: When and by whom.

    Raises:
        UsageError: the text has no grid, or no version in the source language.
    """

    def __init__(
        self,
        store: Store,
        connection: Connection,
        text: StoredText,
        target: str,
        source: str | None,
        at: str,
        author: str,
    ) -> None:
        self.store, self.author = store, author
        self.connection, self.text, self.target, self.at = connection, text, target, at
        versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
        self.source = source_language(text, versions, target, source)
        self.version = versions[target]
        stored = self.store.grids.get_in(connection, text.id)
        if stored is None:
            raise UsageError("“{title}” has no grid.", title=text.title)
        self.grid = stored.grid
        self.segments = {
            language: {s.id: s for s in self.store.texts.segments_in(connection, version.id)}
            for language, version in versions.items()
        }
        self.changed = False
        self.inserted: set[int] = set()  # target segments that this work has made

    def place_of(self, key: int) -> int:
        """Return the place of a row in the grid."""
        try:
            return self.grid.find(self.source, key)
        except UsageError:
            raise UsageError("This row is no longer in the text: reload the page.") from None

    def places_of(self, keys: Iterable[int]) -> dict[int, int]:
        """Return the places of those rows that are still in the text."""
        column = self.grid.column(self.source)
        holder = {number: place for place, row in enumerate(self.grid.rows) for number in row.cells[column]}
        return {key: holder[key] for key in keys if key in holder}

    def places(self) -> list[int]:
        """Return the places of the rows that have the source."""
        column = self.grid.column(self.source)
        return [place for place, row in enumerate(self.grid.rows) if row.cells[column]]

    def source_text(self, place: int) -> str:
        """Return what the source says in a row."""
        cell = self.grid.rows[place].cells[self.grid.column(self.source)]
        return join_segments([self.segments[self.source][n] for n in cell])

    def answer(self, place: int) -> list[StoredSegment]:
        """Return the target's segments of a row."""
        cell = self.grid.rows[place].cells[self.grid.column(self.target)]
        return [self.segments[self.target][n] for n in cell]

    def twins(self, place: int, taken: Container[int] = ()) -> list[int]:
        """Return the other rows with the same source that have no target and nobody is at work on.

        Args:
            taken: Keys of rows with a draft: their translators have something else in mind.
        """
        wanted = self.source_text(place)
        column = self.grid.column(self.source)
        found = []
        for other in self.places():
            row = self.grid.rows[other]
            free = other != place and self.target not in row.untranslated and row.cells[column][0] not in taken
            if free and not self.answer(other) and self.source_text(other) == wanted:
                found.append(other)
        return found

    def write(
        self, place: int, translation: str, state: SegmentState = SegmentState.TRANSLATED, *, again: bool = False
    ) -> None:
        """Put a translation into a row, keeping the target's own cuts where their number still fits.

        Args:
            again: Note the author even where the row says this already: they have looked at it.
        """
        answer = self.answer(place)
        done = state.value
        if not answer:
            self._insert(place, translation, state)
            return
        pieces = [translation]
        if len(answer) > 1:
            pieces = split_sentences(translation, self.target)
            if len(pieces) != len(answer):
                pieces = [translation]
        for segment, piece in zip(answer, pieces, strict=False):
            if again or segment.text != piece or segment.state.value != done:
                self.store.texts.change_segment(
                    self.connection, segment.id, {"text": piece, "state": done}, self.at, self.author
                )
                self.segments[self.target][segment.id] = replace(
                    segment, text=piece, state=state, revision=segment.revision + 1,
                    updated_at=self.at, updated_by=self.author,
                )  # fmt: skip
        if extra := answer[len(pieces) :]:
            self._replace_cell(place, tuple(s.id for s in answer[: len(pieces)]))
            self.store.texts.remove_segments(self.connection, [s.id for s in extra])
            for segment in extra:
                del self.segments[self.target][segment.id]

    def clear(self, place: int) -> None:
        """Take a row's translation away."""
        gone = self.answer(place)
        self._replace_cell(place, ())
        self.store.texts.remove_segments(self.connection, [s.id for s in gone])
        for segment in gone:
            del self.segments[self.target][segment.id]

    def before(self, place: int, after: str) -> list[int | str | None]:
        """Return what is needed to take a change of a row back: key, text and state as they are, text to come."""
        answer = self.answer(place)
        key = self.grid.rows[place].cells[self.grid.column(self.source)][0]
        if not answer:
            return [key, None, None, after]
        weakest = min((s.state for s in answer), key=WEAKEST_FIRST.index)
        return [key, join_segments(answer), weakest.value, after]

    def keep_step(self, operation: str, rows: Sequence[Sequence[int | str | None]]) -> None:
        """Keep changes of several rows (:meth:`before`) as one step that can be taken back."""
        if rows:
            changes = {"rows": [list(row) for row in rows]}
            self.store.desk.add_step(
                self.connection, self.text.id, self.target, self.source, operation, changes, self.at, self.author
            )

    def _insert(self, place: int, translation: str, state: SegmentState) -> None:
        column = self.grid.column(self.source)
        model = self.segments[self.source][self.grid.rows[place].cells[column][0]]
        values = {
            "position": 0, "block": model.block, "kind": model.kind.value, "level": model.level,
            "text": translation, "state": state.value,
        }  # fmt: skip
        number = self.store.texts.add_segments(self.connection, self.version.id, [values], self.at, self.author)[0]
        self.inserted.add(number)
        self.segments[self.target][number] = StoredSegment(
            number, 0, translation, model.kind, model.block, model.level, state,
            updated_at=self.at, updated_by=self.author,
        )  # fmt: skip
        row = self.grid.rows[place]
        if self.target in row.untranslated:
            kept = tuple(language for language in row.untranslated if language != self.target)
            rows = (*self.grid.rows[:place], replace(row, untranslated=kept), *self.grid.rows[place + 1 :])
            self.grid = Grid(self.grid.languages, rows)
        self._replace_cell(place, (number,))

    def _replace_cell(self, place: int, cell: tuple[int, ...]) -> None:
        column = self.grid.column(self.target)
        row = self.grid.rows[place]
        new = replace(row, cells=(*row.cells[:column], cell, *row.cells[column + 1 :]))
        self.grid = Grid(self.grid.languages, (*self.grid.rows[:place], new, *self.grid.rows[place + 1 :]))
        self.changed = True

    def finish(self, keys: Iterable[int] = ()) -> None:
        """Store the grid if its cells changed, number the target's segments in the order of the rows.

        Args:
            keys: Rows whose draft of this author is done with.
        """
        if self.changed:
            self.store.grids.patch(self.connection, self.text.id, self.grid, self.at)
            column = self.grid.column(self.target)
            ordered = [n for row in self._in_source_order() for n in row.cells[column]]
            own = self.segments[self.target]
            places = [
                (n, place, own[n].block) for place, n in enumerate(ordered) if n in own and own[n].position != place
            ]
            if self.version.original_sha256 is None:
                self.store.texts.place_segments(self.connection, places)
            else:
                self._place_in_file(ordered)
        for key in keys:
            self.store.texts.drop_drafts(self.connection, self.target, key, self.author)
        self.store.texts.change_version(self.connection, self.version.id, {}, self.at, self.author)
        self.store.texts.change(self.connection, self.text.id, {}, self.at)

    def _in_source_order(self) -> list[Row]:
        """Return the rows in the order of the source; rows without it stay after the row they follow."""
        column = self.grid.column(self.source)
        order, last, keys = {n: s.position for n, s in self.segments[self.source].items()}, -1.0, []
        for place, row in enumerate(self.grid.rows):
            if row.cells[column]:
                last = order[row.cells[column][0]]
            keys.append((last, place))
        return [self.grid.rows[place] for _, place in sorted(keys)]

    def _place_in_file(self, ordered: Sequence[int]) -> None:
        """Number the segments of a version that has a file of its own: a new segment goes into the block of the
        segment before it, so that exporting puts it into that paragraph."""
        own = self.segments[self.target]
        result = sorted((n for n in own if n not in self.inserted), key=lambda n: own[n].position)
        known = set(result)
        blocks = {n: own[n].block for n in result}
        for place, number in enumerate(ordered):
            if number in known:
                continue
            before = next((n for n in reversed(ordered[:place]) if n in known), None)
            at = result.index(before) + 1 if before is not None else 0
            result.insert(at, number)
            if own[number].kind is BlockKind.UNIT:
                blocks[number] = own[number].block  # the entry of the file, the same in all its languages
            else:
                blocks[number] = blocks[before] if before is not None else (blocks[result[1]] if len(result) > 1 else 0)
            known.add(number)
        places = [(n, place, blocks[n]) for place, n in enumerate(result)]
        self.store.texts.place_segments(self.connection, places)

    def learnt(self, places: Sequence[int]) -> list[NewUnit]:
        """Return what the memory learns of rows: all languages that answer them freshly, with their neighbours.

        Whoever confirms a translation has compared it with its source; what else stands in the row is only aligned
        with them, unless somebody has confirmed the row.
        """
        ordered = self._in_source_order()
        place_in_order = {id(row): n for n, row in enumerate(ordered)}
        found = []
        for place in places:
            row = self.grid.rows[place]
            at = place_in_order[id(row)]
            variants: dict[str, str] = {}
            context: dict[str, Neighbours] = {}
            for column, (language, cell) in enumerate(zip(self.grid.languages, row.cells, strict=True)):
                segments = [self.segments[language][n] for n in cell]
                if segments and all(s.state in (SegmentState.TRANSLATED, SegmentState.REVIEWED) for s in segments):
                    variants[language] = join_segments(segments)
                    before = self._neighbour(ordered[:at][::-1], column)
                    context[language] = (before, self._neighbour(ordered[at + 1 :], column))
            key = row.cells[self.grid.column(self.source)][0]
            compared = None if row.confirmed else (self.source, self.target)
            found.append(NewUnit(variants, str(key), context, checked=compared))
        return found

    def _neighbour(self, rows: Sequence[Row], column: int) -> str:
        """Return the text of the nearest segment of a column, ``""`` at the edge of the text."""
        segments = self.segments[self.grid.languages[column]]
        cell: tuple[int, ...] = next((row.cells[column] for row in rows if row.cells[column]), ())
        return join_segments([segments[n] for n in cell])


def source_language(text: StoredText, versions: Mapping[str, StoredVersion], target: str, source: str | None) -> str:
    """Return the language to translate from: the one asked for, the original, or the first there is."""
    if source is not None:
        if source not in versions:
            raise UsageError("“{title}” has no version in {source} to translate from.", title=text.title, source=source)
        if source == target:
            raise UsageError("Source and target are the same language: choose two.")
        return source
    candidates = [text.original, *sort_languages(versions)]
    for language in candidates:
        if language in versions and language != target:
            return language
    raise UsageError(
        "“{title}” has nothing but its {target} version: there is nothing to translate from.",
        title=text.title,
        target=target,
    )


def check_size(text: str) -> None:
    """Refuse what is too long for a segment.

    Raises:
        UsageError: it is; the sentence says by how much.
    """
    if len(text) > MAX_SEGMENT_CHARACTERS:
        raise UsageError(
            "This translation has {n} characters; a segment takes {limit} at most. Was a whole document pasted?",
            n=f"{len(text):,}",
            limit=f"{MAX_SEGMENT_CHARACTERS:,}",
        )


def join_segments(segments: Sequence[StoredSegment]) -> str:
    return " ".join(segment.text for segment in segments)


def target_token(answer: Sequence[StoredSegment]) -> str:
    return ",".join(f"{segment.id}.{segment.revision}" for segment in answer)


def begun_over(draft: StoredDraft, answer: Sequence[StoredSegment]) -> str:
    """Return the token of what a draft's author had before them; where it was not kept, the times tell."""
    if draft.base is not None:
        return draft.base
    return target_token(answer) if all(segment.updated_at <= draft.at for segment in answer) else "before"


def filled_by(step: DeskStep | None, answer: Sequence[StoredSegment]) -> DeskStep | None:
    """Return a step that filled a row if nobody has changed or confirmed the row since."""
    return step if step and answer and all(segment.updated_at == step.at for segment in answer) else None


def row_state(answer: Sequence[StoredSegment], *, left_out: bool) -> str:
    """Return what a row's target is: ``"missing"``, ``"left out"``, or its weakest segment's state."""
    if not answer:
        return "left out" if left_out else "missing"
    return min((segment.state for segment in answer), key=WEAKEST_FIRST.index).value
