"""The glossary as PO files, as Weblate and Poedit keep one: a file for each source→target pair, a POT for each source.

- ``msgid`` is a source term, ``msgstr`` the target's preferred term (its preferred acronym for an acronym).
- ``msgctxt`` stands only where one source term names two concepts (then it is the concept's id) and for variants,
  which in Weblate differ by ``msgctxt`` alone: a further accepted target term, or a deprecated or forbidden one, which
  carries the flag ``forbidden``.
- ``#.`` holds definition, domain, part of speech, status and grammar, a line ``key: value`` each; ``#`` the notes for
  translators; ``#:`` the concept's id; ``#,`` Weblate's flags ``terminology`` (a preferred term), ``read-only`` (a
  name that is the same in both languages) and ``forbidden``.

Entries follow the concepts' ids, so that a diff shows what changed and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polib

from workbench.core.languages import base_language, normalise_code
from workbench.core.terms import (
    Concept,
    GlossaryExport,
    GlossaryFile,
    Status,
    Term,
    TermType,
    concept_id,
    tidy,
)
from workbench.errors import FormatError, Sentence, UsageError, mark, sentence
from workbench.formats.decoding import decode, shown

PLURAL_FORMS: Mapping[str, str] = {
    "fr": "nplurals=2; plural=n > 1;",
    "pt-BR": "nplurals=2; plural=n > 1;",
    "es": "nplurals=2; plural=n != 1;",
    "pt": "nplurals=2; plural=n != 1;",
    "en": "nplurals=2; plural=n != 1;",
}
"""As in the Unicode plural rules reduced to two forms, the way gettext catalogues of these languages write them."""

GENERATOR = "workbench"
ID_PREFIX = "concept:"
_CARRIED = (
    "text", "language", "status", "type", "part_of_speech", "gender", "number", "expansion", "use_instead",
    "definition", "example", "note",
)  # fmt: skip
FIELDS = frozenset((*_CARRIED, "domain", "id"))
LOST = mark("plural, feminine and feminine plural forms, words of context, sources and related concepts")

# key in a "#." line → attribute of Term; {side} is "source" or "target".
_KEYS = {
    "language": "language", "status": "status", "type": "type", "part of speech": "part_of_speech",
    "gender": "gender", "number": "number", "expansion": "expansion", "use instead": "use_instead",
    "definition": "definition", "example": "example",
}  # fmt: skip
_LINE = re.compile(rf"(domain|(source|target) ({'|'.join(_KEYS)})): (.*)\Z")
_NOTE = re.compile(r"(source|target) note: (.*)\Z")
_DEFAULTS = {"status": "preferred", "type": "full"}


def write(
    concepts: Sequence[Concept],
    *,
    name: str,
    date: str,
    pairs: Sequence[tuple[str, str]],
    existing: Mapping[str, bytes] | None = None,
) -> GlossaryExport:
    """Make ``<name>.<source>-<target>.po`` for each pair and ``<name>.<source>.pot`` for each source.

    Args:
        concepts: The glossary.
        name: Its name.
        date: ISO 8601 time written as the files' date: that of the last change, so that a second export is equal.
        pairs: (source, target) languages.
        existing: Earlier files by name. Translators' comments in them are kept, so are translations where the
            glossary has none, and entries that are not the glossary's.

    Raises:
        UsageError: a language code is malformed, or a pair is of one language.
    """
    ordered = sorted(concepts, key=lambda c: c.id)
    files: dict[str, bytes] = {}
    losses = [sentence("PO carries two languages a file and none of: {fields}.", fields=Sentence(LOST))]
    for source, target in dict.fromkeys((normalise_code(a), normalise_code(b)) for a, b in pairs):
        if base_language(source) == base_language(target):
            raise UsageError(
                "{source} and {target} are one language: a PO file needs two.", source=source, target=target
            )
        file_name = f"{name}.{source}-{target}.po"
        entries, left_out = _pair_entries(ordered, source, target)
        old = (existing or {}).get(file_name)
        kept: list[polib.POEntry] = []
        if old is not None:
            kept, notes = _keep(entries, old, file_name)
            losses.extend(notes)
        files[file_name] = _serialise([*entries, *kept], name, date, target)
        if left_out:
            listed = ", ".join(left_out[:8]) + (f" and {len(left_out) - 8} more" if len(left_out) > 8 else "")
            losses.append(
                sentence("{name}: no {language} term for {terms}.", name=file_name, language=source, terms=listed)
            )
    for source in dict.fromkeys(normalise_code(a) for a, _ in pairs):
        files[f"{name}.{source}.pot"] = _serialise(_template_entries(ordered, source), name, date, None)
    return GlossaryExport(files, tuple(losses))


def _sources(concepts: Iterable[Concept], language: str) -> list[tuple[Concept, Term, str]]:
    """Return each concept's source terms with the ``msgctxt`` they need: the concept's id where a spelling names
    several concepts, the region where one concept has a spelling twice."""
    found: list[tuple[Concept, Term, bool]] = []
    homes: dict[str, set[str]] = {}
    for concept in concepts:
        seen: set[str] = set()
        for term in sorted(concept.terms_in(language), key=lambda t: list(Status).index(t.status)):
            found.append((concept, term, term.text in seen))
            seen.add(term.text)
            homes.setdefault(term.text, set()).add(concept.id)
    return [
        (concept, term, " | ".join(p for p in (
            concept.id if len(homes[term.text]) > 1 else "", term.language if again else ""
        ) if p))
        for concept, term, again in found
    ]  # fmt: skip


def _pair_entries(concepts: Sequence[Concept], source: str, target: str) -> tuple[list[polib.POEntry], list[str]]:
    entries: list[polib.POEntry] = []
    taken: set[tuple[str, str]] = set()
    left_out = [c.id for c in concepts if c.terms_in(target) and not c.terms_in(source)]
    first_of: set[str] = set()
    for concept, term, homograph in _sources(concepts, source):
        best = concept.preferred(target, shortened=term.type.shortened) or concept.preferred(target)
        entries.append(_entry(concept, term, best, homograph, taken))
        if concept.id in first_of:
            continue  # variants of the target hang on the concept's first source term only
        first_of.add(concept.id)
        shown_terms = {best.key} if best else set()
        acronym = concept.preferred(target, shortened=True)
        if acronym and any(t.type.shortened for t in concept.terms_in(source)):
            shown_terms.add(acronym.key)
        for other in concept.terms_in(target):
            if other.key not in shown_terms:
                context = f"{other.status}: {other.text}" + (
                    f" ({other.language})" if other.language != base_language(target) else ""
                )
                context = f"{homograph} | {context}" if homograph else context
                entries.append(_entry(concept, term, other, context, taken))
    return entries, left_out


def _template_entries(concepts: Sequence[Concept], source: str) -> list[polib.POEntry]:
    taken: set[tuple[str, str]] = set()
    return [_entry(concept, term, None, context, taken) for concept, term, context in _sources(concepts, source)]


def _entry(
    concept: Concept, source: Term, target: Term | None, context: str, taken: set[tuple[str, str]]
) -> polib.POEntry:
    while (context, source.text) in taken:  # two spellings that differ in nothing PO can say
        context += " ′"
    taken.add((context, source.text))
    lines = [f"domain: {concept.domain}"] if concept.domain else []
    notes = []
    for side, term in (("source", source), ("target", target)):
        if term is None:
            continue
        for key, attribute in _KEYS.items():
            value = str(getattr(term, attribute))
            default = base_language(value) if attribute == "language" else _DEFAULTS.get(attribute, "")
            if attribute == "status" or value != default:
                lines.append(f"{side} {key}: {value}")
        if term.note:
            notes.append(f"{side} note: {term.note}")
    flags = []
    if target is not None and not target.status.accepted:
        flags.append("forbidden")
    elif source.status is Status.PREFERRED and (target is None or target.status is Status.PREFERRED):
        flags.append("terminology")
    name = "proper noun"
    if target is not None and source.text == target.text and name in (source.part_of_speech, target.part_of_speech):
        flags.append("read-only")
    return polib.POEntry(
        msgid=source.text, msgstr=target.text if target else "", msgctxt=context or None,
        comment="\n".join(lines), tcomment="\n".join(notes), occurrences=[(f"{ID_PREFIX}{concept.id}", "")],
        flags=flags,
    )  # fmt: skip


def _keep(entries: list[polib.POEntry], old: bytes, name: str) -> tuple[list[polib.POEntry], list[Sentence]]:
    """Bring what translators wrote in an earlier file into new entries; return its own entries and notes."""
    before = _parse(old, name)[0]
    by_key = {(e.msgctxt or "", e.msgid): e for e in before}
    notes = []
    for entry in entries:
        was = by_key.pop((entry.msgctxt or "", entry.msgid), None)
        if was is None:
            continue
        theirs = [line for line in was.tcomment.split("\n") if line and not _NOTE.match(line)]
        entry.tcomment = "\n".join(part for part in (entry.tcomment, *theirs) if part)
        entry.flags += [flag for flag in was.flags if flag not in entry.flags and flag not in _OWN_FLAGS]
        if not entry.msgstr:
            entry.msgstr = was.msgstr
        elif was.msgstr and was.msgstr != entry.msgstr:
            notes.append(
                sentence(
                    "{name}: “{term}” was translated “{theirs}” in the file; the glossary says “{ours}”. Import the "
                    "file first to keep its wording.",
                    name=name, term=entry.msgid, theirs=was.msgstr, ours=entry.msgstr,
                )
            )  # fmt: skip
    own = [e for e in by_key.values() if not _identity(e) and not e.obsolete]
    gone = len([e for e in by_key.values() if _identity(e) and not e.obsolete])
    if gone:
        notes.append(
            sentence(
                "{name}: entries of the earlier file that are no longer in the glossary ({count}) were left out.",
                name=name, count=gone,
            )
        )  # fmt: skip
    return own, notes


_OWN_FLAGS = frozenset(("terminology", "read-only", "forbidden"))


def _serialise(entries: Iterable[polib.POEntry], name: str, date: str, target: str | None) -> bytes:
    po = polib.POFile(wrapwidth=0)  # unwrapped lines: one changed word changes one line of a diff
    stamp = _stamp(date)
    po.header = f"Glossary “{name}”."
    po.metadata = {
        "Project-Id-Version": name,
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": stamp,
        "PO-Revision-Date": stamp if target else "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "workbench <workbench@localhost>" if target else "FULL NAME <EMAIL@ADDRESS>",
        "Language-Team": f"{target} <workbench@localhost>" if target else "LANGUAGE <LL@li.org>",
        "Language": target.replace("-", "_") if target else "",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS.get(target, PLURAL_FORMS.get(base_language(target), PLURAL_FORMS["en"]))
        if target
        else "nplurals=INTEGER; plural=EXPRESSION;",
        "X-Generator": GENERATOR,
    }
    if target is None:
        po.metadata_is_fuzzy = True
    po.extend(entries)
    return (str(po).rstrip("\n") + "\n").encode()


def _stamp(date: str) -> str:
    """Turn an ISO 8601 UTC time into gettext's form."""
    match = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)", date)
    return f"{match[1]} {match[2]}+0000" if match else "1970-01-01 00:00+0000"


