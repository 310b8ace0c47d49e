"""Checks over a text and its translation: the findings they report, and the table of all checks.

A check is a function from the pairs of one text, in order, to findings. It is entered into :data:`CHECKS` with
:func:`check`; :func:`run_checks` runs those that are on. What a check needs beyond the pairs (the glossary's
recognisers, say) comes in the :class:`CheckContext`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.errors import Sentence, UsageError

if TYPE_CHECKING:
    from workbench.core.term_check import TermChecker


class Severity(StrEnum):
    """How sure a check is that something is wrong."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Pair:
    """A segment of the original with its translation."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check reports of one pair.

    Attributes:
        check: Name of the check (``terms``).
        kind: What is wrong, one word (``missing``, ``forbidden`` …).
        pair: Number of the pair in its text, from 0.
        sentence: For the translator; :attr:`message` is it in English.
        start, end: Span in the target, in characters; both ``None`` where the fault is that something is not there.
        correction: What to put in place of the span; ``None`` where the check knows none. Where there is no span it
            is a proposal to write somewhere.
        source_start, source_end: Span in the source that it is about, if any.
        concept: Id of the glossary's concept, for findings about terms.
        term: The term concerned, as the glossary lists it.
        severity: How sure it is.
    """

    check: str
    kind: str
    pair: int
    sentence: Sentence
    start: int | None = None
    end: int | None = None
    correction: str | None = None
    source_start: int | None = None
    source_end: int | None = None
    concept: str = ""
    term: str = ""
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        """The sentence in English."""
        return str(self.sentence)

    def apply(self, target: str) -> str:
        """Return the target with the correction in place of the span.

        Raises:
            UsageError: there is nothing to put, or no place to put it.
        """
        if self.correction is None or self.start is None or self.end is None:
            raise UsageError("This finding has no correction that could be applied by itself.")
        return target[: self.start] + self.correction + target[self.end :]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What checks may need.

    Attributes:
        source_language, target_language: BCP 47.
        terms: The glossary's checker for this pair of languages; ``None`` leaves terminology out.
        extra: Things further checks need, by their name.
    """

    source_language: str
    target_language: str
    terms: TermChecker | None = None
    extra: dict[str, object] = field(default_factory=dict)


CheckFunction = Callable[[Sequence[Pair], CheckContext], Iterable[Finding]]
CHECKS: dict[str, CheckFunction] = {}
"""All checks by name, in the order in which their findings are listed."""


def check(name: str) -> Callable[[CheckFunction], CheckFunction]:
    """Enter a function into :data:`CHECKS` under ``name``.

    Raises:
        UsageError: the name is taken.
    """

    def enter(function: CheckFunction) -> CheckFunction:
        if name in CHECKS:
            raise UsageError("There is a check “{name}” already.", name=name)
        CHECKS[name] = function
        return function

    return enter


def run_checks(
    pairs: Sequence[Pair], context: CheckContext, *, only: Collection[str] | None = None, off: Collection[str] = ()
) -> list[Finding]:
    """Run checks over one text.

    Args:
        pairs: The text's segments with their translations, in order; those without a translation are passed over by
            each check as it sees fit.
        context: What the checks need.
        only: Names of the checks to run; all unless given.
        off: Names of checks to leave out.

    Returns:
        Findings by pair, then by place.

    Raises:
        UsageError: a name is not that of a check.
    """
    for name in (*(only or ()), *off):
        if name not in CHECKS:
            raise UsageError("There is no check “{name}”: choose among {checks}.", name=name, checks=", ".join(CHECKS))
    chosen = [name for name in CHECKS if (only is None or name in only) and name not in off]
    findings = [finding for name in chosen for finding in CHECKS[name](pairs, context)]
    return sorted(findings, key=lambda f: (f.pair, f.start if f.start is not None else -1, f.end or -1))


@check("terms")
def _terms(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    return context.terms.check(pairs) if context.terms is not None else ()
