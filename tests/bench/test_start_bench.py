"""The measurement of the start runs both commands and compares them."""

from workbench.bench.start_bench import run


def test_both_starts_are_timed_and_compared():
    lines = [line.split("\t") for line in run(1).splitlines()]
    assert [line[0] for line in lines] == ["what", "workbench --help", "import pandas", "ratio of the medians"]
    ours, theirs = float(lines[1][2]), float(lines[2][2])
    assert ours > 0 and theirs > 0
