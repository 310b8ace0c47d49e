"""Sentences: what ends one, what does not, and that nothing of a text is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.segmentation import SegmentationRules, segment_document, split_sentences
from workbench.core.texts import Block, BlockKind, Document, clean


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("fr", ["M. le maire, cf. art. 5, est là.", "Il demande : « Pourquoi ? »", "L’AICT avance."]),
        ("fr", ["Le programme ANE-AL.", "Ses membres sont nombreux."]),
        ("es", ["El Sr. Pérez (págs. 3 y 4) vino.", "¿Qué es la AIGL?", "¡Bienvenidos!"]),
        ("es", ["Colaboran tres: ARRICOD, AMAIE y otra.", "Fin."]),
        ("pt", ["A Profa. Ana chegou.", "O art. 5 diz isso.", "Então?"]),
        ("en", ["Dr. Smith came, e.g. by train.", "He left."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(language, sentences):
    assert split_sentences(" ".join(sentences), language) == sentences


def test_soft_line_ends_are_spaces():
    assert split_sentences("Une phrase\n  sur deux lignes. Une autre.", "fr") == [
        "Une phrase sur deux lignes.", "Une autre.",
    ]  # fmt: skip


def test_a_closing_code_stays_with_its_sentence():
    assert split_sentences("⟨1⟩Une phrase.⟨/1⟩ Une ⟨2⟩autre⟨/2⟩. ⟨3⟩Fin.⟨/3⟩", "fr") == [
        "⟨1⟩Une phrase.⟨/1⟩", "Une ⟨2⟩autre⟨/2⟩.", "⟨3⟩Fin.⟨/3⟩",
    ]  # fmt: skip


def test_a_workspace_adds_its_own_abbreviations():
    text = "Voir la conv. Le texte suit."
    assert len(split_sentences(text, "fr")) == 2
    rules = SegmentationRules(abbreviations={"fr": ("conv",)})
    assert split_sentences(text, "fr", rules=rules) == [text]


def test_headings_are_never_cut_and_empty_blocks_give_nothing():
    document = Document((Block("Qui ? Quoi. Où.", BlockKind.HEADING, 1), Block("  "), Block("Oui. Non.")))
    segments = segment_document(document, "fr")
    assert [(s.text, s.block) for s in segments] == [("Qui ? Quoi. Où.", 0), ("Oui.", 2), ("Non.", 2)]


def test_a_long_document_tells_how_far_it_is():
    told = []
    document = Document(tuple(Block(f"Une phrase {n}.") for n in range(250)))
    segment_document(document, "fr", progress=lambda done, total: told.append((done, total)))
    assert told == [(100, 250), (200, 250)]


@given(st.text(alphabet="abC. ?!’«»é\u00a0⟨1/⟩\n", max_size=80), st.sampled_from(["fr", "es", "pt", "en"]))
def test_no_character_is_lost_or_made_up(text, language):
    joined = "".join(split_sentences(text, language))
    assert joined.replace(" ", "") == clean(text).replace(" ", "")
