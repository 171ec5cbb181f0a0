"""Carry this product to other markets: which places, at which price and traffic; the places side by
side, and where each figure comes from.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from funnel_sim.decisions.portfolio.markets import PRICES, RANKS, VOLUMES, Markets
from funnel_sim.errors import InputError
from funnel_sim.output.charts.markets import data_profits, data_shares, spec_bars, spec_shares
from funnel_sim.output.words import formats
from funnel_sim.output.words.joining import run_on
from funnel_sim.output.words.markets import (
    carried_sentences,
    field_heads,
    field_rows,
    market_heads,
    market_name,
    market_rows,
    market_sentences,
    place_name,
)
from funnel_sim.scenario.carried_goods import nearest_presets
from funnel_sim.scenario.files import MOST_ASIDE, aside_named
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.scenario.portfolio_edits import opened_row
from funnel_sim.scenario.portfolio_files import portfolio_text
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import portfolios, state
from funnel_sim.ui.session.markets import markets_of
from funnel_sim.ui.session.tab import Key, Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say

_FIRST = 4
"""Places that are chosen until somebody chooses."""
_WORDS = (3, 4)
_IN_WORDS = (6, 11)
"""The columns that hold the evidence on a place and what limits it."""


def markets_section(
    scenario: Scenario, lang: Lang, take: Callable[[Portfolio], None] | None = None
) -> None:
    """Draw the places that a scenario's product can be carried to.

    Args:
        scenario: the one at hand.
        take: puts the places in place as the tab's portfolio; None where there is no such place.
    """
    st.markdown(literal(say(lang, "markets.lead")))
    chosen = _chosen(scenario, lang)
    if not chosen:
        st.info(say(lang, "markets.choose_first"))
        return
    try:
        with st.spinner(say(lang, "dependence.drawing")):
            found = markets_of(
                scenario,
                chosen,
                tab.markets_price,
                tab.markets_volume,
                str(scenario.shown),
                tab.markets_rank,
            )
    except InputError as error:
        for told in error.sentences(lang):
            st.error(literal(told))
        return
    _told(found, lang)
    _fields(found, scenario, lang)
    _taken(found, lang, take)


_AT_HAND = ""
"""Stands for the scenario at hand among the names of rows, none of which is empty."""


def row_markets_section(portfolio: Portfolio, lang: Lang) -> None:
    """Draw whose product is carried, a row's or that of the scenario at hand, then its places; the
    first row until one is chosen, the scenario where it is an opened row.

    Args:
        portfolio: the tab's.
        lang: "zh" or "en".
    """
    names = [row.name for row in portfolio.rows]
    options = [_AT_HAND, *names]
    first = names[0] if portfolios.row_at_hand() is None else _AT_HAND
    now = tab.markets_row if tab.markets_row in options else first
    key = f"markets_row_{tab.portfolio_number}_{lang}"
    at_hand = say(lang, "markets.at_hand", name=state.scenario().name)
    st.selectbox(
        say(lang, "markets.whose"),
        options,
        index=options.index(now),
        key=key,
        format_func=lambda one: str(one) or at_hand,
        width=420,
        on_change=lambda: Tab.markets_row.put(str(tab.typed(key) or _AT_HAND)),
    )
    if now == _AT_HAND:
        scenario = state.scenario()
        if portfolios.row_at_hand() is None:
            st.caption(literal(say(lang, "markets.not_a_row")))
    else:
        index = names.index(str(now))
        scenario = portfolios.once(
            "markets_row", portfolio, index, lambda: opened_row(portfolio, index)
        )
    markets_section(scenario, lang, portfolios.put)


def _chosen(scenario: Scenario, lang: Lang) -> tuple[str, ...]:
    """Draw what is asked, and return the places that are chosen."""
    known = nearest_presets(scenario)
    first = sorted(known, key=lambda one: not _same_platform(one, scenario, lang))[:_FIRST]
    now = tab.markets_chosen
    chosen = [one for one in (first if now is None else now) if one in known]
    key = f"markets_chosen_{lang}"
    st.multiselect(
        say(lang, "markets.choose"),
        known,
        default=chosen,
        key=key,
        format_func=lambda one: place_name(one, lang),
        help=say(lang, "markets.choose_help"),
        on_change=lambda: Tab.markets_chosen.put(list(tab.typed(key) or [])),
    )
    with st.container(horizontal=True, gap="medium"):
        _choice(
            "price",
            say(lang, "markets.price"),
            {one: say(lang, f"markets.price_{one}") for one in PRICES},
            say(lang, "markets.price_help"),
            Tab.markets_price,
        )
        _choice(
            "volume",
            say(lang, "markets.volume"),
            {one: say(lang, f"markets.volume_{one}") for one in VOLUMES},
            say(lang, "markets.volume_help"),
            Tab.markets_volume,
        )
        _choice(
            "rank",
            say(lang, "markets.rank"),
            {one: say(lang, f"markets.rank_{one}") for one in RANKS},
            say(lang, "markets.rank_help"),
            Tab.markets_rank,
        )
    return tuple(chosen)


def _same_platform(preset: str, scenario: Scenario, lang: Lang) -> bool:
    return place_name(preset, lang).startswith(f"{scenario.platform} ")


def _choice(name: str, label: str, options: Mapping[Any, str], told: str, kept: Key[str]) -> None:
    """Draw one choice; `options` are what each is called."""
    key = f"markets_{name}_{state.lang()}"
    now = {"price": tab.markets_price, "volume": tab.markets_volume, "rank": tab.markets_rank}
    st.segmented_control(
        label,
        list(options),
        default=now[name],
        key=key,
        required=True,
        format_func=lambda one: options[one],
        help=told,
        on_change=lambda: kept.put(str(tab.typed(key))),
    )


def _told(found: Markets, lang: Lang) -> None:
    first, *others = market_sentences(found, lang)
    st.markdown(f"**{literal(first)}**")
    if others:
        st.markdown("\n".join(f"- {literal(one)}" for one in others))
    figure_table(
        "markets_rows",
        market_rows(found, lang),
        market_heads(found, lang),
        say(lang, "markets.to_compare"),
        words=_IN_WORDS,
        title=say(lang, "markets.to_compare"),
        note=run_on(
            [say(lang, f"markets.{key}") for key in ("grades_note", "limits", "level")], lang
        ),
    )
    shares, profits = data_shares(found, lang), data_profits(found, lang)
    with st.grid(2, min_column_width=330, gap="medium"):
        figure(
            "markets_profit",
            say(lang, "markets.chart_profit"),
            profits,
            spec_bars(lang, theme(), formats.axis("money", found.currency, lang)),
        )
        figure(
            "markets_shares",
            say(lang, "markets.chart"),
            shares,
            spec_shares(lang, theme(), shares["place"].nunique()),
            say(lang, "markets.chart_note"),
        )


def _fields(found: Markets, scenario: Scenario, lang: Lang) -> None:
    """Draw where each figure of one place comes from."""
    if not found.rows:
        return
    names = {one.name: market_name(one, found, lang) for one in found.rows}
    now = tab.markets_place if tab.markets_place in names else found.rows[0].name
    st.markdown(f"##### {say(lang, 'markets.fields')}")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"markets_place_{lang}"
        st.selectbox(
            say(lang, "markets.fields_of"),
            list(names),
            index=list(names).index(now),
            key=key,
            format_func=lambda one: names.get(str(one), str(one)),
            width=320,
            on_change=lambda: Tab.markets_place.put(str(tab.typed(key))),
        )
        every = f"markets_every_{lang}"
        st.toggle(
            say(lang, "markets.fields_all"),
            value=tab.markets_every,
            key=every,
            on_change=lambda: Tab.markets_every.put(bool(tab.typed(every))),
        )
    one = next(row for row in found.rows if row.name == now)
    figure_table(
        "markets_fields",
        field_rows(one.carried, scenario, lang, every=tab.markets_every, short=True),
        field_heads(lang),
        say(lang, "markets.fields"),
        words=_WORDS,
        note=run_on(carried_sentences(one.carried, scenario, lang), lang),
    )
    with st.container(horizontal=True):
        st.button(
            say(lang, "markets.open"),
            key="markets_open",
            icon=":material/open_in_new:",
            on_click=lambda: state.replace_whole(one.scenario),
        )
        st.button(
            say(lang, "markets.keep"),
            key="markets_keep",
            icon=":material/push_pin:",
            disabled=len(tab.compared) >= MOST_ASIDE,
            on_click=lambda: _keep(names[now], one.scenario),
        )


def _keep(name: str, scenario: Scenario) -> None:
    tab.compared = [*tab.compared, aside_named(name, scenario)]
    state.notice("success", say(state.lang(), "markets.kept"))


def _taken(found: Markets, lang: Lang, take: Callable[[Portfolio], None] | None) -> None:
    with st.container(horizontal=True):
        if take is not None:
            st.button(
                say(lang, "markets.take"),
                key="markets_take",
                icon=":material/table_rows:",
                on_click=lambda: take(found.portfolio),
            )
        st.download_button(
            say(lang, "markets.file"),
            lambda: portfolio_text(found.portfolio),
            file_name="portfolio.json",
            mime="application/json",
            key="markets_file",
            icon=":material/download:",
        )
