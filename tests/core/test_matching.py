"""Comparing a query with a segment: the declared normalisation, the score, the differences shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.matching import (
    differences,
    hidden_differences,
    key_hash,
    same_context,
    similarity,
    text_key,
    words,
)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("« Bonjour » : l’été – fini !", '"bonjour": l\'été - fini!'),
        ("12\u202f000 villes", "12 000 villes"),
        ("Le ⟨1⟩réseau⟨/1⟩", "le réseau"),
        ("Et puis…", "et puis..."),
        ("  Deux   espaces ", "deux espaces"),
    ],
)
def test_what_only_typography_tells_apart_has_one_key(a, b):
    assert text_key(a) == text_key(b)


@pytest.mark.parametrize(("a", "b"), [("été", "ete"), ("2014", "2015"), ("non", "nom"), ("a b", "ab")])
def test_what_a_reader_tells_apart_has_two_keys(a, b):
    assert text_key(a) != text_key(b)


@given(st.text())
def test_a_key_is_its_own_key(text):
    once = text_key(text)
    assert text_key(once) == once


@given(st.text(), st.text())
def test_similarity_is_symmetric_bounded_and_full_only_for_equal_keys(a, b):
    a, b = text_key(a), text_key(b)
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 100
    assert (similarity(a, b) == 100) == (a == b)


def test_a_missing_not_costs_more_than_its_letters():
    with_not, without = "the members do not sign the agreement", "the members do sign the agreement"
    assert 85 < similarity(with_not, without) < 95


def test_hashes_fit_a_signed_column_and_differ():
    assert -(2**63) <= key_hash("a") < 2**63
    assert key_hash("a") != key_hash("b")


def test_numbers_are_one_word_with_their_separators():
    assert words("Art. 12.4 : 1 200,50 €") == ["Art", ".", "12.4", ":", "1 200,50", "€"]


def test_differences_point_into_both_segments():
    query, found = "Le réseau compte 15 villes.", "Le réseau compte douze grandes villes."
    (only,) = differences(query, found)
    assert query[slice(*only.query)] == "15"
    assert found[slice(*only.found)] == "douze grandes"


def test_an_inserted_word_has_an_empty_range_on_the_other_side():
    (only,) = differences("un deux", "un beau deux")
    assert only.query[0] == only.query[1]
    assert "un beau deux"[slice(*only.found)].strip() == "beau"


@pytest.mark.parametrize(
    ("query", "found", "what"),
    [
        ("Le Mot", "Le mot", {"case"}),
        ("l’eau", "l'eau", {"quotes"}),
        ("a – b", "a - b", {"dashes"}),
        ("fini !", "fini!", {"spaces"}),
        ("un ⟨1⟩mot⟨/1⟩", "un mot", {"codes"}),
        ("Un mot", "Un mot", set()),
    ],
)
def test_what_the_normalisation_hides_is_named(query, found, what):
    assert text_key(query) == text_key(found)
    assert {d.what for d in hidden_differences(query, found)} == what


@given(st.text(alphabet="aA «»“”'’-–\u00a0!⟨1⟩/", max_size=30), st.text(alphabet="aA «»\"'-–!⟨1⟩", max_size=30))
def test_hidden_differences_stay_inside_the_segments(query, found):
    for d in hidden_differences(query, found):
        assert 0 <= d.query[0] <= d.query[1] <= len(query)
        assert 0 <= d.found[0] <= d.found[1] <= len(found)


@pytest.mark.parametrize(
    ("query", "found", "same"),
    [
        (("Un.", "Trois."), ("un.", "Trois."), True),
        (("", "Trois."), ("", "Trois."), True),
        ((None, "Trois."), ("Un.", "Trois."), True),
        (("Un.", "Trois."), ("Un.", "Quatre."), False),
        (("", ""), ("", ""), False),
        ((None, None), ("Un.", "Trois."), False),
    ],
)
def test_context_needs_a_known_neighbour_and_no_contradiction(query, found, same):
    assert same_context(query, found) is same
