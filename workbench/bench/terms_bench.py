"""How well the target check finds faults of terminology, beside literal and stem matching of the same glossary.

The alternatives are what peers do: Weblate's glossary check asks for each source term found as whole words whether one
of its target terms stands in the translation as whole words; a second one compares Snowball stems (nltk) instead.
"""

from __future__ import annotations

import gc
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

from workbench.bench import extraction_bench
from workbench.config import bundled_path
from workbench.core.checks import Pair
from workbench.core.extraction import Row as ExtractionRow
from workbench.core.languages import LANGUAGES, base_language
from workbench.core.recognition import Recogniser
from workbench.core.term_check import TermChecker
from workbench.core.terms import Concept, fold
from workbench.core.words import tokenise
from workbench.errors import FormatError
from workbench.formats import glossary_csv

DATA = Path(__file__).parent / "data"
LISTS = ("terms-own.tsv", "terms-blind.tsv", "terms-blind-2.tsv", "terms-blind-3.tsv")

Expected = tuple[str, str]
"""(kind, concept id or term)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled pair. ``text`` is shared by the segments of one text."""

    id: str
    text: str
    source_language: str
    target_language: str
    pair: Pair
    expected: tuple[Expected, ...]
    comment: str


@dataclass(slots=True)
class Score:
    """Counts of findings: right, wrong, not found."""

    right: int = 0
    wrong: int = 0
    lost: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of the findings that are right, 0–1."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of the faults that were found, 0–1."""
        return self.right / (self.right + self.lost) if self.right + self.lost else 1.0


