"""The glossary's terms in segments that are looked at."""

from __future__ import annotations

from workbench.core.terms import Concept, Status, Term
from workbench.services.glossary_service import GlossaryService
from workbench.services.segment_terms import TermSpan, segment_terms

AID = Concept("cooperation", "instruments", (
    Term("fr", "coopération", part_of_speech="noun", number="singular", plural="coopérations"),
    Term("fr", "aide", Status.FORBIDDEN, part_of_speech="noun", number="singular", use_instead="coopération"),
    Term("es", "cooperación", part_of_speech="noun", number="singular", plural="cooperaciones"),
))  # fmt: skip


def test_terms_are_found_in_each_segment_s_language_and_those_to_avoid_are_told_apart(store, now):
    glossary = GlossaryService(store=store, now=now, author="ana")
    glossary.save(AID, None)
    found = segment_terms(
        glossary, [(4, "fr", "L’aide, ou la coopération."), (9, "es-MX", "Cooperaciones."), (7, "pt", "—")]
    )
    assert found.spans[4] == (TermSpan(2, 6, ("cooperation",), True), TermSpan(14, 25, ("cooperation",)))
    assert found.spans[9] == (TermSpan(0, 13, ("cooperation",)),)
    assert found.spans[7] == ()
    assert list(found.concepts) == ["cooperation"]
