"""Translations that say a term in another shape, and what is no translation at all: no cry at either."""

from __future__ import annotations

import pytest

from workbench.core.checks import Pair
from workbench.core.term_check import TermChecker
from workbench.core.term_evidence import without_code
from workbench.core.terms import Concept, Status, Term

CONCEPTS = [
    Concept("translation", "", (Term("fr", "traduction"), Term("es", "traducción"), Term("en", "translation"))),
    Concept(
        "south-south",
        "",
        (Term("fr", "coopération Sud-Sud"), Term("es", "cooperación Sur-Sur"), Term("en", "South–South cooperation")),
    ),
    Concept("roadmap", "", (Term("fr", "feuille de route"), Term("es", "hoja de ruta"), Term("en", "roadmap"))),
    Concept("town-hall", "", (Term("es", "ayuntamiento"), Term("en", "city administration"))),
    Concept(
        "employment",
        "",
        (
            Term("fr", "emploi", context=("~", "chômage", "jeunes")),
            Term("es", "empleo", context=("~", "desempleo")),
            Term("en", "employment"),
        ),
    ),
    Concept("project", "", (Term("fr", "projet", context=("~",)), Term("en", "project", context=("~",)))),
    Concept(
        "workshop",
        "",
        (Term("fr", "atelier", context=("!peintre", "!mécanique")), Term("en", "workshop"), Term("es", "taller")),
    ),
    Concept(
        "common-agenda",
        "",
        (
            Term("es", "agenda común"),
            Term("fr", "agenda commun"),
            Term("fr", "agenda commune", Status.FORBIDDEN, use_instead="agenda commun"),
        ),
    ),
    Concept(
        "governance", "", (Term("fr", "gouvernance"), Term("es", "gobernanza"), Term("en", "governance"))
    ),
    Concept("local-government", "", (Term("fr", "gouvernement local"), Term("en", "local government"))),
]  # fmt: skip


def kinds(source_language: str, target_language: str, *pairs: tuple[str, str]) -> list[tuple[int, str, str]]:
    checker = TermChecker(CONCEPTS, source_language, target_language)
    return [(f.pair, f.kind, f.concept) for f in checker.check([Pair(*pair) for pair in pairs])]


@pytest.mark.parametrize(
    ("source_language", "target_language", "source", "target"),
    [
        ("fr", "es", "La traduction des textes", "Traducir los textos"),  # a verb for a noun
        ("fr", "es", "La coopération Nord-Sud et la coopération Sud-Sud", "La cooperación Norte-Sur y la Sur-Sur"),
        ("es", "en", "La cita es en la plaza del Ayuntamiento.", "We meet in Plaza del Ayuntamiento."),  # a name
        ("es", "en", "El lema «Un ayuntamiento, un río» gustó.", "The motto “Un ayuntamiento, un río” was liked."),
        ("fr", "en", "L’emploi du logotype est soumis à autorisation.", "Use of the logo requires consent."),
        ("fr", "en", "Le projet avance.", "The work moves on."),  # an everyday word, and nothing of the trade near
        ("fr", "en", "Le peintre a légué son atelier.", "The painter bequeathed his studio."),
        ("fr", "en", "Ouvrez `feuille de route`.", "Open `roadmap.po`."),
    ],
)
def test_another_shape_is_no_fault(source_language: str, target_language: str, source: str, target: str) -> None:
    assert kinds(source_language, target_language, (source, target)) == []


@pytest.mark.parametrize(
    ("source_language", "target_language", "source", "target", "concept"),
    [
        ("es", "en", "Ciudad de México y el Ayuntamiento de Madrid", "Mexico City and the Ayuntamiento", "town-hall"),
        ("fr", "en", "L’emploi des jeunes recule.", "Jobs for the young are fewer.", "employment"),
        ("fr", "en", "Le projet suit la feuille de route.", "The work follows the roadmap.", "project"),
        ("fr", "en", "L’atelier commence.", "The session begins.", "workshop"),
        ("fr", "en", "Le gouvernement local agit.", "Local governance acts.", "local-government"),
        ("fr", "es", "La coopération Sud-Sud progresse.", "La cooperación progresa.", "south-south"),
        ("fr", "en", "La gouvernance change.", "The government changes.", "governance"),  # another notion's noun
        ("fr", "en", "La traduction est prête.", "The translator is ready.", "translation"),
    ],
)
def test_a_missing_term_is_still_missed(
    source_language: str, target_language: str, source: str, target: str, concept: str
) -> None:
    assert kinds(source_language, target_language, (source, target)) == [(0, "missing", concept)]


def test_a_pronoun_or_nothing_takes_up_the_sentence_before() -> None:
    first = ("La feuille de route est prête.", "La hoja de ruta está lista.")
    assert kinds("fr", "es", first, ("La feuille de route sera publiée.", "Esta se publicará.")) == []
    assert kinds("fr", "es", first, ("La feuille de route sera publiée en mai.", "Se publicará en mayo.")) == []
    assert kinds("fr", "es", first, ("La feuille de route sera publiée.", "El plan se publicará.")) == [
        (1, "missing", "roadmap")
    ]


def test_a_term_that_moved_into_the_next_segment_is_not_missing() -> None:
    pairs = (("La feuille de route est là et", "Está aquí"), ("tout le monde est content.", "la hoja de ruta."))
    assert kinds("fr", "es", *pairs) == []


def test_the_form_as_written_decides_between_a_right_and_a_forbidden_twin() -> None:
    found = kinds("es", "fr", ("Acordaron una agenda común.", "Ils ont décidé d’une agenda commune."))
    assert found == [(0, "forbidden", "common-agenda")]
    assert kinds("es", "fr", ("Acordaron una agenda común.", "Ils ont décidé d’un agenda commun.")) == []


def test_what_speaks_of_another_languages_words_leaks_nothing() -> None:
    source = "El taller, llamado «atelier» o workshop en inglés, empieza."
    assert kinds("es", "fr", (source, "L’atelier, ou workshop en anglais, commence.")) == []


def test_code_is_blanked_in_place() -> None:
    text = "Voir https://a.org/projet et `le projet` dans notes_projet.txt"
    assert len(without_code(text)) == len(text) and "projet" not in without_code(text)
    assert without_code("Le projet de la ville.") == "Le projet de la ville."
