"""Versions on their way out: in the format they came in with its layout, in another, or side by side as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workbench.core.grid import Grid
from workbench.core.library import StoredSegment, StoredText, StoredVersion
from workbench.core.texts import Block
from workbench.errors import UsageError
from workbench.services.library_service import LibraryService

Blocks = list[str | None]
"""The new text of each block of a file, in order; ``None`` leaves a block as it is."""


class ExportService:
    """Files made of versions.

    Args:
        library: The texts.
    """

    def __init__(self, *, library: LibraryService) -> None:
        self.library = library
        self.store = library.store

    def export(self, slug: str, language: str, suffix: str | None = None) -> tuple[str, bytes, tuple[str, ...]]:
        """Write a version as a file: in the format it came in, or a fresh file of another.

        A version translated here takes the layout of its original's file. Segments not translated yet stay in the
        language of the original, and a sentence says how many.

        Args:
            suffix: ``".docx"``, ``".md"`` …; ``None`` for the format of the file it came in.

        Returns:
            The file's name, its bytes, and sentences about what could not be kept.

        Raises:
            UsageError: the text has no version in that language.
            FormatError: that kind of file cannot be written afresh.
        """
        with self.store.database.snapshot():
            return self._export(slug, language, suffix)

    def _export(self, slug: str, language: str, suffix: str | None) -> tuple[str, bytes, tuple[str, ...]]:
        from workbench.formats import NOTED, SOURCE_COLUMN, WRITERS, add_notes, new_document

        text, version = self.library.text(slug), self.library.version(slug, language)
        model, blocks, lacking = self._blocks(text, version)
        wanted = (suffix or (model.format if model else version.format)).lower()
        name = f"{slug}.{language}{wanted}"
        notes: tuple[str, ...] = ()
        if lacking and model:
            where = "stay empty" if wanted in SOURCE_COLUMN else f"stand in {model.language}"
            notes = (f"{lacking} segments are not translated yet and {where}.",)
        if model and model.format == wanted and wanted in WRITERS and model.original_sha256:
            original = self.store.texts.original(model.original_sha256)
            if wanted in SOURCE_COLUMN:
                blocks = self._entries(model, version, blocks)
            elif model is version:
                blocks = _emptied(version, original, blocks)
            data = WRITERS[wanted](original, blocks, language=language)
            if wanted in NOTED:
                data = add_notes(data, wanted, self._comments(text, language))
            return name, data, notes
        kinds = {segment.block: segment for segment in self.store.texts.segments((model or version).id)}
        fresh = [Block(block, kinds[n].kind, kinds[n].level) for n, block in enumerate(blocks) if block and n in kinds]
        title = text.titles.get(language, "") or text.title
        return name, new_document(fresh, suffix=wanted, language=language, title=title), notes

    def _comments(self, text: StoredText, language: str) -> dict[int, list[tuple[str, str]]]:
        """Return the open comments on a version by number of the block they stand at: (who, what)."""
        blocks = {
            segment.id: segment.block
            for version in self.store.texts.versions(text.id)
            for segment in self.store.texts.segments(version.id)
        }
        found: dict[int, list[tuple[str, str]]] = {}
        for comment in self.store.desk.comments(text.id, language):
            if comment.open and comment.segment in blocks:
                found.setdefault(blocks[comment.segment], []).append((comment.by, comment.body))
        return found

    def bilingual_rows(self, slug: str, languages: Sequence[str]) -> list[tuple[str, ...]]:
        """Return the grid's rows as text, a column a language, several segments of a cell joined by a space.

        Raises:
            UsageError: the text is not aligned, or lacks one of the languages.
        """
        with self.store.database.snapshot():
            stored = self.library.grid(slug)
            if stored is None:
                raise UsageError("“{slug}” is not aligned yet: align it first.", slug=slug)
            texts = {language: {s.id: s.text for s in self.library.segments(slug, language)} for language in languages}
        columns = [stored.grid.column(language) for language in languages]
        rows = []
        for row in stored.grid.rows:
            cells = tuple(
                " ".join(texts[language][n] for n in row.cells[column])
                for language, column in zip(languages, columns, strict=True)
            )
            if any(cells):
                rows.append(cells)
        return rows

    def _blocks(self, text: StoredText, version: StoredVersion) -> tuple[StoredVersion | None, Blocks, int]:
        """Return the version whose file gives the layout, the new text of each of its blocks, and how many segments
        of it stand untranslated."""
        segments = self.store.texts.segments(version.id)
        own = _join_blocks((segment.block, segment.text) for segment in segments)
        if version.original_sha256:
            return version, own, 0
        stored = self.store.grids.get(text.id)
        source = {v.language: v for v in self.store.texts.versions(text.id)}.get(text.original)
        if source is None or source.id == version.id or stored is None:
            return None, own, 0
        originals = self.store.texts.segments(source.id)
        pieces, lacking = _in_place(stored.grid, source.language, version.language, originals, segments)
        return source, _join_blocks(pieces), lacking

    def _entries(self, model: StoredVersion, version: StoredVersion, blocks: Blocks) -> Blocks:
        """Fill a file of entries: an entry without a translation stays empty, and the source is never written over.

        Args:
            model: The version whose file it is.
            version: The version asked for.
            blocks: Its text, untranslated blocks in the model's language.
        """
        sharing = [v for v in self.store.texts.versions(model.text_id) if v.original_sha256 == model.original_sha256]
        source = min(sharing, key=lambda v: v.id)  # the reader gives the source first
        if version.id == source.id:
            return []
        own = _join_blocks((segment.block, segment.text) for segment in self.store.texts.segments(version.id))
        if version is model:
            return own
        count = max((segment.block for segment in self.store.texts.segments(source.id)), default=-1) + 1
        return [(own[n] if n < len(own) else None) or "" for n in range(count)]


def _emptied(version: StoredVersion, original: bytes, blocks: Blocks) -> Blocks:
    """Empty the blocks of a version's own file whose segments are gone: their text was joined into another's."""
    from workbench.formats import read_document

    parsed = read_document(original, version.file_name)
    if parsed.aligned:
        return blocks  # a table of languages: a cell without a translation stays as it is
    read = parsed.documents[0].blocks
    kept = [*blocks, *[None] * (len(read) - len(blocks))]
    return ["" if new is None and was.text.strip() else new for new, was in zip(kept, read, strict=False)]


def _in_place(
    grid: Grid, source: str, target: str, originals: Sequence[StoredSegment], segments: Sequence[StoredSegment]
) -> tuple[list[tuple[int, str]], int]:
    """Set a translation in its original's places.

    Returns:
        (block of the original, text) in the order of the original, and how many segments stand untranslated.
    """
    a, b = grid.column(source), grid.column(target)
    rows = {number: row for row in grid.rows for number in row.cells[a]}
    own = {segment.id: segment.text for segment in segments}
    pieces: list[tuple[int, str]] = []
    lacking = 0
    for segment in originals:
        row = rows.get(segment.id)
        if row is None or (not row.cells[b] and target not in row.untranslated):
            lacking += 1
            pieces.append((segment.block, segment.text))
        elif segment.id == row.cells[a][0]:
            pieces.extend((segment.block, own[number]) for number in row.cells[b] if number in own)
        pieces.append((segment.block, ""))
    return pieces, lacking


def _join_blocks(pieces: Iterable[tuple[int, str]]) -> Blocks:
    """Join the segments of each block; blocks without any stay as they are (``None``)."""
    blocks: dict[int, list[str]] = {}
    for block, piece in pieces:
        blocks.setdefault(block, []).append(piece)
    length = max(blocks, default=-1) + 1
    return [" ".join(p for p in blocks[n] if p) if n in blocks else None for n in range(length)]
