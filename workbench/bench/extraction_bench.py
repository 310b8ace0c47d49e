"""How well term extraction does over aligned texts, by the glossary's own terms, and what its weights are fitted on.

The ranking's weights are a logistic regression's: whether a candidate is a term of the glossary. What it shows on the
texts it was fitted on flatters it, so every candidate is also scored by weights fitted without the text in which it
stands most.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.core.candidate_ranking import EVIDENCE, termhood
from workbench.core.extraction import Candidate, Gathered, Row, extract, gather, rank
from workbench.core.languages import LANGUAGES
from workbench.core.recognition import Recogniser

if TYPE_CHECKING:
    from workbench.core.terms import Concept


@dataclass(frozen=True, slots=True)
class ExtractionScore:
    """How well extraction does in one language.

    Attributes:
        language: The language.
        present: Terms of the glossary that stand in the rows at least :data:`PRESENT` times.
        found: How many of them are among the first candidates.
        once: Terms that stand there at all, and how many of these were found.
        judged: Counterparts in first place of candidates that are terms, where the other language's row has a term of
            the same concept.
        right: How many of them are a term of that concept.
    """

    language: str
    present: int
    found: int
    once: tuple[int, int]
    judged: int
    right: int


PRESENT = 2  # a term that stands in the texts once cannot be told from any other words by counting
FIRST = 200


@dataclass(frozen=True, slots=True)
class ExtractionReport:
    """How well extraction does in all languages.

    Attributes:
        languages: Each by itself.
        present: Terms of the glossary that stand in the rows, over all languages.
        found: How many of them are among the first candidates of their language, or stand in first place beside a
            candidate of another: a terminologist who accepts a candidate takes its counterparts too.
        concepts: Concepts that stand in the rows, and how many of these were found so in any language.
    """

    languages: tuple[ExtractionScore, ...]
    present: int
    found: int
    concepts: tuple[int, int]


def extraction_scores(
    concepts: Sequence[Concept], rows: Sequence[Row], candidates: Mapping[str, Sequence[Candidate]] | None = None
) -> ExtractionReport:
    """Measure extraction over aligned rows by the glossary itself.

    Args:
        concepts: The glossary's.
        rows: Aligned rows.
        candidates: What was extracted from them; the extraction's own, with the weights as they are, if not given.
    """
    recognisers = {language: Recogniser(concepts, language) for language in LANGUAGES}

    def named(language: str, text: str) -> set[str]:
        """Return the concepts that a text as a whole names."""
        hits = recognisers[language].find(text, nested=True, any_context=True)
        return {c.id for h in hits if h.start == 0 and h.end == len(text) for _, c in h.entries}

    def standing(language: str, text: str) -> set[str]:
        hits = recognisers[language].find(text, nested=True, any_context=True)
        return {c.id for h in hits for _, c in h.entries}

    def terms_of(language: str, text: str) -> set[tuple[str, str, str]]:
        """Return (language, concept, term) of the terms that a text as a whole is."""
        hits = recognisers[language].find(text, nested=True, any_context=True)
        return {(language, c.id, t.text) for h in hits if h.start == 0 and h.end == len(text) for t, c in h.entries}

    scores = []
    standing_anywhere: set[tuple[str, str, str]] = set()
    found_anywhere: set[tuple[str, str, str]] = set()
    for language, ranked in (extract(rows, limit=FIRST) if candidates is None else candidates).items():
        counts: Counter[tuple[str, str]] = Counter()
        for row in rows:
            for hit in recognisers[language].find(row.cells.get(language, "")):
                counts[(hit.concept.id, hit.term.text)] += 1
        got: set[tuple[str, str]] = set()
        judged = right = 0
        for candidate in ranked:
            own = terms_of(language, candidate.text)
            got.update(key[1:] for key in own)
            found_anywhere |= own
            for other, answers in candidate.counterparts.items():
                if answers:
                    found_anywhere |= terms_of(other, answers[0].text)
            ids = named(language, candidate.text)
            for other, answers in candidate.counterparts.items():
                if ids and any(ids & standing(other, rows[n].cells.get(other, "")) for n in candidate.rows):
                    judged += 1
                    right += bool(answers) and bool(ids & named(other, answers[0].text))
        standing_anywhere |= {(language, *key) for key in counts}
        present = {key for key, number in counts.items() if number >= PRESENT}
        scores.append(
            ExtractionScore(
                language, len(present), len(present & got), (len(counts), len(set(counts) & got)), judged, right
            )
        )
    both = standing_anywhere & found_anywhere
    known = ({key[1] for key in standing_anywhere}, {key[1] for key in found_anywhere})
    return ExtractionReport(tuple(scores), len(standing_anywhere), len(both), (len(known[0]), len(known[0] & known[1])))


REGULAR = 0.1  # scikit-learn's C: strong, as some hundred terms are little to fit on

Fitted = tuple[float, tuple[float, ...]]
"""A bias and weights in the order of :data:`EVIDENCE`."""


def home(one: Gathered, rows: Sequence[Row]) -> str:
    """Return the text in which a candidate stands most."""
    counts = Counter(rows[number].text for number in one.data.rows)
    return min(counts, key=lambda text: (-counts[text], text))


def terms_gathered(concepts: Sequence[Concept], gathered: Mapping[str, Sequence[Gathered]]) -> dict[str, list[bool]]:
    """Tell which candidates are terms of the glossary, by language in their order."""
    out: dict[str, list[bool]] = {}
    for language, pool in gathered.items():
        recogniser = Recogniser(concepts, language)
        out[language] = []
        for one in pool:
            form = max(one.data.forms, key=lambda f: one.data.forms[f])
            hits = recogniser.find(form, nested=True, any_context=True)
            out[language].append(any(hit.start == 0 and hit.end == len(form) for hit in hits))
    return out


def fit(examples: Sequence[tuple[Sequence[float], bool]]) -> Fitted:
    """Fit the weights of evidence, all of it scaled alike for the regulariser.

    Raises:
        ValueError: All examples are terms, or none is.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    values = [list(known) for known, _ in examples]
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=REGULAR, max_iter=2_000).fit(scaler.transform(values), [term for _, term in examples])
    weights = model.coef_[0] / scaler.scale_
    return float(model.intercept_[0] - weights @ scaler.mean_), tuple(float(weight) for weight in weights)


