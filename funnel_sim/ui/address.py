"""Language and scenario in the address bar, so that reload, link and bookmark give them back.

The address is written with `history.replaceState`: edits leave no trail of history entries, and
the back button changes the page, not the numbers.
"""

import streamlit as st

from funnel_sim.ui.calls import link_of
from funnel_sim.ui.state import lang, scenario

_write = st.components.v2.component(
    "funnel_sim_address",
    js="""export default function({data}) {
      const u = new URL(window.location.href);
      u.searchParams.set('lang', data.lang);
      u.searchParams.set('s', data.s);
      if (u.href !== window.location.href) window.history.replaceState(window.history.state, '', u.href);
      document.documentElement.lang = data.lang === 'zh' ? 'zh-CN' : 'en';
    }""",
)


def link_text() -> str:
    """Return the scenario's text for the query string."""
    return link_of(scenario())


def link() -> str:
    """Return the whole address that reopens the scenario."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?lang={lang()}&s={link_text()}"


def write(page: str) -> None:
    """Bring the address bar up to date with language, scenario and page."""
    _write(key="address", data={"lang": lang(), "s": link_text(), "page": page})
