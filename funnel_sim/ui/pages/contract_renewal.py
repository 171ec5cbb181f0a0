"""Contract renewal: go on, renegotiate or leave; and who did better."""

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.after_signing import has_actuals
from funnel_sim.words import say


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.subheader(say(lang, "page.contract_renewal"))
    if not has_actuals(result.scenario, lang):
        return
