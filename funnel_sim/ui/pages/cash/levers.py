"""What frees cash: every lever on the same futures, and how fast the store can grow."""

from dataclasses import replace

import streamlit as st

from funnel_sim.decisions.cash.answer import balance_currency
from funnel_sim.output.charts.cash import data_levers, spec_levers
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash_answers import growth_sentence, lever_heads
from funnel_sim.output.words.cash_levers import (
    clear,
    growth_heads,
    growth_table,
    lever_names,
    lever_table,
    lever_text,
    start_sentence,
    unclear_name,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session.cash import CashShown, growth_of, levers_of
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    code = balance_currency(scenario)
    with st.spinner(say(lang, "cash.working")):
        found = levers_of(scenario)
    told = start_sentence(found, code, lang)
    if told:
        st.markdown(said(told))
    figure(
        "cash_levers",
        say(lang, "cash.levers"),
        data_levers(
            lever_names(found, code, lang),
            [one.frees.value for one in found],
            [lever_text(one, code, lang) for one in found],
        ),
        spec_levers(lang, theme(), formats.axis("money", code, lang)),
        say(lang, "cash.levers_note"),
    )
    figure_table(
        "cash_lever_rows",
        [
            row if clear(one) else replace(row, name=unclear_name(row.name, lang))
            for row, one in zip(lever_table(found, code, lang), found, strict=True)
        ],
        [say(lang, "cash.lever"), *lever_heads(lang)],
        say(lang, "cash.levers"),
        stacked=True,
    )
    st.markdown(f"##### {say(lang, 'cash.growth')}")
    with st.expander(say(lang, "cash.growth_open"), key="cash_growth", on_change="rerun") as fold:
        if fold.open:
            with st.spinner(say(lang, "cash.working")):
                grown = growth_of(scenario)
            st.markdown(said(growth_sentence(grown, code, lang)))
            figure_table(
                "cash_growth_rows",
                growth_table(grown, ready.answer.futures.plan.paths, lang),
                growth_heads(lang),
                say(lang, "cash.growth"),
                note=say(lang, "cash.growth_note"),
            )
