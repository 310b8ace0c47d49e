"""One ranked list: what is reviewed comes before what is not, equal targets are shown once."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from workbench.core import ranking
from workbench.core.memory import Change, Difference, MatchKind, Provenance, Source, TranslationUnit, Variant
from workbench.core.ranking import Asked, Candidate, judge, rank

numbers = itertools.count(1)


def candidate(
    target="La red.", *, kind=MatchKind.EXACT, similarity=100.0, reviewed=True, machine=False, region="es", slug="a",
    uses=0, changed="2015", **more,
):  # fmt: skip
    source = Source(f"text:{slug}", text_slug=slug, name=f"Text {slug}")
    support = Provenance(source, ("fr", region), reviewed=reviewed, machine=machine)
    found, answer = Variant("fr", "Le réseau."), Variant(region, target)
    unit = TranslationUnit(next(numbers), (found, answer), (support,), uses=uses, changed_at=changed)
    return Candidate(unit, kind, similarity, "key|v1", found, answer, **more)


def ranked(*candidates, asked=None, limit=9):
    return rank([judge(c, asked or Asked("fr", "es")) for c in candidates], limit)


def test_context_exact_fuzzy_semantic_among_equal_scores():
    kinds = [MatchKind.SEMANTIC, MatchKind.EXACT, MatchKind.FUZZY, MatchKind.CONTEXT]
    found = ranked(*(candidate(f"t{k}", kind=kind) for k, kind in enumerate(kinds)))
    assert [s.kind for s in found] == [MatchKind.CONTEXT, MatchKind.EXACT, MatchKind.FUZZY, MatchKind.SEMANTIC]


def test_penalties_stand_in_the_signature():
    (only,) = ranked(candidate(reviewed=False, region="es-MX"), asked=Asked("fr", "es-ES", "b"))
    assert only.match.signature == "key|v1|-unreviewed:3|-region:1.5|-text:0.5"
    assert only.score == 95.0


def test_what_a_person_reviewed_is_never_taken_for_machine_made():
    unit = candidate(machine=True).unit
    assert unit.machine("fr", "es")
    human = Provenance(Source("text:b"), ("fr", "es"), reviewed=True)
    both = TranslationUnit(1, unit.variants, (*unit.provenances, human))
    assert not both.machine("fr", "es")


HIDDEN = st.lists(st.sampled_from(["case", "quotes", "dashes", "spaces", "codes"]), unique=True)


@given(HIDDEN, st.sampled_from(["es", "es-MX", "es-ES"]), st.booleans(), st.booleans())
def test_an_unreviewed_100_never_comes_before_a_reviewed_one(hidden, region, other_text, context):
    worst = candidate(
        "reviewed", region=region, slug="b" if other_text else "a",
        differences=tuple(Difference((0, 1), (0, 1), what) for what in hidden),
    )  # fmt: skip
    best = candidate("unreviewed", reviewed=False, kind=MatchKind.CONTEXT if context else MatchKind.EXACT, uses=99)
    found = ranked(best, worst, asked=Asked("fr", "es-ES", "a"))
    assert [s.target for s in found] == ["reviewed", "unreviewed"]
    assert not found[1].fills


def test_only_a_reviewed_unchanged_full_match_fills_by_itself():
    change = Change("number", "12", "15", (0, 2))
    assert ranked(candidate())[0].fills
    assert not ranked(candidate(reviewed=False))[0].fills
    assert not ranked(candidate(changes=(change,), text="15"))[0].fills
    assert not ranked(candidate(via="pt"))[0].fills
    assert not ranked(candidate(kind=MatchKind.FUZZY, similarity=99.0))[0].fills


def test_a_third_language_never_comes_before_a_direct_match_of_like_quality():
    found = ranked(
        candidate("through pt", via="pt"),
        candidate("direct", region="es-MX", slug="b"),
        asked=Asked("fr", "es-ES", "a"),
    )
    assert [s.target for s in found] == ["direct", "through pt"]


def test_equal_targets_are_shown_once_with_the_others_counted():
    (only,) = ranked(candidate("La red.", reviewed=False), candidate("La red."), candidate("La red.", slug="b"))
    assert (only.reviewed, only.also) == (True, 2)


def test_among_equals_use_then_recency_decides():
    found = ranked(candidate("old", changed="2014"), candidate("new", changed="2015"), candidate("used", uses=1))
    assert [s.target for s in found] == ["used", "new", "old"]


def test_the_penalties_of_a_reviewed_match_stay_below_that_of_an_unreviewed_one():
    reviewed = ranking.OTHER_REGION_PENALTY + ranking.OTHER_TEXT_PENALTY
    assert reviewed < ranking.UNREVIEWED_PENALTY < ranking.THIRD_LANGUAGE_PENALTY
