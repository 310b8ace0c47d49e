"""Term candidates and their counterparts over aligned rows."""

from __future__ import annotations

from collections import Counter

from workbench.bench import extraction_bench, terms_bench
from workbench.core.candidate_ranking import Found
from workbench.core.extraction import Gathered, Row, extract, rank

ROWS = [
    Row("a", {"fr": "La coopération décentralisée unit les villes.",
              "es": "La cooperación descentralizada une ciudades."}),
    Row("a", {"fr": "Deux coopérations décentralisées ont duré.",
              "es": "Dos cooperaciones descentralizadas han durado."}),
    Row("b", {"fr": "La coopération décentralisée et le budget participatif.",
              "es": "La cooperación descentralizada y el presupuesto participativo."}),
    Row("b", {"fr": "Le budget participatif de la ville.", "es": "El presupuesto participativo de la ciudad."}),
    Row("b", {"fr": "Nous mangeons ici.", "es": "Comemos aquí."}),
    Row("b", {"fr": "Le temps change.", "es": "El tiempo cambia."}),
]  # fmt: skip


def test_inflected_forms_count_as_one_candidate_with_the_most_frequent_form():
    first = extract(ROWS, ("fr", "es"))["fr"][0]
    assert (first.text, first.count, first.texts) == ("coopération décentralisée", 3, 2)
    assert first.rows == (0, 1, 2)


def test_a_word_that_only_stands_inside_a_longer_candidate_is_none():
    texts = [c.text for c in extract(ROWS, ("fr", "es"))["fr"]]
    assert "budget participatif" in texts
    assert "participatif" not in texts and "décentralisée" not in texts


def test_counterparts_are_those_that_stand_in_the_same_rows():
    found = {c.text: c for c in extract(ROWS, ("fr", "es"))["fr"]}
    best = {text: c.counterparts["es"][0].text for text, c in found.items() if c.counterparts["es"]}
    assert best["coopération décentralisée"] == "cooperación descentralizada"
    assert best["budget participatif"] == "presupuesto participativo"


def test_what_was_dismissed_is_not_proposed_again():
    first = extract(ROWS, ("fr", "es"))["fr"][0]
    again = extract(ROWS, ("fr", "es"), dismissed=[("fr", first.key)])["fr"]
    assert first.text not in [c.text for c in again]


def test_nothing_comes_of_nothing():
    assert extract([], ("fr", "es")) == {"fr": [], "es": []}
    assert extract([Row("a", {"fr": "Oui."})], ("fr",)) == {"fr": []}


def test_the_glossary_is_found_again_in_the_sample_texts():
    """By weights fitted without the text in which a candidate stands."""
    concepts, rows = terms_bench.read_glossary(), terms_bench.gold_rows()
    report = extraction_bench.extraction_scores(concepts, rows, extraction_bench.left_out(concepts, rows))
    assert report.present > 400 and report.found / report.present >= 0.55
    assert report.concepts[1] / report.concepts[0] >= 0.6
    for score in report.languages:
        assert score.present > 40 and score.judged > 60
        assert score.found / score.present >= 0.6, score
        assert score.right / score.judged >= 0.8, score


def test_an_expression_that_stands_once_is_found_when_four_languages_say_it_alike():
    rows = [
        Row(
            "a",
            {"fr": "Oui, c’est prêt.", "es": "Sí, está listo.", "pt": "Sim, está pronto.", "en": "Yes, it is ready."},
        ),
        Row(
            "a",
            {
                "fr": "La participation citoyenne compte.",
                "es": "La participación ciudadana cuenta.",
                "pt": "A participação cidadã conta.",
                "en": "Citizen participation counts.",
            },
        ),
    ]
    found = extract(rows)
    (candidate,) = [c for c in found["fr"] if c.text == "participation citoyenne"]
    assert candidate.count == 1 and candidate.counterparts["es"][0].text == "participación ciudadana"
    assert [c.text for c in extract(rows, ("fr", "es"))["fr"]] == []  # two languages alone are too little evidence


def test_what_answers_a_good_candidate_ranks_higher():
    gathered = {
        language: [Gathered((word,), standing(word), {}, {other: (word,)}, ()) for word in ("a", "b")]
        for language, other in (("fr", "es"), ("es", "fr"))
    }
    good = gathered["es"][1]
    found = rank(gathered, lambda one: 5.0 if one is good else 0.0)
    assert [candidate.key for candidate in found["fr"]] == ["b", "a"]


def standing(word):
    return Found(forms=Counter({word: 1}), rows=[0], places=[0.0], texts={"t"})
