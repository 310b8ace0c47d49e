"""Markdown: blocks with codes, everything else untouched."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.texts import Block, BlockKind
from workbench.formats import markdown

PAGE = """---
title: Le réseau
lang: fr
---
# Un *titre* ##

> Voir [le site](http://x.org "t") et [la carte][c] ![un *plan*](i.png)\\
> puis `code` &amp; \\* <b>gras</b> <http://auto.x>

- premier
  suite

  autre paragraphe
  - [ ] tâche **x**
1. 1

| a | b \\| c |
|---|---|
| `x` | **y** z |

```
code = "intact"
```

<div>Un bloc HTML</div>

[c]: http://c.org
[^1]: Une note.

**Mot**[^1] et __tout__ le reste
"""


def read(source: str) -> list[Block]:
    return list(markdown.read(source.encode(), "x.md").documents[0].blocks)


def test_blocks_have_their_kind_and_codes_stand_for_markup() -> None:
    document = markdown.read(PAGE.encode(), "x.md").documents[0]
    assert (document.title, document.language) == ("Le réseau", "fr")
    assert [(b.kind.value, b.level, b.text) for b in document.blocks] == [
        ("heading", 1, "Un ⟨1⟩titre⟨/1⟩"),
        (
            "paragraph",
            0,
            "Voir ⟨1⟩le site⟨/1⟩ et ⟨2⟩la carte⟨/2⟩ ⟨3⟩un ⟨4⟩plan⟨/4⟩⟨/3⟩⟨5/⟩puis ⟨6/⟩ & * ⟨7⟩gras⟨/7⟩ ⟨8/⟩",
        ),
        ("list item", 1, "premier suite"),
        ("list item", 1, "autre paragraphe"),
        ("list item", 2, "tâche ⟨1⟩x⟨/1⟩"),
        ("list item", 1, "1"),
        ("cell", 0, "a"),
        ("cell", 0, "b | c"),
        ("cell", 0, "⟨1⟩y⟨/1⟩ z"),
        ("paragraph", 0, "Une note."),
        ("paragraph", 0, "⟨1⟩Mot⟨/1⟩⟨2/⟩ et ⟨3⟩tout⟨/3⟩ le reste"),
    ]
    assert "HTML" in str(document.warnings[0])


def test_new_texts_are_read_back_and_nothing_else_changes() -> None:
    new = [f"Z {block.text}" for block in read(PAGE)]
    out = markdown.rebuild(PAGE.encode(), new, language="es").decode()
    assert [block.text for block in read(out)] == new
    for untouched in (
        "title: Le réseau\nlang: fr\n",
        'code = "intact"',
        "<div>Un bloc HTML</div>",
        "[c]: http://c.org",
    ):
        assert untouched in out
    assert '[le site](http://x.org "t") et [la carte][c] ![un *plan*](i.png)\\\n> puis' in out


def test_lost_unknown_and_crossing_codes_cost_only_their_formatting() -> None:
    source = "Un **mot** et *un autre* ![plan](i.png)"
    for new, expected in (
        ("Una palabra", "Una palabra"),
        ("⟨9⟩Una⟨/9⟩ ⟨1⟩palabra", "Una palabra"),
        ("⟨1⟩a ⟨2⟩b⟨/1⟩ c⟨/2⟩", "**a *b*** c"),
        ("⟨/1⟩a ⟨3/⟩ b⟨2⟩ x⟨/2⟩ y", "a  b *x* y"),
    ):
        out = markdown.rebuild(source.encode(), [new], language="es").decode()
        assert out.startswith(expected), out


def test_text_that_looks_like_markup_is_escaped() -> None:
    for text in (
        "# un",
        "- un",
        "1. un",
        "a * b *c*",
        "[x](y)",
        "`a`",
        "<b>",
        "&amp;",
        "a\\*b",
        "_x_ snake_case",
        "> x",
        "![x]",
    ):
        out = markdown.rebuild(b"texte ancien", [text], language="fr").decode()
        assert [(b.kind, b.text) for b in read(out)] == [(BlockKind.PARAGRAPH, text)], out


@given(st.text(alphabet="ab *_`[]()!<>#-+1.|\\~&;\n\t:\"'é⟨/⟩", max_size=60))
def test_rebuilding_without_change_gives_identical_bytes(source: str) -> None:
    data = source.encode()
    texts = [block.text for block in markdown.read(data, "x.md").documents[0].blocks]
    assert markdown.rebuild(data, texts, language="fr") == data
    assert markdown.rebuild(data, [None] * len(texts), language="fr") == data


@given(st.text(alphabet="ab *_`[]()!<>#-+1.|\\~&;:\"'é", max_size=40))
def test_any_text_put_in_is_read_back(text: str) -> None:
    text = f"x {' '.join(text.split())}".strip()
    out = markdown.rebuild(b"# Titre\n\nun texte\n\nfin", [None, text, None], language="fr").decode()
    assert [block.text for block in read(out)] == ["Titre", text, "fin"]


def test_a_fresh_document_is_read_back_as_it_was_meant() -> None:
    blocks = [Block("Titre", BlockKind.HEADING, 2), Block("Un *texte*."), Block("un", BlockKind.LIST_ITEM, 1)]
    assert read(markdown.write(blocks, language="fr").decode()) == blocks


def test_a_huge_paragraph_is_read_as_text() -> None:
    assert len(read("mot *mot* [mot " * 500_000)) == 1
