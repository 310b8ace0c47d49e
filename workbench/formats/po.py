"""PO and POT: read with polib, written back by replacing only the translations that changed.

polib and translate-toolkit both rewrap a whole file when they save it; a team that keeps its PO files in version
control wants a diff of what was translated.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from workbench.core.texts import Block, BlockKind, Document, ParsedFile, clean
from workbench.errors import FormatError, sentence
from workbench.formats.codes import Code, Inline, Kind, Mark, Piece, number
from workbench.formats.decoding import Decoded, decode, shown
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
)

_DECLARED = re.compile(r'("Content-Type:[^"]*charset=)([A-Za-z0-9_.:-]+)')
HEADER = 20_000  # letters in which a catalogue's header must stand
_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_KEYWORD = re.compile(r'[ \t]*(?:(#~)[ \t]*)?(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?[ \t]*(".*)')
_MORE = re.compile(r'[ \t]*"')
_FUZZY = re.compile(r",[ \t]*fuzzy\b")
_LANGUAGE = re.compile(r'("Language:[ \t]*)([^"\\]*)(\\n")')


@dataclass(slots=True)
class _Slot:
    """One translation of one entry."""

    entry: Any
    form: int | None  # number of the plural form
    source: Inline
    target: str

    @property
    def block(self) -> Block:
        return Block(self.source.text, BlockKind.UNIT, context=self.entry.msgctxt or "")


def read(data: bytes, name: str) -> ParsedFile:
    """Read a PO or POT: the source column and, where anything is translated, the target column.

    Raises:
        FormatError: it is no PO, with the line.
    """
    decoded, catalogue = _open(data, name)
    slots = _slots(catalogue)
    warnings = list(decoded.warnings)
    fuzzy = sum(entry.fuzzy for entry in _entries(catalogue))
    if fuzzy:
        warnings.append(sentence("Translations marked fuzzy ({count}) were read; they need a look.", count=fuzzy))
    sources = tuple(slot.block for slot in slots)
    source_language = language_code(catalogue.metadata.get("X-Source-Language", "")) or None
    documents = [Document(sources, source_language, warnings=tuple(warnings))]
    if any(slot.target for slot in slots):
        targets = tuple(
            Block(_shown_text(slot.target).text, BlockKind.UNIT, context=slot.entry.msgctxt or "") for slot in slots
        )
        documents.append(Document(targets, language_code(catalogue.metadata.get("Language", "")) or None))
    return ParsedFile(tuple(documents), aligned=True, format=".po")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put translations into the catalogue; comments, order and all other lines keep their bytes.

    Args:
        original: The PO or POT the blocks were read from.
        blocks: A translation for each block of the source column, in order; ``None`` leaves it as it is, an empty
            string removes it.
        language: The translations' language, put into the header.
    """
    decoded, catalogue = _open(original, "the original")
    slots = _slots(catalogue)
    wanted: dict[tuple[int, int | None], str] = {}
    order = {id(entry): n for n, entry in enumerate(_entries(catalogue))}
    for slot, new in zip(slots, blocks, strict=False):
        if new is None or clean(new) == clean(_shown_text(slot.target).text):
            continue
        text = _as_written(new, slot)
        wanted[order[id(slot.entry)], slot.form] = text
    if not wanted:
        return original
    out = _splice(decoded.text, wanted, {})
    out = _LANGUAGE.sub(lambda match: f"{match.group(1)}{language.replace('-', '_')}{match.group(3)}", out, count=1)
    return _encoded(decoded, out)


def add_notes(data: bytes, notes: Mapping[int, Sequence[tuple[str, str]]]) -> bytes:
    """Write comments into a catalogue as translators' comments; one that stands there already is not repeated.

    Args:
        data: A PO file.
        notes: By number of the block: (who, what).
    """
    if not notes:
        return data
    decoded, catalogue = _open(data, "the file")
    order = {id(entry): n for n, entry in enumerate(_entries(catalogue))}
    lines: dict[int, list[str]] = {}
    for block, slot in enumerate(_slots(catalogue)):
        for by, said in notes.get(block, ()):
            words = [clean(line) for line in f"{by}: {said}".splitlines()]
            lines.setdefault(order[id(slot.entry)], []).extend(line for line in words if line)
    return _encoded(decoded, _splice(decoded.text, {}, lines))


