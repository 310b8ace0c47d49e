"""Term candidates of the workspace: found in the background, kept until they are looked for again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from workbench.core.extraction import Candidate, Counterpart, Row
from workbench.core.languages import LANGUAGES
from workbench.core.people import Right
from workbench.services.rights import needs
from workbench.services.terminology_service import TerminologyService

STORED_KEY = "term_candidates"
LIMIT = 200  # candidates kept in each language


@dataclass(frozen=True, slots=True)
class FoundCandidates:
    """What the last search found and nobody has decided on since.

    Attributes:
        at, by: When, and who asked for it.
        rows: Number of aligned rows that were looked through.
        candidates: By language, the likeliest first.
        examples: Rows by their number in :attr:`Candidate.rows`.
    """

    at: str
    by: str
    rows: int
    candidates: Mapping[str, Sequence[Candidate]]
    examples: Mapping[int, Row]


class CandidateService:
    """Finds term candidates in the workspace's texts and memory and keeps them.

    Args:
        terminology: Holds the glossary, the store, the clock, the author and the guard too.
    """

    def __init__(self, *, terminology: TerminologyService) -> None:
        self.terminology = terminology
        self.store = terminology.store
        self.guard = terminology.glossary.guard

    @needs(Right.TERMS)
    def search(self, progress: Callable[[int, int], object] | None = None) -> int:
        """Look through all texts and the memory, keep what was found and return the number of candidates.

        Args:
            progress: Called with (done, all) steps.
        """
        report = progress or (lambda done, total: None)
        report(0, 2)
        rows = list(self.terminology.rows())
        report(1, 2)
        found = self.terminology.candidates(rows=rows, limit=LIMIT)
        self.keep(rows, found)
        report(2, 2)
        return sum(len(some) for some in found.values())

    @needs(Right.TERMS)
    def keep(self, rows: Sequence[Row], found: Mapping[str, Sequence[Candidate]]) -> None:
        """Keep candidates by language with the rows that :attr:`Candidate.rows` counts."""
        wanted = {number for some in found.values() for candidate in some for number in candidate.rows}
        glossary = self.terminology.glossary
        kept = {
            "at": glossary.now(),
            "by": glossary.author,
            "rows": len(rows),
            "candidates": {code: [asdict(candidate) for candidate in some] for code, some in found.items()},
            "examples": {str(number): [rows[number].text, dict(rows[number].cells)] for number in sorted(wanted)},
        }
        self.store.settings.put(STORED_KEY, kept)

    def found(self) -> FoundCandidates | None:
        """Return what the last search found, without what became a term or was dismissed since; ``None`` before
        the first search."""
        kept = self.store.settings.get(STORED_KEY)
        if not isinstance(kept, dict):
            return None
        dismissed = self.terminology.dismissed()
        candidates = {}
        for code in LANGUAGES:
            some = [_candidate(data) for data in kept["candidates"].get(code, ())]
            candidates[code] = [
                c for c in some if (code, c.key) not in dismissed and not self.terminology.known(code, c.text)
            ]
        examples = {int(number): Row(text, cells) for number, (text, cells) in kept["examples"].items()}
        return FoundCandidates(kept["at"], kept["by"], kept["rows"], candidates, examples)


def _candidate(data: Mapping[str, object]) -> Candidate:
    values = dict(data)
    counterparts = values.pop("counterparts")
    assert isinstance(counterparts, dict)
    answers = {code: tuple(Counterpart(**answer) for answer in some) for code, some in counterparts.items()}
    values["rows"] = tuple(values["rows"])  # type: ignore[arg-type]
    return Candidate(counterparts=answers, **values)  # type: ignore[arg-type]
