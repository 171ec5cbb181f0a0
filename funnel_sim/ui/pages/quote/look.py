"""How the quote page stands on the screen: the sentence's blanks without their labels, the verdict
in view, changes that may be long.
"""

import streamlit as st

from funnel_sim.ui.session.static import static
from funnel_sim.ui.widgets.in_view import column_stays


def look(card: str = "quote_card", line: str = "quote_line") -> None:
    """Give a page with blanks and a verdict in view its look; what is hidden from the eye stays for
    those who are read to.

    Args:
        card: key of the container with the verdict.
        line: key of the container that stays in view on a phone.
    """
    column_stays(card, line)
    st.html(f"<style>{static('quote.css')}</style>")
