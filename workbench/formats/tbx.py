"""TBX, the exchange format of term bases: ISO 30042:2019 in both styles, and the form of 2008.

Written are TBX-Basic of 2019, data categories as tags (``dct``) or as attributes (``dca``), and the ``martif`` form of
2008 that Weblate, OmegaT and translate-toolkit read. Data categories, their levels and picklists follow the published
rules of the TBX-Basic dialect (LTAC Global: ``TBX-Basic_DCA.sch``, the basic and min modules). Read is any of them in
any dialect: by the names of the data categories, whichever style and level they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from workbench.core.languages import base_language, normalise_code
from workbench.core.terms import Concept, GlossaryExport, GlossaryFile, Status, Term, TermType, concept_id, tidy
from workbench.errors import FormatError, Sentence, UsageError, sentence
from workbench.formats.decoding import shown

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MAX_BYTES = 200 * 1024 * 1024  # IATE's whole export is larger; it comes in parts

_STATUS = {
    Status.PREFERRED: "preferredTerm-admn-sts",
    Status.ADMITTED: "admittedTerm-admn-sts",
    Status.DEPRECATED: "supersededTerm-admn-sts",
    Status.FORBIDDEN: "deprecatedTerm-admn-sts",
}
"""TBX's *superseded* is what the network once said, its *deprecated* what it does not want said."""

# Spellings met in files: normativeAuthorization and usageStatus have the same values without the ending.
_READ_STATUS = {
    "preferred": Status.PREFERRED, "preferredterm": Status.PREFERRED, "approved": Status.PREFERRED,
    "standardized": Status.PREFERRED, "standardizedterm": Status.PREFERRED, "legal": Status.PREFERRED,
    "admitted": Status.ADMITTED, "admittedterm": Status.ADMITTED, "allowed": Status.ADMITTED,
    "provisional": Status.ADMITTED, "nonstandardized": Status.ADMITTED, "nonstandardizedterm": Status.ADMITTED,
    "regulated": Status.ADMITTED, "new": Status.ADMITTED, "notrecommended": Status.DEPRECATED,
    "superseded": Status.DEPRECATED, "supersededterm": Status.DEPRECATED, "obsolete": Status.DEPRECATED,
    "deprecated": Status.FORBIDDEN, "deprecatedterm": Status.FORBIDDEN, "forbidden": Status.FORBIDDEN,
    "rejected": Status.FORBIDDEN,
}  # fmt: skip

_TYPE = {
    TermType.FULL: "fullForm", TermType.ACRONYM: "acronym", TermType.ABBREVIATION: "abbreviation",
    TermType.SHORT: "shortForm", TermType.VARIANT: "variant",
}  # fmt: skip
_READ_TYPE = {
    **{value.lower(): key for key, value in _TYPE.items()},
    "initialism": TermType.ACRONYM, "abbreviatedform": TermType.ABBREVIATION, "spellingvariant": TermType.VARIANT,
    "orthographicalvariant": TermType.VARIANT, "shortcut": TermType.SHORT,
}  # fmt: skip
_POS = {"noun": "noun", "verb": "verb", "adjective": "adjective", "adverb": "adverb", "proper noun": "noun",
        "phrase": "other", "other": "other"}  # fmt: skip
_READ_POS = {**{p: p for p in ("noun", "verb", "adjective", "adverb", "other")}, "propernoun": "proper noun",
             "n": "noun", "v": "verb", "adj": "adjective", "adv": "adverb"}  # fmt: skip
_GENDER = {"masculine": "masculine", "feminine": "feminine", "neuter": "neuter", "common": "other", "other": "other"}
_READ_GENDER = {**{g: g for g in ("masculine", "feminine", "neuter")}, "other": "common", "m": "masculine",
                "f": "feminine", "n": "neuter", "otherGender": "common"}  # fmt: skip

LOST = ("number", "plural", "feminine", "feminine_plural", "expansion", "use_instead", "context")
LOST_2008 = ("plural", "feminine", "feminine_plural", "expansion", "use_instead", "context")
_ALL = ("id", "domain", "related", "language", "text", "status", "type", "part_of_speech", "gender", "number",
        "definition", "example", "note", "source")  # fmt: skip
# A merge leaves the part of speech as it is: "noun" may stand for the proper noun that TBX-Basic does not have.
FIELDS = frozenset(name for name in _ALL if name not in (*LOST, "part_of_speech"))
FIELDS_2008 = frozenset(name for name in _ALL if name not in LOST_2008)