def _encoded(decoded: Decoded, text: str) -> bytes:
    """Write a catalogue in its encoding, or in UTF-8 where that lacks a letter; its header then says so."""
    charset = _DECLARED.search(text[:HEADER])
    declared = charset.group(2) if charset else ""
    if not text.isascii() and not decoded.bom:
        # Editors take Windows-1252 for Latin-1; gettext takes the header at its word.
        encoding = "latin_1" if declared.lower().replace("_", "-") == "iso-8859-1" else decoded.encoding
        try:
            return text.encode(encoding) if _same_encoding(encoding, declared) else _in_utf8(text)
        except UnicodeEncodeError:
            return _in_utf8(text)
    return decoded.encode(text)


def _same_encoding(encoding: str, declared: str) -> bool:
    try:
        return not declared or codecs.lookup(encoding).name == codecs.lookup(declared).name
    except LookupError:  # “charset=CHARSET”, as xgettext leaves it
        return False


def _in_utf8(text: str) -> bytes:
    return _DECLARED.sub(lambda match: f"{match.group(1)}UTF-8", text, count=1).encode()


def read_units(
    stream: BinaryIO,
    *,
    name: str = "",
    source: str | None = None,
    target: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Item]:
    """Read a PO's translated entries; a plural's other forms are kept as properties.

    Raises:
        FormatError: it is no PO, or nothing says which languages it holds.
    """
    name = name or str(getattr(stream, "name", "") or "the PO file")
    data = stream.read()
    _, catalogue = _open(data, name)
    metadata = catalogue.metadata
    source = source or language_code(metadata.get("X-Source-Language", ""))
    target = target or language_code(metadata.get("Language", ""))
    if not source or not target:
        missing = "source" if not source else "target"
        raise FormatError(
            "{name} does not say its {missing} language: name it (for example --{missing} en).",
            name=shown(name),
            missing=missing,
        )
    for entry in _entries(catalogue):
        properties = [("po:flag", flag) for flag in entry.flags]
        properties += [("po:reference", ":".join(part for part in place if part)) for place in entry.occurrences]
        if entry.previous_msgid:
            properties.append(("po:previous", entry.previous_msgid))
        if entry.previous_msgctxt:
            properties.append(("po:previous context", entry.previous_msgctxt))
        translation = entry.msgstr
        if entry.msgid_plural:
            properties.append(("po:plural", entry.msgid_plural))
            forms = dict(entry.msgstr_plural)
            translation = forms.pop(0, "")
            properties += [(f"po:form {form}", text) for form, text in sorted(forms.items())]
        notes = [text for text in (entry.tcomment,) if text]
        if entry.comment:
            properties.append(("po:comment", entry.comment))
        variants = [ExchangeVariant(source, entry.msgid)]
        if translation:
            variants.append(ExchangeVariant(target, translation))
        yield checked(
            ExchangeUnit(
                tuple(variants),
                source=source,
                context=entry.msgctxt or "",
                properties=tuple(properties),
                notes=tuple(notes),
                line=entry.linenum,
            )
        )
    if progress is not None:
        progress(len(data))


def write_units(units: Iterable[ExchangeUnit], stream: BinaryIO, *, source: str, target: str) -> Report:
    """Write one pair of languages as a PO; two units of equal source and context cannot stand in one catalogue."""
    import polib

    report = Report()
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": target.replace("-", "_"),
        "X-Source-Language": source.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    seen: set[tuple[str, str]] = set()
    for unit in units:
        first, second, others = choose_pair(unit, source, target)
        if first is None or not first.text:
            report.lose("unit without the source language")
            continue
        if (unit.context, first.text) in seen:
            report.lose("another translation of the same source")
            continue
        seen.add((unit.context, first.text))
        entry = polib.POEntry(
            msgid=_lined(first.text, report),
            msgstr=_lined(second.text if second else "", report),
            msgctxt=unit.context or None,
        )
        _write_properties(entry, unit, report)
        _count_lost(unit, first, second, others, source, target, report)
        catalogue.append(entry)
        report.units += 1
    stream.write(str(catalogue).encode("utf-8"))
    return report


def _lined(text: str, report: Report) -> str:
    """PO readers differ on bare carriage returns and control characters: they are not written."""
    out = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x85\u2028\u2029\ud800-\udfff]", "", text.replace("\r\n", "\n"))
    report.lose("characters that PO forbids", out != text)
    return out


