"""Language and scenario in the address bar, so that reload, link and bookmark give them back.

The address is written with `history.replaceState`: edits leave no trail of history entries, and
the back button changes the page, not the numbers.
"""

import streamlit as st

from funnel_sim.ui.session.calls import link_of
from funnel_sim.ui.session.state import lang, scenario
from funnel_sim.ui.session.static import static

LONGEST = 8_000
"""Characters of an address that browsers, proxies and messengers take without cutting; a longer one
is not written, the file takes its place.
"""
_write = st.components.v2.component(
    "funnel_sim_address",
    js=static("address.js"),
)


def link_text() -> str:
    """Return the scenario's text for the query string."""
    return link_of(scenario())


def link() -> str | None:
    """Return the whole address that reopens the scenario; None where it would be too long."""
    base = (st.context.url or "").split("?")[0]
    address = f"{base}?lang={lang()}&s={link_text()}"
    return address if len(address) <= LONGEST else None


def write(page: str, key: str = "address") -> None:
    """Bring the address bar up to date with language, scenario and page; a second time in a run of
    the script only under another key.
    """
    _write(key=key, data={"lang": lang(), "s": link_text() if link() else "", "page": page})
