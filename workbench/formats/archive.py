"""Office files are ZIP archives of XML: opened with bounds, parsed without entities, written back part by part."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from workbench.errors import FormatError, Sentence
from workbench.formats.decoding import shown

MAX_ENTRIES = 20_000  # a document with a thousand pictures has some 2,000
MAX_UNPACKED = 1024**3  # pictures are packed already; a real document does not grow much
MAX_XML_PART = 120 * 1024**2  # 5,000 pages of Word; a bomb is far above

_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


class Archive:
    """An office file, read only as far as it is needed.

    Args:
        data: The file.
        name: Its name, for messages.
        kind: What it should be, for messages (``"Word document (.docx)"``).
    """

    def __init__(self, data: bytes, name: str, kind: Sentence) -> None:
        self._name, self._kind = shown(name), kind
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise FormatError(
                "{name} is an old Office file or one with a password: save it as {kind} without a password.",
                name=self._name,
                kind=kind,
            )
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise FormatError(
                "{name} is not a {kind}, whatever its name says, or it is damaged: open it in its "
                "program and save it again.",
                name=self._name,
                kind=kind,
            ) from error
        if len(self.infos) > MAX_ENTRIES or sum(info.file_size for info in self.infos) > MAX_UNPACKED:
            raise FormatError("{name} unpacks to far more than a document holds and was not opened.", name=self._name)
        self.names = {info.filename for info in self.infos}

    def read(self, part: str, limit: int = MAX_UNPACKED) -> bytes:
        """Unpack one part.

        Raises:
            FormatError: it is missing, damaged, locked or larger than ``limit``.
        """
        try:
            if self._zip.getinfo(part).file_size > limit:
                raise FormatError(
                    "{name} holds a part that is too large to be opened ({part}).", name=self._name, part=shown(part)
                )
            with self._zip.open(part) as stream:
                data = stream.read(limit + 1)
        except KeyError as error:
            raise FormatError(
                "{name} is a ZIP archive but not a {kind}: {part} is missing.",
                name=self._name,
                kind=self._kind,
                part=shown(part),
            ) from error
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise FormatError(
                "{name} is damaged or has a password ({part}): open it in its program and save it again.",
                name=self._name,
                part=shown(part),
            ) from error
        if len(data) > limit:
            raise FormatError(
                "{name} holds a part that is too large to be opened ({part}).", name=self._name, part=shown(part)
            )
        return data

    def xml(self, part: str) -> Any:
        """Parse one XML part and return its root element."""
        data = self.read(part, MAX_XML_PART)
        if _DOCTYPE.search(data[:2000]) or _DOCTYPE.search(data.replace(b"\0", b"")[:2000]):
            raise FormatError(
                "{name} declares entities in {part}, which no document needs: not opened.",
                name=self._name,
                part=shown(part),
            )
        return parse_xml(data, self._name, f" ({shown(part)})")

    def rebuilt(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the archive with some parts replaced; all others in the same order with the same content."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self.infos:
                if info.is_dir():
                    continue
                data = changed.get(info.filename)
                copy = zipfile.ZipInfo(info.filename, info.date_time)
                copy.compress_type = info.compress_type  # ODF's mimetype must stay uncompressed
                if copy.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    copy.compress_type = zipfile.ZIP_DEFLATED
                copy.external_attr = info.external_attr
                target.writestr(copy, self.read(info.filename) if data is None else data)
        return out.getvalue()


def parse_xml(data: bytes, name: str, part: str = "") -> Any:
    """Parse XML without resolving entities or loading anything.

    Raises:
        FormatError: it is not well-formed, with the line.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True, remove_blank_text=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise FormatError(
            "{name}{part}, line {line}: the XML is not well-formed ({error}). Export the file "
            "again from the program it came from.",
            name=shown(name),
            part=part,
            line=line,
            error=plain(error),
        ) from error
    if root is None:
        raise FormatError("{name}{part} holds no XML.", name=shown(name), part=part)
    return root


def plain(error: Exception) -> str:
    """A library's message on one line, short enough to be shown."""
    message = str(getattr(error, "msg", "") or error)
    return " ".join(re.sub(r", line \d+, column \d+.*|\(line 0\)", "", message).split())[:160]


def serialised(root: Any) -> bytes:
    """Write an element tree as office programs do."""
    from lxml import etree

    data: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
