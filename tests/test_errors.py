"""Sentences for people: in English for commands, and for pages in whatever language translates them."""

from __future__ import annotations

import pickle

import pytest

import workbench.core.checks_language  # noqa: F401 - its checks register themselves
from workbench.config import MAX_FILE_BYTES
from workbench.core.checks import CheckContext, Pair, run_checks
from workbench.core.grid import Grid, Row
from workbench.core.terms import Concept, ConceptConflictError, Term
from workbench.errors import FormatError, Sentence, UsageError, WorkbenchError
from workbench.formats import glossary, read_document
from workbench.ui import i18n


@pytest.fixture(params=["fr", "es", "pt"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(i18n, "interface_language", lambda: request.param)
    return str(request.param)


def refused(call) -> WorkbenchError:
    with pytest.raises(WorkbenchError) as caught:
        call()
    return caught.value


def test_a_sentence_takes_its_values_in_any_language() -> None:
    inner = UsageError("column {name} is empty", name="term")
    outer = FormatError("{file}:\n{errors}", file="a.csv", errors=(inner, Sentence("and {n} more", {"n": 2})))
    assert str(outer) == "a.csv:\ncolumn term is empty\nand 2 more"
    words = {"{file}:\n{errors}": "{file} —\n{errors}", "column {name} is empty": "colonne {name} vide"}
    assert outer.sentence.say(lambda m: words.get(m, m)) == "a.csv —\ncolonne term vide\nand 2 more"


def test_braces_that_somebody_wrote_are_no_values() -> None:
    assert str(UsageError("“{name}” is no name.", name="{x} {0}")) == "“{x} {0}” is no name."
    assert str(UsageError("{x} is said as it stands")) == "{x} is said as it stands"
    assert i18n.said("{x}") == "{x}"


def test_a_stored_sentence_is_the_one_it_was() -> None:
    inner = Sentence("column {name} is empty", {"name": "term"})
    kept = Sentence("{file}: {errors}, {share}", {"file": "{a}", "errors": (inner, "x"), "share": 0.5})
    assert Sentence.load(kept.dump()) == kept and str(kept) == "{a}: column term is empty\nx, 0.5"
    for words in ("Reading the sentences", "3", '"ab"', "[1]", "{n} rows", "[]"):
        assert str(Sentence.load(words)) == words


def test_errors_survive_the_way_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(FormatError("{name} is empty.", name="a")))
    assert isinstance(error, FormatError) and str(error) == "a is empty."
    theirs = ConceptConflictError("{who} was faster.", Concept("a", "", (Term("fr", "a"),)), None, who="Ana")
    assert str(theirs) == "Ana was faster." and theirs.mine is not None


def test_what_a_reader_refuses_is_told_in_the_persons_language(language: str) -> None:
    said = i18n.said(refused(lambda: read_document(b"%PDF-1.4", "plan.txt")))
    assert {"fr": "un PDF", "es": "un PDF", "pt": "um PDF"}[language] in said and "plan.txt" in said
    assert {"fr": "exportez-le", "es": "expórtelo", "pt": "exporte-o"}[language] in said


def test_a_file_over_the_limit_is_refused_in_the_persons_language(language: str) -> None:
    data = b"x" * (MAX_FILE_BYTES + 1)
    wanted = {"fr": "divisez-le", "es": "divídalo", "pt": "divida-o"}[language]
    for call in (lambda: read_document(data, "plan.docx"), lambda: glossary.read(data, "terms.csv")):
        said = i18n.said(refused(call))
        assert "50" in said and wanted in said


def test_what_stands_wrong_in_a_glossary_is_told_line_by_line_in_the_persons_language(language: str) -> None:
    data = b"concept,language,term,status\ncity,fr,ville,good\ntown,xx-,ville,preferred\n"
    said = i18n.said(refused(lambda: glossary.read(data, "terms.csv")))
    lines = said.splitlines()
    line = {"fr": "ligne", "es": "línea", "pt": "linha"}[language]
    assert len(lines) == 3 and lines[1].startswith(f"{line} 2,") and lines[2].startswith(f"{line} 3,")
    assert "is not" not in said and "good" in lines[1]


def test_a_finding_is_told_in_the_persons_language(language: str) -> None:
    pair = Pair("Il y a 12 villes.", "There are 13 cities.")
    finding = run_checks([pair], CheckContext("fr", "en"), only=["numbers"])[0]
    said = i18n.said(finding.sentence)
    assert "12" in said and "13" in said and said != finding.message == "The source says 12, the translation 13."


def test_what_a_grid_cannot_do_is_told_in_the_persons_language(language: str) -> None:
    said = i18n.said(refused(lambda: Grid(("fr", "es"), (Row(((0,), (0,))),)).merge(4, 5)))
    assert said != str(refused(lambda: Grid(("fr", "es"), (Row(((0,), (0,))),)).merge(4, 5)))


def test_a_slip_in_a_catalogue_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "tr", lambda message, /, **_: "{no such value}")
    assert i18n.said(UsageError("{n} rows", n=3)) == "3 rows"
