"""`workbench text bilingual` and `text corrections`: a version goes to a reviser and comes back."""

import json

import docx
import pytest

from tests.commands.conftest import FRENCH, SPANISH


@pytest.fixture
def sent(workbench, tmp_path):
    for name, text in (("fr", FRENCH), ("es", SPANISH)):
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    workbench("text", "add", tmp_path / "fr.md", tmp_path / "es.md", "--align")
    path = tmp_path / "out.docx"
    done = workbench("text", "bilingual", "le-reseau", "es", "-o", path)
    assert done.code == 0, done.err
    document = docx.Document(path)
    document.tables[0].cell(3, 2).text = "Tienen muchos proyectos."
    document.tables[0].cell(3, 3).text = "Many?"
    document.save(path)
    return path


def test_corrections_are_shown_first_and_change_nothing(workbench, sent):
    done = workbench("text", "corrections", "le-reseau", "es", sent)
    assert done.code == 0
    assert "Tienen muchos proyectos." in done.out
    assert "1 corrections, 1 comments; nothing is taken" in done.err
    assert workbench("text", "export", "le-reseau", "es").out == SPANISH


def test_corrections_taken_are_in_the_version_and_found_no_more(workbench, sent):
    done = workbench("text", "corrections", "le-reseau", "es", sent, "--take", "--reviewed")
    assert "1 corrections and 1 comments taken, 0 left." in done.err
    assert "6 segments left as they were count as reviewed." in done.err
    assert "Tienen muchos proyectos." in workbench("text", "export", "le-reseau", "es").out
    again = json.loads(workbench("text", "corrections", "le-reseau", "es", sent, "--json").out)
    assert again["corrections"] == []


def test_a_document_that_is_none_is_refused_with_a_sentence(workbench, sent, tmp_path):
    (tmp_path / "bad.docx").write_bytes(b"PK no")
    done = workbench("text", "corrections", "le-reseau", "es", tmp_path / "bad.docx")
    assert done.code == 2
    assert "Traceback" not in done.err
