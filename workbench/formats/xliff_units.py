"""XLIFF 1.2 and 2.x as an exchange format of the memory, read and written unit by unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from workbench.core.segmentation import CODE
from workbench.errors import FormatError
from workbench.formats.archive import plain
from workbench.formats.codes import MAX_CODES
from workbench.formats.decoding import shown
from workbench.formats.exchange import (
    PROVENANCE,
    ExchangeUnit,
    ExchangeVariant,
    Item,
    Progress,
    Report,
    checked,
    choose_pair,
    language_code,
    xml_text,
)
from workbench.formats.tmx_codes import nesting
from workbench.formats.xliff import PAIRED, XML, local, pairs_of, refuse_entities

_GENERATED = "wb-"  # ids given to units that had none
_NMTOKEN = re.compile(r"[\w.:·-]+\Z")
_BROKEN_LINE = re.compile(r"[ \t]*\n[ \t\n]*")
_OPENS = frozenset(("bx", "bpt", "sc"))
_CLOSES = frozenset(("ex", "ept", "ec"))


def read_units(
    stream: BinaryIO,
    *,
    name: str = "",
    source: str | None = None,
    target: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Read units one by one: a ``trans-unit`` of 1.2, a ``segment`` of 2.x.

    Raises:
        FormatError: the file is broken, no XLIFF, or nothing says which languages it holds.
    """
    from lxml import etree

    name = shown(name or str(getattr(stream, "name", "") or "the XLIFF file"))
    first, second = source, target
    events = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True
    )
    depth = count = 0
    try:
        for event, element in events:
            tag = local(element)
            if event == "start":
                depth += 1
                if depth == 1:
                    if tag != "xliff":
                        raise FormatError(
                            "{name} is XML but no XLIFF (it begins with <{tag}>): check what it is.",
                            name=name,
                            tag=tag[:40],
                        )
                    refuse_entities(element, name)
                    first = language_code(element.get("srcLang", "")) or first
                    second = language_code(element.get("trgLang", "")) or second
                elif tag == "file":
                    first = language_code(element.get("source-language", "")) or first
                    second = language_code(element.get("target-language", "")) or second
                continue
            depth -= 1
            if tag in ("trans-unit", "unit"):
                yield from _units(element, first, second, name)
                count += 1
                element.clear()
                while element.getprevious() is not None:  # what was read must not stay in memory
                    del element.getparent()[0]
                if progress is not None and count % 500 == 0 and stream.seekable():
                    progress(stream.tell())
    except etree.XMLSyntaxError as error:
        raise FormatError(
            "{name}, line {line}: the XML is not well-formed ({error}). Export the file again "
            "from the program it came from.",
            name=name,
            line=error.lineno or 1,
            error=plain(error),
        ) from error


def _units(unit: Any, source: str | None, target: str | None, name: str) -> Iterator[Item]:
    pairs = list(pairs_of(unit))
    ident = unit.get("id", "")
    ident = "" if ident.startswith(_GENERATED) else ident
    notes = tuple("".join(note.itertext()) for note in unit.iter() if local(note) == "note")
    for pair in pairs:
        if not source or (pair.target is not None and not target):
            missing = "source" if not source else "target"
            raise FormatError(
                "{name} does not say its {missing} language: name it (for example --{missing} en).",
                name=name,
                missing=missing,
            )
        numbers: dict[str, int] = {}
        keeps = _keeps_space(pair.source)
        variants = [ExchangeVariant(source, _text(pair.source, numbers, keeps))]
        if pair.target is not None and target and (text := _text(pair.target, numbers, keeps)).strip():
            variants.append(ExchangeVariant(target, text))
        properties = []
        state = pair.holder.get("state") or (pair.target is not None and pair.target.get("state")) or ""
        if state:
            properties.append(("xliff:state", state))
        if unit.get("approved"):
            properties.append(("xliff:approved", unit.get("approved")))
        if len(pairs) > 1:
            properties.append(("xliff:segment", pair.holder.get("id", "")))
        yield checked(
            ExchangeUnit(
                tuple(variants),
                id=ident,
                source=source,
                context=unit.get("resname") or unit.get("name") or "",
                properties=tuple(properties),
                notes=notes,
                line=unit.sourceline or 0,
            )
        )


