"""What the browser does by itself on every page: two small buttons beneath a chart save what is
drawn as SVG or PNG, the uploader speaks the reader's language, and on a phone the menu closes once
a page was chosen.
"""

import streamlit as st

from funnel_sim.ui.session.state import lang
from funnel_sim.ui.session.static import static
from funnel_sim.words import say

_JS = static("take.js")
_take = st.components.v2.component("funnel_sim_take", js=_JS)


def chart_buttons(page: str) -> None:
    """Put the buttons beneath every chart of the page."""
    words = {
        "hint": say(lang(), "take.chart_hint"),
        "upload": say(lang(), "take.upload"),
        "limit": say(lang(), "take.upload_limit"),
    }
    _take(key="take", data=words | {"page": page})
