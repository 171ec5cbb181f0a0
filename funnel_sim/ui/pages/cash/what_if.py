"""What if payouts stop or slow down: each event for certain in a chosen month, and the way to make
it one of the scenario's own.
"""

import streamlit as st

from funnel_sim.decisions.cash.answer import as_planned, balance_currency
from funnel_sim.decisions.cash.what_if import cash_events
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.cash_what_if import what_if_heads, what_if_meanings, what_if_rows
from funnel_sim.scenario.chance import MOST_SHOCKS
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.cash import CashShown, what_ifs_of
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.chance_inputs import add_event
from funnel_sim.ui.widgets.figures import figure_table
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    futures = ready.answer.futures
    months = month_names(futures.days)
    place = tab.cash_event_month if 0 < tab.cash_event_month <= len(months) else 1
    key = f"cash_event_month_{lang}_{tab.revision}"
    st.selectbox(
        say(lang, "cash.what_if_month"),
        months,
        index=place - 1,
        key=key,
        width=220,
        on_change=lambda: Tab.cash_event_month.put(months.index(str(tab.typed(key))) + 1),
    )
    with st.spinner(say(lang, "cash.working")):
        found = what_ifs_of(scenario, place)
    title = say(lang, "cash.what_if_title", month=months[place - 1])
    figure_table(
        "cash_what_if",
        what_if_rows(
            found,
            balance_currency(scenario),
            futures.plan.paths,
            lang,
            planned=as_planned(scenario) != scenario,
        ),
        what_if_heads(lang),
        title,
        title=title,
        note=what_if_meanings(found, lang),
        stacked=True,
    )
    if len(scenario.shocks) >= MOST_SHOCKS:
        return
    st.caption(say(lang, "cash.what_if_add_note"))
    with st.container(horizontal=True):
        for one in cash_events(scenario):
            st.button(
                say(lang, "cash.what_if_add", event=one.words.of(lang)),
                key=f"cash_add_{one.id}",
                icon=":material/add:",
                on_click=add_event,
                args=(one,),
            )
