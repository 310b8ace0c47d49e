"""Inline codes of TMX segments: ``bpt ept it ph hi ut`` to numbered codes and back, their content verbatim."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from workbench.core.segmentation import CODE
from workbench.formats.codes import MAX_CODES

_OPAQUE = frozenset(("bpt", "ept", "it", "ph", "ut"))


class SegmentReader:
    """Takes the events inside one ``<seg>``."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._codes: list[tuple[str, str]] = []
        self._raw: list[str] | None = None  # XML of the code being read
        self._raw_depth = 0
        self._token = ""
        self._plain = False
        self._pairs: dict[str, int] = {}
        self._used: set[int] = set()
        self._highlights: list[int] = []

    def data(self, text: str) -> None:
        """Text, of the segment or of a code."""
        if self._raw is not None:
            self._raw.append(escape(text))
            self._plain = False
        else:
            self._out.append(text)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._raw is not None:
            self._raw.append(_tag(tag, attributes))
            self._raw_depth += 1
            self._plain = False
        elif tag in _OPAQUE:
            self._token = self._opaque(tag, attributes)
            self._raw, self._raw_depth = [_tag(tag, attributes)], 0
            self._plain = True
        elif tag == "hi":
            n = self._number(attributes.get("x"))
            self._highlights.append(n)
            self._put(f"⟨{n}⟩", _tag(tag, attributes))

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._raw is not None:
            self._raw.append(f"</{tag}>")
            if self._raw_depth:
                self._raw_depth -= 1
                return
            raw, self._raw = "".join(self._raw), None
            opening = raw.removesuffix(f"></{tag}>")
            self._put(self._token, f"{opening}/>" if self._plain else raw)
        elif tag == "hi" and self._highlights:
            self._out.append(f"⟨/{self._highlights.pop()}⟩")

    def finish(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the segment's text and the codes that say more than their number."""
        if not self._codes:
            return "".join(self._out), ()
        return "".join(self._out), tuple(
            (token, raw) for token, raw in self._codes if raw not in (_default(token), _isolated(token))
        )

    def _opaque(self, tag: str, attributes: dict[str, str]) -> str:
        if tag == "bpt":
            ours = attributes.get("i") == attributes.get("x") and len(attributes) == 2
            n = self._number(attributes.get("x") or attributes.get("i"), again=ours)
            self._pairs[attributes.get("i", "")] = n
            return f"⟨{n}⟩"
        if tag == "ept":
            n = self._pairs.pop(attributes.get("i", ""), 0) or self._number(attributes.get("i"))
            return f"⟨/{n}⟩"
        if tag == "it":
            x = attributes.get("x")
            position = attributes.get("pos", "")
            ours = attributes.keys() == {"pos", "x"}
            if position == "begin":
                n = self._number(x, again=ours)
                self._pairs[f"it{x}"] = n
                return f"⟨{n}⟩"
            if position == "end":
                return f"⟨/{self._pairs.pop(f'it{x}', 0) or self._number(x, again=ours)}⟩"
            return f"⟨{self._number(x)}/⟩"
        return f"⟨{self._number(attributes.get('x'), again=attributes.keys() == {'x'})}/⟩"

    def _number(self, wanted: str | None, *, again: bool = False) -> int:
        """The file's own number where it has a free one, so that both languages' codes match.

        Args:
            wanted: The file's number.
            again: It may be a number used before: the workbench writes a repeated code so.
        """
        n = int(wanted) if wanted and wanted.isascii() and wanted.isdigit() and len(wanted) < 5 else 0
        if not 0 < n <= MAX_CODES or (n in self._used and not again):
            n = 1
            while n in self._used:
                n += 1
        self._used.add(n)
        return n

    def _put(self, token: str, raw: str) -> None:
        self._out.append(token)
        self._codes.append((token, raw))


def segment_xml(text: str, codes: Sequence[tuple[str, str]]) -> str:
    """Write a text with its codes as the content of a ``<seg>``."""
    if "⟨" not in text:
        return escape(text)
    raws: dict[str, list[str]] = {}
    for token, raw in codes:
        raws.setdefault(token, []).append(raw)
    highlighted = {token for token, raw in codes if raw.startswith("<hi")}
    matches = list(CODE.finditer(text))
    paired = nesting([match.group() for match in matches], {m.strip("⟨⟩") for m in highlighted})
    out: list[str] = []
    at = 0
    for match, plain in zip(matches, paired, strict=True):
        out.append(escape(text[at : match.start()]))
        at = match.end()
        token = match.group()
        raw = raws[token].pop(0) if raws.get(token) else ""
        n = match.group(2)
        if plain and match.group(1) and f"⟨{n}⟩" in highlighted:
            out.append("</hi>")
        elif raw and (not raw.startswith("<hi") or plain) and _well_formed(raw):
            out.append(raw)
        elif plain or match.group(3):
            out.append(_default(token))
        else:
            out.append(_isolated(token))
    out.append(escape(text[at:]))
    return "".join(out)


def nesting(tokens: Sequence[str], highlighted: set[str]) -> list[bool]:
    """Tell for each code whether it has its counterpart (for a highlight: properly nested, since it is an element)."""
    result = [False] * len(tokens)
    opened: dict[str, int] = {}
    for n, token in enumerate(tokens):
        name = token.strip("⟨/⟩")
        if token.startswith("⟨/"):
            if name in opened:
                start = opened.pop(name)
                result[start] = result[n] = True
        elif not token.endswith("/⟩") and name not in opened:
            opened[name] = n
    stack: list[str] = []
    crossed: set[str] = set()
    for n, token in enumerate(tokens):
        name = token.strip("⟨/⟩")
        if not result[n] or name not in highlighted:
            continue
        if not token.startswith("⟨/"):
            stack.append(name)
        elif stack and stack[-1] == name:
            stack.pop()
        else:
            crossed.add(name)
    return [ok and token.strip("⟨/⟩") not in crossed for ok, token in zip(result, tokens, strict=True)]


def _default(token: str) -> str:
    """How a code without description is written."""
    n = token.strip("⟨/⟩")
    if token.startswith("⟨/"):
        return f'<ept i="{n}"/>'
    return f'<ph x="{n}"/>' if token.endswith("/⟩") else f'<bpt i="{n}" x="{n}"/>'


def _isolated(token: str) -> str:
    """How half a pair is written whose other half is not there."""
    return f'<it pos="{"end" if token.startswith("⟨/") else "begin"}" x="{token.strip("⟨/⟩")}"/>'


def _tag(tag: str, attributes: dict[str, str]) -> str:
    return f"<{tag}" + "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items()) + ">"


@lru_cache(maxsize=10_000)
def _well_formed(raw: str) -> bool:
    """What came from elsewhere must not break the file it is written to."""
    if raw.startswith("<hi"):
        raw = raw.removesuffix(">") + "/>"  # only its start tag is kept
    if not raw.startswith(tuple(f"<{tag}" for tag in (*_OPAQUE, "hi"))):
        return False
    parser = expat.ParserCreate()
    try:
        parser.Parse(raw.encode(), True)
    except (expat.ExpatError, UnicodeError):
        return False
    return True
