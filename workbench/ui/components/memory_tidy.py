"""Tidying the memory up: find and replace with a preview, sentences translated in several ways, duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Any

import streamlit as st

from workbench.core.languages import LANGUAGES
from workbench.core.matching import differences
from workbench.errors import WorkbenchError
from workbench.services.memory_care import Contradiction, Duplicate, Replacement, reversed_replacements
from workbench.services.memory_service import MemoryService
from workbench.ui.components.concordance import unit_html
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text, shorten
from workbench.ui.components.marks import mark_of
from workbench.ui.components.page_html import draw_html
from workbench.ui.components.pager import current_offset, draw_pager
from workbench.ui.i18n import language_label, number, tr, trn
from workbench.ui.session import say, told

MOST = 1_000  # found at once: as many as one transaction changes in a moment, and more than anybody looks through
PAGE = 20
AROUND = 70  # characters shown of what stays the same between two changes of a long segment
FOUND, LEFT_OUT, DONE, OFFSET, LISTED = "tidy_found", "tidy_left_out", "tidy_done", "tidy_offset", "tidy_listed"
SEARCH, REFUSED, ANSWERED = "tidy_search", "tidy_refused", "tidy_answered"


def draw_tidy(memory: MemoryService) -> None:
    """Draw the choice of what is tidied up, and that."""
    kinds = {
        "replace": tr("Find and replace"),
        "several": tr("Several translations"),
        "duplicates": tr("Duplicates"),
    }
    chosen = st.segmented_control(
        tr("What to tidy up"), list(kinds), default="replace", format_func=lambda key: kinds[key], key="tidy_kind",
        on_change=_first_page, label_visibility="collapsed",
    )  # fmt: skip
    _draw_refusal()
    _draw_take_back(memory)
    if chosen == "several":
        _draw_contradictions(memory)
    elif chosen == "duplicates":
        _draw_duplicates(memory)
    else:
        _draw_replace(memory)


def _first_page() -> None:
    st.session_state[OFFSET] = 0


@contextmanager
def _told_later() -> Iterator[None]:
    """Around what a click's callback does: there is no place yet to show a refusal in, the next drawing has one."""
    try:
        yield
    except WorkbenchError as error:
        st.session_state[REFUSED] = error


def _answer(asked: str, words: str, *, done: bool) -> None:
    """Say what a click did; the same click sent once more, which finds it done, is told the same again."""
    before: tuple[str, str] | None = st.session_state.get(ANSWERED)
    if not done and before and before[0] == asked:
        words = before[1]
    st.session_state[ANSWERED] = (asked, words)
    say(words)


def _draw_refusal() -> None:
    refused: WorkbenchError | None = st.session_state.pop(REFUSED, None)
    with told():
        if refused is not None:
            raise refused


def _draw_take_back(memory: MemoryService) -> None:
    done: list[Replacement] = st.session_state.get(DONE, [])
    words = trn("Take back the last change ({n} segment)", "Take back the last change ({n} segments)", len(done))
    if done and st.button(words, icon=":material/undo:", key="tidy_take_back"):
        with told():
            count, left = memory.apply_replacements(reversed_replacements(done))
            st.session_state.pop(DONE, None)
            say(_done_words(count, len(left)))
            st.rerun()


def _done_words(count: int, left: int) -> str:
    words = trn("{n} segment changed.", "{n} segments changed.", count)
    if left:
        words += " " + trn(
            "{n} was left as it is: somebody changed it meanwhile, or nothing would be left of it.",
            "{n} were left as they are: somebody changed them meanwhile, or nothing would be left of them.",
            left,
        )
    return words


# Find and replace --------------------------------------------------------------------------------------------------


def _draw_replace(memory: MemoryService) -> None:
    with st.form("tidy_replace_form", border=False):
        left, middle, right = st.columns([2, 2, 1.4])
        find = left.text_input(tr("Find"), key="tidy_find", max_chars=500)
        put = middle.text_input(tr("Replace by"), key="tidy_put", max_chars=500)
        language = right.selectbox(tr("In the segments in"), LANGUAGES, format_func=language_label, key="tidy_language")
        first, second, button = st.columns([2, 2, 1.4], vertical_alignment="center")
        match_case = first.checkbox(tr("Capitals must agree"), True, key="tidy_case")
        pattern = second.checkbox(
            tr("Regular expression"), False, key="tidy_pattern",
            help=tr("“\\b” is a word's edge, “.” any character, “(…)” a group that “\\1” puts in again."),
        )  # fmt: skip
        asked = button.form_submit_button(tr("Show what would change"), icon=":material/preview:", width="stretch")
    if asked:
        st.session_state.pop(FOUND, None)
        with told(), st.spinner(tr("Looking through the memory …")):
            found = list(
                islice(
                    memory.find_replacements(find, put, language=language, pattern=pattern, match_case=match_case),
                    MOST + 1,
                )
            )
            st.session_state[FOUND] = (tuple(found[:MOST]), len(found) > MOST)
            st.session_state[LEFT_OUT] = set()
            st.session_state[SEARCH] = st.session_state.get(SEARCH, 0) + 1
            st.session_state[OFFSET] = 0
    if FOUND in st.session_state:
        _draw_preview(memory)
    else:
        st.caption(tr("Nothing is changed before you have seen it."))


