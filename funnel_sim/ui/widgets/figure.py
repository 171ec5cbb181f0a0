"""A figure: its title with one menu (SVG, PNG, data) in the same row, the chart beneath, what it
shows in small print. Nothing lies over the chart.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from funnel_sim.output.charts.pictures import chart_csv
from funnel_sim.ui.session.state import lang
from funnel_sim.ui.session.static import static
from funnel_sim.words import say

_head = st.components.v2.component(
    "funnel_sim_figure",
    css=static("menu.css") + static("figure.css"),
    js=static("menu.js") + static("figure.js"),
)


def figure(
    key: str,
    title: str,
    data: pd.DataFrame,
    spec: Mapping[str, Any],
    note: str = "",
    said: Callable[[str], str] = str,
) -> None:
    """Draw a figure.

    Args:
        key: of its chart; the title row is `KEY_head`, the whole `figure_KEY`.
        title: of the figure, which also names its files.
        data: of the chart (output/charts/).
        spec: its specification.
        note: in small print beneath.
        said: makes Markdown of the note.
    """
    speech = lang()
    words = {
        "title": title,
        "csv": chart_csv(spec, data),
        "menu": say(speech, "take.menu", title=title),
        "data": say(speech, "take.data"),
        "svg": say(speech, "take.picture", kind="SVG"),
        "png": say(speech, "take.picture", kind="PNG"),
    }
    with st.container(key=f"figure_{key}", gap=None):
        _head(key=f"{key}_head", data=words)
        st.vega_lite_chart(data, dict(spec), theme=None, width="stretch", key=key, alt=title)
        if note:
            st.caption(said(note))
