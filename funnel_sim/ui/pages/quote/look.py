"""How the quote page stands on the screen: the sentence's blanks without their labels, the verdict
in view, changes that may be long.
"""

import streamlit as st

from funnel_sim.ui.session.static import static
from funnel_sim.ui.widgets.in_view import column_stays


def look() -> None:
    """Give the page its look; what is hidden from the eye stays for those who are read to."""
    column_stays("quote_card", "quote_line")
    st.html(f"<style>{static('quote.css')}</style>")
