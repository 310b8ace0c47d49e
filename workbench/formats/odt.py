"""OpenDocument texts: paragraphs, headings, lists, tables, notes, text boxes, headers and footers.

As for Word, the archive is written part by part: what is not text keeps its bytes.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from workbench.core.segmentation import without_codes
from workbench.core.texts import Block, BlockKind, ParsedFile, clean
from workbench.errors import FormatError, Sentence, mark, sentence
from workbench.formats.archive import Archive, serialised
from workbench.formats.codes import Code, Kind, Mark, Piece, number
from workbench.formats.decoding import shown
from workbench.formats.exchange import language_code
from workbench.formats.office import Content, Found

KIND = Sentence(mark("OpenDocument text (.odt)"))
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

# Generated again by the program, or not text of the document.
_SKIPPED = frozenset(
    ("tracked-changes", "table-of-content", "alphabetical-index", "illustration-index", "table-index", "bibliography",
     "annotation", "forms", "sequence-decls", "variable-decls", "user-field-decls")
)  # fmt: skip
_PLACES = frozenset(
    ("bookmark", "bookmark-start", "bookmark-end", "reference-mark", "reference-mark-start", "reference-mark-end",
     "change", "change-start", "change-end", "annotation", "annotation-end", "alphabetical-index-mark",
     "toc-mark", "soft-page-break")
)  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n]+")
# Properties by which LibreOffice splits spans though they look alike.
_UNSEEN = ("language", "country", "rsid", "paragraph-rsid", "script", "rfc-language-tag")


def read(data: bytes, name: str) -> ParsedFile:
    """Read an OpenDocument text; tracked changes as if all were accepted.

    Raises:
        FormatError: it is none, or it is damaged.
    """
    return _open(data, name).parsed(".odt")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new texts into the document, keeping styles, lists, tables, notes, links and pictures.

    Args:
        original: The document the blocks were read from.
        blocks: A text for each block, in order.
        language: The new texts' language, for the spelling checker.
    """
    content = _open(original, "the original")
    changed = content.put(blocks, _write)
    if not changed:
        return original
    for part, root in content.roots.items():
        if _set_language(root, language):
            changed.add(part)
    return content.archive.rebuilt({part: serialised(content.roots[part]) for part in changed})


def _open(data: bytes, name: str) -> Content:
    archive = Archive(data, name, KIND)
    if "mimetype" in archive.names:
        mimetype = archive.read("mimetype", 1000)
        if b"opendocument" in mimetype and b"opendocument.text" not in mimetype:
            raise FormatError("{name} is an OpenDocument file but no text: save it as .odt.", name=shown(name))
    content = Content(archive)
    for part in ("content.xml", "styles.xml"):
        if part == "content.xml" or part in archive.names:
            content.roots[part] = archive.xml(part)
    unseen, levels = _styles(content.roots.values())
    body = content.roots["content.xml"]
    if sum(1 for _ in body.iter(f"{_TEXT}changed-region")):
        content.warnings.append(sentence("Tracked changes were read as if accepted."))
    if any(True for _ in body.iter(f"{_TEXT}table-of-content")):
        content.warnings.append(sentence("The table of contents was left out: update it in the finished document."))
    for part, root in content.roots.items():
        for paragraph in _paragraphs(root):
            inline = number(_pieces(paragraph, unseen))
            if any(ch.isalnum() for ch in without_codes(inline.text)):
                block = _block(paragraph, inline.text, levels)
                content.found.append(Found(part, paragraph, inline, block))
    if "meta.xml" in archive.names:
        for element in archive.xml("meta.xml").iter():
            if _local(element) == "title" and element.text:
                content.title = clean(element.text)
            elif _local(element) == "language" and element.text:  # the default style's says where the program lives
                content.language = language_code(element.text)
    return content


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _styles(roots: Any) -> tuple[set[str], dict[str, int]]:
    """Span styles that change nothing a reader sees, and paragraph styles that are headings."""
    unseen: set[str] = set()
    levels: dict[str, int] = {}
    for root in roots:
        for style in root.iter(f"{_STYLE}style"):
            name = style.get(f"{_STYLE}name", "")
            properties = [key.rpartition("}")[2] for child in style for key in child.attrib]
            if style.get(f"{_STYLE}family") == "text" and not style.get(f"{_STYLE}parent-style-name"):
                if all(key.startswith(_UNSEEN) for key in properties):
                    unseen.add(name)
            elif style.get(f"{_STYLE}family") == "paragraph":
                base = style.get(f"{_STYLE}parent-style-name", "")
                if name == "Title" or base == "Title":
                    levels[name] = 1
    return unseen, levels


