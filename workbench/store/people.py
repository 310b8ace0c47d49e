"""People and their roles in the database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.people import Person, Role
from workbench.errors import ConflictError
from workbench.store.database import Database
from workbench.store.people_schema import people


class PeopleStore:
    """Queries over people. Methods that take a connection run inside a service's transaction."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        with self.database.read() as connection:
            rows = connection.execute(sa.select(people).order_by(sa.func.lower(people.c.author)))
            return [_person(row) for row in rows]

    def get(self, person_id: int) -> Person | None:
        """Return a person."""
        with self.database.read() as connection:
            return self.get_in(connection, person_id)

    def get_in(self, connection: Connection, person_id: int) -> Person | None:
        """Return a person."""
        return _first(connection, people.c.id == person_id)

    def known_as_in(self, connection: Connection, issuer: str, subject: str) -> Person | None:
        """Return who signs in as this subject of a provider."""
        return _first(connection, people.c.issuer == issuer, people.c.subject == subject)

    def expected_in(self, connection: Connection, email: str) -> Person | None:
        """Return who was added by this address and has not signed in yet."""
        return _first(connection, people.c.email == email, people.c.subject.is_(None))

    def with_email_in(self, connection: Connection, email: str) -> Person | None:
        """Return a person with this address, whether they have signed in or not."""
        return _first(connection, people.c.email == email)

    def authors_in(self, connection: Connection) -> set[str]:
        """Return the names in use."""
        return set(connection.execute(sa.select(people.c.author)).scalars())

    def administrators_in(self, connection: Connection) -> int:
        """Count the administrators, who stay as they are until the transaction ends."""
        query = sa.select(people.c.id).where(people.c.role == Role.ADMINISTRATOR.value).with_for_update()
        return len(connection.execute(query).all())

    def add(self, connection: Connection, values: Mapping[str, Any], at: str) -> Person:
        """Add a person.

        Raises:
            ConflictError: somebody of that name or subject was added at the same moment.
        """
        insert = sa.insert(people).values(created_at=at, **values).returning(people)
        try:
            return _person(connection.execute(insert).one())
        except sa.exc.IntegrityError as error:
            raise ConflictError("That person was added by somebody else at the same moment: look again.") from error

    def change(self, connection: Connection, person_id: int, values: Mapping[str, Any]) -> Person:
        """Change columns of a person who is there."""
        update = sa.update(people).where(people.c.id == person_id).values(**values).returning(people)
        return _person(connection.execute(update).one())

    def remove(self, connection: Connection, person_id: int) -> None:
        """Remove a person; what they did keeps their name."""
        connection.execute(sa.delete(people).where(people.c.id == person_id))


def _first(connection: Connection, *conditions: sa.ColumnElement[bool]) -> Person | None:
    row = connection.execute(sa.select(people).where(*conditions).order_by(people.c.id).limit(1)).first()
    return _person(row) if row else None


def _person(row: sa.Row[Any]) -> Person:
    return Person(row.id, row.email, row.author, Role(row.role) if row.role else None, row.seen_at)
