"""Two languages side by side for a reviser: a Word table that comes back by import, and CSV, XLSX and HTML tables."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from workbench.core.texts import clean
from workbench.errors import FormatError, Sentence, UsageError, sentence
from workbench.formats.archive import Archive
from workbench.formats.decoding import shown
from workbench.formats.docx import KIND
from workbench.formats.docx_inline import local
from workbench.formats.exchange import language_code, xml_text
from workbench.formats.spreadsheet import write_rows

TABLE_FORMATS = ("csv", "tsv", "xlsx", "html")

CODE = re.compile(r"\bwb-[0-9a-f]{12}\b")
"""How a document is known again: in its properties and in the line over its table, whichever survives."""

_HEADER_LANGUAGE = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\)\s*\Z")
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WIDTHS = (700, 4900, 4900, 2500)  # twentieths of a point, for a landscape page


@dataclass(frozen=True, slots=True)
class BilingualRow:
    """One segment with its translation.

    Attributes:
        key: Names the row when it comes back; the number shown to the reviser.
        source: The segment.
        target: Its translation, empty where there is none.
        comment: For or from the reviser.
        note: What stands in the comment's column alone, where the row was read from a document.
        remarks: (who, what) of the word processor's own comments on the row.
    """

    key: str
    source: str
    target: str
    comment: str = ""
    note: str = field(default="", compare=False)
    remarks: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class BilingualFile:
    """A bilingual Word table that came back.

    Attributes:
        source: Language of the first column, ``None`` if its heading no longer says it.
        target: Of the second.
        rows: In the file's order.
        warnings: Sentences for the user.
        code: What :func:`write_bilingual_docx` put on the document to know it again, empty if it is gone.
    """

    source: str | None
    target: str | None
    rows: tuple[BilingualRow, ...]
    warnings: tuple[Sentence, ...] = ()
    code: str = ""


def changed_rows(
    sent: Sequence[BilingualRow], returned: Sequence[BilingualRow]
) -> tuple[list[BilingualRow], list[Sentence]]:
    """Compare what a reviser sent back with what was sent.

    Args:
        sent: The rows as they were written.
        returned: The rows as they were read.

    Returns:
        The returned rows whose target or comment differs, and a sentence for each that cannot be taken: unknown
        number, changed source, number used twice.
    """
    before = {row.key: row for row in sent}
    changed: list[BilingualRow] = []
    refused: list[Sentence] = []
    seen: set[str] = set()
    for row in returned:
        old = before.get(row.key)
        if old is None:
            refused.append(
                sentence("Row {row} is not one of those that were sent.", row=row.key)
                if row.key
                else sentence("A row without a number is not one of those that were sent.")
            )
        elif row.key in seen:
            refused.append(sentence("Row {row} stands in the file twice; the first was taken.", row=row.key))
        elif clean(row.source) != clean(old.source):
            refused.append(
                sentence("Row {row}: its source text was changed, so its translation was not taken.", row=row.key)
            )
        elif clean(row.target) != clean(old.target) or clean(row.comment) != clean(old.comment):
            changed.append(row)
        seen.add(row.key)
    return changed, refused


def write_bilingual_docx(
    rows: Iterable[BilingualRow], *, source: str, target: str, title: str = "", code: str = ""
) -> bytes:
    """Write a Word document with a table: number, source, target, comment.

    Args:
        code: Names the document when it comes back; of the form of :data:`CODE`.
    """
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.oxml import parse_xml
    from docx.shared import Pt

    document = docx.Document()
    document.core_properties.title = clean(title)[:255]
    document.core_properties.author = ""
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = section.top_margin
    if title:
        document.add_heading(clean(title), 1)
    if code:
        document.core_properties.identifier = code
        line = document.add_paragraph(f"{source} → {target} · {code}")
        line.runs[0].font.size = Pt(8)
    # Rows are written as XML: python-docx needs minutes for a table of 2,000.
    out = [
        f'<w:tbl xmlns:w="{_W}"><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(_WIDTHS)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>',
        *(f'<w:gridCol w:w="{width}"/>' for width in _WIDTHS),
        "</w:tblGrid>",
        _row_xml(("№", f"Source ({source})", f"Target ({target})", "Comment"), (None, None, None), header=True),
    ]
    out += [
        _row_xml((row.key, row.source, row.target, row.comment), (source, target, target), header=False) for row in rows
    ]
    out.append("</w:tbl>")
    body = document.element.body
    body.insert(len(body) - 1, parse_xml("".join(out)))
    body.insert(len(body) - 1, parse_xml(f'<w:p xmlns:w="{_W}"/>'))  # Word needs a paragraph after a table
    result = io.BytesIO()
    document.save(result)
    return result.getvalue()


def _row_xml(cells: Sequence[str], languages: Sequence[str | None], *, header: bool) -> str:
    out = ["<w:tr>", "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if header else "<w:trPr><w:cantSplit/></w:trPr>"]
    for cell, width, language in zip(cells, _WIDTHS, (None, *languages), strict=True):
        look = "<w:b/>" if header else ""
        if language:
            look += f'<w:lang w:val="{escape(language)}"/>'
        text = escape(xml_text(clean(cell)))
        run = f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
        out.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p>'
            f'<w:pPr><w:spacing w:after="40"/></w:pPr>{run}</w:p></w:tc>'
        )
    return "".join([*out, "</w:tr>"])


def read_bilingual_docx(data: bytes, name: str) -> BilingualFile:
    """Read a bilingual Word table that a reviser returned: tracked changes as accepted, Word's comments too.

    Raises:
        FormatError: it is no Word document or holds no such table.
    """
    archive = Archive(data, name, KIND)
    root = archive.xml("word/document.xml")
    comments = _comments(archive)
    for table in root.iter(f"{{{_W}}}tbl"):
        rows = [row for row in table if local(row) == "tr" and not _deleted(row)]
        if not rows:
            continue
        header = [_text(cell) for cell in _cells(rows[0])]
        if len(header) < 3 or not all(_HEADER_LANGUAGE.search(cell) for cell in header[1:3]):
            continue
        return _table(rows[1:], header, comments, bool(_tracked(table)), _code(archive, root))
    raise FormatError(
        "{name} holds no bilingual table: its first row should read №, Source (fr), Target "
        "(es), Comment. Export the bilingual document again and correct that one.",
        name=shown(name),
    )


def _table(
    rows: Sequence[Any], header: Sequence[str], comments: dict[str, tuple[str, str]], tracked: bool, code: str
) -> BilingualFile:
    found: list[BilingualRow] = []
    short = 0
    for row in rows:
        cells = list(_cells(row))
        if len(cells) < 3:
            short += 1
            continue
        number, source, target = (_text(cell) for cell in cells[:3])
        note = _text(cells[3]) if len(cells) > 3 else ""
        remarks = tuple(
            comments[ident]
            for element in row.iter(f"{{{_W}}}commentReference")
            if (ident := element.get(f"{{{_W}}}id", "")) in comments
        )
        comment = " — ".join(said for said in (note, *(what for _, what in remarks)) if said)
        found.append(BilingualRow(number, source, target, comment, note, remarks))
    warnings = []
    if tracked:
        warnings.append(sentence("Tracked changes were read as if accepted."))
    if short:
        warnings.append(sentence("Rows with merged or missing cells ({count}) were left out.", count=short))
    codes = [language_code(match.group(1)) for cell in header[1:3] if (match := _HEADER_LANGUAGE.search(cell))]
    return BilingualFile(codes[0], codes[1], tuple(found), tuple(warnings), code)


def _cells(row: Any) -> Iterable[Any]:
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) == "sdt":
            yield from (cell for cell in child.iter(f"{{{_W}}}tc"))


def _text(cell: Any) -> str:
    """A cell's words, whatever their look: a reviser's bold is no code."""
    paragraphs: list[str] = []
    for paragraph in cell.iter(f"{{{_W}}}p"):
        words: list[str] = []
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            tag = local(element)
            if tag in ("del", "moveFrom", "pPr", "rPr", "drawing", "pict", "instrText"):
                continue
            if tag == "t":
                words.append(element.text or "")
            elif tag in ("tab", "br", "cr"):
                words.append(" ")
            elif tag == "noBreakHyphen":
                words.append("\u2011")
            stack.extend(reversed(element))
        paragraphs.append("".join(words))
    return clean(" ".join(paragraphs))


def _comments(archive: Archive) -> dict[str, tuple[str, str]]:
    if "word/comments.xml" not in archive.names:
        return {}
    return {
        comment.get(f"{{{_W}}}id", ""): (clean(comment.get(f"{{{_W}}}author", "")), _text(comment))
        for comment in archive.xml("word/comments.xml").iter(f"{{{_W}}}comment")
    }


def _code(archive: Archive, root: Any) -> str:
    """Find the document's code in its properties or, where a program dropped them, in its text."""
    places = [archive.xml("docProps/core.xml")] if "docProps/core.xml" in archive.names else []
    for place in (*places, root):
        found = CODE.search(" ".join(text for text in place.itertext() if "wb-" in text))
        if found:
            return found.group()
    return ""


