"""Letters that can be read: Streamlit's small print and buttons are too pale for the contrast that
accessibility asks for (4.5 : 1).
"""

import streamlit as st

from funnel_sim.ui.session.static import static

_SMALL = {"light": ("#55616a", "#0b5fa5"), "dark": ("#aab6bd", "#8ec5ff")}
_BUTTON = {"light": "#ffffff", "dark": "#04231b"}


def readable(*sheets: str) -> None:
    """Give captions and primary buttons enough contrast in the theme that the browser shows.

    `sheets` are further style sheets of ui/static, put into the same element of the page.
    """
    now = "dark" if st.context.theme.type == "dark" else "light"
    small, link = _SMALL[now]
    colours = (
        f":root {{ --fs-small: {small}; --fs-link: {link}; --fs-on-primary: {_BUTTON[now]}; }}"
    )
    text = "\n".join(static(name) for name in ("contrast.css", *sheets))
    st.html(f"<style>{colours}\n{text}</style>")
