"""One family of errors, each a sentence for the person who can act on it.

Commands print the sentence and leave with ``exit_code``; pages show it beside what caused it, in the person's
language. The message names the file, line or unit concerned and says what to do. It stands in the sources as a template
with ``{names}``, literally in the call, so that the catalogues of the interface's languages hold it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def mark(message: str) -> str:
    """Mark a sentence of a table that pages show, for the catalogues: it is translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for a person, which a page can say in another language: ``str()`` says it in English.

    Attributes:
        message: In English, with ``{names}`` where values go; :func:`mark` shows it to the catalogues.
        values: What goes there; another sentence or error among them is translated as well, several in a tuple stand
            in a line each.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.say(mark)

    def dump(self) -> str:
        """Return the sentence as a line to be stored, which :meth:`load` reads."""
        return json.dumps([self.message, {name: _stored(value) for name, value in self.values.items()}])

    @classmethod
    def load(cls, line: str) -> Sentence:
        """Return a stored sentence; words that were stored as they are stay so."""
        try:
            message, values = json.loads(line)
            return cls(message, {name: _loaded(value) for name, value in values.items()})
        except (ValueError, TypeError, AttributeError):
            return cls(line)

    def say(self, translate: Callable[[str], str]) -> str:
        """Return the sentence as a translation of its message has it, with its values filled in.

        Args:
            translate: Returns the translation of a message, with the same ``{names}``.
        """
        words = translate(self.message)
        if not self.values:
            return words
        return words.format(**{name: _say(value, translate) for name, value in self.values.items()})


def _stored(value: object) -> object:
    if isinstance(value, WorkbenchError):
        value = value.sentence
    if isinstance(value, Sentence):
        return {"sentence": value.dump()}
    if isinstance(value, tuple):
        return [_stored(part) for part in value]
    return value if isinstance(value, int | float | str) else str(value)


def _loaded(value: object) -> object:
    if isinstance(value, dict):
        return Sentence.load(str(value.get("sentence")))
    return tuple(_loaded(part) for part in value) if isinstance(value, list) else value


def sentence(message: str, /, **values: object) -> Sentence:
    """Return a sentence; its message stands literally in the call, so that the catalogues hold it."""
    return Sentence(message, values)


def _say(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, WorkbenchError):
        return value.sentence.say(translate)
    if isinstance(value, Sentence):
        return value.say(translate)
    if isinstance(value, tuple):
        return "\n".join(str(_say(part, translate)) for part in value)
    return value


class WorkbenchError(Exception):
    """Anything the workbench refuses, told in a sentence that names the place and the remedy.

    Args:
        message: The sentence, with ``{names}`` where values go.
        values: What goes there.
    """

    exit_code = 2

    def __init__(self, message: str, /, **values: object) -> None:
        self.sentence = Sentence(message, values)
        super().__init__(str(self.sentence))


class FormatError(WorkbenchError):
    """A file or pasted text that cannot be read as what it claims to be."""


class UsageError(WorkbenchError):
    """A call, option or name that asks for something that does not exist or makes no sense."""


class ConflictError(WorkbenchError):
    """Somebody else changed the same thing meanwhile; what was typed is kept and both are shown."""


class StoreError(WorkbenchError):
    """The database cannot be opened, is damaged, or belongs to a newer version of the program."""


class RefusedError(WorkbenchError):
    """The person at work may not do this; the message says whom to ask."""


class DamagedError(StoreError):
    """The database's file is damaged; what can still be read in it can be rescued."""
