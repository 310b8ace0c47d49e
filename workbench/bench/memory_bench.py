"""How fast and how completely the memory answers, beside rapidfuzz's brute force and translate-toolkit's matcher.

The memory is made from real four-language units by recombination: a base unit stands as it is; from then on two
different short base units, drawn with a fixed seed, are joined by a space in each language into one that is new. The
last :data:`HELD_OUT` base units are never in it: they are a third of the queries. The others are units drawn from the
memory in which a word in six, at least one, was left out, doubled, or replaced by a word of another unit.
"""

from __future__ import annotations

import contextlib
import hashlib
import lzma
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.fuzzy_index import FuzzyIndex
from workbench.core.matching import similarity, text_key
from workbench.errors import UsageError
from workbench.formats.exchange import ExchangeUnit, ExchangeVariant
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

LANGUAGES = ("fr", "es", "pt", "en")
HELD_OUT = 300
SHORT = 120  # characters (French) of a base unit that may be recombined: two make a long sentence, not a page
SEED = 7
FOUND_FROM = 70.0  # the best match of at least this likeness must be found
OFFERED = 9  # suggestions a look-up offers
ENCODED_TOGETHER = 512
PARTS = ("lookups", "processes", "import", "vectors")
TOOLKIT_QUERIES = 10  # translate-toolkit's matcher takes a tenth of a second and more for each

Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class LookupFigures:
    """Look-ups in a memory of one size; times in milliseconds.

    Attributes:
        cpu_p50: Processor time of the same look-ups, which other programs on the machine do not lengthen.
        asked, found: Queries with a match of at least :data:`FOUND_FROM` by Levenshtein's normalised similarity, and
            those for which one as good is offered, by that measure or by the memory's own.
        brute_p50: rapidfuzz's ``extract`` of the best :data:`OFFERED` by ``fuzz.ratio`` over the same keys, which is
            what a look-up offers.
        one_p50: rapidfuzz's ``extractOne`` above :data:`FOUND_FROM`: only the best, so that it can give up early.
        toolkit_p50: translate-toolkit's matcher, ``None`` where it was left out.
        built: Seconds to bring the units in; ``indexed``: seconds to make one language's fuzzy index.
    """

    units: int
    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float
    brute_p50: float
    brute_cpu_p50: float
    one_p50: float
    one_cpu_p50: float
    toolkit_p50: float | None
    asked: int
    found: int
    built: float
    indexed: float

    @property
    def times_faster(self) -> float:
        """How many times as fast as brute force, by processor time."""
        return self.brute_cpu_p50 / self.cpu_p50

    def to_json(self) -> dict[str, Any]:
        """Return the figures with those computed from them."""
        return {**asdict(self), "times_faster": round(self.times_faster, 1)}


