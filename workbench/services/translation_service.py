"""Translating: the rows of a text's grid as source and target, drafts that are never lost, confirming, propagating."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.core.grid import Grid, Row
from workbench.core.languages import LANGUAGES, normalise_code
from workbench.core.library import StoredSegment, StoredText, StoredVersion, VersionState
from workbench.core.segmentation import split_sentences
from workbench.core.texts import BlockKind, SegmentState, clean
from workbench.errors import ConflictError, UsageError
from workbench.services.library_service import sort_columns, sort_languages
from workbench.services.memory_service import MemoryService
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MAX_SEGMENT_CHARACTERS = 100_000  # a pasted target longer than this is a file, not a segment


@dataclass(frozen=True, slots=True)
class TranslationRow:
    """One row of the grid as a translator sees it.

    Attributes:
        place: 0-based place among the rows that have the source.
        key: Lasting number of the row's first source segment: what drafts and confirmations name it by.
        source: The source segments' text, joined by a space.
        previous_source: What the source said before its last revision, where the target still answers that.
        target: The target segments' text, empty where there is none.
        state: ``"missing"``, ``"left out"`` or a :class:`SegmentState` value.
        token: Names the state of the target that was seen; confirming sends it back.
        draft: What this person typed and did not confirm, ``None`` if nothing.
        others_draft: (who, text) of drafts other people have on the row.
        kind, level, block: Of the first source segment.
        references: The same row in the remaining languages.
    """

    place: int
    key: int
    source: str
    target: str
    state: str
    token: str
    kind: BlockKind
    level: int
    block: int
    previous_source: str | None = None
    draft: str | None = None
    others_draft: tuple[tuple[str, str], ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    changed_by: str = ""
    changed_at: str = ""

    @property
    def done(self) -> bool:
        """True when nothing is left to do here."""
        return self.state in (SegmentState.TRANSLATED, SegmentState.REVIEWED, "left out")


@dataclass(frozen=True, slots=True)
class TranslationView:
    """A text opened for translation from one language into another."""

    text: StoredText
    source: str
    target: str
    rows: tuple[TranslationRow, ...]

    @property
    def open_places(self) -> list[int]:
        """Places of the rows still to be done."""
        return [row.place for row in self.rows if not row.done]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What confirming a row did: ``propagated`` counts identical rows filled with the same translation."""

    key: int
    propagated: int


