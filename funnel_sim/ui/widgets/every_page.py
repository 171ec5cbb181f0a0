"""What the browser does by itself on every page: the uploader speaks the reader's language, and on
a phone the menu closes once a page was chosen.
"""

import streamlit as st

from funnel_sim.ui.session.state import lang
from funnel_sim.ui.session.static import static
from funnel_sim.words import say

_JS = static("every_page.js")
_every_page = st.components.v2.component("funnel_sim_every_page", js=_JS)


def in_every_page(page: str) -> None:
    """Have the browser look after the page's uploaders and its menu."""
    words = {
        "upload": say(lang(), "take.upload"),
        "limit": say(lang(), "take.upload_limit"),
    }
    _every_page(key="take", data=words | {"page": page})
