"""The glossary held against a translation: what is missing, wrong, foreign, unexplained or said in two ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import simplemma

from workbench.core.agreement import form, replace_term
from workbench.core.checks import Finding, Pair, Severity
from workbench.core.languages import LANGUAGES, base_language, normalise_code
from workbench.core.recognition import Recogniser, TermHit
from workbench.core.term_evidence import (
    METALANGUAGE,
    QUOTED,
    as_written,
    in_quotation,
    kept_as_is,
    lower_forms,
    opens_sentence,
    paraphrased,
    taken_up,
    without_code,
)
from workbench.core.terms import Concept, Status, Term, TermType, fold
from workbench.core.words import little_word, tokenise
from workbench.errors import Sentence, mark, sentence

CHECK = "terms"
MIN_FOREIGN_ACRONYM = 3  # letters; of two letters every language has its own, and chance does the rest


@dataclass(slots=True)
class _Memory:
    """What a text has said so far."""

    explained: set[str] = field(default_factory=set)
    renderings: dict[tuple[str, str], Term] = field(default_factory=dict)


@dataclass(slots=True)
class _Side:
    """The target of one pair as the rules look at it.

    Attributes:
        hits: The longest terms, homographs whatever their context.
        every: All terms, those inside longer ones too.
        certain: (start, end, concept id) of the terms that stand in their context.
        accepted: Concepts with an accepted form that serves the language.
        foreign: Leaked terms.
        answered: Concepts that some finding has already dealt with.
    """

    text: str
    hits: list[TermHit]
    every: list[TermHit]
    certain: set[tuple[int, int, str]]
    accepted: set[str]
    foreign: list[tuple[str, TermHit]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Look:
    """A pair as it was read.

    Attributes:
        source, around: The original, and it with its neighbours; code is blanked in both.
        found: The original's terms.
        wanted: Each with the concepts any of which answers it.
        expressed: All of these.
        side: The translation.
    """

    source: str
    around: str
    found: list[TermHit]
    wanted: list[tuple[TermHit, set[str]]]
    expressed: set[str]
    side: _Side


class TermChecker:
    """Checks translations from one language into another against the glossary.

    Args:
        concepts: The glossary.
        source_language, target_language: BCP 47; a region of the target matters.
        recognisers: By language without region; those that are missing are made here.
    """

    def __init__(
        self,
        concepts: Iterable[Concept],
        source_language: str,
        target_language: str,
        *,
        recognisers: Mapping[str, Recogniser] | None = None,
    ) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self.source_language = normalise_code(source_language)
        self.target_language = normalise_code(target_language)
        self._recognisers: dict[str, Recogniser] = dict(recognisers or {})
        self._target_acronyms = {
            t.text.replace(".", "") for c in self.concepts.values()
            for t in c.terms if t.type.shortened and t.base_language == base_language(self.target_language)
        }  # fmt: skip
        self._homes: dict[tuple[str, str], set[str]] = {}
        for concept in self.concepts.values():
            for term in concept.terms:
                if term.status.accepted:
                    self._homes.setdefault((term.base_language, term.text), set()).add(concept.id)

    def recogniser(self, language: str) -> Recogniser:
        """Return the recogniser of a language, made at first use."""
        base = base_language(language)
        if base not in self._recognisers:
            self._recognisers[base] = Recogniser(self.concepts.values(), base)
        return self._recognisers[base]

    def check_pair(self, source: str, target: str) -> list[Finding]:
        """Check one segment as a text of its own."""
        return self.check([Pair(source, target)])

    def check(self, pairs: Sequence[Pair]) -> list[Finding]:
        """Check the segments of one text, in order.

        Args:
            pairs: Segments with their translations; an empty translation gives no finding.

        Returns:
            Findings of the kinds ``missing``, ``forbidden``, ``deprecated``, ``leak``, ``acronym`` and
            ``inconsistent``; one fault is one finding.
        """
        memory = _Memory()
        findings: list[Finding] = []
        before: _Look | None = None
        now = self._look(pairs, 0) if pairs else None
        for number in range(len(pairs)):
            after = self._look(pairs, number + 1) if number + 1 < len(pairs) else None
            if now is not None:
                side = now.side
                side.foreign = self._leaks(side, now.expressed)
                findings.extend(self._wrong(number, now))
                findings.extend(self._foreign(number, side))
                findings.extend(self._missing(number, now, before, after))
                findings.extend(self._unexplained(number, side, memory))
                findings.extend(self._changed(number, side, now.found, memory))
            before, now = now, after
        return sorted(findings, key=lambda f: (f.pair, f.start if f.start is not None else -1))

    # The pair ------------------------------------------------------------------------------------------------

    def _look(self, pairs: Sequence[Pair], number: int) -> _Look | None:
        """Find what both sides of a pair say; ``None`` where there is no translation."""
        pair = pairs[number]
        if not pair.target.strip():
            return None
        near = pairs[max(0, number - 1) : number + 2]
        around = without_code(" ".join(p.source for p in near))
        source = without_code(pair.source)
        found = self.recogniser(self.source_language).find(source, context=around)
        wanted = [(hit, self._acceptable(hit)) for hit in found]
        expressed = {identity for _, ids in wanted for identity in ids}
        side = self._side(without_code(pair.target), without_code(" ".join(p.target for p in near)))
        return _Look(source, around, found, wanted, expressed, side)

    def _side(self, target: str, context: str) -> _Side:
        recogniser = self.recogniser(self.target_language)
        # The original tells homographs apart: what it expresses needs no words of context in the translation.
        every = recogniser.find(target, nested=True, context=context, any_context=True)
        hits = recogniser.find(target, context=context, any_context=True)
        certain = {
            (hit.start, hit.end, concept.id)
            for hit in recogniser.find(target, nested=True, context=context)
            for _, concept in hit.entries
        }
        accepted = {concept.id for hit in every for term, concept in hit.entries if self._good(term)}
        return _Side(target, hits, every, certain, accepted)

    def _good(self, term: Term) -> bool:
        return term.status.accepted and term.serves(self.target_language)

    def _acceptable(self, hit: TermHit) -> set[str]:
        """Return the concepts any of which answers a source term: its own, and what to say instead of it."""
        ids: set[str] = set()
        for term, concept in hit.entries:
            ids.add(concept.id)
            if not term.status.accepted:
                ids |= self._homes.get((term.base_language, term.use_instead), set())
        return ids

    # Deprecated and forbidden --------------------------------------------------------------------------------

    def _wrong(self, number: int, look: _Look) -> Iterator[Finding]:
        side, expressed = look.side, look.expressed
        cited = {identity for hit, ids in look.wanted if in_quotation(look.source, hit) for identity in ids}
        for hit in side.hits:
            bad = [e for e in hit.entries if not e[0].status.accepted and e[0].serves(self.target_language)]
            good = [e for e in hit.entries if self._good(e[0])]
            surface = side.text[hit.start : hit.end].lower()
            if any(surface in lower_forms(term) for term, _ in bad):  # une agenda commune is not un agenda commun
                good = [e for e in good if surface in lower_forms(e[0])]
            if not bad or any(e[1].id in expressed for e in good):
                continue
            term, concept = bad[0]
            if good and concept.id not in expressed:
                continue
            meant = concept.id in expressed or self._instead(term) & expressed
            if not meant and not (_several_words(term) and (hit.start, hit.end, concept.id) in side.certain):
                continue
            side.answered.add(concept.id)
            side.answered |= self._instead(term)
            if concept.id in cited and in_quotation(side.text, hit):
                continue  # a title or another's word, which both sides quote
            new = self._replacement(term, concept)
            start, end, correction = hit.start, hit.end, None
            if new is not None:
                change = replace_term(
                    side.text, hit.start, hit.end, new, self.target_language, plural=hit.plural, old=term
                )
                start, end, correction = change.start, change.end, change.text
            words = _avoided(side.text[hit.start : hit.end], term)
            yield Finding(
                CHECK,
                term.status.value,
                number,
                words,
                start,
                end,
                correction,
                concept=concept.id,
                term=term.text,
            )

    def _instead(self, term: Term) -> set[str]:
        return self._homes.get((term.base_language, term.use_instead), set()) if term.use_instead else set()

    def _replacement(self, term: Term, concept: Concept) -> Term | None:
        for identity in (concept.id, *sorted(self._instead(term))):
            for other in self.concepts[identity].terms_in(self.target_language):
                if other.text == term.use_instead:
                    return other
        return concept.preferred(self.target_language)

    # Foreign forms -------------------------------------------------------------------------------------------

    def _leaks(self, side: _Side, expressed: set[str]) -> list[tuple[str, TermHit]]:
        target = base_language(self.target_language)
        quoted = [m.span() for m in QUOTED.finditer(side.text)]
        if METALANGUAGE.search(side.text):  # the text speaks of another language's words
            return []
        source = base_language(self.source_language)
        order = [source, *(c for c in LANGUAGES if c != source)]
        found: list[tuple[str, TermHit]] = []
        for language in order:
            if language == target:
                continue
            for hit in self.recogniser(language).find(side.text):
                if any(hit.start < b and a < hit.end for a, b in quoted):
                    continue
                if any(hit.start < h.end and h.start < hit.end for _, h in found):
                    continue
                if self._is_leak(hit, language, side, expressed):
                    found.append((language, hit))
        return found

    def _is_leak(self, hit: TermHit, language: str, side: _Side, expressed: set[str]) -> bool:
        term, surface = hit.term, side.text[hit.start : hit.end]
        target = base_language(self.target_language)
        if not hit.exact or (term.part_of_speech == "proper noun" and not term.type.shortened):
            return False
        own = [h for h in side.every if h.start < hit.end and hit.start < h.end]
        if term.type.shortened:
            bare = surface.replace(".", "").removesuffix("s")
            if own or bare in self._target_acronyms or surface in self._target_acronyms:
                return False
            meant = bool({c.id for _, c in hit.entries} & expressed)
            return meant or (len(bare) >= MIN_FOREIGN_ACRONYM and term.part_of_speech != "proper noun")
        if any(h.start <= hit.start and hit.end <= h.end and h.exact for h in own):
            return False
        named = surface[:1].isupper() and term.text[:1].islower() and not surface.isupper()
        if named and not opens_sentence(side.text, hit.start):
            return False  # part of a name: Ciudad de México in a French text
        words = [w for _, _, w in tokenise(surface) if w and not little_word(w.lower(), language)]
        strange = [w for w in words if not simplemma.is_known(w.lower(), lang=target)]
        if not strange or (len(words) > 1 and len(strange) * 2 < len(words)):
            return False
        if any(h.start <= hit.start and hit.end <= h.end for h in own):
            # The target's own word but for accents: a slip of typing where the whole text has none.
            rest = side.text[: hit.start] + side.text[hit.end :]
            return not rest.isascii()
        return True

    def _foreign(self, number: int, side: _Side) -> Iterator[Finding]:
        for language, hit in side.foreign:
            ids = {concept.id for _, concept in hit.entries}
            side.answered |= ids
            new = hit.concept.preferred(self.target_language, shortened=hit.term.type.shortened)
            surface = side.text[hit.start : hit.end]
            start, end, correction = hit.start, hit.end, None
            if new is not None and new.text != surface:
                change = replace_term(
                    side.text, hit.start, hit.end, new, self.target_language, plural=hit.plural, old=hit.term
                )
                start, end, correction = change.start, change.end, change.text
            words = Sentence(_FOREIGN[language], {"surface": surface})
            if new:
                words = sentence("{reproach} Say “{new}”.", reproach=words, new=new.text)
            yield Finding(
                CHECK,
                "leak",
                number,
                words,
                start,
                end,
                correction,
                concept=hit.concept.id,
                term=hit.term.text,
            )

    # Missing -------------------------------------------------------------------------------------------------

    def _missing(self, number: int, look: _Look, before: _Look | None, after: _Look | None) -> Iterator[Finding]:
        told: set[str] = set()
        side = look.side
        for hit, ids in look.wanted:
            concept = self.concepts[hit.concept.id]
            if ids & side.accepted or ids & side.answered or ids & told:
                continue
            new = concept.preferred(self.target_language, shortened=hit.term.type.shortened)
            if new is None:
                continue
            regional = [h for h in side.hits for t, c in h.entries if c.id in ids and t.status.accepted]
            if not regional and self._excused(hit, ids, look, before, after):
                continue
            told |= ids
            written = form(new, plural=hit.plural)
            start = end = None
            correction = written
            if regional:  # the other region's word stands there
                there = regional[0]
                change = replace_term(
                    side.text, there.start, there.end, new, self.target_language, plural=there.plural, old=there.term
                )
                start, end, correction = change.start, change.end, change.text
            yield Finding(
                CHECK,
                "missing",
                number,
                sentence(
                    "“{term}” is “{new}” in this glossary; no accepted form of it stands in the translation.",
                    term=hit.term.text,
                    new=new.text,
                ),
                start,
                end,
                correction,
                hit.start,
                hit.end,
                concept.id,
                hit.term.text,
                Severity.WARNING,
            )

    def _excused(self, hit: TermHit, ids: set[str], look: _Look, before: _Look | None, after: _Look | None) -> bool:
        """Tell whether a translation may lack a term's forms without a fault."""
        if all(term.everyday for term, _ in hit.entries) and not self._of_the_trade(hit, look):
            return True
        side = look.side
        if hit.term.type.shortened and (METALANGUAGE.search(side.text) or METALANGUAGE.search(look.source)):
            return True  # the text speaks of the acronym itself
        if kept_as_is(hit, look.source, side.text):
            return True
        accepted = [t for i in ids for t in self.concepts[i].terms_in(self.target_language) if t.status.accepted]
        others = [h for h in side.hits if not ids & {c.id for _, c in h.entries}]
        if paraphrased(accepted, side.text, self.target_language, others):
            return True
        for other in (before, after):  # the sentence's end has moved into its neighbour
            if other is not None and ids & other.side.accepted and not ids & other.expressed:
                return True
        if before is not None and ids & before.expressed and ids & before.side.accepted:
            return taken_up(look.source, side.text, hit, self.source_language, self.target_language)
        return False

    def _of_the_trade(self, hit: TermHit, look: _Look) -> bool:
        """Tell whether an everyday word is meant as a term: by its words of context, or where it has none, by another
        term beside it."""
        near = [term for term, _ in hit.entries if term.near]
        if near:
            return any(self.recogniser(self.source_language).in_context(term, look.around) for term in near)
        return any(not term.everyday for other in look.found if other is not hit for term, _ in other.entries)

    # Over the whole text -------------------------------------------------------------------------------------

    def _unexplained(self, number: int, side: _Side, memory: _Memory) -> Iterator[Finding]:
        spelled_out = [*side.every, *(hit for _, hit in side.foreign)]
        memory.explained |= {c.id for hit in spelled_out for t, c in hit.entries if not t.type.shortened}
        for hit in side.hits:
            if hit.term.type is not TermType.ACRONYM or not hit.term.status.accepted:
                continue
            ids = {c.id for _, c in hit.entries}
            if ids & memory.explained or not any((hit.start, hit.end, i) in side.certain for i in ids):
                continue
            memory.explained |= ids
            surface = side.text[hit.start : hit.end]
            full = hit.term.expansion
            term = next((t for t in hit.concept.terms_in(self.target_language) if t.text == full), None)
            if term is not None:
                full = form(term, plural=hit.plural)
            yield Finding(
                CHECK,
                "acronym",
                number,
                sentence(
                    "“{surface}” is used for the first time: write “{full} ({surface})”.", surface=surface, full=full
                ),
                hit.start,
                hit.end,
                f"{full} ({surface})",
                concept=hit.concept.id,
                term=hit.term.text,
                severity=Severity.WARNING,
            )

    def _changed(self, number: int, side: _Side, found: Sequence[TermHit], memory: _Memory) -> Iterator[Finding]:
        for key, ids in _source_terms(found).items():
            rendered = [
                (hit, term) for hit in side.hits for term, concept in as_written(hit, side.text)
                if concept.id in ids and self._good(term) and term.type is TermType.FULL and not term.everyday
            ]  # fmt: skip
            if not rendered:
                continue
            first = memory.renderings.get(key)
            if first is None:
                memory.renderings[key] = rendered[0][1]
                continue
            if any(_same_word(term, first) for _, term in rendered):
                continue
            hit, term = rendered[0]
            change = replace_term(
                side.text, hit.start, hit.end, first, self.target_language, plural=hit.plural, old=term
            )
            yield Finding(
                CHECK,
                "inconsistent",
                number,
                sentence(
                    "“{source}” is “{term}” here and “{before}” before.",
                    source=key[1],
                    term=term.text,
                    before=first.text,
                ),
                change.start,
                change.end,
                change.text,
                concept=hit.concept.id,
                term=term.text,
                severity=Severity.WARNING,
            )


