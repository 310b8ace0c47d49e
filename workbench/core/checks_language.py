"""Checks of a translation that need no glossary: numbers, codes, addresses, what is untranslated, lengths, twins.

How a language sets its punctuation and spaces is in :mod:`workbench.core.checks_typography`. Each check reports what a
reviser would: one fault, one finding, with the correction where there is exactly one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from workbench.core import checks_pasted as checks_pasted  # enters its checks into the table
from workbench.core import checks_typography as checks_typography  # and these its own
from workbench.core.checks import CheckContext, Finding, Pair, Severity, check
from workbench.core.languages import base_language
from workbench.core.segmentation import CODE, without_codes
from workbench.errors import sentence

# Shares of the source's length between which translations of the network lie: 0.1 % of checked rows are outside.
SHORTEST, LONGEST = 0.45, 2.3
LEAST_LENGTH = 30  # characters; titles and list items vary too much
SPELT_OUT = 20  # whole numbers up to here are often written as words in one of the languages

_ADDRESS = re.compile(r"https?://[^\s<>«»“”\"]+|www\.[^\s<>«»“”\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A number with what may group its digits or cut its decimals: stop, comma, apostrophe or a (narrow) no-break space; an
# ordinary space only before three digits.
_NUMBER = re.compile(r"(?<![\w])\d+(?:[.,'’\u00a0\u202f\u2009]\d+|[ ]\d{3}(?![\d]))*")
_GROUPS = " \u00a0\u202f\u2009'’"
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")

_NUMBER_WORDS = {
    "fr": "zéro un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf vingt",
    "es": "cero un|uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte",
    "pt": "zero um|uma dois|duas três quatro cinco seis sete oito nove dez onze doze treze catorze|quatorze quinze "
    "dezesseis|dezasseis dezessete|dezassete dezoito dezenove|dezanove vinte",
    "en": "zero one|a|an two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
}
_ORDINAL_WORDS = {
    "fr": "- premi deuxi|second troisi quatri cinqui sixi septi huiti neuvi dixi",
    "es": "- primer segund tercer cuart quint sext séptim octav noven décim",
    "pt": "- primeir segund terceir quart quint sext sétim oitav non décim",
    "en": "- first second third fourth fifth sixth seventh eighth ninth tenth",
}


# Numbers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it stands in a text, and all it may mean: ``1.500`` is 1500 or 1.5."""

    start: int
    end: int
    text: str
    readings: frozenset[str]


def numerals(text: str) -> list[Numeral]:
    """Return the numbers of a text, those in addresses and inline codes left out."""
    hidden = [m.span() for m in _ADDRESS.finditer(text)] + [m.span() for m in CODE.finditer(text)]
    found = []
    for match in _NUMBER.finditer(text):
        if any(a <= match.start() < b for a, b in hidden):
            continue
        found.append(Numeral(match.start(), match.end(), match.group(), readings(match.group())))
    return found


def readings(number: str) -> frozenset[str]:
    """Return the plain forms a written number may have: digits with a stop for decimals, no leading zeros."""
    bare = "".join(ch for ch in number if ch not in _GROUPS)
    marks = [ch for ch in bare if ch in ".,"]
    found = set()
    if not marks:
        found.add(bare)
    elif len(set(marks)) == 1 and len(marks) > 1:
        found.add(bare.replace(marks[0], ""))  # only groups repeat: 1.000.000
        found.add(bare.replace(marks[0], "."))  # a date or an article's number: 12.03.2015
    elif len(set(marks)) == 1:
        head, tail = re.split("[.,]", bare)
        found.add(f"{head}.{tail.rstrip('0') or '0'}" if tail.strip("0") else head)
        if len(tail) == 3:
            found.add(head + tail)
        found.add(f"{head}.{tail}")
    else:
        last = max(bare.rfind("."), bare.rfind(","))
        head = re.sub("[.,]", "", bare[:last])
        tail = bare[last + 1 :].rstrip("0")
        found.add(f"{head}.{tail}" if tail else head)
    return frozenset(_stripped(form) for form in found)


def _stripped(form: str) -> str:
    head, _, tail = form.partition(".")
    head = head.lstrip("0") or "0"
    return f"{head}.{tail}" if tail else head


def _spelt(value: str, text: str, language: str) -> bool:
    """Tell whether a small whole number stands in a text as a word, cardinal or ordinal."""
    if not value.isdecimal() or int(value) > SPELT_OUT or language not in _NUMBER_WORDS:
        return False
    words = {word.lower() for word in _WORD.findall(text)}
    cardinal = _NUMBER_WORDS[language].split()[int(value)].split("|")
    ordinals = _ORDINAL_WORDS[language].split()
    stems = ordinals[int(value)].split("|") if 0 < int(value) < len(ordinals) else []
    return bool(words & set(cardinal)) or any(word.startswith(stem) for word in words for stem in stems)


