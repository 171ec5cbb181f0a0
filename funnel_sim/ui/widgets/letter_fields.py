"""For whom, from whom and of which day files are: asked wherever files are made, kept once."""

import streamlit as st

from funnel_sim.output.documents.leave_behind import LONGEST
from funnel_sim.ui import frame
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say

_NAMES = ("for", "by", "on")


def letter_fields(lang: Lang) -> tuple[str, str, str]:
    """Draw the recipient, the sender and the day, as they were typed last; today's day at first.

    Args:
        lang: the language.

    Returns:
        (recipient, sender, day), each "" where it is left out.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, value in zip(
            _NAMES, (tab.letter_for, tab.by, tab.letter_on or frame.today()), strict=True
        ):
            key = f"cover_{name}"
            tab.seed(key, value)
            st.text_input(
                say(lang, f"cover.{name}"),
                key=key,
                max_chars=LONGEST,
                placeholder=say(lang, "cover.none"),
                width=220,
                on_change=_named,
            )
    recipient, sender, day = _typed()
    return recipient, sender, day


def _typed() -> list[str]:
    return [str(tab.typed(f"cover_{name}") or "") for name in _NAMES]


def _named() -> None:
    tab.letter_for, tab.by, tab.letter_on = (" ".join(one.split()) for one in _typed())