def read_list(path: Path) -> list[Row]:
    """Read a labelled list; ``README-terms.md`` beside it tells its form.

    Raises:
        FormatError: a row has not seven cells.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        cells += [""] * (7 - len(cells))
        if len(cells) != 7:
            raise FormatError(f"{path.name}, line {number}: {len(cells)} cells instead of 7.")
        identity, source_language, target_language, source, target, expected, comment = cells
        wanted = tuple((part.partition(":")[0].strip(), part.partition(":")[2].strip())
                       for part in expected.split("|") if part.strip())  # fmt: skip
        text = identity.partition("/")[0]
        rows.append(Row(identity, text, source_language, target_language, Pair(source, target), wanted, comment))
    return rows


Found = list[tuple[str, str, str]]
"""What a method finds in a pair: (kind, concept id, term)."""
Method = Callable[[Sequence[Row]], list[Found]]


def score(rows: Sequence[Row], method: Method, *, kinds: Iterable[str] | None = None) -> Score:
    """Run a method over a list.

    Args:
        rows: The list.
        method: Given the rows of one text, returns the findings of each.
        kinds: Count only faults of these kinds; all unless given.
    """
    total = Score()
    wanted_kinds = set(kinds) if kinds else None
    for _, group in groupby(rows, key=lambda row: row.text):
        some = list(group)
        for row, found in zip(some, method(some), strict=True):
            wanted = [e for e in row.expected if wanted_kinds is None or e[0] in wanted_kinds]
            rest = list(wanted)
            for kind, concept, term in found:
                if wanted_kinds is not None and kind not in wanted_kinds:
                    continue
                hit = next((e for e in rest if e[0] == kind and fold(e[1]) in (fold(concept), fold(term))), None)
                if hit is not None:
                    rest.remove(hit)
                    total.right += 1
                else:
                    total.wrong += 1
                    total.errors.append(f"{row.id} + {kind}:{concept}/{term} | {row.pair.source} | {row.pair.target}")
            total.lost += len(rest)
            total.errors += [f"{row.id} - {kind}:{what} | {row.pair.source} | {row.pair.target}" for kind, what in rest]
    return total


def workbench_method(concepts: Sequence[Concept]) -> Method:
    """Return the target check of :mod:`workbench.core.term_check` as a method."""
    recognisers = {language: Recogniser(concepts, language) for language in LANGUAGES}

    @cache
    def checker(source: str, target: str) -> TermChecker:
        return TermChecker(concepts, source, target, recognisers=recognisers)

    def method(rows: Sequence[Row]) -> list[Found]:
        found: list[Found] = [[] for _ in rows]
        one = checker(rows[0].source_language, rows[0].target_language)
        for finding in one.check([row.pair for row in rows]):
            found[finding.pair].append((finding.kind, finding.concept, finding.term))
        return found

    return method


def whole_word_method(concepts: Sequence[Concept], key: Callable[[str, str], str]) -> Method:
    """Return a method that compares whole words by a key: the word itself, or its stem.

    Args:
        concepts: The glossary.
        key: From (word, language) to what is compared.
    """

    @cache
    def normal(text: str, language: str) -> str:
        words = [key(word, language) for _, _, word in tokenise(text) if word]
        return " " + " ".join(words) + " "

    def stands(term: str, text: str, language: str) -> bool:
        return normal(term, language) in normal(text, language)

    def check(row: Row) -> Iterator[tuple[str, str, str]]:
        source, target = base_language(row.source_language), base_language(row.target_language)
        for concept in concepts:
            here = [t for t in concept.terms_in(source) if stands(t.text, row.pair.source, source)]
            there = concept.terms_in(row.target_language)
            accepted = [t for t in there if t.status.accepted]
            if not here:
                continue
            bad = [t for t in there if not t.status.accepted and stands(t.text, row.pair.target, target)]
            for term in bad:
                yield (term.status.value, concept.id, term.text)
            if accepted and not bad and not any(stands(t.text, row.pair.target, target) for t in accepted):
                yield ("missing", concept.id, here[0].text)

    return lambda rows: [list(check(row)) for row in rows]


def literal_key(word: str, language: str) -> str:
    """Compare words without case, as Weblate does."""
    return word.lower()


@cache
def stem_key(word: str, language: str) -> str:
    """Compare Snowball stems."""
    from nltk.stem.snowball import SnowballStemmer

    names = {"fr": "french", "es": "spanish", "pt": "portuguese", "en": "english"}
    return str(SnowballStemmer(names[language]).stem(word.lower()))


def read_glossary() -> tuple[Concept, ...]:
    """Return the glossary that comes with the program."""
    path = bundled_path("glossaries") / "international-action.csv"
    return glossary_csv.read(path.read_bytes(), path.name).concepts


def segments_per_second(concepts: Sequence[Concept], segments: Sequence[tuple[str, str]]) -> float:
    """Measure recognition on one core, after one pass that fills the table of words.

    Args:
        concepts: The glossary.
        segments: (language, text).
    """
    recognisers = {language: Recogniser(concepts, language) for language in LANGUAGES}
    for language, text in segments:
        recognisers[language].find(text)
    start = time.process_time()
    for language, text in segments:
        recognisers[language].find(text)
    return len(segments) / (time.process_time() - start)


def corpus_segments() -> list[tuple[str, str]]:
    """Return (language, paragraph) of the sample texts, cut at full stops: segments of true length."""
    found = []
    for path in sorted(bundled_path("corpora").glob("*/*.md")):
        if path.stem in LANGUAGES:
            for part in re.split(r"(?<=[.!?])\s+|\n\n+", path.read_text(encoding="utf-8")):
                if len(part.split()) > 2:
                    found.append((path.stem, part))
    return found


def more_concepts(concepts: Sequence[Concept], number: int) -> list[Concept]:
    """Make a glossary of ``number`` concepts for measuring speed: the real ones, then pairs of their terms' words."""
    made = list(concepts)
    turn = 0
    while len(made) < number:
        turn += 1
        for n, concept in enumerate(concepts):
            other = concepts[(n + turn) % len(concepts)]
            terms = []
            for term in concept.terms:
                head = other.preferred(term.language)
                if head is not None and " " in term.text:
                    words = term.text.split()
                    terms.append(type(term)(term.language, f"{head.text.split()[0]} {' '.join(words[1:])}"))
            unique = tuple({t.key: t for t in terms}.values())
            if unique and len(made) < number:
                made.append(Concept(f"{concept.id}-{turn}", concept.domain, unique))
        if turn > 50:
            break
    return made


