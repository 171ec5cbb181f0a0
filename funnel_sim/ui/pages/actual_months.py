"""Actual months: what came since the engagement began, month by month."""

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.ui.session import state
from funnel_sim.words import say


def draw(result: Result) -> None:
    """Draw the page."""
    lang = state.lang()
    st.subheader(say(lang, "page.actual_months"))
    st.markdown(say(lang, "after.actuals_lead"))
