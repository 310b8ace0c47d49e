"""A version and its new revision: which segment has become which."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from rapidfuzz import fuzz, process

from workbench.core.segmentation import without_codes
from workbench.core.texts import clean

MINIMUM_LIKENESS = 0.5  # below half of the characters in common, a changed segment is another one
MAX_STRETCH = 400  # a rewritten stretch longer than this a side is compared within a window only


def match_revision(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Tell for each segment of a new revision which segment of the old one it continues.

    Unchanged segments are found first, then, between them, changed ones that still share most of their characters,
    and last unchanged ones that have moved. Whether a matched segment has changed, its text tells.

    Args:
        old: Texts of the segments of the old revision.
        new: Texts of those of the new one.

    Returns:
        For each new segment the place of its old one, or ``None`` where it is new. No old segment is named twice.
    """
    left, right = [_key(text) for text in old], [_key(text) for text in new]
    found: list[int | None] = [None] * len(right)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for tag, i1, i2, j1, _ in matcher.get_opcodes():
        if tag == "equal":
            for k in range(i2 - i1):
                found[j1 + k] = i1 + k
    _match_moved(left, right, found)
    i = j = 0
    for a, b in [*_in_order(found), (len(left), len(right))]:
        _match_changed(left, right, range(i, a), range(j, b), found)
        i, j = a + 1, b + 1
    return found


def _in_order(found: Sequence[int | None]) -> list[tuple[int, int]]:
    """The longest run of matches (old, new) that rises on both sides (patience sorting)."""
    tails: list[int] = []
    ends: list[tuple[int, int]] = []
    before: dict[int, tuple[int, int] | None] = {}
    for b, a in enumerate(found):
        if a is None:
            continue
        place = bisect_left(tails, a)
        before[b] = ends[place - 1] if place else None
        tails[place : place + 1] = [a]
        ends[place : place + 1] = [(a, b)]
    run: list[tuple[int, int]] = []
    at = ends[-1] if ends else None
    while at is not None:
        run.append(at)
        at = before[at[1]]
    return run[::-1]


def _key(text: str) -> str:
    return clean(without_codes(text))


def _match_moved(left: Sequence[str], right: Sequence[str], found: list[int | None]) -> None:
    """Match unchanged segments out of order: only texts that are left over exactly once on both sides."""
    used = {a for a in found if a is not None}
    free_old: dict[str, list[int]] = {}
    free_new: dict[str, list[int]] = {}
    for a, text in enumerate(left):
        if a not in used:
            free_old.setdefault(text, []).append(a)
    for b, text in enumerate(right):
        if found[b] is None:
            free_new.setdefault(text, []).append(b)
    for text, places in free_new.items():
        olds = free_old.get(text, [])
        if len(places) == 1 and len(olds) == 1:
            found[places[0]] = olds[0]


def _match_changed(
    left: Sequence[str], right: Sequence[str], olds: range, news: range, found: list[int | None]
) -> None:
    """Match what lies between two anchors in order, by the heaviest chain of alike segments."""
    used = {a for a in found if a is not None}
    rows = [a for a in olds if a not in used][:MAX_STRETCH]
    columns = [b for b in news if found[b] is None][:MAX_STRETCH]
    if not rows or not columns:
        return
    alike = process.cdist(
        [left[a] for a in rows], [right[b] for b in columns], scorer=fuzz.ratio, score_cutoff=MINIMUM_LIKENESS * 100
    )
    gain = np.where(alike > 0, alike / 100 - MINIMUM_LIKENESS + 0.01, 0.0)
    best = np.zeros((len(rows) + 1, len(columns) + 1))
    for i in range(len(rows)):
        best[i + 1, 1:] = np.maximum(best[i, 1:], best[i, :-1] + gain[i])
        best[i + 1] = np.maximum.accumulate(best[i + 1])
    i, j = len(rows), len(columns)
    while i and j:
        if gain[i - 1, j - 1] > 0 and np.isclose(best[i, j], best[i - 1, j - 1] + gain[i - 1, j - 1]):
            found[columns[j - 1]] = rows[i - 1]
            i, j = i - 1, j - 1
        elif best[i, j] == best[i - 1, j]:
            i -= 1
        else:
            j -= 1
