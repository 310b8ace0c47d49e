"""Exchange files: what comes out goes in again, what cannot is counted, and broken files say where."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import FormatError, UsageError
from workbench.formats.exchange import (
    ExchangeUnit,
    ExchangeVariant,
    Item,
    Report,
    Skipped,
    read_units,
    write_units,
)

from .worlds import needs_shared, shared

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")  # no XML
TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("aé =+-@'\"<>&;,\t%\\#|⟨⟩/1😀\u00a0_x04"), CHARACTERS), min_size=1, max_size=30
).filter(lambda text: text.strip() != "")
FREE = st.text(alphabet=CHARACTERS, max_size=20)
DATE = st.sampled_from(["", "2024-05-01T10:00:00Z", "1999-12-31T23:59:59Z"])
NAMES = FREE.filter(lambda key: not key.startswith("tmx:") and key != "x-context")
PAIRS = st.lists(st.tuples(NAMES, FREE), max_size=3).map(tuple)


def variants(language: str) -> st.SearchStrategy[ExchangeVariant]:
    return st.builds(
        ExchangeVariant,
        st.just(language),
        TEXT,
        st.just(()),
        PAIRS,
        st.lists(FREE, max_size=2).map(tuple),
        DATE,
        DATE,
        FREE,
        FREE,
    )


UNITS = st.builds(
    ExchangeUnit,
    st.tuples(*(variants(code) for code in ("fr", "es", "pt-BR", "en"))),
    FREE,
    st.sampled_from(["", "fr"]),
    FREE,
    PAIRS,
    st.lists(FREE, max_size=2).map(tuple),
    DATE,
    DATE,
    FREE,
    FREE,
)


def exchanged(units: list[ExchangeUnit], format: str, **options: object) -> tuple[list[Item], Report]:
    out = io.BytesIO()
    report = write_units(units, out, format=format, source="fr", target="es", **options)  # type: ignore[arg-type]
    out.seek(0)
    name = "x." + {"xliff2": "xliff"}.get(format, format)
    return list(read_units(out, name=name, source="fr", target="es")), report


@given(st.lists(UNITS, max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_tmx_gives_back_every_field_of_every_language(units: list[ExchangeUnit]) -> None:
    out = io.BytesIO()
    report = write_units(units, out, format="tmx")
    out.seek(0)
    assert list(read_units(out, name="x.tmx")) == units
    assert report.units == len(units) and set(report.lost) <= {"characters that XML forbids"}


def without(unit: ExchangeUnit, *fields: str) -> ExchangeUnit:
    """A unit as a poorer format gives it back."""
    blank = {field: type(getattr(unit, field))() for field in fields if field != "variants"}
    poor = tuple(ExchangeVariant(v.language, v.text) for v in unit.variants)
    return replace(unit, variants=poor, **blank)


@pytest.mark.parametrize("format", ["csv", "tsv", "xlsx"])
@given(units=st.lists(UNITS, max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
def test_tables_give_back_all_but_what_they_report(format: str, units: list[ExchangeUnit]) -> None:
    out = io.BytesIO()
    report = write_units(units, out, format=format, languages=("fr", "es", "pt-BR", "en"))
    out.seek(0)
    got = list(read_units(out, name=f"x.{format}"))
    assert len(got) == len(units)
    for unit, back in zip(units, got, strict=True):
        expected = without(unit, "properties")
        assert replace(back, notes=()) == replace(expected, notes=())  # type: ignore[arg-type]
        if report.lost["note after the first"] == 0:
            assert back.notes == tuple(note for note in unit.notes if note)  # type: ignore[union-attr]
    assert report.lost["property"] == sum(bool(unit.properties) for unit in units)


@pytest.mark.parametrize("format", ["po", "xliff", "xliff2"])
@given(units=st.lists(UNITS, max_size=3, unique_by=lambda unit: (unit.context, unit.variants[0].text)))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_pairs_give_back_all_but_what_they_report(format: str, units: list[ExchangeUnit]) -> None:
    got, report = exchanged(units, format)
    assert len(got) == report.units == len(units)
    for unit, back in zip(units, got, strict=True):
        assert isinstance(back, ExchangeUnit)
        assert [(v.language, v.text) for v in back.variants] == [(v.language, v.text) for v in unit.variants[:2]]
        assert back.context == unit.context
        if not report.lost["identifier"]:
            assert back.id == unit.id
        if not report.lost["note"]:
            assert back.notes == tuple(note for note in unit.notes if note or format != "po")
    assert report.lost["language not asked for"] == len(units)
    assert report.lost["direction"] == sum(unit.source != "fr" for unit in units)


@pytest.mark.parametrize("format", ["tmx", "csv", "tsv", "xlsx", "po", "xliff", "xliff2"])
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+33 1",
        "-x",
        "@me",
        "'=a",
        "''=a",
        "'a",
        "a\tb",
        "a\nb",
        "⟨1⟩a⟨/1⟩ ⟨2/⟩",
        "⟨1⟩a",
        "a⟨/3⟩",
        "⟨2⟩a⟨1⟩b⟨/2⟩c⟨/1⟩",
    ],
)
def test_difficult_texts_come_back_unchanged(format: str, text: str) -> None:
    unit = ExchangeUnit((ExchangeVariant("fr", text), ExchangeVariant("es", f"x{text}")), source="fr")
    got, report = exchanged([unit], format)
    assert [v.text for v in got[0].variants] == [text, f"x{text}"]  # type: ignore[union-attr]
    assert not report.lost


@pytest.mark.parametrize("format", ["csv", "tsv"])
def test_no_cell_of_a_table_begins_like_a_formula(format: str) -> None:
    out = io.BytesIO()
    texts = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"]
    units = [ExchangeUnit((ExchangeVariant("fr", text),), id="=1") for text in texts]
    write_units(units, out, format=format, languages=("fr",))
    written = io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")
    rows = list(csv.reader(written, delimiter="\t" if format == "tsv" else ","))
    assert len(rows) == 7
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


def test_a_workbook_holds_strings_and_no_formulas() -> None:
    import openpyxl

    out = io.BytesIO()
    write_units([ExchangeUnit((ExchangeVariant("fr", "=1+1"),))], out, format="xlsx", languages=("fr",))
    cell = openpyxl.load_workbook(io.BytesIO(out.getvalue())).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_tmx_keeps_the_content_of_inline_codes() -> None:
    seg = (
        'The <bpt i="1" x="1" type="bold">{\\b </bpt>big<ept i="1">}</ept> <ph x="2">&lt;br/&gt;</ph>'
        '<hi type="t">cat</hi> '
        '<it pos="begin" x="5">(</it><ut>u</ut>'
    )
    (unit,) = read_units(io.BytesIO(tmx(f'<tu><tuv xml:lang="EN"><seg>{seg}</seg></tuv></tu>')), name="x.tmx")
    assert isinstance(unit, ExchangeUnit)
    variant = unit.variants[0]
    assert variant.text == "The ⟨1⟩big⟨/1⟩ ⟨2/⟩⟨3⟩cat⟨/3⟩ ⟨5⟩⟨4/⟩"
    assert dict(variant.codes)["⟨1⟩"] == '<bpt i="1" x="1" type="bold">{\\b </bpt>'
    out = io.BytesIO()
    write_units([unit], out, format="tmx")
    out.seek(0)
    assert list(read_units(out, name="x.tmx")) == [unit]


def test_code_content_from_elsewhere_cannot_break_the_file() -> None:
    evil = (("⟨1/⟩", "</seg><seg>"), ("⟨2/⟩", "<script/>"))
    unit = ExchangeUnit((ExchangeVariant("fr", "a⟨1/⟩b⟨2/⟩", evil),))
    out = io.BytesIO()
    write_units([unit], out, format="tmx")
    out.seek(0)
    (back,) = read_units(out, name="x.tmx")
    assert isinstance(back, ExchangeUnit) and back.variants[0].text == "a⟨1/⟩b⟨2/⟩" and not back.variants[0].codes


def test_a_bad_unit_in_a_good_file_is_skipped_with_its_line() -> None:
    source = """<tmx version="1.4"><header srclang="fr"/><body>
