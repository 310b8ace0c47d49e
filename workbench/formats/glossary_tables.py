"""The glossary as tables and pages for people: XLSX (read back too), UTX, HTML for print, and TMX for term look-up."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from workbench.core.languages import LANGUAGES, NATIVE_NAMES, base_language
from workbench.core.terms import Concept, GlossaryExport, GlossaryFile, Status, Term
from workbench.errors import FormatError, sentence
from workbench.formats import glossary_csv
from workbench.formats.decoding import shown

MAX_ROWS = 1_000_000  # a sheet has no more
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


# XLSX --------------------------------------------------------------------------------------------------------


def write_xlsx(concepts: Sequence[Concept], *, name: str) -> GlossaryExport:
    """Make ``<name>.xlsx``: the columns of the CSV, every cell a text, so that nothing is taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("glossary")
    sheet.freeze_panes = "E2"
    widths = {"term": 38, "definition": 60, "example": 50, "note": 40, "concept": 28}
    for number, column in enumerate(glossary_csv.COLUMNS):
        sheet.column_dimensions[_letter(number)].width = widths.get(column, 14)

    def cell(value: str, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value=_ILLEGAL.sub("", value) or None)
        if value:
            made.data_type = "s"  # openpyxl makes a formula of what begins with "="
            made.quotePrefix = True
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(column, bold=True) for column in glossary_csv.COLUMNS])
    for row in glossary_csv.table(concepts):
        sheet.append([cell(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return GlossaryExport({f"{name}.xlsx": out.getvalue()})


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def read_xlsx(data: bytes, name: str) -> GlossaryFile:
    """Read a workbook whose first sheet has the columns of the CSV.

    Raises:
        FormatError: it is no workbook, or its rows are wrong; the message names them.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        found = [[_shown_value(value) for value in row] for row in sheet.iter_rows(max_row=MAX_ROWS, values_only=True)]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, IndexError, etree.XMLSyntaxError) as error:
        raise FormatError(
            "{name} is no Excel workbook, or is damaged: open it in a spreadsheet and save it as .xlsx.",
            name=shown(name),
        ) from error
    if not found:
        raise FormatError("{name} is empty: its first row names the columns.", name=shown(name))
    header = [value.strip().lower().replace(" ", "_") for value in found[0]]
    return glossary_csv.from_table(header, enumerate(found[1:], 2), name)


def _shown_value(value: object) -> str:
    """Return a cell as text; protected, since what a workbook holds is text already and needs no unwrapping."""
    return "" if value is None else glossary_csv.protect(str(value))


# UTX ---------------------------------------------------------------------------------------------------------

_UTX_STATUS = {Status.PREFERRED: "approved", Status.ADMITTED: "non-standard", Status.DEPRECATED: "rejected",
               Status.FORBIDDEN: "forbidden"}  # fmt: skip


def write_utx(concepts: Sequence[Concept], *, name: str, date: str, pairs: Sequence[tuple[str, str]]) -> GlossaryExport:
    """Make ``<name>.<source>-<target>.utx`` for each pair: UTX 1.20, a term pair a line."""
    files = {}
    for source, target in pairs:
        lines = [
            f"#UTX 1.20; {source}/{target}; {date or '1970-01-01T00:00:00Z'}; copyright: see the glossary;",
            "#src\ttgt\tsrc:pos\tterm status\tconcept ID\tcomment",
        ]
        for concept in concepts:
            first = concept.preferred(source)
            if first is None:
                continue
            for term in concept.terms_in(target):
                cells = [first.text, term.text, _utx_pos(first), _UTX_STATUS[term.status], concept.id, term.note]
                lines.append("\t".join(re.sub(r"\s+", " ", cell) for cell in cells))
        files[f"{name}.{source}-{target}.utx"] = ("\n".join(lines) + "\n").encode()
    return GlossaryExport(
        files,
        (sentence("UTX carries pairs of a source's preferred term and each target term: no definitions, examples, "
                  "sources, forms, acronyms' expansions and related concepts."),),
    )  # fmt: skip


def _utx_pos(term: Term) -> str:
    return {"proper noun": "properNoun", "phrase": "sentence"}.get(term.part_of_speech, term.part_of_speech) or "noun"


# TMX ---------------------------------------------------------------------------------------------------------


def write_tmx(concepts: Sequence[Concept], *, name: str, date: str) -> GlossaryExport:
    """Make ``<name>.tmx``: TMX 1.4, a unit a concept with its preferred term in each language."""
    root = etree.Element("tmx", version="1.4")
    etree.SubElement(
        root, "header", creationtool="workbench", creationtoolversion="1", segtype="phrase", adminlang="en",
        srclang="*all*", datatype="plaintext", **{"o-tmf": "workbench glossary"},
    )  # fmt: skip
    body = etree.SubElement(root, "body")
    stamp = re.sub(r"[-:]|\.\d+", "", date)
    for concept in concepts:
        unit = etree.SubElement(body, "tu", tuid=concept.id)
        if re.fullmatch(r"\d{8}T\d{6}Z", stamp):
            unit.set("changedate", stamp)
        if concept.domain:
            etree.SubElement(unit, "prop", type="x-domain").text = concept.domain
        for language in _columns(concept):
            term = concept.preferred(language)
            if term is not None:
                variant = etree.SubElement(unit, "tuv")
                variant.set("{http://www.w3.org/XML/1998/namespace}lang", language)
                etree.SubElement(variant, "seg").text = term.text
    etree.indent(root, "  ")
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
    return GlossaryExport(
        {f"{name}.tmx": data + b"\n"},
        (sentence("TMX carries the preferred terms and the subject field only; admitted, deprecated and forbidden "
                  "terms are left out."),),
    )  # fmt: skip


def _columns(concept: Concept) -> Iterator[str]:
    """Yield the language codes that have a preferred term of their own."""
    seen = dict.fromkeys(t.language for t in concept.terms if t.status is Status.PREFERRED)
    yield from seen or concept.languages


# HTML --------------------------------------------------------------------------------------------------------

_STYLE = """
body { font: 11pt/1.45 Georgia, serif; margin: 2rem auto; max-width: 62rem; padding: 0 1rem; color: #222 }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; border-bottom: 1px solid #999 }
article { break-inside: avoid; margin: 1.2rem 0; display: grid; grid-template-columns: repeat(4, 1fr); gap: 0 1rem }
article h3 { grid-column: 1 / -1; font: italic .85rem Georgia, serif; color: #666; margin: 0 0 .2rem }
article section { min-width: 0 } p { margin: .1rem 0 } .preferred { font-weight: bold } small { color: #555 }
.deprecated, .forbidden { color: #8a1f11; text-decoration: line-through } .definition { font-size: .9rem }
@media (max-width: 50rem) { article { grid-template-columns: 1fr 1fr } }
@media print { body { margin: 0; max-width: none; font-size: 9pt } a { color: inherit; text-decoration: none } }
"""


def write_html(concepts: Sequence[Concept], *, name: str, date: str) -> GlossaryExport:
    """Make ``<name>.html``: one page for reading and print, in four columns, by subject field; it loads nothing."""
    domains: dict[str, list[Concept]] = {}
    for concept in concepts:
        domains.setdefault(concept.domain, []).append(concept)
    parts = [
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">', f"<title>{html.escape(name)}</title>",
        f"<style>{_STYLE}</style>", "</head>", "<body>", f"<h1>{html.escape(name)}</h1>",
        f"<p>{len(concepts)} concepts{', ' + html.escape(date[:10]) if date else ''}</p>",
    ]  # fmt: skip
    for domain in sorted(domains):
        parts.append(f"<h2>{html.escape(domain.replace('-', ' ')) or '—'}</h2>")
        for concept in sorted(domains[domain], key=lambda c: c.id):
            parts.append(_article(concept))
    parts += ["</body>", "</html>", ""]
    return GlossaryExport(
        {f"{name}.html": "\n".join(parts).encode()},
        (sentence("The page is for reading: gender, number, forms, words of context and sources are left out."),),
    )


def _article(concept: Concept) -> str:
    parts = [f'<article id="{concept.id}"><h3>{concept.id}</h3>']
    others = [c for c in concept.languages if c not in LANGUAGES]
    for language in (*LANGUAGES, *others):
        parts.append(f'<section lang="{language}" title="{html.escape(NATIVE_NAMES.get(language, language))}">')
        for term in concept.terms:
            if term.base_language == language:
                region = f" <small>{term.language}</small>" if term.language != base_language(term.language) else ""
                parts.append(f'<p class="{term.status}">{html.escape(term.text)}{region}</p>')
        if definition := concept.definition(language):
            parts.append(f'<p class="definition">{html.escape(definition)}</p>')
        for note in (t.note for t in concept.terms if t.base_language == language and t.note):
            parts.append(f"<p><small>{html.escape(note)}</small></p>")
        parts.append("</section>")
    return "".join([*parts, "</article>"])