# Writing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Style:
    """How data categories become elements: a tag of a module, or ``<meta type="…">``."""

    make: Callable[[str, str, str], Any]
    entry: str
    language: str
    term: str
    space: str

    def tag(self, name: str) -> str:
        """Return a core element's qualified name."""
        return f"{{{self.space}}}{name}" if self.space else name


_META = {
    "subjectField": "descrip", "definition": "descrip", "context": "descrip", "source": "admin",
    "crossReference": "ref", "partOfSpeech": "termNote", "administrativeStatus": "termNote", "termType": "termNote",
    "grammaticalGender": "termNote", "grammaticalNumber": "termNote", "geographicalUsage": "termNote",
}  # fmt: skip
_MIN_MODULE = frozenset(("subjectField", "partOfSpeech", "administrativeStatus"))


def _as_tag(category: str, text: str, space: str) -> Any:
    element = etree.Element(f"{{{MIN if category in _MIN_MODULE else BASIC}}}{category}")
    element.text = text
    return element


def _as_attribute(category: str, text: str, space: str) -> Any:
    name = _META[category]
    element = etree.Element(f"{{{space}}}{name}" if space else name, type=category)
    element.text = text
    return element


_DCT = _Style(_as_tag, "conceptEntry", "langSec", "termSec", NAMESPACE)
_DCA = _Style(_as_attribute, "conceptEntry", "langSec", "termSec", NAMESPACE)
_OLD = _Style(_as_attribute, "termEntry", "langSet", "tig", "")


def write_dct(concepts: Sequence[Concept], *, name: str, date: str) -> GlossaryExport:
    """Make ``<name>.tbx``: TBX-Basic of 2019, data categories as tags."""
    return _export(f"{name}.tbx", _document(concepts, _DCT, name, date), LOST, concepts)


def write_dca(concepts: Sequence[Concept], *, name: str, date: str) -> GlossaryExport:
    """Make ``<name>.dca.tbx``: TBX-Basic of 2019, data categories as attributes."""
    return _export(f"{name}.dca.tbx", _document(concepts, _DCA, name, date), LOST, concepts)


def write_2008(concepts: Sequence[Concept], *, name: str, date: str) -> GlossaryExport:
    """Make ``<name>.2008.tbx``: the ``martif`` form."""
    return _export(f"{name}.2008.tbx", _document(concepts, _OLD, name, date), LOST_2008, concepts)


def _export(file_name: str, root: Any, lost: Sequence[str], concepts: Sequence[Concept]) -> GlossaryExport:
    etree.indent(root, "  ")
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"
    losses: list[Sentence] = []
    gone = [n for n in lost if any(getattr(t, n) for c in concepts for t in c.terms)]
    if gone:
        losses.append(sentence("TBX-Basic carries none of: {fields}.", fields=", ".join(gone)))
    if lost is LOST and any(t.part_of_speech in ("proper noun", "phrase") for c in concepts for t in c.terms):
        losses.append(sentence("TBX-Basic has no proper nouns and phrases: they became nouns and “other”."))
    moved = sum(1 for c in concepts for t in c.terms if t.definition and t is not _bearer(list(c.terms), t.language))
    if moved:
        losses.append(
            sentence(
                "Definitions that stood on another term than their language's first preferred one: {count}.",
                count=moved,
            )
        )
    if any(c.terms != _by_section(c.terms) for c in concepts):
        losses.append(
            sentence("Terms with and without a region are in sections of their own: their common order is lost.")
        )
    return GlossaryExport({file_name: data}, tuple(losses))


def _by_section(terms: Sequence[Term]) -> tuple[Term, ...]:
    languages = list(dict.fromkeys(t.language for t in terms))
    return tuple(sorted(terms, key=lambda t: languages.index(t.language)))


