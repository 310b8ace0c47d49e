"""Vectors are made once, kept under their model's name, and a run that was broken off goes on."""

import numpy as np
import pytest

from workbench.services import vector_service
from workbench.services.vector_service import VectorService, text_hash


class LetterEncoder:
    """Counts letters; notes what it was asked."""

    dimensions = 26

    def __init__(self, name="letters"):
        self.name = name
        self.asked = []

    def encode(self, sentences, *, progress=None):
        self.asked += sentences
        counts = np.array([[s.lower().count(chr(97 + k)) + 0.01 for k in range(26)] for s in sentences], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def test_a_sentence_is_encoded_once_and_order_is_kept(store):
    encoder = LetterEncoder()
    service = VectorService(store, encoder)
    first = service.vectors(["deux", "un", "deux ", "trois"])
    assert first.shape == (4, 26)
    assert np.allclose(first[0], first[2])
    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-6)
    again = VectorService(store, encoder).vectors(["trois", "un"])
    assert np.allclose(again, first[[3, 1]])
    assert sorted(encoder.asked) == ["deux", "trois", "un"]


def test_no_sentences_give_no_rows(store):
    assert VectorService(store, LetterEncoder()).vectors([]).shape == (0, 26)


def test_vectors_of_another_model_are_not_taken(store):
    VectorService(store, LetterEncoder("a")).vectors(["un"])
    other = LetterEncoder("b")
    VectorService(store, other).vectors(["un"])
    assert other.asked == ["un"]


def test_a_run_broken_off_goes_on_where_it_was(store, monkeypatch):
    monkeypatch.setattr(vector_service, "SAVED_TOGETHER", 2)
    encoder = LetterEncoder()
    texts = [f"mot {k}" for k in range(6)]
    calls = []

    def progress(done, total):
        calls.append((done, total))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        VectorService(store, encoder).vectors(texts, progress=progress)
    assert calls == [(0, 6), (2, 6), (4, 6)]
    VectorService(store, encoder).vectors(texts)
    assert len(encoder.asked) == 6


def test_cancelling_keeps_what_was_made(store, monkeypatch):
    monkeypatch.setattr(vector_service, "SAVED_TOGETHER", 1)
    service = VectorService(store, LetterEncoder())
    answers = iter([False, True])
    rows = service.vectors(["a", "bb"], cancelled=lambda: next(answers))
    assert rows[0].any()
    assert not rows[1].any()
    assert service.missing(["a", "bb"]) == ["bb"]
    known = service.known(["bb", "a"])
    assert known[0] is None
    assert known[1] is not None


def test_a_sentence_is_known_by_what_cleaning_leaves():
    assert text_hash(" un\tdeux ") == text_hash("un deux")
    assert text_hash("un") != text_hash("Un")


TWO_CLAUSES = "the cities signed the agreement, and the office opened in spring"


def test_clauses_have_vectors_of_their_own_and_are_encoded_once(store):
    encoder = LetterEncoder()
    service = VectorService(store, encoder)
    vectors, parts = service.parts(["short", TWO_CLAUSES, "short"])
    assert [part.shape for part in parts] == [(1, 26), (2, 26), (1, 26)]
    assert np.allclose(parts[0][0], vectors[0])
    assert np.allclose(np.linalg.norm(parts[1], axis=1), 1, atol=1e-3)
    assert np.allclose(service.vectors([TWO_CLAUSES])[0], vectors[1])
    asked = len(encoder.asked)
    again, same = VectorService(store, encoder).parts([TWO_CLAUSES])
    assert len(encoder.asked) == asked
    assert np.array_equal(same[0], parts[1])
    assert np.array_equal(again[0], vectors[1])


def test_clauses_of_a_sentence_whose_vector_is_known_are_encoded_still(store):
    service = VectorService(store, LetterEncoder())
    service.vectors([TWO_CLAUSES])
    _, (part,) = service.parts([TWO_CLAUSES])
    assert len(part) == 2
