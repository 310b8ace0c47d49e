"""TMX, the exchange format of translation memories: 1.1 to 1.4b in, 1.4b out, as streams in constant memory.

Read with expat directly: an element tree of a memory of 200 MB takes gigabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from workbench.core.texts import Block, BlockKind, Document, ParsedFile
from workbench.errors import FormatError, Sentence, mark, sentence
from workbench.formats.decoding import shown
from workbench.formats.exchange import (
    MAX_TEXT,
    ExchangeUnit,
    ExchangeVariant,
    Item,
    Progress,
    Report,
    Skipped,
    checked,
    date_in,
    date_out,
    language_code,
    xml_text,
)
from workbench.formats.tmx_codes import SegmentReader, segment_xml
from workbench.formats.tmx_feed import Feed
from workbench.formats.tmx_regular import CONTEXT, UNIT_ATTRIBUTES, VARIANT_ATTRIBUTES, kept, source_language
from workbench.formats.xml_stream import open_parser

CHUNK = 1 << 16
HEADER_TOOL = "workbench"

_KEPT_ATTRIBUTE = "tmx:"  # attributes without a field of their own are kept as properties of this prefix


def read_units(
    stream: BinaryIO,
    *,
    name: str = "",
    source: str | None = None,
    target: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Read units one by one.

    Args:
        stream: The open file, in any encoding it declares.
        name: Its name, for messages; taken from the stream if it has one.
        source: Unused, since TMX says its languages; here so that all readers are called alike.
        target: Unused.
        progress: Called with the number of bytes read.

    Raises:
        FormatError: the file is broken, no TMX, or declares entities that expand; units before that place have been
            yielded.
    """
    handler = _Handler(shown(name or str(getattr(stream, "name", "") or "the TMX file")))
    first = stream.read(CHUNK)
    parser, decode, in_utf8 = open_parser(first, handler.name)
    handler.attach(parser)
    feed = Feed(handler, regular=in_utf8)
    done, chunk = 0, first
    while True:
        final = not chunk
        try:
            feed.take(decode(chunk, final), final)
        except expat.ExpatError as error:
            yield from handler.taken()
            raise _broken(error, handler.name) from error
        except UnicodeError as error:
            yield from handler.taken()
            raise FormatError(
                "{name}, near line {line}: the file's bytes are not in the encoding it declares. Save"
                " it as UTF-8 and declare that.",
                name=handler.name,
                line=parser.CurrentLineNumber,
            ) from error
        yield from handler.taken()
        done += len(chunk)
        if progress is not None:
            progress(done)
        if final:
            return
        chunk = stream.read(CHUNK)


def _broken(error: expat.ExpatError, name: str) -> FormatError:
    reason: str | Sentence = expat.ErrorString(error.code)
    remedy = mark("Export it again from the program it came from.")
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]:
        reason, remedy = Sentence(mark("it ends too early")), mark("It is empty or cut off: bring the whole file.")
    elif error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
        remedy = mark("It may be cut off, or in another encoding than it declares: save it as UTF-8 and declare that.")
    elif error.code == expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]:
        remedy = mark("It is cut off: bring the whole file.")
    return FormatError(
        "{name}, line {line}: the file is broken ({reason}). {remedy}",
        name=name, line=error.lineno, reason=reason, remedy=Sentence(remedy),
    )  # fmt: skip