def _document(concepts: Sequence[Concept], style: _Style, name: str, date: str) -> Any:
    if style is _OLD:
        root = etree.Element("martif", type="TBX")
        header = etree.SubElement(root, "martifHeader")
    else:
        modules: dict[str | None, str] = {"min": MIN, "basic": BASIC} if style is _DCT else {}
        spaces: dict[str | None, str] = {None: NAMESPACE, **modules}
        root = etree.Element(style.tag("tbx"), nsmap=spaces, type="TBX-Basic")
        root.set("style", "dct" if style is _DCT else "dca")
        header = etree.SubElement(root, style.tag("tbxHeader"))
    root.set(XML_LANG, "en")
    description = etree.SubElement(header, style.tag("fileDesc"))
    title = etree.SubElement(etree.SubElement(description, style.tag("titleStmt")), style.tag("title"))
    title.text = name
    source = etree.SubElement(etree.SubElement(description, style.tag("sourceDesc")), style.tag("p"))
    source.text = f"Written by workbench from the glossary “{name}”" + (f" as of {date[:10]}." if date else ".")
    if style is _OLD:
        encoding = etree.SubElement(etree.SubElement(header, "encodingDesc"), "p", type="XCSURI")
        encoding.text = "TBXXCSV02.xcs"
    body = etree.SubElement(etree.SubElement(root, style.tag("text")), style.tag("body"))
    ids = {c.id for c in concepts}
    for concept in sorted(concepts, key=lambda c: c.id):
        body.append(_entry(concept, style, ids))
    return root


def _entry(concept: Concept, style: _Style, ids: set[str]) -> Any:
    entry = etree.Element(style.tag(style.entry), id=_xml_id(concept.id))
    if concept.domain:
        entry.append(style.make("subjectField", concept.domain, style.space))
    for other in concept.related:
        if other in ids:  # a target has to exist in the file
            reference = style.make("crossReference", other, style.space)
            reference.set("target", _xml_id(other))
            entry.append(reference)
    sections: dict[str, list[Term]] = {}
    for term in concept.terms:
        sections.setdefault(term.language, []).append(term)
    for language, terms in sections.items():
        section = etree.SubElement(entry, style.tag(style.language))
        section.set(XML_LANG, language)
        defined = next((t for t in terms if t.definition), None)
        if defined is not None:
            group = etree.SubElement(section, style.tag("descripGrp"))
            group.append(style.make("definition", defined.definition, style.space))
            if defined.source:
                group.append(style.make("source", defined.source, style.space))
        for term in terms:
            section.append(_term(term, style))
    return entry


def _term(term: Term, style: _Style) -> Any:
    section = etree.Element(style.tag(style.term))
    etree.SubElement(section, style.tag("term")).text = term.text
    notes: list[tuple[str, str]] = []
    if term.part_of_speech:
        proper = style is _OLD and term.part_of_speech == "proper noun"
        notes.append(("partOfSpeech", "properNoun" if proper else _POS[term.part_of_speech]))
    if term.gender:
        notes.append(("grammaticalGender", _GENDER[term.gender]))
    if term.number and style is _OLD:
        notes.append(("grammaticalNumber", "mass" if term.number == "uncountable" else term.number))
    notes += [("termType", _TYPE[term.type]), ("administrativeStatus", _STATUS[term.status])]
    for category, value in notes:
        section.append(style.make(category, value, style.space))
    if term.example:
        group = etree.SubElement(section, style.tag("descripGrp"))
        group.append(style.make("context", term.example, style.space))
    if term.note:
        etree.SubElement(section, style.tag("note")).text = term.note
    return section


def _xml_id(identity: str) -> str:
    return "c-" + identity  # an XML id may not begin with a digit


def _bearer(terms: Sequence[Term], language: str) -> Term | None:
    """Return the term a language section's definition belongs to."""
    mine = [t for t in terms if t.language == language]
    full = [t for t in mine if t.status is Status.PREFERRED and not t.type.shortened]
    return next(iter(full or mine), None)


