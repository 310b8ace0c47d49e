"""Concepts and their terms: what a glossary holds.

A concept is one idea of the network's trade; it has terms in each language, each with a status. The model follows
ISO 704 (concepts before words) and the levels of TBX, ISO 30042:2019: ``conceptEntry``, ``langSec``, ``termSec``.
What a well-made glossary needs beyond one sound concept (a preferred term in each language, expansions that exist …)
is not enforced here, since other programs' files have less: :mod:`workbench.core.glossary_check` reports it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from workbench.core.languages import LANGUAGES, base_language, normalise_code
from workbench.errors import ConflictError, Sentence, UsageError


class Status(StrEnum):
    """What the network says of a term. The order is that of listing."""

    PREFERRED = "preferred"
    ADMITTED = "admitted"
    DEPRECATED = "deprecated"
    """Superseded: it was once the network's word."""
    FORBIDDEN = "forbidden"

    @property
    def accepted(self) -> bool:
        """Whether a translator may use it."""
        return self in (Status.PREFERRED, Status.ADMITTED)


class TermType(StrEnum):
    """What kind of form a term is (TBX ``termType``)."""

    FULL = "full"
    ACRONYM = "acronym"
    ABBREVIATION = "abbreviation"
    SHORT = "short"
    VARIANT = "variant"

    @property
    def shortened(self) -> bool:
        """Whether the term stands for a longer one that explains it."""
        return self in (TermType.ACRONYM, TermType.ABBREVIATION)


DOMAINS = (
    "actors-networks",
    "instruments",
    "strategy-governance",
    "advocacy-agendas",
    "urban-social-policy",
    "finance-projects",
    "events-training",
    "attractiveness-diplomacy",
)
"""The subject fields of the network's own glossary; another glossary may have others."""

PARTS_OF_SPEECH = ("noun", "verb", "adjective", "adverb", "proper noun", "phrase", "other")
GENDERS = ("masculine", "feminine", "common", "neuter", "other")
NUMBERS = ("singular", "plural", "uncountable", "dual", "other")

EVERYDAY = "~"
"""Among a term's words of context: it is known everywhere, but missed in a translation only where the trade is."""

MAX_TERM = 300  # characters; the longest name of an institution in the trade has about 120
MAX_TEXT = 20_000  # characters of a definition or note
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SPACES_BUT_ONE = re.compile(r"[\t\r\n\f\v\u2028\u2029]")
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return ``text`` without accents and case, with plain apostrophes and hyphens: the key of every search.

    Ligatures are opened (``œ`` → ``oe``); lengths may therefore differ.
    """
    opened = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", opened) if not unicodedata.combining(ch))
    return plain.translate(_PLAIN).casefold()


_PLAIN = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "\u00ad": None})


def tidy(text: str) -> str:
    """Return ``text`` in NFC with single spaces and none at its ends; French non-breaking spaces stay."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text or _SPACES_BUT_ONE.search(text):
        text = _SPACES.sub(" ", text)
    return text.strip(" ")


def concept_id(text: str, taken: Iterable[str] = ()) -> str:
    """Make a concept id from a term: ``"Décentralised co-operation"`` → ``decentralised-co-operation``.

    Args:
        text: Any wording.
        taken: Ids that exist; a number is added until the new one is none of them.
    """
    base = "-".join(re.findall(r"[a-z0-9]+", fold(text)))[:80].strip("-") or "concept"
    taken = set(taken)
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name


_code = lru_cache(maxsize=1024)(normalise_code)


