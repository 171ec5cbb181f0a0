"""The odds of the sum, and the risk of each row: simulated at once where rows are few, on a button
with progress where they are many.
"""

import numpy as np
import streamlit as st

from funnel_sim.chance.estimates import bars_of
from funnel_sim.chance.portfolio import PortfolioSimulation, simulate_portfolio
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.output.charts.chance import data_distribution, spec_distribution
from funnel_sim.output.words import formats
from funnel_sim.output.words.portfolio import chance_sentences
from funnel_sim.output.words.portfolio_page import risk_heads, risk_rows
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import portfolios
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say

AT_ONCE = 20
"""Rows up to which the futures are simulated when the part is opened."""
MANY_PATHS = 4_096
"""Futures of a portfolio with more rows than that: a quarter of the usual, each takes its time."""
_MARKS = (("P5", 0.05), ("P50", 0.50), ("P95", 0.95))


def draw(found: Products, lang: Lang) -> None:
    """Draw the part."""
    portfolio = found.portfolio
    _exact(portfolio, lang)
    odds = portfolios.odds_of(portfolio)
    if odds is None:
        odds = _made(portfolio, lang)
    if odds is None:
        return
    _told(odds, lang)


def _exact(portfolio: Portfolio, lang: Lang) -> None:
    """Draw the switch that takes all numbers of the table as exact; none where it has none."""
    if not portfolio.numbers:
        return
    key = f"portfolio_exact_{tab.portfolio_number}_{portfolio.exact}_{lang}"
    tab.seed(key, portfolio.exact)
    st.toggle(
        say(lang, "portfolio_page.exact"),
        key=key,
        help=say(lang, "portfolio_page.exact_help"),
        on_change=lambda: portfolios.put(portfolio.with_exact(bool(tab.typed(key))), whole=False),
    )


def _made(portfolio: Portfolio, lang: Lang) -> PortfolioSimulation | None:
    """Return the futures, simulated now; None until somebody asks for those of many rows."""
    rows = len(portfolio.rows)
    if rows > AT_ONCE and not tab.portfolio_making:
        st.markdown(say(lang, "portfolio_page.odds_ask", rows=f"{rows:,}", paths=f"{MANY_PATHS:,}"))
        st.button(
            say(lang, "portfolio_page.odds_go"),
            key="portfolio_odds_go",
            type="primary",
            icon=":material/casino:",
            on_click=lambda: Tab.portfolio_making.put(True),
        )
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        words = say(lang, "portfolio_page.odds_making")
        bar = st.progress(0.0, text=words)
        stop = st.empty()
    if rows > AT_ONCE:
        stop.button(
            say(lang, "portfolio_page.odds_stop"),
            key="portfolio_odds_stop",
            icon=":material/close:",
            on_click=lambda: Tab.portfolio_making.put(False),
        )
    shown = 0

    def show(share: float) -> None:
        nonlocal shown
        if int(share * 100) != shown:  # a press of the button ends this run at this very call
            shown = int(share * 100)
            bar.progress(min(share, 1.0), text=words)

    try:
        found = simulate_portfolio(
            portfolio, LIVE if rows <= AT_ONCE else MANY_PATHS, progress=show
        )
    finally:
        bar.empty()
        stop.empty()
    tab.portfolio_making = False
    portfolios.keep_odds(portfolio, found)
    return found


def _told(odds: PortfolioSimulation, lang: Lang) -> None:
    code = odds.portfolio.currency
    told = chance_sentences(odds, lang)
    st.markdown(literal(told[0]))
    st.markdown(literal(told[1]))
    one = odds.estimate()
    marks = [
        (name, one.quantiles[p].value, formats.whole_money(one.quantiles[p].value, code, lang))
        for name, p in _MARKS
    ]
    bars = bars_of(np.sort(odds.total), 0.0)
    crosses = bool(bars.edges[0] <= 0 <= bars.edges[-1])
    figure(
        "portfolio_sum",
        say(lang, "portfolio_page.sum"),
        data_distribution(
            bars, marks, 0.0, lambda x: formats.whole_money(x, code, lang), lang=lang
        ),
        spec_distribution(lang, theme(), formats.axis("money", code, lang), signed=crosses),
        say(lang, "portfolio_page.sum_note"),
    )
    st.caption(literal(told[2]))
    figure_table(
        "portfolio_risks",
        risk_rows(odds, lang),
        risk_heads(lang),
        say(lang, "portfolio_page.risks"),
        title=say(lang, "portfolio_page.risks"),
        note=say(lang, "portfolio_page.risks_note"),
    )
