"""Concepts, their history and proposed terms in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.languages import base_language
from workbench.core.terms import Concept, Status, StoredConcept, Term, TermType, fold
from workbench.store.database import Database
from workbench.store.glossary_schema import concept_history, concepts, term_proposals, terms

_CHUNK = 500  # values in one IN list; SQLite and PostgreSQL both take many more
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class ConceptChange:
    """An entry of a concept's history. ``before`` is ``None`` where it was made, ``after`` where it was deleted."""

    id: int
    concept_id: str
    operation: str
    batch: str
    revision: int
    before: Concept | None
    after: Concept | None
    undone: bool
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class TermProposal:
    """A term somebody or the extraction found.

    Attributes:
        concept_id: Where it may belong, and once it is accepted where it stands.
        example, place: The sentence it was found in, and that sentence's page in the app.
        note: Anything to the terminologist.
        state: ``open``, ``accepted`` or ``dismissed``.
        answer: Why it was refused.
    """

    id: int
    language: str
    text: str
    concept_id: str
    example: str
    place: str
    note: str
    state: str
    at: str
    by: str
    decided_at: str | None = None
    decided_by: str | None = None
    answer: str = ""


class GlossaryStore:
    """Queries over the glossary. Methods that take a connection run inside a service's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # Reading -------------------------------------------------------------------------------------------------

    def state(self) -> int:
        """Return a number that grows with each change of the glossary: what is derived from it is kept by this."""
        with self.database.read() as connection:
            return int(connection.execute(sa.select(sa.func.max(concept_history.c.id))).scalar() or 0)

    def all(self) -> list[StoredConcept]:
        """Return all concepts, by id."""
        with self.database.read() as connection:
            return [_stored(row) for row in connection.execute(sa.select(concepts).order_by(concepts.c.id))]

    def ids(self) -> set[str]:
        """Return the ids of all concepts."""
        with self.database.read() as connection:
            return set(connection.execute(sa.select(concepts.c.id)).scalars())

    def get(self, identity: str) -> StoredConcept | None:
        """Return a concept, ``None`` if there is none of that id."""
        with self.database.read() as connection:
            return self.get_in(connection, identity)

    def get_in(self, connection: Connection, identity: str) -> StoredConcept | None:
        """Return a concept, inside a transaction."""
        row = connection.execute(sa.select(concepts).where(concepts.c.id == identity)).first()
        return _stored(row) if row else None

    def get_many(self, identities: Iterable[str]) -> dict[str, StoredConcept]:
        """Return concepts by id; those that do not exist are left out."""
        with self.database.read() as connection:
            return self.get_many_in(connection, identities)

    def get_many_in(self, connection: Connection, identities: Iterable[str]) -> dict[str, StoredConcept]:
        """Return concepts by id, inside a transaction."""
        wanted = list(dict.fromkeys(identities))
        found: dict[str, StoredConcept] = {}
        for start in range(0, len(wanted), _CHUNK):
            query = sa.select(concepts).where(concepts.c.id.in_(wanted[start : start + _CHUNK]))
            found.update((row.id, _stored(row)) for row in connection.execute(query))
        return found

    def find(
        self,
        *,
        query: str = "",
        language: str | None = None,
        domain: str | None = None,
        letter: str | None = None,
        statuses: Sequence[str] = (),
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[StoredConcept], int]:
        """Return one page of concepts in the order of a language's terms, and how many there are in all.

        A concept stands where its preferred term does, unless a letter or a query found only another of its terms.

        Args:
            query: Part of a term in any language, or of an id; accents and case do not matter. Terms that begin
                with it come first.
            language: Language of sorting, of ``letter`` and, for a query, the only one searched.
            domain: Only of this subject field.
            letter: Only concepts with a term in ``language`` that begins with it; ``#`` is all that is no letter.
            statuses: Only concepts with a term of one of these.
            limit, offset: The page.
        """
        matching: list[sa.ColumnElement[bool]] = []
        wanted = fold(query.strip())
        if language:
            matching.append(_speaks(language))
        if wanted:
            # LIKE folds case once more for each row and is half as fast.
            place = (sa.func.instr if self.database.sqlite else sa.func.strpos)(terms.c.folded, wanted)
            matching.append(sa.or_(place > 0, terms.c.concept_id == query.strip()))
        if letter == "#":
            matching.append(~sa.func.substr(terms.c.folded, 1, 1).in_(list(_ALPHABET)))
        elif letter:
            matching.append(sa.func.substr(terms.c.folded, 1, len(letter)) == fold(letter))
        if statuses:
            matching.append(terms.c.status.in_(list(statuses)))
        # What is sought at the start of a term, then anywhere in it; then by the alphabet.
        begins = sa.func.substr(terms.c.folded, 1, len(wanted)) == wanted
        rank = sa.func.min(sa.case((terms.c.folded == wanted, 0), (begins, 1), else_=2)) if wanted else sa.literal(0)
        full = terms.c.type.not_in([kind.value for kind in TermType if kind.shortened])
        worth = sa.case(
            (sa.and_(full, terms.c.status == Status.PREFERRED.value), "0"),
            (sa.and_(full, terms.c.status == Status.ADMITTED.value), "1"),
            else_="2",
        )
        first = sa.func.min(worth + terms.c.folded)
        best = sa.select(terms.c.concept_id, rank, first).where(*matching).group_by(terms.c.concept_id)
        if domain:
            best = best.join(concepts, concepts.c.id == terms.c.concept_id).where(concepts.c.domain == domain)
        with self.database.read() as connection:
            rows = sorted(connection.execute(best).all(), key=lambda row: (row[1], row[2][1:], row[0]))
            order = [row[0] for row in rows[offset : offset + limit]]
            found = self.get_many_in(connection, order)
        return [found[identity] for identity in order], len(rows)

    def letters(self, language: str, domain: str | None = None) -> dict[str, int]:
        """Return how many concepts have a term in ``language`` under each first letter; ``#`` for all else."""
        first = sa.func.substr(terms.c.folded, 1, 1)
        query = (
            sa.select(first, sa.func.count(sa.distinct(terms.c.concept_id)))
            .join(concepts, concepts.c.id == terms.c.concept_id)
            .where(_speaks(language), *([concepts.c.domain == domain] if domain else []))
            .group_by(first)
        )
        counts: dict[str, int] = {}
        with self.database.read() as connection:
            for letter, number in connection.execute(query):
                key = letter if letter in _ALPHABET else "#"
                counts[key] = counts.get(key, 0) + number
        return dict(sorted(counts.items()))

    def domains(self) -> dict[str, int]:
        """Return the subject fields in use with their numbers of concepts."""
        query = sa.select(concepts.c.domain, sa.func.count()).group_by(concepts.c.domain).order_by(concepts.c.domain)
        with self.database.read() as connection:
            return {domain: int(number) for domain, number in connection.execute(query)}

    # Writing -------------------------------------------------------------------------------------------------

    def put(
        self, connection: Connection, changed: Sequence[Concept], *, operation: str, batch: str, at: str, by: str
    ) -> dict[str, int]:
        """Insert or replace concepts and write their history. Returns the new revisions by id."""
        before = self.get_many_in(connection, [c.id for c in changed])
        revisions = self._revisions(connection, [c.id for c in changed if c.id not in before])
        rows: list[dict[str, Any]] = []
        for concept in changed:
            old = before.get(concept.id)
            revision = (old.revision if old else revisions.get(concept.id, 0)) + 1
            rows.append({
                "id": concept.id, "domain": concept.domain, "data": to_json(concept), "revision": revision,
                "updated_at": at, "updated_by": by,
            })  # fmt: skip
        if not rows:
            return {}
        self._drop(connection, list(before))
        connection.execute(sa.insert(concepts), rows)
        connection.execute(sa.insert(terms), [row for concept in changed for row in _term_rows(concept)])
        connection.execute(sa.insert(concept_history), [
            {
                "concept_id": row["id"], "operation": operation, "batch": batch, "revision": row["revision"],
                "before": to_json(before[row["id"]].concept) if row["id"] in before else None, "after": row["data"],
                "undone": operation == "undo", "at": at, "by": by,
            }
            for row in rows
        ])  # fmt: skip
        return {row["id"]: row["revision"] for row in rows}

    def remove(
        self, connection: Connection, identities: Sequence[str], *, operation: str, batch: str, at: str, by: str
    ) -> None:
        """Delete concepts and write their history; ids that do not exist are passed over."""
        before = self.get_many_in(connection, identities)
        if not before:
            return
        self._drop(connection, list(before))
        connection.execute(sa.insert(concept_history), [
            {
                "concept_id": identity, "operation": operation, "batch": batch, "revision": stored.revision + 1,
                "before": to_json(stored.concept), "after": None, "undone": operation == "undo", "at": at, "by": by,
            }
            for identity, stored in before.items()
        ])  # fmt: skip

    def _drop(self, connection: Connection, identities: Sequence[str]) -> None:
        for start in range(0, len(identities), _CHUNK):
            some = list(identities[start : start + _CHUNK])
            connection.execute(sa.delete(terms).where(terms.c.concept_id.in_(some)))
            connection.execute(sa.delete(concepts).where(concepts.c.id.in_(some)))

    def _revisions(self, connection: Connection, identities: Sequence[str]) -> dict[str, int]:
        """Return the last revision of concepts that were deleted, so that a revision never means two things."""
        found: dict[str, int] = {}
        for start in range(0, len(identities), _CHUNK):
            query = sa.select(concept_history.c.concept_id, sa.func.max(concept_history.c.revision)).where(
                concept_history.c.concept_id.in_(list(identities[start : start + _CHUNK]))
            )
            found.update((row[0], row[1]) for row in connection.execute(query.group_by(concept_history.c.concept_id)))
        return found

    # History -------------------------------------------------------------------------------------------------

    def history(self, identity: str | None = None, *, limit: int = 100) -> list[ConceptChange]:
        """Return changes of one concept or of all, the latest first."""
        query = sa.select(concept_history).order_by(concept_history.c.id.desc()).limit(limit)
        if identity is not None:
            query = query.where(concept_history.c.concept_id == identity)
        with self.database.read() as connection:
            return [_change(row) for row in connection.execute(query)]

    def last_change(self, connection: Connection, identity: str) -> ConceptChange | None:
        """Return the last change of a concept, its deletion and what was taken back too."""
        query = sa.select(concept_history).where(concept_history.c.concept_id == identity)
        row = connection.execute(query.order_by(concept_history.c.id.desc()).limit(1)).first()
        return _change(row) if row else None

    def next_undo(self, connection: Connection, identity: str) -> ConceptChange | None:
        """Return the last change of a concept that can be taken back."""
        query = sa.select(concept_history).where(
            concept_history.c.concept_id == identity, concept_history.c.undone == sa.false()
        )
        row = connection.execute(query.order_by(concept_history.c.id.desc()).limit(1)).first()
        return _change(row) if row else None

    def batch(self, connection: Connection, batch: str) -> list[ConceptChange]:
        """Return the changes made together under one name."""
        query = sa.select(concept_history).where(concept_history.c.batch == batch).order_by(concept_history.c.id)
        return [_change(row) for row in connection.execute(query)]

    def mark_undone(self, connection: Connection, numbers: Sequence[int]) -> None:
        """Mark changes as taken back."""
        for start in range(0, len(numbers), _CHUNK):
            some = list(numbers[start : start + _CHUNK])
            connection.execute(sa.update(concept_history).where(concept_history.c.id.in_(some)).values(undone=True))

    # Proposals -----------------------------------------------------------------------------------------------

    def propose(self, values: Mapping[str, Any], at: str, by: str) -> TermProposal:
        """Keep a proposal; ``values`` are its columns but for state, time and person, unless they are given."""
        row = {"state": "open", **values, "folded": fold(values["text"]), "at": at, "by": by}
        with self.database.write() as connection:
            key = connection.execute(sa.insert(term_proposals).values(row)).inserted_primary_key
            assert key is not None
            number = key[0]
            return _proposal(connection.execute(sa.select(term_proposals).where(term_proposals.c.id == number)).one())

    def proposals(self, *, state: str | None = "open", place: str | None = None) -> list[TermProposal]:
        """Return proposals, the oldest first; ``state`` ``None`` means all, ``place`` only those from there."""
        query = sa.select(term_proposals).order_by(term_proposals.c.id)
        if state is not None:
            query = query.where(term_proposals.c.state == state)
        if place is not None:
            query = query.where(term_proposals.c.place == place)
        with self.database.read() as connection:
            return [_proposal(row) for row in connection.execute(query)]

    def proposal_in(self, connection: Connection, number: int) -> TermProposal | None:
        """Return a proposal, inside a transaction."""
        row = connection.execute(sa.select(term_proposals).where(term_proposals.c.id == number)).first()
        return _proposal(row) if row else None

    def decide(
        self, connection: Connection, number: int, state: str, concept: str, at: str, by: str, answer: str = ""
    ) -> bool:
        """Accept or dismiss an open proposal; ``False`` if it was decided before."""
        change = sa.update(term_proposals).where(term_proposals.c.id == number, term_proposals.c.state == "open")
        values = {"state": state, "decided_at": at, "decided_by": by, "answer": answer}
        if concept:
            values["concept_id"] = concept
        return bool(connection.execute(change.values(values)).rowcount)

    def reopen(self, connection: Connection, number: int) -> bool:
        """Put a dismissed proposal before the terminologist once more; ``False`` if it is not dismissed."""
        change = sa.update(term_proposals).where(term_proposals.c.id == number, term_proposals.c.state == "dismissed")
        values = {"state": "open", "decided_at": None, "decided_by": None, "answer": ""}
        return bool(connection.execute(change.values(values)).rowcount)

    def forget_proposal(self, connection: Connection, number: int) -> None:
        """Delete a proposal for good: a candidate dismissed by mistake may then be found anew."""
        connection.execute(sa.delete(term_proposals).where(term_proposals.c.id == number))


