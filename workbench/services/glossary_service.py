"""The glossary as pages and commands use it: looking up, editing with history, bringing in and taking out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.core.glossary_check import Problem, check_concepts
from workbench.core.glossary_merge import merge_concept
from workbench.core.languages import LANGUAGES, base_language
from workbench.core.people import Right
from workbench.core.recognition import Recogniser
from workbench.core.terms import (
    Concept,
    ConceptConflictError,
    GlossaryExport,
    GlossaryFile,
    StoredConcept,
    Term,
    tidy,
)
from workbench.errors import Sentence, UsageError
from workbench.services.collecting import no_collecting
from workbench.services.rights import OPEN, Guard, needs
from workbench.store.glossary import ConceptChange, TermProposal
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

GLOSSARY_NAME = "international-action"
MAX_EXAMPLE = 2000  # characters of the sentence kept with a proposal

# By database and language, with the state of the glossary they were made of. A process serves one workspace.
_RECOGNISERS: dict[tuple[str, str], tuple[int, Recogniser]] = {}


class ImportKind(StrEnum):
    """What an imported concept would do to the glossary."""

    NEW = "new"
    SAME = "same"
    CHANGED = "changed"
    """Only adds to what the glossary says, or replaces what nobody here has touched."""
    CONFLICTING = "conflicting"
    """Contradicts what somebody here has written."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One concept of an import, before it is decided.

    Attributes:
        concept: The concept as it would be after the import.
        kind: What that means.
        current: What stands in the glossary now.
        differences: Sentences naming what would change.
    """

    concept: Concept
    kind: ImportKind
    current: StoredConcept | None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a file would bring: nothing is kept before :meth:`GlossaryService.apply_import`."""

    name: str
    rows: tuple[ImportRow, ...]
    warnings: tuple[Sentence, ...] = ()

    def of(self, kind: ImportKind) -> tuple[ImportRow, ...]:
        """Return the rows of one kind."""
        return tuple(row for row in self.rows if row.kind is kind)


