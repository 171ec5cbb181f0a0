"""The same months of each channel, where they are known."""

import math

import streamlit as st

from funnel_sim.evidence.store.kept import kept_months
from funnel_sim.output.words import formats
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.edited_months import without_channel
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import MONEY
from funnel_sim.ui.markup import literal
from funnel_sim.ui.session import state
from funnel_sim.ui.session.tab import tab
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.ui.widgets.store_files import figure_head, months_table
from funnel_sim.words import Lang, say

_SHOWN = ("impressions", "clicks", "visits", "carts", "orders", "gmv", "ad_spend", "ad_sales")


def draw(lang: Lang) -> None:
    """Draw the channels, one of them month by month where it is asked for, and what removes one."""
    scenario = state.scenario()
    names = [one.channel for one in scenario.history.by_channel]
    if not names:
        return
    with st.expander(say(lang, "actuals.channels"), key="actuals_channels", on_change="rerun") as f:
        if not f.open:
            return
        key = f"actuals_channel_{lang}_{tab.revision}"
        chosen = st.selectbox(
            say(lang, "actuals.channel_month"),
            ["", *names],
            key=key,
            format_func=lambda one: str(one) or say(lang, "actuals.channel_all"),
        )
        if chosen:
            found = kept_months(scenario.history, str(chosen))
            assert found is not None
            mark = scenario.history.engagement_from
            months_table(found, "actuals_channel_table", lang, mark=mark)
            st.button(
                say(lang, "actuals.channel_drop", name=literal(str(chosen))),
                key="actuals_channel_drop",
                icon=":material/delete:",
                on_click=_drop,
                args=(str(chosen),),
            )
        else:
            _sums(scenario, names, lang)


def _drop(name: str) -> None:
    now = state.scenario()
    state.replace_whole(now.replace(without_channel(now.history, name)))


def _sums(scenario: Scenario, names: list[str], lang: Lang) -> None:
    """Draw the sums of the months since the mark, of all where there is none."""
    history = scenario.history
    months = [month for month in history.engaged() if month in history.names()] or history.names()
    shown = [
        figure for figure in _SHOWN if any(one.figures().get(figure) for one in history.by_channel)
    ]

    def cell(name: str, figure: str) -> str:
        known = [one for one in history.of(figure, months, name) if not math.isnan(one)]
        if not known:
            return formats.NOTHING
        total = sum(known)
        if figure in MONEY:
            return formats.whole_money(total, scenario.shown, lang)
        return formats.number(total)

    figure_table(
        "actuals_channel_sums",
        [Row("", name, tuple(cell(name, figure) for figure in shown)) for name in names],
        [say(lang, "actuals.channel"), *(figure_head(figure, lang) for figure in shown)],
        say(lang, "actuals.channels"),
        note=say(lang, "actuals.channels_note", months=len(months)),
    )