def _draw_preview(memory: MemoryService) -> None:
    found: Sequence[Replacement]
    found, more = st.session_state[FOUND]
    if not found:
        st.info(tr("No segment holds that, or none would change."), icon=":material/search_off:")
        return
    left_out: set[int] = st.session_state[LEFT_OUT]
    chosen = [r for k, r in enumerate(found) if k not in left_out]
    words, button = st.columns([4, 1.4], vertical_alignment="center")
    count = trn("{n} segment would change. Untick what must stay.", "{n} segments would change. Untick what must stay.",
                len(found))  # fmt: skip
    if more:
        count += " " + tr("These are the first {n}; look for the others afterwards.", n=number(MOST))
    words.markdown(count)
    label = trn("Change {n} segment", "Change {n} segments", len(chosen))
    if button.button(
        label, type="primary", icon=":material/check:", disabled=not chosen, key="tidy_apply", width="stretch"
    ):
        with told():
            done, left = memory.apply_replacements(chosen)
            kept = {id(r) for r in left}
            st.session_state[DONE] = [r for r in chosen if id(r) not in kept]
            st.session_state.pop(FOUND)
            say(_done_words(done, len(left)))
            st.rerun()
    offset = current_offset(OFFSET, len(found), PAGE)
    for place, replacement in list(enumerate(found))[offset : offset + PAGE]:
        key = f"tidy_use_{st.session_state[SEARCH]}_{place}"  # of this search: no tick comes along from the last
        st.checkbox(
            change_markdown(replacement.before, replacement.after), place not in left_out, key=key,
            on_change=_tick, args=(left_out, place, key),
        )  # fmt: skip
    draw_pager(OFFSET, len(found), PAGE)
    header = [tr("Unit"), tr("Language"), tr("Now"), tr("Afterwards")]
    draw_downloads("replacements", header, lambda: [[r.unit_id, r.language, r.before, r.after] for r in found],
                   key="replacements")  # fmt: skip


def _tick(left_out: set[int], place: int, key: str) -> None:
    """Remember a tick: what a widget knows is gone once another page of the preview is drawn."""
    (left_out.discard if st.session_state[key] else left_out.add)(place)


def change_markdown(before: str, after: str) -> str:
    """Return a change as Markdown: what goes struck out, what comes marked; the rest as it stands, shortened."""
    pieces, at = [], 0
    for difference in differences(before, after):
        pieces.append(_same(before[at : difference.query[0]], first=at == 0))
        gone, come = before[slice(*difference.query)], after[slice(*difference.found)]
        if gone.strip():
            pieces.append(f":red-background[~~{markdown_text(gone)}~~]")
        if come.strip():
            pieces.append(f":green-background[{markdown_text(come)}]")
        at = difference.query[1]
    pieces.append(_same(before[at:], last=True, first=at == 0))
    shown = " ".join(piece for piece in pieces if piece)
    return shown if ":red" in shown or ":green" in shown else f"{markdown_text(before)} → {markdown_text(after)}"


def _same(text: str, *, first: bool = False, last: bool = False) -> str:
    text = " ".join(text.split())
    if len(text) > 2 * AROUND + 10:
        begin = "" if first else shorten(text, AROUND).removesuffix("…")
        end = "" if last else text[-AROUND:].partition(" ")[2]
        text = f"{begin} … {end}".strip()
    return markdown_text(text)


def _kept(memory: MemoryService, what: tuple[str, ...], find: Callable[[], list[Any]]) -> list[Any]:
    """Return what was found, looked for anew only once the memory has changed: a page is drawn at each click."""
    wanted = (*what, memory.stats().revision)
    kept = st.session_state.get(LISTED)
    if kept is None or kept[0] != wanted:
        with st.spinner(tr("Looking through the memory …")):
            kept = st.session_state[LISTED] = (wanted, find())
        st.session_state[OFFSET] = 0
    found: list[Any] = kept[1]
    return found


# Several translations ----------------------------------------------------------------------------------------------


