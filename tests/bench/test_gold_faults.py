from __future__ import annotations

from tests.core.alignment_world import version
from workbench.bench.align_bench import GoldText, with_sound_gold
from workbench.bench.gold_faults import SLIPPED, join_slipped
from workbench.core.grid import Alignment, Bead


def text(slip: int) -> GoldText:
    """Forty verses; from the tenth on, the gold pairs ``slip`` of them with the next one's translation."""
    columns = {c: version(c, [[k] for k in range(40)]) for c in ("fr", "en")}
    beads = [Bead((k,), (k,)) for k in range(10)]
    if slip:
        beads += [Bead((k,), (k + 1,)) for k in range(10, 10 + slip)]
        beads[10] = Bead((10,), (10, 11))
        beads.append(Bead((10 + slip, 11 + slip), (11 + slip,)))
        beads += [Bead((k,), (k,)) for k in range(12 + slip, 40)]
    else:
        beads += [Bead((k,), (k,)) for k in range(10, 40)]
    return GoldText("luke", columns, [Alignment("fr", "en", tuple(beads))])


def test_a_stretch_of_slipped_verses_becomes_one_coarse_bead() -> None:
    joined, said = join_slipped(text(12))
    (sentence,) = said
    assert "luke, fr–en" in sentence
    largest = max(joined.golds[0].beads, key=lambda bead: len(bead.source))
    assert set(range(11, 22)) <= set(largest.source)
    assert [n for bead in joined.golds[0].beads for n in bead.source] == list(range(40))
    assert joined.golds[0].beads[0] == Bead((0,), (0,))


def test_right_gold_and_a_few_free_verses_stay() -> None:
    for slip in (0, SLIPPED - 3):
        before = text(slip)
        after, said = join_slipped(before)
        assert after.golds == before.golds
        assert not said


def test_a_set_that_slips_is_measured_both_ways() -> None:
    sets, said = with_sound_gold({"bible": [text(12)], "news": [text(0)]})
    assert list(sets) == ["bible", "bible, slips joined", "news"]
    assert len(said) == 1
