"""Letters that can be read: Streamlit's small print and buttons are too pale for the contrast that
accessibility asks for (4.5 : 1).
"""

import streamlit as st

from funnel_sim.ui.session.static import static

_SMALL = {"light": ("#55616a", "#0b5fa5"), "dark": ("#aab6bd", "#8ec5ff")}
_OF_THEME = {
    "paper": "backgroundColor",
    "raised": "secondaryBackgroundColor",
    "ink": "textColor",
    "line": "borderColor",
    "accent": "primaryColor",
}
_BUTTON = {"light": "#ffffff", "dark": "#04231b"}


def readable(*sheets: str) -> None:
    """Give captions and primary buttons enough contrast in the theme that the browser shows.

    `sheets` are further style sheets of ui/static, put into the same element of the page.
    """
    now = "dark" if st.context.theme.type == "dark" else "light"
    small, link = _SMALL[now]
    tokens = {"small": small, "link": link, "on-primary": _BUTTON[now]}
    tokens |= {name: st.get_option(f"theme.{now}.{option}") for name, option in _OF_THEME.items()}
    colours = f":root {{ {' '.join(f'--fs-{name}: {value};' for name, value in tokens.items())} }}"
    text = "\n".join(static(name) for name in ("contrast.css", *sheets))
    st.html(f"<style>{colours}\n{text}</style>")
