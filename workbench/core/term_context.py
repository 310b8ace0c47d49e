"""Words of context: by them a word of several meanings is a term where it stands, or is not."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from workbench.core.terms import Term, fold
from workbench.core.words import inflections, tokenise


def words_of(text: str) -> set[str]:
    """Return the words of a text without accents and case."""
    return {fold(word) for _, _, word in tokenise(text) if word}


class ContextWords:
    """Looks for words of context, inflected as they may be.

    Args:
        language: Without region.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._forms: dict[tuple[str, ...], frozenset[str]] = {}

    def meant(self, term: Term, around: AbstractSet[str], *, any_context: bool = False) -> bool:
        """Tell whether a term is meant among these words.

        Args:
            around: What :func:`words_of` gives for the segment and its neighbours.
            any_context: Its words of context need not stand there; those that exclude it still count.
        """
        if term.away and self.any_of(term.away, around):
            return False
        return any_context or term.everyday or not term.near or self.any_of(term.near, around)

    def any_of(self, words: Sequence[str], around: AbstractSet[str]) -> bool:
        """Tell whether a form of one of the words is among those around."""
        key = tuple(words)
        wanted = self._forms.get(key)
        if wanted is None:
            forms: set[str] = set()
            for phrase in words:
                for _, _, word in tokenise(phrase):
                    if word and len(word) > 1:
                        forms |= {fold(form) for form in inflections(word.lower(), self.language, gender=True)}
            wanted = self._forms[key] = frozenset(forms)
        return not wanted.isdisjoint(around)
