"""The four languages of the network, their codes, and how a text's or a file's language is recognised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbench.errors import UsageError

if TYPE_CHECKING:
    from lingua import LanguageDetector

LANGUAGES = ("fr", "es", "pt", "en")
"""The four columns, in the order in which they are listed everywhere."""

NATIVE_NAMES: Mapping[str, str] = {
    "fr": "français",
    "es": "español",
    "pt": "português",
    "en": "English",
    "pt-BR": "português (Brasil)",
    "pt-PT": "português (Portugal)",
    "es-419": "español (Latinoamérica)",
    "es-ES": "español (España)",
}

_CODE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*\Z")

# How people name the languages in file names; matched as whole words, without case.
_WORDS: Mapping[str, str] = {
    "french": "fr", "français": "fr", "francais": "fr", "francés": "fr", "frances": "fr", "francês": "fr",
    "spanish": "es", "espagnol": "es", "español": "es", "espanol": "es", "castellano": "es", "espanhol": "es",
    "portuguese": "pt", "portugais": "pt", "portugués": "pt", "portugues": "pt", "português": "pt",
    "english": "en", "anglais": "en", "inglés": "en", "ingles": "en", "inglês": "en",
}  # fmt: skip


@lru_cache(maxsize=1_000)
def normalise_code(code: str) -> str:
    """Return ``code`` in the usual BCP 47 spelling (``pt_br`` → ``pt-BR``, ``EN`` → ``en``).

    Raises:
        UsageError: the string cannot be a language code.
    """
    stripped = code.strip()
    if not _CODE.match(stripped):
        raise UsageError("“{code}” is not a language code: write one such as fr, es, pt-BR or en.", code=code[:40])
    first, *rest = re.split("[-_]", stripped)
    parts = [first.lower()]
    for part in rest:
        if len(part) == 2 and part.isalpha():
            parts.append(part.upper())
        elif len(part) == 4 and part.isalpha():
            parts.append(part.title())
        else:
            parts.append(part.lower())
    return "-".join(parts)


def base_language(code: str) -> str:
    """Return the language without its region: ``pt-BR`` → ``pt``."""
    return code.partition("-")[0]


def same_language(a: str, b: str) -> bool:
    """Tell whether two codes name one language, whatever the region."""
    return base_language(a) == base_language(b)


def sort_languages(languages: Iterable[str]) -> list[str]:
    """Return language codes in the order of the columns: fr es pt en, regions after their language, others last."""
    known = {language: place for place, language in enumerate(LANGUAGES)}
    return sorted(languages, key=lambda code: (known.get(base_language(code), len(known)), code))


def language_in_name(name: str) -> str | None:
    """Return the language a file name declares (``fr.txt``, ``x.fr.docx``, ``x_pt-BR.html``), or ``None``.

    The code stands last or first in the name. Only the network's four languages and, for a name that is nothing but
    a code (``de.txt``), any code are taken.
    """
    stem = _stem(name)
    if re.fullmatch(r"[a-z]{2}([-_][A-Z]{2})?", stem):
        return normalise_code(stem)
    parts = re.split(r"[._\-\s()]+", stem.strip("() "))
    region = "-".join(parts[-2:]) if len(parts) > 1 else ""
    for code in (region, parts[-1], parts[0]):
        if re.fullmatch(r"(?:fr|es|pt|en)(?:-(?:[A-Z]{2}|419))?", code):
            return normalise_code(code)
    for word in re.findall(r"[^\W\d_]+", stem.casefold()):
        if word in _WORDS:
            return _WORDS[word]
    return None


def name_without_language(name: str) -> str:
    """Return a file name without folders, ending and the language it declares: ``appel_pt-BR.docx`` → ``appel``.

    A name that is nothing but a language stays.
    """
    stem = _stem(name)
    language = language_in_name(name)
    if language is None:
        return stem
    code = language.replace("-", "[-_]")
    return re.sub(rf"[._\-\s(]+{code}\)?\Z|\A{code}[._\-\s)]+", "", stem) or stem


def _stem(name: str) -> str:
    """Return a file name without folders and ending."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return last[: last.rindex(".")] if "." in last.lstrip(".") else last


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    return LanguageDetectorBuilder.from_languages(
        Language.FRENCH, Language.SPANISH, Language.PORTUGUESE, Language.ENGLISH
    ).build()


SAMPLE_CHARACTERS = 20_000  # lingua is certain long before; a whole book would only cost time


def detect_language(text: str) -> tuple[str, float]:
    """Guess in which of the four languages ``text`` is written.

    Returns:
        The language's code and the detector's probability, 0–1. An empty text gives ``("fr", 0.0)``.
    """
    sample = text[:SAMPLE_CHARACTERS]
    if not any(ch.isalpha() for ch in sample):
        return LANGUAGES[0], 0.0
    best = _detector().compute_language_confidence_values(sample)[0]
    return best.language.iso_code_639_1.name.lower(), float(best.value)


def guess_language(name: str, text: str) -> str:
    """Guess a file's language from its name and, where the name is silent, from its content."""
    return language_in_name(name) or detect_language(text)[0]
