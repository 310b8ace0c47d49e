"""Changing a match's target where the segments differ only in numbers, dates, names or one term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex
from rapidfuzz.distance import Levenshtein

from workbench.core.languages import base_language
from workbench.core.matching import text_key, word_spans
from workbench.core.memory import Change

MAX_CHANGES = 4  # with more, reading every change takes longer than the time they save
MAX_TERM_WORDS = 6  # the longest stretch looked up among the terms

MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
           "noviembre", "diciembre"),
    "pt": ("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro",
           "novembro", "dezembro"),
    "en": ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"),
}  # fmt: skip
WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "pt": ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
}
_CALENDAR = frozenset(word for names in (MONTHS, WEEKDAYS) for words in names.values() for word in words)
# What stands between thousands, and before the fraction, as the languages' style guides write them.
_GROUPS = {"fr": "\u202f", "es": "\u00a0", "pt": ".", "en": ","}
_FRACTION = {"fr": ",", "es": ",", "pt": ",", "en": "."}

_NUMBER = regex.compile(r"\p{Nd}+(?:[.,\u00a0\u202f ]\p{Nd}+)*\Z")
_THOUSANDS = regex.compile(r"\p{Nd}{1,3}(?P<mark>[.,\u00a0\u202f ])\p{Nd}{3}(?:(?P=mark)\p{Nd}{3})*(?P<rest>.*)\Z")


@dataclass(frozen=True, slots=True)
class TermPair:
    """A term of the source language and its term in the target language."""

    source: str
    target: str


def adapt(
    query: str,
    found: str,
    target: str,
    *,
    source: str,
    target_language: str,
    terms: Sequence[TermPair] = (),
) -> tuple[str, tuple[Change, ...]] | None:
    """Change ``target``, the translation of ``found``, into one of ``query``, if that is certain.

    Certain means: every difference is a number, a month or weekday, a name (capitalised, and standing unchanged in
    the target) or a term of the glossary, and each stands exactly once in the segment found and in the target.

    Returns:
        The new target and what was changed in it, in order; ``None`` if any difference is of another kind.
    """
    pairs = _replaced(query, found)
    if not pairs or len(pairs) > MAX_CHANGES:
        return None
    spans: list[tuple[int, int, str, str]] = []
    for after, before, rest in pairs:
        change = (
            _number(before, after, target, source, target_language)
            or _calendar(before, after, target, source, target_language)
            or _term(rest, target, terms)
            or _name(before, after, found, target)
        )
        if change is None or _count(found, before) != 1:
            return None
        spans.append(change)
    spans.sort()
    if any(a[1] > b[0] for a, b in pairwise(spans)):
        return None
    out: list[str] = []
    changes: list[Change] = []
    at = length = 0
    for start, end, what, new in spans:
        out += (target[at:start], new)
        length += start - at
        changes.append(Change(what, target[start:end], new, (length, length + len(new))))
        length += len(new)
        at = end
    return "".join((*out, target[at:])), tuple(changes)


@dataclass(frozen=True, slots=True)
class _Around:
    """A difference with the words around it, for terms of which only a part differs."""

    query: str
    found: str
    query_words: tuple[tuple[int, int], ...]
    found_words: tuple[tuple[int, int], ...]
    query_range: tuple[int, int]
    found_range: tuple[int, int]


def _replaced(query: str, found: str) -> list[tuple[str, str, _Around]] | None:
    """Return (query's stretch, found's stretch, both with their words); ``None`` where something is only added."""
    (a, left), (b, right) = _keyed(query), _keyed(found)
    out = []
    for op in Levenshtein.opcodes(left, right):
        if op.tag == "equal":
            continue
        if op.tag != "replace":
            return None
        for src, dest in _split(left, right, (op.src_start, op.src_end), (op.dest_start, op.dest_end)):
            around = _Around(query, found, a, b, src, dest)
            out.append((query[a[src[0]][0] : a[src[1] - 1][1]], found[b[dest[0]][0] : b[dest[1] - 1][1]], around))
    return out


@lru_cache(maxsize=64)  # a look-up compares one query with a dozen matches
def _keyed(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
    spans = tuple(word_spans(text))
    return spans, tuple(_word_key(text[start:end]) for start, end in spans)


_word_key = lru_cache(maxsize=8_192)(text_key)  # a text's words come again and again


def _split(
    left: Sequence[str], right: Sequence[str], src: tuple[int, int], dest: tuple[int, int]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Part a number, month or weekday from what differs beside it (“mars 2016” / “avril 2015”)."""
    if src[1] - src[0] != dest[1] - dest[0]:
        return [(src, dest)]
    out: list[tuple[tuple[int, int], tuple[int, int]]] = []
    joined = False
    for a, b in zip(range(*src), range(*dest), strict=True):
        alone = bool(_NUMBER.match(right[b])) or right[b] in _CALENDAR
        if joined and not alone:
            (start, _), (begin, _) = out.pop()
            out.append(((start, a + 1), (begin, b + 1)))
        else:
            out.append(((a, a + 1), (b, b + 1)))
        joined = not alone
    return out


