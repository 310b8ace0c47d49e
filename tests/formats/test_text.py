"""Plain text: what is a paragraph, and that rewriting touches nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.texts import Block, BlockKind
from workbench.errors import FormatError
from workbench.formats import read_document, text
from workbench.formats.decoding import decode

from .worlds import needs_shared, shared

H, P, L = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM


def blocks_of(source: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in text.read(source.encode(), "x.txt").documents[0].blocks]


def test_soft_wrapped_lines_are_joined_and_list_items_with_their_continuation_kept_apart() -> None:
    source = (
        "Nos ateliers\n\n"
        "Sept rencontres ont eu lieu pendant le programme et chacune\n"
        "a donné un cahier que l’on peut lire sur le site de notre\n"
        "alliance :\n\n"
        "  • Quito, sur les outils de la coopération décentralisée et\n"
        "    les métiers de l’international\n"
        "  • Lima, sur la ville attractive\n\n"
        "La suite viendra.\n"
    )
    assert blocks_of(source) == [
        (H, "Nos ateliers"),
        (
            P,
            "Sept rencontres ont eu lieu pendant le programme et chacune a donné un cahier que l’on peut lire sur le "
            "site de notre alliance :",
        ),
        (L, "Quito, sur les outils de la coopération décentralisée et les métiers de l’international"),
        (L, "Lima, sur la ville attractive"),
        (P, "La suite viendra."),
    ]


def test_one_line_paragraphs_without_blank_lines_stay_apart() -> None:
    first = "Le réseau réunit des villes de deux continents. " * 6
    second = "Il est né à Mexico. " * 9
    assert blocks_of(f"Le réseau\n{first}\n{second}\nFin.\n") == [
        (H, "Le réseau"),
        (P, first.strip()),
        (P, second.strip()),
        (P, "Fin."),
    ]


@pytest.mark.parametrize("marker", ["•", "-", "*", "–", "1.", "a)", "(2)", "2.1"])
def test_each_list_marker_is_recognised_and_stays_out_of_the_text(marker: str) -> None:
    source = f"Nous proposons :\n{marker} une rencontre\n{marker} un cahier\n"
    assert blocks_of(source)[1:] == [(L, "une rencontre"), (L, "un cahier")]


def test_a_dash_at_the_beginning_of_a_wrapped_line_is_no_list() -> None:
    source = (
        "Les villes qui coopèrent depuis longtemps avec leurs voisines\n"
        "– celles du Sud surtout, dont les moyens sont comptés – savent\n"
        "combien le temps long est nécessaire à de tels partenariats.\n"
    )
    assert len(blocks_of(source)) == 1


def test_a_blank_line_in_mid_sentence_does_not_cut_the_paragraph() -> None:
    source = (
        "La fraîcheur et l’innovation de ce travail partagé entre tant\n"
        "de villes aussi éloignées pourraient inspirer les\n\n"
        "collectivités d’autres pays.\n"
    )
    assert len(blocks_of(source)) == 1


def test_a_changed_paragraph_is_wrapped_as_before_and_the_rest_keeps_its_bytes() -> None:
    line = "mot " * 15
    source = f"Titre\r\n\r\n{line.strip()}\r\n{line.strip()}\r\nfin ici.\r\n\r\n  - un\r\n  - deux  \r\n"
    out = text.rebuild(source.encode(), [None, "nuevo " * 30, None, "dos"], language="es").decode()
    lines = out.split("\r\n")
    assert lines[0] == "Titre" and lines[-3:] == ["  - un", "  - dos  ", ""]
    assert max(map(len, lines)) <= 60 and len(lines) == 9


@given(st.text())
def test_rebuilding_without_change_gives_identical_bytes(source: str) -> None:
    data = source.encode()
    try:
        texts = [block.text for block in text.read(data, "x.txt").documents[0].blocks]
    except FormatError:
        return
    assert text.rebuild(data, texts, language="fr") == data


@given(st.lists(st.sampled_from(["Un titre", "- item", "mot " * 12, "", "suite de la phrase.", "  1. a", "\t"])))
def test_changing_one_block_leaves_the_others_as_they_were(lines: list[str]) -> None:
    data = "\n".join(lines).encode()
    before = text.read(data, "x.txt").documents[0].blocks
    for n, block in enumerate(before):
        new = [None] * n + ["Tout autre chose, mais encore une phrase."]
        out = text.rebuild(data, new, language="fr").decode()
        assert "Tout autre chose" in out
        for other in {b.text for b in before} - {block.text}:
            assert other[:20] in out


def test_codes_a_plain_text_cannot_hold_are_dropped_but_its_own_look_alikes_stay() -> None:
    assert text.rebuild("Voir ⟨1⟩.".encode(), ["Ver ⟨1⟩ y ⟨2⟩eso⟨/2⟩."], language="es").decode() == "Ver ⟨1⟩ y eso."


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("cp1252", "Windows-1252"), ("mac_roman", "Mac Roman")],
)
def test_other_encodings_are_recognised_said_and_written_back(encoding: str, said: str) -> None:
    source = "L’été dernier, la coopération décentralisée a été réinventée à São Paulo.\n\nMañana será otro año.\n"
    data = source.encode(encoding)
    document = text.read(data, "x.txt").documents[0]
    assert [block.text for block in document.blocks] == [source.split("\n")[0], "Mañana será otro año."]
    assert said in " ".join(map(str, document.warnings))
    assert text.rebuild(data, [None, "Era outro ano."], language="pt") == source.replace(
        "Mañana será otro año.", "Era outro ano."
    ).encode(encoding)


def test_mixed_encodings_are_read_line_by_line_and_said() -> None:
    data = "Été à Lima.\n".encode() + "Été à Quito.\n".encode("cp1252")
    decoded = decode(data, "x.txt")
    assert decoded.text == "Été à Lima.\nÉté à Quito.\n"
    assert "line 2" in str(decoded.warnings[0])


def test_segment_files_hold_a_segment_a_line_and_blank_lines_cut_paragraphs() -> None:
    segments = text.read_segments(b"\n\nOne. \nTwo.\n\n\n  Three.", "fr.txt")
    assert [(s.text, s.block) for s in segments] == [("One.", 0), ("Two.", 0), ("Three.", 1)]


def test_a_fresh_text_is_read_back_as_it_was_meant() -> None:
    blocks = (Block("Titre", H, 1), Block("Une phrase."), Block("un", L, 1), Block("deux", L, 1), Block("Fin."))
    assert blocks_of(text.write(blocks, language="fr").decode()) == [(b.kind, b.text) for b in blocks]


def test_ten_megabytes_in_one_paragraph_are_read() -> None:
    data = b"un mot puis un autre. " * 480_000
    document = read_document(data, "x.txt").documents[0]
    assert len(document.blocks) == 1 and len(document.blocks[0].text) > 10_000_000


@needs_shared
def test_the_real_page_is_read_as_a_person_would() -> None:
    data = shared("al-las.fr.txt").read_bytes()
    blocks = text.read(data, "al-las.fr.txt").documents[0].blocks
    assert [sum(b.kind is kind for b in blocks) for kind in (H, L, P)] == [7, 7, 12]
    assert text.rebuild(data, [b.text for b in blocks], language="fr") == data
