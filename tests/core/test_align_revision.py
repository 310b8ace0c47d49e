from __future__ import annotations

from workbench.core.align_revision import match_revision


def test_unchanged_changed_new_and_moved_segments_are_told_apart() -> None:
    old = ["The network was founded in 2013.", "It has four languages.", "Everyone may join.", "Write to us today."]
    new = [
        "Write to us today.",
        "The network was founded in 2013.",
        "A new sentence stands here.",
        "It has five languages.",
    ]
    assert match_revision(old, new) == [3, 0, None, 1]


def test_inline_codes_and_spaces_do_not_make_a_segment_new() -> None:
    assert match_revision(["Read  the ⟨1⟩guide⟨/1⟩."], ["Read the guide."]) == [0]


def test_no_old_segment_is_named_twice() -> None:
    found = [place for place in match_revision(["a b c"] * 3, ["a b c"] * 5) if place is not None]
    assert sorted(found) == [0, 1, 2]
