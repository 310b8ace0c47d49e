"""The interface's words: every visible string goes through :func:`tr`; catalogues are gettext, the source English."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from workbench.core.languages import LANGUAGES, NATIVE_NAMES, base_language
from workbench.errors import Sentence, WorkbenchError
from workbench.errors import mark as mark

LOCALES = Path(__file__).parent / "locale"
"""``<language>/LC_MESSAGES/workbench.mo``; a language without one speaks English."""

LANGUAGE_KEY = "interface_language"
"""Where the session keeps the language a person chose; without it the browser's is taken."""


def tr(message: str, /, **values: object) -> str:
    """Return a message in the interface's language, with ``{names}`` replaced by values.

    The message stands literally in the call, so that extraction finds it.
    """
    translated = _catalogue(interface_language()).gettext(message) if message else ""
    return _fill(translated, message, values)


def trn(singular: str, plural: str, n: int, /, **values: object) -> str:
    """Return the message for a count, in the plural form the interface's language wants; ``{n}`` is the count."""
    translated = _catalogue(interface_language()).ngettext(singular, plural, n)
    return _fill(translated, singular if n == 1 else plural, {"n": number(n), **values})


def said(words: Sentence | WorkbenchError | str) -> str:
    """Return what a service, a format or an error says, in the interface's language."""
    if isinstance(words, WorkbenchError):
        words = words.sentence
    if isinstance(words, str):
        return tr(words)
    try:
        return words.say(tr)
    except (KeyError, IndexError, ValueError):  # a slip in a catalogue must not take a page down
        return str(words)


def interface_language() -> str:
    """Return the language of the interface: chosen, or the first of ours that the browser asks for.

    English where neither says anything, and outside a page.
    """
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    chosen = st.session_state.get(LANGUAGE_KEY)
    if chosen in LANGUAGES:
        return str(chosen)
    return best_language([st.context.locale or ""])


def best_language(wanted: Iterable[str]) -> str:
    """Return the first of the wanted codes that the interface speaks, ``en`` if none."""
    for code in wanted:
        base = base_language(code.replace("_", "-")).lower()
        if base in available_languages():
            return base
    return "en"


def available_languages() -> tuple[str, ...]:
    """Return the languages the interface speaks, in the order of the columns."""
    return _languages_in(LOCALES)


def language_label(code: str) -> str:
    """Return a language's name in the language of the interface."""
    names = {
        "fr": tr("French"),
        "es": tr("Spanish"),
        "pt": tr("Portuguese"),
        "en": tr("English"),
        "pt-BR": tr("Portuguese (Brazil)"),
        "pt-PT": tr("Portuguese (Portugal)"),
        "es-419": tr("Spanish (Latin America)"),
        "es-ES": tr("Spanish (Spain)"),
    }
    return names.get(code, code)


def native_label(code: str) -> str:
    """Return a language's name in that language, for whoever does not read the interface's."""
    name = NATIVE_NAMES.get(code, code)
    return name[:1].upper() + name[1:]


_GROUPS = {"fr": "\u202f", "es": "\u00a0", "pt": ".", "en": ","}
_DECIMALS = {"fr": ",", "es": ",", "pt": ",", "en": "."}


def number(value: float, decimals: int = 0) -> str:
    """Return a number as the interface's language writes it."""
    language = interface_language()
    plain = f"{value:,.{decimals}f}"
    return plain.translate({ord(","): _GROUPS[language], ord("."): _DECIMALS[language]})


def percent(share: float) -> str:
    """Return a share of 0–1 as a whole percentage, never rounded up to 100 nor down to 0."""
    whole = round(share * 100)
    if share < 1:
        whole = min(whole, 99)
    if share > 0:
        whole = max(whole, 1)
    return f"{whole}\u00a0%" if interface_language() != "en" else f"{whole}%"


def day(iso: str) -> str:
    """Return the day of an ISO 8601 time as the interface's language writes it, empty for an empty time."""
    if len(iso) < 10:
        return ""
    year, month, date = iso[:10].split("-")
    months = (
        tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun"),
        tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"), tr("Nov"), tr("Dec"),
    )  # fmt: skip
    first = {"fr": "1er", "pt": "1º"}.get(interface_language(), "1")
    number_of_day = first if int(date) == 1 else str(int(date))
    return tr("{day} {month} {year}", day=number_of_day, month=months[int(month) - 1], year=year)


def _fill(translated: str, source: str, values: dict[str, object]) -> str:
    if not values:
        return translated
    try:
        return translated.format(**values)
    except (KeyError, IndexError, ValueError):  # a slip in a catalogue must not take a page down
        return source.format(**values)


@cache  # asked for with every word of a page
def _languages_in(folder: Path) -> tuple[str, ...]:
    return tuple(c for c in LANGUAGES if c == "en" or (folder / c / "LC_MESSAGES" / "workbench.mo").is_file())


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("workbench", LOCALES, [language], fallback=True)
