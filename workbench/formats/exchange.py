"""What exchange files of a translation memory hold, whatever their format, and what a format could not carry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from typing import BinaryIO, Protocol, TypeAlias

from workbench.core.languages import normalise_code
from workbench.errors import FormatError, Sentence, UsageError, mark, sentence
from workbench.formats.decoding import shown

MAX_TEXT = 1_000_000  # characters of one variant; a longer one is no segment
PROVENANCE = ("created", "changed", "author", "changed_by")
"""What tells of units and variants who made them, and when."""

_SAID = {"created": mark("date of creation"), "changed": mark("date of change"),
         "changed by": mark("author of the change"), "author": mark("author")}  # fmt: skip
MAX_LANGUAGES = 64  # of one unit; more come only from broken or hostile files

# Variants and units are values: nothing changes one that is made. They are not declared frozen, since a frozen
# dataclass sets each field by a call, and a large file would take half its reading time for that.

Progress: TypeAlias = Callable[[int], None]
"""Called now and then with the number of bytes read."""

Pairs: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(slots=True, unsafe_hash=True)
class ExchangeVariant:
    """One language of a unit as a file holds it.

    Attributes:
        language: BCP 47 code in its usual spelling.
        text: With inline codes as ``⟨1⟩…⟨/1⟩`` and ``⟨2/⟩``.
        codes: For codes that the file describes: (the code as it stands in the text, its XML), kept verbatim.
        properties: (name, value) pairs, verbatim, in order.
        notes: Verbatim.
        created: ISO 8601 with seconds and ``Z``, empty if unknown; a date in another form is kept as it is.
        changed: The same of the last change.
        author: Who made it.
        changed_by: Who changed it last.
    """

    language: str
    text: str
    codes: Pairs = ()
    properties: Pairs = ()
    notes: tuple[str, ...] = ()
    created: str = ""
    changed: str = ""
    author: str = ""
    changed_by: str = ""


@dataclass(slots=True, unsafe_hash=True)
class ExchangeUnit:
    """One translation unit as a file holds it.

    Attributes:
        variants: In the file's order; a language may stand twice (alternative translations).
        id: The file's own name for it.
        source: Language that the file calls its source, empty where it has no direction.
        context: What tells equal texts apart (a PO context, a file's key).
        properties: (name, value) pairs, verbatim, in order.
        notes: Verbatim.
        created: As for variants.
        changed: As for variants.
        author: Who made it.
        changed_by: Who changed it last.
        line: Where it begins in its file, 0 if unknown; not compared.
    """

    variants: tuple[ExchangeVariant, ...]
    id: str = ""
    source: str = ""
    context: str = ""
    properties: Pairs = ()
    notes: tuple[str, ...] = ()
    created: str = ""
    changed: str = ""
    author: str = ""
    changed_by: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A unit in a good file that could not be taken."""

    line: int
    reason: Sentence


Item: TypeAlias = ExchangeUnit | Skipped


@dataclass(slots=True)
class Report:
    """What an export wrote and what its format could not carry.

    Attributes:
        units: Units written.
        lost: Field → in how many units (or variants) it was left out or changed.
    """

    units: int = 0
    lost: Counter[str] = field(default_factory=Counter)

    def lose(self, name: str, value: object = True) -> None:
        """Count a field that cannot be carried, if it has a value."""
        if value:
            self.lost[name] += 1

    def sentences(self) -> list[Sentence]:
        """Say it to the user, the most frequent first."""
        return [
            sentence("{count} × {field} could not be carried.", count=count, field=Sentence(_SAID.get(name, name)))
            for name, count in self.lost.most_common()
        ]


class UnitReader(Protocol):
    """Reads the units of one format as a stream."""

    def __call__(
        self,
        stream: BinaryIO,
        *,
        name: str = "",
        source: str | None = None,
        target: str | None = None,
        progress: Progress | None = None,
    ) -> Iterator[Item]: ...


_MODULES: Mapping[str, str] = {
    ".tmx": "tmx",
    ".po": "po",
    ".pot": "po",
    ".xliff": "xliff_units",
    ".xlf": "xliff_units",
    ".csv": "table",
    ".tsv": "table",
    ".tab": "table",
    ".xlsx": "table",
}

UNIT_FORMATS = ("tmx", "po", "xliff", "xliff2", "csv", "tsv", "xlsx")
"""What :func:`write_units` can write."""


def read_units(
    stream: BinaryIO,
    *,
    name: str,
    source: str | None = None,
    target: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Read the units of an exchange file; the suffix of ``name`` tells its format.

    Args:
        stream: The open file.
        name: Its name, for the format and for messages.
        source: Language of the source where the file does not say it.
        target: Language of the target where the file does not say it.
        progress: Called now and then with the number of bytes read.

    Raises:
        FormatError: unknown format, or the file is broken; units before the broken place have been yielded.
    """
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix not in _MODULES:
        raise FormatError(
            "{name}: “{suffix}” is no exchange format. Bring one of {formats}.",
            name=shown(name),
            suffix=suffix,
            formats=" ".join(_MODULES),
        )
    reader: UnitReader = import_module(f"workbench.formats.{_MODULES[suffix]}").read_units
    yield from reader(stream, name=name, source=source, target=target, progress=progress)


def write_units(
    units: Iterator[ExchangeUnit] | Sequence[ExchangeUnit],
    stream: BinaryIO,
    *,
    format: str,
    source: str | None = None,
    target: str | None = None,
    languages: Sequence[str] = (),
) -> Report:
    """Write units as an exchange file.

    Args:
        units: Any number, taken one by one.
        stream: Where to write.
        format: One of :data:`UNIT_FORMATS`.
        source: Language of the source; PO and XLIFF need it.
        target: Language of the target; PO and XLIFF need it.
        languages: Languages to write, in this order; all where empty.

    Raises:
        UsageError: the format is unknown or needs languages that were not given.
    """
    if format not in UNIT_FORMATS:
        raise UsageError(
            "“{format}” is no exchange format. Choose one of {formats}.", format=format, formats=", ".join(UNIT_FORMATS)
        )
    if format == "tmx":
        from workbench.formats import tmx

        return tmx.write_units(units, stream, source=source, languages=languages)
    if format in ("csv", "tsv", "xlsx"):
        from workbench.formats import table

        chosen = languages or tuple(code for code in (source, target) if code)
        return table.write_units(units, stream, format=format, languages=chosen)
    if not source or not target:
        raise UsageError("{format} holds one pair of languages: name the source and the target.", format=format)
    if format == "po":
        from workbench.formats import po

        return po.write_units(units, stream, source=source, target=target)
    from workbench.formats import xliff_units

    version = "2.1" if format == "xliff2" else "1.2"
    return xliff_units.write_units(units, stream, source=source, target=target, version=version)


@lru_cache(maxsize=1000)
def language_code(code: str) -> str | None:
    """Return a file's language code in its usual spelling, ``None`` if it is none."""
    try:
        return normalise_code(code)
    except UsageError:
        return None


def checked(unit: ExchangeUnit) -> Item:
    """Return the unit, or why it cannot be taken."""
    filled = longest = 0
    for variant in unit.variants:
        size = len(variant.text)
        if size and not variant.text.isspace():
            filled += 1
            longest = max(longest, size)
    if not filled:
        return Skipped(unit.line, sentence("This unit has no text."))
    if filled > MAX_LANGUAGES and len({v.language for v in unit.variants if v.text.strip()}) > MAX_LANGUAGES:
        return Skipped(unit.line, sentence("This unit has more than {count} languages.", count=MAX_LANGUAGES))
    if longest > MAX_TEXT:
        language = max(unit.variants, key=lambda variant: len(variant.text)).language
        return Skipped(
            unit.line,
            sentence(
                "The {language} text has {count} characters: it is no segment.",
                language=language, count=f"{longest:,}",
            ),
        )  # fmt: skip
    return unit


def choose_pair(
    unit: ExchangeUnit, source: str, target: str
) -> tuple[ExchangeVariant | None, ExchangeVariant | None, list[ExchangeVariant]]:
    """Pick the variants of a pair, exact codes before regional ones, and list those left over."""
    first = _variant(unit.variants, source)
    second = _variant(tuple(v for v in unit.variants if v is not first), target)
    return first, second, [v for v in unit.variants if v is not first and v is not second]


def _variant(variants: Sequence[ExchangeVariant], code: str) -> ExchangeVariant | None:
    for variant in variants:
        if variant.language == code:
            return variant
    base = code.partition("-")[0]
    return next((v for v in variants if v.language.partition("-")[0] == base), None)


_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\Z")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z\Z")


@lru_cache(maxsize=4096)
def date_in(text: str) -> str:
    """Turn TMX's ``20240501T100000Z`` into ISO 8601; anything else stays as it is."""
    match = _COMPACT.match(text)
    return "{}-{}-{}T{}:{}:{}Z".format(*match.groups()) if match else text


def date_out(text: str) -> str:
    """Turn ISO 8601 into TMX's form; what is no date stays as it is."""
    match = _ISO.match(text)
    if match:
        return "{}{}{}T{}{}{}Z".format(*match.groups())
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.strftime("%Y%m%dT%H%M%SZ")


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str, report: Report | None = None) -> str:
    """Drop characters that no XML file can hold, and count that."""
    clean, dropped = _NOT_XML.subn("", text)
    if dropped and report is not None:
        report.lose("characters that XML forbids")
    return clean
