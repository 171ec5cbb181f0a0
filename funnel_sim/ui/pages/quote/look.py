"""How the quote page stands on the screen: the sentence's blanks without their labels, the verdict
in view, changes that may be long.
"""

import streamlit as st

from funnel_sim.ui.widgets.in_view import column_stays


def look() -> None:
    """Give the page its look; what is hidden from the eye stays for those who are read to."""
    column_stays("quote_card", "quote_line")
    st.html("""<style>
        .st-key-quote_sentence [data-testid=stWidgetLabel] { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; min-height: 0; }
        .st-key-quote_sentence [data-testid=stCheckbox] [data-testid=stWidgetLabel] { position: static; width: auto; height: auto; clip-path: none; }
        .st-key-quote_sentence [data-testid=stNumberInputStepUp], .st-key-quote_sentence [data-testid=stNumberInputStepDown] { display: none !important; }
        .st-key-quote_card h5 { line-height: 1.4; padding-top: 0; }
        .st-key-counter_list [data-testid=stNumberInputStepUp], .st-key-counter_list [data-testid=stNumberInputStepDown] { display: none !important; }
        .st-key-counter_list label, .st-key-counter_list label * { white-space: normal !important; text-overflow: clip !important; overflow: visible !important; }
        </style>""")
