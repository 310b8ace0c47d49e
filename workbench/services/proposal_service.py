"""Proposed terms and candidates found in texts: a terminologist approves, merges or refuses them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.core.glossary_merge import add_terms
from workbench.core.people import Right
from workbench.core.terms import Concept, Status, StoredConcept, Term, TermType, concept_id
from workbench.errors import Sentence, UsageError, mark
from workbench.services.glossary_service import GlossaryService
from workbench.services.rights import needs
from workbench.store.glossary import TermProposal

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

EXTRACTED = "extraction"  # the place of proposals that a person dismissed among the candidates
MAX_ACRONYM = 12  # letters; longer words in capitals are shouted


def term_of(language: str, text: str, status: Status = Status.PREFERRED, *, example: str = "") -> Term:
    """Make a term of words taken from a text; words in capitals are an acronym."""
    acronym = text.isupper() and 1 < len(text) <= MAX_ACRONYM and " " not in text
    return Term(language, text, status, TermType.ACRONYM if acronym else TermType.FULL, example=example)


class ProposalService:
    """What becomes of proposed terms.

    Args:
        glossary: Holds the store, the clock, the author and the guard too.
    """

    def __init__(self, *, glossary: GlossaryService) -> None:
        self.glossary = glossary
        self.store = glossary.store
        self.guard = glossary.guard

    def waiting(self) -> Sequence[TermProposal]:
        """Return the proposals nobody has decided on, the oldest first."""
        return self.store.glossary.proposals(state="open")

    def decided(self, *, limit: int = 50) -> Sequence[TermProposal]:
        """Return proposals that people made and a terminologist decided on, the latest decision first."""
        done = [
            p
            for p in self.store.glossary.proposals(state=None)
            if p.state != "open" and not (p.place == EXTRACTED and p.state == "dismissed")
        ]
        return sorted(done, key=lambda p: (p.decided_at or "", p.id), reverse=True)[:limit]

    @needs(Right.TERMS)
    def approve(
        self,
        number: int,
        *,
        into: str = "",
        status: Status = Status.PREFERRED,
        domain: str = "",
        others: Sequence[Term] = (),
    ) -> StoredConcept:
        """Take a proposed term into the glossary and close the proposal, both or neither.

        Args:
            number: The proposal's.
            into: The concept it joins; empty for a new one.
            status: What the network says of it; a new concept's first term is preferred.
            domain: Subject field of a new concept.
            others: Further terms of the same concept, in other languages.

        Returns:
            The concept with the term.

        Raises:
            UsageError: the proposal does not exist or was decided meanwhile, or there is no such concept.
        """
        with self.store.database.write() as connection:
            proposal = self._open(connection, number)
            term = term_of(proposal.language, proposal.text, status, example=proposal.example)
            stored = self._add(connection, [term, *others], into, domain)
            self._decide(connection, number, "accepted", stored.id)
        return stored

    @needs(Right.TERMS)
    def refuse(self, number: int, *, reason: str = "") -> None:
        """Refuse a proposal; its proposer reads the reason.

        Raises:
            UsageError: it does not exist or was decided meanwhile.
        """
        with self.store.database.write() as connection:
            self._open(connection, number)
            self._decide(connection, number, "dismissed", "", " ".join(reason.split()))

    @needs(Right.TERMS)
    def reopen(self, number: int) -> None:
        """Put a refused proposal back among those that wait.

        Raises:
            UsageError: it is not a refused one.
        """
        with self.store.database.write() as connection:
            if not self.store.glossary.reopen(connection, number):
                raise UsageError("That proposal is not a refused one.")

    @needs(Right.TERMS)
    def accept(self, terms: Sequence[Term], *, into: str = "", domain: str = "") -> StoredConcept:
        """Take terms that were found in texts into the glossary, as a new concept or into one that exists.

        Raises:
            UsageError: there is no such concept, or a term to be avoided has none beside it.
        """
        with self.store.database.write() as connection:
            return self._add(connection, terms, into, domain)

    # Candidates dismissed for good ---------------------------------------------------------------------------

    def dismissed(self) -> Sequence[TermProposal]:
        """Return the candidates that were dismissed for good; ``note`` is a candidate's key."""
        return self.store.glossary.proposals(state="dismissed", place=EXTRACTED)

    @needs(Right.TERMS)
    def dismiss(self, language: str, text: str, key: str) -> None:
        """Never show a candidate again."""
        values = {"language": language, "text": text, "place": EXTRACTED, "note": key, "state": "dismissed",
                  "decided_at": self.glossary.now(), "decided_by": self.glossary.author}  # fmt: skip
        self.store.glossary.propose(values, self.glossary.now(), self.glossary.author)

    @needs(Right.TERMS)
    def bring_back(self, number: int) -> None:
        """Let a candidate that was dismissed be found again.

        Raises:
            UsageError: it is not one of them.
        """
        with self.store.database.write() as connection:
            found = self.store.glossary.proposal_in(connection, number)
            if found is None or found.state != "dismissed" or found.place != EXTRACTED:
                raise UsageError("That candidate was not dismissed.")
            self.store.glossary.forget_proposal(connection, number)

    # Inside a transaction ------------------------------------------------------------------------------------

    def _open(self, connection: Connection, number: int) -> TermProposal:
        found = self.store.glossary.proposal_in(connection, number)
        if found is None:
            raise UsageError("There is no such proposal.")
        if found.state != "open":
            who = found.decided_by or Sentence(mark("somebody"))
            raise UsageError("“{term}” was decided meanwhile, by {who}.", term=found.text, who=who)
        return found

    def _decide(self, connection: Connection, number: int, state: str, concept: str, answer: str = "") -> None:
        self.store.glossary.decide(
            connection, number, state, concept, self.glossary.now(), self.glossary.author, answer
        )

    def _add(self, connection: Connection, terms: Sequence[Term], into: str, domain: str) -> StoredConcept:
        if into:
            current = self.store.glossary.get_in(connection, into)
            if current is None:
                raise UsageError("There is no concept “{into}” in the glossary any more: choose another.", into=into)
            concept = add_terms(current.concept, terms)
            if concept == current.concept:
                raise UsageError("“{term}” is a term of “{into}” already.", term=terms[0].text, into=into)
        else:
            named = next((t for t in terms if t.base_language == "en"), terms[0])
            name = concept_id(named.text, self.store.glossary.ids())
            concept = add_terms(Concept(name, domain, tuple(terms[:1])), terms[1:])
        self.store.glossary.put(
            connection, [concept], operation="edit" if into else "create", batch="",
            at=self.glossary.now(), by=self.glossary.author,
        )  # fmt: skip
        stored = self.store.glossary.get_in(connection, concept.id)
        assert stored is not None
        return stored
