"""The short way through regular units gives what the parser gives: the same units, lines, reasons and errors."""

from __future__ import annotations

import io
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import FormatError
from workbench.formats import tmx, tmx_feed
from workbench.formats.exchange import Item

HEAD = '<?xml version="1.0" encoding="{encoding}"?>\n{doctype}<tmx version="1.4"><header srclang="{source}"/>\n<body>\n'
PLAIN = (
    '<tu tuid="a{n}">\n<tuv xml:lang="fr"><seg>Un {n}</seg></tuv>\n<tuv xml:lang="es"><seg>Uno {n}</seg></tuv></tu>\n'
)
ODD = (
    "<!-- <tu><tuv xml:lang='fr'><seg>hidden</seg></tuv></tu> -->",
    "<!-- a comment ends later ",
    " --> ",
    "<![CDATA[ </tu> ]]>",
    "<tu><tuv xml:lang='fr'><seg>b</seg></tuv></tu >",
    "<tu/><!-- </tu> -->",
    '<tu tuid="a" tuid="b"><tuv xml:lang="fr"><seg>b</seg></tuv></tu>',
    '<tu><prop type="x-context">k &lt; 1</prop><note>n</note><tuv lang="pt-br" creationdate="20240501T100000Z" '
    'usagecount="3"><seg>b &amp;amp; &#39;c&#39; &#233; &eacute;</seg></tuv></tu>',
    '<tu srclang="es"><tuv xml:lang="fr"><prop type="p">1</prop><seg>b</seg></tuv></tu>',
    '<tu><tuv xml:lang="no language"><seg>b</seg></tuv></tu>',
    '<tu><tuv xml:lang="no language"><seg></seg></tuv><tuv xml:lang="fr"><seg>c</seg></tuv></tu>',
    '<tu><tuv><seg>b</seg></tuv><tuv xml:lang="fr"><seg>c</seg></tuv></tu>',
    '<tu><tuv xml:lang="fr"><seg>b</seg></tuv>&unknown;</tu>',
    '<tu><tuv xml:lang="fr"><seg>b &unknown; c</seg></tuv></tu>',
    '<tu><tuv xml:lang="fr"><seg>b & c</seg></tuv></tu>',
    '<tu><tuv xml:lang="fr"><seg>b ]]> c</seg></tuv></tu>',
    '<tu><tuv xml:lang="fr"><seg>b \x01 \uffff c</seg></tuv></tu>',
    '<tu><tuv xml:lang="fr"><seg><bpt i="1">{</bpt>b<ept i="1"/></seg></tuv></tu>',
    '<tu>stray<tuv xml:lang="fr"><seg>b</seg></tuv>\u00a0</tu>',
    '<tu tuid="a\tb\nc"><tuv\nxml:lang="fr"><seg> b\r\nc\rd </seg></tuv></tu>',
    '<tu><tuv xml:lang="fr"><seg>   </seg></tuv></tu>',
    "<tu></tu>",
    "<tu>",
    "</tu>",
    "\r\n\n\r",
    "</body>",
)


def read(data: bytes, chunk: int) -> list[Item | str | int]:
    out: list[Item | str | int] = []
    with mock.patch.object(tmx, "CHUNK", chunk):
        try:
            for item in tmx.read_units(io.BytesIO(data), name="a.tmx"):
                out += [item, item.line]
        except FormatError as error:
            out.append(str(error))
    return out


def parsed(data: bytes, chunk: int) -> list[Item | str | int]:
    with mock.patch.object(tmx_feed, "pieces", lambda block: None):
        return read(data, chunk)


@settings(max_examples=300, deadline=None)
@given(
    pieces=st.lists(st.one_of(st.just(PLAIN), st.sampled_from(ODD)), max_size=12),
    chunk=st.sampled_from([300, 1_000, 1 << 16]),
    doctype=st.sampled_from(["", '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n', '<!DOCTYPE tmx [<!ENTITY unknown "known">]>']),
    encoding=st.sampled_from(["utf-8", "iso-8859-1", "utf-16", "windows-1252"]),
)
def test_every_file_reads_as_by_the_parser_alone(pieces: list[str], chunk: int, doctype: str, encoding: str) -> None:
    head = HEAD.format(encoding=encoding, doctype=doctype, source="fr")
    body = "".join(piece.replace("{n}", str(n)) for n, piece in enumerate(pieces))
    data = (head + body + "</body></tmx>\n").encode(encoding, "replace")
    assert read(data, chunk) == parsed(data, chunk)


@pytest.mark.parametrize("odd", ODD)
def test_odd_pieces_among_regular_units_read_as_by_the_parser_alone(odd: str) -> None:
    units = [PLAIN.replace("{n}", str(n)) for n in range(6)]
    for at in range(1, 6):
        text = HEAD.format(encoding="utf-8", doctype="", source="es") + "".join([*units[:at], odd, *units[at:]])
        data = (text + "</body></tmx>").encode()
        assert read(data, 1 << 16) == parsed(data, 1 << 16)


def test_bytes_that_are_no_utf8_are_told_with_the_same_line() -> None:
    units = [PLAIN.replace("{n}", str(n)) for n in range(40)]
    text = HEAD.format(encoding="utf-8", doctype="", source="es") + "".join(units)
    data = text.encode() + PLAIN.replace("{n}", "é").encode("latin-1") + b"</body></tmx>"
    for chunk in (500, 1 << 16):
        assert read(data, chunk) == parsed(data, chunk)
        assert sum(not isinstance(item, (str, int)) for item in read(data, chunk)) == 40


def test_nearly_all_units_of_a_usual_file_go_the_short_way() -> None:
    data = HEAD.format(encoding="utf-8", doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n', source="es")
    data += "".join(PLAIN.replace("{n}", str(n)) for n in range(200)) + "</body></tmx>"
    with mock.patch.object(tmx_feed, "regular_unit", side_effect=tmx_feed.regular_unit) as regular:
        assert len(read(data.encode(), 2_000)) == 400
    assert regular.call_count > 180
