"""The review's last part: the report as files."""

import streamlit as st

from funnel_sim.ui.pages.review.at_hand import AtHand
from funnel_sim.words import Lang, say


def draw(at: AtHand, lang: Lang) -> None:
    """Draw the part."""
    st.markdown(say(lang, "review.report_lead"))
