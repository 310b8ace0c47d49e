"""`workbench glossary …`: in, out, checked, searched."""

import json

import polib
import pytest

CSV = """concept,domain,language,term,status,source,definition,use_instead
bridge,,fr,pont,preferred,workbench editors,ouvrage qui franchit un cours d’eau,
bridge,,es,puente,preferred,workbench editors,construcción que cruza un río,
bridge,,pt,ponte,preferred,,,
bridge,,en,bridge,preferred,,,
bridge,,es,pasarela,forbidden,,,puente
"""


@pytest.fixture
def imported(workbench, tmp_path):
    (tmp_path / "terms.csv").write_text(CSV, encoding="utf-8")
    done = workbench("glossary", "import", tmp_path / "terms.csv")
    assert done.code == 0, done.err


def test_a_preview_changes_nothing_and_an_import_does(workbench, tmp_path):
    (tmp_path / "terms.csv").write_text(CSV, encoding="utf-8")
    assert (
        workbench("glossary", "import", tmp_path / "terms.csv", "--preview")
        .out.splitlines()[1]
        .startswith("bridge\tnew")
    )
    assert json.loads(workbench("glossary", "search", "puente", "--json").out) == []
    assert workbench("glossary", "import", tmp_path / "terms.csv").code == 0
    assert json.loads(workbench("glossary", "search", "puente", "--json").out)[0]["id"] == "bridge"


def test_conflicting_concepts_are_left_unless_told(workbench, imported, tmp_path):
    (tmp_path / "other.csv").write_text(CSV.replace("construcción que cruza un río", "otra cosa"), encoding="utf-8")
    done = workbench("glossary", "import", tmp_path / "other.csv", "--json")
    if done.code == 0:
        pytest.fail("a contradiction was taken over unasked")
    assert json.loads(done.out)[0]["kind"] == "conflicting"
    assert workbench("glossary", "import", tmp_path / "other.csv", "--conflicts").code == 0
    assert "otra cosa" in workbench("glossary", "export", "--format", "csv").out


def test_po_has_a_file_a_pair_and_a_template_a_source(workbench, imported, tmp_path):
    done = workbench(
        "glossary", "export", "--format", "po", "-o", tmp_path / "po", "--pairs", "fr-es,fr-pt", "--name", "g"
    )
    assert done.code == 0, done.err
    assert {path.name for path in (tmp_path / "po").iterdir()} == {"g.fr-es.po", "g.fr-pt.po", "g.fr.pot"}
    entry = polib.pofile(str(tmp_path / "po" / "g.fr-es.po")).find("pont")
    assert entry.msgstr == "puente"


def test_comments_of_translators_survive_a_new_export(workbench, imported, tmp_path):
    arguments = ("glossary", "export", "--format", "po", "-o", tmp_path / "po", "--pairs", "fr-es", "--name", "g")
    assert workbench(*arguments).code == 0
    path = tmp_path / "po" / "g.fr-es.po"
    file = polib.pofile(str(path))
    file.find("pont").tcomment = "said so in Lima"
    file.save()
    assert workbench(*arguments).code == 0
    assert "said so in Lima" in path.read_text(encoding="utf-8")


def test_a_glossary_is_checked(workbench, imported, tmp_path):
    (tmp_path / "bad.csv").write_text(CSV.replace(",puente\n", ",\n"), encoding="utf-8")
    done = workbench("glossary", "check", tmp_path / "bad.csv")
    assert done.code == 1
    assert "bridge" in done.out
    assert workbench("glossary", "check", tmp_path / "terms.csv").code in (0, 1)
    (tmp_path / "no.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = workbench("glossary", "check", tmp_path / "no.csv")
    assert done.code == 2
    assert "no.csv" in done.err


@pytest.mark.parametrize("arguments", [("--format", "docx"), ("--name", "../x"), ("--pairs", "fr"), ()])
def test_an_export_that_makes_no_sense_is_refused(workbench, imported, arguments):
    done = workbench("glossary", "export", *arguments)
    assert done.code == 2
    assert done.out == ""


def test_terms_are_proposed_from_a_folder(workbench, texts):
    (texts / "one" / "gold.tsv").write_text("#fr\tes\ten\n" + "".join(f"{n}\t{n}\t{n}\n" for n in range(7)))
    found = json.loads(workbench("glossary", "extract", texts, "--limit", "5", "--json").out)
    assert set(found) == {"fr", "es", "pt", "en"}
