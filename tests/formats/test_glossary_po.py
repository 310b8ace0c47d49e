"""PO files of the glossary, checked with the programs that open them."""

from __future__ import annotations

import shutil
import subprocess
import sys

import polib
import pytest

from workbench.config import bundled_path
from workbench.core.languages import LANGUAGES
from workbench.core.terms import Concept, Status, Term, TermType
from workbench.errors import FormatError
from workbench.formats import glossary_csv, glossary_po

DATE = "2025-03-01T10:20:30.000Z"
TWINNING = Concept("twinning", "instruments", (
    Term("fr", "jumelage", part_of_speech="noun", gender="masculine", number="singular", definition="lien durable",
         note="Pas « ville jumelle »"),
    Term("es", "hermanamiento", part_of_speech="noun"),
    Term("es", "hermandad", status=Status.ADMITTED),
    Term("es", "gemelación", status=Status.FORBIDDEN, use_instead="hermanamiento"),
))  # fmt: skip
NAME = Concept("mercociudades", "actors-networks", (
    Term("fr", "Mercociudades", part_of_speech="proper noun"),
    Term("es", "Mercociudades", part_of_speech="proper noun"),
))  # fmt: skip
SEM = Concept("sem", "actors-networks", (
    Term("fr", "société d’économie mixte"),
    Term("fr", "SEM", type=TermType.ACRONYM, expansion="société d’économie mixte"),
    Term("es", "sociedad de economía mixta"),
))  # fmt: skip
WEEK = Concept("week", "events-training", (
    Term("fr", "semaine", status=Status.PREFERRED), Term("fr", "SEM", type=TermType.ABBREVIATION, expansion="semaine"),
    Term("es", "semana"),
))  # fmt: skip


def export(*concepts, existing=None):
    made = glossary_po.write(list(concepts), name="g", date=DATE, pairs=[("fr", "es")], existing=existing)
    return polib.pofile(made.files["g.fr-es.po"].decode()), made


def test_the_preferred_term_answers_and_variants_differ_by_msgctxt_alone():
    po, _ = export(TWINNING)
    assert [(e.msgctxt, e.msgid, e.msgstr, e.flags) for e in po] == [
        (None, "jumelage", "hermanamiento", ["terminology"]),
        ("admitted: hermandad", "jumelage", "hermandad", []),
        ("forbidden: gemelación", "jumelage", "gemelación", ["forbidden"]),
    ]
    assert po[0].occurrences == [("concept:twinning", "")]
    assert po[0].tcomment == "source note: Pas « ville jumelle »"
    assert "source definition: lien durable" in po[0].comment


def test_a_name_that_stays_is_read_only():
    po, _ = export(NAME)
    assert "read-only" in po[0].flags


def test_a_source_term_of_two_concepts_is_told_apart_by_the_concept():
    po, _ = export(SEM, WEEK)
    assert {e.msgctxt for e in po if e.msgid == "SEM"} == {"sem", "week"}


def test_what_po_carries_comes_back():
    _, made = export(TWINNING, NAME)
    found = glossary_po.read(made.files["g.fr-es.po"], "g.fr-es.po")
    assert {c.id: set(c.terms) for c in found.concepts} == {c.id: set(c.terms) for c in (TWINNING, NAME)}
    assert found.languages == {"fr", "es"} and "source" not in found.fields


def test_translators_comments_and_own_entries_survive_a_second_export():
    po, made = export(TWINNING)
    po[0].tcomment += "\nChecked with Lima."
    po.append(polib.POEntry(msgid="bonjour", msgstr="hola"))
    again, _ = export(TWINNING, existing={"g.fr-es.po": str(po).encode()})
    assert again[0].tcomment == "source note: Pas « ville jumelle »\nChecked with Lima."
    assert again[-1].msgid == "bonjour"
    assert export(TWINNING)[1].files == made.files


def test_a_translation_changed_in_the_file_is_named_before_it_is_replaced():
    po, _ = export(TWINNING)
    po[0].msgstr = "hermanazgo"
    _, made = export(TWINNING, existing={"g.fr-es.po": str(po).encode()})
    assert any("hermanazgo" in str(loss) for loss in made.losses)


