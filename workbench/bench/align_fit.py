"""Fit the aligner's weights again on gold sets, and tell how they do on texts left out.

The model is a conditional random field over whole alignments: a bead weighs what :mod:`workbench.core.align_weights`'
networks make of its features, and the likelihood is that of all alignments that pass exactly through the gold cuts.
Coarse gold beads (Bible verses) are free inside; minimal ones (``strict``) must be met. The gradient by a bead's
weight is the difference of its two probabilities, summed over alignments with and without the gold.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from textwrap import fill
from typing import Any

import numpy as np

from workbench.bench.align_bench import GoldText, ours
from workbench.bench.gold_faults import join_slipped
from workbench.core import align_weights
from workbench.core.align_evidence import Evidence, make_side
from workbench.core.align_pairs import LARGEST
from workbench.core.align_search import NOTHING, SKIP, Band, Cut, Floats, Scores, band_around, posterior
from workbench.core.align_weights import Network
from workbench.core.confidence import row_features
from workbench.core.evaluation import evaluate, reliability, right_rows
from workbench.core.grid import Alignment, Bead
from workbench.core.multiway import Column, align_grid, align_rows

LIMIT = 6
KINDS = tuple((a, b) for a, b in product(range(1, LIMIT + 1), repeat=2) if a + b <= LARGEST)
"""The beads that the aligner weighs."""
RADIUS = 9  # cells around the gold path: what is farther off is hardly ever in doubt
UNITS, UNITS_ALONE = 16, 6  # more of them did worse on texts left out (24 units: cut F1 .947 for .959)
EPOCHS, RATE, DECAY = 8, 0.01, 0.1
WORST = -80.0  # single insertions are never forbidden outright, or sums over rows would overflow


@dataclass(frozen=True)
class Example:
    """One pair of one text, with features of all beads near the gold path.

    Attributes:
        band: The cells.
        features: (KINDS, features, cells) of beads, then (SKIP, …) of deletions and of insertions.
        fits: Which of them fit into the band, likewise.
        gold: Which of them the gold allows, likewise.
    """

    band: Band
    features: tuple[Floats, Floats, Floats]
    fits: tuple[np.ndarray, np.ndarray, np.ndarray]
    gold: tuple[np.ndarray, np.ndarray, np.ndarray]


def make_examples(texts: Sequence[GoldText], *, strict: bool) -> list[Example]:
    """Prepare gold texts for fitting.

    Args:
        texts: With vectors.
        strict: Gold beads are minimal: they must be met as they are.
    """
    out = []
    for text in [*texts, *(left_out for k, text in enumerate(texts) if (left_out := leave_out(text, k)) is not None)]:
        sides = {c: make_side(column.segments, column.vectors, column.parts) for c, column in text.columns.items()}
        for gold in text.golds:
            source, target = sides[gold.source], sides[gold.target]
            stretches = _stretches(gold.beads, len(source), len(target))
            band = band_around(_corners(stretches), len(source), len(target), RADIUS)
            evidence = Evidence(band, LIMIT, source, target)
            room = band.columns - band.low[band.rows]
            out.append(
                Example(
                    band,
                    (
                        np.stack([evidence.features(a, b) for a, b in KINDS]),
                        np.stack([evidence.skip_features(k, of_source=True) for k in range(1, SKIP + 1)]),
                        np.stack([evidence.skip_features(k, of_source=False) for k in range(1, SKIP + 1)]),
                    ),
                    (
                        np.stack([(band.rows >= a) & (band.columns >= b) for a, b in KINDS]),
                        np.stack([band.rows >= k for k in range(1, SKIP + 1)]),
                        np.stack([room >= k for k in range(1, SKIP + 1)]),
                    ),
                    _allowed(band, stretches, strict=strict),
                )
            )
    return out


LEFT_OUT = (12, 40)  # beads


def leave_out(text: GoldText, seed: int) -> GoldText | None:
    """Return one pair of a text without a long passage of its target, or ``None`` where the text is too short.

    Few gold texts lack a passage, but versions do: without such examples beads of many segments are too cheap where
    nothing answers them.
    """
    random = np.random.default_rng((seed, len(text.name)))
    gold = text.golds[int(random.integers(len(text.golds)))]
    width = int(random.integers(*LEFT_OUT))
    spare = len(gold.beads) - width
    if spare < 20:
        return None
    first = int(random.integers(5, spare - 5))
    beads: list[Bead] = []
    kept: list[int] = []
    for place, bead in enumerate(gold.beads):
        if first <= place < first + width:
            if bead.source:
                beads.append(Bead(bead.source, ()))
        else:
            beads.append(Bead(bead.source, tuple(range(len(kept), len(kept) + len(bead.target)))))
            kept += bead.target
    column = text.columns[gold.target]
    shorter = Column(
        column.language,
        [column.segments[k] for k in kept],
        column.vectors[kept],
        None if column.parts is None else [column.parts[k] for k in kept],
    )
    columns = {gold.source: text.columns[gold.source], gold.target: shorter}
    return GoldText(text.name, columns, [Alignment(gold.source, gold.target, tuple(beads))])


Stretch = tuple[Cut, Cut, bool]
"""A gold bead's first and last cut; ``True`` for what the gold skips, where only single segments stand alone."""


