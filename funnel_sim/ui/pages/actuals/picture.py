"""The series in one picture: baseline grey, actuals coloured, marked months named."""

import math
from functools import partial

import streamlit as st

from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.errors import InputError
from funnel_sim.output.charts.months import data_series, spec_series
from funnel_sim.output.words import formats
from funnel_sim.output.words.actual_months import events_by_month
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import theme
from funnel_sim.ui.widgets.store_files import figure_head
from funnel_sim.words import Lang, say

_FIGURES = ("gmv", "orders", "ad_spend", "profit")
_MOST = min(36, LONGEST_HORIZON)


def draw(scenario: Scenario, lang: Lang) -> None:
    """Draw the picture and the choice of its figure."""
    key = f"actuals_chart_figure_{lang}"
    st.segmented_control(
        say(lang, "actuals.chart_figure"),
        list(_FIGURES),
        default=tab.actuals_figure,
        key=key,
        required=True,
        format_func=lambda one: _words(one, lang),
        on_change=lambda: Tab.actuals_figure.put(tab.typed(key) or "gmv"),
    )
    shown = tab.actuals_figure
    months = scenario.history.names()[-_MOST:]
    values = _values(scenario, shown, months)
    name = _words(shown, lang)
    if all(math.isnan(value) for value in values):
        st.caption(say(lang, "actuals.chart_none", figure=name))
        return
    money = shown != "orders"
    show = (
        partial(formats.whole_money, currency=scenario.shown, lang=lang)
        if money
        else formats.number
    )
    axis = formats.axis("money" if money else "count", scenario.shown, lang)
    note = say(lang, "actuals.chart_note")
    if shown == "profit":
        note += ("" if lang == "zh" else " ") + say(lang, "actuals.chart_profit_note")
    figure(
        "actuals_chart",
        say(lang, "actuals.chart", figure=name),
        data_series(
            months,
            values,
            scenario.history.engagement_from,
            events_by_month(scenario, lang),
            show,
            lang,
            scenario.shown.rate if money else 1.0,
        ),
        spec_series(lang, theme(), axis, name),
        note,
    )


def _words(figure_: str, lang: Lang) -> str:
    if figure_ == "profit":
        return say(lang, "actuals.chart_profit")
    return figure_head(figure_, lang)


def _values(scenario: Scenario, shown: str, months: list[str]) -> list[float]:
    if shown != "profit":
        return scenario.history.of(shown, months)
    try:
        return [float(one) for one in actual_ledger(scenario, months).month("profit")]
    except InputError:
        return [math.nan] * len(months)
