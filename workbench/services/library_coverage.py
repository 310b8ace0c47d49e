"""What a text of the library has in each language, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.core.grid import Grid
from workbench.core.languages import LANGUAGES, base_language, sort_languages
from workbench.core.library import LanguageCoverage, StoredText, StoredVersion, TextCoverage, VersionState
from workbench.core.texts import SegmentState


def text_coverage(
    text: StoredText, versions: Sequence[StoredVersion], counts: Mapping[tuple[int, str], int], grid: Grid | None
) -> TextCoverage:
    """Return which languages a text is in, and what each of them lacks.

    Args:
        text: The text.
        versions: Its versions.
        counts: How many segments a version (by its number) has in a state.
        grid: Its rows, if it has been aligned.
    """
    languages: dict[str, LanguageCoverage] = {}
    by_language = {v.language: v for v in versions}
    original = text.original if text.original in by_language else next(iter(by_language), text.original)
    for language in sort_languages({*LANGUAGES, *by_language}):
        version = by_language.get(language)
        missing = _missing_rows(grid, original, language) if grid and original in grid.languages else 0
        if version is None:
            if not any(base_language(other) == language for other in by_language):
                languages[language] = LanguageCoverage(language, "missing", missing=missing)
            continue
        by_state = {state: counts.get((version.id, state.value), 0) for state in SegmentState}
        total, stale = sum(by_state.values()), by_state[SegmentState.STALE]
        state = version.state
        behind = stale or (missing and _added_since(version, by_language.get(original)))
        if state is VersionState.PUBLISHED and behind and language != original:
            state = VersionState.STALE
        languages[language] = LanguageCoverage(
            language, state.value, total, _aligned_share(grid, language, total), stale,
            missing if language != original else 0, by_state[SegmentState.DRAFT], version.updated_at,
        )  # fmt: skip
    rows = grid.rows if grid else ()
    return TextCoverage(
        text,
        languages,
        rows=len(rows),
        confirmed=sum(row.confirmed for row in rows),
        doubtful=sum(row.doubtful for row in rows),
        other_languages=tuple(c for c in languages if base_language(c) not in LANGUAGES),
    )


def _missing_rows(grid: Grid, original: str, language: str) -> int:
    """Count the rows that have the original and neither this language nor a mark that it is left out on purpose."""
    a = grid.column(original)
    if language == original:
        return 0
    if language not in grid.languages:
        return sum(1 for row in grid.rows if row.cells[a])
    b = grid.column(language)
    return sum(1 for row in grid.rows if row.cells[a] and not row.cells[b] and language not in row.untranslated)


def _added_since(version: StoredVersion, original: StoredVersion | None) -> bool:
    """Tell whether the original was revised after the version was last touched."""
    return original is not None and original.revision > 1 and original.updated_at > version.updated_at


def _aligned_share(grid: Grid | None, language: str, total: int) -> float | None:
    if grid is None or language not in grid.languages or not total:
        return None
    column = grid.column(language)
    joined = sum(
        len(row.cells[column])
        for row in grid.rows
        if row.cells[column] and any(cell for c, cell in enumerate(row.cells) if c != column)
    )
    return joined / total