def gold_rows() -> list[ExtractionRow]:
    """Return the rows of the sample texts' checked grids."""
    from workbench.core.segmentation import segment_document
    from workbench.formats import read_document

    rows = []
    for folder in sorted(p.parent for p in bundled_path("corpora").glob("*/gold.tsv")):
        head, *lines = (folder / "gold.tsv").read_text(encoding="utf-8").splitlines()
        columns = head.lstrip("#").strip().split("\t")
        texts: dict[str, list[str]] = {}
        for language in columns:
            path = folder / f"{language}.md"
            if path.exists():
                document = read_document(path.read_bytes(), path.name).documents[0]
                texts[language] = [segment.text for segment in segment_document(document, language)]
        for line in lines:
            cells = dict(zip(columns, line.split("\t"), strict=False))
            rows.append(
                ExtractionRow(
                    folder.name,
                    {
                        language: " ".join(segments[int(n)] for n in cells.get(language, "").split(",") if n.strip())
                        for language, segments in texts.items()
                    },
                )
            )
    return rows


def scale_report(concepts: Sequence[Concept], number: int = 10_000) -> str:
    """Measure import and search in a glossary of ``number`` concepts (copies of the real ones), in processor time."""
    from dataclasses import replace
    from tempfile import TemporaryDirectory

    from workbench.services.glossary_service import GlossaryService
    from workbench.store.store import Store

    many = [
        replace(concept, id=f"{concept.id}-{turn}", related=())
        for turn in range(number // len(concepts) + 1)
        for concept in concepts
    ][:number]
    data = glossary_csv.write_text(many).encode()
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/w.db")
        service = GlossaryService(store=store, now=lambda: "2025-01-01T00:00:00Z", author="bench")
        start = time.process_time()
        service.apply_import(service.preview_import(data, "x.csv"))
        took = time.process_time() - start
        searches = []
        gc.collect()  # what the lists and the extraction before left must not be paid for by the first search
        for query in ("coop", "ciudad hermanada", "acao", "city", "nothing of the kind"):
            start = time.process_time()
            service.search(query)
            searches.append((time.process_time() - start) * 1000)
        store.close()
    return (
        f"{number:,} concepts: import with preview {took:.1f} s, search {min(searches):.0f}–{max(searches):.0f} ms "
        "of processor time"
    )


def run(*, verbose: bool = False) -> str:
    """Run the benchmark and return its report.

    Args:
        verbose: Also list every wrong and every lost finding.
    """
    concepts = read_glossary()
    methods: dict[str, Method] = {
        "workbench": workbench_method(concepts),
        "whole words (Weblate's rule)": whole_word_method(concepts, literal_key),
    }
    try:
        stem_key("test", "en")
        methods["stems (Snowball)"] = whole_word_method(concepts, stem_key)
    except ImportError:
        pass
    lines = []
    for name in LISTS:
        path = DATA / name
        if not path.exists():
            continue
        rows = read_list(path)
        lines.append(f"{name}: {len(rows)} pairs, {sum(len(r.expected) for r in rows)} faults")
        for title, method in methods.items():
            whole = score(rows, method)
            part = score(rows, method, kinds=("missing", "forbidden", "deprecated"))
            lines.append(
                f"  {title:30} precision {whole.precision:.3f}  recall {whole.recall:.3f}   "
                f"missing/forbidden/deprecated only: {part.precision:.3f} {part.recall:.3f}"
            )
            if title == "workbench":
                for language in LANGUAGES:
                    some = [r for r in rows if base_language(r.target_language) == language]
                    one = score(some, method)
                    lines.append(f"    into {language}: precision {one.precision:.3f}  recall {one.recall:.3f}")
                if verbose:
                    lines += ["    " + error for error in whole.errors]
        kinds = Counter(kind for row in rows for kind, _ in row.expected)
        lines.append("  faults by kind: " + ", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))
    segments = corpus_segments()
    if segments:
        many = more_concepts(concepts, 1000)
        words = sum(len(text.split()) for _, text in segments) / len(segments)
        rate = segments_per_second(many, segments)
        lines.append(
            f"recognition: {rate:,.0f} segments a second of processor time on one core with {len(many)} concepts "
            f"({len(segments)} segments of {words:.0f} words)"
        )
    aligned = gold_rows()
    if aligned:
        lines += extraction_bench.report(concepts, aligned)
    lines.append(scale_report(concepts))
    return "\n".join(lines)
