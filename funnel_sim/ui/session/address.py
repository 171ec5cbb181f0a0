"""What the browser keeps of a tab: the address bar, so that reload, link and bookmark give the
scenario back, and its own storage.

The address is written with `history.replaceState`: edits leave no trail of history entries, and
the back button changes the page, not the numbers. What was typed is also kept in the browser's own
storage, so that a closed tab can be gone on with; the server holds none of it.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import streamlit as st

from funnel_sim.errors import InputError
from funnel_sim.scenario.files import Aside, opened, to_text
from funnel_sim.scenario.links import LONGEST_LINK, encode
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session import portfolios
from funnel_sim.ui.session.remembered import keep, shelf
from funnel_sim.ui.session.state import adopt, lang, notice, open_link, scenario
from funnel_sim.ui.session.static import static
from funnel_sim.ui.session.tab import tab

LONGEST = 8_000
"""Characters of an address that browsers, proxies and messengers take without cutting; a longer one
is not written, the file takes its place.
"""
SHARED = "shared-verdict"
"""The page on which a link that was sent opens."""
PORTFOLIO = "product-portfolio"
"""The page of a portfolio's own link."""
OFFER = "offer"
"""How an address says that its quotes are the sender's own offer."""
_WHOLE = "file:"  # what begins so in the browser's storage is a scenario file, too long for a link
_KEPT = 8
_write = st.components.v2.component("funnel_sim_address", js=static("address.js"))


def link_text(alone: bool = False) -> str:
    """Return the text for the query string: the scenario, with what was put aside and who sits
    there unless it is to go `alone`.
    """
    return text_of(
        scenario(),
        () if alone else tuple(tab.compared),
        "" if alone or tab.role == "client" else tab.role,
    )


def text_of(one: Scenario, aside: tuple[Aside, ...] = (), role: str = "") -> str:
    """Return a scenario's text for the query string, made once in this tab.

    Args:
        aside: what travels beside the scenario.
        role: who reads it, "client" or "sales"; "" for whoever it is.
    """
    key = (
        one.model_dump_json(),
        tuple((each.name, each.scenario.model_dump_json()) for each in aside),
        role,
    )
    known = shelf("links")
    if key not in known:
        keep("links", key, encode(one, aside, role), _KEPT)
    text: str = known[key]
    return text


def base() -> str:
    """Return the address of the start page."""
    here = (st.context.url or "").split("?")[0].rstrip("/")
    return start_of(here, tab.page, tab.paths)


def start_of(here: str, page: str, paths: Iterable[str]) -> str:
    """Return the address of the start page, told from the one of a page.

    Streamlit makes the address of a page out of the browser's: it takes off the first of its pages
    whose path that ends with, and adds the page's own. Where one path ends with another one
    ("export-files", "files"), a part of it is left over.

    Args:
        here: what Streamlit says, "https://host/shop/cash-flow".
        page: path of the page; "" for the start page.
        paths: of all pages.

    Examples:
        >>> start_of("https://host/shop/cash-flow", "cash-flow", ["cash-flow", "files"])
        'https://host/shop'
        >>> start_of("https://host/export-/export-files", "export-files", ["export-files", "files"])
        'https://host'
    """
    if not page:
        return here
    start = here.removesuffix(f"/{page}")
    for other in paths:
        left = page.removesuffix(other) if other else page
        if left and left != page and start.endswith(f"/{left}"):
            return start.removesuffix(f"/{left}")
    return start


def link() -> str | None:
    """Return the whole address that reopens the scenario, and the portfolio where both are short
    enough; None where it would be too long.
    """
    here = f"{base()}/{tab.page}".rstrip("/") if tab.page else base()
    rows = portfolios.link_text()
    with_rows = (f"&p={rows}", "") if rows else ("",)
    for also in with_rows:
        for alone in (False, True):
            address = f"{here}?lang={lang()}&s={link_text(alone)}{also}"
            if len(address) <= LONGEST:
                return address
    return None


def portfolio_link() -> str | None:
    """Return the address under which somebody else opens the portfolio; None where it would be too
    long.
    """
    rows = portfolios.link_text()
    address = f"{base()}/{PORTFOLIO}?lang={lang()}&p={rows}"
    return address if rows and len(address) <= LONGEST else None


def shared_link(one: Scenario, by: str, day: str, *, ours: bool = False) -> str | None:
    """Return the address under which somebody else reads the verdict on a scenario, or `ours`, the
    offer as its agency says it; None where it would be too long.

    Args:
        by: who sends it; "" for nobody.
        day: as it stands on the screen that it opens.
    """
    named = (("by", by), ("on", day), ("as", OFFER if ours else ""))
    said = "".join(f"&{name}={quote(value)}" for name, value in named if value)
    address = f"{base()}/{SHARED}?lang={lang()}{said}&s={text_of(one)}"
    return address if len(address) <= LONGEST else None


def write(page: str, key: str = "address", told: str | None = None) -> None:
    """Bring the browser up to date: address bar, and its own storage, where `told` says in a line
    what is kept, for the start page.

    A second time in a run of the script only under another key.

    Args:
        page: path of the page, "quote-test"; "" for the start page.
        key: of the component that writes.
    """
    short = link()
    whole = link_text() if tab.touched else ""
    texts = dict(one.split("=", 1) for one in short.split("?", 1)[1].split("&")) if short else {}
    data: dict[str, Any] = {
        "lang": lang(),
        "s": texts.get("s", ""),
        "p": texts.get("p", ""),
        "page": page,
        "born": tab.born,
    }
    if told is not None:
        data |= {
            "told": told,
            "keep": whole if len(whole) <= LONGEST_LINK else _as_file(),
            "rows": (portfolios.link_text() or "") if tab.touched else "",
            "forget": tab.forget_saved,
            "ask": not page and not tab.touched and not tab.saved,
        }
    _write(key=key, data=data, on_saved_change=lambda: _found(key))


def _found(key: str) -> None:
    """Take over what the browser says it has kept of an earlier visit."""
    try:
        found = json.loads(tab.fired(key, "saved"))
    except ValueError:
        return
    if isinstance(found, dict) and isinstance(found.get("s"), str):
        tab.saved = found
        if found.get("again") is True:  # the server lost the session of a tab that stayed open
            go_on()


def _as_file() -> str:
    """Return the scenario as the text of a file, for the browser's storage."""
    return _WHOLE + to_text(scenario(), tuple(tab.compared), tab.role)


def go_on() -> bool:
    """Open what was kept of an earlier visit; return whether it could be."""
    text, rows = str(tab.saved.get("s", "")), str(tab.saved.get("p") or "")
    tab.saved = {}
    if rows:
        portfolios.open_link(rows)
    if not text.startswith(_WHOLE):
        return open_link(text)
    try:
        adopt(opened(text.removeprefix(_WHOLE).encode(), "-"))
    except InputError as error:
        notice("error", error.sentences(lang())[0])
        return False
    return True


def forget() -> None:
    """Have the browser forget what it kept of an earlier visit."""
    tab.saved = {}
    tab.forget_saved += 1
