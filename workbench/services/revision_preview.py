"""What a revision would bring, told before it is kept."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.core.align_revision import match_revision
from workbench.services.library_service import LibraryService, RevisionSummary
from workbench.services.uploads import ReadVersion


def preview_revision(library: LibraryService, slug: str, read: Sequence[ReadVersion]) -> dict[str, RevisionSummary]:
    """Return, by language, what :meth:`LibraryService.put_versions` would bring; nothing is changed.

    Raises:
        UsageError: there is no such text.
    """
    versions = library.versions(slug)
    found = {}
    for version in read:
        if version.language not in versions:
            found[version.language] = RevisionSummary(added=len(version.segments))
            continue
        before = [segment.text for segment in library.segments(slug, version.language)]
        matches = match_revision(before, [segment.text for segment in version.segments])
        pairs = [(m, s.text) for m, s in zip(matches, version.segments, strict=True) if m is not None]
        same = sum(before[m] == text for m, text in pairs)
        found[version.language] = RevisionSummary(
            unchanged=same,
            changed=len(pairs) - same,
            added=len(matches) - len(pairs),
            removed=len(set(range(len(before))) - {m for m, _ in pairs}),
        )
    return found