class GlossaryService:
    """The workspace's glossary.

    Args:
        store: Where it is kept.
        now: The clock: an ISO 8601 time in UTC.
        author: Who changes are attributed to.
        guard: What the person at work may do.
    """

    def __init__(self, *, store: Store, now: Callable[[], str], author: str, guard: Guard = OPEN) -> None:
        self.store = store
        self.now = now
        self.author = author
        self.guard = guard

    # Looking up ----------------------------------------------------------------------------------------------

    def state(self) -> int:
        """Return a number that grows with each change of the glossary."""
        return self.store.glossary.state()

    def all(self) -> Sequence[StoredConcept]:
        """Return every concept, by id."""
        return self.store.glossary.all()

    def concepts(self) -> Sequence[Concept]:
        """Return every concept without its stored particulars, by id."""
        return [stored.concept for stored in self.all()]

    def list(
        self,
        *,
        query: str = "",
        language: str | None = None,
        domain: str | None = None,
        letter: str | None = None,
        statuses: Sequence[str] = (),
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[Sequence[StoredConcept], int]:
        """Return one page of concepts and their number in all.

        Args:
            query: Part of a term in any language, with or without accents, or a concept id.
            language: Sort, first letters and search in this language only.
            domain, letter, statuses: Filters; ``letter="#"`` is all that begins with no letter.
            limit, offset: The page.
        """
        return self.store.glossary.find(
            query=query, language=language, domain=domain, letter=letter, statuses=statuses, limit=limit, offset=offset
        )

    def search(self, query: str, *, language: str | None = None, limit: int = 50) -> Sequence[StoredConcept]:
        """Return concepts with a term that contains ``query``: equal terms first, then beginnings, then the rest."""
        if not query.strip():
            return []
        return self.store.glossary.find(query=query, language=language, limit=limit)[0]

    def get(self, identity: str) -> StoredConcept:
        """Return a concept.

        Raises:
            UsageError: there is none of that id.
        """
        stored = self.store.glossary.get(identity)
        if stored is None:
            raise UsageError("There is no concept “{identity}” in the glossary.", identity=identity)
        return stored

    def letters(self, language: str, domain: str | None = None) -> Mapping[str, int]:
        """Return the first letters in use in a language with their numbers of concepts."""
        return self.store.glossary.letters(language, domain)

    def domains(self) -> Mapping[str, int]:
        """Return the subject fields with their numbers of concepts."""
        return self.store.glossary.domains()

    def recogniser(self, language: str) -> Recogniser:
        """Return the recogniser of a language's terms; it is kept until the glossary changes."""
        base = base_language(language)
        key = (self.store.database.url, base)
        state = self.state()
        kept = _RECOGNISERS.get(key)
        if kept is None or kept[0] != state:
            kept = (state, Recogniser(self.concepts(), base))
            _RECOGNISERS[key] = kept
        return kept[1]

    def check(self) -> Sequence[Problem]:
        """Return what a terminologist has to mend in the glossary."""
        return check_concepts(self.concepts())

    # Editing -------------------------------------------------------------------------------------------------

    @needs(Right.TERMS)
    def save(self, concept: Concept, revision: int | None) -> StoredConcept:
        """Keep a concept as it was edited.

        Args:
            concept: All of it.
            revision: That on which the edit was made; ``None`` for a new concept.

        Raises:
            ConceptConflictError: it was changed or deleted meanwhile, or a new one's id exists; both versions are in
                the error.
        """
        with self.store.database.write() as connection:
            current = self._expect(connection, concept, concept.id, revision)
            if current is None or current.concept != concept:
                self.store.glossary.put(
                    connection, [concept], operation="edit" if current else "create", batch="",
                    at=self.now(), by=self.author,
                )  # fmt: skip
            stored = self.store.glossary.get_in(connection, concept.id)
        assert stored is not None
        return stored

    @needs(Right.TERMS)
    def delete(self, identity: str, revision: int) -> None:
        """Delete a concept; its history stays and the deletion can be undone.

        Raises:
            ConceptConflictError: it was changed or deleted meanwhile.
        """
        with self.store.database.write() as connection:
            self._expect_seen(connection, identity, revision)
            self.store.glossary.remove(
                connection, [identity], operation="delete", batch="", at=self.now(), by=self.author
            )

    @needs(Right.TERMS)
    def rename(self, identity: str, new: str, revision: int) -> StoredConcept:
        """Give a concept another id; concepts that name it as related follow.

        Raises:
            ConceptConflictError: it was changed meanwhile, or the new id is taken.
            UsageError: the new id is malformed.
        """
        with self.store.database.write() as connection:
            current = self._expect(connection, None, identity, revision)
            assert current is not None
            concept = Concept(new, current.concept.domain, current.concept.terms, current.concept.related)
            self._expect(connection, concept, new, None)
            following = [
                Concept(c.id, c.domain, c.terms, tuple(new if r == identity else r for r in c.related))
                for c in self.concepts()
                if identity in c.related and c.id != identity
            ]
            at, batch = self.now(), f"rename:{identity}"[:40]
            self.store.glossary.remove(connection, [identity], operation="rename", batch=batch, at=at, by=self.author)
            self.store.glossary.put(
                connection, [concept, *following], operation="rename", batch=batch, at=at, by=self.author
            )
            stored = self.store.glossary.get_in(connection, new)
        assert stored is not None
        return stored

    def _expect(
        self, connection: Connection, mine: Concept | None, identity: str, revision: int | None
    ) -> StoredConcept | None:
        current = self.store.glossary.get_in(connection, identity)
        if current is None and revision is None:
            return None
        if current is None:
            raise ConceptConflictError(
                "“{identity}” was deleted meanwhile. What you wrote is kept here: save it as a new "
"concept, or leave it deleted.", mine, None, identity=identity,
            )  # fmt: skip
        if revision is None:
            raise ConceptConflictError(
                "There is a concept “{identity}” already: give the new one another id, or add to the "
"old one.",
                mine, current, identity=identity,
            )  # fmt: skip
        if current.revision != revision:
            raise ConceptConflictError(
                "{who} changed “{identity}” meanwhile ({at}). Both versions are kept: compare them "
"and save again.", mine, current, who=current.updated_by, identity=identity, at=current.updated_at,
            )  # fmt: skip
        return current

    def _expect_seen(self, connection: Connection, identity: str, revision: int) -> None:
        """Refuse what was asked of another state than the last one; nothing was written that had to be kept."""
        current = self.store.glossary.get_in(connection, identity)
        last = self.store.glossary.last_change(connection, identity)
        if (current.revision if current else last.revision if last else None) == revision:
            return
        if last is None:
            raise UsageError("There is no concept “{identity}” in the glossary.", identity=identity)
        raise ConceptConflictError(
            "{who} changed “{identity}” meanwhile: look at what it says now and try again.", None, current,
            who=last.by, identity=identity,
        )  # fmt: skip

    def history(self, identity: str | None = None, *, limit: int = 100) -> Sequence[ConceptChange]:
        """Return the changes of one concept, or of all, the latest first."""
        return self.store.glossary.history(identity, limit=limit)

    @needs(Right.TERMS)
    def undo(self, identity: str, *, revision: int | None = None) -> StoredConcept | None:
        """Take back the last change of a concept that was not taken back yet.

        Args:
            revision: That of the last change the person saw; ``None`` takes back whatever is the last.

        Returns:
            The concept as it is now; ``None`` if the change that was taken back had created it.

        Raises:
            ConceptConflictError: it was changed or deleted since that revision.
            UsageError: there is nothing to undo.
        """
        with self.store.database.write() as connection:
            if revision is not None:
                self._expect_seen(connection, identity, revision)
            change = self.store.glossary.next_undo(connection, identity)
            if change is None:
                raise UsageError("There is nothing to undo in “{identity}”.", identity=identity)
            self._restore(connection, [change])
            return self.store.glossary.get_in(connection, identity)

    @needs(Right.TERMS)
    def undo_batch(self, batch: str) -> int:
        """Take back an import as a whole.

        Returns:
            The number of concepts restored; those edited since are left as they are.

        Raises:
            UsageError: there is no such import, or it was taken back already.
        """
        with self.store.database.write() as connection:
            changes = [c for c in self.store.glossary.batch(connection, batch) if not c.undone]
            current = self.store.glossary.get_many_in(connection, [c.concept_id for c in changes])
            untouched = [
                c for c in changes if (now := current.get(c.concept_id)) is not None and now.revision == c.revision
            ]
            if not untouched:
                raise UsageError("There is nothing to take back of that import.")
            self._restore(connection, untouched)
            return len(untouched)

    def _restore(self, connection: Connection, changes: Sequence[ConceptChange]) -> None:
        at = self.now()
        back = [c.before for c in changes if c.before is not None]
        gone = [c.concept_id for c in changes if c.before is None]
        self.store.glossary.put(connection, back, operation="undo", batch="", at=at, by=self.author)
        self.store.glossary.remove(connection, gone, operation="undo", batch="", at=at, by=self.author)
        self.store.glossary.mark_undone(connection, [c.id for c in changes])

    # Bringing in and taking out ------------------------------------------------------------------------------

    def seed(self, name: str, data: bytes) -> int:
        """Fill an empty glossary from a file and return the number of concepts; a glossary in use is left alone.

        Args:
            name: The file's name, for messages.
            data: The whole file.

        Raises:
            FormatError: the file cannot be read.
        """
        if self.store.glossary.ids():
            return 0
        from workbench.formats import glossary

        found = glossary.read(data, name)
        with self.store.database.write() as connection:
            if self.store.glossary.get_many_in(connection, [c.id for c in found.concepts[:1]]):
                return 0  # another process was faster
            self.store.glossary.put(
                connection, found.concepts, operation="seed", batch="seed", at=self.now(), by="workbench"
            )
        return len(found.concepts)

    def preview_import(self, data: bytes, name: str) -> ImportPreview:
        """Read a glossary file and compare it with the glossary.

        What a format cannot carry is left as it is: a PO file changes neither other languages nor, say, sources.

        Raises:
            FormatError: the file cannot be read.
        """
        from workbench.formats import glossary

        with no_collecting():
            return self.preview(glossary.read(data, name), name)

    def preview(self, found: GlossaryFile, name: str) -> ImportPreview:
        """Compare concepts that were read with the glossary."""
        current = self.store.glossary.get_many(c.id for c in found.concepts)
        rows = []
        for concept in found.concepts:
            stored = current.get(concept.id)
            if stored is None:
                rows.append(ImportRow(concept, ImportKind.NEW, None))
                continue
            merged = merge_concept(stored.concept, concept, fields=found.fields, languages=found.languages)
            if merged.concept == stored.concept:
                rows.append(ImportRow(stored.concept, ImportKind.SAME, stored))
                continue
            kind = ImportKind.CONFLICTING if merged.contradicts else ImportKind.CHANGED
            rows.append(ImportRow(merged.concept, kind, stored, merged.differences))
        return ImportPreview(name, tuple(rows), found.warnings)

    @needs(Right.TERMS)
    def apply_import(self, preview: ImportPreview, choose: Iterable[str] | None = None) -> str:
        """Keep the chosen concepts of a preview, all or none.

        Args:
            preview: What :meth:`preview_import` returned.
            choose: Ids; all new and changed ones, but no conflicting ones, unless given.

        Returns:
            The name under which :meth:`undo_batch` takes the import back.

        Raises:
            ConceptConflictError: one of the chosen was changed since the preview.
        """
        default = (ImportKind.NEW, ImportKind.CHANGED)
        chosen = {row.concept.id for row in preview.rows if row.kind in default} if choose is None else set(choose)
        rows = [row for row in preview.rows if row.concept.id in chosen and row.kind is not ImportKind.SAME]
        at = self.now()
        batch = "import:" + hashlib.sha256(f"{preview.name} {at} {len(rows)}".encode()).hexdigest()[:12]
        with no_collecting(), self.store.database.write() as connection:
            now = self.store.glossary.get_many_in(connection, [row.concept.id for row in rows])
            for row in rows:
                seen, stored = row.current, now.get(row.concept.id)
                if (seen.revision if seen else None) != (stored.revision if stored else None):
                    raise ConceptConflictError(
                        "“{concept}” was changed since the preview was made; nothing was imported. Look at a "
"new preview.", row.concept, stored, concept=row.concept.id,
                    )  # fmt: skip
            self.store.glossary.put(
                connection, [row.concept for row in rows], operation="import", batch=batch, at=at, by=self.author
            )
        return batch

    def export(
        self,
        format: str,
        *,
        pairs: Sequence[tuple[str, str]] | None = None,
        name: str = GLOSSARY_NAME,
        existing: Mapping[str, bytes] | None = None,
    ) -> GlossaryExport:
        """Make the files of a format.

        Args:
            format: ``po``, ``csv``, ``tbx`` and so on: a key of :data:`workbench.formats.glossary.WRITERS`.
            pairs: (source, target) languages, for formats that hold a pair a file; every pair unless given.
            name: The glossary's name, the first part of file names.
            existing: Files of an earlier export by name: translators' comments in them are kept.

        Raises:
            UsageError: there is no such format.
        """
        from workbench.formats import glossary

        stored = self.all()
        last = max((s.updated_at for s in stored), default="")
        return glossary.write(
            [s.concept for s in stored], format, name=name, date=last, existing=existing,
            pairs=pairs or [(a, b) for a in LANGUAGES for b in LANGUAGES if a != b],
        )  # fmt: skip

    # Proposals -----------------------------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def propose(
        self, language: str, text: str, *, concept: str = "", example: str = "", place: str = "", note: str = ""
    ) -> TermProposal:
        """Propose a term for the glossary; a terminologist decides (:mod:`workbench.services.proposal_service`).

        Args:
            language: The term's language.
            text: The words.
            concept: Id of the concept it may belong to; empty for a new one.
            example: The sentence it was found in.
            place: That sentence's page in the app, such as ``translate?text=x&to=es&row=3``.
            note: Anything to the terminologist.

        Returns:
            The proposal with its number; the one that waits already if somebody proposed the same words for the same
            concept.

        Raises:
            UsageError: the term is empty or too long, or there is no such concept.
        """
        term = Term(language, tidy(text))
        if concept:
            self.get(concept)
        for waiting in self.store.glossary.proposals(state="open"):
            if (waiting.language, waiting.text, waiting.concept_id) == (term.language, term.text, concept):
                return waiting
        values = {"language": term.language, "text": term.text, "concept_id": concept,
                  "example": tidy(example)[:MAX_EXAMPLE], "place": place, "note": note}  # fmt: skip
        return self.store.glossary.propose(values, self.now(), self.author)

    def proposals(self, *, state: str | None = "open") -> Sequence[TermProposal]:
        """Return proposals, the oldest first; ``state=None`` means all."""
        return self.store.glossary.proposals(state=state)
