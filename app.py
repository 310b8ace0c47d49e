"""The browser entry: page set-up, sign-in, navigation; nothing else."""

import streamlit as st

from workbench.ui.components.lookup import draw_lookup
from workbench.ui.components.page_head import ICON, draw_style
from workbench.ui.components.upkeep import draw_page_end, draw_upkeep
from workbench.ui.navigation import pages
from workbench.ui.session import current_workspace, note_choices, unexpected_told

st.set_page_config(page_title="Workbench", page_icon=str(ICON), layout="wide")
draw_style()
with unexpected_told():
    draw_upkeep()
    current_workspace()  # where people sign in, nobody else sees so much as the menu
    draw_lookup()
    note_choices()
    st.navigation(pages(), position="top").run()
draw_page_end()