def _number(
    before: str, after: str, target: str, source: str, target_language: str
) -> tuple[int, int, str, str] | None:
    if not (_NUMBER.match(before) and _NUMBER.match(after)):
        return None
    place = _only_number(target, _digits(before))
    if place is None:
        return None
    written = target[place[0] : place[1]]
    return (*place, "number", _written_like(after, before, written, source, target_language))


def _written_like(number: str, model: str, written: str, source: str, target_language: str) -> str:
    """Write ``number`` the way the target writes numbers: grouped where the model was, with its own marks."""
    if number.isdigit() and model.isdigit() and written.isdigit():
        return number
    decimal = _FRACTION.get(base_language(source), ".")
    whole, mark, fraction = number.rpartition(decimal) if decimal in number else (number, "", "")
    groups = _THOUSANDS.match(written)
    group = groups["mark"] if groups else _GROUPS.get(base_language(target_language), " ")
    digits = _digits(whole)
    if len(digits) > 3 and (not whole.isdigit() or (groups and len(digits) > 4)):
        head = len(digits) % 3 or 3
        digits = group.join((digits[:head], *(digits[k : k + 3] for k in range(head, len(digits), 3))))
    return digits + (_FRACTION.get(base_language(target_language), ".") + fraction if mark else "")


def _only_number(target: str, digits: str) -> tuple[int, int] | None:
    places = [s for s in word_spans(target) if _NUMBER.match(target[s[0] : s[1]])]
    same = [(s, e) for s, e in places if _digits(target[s:e]) == digits]
    return same[0] if len(same) == 1 else None


def _digits(text: str) -> str:
    return "".join(ch for ch in text if ch.isdigit())


def _calendar(
    before: str, after: str, target: str, source: str, target_language: str
) -> tuple[int, int, str, str] | None:
    for names in (MONTHS, WEEKDAYS):
        own, other = names.get(base_language(source), ()), names.get(base_language(target_language), ())
        if before.casefold() in own and after.casefold() in own and other:
            old, new = other[own.index(before.casefold())], other[own.index(after.casefold())]
            place = _only(target, old, fold=True)
            if place is not None:
                written = target[place[0] : place[1]]
                capital = written[:1].isupper() or base_language(target_language) == "en"
                return (*place, "date", new[:1].upper() + new[1:] if capital else new)
    return None


def _name(before: str, after: str, found: str, target: str) -> tuple[int, int, str, str] | None:
    first_words = before.split() + after.split()
    if not all(word[:1].isupper() for word in (first_words[0], first_words[-1], after.split()[0], before.split()[-1])):
        return None
    if found.startswith(before) and not any(word[1:] != word[1:].lower() or len(word) > 3 for word in before.split()):
        return None  # at the start of a sentence every word has a capital: take only what cannot be an article
    place = _only(target, before)
    return (*place, "name", after) if place is not None else None


def _term(around: _Around, target: str, terms: Sequence[TermPair]) -> tuple[int, int, str, str] | None:
    """Find the term the difference lies in, on both sides, and replace its translation."""
    if not terms:
        return None
    by_source: dict[str, list[str]] = {}
    for pair in terms:
        by_source.setdefault(text_key(pair.source), []).append(pair.target)
    left, right = around.query_range, around.found_range
    for before in range(MAX_TERM_WORDS):
        for behind in range(MAX_TERM_WORDS):
            new = _stretch(around.query, around.query_words, left[0] - before, left[1] + behind)
            old = _stretch(around.found, around.found_words, right[0] - before, right[1] + behind)
            if new is None or old is None:
                break
            for said in by_source.get(text_key(old), ()):
                place = _only(target, said, fold=True)
                offered = by_source.get(text_key(new))
                if place is not None and offered:
                    word = offered[0]
                    capital = target[place[0]].isupper() and not said[:1].isupper()
                    return (*place, "term", word[:1].upper() + word[1:] if capital else word)
    return None


def _stretch(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> str | None:
    if start < 0 or end > len(spans) or end - start > MAX_TERM_WORDS:
        return None
    return text[spans[start][0] : spans[end - 1][1]]


def _only(text: str, part: str, *, fold: bool = False) -> tuple[int, int] | None:
    """Return where ``part`` stands as whole words, if it stands exactly once."""
    places = _places(text, part, fold=fold)
    return places[0] if len(places) == 1 else None


def _count(text: str, part: str) -> int:
    return len(_places(text, part, fold=True))


def _places(text: str, part: str, *, fold: bool) -> list[tuple[int, int]]:
    """Return where ``part`` stands as whole words; ``fold`` takes capitals and small letters for the same.

    Compiling a pattern for every word that differs took longer than all else in adapting.
    """
    where, what = (text.lower(), part.lower()) if fold else (text, part)
    if len(where) != len(text):  # a letter such as “İ” has two small ones: places would not be the text's
        where, what = text, part
    found: list[tuple[int, int]] = []
    at = where.find(what) if what else -1
    while at >= 0:
        end = at + len(what)
        if not (where[at - 1 : at].isalnum() or where[end : end + 1].isalnum()):
            found.append((at, end))
        at = where.find(what, at + 1)
    return found
