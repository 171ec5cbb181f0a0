"""On what a portfolio rests: shares by kind, what is left without each; the cash of all rows as one
account.
"""

from dataclasses import replace

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
from funnel_sim.scenario.portfolio_loss import MOST_LOSSES, LossEvent
from funnel_sim.ui.markup import literal, said
from funnel_sim.ui.session import portfolios, state
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
    """Draw what may be lost of this kind, an event a line, and an empty line for one more."""
    if len(found.shares) < _SEVERAL:
        return
    st.markdown(f"##### {say(lang, 'dependence.event')}")
    st.caption(say(lang, "dependence.event_help"))
    here = [place for place, one in enumerate(portfolio.losses) if one.by == found.by]
    if not (here and not portfolio.losses[here[-1]].names) and len(portfolio.losses) < MOST_LOSSES:
        here.append(len(portfolio.losses))
    for place in here:
        _event(found, portfolio, place, lang, simulated)


def _event(
    found: Dependence,
    portfolio: Portfolio,
    place: int,
    lang: Lang,
    simulated: PortfolioSimulation | None,
) -> None:
    """Draw the event at a place among all: its parts, how likely it is, what it comes to."""
    new = place == len(portfolio.losses)
    event = LossEvent(found.by, ()) if new else portfolio.losses[place]
    shares = {one.name: one for one in found.shares[:_ROWS]}
    shares |= {one.name: one for one in found.shares if one.name in event.names}
    names = {name: share_name(found, one, portfolio, lang) for name, one in shares.items()}
    chosen = [one for one in event.names if one in names]
    end = f"{found.by}_{place}_{lang}_{tab.portfolio_number}"
    key, alone = f"dependence_lost_{end}", found.by in OF_CHANNELS
    if not tab.has(key) or list(tab.typed(key)) != chosen:
        tab.put(key, chosen)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.multiselect(
            say(lang, "dependence.event_one" if alone else "dependence.event_what"),
            list(names),
            key=key,
            max_selections=1 if alone else None,
            format_func=lambda one: names.get(str(one), str(one)),
            placeholder=say(lang, "dependence.event_none"),
            on_change=_named,
            args=(place, event, key),
        )
        if chosen:
            number(
                say(lang, "dependence.event_odds"),
                event.odds,
                lambda odds: _put(place, replace(event, odds=odds)),
                key=f"dependence_odds_{end}",
                kind=RATE,
                help_=say(lang, "dependence.event_odds_help"),
                width=260,
            )
    if chosen:
        comes_to = losses(found, chosen, simulated)
        told = loss_sentences(comes_to, found, portfolio, event.odds, lang)
        st.markdown("\n".join(f"- {literal(one)}" for one in told))


def _named(place: int, event: LossEvent, key: str) -> None:
    """Take the parts over that were chosen for an event."""
    _put(place, replace(event, names=tuple(map(str, tab.typed(key) or []))))


def _put(place: int, event: LossEvent) -> bool:
    """Put an event in its place among those of the tab's portfolio; say why where it is none."""
    now = tab.portfolio
    assert now is not None
    error = portfolios.put_losses([*now.losses[:place], event, *now.losses[place + 1 :]])
    for told in error.sentences(state.lang()) if error else ():
        state.notice("error", told)
    return error is None


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