def read_base(path: Path) -> list[Texts]:
    """Read the four-language units: tab-separated, packed with xz, a header that names ``fr es pt en``.

    Raises:
        UsageError: the file is not there or lacks a language.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not there: name the folder of the shared data with --data.")
    with lzma.open(path, "rt", encoding="utf-8") as file:
        header = file.readline().rstrip("\n").split("\t")
        rows = [line.rstrip("\n").split("\t") for line in file]
    if not set(LANGUAGES) <= set(header):
        raise UsageError(f"{path}: the first line must name {' '.join(LANGUAGES)}.")
    return [{code: row[header.index(code)] for code in LANGUAGES} for row in rows if len(row) == len(header)]


def recombined(base: Sequence[Texts]) -> Iterator[Texts]:
    """Yield the base units, then pairs of short ones joined, without end and without repeating any.

    Once half of all pairs are drawn, three are joined, and so on: a small base never runs dry.
    """
    yield from base
    short = [unit for unit in base if len(unit["fr"]) <= SHORT]
    if len(short) < 2:
        raise UsageError("There are too few short units to make a larger memory of them.")
    rng, seen, parts = random.Random(SEED), set[tuple[int, ...]](), 2  # noqa: S311 - repeatable, not secret
    while True:
        chosen = tuple(rng.randrange(len(short)) for _ in range(parts))
        if len(set(chosen)) == parts and chosen not in seen:
            seen.add(chosen)
            parts += 2 * len(seen) > len(short) ** parts
            yield {code: " ".join(short[n][code] for n in chosen) for code in LANGUAGES}


def make_queries(held: Sequence[Texts], held_out: Sequence[Texts], count: int) -> list[str]:
    """Return French queries: a third natural ones, the others edited units of those the memory holds."""
    rng = random.Random(SEED + 1)  # noqa: S311
    natural = [unit["fr"] for unit in held_out][: count // 3]
    words = [word for unit in held_out for word in unit["fr"].split()]
    edited = []
    for unit in rng.sample(held, count - len(natural)):
        parts = unit["fr"].split()
        for _ in range(max(1, len(parts) // 6)):
            at = rng.randrange(len(parts))
            parts[at : at + 1] = rng.choice(([], [parts[at]] * 2, [rng.choice(words)]))
            parts = parts or [rng.choice(words)]
        edited.append(" ".join(parts))
    return natural + edited


def run(
    data: Path, folder: Path, *, sizes: Sequence[int] = (100_000, 1_000_000), queries: int = 150, toolkit: bool = True
) -> Iterator[LookupFigures]:
    """Grow a memory in ``folder`` and measure it at each of the sizes.

    Args:
        data: The packed units.
        folder: A folder for the database; what an earlier run has brought in there is used again.
        sizes: Units, ascending.
        queries: Look-ups measured at each size.
        toolkit: Measure translate-toolkit's matcher too, at the smallest size only: it takes minutes above.
    """
    every = read_base(data)
    base, held_out = every[:-HELD_OUT], every[-HELD_OUT:]
    store = open_store(f"sqlite:///{folder / 'memory-bench.db'}")
    memory = MemoryService(store=store, now=lambda: "2015-03-01T10:00:00Z", author="bench")
    there = {batch.name for batch in memory.imports() if batch.state == "published"}
    stream, keys, units = recombined(base), [], list[Texts]()
    try:
        for size in sizes:
            lot = [next(stream) for _ in range(size - len(units))]
            units += lot
            keys += [text_key(unit["fr"]) for unit in lot]
            asked = make_queries(units, held_out, queries)
            started = time.perf_counter()
            if f"to {size}" not in there:
                memory.import_units((_exchange(unit) for unit in lot), name=f"to {size}")
            built = time.perf_counter() - started
            yield _measure(memory, keys, asked, size, built, toolkit=toolkit and size == sizes[0], lot=lot)
    finally:
        store.close()


def _measure(
    memory: MemoryService, keys: Sequence[str], asked: Sequence[str], size: int, built: float, *, toolkit: bool,
    lot: Sequence[Texts],
) -> LookupFigures:  # fmt: skip
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extract, extractOne

    started = time.perf_counter()
    FuzzyIndex.build(enumerate(keys))
    indexed = time.perf_counter() - started
    memory.search(asked[0], source="fr", target="es")  # the index is made at the first look-up
    ours: list[tuple[float, float]] = []
    brute: list[tuple[float, float]] = []
    cut: list[tuple[float, float]] = []
    with_match = found = 0
    least = FOUND_FROM / 100
    answers = []
    for query in asked:  # apart from the others, whose passes over all strings would empty the processor's caches
        answer, spent = _timed(lambda query=query: memory.search(query, source="fr", target="es"))
        answers.append(answer)
        ours.append(spent)
    for query, answer in zip(asked, answers, strict=True):
        key = text_key(query)
        _, spent = _timed(lambda key=key: extract(key, keys, scorer=fuzz.ratio, limit=OFFERED))
        brute.append(spent)
        best, spent = _timed(
            lambda key=key: extractOne(key, keys, scorer=Levenshtein.normalized_similarity, score_cutoff=least)
        )
        cut.append(spent)
        if best is not None:
            with_match += 1
            offered = (Levenshtein.normalized_similarity(key, text_key(s.match.found)) for s in answer)
            own = max((s.match.similarity for s in answer), default=0.0)
            found += max(offered, default=0.0) >= best[1] - 1e-9 or own >= similarity(key, best[0])
    cpu, wall = [c for _, c in ours], [w for w, _ in ours]
    return LookupFigures(
        size,
        round(statistics.median(wall), 2),
        round(float(np.percentile(wall, 95)), 2),
        round(statistics.median(cpu), 2),
        round(float(np.percentile(cpu, 95)), 2),
        round(statistics.median([w for w, _ in brute]), 1),
        round(statistics.median([c for _, c in brute]), 1),
        round(statistics.median([w for w, _ in cut]), 1),
        round(statistics.median([c for _, c in cut]), 1),
        _toolkit(lot, asked[-TOOLKIT_QUERIES:]) if toolkit else None,
        with_match,
        found,
        round(built, 1),
        round(indexed, 1),
    )


def _timed(call: Any) -> tuple[Any, tuple[float, float]]:
    """Return a call's answer and the milliseconds it took: (by the wall clock, of this thread's processor)."""
    wall, cpu = time.perf_counter(), time.thread_time()
    answer = call()
    return answer, ((time.perf_counter() - wall) * 1e3, (time.thread_time() - cpu) * 1e3)


def _toolkit(lot: Sequence[Texts], asked: Sequence[str]) -> float | None:
    """Return the median milliseconds of translate-toolkit's matcher over the same units, ``None`` if it failed."""
    from translate.search.match import matcher
    from translate.storage.pypo import pofile

    store = pofile()
    for texts in lot:
        store.addsourceunit(texts["fr"]).target = texts["es"]
    peer = matcher(store, max_candidates=OFFERED, min_similarity=int(FOUND_FROM), max_length=1_000)
    times: list[float] = []
    for query in asked:
        with contextlib.suppress(TypeError):  # it compares units when two have the same score, and they have no order
            times.append(_timed(lambda query=query: peer.matches(query))[1][0])
    return round(statistics.median(times), 1) if times else None


