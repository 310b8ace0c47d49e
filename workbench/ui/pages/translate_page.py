"""Translating: choose a text and a language, then segment by segment in the editor; fill in, take out, publish."""

from __future__ import annotations

import streamlit as st

from workbench.core.library import TextCoverage
from workbench.core.people import Right
from workbench.core.texts import SegmentState
from workbench.errors import WorkbenchError
from workbench.services.translation_service import TranslationView
from workbench.services.workspace import Workspace
from workbench.ui.components.board import next_action, steps_html
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.labels import distinct
from workbench.ui.components.page_head import draw_head, draw_spoken_head
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.pager import current_offset, draw_pager
from workbench.ui.components.segments import pairs_html
from workbench.ui.components.translation_editor import EditorFeed, mount_code, mount_editor, sent_message
from workbench.ui.components.translation_editor.actions import draw_actions
from workbench.ui.i18n import language_label, said, tr, trn
from workbench.ui.navigation import go, param
from workbench.ui.session import current_workspace, draw_said, may, told

_STYLE = """
<style>
/* The editor fills the window; while the server works, nothing fades and nobody waits. */
[data-testid="stMainBlockContainer"] { padding-bottom: 0; }
[data-testid="stStatusWidget"] { display: none; }  /* the editor itself says what is saved */
[data-stale="true"], [data-stale="true"] * { opacity: 1 !important; transition: none !important; }
</style>
"""

FEED_KEY = "_translation_feed"
LEFT_KEY = "_translation_feed_left"  # the feed of the desk before: what was said there meanwhile comes in late
READ_AT_ONCE = 100  # rows shown at once to somebody who may only read
MAX_STEPS = 12  # texts waiting that are listed where none is chosen yet


def draw() -> None:
    """Draw the page."""
    workspace = current_workspace()
    texts = workspace.library.coverage()
    by_slug = {text.text.slug: text for text in texts}
    slug = param("text")
    if slug not in by_slug:
        _draw_choice(texts, slug)
        return
    draw_spoken_head(f"{by_slug[slug].text.title} · {tr('Translate')}")
    target = _draw_selectors(workspace, by_slug, slug)
    draw_said()
    if not may(Right.TRANSLATE):
        _draw_reading(workspace, slug, target, param("from") or None)
    elif target:
        _draw_text(workspace, slug, target, param("from") or None)


def _draw_choice(texts: list[TextCoverage], asked: str) -> None:
    """Draw what waits to be translated, where no text is chosen or the one asked for is gone."""
    draw_head(tr("Translate"), tr("Choose what to translate: what is out of date comes first, then what is missing."))
    if asked:
        st.warning(markdown_text(tr("There is no text “{name}” (any more).", name=shorten(asked, 60))))
    steps = [(text, c, next_action(text, c)) for text in texts for c in text.languages.values()]
    steps = [step for step in steps if step[2].page == "translate"]
    steps.sort(key=lambda step: -step[2].urgency)
    if steps:
        draw_html("steps", steps_html(steps[:MAX_STEPS]), key="translate_steps")
    elif texts:
        st.success(tr("Every text is up to date in all its languages."), icon=":material/check_circle:")
    else:
        st.info(tr("There is no text to translate yet: add one first."), icon=":material/note_add:")
        if st.button(tr("Add a text"), icon=":material/note_add:", type="primary"):
            go("add")


