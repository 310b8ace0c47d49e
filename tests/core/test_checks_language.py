"""Checks without a glossary: numbers, codes, typography of the four languages, what is missing or doubled."""

import pytest

from workbench.core import checks_language as checks_language
from workbench.core.checks import CheckContext, Finding, Pair, run_checks

THIN, FULL = "\u202f", "\u00a0"


def check(source: str, target: str, languages: str = "fr-es", only: str | None = None) -> list[Finding]:
    a, _, b = languages.partition("-")
    return run_checks([Pair(source, target)], CheckContext(a, b), only=[only] if only else None, off=())


def kinds(source: str, target: str, languages: str = "fr-es") -> list[tuple[str, str]]:
    return [(f.check, f.kind) for f in check(source, target, languages)]


@pytest.mark.parametrize(
    ("languages", "source", "target"),
    [
        ("fr-es", "Le budget est de 1 500 000 euros.", "El presupuesto es de 1.500.000 euros."),
        (
            "fr-en",
            f"Il y a 12{THIN}500 habitants et 3,5 % d’élus.",
            "There are 12,500 inhabitants and 3.5% of members.",
        ),
        ("en-pt", "It costs 1,234.50 reais.", "Custa 1.234,50 reais."),
        ("fr-en", "Rendez-vous à 14 h 30.", "We meet at 2:30 pm."),
        ("fr-es", "Les 3 villes ont signé.", "Las tres ciudades firmaron."),
        ("fr-es", f"Le 3e atelier{FULL}: Mexico.", "El tercer taller: México."),
        ("fr-pt", "Du 12/03/2015 au 14/03/2015.", "De 12/03/2015 a 14/03/2015."),
        (
            "fr-en",
            "Voir https://example.org/2015/03 et ⟨1⟩ici⟨/1⟩.",
            "See https://example.org/2015/03 and ⟨1⟩here⟨/1⟩.",
        ),
    ],
)
def test_a_number_written_as_its_language_writes_it_is_the_same_number(languages, source, target):
    assert [f for f in check(source, target, languages) if f.check == "numbers"] == []


def test_a_changed_number_is_named_with_the_one_of_the_source_as_correction():
    (found,) = check("En 2013, 250 villes.", "En 2018, 250 ciudades.")
    assert (found.check, found.kind, found.correction) == ("numbers", "different", "2013")
    assert found.apply("En 2018, 250 ciudades.") == "En 2013, 250 ciudades."


def test_a_missing_and_an_added_number_are_two_findings_of_their_own():
    assert kinds("Article 4 de 2015.", "Artículo 4.") == [("numbers", "missing")]
    assert kinds("Article 4.", "Artículo 4 de 2015.") == [("numbers", "added")]


def test_a_missing_code_and_one_too_many_are_said_and_crossed_ones_too():
    assert kinds("⟨1⟩Merci⟨/1⟩ à tous.", "Gracias a todos.") == [("codes", "missing")] * 2
    assert kinds("Merci à tous.", "⟨1⟩Gracias⟨/1⟩ a todos.") == [("codes", "added")]
    assert kinds("⟨1⟩Merci⟨/1⟩ à ⟨2⟩tous⟨/2⟩.", "⟨1⟩Gracias⟨2⟩ a⟨/1⟩ todos⟨/2⟩.") == [("codes", "order")]


@pytest.mark.parametrize(
    ("target", "right"),
    [
        ("Pourquoi?", f"Pourquoi{THIN}?"),
        ("Pourquoi ?", f"Pourquoi{THIN}?"),
        ("Oui: deux.", f"Oui{FULL}: deux."),
        ("Dit «oui».", f"Dit «{THIN}oui{THIN}»."),
    ],
)
def test_french_gets_its_no_break_spaces(target, right):
    for finding in sorted(check(target, target, "fr-fr", "spaces"), key=lambda f: -(f.start or 0)):
        target = finding.apply(target)
    assert target == right