def _exchange(texts: Texts) -> ExchangeUnit:
    return ExchangeUnit(tuple(ExchangeVariant(code, text) for code, text in texts.items()))


@dataclass(frozen=True, slots=True)
class VectorFigures:
    """The vector index on real vectors.

    Attributes:
        vectors: How many.
        recall: Share of the true five nearest that the graph's five hold (recall@5).
        graph_p50, scan_p50: Milliseconds of a look-up, by the graph and by an exact float32 scan.
        built: Seconds to build the graph.
        one_a_variant, one_a_unit: Share of held-out languages' segments whose own unit is among the first five, with
            one vector a variant and with one a unit (the mean of the others, centred).
    """

    vectors: int
    recall: float
    graph_p50: float
    scan_p50: float
    built: float
    one_a_variant: float
    one_a_unit: float


def measure_vectors(vectors: np.ndarray, *, languages: int = 4, queries: int = 500) -> VectorFigures:
    """Measure the vector index on a matrix of unit vectors: all segments of a language, then those of the next.

    Args:
        vectors: float32 (languages × units, dimensions), rows of length 1.
    """
    from workbench.embedding.vector_index import VectorIndex

    units = len(vectors) // languages
    parts = [vectors[k * units : (k + 1) * units] for k in range(languages)]
    centred = np.concatenate([_rows(part - part.mean(axis=0)) for part in parts])
    started = time.perf_counter()
    graph = VectorIndex(np.arange(len(centred)), centred, graph=True)
    built = time.perf_counter() - started
    scan = VectorIndex(np.arange(len(centred)), centred, graph=False)
    rng = np.random.default_rng(SEED)
    hits, graph_times, scan_times = 0, [], []
    for place in rng.choice(len(centred), queries, replace=False):
        near, spent = _timed(lambda place=place: graph.search(centred[place], 5))
        true, spent_scan = _timed(lambda place=place: scan.search(centred[place], 5))
        graph_times.append(spent[0])
        scan_times.append(spent_scan[0])
        least = true[-1][1] - 1e-3  # of equal segments any five are right; float16 rounds the third digit
        hits += sum(float(centred[n] @ centred[place]) >= least for n, _ in near)
    chosen = rng.choice(units, queries, replace=False)
    held, others = centred[:units], centred[units:]
    merged = _rows(np.sum(others.reshape(languages - 1, units, -1), axis=0))
    by_variant = _own_unit(others, held[chosen], chosen, units)
    by_unit = _own_unit(merged, held[chosen], chosen, units)
    return VectorFigures(
        len(centred), round(hits / (5 * queries), 4), round(statistics.median(graph_times), 2),
        round(statistics.median(scan_times), 2), round(built, 1), by_variant, by_unit,
    )  # fmt: skip


def _own_unit(rows: np.ndarray, asked: np.ndarray, units: np.ndarray, count: int) -> float:
    scores = asked @ rows.T
    best = np.argpartition(-scores, 5, axis=1)[:, :5] % count
    return round(float(np.mean([unit in found for unit, found in zip(units, best, strict=True)])), 4)


def _rows(matrix: np.ndarray) -> np.ndarray:
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True), np.float32)


