"""Who is at which segment: seen by others, not by oneself, gone after a while."""

from workbench.services.presence import STAYS, Presence, Someone


def test_others_see_who_has_which_row_open_and_nobody_sees_oneself():
    presence = Presence(lambda: 0.0)
    presence.here("a:es", "w1", "ana", 1)
    presence.here("a:es", "w2", "rui", 1)
    presence.here("a:pt", "w3", "eva", 1)
    assert presence.others("a:es", {"w1"}) == [Someone("rui", 1)]
    presence.here("a:es", "w2", "rui", 2)
    assert presence.others("a:es", {"w1"}) == [Someone("rui", 2)]
    assert presence.others("a:es", {"w1", "w2"}) == []


def test_who_says_nothing_for_a_while_is_gone():
    now = [0.0]
    presence = Presence(lambda: now[0])
    presence.here("a:es", "w2", "rui", 1)
    now[0] = STAYS
    assert presence.others("a:es", set()) == [Someone("rui", 1)]
    now[0] = STAYS + 1
    assert presence.others("a:es", set()) == []
