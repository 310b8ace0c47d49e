"""TBX, the exchange format of term bases: ISO 30042:2019 in both styles, and the form of 2008.

Written are TBX-Basic of 2019, data categories as tags (``dct``) or as attributes (``dca``), and the ``martif`` form of
2008 that Weblate, OmegaT and translate-toolkit read. Data categories, their levels and picklists follow the published
rules of the TBX-Basic dialect (LTAC Global: ``TBX-Basic_DCA.sch``, the basic and min modules). Reading is in
:mod:`workbench.formats.tbx_read`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from workbench.core.terms import Concept, GlossaryExport, Status, Term, TermType
from workbench.errors import Sentence, sentence

NAMESPACE = "urn:iso:std:iso:30042:ed-2"
MIN = "http://www.tbxinfo.net/ns/min"
BASIC = "http://www.tbxinfo.net/ns/basic"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_STATUS = {
    Status.PREFERRED: "preferredTerm-admn-sts",
    Status.ADMITTED: "admittedTerm-admn-sts",
    Status.DEPRECATED: "supersededTerm-admn-sts",
    Status.FORBIDDEN: "deprecatedTerm-admn-sts",
}
"""TBX's *superseded* is what the network once said, its *deprecated* what it does not want said."""

TYPES = {
    TermType.FULL: "fullForm", TermType.ACRONYM: "acronym", TermType.ABBREVIATION: "abbreviation",
    TermType.SHORT: "shortForm", TermType.VARIANT: "variant",
}  # fmt: skip
_POS = {"noun": "noun", "verb": "verb", "adjective": "adjective", "adverb": "adverb", "proper noun": "noun",
        "phrase": "other", "other": "other"}  # fmt: skip
_GENDER = {"masculine": "masculine", "feminine": "feminine", "neuter": "neuter", "common": "other", "other": "other"}

LOST = ("number", "plural", "feminine", "feminine_plural", "expansion", "use_instead", "context")
LOST_2008 = ("plural", "feminine", "feminine_plural", "expansion", "use_instead", "context")
_ALL = ("id", "domain", "related", "language", "text", "status", "type", "part_of_speech", "gender", "number",
        "definition", "example", "note", "source")  # fmt: skip
# A merge leaves the part of speech as it is: "noun" may stand for the proper noun that TBX-Basic does not have.
FIELDS = frozenset(name for name in _ALL if name not in (*LOST, "part_of_speech"))
FIELDS_2008 = frozenset(name for name in _ALL if name not in LOST_2008)


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
    moved = sum(1 for c in concepts for t in c.terms if t.definition and t is not bearer_of(list(c.terms), t.language))
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
    notes += [("termType", TYPES[term.type]), ("administrativeStatus", _STATUS[term.status])]
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


def bearer_of(terms: Sequence[Term], language: str) -> Term | None:
    """Return the term a language section's definition belongs to."""
    mine = [t for t in terms if t.language == language]
    full = [t for t in mine if t.status is Status.PREFERRED and not t.type.shortened]
    return next(iter(full or mine), None)