_FOREIGN = {
    "fr": mark("“{surface}” is French."),
    "es": mark("“{surface}” is Spanish."),
    "pt": mark("“{surface}” is Portuguese."),
    "en": mark("“{surface}” is English."),
}


def _avoided(surface: str, term: Term) -> Sentence:
    """Say that a term is not to be used, what to say instead and what the glossary notes about it."""
    if term.status is Status.FORBIDDEN:
        words = sentence("“{surface}” is not to be used.", surface=surface)
    else:
        words = sentence("“{surface}” is no longer the network’s word.", surface=surface)
    if term.use_instead:
        words = sentence("{reproach} Say “{new}”.", reproach=words, new=term.use_instead)
    return sentence("{words} {note}", words=words, note=term.note) if term.note else words


def _source_terms(found: Sequence[TermHit]) -> dict[tuple[str, str], set[str]]:
    terms: dict[tuple[str, str], set[str]] = {}
    for hit in found:
        if not hit.term.type.shortened:
            terms.setdefault(hit.term.key, set()).update(c.id for _, c in hit.entries)
    return terms


def _same_word(a: Term, b: Term) -> bool:
    return fold(a.text) == fold(b.text)


def _several_words(term: Term) -> bool:
    return len([1 for _, _, word in tokenise(term.text) if word]) > 1
