"""Files and pasted text on their way in: read, language guessed, cut into segments, shown before they are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from workbench.core.languages import (
    LANGUAGES,
    detect_language,
    language_in_name,
    name_without_language,
    normalise_code,
)
from workbench.core.segmentation import NO_RULES, SegmentationRules, segment_document, without_codes
from workbench.core.texts import BlockKind, Document, Segment
from workbench.errors import FormatError, Sentence, UsageError, sentence

SURE = 0.75  # below this the page asks the person to look at the guessed language
_NAME_AGAINST_CONTENT = 0.97  # a file named fr.txt is believed to be French unless its content is this surely not


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in: its name (only ever shown, never used as a path), its bytes, and a language if told."""

    name: str
    data: bytes
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ReadVersion:
    """One language of an upload, read and cut, before it is kept.

    Attributes:
        upload: Where it came from.
        language: Told, declared, in the name, or guessed; correct it with :meth:`in_language`.
        how: ``"told"``, ``"declared"``, ``"name"`` or ``"content"``.
        certainty: 0–1, how sure the guess is.
        document: Its blocks.
        segments: Its segments; for files of entries, one a block, so that rows can be read off.
        format: The reader's suffix (``".docx"``).
        aligned: The n-th blocks of all languages of this upload answer each other.
        warnings: Sentences for the user.
    """

    upload: Upload
    language: str
    how: str
    certainty: float
    document: Document
    segments: tuple[Segment, ...]
    format: str
    aligned: bool
    warnings: tuple[Sentence, ...]

    def in_language(self, language: str, rules: SegmentationRules = NO_RULES) -> ReadVersion:
        """Return it as a version in another language, cut by that language's rules."""
        code = normalise_code(language)
        return replace(
            self, language=code, how="told", certainty=1.0, segments=segment_document(self.document, code, rules=rules)
        )


def read_upload(
    upload: Upload, *, rules: SegmentationRules = NO_RULES, progress: Callable[[int, int], None] | None = None
) -> tuple[ReadVersion, ...]:
    """Read one file into a version for each language it holds.

    Args:
        progress: Called with (blocks done, all blocks) while a version is cut into sentences.

    Raises:
        FormatError: it cannot be read; the message names the file and what to do.
    """
    from workbench.formats import read_document

    parsed = read_document(upload.data, upload.name)
    found = []
    for document in parsed.documents:
        if not any(block.text.strip() for block in document.blocks):
            continue
        language, how, certainty, warnings = _language(upload, document, single=len(parsed.documents) == 1)
        segments = segment_document(document, language, rules=rules, progress=progress)
        if segments:
            found.append(
                ReadVersion(
                    upload, language, how, certainty, document, segments, parsed.format, parsed.aligned,
                    (*document.warnings, *warnings),
                )
            )  # fmt: skip
    if not found:
        raise FormatError("{name}: there is no text in this file.", name=upload.name)
    return tuple(found)


def read_uploads(uploads: Sequence[Upload], *, rules: SegmentationRules = NO_RULES) -> tuple[ReadVersion, ...]:
    """Read several files that are versions of one text.

    Raises:
        FormatError: one cannot be read.
        UsageError: two are in the same language.
    """
    read = tuple(version for upload in uploads for version in read_upload(upload, rules=rules))
    check_languages(read)
    return read


def check_languages(read: Sequence[ReadVersion]) -> None:
    """Check that no two versions are in one language.

    Raises:
        UsageError: two are; the message names both files.
    """
    by_language: dict[str, ReadVersion] = {}
    for version in read:
        if (other := by_language.get(version.language)) is not None:
            raise UsageError(
                "{other} and {name} are both {language}: a text has one version a language. Correct "
                "the language of one of them, or leave one out.",
                other=other.upload.name,
                name=version.upload.name,
                language=version.language,
            )
        by_language[version.language] = version


def suggested_title(read: Sequence[ReadVersion]) -> str:
    """Return a title for a text: the first version's own, its first heading, or the file's name without language."""
    first = read[0]
    headings = (segment.text for segment in first.segments[:5] if segment.kind is BlockKind.HEADING)
    title = first.document.title or next(headings, "")
    return without_codes(title) or name_without_language(first.upload.name)


def unit_rows(read: Sequence[ReadVersion]) -> list[tuple[int, ...]] | None:
    """Return the rows an aligned upload declares: for each of its entries, a segment number a version, -1 for none.

    ``None`` when the versions come from several files or the file declares no alignment.
    """
    if len(read) < 2 or not all(v.aligned and v.upload is read[0].upload for v in read):
        return None
    places = [{s.block: n for n, s in enumerate(v.segments) if s.kind is BlockKind.UNIT} for v in read]
    if any(len(p) != len(v.segments) for p, v in zip(places, read, strict=True)):
        return None
    blocks = sorted({b for p in places for b in p})
    return [tuple(p.get(b, -1) for p in places) for b in blocks]


def _language(upload: Upload, document: Document, *, single: bool) -> tuple[str, str, float, tuple[Sentence, ...]]:
    if upload.language and single:
        return normalise_code(upload.language), "told", 1.0, ()
    guess, certainty = detect_language(document.text)
    if document.language:
        try:
            return normalise_code(document.language), "declared", 1.0, ()
        except UsageError:
            pass
    named = language_in_name(upload.name)
    if named:
        base = named.partition("-")[0]
        if base in LANGUAGES and base != guess and certainty >= _NAME_AGAINST_CONTENT and len(document.text) > 200:
            note = sentence(
                "{name}: the name says {named}, but the text reads like {guess}. Please check the language.",
                name=upload.name, named=named, guess=guess,
            )  # fmt: skip
            return named, "name", 1 - certainty, (note,)
        return named, "name", 1.0, ()
    return guess, "content", certainty, ()
