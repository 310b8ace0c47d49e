"""The glossary's CSV: exact round trip, spreadsheets' habits, and plain messages."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.terms import Concept, Status, Term, TermType
from workbench.errors import FormatError
from workbench.formats import glossary_csv

CONCEPT = Concept("sdg", "advocacy-agendas", (
    Term("fr", "objectif de développement durable", part_of_speech="noun", gender="masculine", number="singular",
         plural="objectifs de développement durable", definition="but, « commun »", source="A/RES/70/1"),
    Term("fr", "ODD", type=TermType.ACRONYM, expansion="objectif de développement durable"),
    Term("es", "meta", status=Status.FORBIDDEN, use_instead="objetivo", context=("agenda", "2030")),
), related=("2030-agenda",))  # fmt: skip


def test_what_is_written_is_read_back():
    data = glossary_csv.write([CONCEPT]).files["glossary.csv"]
    assert glossary_csv.read(data, "glossary.csv").concepts == (CONCEPT,)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8-sig"), (";", "cp1252"), ("\t", "utf-8"), (",", "utf-16")]
)
def test_spreadsheets_files_are_read(delimiter, encoding):
    text = glossary_csv.write_text([CONCEPT], delimiter=delimiter)
    assert glossary_csv.read(text.encode(encoding), "x.csv").concepts == (CONCEPT,)


@given(st.text(alphabet="=+-@'\t ab;,\"", min_size=1, max_size=8))
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell):
    protected = glossary_csv.protect(cell)
    assert not protected.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert glossary_csv.unprotect(protected) == cell


def test_a_term_like_a_formula_is_shown_and_not_run():
    concept = Concept("danger", terms=(Term("en", "=cmd|' /C calc'!A1", note="+1-2"),))
    text = glossary_csv.write_text([concept])
    cells = next(csv.DictReader(io.StringIO(text)))
    assert cells["term"].startswith("'=") and cells["note"].startswith("'+")
    assert glossary_csv.read(text.encode(), "x.csv").concepts == (concept,)


def test_a_missing_column_is_named():
    with pytest.raises(FormatError, match=r"x\.csv, line 1: columns are missing: “term”\. The file has “concept”"):
        glossary_csv.read(b"concept;language;word\na;fr;b\n", "x.csv")


def test_wrong_rows_are_all_named_with_line_and_column():
    text = "concept,language,term,status\na,fr,mot,\nb,fr,,\nc,fr,x,liked\nd,french!,x,\n"
    with pytest.raises(FormatError) as error:
        glossary_csv.read(text.encode(), "x.csv")
    message = str(error.value)
    assert "line 3, column term" in message
    assert "line 4, column status: “liked” is none of preferred" in message
    assert "line 5, column language" in message


def test_lines_count_what_an_editor_counts_even_after_a_cell_of_two_lines():
    text = 'concept,language,term,note\na,fr,mot,"one\ntwo"\nb,fr,,\n'
    with pytest.raises(FormatError, match="line 4, column term"):
        glossary_csv.read(text.encode(), "x.csv")


def test_a_quotation_mark_without_its_pair_is_told():
    with pytest.raises(FormatError, match="quotation mark"):
        glossary_csv.read(b'concept,language,term\na,fr,"mot\n', "x.csv")


def test_a_repeated_row_is_told_and_not_lost_silently():
    found = glossary_csv.read(b"concept,language,term\na,fr,mot\na,fr,mot\n", "x.csv")
    assert len(found.concepts[0].terms) == 1
    assert "line 3" in str(found.warnings[0])


def test_a_file_with_few_columns_says_which_it_carries():
    assert glossary_csv.read(b"concept,language,term\na,fr,mot\n", "x.csv").fields == {"id", "language", "text"}


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_an_empty_file_is_told(data):
    with pytest.raises(FormatError, match="empty"):
        glossary_csv.read(data, "x.csv")