def left_out(concepts: Sequence[Concept], rows: Sequence[Row], limit: int = FIRST) -> dict[str, list[Candidate]]:
    """Extract with weights that were fitted without the text in which a candidate stands most."""
    gathered = gather(rows, limit=limit)
    labels = terms_gathered(concepts, gathered)
    examples = [
        (home(one, rows), one.evidence, term)
        for language, pool in gathered.items()
        for one, term in zip(pool, labels[language], strict=True)
    ]
    fitted: dict[str, Fitted] = {
        text: fit([(known, term) for where, known, term in examples if where != text])
        for text in sorted({where for where, _, _ in examples})
    }

    def score(one: Gathered) -> float:
        bias, weights = fitted[home(one, rows)]
        return termhood(one.evidence, weights, bias)

    return rank(gathered, score, limit=limit)


def fitted_on_all(concepts: Sequence[Concept], rows: Sequence[Row]) -> str:
    """Return the weights fitted on all texts, as they are written into the code."""
    gathered = gather(rows, limit=FIRST)
    labels = terms_gathered(concepts, gathered)
    bias, weights = fit(
        [(one.evidence, term) for language, pool in gathered.items()
         for one, term in zip(pool, labels[language], strict=True)]
    )  # fmt: skip
    named = "\n".join(f"    {weight:.3f},  # {name}" for name, weight in zip(EVIDENCE, weights, strict=True))
    return f"BIAS = {bias:.3f}\nWEIGHTS = (\n{named}\n)"


def report(concepts: Sequence[Concept], rows: Sequence[Row]) -> list[str]:
    """Return the lines of the report: on texts left out first, then with the weights as they are."""
    lines = [f"extraction over {len(rows)} aligned rows, first {FIRST} candidates a language:"]
    apart = extraction_scores(concepts, rows, left_out(concepts, rows))
    for title, found in (
        ("weights fitted without the text a candidate stands in", apart),
        ("weights as they are, fitted on these texts", extraction_scores(concepts, rows)),
    ):
        right, judged = (sum(getattr(one, name) for one in found.languages) for name in ("right", "judged"))
        twice = sum(one.found for one in found.languages) / max(1, sum(one.present for one in found.languages))
        once = [sum(one.once[n] for one in found.languages) for n in (0, 1)]
        lines.append(
            f"  {title}: candidates alone {twice:.2f} of the glossary's terms that stand there twice or more, "
            f"{once[1] / max(1, once[0]):.2f} of all; with their first counterparts {found.found} of {found.present} "
            f"terms ({found.found / max(1, found.present):.2f}), {found.concepts[1]} of {found.concepts[0]} concepts "
            f"({found.concepts[1] / max(1, found.concepts[0]):.2f}); of accepted candidates "
            f"{right / max(1, judged):.2f} have the right counterpart in first place"
        )
        for got in found.languages:
            lines.append(
                f"    {got.language}: {got.found} of {got.present} terms that stand there twice or more "
                f"({got.found / max(1, got.present):.2f}; of all {got.once[0]}: {got.once[1]}); "
                f"counterpart right in first place {got.right} of {got.judged} ({got.right / max(1, got.judged):.2f})"
            )
    return lines