<tu><tuv xml:lang="fr"><seg>un</seg></tuv></tu>
<tu><tuv><seg>deux</seg></tuv></tu>
<tu><tuv xml:lang="!!"><seg>trois</seg></tuv></tu>
<tu></tu>
<tu><tuv lang="fr"><seg>cinq</seg></tuv></tu>
</body></tmx>"""
    items = list(read_units(io.BytesIO(source.encode()), name="x.tmx"))
    assert [item.line for item in items] == [2, 3, 4, 5, 6]
    assert [type(item) for item in items] == [ExchangeUnit, Skipped, Skipped, Skipped, ExchangeUnit]
    assert "xml:lang" in str(items[1].reason)  # type: ignore[union-attr]


def tmx(body: str, head: str = "") -> bytes:
    return f'{head}<tmx version="1.4"><header srclang="fr"/><body>{body}</body></tmx>'.encode()


def test_hostile_units_are_skipped() -> None:
    many = "".join(f'<tuv xml:lang="x{a}{b}"><seg>a</seg></tuv>' for a in "abcdefghij" for b in "abcdefghij")
    huge = f'<tuv xml:lang="fr"><seg>{"a" * 5_000_000}</seg></tuv>'
    deep = f'<tuv xml:lang="fr"><seg>{"<hi>" * 2000}x{"</hi>" * 2000}</seg></tuv>'
    items = list(read_units(io.BytesIO(tmx(f"<tu>{many}</tu><tu>{huge}</tu><tu>{deep}</tu>")), name="x.tmx"))
    assert [type(item) for item in items] == [Skipped, Skipped, ExchangeUnit]


def test_two_hundred_levels_of_codes_come_back_as_they_were() -> None:
    levels = 200
    seg = "".join(f'<hi x="{k}">' for k in range(levels)) + "mot" + "</hi>" * levels
    flat = "".join(f'<bpt i="{k}">b</bpt>' for k in range(levels)) + "".join(
        f'<ept i="{k}">/b</ept>' for k in reversed(range(levels))
    )
    nested = "<bpt i='1'>" + "<sub>x" * levels + "</sub>" * levels + "</bpt>mot<ept i='1'/>"
    body = "".join(f'<tu><tuv xml:lang="fr"><seg>{s}</seg></tuv></tu>' for s in (seg, flat, nested))
    units = list(read_units(io.BytesIO(tmx(body)), name="x.tmx"))
    assert [type(unit) for unit in units] == [ExchangeUnit] * 3
    assert units[0].variants[0].text.count("⟨") == 2 * levels  # type: ignore[union-attr]
    out = io.BytesIO()
    write_units(units, out, format="tmx")  # type: ignore[arg-type]
    out.seek(0)
    assert list(read_units(out, name="x.tmx")) == units


def test_ten_thousand_languages_are_a_bad_unit_among_good_ones() -> None:
    letters = "abcdefghij"
    codes = [f"x{a}{b}-{c}{d}" for a in letters for b in letters for c in letters for d in letters]
    many = "".join(f'<tuv xml:lang="{code}"><seg>a</seg></tuv>' for code in codes)
    good = '<tu><tuv xml:lang="fr"><seg>a</seg></tuv><tuv xml:lang="es"><seg>b</seg></tuv></tu>'
    items = list(read_units(io.BytesIO(tmx(f"<tu>{many}</tu>{good}")), name="x.tmx"))
    assert [type(item) for item in items] == [Skipped, ExchangeUnit]
    assert "languages" in str(items[0].reason)  # type: ignore[union-attr]


@pytest.mark.parametrize(("declared", "real"), [("utf-8", "windows-1252"), ("utf-8", "utf-16-le"), ("utf-16", "utf-8"),
                                                ("iso-8859-1", "utf-16"), ("iso-8859-1", "utf-8"),
                                                ("windows-1252", "utf-8"), ("us-ascii", "utf-8"),
                                                ("us-ascii", "iso-8859-1")])  # fmt: skip
def test_an_encoding_that_is_not_the_real_one_is_read_or_told(declared: str, real: str) -> None:
    body = '<tmx version="1.4"><header/><body><tu><tuv xml:lang="fr"><seg>été</seg></tuv></tu></body></tmx>'
    data = f'<?xml version="1.0" encoding="{declared}"?>{body}'.encode(real)
    try:
        (unit,) = read_units(io.BytesIO(data), name="x.tmx")
    except FormatError as error:
        assert str(error).startswith("x.tmx")
        assert "encoding" in str(error)
    else:
        assert unit.variants[0].text == "été"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"not xml", "line 1"),
        (b"<html/>", "no TMX"),
        (tmx("<tu>"), "line 1"),
        (tmx("&b;", '<!DOCTYPE tmx [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'), "entity"),
        (tmx("", '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), "entity"),
        (tmx("", '<!DOCTYPE tmx [<!ENTITY % a SYSTEM "http://localhost/x">%a;]>'), "entity"),
        (b'<?xml version="1.0" encoding="klingon"?><tmx/>', "klingon"),
        (b'<?xml version="1.0" encoding="utf-8"?><tmx><body>\xe9</body></tmx>', "encoding"),
    ],
)
def test_broken_tmx_says_where_and_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(FormatError, match=said) as caught:
        list(read_units(io.BytesIO(data), name="../../x.tmx"))
    assert str(caught.value).startswith("x.tmx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252", "iso-8859-15", "shift_jis"])
def test_any_declared_encoding_is_read(encoding: str) -> None:
    text = "été à Lima" if encoding != "shift_jis" else "日本語"
    body = f'<tmx version="1.1"><header/><body><tu><tuv lang="fr"><seg>{text}</seg></tuv></tu></body></tmx>'
    source = f'<?xml version="1.0" encoding="{encoding}"?>{body}'
    (unit,) = read_units(io.BytesIO(source.encode(encoding)), name="x.tmx")
    assert isinstance(unit, ExchangeUnit) and unit.variants[0].text == text


def test_one_source_language_leaves_out_and_counts_units_without_it() -> None:
    units = [ExchangeUnit((ExchangeVariant("fr", "a"),)), ExchangeUnit((ExchangeVariant("es", "b"),))]
    out = io.BytesIO()
    report = write_units(units, out, format="tmx", source="fr")
    assert b'srclang="fr"' in out.getvalue() and report.units == 1
    assert report.lost == Counter({"unit without a language that was asked for": 1})


def test_progress_and_reading_go_step_by_step() -> None:
    body = '<tu><tuv xml:lang="fr"><seg>une phrase</seg></tuv></tu>' * 20_000
    seen: list[int] = []
    stream = io.BytesIO(tmx(body))
    reader = read_units(stream, name="x.tmx", progress=seen.append)
    next(reader)
    assert stream.tell() < 200_000
    assert sum(1 for _ in reader) == 19_999
    assert seen == sorted(seen) and seen[-1] == len(stream.getvalue())


def test_a_pair_format_needs_its_languages() -> None:
    with pytest.raises(UsageError, match="name the source"):
        write_units([], io.BytesIO(), format="po")
    with pytest.raises(FormatError, match="source language"):
        list(read_units(io.BytesIO(b'msgid "a"\nmsgstr "b"\n'), name="x.po"))
    with pytest.raises(FormatError, match="names no languages"):
        list(read_units(io.BytesIO(b"a;b\nc;d\n"), name="x.csv"))


# Counted otherwise in the index: lines of tables that are comments or no pair; segments where it counts units.
OWN_COUNT = {
    "symfony-resources.csv": 1,
    "test-magiccomment-bom.tab": 0,
    "symfony-resources-2.0-multi-segment-unit.xlf": 2,
    "everything-core.xlf": 5,
    "testTranslateWithTarget.xlf": 6,
}
BROKEN = {
    "broken-truncated.tmx": "line 2476",
    "broken-latin1-bytes-declared-utf8.tmx": "line 28",
    "broken-entity-expansion.tmx": "entity",
    "file-XLIFFFilter-invalid-content.xlf": "line 7",
    "symfony-empty.xlf": "line 1",
    "symfony-invalid-xml-resources.xlf": "line 8",
    "test_syntax_error1.po": "line 5",
    "validate-too-many-plural-forms.po": "line 16",
    "broken-truncated-in-string.po": "line 1346",
}


@needs_shared
def test_every_foreign_file_gives_its_units_or_a_plain_message() -> None:
    rows = list(csv.reader(shared("foreign/INDEX.tsv").open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE))
    checked = 0
    for path, kind, _, _, expected, *_ in rows[1:]:
        if kind == "tbx":
            continue
        name = path.rsplit("/", 1)[-1]
        checked += 1
        with shared(path).open("rb") as stream:
            reader = read_units(stream, name=name, source="en", target="xx")
            if name in BROKEN:
                with pytest.raises(FormatError, match=BROKEN[name]) as caught:
                    list(reader)
                assert str(caught.value).startswith(name)
                continue
            units = [item for item in reader if isinstance(item, ExchangeUnit)]
        assert len(units) == OWN_COUNT.get(name, int(expected)), name
    assert checked > 50


@needs_shared
def test_foreign_memories_survive_being_written_again() -> None:
    for path in sorted(shared("foreign/tmx").glob("*.tmx")):
        if path.name in BROKEN:
            continue
        with path.open("rb") as stream:
            units = [item for item in read_units(stream, name=path.name) if isinstance(item, ExchangeUnit)]
        out = io.BytesIO()
        assert not write_units(units, out, format="tmx").lost
        out.seek(0)
        assert list(read_units(out, name="x.tmx")) == units, path.name
