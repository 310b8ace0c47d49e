"""The translation memory: what is learnt, looked up, searched and taken back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from workbench.core.adaptation import TermPair
from workbench.core.analysis import Analysis
from workbench.core.concordance import ConcordancePage, parse_query
from workbench.core.grid import Grid
from workbench.core.languages import normalise_code
from workbench.core.library import StoredSegment, StoredText
from workbench.core.memory import (
    Batch,
    HistoryEntry,
    Learnt,
    MatchKind,
    MemoryStats,
    NewUnit,
    Source,
    Suggestion,
    TranslationUnit,
)
from workbench.core.people import Right
from workbench.errors import UsageError
from workbench.formats.exchange import ExchangeUnit, Item, Report, read_units, write_units
from workbench.services.fuzzy_cache import FuzzyCache
from workbench.services.memory_care import (
    Contradiction,
    Duplicate,
    Replacement,
    analyse,
    apply_replacements,
    contradictions,
    duplicates,
    edit_unit,
    find_replacements,
    join_duplicates,
    remove_units,
    settling,
)
from workbench.services.memory_exchange import outgoing_units
from workbench.services.memory_import import ImportReport, checked_unit, import_units, undo_import
from workbench.services.memory_search import ALL_KINDS, MemorySearch, Query
from workbench.services.rights import OPEN, Guard, needs
from workbench.services.semantic_cache import SemanticCache
from workbench.services.text_memory import grid_source, row_units
from workbench.services.vector_service import VectorService
from workbench.store import memory_batches, memory_write
from workbench.store.memory_concordance import concordance
from workbench.store.store import Store

LEARNT_TOGETHER = 1_000  # units written in one transaction: tenths of a second, in which other writers wait


class MemoryService:
    """The memory of a workspace. Safe to share between threads.

    Args:
        store: Where it is kept.
        vectors: Sentence vectors; ``None`` leaves semantic matches out.
        now: The clock: an ISO 8601 time in UTC.
        author: Who changes are attributed to.
        guard: What the person at work may do.
        cache: Folder for what can be made again from the database; without one it is made in each process.
    """

    def __init__(
        self,
        *,
        store: Store,
        vectors: VectorService | None = None,
        now: Callable[[], str],
        author: str,
        guard: Guard = OPEN,
        cache: Path | None = None,
    ) -> None:
        self.store = store
        self.vectors = vectors
        self.now = now
        self.author = author
        self.guard = guard
        self.fuzzy = FuzzyCache(store, cache)
        self._stats: MemoryStats | None = None
        self.semantic = SemanticCache(store, vectors, cache) if vectors is not None else None
        self._search = MemorySearch(store, self.fuzzy, self.semantic)

    # Learning ------------------------------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def learn(self, units: Sequence[NewUnit], *, source: Source, reviewed: bool, author: str | None = None) -> Learnt:
        """Put units into the memory.

        A unit that agrees with one there in two languages or more, and disagrees in none, is that one: it gains the
        source and the languages it lacked. Any other is added, also where one language says the same: another
        translation is another unit.

        Args:
            units: Units with a ``place`` replace what the same source had at that place.
            source: Where they come from; what to :meth:`retract` them by.
            reviewed: A person has checked them.
            author: Who learnt them, where it is not the service's author.

        Raises:
            UsageError: a language code is none.
        """
        cleaned = [checked for unit in units if (checked := checked_unit(unit)) is not None]
        done: list[Learnt] = []
        for start in range(0, len(cleaned), LEARNT_TOGETHER):
            batch = cleaned[start : start + LEARNT_TOGETHER]
            with self.store.database.write() as connection:
                pen = memory_write.lock(connection, self.now(), author or self.author)
                source_id = memory_write.put_source(pen, source)
                lessons = [memory_write.Lesson(unit, source_id, reviewed) for unit in batch]
                done.append(memory_write.learn(pen, lessons))
                pen.close()
        return Learnt.of(done)

    @needs(Right.TRANSLATE)
    def retract(self, source_key: str, places: Sequence[str] | None = None) -> int:
        """Take back what a source taught, all of it or at some places.

        Languages and units that another source supports as well stay.

        Returns:
            How many units went. A source that is not known removes none.
        """
        source_id = self.store.memory.source_id(source_key)
        if source_id is None or (places is not None and not places):
            return 0
        with self.store.database.write() as connection:
            pen = memory_write.lock(connection, self.now(), self.author)
            removed = memory_write.retract(pen, source_id, places)
            pen.close()
        return removed

    def learn_rows(
        self,
        text: StoredText,
        grid: Grid,
        places: Mapping[str, int],
        segments: Mapping[str, Mapping[int, StoredSegment]],
        *,
        aligner: str = "",
    ) -> Learnt:
        """Learn rows of a text's grid, each with its neighbours, reviewed where a person has confirmed it.

        Args:
            places: The name a row is remembered by (:meth:`retract_rows` takes it back) → its place in the grid.
            segments: By language, the version's segments by number.
            aligner: Signature of the aligner.
        """
        units = row_units(grid, places, segments)
        source = grid_source(text, aligner)
        done = [
            self.learn([unit for unit, checked in units if checked is reviewed], source=source, reviewed=reviewed)
            for reviewed in (True, False)
        ]
        return Learnt.of(done)

    def retract_rows(self, slug: str, names: Sequence[str]) -> int:
        """Take back rows of a text by the names they were learnt under; returns how many units went."""
        return self.retract(f"text:{slug}", names)

    # In and out ----------------------------------------------------------------------------------------------

    @needs(Right.REVISE)
    def import_units(
        self,
        items: Iterable[Item],
        *,
        name: str,
        reviewed: bool = True,
        keep_going: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Bring the units of an exchange file in.

        They are staged a few thousand at a time and seen by everybody at once at the end; killed before, the memory
        is as it was. The same file imported twice changes nothing.

        Args:
            items: What :func:`workbench.formats.exchange.read_units` yields: units, and those it skipped.
            name: The file's name; what its units are known by.
            reviewed: Whether the file's units count as checked by a person; what this program exported knows it.
            keep_going: Take what was read before a place at which the file is broken; otherwise nothing is taken.
            progress: Called now and then with the number of units taken.

        Raises:
            FormatError: the file is broken, and ``keep_going`` is not set.
        """
        return import_units(
            self.store, items, name=name, reviewed=reviewed, keep_going=keep_going, now=self.now, author=self.author,
            progress=progress,
        )  # fmt: skip

    def import_file(
        self,
        stream: BinaryIO,
        *,
        name: str,
        source: str | None = None,
        target: str | None = None,
        reviewed: bool = True,
        keep_going: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Import an exchange file (TMX, PO, XLIFF, CSV, TSV, XLSX); see :meth:`import_units`.

        Args:
            stream: The open file.
            name: Its name, of which the suffix tells the format.
            source, target: Its languages where it does not say them.
            progress: Called now and then with the number of bytes read.

        Raises:
            FormatError: unknown format, or the file is broken.
        """
        items = read_units(stream, name=name, source=source, target=target, progress=progress)
        return self.import_units(items, name=name, reviewed=reviewed, keep_going=keep_going)

    def export_units(self, *, languages: Sequence[str] = ()) -> Iterator[ExchangeUnit]:
        """Yield the memory's units for an exchange file, in the order in which they were learnt.

        Args:
            languages: Only units that have all of these.
        """
        codes = [normalise_code(code) for code in languages]
        for units in self.store.memory.iterate(languages=codes):
            yield from outgoing_units(units)

    def export_file(
        self, stream: BinaryIO, *, format: str, source: str | None = None, target: str | None = None
    ) -> Report:
        """Write the memory as an exchange file and say what its format could not carry.

        Args:
            stream: Where to write.
            format: One of :data:`workbench.formats.exchange.UNIT_FORMATS`.
            source, target: The pair to write; PO and XLIFF need it. TMX takes all languages without it.

        Raises:
            UsageError: the format is unknown or needs languages that were not given.
        """
        pair = [code for code in (source, target) if code]
        return write_units(
            self.export_units(languages=pair), stream, format=format, source=source, target=target, languages=pair
        )

    def imports(self, *, limit: int = 50) -> list[Batch]:
        """Return the imports, last first."""
        return self.store.memory.batches(limit=limit)

    @needs(Right.REVISE)
    def undo_import(self, batch_id: int | None = None) -> Batch:
        """Take an import back: what it alone brought is gone.

        Args:
            batch_id: Which one; the last one not taken back yet unless given.

        Returns:
            The import.

        Raises:
            UsageError: there is none to take back.
        """
        return undo_import(self.store, batch_id, now=self.now, author=self.author)

    @needs(Right.TRANSLATE)
    def used(self, unit_id: int) -> None:
        """Note that a suggestion from a unit was taken; among equals the most used comes first."""
        with self.store.database.write() as connection:
            memory_write.count_use(connection, unit_id)
            for unit in self.store.memory.units_in(connection, [unit_id]):
                words = sum(len(variant.text.split()) for variant in unit.variants) // len(unit.variants)
                self.store.figures.note_saved(connection, self.now()[:10], "taken", words)

    # Looking up ----------------------------------------------------------------------------------------------

    def search(
        self,
        text: str,
        *,
        source: str,
        target: str,
        previous: str | None = None,
        next: str | None = None,
        text_slug: str | None = None,
        limit: int = 9,
        kinds: Collection[MatchKind] | None = None,
        terms: Sequence[TermPair] = (),
    ) -> list[Suggestion]:
        """Return what the memory offers for a segment, best first.

        Args:
            text: The segment.
            source, target: Language codes; a region (``pt-BR``) is preferred and, with a penalty, replaced by others.
            previous, next: Its neighbours, ``""`` at the text's edge, ``None`` where not known.
            text_slug: The text it stands in: what was learnt from it comes first.
            limit: How many suggestions at most.
            kinds: Only these kinds of match.
            terms: Glossary terms, for suggestions in which one term is changed.

        Raises:
            UsageError: a code is none, or both languages are the same.
        """
        source, target = normalise_code(source), normalise_code(target)
        if source == target:
            raise UsageError("Source and target are the same language: choose two.")
        query = Query(text, source, target, (previous, next), text_slug, tuple(terms))
        return self._search.search(query, limit=limit, kinds=ALL_KINDS if kinds is None else frozenset(kinds))

    # Care ----------------------------------------------------------------------------------------------------

    def analyse(self, segments: Sequence[str], *, source: str, target: str, text_slug: str | None = None) -> Analysis:
        """Return how much of a text the memory offers, in segments and words by band.

        Args:
            segments: The text's segments in order; each is looked up between its neighbours.
        """
        source, target = normalise_code(source), normalise_code(target)
        return analyse(self._search, segments, source=source, target=target, text_slug=text_slug)

    def contradictions(self, *, source: str, target: str, limit: int = 200) -> list[Contradiction]:
        """Return segments that have several translations, with the units that have each."""
        return contradictions(self.store, source=normalise_code(source), target=normalise_code(target), limit=limit)

    def duplicates(self, *, limit: int = 1_000) -> list[Duplicate]:
        """Return units that an older one says as well: equal in two languages or more, different in none."""
        return duplicates(self.store, limit=limit)

    @needs(Right.REVISE)
    def dedupe(self, found: Sequence[Duplicate] | None = None) -> int:
        """Join duplicates into the older units, which gain their languages and sources.

        Args:
            found: Those a person has looked at; all there are unless given.

        Returns:
            How many units were joined into others.
        """
        joined = 0
        while True:
            lot = list(found) if found is not None else duplicates(self.store, limit=LEARNT_TOGETHER)
            if not lot:
                return joined
            with self.store.database.write() as connection:
                pen = memory_write.lock(connection, self.now(), self.author)
                done = join_duplicates(pen, self.store, lot)
                pen.close()
            joined += done
            if found is not None or not done:
                return joined

    def find_replacements(
        self, find: str, replace: str, *, language: str, pattern: bool = False, match_case: bool = True
    ) -> Iterator[Replacement]:
        """Yield what find and replace would do, for a preview; nothing is changed.

        Args:
            find: Text, or with ``pattern`` a regular expression.
            replace: What stands in for it, with ``pattern`` ``\\1`` for groups.
            language: Where.

        Raises:
            UsageError: nothing is sought, or the regular expression is none.
        """
        return find_replacements(
            self.store, find, replace, language=normalise_code(language), pattern=pattern, match_case=match_case
        )

    @needs(Right.REVISE)
    def apply_replacements(self, chosen: Sequence[Replacement]) -> tuple[int, list[Replacement]]:
        """Do the replacements a person has looked at.

        Returns:
            How many were done, and those left alone because somebody changed their segment meanwhile.
        """
        with self.store.database.write() as connection:
            pen = memory_write.lock(connection, self.now(), self.author)
            done = apply_replacements(pen, self.store, chosen)
            pen.close()
        return done

    def settle(self, contradiction: Contradiction, target: str, text: str) -> tuple[list[Replacement], int]:
        """Let all units of a segment say one of its translations.

        Args:
            contradiction: The segment, as a person saw it.
            target: Language of the translations.
            text: The one chosen.

        Returns:
            What was changed, and how many units were left alone because somebody changed them meanwhile.
        """
        wanted, changed = settling(self.store, contradiction, target=normalise_code(target), text=text)
        _, left = self.apply_replacements(wanted)
        return [replacement for replacement in wanted if replacement not in left], changed + len(left)

    @needs(Right.REVISE)
    def edit(self, unit_id: int, texts: Mapping[str, str], *, revision: int) -> TranslationUnit:
        """Correct a unit by hand; an empty text takes that language out.

        Args:
            texts: By language, languages the unit has.
            revision: The unit's revision as the person saw it.

        Raises:
            ConflictError: somebody changed it meanwhile.
            UsageError: it is gone, has no such language, or would be left with fewer than two.
        """
        with self.store.database.write() as connection:
            pen = memory_write.lock(connection, self.now(), self.author)
            edit_unit(pen, self.store, unit_id, dict(texts), revision)
            pen.close()
        return self.unit(unit_id)

    @needs(Right.ADMINISTER)
    def remove(self, unit_ids: Sequence[int]) -> int:
        """Remove units, whatever supports them; their history stays. Return how many there were."""
        with self.store.database.write() as connection:
            pen = memory_write.lock(connection, self.now(), self.author)
            removed = remove_units(pen, self.store, unit_ids)
            pen.close()
        return removed

    # Vectors -------------------------------------------------------------------------------------------------

    def pending_vectors(self) -> int:
        """Return how many segments at most have no vector yet; 0 when semantic matches are complete."""
        return 0 if self.semantic is None else self.semantic.pending()

    def make_vectors(
        self,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """Make the vectors that are missing, and the semantic index; for the background. Return the segments seen.

        Look-ups go on meanwhile. Broken off, it goes on where it was.

        Args:
            progress: Called with (done, all) segments.
            cancelled: Asked now and then; once it says yes, nothing more is made.
        """
        return 0 if self.semantic is None else self.semantic.make(progress=progress, cancelled=cancelled)

    @needs(Right.ADMINISTER)
    def reindex(self) -> None:
        """Throw the indexes away and make them anew from the database."""
        self.fuzzy.forget()
        memory_batches.sweep(self.store.database, self.now(), self.author, most=None)
        if self.semantic is not None:
            self.semantic.remake()

    # Reading -------------------------------------------------------------------------------------------------

    def concordance(
        self, query: str, *, language: str | None = None, text: str | None = None, limit: int = 50, offset: int = 0
    ) -> ConcordancePage:
        """Return the units in which words stand, last learnt first.

        Args:
            query: Words, all of which must be there; ``"a phrase"``, ``begin*``, ``a NEAR b``, ``a NEAR/3 b``,
                ``a OR b``, ``-without``. Case and accents make no difference.
            language: Only hits in this language.
            text: Only units learnt from the text of this slug.
            limit, offset: The page.
        """
        code = normalise_code(language) if language else None
        return concordance(
            self.store.database, parse_query(query), language=code, text_slug=text, limit=limit, offset=offset
        )

    def unit(self, unit_id: int) -> TranslationUnit:
        """Return a unit.

        Raises:
            UsageError: there is none of that number (any more).
        """
        found = self.store.memory.units([unit_id])
        if not found:
            raise UsageError("The memory has no unit {unit_id}; it may have been removed meanwhile.", unit_id=unit_id)
        return found[0]

    def history(self, unit_id: int) -> list[HistoryEntry]:
        """Return a unit's changes, last first."""
        return self.store.memory.history(unit_id)

    def stats(self) -> MemoryStats:
        """Count what the memory holds; counted anew only when the memory has changed, since pages ask at each turn."""
        known = self._stats
        if known is None or known.revision != self.store.memory.state()[1]:
            known = self._stats = self.store.memory.stats()
        return known
