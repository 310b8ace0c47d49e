"""Help for one row of a translation: suggestions of the memory, terms of the glossary, findings of the checks."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock, Thread

from workbench.core import checks_language as checks_language  # enters its checks into the table
from workbench.core.adaptation import TermPair
from workbench.core.checks import CheckContext, Finding, Pair, Severity, run_checks
from workbench.core.languages import LANGUAGES, base_language
from workbench.core.memory import MatchKind, Suggestion
from workbench.core.recognition import Recogniser, TermHit
from workbench.core.term_check import TermChecker
from workbench.core.terms import Concept, Term
from workbench.errors import UsageError
from workbench.services.fuzzy_cache import PATIENCE
from workbench.services.glossary_service import GlossaryService
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationRow, TranslationService, TranslationView

log = logging.getLogger(__name__)

DIRECT = (MatchKind.CONTEXT, MatchKind.EXACT, MatchKind.FUZZY)
"""What is found by its words, without a model: in milliseconds once the memory is ready for it."""
SAME = (MatchKind.CONTEXT, MatchKind.EXACT)
"""What the database itself finds."""
MEANT_KEPT = 500  # rows whose suggestions by meaning are kept; a day's work of one translator
LIMIT = 9  # suggestions: as many as there are keys Ctrl+1 … Ctrl+9
AROUND = 1  # rows before and after that help to tell homographs apart
WHOLE_TEXT_KINDS = frozenset({"acronym", "inconsistent"})  # term findings that mean nothing without the whole text


@dataclass(frozen=True, slots=True)
class RowTerm:
    """A term of the glossary that stands in a row's source.

    Attributes:
        start, end: Span in the source, in characters.
        concept: The concept.
        found: The term that was recognised; it may be one no longer to be used.
        best: What to say in the target language, ``None`` where the glossary has nothing.
        targets: All its terms that serve the target language, whatever their status, the best first.
    """

    start: int
    end: int
    concept: Concept
    found: Term
    best: Term | None
    targets: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Assistance:
    """What a translator is offered for one row.

    Attributes:
        key: The row.
        suggestions: Best first, at most nine.
        terms: In the order of the source, each concept once for each place.
        findings: About the text that was checked, by place.
        partial: The glossary is still being made ready: terms and their findings are missing yet.
        more: Similar segments, or suggestions by meaning, are still being looked for.
    """

    key: int
    suggestions: tuple[Suggestion, ...]
    terms: tuple[RowTerm, ...]
    findings: tuple[Finding, ...] = ()
    partial: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Terminology:
    """What the glossary knows for a pair of languages, made ready in seconds and then kept.

    Attributes:
        state: The glossary's state it was made from.
        recogniser: Of the source language.
        checker: Of the pair; ``None`` while it is still being made.
    """

    state: object
    recogniser: Recogniser
    checker: TermChecker | None


@dataclass(frozen=True, slots=True)
class Fill:
    """A row that the memory could fill.

    Attributes:
        key, place: The row.
        source: What it says in the source.
        suggestion: The best of the memory.
        sure: Reviewed and the very same segment: the only ones chosen unless a person chooses others.
    """

    key: int
    place: int
    source: str
    suggestion: Suggestion
    sure: bool


class AssistService:
    """Looks up everything that helps with a row. Safe to share between threads.

    Args:
        translation: The texts in translation.
        memory: Suggests.
        glossary: Knows the terms.
    """

    def __init__(self, *, translation: TranslationService, memory: MemoryService, glossary: GlossaryService) -> None:
        self.translation = translation
        self.memory = memory
        self.glossary = glossary
        self._meant: OrderedDict[tuple[str, str, str], Future[list[Suggestion]]] = OrderedDict()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="workbench-meaning")
        self._ready: dict[tuple[str, str], Terminology] = {}
        self._making: set[tuple[str, str]] = set()
        self._lock = Lock()

    def assist(self, slug: str, target: str, key: int, *, source: str | None = None) -> Assistance:
        """Return the help for one row, the findings being about its draft or, without one, its translation.

        Raises:
            UsageError: the row is not in the text (any more).
        """
        view = self.translation.view(slug, target, source)
        row = next((row for row in view.rows if row.key == key), None)
        if row is None:
            raise UsageError("This row is no longer in the text: reload the page.")
        typed = row.draft if row.draft is not None else row.target
        return self.row(view, row, typed=typed)

    def row(self, view: TranslationView, row: TranslationRow, *, typed: str = "", wait: bool = True) -> Assistance:
        """Return the help for a row of a text that was read already.

        Args:
            typed: The target text to check; empty leaves the checks out.
            wait: Whether to wait for what takes long after a start: the glossary's terms, a large memory's index, the
                sentence model. Without it the rest comes at once and says what is missing; it is there some seconds
                later.
        """
        ready = self.terminology(view.source, view.target, wait=wait)
        terms = self._terms(view, row, ready) if ready is not None else []
        words = wait or self._words_ready(view.source)
        suggestions = self._search(view, row, terms, DIRECT if words else SAME)
        more = self._by_meaning(view, row)
        if wait or more.done():
            suggestions = _merged(suggestions, more.result())[:LIMIT]
        findings = self.findings(view, row, typed, wait=False) if typed.strip() else []
        partial = ready is None or ready.checker is None
        return Assistance(
            row.key, tuple(suggestions), tuple(terms), tuple(findings), partial, not (words and more.done())
        )

    def begin(self, source: str, target: str) -> None:
        """Make ready in the background what helps with rows from one language into another."""
        self.terminology(source, target, wait=False)
        self._words_ready(source, patience=0.0)

    def _words_ready(self, source: str, *, patience: float = PATIENCE) -> bool:
        _, revision = self.memory.store.memory.state()
        return self.memory.fuzzy.prepare(base_language(source), revision, patience=patience)

    def _search(
        self, view: TranslationView, row: TranslationRow, terms: Sequence[RowTerm], kinds: Collection[MatchKind]
    ) -> list[Suggestion]:
        previous, following = _neighbours(view.rows, row.place)
        return self.memory.search(
            row.source, source=view.source, target=view.target, previous=previous, next=following,
            text_slug=view.text.slug, limit=LIMIT, kinds=kinds,
            terms=[TermPair(row.source[t.start : t.end], t.best.text) for t in terms if t.best is not None],
        )  # fmt: skip

    def _by_meaning(self, view: TranslationView, row: TranslationRow) -> Future[list[Suggestion]]:
        """Look for suggestions by meaning in the background: the model's loading must not keep anybody from typing.

        What was found stays for some hundred rows, so that arriving on a row shows it at once.
        """
        key = (row.source, view.source, view.target)
        with self._lock:
            found = self._meant.get(key)
            if found is None:
                found = self._meant[key] = self._pool.submit(self._meaning, view, row)
            self._meant.move_to_end(key)
            while len(self._meant) > MEANT_KEPT:
                self._meant.popitem(last=False)
        return found

    def _meaning(self, view: TranslationView, row: TranslationRow) -> list[Suggestion]:
        try:
            return self._search(view, row, (), (MatchKind.SEMANTIC,))
        except Exception:  # without its model the memory still answers word for word
            log.exception("the search by meaning failed")
            return []

    def findings(self, view: TranslationView, row: TranslationRow, typed: str, *, wait: bool = True) -> list[Finding]:
        """Check a text for a row as if it stood in its target; what needs the whole text is looked up in the view."""
        ready = self.terminology(view.source, view.target, wait=wait)
        context = CheckContext(view.source, view.target, ready.checker if ready else None)
        same = [
            Pair(other.source, other.target)
            for other in view.rows
            if other.source == row.source and other.place != row.place and other.target
        ]
        found = run_checks([*same, Pair(row.source, typed)], context, off=("terms",))
        mine = [f for f in found if f.pair == len(same)]
        mine += run_checks([Pair(row.source, typed)], context, only=("terms",))
        kept = [f for f in mine if not (f.check == "terms" and f.kind in WHOLE_TEXT_KINDS)]
        kept.sort(key=lambda f: (f.severity is not Severity.ERROR, f.start if f.start is not None else -1))
        return kept

    def check_all(self, view: TranslationView) -> list[Finding]:
        """Check a whole version; the number of a finding's pair is its row's place."""
        ready = self.terminology(view.source, view.target)
        context = CheckContext(view.source, view.target, ready.checker if ready else None)
        return run_checks([Pair(row.source, row.target) for row in view.rows], context)

    # Terminology ---------------------------------------------------------------------------------------------

    def _terms(self, view: TranslationView, row: TranslationRow, ready: Terminology) -> list[RowTerm]:
        nearby = view.rows[max(0, row.place - AROUND) : row.place + AROUND + 1]
        hits = ready.recogniser.find(row.source, context=" ".join(r.source for r in nearby))
        return [_row_term(hit, term, concept, view.target) for hit in hits for term, concept in hit.entries]

    def terminology(self, source: str, target: str, *, wait: bool = True) -> Terminology | None:
        """Return the glossary made ready for a pair of languages.

        Args:
            wait: Make it now if it is not there or out of date; otherwise it is made in the background, and what is
                there is returned meanwhile: an older state, or ``None``.
        """
        pair = (source, target)
        state = self.glossary.store.glossary.state()
        found = self._ready.get(pair)
        if found is not None and found.state == state and found.checker is not None:
            return found
        if wait:
            return self._make_ready(pair, state)
        with self._lock:
            if pair not in self._making:
                self._making.add(pair)
                Thread(target=self._make_ready, args=(pair, state), name="workbench-terms", daemon=True).start()
        return found

    def _make_ready(self, pair: tuple[str, str], state: object) -> Terminology:
        try:
            first = self.glossary.recogniser(base_language(pair[0]))
            if pair not in self._ready:
                self._ready[pair] = Terminology(state, first, None)  # the terms show while the checker is being made
            bases = dict.fromkeys([base_language(pair[0]), base_language(pair[1]), *LANGUAGES])
            recognisers = {base: self.glossary.recogniser(base) for base in bases}
            checker = TermChecker(self.glossary.concepts(), *pair, recognisers=recognisers)
            made = Terminology(state, first, checker)
            self._ready[pair] = made
            return made
        finally:
            with self._lock:
                self._making.discard(pair)

    # Filling in ----------------------------------------------------------------------------------------------

    def fillable(self, view: TranslationView, *, above: float) -> Iterable[Fill]:
        """Yield the open rows without a translation or draft for which the memory has something, in order.

        Args:
            above: The least score, 0–100.
        """
        kinds = (MatchKind.CONTEXT, MatchKind.EXACT, *((MatchKind.FUZZY,) if above < 100 else ()))
        for row in view.rows:
            if row.state != "missing" or row.draft is not None or row.others_draft:
                continue
            ready = self.terminology(view.source, view.target)
            found = self._search(view, row, self._terms(view, row, ready) if ready else (), kinds)
            if found and found[0].score >= above:
                yield Fill(row.key, row.place, row.source, found[0], found[0].fills)


def _merged(ranked: Sequence[Suggestion], meant: Sequence[Suggestion]) -> list[Suggestion]:
    """Put suggestions by meaning where their scores belong among the ranked ones, whose order stays."""
    out = list(ranked)
    known = {s.target for s in ranked}
    for suggestion in meant:
        if suggestion.target not in known:
            place = next((n for n, s in enumerate(out) if s.score < suggestion.score), len(out))
            out.insert(place, suggestion)
    return out


def _neighbours(rows: Sequence[TranslationRow], place: int) -> tuple[str, str]:
    before = rows[place - 1].source if place else ""
    after = rows[place + 1].source if place + 1 < len(rows) else ""
    return before, after


def _row_term(hit: TermHit, term: Term, concept: Concept, target: str) -> RowTerm:
    best = concept.preferred(target, shortened=term.type.shortened)
    serving = sorted(concept.terms_in(target), key=lambda t: (t != best, not t.status.accepted))
    return RowTerm(hit.start, hit.end, concept, term, best, tuple(serving))
