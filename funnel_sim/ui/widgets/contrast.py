"""Letters that can be read: Streamlit's small print and buttons are too pale for the contrast that
accessibility asks for (4.5 : 1).
"""

import streamlit as st

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
    text, link = _SMALL[now]
    st.html(f"""<style>
        [data-testid=stCaptionContainer] {{ opacity: 1 !important; color: {text} !important; }}
        [data-testid=stCaptionContainer] p, [data-testid=stCaptionContainer] li {{ opacity: 1 !important; }}
        [data-testid=stCaptionContainer] p {{ color: {text}; }}
        [data-testid=stCaptionContainer] a {{ color: {link} !important; opacity: 1 !important; }}
        [data-testid=stMarkdown] a {{ color: {link} !important; }}
        [data-testid=stBaseButton-primary], [data-testid=stBaseButton-primary] * {{ color: {_BUTTON[now]} !important; }}
        @media (max-width: 560px) {{ .st-key-knowing [data-testid=stButtonGroup], .st-key-knowing [data-testid=stButtonGroup] div {{ flex-wrap: wrap !important; max-width: 100% !important; overflow: visible !important; white-space: normal !important; }} }}
        [data-testid=InputInstructions] {{ display: none !important; }}
        @media (max-width: 560px) {{ .st-key-five_noted {{ grid-template-columns: minmax(0, 1fr) !important; }} }}
        .st-key-five label p, .st-key-five_noted label p {{ font-size: 13px !important; letter-spacing: -.01em; }}
        .stMarkdownColoredText[style*="gray"], .stMarkdownColoredText[style*="grey"] {{ color: {text} !important; }}
        </style>""")
