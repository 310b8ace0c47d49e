"""`workbench text …`: the workspace's texts."""

import json

import pytest

from tests.commands.conftest import FRENCH, SPANISH
from workbench.formats import beads


@pytest.fixture
def added(workbench, tmp_path):
    (tmp_path / "fr.md").write_text(FRENCH, encoding="utf-8")
    (tmp_path / "es.md").write_text(SPANISH, encoding="utf-8")
    done = workbench("text", "add", tmp_path / "fr.md", tmp_path / "es.md", "--title", "Le réseau", "--align")
    assert done.code == 0, done.err
    return done.out.strip()


def test_a_text_comes_in_is_listed_and_goes_out(workbench, added, tmp_path):
    listed = json.loads(workbench("text", "list", "--json").out)
    assert [text["text"] for text in listed] == [added] == ["le-reseau"]
    assert listed[0]["languages"]["es"]["segments"] == 7
    assert listed[0]["languages"]["pt"]["state"] == "missing"
    assert workbench("text", "export", added, "es").out == SPANISH
    table = workbench("text", "export", added, "--format", "beads")
    grid = beads.read_grid(table.out.encode(), "table")
    grid.check_complete([7, 7])
    target = tmp_path / "out" / "red.docx"
    assert workbench("text", "export", added, "es", "-o", target).code == 0
    assert target.read_bytes()[:2] == b"PK"


def test_a_preview_keeps_nothing(workbench, tmp_path):
    (tmp_path / "fr.md").write_text(FRENCH, encoding="utf-8")
    done = workbench("text", "add", tmp_path / "fr.md", "--preview", "--json")
    assert json.loads(done.out)[0]["segments"] == 7
    assert json.loads(workbench("text", "list", "--json").out) == []


def test_a_revision_keeps_what_did_not_change(workbench, added, tmp_path):
    (tmp_path / "fr.md").write_text(FRENCH.replace("Le pont est neuf.", "Le pont est vieux."), encoding="utf-8")
    done = workbench("text", "add", tmp_path / "fr.md", "--to", added)
    assert done.code == 0, done.err
    assert "6 segments unchanged, 1 changed" in done.err
    listed = json.loads(workbench("text", "list", "--json").out)
    assert listed[0]["languages"]["es"]["stale"] == 1


def test_segments_of_a_file_and_of_a_text_have_the_same_numbers(workbench, added, tmp_path):
    of_file = workbench("text", "segments", tmp_path / "es.md").out
    assert of_file == workbench("text", "segments", added, "es").out
    assert of_file.splitlines()[2] == "2\tTienen proyectos."


def test_renaming_and_removing(workbench, added):
    assert workbench("text", "rename", added, "network").out.strip() == "network"
    assert workbench("text", "remove", "network").code == 2, "nobody can be asked"
    assert workbench("text", "remove", "network", "es", "--yes").code == 0
    assert workbench("text", "remove", "network", "fr", "--yes").code == 2, "the only version"
    assert workbench("text", "remove", "network", "--yes").code == 0
    assert json.loads(workbench("text", "list", "--json").out) == []


@pytest.mark.parametrize(
    "arguments",
    [("segments", "nothing"), ("export", "nothing", "fr"), ("rename", "nothing", "x"), ("align", "nothing"),
     ("remove", "nothing", "--yes")],
)  # fmt: skip
def test_a_text_that_is_not_there_is_told(workbench, arguments):
    done = workbench("text", *arguments)
    assert done.code == 2
    assert "nothing" in done.err


def test_a_taken_name_is_refused_and_the_first_text_stays(workbench, added, tmp_path):
    done = workbench("text", "add", tmp_path / "es.md", "--slug", added)
    assert done.code == 2
    assert added in done.err
    assert workbench("text", "export", added, "fr").out == FRENCH
