"""A file filled in from the memory, and what the checks find in a file, whatever its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from workbench.core import checks_language as checks_language  # enters its checks into the table
from workbench.core.checks import CheckContext, Finding, Pair, run_checks
from workbench.core.languages import base_language, detect_language, language_in_name, normalise_code, same_language
from workbench.core.memory import MatchKind, Suggestion
from workbench.core.segmentation import segment_document
from workbench.core.term_check import TermChecker
from workbench.core.texts import Document, ParsedFile, Segment
from workbench.errors import Sentence, UsageError
from workbench.services.uploads import Upload

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

FILLING = (MatchKind.CONTEXT, MatchKind.EXACT, MatchKind.FUZZY)
"""What may fill a segment; what is only near in meaning is for a person to look at."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Filled:
    """A segment that the memory filled."""

    number: int
    source: str
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class TranslatedFile:
    """A file filled in.

    Attributes:
        data: The file in its own format; what the memory does not know stands as it was.
        source, target: Languages.
        segments: How many there were to fill.
        filled: Those that were.
        warnings: Sentences for the user.
    """

    data: bytes
    source: str
    target: str
    segments: int
    filled: tuple[Filled, ...]
    warnings: tuple[Sentence, ...] = ()

    @property
    def kinds(self) -> Counter[str]:
        """How many were filled by each kind of match."""
        return Counter(filled.suggestion.kind.value for filled in self.filled)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The findings in a file. ``pairs`` are what they number, from 0."""

    source: str
    target: str
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]
    warnings: tuple[Sentence, ...] = ()


def translate_file(
    workspace: Workspace,
    file: Upload,
    target: str,
    *,
    source: str | None = None,
    above: float = 85.0,
    unreviewed: bool = False,
    progress: Progress | None = None,
) -> TranslatedFile:
    """Fill a file in from the memory: a document's segments, or the entries of a PO, XLIFF … without a translation.

    Args:
        workspace: Its memory.
        file: The file.
        target: Language wanted.
        source: Language of the file; declared, in the name, or guessed unless given.
        above: The least score of what fills, 0–100.
        unreviewed: Also fill with what nobody has checked.
        progress: Called with (done, all, what).

    Raises:
        FormatError: the file cannot be read.
        UsageError: source and target are the same, or the file has several languages and none is named.
    """
    from workbench.formats import read_document, rebuild

    if not 0 <= above <= 100:
        raise UsageError("--above {score} is no score: choose 0 to 100.", score=f"{above:g}")
    target = normalise_code(target)
    parsed = read_document(file.data, file.name)
    document, language, answers = _sides(parsed, file, source, target)
    segments = segment_document(document, language, rules=workspace.library.rules())
    have = {n for n, block in enumerate(answers.blocks) if block.text.strip()} if answers else set()
    todo = [place for place, segment in enumerate(segments) if segment.block not in have]
    found: dict[int, Suggestion] = {}
    for done, place in enumerate(todo):
        best = _best(workspace, segments, place, language, target, above, unreviewed)
        if best is not None:
            found[place] = best
        if progress is not None:
            progress(done + 1, len(todo), "Looking up")
    blocks: list[str | None] = [None] * len(document.blocks)
    for block, group in groupby(todo, key=lambda place: segments[place].block):
        places = list(group)
        if any(place in found for place in places):
            blocks[block] = " ".join(found[p].target if p in found else segments[p].text for p in places)
    data = rebuild(file.data, file.name, blocks, language=target) if found else file.data
    filled = tuple(Filled(place, segments[place].text, suggestion) for place, suggestion in found.items())
    return TranslatedFile(data, language, target, len(todo), filled, document.warnings)


def check_file(
    workspace: Workspace,
    file: Upload,
    *,
    original: Upload | None = None,
    source: str | None = None,
    target: str | None = None,
    only: Sequence[str] | None = None,
    off: Sequence[str] = (),
) -> CheckedFile:
    """Check a translation: a file with both sides (PO, XLIFF, TMX, CSV …), or a document beside its original.

    A document without its original is checked for what it shows by itself.

    Args:
        workspace: Its glossary.
        file: The translation.
        original: The document it was made from; the two are aligned first.
        source, target: Languages; declared, in the names, or guessed unless given.
        only, off: Names of checks to run, or to leave out.

    Raises:
        FormatError: a file cannot be read.
        UsageError: a check does not exist, or the languages are the same.
    """
    from workbench.formats import read_document

    if original is not None:
        pairs, first, second, warnings = _aligned(workspace, original, file, source, target)
    else:
        parsed = read_document(file.data, file.name)
        warnings = parsed.documents[0].warnings
        if len(parsed.documents) > 1:
            wanted = normalise_code(target) if target else _second_language(parsed, file)
            document, first, answers = _sides(parsed, file, source, wanted)
            second = wanted
            said = answers.blocks if answers else ()
            pairs = [Pair(a.text, b.text) for a, b in zip(document.blocks, said, strict=False) if b.text.strip()]
        else:
            document = parsed.documents[0]
            second = normalise_code(target) if target else _language(document, file)
            first = normalise_code(source) if source else ("en" if same_language(second, "fr") else "fr")
            pairs = [Pair("", segment.text) for segment in segment_document(document, second)]
    if same_language(first, second):
        raise UsageError(
            "{name}: source and target are both {first}: name them with --from and --to.", name=file.name, first=first
        )
    recognisers = {base: workspace.glossary.recogniser(base) for base in (base_language(first), base_language(second))}
    checker = TermChecker(workspace.glossary.concepts(), first, second, recognisers=recognisers)
    context = CheckContext(first, second, checker)
    findings = run_checks(pairs, context, only=only, off=off)
    return CheckedFile(first, second, tuple(pairs), tuple(findings), warnings)


def _best(
    workspace: Workspace,
    segments: Sequence[Segment],
    place: int,
    source: str,
    target: str,
    above: float,
    unreviewed: bool,
) -> Suggestion | None:
    """Return the best suggestion that may fill a segment."""
    suggestions = workspace.memory.search(
        segments[place].text, source=source, target=target, kinds=FILLING,
        previous=segments[place - 1].text if place else "",
        next=segments[place + 1].text if place + 1 < len(segments) else "",
    )  # fmt: skip
    for suggestion in suggestions:
        if suggestion.score >= above and suggestion.via is None and (unreviewed or suggestion.reviewed):
            return suggestion
    return None


def _sides(parsed: ParsedFile, file: Upload, source: str | None, target: str) -> tuple[Document, str, Document | None]:
    """Return the file's source, its language, and its target if it has one."""
    documents = parsed.documents
    told = normalise_code(source) if source else None
    if len(documents) == 1:
        language = told or _language(documents[0], file, not_this=target)
        if same_language(language, target):
            raise UsageError(
                "{name} is {language} already: name another language with --to, or its own with --from.",
                name=file.name,
                language=language,
            )
        return documents[0], language, None
    languages = [_language(d, file, not_this=target if n == 0 else None) for n, d in enumerate(documents)]
    if len(documents) == 2 and documents[1].language is None:
        languages[1] = target
    places = [n for n, code in enumerate(languages) if code == target] or [
        n for n, code in enumerate(languages) if same_language(code, target)
    ]
    answers = documents[places[0]] if places else None
    others = [n for n, document in enumerate(documents) if document is not answers]
    if told is not None:
        others = [n for n in others if same_language(languages[n], told)] or (
            [0] if answers is not documents[0] else []
        )
        if not others:
            raise UsageError(
                "{name} has no {told}: it has {languages}.", name=file.name, told=told, languages=", ".join(languages)
            )
    return documents[others[0]], told or languages[others[0]], answers


def _second_language(parsed: ParsedFile, file: Upload) -> str:
    """Return the language of the translation in a file that has two; the last of more."""
    return _language(parsed.documents[-1], file)


def _language(document: Document, file: Upload, *, not_this: str | None = None) -> str:
    if document.language:
        try:
            return normalise_code(document.language)
        except UsageError:
            pass
    named = language_in_name(file.name)
    if named and not (not_this and same_language(named, not_this)):
        return named
    return detect_language(document.text)[0]


def _aligned(
    workspace: Workspace, original: Upload, file: Upload, source: str | None, target: str | None
) -> tuple[list[Pair], str, str, tuple[Sentence, ...]]:
    from workbench.services.script_service import align_files

    files = [
        Upload(original.name, original.data, normalise_code(source) if source else original.language),
        Upload(file.name, file.data, normalise_code(target) if target else file.language),
    ]
    text = align_files(workspace, files)
    first, second = text.languages[:2]
    return [Pair(row[first], row[second]) for row in text if row[second]], first, second, text.warnings
