"""Vectors on a plane."""

import numpy as np

from workbench.core.projection import on_plane


def test_what_means_the_same_lies_together_whatever_its_group():
    meaning = {"a": (4, 0, 0), "b": (0, 3, 0), "c": (0, 0, 0)}
    language = {"fr": (0, 0, 9), "es": (0, 0, -9)}
    keys = [(m, code) for m in meaning for code in language]
    vectors = np.array([np.add(meaning[m], language[code]) for m, code in keys], float)
    places, kept = on_plane(vectors, [code for _, code in keys])
    assert places.shape == (6, 2) and np.abs(places).max() <= 1
    for first, second in zip(places[::2], places[1::2], strict=True):
        assert np.allclose(first, second), "a language's own direction is taken away"
    assert not np.allclose(places[0], places[2]) and kept > 0.999


def test_the_same_vectors_give_the_same_picture_and_too_few_give_none():
    vectors = np.random.default_rng(1).normal(size=(20, 5))
    again, _ = on_plane(-vectors, ["fr"] * 20)
    first, _ = on_plane(vectors, ["fr"] * 20)
    assert np.allclose(np.abs(first), np.abs(again))
    assert first[np.abs(first[:, 0]).argmax(), 0] > 0
    assert on_plane(vectors[:2], ["fr", "es"])[0].tolist() == [[0, 0], [0, 0]]


def test_vectors_that_do_not_differ_lie_in_one_place():
    places, kept = on_plane(np.ones((5, 4)), ["fr"] * 5)
    assert np.allclose(places, 0) and kept == 0
