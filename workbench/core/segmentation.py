"""Sentences: blocks of a document cut into segments by SRX rules.

The rules are LanguageTool's (``languagetool_segment.srx``, carried by the PyPI package ``choppa-srx``), with
abbreviations of the network's trade added before them and, where a workspace has some, its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import regex

from workbench.core.languages import base_language
from workbench.core.texts import BlockKind, Document, Segment, clean

if TYPE_CHECKING:
    from choppa import SrxDocument

# Cut wrongly by the shared rules and common in agreements and reports. Lower-case forms also match capitalised.
ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "fr": ("art", "arts", "al", "chap", "coord", "dir", "éd", "env", "fig", "ibid", "n", "p", "pp", "réf", "resp",
           "tél", "vol", "Mme", "Mlle", "Dr", "Pr", "Me", "St", "Ste", "MM", "M"),
    "es": ("art", "arts", "cap", "coord", "dir", "ed", "fig", "núm", "núms", "pág", "págs", "párr", "ref", "tel",
           "vol", "Sr", "Sra", "Sres", "Sras", "Dr", "Dra", "Lic", "Ing", "Arq", "Prof", "Profa", "Mtro", "Mtra",
           "Excmo", "Excma", "Av", "Gral"),
    "pt": ("art", "arts", "cap", "coord", "dir", "ed", "fig", "inc", "núm", "n", "pág", "págs", "ref", "tel", "vol",
           "Sr", "Sra", "Srs", "Sras", "Dr", "Dra", "Eng", "Arq", "Prof", "Profa", "Exmo", "Exma", "Av"),
    "en": ("art", "arts", "ch", "coord", "ed", "eds", "fig", "no", "nos", "p", "pp", "para", "ref", "tel", "vol", "Mr",
           "Mrs", "Ms", "Dr", "Prof", "Hon"),
}  # fmt: skip

# "no." ends English sentences too: only before a number is it an abbreviation. "p", "n", "art" likewise.
_BEFORE_NUMBER = frozenset(
    ("al", "art", "arts", "cap", "ch", "chap", "ed", "éd", "fig", "inc", "n", "no", "nos", "núm", "núms", "p", "pp",
     "pág", "págs", "par", "para", "párr", "réf", "ref", "tel", "tél", "vol")
)  # fmt: skip

# An acronym of three letters and more can end a sentence ("le programme ANE-AL. Ses membres"), where the shared rules
# take its last letters for initials; a colon never ends one, as the Spanish rules have it before a capital.
_BREAKS = ((r"(?<![\p{L}.])\p{Lu}[\p{Lu}\-]{2,}\.\s+", r"[\p{Lu}¿¡«“]"),)
_NO_BREAKS = ((r":\s+", r""),)

CODE = regex.compile(r"⟨(/?)(\d{1,4})(/?)⟩")
"""An inline code in a segment: ``⟨1⟩`` opens, ``⟨/1⟩`` closes, ``⟨1/⟩`` stands alone."""


@dataclass(frozen=True, slots=True)
class SegmentationRules:
    """A workspace's own additions to the shared rules.

    Attributes:
        abbreviations: By language, words after whose full stop no sentence ends (without the stop).
        no_break: By language, pairs (before, after) of regular expressions between which no sentence ends.
        breaks: By language, such pairs between which one always ends.
    """

    abbreviations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    no_break: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    breaks: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def _key(self) -> tuple[Any, ...]:
        return tuple(tuple(sorted((k, tuple(v)) for k, v in part.items()))
                     for part in (self.abbreviations, self.no_break, self.breaks))  # fmt: skip


NO_RULES = SegmentationRules()
_Item = TypeVar("_Item")
TOLD_EVERY = 100  # blocks, which take a tenth of a second


def merge_rules(seen: SegmentationRules, mine: SegmentationRules, theirs: SegmentationRules) -> SegmentationRules:
    """Return somebody's rules with what one added to and took from those that both began with."""
    return SegmentationRules(
        _merged(seen.abbreviations, mine.abbreviations, theirs.abbreviations),
        _merged(seen.no_break, mine.no_break, theirs.no_break),
        _merged(seen.breaks, mine.breaks, theirs.breaks),
    )


