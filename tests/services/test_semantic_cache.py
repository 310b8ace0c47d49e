"""Finding by meaning: across languages, through a third one, following every change, without waiting for a model."""

import numpy as np
import pytest

from workbench.core.memory import MatchKind, NewUnit, Source
from workbench.services import semantic_cache
from workbench.services.memory_service import MemoryService
from workbench.services.vector_service import VectorService

A, B = Source("text:a", name="A"), Source("text:b", name="B")

# A word in any language → what it means; a language adds a direction of its own, as real encoders do.
MEANINGS = {
    "ville": 0, "ciudad": 0, "cidade": 0, "city": 0, "cité": 0, "eau": 1, "agua": 1, "água": 1, "water": 1,
    "accord": 2, "acuerdo": 2, "acordo": 2, "deal": 2, "atelier": 3, "taller": 3, "oficina": 3, "workshop": 3,
}  # fmt: skip
LANGUAGE_OF = {"le": 4, "la": 5, "o": 6, "the": 7}


class FiveWordEncoder:
    name = "five words"
    dimensions = 8

    def __init__(self):
        self.asked = []

    def encode(self, sentences, *, progress=None):
        self.asked += sentences
        out = np.full((len(sentences), 8), 0.01, np.float32)
        for row, sentence in zip(out, sentences, strict=True):
            for word in sentence.lower().split():
                if word in MEANINGS:
                    row[MEANINGS[word]] += 1
                if word in LANGUAGE_OF:
                    row[LANGUAGE_OF[word]] += 3
        return out / np.linalg.norm(out, axis=1, keepdims=True)


UNITS = [
    NewUnit({"fr": "le ville", "es": "la ciudad", "en": "the city"}),
    NewUnit({"fr": "le eau", "es": "la agua", "en": "the water"}),
    NewUnit({"fr": "le accord", "es": "la acuerdo", "en": "the deal"}),
    NewUnit({"fr": "le atelier", "es": "la taller", "en": "the workshop"}),
] * 6  # enough that the languages' means are known


@pytest.fixture
def encoder():
    return FiveWordEncoder()


def service(store, now, encoder, folder=None):
    return MemoryService(store=store, vectors=VectorService(store, encoder), now=now, author="ana", cache=folder)


@pytest.fixture
def memory(store, now, encoder, monkeypatch):
    monkeypatch.setattr(semantic_cache, "LEAST_FOR_MEAN", 3)
    memory = service(store, now, encoder)
    memory.learn(UNITS, source=A, reviewed=True)
    return memory


def by_meaning(memory, text, source="fr", target="es", **more):
    return memory.search(text, source=source, target=target, kinds=[MatchKind.SEMANTIC], **more)


def test_no_model_is_asked_before_vectors_were_made(memory, encoder):
    assert by_meaning(memory, "le cité") == []
    assert memory.search("le ville", source="fr", target="es")[0].kind is MatchKind.EXACT
    assert encoder.asked == []


def test_other_words_of_the_same_meaning_are_found(memory):
    memory.make_vectors()
    best = by_meaning(memory, "cité")[0]
    assert (best.target, best.kind, best.via) == ("la ciudad", MatchKind.SEMANTIC, None)
    assert 0 < best.score < 90
    assert "five words" in best.match.signature


def test_a_sentence_finds_through_a_third_language_and_says_so(memory):
    memory.make_vectors()
    best = by_meaning(memory, "oficina", source="pt", target="fr")[0]
    assert best.target == "le atelier"
    assert best.via in ("es", "en", "fr")
    assert "via" in best.match.signature


def test_nothing_is_offered_that_is_about_something_else(memory):
    memory.make_vectors()
    assert {s.target for s in by_meaning(memory, "cité")} == {"la ciudad"}


def test_pending_falls_to_nothing_and_rises_with_what_is_learnt(memory, encoder):
    assert memory.pending_vectors() == 12
    seen = []
    assert memory.make_vectors(progress=lambda done, total: seen.append((done, total))) == 12
    assert seen[-1] == (12, 12)
    assert memory.pending_vectors() == 0
    memory.learn([NewUnit({"fr": "le ville eau", "es": "la ciudad agua"})], source=B, reviewed=True)
    assert memory.pending_vectors() == 2
    asked = len(encoder.asked)
    memory.make_vectors()
    assert len(encoder.asked) == asked + 2


def test_what_is_learnt_later_is_found_once_its_vectors_are_made(memory):
    memory.make_vectors()
    memory.learn([NewUnit({"fr": "le ville accord", "es": "la ciudad acuerdo"})], source=B, reviewed=True)
    assert "la ciudad acuerdo" not in {s.target for s in by_meaning(memory, "cité accord")}
    memory.make_vectors()
    assert by_meaning(memory, "cité accord")[0].target == "la ciudad acuerdo"
    memory.retract("text:b")
    assert "la ciudad acuerdo" not in {s.target for s in by_meaning(memory, "cité accord")}


def test_another_process_sees_vectors_made_here(memory, store, now):
    memory.make_vectors()
    other = service(store, now, FiveWordEncoder())
    assert by_meaning(other, "cité")[0].target == "la ciudad"
    memory.learn([NewUnit({"fr": "le ville accord", "es": "la ciudad acuerdo"})], source=B, reviewed=True)
    assert "la ciudad acuerdo" not in {s.target for s in by_meaning(other, "cité accord")}
    memory.make_vectors()
    assert by_meaning(other, "cité accord")[0].target == "la ciudad acuerdo"


def test_the_index_is_kept_in_its_folder_and_trusted_only_for_its_memory(memory, store, now, tmp_path, monkeypatch):
    kept = service(store, now, FiveWordEncoder(), tmp_path / "cache")
    kept.make_vectors()
    (file,) = (tmp_path / "cache").iterdir()
    monkeypatch.setattr(semantic_cache, "MADE_AT_ONCE", 0)
    assert by_meaning(service(store, now, FiveWordEncoder()), "cité") == []
    again = service(store, now, FiveWordEncoder(), tmp_path / "cache")
    assert by_meaning(again, "cité")[0].target == "la ciudad"
    file.write_bytes(file.read_bytes()[:-20])
    broken = service(store, now, FiveWordEncoder(), tmp_path / "cache")
    assert by_meaning(broken, "cité") == []
    broken.reindex()
    assert by_meaning(broken, "cité")[0].target == "la ciudad"


def test_cancelled_it_makes_no_claim_and_goes_on_later(memory, encoder):
    assert memory.make_vectors(cancelled=lambda: True) == 0
    assert memory.pending_vectors() == 12
    assert by_meaning(memory, "cité") == []
