"""How long one waits before anything happens: the command line's start beside an import of pandas."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from statistics import median
from time import perf_counter

HELP = (sys.executable, "-c", "from workbench.commands import main; main()", "--help")
PANDAS = (sys.executable, "-c", "import pandas")


def run(runs: int = 7) -> str:
    """Time ``workbench --help`` and ``import pandas`` in turn, after one run of each that is not counted.

    Args:
        runs: Counted runs of each.

    Returns:
        A table: what, the least, the median and the greatest time in seconds; then the ratio of the medians.
    """
    times: dict[str, list[float]] = {"workbench --help": [], "import pandas": []}
    for turn in range(runs + 1):
        for name, command in zip(times, (HELP, PANDAS), strict=True):
            seconds = _seconds(command)
            if turn:
                times[name].append(seconds)
    lines = ["what\tleast\tmedian\tmost"]
    lines += [f"{name}\t{min(t):.2f}\t{median(t):.2f}\t{max(t):.2f}" for name, t in times.items()]
    ours, theirs = (median(t) for t in times.values())
    return "\n".join([*lines, f"ratio of the medians\t\t{ours / theirs:.2f}"])


def _seconds(command: Sequence[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own two commands
    return perf_counter() - start