def _speaks(language: str) -> sa.ColumnElement[bool]:
    base = base_language(language)
    return sa.or_(terms.c.language == base, terms.c.language.startswith(base + "-"))


_DEFAULTS = tuple((f.name, None if f.default is MISSING else f.default) for f in fields(Term))


def to_json(concept: Concept) -> dict[str, Any]:
    """Make a concept's JSON; what has its default value is left out."""
    return {
        "id": concept.id, "domain": concept.domain, "related": list(concept.related),
        "terms": [
            {
                name: list(value) if isinstance(value, tuple) else str(value)
                for name, default in _DEFAULTS
                if (value := getattr(term, name)) != default
            }
            for term in concept.terms
        ],
    }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Concept:
    """Make a concept of its JSON."""
    made = tuple(Term(**{**term, "context": tuple(term.get("context", ()))}) for term in data["terms"])
    return Concept(data["id"], data["domain"], made, tuple(data["related"]))


def _term_rows(concept: Concept) -> list[dict[str, Any]]:
    return [
        {
            "concept_id": concept.id, "position": place, "language": term.language, "text": term.text,
            "folded": fold(term.text), "status": term.status.value, "type": term.type.value,
        }
        for place, term in enumerate(concept.terms)
    ]  # fmt: skip


def _stored(row: Any) -> StoredConcept:
    return StoredConcept(from_json(row.data), row.revision, row.updated_at, row.updated_by)


def _change(row: Any) -> ConceptChange:
    return ConceptChange(
        row.id, row.concept_id, row.operation, row.batch, row.revision,
        from_json(row.before) if row.before else None, from_json(row.after) if row.after else None,
        bool(row.undone), row.at, row.by,
    )  # fmt: skip


def _proposal(row: Any) -> TermProposal:
    return TermProposal(
        row.id, row.language, row.text, row.concept_id, row.example, row.place, row.note, row.state, row.at, row.by,
        row.decided_at, row.decided_by, row.answer,
    )  # fmt: skip
