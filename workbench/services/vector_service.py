"""Sentence vectors on demand, kept in the database so that a sentence is encoded once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from workbench.core.align_parts import part_bounds
from workbench.core.segmentation import without_codes
from workbench.core.texts import clean
from workbench.embedding.encoder import encode_parts
from workbench.store.store import Store

if TYPE_CHECKING:
    from workbench.embedding.encoder import Encoder

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]

# Sentences encoded between two writes: some seconds of work, which is what a killed run loses.
SAVED_TOGETHER = 256

PARTS = "/parts1"
"""Added to a model's name for the vectors of clauses; the number changes with the way sentences are parted."""


class VectorService:
    """Vectors of sentences from the cache or the encoder.

    Args:
        store: Its ``vectors`` are the cache.
        encoder: What makes the vectors that are missing; loaded only when one is.
    """

    def __init__(self, store: Store, encoder: Encoder) -> None:
        self.store = store
        self.encoder = encoder

    @property
    def model(self) -> str:
        """The name under which vectors are kept; those of another model are never compared with them."""
        return self.encoder.name

    def vectors(
        self, texts: Sequence[str], *, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> np.ndarray:
        """Return the vectors of ``texts``: float32 of unit length, shape (number of texts, dimensions).

        What is encoded is written after each :data:`SAVED_TOGETHER` sentences, so that a run that was killed goes on
        where it was.

        Args:
            texts: Segments as they stand; they are cleaned before they are looked up.
            progress: Called with (done, all) sentences, those from the cache counted as done.
            cancelled: Asked between two writes; once it says yes, the rows not encoded yet stay zero.
        """
        keys = [text_hash(text) for text in texts]
        unique = dict(zip(keys, texts, strict=True))
        found = self.store.vectors.get(list(unique), self.model)
        missing = sorted((key for key in unique if key not in found), key=lambda key: len(unique[key]))
        done = len(unique) - len(missing)
        if progress is not None:
            progress(done, len(unique))
        # Sentences of like length are encoded together, which spares padding.
        for start in range(0, len(missing), SAVED_TOGETHER):
            if cancelled is not None and cancelled():
                break
            batch = missing[start : start + SAVED_TOGETHER]
            rows = self.encoder.encode([clean(unique[key]) for key in batch])
            # Rounded as they are stored, so that the first answer equals all later ones.
            rounded = np.asarray(rows, np.float16).astype(np.float32)
            fresh = dict(zip(batch, rounded, strict=True))
            self.store.vectors.put(fresh, self.model)
            found.update(fresh)
            done += len(batch)
            if progress is not None:
                progress(done, len(unique))
        dimensions = len(next(iter(found.values()))) if found else self.encoder.dimensions
        out = np.zeros((len(texts), dimensions), np.float32)
        for place, key in enumerate(keys):
            if key in found:
                out[place] = found[key]
        return _unit_length(out)

    def parts(self, texts: Sequence[str], *, progress: Progress | None = None) -> tuple[np.ndarray, list[np.ndarray]]:
        """Return the vectors of ``texts`` and of their clauses, as alignment wants them.

        Both come from one encoding and both are kept, the clauses under a name of their own.

        Args:
            texts: Segments as they stand; they are cleaned before they are looked up.
            progress: Called with (done, all) sentences, those from the cache counted as done.

        Returns:
            (number of texts, dimensions), and for each text (parts, dimensions) by
            :func:`workbench.core.align_parts.part_bounds`: float32, unit length.
        """
        keys = [text_hash(text) for text in texts]
        plain = {key: without_codes(clean(text)) for key, text in zip(keys, texts, strict=True)}
        bounds = {key: part_bounds(text) for key, text in plain.items()}
        several = [key for key, part in bounds.items() if len(part) > 1]
        kept = self.store.vectors.get(several, self.model + PARTS)
        found: dict[str, np.ndarray] = {}
        for key, flat in kept.items():
            if len(flat) and len(flat) % len(bounds[key]) == 0:
                found[key] = _unit_length(flat.reshape(len(bounds[key]), -1))
        missing = sorted((key for key in several if key not in found), key=lambda key: len(plain[key]))
        done = len(plain) - len(missing)
        for start in range(0, len(missing), SAVED_TOGETHER):
            if progress is not None:
                progress(done, len(plain))
            batch = missing[start : start + SAVED_TOGETHER]
            whole, parts = encode_parts(self.encoder, [plain[key] for key in batch], [bounds[key] for key in batch])
            self.store.vectors.put(dict(zip(batch, whole, strict=True)), self.model)
            self.store.vectors.put(
                {key: part.ravel() for key, part in zip(batch, parts, strict=True)}, self.model + PARTS
            )
            for key, part in zip(batch, parts, strict=True):
                found[key] = _unit_length(np.asarray(part, np.float16).astype(np.float32))
            done += len(batch)
        vectors = self.vectors(texts, progress=progress)
        return vectors, [found[key] if key in found else row[None] for key, row in zip(keys, vectors, strict=True)]

    def known(self, texts: Sequence[str]) -> list[np.ndarray | None]:
        """Return the vectors the cache has, ``None`` for the others; nothing is encoded, no model is loaded."""
        keys = [text_hash(text) for text in texts]
        found = self.store.vectors.get(list(dict.fromkeys(keys)), self.model)
        return [found.get(key) for key in keys]

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Return those of ``texts`` that have no vector yet, each once."""
        unique = {text_hash(text): text for text in texts}
        found = self.store.vectors.get(list(unique), self.model)
        return [text for key, text in unique.items() if key not in found]


def text_hash(text: str) -> str:
    """Return the name of a sentence in the cache: 128 bits of BLAKE2b over the cleaned text, in hexadecimal."""
    return hashlib.blake2b(clean(text).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _unit_length(vectors: np.ndarray) -> np.ndarray:
    """Give rows the length 1 again that 16-bit storage has rounded away; zero rows stay."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(norms > 0, norms, 1), np.float32)
