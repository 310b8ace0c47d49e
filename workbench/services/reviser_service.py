"""A version on its way to a reviser and back: a bilingual Word document, and what was corrected in it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.core.languages import normalise_code
from workbench.core.library import Comment, Handout
from workbench.core.people import Right
from workbench.core.texts import SegmentState, clean
from workbench.errors import Sentence, UsageError, mark
from workbench.services.comment_service import MAX_COMMENT, CommentService
from workbench.services.rights import needs
from workbench.services.step_service import StepService
from workbench.services.translation_service import TranslationService, TranslationView
from workbench.services.translation_work import TranslationWork, join_segments
from workbench.store.store import Store

if TYPE_CHECKING:
    from workbench.formats.bilingual import BilingualRow


@dataclass(frozen=True, slots=True)
class Correction:
    """A segment that a reviser changed.

    Attributes:
        key, place: The row.
        source: What it says in the source.
        before: The translation the reviser was sent.
        after: What the reviser made of it.
        now: What it says now.
        conflict: Why it is not taken unless a person says so: ``"target"`` or ``"source"`` changed since the document
            was made; empty if nothing did.
    """

    key: int
    place: int
    source: str
    before: str
    after: str
    now: str
    conflict: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back from a reviser.

    Attributes:
        corrections: In the order of the text; those that stand in the version already are left out.
        remarks: (key, who, what) of comments that are new.
        unchanged: By key, (source, target) of rows that came back as they were sent and say the same now.
        known: The document is one that was sent; otherwise it is compared with what the version says now.
        notes: Sentences for the user about what was odd.
    """

    corrections: tuple[Correction, ...]
    remarks: tuple[tuple[int, str, str], ...] = ()
    unchanged: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    known: bool = True
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking corrections did: ``skipped`` segments were changed by somebody in the meantime."""

    corrected: int
    reviewed: int
    remarks: int
    skipped: int = 0


class ReviserService:
    """Documents for revisers.

    Args:
        store: Where what was sent is kept.
        translation: The versions; knows what the person at work may do.
        comments: Takes the reviser's remarks.
        steps: Keeps the memory in step.
        now: The clock.
        author: Who sends and takes.
    """

    def __init__(
        self,
        *,
        store: Store,
        translation: TranslationService,
        comments: CommentService,
        steps: StepService,
        now: Callable[[], str],
        author: str,
    ) -> None:
        self.store, self.translation, self.comments, self.steps = store, translation, comments, steps
        self.now, self.author = now, author
        self.guard = translation.guard

    def hand_out(self, slug: str, target: str, *, source: str | None = None) -> tuple[str, bytes]:
        """Write a version beside its source as a Word document, and remember what was sent.

        Returns:
            The file's name and bytes.

        Raises:
            UsageError: there is no such text, or nothing to translate from.
        """
        from workbench.formats.bilingual import BilingualRow, write_bilingual_docx

        view = self.translation.view(slug, target, source)
        rows = tuple((row.key, row.source, row.target, _said(row.comments)) for row in view.rows)
        code = f"wb-{secrets.token_hex(6)}"
        self.store.desk.add_handout(
            Handout(code, view.text.id, view.source, view.target, rows, self.now(), self.author)
        )
        table = [BilingualRow(str(n + 1), said, answer, note) for n, (_, said, answer, note) in enumerate(rows)]
        title = view.text.titles.get(view.target) or view.text.title
        data = write_bilingual_docx(table, source=view.source, target=view.target, title=title, code=code)
        return f"{slug}.{view.source}-{view.target}.docx", data

    def read(self, slug: str, target: str, data: bytes, name: str, *, source: str | None = None) -> Returned:
        """Compare a document that came back with what was sent and with what the version says now; nothing changes.

        Raises:
            FormatError: it is no Word document, or holds no such table.
            UsageError: it is of another text or language.
        """
        from workbench.formats.bilingual import BilingualRow, changed_rows, read_bilingual_docx

        back = read_bilingual_docx(data, name)
        handout = self.store.desk.handout(back.code) if back.code else None
        view = self.translation.view(slug, target, handout.source if handout else source)
        notes: list[Sentence] = list(back.warnings)
        self._check(view, handout, back.source, back.target)
        sent = handout.rows if handout else [(r.key, r.source, r.target, _said(r.comments)) for r in view.rows]
        if handout is None:
            notes.append(
                Sentence(
                    mark("This document does not say when it was made: it is compared with what the version says now.")
                )
            )
        known = [BilingualRow(str(n + 1), said, answer) for n, (_, said, answer, _note) in enumerate(sent)]
        plain = [BilingualRow(row.key, row.source, row.target) for row in back.rows]
        changed, refused = changed_rows(known, plain)
        notes += refused
        rows = {row.key: row for row in view.rows}
        corrections: list[Correction] = []
        for row in changed:
            number = int(row.key) - 1
            key, said, before, _note = sent[number]
            now = rows.get(key)
            if now is None:
                notes.append(
                    Sentence(
                        mark("Row {row} is no longer in the text: its correction was not taken."), {"row": row.key}
                    )
                )
            elif not clean(row.target):
                notes.append(Sentence(mark("Row {row} came back empty: its translation stays."), {"row": row.key}))
            elif clean(row.target) != now.target:
                conflict = "source" if now.source != said else "target" if now.target != before else ""
                corrections.append(
                    Correction(key, now.place, now.source, before, clean(row.target), now.target, conflict)
                )
        moved = {row.key for row in changed}
        came = {row.key for row in back.rows}
        same = {
            key: (said, before)
            for n, (key, said, before, _note) in enumerate(sent)
            if str(n + 1) in came and str(n + 1) not in moved and before and key in rows
            and (rows[key].source, rows[key].target) == (said, before)
        }  # fmt: skip
        corrections.sort(key=lambda c: c.place)
        remarks = self._remarks(back.rows, sent, rows, name)
        return Returned(tuple(corrections), tuple(remarks), same, handout is not None, tuple(notes))

    def _check(self, view: TranslationView, handout: Handout | None, source: str | None, target: str | None) -> None:
        if handout is not None and handout.text_id != view.text.id:
            raise UsageError("This document is not of “{title}”: open the text it was made of.", title=view.text.title)
        languages = (handout.source, handout.language) if handout else (source, target)
        if None not in languages and languages != (view.source, view.target):
            raise UsageError(
                "This document goes from {source} into {target}, not from {own_source} into {own_target}: choose "
                "these languages first.",
                source=languages[0],
                target=languages[1],
                own_source=view.source,
                own_target=view.target,
            )

    def _remarks(
        self,
        back: Iterable[BilingualRow],
        sent: Sequence[tuple[int, str, str, str]],
        rows: Collection[int],
        name: str,
    ) -> list[tuple[int, str, str]]:
        found: dict[tuple[int, str, str], None] = {}
        for row in back:
            if not row.key.isdecimal() or not 0 < int(row.key) <= len(sent):
                continue
            key, _source, _target, note = sent[int(row.key) - 1]
            if key not in rows:
                continue
            said = row.note.removeprefix(note).strip() if note else row.note
            for who, what in ((name, said), *row.remarks):
                if what:
                    found[(key, who or name, what[:MAX_COMMENT])] = None
        return list(found)

    @needs(Right.TRANSLATE)
    def take(
        self,
        slug: str,
        target: str,
        corrections: Sequence[Correction],
        *,
        reviewed: Mapping[int, tuple[str, str]] | None = None,
        remarks: Sequence[tuple[int, str, str]] = (),
        source: str | None = None,
    ) -> Taken:
        """Take corrections over as reviewed translations, as one step that can be taken back.

        Args:
            corrections: Those of :meth:`read` that a person accepts, the conflicting ones too if they are among them.
            reviewed: Rows that the reviser left as they were, :attr:`Returned.unchanged`: they count as reviewed too.
            remarks: Comments to keep.

        Returns:
            How many; a segment that changed since :meth:`read` is skipped.
        """
        text, target = self.store.texts.get(slug), normalise_code(target)
        self.translation.begin(slug, target, source)
        wanted = {c.key: (c.source, c.now, c.after) for c in corrections}
        left = {key: (said, answer, answer) for key, (said, answer) in (reviewed or {}).items()}
        done: list[int] = []
        marked: list[int] = []
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, self.now(), self.author)
            changes = []
            for key, (said, seen, after) in {**left, **wanted}.items():
                try:
                    place = work.place_of(key)
                except UsageError:
                    continue
                if (work.source_text(place), join_segments(work.answer(place))) != (said, seen) or not after:
                    continue
                state = work.before(place, after)
                if state[2] == SegmentState.STALE.value and key not in wanted:
                    continue  # what the original says now, the reviser has not seen
                if key in wanted or state[2] != SegmentState.REVIEWED.value:
                    changes.append(state)
                    work.write(place, after, SegmentState.REVIEWED)
                    (done if key in wanted else marked).append(key)
            work.keep_step("revise", changes)
            work.finish(done)
        self.steps.remember(text, target, work.source, [*done, *marked], learn=[*done, *marked])
        kept = self.comments.take(slug, target, remarks)
        return Taken(len(done), len(marked), kept, len(wanted) - len(done))


def _said(comments: Iterable[Comment]) -> str:
    return " / ".join(f"{c.by}: {c.body}" for c in comments if c.open)