# Reading -----------------------------------------------------------------------------------------------------


def read(data: bytes, name: str) -> GlossaryFile:
    """Read a glossary PO file, ours or another program's.

    Entries that name no concept become concepts of their own, one for each source term and ``msgctxt``.

    Args:
        data: The whole file.
        name: Its name; ``x.fr-es.po`` names the languages of a file that does not say them itself.

    Raises:
        FormatError: it is no PO, or its languages cannot be found out.
    """
    po, warnings = _parse(data, name)
    source, target = _languages(po, name)
    found: dict[str, list[Term]] = {}
    domains: dict[str, str] = {}
    lines: dict[tuple[str, str, str], int] = {}
    seen: dict[tuple[str, str], str] = {}
    owner: dict[str, str] = {}  # source term of a foreign file → concept id: variants differ by msgctxt alone
    for entry in po:
        if entry.obsolete or not entry.msgid.strip() or "fuzzy" in entry.flags:
            if entry.msgid.strip() and not entry.obsolete:
                warnings.append(
                    sentence(
                        "{name}, line {line}: “{term}” is fuzzy and was left out.",
                        name=shown(name), line=entry.linenum, term=entry.msgid,
                    )
                )  # fmt: skip
            continue
        key = (entry.msgctxt or "", entry.msgid)
        if key in seen and seen[key] != entry.msgstr:
            warnings.append(
                sentence(
                    "{name}, line {line}: “{term}” stands in the file twice; its second translation “{variant}” is "
                    "taken as a variant.",
                    name=shown(name), line=entry.linenum, term=entry.msgid, variant=entry.msgstr,
                )
            )  # fmt: skip
        seen.setdefault(key, entry.msgstr)
        identity = _identity(entry) or owner.get(entry.msgid) or concept_id(entry.msgid, {*found})
        owner.setdefault(entry.msgid, identity)
        try:
            domain, pair = _read_entry(entry, source, target)
        except UsageError as error:
            raise FormatError(
                "{name}, line {line}: {error}", name=shown(name), line=entry.linenum, error=error
            ) from error
        domains[identity] = domains.get(identity) or domain
        terms = found.setdefault(identity, [])
        for term in pair:
            _add(terms, term)
            lines.setdefault((identity, term.language, term.text), entry.linenum)
    concepts = []
    for identity, terms in found.items():
        try:
            concepts.append(Concept(identity, domains[identity], tuple(terms)).sorted())
        except UsageError as error:
            raise FormatError("{name}: {error}", name=shown(name), error=error) from error
    ours = po.metadata.get("X-Generator") == GENERATOR
    fields = FIELDS if ours else frozenset(("text", "language", "status", "note"))
    languages = frozenset((base_language(source), *([base_language(target)] if target else ())))
    return GlossaryFile(tuple(concepts), tuple(warnings), lines, fields, languages)


