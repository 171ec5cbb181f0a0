"""With a quote: what its fees do to the balance, on the days on which they are due."""

import streamlit as st

from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.cash import CashShown
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    st.info(say(lang, "cash.quote_none"))
