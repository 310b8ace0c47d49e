"""Translating: the rows of a text's grid as source and target, drafts that are never lost, confirming, propagating."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.core.grid import Grid, Row, sort_columns
from workbench.core.languages import LANGUAGES, normalise_code, sort_languages
from workbench.core.library import (
    Comment,
    DeskStep,
    StoredDraft,
    StoredSegment,
    StoredText,
    StoredVersion,
    VersionState,
)
from workbench.core.people import Right
from workbench.core.texts import BlockKind, SegmentState, clean
from workbench.errors import ConflictError, Sentence, UsageError, mark
from workbench.services.alignment_service import row_key
from workbench.services.memory_service import MemoryService
from workbench.services.rights import OPEN, Guard, needs
from workbench.services.text_memory import desk_source
from workbench.services.translation_work import (
    TranslationWork,
    begun_over,
    check_size,
    filled_by,
    join_segments,
    row_state,
    source_language,
    target_token,
)
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


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
        draft_base: :attr:`token` as it was when they began; another than it is now where the target changed since.
        others_draft: (who, text) of drafts other people have on the row.
        kind, level, block: Of the first source segment.
        references: The same row in the remaining languages.
        comments: On its segments, oldest first, the settled ones too.
        repeats: The step in which confirming an identical row filled this one, until somebody confirms it here too.
        target_block: Block of the first target segment, ``None`` where there is none.
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
    draft_base: str | None = None
    others_draft: tuple[tuple[str, str], ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    changed_by: str = ""
    changed_at: str = ""
    comments: tuple[Comment, ...] = ()
    target_block: int | None = None
    repeats: DeskStep | None = None

    @property
    def done(self) -> bool:
        """True when nothing is left to do here."""
        return self.state in (SegmentState.TRANSLATED, SegmentState.REVIEWED, "left out")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a row's target said at some time, in which state, since when and by whom."""

    text: str
    state: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class TranslationView:
    """A text opened for translation from one language into another.

    Attributes:
        state: ``"missing"`` or a :class:`VersionState` value of the target.
        unaligned: Segments of the target that stand in no row with the source: aligning comes before translating.
    """

    text: StoredText
    source: str
    target: str
    rows: tuple[TranslationRow, ...]
    state: str = "missing"
    unaligned: int = 0

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
        guard: What the person at work may do.
    """

    def __init__(
        self, *, store: Store, memory: MemoryService, now: Callable[[], str], author: str, guard: Guard = OPEN
    ) -> None:
        self.store = store
        self.memory = memory
        self.now = now
        self.author = author
        self.guard = guard

    def choices(self, slug: str) -> list[str]:
        """Return the languages a text can be translated into: the four, and those it has beyond them."""
        text = self.store.texts.get(slug)
        have = {v.language for v in self.store.texts.versions(text.id)}
        bases = {code.partition("-")[0] for code in have}
        return sort_languages(have | {code for code in LANGUAGES if code not in bases})

    @needs(Right.TRANSLATE)
    def begin(self, slug: str, target: str, source: str | None = None) -> None:
        """Make a text ready to be translated: a version in the target language, and its column of the grid.

        Raises:
                UsageError: source and target are the same, the text has no version in the source language, or the two
                were never aligned.
        """
        text, target = self.store.texts.get(slug), normalise_code(target)
        present = {v.language: v for v in self.store.texts.versions(text.id)}
        wanted = {source_language(text, present, target, source), target}
        if target in present and wanted <= set(self.store.grids.languages(text.id)):
            return  # as nearly always: nobody waits for a write then
        at = self.now()
        with self.store.database.write() as connection:
            versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
            origin = source_language(text, versions, target, source)
            if target not in versions:
                values = {
                    "text_id": text.id, "language": target, "state": VersionState.IN_TRANSLATION.value,
                    "file_name": "", "format": versions[origin].format, "original_sha256": None,
                }  # fmt: skip
                self.store.texts.add_version(connection, values, at, self.author)
                self.store.texts.change(connection, text.id, {}, at)
            stored = self.store.grids.get_in(connection, text.id)
            if stored is None and self._has_segments(connection, versions.get(target)):
                raise UsageError(
                    "The {target} version of “{title}” is not aligned with its {origin} version yet: "
                    "align them first, then translate what is missing.",
                    target=target,
                    title=text.title,
                    origin=origin,
                )
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
        with self.store.database.snapshot():
            return self._view(slug, normalise_code(target), source)

    def _view(self, slug: str, target: str, source: str | None) -> TranslationView:
        text = self.store.texts.get(slug)
        versions = {v.language: v for v in self.store.texts.versions(text.id)}
        origin = source_language(text, versions, target, source)
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
        drafts: dict[int, list[StoredDraft]] = {}
        for draft in self.store.texts.drafts(text.id, target):
            drafts.setdefault(draft.segment, []).append(draft)
        comments = self.store.desk.comments(text.id, target)
        repeats: dict[int, DeskStep] = {}
        for step in self.store.desk.steps(text.id, target, "propagate"):
            repeats.update((key, step) for key, *_ in step.changes["rows"])
        found = self._rows(grid, origin, target, segments, drafts, comments, repeats)
        state = versions[target].state.value if target in versions else "missing"
        return TranslationView(text, origin, target, tuple(found), state, _unaligned(grid, origin, target, segments))

    def _rows(
        self,
        grid: Grid,
        source: str,
        target: str,
        segments: Mapping[str, Mapping[int, StoredSegment]],
        drafts: Mapping[int, Sequence[StoredDraft]],
        comments: Sequence[Comment],
        repeats: Mapping[int, DeskStep],
    ) -> list[TranslationRow]:
        column = grid.column(source)
        other = {language: grid.column(language) for language in grid.languages if language != source}
        order = {number: segment.position for number, segment in segments[source].items()}
        chosen = [row for row in grid.rows if row.cells[column] and row.cells[column][0] in order]
        chosen.sort(key=lambda row: order[row.cells[column][0]])
        said: dict[int, list[Comment]] = {}
        for comment in comments:
            said.setdefault(comment.segment, []).append(comment)
        found = []
        for place, row in enumerate(chosen):
            cell = [segments[source][n] for n in row.cells[column] if n in segments[source]]
            answer = [segments[target][n] for n in row.cells[other[target]]] if target in other else []
            key = cell[0].id
            typed = drafts.get(key, ())
            own = next((draft for draft in typed if draft.by == self.author), None)
            state = row_state(answer, left_out=target in row.untranslated)
            previous = None
            if state == SegmentState.STALE and any(s.previous_text for s in cell):
                previous = " ".join(s.previous_text or s.text for s in cell)
            last = max(answer, key=lambda s: s.updated_at, default=None)
            found.append(
                TranslationRow(
                    place, key, join_segments(cell), join_segments(answer), state, target_token(answer),
                    cell[0].kind, cell[0].level, cell[0].block, previous,
                    own.text if own else None,
                    begun_over(own, answer) if own else None,
                    tuple((draft.by, draft.text) for draft in typed if draft.by != self.author),
                    {
                        language: join_segments([segments[language][n] for n in row.cells[c]])
                        for language, c in other.items()
                        if language != target and row.cells[c]
                    },
                    last.updated_by if last else "", last.updated_at if last else "",
                    tuple(c for s in cell for c in said.get(s.id, ())),
                    answer[0].block if answer else None,
                    filled_by(repeats.get(key), answer),
                )
            )  # fmt: skip
        return found

    @needs(Right.TRANSLATE)
    def save_draft(self, slug: str, target: str, key: int, draft: str, *, base: str | None = None) -> None:
        """Keep what is typed for a row without confirming it; an empty draft forgets it.

        Args:
            base: :attr:`TranslationRow.token` as it was when the person began to type, ``None`` if that is not known.
        """
        text = self.store.texts.get(slug)
        check_size(draft)
        self.store.texts.put_draft(text.id, normalise_code(target), key, draft, self.now(), self.author, base)

    @needs(Right.TRANSLATE)
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
        check_size(translation)
        self.begin(slug, target, source)
        text, target = self.store.texts.get(slug), normalise_code(target)
        at = self.now()
        taken = {draft.segment for draft in self.store.texts.drafts(text.id, target)}
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, at, self.author)
            place = work.place_of(key)
            answer = work.answer(place)
            if token is not None and token != target_token(answer) and join_segments(answer) != translation:
                by = max(answer, key=lambda s: s.updated_at).updated_by if answer else Sentence(mark("Somebody"))
                raise ConflictError(
                    "{by} changed this row meanwhile. It now reads: {answer}",
                    by=by,
                    answer=join_segments(answer) or "–",
                )
            twins = work.twins(place, taken) if propagate else []
            work.keep_step("propagate", [work.before(twin, translation) for twin in twins])
            same = [place, *twins]
            learnt_before = _in_memory(work.grid, place) if answer else None
            for each in same:
                work.write(each, translation, again=True)
            work.finish([key])
            if twins:
                words = len(translation.split()) * len(twins)
                self.store.figures.note_saved(connection, at[:10], "repeated", words, len(twins))
            units = work.learnt(same)
        self.memory.learn(units, source=desk_source(text), reviewed=True)
        if learnt_before is not None:  # the grid taught it what the row said before, which nobody is to be offered now
            name = row_key(work.grid.rows[place], work.grid.languages)
            if name != learnt_before:
                self.memory.retract_rows(text.slug, [learnt_before])
            self.memory.learn_rows(text, work.grid, {name: place}, work.segments)
        return Confirmation(key, len(same) - 1)

    @needs(Right.TRANSLATE)
    def leave_out(self, slug: str, target: str, key: int, *, out: bool = True, source: str | None = None) -> None:
        """Mark a row as left out on purpose in the target language, or with ``out=False`` take that mark back.

        Raises:
            UsageError: the row that is to be left out has a translation.
        """
        self.begin(slug, target, source)
        text, target = self.store.texts.get(slug), normalise_code(target)
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, self.now(), self.author)
            place = work.place_of(key)
            if (target in work.grid.rows[place].untranslated) == out:
                return
            if work.answer(place):
                raise UsageError("This row has a translation: remove it in the grid before leaving the row out.")
            work.grid = work.grid.detach(place, target)
            work.changed = True
            work.finish([key])

    @needs(Right.TRANSLATE)
    def fill(self, slug: str, target: str, translations: Mapping[int, str], *, source: str | None = None) -> int:
        """Put translations into rows that have none, to be confirmed one by one; the memory learns nothing of them.

        Args:
            translations: By :attr:`TranslationRow.key`. Rows that got a translation or a draft meanwhile, were left
                out or are gone are skipped.

        Returns:
            How many rows were filled.
        """
        self.begin(slug, target, source)
        text, target = self.store.texts.get(slug), normalise_code(target)
        taken = {draft.segment for draft in self.store.texts.drafts(text.id, target)}
        filled: list[list[int | str | None]] = []
        words = 0
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, self.now(), self.author)
            column = work.grid.column(work.source)
            for place in work.places():
                row = work.grid.rows[place]
                translation = clean(translations.get(row.cells[column][0], ""))
                check_size(translation)
                free = target not in row.untranslated and row.cells[column][0] not in taken
                if translation and free and not work.answer(place):
                    filled.append(work.before(place, translation))
                    words += len(translation.split())
                    work.write(place, translation, SegmentState.DRAFT)
            work.keep_step("fill", filled)
            work.finish()
            if filled:
                self.store.figures.note_saved(connection, self.now()[:10], "filled", words, len(filled))
        return len(filled)

    @needs(Right.REVISE)
    def publish(self, slug: str, language: str) -> None:
        """Say that a version is finished.

        Raises:
            UsageError: segments are still missing or stale; the message says how many.
        """
        view = self.view(slug, language)
        if view.state == "missing":
            raise UsageError(
                "“{title}” has no {language} version to publish.", title=view.text.title, language=language
            )
        if view.open_places:
            raise UsageError(
                "{n} segments of the {language} version are still to be done.",
                n=len(view.open_places),
                language=language,
            )
        text = self.store.texts.get(slug)
        with self.store.database.write() as connection:
            versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
            values = {"state": VersionState.PUBLISHED.value}
            self.store.texts.change_version(connection, versions[language].id, values, self.now(), self.author)

    def history(self, slug: str, target: str, key: int) -> list[Earlier]:
        """Return what a row's target said before, last first; where it has several segments, all of them at a time."""
        text, target = self.store.texts.get(slug), normalise_code(target)
        stored = self.store.grids.get(text.id)
        if stored is None or target not in stored.grid.languages:
            return []
        row = next((row for row in stored.grid.rows if any(key in cell for cell in row.cells)), None)
        version = next((v for v in self.store.texts.versions(text.id) if v.language == target), None)
        if row is None or version is None:
            return []
        now = {s.id: s for s in self.store.texts.segments(version.id)}
        cell = [now[number] for number in row.cells[stored.grid.column(target)] if number in now]
        # Each segment's states in time, oldest first, the one of today last.
        lives = [
            [*(Earlier(*entry) for entry in reversed(self.store.texts.history(s.id))),
             Earlier(s.text, s.state.value, s.updated_at, s.updated_by)]
            for s in cell
        ]  # fmt: skip
        found: list[Earlier] = []
        for at in sorted({entry.at for life in lives for entry in life}):
            then = [next((entry for entry in reversed(life) if entry.at <= at), None) for life in lives]
            there = [entry for entry in then if entry is not None]
            changed = max(there, key=lambda entry: entry.at)
            said = " ".join(entry.text for entry in there)
            if not found or found[-1].text != said:
                found.append(Earlier(said, changed.state, changed.at, changed.by))
        return found[-2::-1]

    def _has_segments(self, connection: Connection, version: StoredVersion | None) -> bool:
        return version is not None and bool(self.store.texts.segments_in(connection, version.id))