# Reading -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """What reading a file has gathered."""

    name: str
    warnings: list[Sentence] = field(default_factory=list)
    lines: dict[tuple[str, str, str], int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


def read(data: bytes, name: str) -> GlossaryFile:
    """Read a TBX file of any version, style and dialect.

    Args:
        data: The whole file.
        name: Its name, for messages.

    Raises:
        FormatError: it is no well-formed XML or no TBX, or no section names its language; the message names line and
            column.
    """
    if len(data) > MAX_BYTES:
        raise FormatError("{name} is larger than {limit} MB: split it.", name=shown(name), limit=MAX_BYTES // 2**20)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(data.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise FormatError(
            "{name}, line {line}, column {column}: this is not well-formed XML ({reason}).",
            name=shown(name),
            line=line,
            column=column,
            reason=error.msg,
        ) from error
    if _name(root) not in ("tbx", "martif"):
        raise FormatError(
            "{name} is no TBX: it begins with <{element}> instead of <tbx> or <martif>.",
            name=shown(name),
            element=_name(root),
        )
    entity = next(root.iter(etree.Entity), None)
    if entity is not None:
        raise FormatError(
            "{name}, line {line}: the entity {entity} is the file's own, which is not read for "
            "safety: write its text instead.",
            name=shown(name),
            line=entity.sourceline,
            entity=entity.text,
        )
    reading = _Reading(name)
    dialect = root.get("type", "")
    if _name(root) == "tbx" and dialect not in ("TBX-Basic", "TBX-Min", "TBX-Core", "TBX-Linguist"):
        reading.warnings.append(
            sentence(
                "{name}: the dialect “{dialect}” is not known; it was read as far as possible.",
                name=shown(name), dialect=dialect,
            )
        )  # fmt: skip
    entries = [e for e in root.iter() if _name(e) in ("conceptEntry", "termEntry")]
    raw_ids = [e.get("id", "") for e in entries]
    ours = bool(raw_ids) and all(i.startswith("c-") for i in raw_ids)
    ids: dict[str, str] = {}
    for number, raw in enumerate(raw_ids):
        wanted = raw[2:] if ours else raw
        ids[raw or f"#{number}"] = concept_id(wanted or _first_term(entries[number]), ids.values())
    concepts = []
    for number, entry in enumerate(entries):
        concept = _read_entry(entry, ids[raw_ids[number] or f"#{number}"], ids, reading)
        if concept is not None:
            concepts.append(concept)
    if not concepts:
        without = next((e for e in root.iter() if _name(e) in ("langSec", "langSet")), None)
        if without is not None:
            raise FormatError(
                "{name}, line {line}: no language section says its language (xml:lang) and has a term.",
                name=shown(name),
                line=without.sourceline,
            )
        raise FormatError("{name} holds no concept.", name=shown(name))
    for category, count in reading.unknown.items():
        reading.warnings.append(
            sentence(
                "{name}: entries “{category}” ({count}) have no place here and were left out.",
                name=shown(name), category=category, count=count,
            )
        )  # fmt: skip
    fields = FIELDS if _name(root) == "tbx" else FIELDS_2008
    return GlossaryFile(tuple(concepts), tuple(reading.warnings), reading.lines, fields)


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: Any) -> str:
    return tidy("".join(element.itertext()))


def _first_term(entry: Any) -> str:
    return next((_text(e) for e in entry.iter() if _name(e) == "term"), "concept")


_CONTAINERS = frozenset(("descripGrp", "adminGrp", "termNoteGrp", "termGrp", "transacGrp"))


def _categories(element: Any, stop: Iterable[str] = ()) -> Iterator[tuple[str, str, Any]]:
    """Yield (data category, text, element) below an element, whichever style it has, not going into ``stop``."""
    for child in element:
        name = _name(child)
        if not name or name in stop or name == "transacGrp":
            continue
        if name in _CONTAINERS:
            yield from _categories(child, stop)
        elif name in ("descrip", "admin", "termNote", "ref", "xref", "adminNote", "descripNote"):
            yield child.get("type", "").replace(" ", ""), _text(child), child
        elif name == "note":
            yield "note", _text(child), child
        elif name not in ("term", "langSec", "langSet", "termSec", "tig", "ntig"):
            yield name, _text(child), child


def _read_entry(entry: Any, identity: str, ids: Mapping[str, str], reading: _Reading) -> Concept | None:
    sections = ("langSec", "langSet")
    domain, related, definition, source, notes = "", [], "", "", []
    for category, text, element in _categories(entry, sections):
        if category == "subjectField":
            domain = domain or text
        elif category in ("crossReference", "relatedConcept"):
            target = ids.get(element.get("target", ""))
            if target:
                related.append(target)
        elif category == "definition":
            definition = definition or text.removeprefix("-").strip()
        elif category == "source":
            source = source or text
        elif category == "note":
            notes.append(text)
        elif text:
            reading.unknown[category] = reading.unknown.get(category, 0) + 1
    terms: list[Term] = []
    for section in entry:
        if _name(section) not in sections:
            continue
        language = _section_language(section, reading)
        if language:
            terms.extend(_read_section(section, language, identity, reading))
    terms = _unique(terms, identity, reading)
    if not terms:
        return None
    if definition and not any(t.definition for t in terms):
        terms[0] = replace(terms[0], definition=definition, source=terms[0].source or source)
    if notes:
        terms[0] = replace(terms[0], note=" ".join(part for part in (terms[0].note, *notes) if part))
    return Concept(identity, domain, tuple(terms), tuple(dict.fromkeys(r for r in related if r != identity)))


