"""Who works here and what they may do: people, their roles, and the rights that a role brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Right(StrEnum):
    """What a change asks for. Reading, looking up and taking files away ask for nothing but a role."""

    TRANSLATE = "translate"  # bring texts in, align, translate, comment, propose terms
    REVISE = "revise"  # publish and remove versions, import into the memory and correct its units
    TERMS = "terms"  # change the glossary, decide on proposals
    ADMINISTER = "administer"  # people, the workspace's settings, deleting from the memory


class Role(StrEnum):
    """A person's part in the team, from the least to the most: each may do all that those before it may."""

    READER = "reader"
    TRANSLATOR = "translator"
    REVISER = "reviser"
    TERMINOLOGIST = "terminologist"
    ADMINISTRATOR = "administrator"

    @property
    def rights(self) -> frozenset[Right]:
        """The rights this role brings."""
        return _RIGHTS[self]


# Right number n comes with role number n + 1: a reader has none.
_RIGHTS: Mapping[Role, frozenset[Right]] = {
    role: frozenset(list(Right)[:place]) for place, role in enumerate(Role)
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an identity provider (OpenID Connect) says has signed in.

    Attributes:
        issuer, subject: The provider and its lasting name for the person: ``iss`` and ``sub`` of the ID token.
        email: Their address, empty if the provider does not tell it.
        verified: Whether the provider says that it is theirs, as far as it says anything.
        name: As they call themselves.
    """

    issuer: str
    subject: str
    email: str = ""
    verified: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the workspace knows.

    Attributes:
        id: Number in the store.
        email: Their address, in lower case.
        author: Under which their changes are written down; nobody else has the same.
        role: ``None`` for somebody who signed in and was given none yet.
        seen_at: When they last signed in, ISO 8601 in UTC; empty before the first time.
    """

    id: int
    email: str
    author: str
    role: Role | None
    seen_at: str = ""
