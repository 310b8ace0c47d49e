"""Texts of a workspace: kept whole or not at all, revised without losing rows, taken out as they came."""

import pytest

from tests.worlds import versions
from workbench.core.grid import Grid, Row
from workbench.core.texts import SegmentState, TextInfo
from workbench.errors import UsageError, WorkbenchError
from workbench.services.export_service import ExportService
from workbench.services.uploads import Upload, read_upload, read_uploads

FR = "# La coopération\n\nLes villes coopèrent. Elles partagent leurs idées.\n\nLe réseau grandit chaque année.\n"
ES = "# La cooperación\n\nLas ciudades cooperan. Comparten sus ideas.\n\nLa red crece cada año.\n"


def add(library, **texts):
    return library.add_text(TextInfo("", "La coopération", original="fr"), versions(**texts))


def align_one_to_one(library, slug):
    """Give a text the grid in which the n-th segments answer each other, all confirmed."""
    text = library.text(slug)
    languages = list(library.versions(slug))
    numbers = [[s.id for s in library.segments(slug, language)] for language in languages]
    rows = tuple(Row(tuple((n,) for n in cells), 1.0, confirmed=True) for cells in zip(*numbers, strict=True))
    with library.store.database.write() as connection:
        library.store.grids.put(connection, text.id, Grid(tuple(languages), rows), "test", library.now())


def test_a_text_is_kept_with_its_versions_under_a_name_made_of_its_title(library):
    text = add(library, fr=FR, es=ES)
    assert text.slug == "la-cooperation"
    assert list(library.versions(text.slug)) == ["fr", "es"]
    assert [s.text for s in library.segments(text.slug, "es")] == [
        "La cooperación", "Las ciudades cooperan.", "Comparten sus ideas.", "La red crece cada año.",
    ]  # fmt: skip


def test_two_texts_of_one_title_get_two_names(library):
    assert [add(library, fr=FR).slug, add(library, fr=FR).slug] == ["la-cooperation", "la-cooperation-2"]


def test_two_versions_in_one_language_are_refused_and_both_files_named():
    uploads = [Upload("a.md", FR.encode(), "fr"), Upload("b.md", FR.encode(), "fr")]
    with pytest.raises(UsageError, match=r"a\.md and b\.md are both fr"):
        read_uploads(uploads)


@pytest.mark.parametrize("name", ["../../x.txt", "", "con/aux.txt"])
def test_a_name_with_a_path_in_it_never_becomes_one(library, name):
    read = read_upload(Upload(name or "x.txt", b"Bonjour. Comment allez-vous ?", "fr"))
    text = library.add_text(TextInfo("", name, original="fr"), read)
    assert "/" not in text.slug
    assert ".." not in text.slug


@pytest.mark.parametrize("data", [b"", b"   \n \n", b"\x00\x01\x02\x03PNG\x00\xff\xfe" * 50])
def test_files_without_text_are_refused_by_name(data):
    with pytest.raises(WorkbenchError, match="vide"):
        read_upload(Upload("vide.txt", data))


def test_coverage_tells_what_each_language_lacks(library):
    text = add(library, fr=FR, es=ES)
    align_one_to_one(library, text.slug)
    coverage = library.text_coverage(text.slug)
    assert coverage.languages["es"].aligned == 1.0
    assert coverage.languages["es"].state == "published"
    assert coverage.languages["pt"].state == "missing"
    assert coverage.languages["pt"].missing == 4
    assert (coverage.rows, coverage.confirmed, coverage.doubtful) == (4, 4, 0)


def test_a_revised_original_keeps_rows_and_makes_stale_what_answered_the_changed_segment(library):
    text = add(library, fr=FR, es=ES)
    align_one_to_one(library, text.slug)
    before = library.segments(text.slug, "fr")
    revised = FR.replace("partagent leurs idées", "partagent toutes leurs idées").replace(
        "Le réseau", "Une phrase toute neuve s’ajoute. Le réseau"
    )
    summary = library.put_versions(text.slug, versions(fr=revised))["fr"]
    assert (summary.unchanged, summary.changed, summary.added, summary.removed) == (3, 1, 1, 0)
    after = library.segments(text.slug, "fr")
    assert [s.id for s in before] == [s.id for s in after if s.text != "Une phrase toute neuve s’ajoute."]
    assert after[2].previous_text == "Elles partagent leurs idées."
    states = {s.text: s.state for s in library.segments(text.slug, "es")}
    assert states["Comparten sus ideas."] is SegmentState.STALE
    assert states["Las ciudades cooperan."] is SegmentState.TRANSLATED
    stored = library.grid(text.slug)
    assert sum(row.confirmed for row in stored.grid.rows) == 4
    assert len(stored.grid.rows) == 5
    spanish = library.text_coverage(text.slug).languages["es"]
    assert (spanish.state, spanish.stale, spanish.missing) == ("stale", 1, 1)