class _Handler:
    """Builds units from expat's events."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.units: list[Item] = []
        self.parser: Any = None
        self.seen_root = False
        self.srclang = ""
        self.unit: dict[str, Any] | None = None
        self.variant: dict[str, Any] | None = None
        self.words: list[str] | None = None  # a segment's text while it has no code
        self.segment: SegmentReader | None = None  # reads the segments that have one
        self.text: list[str] | None = None
        self.prop = ""
        self.bad: Sentence | None = None
        self.internal = False  # the file declares something itself: entities, attributes that are not written
        self.ended_at = -1  # byte and line of the last unit's end tag
        self.ended_line = 1

    def attach(self, parser: Any) -> None:
        self.parser = parser
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        # Text is listened to only where it means something: a file is half line ends and indentation.
        parser.SkippedEntityHandler = self.skipped_entity
        parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, _name: str, _system: Any, _public: Any, internal: int) -> None:
        self.internal = bool(internal)

    def idle(self) -> bool:
        """Tell whether nothing is being read: what comes next is a unit of its own."""
        return self.unit is None and self.variant is None and self.words is None and self.text is None

    def taken(self) -> list[Item]:
        units, self.units = self.units, []
        return units

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.segment is not None:
            self.segment.start(tag, attributes)
        elif self.words is not None:
            self.segment = SegmentReader()
            self.segment.data("".join(self.words))
            self.parser.CharacterDataHandler = self.segment.data
            self.segment.start(tag, attributes)
        elif tag == "seg":
            if self.variant is not None:
                self.words = []
                self.parser.CharacterDataHandler = self.words.append
        elif tag == "tuv":
            self.variant = {"attributes": attributes, "properties": [], "notes": [], "segments": []}
        elif tag == "tu":
            self.unit = {
                "attributes": attributes,
                "properties": [],
                "notes": [],
                "variants": [],
                "line": self.parser.CurrentLineNumber,
            }
            self.bad = None
        elif tag in ("prop", "note"):
            self.text = []
            self.parser.CharacterDataHandler = self.text.append
            self.prop = attributes.get("type", "")
        elif not self.seen_root:
            if tag.lower() != "tmx":
                raise FormatError(
                    "{name} is XML but no TMX (it begins with <{tag}>): check what it is.", name=self.name, tag=tag[:40]
                )
            self.seen_root = True
        elif tag == "header":
            srclang = attributes.get("srclang", "")
            self.srclang = "" if srclang.lower() in ("*all*", "") else language_code(srclang) or ""

    def end(self, tag: str) -> None:
        if self.segment is not None and tag != "seg":
            self.segment.end(tag)
        elif tag == "seg":
            if self.words is not None and self.variant is not None:
                read = self.segment.finish() if self.segment is not None else ("".join(self.words), ())
                self.variant["segments"].append(read)
            self.segment = self.words = None
            self.parser.CharacterDataHandler = None
        elif tag == "tuv":
            self._end_variant()
        elif tag == "tu":
            self.ended_at, self.ended_line = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber
            self._end_unit()
        elif tag in ("prop", "note") and self.text is not None:
            owner = self.variant if self.variant is not None else self.unit
            if owner is not None:
                text = "".join(self.text)
                if tag == "prop":
                    owner["properties"].append((self.prop, text))
                else:
                    owner["notes"].append(text)
            self.text = None
            self.parser.CharacterDataHandler = None

    def skipped_entity(self, entity: str, is_parameter: bool) -> None:
        """An entity that only an outside file would declare: HTML's are known, others make the unit a bad one."""
        from html.entities import html5

        if is_parameter:
            return
        if (known := html5.get(f"{entity};")) is not None:
            handler = self.parser.CharacterDataHandler
            if handler is not None:
                handler(known)
        else:
            self.bad = sentence(
                "It uses the entity {entity}, which the file does not declare.", entity=f"&{entity[:40]};"
            )

    def _end_variant(self) -> None:
        variant, self.variant = self.variant, None
        if variant is None or self.unit is None:
            return
        attributes = variant["attributes"]
        written = attributes.get("xml:lang") or attributes.get("lang") or ""
        code = language_code(written)
        if code is None:
            self.bad = self.bad or (
                sentence("“{code}” is not a language code.", code=written[:40])
                if written
                else sentence("A <tuv> of it has no xml:lang.")
            )
            return
        segments = variant["segments"]
        if len(attributes) == 1 and not variant["properties"] and not variant["notes"]:  # as most are in most files
            if segments and segments[0][0]:
                self.unit["variants"].append(ExchangeVariant(code, *segments[0]))
            return
        for text, codes in segments[:1]:
            if not text:
                continue
            self.unit["variants"].append(
                ExchangeVariant(
                    code,
                    text,
                    codes,
                    (*variant["properties"], *kept(attributes, VARIANT_ATTRIBUTES)),
                    tuple(variant["notes"]),
                    date_in(attributes.get("creationdate", "")),
                    date_in(attributes.get("changedate", "")),
                    attributes.get("creationid", ""),
                    attributes.get("changeid", ""),
                )
            )

    def _end_unit(self) -> None:
        unit, self.unit = self.unit, None
        if unit is None:
            return
        if self.bad:
            self.units.append(Skipped(unit["line"], self.bad))
            return
        attributes = unit["attributes"]
        properties = unit["properties"]
        context = next((value for key, value in properties if key == CONTEXT), "")
        if context:
            properties.remove((CONTEXT, context))
        self.units.append(
            checked(
                ExchangeUnit(
                    tuple(unit["variants"]),
                    attributes.get("tuid", ""),
                    source_language(attributes, self.srclang),
                    context,
                    (*properties, *kept(attributes, UNIT_ATTRIBUTES)),
                    tuple(unit["notes"]),
                    date_in(attributes.get("creationdate", "")),
                    date_in(attributes.get("changedate", "")),
                    attributes.get("creationid", ""),
                    attributes.get("changeid", ""),
                    unit["line"],
                )
            )
        )


