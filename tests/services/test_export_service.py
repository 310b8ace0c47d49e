"""Versions on their way out: as they came, in another format, and never with a word twice."""

import json

import polib
import pytest

from tests.worlds import versions
from workbench.core.grid import Grid, Row
from workbench.core.texts import TextInfo
from workbench.errors import UsageError
from workbench.services.export_service import ExportService
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationService
from workbench.services.uploads import Upload, read_uploads

FR = "# La coopération\n\nLes villes coopèrent. Elles partagent leurs idées.\n\nLe réseau grandit chaque année.\n"
ES = "# La cooperación\n\nLas ciudades cooperan.\n\n***\n\nComparten sus ideas.\n\nLa red crece cada año.\n"
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: fr\\n"
"X-Source-Language: en\\n"

#. the button
msgid "The cities cooperate with each other."
msgstr "Les villes coopèrent entre elles."

msgid "They share their ideas."
msgstr ""
"""


@pytest.fixture
def exports(library):
    return ExportService(library=library)


@pytest.fixture
def desk(store, now):
    return TranslationService(
        store=store, memory=MemoryService(store=store, now=now, author="ana"), now=now, author="ana"
    )


def add(library, **texts):
    return library.add_text(TextInfo("", "La coopération", original="fr"), versions(**texts))


def test_exporting_in_the_format_it_came_in_gives_the_file_back(library, exports):
    text = add(library, fr=FR)
    name, data, notes = exports.export(text.slug, "fr")
    assert (name, data.decode(), notes) == ("la-cooperation.fr.md", FR, ())


def test_exporting_in_another_format_keeps_headings(library, exports):
    text = add(library, fr=FR)
    assert b"<h1>La coop" in exports.export(text.slug, "fr", ".html")[1]


def test_two_paragraphs_translated_anew_as_one_leave_nothing_of_the_old_behind(library, exports, desk):
    text = add(library, fr=FR, es=ES)
    fr, es = ([s.id for s in library.segments(text.slug, code)] for code in ("fr", "es"))
    rows = (((fr[0],), (es[0],)), ((fr[1], fr[2]), (es[1], es[2])), ((fr[3],), (es[3],)))
    with library.store.database.write() as connection:
        library.store.grids.put(connection, text.id, Grid(("fr", "es"), tuple(map(Row, rows))), "", library.now())
    desk.confirm(text.slug, "es", fr[1], "Las ciudades cooperan y comparten sus ideas")
    out = exports.export(text.slug, "es")[1].decode()
    assert out.count("cooperan") == 1
    assert "Comparten" not in out
    assert "***" in out


def test_a_catalogue_goes_out_with_its_translations_whichever_column_is_asked_for(library, exports):
    read = read_uploads([Upload("site.po", PO.encode())])
    text = library.add_text(TextInfo("", "Site", original="en"), read)
    for language in ("fr", "en"):
        catalogue = polib.pofile(exports.export(text.slug, language)[1].decode())
        assert [entry.msgstr for entry in catalogue] == ["Les villes coopèrent entre elles.", ""]
        assert catalogue.metadata["Language"] == "fr"


def test_a_catalogue_translated_into_a_third_language_carries_it(library, exports, desk):
    text = library.add_text(TextInfo("", "Site", original="en"), read_uploads([Upload("site.po", PO.encode())]))
    key = desk.view(text.slug, "es", "en").rows[0].key
    desk.confirm(text.slug, "es", key, "Las ciudades cooperan entre sí.", source="en")
    catalogue = polib.pofile(exports.export(text.slug, "es")[1].decode())
    assert [entry.msgstr for entry in catalogue] == ["Las ciudades cooperan entre sí.", ""]
    assert catalogue.metadata["Language"] == "es"


def test_an_entry_translated_here_goes_into_its_own_place_of_the_catalogue(library, exports, desk):
    text = library.add_text(TextInfo("", "Site", original="en"), read_uploads([Upload("site.po", PO.encode())]))
    missing = desk.view(text.slug, "fr", "en").rows[1]
    assert (missing.source, missing.state) == ("They share their ideas.", "missing")
    desk.confirm(text.slug, "fr", missing.key, "Elles partagent leurs idées.", source="en")
    out = exports.export(text.slug, "fr")[1].decode()
    assert [e.msgstr for e in polib.pofile(out)] == [
        "Les villes coopèrent entre elles.",
        "Elles partagent leurs idées.",
    ]
    assert "#. the button" in out


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_of_four_languages_goes_out_with_each_column_in_its_place(library, exports, suffix):
    from workbench.formats.bilingual import BilingualRow, write_bilingual_table

    rows = [BilingualRow("1", "Les villes.", "Las ciudades."), BilingualRow("2", "Le réseau.", "La red.")]
    data = write_bilingual_table(rows, source="fr", target="es", format=suffix[1:])
    text = library.add_text(TextInfo("", "Table", original="fr"), read_uploads([Upload(f"t{suffix}", data)]))
    for language in ("fr", "es"):
        again = read_uploads([Upload(f"t{suffix}", exports.export(text.slug, language)[1])])
        assert [(v.language, [s.text for s in v.segments]) for v in again] == [
            ("fr", ["Les villes.", "Le réseau."]), ("es", ["Las ciudades.", "La red."]),
        ]  # fmt: skip


def test_a_site_s_texts_go_out_in_the_form_they_came(library, exports, desk):
    data = json.dumps({"a": {"b": "Les villes coopèrent."}, "n": 3}).encode()
    text = library.add_text(TextInfo("", "Site", original="fr"), read_uploads([Upload("fr.json", data)]))
    key = desk.view(text.slug, "pt").rows[0].key
    desk.confirm(text.slug, "pt", key, "As cidades cooperam.")
    name, out, _ = exports.export(text.slug, "pt")
    assert (name, json.loads(out)) == ("site.pt.json", {"a": {"b": "As cidades cooperam."}, "n": 3})


def test_a_text_that_is_not_aligned_has_no_table(library, exports):
    text = add(library, fr=FR, es=ES)
    with pytest.raises(UsageError, match="align it first"):
        exports.bilingual_rows(text.slug, ["fr", "es"])
