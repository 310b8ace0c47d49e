"""Searching and replacing in the whole of a translation, seen before it is done and undoable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from workbench.core.languages import normalise_code
from workbench.core.people import Right
from workbench.core.segmentation import CODE
from workbench.core.texts import SegmentState, clean
from workbench.errors import UsageError
from workbench.services.rights import needs
from workbench.services.step_service import StepService
from workbench.services.translation_service import TranslationService
from workbench.services.translation_work import TranslationWork, join_segments
from workbench.store.store import Store

if TYPE_CHECKING:
    import regex

SECONDS = 2.0  # a regular expression that needs longer for one segment would never end
ALL_SECONDS = 10.0  # for the whole translation; nobody waits longer for a table


@dataclass(frozen=True, slots=True)
class Replacement:
    """What would be replaced in one segment.

    Attributes:
        key, place: The row.
        before, after: The whole translation.
        count: How often it was found there.
        spans: Where, in ``before``: (start, end) in characters.
        harms: It would change the codes of the format (bold, links): only a person who wants that chooses it.
    """

    key: int
    place: int
    before: str
    after: str
    count: int
    spans: tuple[tuple[int, int], ...]
    harms: bool = False


class ReplaceService:
    """Searches and replaces.

    Args:
        store: Where the texts are kept.
        translation: The versions; knows what the person at work may do.
        steps: Keeps the memory in step.
        now: The clock.
        author: Who it is attributed to.
    """

    def __init__(
        self,
        *,
        store: Store,
        translation: TranslationService,
        steps: StepService,
        now: Callable[[], str],
        author: str,
    ) -> None:
        self.store, self.translation, self.steps = store, translation, steps
        self.now, self.author = now, author
        self.guard = translation.guard

    def find(
        self,
        slug: str,
        target: str,
        wanted: str,
        replacement: str,
        *,
        expression: bool = False,
        case: bool = False,
        words: bool = False,
        source: str | None = None,
    ) -> list[Replacement]:
        """Return the segments in which something would be replaced, in order; nothing is changed.

        Args:
            wanted: What is looked for.
            replacement: What stands there afterwards; in an expression ``\\\\1`` is what its first group found.
            expression: ``wanted`` is a regular expression.
            case: Capitals matter.
            words: Only whole words.

        Raises:
            UsageError: nothing to look for, or no regular expression, with the reason.
        """
        import regex

        if not wanted:
            raise UsageError("Type what to look for.")
        pattern = _pattern(wanted, expression, case, words)
        found = []
        rows = self.translation.view(slug, target, source).rows
        end = monotonic() + ALL_SECONDS
        for row in rows:
            left = max(0.0, min(SECONDS, end - monotonic()))
            try:
                matches = list(pattern.finditer(row.target, timeout=left))
                after = pattern.sub(replacement if expression else lambda _: replacement, row.target, timeout=left)
            except (TimeoutError, MemoryError, RecursionError) as error:
                raise UsageError("This regular expression takes too long: make it simpler.") from error
            except (regex.error, IndexError) as error:
                raise UsageError("The replacement does not fit the expression: {why}.", why=str(error)) from error
            after = clean(after)
            if matches and after != row.target:
                spans = tuple(match.span() for match in matches)
                harms = sorted(CODE.findall(after)) != sorted(CODE.findall(row.target)) or not after
                found.append(Replacement(row.key, row.place, row.target, after, len(matches), spans, harms))
        return found

    @needs(Right.TRANSLATE)
    def take(
        self, slug: str, target: str, chosen: Sequence[Replacement], *, source: str | None = None
    ) -> tuple[int, int]:
        """Replace in the chosen segments, as one step that can be taken back; their state stays.

        Returns:
            In how many it was done, and how many had been changed by somebody since :meth:`find`.
        """
        text, target = self.store.texts.get(slug), normalise_code(target)
        self.translation.begin(slug, target, source)
        done: list[int] = []
        changes = []
        with self.store.database.write() as connection:
            work = TranslationWork(self.store, connection, text, target, source, self.now(), self.author)
            for each in chosen:
                try:
                    place = work.place_of(each.key)
                except UsageError:
                    continue
                if join_segments(work.answer(place)) != each.before or not each.after:
                    continue
                change = work.before(place, each.after)
                changes.append(change)
                work.write(place, each.after, SegmentState(str(change[2])))
                done.append(each.key)
            work.keep_step("replace", changes)
            work.finish()
        self.steps.remember(text, target, work.source, done)
        return len(done), len(chosen) - len(done)


def _pattern(wanted: str, expression: bool, case: bool, words: bool) -> regex.Pattern[str]:
    import regex

    body = wanted if expression else regex.escape(wanted, literal_spaces=True)
    if words:
        body = rf"(?<!\w)(?:{body})(?!\w)"
    try:
        pattern = regex.compile(body, 0 if case else regex.IGNORECASE)
        empty = pattern.fullmatch("", timeout=SECONDS)
    except regex.error as error:
        raise UsageError("This is not a regular expression: {why}.", why=str(error)) from error
    except (TimeoutError, MemoryError, RecursionError) as error:  # it calls itself without end, or is nested too deep
        raise UsageError("This regular expression takes too long: make it simpler.") from error
    if empty:
        raise UsageError("This expression finds nothing as well as something: say what must stand there.")
    return pattern
