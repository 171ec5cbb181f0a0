"""Charts of customers: how a customer pays back, cohorts, what a budget brings."""

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.decisions.customer.budget_curve import Budget
from funnel_sim.decisions.customer.contribution import Contribution
from funnel_sim.model.arrays import Array
from funnel_sim.output.charts.style import (
    DATA,
    extent_of,
    finish,
    line_colours,
    line_dashes,
    line_names,
    scaled,
    tags,
)
from funnel_sim.output.design import PALETTES, SIZES, Theme, contrast, rgb
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import Axis
from funnel_sim.scenario.shown import rate_of
from funnel_sim.words import Lang, say

_HEIGHT, _LOW = 300, 210  # of the plot on screen, and the least it has on paper


@cache
def spec_payback(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return what a customer has brought by each month as a band and a line, against what it
    cost.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="quantitative",
        title=say(lang, "customers.age"),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d", labelOverlap=True),
        scale=alt.Scale(nice=False),
    )
    tips = [
        alt.Tooltip("month", type="quantitative", title=say(lang, "customers.age")),
        alt.Tooltip("text", type="nominal", title=say(lang, "customers.brought")),
        alt.Tooltip("band", type="nominal", title="P10 – P90"),
        alt.Tooltip("cost", type="nominal", title=say(lang, "customers.cost")),
        alt.Tooltip("share", type="nominal", title=say(lang, "customers.paid_back")),
    ]
    y = alt.Y(
        "low",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=5),
        scale=alt.Scale(zero=True),
    )
    band = data.mark_area(color=palette.gain, opacity=0.25).encode(
        x=month, y=y, y2=alt.Y2("high"), tooltip=tips
    )
    line = data.mark_line(
        color=palette.gain, strokeWidth=2.5, point={"color": palette.gain, "size": 30}
    ).encode(x=month, y=alt.Y("middle", type="quantitative"), tooltip=tips)
    cost_band = data.mark_area(color=palette.loss, opacity=0.2).encode(
        x=month, y=alt.Y("cost_low", type="quantitative"), y2=alt.Y2("cost_high")
    )
    cost = data.mark_line(color=palette.loss, strokeWidth=2, strokeDash=[5, 4]).encode(
        x=month, y=alt.Y("cost_middle", type="quantitative")
    )
    names = line_names(data, theme, "month")
    return finish(alt.layer(cost_band, band, cost, line, *names).properties(height=_HEIGHT), theme)


def data_payback(found: Contribution, currency: str, lang: Lang) -> pd.DataFrame:
    """Return the band, the line and the cost by month of the customer, the first being that of the
    first order.
    """

    def show(value: float) -> str:
        return formats.money(float(value), currency, lang)

    low, middle, high = found.cumulative
    months = np.arange(1, low.size + 1)
    names = [say(lang, "customers.brought"), say(lang, "customers.cost")]
    ends = [middle.tolist(), [float(found.cac[1])]]
    extent = extent_of(low.tolist(), high.tolist(), [float(v) for v in found.cac], zero=True)
    rows = pd.DataFrame(
        {
            "month": months,
            "low": low,
            "middle": middle,
            "high": high,
            "cost_low": found.cac[0],
            "cost_middle": found.stated,
            "cost_high": found.cac[2],
            "text": [show(v) for v in middle],
            "band": [f"{show(a)} – {show(b)}" for a, b in zip(low, high, strict=True)],
            "cost": f"{show(found.stated)} ({show(found.cac[0])} – {show(found.cac[2])})",
            "share": [formats.percent(float(v)) for v in found.paid_back],
        }
    )
    named = tags(names, ends, float(months[-1]), extent, _LOW, "month")
    every = pd.concat([rows, pd.DataFrame(named)], ignore_index=True)
    cost = ("cost_low", "cost_middle", "cost_high")
    return scaled(every, rate_of(currency), "low", "middle", "high", *cost)


@cache
def _deep(theme: Theme) -> float:
    """Return from which depth on the paper's colour stands out more than the ink's, on cells
    between `middle` and `gain`; 1 where it never does.
    """
    palette = PALETTES[theme]
    first, last, ink, paper = (
        rgb(code) for code in (palette.middle, palette.gain, palette.ink, palette.paper)
    )
    for step in range(101):
        depth = step / 100
        cell = tuple(a * (1 - depth) + b * depth for a, b in zip(first, last, strict=True))
        if contrast(paper, cell) > contrast(ink, cell):
            return depth
    return 1.0


