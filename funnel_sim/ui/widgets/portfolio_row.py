"""On every page: that the scenario at hand is a row of the portfolio, and the way back into it."""

from collections.abc import Callable

import streamlit as st

from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import address, portfolios
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say

_WITHOUT = ("slide-show", address.SHARED)
"""Pages that others look at."""


def portfolio_row(go: Callable[[str], None], lang: Lang) -> None:
    """Draw which row the scenario is, where it is one.

    Args:
        go: changes to another page.
        lang: the language.
    """
    index, portfolio = portfolios.row_at_hand(), tab.portfolio
    if index is None or portfolio is None or tab.page in _WITHOUT:
        return
    differs = portfolios.differs(portfolio, index)
    with st.container(horizontal=True, vertical_alignment="center", key="portfolio_row"):
        key = "row_changed" if differs else "row_same"
        told = say(
            lang,
            f"portfolio_page.{key}",
            number=f"{index + 1:,}",
            of=f"{len(portfolio.rows):,}",
            name=portfolio.rows[index].name,
        )
        st.markdown(f":material/table_rows: {literal(told)}", width="content")
        if differs:
            st.button(
                say(lang, "portfolio_page.take_back"),
                key="portfolio_take_back",
                type="primary",
                on_click=portfolios.take_back,
                args=(index,),
            )
        if tab.page != address.PORTFOLIO and st.button(
            say(lang, "portfolio_page.to_table"), key="portfolio_to_table", type="tertiary"
        ):
            tab.portfolio_view = "rows"
            go("product_portfolio")
