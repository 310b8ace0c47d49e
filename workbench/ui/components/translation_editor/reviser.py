"""A version for a reviser: a bilingual Word document out, corrections in with a preview."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.core.people import Right
from workbench.errors import WorkbenchError
from workbench.services.reviser_service import Correction, Returned
from workbench.ui.components.downloads import draw_downloads
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.marks import mark_of
from workbench.ui.i18n import language_label, said, tr, trn

if TYPE_CHECKING:
    from workbench.ui.components.translation_editor.feed import EditorFeed

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RETURNED_KEY = "_translation_corrections"
SHOWN_REMARKS = 20  # comments listed before they are kept; the rest are counted


def draw_handout(feed: EditorFeed) -> None:
    """Draw the button that gives the bilingual Word document."""
    view, revisers = feed.view, feed.workspace.revisers
    st.download_button(
        tr("Word document with both languages"),
        lambda: revisers.hand_out(feed.slug, feed.target, source=feed.source)[1],
        f"{feed.slug}.{view.source}-{view.target}.docx", WORD_TYPE,
        icon=":material/rate_review:", on_click="ignore", width="stretch", key="translate_handout",
        help=tr("A table to be corrected in Word, with tracked changes or without; it comes back under “Corrections”"),
    )  # fmt: skip


def draw_corrections_button(feed: EditorFeed) -> None:
    """Draw the button that takes a corrected document in."""
    allowed = feed.workspace.guard.allows(Right.TRANSLATE)
    if st.button(
        tr("Corrections"), icon=":material/rate_review:", disabled=feed.view.state == "missing" or not allowed,
        help=tr("Bring in the Word document that a reviser has corrected; you see each correction before it is taken"),
    ):  # fmt: skip
        st.session_state.pop(RETURNED_KEY, None)
        st.dialog(tr("Corrections of a reviser"), width="large")(draw_corrections)(feed)


def draw_corrections(feed: EditorFeed) -> None:
    """Draw the dialog: a file, what it would change, and the button that takes what is chosen."""
    file = st.file_uploader(tr("The corrected Word document"), type=["docx"], key="translate_corrections_file")
    if file is None:
        st.caption(
            markdown_text(
                tr(
                    "It is the document from “Take out”. Tracked changes count as accepted; comments in the margin and "
                    "in the last column come along."
                )
            )
        )
        return
    try:
        returned = _read(feed, file.getvalue(), file.name)
    except WorkbenchError as error:
        st.error(markdown_text(said(error)), icon=":material/error:")
        return
    for note in returned.notes:
        st.warning(markdown_text(said(note)), icon=":material/info:")
    chosen = _choose(feed, returned)
    reviewed = bool(returned.unchanged) and st.checkbox(
        trn("Mark the {n} segment that the reviser left as it was as reviewed",
            "Mark the {n} segments that the reviser left as they were as reviewed", len(returned.unchanged)),
        value=True, key="translate_corrections_reviewed",
    )  # fmt: skip
    remarks = _choose_remarks(feed, returned)
    label = trn("Take {n} correction", "Take {n} corrections", len(chosen))
    key = f"translate_corrections_take_{mark_of(returned)}"
    if st.button(label, type="primary", disabled=not (chosen or reviewed or remarks), key=key):
        try:
            taken = feed.workspace.revisers.take(
                feed.slug, feed.target, chosen, reviewed=returned.unchanged if reviewed else {},
                remarks=returned.remarks if remarks else (), source=feed.source,
            )  # fmt: skip
        except WorkbenchError as error:
            st.error(markdown_text(said(error)), icon=":material/error:")
            return
        words = [trn("{n} correction taken.", "{n} corrections taken.", taken.corrected)]
        if taken.skipped:
            words.append(
                trn("{n} segment changed at this very moment and was left.",
                    "{n} segments changed at this very moment and were left.", taken.skipped)
            )  # fmt: skip
        if taken.remarks:
            words.append(trn("{n} comment kept.", "{n} comments kept.", taken.remarks))
        feed.notice = " ".join(words)
        st.rerun()


def _read(feed: EditorFeed, data: bytes, name: str) -> Returned:
    """Compare a document once: what is taken at the click is what was shown, and what changed since is left."""
    asked = (feed.slug, feed.target, feed.source, name, sha256(data).digest())
    kept = st.session_state.get(RETURNED_KEY)
    if kept is None or kept[0] != asked:
        returned = feed.workspace.revisers.read(feed.slug, feed.target, data, name, source=feed.source)
        kept = st.session_state[RETURNED_KEY] = (asked, returned)
    shown: Returned = kept[1]
    return shown


def _choose(feed: EditorFeed, returned: Returned) -> list[Correction]:
    """Draw the corrections as a table to choose from."""
    found = returned.corrections
    if not found:
        st.info(tr("The document brings no correction."), icon=":material/check:")
        return []
    conflicts = sum(bool(c.conflict) for c in found)
    if conflicts:
        st.warning(
            trn(
                "{n} segment was changed here since the document was made. Both versions are in the table; the "
                "reviser’s is taken only if you choose it.",
                "{n} segments were changed here since the document was made. Both versions are in the table; the "
                "reviser’s is taken only if you choose it.",
                conflicts,
            ),
            icon=":material/call_split:",
        )
    everything = st.checkbox(tr("All without a conflict"), value=True, key="translate_corrections_all")
    target = language_label(feed.view.target)
    text = dict.fromkeys(("source", "before", "after", "now"), st.column_config.TextColumn)
    edited: Any = st.data_editor(
        [_row(c, everything, bool(conflicts)) for c in found], hide_index=True,
        height=min(420, 80 + 36 * len(found)), key=f"translate_corrections_{everything}_{mark_of(found)}",
        disabled=["row", *text],
        column_config={
            "use": st.column_config.CheckboxColumn(tr("Take"), width="small"),
            "row": st.column_config.NumberColumn(tr("No."), width="small"),
            "source": text["source"](language_label(feed.view.source), width="medium"),
            "before": text["before"](tr("{language}, as sent", language=target), width="medium"),
            "after": text["after"](tr("Corrected"), width="medium"),
            "now": text["now"](tr("Changed here meanwhile"), width="medium"),
        },
    )  # fmt: skip
    header = [tr("No."), language_label(feed.view.source), tr("{language}, as sent", language=target), tr("Corrected")]
    draw_downloads(
        f"{feed.slug}.{feed.target}.corrections", header,
        lambda: [[c.place + 1, c.source, c.before, c.after] for c in found], key="translate_corrections_table",
    )  # fmt: skip
    return [c for c, row in zip(found, edited, strict=True) if row["use"]]


def _row(correction: Correction, everything: bool, with_now: bool) -> dict[str, object]:
    now = {
        "": "",
        "target": correction.now or tr("(nothing)"),
        "source": tr("the original: {text}", text=correction.source),
    }[correction.conflict]
    out: dict[str, object] = {
        "use": everything and not correction.conflict, "row": correction.place + 1, "source": correction.source,
        "before": correction.before, "after": correction.after,
    }  # fmt: skip
    return out | ({"now": now} if with_now else {})


def _choose_remarks(feed: EditorFeed, returned: Returned) -> bool:
    if not returned.remarks:
        return False
    keep = st.checkbox(
        trn("Keep {n} comment of the reviser", "Keep {n} comments of the reviser", len(returned.remarks)), value=True,
        key="translate_corrections_remarks",
    )  # fmt: skip
    places = {row.key: row.place + 1 for row in feed.view.rows}
    for key, who, what in returned.remarks[:SHOWN_REMARKS]:
        st.caption(markdown_text(f"{places.get(key, '')} · {who}: {what}"))
    return bool(keep)
