"""`workbench align`: files into a grid, and plain words for every file that is none."""

import io
import zipfile

import pytest

from tests.commands.conftest import ENGLISH, FRENCH, SPANISH
from workbench.formats import beads


@pytest.fixture
def files(tmp_path):
    names = {"fr": FRENCH, "es": SPANISH, "en": ENGLISH}
    for language, text in names.items():
        (tmp_path / f"{language}.md").write_text(text, encoding="utf-8")
    return [tmp_path / f"{language}.md" for language in names]


def test_the_grid_has_every_segment_once_and_goes_to_standard_output(workbench, files):
    done = workbench("align", *files)
    assert done.code == 0, done.err
    grid = beads.read_grid(done.out.encode(), "grid")
    assert grid.languages == ("fr", "es", "en")
    grid.check_complete([7, 7, 7])
    assert len(grid.rows) == 7
    assert "7 rows of fr, es, en" in done.err


def test_a_file_name_or_an_option_tells_the_language(workbench, tmp_path):
    (tmp_path / "a.txt").write_text("L’eau de la rivière.\nLe pont.\n", encoding="utf-8")
    (tmp_path / "b.txt").write_text("Wasser im Fluss.\nDie Brücke.\n", encoding="utf-8")
    done = workbench("align", tmp_path / "a.txt", tmp_path / "b.txt", "--segmented", "--languages", "fr,de")
    assert done.code == 0, done.err
    assert done.out.splitlines()[0].startswith("#fr\tde")
    assert [line.split("\t")[:2] for line in done.out.splitlines()[1:]] == [["0", "0"], ["1", "1"]]


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".xlsx", ".tmx", ".html", ".beads.tsv"])
def test_the_ending_of_the_output_chooses_its_format(workbench, files, tmp_path, ending):
    target = tmp_path / "out" / f"grid{ending}"
    done = workbench("align", *files, "-o", target)
    assert done.code == 0, done.err
    data = target.read_bytes()
    if ending == ".xlsx":
        assert zipfile.is_zipfile(io.BytesIO(data))
    else:
        text = data.decode("utf-8-sig")
        shown = "#fr\tes\ten" if ending == ".beads.tsv" else "El puente es nuevo."
        assert shown in text
    assert done.out == ""
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_markup_in_a_text_stays_text_in_html(workbench, tmp_path):
    (tmp_path / "fr.txt").write_text("L’eau <script>alert(1)</script>\n", encoding="utf-8")
    (tmp_path / "es.txt").write_text("El agua <b>\n", encoding="utf-8")
    done = workbench("align", tmp_path / "fr.txt", tmp_path / "es.txt", "--segmented", "--format", "html")
    assert "&lt;script&gt;" in done.out
    assert "<script>" not in done.out


def bad_files():
    yield "empty.md", b"", "empty"
    yield "blank.md", b"\n \n\n", "empty"
    yield "binary.txt", bytes(range(256)) * 8, "binary.txt"
    yield "word.docx", b"this is no Word file", "word.docx"
    yield "picture.docx", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture.docx"
    yield "unknown.zzz", b"text", "unknown.zzz"
    yield "bomb.xliff", BOMB, "bomb.xliff"
    yield "outside.xliff", OUTSIDE, "outside.xliff"
    yield "broken.tmx", b"<tmx><body><tu>", "broken.tmx"


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;">]>'
    b'<xliff version="1.2"><file source-language="fr" target-language="es"><body><trans-unit id="1">'
    b"<source>&e;</source></trans-unit></body></file></xliff>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    b'<xliff version="1.2"><file source-language="fr" target-language="es"><body><trans-unit id="1">'
    b"<source>&a;</source></trans-unit></body></file></xliff>"
)


@pytest.mark.parametrize(
    ("name", "data", "said"), bad_files(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_bad_input_is_told_with_the_file_s_name_and_leaves_nothing(workbench, files, tmp_path, name, data, said):
    bad = tmp_path / name
    bad.write_bytes(data)
    target = tmp_path / "out" / "grid.csv"
    done = workbench("align", files[0], bad, "-o", target)
    assert done.code == 2, done.out + done.err
    assert said in done.err
    assert "Traceback" not in done.err
    assert "should not" not in done.err, done.err
    assert not target.parent.exists() or not list(target.parent.iterdir())


def test_two_files_of_one_language_are_both_named(workbench, files, tmp_path):
    (tmp_path / "other.fr.md").write_text(FRENCH, encoding="utf-8")
    done = workbench("align", files[0], tmp_path / "other.fr.md")
    assert done.code == 2
    assert "fr.md" in done.err
    assert "other.fr.md" in done.err


def test_one_version_alone_a_missing_file_and_a_folder_are_refused(workbench, files, tmp_path):
    for arguments, said in [((files[0],), "only version"), ((files[0], tmp_path / "gone.md"), "no such file"),
                            ((files[0], tmp_path), "folder")]:  # fmt: skip
        done = workbench("align", *arguments)
        assert done.code == 2
        assert said in done.err


def test_a_bad_option_is_bad_usage(workbench, files):
    assert workbench("align", *files, "--format", "pdf").code == 2
    assert workbench("align", *files, "--languages", "fr").code == 2
    assert workbench("align", *files, "--languages", "fr,es,§").code == 2
    assert workbench("align").code == 2
    assert workbench("nothing").code == 2


@pytest.mark.parametrize(("encoding", "said"), [("utf-16", "UTF-16"), ("windows-1252", "Windows-1252")])
def test_another_encoding_is_read_and_said(workbench, files, tmp_path, encoding, said):
    (tmp_path / "fr.txt").write_bytes("L’eau de la rivière coulait déjà.\n\nLe pont où l’été passe.\n".encode(encoding))
    done = workbench("text", "segments", tmp_path / "fr.txt")
    assert done.code == 0, done.err
    assert "rivière" in done.out
    assert said in done.err


def test_ten_megabytes_in_one_paragraph_are_cut(workbench, tmp_path):
    (tmp_path / "fr.txt").write_text("Les villes coopèrent et le pont est neuf. " * 250_000, encoding="utf-8")
    done = workbench("text", "segments", tmp_path / "fr.txt")
    assert done.code == 0, done.err
    assert len(done.out.splitlines()) == 250_000


def test_a_name_that_climbs_is_never_a_path(workbench, files, tmp_path):
    done = workbench("text", "add", files[0], "--slug", "../../x")
    assert done.code == 2
    assert "cannot name a text" in done.err
    done = workbench("text", "add", files[0], "--title", "../../x")
    assert done.code == 0, done.err
    assert done.out.strip() == "x"


def test_versions_that_do_not_belong_together_are_reported(workbench, tmp_path):
    words = {
        "fr": ["L’eau", "La rivière", "Le pont", "Une école", "Le marché", "La fête", "Le jardin", "Le train"],
        "es": ["Aliquam", "Bibendum", "Curabitur", "Dapibus", "Etiam", "Faucibus", "Gravida", "Hendrerit"],
    }
    for language, lines in words.items():
        (tmp_path / f"{language}.txt").write_text("\n".join(f"{w}." for w in lines) + "\n", encoding="utf-8")
    done = workbench("align", tmp_path / "fr.txt", tmp_path / "es.txt", "--segmented")
    assert done.code == 0
    assert "hardly answer each other" in done.err
    (tmp_path / "pt.txt").write_text("A água.\nO rio.\nA ponte.\nA escola.\nO mercado.\nA festa.\nO jardim.\nO trem.\n")
    assert "hardly" not in workbench("align", tmp_path / "fr.txt", tmp_path / "pt.txt", "--segmented").err
