"""A suggestion is changed only where that is certain."""

import pytest

from workbench.core.adaptation import TermPair, adapt


def change(query, found, target, source="fr", target_language="es", terms=()):
    return adapt(query, found, target, source=source, target_language=target_language, terms=terms)


def test_a_number_is_changed_and_marked():
    text, changes = change("Il y a 15 villes.", "Il y a 12 villes.", "Hay 12 ciudades.")
    assert text == "Hay 15 ciudades."
    (only,) = changes
    assert (only.what, only.before, only.after) == ("number", "12", "15")
    assert text[slice(*only.span)] == "15"


@pytest.mark.parametrize(
    ("query", "found", "target", "source", "target_language", "expected"),
    [
        ("1 500,5 euros", "2 300,5 euros", "2,300.5 euros", "fr", "en", "1,500.5 euros"),
        ("1,250 people", "3,400 people", "3.400 pessoas", "en", "pt", "1.250 pessoas"),
        ("1.250.000 personas", "3.400 personas", "3\u202f400 personnes", "es", "fr", "1\u202f250\u202f000 personnes"),
        ("en 2016", "en 2015", "en 2015", "fr", "es", "en 2016"),
        ("7,5 %", "6,5 %", "6.5%", "pt", "en", "7.5%"),
    ],
)
def test_numbers_are_written_as_the_target_writes_them(query, found, target, source, target_language, expected):
    assert change(query, found, target, source, target_language)[0] == expected


def test_months_are_translated_and_keep_their_capital():
    text, changes = change("Le 3 mars 2016", "Le 3 avril 2015", "On 3 April 2015", target_language="en")
    assert text == "On 3 March 2016"
    assert [c.what for c in changes] == ["date", "number"]
    for c in changes:
        assert text[slice(*c.span)] == c.after


def test_a_name_that_stands_unchanged_in_the_target_is_changed():
    text, (only,) = change("L’atelier de Montevideo", "L’atelier de Medellín", "El taller de Medellín")
    assert (text, only.what) == ("El taller de Montevideo", "name")


def test_one_term_is_changed_to_its_translation():
    terms = [TermPair("collectivité territoriale", "gobierno local"), TermPair("État membre", "Estado miembro")]
    text, (only,) = change(
        "Chaque État membre signe.",
        "Chaque collectivité territoriale signe.",
        "Cada gobierno local firma.",
        terms=terms,
    )
    assert (text, only.what) == ("Cada Estado miembro firma.", "term")


@pytest.mark.parametrize(
    ("query", "found", "target"),
    [
        ("Il y a 15 villes.", "Il y a 12 villes.", "Hay doce ciudades."),  # the number is not there as digits
        ("De 15 à 12", "De 12 à 12", "De 12 a 12"),  # which of the two?
        ("Les villes signent.", "Les régions signent.", "Las regiones firman."),  # no term is known
        ("Il y a 15 grandes villes.", "Il y a 12 villes.", "Hay 12 ciudades."),  # a word is added
        ("Une ville", "Le ville", "Le ville"),  # an article with a capital is no name
        ("même", "même", "mismo"),  # nothing differs
    ],
)
def test_what_is_not_certain_is_left_alone(query, found, target):
    assert change(query, found, target) is None