def _write_properties(entry: Any, unit: ExchangeUnit, report: Report) -> None:
    plural: dict[int, str] = {}
    for key, value in unit.properties:
        if key == "po:flag" and value.isprintable() and "," not in value:
            entry.flags.append(value)
        elif key == "po:reference" and " " not in value and value.isprintable() and value:
            path, _, line = value.rpartition(":")
            entry.occurrences.append((path, line) if path and line.isdigit() else (value, ""))
        elif key == "po:comment" and _one_paragraph(value):
            entry.comment = value
        elif key == "po:previous":
            entry.previous_msgid = value
        elif key == "po:previous context":
            entry.previous_msgctxt = value
        elif key == "po:plural":
            entry.msgid_plural = value
        elif key.startswith("po:form ") and key[8:].isdigit():
            plural[int(key[8:])] = value
        else:
            report.lose("property", key)
    if entry.msgid_plural:
        entry.msgstr_plural = {0: entry.msgstr, **plural}
        entry.msgstr = ""
    notes = [note for note in unit.notes if note]
    entry.tcomment = notes[0] if notes and _one_paragraph(notes[0]) else ""
    for note in notes[1 if entry.tcomment else 0 :]:
        report.lose("note", note)


def _one_paragraph(text: str) -> bool:
    """Comments lose their outer spaces and blank lines."""
    return text == text.strip() and all(line == line.strip() and line.isprintable() for line in text.split("\n"))


def _count_lost(
    unit: ExchangeUnit,
    first: ExchangeVariant,
    second: ExchangeVariant | None,
    others: Sequence[ExchangeVariant],
    source: str,
    target: str,
    report: Report,
) -> None:
    report.lose("language not asked for", bool(others))
    report.lose("identifier", unit.id)
    report.lose("direction", unit.source != source)
    report.lose("regional code", first.language != source or (second is not None and second.language != target))
    for field in PROVENANCE:
        values = [getattr(unit, field), getattr(first, field), getattr(second, field, "") if second else ""]
        report.lose(field.replace("_", " "), any(values))
    for variant in (first, second):
        if variant is not None:
            report.lose("codes' content", variant.codes)
            report.lose("property of one language", variant.properties)
            report.lose("note of one language", variant.notes)


def _open(data: bytes, name: str) -> tuple[Decoded, Any]:
    import polib

    charset = _DECLARED.search(data[:HEADER].decode("ascii", "replace"))
    decoded = decode(data, name, declared=charset.group(2) if charset else None)
    # A newline in front keeps polib from taking a short text for a file's path; line numbers are corrected below.
    text = "\n" + decoded.text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    if not re.search(r'^[ \t]*msgid[ \t]*"', text, re.M):
        raise FormatError("{name} holds no entries (msgid, msgstr): it is no PO, or it is empty.", name=shown(name))
    _refuse_open_strings(text, name)
    try:
        catalogue = polib.pofile(text, check_for_duplicates=False)
    except (OSError, ValueError, IndexError, KeyError, UnicodeError, AttributeError) as error:
        raise _broken(str(error), name) from error
    for entry in catalogue:
        entry.linenum = max((entry.linenum or 1) - 1, 1)
    return decoded, catalogue


def _refuse_open_strings(text: str, name: str) -> None:
    """polib takes a text that was cut off in mid-string."""
    for n, line in enumerate(text.split("\n")):
        keyword = _KEYWORD.match(line)
        string = keyword.group(4) if keyword else line.strip() if _MORE.match(line) else '""'
        if len(string.rstrip()) < 2 or not string.rstrip().endswith('"'):
            raise FormatError(
                "{name}, line {n}: the text in quotes is not closed. The file is cut off or damaged "
                "there: bring the whole file, or close the quotes.",
                name=shown(name),
                n=n,
            )


def _broken(message: str, name: str) -> FormatError:
    match = re.search(r"\(line (\d+)\)(?:: (.*))?", message)
    if match is None:
        return FormatError(
            "{name}: this is not valid PO. Check its quotes and keywords with msgfmt or an editor such as Poedit.",
            name=shown(name),
        )
    return FormatError(
        "{name}, line {line}: this is not valid PO ({reason}). Check the quotes and keywords there, with msgfmt or an "
        "editor such as Poedit.",
        name=shown(name),
        line=int(match.group(1)) - 1,
        reason=match.group(2) or "–",
    )


def _entries(catalogue: Any) -> list[Any]:
    return [entry for entry in catalogue if not entry.obsolete]


