"""A streaming XML parser that opens nothing outside the file and lets no entity grow."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any
from xml.parsers import expat

from workbench.errors import FormatError

MAX_ENTITY = 100  # characters of an entity declared in the file; a character or a product's name, not an attack

_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_NATIVE = frozenset(("utf-8", "utf-16", "utf-16-le", "utf-16-be", "iso8859-1", "ascii"))

Decode = Callable[[bytes, bool], bytes]


def open_parser(start: bytes, name: str) -> tuple[Any, Decode, bool]:
    """Make a parser for a file that begins with ``start``.

    Args:
        start: Its first bytes, with the XML declaration.
        name: The file's name, ready to be shown.

    Returns:
        The parser, and what every chunk must pass through before it (expat knows few encodings), and
        whether the bytes it then gets are UTF-8.

    Raises:
        FormatError: the file is empty or declares an encoding that does not exist.
    """
    if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise FormatError("{name} is empty: check that it was saved, and bring it again.", name=name)
    decode: Decode = _as_it_is
    encoding = None
    in_utf8 = not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8).lstrip())
    if declared and not start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        label = declared.group(1).decode("ascii")
        try:
            codec = codecs.lookup(label)
            known = codec.name
            codec.decode(b"")
        except (LookupError, TypeError) as error:
            raise FormatError(
                "{name} declares the encoding “{label}”, which does not exist: save it as UTF-8.",
                name=name,
                label=label,
            ) from error
        if known in ("utf-16", "utf-32"):
            encoding = "utf-8"  # the declaration can be read byte by byte, so it cannot be true
        elif known not in _NATIVE:
            encoding = "utf-8"
            decoder = codecs.getincrementaldecoder(known)()

            def recode(chunk: bytes, final: bool) -> bytes:
                return decoder.decode(chunk, final).encode("utf-8")

            decode = recode
        else:
            in_utf8 = known == "utf-8"
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.buffer_size = 1 << 16

    def entity(
        entity_name: str, is_parameter: bool, value: str | None, base: Any, system: Any, public: Any, notation: Any
    ) -> None:
        if is_parameter or value is None or len(value) > MAX_ENTITY or "&" in value or "%" in value or "<" in value:
            raise FormatError(
                "{name}, line {line}: the file declares the entity “{entity}”, which expands or opens"
                " other files; such files are not read. Export it without a DTD.",
                name=name,
                line=parser.CurrentLineNumber,
                entity=entity_name[:40],
            )

    parser.EntityDeclHandler = entity
    return parser, decode, in_utf8


def _as_it_is(chunk: bytes, final: bool) -> bytes:
    return chunk