def _deleted(row: Any) -> bool:
    return any(local(child) == "trPr" and any(local(c) == "del" for c in child) for child in row)


def _tracked(table: Any) -> bool:
    return any(local(element) in ("ins", "del", "moveFrom", "moveTo") for element in table.iter())


def write_bilingual_table(
    rows: Iterable[BilingualRow], *, source: str, target: str, format: str, title: str = ""
) -> bytes:
    """Write rows as a table in one of :data:`TABLE_FORMATS`.

    Raises:
        UsageError: the format is none of them.
    """
    if format not in TABLE_FORMATS:
        raise UsageError(
            "“{format}” is no table format. Choose one of {formats}.", format=format, formats=", ".join(TABLE_FORMATS)
        )
    header = ["id", source, target, "comment"]
    body = ([row.key, row.source, row.target, row.comment] for row in rows)
    out = io.BytesIO()
    if format != "html":
        write_rows([header, *([xml_text(cell) for cell in row] for row in body)], out, format, title=title or "table")
        return out.getvalue()
    lines = [
        f'<!DOCTYPE html>\n<html lang="{html.escape(target)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>table{{border-collapse:collapse;font-family:sans-serif}}"
        "td,th{border:1px solid #999;padding:.4em;vertical-align:top;text-align:left}</style>\n</head>\n<body>",
        "<table>",
        "<tr>" + "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in header) + "</tr>",
    ]
    for row in body:
        key, first, second, comment = (html.escape(clean(cell), quote=False) for cell in row)
        lines.append(
            f'<tr><td>{key}</td><td lang="{html.escape(source)}">{first}</td>'
            f'<td lang="{html.escape(target)}">{second}</td><td>{comment}</td></tr>'
        )
    lines.append("</table>\n</body>\n</html>\n")
    return "\n".join(lines).encode()
