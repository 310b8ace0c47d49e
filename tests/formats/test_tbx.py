"""TBX of every kind: what we write keeps to the dialect's rules, what others write is read."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from workbench.config import bundled_path
from workbench.core.terms import Concept, Status, Term, TermType
from workbench.errors import FormatError
from workbench.formats import glossary_csv, tbx, tbx_read

CITY = Concept("2030-city", "actors-networks", (
    Term("fr", "cité", part_of_speech="noun", gender="feminine", number="singular", plural="cités",
         definition="ville & campagne", source="IATE", example="La cité s’étend.", note="< vieux >"),
    Term("fr", "bourg", Status.DEPRECATED, use_instead="cité", gender="masculine"),
    Term("fr", "patelin", Status.FORBIDDEN, use_instead="cité"),
    Term("es", "ciudad", gender="feminine"),
    Term("pt-BR", "C", type=TermType.ACRONYM, gender="common", expansion="cidade"),
), related=("town", "elsewhere"))  # fmt: skip
TOWN = Concept("town", "actors-networks", (Term("en", "town", part_of_speech="proper noun"),))

PICKLISTS = {
    "partOfSpeech": {"adjective", "noun", "other", "verb", "adverb"},
    "administrativeStatus": {f"{s}Term-admn-sts" for s in ("preferred", "admitted", "deprecated", "superseded")},
    "termType": {"fullForm", "acronym", "abbreviation", "shortForm", "variant", "phrase"},
    "grammaticalGender": {"masculine", "feminine", "neuter", "other"},
}
LEVELS = {
    "subjectField": {"conceptEntry"}, "crossReference": {"conceptEntry", "termSec"},
    "definition": {"conceptEntry", "langSec"}, "context": {"termSec"}, "partOfSpeech": {"termSec"},
    "administrativeStatus": {"termSec"}, "termType": {"termSec"}, "grammaticalGender": {"termSec"},
}  # fmt: skip


def expected(concept, lost, *, pos):
    terms = []
    for term in concept.terms:
        empty = {name: () if name == "context" else "" for name in lost}
        terms.append(replace(term, **empty, part_of_speech=pos.get(term.part_of_speech, term.part_of_speech)))
    related = tuple(r for r in concept.related if r == "town")
    return replace(concept, terms=tuple(terms), related=related)


@pytest.mark.parametrize(
    ("write", "lost", "pos"),
    [
        (tbx.write_dct, tbx.LOST, {"proper noun": "noun"}),
        (tbx.write_dca, tbx.LOST, {"proper noun": "noun"}),
        (tbx.write_2008, tbx.LOST_2008, {}),
    ],
)
def test_what_tbx_carries_comes_back_and_the_rest_is_named(write, lost, pos):
    made = write([CITY, TOWN], name="g", date="2025-01-01T00:00:00Z")
    ((name, data),) = made.files.items()
    assert tbx_read.read(data, name).concepts == tuple(expected(c, lost, pos=pos) for c in (CITY, TOWN))
    assert "plural" in str(made.losses[0]) and "expansion" in str(made.losses[0])


def whole_glossary():
    path = bundled_path("glossaries") / "international-action.csv"
    return glossary_csv.read(path.read_bytes(), path.name).concepts


@pytest.fixture(scope="module")
def core():
    """The core structure of ISO 30042:2019."""
    return etree.RelaxNG(etree.parse(str(Path(__file__).parent / "tbx_core.rng")))


@pytest.mark.parametrize("write", [tbx.write_dct, tbx.write_dca])
@pytest.mark.parametrize("concepts", [(CITY, TOWN), whole_glossary()], ids=["two", "whole glossary"])
def test_what_is_written_keeps_to_the_rules_of_tbx_basic(write, concepts, core):
    """Levels, values and targets are those of the dialect's published Schematron (version 1.2)."""
    ((_, data),) = write(concepts, name="g", date="").files.items()
    root = etree.fromstring(data)
    assert core.validate(root), core.error_log
    assert (root.get("type"), etree.QName(root).namespace) == ("TBX-Basic", "urn:iso:std:iso:30042:ed-2")
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    seen = set()
    for element in root.iter():
        space, name = etree.QName(element).namespace, etree.QName(element).localname
        category = name if space != tbx.NAMESPACE else element.get("type") if name != "tbx" else None
        if name == "termSec":
            assert etree.QName(element[0]).localname == "term"
        if category is None:
            continue
        assert (space == tbx.NAMESPACE) is (root.get("style") == "dca")
        parent = element.getparent()
        while etree.QName(parent).localname.endswith("Grp"):
            parent = parent.getparent()
        assert etree.QName(parent).localname in LEVELS.get(category, {etree.QName(parent).localname})
        assert element.text in PICKLISTS.get(category, {element.text})
        assert element.get("target") is None or element.get("target") in ids
        seen.add(category)
    assert seen >= {"subjectField", "definition", "source", "context", "termType", "administrativeStatus"}


def test_translate_toolkit_reads_the_form_of_2008():
    from translate.storage import tbx as toolkit

    ((_, data),) = tbx.write_2008([CITY, TOWN], name="g", date="").files.items()
    assert [u.source for u in toolkit.tbxfile.parsestring(data).units] == ["cité", "town"]


