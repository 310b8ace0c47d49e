"""What a terminologist is told to mend, and what an import changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.bench.terms_bench import read_glossary
from workbench.core.agreement import replace_term
from workbench.core.glossary_check import check_concepts
from workbench.core.glossary_merge import merge_concept
from workbench.core.terms import Concept, Status, Term, TermType


def term(language, text, **more):
    return Term(language, text, part_of_speech="noun", number="singular", **more)


def sound(identity="city", word="city", **more):
    terms = [
        term("fr", f"{word}-f", definition="lieu", source="s"),
        term("es", f"{word}-s", definition="lugar", source="s"),
        term("pt", f"{word}-p"),
        term("en", f"{word}-e"),
    ]
    return Concept(identity, "instruments", tuple(terms), **more)


def with_terms(*extra, without=()):
    concept = sound()
    return replace(concept, terms=tuple(t for t in concept.terms if t.language not in without) + extra)


def kinds(*concepts):
    return [problem.kind for problem in check_concepts(concepts)]


def test_a_sound_concept_gives_no_problem():
    assert kinds(sound()) == []


@pytest.mark.parametrize(
    ("concept", "kind"),
    [
        (with_terms(without=("en",)), "missing-language"),
        (with_terms(term("en", "town")), "several-preferred"),
        (with_terms(term("pt-BR", "urbe"), without=("pt",)), "missing-region"),
        (with_terms(Term("fr", "V", Status.ADMITTED, TermType.ACRONYM)), "no-expansion"),
        (with_terms(Term("fr", "V", Status.ADMITTED, TermType.ACRONYM, expansion="ville")), "expansion-missing"),
        (with_terms(term("fr", "bourg", status=Status.FORBIDDEN)), "no-replacement"),
        (with_terms(term("fr", "bourg", status=Status.DEPRECATED, use_instead="ville")), "replacement-missing"),
        (replace(sound(), related=("nowhere",)), "related-missing"),
        (replace(sound(), related=("city",)), "related-self"),
        (with_terms(term("fr", "x", status=Status.ADMITTED, definition="x pour l’autre", source="s")), "circular"),
    ],
)
def test_each_gap_is_named(concept, kind):
    assert kinds(concept) == [kind]


def test_replacements_that_go_round_in_a_circle_are_told():
    a = term("fr", "a", status=Status.FORBIDDEN, use_instead="b")
    b = term("fr", "b", status=Status.DEPRECATED, use_instead="a")
    assert kinds(with_terms(a, b)).count("cycle") == 2


def test_one_word_in_two_concepts_needs_context_or_a_relation():
    one, two = sound("one", "bank"), replace(sound("two", "shore"), terms=(*sound("two", "shore").terms[:3],
                                                                           term("en", "bank-e")))  # fmt: skip
    assert kinds(one, two) == ["homograph"]
    assert kinds(replace(one, related=("two",)), replace(two, related=("one",))) == []


def test_the_networks_glossary_has_nothing_to_mend():
    concepts = read_glossary()
    assert len(concepts) >= 250 and check_concepts(concepts) == []
    four = sum(all(c.definition(language) for language in ("fr", "es", "pt", "en")) for c in concepts)
    assert four >= 60


def test_a_merge_leaves_what_the_file_cannot_carry():
    mine = sound(related=("town",))
    theirs = Concept("city", "", (Term("fr", "city-f", note="new"),))
    merged = merge_concept(mine, theirs, fields={"text", "language", "note"}, languages={"fr"})
    assert merged.concept == replace(mine, terms=(replace(mine.terms[0], note="new"), *mine.terms[1:]))
    assert not merged.contradicts and "note" in merged.differences[0]


def test_a_merge_that_drops_or_replaces_says_so():
    mine = sound()
    assert merge_concept(mine, replace(mine, terms=mine.terms[:3])).contradicts
    changed = replace(mine, terms=(replace(mine.terms[0], definition="autre"), *mine.terms[1:]))
    assert merge_concept(mine, changed).contradicts


@pytest.mark.parametrize(
    ("language", "text", "gone", "new", "plural", "wanted"),
    [
        ("fr", "le workshop", "workshop", Term("fr", "atelier", gender="masculine"), False, "l’atelier"),
        ("fr", "Du workshop", "workshop", Term("fr", "réunion", gender="feminine"), False, "De la réunion"),
        ("fr", "d’aide", "aide", Term("fr", "coopération", gender="feminine"), False, "de coopération"),
        ("fr", "ce sommet", "sommet", Term("fr", "atelier", gender="masculine"), False, "cet atelier"),
        ("es", "del workshop", "workshop", Term("es", "reunión", gender="feminine"), False, "de la reunión"),
        ("es", "la minuta", "minuta", Term("es", "acta", gender="feminine"), False, "el acta"),
        ("pt", "nos atos", "atos", Term("pt", "oficina", gender="feminine", plural="oficinas"), True, "nas oficinas"),
        ("en", "a formation", "formation", Term("en", "aim"), False, "an aim"),
        ("en", "an atelier", "atelier", Term("en", "workshop"), False, "a workshop"),
    ],
)  # fmt: skip
def test_a_replacement_takes_its_article_along(language, text, gone, new, plural, wanted):
    start = text.index(gone)
    change = replace_term(text, start, start + len(gone), new, language, plural=plural)
    assert text[: change.start] + change.text + text[change.end :] == wanted
