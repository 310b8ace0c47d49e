"""Concepts and terms check themselves and answer what pages ask."""

from __future__ import annotations

import pytest

from workbench.core.terms import Concept, Status, Term, TermType, concept_id, fold
from workbench.errors import UsageError


def test_a_region_takes_its_own_term_before_a_general_one():
    concept = Concept("workshop", terms=(Term("pt-BR", "oficina"), Term("pt-PT", "ateliê")))
    assert concept.preferred("pt-PT").text == "ateliê"
    assert concept.preferred("pt-BR").text == "oficina"
    assert concept.preferred("pt").text == "oficina"


def test_the_usual_acronym_is_asked_for_apart():
    concept = Concept("sdg", terms=(
        Term("es", "Objetivos de Desarrollo Sostenible"),
        Term("es", "ODS", type=TermType.ACRONYM, expansion="Objetivos de Desarrollo Sostenible"),
    ))  # fmt: skip
    assert concept.preferred("es").text == "Objetivos de Desarrollo Sostenible"
    assert concept.preferred("es", shortened=True).text == "ODS"


def test_a_forbidden_term_is_never_the_one_to_use():
    concept = Concept("x", terms=(Term("fr", "aide", status=Status.FORBIDDEN),))
    assert concept.preferred("fr") is None


@pytest.mark.parametrize("text", ["", "  ", "two\nlines", "x" * 301])
def test_a_term_that_is_none_is_refused(text):
    with pytest.raises(UsageError):
        Term("fr", text)


@pytest.mark.parametrize("identity", ["", "Café", "two words", "-x", "a--b"])
def test_a_malformed_concept_id_is_refused(identity):
    with pytest.raises(UsageError, match="cannot name a concept"):
        Concept(identity, terms=(Term("fr", "x"),))


def test_a_term_stands_once_in_a_concept():
    with pytest.raises(UsageError, match="stands twice"):
        Concept("x", terms=(Term("fr", "ville"), Term("fr", "ville", status=Status.ADMITTED)))


def test_folding_drops_accents_case_and_typographic_apostrophes():
    assert fold("L’Œuvre – ÉLU") == "l'oeuvre - elu"


def test_a_new_id_avoids_those_taken():
    assert concept_id("Coopération décentralisée", {"cooperation-decentralisee"}) == "cooperation-decentralisee-2"