def _check_choice(value: str, allowed: Iterable[str], what: str, term: str) -> None:
    if value and value not in allowed:
        raise UsageError(
            "“{value}” is not a {what} (term “{term}”): write one of {allowed}.",
            value=value,
            what=what,
            term=term,
            allowed=", ".join(allowed),
        )


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a concept in one language.

    Attributes:
        language: BCP 47; with a region (``pt-BR``) where the term belongs to that region only.
        text: The term as it stands in a dictionary: singular, lower case unless it is a name.
        status: What the network says of it.
        type: What kind of form it is.
        part_of_speech, gender, number: Empty, or one of the module's lists.
        plural, feminine, feminine_plural: Forms; empty where there is none or it is not known.
        expansion: Of an acronym or abbreviation: what it stands for.
        use_instead: Of a deprecated or forbidden term: what to say, in the same language.
        context: Of a word with several meanings: words one of which has to stand near for the term to be meant;
            ``!word``: the term is not meant where this word stands near; :data:`EVERYDAY`: a word of everyday
            language, which translations render freely.
        definition, example, note, source: Free text. The source names where the definition comes from.

    Raises:
        UsageError: the term is empty, too long or not a single line, or a listed value is not on its list.
    """

    language: str
    text: str
    status: Status = Status.PREFERRED
    type: TermType = TermType.FULL
    part_of_speech: str = ""
    gender: str = ""
    number: str = ""
    plural: str = ""
    feminine: str = ""
    feminine_plural: str = ""
    expansion: str = ""
    use_instead: str = ""
    context: tuple[str, ...] = ()
    definition: str = ""
    example: str = ""
    note: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise UsageError("A term is empty: write it, or delete its row.")
        if len(self.text) > MAX_TERM:
            raise UsageError(
                "The term “{text}…” has {n} characters; {limit} are allowed.",
                text=self.text[:40],
                n=len(self.text),
                limit=MAX_TERM,
            )
        for name in ("text", "plural", "feminine", "feminine_plural", "expansion", "use_instead"):
            value = getattr(self, name)
            if value and _CONTROL.search(value):
                raise UsageError(
                    "The term “{text}” holds a line break or control character ({name}).",
                    text=repr(self.text[:40]),
                    name=name,
                )
        for name in ("definition", "example", "note", "source"):
            if len(getattr(self, name)) > MAX_TEXT:
                raise UsageError(
                    "The {name} of “{text}” is longer than {limit} characters.",
                    name=name,
                    text=self.text,
                    limit=MAX_TEXT,
                )
        object.__setattr__(self, "language", _code(self.language))
        if self.status.__class__ is not Status:
            object.__setattr__(self, "status", Status(self.status))
        if self.type.__class__ is not TermType:
            object.__setattr__(self, "type", TermType(self.type))
        object.__setattr__(self, "context", tuple(self.context))
        _check_choice(self.part_of_speech, PARTS_OF_SPEECH, "part of speech", self.text)
        _check_choice(self.gender, GENDERS, "gender", self.text)
        _check_choice(self.number, NUMBERS, "number", self.text)

    @property
    def base_language(self) -> str:
        """Its language without the region."""
        return base_language(self.language)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it one term of its concept: language and text."""
        return (self.language, self.text)

    @property
    def everyday(self) -> bool:
        """Whether it is a word of everyday language."""
        return EVERYDAY in self.context

    @property
    def near(self) -> tuple[str, ...]:
        """The words of context one of which has to stand near."""
        return tuple(word for word in self.context if word != EVERYDAY and not word.startswith("!"))

    @property
    def away(self) -> tuple[str, ...]:
        """The words of context none of which may stand near."""
        return tuple(word[1:].strip() for word in self.context if word.startswith("!") and word[1:].strip())

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that are written down, the term itself first, without repetition."""
        return tuple(dict.fromkeys(f for f in (self.text, self.plural, self.feminine, self.feminine_plural) if f))

    def serves(self, language: str) -> bool:
        """Tell whether it may stand in a text in ``language``: ``pt`` serves ``pt-BR`` and the reverse, ``pt-PT``
        does not serve ``pt-BR``."""
        mine, _, my_region = self.language.partition("-")
        theirs, _, region = normalise_code(language).partition("-")
        return mine == theirs and (not my_region or not region or my_region == region)


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea with its terms in all languages.

    Attributes:
        id: Lasting name: lower-case ASCII letters, digits and hyphens.
        domain: Subject field.
        terms: In the order in which they are listed: languages in the network's order, preferred ones first.
        related: Ids of neighbouring concepts.

    Raises:
        UsageError: the id is malformed, there is no term, or a term stands twice in one language.
    """

    id: str
    domain: str = ""
    terms: tuple[Term, ...] = ()
    related: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _ID.match(self.id) or len(self.id) > 100:
            raise UsageError(
                "“{id}” cannot name a concept: use lower-case letters without accents, digits and hyphens.",
                id=self.id[:60],
            )
        object.__setattr__(self, "terms", tuple(self.terms))
        object.__setattr__(self, "related", tuple(self.related))
        if not self.terms:
            raise UsageError("The concept “{id}” has no term.", id=self.id)
        seen: set[tuple[str, str]] = set()
        for term in self.terms:
            if term.key in seen:
                raise UsageError(
                    "The term “{term}” ({language}) stands twice in the concept “{id}”.",
                    term=term.text,
                    language=term.language,
                    id=self.id,
                )
            seen.add(term.key)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it has terms in, without regions, the network's four first."""
        found = {term.base_language for term in self.terms}
        return (*(c for c in LANGUAGES if c in found), *sorted(found - set(LANGUAGES)))

    def terms_in(self, language: str) -> tuple[Term, ...]:
        """Return the terms that may stand in a text in ``language``, whatever their status."""
        return tuple(term for term in self.terms if term.serves(language))

    def preferred(self, language: str, *, shortened: bool = False) -> Term | None:
        """Return the term to use in ``language``.

        Args:
            language: A region takes its own term before a general one; without a region a general term comes before
                a regional one.
            shortened: The usual acronym instead of the full term.

        Returns:
            The preferred term, or the first admitted one where none is preferred; ``None`` if there is neither.
        """
        wanted = normalise_code(language)
        pool = [t for t in self.terms_in(wanted) if t.status.accepted and t.type.shortened == shortened]
        pool.sort(key=lambda t: (t.status is not Status.PREFERRED, t.language != wanted))
        if not pool and not shortened:
            pool = [t for t in self.terms_in(wanted) if t.status.accepted]
        return pool[0] if pool else None

    def definition(self, language: str) -> str:
        """Return its definition in ``language``, empty if it has none."""
        return next((t.definition for t in self.terms_in(language) if t.definition), "")

    def term(self, language: str, text: str) -> Term | None:
        """Return the term with this exact language and text."""
        return next((t for t in self.terms if t.key == (language, text)), None)

    def sorted(self) -> Concept:
        """Return it with languages in the network's order and, within a language, by status; else as it was."""
        order = {code: n for n, code in enumerate(LANGUAGES)}
        statuses = list(Status)
        terms = sorted(self.terms, key=lambda t: (order.get(t.base_language, 9), t.base_language,
                                                  statuses.index(t.status)))  # fmt: skip
        return Concept(self.id, self.domain, tuple(terms), self.related)