@pytest.fixture(scope="module")
def every_pair():
    """The whole glossary in each of the twelve directions, and the four templates."""
    path = bundled_path("glossaries") / "international-action.csv"
    concepts = glossary_csv.read(path.read_bytes(), path.name).concepts
    pairs = [(a, b) for a in LANGUAGES for b in LANGUAGES if a != b]
    return glossary_po.write(concepts, name="g", date=DATE, pairs=pairs).files


def test_the_whole_glossary_has_a_file_for_each_pair_and_no_entry_twice(every_pair):
    assert sum(name.endswith(".po") for name in every_pair) == 12
    for data in every_pair.values():
        assert len(polib.pofile(data.decode(), check_for_duplicates=True)) > 400


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_gettext_accepts_every_pair_of_the_whole_glossary(every_pair, tmp_path):
    for name, data in every_pair.items():
        if name.endswith(".pot"):  # a template's header waits for the translator: msgfmt is not meant for it
            continue
        path = tmp_path / name
        path.write_bytes(data)
        command = ["msgfmt", "--check-format", "--check-header", "-o", "/dev/null", str(path)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), name


def test_pofilter_reads_every_pair(every_pair, tmp_path):
    for name, data in every_pair.items():
        if name.endswith(".po"):
            (tmp_path / name).write_bytes(data)
    (tmp_path / "out").mkdir()
    run = "from translate.filters.pofilter import main; main()"
    command = [sys.executable, "-W", "error", "-c", run, "--progress=none", "-t", "blank", str(tmp_path), "out"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert not list((tmp_path / "out").glob("*.po"))  # no term is without its translation


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="gettext is not installed")
def test_gettext_accepts_the_files_without_a_word(tmp_path):
    _, made = export(TWINNING, NAME, SEM, WEEK)
    path = tmp_path / "g.fr-es.po"
    path.write_bytes(made.files["g.fr-es.po"])
    done = subprocess.run(
        ["msgfmt", "--check-format", "--check-header", "-o", "/dev/null", str(path)], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_translate_toolkit_keeps_flags_contexts_and_references():
    from translate.storage import pypo

    _, made = export(TWINNING)
    store = pypo.pofile.parsestring(made.files["g.fr-es.po"])
    units = [u for u in store.units if not u.isheader()]
    assert [u.getcontext() for u in units] == ["", "admitted: hermandad", "forbidden: gemelación"]
    assert units[2].hastypecomment("forbidden") and units[0].getlocations() == ["concept:twinning"]
    assert polib.pofile(bytes(store).decode())[2].flags == ["forbidden"]


def test_another_programs_po_becomes_concepts_with_their_variants():
    text = (
        'msgid ""\nmsgstr "Language: es\\n"\n\nmsgid "aide"\nmsgstr "ayuda"\n\n'
        '#, forbidden\nmsgctxt "x"\nmsgid "aide"\nmsgstr "socorro"\n'
    )
    (concept,) = glossary_po.read(text.encode(), "w.fr-es.po").concepts
    assert [(t.language, t.text, t.status.value) for t in concept.terms] == [
        ("fr", "aide", "preferred"), ("es", "ayuda", "preferred"), ("es", "socorro", "forbidden"),
    ]  # fmt: skip


def test_duplicate_entries_and_a_fuzzy_header_are_told_and_nothing_is_lost():
    text = '#, fuzzy\nmsgid ""\nmsgstr "Language: es\\n"\n\nmsgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n'
    found = glossary_po.read(text.encode(), "w.fr-es.po")
    assert {t.text for t in found.concepts[0].terms} == {"a", "b", "c"}
    assert any("fuzzy" in str(w) for w in found.warnings) and any("twice" in str(w) for w in found.warnings)


@pytest.mark.parametrize("text", ["", "hello", 'msgid "a"\nmsgstr "b"\n', 'msgid "a\nmsgstr "b"\n'])
def test_what_is_no_glossary_po_is_told(text):
    with pytest.raises(FormatError, match=r"x\.po"):
        glossary_po.read(text.encode(), "x.po")
