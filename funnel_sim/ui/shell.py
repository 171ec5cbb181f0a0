"""The frame around every page: language, navigation, address, key figures, and the last resort for
errors.
"""

from collections.abc import Callable
from copy import copy
from functools import cache, partial
from typing import Any

import streamlit as st

from funnel_sim.model.economics import Result
from funnel_sim.output.words import formats
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.upkeep import aged
from funnel_sim.ui import frame
from funnel_sim.ui.roles import STRIP, role
from funnel_sim.ui.server.counters import failed, redraw
from funnel_sim.ui.server.home import HOME, PACKAGE
from funnel_sim.ui.server.latency import answer_at_once
from funnel_sim.ui.server.whole_callbacks import callbacks_run_whole
from funnel_sim.ui.session import address, portfolios, state, undo
from funnel_sim.ui.session.calls import result_of
from funnel_sim.ui.session.static import static_path
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import private_window
from funnel_sim.ui.widgets.contrast import readable
from funnel_sim.ui.widgets.every_page import in_every_page
from funnel_sim.ui.widgets.figures import show_explanation, strip
from funnel_sim.ui.widgets.portfolio_row import portfolio_row
from funnel_sim.words import Lang, say

LANGUAGE_NAMES = frame.LANGUAGE_NAMES
SHARED_NAME = "shared_verdict"
PRIVATE_NAME = "private_margin"
SHEETS = ("frame.css", "print.css")
_OWN_SHEETS = {SHARED_NAME: ("shared.css",), PRIVATE_NAME: ("private.css",)}


def run() -> None:
    """Draw the app: the frame, then the page that the address asks for."""
    with redraw(_page_name):
        _run()


def _page_name() -> str:
    return tab.page or "start"


def _run() -> None:
    _prompt()
    state.ensure()
    _opened_rows()
    undo.record()
    lang = state.lang()
    pages, moved = _pages(lang)
    tab.pages = pages
    own = (place.path for place in frame.PLACES)
    tab.paths = [*own, address.SHARED, private_window.PATH, *frame.MOVED]
    menu = {
        say(lang, f"frame.group_{group.name}"): [pages[one.name] for one in group.places]
        for group in frame.GROUPS
    }
    menu[next(iter(menu))] += [pages[SHARED_NAME], pages[PRIVATE_NAME], *moved]
    page = st.navigation(menu, expanded=True)
    tab.page = page.url_path
    here = next((name for name, each in pages.items() if each == page), "")
    if not here:  # an address of an earlier version
        page.run()
        return
    if here != "slide_show":  # where a presentation goes back to, and it begins at its first screen
        tab.page_before, tab.slide = here, 0
    _page_config(page.url_path, say(lang, f"page.{here}"))
    readable(*SHEETS, *_OWN_SHEETS.get(here, ()))
    st.logo(static_path("mark.svg"), size="large", icon_image=static_path("mark_small.svg"))
    if here in _OWN_SHEETS:  # pages without a menu: what was sent, and what sales sees alone
        key = "shared_head" if here == SHARED_NAME else "private_head"
        with st.container(key=key, horizontal=True, vertical_alignment="center"):
            st.image(static_path("mark.svg"), width=168, alt="Funnel Sim")
            frame.language()
            frame.in_browser(here)
    else:
        frame.draw(go, here)
    page.run()
    undo.record()
    # the private window follows another one, whose work it must not take the place of in the
    # browser
    told = None if here == PRIVATE_NAME else frame.told(state.scenario(), lang)
    address.write(page.url_path, told=told)
    in_every_page(page.url_path)


def _file(name: str) -> str:
    return str(HOME / "pages" / f"{name}.py")


def _pages(lang: Lang) -> tuple[dict[str, Any], list[Any]]:
    """Return every page by its name, and the addresses of earlier versions; for this run alone, as
    Streamlit notes on a page that it was run.
    """
    made, moved = _made(lang)
    return {name: copy(one) for name, one in made.items()}, [copy(one) for one in moved]