def _stretches(beads: Sequence[Bead], n: int, m: int) -> list[Stretch]:
    """The gold beads in order, gaps between them filled; where a few cross, those that break the order are left out."""
    out: list[Stretch] = []
    i = j = 0
    for bead in beads:
        low = (bead.source[0] if bead.source else i, bead.target[0] if bead.target else j)
        if low[0] < i or low[1] < j:
            continue
        if low != (i, j):
            out.append(((i, j), low, True))
        end = (low[0] + len(bead.source), low[1] + len(bead.target))
        out.append((low, end, False))
        i, j = end
    if (i, j) != (n, m):
        out.append(((i, j), (n, m), True))
    return out


def _corners(stretches: Sequence[Stretch]) -> list[Cut]:
    return [(0, 0), *(end for _, end, _ in stretches)]


def _allowed(band: Band, stretches: Sequence[Stretch], *, strict: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    beads = np.zeros((len(KINDS), band.size), bool)
    delete, insert = np.zeros((SKIP, band.size), bool), np.zeros((SKIP, band.size), bool)

    def allow(start: Cut, end: Cut) -> None:
        a, b = end[0] - start[0], end[1] - start[1]
        cell = int(band.find(np.array([end[0]]), np.array([end[1]]))[0])
        if cell == band.size:
            return
        if (a, b) in KINDS:
            beads[KINDS.index((a, b)), cell] = True
        elif b == 0 and 0 < a <= SKIP:
            delete[a - 1, cell] = True
        elif a == 0 and 0 < b <= SKIP:
            insert[b - 1, cell] = True

    for start, end, gap in stretches:
        (i, j), (p, q) = start, end
        a, b = p - i, q - j
        fits = (a, b) in KINDS if a and b else max(a, b) <= SKIP
        if not gap and fits and (strict or not a or not b):
            allow(start, end)
        elif gap or not a or not b:
            for x, y in product(range(i, p + 1), range(j, q + 1)):
                for k in range(1, SKIP + 1):
                    if x - k >= i:
                        allow((x - k, y), (x, y))
                    if y - k >= j:
                        allow((x, y - k), (x, y))
        else:
            points = [start, end, *product(range(i + 1, p), range(j + 1, q))]
            for low, high in product(points, points):
                if low != high and low[0] <= high[0] and low[1] <= high[1]:
                    allow(low, high)
    return beads, delete, insert


def fit(examples: Sequence[Example], *, seed: int = 0, epochs: int = EPOCHS) -> tuple[Any, Any]:
    """Fit both networks; return them as torch modules (beads, segments left alone).

    Takes a minute for a hundred pairs of 200 segments on two cores.
    """
    import torch

    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    networks = tuple(
        _network(torch, examples[0].features[k].shape[1], units) for k, units in ((0, UNITS), (1, UNITS_ALONE))
    )
    parameters = [p for network in networks for p in network.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs * len(examples))
    for _ in range(epochs):
        for k in random.permutation(len(examples)):
            example = examples[k]
            loss = _loss(torch, networks, example)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 5.0)
            optimiser.step()
            schedule.step()
    return networks[0], networks[1]


