"""The browser entry: page set-up and navigation; nothing else."""

import streamlit as st

from workbench.ui.components.lookup import draw_lookup
from workbench.ui.components.page_head import ICON, draw_style
from workbench.ui.navigation import pages
from workbench.ui.session import unexpected_told

st.set_page_config(page_title="Workbench", page_icon=str(ICON), layout="wide")
draw_style()
draw_lookup()
with unexpected_told():
    st.navigation(pages(), position="top").run()
