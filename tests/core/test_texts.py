"""Cleaning and naming texts."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.texts import clean, slugify


def test_hidden_characters_are_dropped_and_no_break_spaces_kept():
    assert clean("a\u200bb\u202ec\x00d \u00a0: e\u0301\t\n f") == "abcd \u00a0: é f"


@given(st.text(max_size=60))
def test_cleaning_twice_changes_nothing_and_leaves_normal_text(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\n" not in once


@given(st.text(max_size=120), st.sets(st.just("text")))
def test_a_slug_can_always_name_a_folder_and_is_never_taken(name, taken):
    slug = slugify(name, taken)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,79}", slug)
    assert slug not in taken


def test_a_path_makes_a_harmless_slug():
    assert slugify("../../etc/passwd") == "etc-passwd"
    assert slugify("Été à Lima !", {"ete-a-lima"}) == "ete-a-lima-2"