def _set_language(root: Any, language: str) -> bool:
    base, _, region = language.partition("-")
    done = False
    for properties in root.iter(f"{_STYLE}text-properties"):
        if properties.get(f"{_FO}language") not in (None, "none", "zxx", base):
            properties.set(f"{_FO}language", base)
            properties.set(f"{_FO}country", region if len(region) == 2 else "none")
            done = True
    return done


def _paragraphs(root: Any) -> Iterator[Any]:
    stack = [root]
    while stack:
        element = stack.pop()
        tag = _local(element)
        if not tag or tag in _SKIPPED:
            continue
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            yield element
        stack.extend(reversed(element))


def _block(paragraph: Any, text: str, levels: dict[str, int]) -> Block:
    if _local(paragraph) == "h":
        level = paragraph.get(f"{_TEXT}outline-level", "1")
        return Block(text, BlockKind.HEADING, min(int(level), 6) if level.isdigit() and int(level) else 1)
    style = paragraph.get(f"{_TEXT}style-name", "")
    if style in levels:
        return Block(text, BlockKind.HEADING, levels[style])
    depth = 0
    for ancestor in paragraph.iterancestors():
        tag = _local(ancestor)
        if tag == "list":
            depth += 1
        elif depth == 0 and tag == "table-cell":
            return Block(text, BlockKind.CELL)
        elif tag == "note":
            return Block(text, context="footnote")
    return Block(text, BlockKind.LIST_ITEM, depth) if depth else Block(text)


def _pieces(paragraph: Any, unseen: set[str]) -> list[Piece]:
    """A paragraph's content; neighbouring spans of one style are one, and spans that show nothing are none."""
    flat: list[Piece] = []
    starts: list[Piece] = []
    ends: list[Piece] = []
    stack: list[tuple[Any, Code | None]] = []

    def push(element: Any) -> None:
        stack.extend((child, None) for child in reversed(element))

    flat.append(_squeezed(paragraph.text))
    push(paragraph)
    while stack:
        child, closing = stack.pop()
        if closing is not None:
            if closing.payload is not None:
                flat.append(Mark(Kind.CLOSE, closing))
            flat.append(_squeezed(child.tail))
            continue
        tag = _local(child)
        if tag in ("span", "a", "meta", "ruby", "ruby-base"):
            style = child.get(f"{_TEXT}style-name", "")
            shows = tag == "a" or (tag == "span" and style not in unseen)
            code = Code(child if shows else None)
            if shows:
                flat.append(Mark(Kind.OPEN, code))
            flat.append(_squeezed(child.text))
            stack.append((child, code))
            push(child)
            continue
        if tag == "s":
            count = child.get(f"{_TEXT}c", "1")
            flat.append(" " * (min(int(count), 1000) if count.isdigit() else 1))
        elif tag in _PLACES:
            (ends if tag.endswith("end") else starts).append(Mark(Kind.ALONE, Code(child)))
        elif tag:
            keep = tag not in ("tab", "line-break")
            edge = tag in ("tab", "line-break", "note", "frame")
            flat.append(Mark(Kind.ALONE, Code(child, keep=keep, edge=edge)))
        flat.append(_squeezed(child.tail))
    return [*starts, *_merged(flat), *ends]


