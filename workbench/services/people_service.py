"""The team: who may do what, and recognising who signs in."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from typing import TYPE_CHECKING

from workbench.core.people import Identity, Person, Right, Role
from workbench.errors import UsageError
from workbench.services.rights import OPEN, Guard, needs
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.[^\s@<>\"']+\Z")
MAX_NAME = 80


class PeopleService:
    """People and their roles.

    Args:
        store: Where they are kept.
        now: The clock: an ISO 8601 time in UTC.
        guard: What whoever calls may do.
        default_role: The role of somebody nobody has added; ``None`` makes them wait for one.
    """

    def __init__(
        self, *, store: Store, now: Callable[[], str], guard: Guard = OPEN, default_role: Role | None = None
    ) -> None:
        self.store = store
        self.now = now
        self.guard = guard
        self.default_role = default_role

    def all(self) -> list[Person]:
        """Return everybody, by name."""
        return self.store.people.all()

    def get(self, person_id: int) -> Person | None:
        """Return a person, ``None`` if they were removed."""
        return self.store.people.get(person_id)

    def administrators(self) -> list[str]:
        """Return whom to ask: the administrators' addresses, or their names where there is none."""
        return [person.email or person.author for person in self.all() if person.role is Role.ADMINISTRATOR]

    def recognise(self, identity: Identity) -> Person:
        """Return who has signed in.

        Somebody is known by the provider's issuer and subject. At their first time they take the place that was
        kept for their address (if the provider does not say that it is unverified), or are written down anew with the
        default role.
        """
        email = identity.email.strip().lower()
        at = self.now()
        with self.store.database.write() as connection:
            known = self.store.people.known_as_in(connection, identity.issuer, identity.subject)
            if known is not None:
                return self.store.people.change(connection, known.id, {"email": email or known.email, "seen_at": at})
            values = {"issuer": identity.issuer, "subject": identity.subject, "email": email, "seen_at": at}
            expected = self.store.people.expected_in(connection, email) if email and identity.verified else None
            names = self.store.people.authors_in(connection)
            if expected is not None:
                author = _author(identity, names - {expected.author})
                return self.store.people.change(connection, expected.id, {**values, "author": author})
            role = self.default_role.value if self.default_role else None
            return self.store.people.add(connection, {**values, "author": _author(identity, names), "role": role}, at)

    @needs(Right.ADMINISTER)
    def add(self, email: str, role: Role) -> Person:
        """Keep a place for somebody who will sign in with this address.

        Raises:
            UsageError: it is no address, or somebody has it already.
        """
        email = email.strip().lower()
        if len(email) > 254 or not _EMAIL.match(email):
            raise UsageError("“{email}” is no e-mail address.", email=email[:60])
        with self.store.database.write() as connection:
            if self.store.people.with_email_in(connection, email):
                raise UsageError("{email} is there already: change the role instead.", email=email)
            names = self.store.people.authors_in(connection)
            author = _free(email, names)
            return self.store.people.add(connection, {"email": email, "author": author, "role": role.value}, self.now())

    @needs(Right.ADMINISTER)
    def set_role(self, person_id: int, role: Role) -> Person:
        """Give a person a role; it holds at once.

        Raises:
            UsageError: they are not there any more, or are the last administrator.
        """
        with self.store.database.write() as connection:
            self._expect(connection, person_id, role)
            return self.store.people.change(connection, person_id, {"role": role.value})

    @needs(Right.ADMINISTER)
    def remove(self, person_id: int) -> None:
        """Remove a person; what they did keeps their name.

        Raises:
            UsageError: they are not there any more, or are the last administrator.
        """
        with self.store.database.write() as connection:
            self._expect(connection, person_id, None)
            self.store.people.remove(connection, person_id)

    def find(self, email: str) -> Person:
        """Return the person with an address.

        Raises:
            UsageError: there is none.
        """
        with self.store.database.read() as connection:
            found = self.store.people.with_email_in(connection, email.strip().lower())
        if found is None:
            raise UsageError(
                "Nobody has the address {email}: `workbench people list` names everybody.", email=email[:60]
            )
        return found

    def _expect(self, connection: Connection, person_id: int, role: Role | None) -> None:
        person = self.store.people.get_in(connection, person_id)
        if person is None:
            raise UsageError("That person was removed meanwhile.")
        last = person.role is Role.ADMINISTRATOR and self.store.people.administrators_in(connection) == 1
        if last and role is not Role.ADMINISTRATOR:
            raise UsageError("This is the last administrator: give somebody else that role first.")


def role_named(name: str) -> Role:
    """Return a role by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in set(Role):
        raise UsageError("There is no role “{name}”; the roles are: {roles}.", name=name[:40], roles=", ".join(Role))
    return Role(name)


def _author(identity: Identity, taken: Container[str]) -> str:
    """Return a name of their own for somebody's changes: two people of one name are told apart by address."""
    name = " ".join(identity.name.split())[:MAX_NAME]
    email = identity.email.strip().lower()
    if not name:
        return _free(email or identity.subject[:MAX_NAME], taken)
    return name if name not in taken else _free(f"{name} ({email or identity.subject[:40]})", taken)


def _free(name: str, taken: Container[str]) -> str:
    """Return a name that nobody has: the wanted one, or with a number behind it."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} {number}"
    return found
