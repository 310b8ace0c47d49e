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
        if known.startswith(("utf-16", "utf-32")):
            encoding = "utf-8"  # the declaration can be read byte by byte, so it cannot be true
        elif known != "utf-8":
            encoding = "utf-8"
            decode = _recoded(known)
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


def _recoded(declared: str) -> Decode:
    """Return what makes UTF-8 of chunks in an encoding, unless they are UTF-8 already, whatever is declared.

    Programs that convert a file often leave its declaration. Letters beyond ASCII that are whole characters of UTF-8
    all through a chunk are no accident of another encoding, as whose signs they would make no words.
    """
    decoder: codecs.IncrementalDecoder | None = None
    real = False

    def recode(chunk: bytes, final: bool) -> bytes:
        nonlocal decoder, real
        if decoder is None and not real:
            if chunk.isascii() and b"\x1b" not in chunk and not final:
                return chunk
            real = _is_utf8(chunk)
            decoder = codecs.getincrementaldecoder(declared)()
        if real or decoder is None:
            return chunk
        return decoder.decode(chunk, final).encode("utf-8")

    return recode


def _is_utf8(chunk: bytes) -> bool:
    try:
        return not codecs.getincrementaldecoder("utf-8")().decode(chunk).isascii()
    except UnicodeDecodeError:
        return False


def _as_it_is(chunk: bytes, final: bool) -> bytes:
    return chunk
