"""The calendar of payments: what comes in and goes out in which month, kind by kind."""

import streamlit as st

from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.output.charts.cash import data_flows, spec_flows
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash_tables import (
    MOST_KINDS,
    flow_heads,
    flow_kinds,
    flow_rows,
    kind_meanings,
    order_heads,
    order_rows,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.cash import CashShown, cash_point
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    point, code = cash_point(scenario), balance_currency(scenario)
    figure(
        "cash_flows",
        say(lang, "cash.flows"),
        data_flows(point.days, point.flows, lambda one: formats.whole_money(one, code, lang), lang),
        spec_flows(lang, theme(), len(flow_kinds(point.flows))),
        say(lang, "cash.flows_note"),
    )
    title = say(lang, "cash.flows_table", currency=code)
    many = len(flow_kinds(point.flows)) > MOST_KINDS
    if many:
        key = f"cash_every_{lang}_{tab.revision}"
        st.toggle(
            say(lang, "cash.every_kind"),
            value=tab.cash_every,
            key=key,
            on_change=lambda: Tab.cash_every.put(bool(tab.typed(key))),
        )
    every = tab.cash_every
    heads = flow_heads(point.flows, lang, every=every)
    figure_table(
        "cash_calendar",
        flow_rows(point.flows, point.month_end, point.days, lang, every=every),
        heads,
        title,
        title=title,
        note=say(lang, "cash.flows_table_note"),
        meanings=kind_meanings(lang),
        sums=range(len(heads) - 2, len(heads)),
        stacked=True,
    )
    if point.orders:
        title = say(lang, "cash.orders", currency=code)
        figure_table(
            "cash_orders",
            order_rows(point.orders, point.days, lang),
            order_heads(lang),
            title,
            title=title,
            note=say(lang, "cash.orders_note"),
            stacked=True,
        )