def write_units(
    units: Iterable[ExchangeUnit],
    stream: BinaryIO,
    *,
    source: str | None = None,
    languages: Sequence[str] = (),
) -> Report:
    """Write TMX 1.4b.

    Args:
        units: Taken one by one.
        stream: Where to write.
        source: The header's source language; ``*all*`` where none is given. Some programs (Weblate) need one, and
            then units that lack it are left out and counted.
        languages: Languages to write; all where empty.

    Returns:
        How many were written, and what TMX could not hold.
    """
    report = Report()
    stream.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
        f'<header creationtool="{HEADER_TOOL}" creationtoolversion="1" segtype="sentence" o-tmf="{HEADER_TOOL}" '
        f'adminlang="en" srclang={quoteattr(source or "*all*")} datatype="plaintext"/>\n<body>\n'.encode()
    )
    wanted = set(languages)
    for unit in units:
        variants = [v for v in unit.variants if not wanted or v.language in wanted]
        report.lose("language not asked for", len(variants) < len(unit.variants))
        if not variants or (source and all(v.language != source for v in variants)):
            report.lose("unit without a language that was asked for")
            continue
        stream.write(_unit_xml(unit, variants, source or "", report).encode())
        report.units += 1
    stream.write(b"</body>\n</tmx>\n")
    return report


def _unit_xml(unit: ExchangeUnit, variants: Sequence[ExchangeVariant], source: str, report: Report) -> str:
    attributes = _attributes(unit, report)
    if unit.id:
        attributes.insert(0, ("tuid", unit.id))
    if unit.source != source:
        attributes.append(("srclang", unit.source or "*all*"))
    out = [f"<tu{_written(attributes, report)}>\n"]
    out += [f"<note>{escape(xml_text(note, report))}</note>\n" for note in unit.notes]
    if unit.context:
        out.append(f'<prop type="{CONTEXT}">{escape(xml_text(unit.context, report))}</prop>\n')
    out += _properties(unit.properties, report)
    for variant in variants:
        inner = [("xml:lang", variant.language), *_attributes(variant, report)]
        out.append(f"<tuv{_written(inner, report)}>")
        out += [f"<note>{escape(xml_text(note, report))}</note>" for note in variant.notes]
        out += _properties(variant.properties, report)
        out.append(f"<seg>{segment_xml(xml_text(variant.text, report), variant.codes)}</seg></tuv>\n")
    out.append("</tu>\n")
    return "".join(out).replace("\r", "&#13;")


