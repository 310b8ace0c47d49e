"""What is stored in plain English is named in the interface's language."""

from __future__ import annotations

import pytest

from workbench.core.terms import GENDERS, PARTS_OF_SPEECH, TermType
from workbench.ui import i18n
from workbench.ui.components.labels import KINDS, grammar_label, kind_label, term_type_label


@pytest.fixture
def in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "interface_language", lambda: "fr")


def test_stored_values_are_named_in_the_interfaces_language(in_french: None) -> None:
    assert kind_label("training") == "formation" and kind_label("faq") == "questions et réponses"
    assert grammar_label("noun") == "nom" and grammar_label("common") == "épicène"
    assert term_type_label("acronym") == "sigle"


def test_every_value_of_the_core_has_a_name_and_what_people_add_keeps_its_own(in_french: None) -> None:
    same_in_both = {"page", "message", "guide", "programme", "variant"}
    for value in (*PARTS_OF_SPEECH, *GENDERS):
        assert value in same_in_both or grammar_label(value) != value
    for kind in KINDS:
        assert kind in same_in_both or kind_label(kind) != kind
    assert all(term_type_label(form) != form.value for form in TermType if form.value not in same_in_both)
    assert kind_label("cuaderno") == "cuaderno" and grammar_label("") == ""


def test_days_are_written_as_each_language_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for language in ("fr", "es", "pt", "en"):
        monkeypatch.setattr(i18n, "interface_language", lambda language=language: language)
        found[language] = (i18n.day("2026-05-01T10:00:00"), i18n.day("2026-10-23"))
    assert found == {
        "fr": ("1er mai 2026", "23 oct. 2026"),
        "es": ("1 may 2026", "23 oct 2026"),
        "pt": ("1º de maio de 2026", "23 de out. de 2026"),
        "en": ("1 May 2026", "23 Oct 2026"),
    }
