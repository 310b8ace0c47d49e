"""Reading TBX of any version, style and dialect: by the names of the data categories, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree

from workbench.core.languages import base_language, normalise_code
from workbench.core.terms import Concept, GlossaryFile, Status, Term, TermType, concept_id, tidy
from workbench.errors import FormatError, Sentence, UsageError, sentence
from workbench.formats.decoding import shown
from workbench.formats.tbx import FIELDS, FIELDS_2008, TYPES, XML_LANG, bearer_of

MAX_BYTES = 200 * 1024 * 1024  # IATE's whole export is larger; it comes in parts

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
_READ_TYPE = {
    **{value.lower(): key for key, value in TYPES.items()},
    "initialism": TermType.ACRONYM, "abbreviatedform": TermType.ABBREVIATION, "spellingvariant": TermType.VARIANT,
    "orthographicalvariant": TermType.VARIANT, "shortcut": TermType.SHORT,
}  # fmt: skip
_READ_POS = {**{p: p for p in ("noun", "verb", "adjective", "adverb", "other")}, "propernoun": "proper noun",
             "n": "noun", "v": "verb", "adj": "adjective", "adv": "adverb"}  # fmt: skip
_READ_GENDER = {**{g: g for g in ("masculine", "feminine", "neuter")}, "other": "common", "m": "masculine",
                "f": "feminine", "n": "neuter", "otherGender": "common"}  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """What reading a file has gathered."""

    name: str
    warnings: list[Sentence] = field(default_factory=list)
    lines: dict[tuple[str, str, str], int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Said:
    """What an entry or a language section says beside its terms; of several definitions and sources the first."""

    definition: str = ""
    source: str = ""
    notes: list[str] = field(default_factory=list)

    def hear(self, category: str, text: str, reading: _Reading) -> None:
        """Keep a data category, or count it as unknown."""
        if category == "definition":
            self.definition = self.definition or text
        elif category == "source":
            self.source = self.source or text
        elif category == "note":
            self.notes.append(text)
        elif text:
            reading.unknown[category] = reading.unknown.get(category, 0) + 1

    def after(self, note: str) -> str:
        """Return a term's own note with these after it."""
        return " ".join(part for part in (note, *self.notes) if part)


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
    domain, related, said = "", [], _Said()
    for category, text, element in _categories(entry, sections):
        if category == "subjectField":
            domain = domain or text
        elif category in ("crossReference", "relatedConcept"):
            target = ids.get(element.get("target", ""))
            if target:
                related.append(target)
        else:
            said.hear(category, text.removeprefix("-").strip() if category == "definition" else text, reading)
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
    if said.definition and not any(t.definition for t in terms):
        terms[0] = replace(terms[0], definition=said.definition, source=terms[0].source or said.source)
    terms[0] = replace(terms[0], note=said.after(terms[0].note))
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
    said = _Said()
    for category, text, _ in _categories(section, containers):
        said.hear(category, text, reading)
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
    bearer = bearer_of(terms, language)
    if bearer is not None:
        changed = replace(bearer, note=said.after(bearer.note))
        if said.definition and not bearer.definition:
            changed = replace(changed, definition=said.definition, source=said.source or bearer.source)
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
