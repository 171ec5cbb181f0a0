"""Who else buys: for sales, the orders that a prospect never named stand as switches, with what of
the month is assumed.
"""

import streamlit as st

from funnel_sim.decisions.economics.assumed_orders import named_only, switched
from funnel_sim.output.words import formats
from funnel_sim.scenario.presets import preset
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session import own_numbers, state
from funnel_sim.ui.session.tab import tab
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, lang: Lang) -> None:
    """Draw a switch for each source of orders that nobody named, and what of the month is
    assumed.
    """
    found = own_numbers.assumed_of(scenario)
    if not found.sources:
        return
    of = "_of" if found.typed else ""  # typed orders stay: a source is a part of them
    every = formats.number(round(found.orders))
    with st.container(key="assumed_orders", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            for one in found.sources:
                if not (one.on or round(one.orders)):
                    continue  # a fraction of an order
                key = f"assumed_{one.key}_{lang}_{tab.revision}_{one.on}"
                tab.seed(key, one.on)
                count = formats.number(round(one.orders))
                text = say(lang, f"assumed.{one.key}{of}", orders=count, all=every)
                st.toggle(said(text), key=key, on_change=_switch, args=(one.key, not one.on))
        if not any(one.on for one in found.sources):
            st.caption(say(lang, f"assumed.none{of}"))
            return
        parts = {
            "share": formats.percent(found.assumed_orders / found.orders, 0),
            "count": formats.number(round(found.assumed_orders)),
            "orders": every,
            "profit": formats.money(found.profit, scenario.shown, lang),
            "rest": formats.money(found.profit - found.assumed_profit, scenario.shown, lang),
        }
        st.caption(said(say(lang, f"assumed.share{of}", **parts)))


def _switch(key: str, on: bool) -> None:
    tab.scenario = switched(state.scenario(), key, on=on)
    tab.revision += 1


def begin() -> None:
    """Leave of an untouched example only the orders that are named: a pitch begins with what the
    prospect said.
    """
    now = state.scenario()
    if now.preset and now == preset(now.preset, now.as_of):
        state.replace_whole(named_only(now))
