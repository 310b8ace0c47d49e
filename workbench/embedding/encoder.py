"""The sentence encoder: sentences in, unit vectors out; whatever sentence-transformers can load stands behind it."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from workbench.config import Settings
from workbench.core.segmentation import without_codes
from workbench.embedding.model import BUNDLED_DIMENSIONS, BUNDLED_NAME, prepare_bundled_model
from workbench.errors import UsageError

Progress = Callable[[int, int], None]

# A batch holds so many characters at most, padding counted: about 6,000 tokens, 150 MB of activations in fp32.
BATCH_CHARACTERS = 24_000
MAX_BATCH = 64
# Longer texts are encoded in windows and their vectors averaged by length: 512 tokens hold at least that much in the
# network's languages, and the model would silently drop the rest.
WINDOW_CHARACTERS = 1_500
MAX_WINDOWS = 64  # of a paragraph of 10 MB the first 100,000 characters say what it is about

E5_PROMPT = "query: "  # what e5 was trained with on both sides of a symmetric comparison


Bounds = tuple[int, int]
"""First and last + 1 character of a part of a sentence."""


class Encoder(Protocol):
    """What turns sentences into vectors. A fake of five words is enough for a test.

    Attributes:
        name: Identifies the model and all that changes its vectors (precision, prompt). Vectors are compared only
            under one name.
        dimensions: Length of a vector.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimensions(self) -> int: ...

    def encode(self, sentences: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        """Return the vectors of ``sentences``: float32, unit length, one row a sentence in the same order.

        Args:
            sentences: Segments as they stand, inline codes included (they are left out before encoding).
            progress: Called with (done, all) after each batch, in sentences.
        """
        ...


def encode_parts(
    encoder: Encoder,
    sentences: Sequence[str],
    bounds: Sequence[Sequence[Bounds]],
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the vectors of sentences and of their parts.

    An encoder with a method ``encode_parts`` of the same arguments makes both at once; with any other, parts are
    encoded as sentences of their own.

    Args:
        encoder: What makes the vectors.
        sentences: Segments as they stand, without inline codes.
        bounds: The parts of each, one at least, that cover it in order.

    Returns:
        (n, d), and (parts, d) for each sentence: float32, unit length.
    """
    own = getattr(encoder, "encode_parts", None)
    if own is not None:
        found: tuple[np.ndarray, list[np.ndarray]] = own(sentences, bounds)
        return found
    whole = encoder.encode(sentences)
    texts = [text[a:b] for text, part in zip(sentences, bounds, strict=True) if len(part) > 1 for a, b in part]
    vectors = encoder.encode(texts) if texts else whole[:0]
    parts, at = [], 0
    for row, part in zip(whole, bounds, strict=True):
        if len(part) > 1:
            parts.append(vectors[at : at + len(part)])
            at += len(part)
        else:
            parts.append(row[None])
    return whole, parts


def open_encoder(settings: Settings, *, precision: str | None = None) -> Encoder:
    """Return the encoder of a workspace: the bundled model, or what ``settings.model`` names.

    Nothing is loaded before the first sentence is encoded; opening costs no import of torch.

    Args:
        settings: ``model`` is a folder or a hub name that sentence-transformers can load, ``None`` the bundled model.
        precision: ``"bf16"`` or ``"fp32"``; chosen by :func:`best_precision` unless given.

    Raises:
        UsageError: ``settings.model`` names a folder that holds no model, or ``precision`` is unknown.
    """
    chosen = precision or best_precision()
    if chosen not in ("bf16", "fp32"):
        raise UsageError("There is no precision “{chosen}”: choose bf16 or fp32.", chosen=chosen)
    if settings.model is None:
        return SentenceTransformerEncoder(
            lambda: str(prepare_bundled_model(settings.models_folder)),
            name=f"{BUNDLED_NAME}/{chosen}/query",
            precision=chosen,
            prompt=E5_PROMPT,
            dimensions=BUNDLED_DIMENSIONS,
            offline=True,
        )
    model = settings.model
    folder = Path(model).expanduser()
    prompt = E5_PROMPT if "e5" in folder.name.casefold() else ""
    suffix = f"/{chosen}/query" if prompt else f"/{chosen}"
    if folder.is_dir():
        if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
            raise UsageError(
                "WORKBENCH_MODEL names the folder {folder}, which holds no model: neither "
                "modules.json nor config.json is in it.",
                folder=folder,
            )
        return SentenceTransformerEncoder(
            lambda: str(folder), name=_folder_name(folder) + suffix, precision=chosen, prompt=prompt, offline=True
        )
    if folder.is_absolute() or model.startswith((".", "~")):
        raise UsageError("WORKBENCH_MODEL names the folder {folder}, which does not exist.", folder=folder)
    return SentenceTransformerEncoder(lambda: model, name=model + suffix, precision=chosen, prompt=prompt)


def best_precision() -> str:
    """Return ``"bf16"`` where the processor multiplies 16-bit floats in hardware, otherwise ``"fp32"``.

    Measured (``workbench bench embed``): with AVX512-BF16 or AMX, bf16 encodes two to three times as many sentences a
    second and its vectors differ by a cosine of 0.00003, without effect on alignment or retrieval; without such
    hardware it is slower than fp32. Dynamic int8 was faster still, but its cosine of 0.98 changes vectors visibly.
    """
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "fp32"
    return "bf16" if "avx512_bf16" in flags or "amx_bf16" in flags else "fp32"


def _folder_name(folder: Path) -> str:
    """Name a model folder by its last part and a digest of what is in it, so that another model there is another."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".safetensors", ".bin", ".txt", ".model")):
        digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            digest.update(file.read(1 << 20))
    return f"{folder.resolve().name}-{digest.hexdigest()[:10]}"


class SentenceTransformerEncoder:
    """An :class:`Encoder` over a sentence-transformers model, loaded at the first call and then kept.

    Args:
        source: Returns the model's folder or hub name; called once, when the model is needed.
        name: See :class:`Encoder`.
        precision: ``"bf16"`` or ``"fp32"``.
        prompt: Put before every sentence.
        dimensions: Length of a vector where it is known without loading.
        offline: Keep the hub's client from asking the network.
    """

    def __init__(
        self,
        source: Callable[[], str],
        *,
        name: str,
        precision: str = "fp32",
        prompt: str = "",
        dimensions: int | None = None,
        offline: bool = False,
    ) -> None:
        self.name = name
        self._source = source
        self._precision = precision
        self._prompt = prompt
        self._dimensions = dimensions
        self._offline = offline
        self._model: Any = None
        self._lock = threading.Lock()

    @property
    def dimensions(self) -> int:
        """Length of a vector; loads the model where that is not known otherwise."""
        if self._dimensions is None:
            self._dimensions = int(self.model.get_sentence_embedding_dimension())
        return self._dimensions

    @property
    def model(self) -> Any:
        """The ``SentenceTransformer``, loaded now if it was not.

        Raises:
            UsageError: it cannot be loaded.
        """
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model

    def _load(self) -> Any:
        source = self._source()
        with _quiet(offline=self._offline):
            import torch
            from sentence_transformers import SentenceTransformer

            dtype = torch.bfloat16 if self._precision == "bf16" else torch.float32
            try:
                model = SentenceTransformer(
                    source, device="cpu", model_kwargs={"dtype": dtype}, local_files_only=self._offline
                )
            except Exception as error:  # the libraries raise a dozen kinds, from missing files to network errors
                first = (str(error).splitlines() or [type(error).__name__])[0][:200]
                raise UsageError(
                    "The sentence model “{source}” cannot be loaded ({first}). WORKBENCH_MODEL must name "
                    "a sentence-transformers model: a folder, or a name on the hub if this machine may "
                    "reach it.",
                    source=source,
                    first=first,
                ) from error
        model.eval()
        return model

    def encode(self, sentences: Sequence[str], *, progress: Progress | None = None) -> np.ndarray:
        """See :meth:`Encoder.encode`; an empty sentence gets the vector of an empty text.

        Raises:
            UsageError: the model cannot be loaded.
        """
        return self._encode([without_codes(sentence) for sentence in sentences], None, progress)[0]

    def encode_parts(
        self,
        sentences: Sequence[str],
        bounds: Sequence[Sequence[Bounds]],
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """See :func:`encode_parts`: a part's vector is the mean of its tokens' vectors in the sentence.

        One encoding serves both, and a clause keeps the meaning that its sentence gives it.

        Raises:
            UsageError: the model cannot be loaded.
        """
        if not getattr(self.model.tokenizer, "is_fast", False):
            # No places of tokens in the text: each part counts as its sentence.
            whole = self._encode(sentences, None, None)[0]
            return whole, [np.repeat(row[None], len(part), axis=0) for row, part in zip(whole, bounds, strict=True)]
        return self._encode(sentences, bounds, None)

    def _encode(
        self, texts: Sequence[str], bounds: Sequence[Sequence[Bounds]] | None, progress: Progress | None
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        total = len(texts)
        vectors = np.zeros((total, self.dimensions), np.float32)
        parts: list[np.ndarray] = [vectors[:0]] * total
        if not total:
            return vectors, parts
        pieces, owner, weights = _windows(texts)
        left = np.bincount(owner, minlength=total)
        done = 0
        model = self.model
        for batch in _batches([len(piece) for piece in pieces]):
            at = owner[batch]
            chosen = [pieces[k] for k in batch]
            with _quiet(offline=self._offline):
                if bounds is None:
                    found = model.encode(
                        chosen,
                        prompt=self._prompt or None,
                        batch_size=len(batch),
                        show_progress_bar=False,
                        convert_to_numpy=True,
                        normalize_embeddings=True,
                    )
                else:
                    found, of_parts = self._encode_tokens(chosen, [bounds[k] for k in at])
                    for k, part in zip(at.tolist(), of_parts, strict=True):
                        parts[k] = part
            np.add.at(vectors, at, np.asarray(found, np.float32) * weights[batch, None])
            np.subtract.at(left, at, 1)
            done += int(np.count_nonzero(left[np.unique(at)] == 0))
            if progress is not None:
                progress(done, total)
        vectors = _unit(vectors)
        if bounds is not None:
            # A sentence in one part, or in several windows, is its own part.
            for k, limits in enumerate(bounds):
                if len(limits) == 1:
                    parts[k] = vectors[k : k + 1]
        return vectors, parts

    def _encode_tokens(
        self, texts: Sequence[str], bounds: Sequence[Sequence[Bounds]]
    ) -> tuple[np.ndarray, list[np.ndarray]]:
        """Encode one batch; return vectors, and those of the parts as means over tokens."""
        import torch

        model = self.model
        encoded = model.tokenizer(
            [self._prompt + text for text in texts],
            padding=True,
            truncation=True,
            max_length=model.max_seq_length,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").numpy()
        with torch.inference_mode():
            out = model(dict(encoded))
        whole = out["sentence_embedding"].float().numpy()
        tokens = out["token_embeddings"].float().numpy()
        ends = offsets[:, :, 1] > offsets[:, :, 0]  # special tokens and padding have no width
        middle = offsets.mean(axis=2) - len(self._prompt)
        parts = []
        for row, part in enumerate(bounds):
            inside = [ends[row] & (middle[row] >= first) & (middle[row] < last) for first, last in part]
            parts.append(_unit(np.stack([tokens[row][k].mean(axis=0) if k.any() else whole[row] for k in inside])))
        return _unit(whole), parts


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def _windows(texts: Sequence[str]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Cut long texts at spaces; return the pieces, whose they are, and their weights (lengths in characters)."""
    pieces: list[str] = []
    owner: list[int] = []
    for number, text in enumerate(texts):
        start = 0
        for _ in range(MAX_WINDOWS):
            end = min(start + WINDOW_CHARACTERS, len(text))
            if end < len(text):
                space = text.rfind(" ", start + WINDOW_CHARACTERS // 2, end)
                end = space if space > 0 else end
            pieces.append(text[start:end])
            owner.append(number)
            start = end
            if start >= len(text):
                break
    weights = np.array([max(len(piece), 1) for piece in pieces], np.float32)
    return pieces, np.array(owner), weights


def _batches(lengths: Sequence[int]) -> Iterator[np.ndarray]:
    """Cut the texts, longest first, into batches of bounded size, padding counted.

    Longest first: if memory does not suffice, it shows at once, and the time left is never underestimated.
    """
    order = np.argsort(-np.asarray(lengths), kind="stable")
    start = 0
    while start < len(order):
        longest = lengths[order[start]] + len(E5_PROMPT)
        size = max(1, min(MAX_BATCH, BATCH_CHARACTERS // longest))
        yield order[start : start + size]
        start += size


@contextlib.contextmanager
def _quiet(*, offline: bool) -> Iterator[None]:
    """Keep the libraries from drawing progress bars, warning of what is no one's concern, and asking the network."""
    wanted = {"TRANSFORMERS_VERBOSITY": "error", "TOKENIZERS_PARALLELISM": "true", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    if offline:
        wanted["HF_HUB_OFFLINE"] = "1"
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    loggers = [logging.getLogger(n) for n in ("sentence_transformers", "transformers", "huggingface_hub", "torch")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with contextlib.suppress(ImportError):
                from transformers.utils import logging as transformers_logging

                transformers_logging.disable_progress_bar()
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
