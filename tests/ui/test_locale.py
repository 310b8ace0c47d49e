"""The catalogues hold every word of the interface, with the sources' placeholders, and are compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import polib
import pytest

from tests.ui import catalogues
from tests.ui.catalogues import LANGUAGES, LOCALES, messages, po_path, template, untranslated
from workbench.core.languages import LANGUAGES as COLUMNS
from workbench.ui import i18n

UPDATE = "run `python tests/ui/catalogues.py` and translate what it names"
PLACEHOLDER = re.compile(r"\{\w*\}")
# Keys are called by what stands on the keyboards of all; formats, files' names and operators stay as they are.
EXACT = re.compile(
    r"\b(?:Ctrl|Alt)\b(?:\+\w+)*|\bEnter\b|\bEsc\b|\b(?:TMX|TBX|XLIFF|PO|CSV|XLSX|UTX|OR|NEAR)\b|\*\*|`[^`]*`|[↵⋮†⊘·]"
)


@pytest.fixture(scope="module")
def pot() -> polib.POFile:
    return template()


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(po_path(language)))


def names(entries: polib.POFile) -> list[tuple[str, str]]:
    return [(entry.msgid, entry.msgid_plural) for entry in entries if not entry.obsolete]


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def said() -> list[tuple[str, polib.POEntry, str]]:
    return [(code, entry, form) for code in LANGUAGES for entry in catalogue(code) for form in forms(entry)]


def test_the_interface_speaks_all_languages_of_the_columns() -> None:
    assert {*LANGUAGES, "en"} == set(COLUMNS) == set(i18n.available_languages())
    assert i18n.best_language(["pt-BR"]) == "pt" and i18n.best_language(["es-419"]) == "es"


def test_the_template_holds_the_words_of_the_sources(pot: polib.POFile) -> None:
    kept = polib.pofile(str(LOCALES / "workbench.pot"))
    assert names(kept) == names(pot), f"workbench.pot is stale: {UPDATE}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_string_is_missing_doubtful_or_stale(language: str, pot: polib.POFile) -> None:
    po = catalogue(language)
    assert not [entry.msgid for entry in untranslated(po)], UPDATE
    assert not [entry.msgid for entry in po.obsolete_entries()], UPDATE
    assert names(po) == names(pot), f"workbench.po is stale: {UPDATE}"
    assert po.metadata["Plural-Forms"] == catalogues.PLURALS[language]
    assert all(set(entry.msgstr_plural) == {0, 1} for entry in po if entry.msgid_plural)


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogues_say_what_the_written_ones_say(language: str) -> None:
    with po_path(language).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in catalogue(language):
        for n, form in enumerate(forms(entry), start=1):  # 1 is singular and 2 plural in all three
            found = compiled.ngettext(entry.msgid, entry.msgid_plural, n) if entry.msgid_plural else None
            assert (compiled.gettext(entry.msgid) if found is None else found) == form, f"a stale .mo: {UPDATE}"


def test_placeholders_keys_and_formats_stay_as_they_are() -> None:
    for language, entry, form in said():
        sources = [entry.msgid, entry.msgid_plural or entry.msgid]
        for pattern in (PLACEHOLDER, EXACT):
            wanted = [sorted(set(pattern.findall(source))) for source in sources]
            assert sorted(set(pattern.findall(form))) in wanted, f"{language}: “{entry.msgid}” → “{form}”"


def test_translations_follow_the_typography_of_their_languages() -> None:
    spaces = re.compile(r" [:;!?»%]|« |(?<![\s\u00a0\u202f])[;!?»](?!\w)|\w'\w")
    for language, entry, form in said():
        where = f"{language}: “{form}”"
        assert form == form.strip() or entry.msgid != entry.msgid.strip(), where
        assert "  " not in form and " …" not in form and "..." not in form, where
        if language == "fr":
            plain = re.sub(r"`[^`]*`", "", form)
            assert not spaces.search(plain) and not re.search(r"\w:(\s|$)", plain), where
        if language == "es":
            assert form.count("?") == form.count("¿") and form.count("!") == form.count("¡"), where


def test_calls_inside_f_strings_and_tables_are_found_and_words_put_together_are_refused() -> None:
    source = 'f"<p>{tr("inside")}</p>" + trn("one", "many", n) + tr(TABLE[key]) + mark("in a table")'.replace(
        'tr("inside")', "tr('inside')"
    )
    assert sorted(messages(source)) == [("in a table", ""), ("inside", ""), ("one", "many")]
    with pytest.raises(ValueError, match="Line 2"):
        messages('tr("a")\ntr(f"{n} rows")')


def test_updating_keeps_what_is_translated_and_drops_what_is_said_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ui = tmp_path / "workbench" / "ui"
    ui.mkdir(parents=True)
    (tmp_path / "app.py").write_text("")
    (ui / "page.py").write_text('tr("Texts")\ntr("Gone")')
    monkeypatch.setattr(catalogues, "PROJECT", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALES", ui / "locale")
    monkeypatch.setattr(catalogues, "LANGUAGES", ("fr",))
    assert catalogues.update() == 2
    po = polib.pofile(str(catalogues.po_path("fr")))
    po[0].msgstr = "Textes"
    po.save()
    (ui / "page.py").write_text('tr("New")\ntr("Texts")')
    assert catalogues.update() == 1
    assert "no translation of “New”" in capsys.readouterr().out
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(catalogues.po_path("fr")))] == [
        ("New", ""), ("Texts", "Textes"),
    ]  # fmt: skip
    assert polib.mofile(str(catalogues.po_path("fr").with_suffix(".mo")))[0].msgstr == "Textes"
