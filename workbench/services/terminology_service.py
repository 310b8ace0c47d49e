"""The glossary at work on texts: where its terms stand, what a translation does with them, which terms it lacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from workbench.core.checks import CheckContext, Finding, Pair, run_checks
from workbench.core.extraction import Candidate, Row, extract
from workbench.core.languages import LANGUAGES, base_language
from workbench.core.recognition import TermHit
from workbench.core.term_check import TermChecker
from workbench.services.glossary_service import GlossaryService
from workbench.services.proposal_service import EXTRACTED

MEMORY_TEXT = "memory"  # the name under which units of the memory count as one text
MAX_MEMORY_UNITS = 20_000  # units of the memory looked at; extraction takes a minute over more


@dataclass(frozen=True, slots=True)
class TermUse:
    """A place where a term of a concept stands in a text.

    Attributes:
        text: The text's slug.
        language: The version.
        segment: Lasting number of the segment; ``position`` its place in the version, from 0.
        content: What the segment says.
        hit: Where in it, and which term.
        title: The text's title.
        row: Number of the grid's row it stands in, from 1; 0 where the text is not aligned.
    """

    text: str
    language: str
    segment: int
    position: int
    content: str
    hit: TermHit
    title: str = ""
    row: int = 0


class TerminologyService:
    """What needs both the glossary and the texts.

    Args:
        glossary: Holds the store, the clock and the author too.
    """

    def __init__(self, *, glossary: GlossaryService) -> None:
        self.glossary = glossary
        self.store = glossary.store

    # In texts ------------------------------------------------------------------------------------------------

    def uses(self, identity: str, *, languages: Sequence[str] = LANGUAGES, limit: int = 200) -> Sequence[TermUse]:
        """Return where the terms of a concept stand in the workspace's texts, at most ``limit`` places.

        Raises:
            UsageError: there is no such concept.
        """
        self.glossary.get(identity)
        found: list[TermUse] = []
        for text in self.store.texts.all():
            rows: dict[int, int] | None = None
            for version in self.store.texts.versions(text.id):
                if base_language(version.language) not in languages:
                    continue
                recogniser = self.glossary.recogniser(version.language)
                for segment in self.store.texts.segments(version.id):
                    for hit in recogniser.find(segment.text, nested=True):
                        if not any(concept.id == identity for _, concept in hit.entries):
                            continue
                        if rows is None:
                            rows = self._rows_of(text.id)
                        found.append(
                            TermUse(
                                text.slug, version.language, segment.id, segment.position, segment.text, hit,
                                text.title, rows.get(segment.id, 0),
                            )
                        )  # fmt: skip
                        if len(found) >= limit:
                            return found
        return found

    def _rows_of(self, text_id: int) -> dict[int, int]:
        """Return the number of the grid's row, from 1, in which each segment of a text stands."""
        stored = self.store.grids.get(text_id)
        if stored is None:
            return {}
        return {number: place for place, row in enumerate(stored.grid.rows, 1) for cell in row.cells for number in cell}

    def check(
        self, pairs: Sequence[Pair], source_language: str, target_language: str, *, only: Collection[str] = ("terms",)
    ) -> Sequence[Finding]:
        """Check the segments of one text against the glossary.

        Args:
            pairs: Segments with their translations, in order.
            source_language, target_language: BCP 47.
            only: Names of the checks to run.

        Raises:
            UsageError: a check of that name does not exist.
        """
        bases = {base_language(source_language), base_language(target_language), *LANGUAGES}
        checker = TermChecker(
            self.glossary.concepts(), source_language, target_language,
            recognisers={base: self.glossary.recogniser(base) for base in bases},
        )  # fmt: skip
        return run_checks(pairs, CheckContext(source_language, target_language, checker), only=only)

    # Extraction ----------------------------------------------------------------------------------------------

    def rows(self, slugs: Collection[str] | None = None, *, memory: bool = True) -> Iterator[Row]:
        """Yield the aligned rows of texts that have a grid, and the units of the memory.

        Args:
            slugs: Only these texts; all unless given.
            memory: Also the memory's units, as one text.
        """
        seen: set[tuple[tuple[str, str], ...]] = set()
        for text in self.store.texts.all():
            if slugs is not None and text.slug not in slugs:
                continue
            stored = self.store.grids.get(text.id)
            if stored is None:
                continue
            contents: dict[int, str] = {}
            for version in self.store.texts.versions(text.id):
                contents.update((s.id, s.text) for s in self.store.texts.segments(version.id))
            for row in stored.grid.rows:
                cells = {
                    language: " ".join(contents[n] for n in cell if n in contents)
                    for language, cell in zip(stored.grid.languages, row.cells, strict=True)
                }
                seen.add(tuple(sorted((k, v) for k, v in cells.items() if v)))
                yield Row(text.slug, cells)
        if not memory:
            return
        for number, unit in enumerate(unit for lot in self.store.memory.iterate() for unit in lot):
            if number >= MAX_MEMORY_UNITS:
                return
            cells = {base_language(v.language): v.text for v in unit.variants}
            if tuple(sorted(cells.items())) not in seen:  # rows confirmed in a grid are in the memory too
                yield Row(MEMORY_TEXT, cells)

    def candidates(
        self,
        *,
        rows: Sequence[Row] | None = None,
        languages: Sequence[str] = LANGUAGES,
        limit: int = 200,
        known: bool = False,
    ) -> Mapping[str, Sequence[Candidate]]:
        """Return term candidates by language, the likeliest first.

        Args:
            rows: Aligned rows; those of all texts and the memory unless given.
            languages: Those to look at.
            limit: At most so many in each language.
            known: Also candidates that are terms of the glossary already.
        """
        dismissed = self.dismissed()
        given = list(self.rows()) if rows is None else rows
        spare = limit if known else limit * 2
        found = extract(given, languages, dismissed=dismissed, limit=spare)
        if known:
            return found
        return {
            language: [c for c in candidates if not self.known(c.language, c.text)][:limit]
            for language, candidates in found.items()
        }

    def known(self, language: str, text: str) -> bool:
        """Tell whether words are a term of the glossary, whatever their inflection."""
        return bool(self.homes(language, text))

    def homes(self, language: str, text: str) -> list[str]:
        """Return the ids of the concepts of which words are a term, whatever their inflection."""
        hits = self.glossary.recogniser(language).find(text, nested=True, any_context=True)
        whole = [hit for hit in hits if hit.start == 0 and hit.end == len(text)]
        return list(dict.fromkeys(concept.id for hit in whole for _, concept in hit.entries))

    def dismissed(self) -> set[tuple[str, str]]:
        """Return (language, key) of the candidates that were dismissed for good."""
        return {(p.language, p.note) for p in self.store.glossary.proposals(state="dismissed", place=EXTRACTED)}
