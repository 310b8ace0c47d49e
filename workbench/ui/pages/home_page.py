"""Where people arrive: the network's texts, how far each language has come, and what to do next."""

from __future__ import annotations

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.library import TextCoverage
from workbench.core.people import Right
from workbench.core.terms import fold
from workbench.services.workspace import Workspace
from workbench.ui.components.board import (
    board_html,
    next_action,
    next_steps,
    recent_html,
    state_words,
    steps_html,
    to_review,
)
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.jobs import draw_jobs
from workbench.ui.components.labels import kind_label
from workbench.ui.components.page_head import draw_facts, draw_head, draw_section
from workbench.ui.components.page_html import draw_html
from workbench.ui.i18n import language_label, number, tr, trn
from workbench.ui.navigation import go
from workbench.ui.session import current_workspace, draw_said, may, prepare_search, recall_choices, told

PAGE_SIZE = 30  # rows of the board drawn at once


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    head, button = st.columns([5, 2], vertical_alignment="center")
    with head:
        draw_head(tr("Texts"), tr("What the network publishes, in its four languages, and what waits for you."))
    if may(Right.TRANSLATE) and button.button(
        tr("Add a text"), icon=":material/note_add:", type="primary", width="stretch"
    ):
        go("add")
    draw_said()
    with told():
        texts = workspace.library.coverage()
        if texts:
            _draw_steps(texts)
            _draw_recent(workspace)
            _draw_board(workspace, texts)
            workspace.figures.note_coverage(texts)
        else:
            _draw_empty()
    with told():  # at the end: loading the model must not hold the first page up
        prepare_search(workspace)
        draw_jobs(workspace)


def _draw_steps(texts: list[TextCoverage]) -> None:
    steps = next_steps(texts)
    if steps:
        draw_section(tr("What to do next"))
        draw_html("steps", steps_html(steps), key="steps")


def _draw_recent(workspace: Workspace) -> None:
    recent = workspace.recent.last(workspace.author)
    if recent:
        draw_html("steps", recent_html(recent), key="recent")


def _draw_board(workspace: Workspace, texts: list[TextCoverage]) -> None:
    recall_choices("home")
    heading, search, show, order = st.columns([0.9, 1.6, 1.3, 1.8], vertical_alignment="center")
    with heading:
        draw_section(tr("All texts"))
    query = search.text_input(
        tr("Search"), placeholder=tr("Title, kind or short name"), icon=":material/search:", key="home_query",
        label_visibility="collapsed",
    )  # fmt: skip
    filters = {
        "": tr("All states"),
        "stale": tr("Out of date"),
        "in translation": tr("In translation"),
        "review": tr("To review"),
        "missing": tr("A language is missing"),
        "unaligned": tr("Not aligned or doubtful"),
        "published": tr("Published in all its languages"),
    }
    wanted = show.selectbox(
        tr("Show"), list(filters), format_func=lambda key: filters[key], key="home_filter", label_visibility="collapsed"
    )
    orders = {"changed": tr("Last changed first"), "title": tr("By title"), "work": tr("Most to do first")}
    sort = order.selectbox(
        tr("Sort"), list(orders), format_func=lambda key: orders[key], key="home_sort", label_visibility="collapsed"
    )
    found = sort_texts([text for text in texts if matches(text, query) and in_state(text, wanted)], sort)
    if not found:
        st.info(tr("No text is like that. Empty the search or choose another state."), icon=":material/search_off:")
        return
    shown = found[: st.session_state.get("home_shown", PAGE_SIZE)]
    draw_html("board", board_html(shown), key="board")
    if len(shown) < len(found):
        left = len(found) - len(shown)
        if st.button(trn("Show {n} more text", "Show {n} more texts", min(left, PAGE_SIZE))):
            st.session_state["home_shown"] = len(shown) + PAGE_SIZE
            st.rerun()
    counts, files = st.columns([3, 1], vertical_alignment="center")
    with counts:
        _draw_counts(texts)
    with files:
        header = [tr("Text"), tr("Short name"), tr("Kind"), *(language_label(code) for code in LANGUAGES)]
        draw_downloads("texts", header, lambda: [_table_row(text) for text in found], key="home")


def _draw_counts(texts: list[TextCoverage]) -> None:
    cells = [c for text in texts for c in text.languages.values()]
    stale = sum(c.state == "stale" for c in cells)
    missing = sum(c.state == "missing" for c in cells)
    present = len(cells) - missing
    draw_facts(
        [
            (number(len(texts)), trn("text", "texts", len(texts))),
            (number(present), trn("version", "versions", present)),
            (number(stale), tr("out of date")),
            (number(missing), tr("missing")),
        ]
    )


def _draw_empty() -> None:
    st.info(
        tr(
            "There is no text here yet. Bring in the versions you have, one to four languages at once, and align them: "
            "the memory grows from there."
        ),
        icon=":material/note_add:",
    )
    if st.button(tr("See how it works"), icon=":material/help:"):
        go("help")


def matches(text: TextCoverage, query: str) -> bool:
    """Tell whether all words of a search stand in a text's titles, kind or short name, accents and case aside."""
    about = text.text
    hay = fold(
        " ".join(
            (about.title, *about.titles.values(), about.kind, kind_label(about.kind), about.slug, about.description)
        )
    )
    return all(word in hay for word in fold(query).split())


def in_state(text: TextCoverage, wanted: str) -> bool:
    """Tell whether a text belongs to a choice of the filter."""
    cells = text.languages.values()
    if wanted == "unaligned":
        return bool(text.doubtful) or any(c.state != "missing" and not c.aligned for c in cells)
    if wanted == "review":
        return any(to_review(text, c) for c in cells)
    if wanted == "published":
        return all(c.state == "published" for c in cells)
    if wanted == "in translation":
        return any(c.state in ("in translation", "draft") for c in cells)
    return not wanted or any(c.state == wanted for c in cells)


def sort_texts(texts: list[TextCoverage], order: str) -> list[TextCoverage]:
    """Return texts in the chosen order; they come last changed first."""
    if order == "title":
        return sorted(texts, key=lambda text: fold(text.text.title))
    if order == "work":
        return sorted(
            texts, key=lambda text: -max((next_action(text, c).urgency for c in text.languages.values()), default=0)
        )
    return texts


def _table_row(text: TextCoverage) -> list[str]:
    cells = []
    for code in LANGUAGES:
        coverage = text.languages.get(code)
        words = state_words(text, coverage)[1:] if coverage else ()
        cells.append(", ".join(word for word in words if word))
    return [text.text.title, text.text.slug, kind_label(text.text.kind), *cells]


draw()
