"""The glossary for people and other tools: XLSX, UTX, HTML, TMX."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from workbench.core.terms import Concept, Status, Term
from workbench.errors import FormatError, UsageError
from workbench.formats import glossary, glossary_csv, glossary_tables

CITY = Concept("city", "actors-networks", (
    Term("fr", "<cité>", part_of_speech="noun", note="=1+1", definition="a & b", source="s"),
    Term("fr", "bourg", Status.FORBIDDEN, use_instead="<cité>"),
    Term("es", "'=ciudad", part_of_speech="noun"), Term("pt-PT", "cidade"),
), related=("town",))  # fmt: skip


def one(export):
    ((_, data),) = export.files.items()
    return data


def test_a_workbook_comes_back_and_holds_no_formula():
    data = one(glossary_tables.write_xlsx([CITY], name="g"))
    assert glossary_tables.read_xlsx(data, "g.xlsx").concepts == (CITY,)
    sheet = load_workbook(io.BytesIO(data)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_a_workbook_with_a_wrong_row_names_it():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["concept", "language", "term", "status"])
    book.active.append(["a", "fr", "mot", "liked"])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(FormatError, match="line 2, column status"):
        glossary_tables.read_xlsx(out.getvalue(), "x.xlsx")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"text"])
def test_what_is_no_workbook_is_told(data):
    with pytest.raises(FormatError, match=r"x\.xlsx"):
        glossary_tables.read_xlsx(data, "x.xlsx")


def test_html_shows_text_as_text():
    page = one(glossary_tables.write_html([CITY], name="<g>", date="2025-01-01")).decode()
    assert "&lt;cité&gt;" in page and "a &amp; b" in page and "<cité>" not in page
    assert '<p class="forbidden">bourg</p>' in page and "src=" not in page


def test_utx_has_a_line_for_each_target_term_with_its_status():
    lines = one(glossary_tables.write_utx([CITY], name="g", date="2025", pairs=[("es", "fr")])).decode().splitlines()
    assert lines[0].startswith("#UTX 1.20; es/fr")
    assert [line.split("\t")[1:4] for line in lines[2:]] == [
        ["<cité>", "noun", "approved"], ["bourg", "noun", "forbidden"],
    ]  # fmt: skip


def test_tmx_has_the_preferred_terms_of_all_languages_in_one_unit():
    from translate.storage import tmx

    data = one(glossary_tables.write_tmx([CITY], name="g", date="2025-01-01T00:00:00.000Z"))
    assert data.decode().count("<tuv ") == 3 and b'srclang="*all*"' in data and b"bourg" not in data
    assert len(tmx.tmxfile.parsestring(data).units) == 1


@pytest.mark.parametrize("format", sorted(glossary.WRITERS))
def test_every_format_names_what_it_loses(format):
    made = glossary.write([CITY], format, name="g", date="2025-01-01", pairs=[("fr", "es")])
    assert made.files and all(isinstance(data, bytes) for data in made.files.values())
    assert bool(made.losses) is (format not in ("csv", "xlsx"))


def test_an_unknown_format_or_ending_is_told_with_those_there_are():
    with pytest.raises(UsageError, match="tbx"):
        glossary.write([CITY], "doc", name="g", date="", pairs=[])
    with pytest.raises(FormatError, match=r"\.csv"):
        glossary.read(b"", "x.doc")


def test_the_csv_is_the_reference_for_the_workbooks_columns():
    sheet = load_workbook(io.BytesIO(one(glossary_tables.write_xlsx([CITY], name="g")))).active
    assert tuple(cell.value for cell in sheet[1]) == glossary_csv.COLUMNS