def _keeps_space(element: Any) -> bool:
    while element is not None:
        value = element.get(f"{XML}space")
        if value:
            return bool(value == "preserve")
        element = element.getparent()
    return False


def _text(element: Any, numbers: dict[str, int], keeps: bool) -> str:
    """An element's text, codes numbered by their ids: alike in source and target."""
    out = [element.text or ""]
    stack: list[tuple[Any, str]] = [(child, "") for child in reversed(element)]
    while stack:
        child, closing = stack.pop()
        if closing:
            out += [closing, child.tail or ""]
            continue
        tag = local(child)
        if tag in PAIRED and child.get("mtype") != "seg" and tag != "mrk":
            n = _number(child.get("id", ""), numbers)
            out += [f"⟨{n}⟩", child.text or ""]
            stack.append((child, f"⟨/{n}⟩"))
            stack += [(grandchild, "") for grandchild in reversed(child)]
        elif tag == "mrk":
            out.append(child.text or "")
            stack.append((child, "\0"))
            stack += [(grandchild, "") for grandchild in reversed(child)]
        elif tag == "cp":
            out.append(child.tail or "")  # a character that XML forbids
        elif tag:
            ident = child.get("rid") or child.get("startRef") or child.get("id", "")
            n = _number(ident, numbers)
            position = child.get("pos", "") if tag == "it" else ""
            if tag in _OPENS or position in ("open", "begin"):
                out.append(f"⟨{n}⟩")
            elif tag in _CLOSES or position in ("close", "end"):
                out.append(f"⟨/{n}⟩")
            elif tag not in ("sm", "em"):
                out.append(f"⟨{n}/⟩")
            out.append(child.tail or "")
        else:
            out.append(child.tail or "")
    text = "".join(out).replace("\0", "")
    return text if keeps else _BROKEN_LINE.sub(" ", text).strip()


def _number(ident: str, numbers: dict[str, int]) -> int:
    if ident not in numbers:
        wanted = int(ident) if ident.isascii() and ident.isdigit() and len(ident) < 5 else 0
        taken = set(numbers.values())
        if not 0 < wanted <= MAX_CODES or wanted in taken:
            wanted = 1
            while wanted in taken:
                wanted += 1
        numbers[ident] = wanted
    return numbers[ident]


def write_units(
    units: Iterable[ExchangeUnit], stream: BinaryIO, *, source: str, target: str, version: str = "1.2"
) -> Report:
    """Write one pair of languages as XLIFF.

    Args:
        units: Taken one by one; those without the source language are left out and counted.
        stream: Where to write.
        source: Its language.
        target: The other.
        version: ``"1.2"``, or a version that begins with 2.
    """
    report = Report()
    new = version.startswith("2")
    codes = f"{quoteattr(source)}", f"{quoteattr(target)}"
    if new:
        head = (
            f'<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="{version}" srcLang={codes[0]} '
            f'trgLang={codes[1]}>\n<file id="memory">\n'
        )
    else:
        head = (
            '<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">\n<file original="memory" '
            f'datatype="plaintext" source-language={codes[0]} target-language={codes[1]}>\n<body>\n'
        )
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{head}'.encode())
    used: set[str] = set()
    for unit in units:
        first, second, others = choose_pair(unit, source, target)
        if first is None or not first.text:
            report.lose("unit without the source language")
            continue
        _count_lost(unit, first, second, source, target, bool(others), report)
        ident = unit.id
        if not ident or ident in used or not _NMTOKEN.match(ident) or ident.startswith(_GENERATED):
            report.lose("identifier", ident)
            ident = f"{_GENERATED}{report.units + 1}"
        used.add(ident)
        write = _unit_2 if new else _unit_1
        stream.write(write(unit, ident, first, second, report).replace("\r", "&#13;").encode())
        report.units += 1
    stream.write(b"</file>\n</xliff>\n" if new else b"</body>\n</file>\n</xliff>\n")
    return report