def _slots(catalogue: Any) -> list[_Slot]:
    slots: list[_Slot] = []
    for entry in _entries(catalogue):
        if not entry.msgid_plural:
            slots.append(_Slot(entry, None, _shown_text(entry.msgid), entry.msgstr))
            continue
        forms = dict(entry.msgstr_plural) or {0: "", 1: ""}
        for form, text in sorted(forms.items()):
            shown_source = entry.msgid if form == 0 else entry.msgid_plural
            slots.append(_Slot(entry, form, _shown_text(shown_source), text))
    return slots


def _shown_text(text: str) -> Inline:
    """Line ends inside a text are codes: a translator's editor has no other way to keep them."""
    pieces: list[Piece] = []
    for n, line in enumerate(text.split("\n")):
        if n:
            pieces.append(Mark(Kind.ALONE, Code("\n")))
        pieces.append(line)
    return number(pieces)


def _as_written(new: str, slot: _Slot) -> str:
    if not clean(new):
        return ""
    # The source decides about line ends at the edges: msgfmt refuses translations that differ there.
    parts = slot.source.parse(clean(new))
    return "".join(piece if isinstance(piece, str) else piece.code.payload for piece in parts)


def _quoted(text: str) -> str:
    import polib

    escaped: str = polib.escape(text)
    return f'"{escaped}"'


def _statement(keyword: str, text: str, newline: str) -> str:
    if "\n" not in text.rstrip("\n"):
        return f"{keyword} {_quoted(text)}{newline}"
    lines = re.findall(r"[^\n]*\n|[^\n]+\Z", text)
    return newline.join([f'{keyword} ""', *(_quoted(line) for line in lines)]) + newline


def _splice(text: str, wanted: Mapping[tuple[int, int | None], str], notes: Mapping[int, Sequence[str]]) -> str:
    """Replace the msgstr statements of the wanted entries, counted as polib counts them, and add comments."""
    newline = "\r\n" if "\r\n" in text else "\n"
    out: list[str] = []
    number_of, current, first_id = -1, "", True
    comments = 0  # where the entry's comments begin in out
    dropping = False
    changed = {entry for entry, _ in wanted}
    for match in _LINE.finditer(text):
        line = match.group()
        if not line:
            break
        keyword = _KEYWORD.match(line)
        if keyword is None:
            if _MORE.match(line):
                if not dropping:
                    out.append(line)
            else:
                if dropping or not line.lstrip().startswith("#") or current == "msgstr":
                    comments = len(out)
                current, dropping = "", False
                out.append(line)
            continue
        obsolete, word, form, _ = keyword.groups()
        starts_entry = word == "msgctxt" or (word == "msgid" and current != "msgctxt")
        if starts_entry and not obsolete:
            is_header = first_id and word == "msgid" and _header_follows(text, match.start())
            first_id = False
            if not is_header:
                number_of += 1
                if number_of in changed:
                    out[comments:] = _not_fuzzy(out[comments:])
                if number_of in notes:
                    out[comments:] = _noted(out[comments:], notes[number_of], newline)
        dropping = False
        current = word
        key = (number_of, int(form) if form else None)
        if word == "msgstr" and not obsolete and key in wanted and number_of >= 0:
            end = "" if not line.endswith("\n") else newline
            statement = _statement(f"msgstr[{form}]" if form else "msgstr", wanted[key], newline)
            out.append(statement if end else statement[: -len(newline)])
            dropping = True
        else:
            out.append(line)
    return "".join(out)


def _header_follows(text: str, start: int) -> bool:
    match = re.compile(r'[ \t]*msgid[ \t]*""[ \t]*\r?\n(?![ \t]*")').match(text, start)
    return match is not None


def _noted(lines: list[str], notes: Sequence[str], newline: str) -> list[str]:
    """Add translators' comments to those that stand before an entry, where they belong: before all other kinds."""
    there = {line.strip() for line in lines}
    new = [f"# {note}{newline}" for note in dict.fromkeys(notes) if f"# {note}" not in there]
    at = next((n for n, line in enumerate(lines) if line.startswith(("#.", "#:", "#,", "#|"))), len(lines))
    return [*lines[:at], *new, *lines[at:]]


def _not_fuzzy(lines: list[str]) -> list[str]:
    """A new translation is no longer fuzzy, and what it was matched from no longer matters."""
    out = []
    for line in lines:
        bare = line.lstrip()
        if bare.startswith("#|"):
            continue
        if bare.startswith("#,"):
            line = _FUZZY.sub("", line)
            if line.strip() == "#":
                continue
        out.append(line)
    return out
