"""Turning the pages of a long list."""

from __future__ import annotations

import streamlit as st

from workbench.ui.i18n import number, tr


def current_offset(key: str, total: int, size: int) -> int:
    """Return how many items come before the page shown, held within what there is."""
    last = max(0, (total - 1) // size * size)
    return int(min(st.session_state.get(key, 0), last))


def draw_pager(key: str, total: int, size: int, *, complete: bool = True) -> None:
    """Draw where in the list the page is, with buttons back and forth; nothing for a single page.

    Args:
        key: Session key of the offset.
        complete: False when there may be more than ``total``.
    """
    offset = current_offset(key, total, size)
    if total <= size:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            tr("Previous"), key=f"{key}_back", icon=":material/chevron_left:", disabled=offset == 0,
            on_click=_turn, args=(key, offset - size),
        )  # fmt: skip
        end = min(offset + size, total)
        words = tr("{first}–{last} of {total}", first=number(offset + 1), last=number(end), total=number(total))
        st.markdown(words + ("" if complete else "+"), width="content")
        st.button(
            tr("Next"), key=f"{key}_on", icon=":material/chevron_right:", icon_position="right",
            disabled=end >= total, on_click=_turn, args=(key, offset + size),
        )  # fmt: skip


def _turn(key: str, offset: int) -> None:
    st.session_state[key] = max(0, offset)
