"""The browser app: pages read state, call a service and draw. Only here and in ``app.py`` is Streamlit imported."""