@check("numbers")
def _numbers(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    language = base_language(context.target_language)
    back = base_language(context.source_language)
    for place, pair in enumerate(pairs):
        if not pair.target.strip():
            continue
        left, right = numerals(pair.source), numerals(pair.target)
        free = list(right)
        lacking: list[Numeral] = []
        for number in left:
            same = next((r for r in free if r.readings & number.readings), None)
            same = same or next((r for r in free if _twelve_hours(number, r)), None)
            if same is not None:
                free.remove(same)
            elif not any(_spelt(value, pair.target, language) for value in number.readings):
                lacking.append(number)
        for number in lacking:
            other = free[0] if len(lacking) == len(free) == 1 else None
            if other is not None:
                free.remove(other)
                yield Finding(
                    "numbers",
                    "different",
                    place,
                    sentence(
                        "The source says {number}, the translation {other}.", number=number.text, other=other.text
                    ),
                    other.start,
                    other.end,
                    number.text,
                    number.start,
                    number.end,
                )
            else:
                yield Finding(
                    "numbers",
                    "missing",
                    place,
                    sentence("The number {number} is not in the translation.", number=number.text),
                    source_start=number.start,
                    source_end=number.end,
                )
        for number in free:
            if not any(_spelt(value, pair.source, back) for value in number.readings):
                yield Finding(
                    "numbers",
                    "added",
                    place,
                    sentence("The number {number} is not in the source.", number=number.text),
                    number.start,
                    number.end,
                    severity=Severity.WARNING,
                )


def _twelve_hours(a: Numeral, b: Numeral) -> bool:
    """Tell whether two whole numbers may be an hour of the day and the same of the afternoon: 14 h, 2 p.m."""
    if not (a.text.isdecimal() and b.text.isdecimal()):
        return False
    small, large = sorted((int(a.text), int(b.text)))
    return 1 <= small <= 11 and large == small + 12


# Codes and addresses ---------------------------------------------------------------------------------------------


@check("codes")
def _codes(pairs: Sequence[Pair], _: CheckContext) -> Iterable[Finding]:
    for place, pair in enumerate(pairs):
        if not pair.target.strip():
            continue
        wanted = Counter(m.group() for m in CODE.finditer(pair.source))
        there = Counter(m.group() for m in CODE.finditer(pair.target))
        for code in wanted - there:
            yield Finding(
                "codes",
                "missing",
                place,
                sentence("The code {code} of the source is missing: bold, a link or a note would be lost.", code=code),
                correction=code,
            )
        extra = there - wanted
        for match in CODE.finditer(pair.target):
            partner = f"⟨{match.group(2)}⟩"
            if extra[match.group()] > 0 and not (match.group(1) and partner in there - wanted):  # a pair is one fault
                yield Finding(
                    "codes",
                    "added",
                    place,
                    sentence("The code {code} is not in the source.", code=match.group()),
                    match.start(),
                    match.end(),
                    "" if match.group(1) or match.group(3) else None,
                    severity=Severity.WARNING,
                )
        if wanted == there:
            yield from _nesting(place, pair.target)


def _nesting(place: int, target: str) -> Iterator[Finding]:
    opened: list[str] = []
    for match in CODE.finditer(target):
        closing, number, alone = match.groups()
        if alone:
            continue
        if not closing:
            opened.append(number)
        elif opened and opened[-1] == number:
            opened.pop()
        else:
            yield Finding(
                "codes",
                "order",
                place,
                sentence(
                    "The code {code} closes what is not open here: put the codes in pairs "
                    "around the words they belong to.",
                    code=match.group(),
                ),
                match.start(),
                match.end(),
            )
            return


@check("addresses")
def _addresses(pairs: Sequence[Pair], _: CheckContext) -> Iterable[Finding]:
    for place, pair in enumerate(pairs):
        if not pair.target.strip():
            continue
        there = {_bare(m.group()) for m in _ADDRESS.finditer(pair.target)}
        for match in _ADDRESS.finditer(pair.source):
            address = _bare(match.group())
            if address not in there and not there - {_bare(m.group()) for m in _ADDRESS.finditer(pair.source)}:
                yield Finding(
                    "addresses",
                    "missing",
                    place,
                    sentence("The address {address} is not in the translation.", address=address),
                    source_start=match.start(),
                    source_end=match.end(),
                    severity=Severity.WARNING,
                )


def _bare(address: str) -> str:
    return address.rstrip(".,;:!?)»”")


# The words as a whole --------------------------------------------------------------------------------------------


@check("untranslated")
def _untranslated(pairs: Sequence[Pair], context: CheckContext) -> Iterable[Finding]:
    if base_language(context.source_language) == base_language(context.target_language):
        return
    for place, pair in enumerate(pairs):
        source, target = without_codes(pair.source).strip(), without_codes(pair.target).strip()
        words = [w for w in _WORD.findall(source) if w[0].islower()]
        if target and source.casefold() == target.casefold() and len(words) >= 2:
            yield Finding(
                "untranslated",
                "same",
                place,
                sentence("The translation is the same as the source."),
                0,
                len(pair.target),
                severity=Severity.WARNING,
            )


@check("length")
def _length(pairs: Sequence[Pair], _: CheckContext) -> Iterable[Finding]:
    for place, pair in enumerate(pairs):
        source, target = len(without_codes(pair.source).strip()), len(without_codes(pair.target).strip())
        if source < LEAST_LENGTH or not target:
            continue
        share = target / source
        if share < SHORTEST:
            words = sentence(
                "The translation has {share} of the source’s length: is something missing?", share=f"{share:.0%}"
            )
            yield Finding("length", "short", place, words, severity=Severity.WARNING)
        elif share > LONGEST:
            words = sentence(
                "The translation is {times} times as long as the source: is something too much?", times=f"{share:.1f}"
            )
            yield Finding("length", "long", place, words, severity=Severity.WARNING)


@check("twins")
def _twins(pairs: Sequence[Pair], _: CheckContext) -> Iterable[Finding]:
    """The same source translated in two ways; the later row is told what the first says."""
    first: dict[str, str] = {}
    for place, pair in enumerate(pairs):
        target = pair.target.strip()
        if not target:
            continue
        known = first.setdefault(pair.source.strip(), target)
        if known != target:
            yield Finding(
                "twins",
                "different",
                place,
                sentence("The same source is translated elsewhere in this text as “{known}”.", known=known),
                0,
                len(pair.target),
                known,
                severity=Severity.WARNING,
            )