def _in_memory(grid: Grid, place: int) -> str | None:
    """Return the name under which the memory learnt a row from the grid, ``None`` if it has not."""
    row = grid.rows[place]
    known = (row.confirmed or row.accepted) and sum(map(bool, row.cells)) > 1
    return row_key(row, grid.languages) if known else None


def _with_column(grid: Grid, language: str) -> Grid:
    rows = tuple(replace(row, cells=(*row.cells, ())) for row in grid.rows)
    return sort_columns(Grid((*grid.languages, language), rows))


def _append_alone(grid: Grid, language: str, numbers: Sequence[int]) -> Grid:
    column, width = grid.column(language), len(grid.languages)
    alone = tuple(Row(tuple((n,) if c == column else () for c in range(width))) for n in numbers)
    return Grid(grid.languages, grid.rows + alone)


def _unaligned(grid: Grid, source: str, target: str, segments: Mapping[str, Mapping[int, StoredSegment]]) -> int:
    """Count the target's segments that stand in no row with the source although a person has not said so."""
    if target not in segments:
        return 0
    if target not in grid.languages:
        return len(segments[target])
    a, b = grid.column(source), grid.column(target)
    return sum(
        len(row.cells[b]) for row in grid.rows if not row.cells[a] and not row.confirmed and not row.untranslated
    )