def _draw_contradictions(memory: MemoryService) -> None:
    left, right, note = st.columns([1, 1, 3], vertical_alignment="bottom")
    source = left.selectbox(tr("From"), LANGUAGES, format_func=language_label, key="several_from")
    others = [code for code in LANGUAGES if code != source]
    target = right.selectbox(tr("Into"), others, format_func=language_label, key=f"several_to_{source}")
    found: list[Contradiction] = _kept(memory, ("several", source, target), partial(
        memory.contradictions, source=source, target=target
    ))  # fmt: skip
    if not found:
        st.success(tr("Every sentence has one translation only."), icon=":material/check_circle:")
        return
    note.caption(
        trn(
            "{n} sentence has several translations. That may be right: another context asks for other words.",
            "{n} sentences have several translations. That may be right: another context asks for other words.",
            len(found),
        )
    )
    offset = current_offset(OFFSET, len(found), PAGE)
    for contradiction in found[offset : offset + PAGE]:
        with st.container(border=True):
            _draw_contradiction(memory, contradiction, source, target)
    draw_pager(OFFSET, len(found), PAGE)
    header = [language_label(source), language_label(target), tr("Units")]
    draw_downloads(
        f"several.{source}-{target}", header,
        lambda: [[c.source, text, ", ".join(map(str, units))] for c in found for text, units in c.targets],
        key="several",
    )  # fmt: skip


def _draw_contradiction(memory: MemoryService, contradiction: Contradiction, source: str, target: str) -> None:
    st.markdown(f"**{markdown_text(contradiction.source)}**")
    for text, units in contradiction.targets:
        words, button = st.columns([6, 1.2], vertical_alignment="center")
        links = ", ".join(f"[\\#{unit}](memory?unit={unit})" for unit in units[:5])
        words.markdown(f"{markdown_text(text)} &nbsp; :small[{trn('{n} unit', '{n} units', len(units))} · {links}]")
        with button.popover(tr("Use this one"), width="stretch"):
            st.markdown(tr("The other units of this sentence will say this too."))
            # What was drawn is handed over: by the time of the click another sentence may stand at this place.
            mark = mark_of(source, target, contradiction.source, text)
            st.button(
                tr("Yes, everywhere"), type="primary", key=f"several_{mark}",
                on_click=_settle, args=(memory, contradiction, target, text),
            )  # fmt: skip


def _settle(memory: MemoryService, contradiction: Contradiction, target: str, text: str) -> None:
    with _told_later():
        done, left = memory.settle(contradiction, target, text)
        if done:  # a click sent twice finds nothing more to do, and what the first did can still be taken back
            st.session_state[DONE] = done
        _answer(mark_of(contradiction, target, text), _done_words(len(done), left), done=bool(done))


# Duplicates --------------------------------------------------------------------------------------------------------


def _draw_duplicates(memory: MemoryService) -> None:
    found: list[Duplicate] = _kept(memory, ("duplicates",), partial(memory.duplicates, limit=MOST))
    if not found:
        st.success(tr("No unit is there twice."), icon=":material/check_circle:")
        return
    words, button = st.columns([4, 1.4], vertical_alignment="center")
    words.markdown(
        trn(
            "{n} unit says what an older one says too. Joined, the older one has the languages and sources of both.",
            "{n} units say what older ones say too. Joined, the older ones have the languages and sources of both.",
            len(found),
        )
    )
    label = trn("Join {n} unit", "Join {n} units", len(found))
    button.button(
        label, type="primary", icon=":material/merge:", key="duplicates_join", width="stretch",
        on_click=_join, args=(memory, found),
    )  # fmt: skip
    _draw_page(found)


def _join(memory: MemoryService, shown: Sequence[Duplicate]) -> None:
    with _told_later():
        joined = memory.dedupe(shown)
        words = trn("{n} unit was joined with an older one.", "{n} units were joined with older ones.", joined)
        _answer(mark_of([(d.kept.id, d.other.id) for d in shown]), words, done=bool(joined))


def _draw_page(found: Sequence[Duplicate]) -> None:
    offset = current_offset(OFFSET, len(found), PAGE)
    for place, duplicate in list(enumerate(found))[offset : offset + PAGE]:
        with st.container(border=True):
            _draw_duplicate(duplicate, place)
    draw_pager(OFFSET, len(found), PAGE)
    header = [tr("Older unit"), tr("Unit"), *(language_label(code) for code in LANGUAGES)]
    draw_downloads(
        "duplicates", header,
        lambda: [[d.kept.id, d.other.id, *(d.other.texts.get(code, "") for code in LANGUAGES)] for d in found],
        key="duplicates",
    )  # fmt: skip


def _draw_duplicate(duplicate: Duplicate, place: int) -> None:
    left, right = st.columns(2)
    with left:
        draw_html("hits", unit_html(duplicate.kept), key=f"kept_{place}")
    with right:
        draw_html("hits", unit_html(duplicate.other), key=f"other_{place}")