HEAD = '<tbx type="TBX-Basic" style="dca" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2"><text><body>'
TAIL = "</body></text></tbx>"


def read(body, head=HEAD):
    return tbx_read.read(f"{head}{body}{TAIL}".encode(), "x.tbx")


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("preferredTerm-admn-sts", "preferred"), ("preferred", "preferred"), ("admittedTerm", "admitted"),
        ("supersededTerm-admn-sts", "deprecated"), ("deprecatedTerm-admn-sts", "forbidden"), ("obsolete", "deprecated"),
        ("Forbidden", "forbidden"),
    ],
)  # fmt: skip
def test_statuses_are_read_in_their_spellings(value, status):
    found = read(
        f'<conceptEntry id="c1"><langSec xml:lang="fr"><termSec><term>x</term><termNote type="administrativeStatus">'
        f"{value}</termNote></termSec></langSec></conceptEntry>"
    )
    assert found.concepts[0].terms[0].status == status


def test_the_old_forms_of_term_sections_are_read():
    data = (
        '<martif type="TBX"><text><body><termEntry id="t1"><langSet xml:lang="fr"><ntig><termGrp><term>a</term>'
        '<termNote type="partOfSpeech">n</termNote></termGrp></ntig><tig><term>b</term></tig></langSet></termEntry>'
        "</body></text></martif>"
    )
    (concept,) = tbx_read.read(data.encode(), "x.tbx").concepts
    assert [(t.text, t.part_of_speech) for t in concept.terms] == [("a", "noun"), ("b", "")]


def test_an_unknown_dialect_is_read_and_told():
    body = '<conceptEntry id="c1"><langSec xml:lang="fr"><termSec><term>x</term></termSec></langSec></conceptEntry>'
    found = read(body, HEAD.replace("TBX-Basic", "TBX-Strange"))
    assert found.concepts and "TBX-Strange" in str(found.warnings[0])


def test_a_section_without_language_is_told_with_its_line_and_terms():
    found = read(
        '<conceptEntry id="c1">\n<langSec><termSec><term>lost</term></termSec></langSec>'
        '<langSec xml:lang="es"><termSec><term>y</term></termSec></langSec></conceptEntry>'
    )
    assert "line 2" in str(found.warnings[0]) and "“lost”" in str(found.warnings[0])
    with pytest.raises(FormatError, match="line 1: no language section"):
        read('<conceptEntry id="c1"><langSec><termSec><term>lost</term></termSec></langSec></conceptEntry>')


@pytest.mark.parametrize(
    "entity", ['<!ENTITY e SYSTEM "file:///etc/passwd">', '<!ENTITY a "lol"><!ENTITY e "&a;&a;&a;">']
)
def test_entities_are_neither_fetched_nor_unfolded(entity):
    body = '<conceptEntry id="c1"><langSec xml:lang="fr"><termSec><term>&e;</term></termSec></langSec></conceptEntry>'
    with pytest.raises(FormatError, match="entity &e;"):
        read(body, f"<!DOCTYPE tbx [{entity}]>{HEAD}")


@pytest.mark.parametrize("data", [b"", b"hello", b"<a/>", b"<tbx><text>", b"\xff\xfe\x00"])
def test_what_is_no_tbx_is_told(data):
    with pytest.raises(FormatError, match=r"x\.tbx"):
        tbx_read.read(data, "x.tbx")


SHARED = Path(os.environ.get("WORKBENCH_SHARED") or Path(__file__).parents[3] / "shared") / "data/foreign/tbx"
FOREIGN = {
    "Basic_Example_Astronomy_DCT_VALID.tbx": (45, 113), "Min_Example_Astronomy_DCT_VALID.tbx": (45, 113),
    "basic_bad.tbx": (45, 113), "core_structure_bad.tbx": (45, 114), "min_bad.tbx": (45, 113),
    "Good-Basic2.v3.tbx": (25, 47), "ImportTBXTest.tbx": (314, 628), "poorly_formed_xml.tbx": None,
    "broken-truncated.tbx": None,
}  # fmt: skip


@pytest.mark.skipif(not SHARED.is_dir(), reason="the collection of other programs' files is not here")
@pytest.mark.parametrize("name", FOREIGN)
def test_other_programs_files_are_read(name):
    data = (SHARED / name).read_bytes()
    if FOREIGN[name] is None:
        with pytest.raises(FormatError, match=r"line \d+, column \d+"):
            tbx_read.read(data, name)
        return
    concepts = tbx_read.read(data, name).concepts
    assert (len(concepts), sum(len(c.terms) for c in concepts)) == FOREIGN[name]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the foreign files are not here")
@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("Basic_Example_Astronomy_DCT_VALID.tbx", True),
        ("Min_Example_Astronomy_DCT_VALID.tbx", True),
        ("core_structure_bad.tbx", False),
    ],
)
def test_our_grammar_judges_the_publishers_samples_as_they_do(name, valid, core):
    assert core.validate(etree.parse(str(SHARED / name))) is valid, core.error_log
