"""Where the paragraphs of a Word document and of an OpenDocument text stand. For previews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from workbench.formats.docx import styles_of
from workbench.formats.docx_inline import attribute, local
from workbench.formats.office import Content
from workbench.formats.places import BODY, MAX_SPAN, Place, span, whole

_WORD_PARTS = (("footnotes", "note"), ("endnotes", "note"), ("header", "header"), ("footer", "footer"))


def of_word(content: Content) -> list[Place]:
    """Return the places of a Word document's paragraphs, in order."""
    numbering = _Numbering(content)
    tables = _Tables("tbl", "tr", "tc", _word_cells)
    out = []
    for found in content.found:
        leaf = found.part.rpartition("/")[2]
        part = next((said for begins, said in _WORD_PARTS if leaf.startswith(begins)), "")
        place = replace(tables.place(found.paragraph), part=part)
        if any(local(ancestor) == "txbxContent" for ancestor in found.paragraph.iterancestors()):
            place = replace(place, part="box")
        number = numbering.of(found.paragraph)
        out.append(replace(place, list=number[0], numbered=number[1]) if number else place)
    return out


def of_open_document(content: Content) -> list[Place]:
    """Return the places of an OpenDocument text's paragraphs, in order."""
    tables = _Tables("table", "table-row", "table-cell", _open_cells)
    styles = _list_styles(content)
    lists: dict[Any, int] = {}
    out = []
    for found in content.found:
        place = tables.place(found.paragraph)
        outer, depth = None, 0
        for ancestor in found.paragraph.iterancestors():
            name = local(ancestor)
            if name in ("note", "header", "footer"):
                place = replace(place, part=name)
            elif name == "text-box":
                place = replace(place, part="box")
            elif name == "list":
                outer, depth = ancestor, depth + 1
            elif name == "table-cell" and outer is not None:
                break
        if outer is not None:
            kinds = styles.get(attribute(outer, "style-name"), {})
            number = lists.setdefault(outer, len(lists) + 1)
            place = replace(place, list=number, numbered=kinds.get(str(depth), False))
        out.append(place)
    return out


class _Tables:
    """Places of the paragraphs of tables, each table gone through once."""

    def __init__(self, table: str, row: str, cell: str, cells: Any) -> None:
        self.names = table, row, cell
        self.cells = cells
        self.known: dict[Any, dict[Any, Place]] = {}

    def place(self, paragraph: Any) -> Place:
        cell = None
        for ancestor in paragraph.iterancestors():
            name = local(ancestor)
            if name == self.names[2] and cell is None:
                cell = ancestor
            elif name == self.names[0] and cell is not None:
                if ancestor not in self.known:
                    rows = list(_inside(ancestor, self.names[1], self.names[0]))
                    self.known[ancestor] = self.cells(rows, len(self.known) + 1)
                return self.known[ancestor].get(cell, BODY)
        return BODY


def _inside(element: Any, wanted: str, stop: str) -> Iterator[Any]:
    """Yield what has a name inside an element, without looking into it or into what has another."""
    for child in element:
        name = local(child)
        if name == wanted:
            yield child
        elif name != stop:
            yield from _inside(child, wanted, stop)


def _word_cells(rows: list[Any], table: int) -> dict[Any, Place]:
    found: dict[Any, Place] = {}
    above: dict[int, Any] = {}  # by column, the cell that stretches down
    for row, element in enumerate(rows):
        heads = any(local(child) == "tblHeader" for part in element if local(part) == "trPr" for child in part)
        column = whole(next((attribute(c, "val") for p in element for c in p if local(c) == "gridBefore"), "0"))
        for cell in _inside(element, "tc", "tbl"):
            said = {local(child): child for part in cell if local(part) == "tcPr" for child in part}
            columns = span(attribute(said["gridSpan"], "val")) if "gridSpan" in said else 1
            merged = attribute(said["vMerge"], "val") if "vMerge" in said else None
            if merged in ("", "continue") and column in above:
                first = above[column]
                found[first] = replace(found[first], rows=min(row - found[first].row + 1, MAX_SPAN))
            found[cell] = Place(table, row, column, 1, columns, heads)
            if merged == "restart":
                above[column] = cell
            elif merged is None:
                above.pop(column, None)
            column += columns
    return found


def _open_cells(rows: list[Any], table: int) -> dict[Any, Place]:
    found: dict[Any, Place] = {}
    place = 0
    for element in rows:
        heads = local(element.getparent()) == "table-header-rows"
        column = 0
        for cell in element:
            if local(cell) in ("table-cell", "covered-table-cell"):
                rows_over, columns = (span(attribute(cell, f"number-{kind}-spanned")) for kind in ("rows", "columns"))
                found[cell] = Place(table, place, column, rows_over, columns, heads)
                column += span(attribute(cell, "number-columns-repeated"))
        place += span(attribute(element, "number-rows-repeated"))
    return found


class _Numbering:
    """Which of a Word document's paragraphs are items of which list, and whether it counts them."""

    def __init__(self, content: Content) -> None:
        part = next((name for name in content.roots if name.endswith("styles.xml")), None)
        self.styles = styles_of(content.roots[part]) if part is not None else {}
        self.formats = self._read(content)

    @staticmethod
    def _read(content: Content) -> Mapping[str, Mapping[str, str]]:
        """Return, by list and depth, how items are counted."""
        part = next((name for name in content.archive.names if name.endswith("/numbering.xml")), None)
        if part is None:
            return {}
        root = content.archive.xml(part)
        abstract: dict[str, dict[str, str]] = {}
        lists: dict[str, dict[str, str]] = {}
        for element in root:
            if local(element) == "abstractNum":
                levels = (level for level in element if local(level) == "lvl")
                abstract[attribute(element, "abstractNumId")] = {
                    attribute(level, "ilvl"): _named(level, "numFmt") for level in levels
                }
            elif local(element) == "num":
                lists[attribute(element, "numId")] = abstract.get(_named(element, "abstractNumId"), {})
        return lists

    def of(self, paragraph: Any) -> tuple[int, bool] | None:
        """Return a paragraph's (list, whether it counts), ``None`` outside lists."""
        properties = next((child for child in paragraph if local(child) == "pPr"), None)
        if properties is None:
            return None
        name, style, seen = _named(properties, "numId"), _named(properties, "pStyle"), set[str]()
        while not name and style in self.styles and style not in seen:
            seen.add(style)
            name, style = self.styles[style].list, self.styles[style].based_on
        number = whole(name, 10**9)
        if not number:
            return None
        counted = self.formats.get(name, {}).get(_named(properties, "ilvl") or "0", "bullet")
        return number, counted not in ("bullet", "none", "")


def _list_styles(content: Content) -> dict[str, dict[str, bool]]:
    """Return, by name of the list style and depth, whether items are counted."""
    found: dict[str, dict[str, bool]] = {}
    for root in content.roots.values():
        for style in root.iter():
            if local(style) == "list-style":
                found[attribute(style, "name")] = {
                    attribute(level, "level"): local(level) == "list-level-style-number" for level in style
                }
    return found


def _named(element: Any, name: str) -> str:
    return next((attribute(part, "val") for part in element.iter() if local(part) == name), "")