def _squeezed(text: str | None) -> str:
    """ODF writes further spaces as elements: white space in the XML is one space."""
    return _SPACES.sub(" ", text) if text else ""


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Join a span that ends with one of equal style that begins there."""
    out: list[Piece] = []
    same: dict[int, Code] = {}
    for piece in pieces:
        if piece == "":
            continue
        if isinstance(piece, Mark) and piece.kind is Kind.CLOSE:
            piece = Mark(Kind.CLOSE, same.get(id(piece.code), piece.code))
        last = out[-1] if out else None
        if (
            isinstance(piece, Mark)
            and piece.kind is Kind.OPEN
            and isinstance(last, Mark)
            and last.kind is Kind.CLOSE
            and _local(piece.code.payload) == "span"
            and piece.code.payload.tag == last.code.payload.tag
            and dict(piece.code.payload.attrib) == dict(last.code.payload.attrib)
        ):
            same[id(piece.code)] = last.code
            out.pop()
            continue
        out.append(piece)
    return out


def _write(paragraph: Any, pieces: Sequence[Piece]) -> None:
    """Replace a paragraph's content. Elements are moved where that is possible, since notes hold paragraphs."""
    for child in list(paragraph):
        paragraph.remove(child)
    paragraph.text = None
    stack = [paragraph]
    last: Any = None
    used: set[int] = set()

    def add(element: Any) -> Any:
        element.tail = None
        stack[-1].append(element)
        return element

    for piece in pieces:
        if isinstance(piece, str):
            last = _add_text(stack[-1], last, piece)
        elif piece.kind is Kind.CLOSE:
            last = stack.pop()
        else:
            element = piece.code.payload
            if id(element) in used:
                element = copy.deepcopy(element)
            used.add(id(element))
            if piece.kind is Kind.ALONE:
                last = add(element)
            else:
                for child in list(element):
                    element.remove(child)
                element.text = None
                stack.append(add(element))
                last = None


def _add_text(parent: Any, last: Any, text: str) -> Any:
    """Add text after ``last`` (or at the parent's beginning), runs of spaces as ODF writes them."""
    from lxml import etree

    for part in re.split("( {2,})", text):
        if part.startswith("  "):
            last = _tail(parent, last, " ")
            last = etree.SubElement(parent, f"{_TEXT}s", {f"{_TEXT}c": str(len(part) - 1)})
        elif part:
            last = _tail(parent, last, part)
    return last


def _tail(parent: Any, last: Any, text: str) -> Any:
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text
    return last


_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'office:version="1.3"'
)


def write(blocks: Sequence[Block], *, language: str, title: str = "") -> bytes:
    """Write a fresh OpenDocument text; inline codes, which have no meaning outside their file, are left out."""
    body: list[str] = []
    depth = 0
    for block in blocks:
        wanted = max(block.level, 1) if block.kind is BlockKind.LIST_ITEM else 0
        body += ["<text:list><text:list-item>"] * (wanted - depth) + ["</text:list-item></text:list>"] * (
            depth - wanted
        )
        if wanted and wanted <= depth:
            body.append("</text:list-item><text:list-item>")
        depth = wanted
        text = escape(clean(without_codes(block.text)))
        if block.kind is BlockKind.HEADING:
            level = min(max(block.level, 1), 6)
            body.append(f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{text}</text:h>')
        else:
            body.append(f"<text:p>{text}</text:p>")
    body += ["</text:list-item></text:list>"] * depth
    base, _, region = language.partition("-")
    country = f" fo:country={quoteattr(region)}" if len(region) == 2 else ' fo:country="none"'
    headings = "".join(
        f'<style:style style:name="Heading_20_{n}" style:display-name="Heading {n}" style:family="paragraph" '
        f'style:default-outline-level="{n}"><style:text-properties fo:font-size="{22 - 2 * n}pt" '
        'fo:font-weight="bold"/></style:style>'
        for n in range(1, 7)
    )
    parts = {
        "content.xml": f"<office:document-content {_NAMESPACES}><office:body><office:text>{''.join(body)}"
        "</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_NAMESPACES}><office:styles><style:default-style "
        f'style:family="paragraph"><style:text-properties fo:language={quoteattr(base)}{country}/>'
        f"</style:default-style>{headings}</office:styles></office:document-styles>",
        "meta.xml": f"<office:document-meta {_NAMESPACES}><office:meta><dc:title>{escape(clean(title))}</dc:title>"
        f"<dc:language>{escape(language)}</dc:language></office:meta></office:document-meta>",
        "META-INF/manifest.xml": "<manifest:manifest "
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
        'manifest:version="1.3"><manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.text"/>'
        + "".join(
            f'<manifest:file-entry manifest:full-path="{name}.xml" manifest:media-type="text/xml"/>'
            for name in ("content", "styles", "meta")
        )
        + "</manifest:manifest>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        for name, xml in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}')
    return out.getvalue()
