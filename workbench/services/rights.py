"""What the person at work may do, asked at each change: services are given a guard, and their changing methods need a
right of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from workbench.core.people import Right
from workbench.errors import RefusedError, mark
from workbench.store.people import PeopleStore

P = ParamSpec("P")
R = TypeVar("R")

_WORDS = {
    Right.TRANSLATE: mark(
        "Readers look things up and take files away. To bring texts in, align or translate you need the role of "
        "translator: ask an administrator."
    ),
    Right.REVISE: mark(
        "Publishing, removing versions and changing the memory are for revisers: ask one, or ask an administrator for "
        "that role."
    ),
    Right.TERMS: mark(
        "Changing the glossary is for terminologists: propose the term, or ask an administrator for that role."
    ),
    Right.ADMINISTER: mark("This is for administrators: ask one of them."),
}


class Guard(Protocol):
    """Knows what the person at work may do."""

    def allows(self, right: Right) -> bool:
        """Tell whether they have a right."""
        ...


class OpenGuard:
    """Allows everything: somebody on their own machine, commands on the server."""

    def allows(self, right: Right) -> bool:
        """Tell whether they have a right: always."""
        return True


OPEN: Guard = OpenGuard()


class RoleGuard:
    """Allows what a person's role brings. The role is read at each question, so that a change holds at once.

    Args:
        people: Where roles are kept.
        person_id: Whose.
    """

    def __init__(self, people: PeopleStore, person_id: int) -> None:
        self.people = people
        self.person_id = person_id

    def allows(self, right: Right) -> bool:
        """Tell whether they have a right: nobody who was removed meanwhile has any."""
        person = self.people.get(self.person_id)
        return person is not None and person.role is not None and right in person.role.rights


def require(guard: Guard, right: Right) -> None:
    """Refuse what the person at work may not do.

    Raises:
        RefusedError: they lack the right; the message says whom to ask.
    """
    if not guard.allows(right):
        raise RefusedError(refusal(right))


def refusal(right: Right) -> str:
    """Return what is said to somebody who lacks a right."""
    return _WORDS[right]


class Guarded(Protocol):
    """A service that was given a guard."""

    guard: Guard


S = TypeVar("S", bound=Guarded)


def needs(right: Right) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Make a service's method refuse whoever lacks a right, before it does anything."""

    def guarded(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        @wraps(method)
        def ask_first(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            require(self.guard, right)
            return method(self, *args, **kwargs)

        return ask_first

    return guarded
