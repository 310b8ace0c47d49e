"""Looking words up, whatever page they stand on: the glossary and the memory answer together."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock, Thread

from workbench.core.concordance import ConcordancePage, ConcordanceQuery, parse_query
from workbench.core.languages import LANGUAGES, base_language
from workbench.core.recognition import Recogniser
from workbench.core.terms import StoredConcept
from workbench.services.glossary_service import GlossaryService
from workbench.services.memory_service import MemoryService

log = logging.getLogger(__name__)

MAX_WORDS = 16  # of a selection; what is longer is cut, as the concordance's query holds 32 words and signs
MAX_CONCEPTS = 6
MAX_HITS = 12
LONG_WORD = 4  # letters from which a word alone is worth looking up where the words around it are not found
_OPERATORS = re.compile(r'["*]|(?:^|\s)-\w|\b(?:OR|AND|NEAR(?:/\d+)?)\b')
_WORD = re.compile(r"\w+(?:['’]\w+)*")


class Found(StrEnum):
    """How the memory was asked."""

    TYPED = "typed"
    """As it was typed: one word, or with the concordance's own signs."""
    PHRASE = "phrase"
    """The words in a row."""
    WORDS = "words"
    """All the words, anywhere."""
    PART = "part"
    """The longest parts of the words that are there."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """What the workbench knows of some words.

    Attributes:
        words: What was looked up.
        found: How the memory was asked.
        query: What that means, for marking.
        page: The memory's hits.
        concepts: The glossary's, those that stand in the words first.
        recognised: Ids of those that stand in the words, in whatever inflection.
        finders: By language, the glossary's terms, to mark what answers; empty while they are being read.
    """

    words: str
    found: Found
    query: ConcordanceQuery
    page: ConcordancePage
    concepts: tuple[StoredConcept, ...]
    recognised: frozenset[str]
    finders: Mapping[str, Recogniser]

    @property
    def partial(self) -> bool:
        """True while inflected forms are not recognised yet: ask again in a second."""
        return not self.finders


# By database, the state of the glossary whose terms every thread of this process finds read. Reading takes a second for
# a small glossary and ten for a large one, which nobody who types may wait for.
_READ: dict[str, int] = {}
_reading = Lock()


class LookUpService:
    """Looks words up in the glossary and the memory at once.

    Args:
        memory, glossary: Where to look.
    """

    def __init__(self, *, memory: MemoryService, glossary: GlossaryService) -> None:
        self.memory = memory
        self.glossary = glossary

    @property
    def ready(self) -> bool:
        """Whether inflected forms of the glossary's terms are recognised without a wait."""
        store = self.glossary.store
        return _READ.get(store.database.url) == store.glossary.state()

    def read_terms(self) -> None:
        """Read the glossary's terms for recognising them."""
        with _reading:
            if not self.ready:
                state = self.glossary.store.glossary.state()
                for code in LANGUAGES:
                    self.glossary.recogniser(code)
                _READ[self.glossary.store.database.url] = state

    def prepare(self) -> bool:
        """Read the glossary's terms in the background where they were not; return whether they are there already."""
        if self.ready:
            return True
        if not _reading.locked():
            Thread(target=self._read_quietly, name="terms", daemon=True).start()
        return False

    def _read_quietly(self) -> None:
        try:
            self.read_terms()
        except Exception:  # whoever looks something up next reads again
            log.exception("the glossary's terms could not be read")

    def look_up(self, words: str, *, language: str = "", spoken: str = "", limit: int = MAX_HITS) -> LookUp:
        """Return what the glossary and the memory have of some words.

        Where the glossary's terms were not read yet, the answer comes without them and they are read in the background.

        Args:
            words: Words as selected, or typed with the concordance's signs.
            language: Only hits in this language; any if empty.
            spoken: The language the words are in, where it is known: its terms are recognised first.
            limit: Hits at most.
        """
        words = " ".join(words.split()[:MAX_WORDS])
        found, asked, page = Found.TYPED, words, ConcordancePage((), 0)
        for way, question in questions(words):
            found, asked = way, question
            page = self.memory.concordance(question, language=language or None, limit=limit)
            if page.hits:
                break
        finders: Mapping[str, Recogniser] = {}
        if self.prepare():
            finders = {code: self.glossary.recogniser(code) for code in LANGUAGES}
        names = _recognised(words, spoken, finders)
        concepts = self._concepts(words, names)
        return LookUp(words, found, parse_query(asked), page, concepts, frozenset(names), finders)

    def _concepts(self, words: str, names: Sequence[str]) -> tuple[StoredConcept, ...]:
        plain = words.replace('"', " ").replace("*", " ").strip()
        searched = {stored.id: stored for stored in self.glossary.search(plain, limit=MAX_CONCEPTS)}
        wanted = [*names, *(name for name in searched if name not in names)][:MAX_CONCEPTS]
        lacking = self.glossary.store.glossary.get_many(name for name in wanted if name not in searched)
        return tuple({**lacking, **searched}[name] for name in wanted if name in lacking or name in searched)


def _recognised(words: str, spoken: str, finders: Mapping[str, Recogniser]) -> list[str]:
    """Return the concepts whose terms stand in the words, the longest term first."""
    names: dict[str, None] = {}
    base = base_language(spoken) if spoken else ""
    for code in [base] if base in finders else list(finders):
        hits = finders[code].find(words, nested=True, any_context=True)
        for hit in sorted(hits, key=lambda hit: hit.start - hit.end):
            names.update((concept.id, None) for _, concept in hit.entries)
    return list(names)


def questions(words: str) -> Iterator[tuple[Found, str]]:
    """Yield ways to ask the concordance for selected words, the strictest first; the first that is answered counts."""
    tokens = _WORD.findall(words)
    if len(tokens) < 2 or _OPERATORS.search(words):
        yield Found.TYPED, words
        return
    yield Found.PHRASE, f'"{" ".join(tokens)}"'
    yield Found.WORDS, " ".join(f'"{token}"' for token in tokens)
    for length in range(len(tokens) - 1, 0, -1):
        parts = [tokens[at : at + length] for at in range(len(tokens) - length + 1)]
        told = [part for part in parts if _telling(part)]
        if told:
            yield Found.PART, " OR ".join(f'"{" ".join(part)}"' for part in told)


def _telling(part: Sequence[str]) -> bool:
    """Tell whether words say anything: “de la” is everywhere. Parts end on words that say something themselves."""
    return len(part[0]) >= LONG_WORD and len(part[-1]) >= LONG_WORD
