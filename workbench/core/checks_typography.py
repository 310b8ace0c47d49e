"""How each language sets punctuation, spaces, quotes and capitals; the corrections are what a typesetter would do.

French: a narrow no-break space before ``; ! ?`` and inside « », a no-break space before ``:`` (Lexique des règles
typographiques en usage à l'Imprimerie nationale; any no-break space is accepted). Spanish: ``¿ ¡`` open what ``? !``
close (Ortografía de la lengua española, RAE). Portuguese and English set curved quotes, no space before punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from workbench.core.checks import CheckContext, Finding, Pair, Severity, check
from workbench.core.languages import base_language
from workbench.core.segmentation import CODE, without_codes
from workbench.errors import sentence

THIN, FULL = "\u202f", "\u00a0"
_NO_BREAK = THIN + FULL
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+")
_WORD = re.compile(r"[^\W\d_]+")

# Doubled on purpose: fr nous nous voyons, vous vous voyez; en that that, had had; pt/es hardly any.
_DOUBLED = {"fr": {"nous", "vous", "en"}, "en": {"that", "had"}, "es": set(), "pt": set()}
_FRENCH_BEFORE = re.compile(r"([ \u00a0\u202f\u2009]*)([;!?»]+|:(?!\w|//))")
_FRENCH_OPEN = re.compile(r"«([ \u00a0\u202f\u2009]*)(?=\S)")
_SPACE_BEFORE = re.compile(r"(?<=[^\s(¿¡])[ \u00a0\u202f]+(?=[,;:!?](?:\s|$|[»”’\")]))")
_SPACE_BEFORE_FRENCH = re.compile(r"(?<=\S) +(?=[,.](?:\s|$))")
_FINAL = re.compile(r"([.!?…:;])[»”\"’)\s\u00a0\u202f]*$")


@check("spaces")
def _spaces(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    language = base_language(context.target_language)
    for place, pair in enumerate(pairs):
        target = pair.target
        if not target.strip():
            continue
        if language == "fr":
            yield from _french(place, target)
        pattern = _SPACE_BEFORE_FRENCH if language == "fr" else _SPACE_BEFORE
        if language in ("fr", "es", "pt", "en"):
            for match in pattern.finditer(target):
                if not _hidden(target, match.start()):
                    yield Finding(
                        "spaces",
                        "before",
                        place,
                        sentence("There is a space before the punctuation."),
                        match.start(),
                        match.end(),
                        "",
                        severity=Severity.WARNING,
                    )
        for match in re.finditer(r"(?<=\S) {2,}(?=\S)", target):
            yield Finding(
                "spaces",
                "double",
                place,
                sentence("There are two spaces."),
                match.start(),
                match.end(),
                " ",
                severity=Severity.WARNING,
            )


def _french(place: int, target: str) -> Iterator[Finding]:
    for match in _FRENCH_BEFORE.finditer(target):
        space, mark = match.groups()
        before = target[: match.start()]
        if not before.strip() or _hidden(target, match.start(2)) or before[-1:] in "(…" + mark[0]:
            continue
        if CODE.search(before[-8:]) and not space:
            continue  # the space may stand inside the code
        if len(space) == 1 and space in _NO_BREAK:
            continue
        right = FULL if mark[0] == ":" else THIN
        words = (
            sentence("French puts a no-break space before “{sign}”.", sign=mark[0])
            if right == FULL
            else sentence("French puts a narrow no-break space before “{sign}”.", sign=mark[0])
        )
        yield Finding(
            "spaces",
            "french",
            place,
            words,
            match.start(),
            match.start(2),
            right,
            severity=Severity.WARNING,
        )
    for match in _FRENCH_OPEN.finditer(target):
        if not (len(match.group(1)) == 1 and match.group(1) in _NO_BREAK):
            yield Finding(
                "spaces",
                "french",
                place,
                sentence("French puts a narrow no-break space after “«”."),
                match.start(1),
                match.end(1),
                THIN,
                severity=Severity.WARNING,
            )


def _hidden(text: str, at: int) -> bool:
    """Tell whether a place is inside an address."""
    return any(m.start() <= at < m.end() for m in _ADDRESS.finditer(text))


@check("punctuation")
def _punctuation(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    language = base_language(context.target_language)
    for place, pair in enumerate(pairs):
        source, target = without_codes(pair.source).strip(), pair.target
        if not target.strip():
            continue
        yield from _final(place, source, target, language)
        yield from _brackets(place, source, target)
        if language == "es":
            yield from _inverted(place, target)


def _final(place: int, source: str, target: str, language: str) -> Iterator[Finding]:
    """The mark a segment ends with, as far as both sides should have one."""
    wanted, there = _FINAL.search(source), _FINAL.search(without_codes(target))
    last = len(target.rstrip())
    if wanted and not there:
        mark = wanted.group(1)
        if language == "fr" and mark in "!?;:":
            mark = (FULL if mark == ":" else THIN) + mark
        yield Finding(
            "punctuation",
            "final",
            place,
            sentence("The source ends with “{sign}”, the translation does not.", sign=wanted.group(1)),
            last,
            last,
            mark,
            severity=Severity.WARNING,
        )
    elif there and not wanted:
        at = target.rstrip().rfind(there.group(1))
        yield Finding(
            "punctuation",
            "final",
            place,
            sentence("The translation ends with “{other}”, the source does not.", other=there.group(1)),
            at,
            at + 1,
            "",
            severity=Severity.WARNING,
        )
    elif wanted and there and (wanted.group(1) in "?!:") != (there.group(1) in "?!:"):
        at = target.rstrip().rfind(there.group(1))
        yield Finding(
            "punctuation",
            "final",
            place,
            sentence(
                "The source ends with “{sign}”, the translation with “{other}”.",
                sign=wanted.group(1),
                other=there.group(1),
            ),
            at,
            at + 1,
            severity=Severity.WARNING,
        )


def _brackets(place: int, source: str, target: str) -> Iterator[Finding]:
    for opening, closing in ("()", "[]", "«»", "“”"):
        here, back = target.count(opening) - target.count(closing), source.count(opening) - source.count(closing)
        if here and here != back and not (opening in "«“" and _open_quotes(source)):  # a list's “a)” is odd in both
            mark = opening if here > 0 else closing
            yield Finding(
                "punctuation",
                "pairs",
                place,
                sentence("“{sign}” has no counterpart.", sign=mark),
                target.find(mark),
                target.find(mark) + 1,
                severity=Severity.WARNING,
            )


def _open_quotes(text: str) -> bool:
    """Tell whether a quotation goes on beyond a segment."""
    curved = text.count("“") != text.count("”") or text.count("«") != text.count("»")
    return curved or text.count('"') % 2 == 1


def _inverted(place: int, target: str) -> Iterator[Finding]:
    for opening, closing in ("¿?", "¡!"):
        ends = [m.start() for m in re.finditer(re.escape(closing), target) if not _hidden(target, m.start())]
        ends = [at for at in ends if target[at - 1 : at] not in ("?", "!", "(")]
        start = 0
        for end in ends:
            part = target[start:end]
            if opening not in part and not ("¿" in part and closing == "!") and not ("¡" in part and closing == "?"):
                at = start + _sentence_start(part)
                yield Finding(
                    "punctuation",
                    "inverted",
                    place,
                    sentence(
                        "Spanish opens with “{opening}” what ends with “{closing}”.", opening=opening, closing=closing
                    ),
                    at,
                    end + 1,
                    f"{opening}{target[at : end + 1]}",
                )
            start = end + 1


def _sentence_start(part: str) -> int:
    """Return where the last sentence of a stretch begins."""
    cuts = [m.end() for m in re.finditer(r"[.!?…»”]\s+|^[\s«“(\-–—•]*|(?:⟨\d+⟩)+", part)]
    return max((cut for cut in cuts if cut < len(part)), default=0)


_WRONG_QUOTES = {"en": ("«»", "“”"), "pt": ("«»", "“”"), "fr": ("“”", "«»")}
_QUOTES_ARE = {
    "fr": sentence("French quotes are {first} {last}.", first="«", last="»"),
    "pt": sentence("Portuguese quotes are {first} {last}.", first="“", last="”"),
    "en": sentence("English quotes are {first} {last}.", first="“", last="”"),
}


@check("quotes")
def _quotes(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    """Another language's quotes; Portugal and Spain use both kinds, and quotes within quotes are left alone."""
    language = base_language(context.target_language)
    if language not in _WRONG_QUOTES or context.target_language == "pt-PT":
        return
    wrong, right = _WRONG_QUOTES[language]
    for place, pair in enumerate(pairs):
        pattern = re.compile(f"{wrong[0]}([^{wrong}]*){wrong[1]}")
        for match in pattern.finditer(pair.target):
            if right[0] in pair.target[: match.start()].rsplit(right[1], 1)[-1]:
                continue
            inner = match.group(1).strip(" " + _NO_BREAK)
            new = f"«{THIN}{inner}{THIN}»" if language == "fr" else f"{right[0]}{inner}{right[1]}"
            words = _QUOTES_ARE[language]
            yield Finding(
                "quotes",
                "foreign",
                place,
                words,
                match.start(),
                match.end(),
                new,
                severity=Severity.WARNING,
            )