def _parse(data: bytes, name: str) -> tuple[polib.POFile, list[Sentence]]:
    head = data[:4000].decode("ascii", "replace")
    charset = re.search(r"charset=([\w-]+)", head)
    decoded = decode(data, name, declared=charset[1] if charset else None)
    warnings = list(decoded.warnings)
    text = decoded.text
    if "msgid" not in text:
        raise FormatError("{name} is no PO file: it has no line beginning with msgid.", name=shown(name))
    try:
        po = polib.pofile(text if "\n" in text else text + "\n", wrapwidth=0)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        place = re.search(r"line (\d+)", str(error))
        where = f", line {place[1]}" if place else ""
        raise FormatError(
            "{name}{where}: this is not valid PO ({error}).", name=shown(name), where=where, error=str(error)[:120]
        ) from error
    if getattr(po, "metadata_is_fuzzy", False):
        warnings.append(sentence("{name}: the header is marked fuzzy; it was read as it stands.", name=shown(name)))
    return po, warnings


def _languages(po: Any, name: str) -> tuple[str, str]:
    in_name = re.search(r"\.([a-z]{2}(?:[-_][A-Z0-9]{2,3})?)-([a-z]{2}(?:[-_][A-Z0-9]{2,3})?)\.po\Z", shown(name))
    template = re.search(r"\.([a-z]{2}(?:[-_][A-Z0-9]{2,3})?)\.pot\Z", shown(name))
    source = in_name[1] if in_name else template[1] if template else po.metadata.get("X-Source-Language", "")
    target = "" if template else po.metadata.get("Language", "") or (in_name[2] if in_name else "")
    if not source and target:
        source = "en" if base_language(target) != "en" else ""
    if not source or (not target and not template):
        raise FormatError(
            "{name} does not say its languages: name it like glossary.fr-es.po (source, then target).", name=shown(name)
        )
    try:
        return normalise_code(source), normalise_code(target) if target else ""
    except UsageError as error:
        raise FormatError("{name}: the header's Language is wrong: {error}", name=shown(name), error=error) from error