def _network(torch: Any, features: int, units: int) -> Any:
    class Network(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.linear = torch.nn.Linear(features, 1)
            self.hidden = torch.nn.Linear(features, units)
            self.output = torch.nn.Linear(units, 1, bias=False)
            torch.nn.init.zeros_(self.linear.weight)
            torch.nn.init.constant_(self.linear.bias, -2.0)
            torch.nn.init.normal_(self.output.weight, std=0.1)

        def forward(self, values: Any) -> Any:
            return (self.linear(values) + self.output(torch.relu(self.hidden(values)))).squeeze(-1)

    return Network()


def _loss(torch: Any, networks: Sequence[Any], example: Example) -> Any:
    """Whose gradient by the networks' parameters is that of the negative log-likelihood."""
    of = (networks[0], networks[1], networks[1])
    with torch.no_grad():
        values = [
            network(torch.from_numpy(part).transpose(1, 2)).numpy()
            for network, part in zip(of, example.features, strict=True)
        ]
    free = _scores(values, example.fits, NOTHING)
    held = [np.where(gold, value, NOTHING) for gold, value in zip(example.gold, values, strict=True)]
    held[2] = np.where(example.gold[2], values[2], WORST)
    wanted = posterior(example.band, _scores(held, example.fits, NOTHING)).beads
    found = posterior(example.band, free).beads
    total = torch.zeros(())
    for network, part, fits, p, c in zip(
        of,
        example.features,
        example.fits,
        (found.beads[_PLACES], found.delete, found.insert),
        (wanted.beads[_PLACES], wanted.delete, wanted.insert),
        strict=True,
    ):
        slope = np.where(fits, p - c, 0.0).astype(np.float32)
        kinds, cells = np.nonzero(np.abs(slope) > 1e-5)
        if len(kinds):
            chosen = torch.from_numpy(np.ascontiguousarray(part[kinds, :, cells]))
            total = total + (network(chosen) * torch.from_numpy(slope[kinds, cells])).sum()
    return total / 30


def _scores(values: Sequence[np.ndarray], fits: Sequence[np.ndarray], worst: float) -> Scores:
    some, delete, insert = (
        np.where(fit_, value, worst).astype(np.float32) for fit_, value in zip(fits, values, strict=True)
    )
    beads = np.full((LIMIT**2, some.shape[1]), NOTHING, np.float32)
    beads[_PLACES] = some
    return Scores(beads, delete, insert)


_PLACES = [(a - 1) * LIMIT + b - 1 for a, b in KINDS]


def as_network(fitted: Any) -> Network:
    """Turn a fitted torch module into what the aligner uses, rounded as it is written down."""
    linear, bias, hidden, hidden_bias, output = (p.detach().numpy().round(3) for p in fitted.parameters())
    return Network(float(bias[0]), linear[0], hidden, hidden_bias, output[0])


def as_source(name: str, network: Network) -> str:
    """Write a network as it stands in :mod:`workbench.core.align_weights`."""

    def numbers(values: np.ndarray) -> str:
        text = ", ".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in values)
        return fill(text, 112, initial_indent="    ", subsequent_indent="    ", break_long_words=False)

    rows = ";\n".join(numbers(row) for row in network.hidden)
    return "\n".join(
        [
            f"{name} = Network(",
            f"    bias={network.bias:.3f},",
            *(f'    linear=_row(\n        """\n{numbers(network.linear)}\n        """\n    ),'.splitlines()),
            f'    hidden=_rows(\n        """\n{rows}\n        """\n    ),',
            f'    hidden_bias=_row(\n        """\n{numbers(network.hidden_bias)}\n        """\n    ),',
            f'    output=_row(\n        """\n{numbers(network.output)}\n        """\n    ),',
            ")",
        ]
    )


@contextmanager
def using(beads: Network, alone: Network) -> Iterator[None]:
    """Align with other weights for a while."""
    before = align_weights.BEAD, align_weights.ALONE
    align_weights.BEAD, align_weights.ALONE = beads, alone
    try:
        yield
    finally:
        align_weights.BEAD, align_weights.ALONE = before


@dataclass(frozen=True)
class FoldRow:
    """How weights fitted on some texts do on those left out.

    Attributes:
        dataset: Name of the set.
        method: Pairs alone or the grid.
        cut: Mean cut F1 of the pairs, 0–1.
        strict: Mean strict F1 of the pairs, 0–1.
    """

    dataset: str
    method: str
    cut: float
    strict: float