@check("words")
def _words(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    """A word typed twice; a first letter that should be a capital, or should not."""
    language = base_language(context.target_language)
    for place, pair in enumerate(pairs):
        target = pair.target
        found = list(_WORD.finditer(target))
        for before, after in pairwise(found):
            between = target[before.end() : after.start()]
            same = before.group() == after.group() and len(before.group()) > 1
            meant = (
                before.group() in _DOUBLED.get(language, set()) or f"{before.group()} {before.group()}" in pair.source
            )
            if same and between == " " and not meant:
                yield Finding(
                    "words",
                    "doubled",
                    place,
                    sentence("“{word}” stands there twice.", word=before.group()),
                    before.end(),
                    after.end(),
                    "",
                    severity=Severity.WARNING,
                )
        source_word = _WORD.search(without_codes(pair.source))
        if source_word and found and _opens(target, found[0].start()) and found[0].group()[0].islower():
            plain = without_codes(pair.source)
            if source_word.group()[0].isupper() and _opens(plain, source_word.start()):
                at = found[0].start()
                yield Finding(
                    "words",
                    "capital",
                    place,
                    sentence("The source begins with a capital, the translation does not."),
                    at,
                    at + 1,
                    target[at].upper(),
                    severity=Severity.WARNING,
                )


def _opens(text: str, at: int) -> bool:
    """Tell whether nothing but quotes, codes and inverted marks stands before a place."""
    return not CODE.sub("", text[:at]).strip(" «“\"'’¿¡(" + _NO_BREAK)
