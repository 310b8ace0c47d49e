"""Word documents: paragraphs of the body, tables, text boxes, notes, headers and footers.

The archive is opened and written part by part, not through python-docx's object model: a part that has no changed
text keeps its bytes, and what a model does not know is not lost. python-docx writes new documents.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.core.segmentation import without_codes
from workbench.core.texts import Block, BlockKind, ParsedFile, clean
from workbench.errors import FormatError, Sentence, mark, sentence
from workbench.formats.archive import Archive, serialised
from workbench.formats.codes import number
from workbench.formats.decoding import shown
from workbench.formats.docx_inline import Fields, attribute, local, pieces_of, write_paragraph
from workbench.formats.office import Content, Found

KIND = Sentence(mark("Word document (.docx)"))
_PARTS = ("footnotes", "endnotes", "header", "footer")  # in this order after the body
_HEADING = re.compile(r"(?:heading|titre|título|titulo|überschrift)\s*([1-9])$", re.I)


@dataclass(slots=True)
class Style:
    """A paragraph style: what it is called and based on, 1–9 for headings, the list its paragraphs are items of."""

    name: str = ""
    based_on: str = ""
    outline: int = 0
    list: str = ""

    @property
    def numbered(self) -> bool:
        """True where its paragraphs are items of a list."""
        return self.list not in ("", "0")


def read(data: bytes, name: str) -> ParsedFile:
    """Read a Word document; tracked changes as if all were accepted.

    Raises:
        FormatError: it is no Word document, or it is damaged.
    """
    return _open(data, name).parsed(".docx")


def rebuild(original: bytes, blocks: Sequence[str | None], *, language: str) -> bytes:
    """Put new texts into the document, keeping styles, lists, tables, notes, links, headers and pictures.

    Args:
        original: The document the blocks were read from.
        blocks: A text for each block, in order.
        language: The new texts' language, for Word's spelling checker.
    """
    content = _open(original, "the original")
    changed = content.put(blocks, write_paragraph)
    if not changed:
        return original
    parts: dict[str, bytes] = {}
    for part in changed:
        _mirror_fallbacks(content.roots[part])
        _set_language(content.roots[part], language, runs_only=True)
        parts[part] = serialised(content.roots[part])
    for part, root in content.roots.items():
        if part.endswith("styles.xml") and _set_language(root, language, runs_only=False):
            parts[part] = serialised(root)
    return content.archive.rebuilt(parts)


def write(blocks: Sequence[Block], *, language: str, title: str = "") -> bytes:
    """Write a fresh Word document; inline codes, which have no meaning outside their file, are left out."""
    import io

    import docx
    from docx.oxml.ns import qn

    document = docx.Document()
    document.core_properties.title = clean(title)[:255]
    document.core_properties.language = language
    document.core_properties.author = ""
    fonts = document.styles.element.find(".//" + qn("w:rPrDefault") + "//" + qn("w:lang"))
    if fonts is not None:
        fonts.set(qn("w:val"), language)
    for block in blocks:
        text = clean(without_codes(block.text))
        if block.kind is BlockKind.HEADING:
            document.add_heading(text, min(max(block.level, 1), 6))
        elif block.kind is BlockKind.LIST_ITEM:
            depth = min(max(block.level, 1), 3)
            document.add_paragraph(text, "List Bullet" if depth == 1 else f"List Bullet {depth}")
        else:
            document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _open(data: bytes, name: str) -> Content:
    archive = Archive(data, name, KIND)
    content = Content(archive)
    body = _main_part(archive, name)
    relations = _relations(archive, body)
    styles: dict[str, Style] = {}
    for kind, part in relations:
        if kind == "styles" and part in archive.names:
            content.roots[part] = archive.xml(part)
            styles = styles_of(content.roots[part])
    parts = [body]
    for wanted in _PARTS:
        parts += sorted({part for kind, part in relations if kind == wanted and part in archive.names})
    notes = _Notes()
    for part in parts:
        content.roots[part] = archive.xml(part)
        if part == body and local(content.roots[part]) != "document":
            raise FormatError(
                "{name} is an office document but not a {kind}: give it its true ending.", name=shown(name), kind=KIND
            )
        _gather(content, part, styles, notes)
    content.warnings = notes.sentences()
    content.language = _language(content.roots[body])
    content.title = _core_title(archive)
    return content


@dataclass(slots=True)
class _Notes:
    tracked: int = 0
    boxes: int = 0
    contents: int = 0
    fields: int = 0

    def sentences(self) -> list[Sentence]:
        out = []
        if self.tracked:
            out.append(sentence("Tracked changes ({count}) were read as if accepted.", count=self.tracked))
        if self.boxes:
            out.append(
                sentence("Text boxes ({count}) were read after the paragraph that holds them.", count=self.boxes)
            )
        if self.contents:
            out.append(
                sentence("The table of contents was left out: update it in Word (F9) when the translation is in.")
            )
        if self.fields:
            out.append(
                sentence(
                    "Fields such as page numbers and dates ({count}) stand as codes and update themselves.",
                    count=self.fields,
                )
            )
        return out


def _main_part(archive: Archive, name: str) -> str:
    for kind, part in _relations(archive, ""):
        if kind == "officeDocument":
            return part
    raise FormatError("{name} is not a {kind}: its main part is missing.", name=shown(name), kind=KIND)


def _relations(archive: Archive, part: str) -> list[tuple[str, str]]:
    folder, _, leaf = part.rpartition("/")
    path = f"{folder}/_rels/{leaf}.rels".lstrip("/")
    if path not in archive.names:
        return [] if part else [(kind, target) for kind, target in (("officeDocument", "word/document.xml"),)]
    out = []
    for relation in archive.xml(path):
        if not isinstance(relation.tag, str) or relation.get("TargetMode") == "External":
            continue
        target = relation.get("Target", "")
        resolved = target.lstrip("/") if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        out.append((relation.get("Type", "").rsplit("/", 1)[-1], resolved))
    return out


def styles_of(root: Any) -> dict[str, Style]:
    """Return the styles of a Word document's styles part, by their id."""
    styles: dict[str, Style] = {}
    for element in root:
        if local(element) != "style":
            continue
        style = Style()
        for node in element.iter():
            tag = local(node)
            if tag == "name":
                style.name = _value(node)
            elif tag == "basedOn":
                style.based_on = _value(node)
            elif tag == "outlineLvl" and _value(node).isdigit():
                style.outline = int(_value(node)) + 1
            elif tag == "numId":
                style.list = _value(node)
        if match := _HEADING.match(style.name):
            style.outline = int(match.group(1))
        elif style.name.lower() in ("title", "titre", "título"):
            style.outline = 1
        styles[attribute(element, "styleId")] = style
    return styles


