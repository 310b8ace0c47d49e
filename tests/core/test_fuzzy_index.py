"""The fuzzy index finds what comparing every segment finds, also after changes."""

import random
import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.core import fuzzy_index
from workbench.core.fuzzy_index import FuzzyIndex
from workbench.core.matching import MAX_FUZZY_CHARACTERS, similarity

WORDS = re.findall(
    r"\w+", "le réseau des villes coopère avec les autorités locales pour un développement durable et solidaire"
)


def sentences(count, seed=1):
    rng = random.Random(seed)
    return [" ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 14))) + f" {k}" for k in range(count)]


def brute_force(keys, query):
    return max((similarity(query, key), -number) for number, key in keys.items())


def test_finds_the_best_match_that_comparing_everything_finds():
    keys = dict(enumerate(sentences(3_000)))
    index = FuzzyIndex.build(keys.items())
    rng = random.Random(2)
    for key in rng.sample(list(keys.values()), 60):
        parts = key.split()
        parts[rng.randrange(len(parts))] = "autre"
        query = " ".join(parts)
        best, number = brute_force(keys, query)
        if best >= 70:
            found = index.search(query)
            assert found[0][1] == best, (query, keys[-number])


def test_looking_in_many_blocks_keeps_the_same_best_as_looking_in_one(monkeypatch):
    keys = sentences(3_000)
    part = FuzzyIndex.build(enumerate(keys)).main
    monkeypatch.setattr(fuzzy_index, "CANDIDATES", 25)

    def shares(query, block, enough):
        monkeypatch.setattr(fuzzy_index, "_BLOCK", block)
        monkeypatch.setattr(fuzzy_index, "ENOUGH", enough)
        places = fuzzy_index._candidates(part, query, 0, len(part))
        signature = fuzzy_index.signature_columns([query.encode()])
        common = np.bitwise_count(part.signatures[:, places] & signature).sum(axis=0, dtype=int)
        return sorted(common / (part.counts[places] + np.bitwise_count(signature).sum()))

    for query in keys[::300]:
        whole = shares(query, 10_000, 10_000)
        assert len(whole) == 25
        assert shares(query, 70, 50) == whole


def test_an_equal_key_is_found_with_100():
    index = FuzzyIndex.build([(7, "oui"), (8, "non")])
    assert index.search("oui")[0] == (7, 100.0)


def test_nothing_and_too_much_find_nothing():
    index = FuzzyIndex.build([(1, "a"), (2, "x" * (MAX_FUZZY_CHARACTERS + 1))])
    assert index.search("") == []
    assert index.search("x" * (MAX_FUZZY_CHARACTERS + 1)) == []
    assert FuzzyIndex.build([]).search("a") == []


def test_a_text_whose_signature_is_full_is_found():
    rng = random.Random(3)
    long = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(3_500))
    index = FuzzyIndex.build([(1, long), (2, long[::-1])])
    assert index.search(long[:-3])[0][0] == 1


KEYS = st.dictionaries(st.integers(0, 30), st.text("ab c", min_size=1, max_size=12), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    KEYS, st.lists(st.tuples(st.lists(st.integers(0, 30), max_size=4), KEYS), max_size=4), st.text("ab c", max_size=9)
)
def test_an_index_brought_up_to_date_answers_like_one_made_anew(start, steps, query):
    index, now = FuzzyIndex.build(start.items()), dict(start)
    for gone, added in steps:
        index = index.updated(gone, added.items())
        now = {number: key for number, key in now.items() if number not in gone} | added
    assert index.search(query) == FuzzyIndex.build(now.items()).search(query)


def test_many_changes_are_joined_and_nothing_is_lost():
    keys = dict(enumerate(sentences(500)))
    index = FuzzyIndex.build(keys.items())
    more = {1_000 + k: key for k, key in enumerate(sentences(2_500, seed=5))}
    index = index.updated([3], more.items())
    assert len(index.tail) == 0
    assert len(index) == 500 - 1 + 2_500
    assert index.search(more[1_200])[0][1] == 100.0
    assert all(number != 3 for number, _ in index.search(keys[3]))


def test_a_unit_with_two_regional_variants_is_found_by_either():
    index = FuzzyIndex.build([(1, "o autocarro chegou"), (1, "o ônibus chegou")])
    assert index.search("o autocarro chegou") == [(1, 100.0)]
    assert index.search("o ônibus chegou") == [(1, 100.0)]