def _sound(sets: Mapping[str, Sequence[GoldText]]) -> dict[str, list[GoldText]]:
    """The sets without what their gold pairs wrongly: learned from, it makes every weight flatter."""
    return {name: [join_slipped(text)[0] for text in texts] for name, texts in sets.items()}


def fit_all(sets: Mapping[str, Sequence[GoldText]], strict: Collection[str]) -> tuple[Network, Network]:
    """Fit on all texts of some sets; those named in ``strict`` have minimal gold beads."""
    examples = [e for name, texts in _sound(sets).items() for e in make_examples(texts, strict=name in strict)]
    beads, alone = fit(examples)
    return as_network(beads), as_network(alone)


def cross_validate(
    sets: Mapping[str, Sequence[GoldText]], strict: Collection[str], *, say: Callable[[str], None] | None = None
) -> list[FoldRow]:
    """Fit on every other text of each set and align the others, then the other way round.

    Args:
        sets: Gold texts by name of the set; stretches where verses have slipped are neither learned nor counted.
        strict: Names of the sets whose gold beads are minimal.
        say: Told what is being done.
    """
    prepared = {
        name: [(text, make_examples([text], strict=name in strict)) for text in texts]
        for name, texts in _sound(sets).items()
    }
    found: dict[tuple[str, str], list[tuple[str, Alignment, Alignment]]] = {}
    for fold in (0, 1):
        if say is not None:
            say(f"Fitting on half of the texts, {fold + 1} of 2")
        chosen = [e for pairs in prepared.values() for k, (_, part) in enumerate(pairs) if k % 2 != fold for e in part]
        networks = fit(chosen)
        with using(as_network(networks[0]), as_network(networks[1])):
            for name, pairs in prepared.items():
                for text, _ in pairs[fold::2]:
                    columns = text.columns
                    found.setdefault((name, "ours, pair alone"), []).extend(
                        (text.name, gold, ours(columns[gold.source], columns[gold.target])) for gold in text.golds
                    )
                    if len(columns) > 2:
                        grid = align_grid(list(columns.values()))
                        found.setdefault((name, "ours, grid"), []).extend(
                            (text.name, gold, grid.pair(gold.source, gold.target)) for gold in text.golds
                        )
    rows = []
    for (name, method), predictions in found.items():
        report = evaluate(predictions)
        rows.append(FoldRow(name, method, report.cut, report.strict))
    return rows


FIRMNESS = 0.1  # inverse strength of the penalty on confidence weights; .03 to .3 do as well on texts left out


def fit_confidence(features: np.ndarray, right: np.ndarray) -> Any:
    """Fit what :mod:`workbench.core.confidence` computes; return scikit-learn's model.

    Args:
        features: (rows, 14), see :func:`workbench.core.confidence.row_features`.
        right: (rows,) whether each row is right.
    """
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=FIRMNESS, max_iter=5_000).fit(features, right)


def judged_rows(text: GoldText) -> tuple[np.ndarray, np.ndarray]:
    """Align a text's versions jointly; return the features of its rows and whether each is right."""
    grid, sides, edges = align_rows(list(text.columns.values()))
    return row_features(grid, sides, edges), np.array(right_rows(grid, text.golds))


def found_left_out(sets: Mapping[str, Sequence[GoldText]]) -> list[tuple[str, float, int, int]]:
    """Fit the confidence's weights on all texts but one, and see how many wrong rows of that one they find.

    Args:
        sets: Gold texts by name; those of two versions are fitted on with the others and not counted.

    Returns:
        For each set of more than two versions its name, the share of its wrong rows among its tenth least sure, how
        many are wrong, and of how many.
    """
    rows = [(name, text, *judged_rows(text)) for name, texts in _sound(sets).items() for text in texts]
    out = []
    for name in sets:
        chances: list[np.ndarray] = []
        truths: list[np.ndarray] = []
        for place, (of, text, features, right) in enumerate(rows):
            if of != name or len(text.columns) < 3:
                continue
            others = [row for k, row in enumerate(rows) if k != place]
            model = fit_confidence(np.concatenate([r[2] for r in others]), np.concatenate([r[3] for r in others]))
            chances.append(model.predict_proba(features)[:, 1])
            truths.append(right)
        if chances:
            right = np.concatenate(truths)
            share = reliability(np.concatenate(chances).tolist(), right.tolist()).found
            out.append((name, share, int((~right).sum()), len(right)))
    return out