def _merged(
    seen: Mapping[str, tuple[_Item, ...]],
    mine: Mapping[str, tuple[_Item, ...]],
    theirs: Mapping[str, tuple[_Item, ...]],
) -> dict[str, tuple[_Item, ...]]:
    merged = {}
    for language in dict.fromkeys((*theirs, *mine)):
        was, now, there = (found.get(language, ()) for found in (seen, mine, theirs))
        kept = [item for item in there if item in now or item not in was]
        merged[language] = (*kept, *(item for item in now if item not in was and item not in kept))
    return {language: items for language, items in merged.items() if items}


def split_sentences(text: str, language: str, *, rules: SegmentationRules = NO_RULES) -> list[str]:
    """Cut one block's text into sentences, in order; their concatenation with single spaces is the cleaned text.

    Args:
        text: One paragraph; line ends inside it count as spaces.
        language: BCP 47 code; a language the rules do not know gets their general rules.
        rules: The workspace's own additions.
    """
    from choppa import SrxTextIterator

    whole = clean(text)
    if not whole:
        return []
    plain, places = _without_codes(whole)
    document = _document(base_language(language), rules._key())
    cuts, at = [], 0
    for sentence in SrxTextIterator(document, f"{base_language(language)}_two", plain):
        at += len(sentence)
        cuts.append(at)
    pieces = _cut_with_codes(whole, places, cuts)
    return [piece for piece in (p.strip(" ") for p in pieces) if piece]


def segment_document(
    document: Document,
    language: str,
    *,
    rules: SegmentationRules = NO_RULES,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Segment, ...]:
    """Cut a document into segments: headings, entries and table cells whole, paragraphs and list items by sentence.

    Args:
        document: What a reader returned.
        language: The version's language.
        rules: The workspace's own additions.
        progress: Called now and then with (blocks done, all blocks): a book takes seconds.

    Returns:
        The segments in reading order; blocks without any letter or digit give none.
    """
    segments: list[Segment] = []
    for number, block in enumerate(document.blocks):
        if progress is not None and number and number % TOLD_EVERY == 0:
            progress(number, len(document.blocks))
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CELL):
            sentences = split_sentences(block.text, language, rules=rules)
        else:
            sentences = [clean(block.text)]
        segments.extend(
            Segment(text=sentence, kind=block.kind, block=number, level=block.level)
            for sentence in sentences
            if sentence
        )
    return tuple(segments)


def without_codes(text: str) -> str:
    """Return a segment's text without its inline codes."""
    return CODE.sub("", text)


def _without_codes(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text without codes and, for each code, its (place in the plain text, length)."""
    places: list[tuple[int, int]] = []
    plain: list[str] = []
    at = done = 0
    for match in CODE.finditer(text):
        plain.append(text[at : match.start()])
        done += match.start() - at
        places.append((done, len(match.group())))
        at = match.end()
    plain.append(text[at:])
    return "".join(plain), places


def _cut_with_codes(text: str, places: list[tuple[int, int]], cuts: Iterable[int]) -> list[str]:
    """Cut the text with codes at the plain text's cuts; a closing code stays with what it closes."""
    pieces, start = [], 0
    for cut in cuts:
        before = sum(length for place, length in places if place < cut)
        end = cut + before
        while (match := CODE.match(text, end)) and match.group(1):
            end = match.end()
        pieces.append(text[start:end])
        start = end
    pieces.append(text[start:])
    return pieces


@lru_cache(maxsize=64)
def _document(language: str, key: tuple[Any, ...]) -> SrxDocument:
    import choppa
    from choppa import SrxDocument
    from choppa.structures import LanguageMap, LanguageRule, Rule

    folder = choppa.__path__[0]
    document = SrxDocument(ruleset=f"{folder}/data/srx/languagetool_segment.srx")
    own = LanguageRule("Workbench")
    abbreviations, no_break, breaks = (dict(part) for part in key)
    for before, after in (*breaks.get(language, ()), *_BREAKS):
        own.add_rule(Rule(True, before, after))
    for before, after in (*no_break.get(language, ()), *_NO_BREAKS):
        own.add_rule(Rule(False, before, after))
    for word in (*ABBREVIATIONS.get(language, ()), *abbreviations.get(language, ())):
        escaped = regex.escape(word)
        if word[:1].islower():
            escaped = f"[{word[0]}{word[0].upper()}]{regex.escape(word[1:])}"
        own.add_rule(Rule(False, rf"\b{escaped}\.\s+", r"[\d§]" if word in _BEFORE_NUMBER else ""))
    document.language_map_list.insert(0, LanguageMap(".*", own))
    return document
