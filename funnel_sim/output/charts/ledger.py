"""Charts of one store without chance: from what the shopper pays to profit, two levers, months."""

from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.decisions.economics.grid import LeverGrid
from funnel_sim.model.economics import Result
from funnel_sim.model.ledger import LINES, SUBTOTALS
from funnel_sim.output.charts.style import (
    DATA,
    extent_of,
    finish,
    kind_colours,
    line_names,
    room_for,
    scaled,
    tags,
)
from funnel_sim.output.design import PALETTES, SIZES, UNIT, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.figure_names import name_of, plain_name
from funnel_sim.output.words.formats import Axis
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, Words, say

BAR_WORDS: dict[str, Words] = {
    "order_consumer": Words("买家实付", "Shopper pays"),
    "tax_away": Words("税（不归卖家）", "Tax (not the seller's)"),
    "goods": Words("商品到岸成本", "Landed cost of goods"),
    "fixed": Words("固定费用", "Fixed costs"),
    "ads": Words("广告与发送", "Ads and sends"),
}


_SIDES: tuple[tuple[str, Literal["left", "right"], int], ...] = (
    ("right", "left", 6),
    ("left", "right", -6),
)


@cache
def spec_waterfall(
    lang: Lang, theme: Theme, axis: Axis, room: tuple[int, int] = (0, 72), amount: str = ""
) -> dict[str, Any]:
    """Return a waterfall, from what the shopper pays to profit, one bar a row; `room` is kept free
    of bars on the left and on the right for the amounts, in pixels (`waterfall_room`); `amount`
    names what a bar shows, per order where nothing else is said.
    """
    left, right = room
    palette = PALETTES[theme]
    label = alt.Y(
        "label",
        type="nominal",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelPadding=8),
    )
    colour = kind_colours(palette, "total", "gain", "loss")
    base = alt.Chart(DATA)
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.72}).encode(
        y=label,
        x=alt.X(
            "start",
            type="quantitative",
            title=None,
            axis=alt.Axis(labelExpr=axis.label, tickCount=4, labelOverlap=True),
            scale=alt.Scale(zero=True, nice=False, range=[left, alt.expr(f"width - {right}")]),
        ),
        x2=alt.X2("end"),
        color=colour,
        tooltip=[
            alt.Tooltip("label", type="nominal", title=say(lang, "chart.step")),
            alt.Tooltip("text", type="nominal", title=amount or say(lang, "chart.per_order")),
        ],
    )
    texts: list[Any] = []
    for side, align, apart in _SIDES:
        one = base.transform_filter(f"datum.side === '{side}'").mark_text(
            align=align, dx=apart, fontSize=SIZES.small
        )
        texts.append(
            one.encode(
                y=label, x=alt.X("edge", type="quantitative"), text=alt.Text("text", type="nominal")
            )
        )
    zero = base.mark_rule(strokeWidth=1, opacity=0.6).encode(x=alt.X(datum=0, type="quantitative"))
    return finish(alt.layer(bars, zero, *texts).properties(height=alt.Step(32)), theme)


def waterfall_room(data: pd.DataFrame) -> tuple[int, int]:
    """Return the room that the amounts of a waterfall need on the left and on the right."""
    left, right = (list(data.loc[data["side"] == side, "text"]) for side in ("left", "right"))
    return room_for(left) if left else 0, room_for(right) if right else UNIT


