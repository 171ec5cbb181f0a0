"""Funnel Sim: the router. `streamlit run app.py`; every page is a file in pages/."""

from funnel_sim.ui import shell

shell.run()
