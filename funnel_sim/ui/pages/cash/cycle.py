"""How long money is bound: the cycle, part by part."""

import streamlit as st

from funnel_sim.output.charts.cash import data_cycle, spec_cycle
from funnel_sim.output.words.cash_answers import cycle_sentence
from funnel_sim.output.words.cash_tables import part_rows, ratio_sentence
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session.cash import CashShown, cycle_of
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    found = cycle_of(scenario)
    bars = data_cycle(found, lang)
    if bars.empty:
        st.info(say(lang, "cash.cycle_none"))
        return
    st.markdown(said(cycle_sentence(found, lang)))
    with st.grid(2, min_column_width=330, gap="medium"):
        figure(
            "cash_cycle",
            say(lang, "cash.cycle"),
            bars,
            spec_cycle(lang, theme(), len(bars)),
            say(lang, "cash.cycle_note"),
        )
        figure_table(
            "cash_cycle_parts",
            part_rows(found, lang),
            [say(lang, "cash.cycle_part"), say(lang, "cash.cycle_days")],
            say(lang, "cash.cycle"),
            note=ratio_sentence(found, lang),
        )