def data_waterfall(result: Result, lang: Lang) -> pd.DataFrame:
    """Return the bars per order of the steady month: label, start, end, kind, text, edge."""
    currency = result.scenario.shown
    rows: list[dict[str, Any]] = []

    def bar(label: str, start: float, end: float, kind: str, amount: float) -> None:
        below = max(start, end) <= 0 and min(start, end) < 0  # its amount stands left of it
        rows.append(
            {
                "label": label,
                "start": start,
                "end": end,
                "kind": kind,
                "text": formats.money(amount, currency, lang),
                "side": "left" if below else "right",
                "edge": min(start, end) if below else max(start, end),
            }
        )

    at = result.steady["order_consumer"] or 0.0
    bar(BAR_WORDS["order_consumer"].of(lang), 0.0, at, "total", at)
    withheld = result.steady["order_withheld"] or 0.0
    taxes = -withheld + (result.per("output_tax", "order") or 0.0)
    steps: list[tuple[str, float]] = [("tax_away", taxes)]
    group = SUBTOTALS[0]
    for line in LINES:
        if line.group != group:
            at = _draw(steps, at, bar, lang)
            bar(name_of(group, lang), 0.0, at, "total", at)
            group, steps = line.group, []
        amount = result.per(line.formula.key, "order") or 0.0
        if line.formula.key in ("gross_sales", "output_tax"):
            continue
        if steps and steps[-1][0] == line.bar:
            steps[-1] = (line.bar, steps[-1][1] + amount)
        else:
            steps.append((line.bar, amount))
    at = _draw(steps, at, bar, lang)
    bar(name_of("profit", lang), 0.0, at, "total" if at >= 0 else "loss", at)
    return scaled(pd.DataFrame(rows), currency.rate, "start", "end", "edge")


def _draw(steps: list[tuple[str, float]], at: float, bar: Any, lang: Lang) -> float:
    for key, amount in steps:
        if amount:
            label = BAR_WORDS[key].of(lang) if key in BAR_WORDS else plain_name(key, lang)
            bar(label, at, at + amount, "gain" if amount > 0 else "loss", amount)
        at += amount
    return at


@cache
def spec_heat(
    lang: Lang, theme: Theme, across: str, up: str, axes: tuple[Axis, Axis]
) -> dict[str, Any]:
    """Return the two-way map: cells coloured by the metric, the zero line, today's point.

    Titles are the levers' words.
    """
    palette = PALETTES[theme]
    cells = (
        alt.Chart(DATA)
        .mark_rect()
        .encode(
            x=alt.X(
                "x0",
                type="quantitative",
                title=across,
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, tickCount=6, labelExpr=axes[0].label, labelOverlap=True),
            ),
            x2=alt.X2("x1"),
            y=alt.Y(
                "y0",
                type="quantitative",
                title=up,
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, tickCount=6, labelExpr=axes[1].label),
            ),
            y2=alt.Y2("y1"),
            color=alt.Color(
                "value",
                type="quantitative",
                title=say(lang, "chart.profit_month"),
                scale=alt.Scale(
                    domainMid=0,
                    range=[palette.loss, palette.middle, palette.gain],
                    interpolate="rgb",
                ),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("across", type="nominal", title=across),
                alt.Tooltip("up", type="nominal", title=up),
                alt.Tooltip("text", type="nominal", title=say(lang, "chart.profit_month")),
            ],
        )
    )
    line = (
        alt.Chart(DATA)
        .transform_filter("isValid(datum.piece)")
        .mark_line(strokeWidth=2.5, color=palette.ink)
        .encode(
            x=alt.X("lx", type="quantitative"),
            y=alt.Y("ly", type="quantitative"),
            detail=alt.Detail("piece", type="nominal"),
            order=alt.Order("step", type="quantitative"),
        )
    )
    now = (
        alt.Chart(DATA)
        .transform_filter("isValid(datum.nx)")
        .mark_point(size=130, filled=True, color=palette.ink, stroke=palette.paper, strokeWidth=2)
        .encode(
            x=alt.X("nx", type="quantitative"),
            y=alt.Y("ny", type="quantitative"),
            tooltip=[alt.Tooltip("text", type="nominal", title=say(lang, "chart.today"))],
        )
    )
    return finish(alt.layer(cells, line, now).properties(height=360), theme)