def test_a_revised_translation_makes_nothing_stale(library):
    text = add(library, fr=FR, es=ES)
    align_one_to_one(library, text.slug)
    library.put_versions(text.slug, versions(es=ES.replace("Comparten", "Ellas comparten")))
    assert all(s.state is SegmentState.TRANSLATED for s in library.segments(text.slug, "fr"))


def test_a_segment_removed_from_the_original_leaves_its_answers_stale_in_their_row(library):
    text = add(library, fr=FR, es=ES)
    align_one_to_one(library, text.slug)
    library.put_versions(text.slug, versions(fr=FR.replace(" Elles partagent leurs idées.", "")))
    assert [s.text for s in library.segments(text.slug, "es") if s.state is SegmentState.STALE] == [
        "Comparten sus ideas."
    ]
    library.grid(text.slug)  # still a valid grid


def test_the_same_file_uploaded_again_changes_nothing(library):
    text = add(library, fr=FR, es=ES)
    align_one_to_one(library, text.slug)
    grid = library.grid(text.slug).grid
    segments = library.segments(text.slug, "fr")
    summary = library.put_versions(text.slug, versions(fr=FR))["fr"]
    assert (summary.unchanged, summary.changed, summary.added, summary.removed) == (4, 0, 0, 0)
    assert library.grid(text.slug).grid == grid
    assert library.segments(text.slug, "fr") == segments


def test_a_version_that_comes_later_gets_a_column_in_the_order_of_the_languages(library):
    text = add(library, es=ES, en="# Cooperation\n\nCities cooperate.\n")
    library.put_versions(text.slug, versions(fr=FR))
    assert list(library.versions(text.slug)) == ["fr", "es", "en"]


def test_renaming_refuses_taken_and_harmful_names(library):
    first, second = add(library, fr=FR), add(library, fr=FR)
    assert library.rename(first.slug, "autre", "Autre titre").title == "Autre titre"
    with pytest.raises(UsageError, match="already"):
        library.rename("autre", second.slug)
    with pytest.raises(UsageError, match="cannot name"):
        library.rename("autre", "../x")


def test_removing_a_text_removes_all_of_it_and_nothing_else(library):
    first, second = add(library, fr=FR, es=ES), add(library, fr=ES, es=FR)
    library.remove(first.slug)
    assert [t.slug for t in library.store.texts.all()] == [second.slug]
    assert len(library.segments(second.slug, "fr")) == 4
    assert ExportService(library=library).export(second.slug, "fr")[1].decode() == ES


def test_removing_a_version_takes_its_column_away(library):
    text = add(library, fr=FR, es=ES, en=ES.replace("La red", "The network"))
    align_one_to_one(library, text.slug)
    library.remove_version(text.slug, "es")
    assert library.grid(text.slug).grid.languages == ("fr", "en")
    library.remove_version(text.slug, "fr")
    with pytest.raises(UsageError, match="only version"):
        library.remove_version(text.slug, "en")


def test_a_failed_upload_leaves_nothing_behind(library, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(library.store.texts, "add_segments", fail)
    with pytest.raises(RuntimeError):
        add(library, fr=FR)
    assert library.store.texts.all() == []


def test_a_workspace_cuts_by_its_own_rules(library):
    from workbench.core.segmentation import SegmentationRules

    library.set_rules(SegmentationRules(abbreviations={"fr": ("conv",)}))
    read = read_upload(Upload("fr.txt", b"Voir la conv. Le texte suit.", "fr"), rules=library.rules())
    assert len(read[0].segments) == 1
    with pytest.raises(UsageError, match="regular expression"):
        library.set_rules(SegmentationRules(breaks={"fr": (("(", "x"),)}))


def test_a_name_taken_at_the_same_moment_is_a_sentence_and_leaves_the_other_text_whole(library, monkeypatch):
    first = add(library, fr=FR)
    monkeypatch.setattr(library.store.texts, "slugs", set)  # what a second process saw before the first was done
    with pytest.raises(UsageError, match="already"):
        library.add_text(TextInfo(first.slug, "Autre", original="fr"), versions(fr=ES))
    monkeypatch.undo()
    assert [t.slug for t in library.store.texts.all()] == [first.slug]
    assert library.segments(first.slug, "fr")[0].text == "La coopération"
