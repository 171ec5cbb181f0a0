"""From profit to cash: every row of the difference, up to the end of a month."""

import streamlit as st

from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.output.charts.cash import data_bridge
from funnel_sim.output.charts.ledger import spec_waterfall, waterfall_room
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.cash_tables import (
    bridge_heads,
    bridge_rows,
    bridge_sentence,
    bridge_steps,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session.cash import CashShown, cash_point
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    point, code = cash_point(scenario), balance_currency(scenario)
    months = month_names(point.days)
    place = tab.cash_month if 0 < tab.cash_month <= len(months) else len(months)
    key = f"cash_month_{lang}_{tab.revision}"
    chosen = st.selectbox(
        say(lang, "cash.bridge_until"),
        months,
        index=place - 1,
        key=key,
        width=220,
        on_change=lambda: Tab.cash_month.put(months.index(str(tab.typed(key))) + 1),
    )
    day = int(point.days.starts[months.index(chosen) + 1]) - 1
    steps = bridge_steps(point.bridge, day)
    date = point.days.date(day).isoformat()
    st.markdown(said(bridge_sentence(steps, code, date, lang)))
    bars = data_bridge(steps, code, lang)
    title = say(lang, "cash.bridge", month=chosen)
    figure(
        "cash_bridge",
        title,
        bars,
        spec_waterfall(
            lang,
            theme(),
            formats.axis("money", code, lang),
            waterfall_room(bars),
            say(lang, "cash.amount"),
        ),
    )
    figure_table(
        "cash_bridge_rows",
        bridge_rows(steps, code, lang),
        bridge_heads(lang),
        title,
        words=(2,),
        title=title,
        note=say(lang, "cash.bridge_note"),
        stacked=True,
    )
