"""The look of the screen: the design tokens as properties of its style sheets, and letters that can
be read (Streamlit's small print and buttons are too pale for the contrast that accessibility asks
for, 4.5 : 1).
"""

import streamlit as st

from funnel_sim.output.design import Theme, style_sheet
from funnel_sim.ui.session.static import static


def readable(*sheets: str) -> None:
    """Give the page the design tokens of the theme that the browser shows, and letters with enough
    contrast in the sizes of the scale.

    `sheets` are further style sheets of ui/static, put into the same element of the page.
    """
    now: Theme = "dark" if st.context.theme.type == "dark" else "light"
    text = "\n".join(static(name) for name in ("contrast.css", "type.css", *sheets))
    st.html(f"<style>:root {{ {style_sheet(now)} }}\n{text}</style>")
