"""The sample texts: complete, uneven as life, and their gold grids true to the segments the reader gives."""

from pathlib import Path

import pytest

from workbench.config import bundled_path
from workbench.core.languages import detect_language
from workbench.core.texts import BlockKind
from workbench.services.seed_service import read_corpus_text

FOLDERS = sorted(path.parent for path in bundled_path("corpora").glob("*/text.toml"))


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def text(request):
    return read_corpus_text(request.param)


def test_there_are_enough_texts():
    assert len(FOLDERS) >= 8


def test_every_segment_stands_in_exactly_one_row_of_the_gold(text):
    info, read, grid = text
    assert grid is not None, info.slug
    by_language = {version.language: version for version in read}
    assert set(grid.languages) == set(by_language)
    grid.check_complete([len(by_language[language].segments) for language in grid.languages])


def test_crossing_rows_are_marked_and_no_others(text):
    _, _, grid = text
    assert grid.with_crossings() == grid


def test_each_version_is_in_its_language_and_of_a_page_s_length(text):
    _, read, _ = text
    for version in read:
        assert detect_language(version.document.text)[0] == version.language
        assert 25 <= len(version.segments) <= 80


def test_headings_and_rows_answer_in_kind(text):
    """A heading never answers a sentence: a slip of numbers in a gold grid would show here."""
    _, read, grid = text
    by_language = {version.language: version.segments for version in read}
    for row in grid.rows:
        kinds = {
            by_language[language][n].kind is BlockKind.HEADING
            for language, cell in zip(grid.languages, row.cells, strict=True)
            for n in cell
        }
        assert len(kinds) == 1, row


def test_the_texts_are_as_uneven_as_real_ones(text):
    _, _, grid = text
    uneven = sum(any(len(cell) != 1 for cell in row.cells) for row in grid.rows)
    assert uneven >= 4


def test_the_samples_cover_what_the_first_page_must_show():
    versions = {folder.name: {path.stem for path in folder.glob("??.md")} for folder in FOLDERS}
    assert any("en" not in languages for languages in versions.values())
    assert any((folder / "fr.1.md").is_file() for folder in FOLDERS)
    crossings = [read_corpus_text(folder)[2] for folder in FOLDERS]
    assert sum(any(row.crossing for row in grid.rows) for grid in crossings if grid) >= 2


def test_a_broken_gold_names_its_file(tmp_path: Path):
    from workbench.errors import WorkbenchError

    (tmp_path / "text.toml").write_text('title = "T"\noriginal = "fr"\n', encoding="utf-8")
    (tmp_path / "fr.md").write_text("Bonjour à tous.\n", encoding="utf-8")
    (tmp_path / "gold.tsv").write_text("#fr\tes\n0\tx\n", encoding="utf-8")
    with pytest.raises(WorkbenchError, match=r"gold\.tsv"):
        read_corpus_text(tmp_path)
