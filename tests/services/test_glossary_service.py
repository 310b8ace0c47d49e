"""The glossary service: search, optimistic editing, history, undo, import."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.config import bundled_path
from workbench.core.terms import Concept, ConceptConflictError, Status, Term, TermType
from workbench.errors import UsageError
from workbench.formats import glossary_csv
from workbench.services.glossary_service import GlossaryService, ImportKind
from workbench.store.store import Store

CITY = Concept("city", "actors-networks", (Term("fr", "cité", note="n"), Term("es", "ciudad"), Term("en", "city")))
STATE = Concept("state", "actors-networks", (Term("fr", "État"), Term("es", "Estado")))


@pytest.fixture
def service(tmp_path):
    clock = iter(f"2025-01-01T00:00:{n:02}Z" for n in range(60))
    store = Store(f"sqlite:///{tmp_path / 'w.db'}")
    yield GlossaryService(store=store, now=lambda: next(clock), author="ana")
    store.close()


def test_search_needs_no_accents_and_finds_in_any_language(service):
    service.save(CITY, None)
    service.save(STATE, None)
    assert [s.id for s in service.search("cite")] == ["city"]
    assert [s.id for s in service.search("ETAT")] == ["state"]
    assert [s.id for s in service.search("ciud")] == ["city"]
    assert service.search("ciudad", language="fr") == []
    assert service.search("100%_") == []


def test_concepts_stand_where_their_preferred_term_does_and_under_the_letters_of_all(service):
    advocacy = (
        Term("es", "incidencia"),
        Term("es", "abogacía", status=Status.FORBIDDEN),
        Term("es", "AB", type=TermType.ACRONYM),
    )
    service.save(Concept("advocacy", "x", advocacy), None)
    service.save(CITY, None)
    assert [s.id for s in service.list(language="es")[0]] == ["city", "advocacy"]
    assert [s.id for s in service.list(language="es", letter="a")[0]] == ["advocacy"]


def test_browsing_by_letter_counts_a_language_only(service):
    service.save(CITY, None)
    service.save(STATE, None)
    assert service.letters("fr") == {"c": 1, "e": 1}
    found, total = service.list(language="fr", letter="e")
    assert ([s.id for s in found], total) == (["state"], 1)


def test_an_edit_on_an_old_revision_is_a_conflict_with_both_versions(service):
    first = service.save(CITY, None)
    service.save(replace(CITY, domain="instruments"), first.revision)
    with pytest.raises(ConceptConflictError) as conflict:
        service.save(replace(CITY, related=("state",)), first.revision)
    assert conflict.value.mine.related == ("state",)
    assert conflict.value.theirs.concept.domain == "instruments"


def test_a_concept_deleted_while_another_edits_it_is_told_and_the_edit_kept(service):
    first = service.save(CITY, None)
    service.delete("city", first.revision)
    with pytest.raises(ConceptConflictError, match="deleted meanwhile") as conflict:
        service.save(CITY, first.revision)
    assert conflict.value.mine == CITY and conflict.value.theirs is None
    assert service.save(CITY, None).revision > first.revision


def test_undo_walks_back_through_edits_and_deletion(service):
    first = service.save(CITY, None)
    second = service.save(replace(CITY, domain="instruments"), first.revision)
    service.delete("city", second.revision)
    assert service.undo("city").concept.domain == "instruments"
    assert service.undo("city").concept == CITY
    assert service.undo("city") is None
    with pytest.raises(UsageError, match="nothing to undo"):
        service.undo("city")
    assert [c.operation for c in service.history("city")] == ["undo", "undo", "undo", "delete", "edit", "create"]


def test_undo_is_refused_where_another_change_was_the_last_one_seen(service):
    first = service.save(CITY, None)
    second = service.save(replace(CITY, domain="instruments"), first.revision)
    with pytest.raises(ConceptConflictError, match="changed “city” meanwhile") as conflict:
        service.undo("city", revision=first.revision)
    assert conflict.value.theirs == second
    assert service.undo("city", revision=second.revision).concept == CITY
    with pytest.raises(ConceptConflictError):
        service.undo("city", revision=second.revision)
    service.delete("city", second.revision + 1)
    deletion = service.history("city", limit=1)[0]
    with pytest.raises(ConceptConflictError):
        service.undo("city", revision=second.revision + 1)
    assert service.undo("city", revision=deletion.revision).concept == CITY
    with pytest.raises(UsageError, match="no concept"):
        service.undo("nowhere", revision=1)


def test_saving_what_is_there_already_makes_no_history(service):
    first = service.save(CITY, None)
    assert service.save(CITY, first.revision).revision == first.revision


def test_an_import_is_shown_first_then_chosen_then_taken_back(service):
    service.save(CITY, None)
    changed = replace(CITY, terms=(replace(CITY.terms[0], note="other"), *CITY.terms[1:]))
    data = glossary_csv.write_text([changed, STATE]).encode()
    preview = service.preview_import(data, "x.csv")
    assert [(r.concept.id, r.kind) for r in preview.rows] == [
        ("city", ImportKind.CONFLICTING), ("state", ImportKind.NEW),
    ]  # fmt: skip
    assert service.get("city").concept == CITY
    batch = service.apply_import(preview)
    assert service.get("city").concept == CITY and service.get("state").concept == STATE
    assert service.undo_batch(batch) == 1
    with pytest.raises(UsageError):
        service.get("state")


def test_an_import_after_somebody_changed_the_concept_is_refused_whole(service):
    first = service.save(CITY, None)
    data = glossary_csv.write_text([replace(CITY, related=("state",)), STATE]).encode()
    preview = service.preview_import(data, "x.csv")
    service.save(replace(CITY, domain="instruments"), first.revision)
    with pytest.raises(ConceptConflictError):
        service.apply_import(preview)
    with pytest.raises(UsageError):
        service.get("state")


def test_a_po_import_leaves_what_po_cannot_carry(service):
    source = replace(CITY, terms=(replace(CITY.terms[0], source="IATE", definition="d"), *CITY.terms[1:]))
    service.save(source, None)
    data = service.export("po", pairs=[("fr", "es")]).files["international-action.fr-es.po"]
    text = data.decode().replace('msgstr "ciudad"', 'msgstr "urbe"')
    (row,) = service.preview_import(text.encode(), "international-action.fr-es.po").rows
    assert {t.text for t in row.concept.terms} == {"cité", "urbe", "city"}
    assert row.concept.terms[0].source == "IATE"


def test_seeding_fills_only_an_empty_glossary(service):
    data = glossary_csv.write_text([CITY]).encode()
    assert service.seed("g.csv", data) == 1
    assert service.seed("g.csv", data) == 0


def test_renaming_a_concept_takes_references_along(service):
    service.save(replace(STATE, related=("city",)), None)
    first = service.save(CITY, None)
    service.rename("city", "town", first.revision)
    assert service.get("state").concept.related == ("town",)
    assert service.get("town").concept.terms == CITY.terms


def test_a_proposal_waits_for_a_decision(service):
    proposal = service.propose("fr", "ville  monde", example="Une ville monde.", place="text:x#3")
    assert [p.text for p in service.proposals()] == ["ville monde"]
    assert service.propose("fr", "ville monde").id == proposal.id  # said twice, it waits once
    with pytest.raises(UsageError, match="no concept"):
        service.propose("fr", "ville monde", concept="nowhere")


@pytest.mark.parametrize("format", ["csv", "xlsx", "tbx", "tbx-dca", "tbx-2008", "po"])
def test_importing_an_export_changes_nothing(service, format):
    path = bundled_path("glossaries") / "international-action.csv"
    service.seed(path.name, path.read_bytes())
    for name, data in service.export(format, pairs=[("fr", "es"), ("pt", "en")]).files.items():
        rows = service.preview_import(data, name).rows
        changed = [(row.concept.id, row.differences) for row in rows if row.kind is not ImportKind.SAME]
        assert rows and not changed