def _value(element: Any) -> str:
    return attribute(element, "val")


def _language(root: Any) -> str | None:
    """The language that most text of the body is marked with.

    The document's default does not count: it says where Word was bought, or which program wrote the file.
    """
    marked: Counter[str] = Counter()
    total = 0
    for run in root.iter(root.tag.rpartition("}")[0] + "}r"):
        length = sum(len(child.text or "") for child in run if local(child) == "t")
        total += length
        for properties in run:
            if local(properties) == "rPr":
                for child in properties:
                    if local(child) == "lang":
                        marked[_value(child)] += length
    code, length = max(marked.items(), key=lambda item: item[1], default=("", 0))
    return code if code and length > 0.5 * total else None


def _core_title(archive: Archive) -> str:
    if "docProps/core.xml" in archive.names:
        for element in archive.xml("docProps/core.xml"):
            if local(element) == "title" and element.text:
                return clean(element.text)
    return ""


def _paragraphs(root: Any, notes: _Notes) -> Iterator[Any]:
    """All paragraphs in document order; a text box's copy for old programs and deleted table rows left out."""
    paragraph = root.tag.rpartition("}")[0] + "}p"  # drawings have paragraphs of another namespace
    stack = [root]
    while stack:
        element = stack.pop()
        tag = local(element)
        if tag == "Fallback" or tag in ("del", "moveFrom") or (tag == "tr" and _row_deleted(element)):
            continue
        if tag == "txbxContent":
            notes.boxes += 1
        if element.tag == paragraph:
            yield element
        stack.extend(reversed(element))