@cache
def _made(lang: Lang) -> tuple[dict[str, Any], list[Any]]:
    """Make the pages once a process and language: their files are looked for on the disk."""
    pages = {place.name: _page(place, lang) for place in frame.PLACES}
    for name, path in ((SHARED_NAME, address.SHARED), (PRIVATE_NAME, private_window.PATH)):
        title = say(lang, f"page.{name}")
        pages[name] = st.Page(_file(name), title=title, url_path=path, visibility="hidden")
    moved = [
        st.Page(
            partial(_moved, path, name),
            title=say(lang, f"page.{name}"),
            url_path=path,
            visibility="hidden",
        )
        for path, name in frame.MOVED.items()
    ]
    return pages, moved


def _page(place: frame.MenuPage, lang: Lang) -> Any:
    # the sign stands in the title: Streamlit would fetch one given as `icon` from another machine
    title = f":material/{place.icon}: {say(lang, f'page.{place.name}')}"
    return st.Page(
        _file(place.name), title=title, url_path=place.path, default=place.name == "start"
    )


def _opened_rows() -> None:
    """Open the portfolio that the address of a new tab holds, once."""
    if tab.holds(Tab.steps):
        return
    rows = st.query_params.get("p", "")
    if rows:
        portfolios.open_link(rows)


@cache
def _prompt() -> None:
    """Once a process, before the first visitor's page."""
    answer_at_once()
    callbacks_run_whole()


def _page_config(url: str, title: str) -> None:
    """Set title, icon and width once for a page and language: each time makes the browser render
    all anew.
    """
    now = (url, title)
    if tab.configured != now:
        tab.configured = now
        st.set_page_config(
            page_title=f"{title} · Funnel Sim",
            page_icon=str(PACKAGE / "data" / "icon.png"),
            layout="wide",
        )


def go(name: str) -> None:
    """Change to another page; language and scenario come along in the address."""
    st.switch_page(
        tab.pages[name],
        query_params={"lang": state.lang()}
        | ({"s": address.link_text()} if address.link() else {}),
    )


def _moved(path: str, name: str) -> None:
    """Lead from an address of an earlier version to the page of today."""
    if path in frame.CONTRACT:
        tab.quote_part = "contract"
    go(name)


def _age(scenario: Scenario, lang: Lang) -> None:
    """Say in one sentence where the scenario's day asks more of the data than they know, and where
    its duty has changed since.
    """
    found = aged(scenario)
    if not found.said:
        return
    parts = []
    if found.past:
        parts.append(
            say(lang, "upkeep.past", day=scenario.as_of.isoformat(), last=DATA_DATE.isoformat())
        )
    elif found.late:
        names = [spec.label.of(lang) for path in found.late if (spec := spec_of(path)) is not None]
        parts.append(
            say(
                lang,
                "upkeep.late",
                day=scenario.as_of.isoformat(),
                names=say(lang, "upkeep.and").join(names),
            )
        )
    if found.duty_then is not None and found.duty_now is not None:
        parts.append(
            say(
                lang,
                "upkeep.duty",
                day=scenario.as_of.isoformat(),
                then=formats.percent(found.duty_then),
                last=DATA_DATE.isoformat(),
                now=formats.percent(found.duty_now),
            )
        )
    with st.container(horizontal=True, vertical_alignment="center", key="data_age"):
        st.caption(":orange[:material/event_busy:] " + " ".join(parts))
        if tab.page != "method-and-sources" and st.button(
            say(lang, "upkeep.see"), key="data_age_see", type="tertiary"
        ):
            go("method_and_sources")


def page(
    draw: Callable[..., Any],
    *,
    figures: bool = True,
    prepare: Callable[[Result], Any] | None = None,
) -> None:
    """Draw one page: notices, key figures, the page itself, and any explanation asked for.

    `prepare` computes what `draw` needs before anything is sent, so that the browser gets the page
    in one piece (it renders anew for every piece). Whatever goes wrong inside is logged and said in
    one sentence; nobody sees a traceback.

    Args:
        figures: whether the key figures stand above it.
    """
    state.ensure()
    lang = state.lang()
    try:
        result: Result = result_of(state.scenario())
        ready = prepare(result) if prepare else None
        state.show_notices()
        _age(result.scenario, lang)
        portfolio_row(go, lang)
        if figures:
            strip(result, STRIP[role()])
        draw(result, ready) if prepare else draw(result)
        show_explanation(result)
    except Exception as error:
        failed(_page_name(), error)
        st.error(say(lang, "shell.failed"))
