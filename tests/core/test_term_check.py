"""The glossary held against translations."""

from __future__ import annotations

import pytest

from workbench.bench import terms_bench
from workbench.core.checks import CHECKS, CheckContext, Pair, run_checks
from workbench.core.term_check import TermChecker
from workbench.core.terms import Concept, Status, Term, TermType
from workbench.errors import UsageError

N = {"part_of_speech": "noun", "number": "singular"}
CONCEPTS = [
    Concept("decentralised-cooperation", terms=(
        Term("fr", "coopération décentralisée", gender="feminine", plural="coopérations décentralisées", **N),
        Term("fr", "aide décentralisée", Status.FORBIDDEN, gender="feminine",
             use_instead="coopération décentralisée", **N),
        Term("es", "cooperación descentralizada", gender="feminine", plural="cooperaciones descentralizadas", **N),
        Term("pt", "cooperação descentralizada", gender="feminine", plural="cooperações descentralizadas", **N),
    )),
    Concept("workshop", terms=(
        Term("fr", "atelier", gender="masculine", plural="ateliers", **N),
        Term("fr", "session", Status.DEPRECATED, gender="feminine", plural="sessions", use_instead="atelier", **N),
        Term("es", "taller", gender="masculine", plural="talleres", **N),
        Term("pt-BR", "oficina", gender="feminine", plural="oficinas", **N),
        Term("pt-PT", "ateliê", gender="masculine", plural="ateliês", **N),
    )),
    Concept("sdg", terms=(
        Term("fr", "objectif de développement durable", gender="masculine",
             plural="objectifs de développement durable", **N),
        Term("fr", "ODD", type=TermType.ACRONYM, expansion="objectif de développement durable"),
        Term("es", "Objetivo de Desarrollo Sostenible", gender="masculine",
             plural="Objetivos de Desarrollo Sostenible", **N),
        Term("es", "ODS", type=TermType.ACRONYM, expansion="Objetivo de Desarrollo Sostenible"),
    )),
    Concept("agreement", terms=(
        Term("fr", "convention", gender="feminine", plural="conventions", **N),
        Term("fr", "accord", Status.ADMITTED, gender="masculine", plural="accords", **N),
        Term("es", "convenio", gender="masculine", plural="convenios", **N),
    )),
]  # fmt: skip


def check(source, target, languages="es-fr"):
    a, b = languages.split("-", 1)
    return TermChecker(CONCEPTS, a, b).check_pair(source, target)


def test_a_right_translation_gives_no_finding():
    assert check("Las cooperaciones descentralizadas", "Les coopérations internationales décentralisées") == []


def test_what_is_missing_is_proposed_in_the_number_of_the_source():
    (finding,) = check("Las cooperaciones descentralizadas", "Les échanges")
    assert (finding.kind, finding.start, finding.correction) == ("missing", None, "coopérations décentralisées")
    assert finding.concept == "decentralised-cooperation"


def test_a_forbidden_term_is_replaced_with_its_article():
    target = "Nous parlons de l’aide décentralisée."
    (finding,) = check("Hablamos de la cooperación descentralizada.", target)
    assert finding.kind == "forbidden"
    assert finding.apply(target) == "Nous parlons de la coopération décentralisée."


def test_a_correction_agrees_in_number_gender_and_capital():
    target = "Sessions du réseau : au cours de la session, des sessions"
    findings = check("Talleres: en el taller, unos talleres", target)
    for finding in reversed(findings):
        target = finding.apply(target)
    assert target == "Ateliers du réseau : au cours de l’atelier, des ateliers"


def test_a_bad_word_in_another_sense_is_left_alone():
    assert check("La reunión plenaria", "La session plénière") == []


def test_a_foreign_form_is_a_leak_and_not_missing_too():
    (finding,) = check("A cooperação descentralizada", "La cooperação descentralizada", "pt-es")
    assert (finding.kind, finding.term) == ("leak", "cooperação descentralizada")
    assert finding.apply("La cooperação descentralizada") == "La cooperación descentralizada"


@pytest.mark.parametrize("target", ["Il dit « taller ».", "Le Taller de Lima", "⟨1⟩taller⟨/1⟩"])
def test_cited_words_and_names_are_no_leaks(target):
    assert [f.kind for f in check("Hola", target)] == []