class TranslationService:
    """Versions in translation.

    Args:
        store: Where they are kept.
        memory: Learns what is confirmed.
        now: The clock.
        author: Who changes are attributed to.
    """

    def __init__(self, *, store: Store, memory: MemoryService, now: Callable[[], str], author: str) -> None:
        self.store = store
        self.memory = memory
        self.now = now
        self.author = author

    def choices(self, slug: str) -> list[str]:
        """Return the languages a text can be translated into: the four, and those it has beyond them."""
        text = self.store.texts.get(slug)
        have = {v.language for v in self.store.texts.versions(text.id)}
        bases = {code.partition("-")[0] for code in have}
        return sort_languages(have | {code for code in LANGUAGES if code not in bases})

    def begin(self, slug: str, target: str, source: str | None = None) -> None:
        """Make a text ready to be translated: a version in the target language, and its column of the grid.

        Raises:
            UsageError: source and target are the same, or the text has no version in the source language.
        """
        text, target = self.store.texts.get(slug), normalise_code(target)
        at = self.now()
        with self.store.database.write() as connection:
            versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
            origin = _source(text, versions, target, source)
            if target not in versions:
                values = {
                    "text_id": text.id, "language": target, "state": VersionState.IN_TRANSLATION.value,
                    "file_name": "", "format": versions[origin].format, "original_sha256": None,
                }  # fmt: skip
                self.store.texts.add_version(connection, values, at, self.author)
                self.store.texts.change(connection, text.id, {}, at)
            stored = self.store.grids.get_in(connection, text.id)
            if stored is None:
                numbers = [s.id for s in self.store.texts.segments_in(connection, versions[origin].id)]
                rows = tuple(Row(((number,), ())) for number in numbers)
                grid = sort_columns(Grid((origin, target), rows))
                for language, version in versions.items():
                    if language not in (origin, target):
                        grid = _with_column(grid, language)
                        alone = [s.id for s in self.store.texts.segments_in(connection, version.id)]
                        grid = _append_alone(grid, language, alone)
                self.store.grids.put(connection, text.id, grid, "", at)
            elif target not in stored.grid.languages:
                self.store.grids.put(connection, text.id, _with_column(stored.grid, target), stored.aligner, at)

    def view(self, slug: str, target: str, source: str | None = None) -> TranslationView:
        """Return a text's rows from one language into another; nothing is changed.

        Raises:
            UsageError: there is no version in the source language.
        """
        text, target = self.store.texts.get(slug), normalise_code(target)
        versions = {v.language: v for v in self.store.texts.versions(text.id)}
        origin = _source(text, versions, target, source)
        segments = {
            language: {s.id: s for s in self.store.texts.segments(version.id)} for language, version in versions.items()
        }
        stored = self.store.grids.get(text.id)
        if stored is None:
            rows = [Row(((number,),)) for number in segments[origin]]
            grid = Grid((origin,), tuple(rows))
        else:
            grid = stored.grid
        if origin not in grid.languages:
            grid = _append_alone(_with_column(grid, origin), origin, list(segments[origin]))
        drafts: dict[int, list[tuple[str, str]]] = {}
        for number, draft, _at, by in self.store.texts.drafts(text.id, target):
            drafts.setdefault(number, []).append((by, draft))
        found = self._rows(grid, origin, target, segments, drafts)
        return TranslationView(text, origin, target, tuple(found))

    def _rows(
        self,
        grid: Grid,
        source: str,
        target: str,
        segments: Mapping[str, Mapping[int, StoredSegment]],
        drafts: Mapping[int, Sequence[tuple[str, str]]],
    ) -> list[TranslationRow]:
        column = grid.column(source)
        other = {language: grid.column(language) for language in grid.languages if language != source}
        order = {number: segment.position for number, segment in segments[source].items()}
        chosen = [row for row in grid.rows if row.cells[column] and row.cells[column][0] in order]
        chosen.sort(key=lambda row: order[row.cells[column][0]])
        found = []
        for place, row in enumerate(chosen):
            cell = [segments[source][n] for n in row.cells[column] if n in segments[source]]
            answer = [segments[target][n] for n in row.cells[other[target]]] if target in other else []
            key = cell[0].id
            typed = drafts.get(key, ())
            state = _state(answer, left_out=target in row.untranslated)
            previous = None
            if state == SegmentState.STALE and any(s.previous_text for s in cell):
                previous = " ".join(s.previous_text or s.text for s in cell)
            last = max(answer, key=lambda s: s.updated_at, default=None)
            found.append(
                TranslationRow(
                    place, key, _join(cell), _join(answer), state, _token(answer), cell[0].kind, cell[0].level,
                    cell[0].block, previous,
                    next((text for by, text in typed if by == self.author), None),
                    tuple((by, text) for by, text in typed if by != self.author),
                    {
                        language: _join([segments[language][n] for n in row.cells[c] if n in segments[language]])
                        for language, c in other.items()
                        if language != target and row.cells[c]
                    },
                    last.updated_by if last else "", last.updated_at if last else "",
                )
            )  # fmt: skip
        return found

    def save_draft(self, slug: str, target: str, key: int, draft: str) -> None:
        """Keep what is typed for a row without confirming it; an empty draft forgets it."""
        text = self.store.texts.get(slug)
        self._check_size(draft)
        self.store.texts.put_draft(text.id, normalise_code(target), key, draft, self.now(), self.author)

    def confirm(
        self,
        slug: str,
        target: str,
        key: int,
        translation: str,
        *,
        token: str | None = None,
        source: str | None = None,
        propagate: bool = True,
    ) -> Confirmation:
        """Confirm a row's translation: it is stored, enters the memory, and fills identical rows that have none.

        Args:
            key: The row, by :attr:`TranslationRow.key`.
            translation: The target text; inline codes as in the source.
            token: :attr:`TranslationRow.token` as seen; ``None`` overwrites whatever is there.

        Raises:
            ConflictError: somebody confirmed another translation meanwhile; the message holds theirs.
            UsageError: the translation is empty, too long, or the row is gone.
        """
        translation = clean(translation)
        if not translation:
            raise UsageError("There is nothing to confirm: type a translation, or mark the row as left out.")
        self._check_size(translation)
        self.begin(slug, target, source)
        text, target = self.store.texts.get(slug), normalise_code(target)
        at = self.now()
        with self.store.database.write() as connection:
            work = _Work(self, connection, text, target, source, at)
            place = work.place_of(key)
            answer = work.answer(place)
            seen = _token(answer)
            if token is not None and token != seen and _join(answer) != translation:
                by = max(answer, key=lambda s: s.updated_at).updated_by if answer else "Somebody"
                raise ConflictError(f"{by} changed this row meanwhile. It now reads: {_join(answer) or '(nothing)'}")
            work.write(place, translation)
            same = [place]
            if propagate:
                wanted = work.source_text(place)
                for other in work.places():
                    if other != place and work.source_text(other) == wanted and not work.answer(other):
                        work.write(other, translation)
                        same.append(other)
            work.finish(key)
        self.memory.learn_translations(text, work.learnt(same))
        return Confirmation(key, len(same) - 1)

    def leave_out(self, slug: str, target: str, key: int, *, source: str | None = None) -> None:
        """Mark a row as left out on purpose in the target language, or take that mark back.

        Raises:
            UsageError: the row has a translation.
        """
        self.begin(slug, target, source)
        text, target = self.store.texts.get(slug), normalise_code(target)
        with self.store.database.write() as connection:
            work = _Work(self, connection, text, target, source, self.now())
            place = work.place_of(key)
            if work.answer(place):
                raise UsageError("This row has a translation: remove it in the grid before leaving the row out.")
            work.grid = work.grid.detach(place, target)
            work.changed = True
            work.finish(key)

    def publish(self, slug: str, language: str) -> None:
        """Say that a version is finished.

        Raises:
            UsageError: segments are still missing or stale; the message says how many.
        """
        view = self.view(slug, language)
        if view.open_places:
            raise UsageError(f"{len(view.open_places)} segments of the {language} version are still to be done.")
        text = self.store.texts.get(slug)
        with self.store.database.write() as connection:
            versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
            values = {"state": VersionState.PUBLISHED.value}
            self.store.texts.change_version(connection, versions[language].id, values, self.now(), self.author)

    def history(self, slug: str, target: str, key: int) -> list[tuple[str, str, str, str]]:
        """Return what a row's first target segment said before, last first: (text, state, at, by)."""
        text = self.store.texts.get(slug)
        stored = self.store.grids.get(text.id)
        if stored is None or target not in stored.grid.languages:
            return []
        for row in stored.grid.rows:
            if any(key in cell for cell in row.cells):
                cell = row.cells[stored.grid.column(target)]
                return self.store.texts.history(cell[0]) if cell else []
        return []

    def _check_size(self, text: str) -> None:
        if len(text) > MAX_SEGMENT_CHARACTERS:
            raise UsageError(
                f"This translation has {len(text):,} characters; a segment takes {MAX_SEGMENT_CHARACTERS:,} at most. "
                "Was a whole document pasted?"
            )


