"""`workbench memory …`, `translate` and `check`: what was translated before, at work on files."""

import json

import pytest

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header srclang="*all*" segtype="sentence" adminlang="en" datatype="plaintext" o-tmf="x"
 creationtool="t" creationtoolversion="1"/><body>
<tu tuid="1"><tuv xml:lang="fr"><seg>Les villes coopèrent entre elles.</seg></tuv>
<tuv xml:lang="es"><seg>Las ciudades cooperan entre sí.</seg></tuv>
<tuv xml:lang="pt"><seg>As cidades cooperam entre si.</seg></tuv></tu>
<tu tuid="2"><tuv xml:lang="fr"><seg>Le pont est neuf.</seg></tuv>
<tuv xml:lang="es"><seg>El puente es nuevo.</seg></tuv></tu>
<tu tuid="3"><tuv xml:lang="fr"><seg>Sans réponse.</seg></tuv></tu>
</body></tmx>
"""


@pytest.fixture
def imported(workbench, tmp_path):
    (tmp_path / "old.tmx").write_text(TMX, encoding="utf-8")
    done = workbench("memory", "import", tmp_path / "old.tmx", "--json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_an_import_tells_its_units_and_what_it_skipped_with_the_line(imported):
    assert imported["units"] == 2
    assert [skipped["line"] for skipped in imported["skipped"]] == [9]
    assert imported["skipped"][0]["reason"]


def test_the_same_file_twice_changes_nothing(workbench, imported, tmp_path):
    before = workbench("memory", "export").out
    again = json.loads(workbench("memory", "import", tmp_path / "old.tmx", "--json").out)
    assert (again["added"], again["known"]) == (0, 2)
    assert workbench("memory", "export").out == before


def test_looking_up_gives_what_was_imported(workbench, imported):
    done = workbench("memory", "search", "Le pont est neuf.", "--from", "fr", "--to", "es", "--json")
    best = json.loads(done.out)[0]
    assert best["target"] == "El puente es nuevo."
    assert best["kind"] == "exact"
    assert best["signature"]
    fuzzy = workbench(
        "memory", "search", "Les villes coopèrent toutes entre elles.", "--from", "fr", "--to", "pt", "--kind", "fuzzy"
    )
    assert "As cidades cooperam entre si." in fuzzy.out
    found = workbench("memory", "concordance", "CIUDADES cooper*")
    assert "»ciudades cooperan«" in found.out or "»ciudades« »cooperan«" in found.out


def test_an_export_is_imported_again_as_it_was(workbench, imported, tmp_path):
    for name in ("m.tmx", "m.csv", "m.xlsx"):
        assert workbench("memory", "export", "-o", tmp_path / name).code == 0
        again = json.loads(workbench("memory", "import", tmp_path / name, "--json").out)
        assert (again["units"], again["added"]) == (2, 0), name
    done = workbench("memory", "export", "--format", "po")
    assert done.code == 2
    assert done.out == ""
    po = workbench("memory", "export", "--format", "po", "--source", "fr", "--target", "es")
    assert 'msgid "Le pont est neuf."' in po.out


def test_a_broken_file_brings_nothing_unless_told_to_keep_going(workbench, tmp_path):
    (tmp_path / "broken.tmx").write_text(TMX.replace("</body></tmx>", ""), encoding="utf-8")
    (tmp_path / "good.tmx").write_text(TMX, encoding="utf-8")
    done = workbench("memory", "import", tmp_path / "broken.tmx")
    assert done.code == 2
    assert "broken.tmx" in done.err
    assert json.loads(workbench("memory", "stats", "--json").out)["units"] == 0
    both = workbench(
        "memory", "import", tmp_path / "broken.tmx", tmp_path / "good.tmx", tmp_path / "gone.tmx", "--json"
    )
    assert both.code == 2
    assert [told["units"] for told in json.loads(both.out)] == [0, 2, 0]
    done = workbench("memory", "import", tmp_path / "broken.tmx", "--keep-going", "--json")
    assert done.code == 1
    assert json.loads(done.out)["units"] == 2


def test_an_import_is_taken_back(workbench, imported):
    assert workbench("memory", "undo").code == 0
    assert json.loads(workbench("memory", "stats", "--json").out)["units"] == 0
    assert workbench("memory", "undo").code == 2


@pytest.mark.parametrize("query", ["'; DROP TABLE units; --", '"', "NEAR", "*", "AND OR NOT", "-"])
def test_operators_in_a_query_are_words(workbench, imported, query):
    done = workbench("memory", "concordance", "--", query)
    assert done.code == 0, done.err
    assert json.loads(workbench("memory", "stats", "--json").out)["units"] == 2


def test_bad_languages_are_refused(workbench, imported):
    for arguments in (("--from", "fr", "--to", "fr"), ("--from", "französisch!", "--to", "es")):
        assert workbench("memory", "search", "Le pont", *arguments).code == 2


def test_a_text_is_analysed_before_work_starts(workbench, imported, tmp_path):
    (tmp_path / "fr.txt").write_text("Le pont est neuf.\n\nLe pont est neuf.\n\nRien de tel.\n", encoding="utf-8")
    bands = json.loads(workbench("memory", "analyse", tmp_path / "fr.txt", "--to", "es", "--json").out)["bands"]
    counted = {band["band"]: band["segments"] for band in bands if band["segments"]}
    assert counted == {"exact": 1, "repetition": 1, "new": 1}


def test_segments_with_several_translations_are_listed(workbench, imported, tmp_path):
    (tmp_path / "other.csv").write_text("fr,es\nLe pont est neuf.,El puente está nuevo.\n", encoding="utf-8")
    assert workbench("memory", "dedupe", "--from", "fr", "--to", "es").code == 0
    assert workbench("memory", "import", tmp_path / "other.csv").code == 0
    done = workbench("memory", "dedupe", "--from", "fr", "--to", "es")
    assert done.code == 1
    assert "El puente está nuevo." in done.out
    told = json.loads(workbench("memory", "dedupe", "--from", "fr", "--to", "es", "--json").out)
    assert [target["text"] for target in told["contradictions"][0]["targets"]] == [
        "El puente es nuevo.",
        "El puente está nuevo.",
    ]
    assert told["duplicates"] == []
    assert workbench("memory", "dedupe", "--from", "fr").code == 2


def test_find_and_replace_is_shown_first_and_done_when_asked(workbench, imported):
    shown = workbench("memory", "replace", "pont", "viaduc", "--in", "fr")
    assert "+ Le viaduc est neuf." in shown.out
    assert "Le pont est neuf." in workbench("memory", "export").out
    done = workbench("memory", "replace", "PONT", "viaduc", "--in", "fr", "--ignore-case", "--apply", "--json")
    assert json.loads(done.out)["changed"] == 1
    exported = workbench("memory", "export").out
    assert "Le viaduc est neuf." in exported
    assert "Le pont est neuf." not in exported
    assert workbench("memory", "replace", "(", "x", "--in", "fr", "--pattern").code == 2


def test_units_that_say_the_same_are_joined(workbench, imported, tmp_path):
    assert workbench("memory", "dedupe").code == 0
    (tmp_path / "other.csv").write_text("fr,es\nLe pont est bleu.,El puente es nuevo.\n", encoding="utf-8")
    assert workbench("memory", "import", tmp_path / "other.csv").code == 0
    assert workbench("memory", "replace", "bleu", "neuf", "--in", "fr", "--apply").code == 0
    twice = workbench("memory", "dedupe", "--json")
    assert twice.code == 1
    assert json.loads(twice.out)["duplicates"][0]["texts"]["fr"] == "Le pont est neuf."
    assert workbench("memory", "dedupe", "--join").code == 0
    assert workbench("memory", "dedupe").code == 0
    assert json.loads(workbench("memory", "stats", "--json").out)["units"] == 2


def test_a_unit_tells_its_history_even_when_it_is_gone(workbench, imported):
    assert workbench("memory", "replace", "neuf", "vieux", "--in", "fr", "--apply").code == 0
    found = json.loads(workbench("memory", "search", "Le pont est vieux.", "--from", "fr", "--to", "es", "--json").out)
    number = found[0]["unit"]
    told = json.loads(workbench("memory", "unit", number, "--json").out)
    assert told["history"][0]["before"]["fr"] == "Le pont est neuf."
    assert workbench("memory", "unit", number, "--remove").code == 0
    assert "Le pont est vieux." in workbench("memory", "unit", number).out
    assert workbench("memory", "search", "Le pont est vieux.", "--from", "fr", "--to", "es", "--json").out == "[]\n"
    assert workbench("memory", "unit", 999_999).code == 2


def test_a_file_is_filled_in_its_own_format(workbench, imported, tmp_path):
    (tmp_path / "fr.md").write_text(
        "# Un titre\n\n**Le pont est neuf.** Rien de tel.\n\n- Le pont est neuf.\n", encoding="utf-8"
    )
    done = workbench("translate", tmp_path / "fr.md", "--to", "es", "-o", tmp_path / "es.md", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert told["segments"] == 4
    text = (tmp_path / "es.md").read_text(encoding="utf-8")
    assert "- El puente es nuevo." in text
    assert "# Un titre" in text
    assert "Rien de tel." in text


def test_entries_that_have_a_translation_keep_it(workbench, imported, tmp_path):
    head = 'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\nX-Source-Language: fr\\n"\n\n'
    entries = (
        'msgid "Le pont est neuf."\nmsgstr ""\n\nmsgid "Les villes coopèrent entre elles."\nmsgstr "Ya traducido."\n'
    )
    (tmp_path / "es.po").write_text(head + entries, encoding="utf-8")
    done = workbench("translate", tmp_path / "es.po", "--to", "es")
    assert done.code == 0, done.err
    assert 'msgstr "El puente es nuevo."' in done.out
    assert 'msgstr "Ya traducido."' in done.out
    assert "1 of 1 segments" in done.err


def test_what_nobody_checked_fills_only_when_asked(workbench, tmp_path):
    (tmp_path / "m.csv").write_text("fr,es\nLe pont est neuf.,El puente es nuevo.\n", encoding="utf-8")
    (tmp_path / "fr.txt").write_text("Le pont est neuf.\n", encoding="utf-8")
    assert workbench("memory", "import", tmp_path / "m.csv", "--unreviewed").code == 0
    assert "puente" not in workbench("translate", tmp_path / "fr.txt", "--to", "es").out
    assert "puente" in workbench("translate", tmp_path / "fr.txt", "--to", "es", "--unreviewed").out


def test_a_text_in_the_language_wanted_and_an_unreadable_one_are_refused(workbench, tmp_path):
    (tmp_path / "es.txt").write_text("El puente es nuevo y las ciudades cooperan.\n", encoding="utf-8")
    (tmp_path / "word.docx").write_bytes(b"no")
    assert workbench("translate", tmp_path / "es.txt", "--to", "es").code == 2
    done = workbench("translate", tmp_path / "word.docx", "--to", "es", "-o", tmp_path / "out.docx")
    assert done.code == 2
    assert "word.docx" in done.err
    assert not (tmp_path / "out.docx").exists()


def test_a_translation_is_checked(workbench, tmp_path):
    (tmp_path / "pairs.csv").write_text("fr,es\nNous étions 12 villes.,Éramos 21 ciudades.\n", encoding="utf-8")
    done = workbench("check", tmp_path / "pairs.csv", "--to", "es", "--json")
    assert done.code == 1, done.err
    assert any(finding["check"] == "numbers" for finding in json.loads(done.out))
    (tmp_path / "good.csv").write_text("fr,es\nNous étions 12 villes.,Éramos 12 ciudades.\n", encoding="utf-8")
    assert workbench("check", tmp_path / "good.csv", "--to", "es").code == 0
    assert workbench("check", tmp_path / "good.csv", "--to", "es", "--only", "nothing").code == 2
    assert workbench("check", tmp_path / "good.csv", "--from", "es", "--to", "es").code == 2


def test_a_document_is_checked_beside_its_original(workbench, tmp_path):
    (tmp_path / "fr.txt").write_text("Les 12 villes coopèrent.\n\nLe pont est neuf.\n", encoding="utf-8")
    (tmp_path / "es.txt").write_text("Las 21 ciudades cooperan.\n\nEl puente es nuevo.\n", encoding="utf-8")
    done = workbench("check", tmp_path / "es.txt", "--original", tmp_path / "fr.txt", "--json")
    assert done.code == 1, done.err
    assert [finding["pair"] for finding in json.loads(done.out) if finding["check"] == "numbers"] == [0]
