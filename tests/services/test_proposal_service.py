"""Proposed terms: approved into a new concept or an old one, refused with a reason, never decided twice."""

from __future__ import annotations

import pytest

from workbench.core.terms import Concept, Status, Term, TermType
from workbench.errors import UsageError
from workbench.services.glossary_service import GlossaryService
from workbench.services.proposal_service import ProposalService
from workbench.store.store import Store

CITY = Concept("city", "actors-networks", (Term("fr", "ville"), Term("en", "city")))


@pytest.fixture
def service(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'w.db'}")
    glossary = GlossaryService(store=store, now=lambda: "2025-01-01T00:00:00Z", author="ana")
    glossary.save(CITY, None)
    yield ProposalService(glossary=glossary)
    store.close()


def test_an_approved_proposal_becomes_a_concept_with_its_sentence(service):
    proposal = service.glossary.propose("fr", "budget participatif", example="Un budget participatif est né.")
    stored = service.approve(proposal.id, domain="finance-projects", others=[Term("en", "participatory budget")])
    assert stored.id == "participatory-budget" or stored.id == "budget-participatif"
    term = stored.concept.term("fr", "budget participatif")
    assert (term.status, term.example) == (Status.PREFERRED, "Un budget participatif est né.")
    assert stored.concept.preferred("en").text == "participatory budget"
    assert service.waiting() == []
    (done,) = service.decided()
    assert (done.state, done.concept_id, done.decided_by) == ("accepted", stored.id, "ana")


def test_a_proposal_joins_a_concept_as_admitted_or_instead_of_its_term(service):
    service.approve(service.glossary.propose("fr", "cité").id, into="city", status=Status.ADMITTED)
    service.approve(service.glossary.propose("fr", "commune").id, into="city", status=Status.PREFERRED)
    statuses = {t.text: t.status.value for t in service.glossary.get("city").concept.terms_in("fr")}
    assert statuses == {"commune": "preferred", "ville": "admitted", "cité": "admitted"}


def test_a_forbidden_term_names_what_to_say_instead(service):
    service.approve(service.glossary.propose("en", "burg").id, into="city", status=Status.FORBIDDEN)
    assert service.glossary.get("city").concept.term("en", "burg").use_instead == "city"
    waiting = service.glossary.propose("pt", "burgo")
    with pytest.raises(UsageError, match="say instead"):
        service.approve(waiting.id, into="city", status=Status.FORBIDDEN)
    assert [p.id for p in service.waiting()] == [waiting.id]  # what cannot be done changes nothing


def test_words_in_capitals_are_an_acronym(service):
    stored = service.approve(service.glossary.propose("fr", "CGLU").id)
    assert stored.concept.terms[0].type is TermType.ACRONYM


def test_a_refusal_gives_its_reason_and_can_be_taken_back(service):
    proposal = service.glossary.propose("fr", "truc")
    service.refuse(proposal.id, reason="  trop  vague ")
    assert [(p.state, p.answer) for p in service.decided()] == [("dismissed", "trop vague")]
    with pytest.raises(UsageError, match="decided meanwhile, by ana"):
        service.approve(proposal.id)
    service.reopen(proposal.id)
    assert [p.text for p in service.waiting()] == ["truc"]


def test_nothing_is_added_to_a_concept_that_is_gone(service):
    proposal = service.glossary.propose("fr", "cité", concept="city")
    service.glossary.delete("city", 1)
    with pytest.raises(UsageError, match="any more"):
        service.approve(proposal.id, into="city", status=Status.ADMITTED)
    assert [p.id for p in service.waiting()] == [proposal.id]


def test_a_term_that_is_there_already_is_not_added_twice(service):
    with pytest.raises(UsageError, match="already"):
        service.accept([Term("fr", "ville")], into="city")


def test_undo_takes_an_accepted_candidate_out_of_its_concept(service):
    service.accept([Term("fr", "cité", Status.ADMITTED)], into="city")
    service.glossary.undo("city")
    assert service.glossary.get("city").concept == CITY
