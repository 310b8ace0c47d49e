"""What goes to the parser of a TMX, and what need not."""

from __future__ import annotations

from typing import Any, Protocol

from workbench.formats.exchange import Item
from workbench.formats.tmx_regular import END, NotRegularError, pieces, regular_unit


class Handler(Protocol):
    """Collects units from the parser's events.

    Attributes:
        parser: An expat parser.
        units: Those read so far, to which others may be added.
        srclang: The source language the file's header names.
        internal: The file declares something itself.
        ended_at, ended_line: The byte and the line at which the last unit's end tag began.
    """

    parser: Any
    units: list[Item]
    srclang: str
    internal: bool
    ended_at: int
    ended_line: int

    def idle(self) -> bool:
        """Tell whether nothing is being read: what comes next is a unit of its own."""
        ...


class Feed:
    """Gives a file to the parser but for the regular units, of which the parser sees only the lines they take.

    Args:
        handler: What the parser calls, and what collects the units.
        regular: Whether the bytes are UTF-8, so that units may be read without the parser.
    """

    def __init__(self, handler: Handler, *, regular: bool) -> None:
        self._handler = handler
        self._parse = handler.parser.Parse
        self._regular = regular
        self._between = False  # the parser stands right behind a unit, in no comment or the like
        self._kept = b""  # what follows the last whole unit
        self._fed = 0  # bytes the parser was given
        self._line = 1  # while it stands between units

    def take(self, data: bytes, final: bool) -> None:
        """Read some more of the file.

        Raises:
            ExpatError: the file is broken.
            FormatError: it is no TMX, or declares what is not read.
        """
        data = self._kept + data
        cut = data.rfind(END) + len(END)
        whole = cut >= len(END) and self._regular
        self._kept = data[cut:] if whole and not final else b""
        if whole:
            self._units(data[:cut])
            data = data[cut:] if final else b""
        if data or final:
            self._between = False
            self._parse(data, final)
            self._fed += len(data)

    def _units(self, block: bytes) -> None:
        """Read bytes that end with a unit's end."""
        parted = pieces(block) if self._between and not self._handler.internal else None
        if parted is None:
            self._slowly(block)
            return
        handler, units, skipped = self._handler, self._handler.units, 0
        for piece in parted:
            try:
                if not self._between:
                    raise NotRegularError
                units.append(regular_unit(piece, self._line, handler.srclang))
            except NotRegularError:
                self._slowly(b"\n" * skipped + piece.encode() + END)
                skipped = 0
            else:
                lines = piece.count("\n")
                self._line += lines
                skipped += lines
        if skipped:
            self._parse(b"\n" * skipped, False)
            self._fed += skipped

    def _slowly(self, block: bytes) -> None:
        handler = self._handler
        self._parse(block, False)
        self._fed += len(block)
        # Only if the last end tag was one for the parser as well, what follows is outside of comments and of units.
        self._between = handler.ended_at == self._fed - len(END) and handler.idle()
        self._line = handler.ended_line
