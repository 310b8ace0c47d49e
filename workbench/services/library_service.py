"""The network's texts: bringing versions in, revising them, what each language lacks."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workbench.core.align_revision import match_revision
from workbench.core.grid import Grid, Row, sort_columns
from workbench.core.languages import sort_languages
from workbench.core.library import (
    StoredGrid,
    StoredSegment,
    StoredText,
    StoredVersion,
    TextCoverage,
    VersionState,
)
from workbench.core.people import Right
from workbench.core.segmentation import NO_RULES, SegmentationRules, merge_rules, without_codes
from workbench.core.texts import Segment, SegmentState, TextInfo, slugify
from workbench.errors import ConflictError, UsageError
from workbench.services.library_coverage import text_coverage
from workbench.services.rights import OPEN, Guard, needs
from workbench.services.uploads import ReadVersion, check_languages, suggested_title, unit_rows
from workbench.store.store import Store

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class RevisionSummary:
    """What a new revision of a version brought, in segments."""

    unchanged: int = 0
    changed: int = 0
    added: int = 0
    removed: int = 0


_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\Z")
RULES_KEY = "segmentation"
ABOUT = 100  # characters quoted of a segment that is gone


class LibraryService:
    """Texts and their versions.

    Args:
        store: Where they are kept.
        now: The clock: an ISO 8601 time in UTC.
        author: Who changes are attributed to.
        guard: What the person at work may do.
    """

    def __init__(self, *, store: Store, now: Callable[[], str], author: str, guard: Guard = OPEN) -> None:
        self.store = store
        self.now = now
        self.author = author
        self.guard = guard

    # Reading -------------------------------------------------------------------------------------------------

    def text(self, slug: str) -> StoredText:
        """Return a text.

        Raises:
            UsageError: there is none of that name.
        """
        return self.store.texts.get(slug)

    def versions(self, slug: str) -> dict[str, StoredVersion]:
        """Return a text's versions by language, the network's four first."""
        found = {v.language: v for v in self.store.texts.versions(self.text(slug).id)}
        return {language: found[language] for language in sort_languages(found)}

    def version(self, slug: str, language: str) -> StoredVersion:
        """Return one version.

        Raises:
            UsageError: the text has no version in that language.
        """
        found = self.versions(slug)
        if language not in found:
            has = ", ".join(found) or "–"
            raise UsageError(
                "“{slug}” has no version in {language}; it has: {has}.", slug=slug, language=language, has=has
            )
        return found[language]

    def segments(self, slug: str, language: str) -> list[StoredSegment]:
        """Return the segments of one version in order."""
        return self.store.texts.segments(self.version(slug, language).id)

    def grid(self, slug: str) -> StoredGrid | None:
        """Return the grid over lasting segment numbers, ``None`` before it was aligned."""
        return self.store.grids.get(self.text(slug).id)

    def grid_and_segments(self, slug: str) -> tuple[StoredGrid, dict[str, list[StoredSegment]]] | None:
        """Return the grid and the segments of its languages, of one moment; ``None`` before it was aligned."""
        with self.store.database.snapshot():
            stored = self.grid(slug)
            if stored is None:
                return None
            found = self.versions(slug)
            return stored, {code: self.segments(slug, code) for code in stored.grid.languages if code in found}

    def coverage(self) -> list[TextCoverage]:
        """Return every text with the coverage of each language, last changed first."""
        with self.store.database.snapshot():
            versions: dict[int, list[StoredVersion]] = {}
            for version in self.store.texts.versions():
                versions.setdefault(version.text_id, []).append(version)
            counts = self.store.texts.state_counts()
            return [self._coverage(text, versions.get(text.id, []), counts) for text in self.store.texts.all()]

    def text_coverage(self, slug: str) -> TextCoverage:
        """Return one text's coverage."""
        with self.store.database.snapshot():
            text = self.text(slug)
            return self._coverage(text, self.store.texts.versions(text.id), self.store.texts.state_counts())

    def _coverage(
        self, text: StoredText, versions: Sequence[StoredVersion], counts: Mapping[tuple[int, str], int]
    ) -> TextCoverage:
        stored = self.store.grids.get(text.id)
        return text_coverage(text, versions, counts, stored.grid if stored else None)

    # The workspace's own segmentation ------------------------------------------------------------------------

    def rules(self) -> SegmentationRules:
        """Return the workspace's own abbreviations and rules."""
        value = self.store.settings.get(RULES_KEY)
        if not value:
            return NO_RULES
        return SegmentationRules(
            {k: tuple(v) for k, v in value.get("abbreviations", {}).items()},
            {k: tuple((a, b) for a, b in v) for k, v in value.get("no_break", {}).items()},
            {k: tuple((a, b) for a, b in v) for k, v in value.get("breaks", {}).items()},
        )

    @needs(Right.ADMINISTER)
    def set_rules(self, rules: SegmentationRules, *, seen: SegmentationRules | None = None) -> None:
        """Keep the workspace's own abbreviations and rules for texts brought in from now on.

        Args:
            seen: The rules that the person began with: what somebody else changed since stays.

        Raises:
            UsageError: a rule is not a regular expression; the message names it.
        """
        import regex

        for part in (rules.no_break, rules.breaks):
            for pairs in part.values():
                for expression in (e for pair in pairs for e in pair):
                    try:
                        regex.compile(expression)
                    except regex.error as error:
                        raise UsageError(
                            "“{expression}” is not a regular expression: {error}.", expression=expression, error=error
                        ) from error
        if seen is not None:
            rules = merge_rules(seen, rules, self.rules())
        value = {
            "abbreviations": {k: list(v) for k, v in rules.abbreviations.items()},
            "no_break": {k: [list(pair) for pair in v] for k, v in rules.no_break.items()},
            "breaks": {k: [list(pair) for pair in v] for k, v in rules.breaks.items()},
        }
        self.store.settings.put(RULES_KEY, value)

    # Bringing in ---------------------------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def add_text(self, info: TextInfo, read: Sequence[ReadVersion]) -> StoredText:
        """Keep a new text with its versions, all or none.

        Args:
            info: What it is; an empty title is taken from the first version, an empty slug made from the title.
                ``original`` must be one of the versions' languages, or the first version's is taken.
            read: One a language. Files that hold aligned entries bring their grid along.

        Raises:
            UsageError: the slug is taken or malformed, two versions share a language, or there is none.
        """
        if not read:
            raise UsageError("There is no version to keep: add at least one file or paste a text.")
        check_languages(read)
        title = info.title or suggested_title(read)
        slug = info.slug or slugify(title, self.store.texts.slugs())
        if not _SLUG.match(slug):
            raise UsageError(
                "“{slug}” cannot name a text: use lower-case letters without accents, digits and hyphens.", slug=slug
            )
        if slug in self.store.texts.slugs():
            raise UsageError(
                "There is a text “{slug}” already: choose another name, or add the versions to it.", slug=slug
            )
        languages = [version.language for version in read]
        original = info.original if info.original in languages else languages[0]
        at = self.now()
        with self.store.database.write() as connection:
            values = {
                "slug": slug, "title": title, "kind": info.kind, "original": original,
                "description": info.description, "titles": dict(info.titles),
            }  # fmt: skip
            text = self.store.texts.add(connection, values, at)
            numbers: dict[str, list[int]] = {}
            for version in read:
                numbers[version.language] = self._insert_version(connection, text.id, version, at)
            rows = unit_rows(read)
            if rows is not None:
                grid = Grid(
                    tuple(languages),
                    tuple(
                        Row(
                            tuple((numbers[lang][n],) if n >= 0 else () for lang, n in zip(languages, row, strict=True))
                        )
                        for row in rows
                    ),
                )
                grid = sort_columns(grid).with_crossings()
                self.store.grids.put(connection, text.id, grid, "declared by the file", at)
        return text

    @needs(Right.TRANSLATE)
    def put_versions(self, slug: str, read: Sequence[ReadVersion]) -> dict[str, RevisionSummary]:
        """Add versions to a text, or revise those it has, all or none.

        Unchanged segments of a revised version keep their number, their row and their translations; where the
        original changed, the other languages' segments of the row turn stale.

        Returns:
            By language, what came in.
        """
        check_languages(read)
        text = self.text(slug)
        at = self.now()
        summary: dict[str, RevisionSummary] = {}
        with self.store.database.write() as connection:
            versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
            for version in read:
                old = versions.get(version.language)
                if old is None:
                    numbers = self._insert_version(connection, text.id, version, at)
                    self._add_column(connection, text.id, version.language, numbers, at)
                    summary[version.language] = RevisionSummary(added=len(numbers))
                else:
                    summary[version.language] = self._revise(connection, text, versions, old, version, at)
            self.store.texts.change(connection, text.id, {}, at)
        return summary

    def _insert_version(self, connection: Connection, text_id: int, read: ReadVersion, at: str) -> list[int]:
        values = {
            "text_id": text_id, "language": read.language, "state": VersionState.PUBLISHED.value,
            "file_name": read.upload.name, "format": read.format, "warnings": [said.dump() for said in read.warnings],
            "original_sha256": self.store.texts.put_original(connection, read.upload.data),
        }  # fmt: skip
        version = self.store.texts.add_version(connection, values, at, self.author)
        rows = [_segment_values(place, segment) for place, segment in enumerate(read.segments)]
        return self.store.texts.add_segments(connection, version.id, rows, at, self.author)

    def _add_column(self, connection: Connection, text_id: int, language: str, numbers: Sequence[int], at: str) -> None:
        """Give a grid the column of a version that came later: its segments stand alone until it is realigned."""
        stored = self.store.grids.get_in(connection, text_id)
        if stored is None:
            return
        width = len(stored.grid.languages)
        rows = tuple(replace(row, cells=(*row.cells, ())) for row in stored.grid.rows)
        alone = tuple(Row((((),) * width) + ((n,),), 0.0, ("not aligned yet",)) for n in numbers)
        grid = sort_columns(Grid((*stored.grid.languages, language), rows + alone))
        self.store.grids.put(connection, text_id, grid, stored.aligner, at)

    def _revise(
        self,
        connection: Connection,
        text: StoredText,
        versions: Mapping[str, StoredVersion],
        old: StoredVersion,
        read: ReadVersion,
        at: str,
    ) -> RevisionSummary:
        before = self.store.texts.segments_in(connection, old.id)
        matches = match_revision([s.text for s in before], [s.text for s in read.segments])
        numbers: list[int] = []
        changed: set[int] = set()
        moved: list[tuple[int, int, int]] = []  # (number, place, block): no edit, so nobody's work conflicts
        added: list[tuple[int, int]] = []  # (place among the new segments, number)
        is_original = old.language == text.original
        for place, (segment, match) in enumerate(zip(read.segments, matches, strict=True)):
            values = _segment_values(place, segment)
            if match is None:
                number = self.store.texts.add_segments(connection, old.id, [values], at, self.author)[0]
                added.append((place, number))
            else:
                was = before[match]
                number = was.id
                if was.text == segment.text:
                    moved.append((number, place, segment.block))
                    if (was.kind, was.level) != (segment.kind, segment.level):
                        values = {"kind": segment.kind.value, "level": segment.level}
                        self.store.texts.change_segment(connection, number, values, at, self.author)
                else:
                    changed.add(number)
                    values["previous_text"] = was.text
                    self.store.texts.change_segment(connection, number, values, at, self.author)
            numbers.append(number)
        self.store.texts.place_segments(connection, moved)
        gone = {s.id for s in before} - set(numbers)
        self._revise_grid(connection, text, old.language, numbers, changed, added, gone, is_original, at)
        self._keep_comments(connection, before, gone)
        self.store.texts.remove_segments(connection, gone)
        values = {
            "revision": old.revision + 1, "file_name": read.upload.name, "format": read.format,
            "warnings": [warning.dump() for warning in read.warnings],
            "original_sha256": self.store.texts.put_original(connection, read.upload.data),
        }  # fmt: skip
        self.store.texts.change_version(connection, old.id, values, at, self.author)
        same = len(numbers) - len(changed) - len(added)
        return RevisionSummary(unchanged=same, changed=len(changed), added=len(added), removed=len(gone))

    def _keep_comments(self, connection: Connection, before: Sequence[StoredSegment], gone: Collection[int]) -> None:
        """Give the comments on segments that go to the one before that stays: what somebody asked is still asked."""
        discussed = self.store.desk.discussed(connection, gone)
        stay = [segment.id for segment in before if segment.id not in gone]
        behind = 0  # how many of those come before the segment looked at
        for segment in before if stay and discussed else ():
            if segment.id not in gone:
                behind += 1
            elif segment.id in discussed:
                about = textwrap.shorten(without_codes(segment.text), ABOUT, placeholder=" …")
                self.store.desk.move_notes(connection, segment.id, stay[max(behind - 1, 0)], about=about)

    def _revise_grid(
        self,
        connection: Connection,
        text: StoredText,
        language: str,
        numbers: Sequence[int],
        changed: set[int],
        added: Sequence[tuple[int, int]],
        gone: set[int],
        is_original: bool,
        at: str,
    ) -> None:
        stored = self.store.grids.get_in(connection, text.id)
        if stored is None:
            return
        grid = stored.grid
        column = grid.column(language)
        order = {number: place for place, number in enumerate(numbers)}
        stale: set[int] = set()
        rows: list[Row] = []
        for row in grid.rows:
            cell = row.cells[column]
            kept = tuple(sorted((n for n in cell if n not in gone), key=order.__getitem__))
            others = [n for c, other in enumerate(row.cells) if c != column for n in other]
            if is_original and (kept != cell or any(n in changed for n in kept)):
                stale.update(others)
            cells = (*row.cells[:column], kept, *row.cells[column + 1 :])
            rows.append(row if kept == cell else replace(row, cells=cells))
        width = len(grid.languages)
        for place, number in added:
            alone = tuple((number,) if c == column else () for c in range(width))
            rows.insert(_row_after(rows, column, numbers[:place]), Row(alone, None, ("added in a revision",)))
        places = self.store.texts.places_in(connection, text.id)
        grid = Grid(grid.languages, tuple(row for row in rows if not row.empty)).with_crossings(places)
        self.store.grids.put(connection, text.id, grid, stored.aligner, at)
        for number in stale:
            self.store.texts.change_segment(connection, number, {"state": SegmentState.STALE.value}, at, self.author)

    @needs(Right.TRANSLATE)
    def mark_behind(self, slug: str, answers: Mapping[str, Sequence[str]]) -> None:
        """Mark versions that still answer an earlier revision of the original: what changed since turns stale.

        Args:
            answers: By language, the segments of the original's revision that this version answers.
        """
        text = self.text(slug)
        at = self.now()
        with self.store.database.write() as connection:
            stored = self.store.grids.get_in(connection, text.id)
            versions = {v.language: v for v in self.store.texts.versions_in(connection, text.id)}
            if stored is None or text.original not in versions:
                return
            original = self.store.texts.segments_in(connection, versions[text.original].id)
            for language, before in answers.items():
                if language not in stored.grid.languages:
                    continue
                a, b = stored.grid.column(text.original), stored.grid.column(language)
                matches = match_revision(before, [s.text for s in original])
                changed: dict[int, str] = {}
                for segment, match in zip(original, matches, strict=True):
                    if match is not None and before[match] != segment.text:
                        changed[segment.id] = before[match]
                for number, was in changed.items():
                    self.store.texts.change_segment(connection, number, {"previous_text": was}, at, self.author)
                stale = {n for row in stored.grid.rows if changed.keys() & set(row.cells[a]) for n in row.cells[b]}
                for number in stale:
                    self.store.texts.change_segment(
                        connection, number, {"state": SegmentState.STALE.value}, at, self.author
                    )

    # Changing and removing -----------------------------------------------------------------------------------

    @needs(Right.TRANSLATE)
    def rename(
        self, slug: str, new_slug: str | None = None, title: str | None = None, *, seen: str | None = None
    ) -> StoredText:
        """Give a text another name or title.

        Args:
            seen: The title that the person saw.

        Raises:
            ConflictError: somebody else gave it another title meanwhile.
            UsageError: the new name is taken or malformed.
        """
        text = self.text(slug)
        if title and seen is not None and text.title not in (seen, title):
            raise ConflictError("The title was changed meanwhile. It now reads: {title}", title=text.title)
        values: dict[str, str] = {}
        if new_slug and new_slug != slug:
            if not _SLUG.match(new_slug):
                raise UsageError(
                    "“{slug}” cannot name a text: use lower-case letters without accents, digits and hyphens.",
                    slug=new_slug,
                )
            if new_slug in self.store.texts.slugs():
                raise UsageError("There is a text “{slug}” already: choose another name.", slug=new_slug)
            values["slug"] = new_slug
        if title:
            values["title"] = title
        with self.store.database.write() as connection:
            self.store.texts.change(connection, text.id, values, self.now())
        return self.text(new_slug or slug)

    @needs(Right.REVISE)
    def remove(self, slug: str) -> None:
        """Delete a text and its versions; what the memory learnt from it stays there."""
        text = self.text(slug)
        with self.store.database.write() as connection:
            self.store.texts.remove(connection, text.id)

    @needs(Right.REVISE)
    def remove_version(self, slug: str, language: str) -> None:
        """Delete one version of a text and its column of the grid.

        Raises:
            UsageError: it is the only one.
        """
        text, version = self.text(slug), self.version(slug, language)
        if len(self.versions(slug)) == 1:
            raise UsageError(
                "{language} is the only version of “{slug}”: remove the whole text instead.",
                language=language,
                slug=slug,
            )
        at = self.now()
        with self.store.database.write() as connection:
            stored = self.store.grids.get_in(connection, text.id)
            if stored and language in stored.grid.languages:
                column = stored.grid.column(language)
                languages = tuple(c for c in stored.grid.languages if c != language)
                rows = tuple(
                    replace(row, cells=(*row.cells[:column], *row.cells[column + 1 :])) for row in stored.grid.rows
                )
                if len(languages) > 1:
                    places = self.store.texts.places_in(connection, text.id)
                    grid = Grid(languages, tuple(row for row in rows if not row.empty)).with_crossings(places)
                    self.store.grids.put(connection, text.id, grid, stored.aligner, at)
                else:
                    self.store.grids.remove(connection, text.id)
            self.store.texts.remove_version(connection, version.id)
            self.store.texts.change(connection, text.id, {}, at)


def _segment_values(place: int, segment: Segment) -> dict[str, object]:
    return {
        "position": place, "block": segment.block, "kind": segment.kind.value, "level": segment.level,
        "text": segment.text, "state": SegmentState.TRANSLATED.value,
    }  # fmt: skip


def _row_after(rows: Sequence[Row], column: int, earlier: Sequence[int]) -> int:
    """Return the place after the last row that holds one of the segments before a new one."""
    wanted = set(earlier)
    for place in range(len(rows) - 1, -1, -1):
        if wanted.intersection(rows[place].cells[column]):
            return place + 1
    return 0
