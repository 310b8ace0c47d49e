"""The memory's words: units without direction, regions, what is reviewed."""

import pytest

from workbench.core.memory import NewUnit, Provenance, Source, TranslationUnit, Variant, sort_variants
from workbench.errors import UsageError

A = Source("text:a")


def unit(**texts):
    return TranslationUnit(1, tuple(Variant(code.replace("_", "-"), text) for code, text in texts.items()))


def test_variants_stand_in_the_order_of_the_columns():
    found = sort_variants([Variant(c, "x") for c in ("de", "en", "pt-PT", "pt-BR", "es", "fr")])
    assert [v.language for v in found] == ["fr", "es", "pt-BR", "pt-PT", "en", "de"]


@pytest.mark.parametrize(("asked", "found"), [("pt-PT", "pt-PT"), ("pt-AO", "pt"), ("pt-BR", "pt"), ("fr", None)])
def test_the_nearest_region_serves(asked, found):
    variant = unit(pt="c", pt_PT="d").variant(asked)
    assert (variant and variant.language) == found


def test_reviewed_means_these_languages_against_each_other():
    checked = Provenance(A, ("fr", "es"), reviewed=True)
    not_checked = Provenance(Source("text:b"), ("fr", "es", "pt"))
    both = TranslationUnit(1, unit(fr="a", es="b", pt="c").variants, (checked, not_checked))
    assert both.reviewed("fr", "es")
    assert not both.reviewed("fr", "pt")
    assert not both.reviewed()


def test_a_new_unit_is_cleaned_and_needs_two_languages():
    assert NewUnit({"fr": "a", "es": "  \u200b"}).cleaned() is None
    cleaned = NewUnit({"fr": " a\n b ", "es": "c", "pt": ""}, context={"fr": ("", None), "pt": ("x", "y")}).cleaned()
    assert cleaned.variants == {"fr": "a b", "es": "c"}
    assert cleaned.context == {"fr": ("", None)}


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_source_has_a_key_that_fits(key):
    with pytest.raises(UsageError):
        Source(key)
