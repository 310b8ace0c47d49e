"""A damaged database before the user: what happened, and what can still be read, taken out into a file."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from workbench.config import read_settings
from workbench.errors import DamagedError, WorkbenchError
from workbench.services.backup_service import rescue
from workbench.ui.components.escape import markdown_text
from workbench.ui.i18n import number, said, tr
from workbench.ui.sign_in import set_up

RESCUED = "_rescued"


def draw_damage(error: DamagedError) -> None:
    """Draw what is known of the damage, and the button that takes out what can still be read.

    The damaged file is only read; what is taken out lies beside the workspace's other backups.
    """
    st.error(markdown_text(said(error)), icon=":material/error:")
    settings = read_settings()
    if set_up():  # who is there cannot be looked up now: in a team the technician does it by command
        return
    kept = sorted((settings.home / "backups").glob("*.zip"), key=lambda path: path.stat().st_mtime, reverse=True)
    if kept:
        st.caption(tr("The last backup here: {name}", name=markdown_text(str(kept[0]))))
    if st.button(tr("Take out what can still be read"), icon=":material/healing:", type="primary", key="rescue"):
        target = settings.home / "backups" / f"rescued-{datetime.now():%Y%m%d-%H%M%S}.zip"
        try:
            with st.spinner(tr("Reading what can still be read …"), show_time=True):
                found = rescue(settings, target)
            st.session_state[RESCUED] = (target, sum(table.rows for table in found), all(t.whole for t in found))
        except WorkbenchError as refused:
            st.error(markdown_text(said(refused)), icon=":material/error:")
    if RESCUED in st.session_state:
        target, rows, whole = st.session_state[RESCUED]
        words = tr("{n} rows were taken out.", n=number(rows))
        if not whole:
            words += " " + tr("Some could not be read.")
        st.success(words, icon=":material/check_circle:")
        st.code(f'workbench restore "{target}"', language=None)
        st.caption(
            tr("This command puts it in the damaged workspace's place; the damaged file is put aside, not lost.")
        )