@dataclass(frozen=True, slots=True)
class StoredConcept:
    """A concept of the workspace; ``revision`` counts its changes from 1."""

    concept: Concept
    revision: int
    updated_at: str
    updated_by: str

    @property
    def id(self) -> str:
        """The concept's id."""
        return self.concept.id


@dataclass(frozen=True, slots=True)
class GlossaryFile:
    """What a reader found in a glossary file.

    Attributes:
        concepts: In the file's order.
        warnings: Sentences for the user: what was repaired, left out or could not be understood.
        lines: Line of each term in the file, by (concept id, language, text); empty where a format has no lines.
        fields: Names of the attributes of :class:`Term` and :class:`Concept` that the format carries; a merge leaves
            all others as they are. Empty means all.
        languages: The languages the file speaks of, where it can only hold some; empty means all.
    """

    concepts: tuple[Concept, ...]
    warnings: tuple[Sentence, ...] = ()
    lines: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class GlossaryExport:
    """Files made from a glossary.

    Attributes:
        files: Contents by file name.
        losses: Sentences naming what the format could not carry; empty if it carries everything.
    """

    files: Mapping[str, bytes]
    losses: tuple[Sentence, ...] = ()


class ConceptConflictError(ConflictError):
    """Somebody else changed or deleted a concept meanwhile.

    Attributes:
        mine: What was to be saved.
        theirs: What stands in the glossary now, ``None`` if it was deleted.
    """

    def __init__(self, message: str, /, mine: Concept | None, theirs: StoredConcept | None, **values: object) -> None:
        super().__init__(message, **values)
        self.mine = mine
        self.theirs = theirs