def test_an_acronym_of_another_language_is_a_leak():
    target = "Les objectifs de développement durable (ODS)"
    (finding,) = check("Los Objetivos de Desarrollo Sostenible (ODS)", target)
    assert (finding.kind, finding.correction) == ("leak", "ODD")


def test_a_foreign_expansion_explains_its_acronym_and_is_one_fault():
    found = check("Os ODS", "Los Objetivos de Desarrollo Sostenible (ODD)", "es-fr")
    assert [(f.kind, f.term) for f in found] == [("leak", "Objetivo de Desarrollo Sostenible")]


def test_an_acronym_is_explained_at_its_first_use_in_a_text_only():
    checker = TermChecker(CONCEPTS, "es", "fr")
    pairs = [Pair("ODS", "Les ODD"), Pair("ODS", "Des ODD")]
    assert [(f.pair, f.kind) for f in checker.check(pairs)] == [(0, "acronym")]
    pairs = [Pair("Objetivo de Desarrollo Sostenible", "objectif de développement durable"), Pair("ODS", "Les ODD")]
    assert checker.check(pairs) == []


def test_one_term_rendered_in_two_ways_in_a_text_is_told_once_it_changes():
    checker = TermChecker(CONCEPTS, "es", "fr")
    pairs = [
        Pair("el convenio", "la convention"),
        Pair("el convenio", "un accord"),
        Pair("el convenio", "la convention"),
    ]
    (finding,) = checker.check(pairs)
    assert (finding.pair, finding.kind, finding.correction) == (1, "inconsistent", "une convention")


def test_the_other_regions_word_is_missing_with_a_correction_in_place():
    (finding,) = check("El taller", "A oficina começa", "es-pt-PT")
    assert (finding.kind, finding.apply("A oficina começa")) == ("missing", "O ateliê começa")
    assert check("El taller", "A oficina começa", "es-pt-BR") == []


def test_an_untranslated_segment_gives_nothing():
    assert check("El taller", "  ") == []


def test_checks_are_chosen_by_name():
    context = CheckContext("es", "fr", TermChecker(CONCEPTS, "es", "fr"))
    pairs = [Pair("El taller", "La session")]
    assert [f.check for f in run_checks(pairs, context, only=["terms"])] == ["terms"]
    assert run_checks(pairs, context, off=list(CHECKS)) == []
    with pytest.raises(UsageError, match="no check “typos”"):
        run_checks(pairs, context, only=["typos"])


def test_the_labelled_list_of_our_own_is_met():
    concepts = terms_bench.read_glossary()
    rows = terms_bench.read_list(terms_bench.DATA / "terms-own.tsv")
    score = terms_bench.score(rows, terms_bench.workbench_method(concepts))
    literal = terms_bench.score(rows, terms_bench.whole_word_method(concepts, terms_bench.literal_key))
    assert score.precision >= 0.95 and score.recall >= 0.95, "\n".join(score.errors)
    assert literal.recall < 0.7 < score.recall


def test_a_superlative_is_another_rendering_though_its_lemma_is_the_same():
    practice = Concept(
        "practice",
        terms=(
            Term("es", "buena práctica", part_of_speech="noun", number="singular", plural="buenas prácticas"),
            Term("en", "good practice", part_of_speech="noun", number="singular", plural="good practices"),
            Term("en", "best practice", Status.ADMITTED, part_of_speech="noun", number="singular"),
        ),
    )
    pairs = [Pair("las buenas prácticas", "the good practices"), Pair("una buena práctica", "one best practice")]
    (finding,) = TermChecker([practice], "es", "en").check(pairs)
    assert (finding.kind, finding.correction) == ("inconsistent", "good practice")


def test_a_name_that_begins_with_a_term_stays_as_it_is():
    embassy = Concept(
        "embassy", terms=(Term("en", "embassy", part_of_speech="noun"), Term("es", "embajada", part_of_speech="noun"))
    )
    checker = TermChecker([embassy], "en", "es")
    assert checker.check_pair("Get off at Embassy Gardens.", "Bájese en Embassy Gardens.") == []
    assert checker.check_pair("He read The Embassy of Cambodia.", "Leyó The Embassy of Cambodia.") == []
    assert [f.kind for f in checker.check_pair("The Embassy invites.", "La Embassy invita.")] != []
