"""From bytes to text: the encoding recognised, and said where it is not UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from workbench.errors import FormatError, Sentence, mark, sentence

SAMPLE_BYTES = 400_000  # charset-normalizer is sure long before; more only costs time

_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")  # the encodings in which our four languages were written before UTF-8
_NAMES = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "DOS (code page 850)", "latin_1": "Latin-1"}
_OURS = frozenset("àâäáãçéèêëîïíñôöóõùûüúœæÀÂÁÃÇÉÈÊÍÑÓÕÔÚŒ«»’‘“”–—…¿¡ºª°€\u00a0")
_SIGNATURES = (
    (b"%PDF", mark("a PDF"), mark("export it as .docx, .odt or .txt first")),
    (b"\xd0\xcf\x11\xe0", mark("an old Word file or one with a password"), mark("save it as .docx without a password")),
    (b"PK\x03\x04", mark("a ZIP archive or an office document"), mark("give it its true ending (.docx, .odt, .xlsx)")),
    (b"{\\rtf", mark("an RTF document"), mark("save it as .docx")),
    (b"\x89PNG", mark("a picture"), mark("bring the text itself")),
    (b"\xff\xd8\xff", mark("a picture"), mark("bring the text itself")),
    (b"GIF8", mark("a picture"), mark("bring the text itself")),
    (b"\x1f\x8b", mark("a gzip archive"), mark("unpack it first")),
    (b"\x7fELF", mark("a program"), mark("bring a text")),
    (b"SQLite format 3", mark("a database"), mark("bring a text")),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text and how to write it back.

    Attributes:
        text: Without the byte order mark.
        encoding: Python's name of the encoding; ``utf-8`` also for mixed files, which can only be written so.
        bom: The byte order mark that stood in front.
        warnings: Sentences for the user.
    """

    text: str
    encoding: str = "utf-8"
    bom: bytes = b""
    warnings: tuple[Sentence, ...] = ()

    def encode(self, text: str, *, errors: str = "") -> bytes:
        """Write ``text`` as the file was, or as UTF-8 where its encoding lacks a character.

        Args:
            text: The new text.
            errors: What to do with such characters instead (``"xmlcharrefreplace"`` for HTML).
        """
        try:
            return self.bom + text.encode(self.encoding, errors or "strict")
        except UnicodeEncodeError:
            return text.encode("utf-8")


