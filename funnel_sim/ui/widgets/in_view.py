"""What stays in view while a page is scrolled: a verdict in its column, a verdict as one line."""

import streamlit as st

from funnel_sim.ui.session.static import static


def stays(line: str) -> None:
    """Keep the container of a key at the top of the page."""
    st.html(f"<style>{static('line_in_view.css').replace('LINE', line)}</style>")


def column_stays(card: str, line: str) -> None:
    """Keep the column that holds a key in view beside what is scrolled; on a narrow screen it
    stands first, and its `line` stays at the top instead.

    Args:
        card: key of a container in that column.
    """
    sheet = static("column_in_view.css").replace("CARD", card).replace("LINE", line)
    st.html(f"<style>{sheet}</style>")
