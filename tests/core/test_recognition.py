"""Terms are found in the forms in which running text has them, and nowhere else."""

from __future__ import annotations

import pytest

from workbench.core.recognition import Recogniser
from workbench.core.terms import Concept, Status, Term, TermType


def glossary(language, *terms):
    return Recogniser([Concept(f"c{n}", terms=(t,)) for n, t in enumerate(terms)], language)


def noun(language, text, **more):
    return Term(language, text, part_of_speech="noun", number=more.pop("number", "singular"), **more)


def found(recogniser, text, **options):
    return [text[hit.start : hit.end] for hit in recogniser.find(text, **options)]


@pytest.mark.parametrize(
    ("language", "term", "text", "form"),
    [
        ("fr", "coopération décentralisée", "Les coopérations décentralisées", "coopérations décentralisées"),
        ("fr", "gouvernement local", "l’appui aux gouvernements locaux.", "gouvernements locaux"),
        ("fr", "réseau de villes", "un réseau des villes", "réseau des villes"),
        ("fr", "autorité locale", "de l’autorité locale", "autorité locale"),
        (
            "fr",
            "stratégie d’internationalisation",
            "STRATÉGIE D'INTERNATIONALISATION",
            "STRATÉGIE D'INTERNATIONALISATION",
        ),
        ("fr", "élu local", "les élu·e·s locaux", "élu·e·s locaux"),
        ("fr", "savoir-faire", "leur savoir faire", "savoir faire"),
        ("es", "acción exterior", "las acciones exteriores", "acciones exteriores"),
        ("es", "red de ciudades", "la red de las ciudades", "red de las ciudades"),
        ("es", "gestión del agua", "gestión de agua", "gestión de agua"),
        ("es", "joven", "los jóvenes", "jóvenes"),
        ("pt", "governo local", "dos governos locais", "governos locais"),
        ("pt", "ação externa", "pelas ações externas", "ações externas"),
        ("pt", "gestão de resíduos", "a gestão dos resíduos", "gestão dos resíduos"),
        ("pt", "cidade-irmã", "cidades irmãs", "cidades irmãs"),
        ("en", "city", "two cities’ mayors", "cities"),
        ("en", "right to the city", "the right to their city", "right to their city"),
        ("en", "co-financing", "a cofinancing rate", "cofinancing"),
        ("pt", "cofinanciamento", "o co-financiamento", "co-financiamento"),
    ],
)
def test_inflected_contracted_and_respelled_forms_are_found(language, term, text, form):
    assert found(glossary(language, noun(language, term)), text) == [form]


@pytest.mark.parametrize(
    ("language", "term", "text", "form"),
    [
        ("fr", "coopération décentralisée", "la coopération internationale décentralisée", True),
        ("fr", "coopération sud-sud", "la coopération décentralisée et sud-sud", True),
        ("en", "local government", "local and regional governments", True),
        ("fr", "coopération décentralisée", "la coopération renforce la culture décentralisée", False),
        ("fr", "coopération décentralisée", "la coopération, décentralisée ou non", False),
        ("es", "gobierno local", "el gobierno de la policía local", False),
        ("fr", "coopération décentralisée", "la coopération internationale décentralisées", False),
    ],
)
def test_adjectives_may_slip_in_and_nothing_else(language, term, text, form):
    assert bool(found(glossary(language, noun(language, term)), text)) is form


def test_missing_accents_are_forgiven_but_another_word_is_not_taken():
    pt = glossary("pt", noun("pt", "país"), noun("pt", "cooperação"))
    assert found(pt, "cooperacao entre cidades") == ["cooperacao"]
    assert found(pt, "os pais das crianças") == []
    assert pt.find("a cooperação")[0].exact and not pt.find("a cooperacao")[0].exact


def test_the_longest_term_wins_and_its_parts_are_given_on_request():
    es = glossary("es", noun("es", "acción internacional"), noun("es", "gobierno local"),
                  noun("es", "acción internacional de los gobiernos locales"))  # fmt: skip
    text = "la acción internacional de los gobiernos locales"
    assert found(es, text) == ["acción internacional de los gobiernos locales"]
    assert found(es, text, nested=True) == [
        "acción internacional de los gobiernos locales", "acción internacional", "gobiernos locales",
    ]  # fmt: skip