def shown(name: str) -> str:
    """A file's name as messages show it: no folders, no control characters, not endless."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    return "".join(ch for ch in last if ch.isprintable())[:80] or "the file"


def refuse_binary(data: bytes, name: str) -> None:
    """Raise :class:`FormatError` if ``data`` is of a known kind that is no text."""
    for signature, what, remedy in _SIGNATURES:
        if data.startswith(signature):
            raise FormatError(
                "{name} is {what}, not a text of its ending: {remedy}.",
                name=shown(name),
                what=Sentence(what),
                remedy=Sentence(remedy),
            )


def decode(data: bytes, name: str, *, declared: str | None = None) -> Decoded:
    """Turn a text file's bytes into text.

    Args:
        data: The whole file.
        name: Its name, for messages.
        declared: The encoding that the file itself names, tried after marks and UTF-8.

    Raises:
        FormatError: it is no text.
    """
    refuse_binary(data, name)
    for bom, encoding, label in _BOMS:
        if data.startswith(bom):
            return _with_bom(data, bom, encoding, label, name)
    if (wide := _wide_encoding(data)) is not None:
        text = data.decode(wide, "replace")
        return Decoded(
            text, wide, b"", (sentence("{name} is in UTF-16 without a mark; it was read as such.", name=shown(name)),)
        )
    _refuse_control(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        warnings = (
            (sentence("{name} contains NUL bytes, which were left out.", name=shown(name)),) if "\0" in text else ()
        )
        # Text of ASCII alone (accents as entities, nothing translated yet) is what the file says it is: a program that
        # believes the file would read letters added in UTF-8 as others.
        return Decoded(text, (_known(declared) if text.isascii() else None) or "utf-8", b"", warnings)
    if (mixed := _mixed(data, name)) is not None:
        return mixed
    encoding = _known(declared) or _western(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        encoding = "latin_1"
        text = data.decode(encoding)
    label = _NAMES.get(encoding, encoding)
    warning = sentence(
        "{name} is in {label}, not UTF-8; check that its accents are right.", name=shown(name), label=label
    )
    return Decoded(text, encoding, b"", (warning,))


def _with_bom(data: bytes, bom: bytes, encoding: str, label: str, name: str) -> Decoded:
    body = data[len(bom) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            raise FormatError(
                "{name} begins like {label} but is damaged near byte {place}: save it again as UTF-8.",
                name=shown(name),
                label=label,
                place=error.start,
            ) from error
        rest = decode(body, name) if body else Decoded("")
        return Decoded(rest.text, "utf-8", b"", rest.warnings)
    if encoding == "utf-8":
        return Decoded(text, encoding, bom)
    return Decoded(
        text, encoding, bom, (sentence("{name} is in {label}; it was read as such.", name=shown(name), label=label),)
    )


def _wide_encoding(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark by where its zero bytes stand."""
    sample = data[:4000]
    if len(sample) < 4 or len(data) % 2 or b"\0" not in sample:
        return None
    even, odd, half = sample[0::2].count(0), sample[1::2].count(0), len(sample) / 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _refuse_control(data: bytes, name: str) -> None:
    sample = data[:SAMPLE_BYTES]
    controls = len(sample) - len(sample.translate(None, bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a\x1b\0"))))
    zeros = sample.count(0)
    if controls > 0.02 * len(sample) or zeros > 0.05 * len(sample):
        raise FormatError(
            "{name} holds binary data, not text: open it in its program and save it as text.", name=shown(name)
        )


def _known(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        encoding = codecs.lookup(declared).name
        if "a".encode(encoding) != b"a":
            return None
    except (LookupError, TypeError, UnicodeError):
        return None
    # Browsers and editors write Windows-1252 where they declare Latin-1.
    return None if encoding in ("utf-8", "utf-16", "utf-32") else {"iso8859-1": "cp1252"}.get(encoding, encoding)


def _western(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # Only the bytes around accents tell the encodings apart, and the detector is slow on long plain stretches.
    telling = _telling(data)
    found = [match.encoding for match in from_bytes(telling, cp_isolation=list(_WESTERN), language_threshold=0.0)]
    # Its order is a guess where words are few: what gives most letters of our languages is right.
    order = [*(encoding for encoding in found if encoding in _WESTERN), "cp1252"]
    return max(order, key=lambda encoding: sum(ch in _OURS for ch in telling.decode(encoding, "replace")))


def _telling(data: bytes) -> bytes:
    words = re.findall(rb"[^\s]*[\x80-\xff][^\s]*", data[:SAMPLE_BYTES])
    return b" ".join(words[:2000]) or data[:1000]


def _mixed(data: bytes, name: str) -> Decoded | None:
    """Lines in UTF-8 beside lines in Windows-1252, as pasted-together files have them."""
    out: list[str] = []
    utf8: list[int] = []
    other: list[int] = []
    for n, line in enumerate(data.splitlines(keepends=True), 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            other.append(n)
            out.append(line.decode("cp1252", "replace"))
            continue
        if not text.isascii():
            utf8.append(n)
        out.append(text)
    if not utf8 or not other:
        return None
    warning = sentence(
        "{name} mixes encodings: {count} of its lines, the first of them line {line}, did not come as UTF-8 and were "
        "read as Windows-1252; check their accents.",
        name=shown(name), count=len(other), line=other[0],
    )  # fmt: skip
    return Decoded("".join(out), "utf-8", b"", (warning,))
