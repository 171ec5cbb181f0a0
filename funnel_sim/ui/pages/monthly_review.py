"""Monthly review: where it leaks, what drove the change, whose doing it is, how KPIs stand."""

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.ui.session import state
from funnel_sim.ui.widgets.after_signing import has_actuals
from funnel_sim.words import say


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.subheader(say(lang, "page.monthly_review"))
    if not has_actuals(result.scenario, lang):
        return