def _unit_1(
    unit: ExchangeUnit, ident: str, first: ExchangeVariant, second: ExchangeVariant | None, report: Report
) -> str:
    properties = dict(unit.properties)
    approved = properties.get("xliff:approved", "")
    state = properties.get("xliff:state", "")
    attributes = f" approved={quoteattr(approved)}" if approved in ("yes", "no") else ""
    if unit.context:
        attributes += f" resname={_attribute(unit.context, report)}"
    out = [f'<trans-unit id={_attribute(ident, report)}{attributes} xml:space="preserve">']
    out.append(f"<source>{_xml(first.text, False, report)}</source>")
    if second is not None:
        state_attribute = f" state={_attribute(state, report)}" if state else ""
        out.append(f"<target{state_attribute}>{_xml(second.text, False, report)}</target>")
    out += [f"<note>{escape(xml_text(note, report))}</note>" for note in unit.notes]
    out.append("</trans-unit>\n")
    return "".join(out)


def _unit_2(
    unit: ExchangeUnit, ident: str, first: ExchangeVariant, second: ExchangeVariant | None, report: Report
) -> str:
    state = dict(unit.properties).get("xliff:state", "")
    name = f" name={_attribute(unit.context, report)}" if unit.context else ""
    out = [f'<unit id={_attribute(ident, report)}{name} xml:space="preserve">']
    if unit.notes:
        notes = "".join(f"<note>{escape(xml_text(note, report))}</note>" for note in unit.notes)
        out.append(f"<notes>{notes}</notes>")
    out.append(f"<segment state={_attribute(state, report)}>" if state else "<segment>")
    out.append(f"<source>{_xml(first.text, True, report)}</source>")
    if second is not None:
        out.append(f"<target>{_xml(second.text, True, report)}</target>")
    out.append("</segment></unit>\n")
    return "".join(out)


def _attribute(text: str, report: Report) -> str:
    return quoteattr(xml_text(text, report), {"\t": "&#9;", "\n": "&#10;"})


def _xml(text: str, new: bool, report: Report) -> str:
    """A text with its codes as XLIFF elements: pairs that nest as elements, others as single marks."""
    text = xml_text(text, report)
    if "⟨" not in text:
        return escape(text)
    matches = list(CODE.finditer(text))
    tokens = [match.group() for match in matches]
    nested = nesting(tokens, {token.strip("⟨/⟩") for token in tokens})
    out: list[str] = []
    at = 0
    for match, pair in zip(matches, nested, strict=True):
        out.append(escape(text[at : match.start()]))
        at = match.end()
        n = int(match.group(2))
        if match.group(3) and not match.group(1):
            out.append(f'<ph id="{n}"/>' if new else f'<x id="{n}"/>')
        elif pair:
            tag = "pc" if new else "g"
            out.append(f"</{tag}>" if match.group(1) else f'<{tag} id="{n}">')
        elif match.group(1):
            out.append(f'<ec id="{n}" isolated="yes"/>' if new else f'<ex id="{n}"/>')
        else:
            out.append(f'<sc id="{n}" isolated="yes"/>' if new else f'<bx id="{n}"/>')
    out.append(escape(text[at:]))
    return "".join(out)


def _count_lost(
    unit: ExchangeUnit,
    first: ExchangeVariant,
    second: ExchangeVariant | None,
    source: str,
    target: str,
    others: bool,
    report: Report,
) -> None:
    report.lose("language not asked for", others)
    report.lose("direction", unit.source != source)
    report.lose("regional code", first.language != source or (second is not None and second.language != target))
    for field in PROVENANCE:
        values = [getattr(unit, field), getattr(first, field), getattr(second, field) if second else ""]
        report.lose(field.replace("_", " "), any(values))
    for key, _ in unit.properties:
        report.lose("property", key not in ("xliff:state", "xliff:approved"))
    for variant in (first, second):
        if variant is not None:
            report.lose("codes' content", variant.codes)
            report.lose("property of one language", variant.properties)
            report.lose("note of one language", variant.notes)