@pytest.mark.parametrize(
    "target",
    [f"Pourquoi{THIN}?", f"Pourquoi{FULL}?", "Voir http://example.org.", "À 10:30 précises.", "(?)", "⟨1⟩Quoi⟨/1⟩…"],
)
def test_french_that_is_set_well_is_left_alone(target):
    assert check(target, target, "fr-fr", "spaces") == []


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_other_languages_have_no_space_before_punctuation(language):
    (found,) = check("Oui.", "Sim , sim.", f"fr-{language}", "spaces")
    assert found.apply("Sim , sim.") == "Sim, sim."


@pytest.mark.parametrize(
    ("target", "right"),
    [
        ("Por qué?", "¿Por qué?"),
        ("Hola. Qué hacemos ahora?", "Hola. ¿Qué hacemos ahora?"),
        ("Adelante!", "¡Adelante!"),
    ],
)
def test_spanish_questions_and_exclamations_are_opened(target, right):
    (found,) = [f for f in check("x?", target, "fr-es", "punctuation") if f.kind == "inverted"]
    assert found.apply(target) == right


@pytest.mark.parametrize("target", ["¿Por qué?", "¡Qué bien!", "¿Qué? ¿Cuándo?", "¿¡Cómo!?", "¡No!, dijo. ¿Por qué?"])
def test_spanish_that_is_opened_is_left_alone(target):
    assert [f for f in check("x?", target, "fr-es", "punctuation") if f.kind == "inverted"] == []


def test_the_final_stop_of_the_source_is_wanted():
    (found,) = check("Les villes coopèrent.", "Las ciudades cooperan")
    assert found.apply("Las ciudades cooperan") == "Las ciudades cooperan."
    assert check("Les villes coopèrent", "Las ciudades cooperan") == []


def test_quotes_of_another_language_are_changed():
    (found,) = check(f"Le «{THIN}réseau{THIN}» grandit.", f"The «{THIN}network{THIN}» grows.", "fr-en", "quotes")
    assert found.apply(f"The «{THIN}network{THIN}» grows.") == "The “network” grows."
    assert check("x", "La «red» crece.", "fr-es", "quotes") == []


def test_a_copied_sentence_is_untranslated_but_a_name_is_not():
    assert kinds("Les villes coopèrent.", "Les villes coopèrent.") == [("untranslated", "same")]
    assert kinds("AL-LAs", "AL-LAs") == []


def test_lengths_far_apart_are_doubted():
    long = "Les villes du réseau coopèrent depuis plusieurs années avec leurs partenaires."
    assert kinds(long, "Cooperan.") == [("length", "short")]
    assert kinds("Les villes coopèrent entre elles.", f"{long} {long}") == [("length", "long")]


def test_a_doubled_word_is_found_but_not_where_the_language_doubles_it():
    (found,) = check("La coopération.", "La la cooperación.".replace("La la", "De la la"))
    assert found.apply("De la la cooperación.") == "De la cooperación."
    assert check("We believe that.", "Nous nous voyons.".replace("N", "N"), "en-fr", "words") == []


def test_the_first_letter_follows_the_source():
    (found,) = check("Les villes.", "las ciudades.")
    assert found.apply("las ciudades.") == "Las ciudades."


def test_one_source_translated_in_two_ways_is_said_at_the_second():
    pairs = [Pair("Merci.", "Gracias."), Pair("Merci.", "Muchas gracias."), Pair("Merci.", "Gracias.")]
    found = run_checks(pairs, CheckContext("fr", "es"), only=["twins"])
    assert [(f.pair, f.correction) for f in found] == [(1, "Gracias.")]


@pytest.mark.parametrize("source", ["", "⟨1⟩", "?", "12", "«"])
@pytest.mark.parametrize("target", ["", " ", "?", "«", "!!!", "¿", "⟨/1⟩", "1.2.3,4"])
@pytest.mark.parametrize("language", ["fr", "es", "pt", "pt-BR", "en", "de"])
def test_odd_texts_are_checked_without_an_error(source, target, language):
    check(source, target, f"fr-{language}")
