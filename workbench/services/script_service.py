"""Files without a workspace's texts: read, aligned and written again, for commands and scripts."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from workbench.core.grid import DOUBTFUL, Alignment, Grid
from workbench.core.languages import guess_language, normalise_code, sort_languages
from workbench.core.segmentation import NO_RULES, SegmentationRules
from workbench.core.texts import Segment
from workbench.errors import Sentence, UsageError, sentence
from workbench.services.uploads import Upload, read_uploads

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

FORMATS: Mapping[str, str] = {
    "beads": ".beads.tsv", "tsv": ".tsv", "csv": ".csv", "xlsx": ".xlsx", "tmx": ".tmx", "html": ".html",
}  # fmt: skip
"""What an aligned text can be written as, and the ending of such a file."""

BINARY_FORMATS = ("xlsx",)
# Share of the segments that are surely answered, below which versions do not seem to belong together. Measured: texts
# of one another .85 to .99 (the sample texts, Bible chapters, news, the German-French test set), texts that have
# nothing to do with each other .38 to .62, and up to .75 for short news of one subject.
UNRELATED = 0.65
FEW_SEGMENTS = 10  # fewer, all versions together, say nothing about that

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class FileVersion:
    """One version as a file gave it."""

    language: str
    name: str
    segments: tuple[Segment, ...]
    warnings: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class AlignedText:
    """Versions of a text with their grid.

    Attributes:
        grid: Cells hold 0-based numbers of the versions' segments.
        versions: Segments by language, in the grid's order of columns.
        title: A name for pages and files.
        warnings: Sentences for the user.
    """

    grid: Grid
    versions: Mapping[str, tuple[Segment, ...]]
    title: str = ""
    warnings: tuple[Sentence, ...] = field(default=())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages, in the order of the columns."""
        return self.grid.languages

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Go through the rows as texts by language; a language that lacks the row has an empty text."""
        for row in self.grid.rows:
            yield {
                language: " ".join(self.versions[language][n].text for n in cell)
                for language, cell in zip(self.grid.languages, row.cells, strict=True)
            }

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.grid.rows)

    def pair(self, source: str, target: str) -> Alignment:
        """Read the alignment of two versions off the grid.

        Raises:
            UsageError: the text has no such version.
        """
        return self.grid.pair(source, target)

    def write(self, format: str = "beads") -> bytes:
        """Write the aligned text.

        Args:
            format: One of :data:`FORMATS`.

        Raises:
            UsageError: it is none of them.
        """
        return write_aligned(self, format)


def read_versions(
    files: Sequence[Upload], *, segmented: bool = False, rules: SegmentationRules = NO_RULES
) -> tuple[FileVersion, ...]:
    """Read the versions of a text.

    Args:
        files: One or more; a file may hold several languages.
        segmented: Each file has one segment a line.
        rules: A workspace's own segmentation, where the text is not segmented yet.

    Raises:
        FormatError: one cannot be read; the message names it.
        UsageError: two are in the same language.
    """
    if not segmented:
        return tuple(
            FileVersion(v.language, v.upload.name, v.segments, v.warnings) for v in read_uploads(files, rules=rules)
        )
    from workbench.formats import read_segments

    found: dict[str, FileVersion] = {}
    for file in files:
        segments = read_segments(file.data, file.name)
        sample = " ".join(segment.text for segment in segments[:200])
        language = normalise_code(file.language) if file.language else guess_language(file.name, sample)
        if language in found:
            raise UsageError(
                "{other} and {name} are both {language}: a text has one version a language. Name the "
                "languages with --languages, or leave one out.",
                other=found[language].name,
                name=file.name,
                language=language,
            )
        found[language] = FileVersion(language, file.name, segments)
    return tuple(found.values())


def align_files(
    workspace: Workspace,
    files: Sequence[Upload],
    *,
    segmented: bool = False,
    title: str = "",
    progress: Progress | None = None,
) -> AlignedText:
    """Align files that are versions of one text; nothing of them is kept but vectors in the cache.

    Raises:
        FormatError: one cannot be read.
        UsageError: two are in the same language, or there is only one version.
    """
    rules = NO_RULES if segmented else workspace.library.rules()
    read = read_versions(files, segmented=segmented, rules=rules)
    if len(read) < 2:
        raise UsageError(
            "{name} is the only version ({language}): name at least two files in two languages.",
            name=read[0].name,
            language=read[0].language,
        )
    return align_read(workspace, read, title=title, progress=progress)


def align_read(
    workspace: Workspace, read: Sequence[FileVersion], *, title: str = "", progress: Progress | None = None
) -> AlignedText:
    """Align versions that were read: two in the order given, more in the network's order fr es pt en."""
    if len(read) > 2:
        places = sort_languages(version.language for version in read)
        read = sorted(read, key=lambda version: places.index(version.language))
    versions = {version.language: version.segments for version in read}
    grid = workspace.alignment.align_versions(versions, progress=progress)
    warnings = [warning for version in read for warning in version.warnings]
    if note := _unrelated(grid, ", ".join(version.name for version in read)):
        warnings.append(note)
    return AlignedText(grid, versions, title or " · ".join(v.name for v in read), tuple(warnings))


