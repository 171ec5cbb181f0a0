"""Cash by currency: what comes in and goes out in each, and what the exchange rate moves."""

import streamlit as st

from funnel_sim.output.charts.cash import data_change, spec_change
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.cash_tables import (
    exposure_heads,
    exposure_rows,
    exposure_sentence,
    other_currency,
)
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.session.cash import CashShown, exposure_of
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    found, days = exposure_of(scenario), ready.answer.futures.days
    st.markdown(said(exposure_sentence(found, lang)))
    other = other_currency(found)
    if other is not None:
        figure(
            "cash_exposure",
            say(lang, "cash.exposure", currency=other),
            data_change(
                month_names(days),
                [float(one) for one in found.open],
                lambda one: formats.whole_money(one, other, lang),
            ),
            spec_change(lang, theme(), formats.axis("money", other, lang), meant=False),
            say(lang, "cash.exposure_note", currency=found.kept),
        )
    title = say(lang, "cash.exposure_table")
    heads = exposure_heads(found, lang)
    figure_table(
        "cash_exposure_rows",
        exposure_rows(found, days, lang),
        heads,
        title,
        title=title,
        sums=range(3, len(heads), 3),
        stacked=True,
    )