def _draw_selectors(workspace: Workspace, texts: dict[str, TextCoverage], slug: str) -> str:
    """Draw which text, from and into which language; returns the language into which, empty if there is none."""
    text = texts[slug]
    present = [code for code, c in text.languages.items() if c.state != "missing"]
    origin = param("from") if param("from") in present else text.text.original
    targets = [code for code in workspace.translation.choices(slug) if code != origin]
    wanted = param("to") if param("to") in targets else _most_urgent(text, targets)
    title, into, source = st.columns([4, 6, 1.8], vertical_alignment="center")
    titles = distinct({code: shorten(found.text.title, 70) for code, found in texts.items()})
    # The keys carry what is chosen, so that a link to another text or language is not overruled by an old choice.
    chosen = title.selectbox(
        tr("Text"), list(texts), list(texts).index(slug), format_func=titles.__getitem__,
        key=f"translate_text_{slug}", label_visibility="collapsed",
    )  # fmt: skip
    language = into.segmented_control(
        tr("Into"), targets, default=wanted, format_func=lambda code: _language_words(text, code),
        key=f"translate_to_{slug}_{origin}_{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    start = source.selectbox(
        tr("From"), present, present.index(origin) if origin in present else 0,
        format_func=lambda code: tr("From {language}", language=language_label(code)),
        key=f"translate_from_{slug}_{origin}_{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    if (chosen, language or wanted, start) != (slug, wanted, origin) or param("to") != wanted:
        new = {"text": chosen, "to": str(language or wanted)} if chosen == slug else {"text": chosen}
        if chosen == slug and start != texts[slug].text.original:
            new["from"] = str(start)
        if (chosen, language) == (slug, wanted):
            new |= {name: param(name) for name in ("row", "segment") if param(name)}
        st.query_params.from_dict(new)
        st.rerun()
    return wanted


def _most_urgent(text: TextCoverage, targets: list[str]) -> str:
    """Return the language that most needs work: stale before begun before missing."""
    urgency = {code: next_action(text, text.languages[code]).urgency for code in targets if code in text.languages}
    return max(targets, key=lambda code: urgency.get(code, 0), default="")


def _language_words(text: TextCoverage, code: str) -> str:
    coverage = text.languages.get(code)
    name = language_label(code)
    if coverage is None or coverage.state == "missing":
        return f"{name} · {tr('missing')}"
    todo = next_action(text, coverage).page == "translate"  # as the board says; the editor itself counts
    return f"{name} · {tr('to do')}" if todo else f"{name} ✓"


def _draw_text(workspace: Workspace, slug: str, target: str, source: str | None) -> None:
    try:
        feed = _feed(workspace, slug, target, source)
    except WorkbenchError as error:
        st.error(markdown_text(said(error)), icon=":material/error:")
        return
    if feed.view.unaligned:
        words = trn(
            "{n} segment of this version is not aligned with the original: align the text first, or it would be "
            "translated twice.",
            "{n} segments of this version are not aligned with the original: align the text first, or they would be "
            "translated twice.",
            feed.view.unaligned,
        )
        note, button = st.columns([6, 1], vertical_alignment="center")
        note.warning(markdown_text(words), icon=":material/warning:")
        if button.button(tr("Align"), icon=":material/view_column:", width="stretch"):
            go("align", text=slug)
    if not feed.view.rows:
        st.info(tr("This text has no segment to translate."), icon=":material/info:")
        return
    st.html(_STYLE)
    _draw_desk(feed)
    mount_code()


def _draw_reading(workspace: Workspace, slug: str, target: str, source: str | None) -> None:
    """Draw the translation beside its source for somebody who may only read it."""
    st.info(tr("You may read this translation; to work on it you need the role of translator."), icon=":material/lock:")
    if not target:
        return
    with told():
        view = workspace.translation.view(slug, target, source)
        key, total = f"reading_{slug}_{target}", len(view.rows)
        place = _place(workspace, view)
        if key not in st.session_state and place is not None:
            st.session_state[key] = place // READ_AT_ONCE * READ_AT_ONCE
        start = current_offset(key, total, READ_AT_ONCE)
        states = {
            "missing": tr("not translated yet"), "left out": tr("left out on purpose"),
            str(SegmentState.STALE): tr("the original has changed"), str(SegmentState.DRAFT): tr("Not confirmed yet."),
        }  # fmt: skip
        rows = view.rows[start : start + READ_AT_ONCE]
        draw_html("segments", pairs_html(rows, (view.source, view.target), states), key="reading")
        draw_pager(key, total, READ_AT_ONCE)


@st.fragment  # type: ignore[untyped-decorator]
def _draw_desk(feed: EditorFeed) -> None:
    """Draw the actions and the editor; what is done in the editor draws only this anew."""
    draw_actions(feed)
    mount_editor(feed, place=_place(feed.workspace, feed.view), on_ops=_receive)


def _receive() -> None:
    """Hand what the browser sent to the feed it is for, before the page is drawn anew."""
    message = sent_message()
    feeds: list[EditorFeed | None] = [st.session_state.get(key) for key in (FEED_KEY, LEFT_KEY)]
    for feed in feeds:
        if feed is not None and message is not None:
            feed.receive(message)


def _feed(workspace: Workspace, slug: str, target: str, source: str | None) -> EditorFeed:
    """Return the session's feed of this text, made anew for another text, language or person."""
    feed: EditorFeed | None = st.session_state.get(FEED_KEY)
    same = feed is not None and (feed.slug, feed.target, feed.source) == (slug, target, source)
    if feed is not None and same and feed.workspace is workspace:
        feed.refresh()
        return feed
    left = feed if feed is not None and feed.workspace is workspace else None
    feed = EditorFeed(workspace, slug, target, source, left.acks if left else None)
    st.session_state[LEFT_KEY], st.session_state[FEED_KEY] = left, feed
    return feed


def _place(workspace: Workspace, view: TranslationView) -> int | None:
    """Return the row the address asks for, 0-based: by its number, or by a segment of any language in it."""
    asked, segment = param("row"), param("segment")
    if asked.isdecimal() and len(asked) < 8:
        return int(asked) - 1 if 0 < int(asked) <= len(view.rows) else None
    if not segment.isdecimal() or len(segment) > 11:
        return None
    stored = workspace.library.grid(view.text.slug)
    rows = stored.grid.rows if stored else ()
    cells = next((row.cells for row in rows if any(int(segment) in cell for cell in row.cells)), ())
    return next((row.place for row in view.rows if any(row.key in cell for cell in cells)), None)


draw()
