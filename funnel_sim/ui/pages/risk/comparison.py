"""The scenario against what was kept of it, or against its preset, on the same draws."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.streams import LIVE
from funnel_sim.model.economics import Result
from funnel_sim.model.metrics import less_is_better
from funnel_sim.output.charts.chance import data_distribution, spec_distribution
from funnel_sim.output.words import formats
from funnel_sim.output.words.chance import input_name, probability_text
from funnel_sim.output.words.figure_names import name_of
from funnel_sim.output.words.tables import Row
from funnel_sim.scenario.links import differences
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.markup import said
from funnel_sim.ui.pages.risk.ready import (
    SIGNED,
    Ready,
    axis_of,
    compared_with,
    error_text,
    shown_figure,
)
from funnel_sim.ui.session import state
from funnel_sim.ui.session.chance_answers import ScenarioDifference
from funnel_sim.ui.session.tab import Tab, tab
from funnel_sim.ui.widgets.figure import figure
from funnel_sim.ui.widgets.figures import figure_table, theme
from funnel_sim.words import Lang, say

_MOST_DIFFERENCES = 8


def _inputs_of(scenario: Scenario) -> Scenario:
    """Return a scenario without what decides only how it is simulated."""
    return scenario.replace({"chance.seed": 1, "chance.paths": LIVE})


def _keep() -> None:
    tab.risk_kept, tab.risk_base = state.scenario(), "kept"


def draw_comparison(result: Result, ready: Ready, lang: Lang) -> None:
    """Draw which of the two is better, and by how much."""
    scenario = result.scenario
    kept = isinstance(tab.risk_kept, Scenario)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say(lang, "risk.keep"), key="risk_keep", icon=":material/push_pin:", on_click=_keep
        )
        if kept:
            key = f"risk_base_{lang}_{tab.risk_base}"
            st.segmented_control(
                say(lang, "risk.base"),
                ["preset", "kept"],
                key=key,
                default=tab.risk_base,
                required=True,
                label_visibility="collapsed",
                format_func=lambda b: say(lang, f"risk.base_{b}"),
                on_change=lambda: Tab.risk_base.put(tab.typed(key)),
            )
    base, found = compared_with(scenario), ready.difference
    if base is None or found is None:
        st.info(say(lang, "risk.no_base"))
        return
    if _inputs_of(base) == _inputs_of(scenario):
        st.info(say(lang, "risk.same"))
        return
    st.markdown(said(f"**{_which_better(ready, found, lang)}**"))
    st.caption(said(_what_differs(base, scenario, lang)))
    if not scenario.conversion.answers_to_price and any(
        point_value(base.get(path)) != point_value(scenario.get(path))
        for path in ("product.price", "product.discount_rate")
    ):
        st.warning(say(lang, "risk.demand"), icon=":material/lightbulb:")
    axis, factor, show = axis_of(ready.metric)
    heads = [
        "",
        say(lang, f"risk.base_{tab.risk_base}"),
        say(lang, "risk.now"),
        say(lang, "risk.gap"),
    ]
    with st.grid(2, min_column_width=330, gap="medium"):
        note = say(lang, "risk.compare_note")
        figure_table(
            "risk_compare",
            _compare_rows(ready, found, lang),
            heads,
            say(lang, "risk.compare_title"),
            title=say(lang, "risk.compare_title"),
            note=note,
        )
        with st.container():
            gap = found.gap
            marks = [
                (name, gap.quantiles[p].value, shown_figure(ready, gap.quantiles[p], lang))
                for name, p in (("P5", 0.05), ("P50", 0.50), ("P95", 0.95))
            ]
            inside = found.bars.edges
            threshold = None if less_is_better(ready.metric) else 0.0
            figure(
                "risk_gap",
                say(lang, "risk.gap_chart", metric=name_of(ready.metric, lang)),
                data_distribution(found.bars, marks, threshold, show, factor, lang=lang),
                spec_distribution(lang, theme(), axis, signed=bool(inside[0] <= 0 <= inside[-1])),
            )


def _which_better(ready: Ready, found: ScenarioDifference, lang: Lang) -> str:
    better = probability_text(found.better, found.run.plan.paths, lang)
    gap = found.gap.centre
    higher = replace(gap, value=abs(gap.value))
    way = say(
        lang,
        "risk.higher" if gap.value >= 0 else "risk.lower",
        gap=shown_figure(ready, higher, lang),
        margin=error_text(ready, gap, lang),
    )
    return say(
        lang,
        "risk.better_middle" if found.gap.heavy else "risk.better",
        odds=better,
        way=way,
        metric=name_of(ready.metric, lang),
    )


def _what_differs(base: Scenario, scenario: Scenario, lang: Lang) -> str:
    changes = differences(_inputs_of(scenario), _inputs_of(base))
    if changes is None:
        return say(lang, "risk.other_channels")
    names = [input_name(scenario, path, lang) if path.count(".") else path for path in changes]
    more = f" + {len(names) - _MOST_DIFFERENCES}" if len(names) > _MOST_DIFFERENCES else ""
    return say(lang, "risk.differs", names=", ".join(names[:_MOST_DIFFERENCES]) + more)


def _at(probability: float) -> Callable[[Any], Figure]:
    return lambda one: one.quantiles[probability]


def _compare_rows(ready: Ready, found: ScenarioDifference, lang: Lang) -> list[Row]:
    def row(key: str, pick: Callable[[Any], Figure], *, gap: bool = True) -> Row:
        cells = [shown_figure(ready, pick(one), lang) for one in (found.first, found.second)]
        apart = pick(found.gap)
        both = (
            f"{shown_figure(ready, apart, lang)} {error_text(ready, apart, lang)}"
            if gap
            else formats.NOTHING
        )
        return Row("", say(lang, f"risk.{key}"), (*cells, both))

    rows = [
        row("mean", lambda e: e.mean),
        *(row(key, _at(p)) for key, p in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95))),
        row("worst", lambda e: e.expected_shortfall),
    ]
    if ready.metric in SIGNED:
        losses = [
            probability_text(one.loss, found.run.plan.paths, lang)
            for one in (found.first, found.second)
        ]
        rows.append(Row("", say(lang, "risk.loss"), (*losses, formats.NOTHING)))
    return rows
