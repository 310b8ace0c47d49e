"""Names, in the interface's language, for the plain English values that are stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from workbench.ui.i18n import mark, tr

KINDS = {
    "page": mark("page"),
    "presentation": mark("presentation"),
    "guide": mark("guide"),
    "report": mark("report"),
    "message": mark("message"),
    "call": mark("call"),
    "faq": mark("questions and answers"),
    "agreement": mark("agreement"),
    "programme": mark("programme"),
    "training": mark("training"),
}
"""Kinds of texts that are offered; people add their own."""

_TERM_TYPES = {
    "full": mark("full form"),
    "acronym": mark("acronym"),
    "abbreviation": mark("abbreviation"),
    "short": mark("short form"),
    "variant": mark("variant"),
}
_GRAMMAR = {
    "noun": mark("noun"),
    "verb": mark("verb"),
    "adjective": mark("adjective"),
    "adverb": mark("adverb"),
    "proper noun": mark("proper noun"),
    "phrase": mark("phrase"),
    "masculine": mark("masculine"),
    "feminine": mark("feminine"),
    "common": mark("common gender"),
    "neuter": mark("neuter"),
    "other": mark("other"),
}


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Return names for a field in which one is chosen: where several are the same, each with what tells them apart.

    Streamlit knows what was chosen by the words that were shown.
    """
    often = Counter(names.values())
    return {key: name if often[name] == 1 else f"{name} · {key}" for key, name in names.items()}


def kind_label(kind: str) -> str:
    """Return the name of a kind of text; one that people added keeps its own."""
    return tr(KINDS[kind]) if kind in KINDS else kind


def term_type_label(name: str) -> str:
    """Return the name of a term's form: full, acronym …"""
    return tr(_TERM_TYPES[name]) if name in _TERM_TYPES else name


def grammar_label(name: str) -> str:
    """Return the name of a part of speech or a gender, empty for none."""
    return tr(_GRAMMAR[name]) if name in _GRAMMAR else name