@cache
def spec_cohorts(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return a map: each month's new customers as a row, their orders in each month as cells."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    x = alt.X(
        "month",
        type="ordinal",
        title=say(lang, "chart.month"),
        axis=alt.Axis(labelAngle=0, labelOverlap=True),
    )
    y = alt.Y("cohort", type="ordinal", title=say(lang, "customers.cohort"))
    cells = data.mark_rect().encode(
        x=x,
        y=y,
        color=alt.Color(
            "depth",
            type="quantitative",
            legend=None,
            scale=alt.Scale(
                domain=[0, 1], clamp=True, range=[palette.middle, palette.gain], interpolate="rgb"
            ),
        ),
        tooltip=[
            alt.Tooltip("cohort", type="ordinal", title=say(lang, "customers.cohort")),
            alt.Tooltip("month", type="ordinal", title=say(lang, "chart.month")),
            alt.Tooltip("text", type="nominal", title=say(lang, "customers.orders")),
        ],
    )
    deep = alt.condition(
        f"datum.depth > {_deep(theme)}", alt.value(palette.paper), alt.value(palette.ink)
    )  # numbers can be read on every cell
    words = data.mark_text(fontSize=SIZES.small).encode(
        x=x, y=y, text=alt.Text("text", type="nominal"), color=deep
    )
    return finish(alt.layer(cells, words).properties(height=alt.Step(24)), theme)


def data_cohorts(orders: Array) -> pd.DataFrame:
    """Return the cells of the cohort map; `depth` is the share of the cohort's own first month,
    cube-rooted so that repeats can be seen.
    """
    rows = []
    for cohort, line in enumerate(orders):
        for month, value in enumerate(line):
            if np.isfinite(value):
                share = value / line[cohort] if line[cohort] else 0.0
                rows.append(
                    {
                        "cohort": cohort + 1,
                        "month": month + 1,
                        "depth": float(np.cbrt(share)),
                        "text": formats.count(float(value)) if value else "",
                    }
                )
    return pd.DataFrame(rows)


@cache
def spec_budget(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return what customers cost on average and what the next one costs, along the budget, against
    what a customer brings.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    tips = [
        alt.Tooltip("budget_text", type="nominal", title=say(lang, "customers.budget")),
        alt.Tooltip("name", type="nominal", title=say(lang, "customers.figure")),
        alt.Tooltip("text", type="nominal", title=say(lang, "customers.amount")),
    ]
    colour = line_colours(palette.total, palette.loss, palette.gain)
    lines = (
        data.transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2.3)
        .encode(
            x=alt.X(
                "budget",
                type="quantitative",
                title=say(lang, "customers.budget"),
                axis=alt.Axis(labelExpr=axis.label, tickCount=5, grid=False, labelOverlap=True),
                scale=alt.Scale(nice=False, zero=False),
            ),
            y=alt.Y(
                "value",
                type="quantitative",
                title=None,
                axis=alt.Axis(labelExpr=axis.label, tickCount=5),
                scale=alt.Scale(zero=True),
            ),
            color=colour,
            strokeDash=line_dashes((1, 0), (6, 3), (2, 3)),
            tooltip=tips,
        )
    )
    now = (
        data.transform_filter("isValid(datum.now)")
        .mark_rule(strokeDash=[4, 3])
        .encode(x=alt.X("now", type="quantitative"))
    )
    names = line_names(data, theme, "budget", colour)
    return finish(alt.layer(lines, now, *names).properties(height=_HEIGHT), theme)


def data_budget(found: Budget, currency: str, lang: Lang) -> pd.DataFrame:
    """Return the three lines along the budget, and today's budget."""
    rows: list[dict[str, Any]] = []
    level = np.full_like(found.budgets, np.nan if found.ltv is None else found.ltv)
    for key, values in (
        ("cac_average", found.cac),
        ("cac_next", found.marginal),
        ("ltv_line", level),
    ):
        rows += [
            {
                "budget": float(b),
                "value": float(v),
                "name": say(lang, f"customers.{key}"),
                "budget_text": formats.money(float(b), currency, lang),
                "text": formats.money(float(v), currency, lang),
            }
            for b, v in zip(found.budgets, values, strict=True)
            if np.isfinite(v)
        ]
    rows.append({"now": found.now})
    kept = [found.cac.tolist(), found.marginal.tolist(), level.tolist()]
    names = [say(lang, f"customers.{key}") for key in ("cac_average", "cac_next", "ltv_line")]
    end = float(found.budgets[-1])
    rows += tags(names, kept, end, extent_of(*kept, zero=True), _LOW, "budget")
    return scaled(pd.DataFrame(rows), rate_of(currency), "budget", "value", "now")