def _row_deleted(row: Any) -> bool:
    return any(local(child) == "trPr" and any(local(c) == "del" for c in child) for child in row)


def _gather(content: Content, part: str, styles: dict[str, Style], notes: _Notes) -> None:
    root = content.roots[part]
    fields = Fields()
    notes.tracked += sum(
        1
        for element in root.iter()
        if local(element) in ("ins", "del", "moveFrom", "moveTo") and local(element.getparent()) not in ("rPr", "trPr")
    )
    for paragraph in _paragraphs(root, notes):
        if _is_separator(paragraph):
            continue
        pieces = pieces_of(paragraph, fields)
        if fields.in_contents:
            notes.contents += 1
            continue
        inline = number(pieces)
        if not any(ch.isalnum() for ch in without_codes(inline.text)):
            continue
        block = _block(paragraph, inline.text, styles)
        content.found.append(Found(part, paragraph, inline, block))
    notes.fields += fields.count


def _is_separator(paragraph: Any) -> bool:
    """The lines above notes are stored as notes of their own."""
    parent = paragraph.getparent()
    return local(parent) in ("footnote", "endnote") and attribute(parent, "type") not in ("", "normal")


def _block(paragraph: Any, text: str, styles: dict[str, Style]) -> Block:
    style_id, outline, depth, numbered = "", 0, 0, False
    for properties in paragraph:
        if local(properties) != "pPr":
            continue
        for node in properties.iter():
            tag = local(node)
            if tag == "pStyle":
                style_id = _value(node)
            elif tag == "outlineLvl" and _value(node).isdigit():
                outline = int(_value(node)) + 1
            elif tag == "numId":
                numbered = _value(node) != "0"
            elif tag == "ilvl" and _value(node).isdigit():
                depth = int(_value(node))
    seen: set[str] = set()
    while style_id in styles and style_id not in seen:
        seen.add(style_id)
        style = styles[style_id]
        outline, numbered, style_id = outline or style.outline, numbered or style.numbered, style.based_on
    if 1 <= outline <= 9:
        return Block(text, BlockKind.HEADING, min(outline, 6))
    container = next(
        (tag for tag in (local(a) for a in paragraph.iterancestors()) if tag in ("tc", "txbxContent", "footnote")), ""
    )
    if numbered:
        return Block(text, BlockKind.LIST_ITEM, depth + 1)
    if container == "tc":
        return Block(text, BlockKind.CELL)
    context = {"footnote": "footnote", "txbxContent": "text box"}.get(container, "")
    return Block(text, context=context)


def _mirror_fallbacks(root: Any) -> None:
    """Give a text box's copy for old programs the same new text."""
    for alternate in [element for element in root.iter() if local(element) == "AlternateContent"]:
        boxes = {local(branch): [box for box in branch.iter() if local(box) == "txbxContent"] for branch in alternate}
        for new, old in zip(boxes.get("Choice", []), boxes.get("Fallback", []), strict=False):
            old[:] = [copy.deepcopy(child) for child in new]


def _set_language(root: Any, language: str, *, runs_only: bool) -> bool:
    """Let Word check spelling in the new language."""
    done = False
    for element in root.iter():
        if local(element) != "lang" or not _value(element):
            continue
        if runs_only or local(element.getparent().getparent()) in ("rPrDefault", "style"):
            for key in element.attrib:
                if key.rpartition("}")[2] == "val" and element.get(key) != language:
                    element.set(key, language)
                    done = True
    return done
