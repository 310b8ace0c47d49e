"""What is typed into the concordance is understood, and nothing typed is an operator of the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.concordance import Near, Phrase, hit_spans, matches, parse_query


def shown(query, text):
    return [text[a:b] for a, b in hit_spans(parse_query(query), text)]


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("réseau villes", ((Phrase(("reseau",)),), (Phrase(("villes",)),))),
        ('"Le réseau"', ((Phrase(("le", "reseau")),),)),
        ('"le res"*', ((Phrase(("le", "res"), prefix=True),),)),
        ("coop*", ((Phrase(("coop",), prefix=True),),)),
        ("ville OR cité", ((Phrase(("ville",)), Phrase(("cite",))),)),
        ("ville NEAR/3 réseau", ((Near(Phrase(("ville",)), Phrase(("reseau",)), 3),),)),
        ("l’eau", ((Phrase(("l", "eau")),),)),
        ("OR NEAR AND", ()),
        ("", ()),
    ],
)
def test_queries_are_read(query, groups):
    assert parse_query(query).groups == groups


def test_a_minus_leaves_out():
    query = parse_query("ville -grande")
    assert matches(query, "Une ville")
    assert not matches(query, "Une grande ville")


def test_accents_and_case_make_no_difference_and_spans_are_of_the_original():
    assert shown("reseau", "Le RÉSEAU, un réseau.") == ["RÉSEAU", "réseau"]


def test_near_takes_either_order_within_the_distance():
    query = parse_query("villes NEAR/2 réseau")
    assert matches(query, "le réseau des villes")
    assert matches(query, "villes en réseau")
    assert not matches(query, "villes un deux trois réseau")


def test_touching_spans_are_one():
    assert shown('"les villes" villes', "les villes") == ["les villes"]


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_query_fails_and_spans_lie_inside(query, text):
    for start, end in hit_spans(parse_query(query), text):
        assert 0 <= start < end <= len(text)
