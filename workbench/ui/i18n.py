"""The interface's words: every visible string goes through :func:`tr`; catalogues are gettext, the source English."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import local

from workbench.core.languages import LANGUAGES, NATIVE_NAMES, base_language
from workbench.errors import Sentence, WorkbenchError
from workbench.errors import mark as mark

LOCALES = Path(__file__).parent / "locale"
"""``<language>/LC_MESSAGES/workbench.mo``; a language without one speaks English."""

LANGUAGE_KEY = "interface_language"
"""Where the session keeps the language a person chose; without it the browser's is taken."""

LANGUAGE_COOKIE = "workbench_language"
"""Where the browser keeps it for the next visit."""


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


def labelled(what: str, words: str) -> str:
    """Return words after what they are about, with the colon as the interface's language spaces it."""
    return tr("{what}: {words}", what=what, words=words)


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


_run = local()  # of the thread that draws a page: Streamlit gives each session's runs threads of their own


def interface_language() -> str:
    """Return the language of the interface: chosen, or the first of ours that the browser asks for.

    English where neither says anything, and outside a page.
    """
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    run = get_script_run_ctx(suppress_warning=True)
    if run is None:
        return "en"
    if getattr(_run, "of", None) is not run:  # asking the session for each word took a tenth of a page's time
        _run.of, _run.language = run, _wanted_language()
    return str(_run.language)


def _wanted_language() -> str:
    import streamlit as st

    chosen = st.session_state.get(LANGUAGE_KEY) or st.context.cookies.get(LANGUAGE_COOKIE)
    return str(chosen) if chosen in LANGUAGES else best_language([st.context.locale or ""])


def choose_language(code: str) -> None:
    """Let the session's pages speak a language from now on."""
    import streamlit as st

    st.session_state[LANGUAGE_KEY] = code
    _run.of = None


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


_LABELS = {
    "fr": mark("French"),
    "es": mark("Spanish"),
    "pt": mark("Portuguese"),
    "en": mark("English"),
    "pt-BR": mark("Portuguese (Brazil)"),
    "pt-PT": mark("Portuguese (Portugal)"),
    "es-419": mark("Spanish (Latin America)"),
    "es-ES": mark("Spanish (Spain)"),
}


def language_label(code: str) -> str:
    """Return a language's name in the language of the interface."""
    return tr(_LABELS[code]) if code in _LABELS else code


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
    return f"{whole}{percent_sign()}"


def percent_sign() -> str:
    """Return what follows the number of a percentage (CLDR: a space in French and Spanish only)."""
    return "\u00a0%" if interface_language() in ("fr", "es") else "%"


_MONTHS = (
    mark("Jan"), mark("Feb"), mark("Mar"), mark("Apr"), mark("May"), mark("Jun"),
    mark("Jul"), mark("Aug"), mark("Sep"), mark("Oct"), mark("Nov"), mark("Dec"),
)  # fmt: skip


def day(iso: str) -> str:
    """Return the day of an ISO 8601 time as the interface's language writes it, empty for an empty time."""
    if len(iso) < 10:
        return ""
    year, month, date = iso[:10].split("-")
    first = {"fr": "1er", "pt": "1º"}.get(interface_language(), "1")
    number_of_day = first if int(date) == 1 else str(int(date))
    return tr("{day} {month} {year}", day=number_of_day, month=tr(_MONTHS[int(month) - 1]), year=year)


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
