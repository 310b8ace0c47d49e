"""HTML: text and attributes out and in, everything else untouched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.texts import Block, BlockKind
from workbench.errors import FormatError
from workbench.formats import html

PAGE = """<!DOCTYPE html>
<html lang="fr"><head><title>Le r&eacute;seau</title><meta name="description" content="Une &quot;page&quot;">
<script>if (a<b) {x("<p>non</p>")}</script></head>
<body>
<h1>Bonjour <em>à</em> tous</h1>
<!-- un commentaire -->
<p class=x>
   Texte <b>gras</b> et <a href="u" title='titre du lien'>lien <i>it</i></a><br>
   suite&nbsp;: <img src="a.png" alt="un logo"> <code>x=1</code>.
<p>non fermé <b>gras<p><b>tout gras</b></p>
<ul><li>un<ul><li>deux</ul></ul>
<div>tête<table><tr><td>A<td>B &amp; C</table>fin</div>
<a href="x"><div>bloc dans lien</div></a>
<pre>code ici</pre>
</body></html>
"""


def read(source: str) -> list[Block]:
    return list(html.read(source.encode(), "x.html").documents[0].blocks)


def test_blocks_attributes_and_codes() -> None:
    document = html.read(PAGE.encode(), "x.html").documents[0]
    assert (document.title, document.language) == ("Le réseau", "fr")
    assert [(b.kind.value, b.context, b.text) for b in document.blocks] == [
        ("heading", "title", "Le réseau"),
        ("paragraph", "content", 'Une "page"'),
        ("heading", "", "Bonjour ⟨1⟩à⟨/1⟩ tous"),
        (
            "paragraph",
            "",
            "Texte ⟨1⟩gras⟨/1⟩ et ⟨2⟩lien ⟨3⟩it⟨/3⟩⟨/2⟩⟨4/⟩ suite\u00a0: ⟨5/⟩ ⟨6/⟩.",
        ),
        ("paragraph", "title", "titre du lien"),
        ("paragraph", "alt", "un logo"),
        ("paragraph", "", "non fermé ⟨1/⟩gras"),
        ("paragraph", "", "tout gras"),
        ("list item", "", "un"),
        ("list item", "", "deux"),
        ("paragraph", "", "tête"),
        ("cell", "", "A"),
        ("cell", "", "B & C"),
        ("paragraph", "", "fin"),
        ("paragraph", "", "bloc dans lien"),
    ]


def test_new_texts_are_read_back_and_structure_stays() -> None:
    new = [f"<Z> {block.text}" for block in read(PAGE)]
    out = html.rebuild(PAGE.encode(), new, language="es").decode()
    assert [block.text for block in read(out)] == new
    assert '<html lang="es">' in out
    for untouched in ('<script>if (a<b) {x("<p>non</p>")}</script>', "<!-- un commentaire -->", "<pre>code ici</pre>"):
        assert untouched in out


def test_a_forgotten_image_stays_and_a_forgotten_link_loses_only_itself() -> None:
    source = 'Un <a href="u">lien</a> <img src="i.png"> ici'
    assert html.rebuild(source.encode(), ["Un enlace aquí"], language="es") == (
        'Un enlace aquí<img src="i.png">'.encode()
    )


SCRAPS = ("<p>", "</p>", "<b>", "</b>", "<td>", "a", " ", "\n", "é&amp;", "<!--", "-->", "<br/>", "</a>", "&lt;", "<",
          "<script>", "</script>", "⟨1⟩", "<a x='1' title=t>")  # fmt: skip


@given(st.lists(st.sampled_from(SCRAPS)))
def test_rebuilding_without_change_gives_identical_bytes(parts: list[str]) -> None:
    data = "".join(parts).encode()
    texts = [block.text for block in html.read(data, "x.html").documents[0].blocks]
    assert html.rebuild(data, texts, language="fr") == data


@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "mot ", "<br>", "<li>", "<td>"])))
def test_changed_texts_are_read_back(parts: list[str]) -> None:
    source = "".join(parts)
    texts = [f"{block.text} y más" for block in read(source)]
    assert [b.text for b in read(html.rebuild(source.encode(), texts, language="es").decode())] == texts


def test_the_declared_encoding_is_kept_and_missing_characters_become_entities() -> None:
    source = '<html lang="fr"><head><meta charset="windows-1252"></head><p>Été</p></html>'
    out = html.rebuild(source.encode("cp1252"), ["Жить à Lima"], language="ru")
    assert "&#1046;&#1080;" in out.decode("cp1252") and "à Lima" in out.decode("cp1252")


def test_a_fresh_page_shows_markup_in_texts_as_text() -> None:
    blocks = [Block("T <b>", BlockKind.HEADING, 1), Block("<script>x</script>"), Block("un", BlockKind.LIST_ITEM, 1)]
    assert read(html.write(blocks, language="fr", title="<i>").decode())[1:] == blocks


@pytest.mark.parametrize("piece", ["<b>", "<", "<p ", "</b>", "&", "<!--", "<a title='", "<div>", "<svg>"])
def test_hostile_repetition_is_read_in_seconds(piece: str) -> None:
    html.read((piece * (200_000 // len(piece)) + "fin").encode(), "x.html")


def test_a_pdf_with_the_wrong_name_is_refused() -> None:
    with pytest.raises(FormatError, match=r"x\.html is a PDF"):
        html.read(b"%PDF-1.7 ...", "../../x.html")


def test_a_page_whose_accents_are_entities_stays_in_the_encoding_it_declares():
    page = b'<html lang="fr"><head><meta charset="iso-8859-1"></head><p>Les villes coop&egrave;rent.</p></html>'
    out = html.rebuild(page, ["Las ciudades “cooperan” en su ámbito ☂."], language="es")
    assert out == page.replace(b'"fr"', b'"es"').replace(
        b"Les villes coop&egrave;rent.", "Las ciudades “cooperan” en su ámbito ".encode("cp1252") + b"&#9730;."
    )
