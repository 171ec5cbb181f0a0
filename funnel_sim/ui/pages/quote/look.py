"""How the quote page stands on the screen: the verdict stays in view beside the offer, and as one
line where the screen is narrow.
"""

import streamlit as st

_NARROW = 640


def look() -> None:
    """Put the verdict's card where it stays in view (its column on a desktop), and the verdict's
    line at the top of a phone.
    """
    background = "#0e1117" if st.context.theme.type == "dark" else "#ffffff"
    st.html(f"""<style>
        .st-key-quote_sentence [data-testid=stWidgetLabel] {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; min-height: 0; }}
        .st-key-quote_sentence [data-testid=stCheckbox] [data-testid=stWidgetLabel] {{ position: static; width: auto; height: auto; clip-path: none; }}
        .st-key-quote_sentence [data-testid=stNumberInputStepUp], .st-key-quote_sentence [data-testid=stNumberInputStepDown] {{ display: none !important; }}
        .st-key-quote_card h5 {{ line-height: 1.4; padding-top: 0; }}
        @media (min-width: {_NARROW + 1}px) {{
          [data-testid=stColumn]:has(.st-key-quote_card) > [data-testid=stVerticalBlock] {{ position: sticky; top: 3.75rem; max-height: calc(100vh - 4.5rem); overflow-y: auto; }}
          [data-testid=stLayoutWrapper]:has(> .st-key-quote_line), .st-key-quote_line {{ display: none; }}
        }}
        @media (max-width: {_NARROW}px) {{
          [data-testid=stColumn]:has(.st-key-quote_card) {{ order: -1; }}
          [data-testid=stLayoutWrapper]:has(> .st-key-quote_line) {{ position: sticky; top: 3.5rem; z-index: 90; background: {background}; padding: .35rem 0; }}
        }}
        </style>""")