def test_acronyms_mind_capitals_and_take_plurals_and_full_stops():
    acronym = Term("en", "AL", type=TermType.ACRONYM)
    ngo = Term("en", "NGO", type=TermType.ACRONYM)
    en = glossary("en", acronym, ngo)
    assert found(en, "Two NGOs and one N.G.O. met al fresco; ngo") == ["NGOs", "N.G.O."]
    assert [hit.plural for hit in en.find("NGOs, NGO")] == [True, False]
    assert found(en, "NGO-AL is a programme") == []


def test_an_acronym_spelled_like_a_word_is_not_found_in_a_title_in_capitals():
    es = glossary("es", Term("es", "AL", type=TermType.ACRONYM))
    assert found(es, "INVITACIÓN AL ENCUENTRO ANUAL") == []
    assert found(es, "la AL del municipio") == ["AL"]


def test_a_name_needs_its_capital():
    es = glossary("es", Term("es", "Metropolis", part_of_speech="proper noun"))
    assert found(es, "la red Metropolis y otra metropolis") == ["Metropolis"]


def test_verbs_are_found_conjugated_and_with_pronouns():
    es = glossary("es", Term("es", "hermanar", part_of_speech="verb"))
    assert found(es, "Quieren hermanarse; las hermanamos ayer") == ["hermanarse", "hermanamos"]


def test_a_noun_is_not_found_in_a_verbs_forms():
    fr = glossary("fr", noun("fr", "partenariat"), noun("fr", "marche"))
    assert found(fr, "ils marchent et ont marché") == []


def test_homographs_need_a_word_of_their_context():
    en = glossary("en", noun("en", "protocol", context=("treaty", "agreement")))
    assert found(en, "The protocol was strict.") == []
    assert found(en, "The protocol to the treaties") == ["protocol"]
    assert found(en, "The protocol was strict.", context="the agreement of 2012") == ["protocol"]
    assert found(en, "The protocol was strict.", any_context=True) == ["protocol"]


def test_one_form_of_two_concepts_gives_one_hit_with_both():
    concepts = [Concept("a", terms=(noun("fr", "charte"),)), Concept("b", terms=(noun("fr", "charte"),))]
    (hit,) = Recogniser(concepts, "fr").find("une charte")
    assert [concept.id for _, concept in hit.entries] == ["a", "b"]


def test_an_accepted_term_goes_before_a_forbidden_one_of_the_same_form():
    concepts = [
        Concept("a", terms=(noun("fr", "charte", status=Status.FORBIDDEN),)),
        Concept("b", terms=(noun("fr", "charte"),)),
    ]  # fmt: skip
    assert Recogniser(concepts, "fr").find("une charte")[0].concept.id == "b"


def test_spans_are_those_of_the_text_with_codes_and_decomposed_accents():
    fr = glossary("fr", noun("fr", "coopération décentralisée"))
    text = "⟨1⟩coope\u0301ration⟨/1⟩ décentralisée"
    (hit,) = fr.find(text)
    assert text[hit.start : hit.end] == "coope\u0301ration⟨/1⟩ décentralisée"


def test_an_adjective_spelled_like_a_noun_is_left_alone():
    fr = glossary("fr", noun("fr", "commune", gender="feminine"))
    assert found(fr, "une volonté commune de la petite commune") == ["commune"]
    assert fr.find("une volonté commune de la petite commune")[0].start > 20


def test_long_text_without_any_term_is_quick_and_empty():
    assert glossary("fr", noun("fr", "ville")).find("mot " * 50_000) == []


def test_participles_gerunds_and_set_phrases_are_no_terms():
    fr = glossary("fr", noun("fr", "suivi"), noun("fr", "élu", feminine="élue"), noun("fr", "partie"))
    assert found(fr, "L’atelier est également suivi d’un débat ; elle a été élue et fait partie du suivi.") == ["suivi"]
    en = glossary("en", noun("en", "training"))
    assert found(en, "Training the staff is no training.") == ["training"]
    es = glossary("es", noun("es", "acuerdo"))
    assert found(es, "de acuerdo con el acuerdo") == ["acuerdo"]


@pytest.mark.parametrize(
    ("language", "term", "text", "forms"),
    [
        ("pt", "ata", "O pescador ata o barco ao cais.", []),
        ("pt", "ata", "A ata o diz, e a ata da reunião o confirma.", ["ata", "ata"]),
        ("pt", "ata", "A reunião, ata os acordos.", ["ata"]),
        ("es", "firma", "La alcaldesa firma el acuerdo.", []),
        ("es", "firma", "La ceremonia de firma el martes.", ["firma"]),
    ],
)
def test_a_verb_between_subject_and_object_is_no_noun(language, term, text, forms):
    assert found(glossary(language, noun(language, term)), text) == forms
