"""On what a portfolio rests: shares by kind, what is left without each; the cash of all rows as one
account.
"""

import streamlit as st

from funnel_sim.chance.portfolio import PortfolioSimulation
from funnel_sim.decisions.portfolio.dependence import OF_CHANNELS, Dependence
from funnel_sim.decisions.portfolio.losses import losses
from funnel_sim.errors import InputError
from funnel_sim.output.charts.cash import spec_balance
from funnel_sim.output.charts.markets import SHOWN, data_parts, data_pooled, spec_bars
from funnel_sim.output.words import formats
from funnel_sim.output.words.dependence import (
    dependence_heads,
    dependence_rows,
    dependence_sentences,
    loss_sentences,
    pooled_sentences,
    share_name,
)
from funnel_sim.output.words.joining import run_on
from funnel_sim.reference.portfolio_settings import most_cash_rows
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session.markets import dependences_of, pooled_of
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.ui.widgets.number import RATE, number
from funnel_sim.words import Lang, say

_ROWS = 50
"""Parts that a table shows."""
_AT_ONCE = 20
"""Rows up to which the futures of their cash are drawn when the part is opened."""


def dependence_section(
    portfolio: Portfolio, lang: Lang, simulated: PortfolioSimulation | None = None
) -> None:
    """Draw the shares of one kind, the kind chosen where several are known.

    Args:
        portfolio: the rows.
        simulated: their futures, where they were simulated.
    """
    with st.spinner(say(lang, "dependence.drawing")):
        found = [one for one in dependences_of(portfolio, simulated) if len(one.shares) > 1]
    if not found:
        found = dependences_of(portfolio, simulated)[:1]
    kinds = {one.by: one for one in found}
    now = next((by for by in kinds if by == tab.dependence_by), next(iter(kinds)))
    if len(kinds) > 1:
        key = f"dependence_by_{lang}"
        st.segmented_control(
            say(lang, "dependence.kind"),
            list(kinds),
            default=now,
            key=key,
            required=True,
            format_func=lambda by: say(lang, f"dependence.by_{by}"),
            on_change=lambda: Tab.dependence_by.put(str(tab.typed(key))),
        )
    _kind(kinds[now], portfolio, lang)
    _lost(kinds[now], portfolio, lang, simulated)


def _lost(
    found: Dependence, portfolio: Portfolio, lang: Lang, simulated: PortfolioSimulation | None
) -> None:
    """Draw the loss of chosen parts as an event, with how likely the reader takes it to be."""
    if len(found.shares) < _SEVERAL:
        return
    st.markdown(f"##### {say(lang, 'dependence.event')}")
    names = {one.name: share_name(found, one, portfolio, lang) for one in found.shares[:_ROWS]}
    one_only = found.by in OF_CHANNELS
    chosen = [one for one in tab.dependence_lost if one in names][: 1 if one_only else None]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"dependence_lost_{found.by}_{lang}"
        st.multiselect(
            say(lang, "dependence.event_what"),
            list(names),
            default=chosen,
            key=key,
            max_selections=1 if one_only else None,
            format_func=lambda one: names.get(str(one), str(one)),
            placeholder=say(lang, "dependence.event_none"),
            on_change=lambda: Tab.dependence_lost.put(list(tab.typed(key) or [])),
        )
        number(
            say(lang, "dependence.event_odds"),
            tab.dependence_odds,
            _likely,
            key=f"dependence_odds_{lang}",
            kind=RATE,
            help_=say(lang, "dependence.event_odds_help"),
            width=260,
        )
    if chosen:
        event = losses(found, chosen, simulated)
        told = loss_sentences(event, found, portfolio, tab.dependence_odds, lang)
        st.markdown("\n".join(f"- {literal(one)}" for one in told))


def _likely(odds: float | None) -> bool:
    """Keep how likely the event is; nothing else than a probability."""
    if odds is not None and not 0 <= odds <= 1:
        return False
    Tab.dependence_odds.put(odds)
    return True


_SEVERAL = 2


def _kind(found: Dependence, portfolio: Portfolio, lang: Lang) -> None:
    first, *others = dependence_sentences(found, portfolio, lang)
    st.markdown(f"**{literal(first)}**")
    if others:
        st.markdown(literal(run_on(others, lang)))
    many = len(found.shares) > 1
    figure_table(
        "dependence_rows",
        dependence_rows(found, portfolio, lang, _ROWS),
        dependence_heads(found, lang),
        say(lang, "dependence.title"),
        title=say(lang, f"dependence.by_{found.by}"),
        note=say(lang, "dependence.effective_note") if many else "",
    )
    if many:
        figure(
            "dependence_chart",
            say(lang, "dependence.chart"),
            data_parts(found, portfolio, lang),
            spec_bars(lang, theme(), formats.axis("money", found.currency, lang)),
            "" if len(found.shares) <= SHOWN else say(lang, "dependence.first", shown=SHOWN),
        )


def pooled_section(portfolio: Portfolio, lang: Lang) -> None:
    """Draw the cash of all rows as one account.

    Args:
        portfolio: the rows.
    """
    rows, most = len(portfolio.rows), most_cash_rows()
    if rows > most:
        st.info(say(lang, "pooled.many", most=most, rows=f"{rows:,}"))
        return
    drawn = rows <= _AT_ONCE or tab.pooled_drawn
    try:
        with st.spinner(say(lang, "dependence.drawing")):
            found = pooled_of(portfolio, drawn=drawn)
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
        return
    first, *others = pooled_sentences(found, lang)
    st.markdown(f"**{literal(first)}**")
    if others:
        st.markdown(literal(run_on(others, lang)))
    code = portfolio.currency
    figure(
        "pooled_balance",
        say(lang, "pooled.chart"),
        data_pooled(found, lambda one: formats.whole_money(one, code, lang), lang),
        spec_balance(lang, theme(), formats.axis("money", code, lang)),
        say(lang, "pooled.bands") if found.bands is not None else "",
        said,
    )
    if not drawn:
        st.button(
            say(lang, "pooled.draw"),
            key="pooled_draw",
            icon=":material/casino:",
            on_click=lambda: Tab.pooled_drawn.put(True),
        )
