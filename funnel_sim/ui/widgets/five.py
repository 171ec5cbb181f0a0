"""The five numbers: price, unit cost, ad budget, price of a click, conversion rate; or orders and
their ad spend, where these are typed.
"""

import streamlit as st

from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import channel_name
from funnel_sim.output.words.headlines import typed_sentence
from funnel_sim.scenario.in_force import five_paths, knows_orders, others
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui import shell
from funnel_sim.ui.markup import said, typed
from funnel_sim.ui.session import state
from funnel_sim.ui.session.calls import result_of
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets import assumed_orders
from funnel_sim.ui.widgets.fields import field, widget_key
from funnel_sim.ui.widgets.number import waits
from funnel_sim.words import Lang, say

__all__ = ["five_numbers", "five_paths"]
_USUAL = 150


def five_numbers(*, note: bool, ranged: bool = False) -> None:
    """Draw the five numbers in one row (stacked on a phone), and say whose they are where several
    channels have their own.

    Args:
        note: whether origin and range stand beneath each.
        ranged: whether each may be a range.
    """
    scenario = state.scenario()
    paths = five_paths(scenario)
    with st.grid(
        len(paths), min_column_width=_USUAL, key="five_noted" if note or ranged else "five"
    ):
        for path in paths:
            if note or ranged or state.problem_at(path) is not None or waits(widget_key(path)):
                with st.container(gap="xsmall"):
                    field(path, note=note, ranged=ranged)
            else:
                field(path, note=False)
    whose_numbers(scenario)


def whose_numbers(scenario: Scenario) -> None:
    """Say below the numbers of the shop what typed orders come to, and which channel's they are;
    for sales, draw the orders that nobody named as switches.
    """
    if knows_orders(scenario):
        st.caption(said(typed_sentence(result_of(scenario), state.lang())))
    told = whose(scenario, state.lang())
    if told:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(said(told))
            st.button(
                say(state.lang(), "five.channels"),
                key="five_channels",
                type="tertiary",
                on_click=_to_channels,
            )
    if tab.role == "sales":
        assumed_orders.draw(scenario, state.lang())
    if tab.once(Tab.five_go):
        shell.go("my_shop")


def whose(scenario: Scenario, lang: Lang) -> str:
    """Return which channel the five numbers belong to and what the others go by, nothing where
    there is no other.
    """
    parts = []
    paid = [c for c in scenario.channels if c.kind in ("cpc", "cpm")]
    shown = [
        path.split(".")[1]
        for path in five_paths(scenario)
        if path.startswith("channels.") and path.endswith(".budget")
    ]
    if shown and len(paid) > 1:
        parts.append(
            say(lang, "five.ads_of", channel=typed(channel_name(scenario, shown[0], lang)))
        )
    own = [
        path
        for path in five_paths(scenario)
        if path.startswith("channels.") and ".channel_" in path
    ]
    if own:
        parts.append(
            say(
                lang,
                "five.conversion_of",
                channel=typed(channel_name(scenario, own[0].split(".")[1], lang)),
            )
        )
    rest = [
        typed(channel_name(scenario, c.id, lang))
        + ("" if c.channel_cvr is None else f" {formats.percent(point_value(c.channel_cvr), 2)}")
        for c in others(scenario)
    ]
    if rest:
        parts.append(say(lang, "five.others", channels=say(lang, "five.and").join(rest)))
    return " ".join(parts)


def _to_channels() -> None:
    tab.put("theme_channels", True)
    tab.five_go = True
