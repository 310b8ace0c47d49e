"""The glossary at work on the workspace's texts."""

from __future__ import annotations

import pytest

from workbench.core.checks import Pair
from workbench.core.extraction import Row
from workbench.core.terms import Concept, Term
from workbench.errors import UsageError
from workbench.services.glossary_service import GlossaryService
from workbench.services.proposal_service import ProposalService
from workbench.services.terminology_service import TerminologyService
from workbench.store.store import Store

CITY = Concept("city", "actors-networks", (
    Term("fr", "ville", part_of_speech="noun", number="singular", plural="villes"),
    Term("es", "ciudad", part_of_speech="noun", number="singular", plural="ciudades"),
))  # fmt: skip
ROWS = [Row("a", {"fr": f"La ville et le budget {n}", "es": f"La ciudad y el presupuesto {n}"}) for n in range(4)]


@pytest.fixture
def service(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'w.db'}")
    glossary = GlossaryService(store=store, now=lambda: "2025-01-01T00:00:00Z", author="ana")
    glossary.save(CITY, None)
    yield TerminologyService(glossary=glossary)
    store.close()


def test_candidates_leave_out_what_the_glossary_has(service):
    assert [c.text for c in service.candidates(rows=ROWS, languages=("fr", "es"))["fr"]] == ["budget"]
    known = service.candidates(rows=ROWS, languages=("fr", "es"), known=True)["fr"]
    assert {c.text for c in known} == {"budget", "ville"}


def test_a_dismissed_candidate_never_comes_back(service):
    (candidate,) = service.candidates(rows=ROWS, languages=("fr", "es"))["fr"]
    proposals = ProposalService(glossary=service.glossary)
    proposals.dismiss(candidate.language, candidate.text, candidate.key)
    assert service.candidates(rows=ROWS, languages=("fr", "es"))["fr"] == []
    assert service.glossary.proposals() == [] and proposals.decided() == []
    (gone,) = proposals.dismissed()
    proposals.bring_back(gone.id)
    assert [c.text for c in service.candidates(rows=ROWS, languages=("fr", "es"))["fr"]] == ["budget"]


def test_a_text_is_checked_with_the_glossary_as_it_is_now(service):
    pairs = [Pair("Les villes", "Los pueblos")]
    assert [f.correction for f in service.check(pairs, "fr", "es")] == ["ciudades"]
    service.glossary.delete("city", service.glossary.get("city").revision)
    assert service.check(pairs, "fr", "es") == []


def test_places_of_an_unknown_concept_are_refused(service):
    assert service.uses("city") == []
    with pytest.raises(UsageError, match="no concept"):
        service.uses("town")