class _Work:
    """One write on a version in translation: the grid and segments as they stand inside the transaction."""

    def __init__(
        self,
        service: TranslationService,
        connection: Connection,
        text: StoredText,
        target: str,
        source: str | None,
        at: str,
    ) -> None:
        self.store, self.author = service.store, service.author
        self.connection, self.text, self.target, self.at = connection, text, target, at
        versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
        self.source = _source(text, versions, target, source)
        self.version = versions[target]
        stored = self.store.grids.get_in(connection, text.id)
        if stored is None:
            raise UsageError(f"“{text.title}” has no grid.")
        self.grid = stored.grid
        self.segments = {
            language: {s.id: s for s in self.store.texts.segments_in(connection, version.id)}
            for language, version in versions.items()
        }
        self.changed = False

    def place_of(self, key: int) -> int:
        try:
            return self.grid.find(self.source, key)
        except UsageError:
            raise UsageError("This row is no longer in the text: reload the page.") from None

    def places(self) -> list[int]:
        column = self.grid.column(self.source)
        return [place for place, row in enumerate(self.grid.rows) if row.cells[column]]

    def source_text(self, place: int) -> str:
        cell = self.grid.rows[place].cells[self.grid.column(self.source)]
        return _join([self.segments[self.source][n] for n in cell])

    def answer(self, place: int) -> list[StoredSegment]:
        cell = self.grid.rows[place].cells[self.grid.column(self.target)]
        return [self.segments[self.target][n] for n in cell]

    def write(self, place: int, translation: str) -> None:
        """Put a translation into a row, keeping the target's own cuts where their number still fits."""
        answer = self.answer(place)
        done = SegmentState.TRANSLATED.value
        if not answer:
            self._insert(place, translation)
            return
        pieces = [translation]
        if len(answer) > 1:
            pieces = split_sentences(translation, self.target)
            if len(pieces) != len(answer):
                pieces = [translation]
        for segment, piece in zip(answer, pieces, strict=False):
            if segment.text != piece or segment.state.value != done:
                self.store.texts.change_segment(
                    self.connection, segment.id, {"text": piece, "state": done}, self.at, self.author
                )
                self.segments[self.target][segment.id] = replace(
                    segment, text=piece, state=SegmentState.TRANSLATED, revision=segment.revision + 1,
                    updated_at=self.at, updated_by=self.author,
                )  # fmt: skip
        if extra := answer[len(pieces) :]:
            self._replace_cell(place, tuple(s.id for s in answer[: len(pieces)]))
            self.store.texts.remove_segments(self.connection, [s.id for s in extra])
            for segment in extra:
                del self.segments[self.target][segment.id]

    def _insert(self, place: int, translation: str) -> None:
        column = self.grid.column(self.source)
        model = self.segments[self.source][self.grid.rows[place].cells[column][0]]
        values = {
            "position": 0, "block": model.block, "kind": model.kind.value, "level": model.level,
            "text": translation, "state": SegmentState.TRANSLATED.value,
        }  # fmt: skip
        number = self.store.texts.add_segments(self.connection, self.version.id, [values], self.at, self.author)[0]
        self.segments[self.target][number] = StoredSegment(
            number, 0, translation, model.kind, model.block, model.level, SegmentState.TRANSLATED,
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

    def finish(self, key: int) -> None:
        """Store the grid if its cells changed, number the target's segments in the order of the rows."""
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
        old = sorted((s for s in own.values() if s.revision > 1 or s.position or s.updated_at != self.at),
                     key=lambda s: s.position)  # fmt: skip
        result = [s.id for s in old]
        known = set(result)
        blocks = {s.id: s.block for s in old}
        for place, number in enumerate(ordered):
            if number in known:
                continue
            before = next((n for n in reversed(ordered[:place]) if n in known), None)
            at = result.index(before) + 1 if before is not None else 0
            result.insert(at, number)
            blocks[number] = blocks[before] if before is not None else (blocks[result[1]] if len(result) > 1 else 0)
            known.add(number)
        places = [(n, place, blocks[n]) for place, n in enumerate(result)]
        self.store.texts.place_segments(self.connection, places)

    def learnt(self, places: Sequence[int]) -> list[dict[str, str]]:
        """Return what the memory learns of rows: by language the text, of all languages that answer it freshly."""
        found = []
        for place in places:
            row = self.grid.rows[place]
            unit = {}
            for language, cell in zip(self.grid.languages, row.cells, strict=True):
                segments = [self.segments[language][n] for n in cell]
                if segments and all(s.state in (SegmentState.TRANSLATED, SegmentState.REVIEWED) for s in segments):
                    unit[language] = _join(segments)
            found.append(unit)
        return found


def _source(text: StoredText, versions: Mapping[str, StoredVersion], target: str, source: str | None) -> str:
    """Return the language to translate from: the one asked for, the original, or the first there is."""
    if source is not None:
        if source not in versions:
            raise UsageError(f"“{text.title}” has no version in {source} to translate from.")
        if source == target:
            raise UsageError("Source and target are the same language: choose two.")
        return source
    candidates = [text.original, *sort_languages(versions)]
    for language in candidates:
        if language in versions and language != target:
            return language
    raise UsageError(f"“{text.title}” has nothing but its {target} version: there is nothing to translate from.")


def _with_column(grid: Grid, language: str) -> Grid:
    rows = tuple(replace(row, cells=(*row.cells, ())) for row in grid.rows)
    return sort_columns(Grid((*grid.languages, language), rows))


def _append_alone(grid: Grid, language: str, numbers: Sequence[int]) -> Grid:
    column, width = grid.column(language), len(grid.languages)
    alone = tuple(Row(tuple((n,) if c == column else () for c in range(width))) for n in numbers)
    return Grid(grid.languages, grid.rows + alone)


def _join(segments: Sequence[StoredSegment]) -> str:
    return " ".join(segment.text for segment in segments)


def _token(answer: Sequence[StoredSegment]) -> str:
    return ",".join(f"{segment.id}.{segment.revision}" for segment in answer)


def _state(answer: Sequence[StoredSegment], *, left_out: bool) -> str:
    if not answer:
        return "left out" if left_out else "missing"
    for state in (SegmentState.STALE, SegmentState.DRAFT, SegmentState.TRANSLATED):
        if any(segment.state is state for segment in answer):
            return state.value
    return SegmentState.REVIEWED.value