def data_heat(grid: LeverGrid, scenario: Scenario, lang: Lang) -> pd.DataFrame:
    """Return one table for all layers of the map: cells, pieces of the zero line, today's point.

    Rates are in percent, so that the axes read like the inputs; levers stay in the currency in
    which they are typed.
    """
    currency, cost_currency = scenario.currency, scenario.cost_currency
    fx = 100.0 if grid.across_lever.unit == "rate" else 1.0
    fy = 100.0 if grid.up_lever.unit == "rate" else 1.0
    x_edges, y_edges = _edges(grid.across * fx), _edges(grid.up * fy)
    rows: list[dict[str, Any]] = []
    for j, up in enumerate(grid.up):
        for i, across in enumerate(grid.across):
            value = float(grid.metric[j, i])
            rows.append(
                {
                    "x0": x_edges[i],
                    "x1": x_edges[i + 1],
                    "y0": y_edges[j],
                    "y1": y_edges[j + 1],
                    "value": value,
                    "across": formats.figure(
                        float(across), grid.across_lever.unit, currency, cost_currency, lang
                    ),
                    "up": formats.figure(
                        float(up), grid.up_lever.unit, currency, cost_currency, lang
                    ),
                    "text": formats.money(value, scenario.shown, lang),
                }
            )
    for piece, line in enumerate(grid.zero_line):
        rows += [
            {"piece": f"{piece}", "step": k, "lx": float(x) * fx, "ly": float(y) * fy}
            for k, (x, y) in enumerate(line)
        ]
    now = formats.figure(grid.now[0], grid.across_lever.unit, currency, cost_currency, lang)
    also = formats.figure(grid.now[1], grid.up_lever.unit, currency, cost_currency, lang)
    rows.append({"nx": grid.now[0] * fx, "ny": grid.now[1] * fy, "text": f"{now} · {also}"})
    return pd.DataFrame(rows)


def _edges(centres: Any) -> list[float]:
    if len(centres) < 2 or centres[0] == centres[-1]:
        return [
            float(c)
            for c in np.linspace(float(centres[0]) - 0.5, float(centres[0]) + 0.5, len(centres) + 1)
        ]
    half = np.diff(centres) / 2
    inner = centres[:-1] + half
    return [float(e) for e in (centres[0] - half[0], *inner, centres[-1] + half[-1])]


_MONTHS = 240


@cache
def spec_months(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return profit month by month as bars and its running total as a line."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="ordinal",
        title=say(lang, "chart.month"),
        axis=alt.Axis(labelAngle=0, labelOverlap=True),
    )
    tips = [
        alt.Tooltip("month", type="ordinal", title=say(lang, "chart.month")),
        alt.Tooltip("text", type="nominal", title=say(lang, "chart.profit_month")),
        alt.Tooltip("sum", type="nominal", title=say(lang, "chart.running")),
    ]
    bars = data.mark_bar(cornerRadius=2).encode(
        x=month,
        y=alt.Y(
            "profit",
            type="quantitative",
            title=None,
            axis=alt.Axis(labelExpr=axis.label, tickCount=5),
        ),
        tooltip=tips,
        color=kind_colours(palette, "gain", "loss"),
    )
    line = data.mark_line(
        color=palette.total, strokeWidth=2, point={"color": palette.total, "size": 30}
    ).encode(x=month, y=alt.Y("total", type="quantitative"), tooltip=tips)
    names = line_names(data, theme, month)
    return finish(alt.layer(bars, line, *names).properties(height=_MONTHS), theme)


def data_months(result: Result, lang: Lang) -> pd.DataFrame:
    """Return profit by month over the horizon, and its running total."""
    profit = np.asarray(result.monthly["profit"])
    total = np.cumsum(profit)
    currency = result.scenario.shown
    rows = pd.DataFrame(
        {
            "month": np.arange(1, profit.size + 1),
            "profit": profit,
            "total": total,
            "kind": ["gain" if p >= 0 else "loss" for p in profit],
            "text": [formats.money(float(p), currency, lang) for p in profit],
            "sum": [formats.money(float(t), currency, lang) for t in total],
        }
    )
    extent = extent_of(profit.tolist(), total.tolist(), zero=True)
    name = say(lang, "chart.running")
    named = tags([name], [total.tolist()], float(profit.size), extent, _MONTHS, "month")
    every = pd.concat([rows, pd.DataFrame(named)], ignore_index=True)
    return scaled(every, currency.rate, "profit", "total")