def _attributes(item: ExchangeUnit | ExchangeVariant, report: Report) -> list[tuple[str, str]]:
    out = []
    for key, value in (("creationdate", item.created), ("changedate", item.changed)):
        if value:
            written = date_out(value)
            report.lose("fractions of a second or time zone", date_in(written) != value)
            out.append((key, written))
    out += [(key, value) for key, value in (("creationid", item.author), ("changeid", item.changed_by)) if value]
    taken = {key for key, _ in out} | {"tuid", "srclang", "xml:lang", "lang"}
    for key, value in item.properties:
        attribute = key.removeprefix(_KEPT_ATTRIBUTE)
        if attribute != key and attribute not in taken and attribute in _ALLOWED:
            taken.add(attribute)
            out.append((attribute, value))
    return out


_ALLOWED = frozenset(
    ("o-encoding", "datatype", "usagecount", "lastusagedate", "creationtool", "creationtoolversion", "segtype", "o-tmf")
)


def _written(attributes: Sequence[tuple[str, str]], report: Report) -> str:
    return "".join(f" {key}={quoteattr(xml_text(value, report), {chr(9): '&#9;'})}" for key, value in attributes)


def _properties(properties: Sequence[tuple[str, str]], report: Report) -> list[str]:
    out, attributes = [], set()
    for key, value in properties:
        attribute = key.removeprefix(_KEPT_ATTRIBUTE)
        if attribute != key and attribute in _ALLOWED and attribute not in attributes:
            attributes.add(attribute)
            continue
        name = quoteattr(xml_text(key, report), {"\t": "&#9;"})
        out.append(f"<prop type={name}>{escape(xml_text(value, report))}</prop>\n")
    return out


def read(data: bytes, name: str) -> ParsedFile:
    """Read a TMX as a document of entries, a language a column.

    Raises:
        FormatError: it is broken or holds no units.
    """
    import io

    units: list[ExchangeUnit] = []
    skipped: list[Skipped] = []
    for item in read_units(io.BytesIO(data), name=name):
        (units if isinstance(item, ExchangeUnit) else skipped).append(item)  # type: ignore[arg-type]
    warnings = []
    if skipped:
        warnings.append(
            sentence(
                "Units left out: {count}. The first, on line {line}: {reason}",
                count=len(skipped), line=skipped[0].line, reason=skipped[0].reason,
            )
        )  # fmt: skip
    codes = list(dict.fromkeys(v.language for unit in units for v in unit.variants))
    documents = []
    for code in codes:
        texts = [next((v.text for v in unit.variants if v.language == code), "") for unit in units]
        blocks = tuple(
            Block(text, BlockKind.UNIT, context=unit.context) for text, unit in zip(texts, units, strict=True)
        )
        documents.append(Document(blocks, code, warnings=tuple(warnings)))
    return ParsedFile(tuple(documents), aligned=True, format=".tmx")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Write the memory again with new texts in one language.

    Args:
        original: The file the blocks were read from.
        blocks: A text for each unit, in order; ``None`` leaves it as it is.
        language: Whose variants are written.
    """
    import io
    from dataclasses import replace

    units: list[ExchangeUnit] = []
    places = iter(blocks)
    for item in read_units(io.BytesIO(original), name="the original"):
        if isinstance(item, Skipped):
            continue
        new = next(places, None)
        if new:
            old = next((v for v in item.variants if v.language == language), ExchangeVariant(language, ""))
            if old.text != new:
                variants = tuple(v for v in item.variants if v is not old)
                item = replace(item, variants=(*variants, replace(old, text=new[:MAX_TEXT])))
        units.append(item)
    out = io.BytesIO()
    sources = {unit.source for unit in units}
    write_units(units, out, source=None if len(sources) != 1 else sources.pop() or None)
    return out.getvalue()