def _identity(entry: polib.POEntry) -> str:
    """Return the concept id in the references, empty if there is none."""
    for place, _line in entry.occurrences:
        if place.startswith(ID_PREFIX):
            identity = place[len(ID_PREFIX) :]
            if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", identity):
                return str(identity)
    return ""


def _read_entry(entry: polib.POEntry, source: str, target: str) -> tuple[str, list[Term]]:
    sides: dict[str, dict[str, str]] = {"source": {}, "target": {}}
    domain = ""
    last: tuple[str, str] | None = None
    for line in entry.comment.split("\n"):
        match = _LINE.match(line)
        if match and match[1] == "domain":
            domain, last = match[4], None
        elif match:
            last = (match[2], _KEYS[match[3]])
            sides[last[0]][last[1]] = match[4]
        elif last and line:  # a program that wraps comments has broken a long one
            sides[last[0]][last[1]] += " " + line.strip()
    remarks = []
    for line in entry.tcomment.split("\n"):
        note = _NOTE.match(line)
        if note:
            sides[note[1]]["note"] = note[2]
        elif line.strip():
            remarks.append(line.strip())
    if remarks and not sides["target"].get("note"):
        sides["target"]["note"] = " ".join(remarks)
    terms = [_term(sides["source"], entry.msgid, source)]
    if target and entry.msgstr.strip():
        if "forbidden" in entry.flags and sides["target"].get("status") not in ("forbidden", "deprecated"):
            sides["target"]["status"] = "forbidden"
        elif entry.msgctxt and "status" not in sides["target"]:
            sides["target"]["status"] = "admitted"
        terms.append(_term(sides["target"], entry.msgstr, target))
    return domain, terms


def _term(values: dict[str, str], text: str, language: str) -> Term:
    cells: dict[str, Any] = {"language": base_language(language) if values else language, **values}
    if cells.get("status", "preferred") not in list(Status):
        raise UsageError(
            "“{status}” is no status: write one of {known}.", status=cells["status"], known=", ".join(Status)
        )
    if cells.get("type", "full") not in list(TermType):
        raise UsageError(
            "“{type}” is no type of term: write one of {known}.", type=cells["type"], known=", ".join(TermType)
        )
    return Term(text=tidy(text), **cells)


def _add(terms: list[Term], term: Term) -> None:
    """Add a term, or complete the one that is there: a term stands in several entries."""
    for n, other in enumerate(terms):
        if other.key == term.key:
            missing = {
                name: getattr(term, name) for name in _CARRIED if not getattr(other, name) and getattr(term, name)
            }
            terms[n] = replace(other, **missing) if missing else other
            return
    terms.append(term)