def _section_language(section: Any, reading: _Reading) -> str | None:
    code = section.get(XML_LANG) or section.get("lang") or ""
    try:
        return normalise_code(code)
    except UsageError:
        lost = ", ".join(f"“{_text(e)}”" for e in section.iter() if _name(e) == "term") or "–"
        place = {"name": shown(reading.name), "line": section.sourceline, "terms": lost}
        reading.warnings.append(
            sentence("{name}, line {line}: “{code}” is no language code; left out: {terms}.", **place, code=code)
            if code
            else sentence(
                "{name}, line {line}: this section does not say its language (xml:lang); left out: {terms}.", **place
            )
        )
        return None


def _read_section(section: Any, language: str, identity: str, reading: _Reading) -> list[Term]:
    containers = ("termSec", "tig", "ntig")
    definition = source = ""
    notes: list[str] = []
    for category, text, _ in _categories(section, containers):
        if category == "definition":
            definition = definition or text
        elif category == "source":
            source = source or text
        elif category == "note":
            notes.append(text)
        elif text:
            reading.unknown[category] = reading.unknown.get(category, 0) + 1
    terms: list[Term] = []
    for container in section:
        if _name(container) not in containers:
            continue
        for element in container.iter():
            if _name(element) == "term":
                made = _read_term(element, container, language, reading)
                if made is not None:
                    terms.append(made)
                    reading.lines.setdefault((identity, language, made.text), element.sourceline)
    bearer = _bearer(terms, language)
    if bearer is not None:
        changed = replace(bearer, note=" ".join(part for part in (bearer.note, *notes) if part))
        if definition and not bearer.definition:
            changed = replace(changed, definition=definition, source=source or bearer.source)
        terms[terms.index(bearer)] = changed
    return terms


def _read_term(element: Any, container: Any, language: str, reading: _Reading) -> Term | None:
    values: dict[str, Any] = {}
    notes: list[str] = []
    for category, text, _ in _categories(container):
        plain = re.sub(r"[^a-z]", "", text.lower())
        if category in ("administrativeStatus", "normativeAuthorization", "usageStatus"):
            status = _READ_STATUS.get(re.sub("admnsts$", "", plain))
            if status is None:
                reading.warnings.append(
                    sentence(
                        "{name}, line {line}: the status “{status}” of “{term}” is not known; it is read as admitted.",
                        name=shown(reading.name), line=element.sourceline, status=text, term=_text(element),
                    )
                )  # fmt: skip
            values["status"] = status or Status.ADMITTED
        elif category == "termType":
            values["type"] = _READ_TYPE.get(plain, TermType.FULL)
        elif category == "partOfSpeech":
            values["part_of_speech"] = _READ_POS.get(plain, "other")
        elif category in ("grammaticalGender", "gender"):
            values["gender"] = _READ_GENDER.get(plain, "other")
        elif category in ("grammaticalNumber", "number"):
            values["number"] = {"singular": "singular", "plural": "plural", "mass": "uncountable"}.get(plain, "other")
        elif category in ("context", "example"):
            values.setdefault("example", text)
        elif category == "definition":
            values.setdefault("definition", text)
        elif category == "source":
            values.setdefault("source", text)
        elif category == "note":
            notes.append(text)
        elif category == "geographicalUsage" and re.fullmatch(r"[A-Z]{2}|419", text) and "-" not in language:
            language = f"{base_language(language)}-{text}"
        elif text:
            reading.unknown[category] = reading.unknown.get(category, 0) + 1
    if notes:
        values["note"] = " ".join(notes)
    if "source" in values and "definition" not in values:
        # The source of an example: kept where it can be seen.
        values["note"] = " ".join(p for p in (values.get("note", ""), f"[{values.pop('source')}]") if p)
    try:
        return Term(language, _text(element), **values)
    except UsageError as error:
        reading.warnings.append(
            sentence(
                "{name}, line {line}: {error} It was left out.",
                name=shown(reading.name), line=element.sourceline, error=error,
            )
        )  # fmt: skip
        return None


def _unique(terms: Sequence[Term], identity: str, reading: _Reading) -> list[Term]:
    found: dict[tuple[str, str], Term] = {}
    for term in terms:
        if term.key in found:
            reading.warnings.append(
                sentence(
                    "{name}: “{term}” ({language}) stands twice in “{identity}”; once is kept.",
                    name=shown(reading.name), term=term.text, language=term.language, identity=identity,
                )
            )  # fmt: skip
        found.setdefault(term.key, term)
    return list(found.values())
