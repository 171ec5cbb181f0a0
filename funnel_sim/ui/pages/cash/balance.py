"""The balance as a fan, the probability of less than zero by month, the months as a table."""

import numpy as np
import streamlit as st

from funnel_sim.decisions.cash.answer import in_balance
from funnel_sim.output.charts.cash import data_balance, data_below, spec_balance, spec_below
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.cash_tables import month_heads, month_rows
from funnel_sim.output.words.chance import probability_text
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.cash import CashShown
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say


def draw(scenario: Scenario, ready: CashShown, lang: Lang) -> None:
    """Draw the part."""
    answer = ready.answer
    found, code = answer.futures, answer.currency
    limit = in_balance(scenario, float(point_value(scenario.cash.credit_limit)))
    shares = answer.below_by_month
    with st.grid(2, min_column_width=330, gap="medium"):
        figure(
            "cash_balance",
            say(lang, "cash.fan"),
            data_balance(
                found.days,
                np.asarray(found.band_days),
                found.bands,
                lambda one: formats.whole_money(one, code, lang),
                limit,
                lang=lang,
            ),
            spec_balance(lang, theme(), formats.axis("money", code, lang)),
            say(lang, "cash.fan_limit" if limit else "cash.fan_note"),
        )
        figure(
            "cash_below",
            say(lang, "cash.below"),
            data_below(
                month_names(found.days),
                [one.value for one in shares],
                [probability_text(one, found.plan.paths, lang) for one in shares],
            ),
            spec_below(lang, theme()),
            say(lang, "cash.below_note"),
        )
    title = say(lang, "cash.months")
    rows = month_rows(answer, ready.ends, lang)
    figure_table("cash_months", rows, month_heads(lang), title, title=title, stacked=True)
