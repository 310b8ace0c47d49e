"""`workbench batch`: folders of texts, resumed after a kill, failures told at the end."""

import json
import os

import pytest

from tests.commands.conftest import FRENCH
from workbench.formats import beads
from workbench.services import batch_results


def states(done):
    return {row["name"]: row["state"] for row in json.loads(done.out)}


def test_each_text_gets_a_folder_with_the_grid_and_every_pair(workbench, texts, tmp_path):
    out = tmp_path / "out"
    done = workbench("batch", texts, "-o", out, "--format", "csv")
    assert done.code == 0, done.err
    visible = {path.name for path in (out / "one").iterdir() if not path.name.startswith(".")}
    assert visible == {
        "grid.beads.tsv", "grid.csv", "fr-es.beads.tsv", "fr-en.beads.tsv", "es-en.beads.tsv"
    }  # fmt: skip
    grid = beads.read_grid((out / "one" / "grid.beads.tsv").read_bytes(), "grid")
    pair = beads.read_grid((out / "one" / "fr-en.beads.tsv").read_bytes(), "pair")
    assert grid.pair("fr", "en").beads == pair.pair("fr", "en").beads
    assert "2 of 2 texts" in done.err
    assert done.out.startswith("text\tstate\t")


def test_files_that_are_no_version_are_passed_over(workbench, texts, tmp_path):
    for name in ("text.toml", "fr-es.beads.tsv", "gold.tsv", "fr.1.md", "notes.md", "LICENSE.txt"):
        (texts / "one" / name).write_text("not a version", encoding="utf-8")
    (texts / "empty").mkdir()
    (texts / "README.md").write_text("not a text", encoding="utf-8")
    done = workbench("batch", texts, "-o", tmp_path / "out", "--json")
    assert done.code == 0, done.err
    assert states(done) == {"one": "done", "two": "done"}


def test_a_failed_text_stops_no_other_and_is_told_with_its_reason(workbench, texts, tmp_path):
    (texts / "bad").mkdir()
    (texts / "bad" / "fr.md").write_bytes(b"")
    (texts / "bad" / "es.md").write_text(FRENCH, encoding="utf-8")
    (texts / "lonely").mkdir()
    (texts / "lonely" / "fr.md").write_text(FRENCH, encoding="utf-8")
    done = workbench("batch", texts, "-o", tmp_path / "out", "--json")
    assert done.code == 1
    assert states(done) == {"bad": "failed", "lonely": "failed", "one": "done", "two": "done"}
    assert "Failed: bad: fr.md is empty" in done.err
    assert "only one version" in done.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one", "two"]


def test_finished_texts_are_not_done_again_but_changed_ones_are(workbench, texts, tmp_path):
    out = tmp_path / "out"
    assert states(workbench("batch", texts, "-o", out, "--json")) == {"one": "done", "two": "done"}
    before = (out / "one" / "grid.beads.tsv").stat().st_mtime_ns
    assert states(workbench("batch", texts, "-o", out, "--json")) == {"one": "kept", "two": "kept"}
    assert (out / "one" / "grid.beads.tsv").stat().st_mtime_ns == before
    (texts / "two" / "fr.md").write_text(FRENCH + "\nUn jardin.\n", encoding="utf-8")
    assert states(workbench("batch", texts, "-o", out, "--json")) == {"one": "kept", "two": "done"}
    assert states(workbench("batch", texts, "-o", out, "--format", "tmx", "--json")) == {"one": "done", "two": "done"}
    (out / "one" / "fr-es.beads.tsv").unlink()
    assert states(workbench("batch", texts, "-o", out, "--format", "tmx", "--json")) == {"one": "done", "two": "kept"}


def test_a_kill_between_two_files_leaves_no_half_written_text(workbench, texts, tmp_path, monkeypatch):
    """The write of a text breaks off in its midst; what is seen afterwards is the texts finished before."""
    out = tmp_path / "out"
    real = batch_results.Path.write_text

    def killed(path, *arguments, **options):
        if path.name == batch_results.RECORD and ".two." in path.parent.name:
            raise KeyboardInterrupt
        return real(path, *arguments, **options)

    monkeypatch.setattr(batch_results.Path, "write_text", killed)
    done = workbench("batch", texts, "-o", out)
    assert done.code == 130
    assert [path.name for path in out.iterdir()] == ["one"]
    monkeypatch.undo()


def test_what_a_killed_run_left_is_swept_away(workbench, texts, tmp_path):
    out = tmp_path / "out"
    (out / ".one.partial-999999999").mkdir(parents=True)
    (out / f".two.partial-{os.getppid()}").mkdir()
    assert workbench("batch", texts, "-o", out).code == 0
    assert not (out / ".one.partial-999999999").exists()
    assert (out / f".two.partial-{os.getppid()}").exists(), "another run is at work on it"


def test_named_pairs_are_aligned_alone(workbench, texts, tmp_path):
    done = workbench("batch", texts, "-o", tmp_path / "out", "--pairs", "en-fr")
    assert done.code == 1
    assert "two has none of the pairs en-fr" in done.err or "none of the pairs en-fr" in done.err
    files = {path.name for path in (tmp_path / "out" / "one").iterdir() if not path.name.startswith(".")}
    assert files == {"en-fr.beads.tsv"}
    assert (tmp_path / "out" / "one" / "en-fr.beads.tsv").read_text().startswith("#en\tfr")


def test_segment_files_are_read_line_by_line(workbench, tmp_path):
    folder = tmp_path / "texts" / "news"
    folder.mkdir(parents=True)
    (folder / "fr.txt").write_text("L’eau. La rivière.\n\nLe pont.\n", encoding="utf-8")
    (folder / "de.txt").write_text("Wasser im Fluss.\nDie Brücke.\n", encoding="utf-8")
    (folder / "es.md").write_text("No.\n", encoding="utf-8")
    done = workbench("batch", tmp_path / "texts", "-o", tmp_path / "out", "--segmented")
    assert done.code == 0, done.err
    grid = beads.read_grid((tmp_path / "out" / "news" / "grid.beads.tsv").read_bytes(), "grid")
    assert grid.languages == ("fr", "de")
    grid.check_complete([2, 2])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--pairs", "fres"), "no"),
        (("--pairs", "fr-fr"), "twice"),
        (("--jobs", "0"), "jobs"),
        (("--format", "doc"), "doc"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_written(workbench, texts, tmp_path, arguments, said):
    done = workbench("batch", texts, "-o", tmp_path / "out", *arguments)
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_the_output_cannot_be_the_input_and_a_folder_must_hold_texts(workbench, texts, tmp_path):
    assert workbench("batch", texts, "-o", texts).code == 2
    assert workbench("batch", tmp_path / "gone", "-o", tmp_path / "out").code == 2
    done = workbench("batch", texts / "one", "-o", tmp_path / "out")
    assert done.code == 2
    assert "holds no texts" in done.err
