"""A workspace opened: the store and every service over it, each made when it is first asked for."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.config import Settings
from workbench.services.presence import Presence
from workbench.services.rights import OPEN, Guard
from workbench.store import open_store
from workbench.store.store import Store

if TYPE_CHECKING:
    from workbench.embedding.encoder import Encoder
    from workbench.services.alignment_service import AlignmentService
    from workbench.services.assist_service import AssistService
    from workbench.services.candidate_service import CandidateService
    from workbench.services.comment_service import CommentService
    from workbench.services.export_service import ExportService
    from workbench.services.figures_service import FiguresService
    from workbench.services.glossary_service import GlossaryService
    from workbench.services.job_service import JobService
    from workbench.services.library_service import LibraryService
    from workbench.services.lookup_service import LookUpService
    from workbench.services.memory_service import MemoryService
    from workbench.services.people_service import PeopleService
    from workbench.services.preview_service import PreviewService
    from workbench.services.proposal_service import ProposalService
    from workbench.services.recent_service import RecentService
    from workbench.services.replace_service import ReplaceService
    from workbench.services.reviser_service import ReviserService
    from workbench.services.row_service import RowService
    from workbench.services.seed_service import SeedService
    from workbench.services.step_service import StepService
    from workbench.services.terminology_service import TerminologyService
    from workbench.services.translation_service import TranslationService
    from workbench.services.vector_service import VectorService


def utc_now() -> str:
    """Return the time as the store keeps it: ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Workspace:
    """The services of one workspace. Opening it imports neither torch nor any file library.

    Args:
        settings: Where it lives and which model it uses.
        encoder: Stands in for the settings' model (tests give a fake one).
        author: Who changes are attributed to; the settings' author unless given.
        guard: What the person at work may do; everything unless given.

    Raises:
        StoreError: the database cannot be opened.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        author: str | None = None,
        store: Store | None = None,
        guard: Guard = OPEN,
    ) -> None:
        self.settings = settings
        self.author = author or settings.author
        self.guard = guard
        self.presence = Presence()
        self._encoder = encoder
        self.store: Store = store or open_store(settings.database_url)

    @cached_property
    def encoder(self) -> Encoder:
        """The sentence encoder; nothing is loaded before it encodes."""
        from workbench.embedding.encoder import open_encoder

        return self._encoder or open_encoder(self.settings)

    @cached_property
    def vectors(self) -> VectorService:
        """Sentence vectors with their cache."""
        from workbench.services.vector_service import VectorService

        return VectorService(self.store, self.encoder)

    @cached_property
    def library(self) -> LibraryService:
        """Texts and versions."""
        from workbench.services.library_service import LibraryService

        return LibraryService(store=self.store, now=utc_now, author=self.author, guard=self.guard)

    @cached_property
    def exports(self) -> ExportService:
        """Files made of versions."""
        from workbench.services.export_service import ExportService

        return ExportService(library=self.library)

    @cached_property
    def memory(self) -> MemoryService:
        """The translation memory."""
        from workbench.services.memory_service import MemoryService

        return MemoryService(
            store=self.store, vectors=self.vectors, now=utc_now, author=self.author, guard=self.guard,
            cache=self.settings.home / "cache",
        )  # fmt: skip

    @cached_property
    def alignment(self) -> AlignmentService:
        """Grids."""
        from workbench.services.alignment_service import AlignmentService

        return AlignmentService(
            store=self.store, vectors=self.vectors, memory=self.memory, now=utc_now, author=self.author,
            guard=self.guard,
        )  # fmt: skip

    @cached_property
    def translation(self) -> TranslationService:
        """Versions in translation."""
        from workbench.services.translation_service import TranslationService

        return TranslationService(
            store=self.store, memory=self.memory, now=utc_now, author=self.author, guard=self.guard
        )

    @cached_property
    def comments(self) -> CommentService:
        """Comments on segments."""
        from workbench.services.comment_service import CommentService

        return CommentService(store=self.store, now=utc_now, author=self.author, guard=self.guard)

    @cached_property
    def rows(self) -> RowService:
        """Splitting and joining rows in translation."""
        from workbench.services.row_service import RowService

        return RowService(
            store=self.store, alignment=self.alignment, memory=self.memory, now=utc_now, author=self.author
        )

    @cached_property
    def steps(self) -> StepService:
        """What a translator did with many segments at once, to be taken back."""
        from workbench.services.step_service import StepService

        return StepService(
            store=self.store, rows=self.rows, alignment=self.alignment, memory=self.memory, now=utc_now,
            author=self.author,
        )  # fmt: skip

    @cached_property
    def replacing(self) -> ReplaceService:
        """Searching and replacing in a translation."""
        from workbench.services.replace_service import ReplaceService

        return ReplaceService(
            store=self.store, translation=self.translation, steps=self.steps, now=utc_now, author=self.author
        )

    @cached_property
    def previews(self) -> PreviewService:
        """How a finished version looks."""
        from workbench.services.preview_service import PreviewService

        return PreviewService(store=self.store)

    @cached_property
    def revisers(self) -> ReviserService:
        """Bilingual documents for revisers."""
        from workbench.services.reviser_service import ReviserService

        return ReviserService(
            store=self.store, translation=self.translation, comments=self.comments, steps=self.steps, now=utc_now,
            author=self.author,
        )  # fmt: skip

    @cached_property
    def assist(self) -> AssistService:
        """Suggestions, terms and checks for the row a translator is in."""
        from workbench.services.assist_service import AssistService

        return AssistService(translation=self.translation, memory=self.memory, glossary=self.glossary)

    @cached_property
    def glossary(self) -> GlossaryService:
        """Concepts and terms."""
        from workbench.services.glossary_service import GlossaryService

        return GlossaryService(store=self.store, now=utc_now, author=self.author, guard=self.guard)

    @cached_property
    def proposals(self) -> ProposalService:
        """Proposed terms, and what becomes of them."""
        from workbench.services.proposal_service import ProposalService

        return ProposalService(glossary=self.glossary)

    @cached_property
    def terminology(self) -> TerminologyService:
        """Where the glossary's terms stand in texts, and which terms it lacks."""
        from workbench.services.terminology_service import TerminologyService

        return TerminologyService(glossary=self.glossary)

    @cached_property
    def candidates(self) -> CandidateService:
        """Words of the texts that may be terms, found in the background."""
        from workbench.services.candidate_service import CandidateService

        return CandidateService(terminology=self.terminology)

    @cached_property
    def lookup(self) -> LookUpService:
        """Words looked up in the glossary and the memory at once."""
        from workbench.services.lookup_service import LookUpService

        return LookUpService(memory=self.memory, glossary=self.glossary)

    @cached_property
    def figures(self) -> FiguresService:
        """Counts for the figures."""
        from workbench.services.figures_service import FiguresService

        return FiguresService(store=self.store, vectors=self.vectors, now=utc_now)

    @cached_property
    def recent(self) -> RecentService:
        """What a person last worked on."""
        from workbench.services.recent_service import RecentService

        return RecentService(store=self.store)

    @cached_property
    def jobs(self) -> JobService:
        """Work in the background."""
        from workbench.services.job_service import JobService

        return JobService(store=self.store, now=utc_now, guard=self.guard)

    @cached_property
    def people(self) -> PeopleService:
        """The team and its roles."""
        from workbench.services.people_service import PeopleService, role_named

        default = role_named(self.settings.default_role) if self.settings.default_role else None
        return PeopleService(store=self.store, now=utc_now, guard=self.guard, default_role=default)

    def for_person(self, author: str, guard: Guard = OPEN) -> Workspace:
        """Return the same workspace for somebody else at work: what is open and loaded is shared with this one."""
        other = Workspace(self.settings, encoder=self.encoder, author=author, store=self.store, guard=guard)
        other.vectors, other.presence = self.vectors, self.presence
        other.jobs, other.memory = copy(self.jobs), copy(self.memory)  # one queue and one set of indexes for everybody
        other.memory.author = author
        other.jobs.guard = other.memory.guard = guard
        return other

    @cached_property
    def seed(self) -> SeedService:
        """The sample texts and the glossary a new workspace begins with."""
        from workbench.services.seed_service import SeedService

        return SeedService(self)

    def close(self) -> None:
        """Close the database's connections."""
        self.store.close()
