"""The window that only sales sees: what opens it, and what keeps its offer that of the shared one.

Both sides are one script in the browser (static/private.js): the shared window tells its scenario's
link on a channel of the browser (BroadcastChannel), which no server sees; the private window
follows. Back comes nothing but the monthly base that sales sends by a button.
"""

import json

import streamlit as st

from funnel_sim.output.words import formats
from funnel_sim.ui.session import address, state
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say

PATH = "private-margin"
"""The address of the private page."""
_pair = st.components.v2.component(
    "funnel_sim_private", js=static("private.js"), isolate_styles=False
)


def opener(lang: Lang) -> None:
    """Draw, in the shared window, what opens the private one, and tell it the offer."""
    text = address.link_text(alone=True)
    with st.container(key="private_opener"):
        _pair(
            key="private_pair",
            data={
                "side": "shared",
                "s": text,
                "short": text if len(text) <= address.LONGEST else "",
                "path": address.base() + f"/{PATH}",
                "lang": lang,
                "title": say(lang, "private.open"),
            },
            on_base_change=_came,
        )


def follower() -> None:
    """In the private window: take up whatever the shared one tells."""
    _pair(
        key="private_pair",
        data={"side": "private", "give": tab.private_gives},
        on_offer_change=_offered,
    )


def give(option: str, base: float) -> None:
    """Send a monthly base to the shared window, once.

    Args:
        option: id of the quote.
        base: a month, in the contract's currency.
    """
    tab.private_given += 1
    tab.private_gives = json.dumps([option, base, tab.private_given])


def _offered() -> None:
    text = tab.fired("private_pair", "offer")
    if text:
        tab.private_follows = True
    if text and text != address.link_text(alone=True):
        state.open_link(text)


def _came() -> None:
    try:
        option, base, _ = json.loads(tab.fired("private_pair", "base"))
        base = float(base)
    except (ValueError, TypeError):
        return
    lang = state.lang()
    known = {one.id: one for one in state.scenario().options}
    if option in known and state.change(f"options.{option}.base", base):
        tab.revision += 1
        text = formats.whole_money(base, known[option].currency(state.scenario()), lang)
        tab.toast = say(lang, "private.came", base=text)
