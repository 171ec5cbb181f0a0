"""Product portfolio: many store-items as one table; what they bring, which lose money, the odds of
the sum; its parts in order.
"""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.errors import InputError
from funnel_sim.model.economics import Result
from funnel_sim.ui import shell
from funnel_sim.ui.markup import literal
from funnel_sim.ui.pages.portfolio import answers, begin, budget, files, head, odds, rows
from funnel_sim.ui.pages.portfolio.dependence import dependence_section, pooled_section
from funnel_sim.ui.pages.portfolio.markets import row_markets_section
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.words import Lang, say


@dataclass(frozen=True)
class PortfolioSection:
    """One part of the page below its head: its name (its words are `portfolio_page.view_NAME`), and
    what draws it.
    """

    name: str
    draw: Callable[[Products, Lang], None]


def _dependence(found: Products, lang: Lang) -> None:
    dependence_section(found.portfolio, lang, portfolios.odds_of(found.portfolio))


def _cash(found: Products, lang: Lang) -> None:
    pooled_section(found.portfolio, lang)


def _markets(found: Products, lang: Lang) -> None:
    row_markets_section(found.portfolio, lang)


SECTIONS: tuple[PortfolioSection, ...] = (
    PortfolioSection("answers", answers.draw),
    PortfolioSection("rows", rows.draw),
    PortfolioSection("odds", odds.draw),
    PortfolioSection("dependence", _dependence),
    PortfolioSection("cash", _cash),
    PortfolioSection("markets", _markets),
    PortfolioSection("budget", budget.draw),
    PortfolioSection("files", files.draw),
)
"""What the page shows below its answer, in the order of its buttons."""


def prepare(_: Result) -> Products | InputError | None:
    """Return what the page shows at once; nothing where no portfolio is there yet."""
    portfolio = tab.portfolio
    if portfolio is None:
        return None
    try:
        return portfolios.products_of(portfolio)
    except InputError as error:
        return error


def draw(_: Result, ready: Products | InputError | None) -> None:
    """Draw the page.

    Args:
        ready: what `prepare` found.
    """
    lang = state.lang()
    if tab.portfolio_go:  # a row was opened as a scenario in the table
        shell.go(tab.once(Tab.portfolio_go))
    st.subheader(say(lang, "page.product_portfolio"))
    if ready is None:
        begin.draw(lang)
        return
    if isinstance(ready, InputError):
        for told in ready.sentences(lang):
            st.error(literal(told))
        begin.ways(lang)
        return
    head.draw(ready, lang)
    _section(ready, lang)


def _section(ready: Products, lang: Lang) -> None:
    """Draw which part is open, and the part."""
    known = {one.name: one for one in SECTIONS}
    now = tab.portfolio_view if tab.portfolio_view in known else SECTIONS[0].name
    key = f"portfolio_view_{lang}_{tab.portfolio_number}"
    st.segmented_control(
        say(lang, "portfolio_page.view"),
        list(known),
        default=now,
        key=key,
        required=True,
        label_visibility="collapsed",
        width="stretch",
        format_func=lambda name: say(lang, f"portfolio_page.view_{name}"),
        on_change=lambda: Tab.portfolio_view.put(str(tab.typed(key))),
    )
    try:
        known[now].draw(ready, lang)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