def lookups_report(figures: Sequence[LookupFigures]) -> str:
    """Return the figures of look-ups as a table to read, with both brute forces named."""
    lines = [
        "Look-ups of all kinds together, best nine; milliseconds of the processor (toolkit: by the clock):",
        f"{'units':>10} {'p50':>7} {'p95':>7} {'extract':>9} {'times':>6} {'one ≥ 70':>9} {'times':>6} {'toolkit':>9} "
        f"{'found':>9}",
    ]
    for f in figures:
        toolkit = "–" if f.toolkit_p50 is None else f"{f.toolkit_p50:.1f}"
        lines.append(
            f"{f.units:>10,} {f.cpu_p50:>7.2f} {f.cpu_p95:>7.2f} {f.brute_cpu_p50:>9.1f} {f.times_faster:>6.1f} "
            f"{f.one_cpu_p50:>9.1f} {f.one_cpu_p50 / f.cpu_p50:>6.1f} {toolkit:>9} {f.found:>4}/{f.asked:<4}"
        )
    lines += [
        "extract: rapidfuzz.process.extract, the best nine by fuzz.ratio, as many as a look-up offers; one ≥ 70:",
        "rapidfuzz.process.extractOne with score_cutoff, which gives up early and finds a single one; toolkit:",
        "translate-toolkit's matcher. found: the best match of at least 70 that brute force finds is offered.",
        f"By the clock, p50 / p95: {', '.join(f'{f.p50:.1f} / {f.p95:.1f} ms' for f in figures)}; brought in within "
        f"{', '.join(f'{f.built:.0f}' for f in figures)} s (0: from an earlier run).",
    ]
    if len(figures) > 1:
        first, last = figures[0], figures[-1]
        grown = last.cpu_p50 / max(first.cpu_p50, 1e-9)
        lines.append(f"From {first.units:,} to {last.units:,} units p50 grows {grown:.1f} times.")
    return "\n".join(lines)


def vectors_report(f: VectorFigures) -> str:
    """Return the figures of the vector index in words."""
    return (
        f"Vector index on {f.vectors:,} real vectors: recall@5 {f.recall:.3f}, a look-up {f.graph_p50:.2f} ms (exact "
        f"scan {f.scan_p50:.2f} ms), built in {f.built:.0f} s. A segment's own unit among the first five: "
        f"{f.one_a_variant:.3f} with one vector a variant, {f.one_a_unit:.3f} with one a unit."
    )


def read_vectors(data: Path, folder: Path, progress: Callable[[int, int], None] | None = None) -> np.ndarray:
    """Return the vectors of all base units, a language after the other, encoded once and kept in ``folder``."""
    from workbench.config import read_settings
    from workbench.embedding.encoder import open_encoder

    encoder = open_encoder(read_settings())
    kept = folder / f"vectors-{hashlib.blake2b(encoder.name.encode(), digest_size=6).hexdigest()}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept), np.float32)
    texts = [unit[code] for code in LANGUAGES for unit in read_base(data)]
    order = sorted(range(len(texts)), key=lambda k: len(texts[k]))  # sentences of like length together
    rows = np.zeros((len(texts), encoder.dimensions), np.float32)
    for start in range(0, len(order), ENCODED_TOGETHER):
        chosen = order[start : start + ENCODED_TOGETHER]
        rows[chosen] = encoder.encode([texts[k] for k in chosen])
        if progress is not None:
            progress(start + len(chosen), len(texts))
    np.save(kept, rows.astype(np.float16))
    return rows


def report(
    data: Path,
    *,
    sizes: Sequence[int] = (100_000, 1_000_000),
    queries: int = 150,
    folder: Path | None = None,
    parts: Sequence[str] = PARTS,
    megabytes: int = 200,
    progress: Callable[[int, int, str], None] | None = None,
) -> Iterator[str]:
    """Run the measurement and yield what each part of it found, to be read.

    Args:
        data: The packed units.
        sizes: Units, ascending.
        queries: Look-ups measured at each size.
        folder: Where the database is made, and kept for the next run; a temporary one unless given.
        parts: Which of :data:`PARTS`.
        megabytes: Size of the file imported.
        progress: Called with (done, all, what) while sentences are encoded.
    """
    from workbench.bench import memory_import_bench, memory_processes

    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as temporary:
        place = folder or Path(temporary)
        if "lookups" in parts:
            yield lookups_report(list(run(data, place, sizes=sizes, queries=queries)))
        if "processes" in parts:
            every = read_base(data)
            if "lookups" not in parts:
                list(run(data, place, sizes=sizes[:1], queries=1, toolkit=False))
            asked = make_queries(every[:-HELD_OUT], every[-HELD_OUT:], 60)
            figures = memory_processes.measure(f"sqlite:///{place / 'memory-bench.db'}", asked)
            yield memory_processes.report(figures)
        if "import" in parts:
            with tempfile.TemporaryDirectory(prefix="workbench-import-", dir=place) as home:
                stream = recombined(read_base(data))
                found = memory_import_bench.measure(Path(home), stream, megabytes=megabytes)
            yield memory_import_bench.report(found)
        if "vectors" in parts:
            told = None if progress is None else lambda done, total: progress(done, total, "Encoding")
            yield vectors_report(measure_vectors(read_vectors(data, place, told)))
