"""A two-minute guided start on the sample texts, and the words the workbench uses."""

from __future__ import annotations

from html import escape

import streamlit as st

from workbench.core.library import TextCoverage
from workbench.ui.components.board import next_action
from workbench.ui.components.escape import shorten
from workbench.ui.components.page_head import draw_head, draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import language_label, tr
from workbench.ui.navigation import anchor, exists
from workbench.ui.session import current_workspace, told


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    draw_head(
        tr("Help"),
        tr("Two minutes on the sample texts show the whole way: from old versions to a translation with suggestions."),
    )
    with told():
        draw_section(tr("A guided start"))
        draw_html("guide", guide_html(workspace.library.coverage()), key="guide")
    words, keys = st.columns([3, 2], gap="large")
    with words:
        draw_section(tr("Words used here"))
        draw_html("guide", words_html(), key="words")
    with keys:
        draw_section(tr("Without the mouse"))
        draw_html("guide", keys_html(), key="keys")


def guide_html(texts: list[TextCoverage]) -> str:
    """Return the guided start: five steps, each with a link to a text on which it can be tried."""
    steps = [
        (
            tr("See where each text stands"),
            tr("The board lists the texts in rows and the four languages in columns. Each cell leads to what is best "
               "done next: translate, update, align or simply read."),
            anchor("home", escape(tr("Open the board")), css="link"),
        )
    ]  # fmt: skip
    # A text with doubtful rows shows most; the samples are all confirmed.
    aligned = max((c for c in texts if c.rows), key=lambda c: c.doubtful > 0, default=None)
    if aligned and exists("align"):
        steps.append(
            (
                tr("Look at an alignment"),
                tr("Sentences that say the same stand in one row. Doubtful rows stand out: correct them and confirm; "
                   "what you confirm goes into the memory, in all its languages at once."),
                _try("align", aligned, {"text": aligned.text.slug}),
            )
        )  # fmt: skip
    update = _first(texts, "update")
    if update and exists("translate"):
        steps.append(
            (
                tr("Bring an outdated version up to date"),
                tr("Where the original has changed, only the changed sentences ask for you. Suggestions from the "
                   "memory and the glossary’s terms stand beside each."),
                _try("translate", update[0], next_action(*update).params),
            )
        )  # fmt: skip
    missing = _first(texts, "translate")
    if missing and exists("translate"):
        steps.append(
            (
                tr("Translate a missing version"),
                tr("Into {language}: confirm with Ctrl+Enter and go on; identical sentences fill themselves.",
                   language=language_label(missing[1].language)),
                _try("translate", missing[0], next_action(*missing).params),
            )
        )  # fmt: skip
    steps.append(
        (
            tr("Bring in a text of your own"),
            tr("One to four files, or pasted text. You see how it is cut into sentences before it is kept."),
            anchor("add", escape(tr("Add a text")), css="link"),
        )
    )
    items = "".join(
        f'<li><span class="title">{escape(title)}</span><span class="quiet">{escape(words)}</span>{link}</li>'
        for title, words, link in steps
    )
    return f'<ol class="guide">{items}</ol>'


def _first(texts: list[TextCoverage], kind: str):  # type: ignore[no-untyped-def]
    pairs = ((text, c) for text in texts for c in text.languages.values())
    return next(((text, c) for text, c in pairs if next_action(text, c).kind == kind), None)


def _try(page: str, text: TextCoverage, params: dict[str, str]) -> str:
    words = tr("Try it on “{title}”", title=shorten(text.text.title, 50))
    return anchor(page, escape(words), css="link", **params)


def words_html() -> str:
    """Return the words the interface uses, explained."""
    words = [
        (tr("Text, version"), tr("A text is one publication; its versions are the same text in different languages.")),
        (tr("Segment"), tr("What is translated as one: a sentence, a heading or a list item.")),
        (tr("Alignment, row"), tr("Which segments of the versions say the same; each row holds one meaning.")),
        (tr("Memory"), tr("All translated sentences you confirmed or imported; suggestions come from it.")),
        (tr("Out of date"), tr("The original has changed since this version was translated.")),
        (
            tr("Concept, term"),
            tr("A concept is one idea of the trade; its terms are the words for it in each language."),
        ),
        (tr("Preferred, admitted, superseded, forbidden"), tr("What the network says of a term.")),
    ]
    items = "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in words)
    return f'<dl class="words">{items}</dl>'


def keys_html() -> str:
    """Return the keys that work everywhere and in the editors."""
    keys = [
        ("Tab", tr("next field, button or link")),
        ("Enter", tr("open the link, press the button")),
        ("Ctrl + K", tr("look up the selected words in the glossary and the memory; Esc leads back")),
        ("Ctrl + Enter", tr("in the translation: confirm and go on")),
        ("Ctrl + 1 … 9", tr("in the translation: insert a suggestion")),
        ("Alt + S · J · U", tr("in the translation: split, join with the next, undo")),
        ("Alt + M · H · P", tr("in the translation: comment, history, preview")),
        ("Alt + K", tr("in the translation: all its keys")),
        ("Enter", tr("in the alignment: confirm the row, on to the next doubtful one")),
        ("M · S · X", tr("in the alignment: merge, split, mark as left out")),
        ("T", tr("in the alignment: the row’s next term, in all languages")),
        ("U", tr("in the alignment: undo")),
    ]
    items = "".join(f"<dt><kbd>{escape(key)}</kbd></dt><dd>{escape(what)}</dd>" for key, what in keys)
    return f'<dl class="words keys">{items}</dl>'


draw()
