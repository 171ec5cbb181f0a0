"""Fee settlement: what is owed for the actual months, line by line."""

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.after_signing import has_actuals
from funnel_sim.words import say


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.subheader(say(lang, "page.fee_settlement"))
    if not has_actuals(result.scenario, lang):
        return
