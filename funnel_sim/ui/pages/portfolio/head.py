"""The head of the page: what the portfolio brings in sentences, four figures, in which currency."""

import streamlit as st

from funnel_sim.decisions.portfolio.found import unchanged_rows
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.evidence.portfolio.example import example_rows
from funnel_sim.output.words.portfolio import portfolio_sentences
from funnel_sim.output.words.portfolio_page import (
    currencies_offered,
    currency_sentence,
    hidden_sentences,
    portfolio_tiles,
    whose_sentence,
)
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say


def draw(found: Products, lang: Lang) -> None:
    """Draw the answer and its figures."""
    portfolio = found.portfolio
    told = portfolio_sentences(found, lang)
    good = found.total.profit >= 0
    with st.container(border=True, key="portfolio_card"):
        _example_note(portfolio, lang)
        colour = "green" if good and not found.total.losing else "orange" if good else "red"
        state_ = "good" if colour == "green" else "watch" if good else "loss"
        badge = f":{colour}-badge[{say(lang, f'portfolio_page.state_{state_}')}]"
        st.markdown(f"##### {badge} {literal(told[0])}")
        more = [told[1], *hidden_sentences(found, lang)]
        st.markdown("  \n".join(literal(one) for one in more))
    with st.grid(4, min_column_width=150, gap="small"):
        for tile in portfolio_tiles(found, lang):
            with st.container(
                border=True, key=f"portfolio_tile_{tile.key}", gap="xsmall", height="stretch"
            ):
                value = f":red[{literal(tile.value)}]" if tile.tone else literal(tile.value)
                st.markdown(f":small[{tile.name}]", help=tile.says)
                st.markdown(f"#### {value}")
                if tile.more:
                    st.caption(literal(tile.more))
    _currency(portfolio, lang)


def _example_note(portfolio: Portfolio, lang: Lang) -> None:
    """Say where rows are still those of the example, or hold no number of the reader's."""
    example = portfolios.once("example", portfolio, "", lambda: example_rows(portfolio))
    plain = portfolios.once("plain", portfolio, "", lambda: unchanged_rows(portfolio))
    if told := whose_sentence(portfolio, example, plain, lang):
        st.markdown(said(f":gray-badge[{say(lang, 'shop.example')}] {told}"))


def _currency(portfolio: Portfolio, lang: Lang) -> None:
    """Draw in which currency totals are told, and by which rates."""
    offered = currencies_offered(portfolio)
    with st.container(horizontal=True, vertical_alignment="center", key="portfolio_currency_line"):
        if len(offered) > 1:
            key = f"portfolio_currency_{tab.portfolio_number}_{portfolio.currency}_{lang}"
            st.selectbox(
                say(lang, "portfolio_page.currency"),
                offered,
                key=key,
                width=130,
                label_visibility="collapsed",
                on_change=_in_currency,
                args=(key,),
            )
        st.caption(literal(currency_sentence(portfolio, lang)))


def _in_currency(key: str) -> None:
    portfolio = tab.portfolio
    code = str(tab.typed(key) or "")
    if portfolio is None or not code:
        return
    error = portfolios.taken(lambda: portfolio.in_currency(code))
    for told in error.sentences(state.lang()) if error else ():
        state.notice("error", told)
