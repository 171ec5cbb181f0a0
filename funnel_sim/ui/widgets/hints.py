"""What a field means, shown when the pointer rests on it: for fields whose labels stand in a
sentence.
"""

from collections.abc import Mapping

import streamlit as st

from funnel_sim.ui.session.static import static

_hints = st.components.v2.component("funnel_sim_hints", js=static("hints.js"))


def hints(texts: Mapping[str, str], key: str) -> None:
    """Give the fields of a page with these labels their meaning on hover.

    Args:
        texts: meaning by label.
        key: Streamlit's key of the widget.
    """
    _hints(key=key, data={"texts": dict(texts)})