def text_table(workspace: Workspace, slug: str) -> AlignedText:
    """Return a text of the workspace with its grid, segments numbered from 0 as in files.

    Raises:
        UsageError: there is no such text, or it is not aligned yet.
    """
    text = workspace.library.text(slug)
    stored = workspace.alignment.grid(slug)
    versions: dict[str, tuple[Segment, ...]] = {}
    places: dict[str, dict[int, int]] = {}
    for language in stored.grid.languages:
        segments = workspace.library.segments(slug, language)
        places[language] = {segment.id: place for place, segment in enumerate(segments)}
        versions[language] = tuple(Segment(s.text, s.kind, s.block, s.level) for s in segments)
    rows = tuple(
        replace(
            row,
            cells=tuple(
                tuple(places[language][number] for number in cell)
                for language, cell in zip(stored.grid.languages, row.cells, strict=True)
            ),
        )
        for row in stored.grid.rows
    )
    return AlignedText(Grid(stored.grid.languages, rows), versions, text.title)


def write_aligned(text: AlignedText, format: str) -> bytes:
    """Write an aligned text in one of :data:`FORMATS`.

    Raises:
        UsageError: the format is none of them.
    """
    if format not in FORMATS:
        raise UsageError(
            "There is no format “{format}”: choose one of {formats}.", format=format, formats=", ".join(FORMATS)
        )
    if format == "beads":
        from workbench.formats import beads

        return beads.write_grid(text.grid)
    if format == "tmx":
        return _tmx(text)
    from workbench.formats import grid_table

    if format == "html":
        return grid_table.write_html(text.grid, text.versions, title=text.title, doubtful=DOUBTFUL)
    return grid_table.write_table(text.grid, text.versions, format, title=text.title)


def _tmx(text: AlignedText) -> bytes:
    from workbench.formats.exchange import ExchangeUnit, ExchangeVariant, write_units

    units = []
    for row, texts in zip(text.grid.rows, text, strict=True):
        variants = tuple(ExchangeVariant(language, said) for language, said in texts.items() if said)
        if len(variants) > 1:
            sure = () if row.confidence is None else (("x-confidence", f"{row.confidence:.4f}"),)
            units.append(ExchangeUnit(variants, properties=sure))
    out = io.BytesIO()
    write_units(units, out, format="tmx", languages=text.languages)
    return out.getvalue()


def _unrelated(grid: Grid, names: str) -> Sentence | None:
    """Say so where the versions do not seem to belong together."""
    sizes = [sum(map(len, row.cells)) for row in grid.rows]
    if sum(sizes) < FEW_SEGMENTS or all(row.confidence is None for row in grid.rows):
        return None
    sure = sum(
        (row.confidence or 0.0) * size
        for row, size in zip(grid.rows, sizes, strict=True)
        if sum(1 for cell in row.cells if cell) > 1
    )
    if sure / sum(sizes) >= UNRELATED:
        return None
    return sentence(
        "{names}: these versions hardly answer each other (surely {share} of their segments): are they versions of one "
        "text? Check every row.",
        names=names, share=f"{sure / sum(sizes):.0%}",
    )  # fmt: skip
