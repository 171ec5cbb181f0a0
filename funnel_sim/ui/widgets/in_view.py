"""What stays in view while a page is scrolled: a verdict in its column, a verdict as one line."""

import streamlit as st

NARROW = 640
"""Up to this width, in pixels, columns stand one under the other."""
_TOP = "3.5rem"


def paper() -> str:
    """Return the background of the page in the theme that the browser shows."""
    now = "dark" if st.context.theme.type == "dark" else "light"
    return str(
        st.get_option(f"theme.{now}.backgroundColor")
        or {"light": "#ffffff", "dark": "#0e1117"}[now]
    )


def line_css(key: str) -> str:
    """Return the rule that keeps the container of a key at the top of the page."""
    return (
        f"[data-testid=stLayoutWrapper]:has(> .st-key-{key}) {{ position: sticky; top: {_TOP};"
        f" z-index: 90; background: {paper()}; padding: .25rem 0; }}"
    )


def stays(key: str) -> None:
    """Keep the container of a key at the top of the page."""
    st.html(f"<style>{line_css(key)}</style>")


def column_stays(key: str, line: str) -> None:
    """Keep the column that holds a key in view beside what is scrolled; on a narrow screen it
    stands first, and its `line` stays at the top instead.
    """
    st.html(f"""<style>
        @media (min-width: {NARROW + 1}px) {{
          [data-testid=stColumn]:has(.st-key-{key}) > [data-testid=stVerticalBlock] {{ position: sticky; top: 3.75rem; max-height: calc(100vh - 6rem); overflow-y: auto; }}
          [data-testid=stMainBlockContainer]:has(.st-key-{key}) {{ padding-bottom: 1.5rem; }}
          [data-testid=stLayoutWrapper]:has(> .st-key-{line}), .st-key-{line} {{ display: none; }}
        }}
        @media (max-width: {NARROW}px) {{
          [data-testid=stColumn]:has(.st-key-{key}) {{ order: -1; }}
          {line_css(line)}
        }}
        </style>""")
