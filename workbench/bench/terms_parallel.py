"""How often the target check cries in translations that people made: mostly false alarms, counted by kind.

Nobody has labelled these texts. A finding in them may be right (a news translator is no member of the network and may
well say *financement* where the glossary says *financiación*), so the figure is a bound on false alarms, to be compared
between versions of the program, and a list to read with ``--verbose``.
"""

from __future__ import annotations

import csv
import io
import lzma
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from workbench.bench.terms_bench import gold_rows
from workbench.core.checks import Finding, Pair
from workbench.core.languages import LANGUAGES
from workbench.core.recognition import Recogniser
from workbench.core.term_check import TermChecker
from workbench.core.terms import Concept
from workbench.errors import FormatError, UsageError

MAX_TABLE_ROWS = 1000  # of a table of units: every n-th row, so that all its files are met

Cells = Mapping[str, str]


@dataclass(slots=True)
class Alarms:
    """Findings of a set.

    Attributes:
        pairs: Pairs of segments checked, over all directions.
        terms: Terms found in their sources.
        kinds: Findings by kind.
        lines: Each finding in a line, for reading.
        concepts: Findings of the kind ``missing`` by concept.
    """

    pairs: int = 0
    terms: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    concepts: Counter[str] = field(default_factory=Counter)


def sample_texts() -> dict[str, list[list[Cells]]]:
    """Return the rows of the sample texts' checked grids, a list a text."""
    texts: dict[str, list[Cells]] = {}
    for row in gold_rows():
        texts.setdefault(row.text, []).append(row.cells)
    return {"corpora": list(texts.values())}


def read_parallel(path: Path) -> dict[str, list[list[Cells]]]:
    """Read human translations: sets of texts, each a list of rows.

    Args:
        path: A folder of ``<text>/<language>.txt``, line for line or with ``<a>-<b>.beads.tsv``, or a table
            (``.tsv``, ``.tsv.xz``) with a column a language.

    Raises:
        FormatError: a table has no language columns.
        UsageError: there is nothing of the kind.
    """
    if path.is_file():
        return {path.name: [_table(path)]}
    texts = [rows for folder in sorted(p for p in path.iterdir() if p.is_dir()) for rows in _folder(folder)]
    if not texts:
        raise UsageError(f"{path}: there is no <text>/<language>.txt in it.")
    return {path.name: texts}


def _table(path: Path) -> list[Cells]:
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode()
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or not set(LANGUAGES) & set(rows[0]):
        raise FormatError(f"{path.name}: no column of its first line is a language.")
    step = max(1, len(rows) // MAX_TABLE_ROWS)
    return [{code: row[code] for code in LANGUAGES if row.get(code)} for row in rows[::step]]


def _folder(folder: Path) -> Iterator[list[Cells]]:
    lines = {
        code: [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for code in LANGUAGES
        if (path := folder / f"{code}.txt").is_file()
    }
    beads = sorted(folder.glob("*.beads.tsv"))
    if not beads:
        if lines and len({len(some) for some in lines.values()}) == 1:
            yield [dict(zip(lines, cells, strict=True)) for cells in zip(*lines.values(), strict=True)]
        return
    for path in beads:
        head, *rows = path.read_text(encoding="utf-8").splitlines()
        codes = head.lstrip("#").split()[:2]
        if not set(codes) <= set(lines):
            continue
        found: list[Cells] = []
        for row in rows:
            cells = [
                " ".join(lines[code][int(n)] for n in cell.split(",") if n)
                for code, cell in zip(codes, row.split("\t"), strict=False)
            ]
            if all(cells):
                found.append(dict(zip(codes, cells, strict=True)))
        yield found


def alarms(
    texts: Sequence[Sequence[Cells]], checker: Callable[[str, str], TermChecker], recognisers: Mapping[str, Recogniser]
) -> Alarms:
    """Check texts in every direction they have."""
    total = Alarms()
    for rows in texts:
        codes = [code for code in LANGUAGES if any(row.get(code) for row in rows)]
        for source, target in permutations(codes, 2):
            pairs = [Pair(row[source], row[target]) for row in rows if row.get(source) and row.get(target)]
            total.pairs += len(pairs)
            total.terms += sum(len(recognisers[source].find(pair.source)) for pair in pairs)
            for finding in checker(source, target).check(pairs):
                total.kinds[finding.kind] += 1
                if finding.kind == "missing":
                    total.concepts[finding.concept] += 1
                total.lines.append(_line(source, target, finding, pairs[finding.pair]))
    return total


def _line(source: str, target: str, finding: Finding, pair: Pair) -> str:
    what = f"{finding.kind}:{finding.concept}/{finding.term}"
    return f"{source}-{target} {what} [{finding.correction or ''}] | {pair.source} | {pair.target}"


def report(concepts: Sequence[Concept], sets: Mapping[str, Sequence[Sequence[Cells]]], *, verbose: bool = False) -> str:
    """Return the figures of each set: findings by kind for 1,000 pairs, and how many terms the sources hold."""
    recognisers = {language: Recogniser(concepts, language) for language in LANGUAGES}
    checkers = {
        (a, b): TermChecker(concepts, a, b, recognisers=recognisers) for a, b in permutations(LANGUAGES, 2)
    }  # fmt: skip
    lines = []
    for name, texts in sets.items():
        total = alarms(texts, lambda a, b: checkers[a, b], recognisers)
        each = 1000 / max(1, total.pairs)
        kinds = ", ".join(f"{kind} {number * each:.1f}" for kind, number in total.kinds.most_common())
        lines.append(
            f"{name}: {total.pairs:,} pairs, {total.terms:,} terms; findings for 1,000 pairs: "
            f"{sum(total.kinds.values()) * each:.1f} ({kinds}); "
            f"of 100 terms {100 * total.kinds['missing'] / max(1, total.terms):.1f} missing"
        )
        if verbose:
            most = ", ".join(f"{concept} {number}" for concept, number in total.concepts.most_common(40))
            lines += [f"  missing most: {most}", *(f"  {line}" for line in total.lines)]
    return "\n".join(lines)
