"""Charts, built with Altair once per theme and language; each redraw only brings new data.

A `spec_*` function returns a Vega-Lite specification whose data is named; a `data_*` function
returns the small table that goes with it. Nothing here knows Streamlit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.chance.drivers import Swing
from funnel_sim.chance.estimates import quantile
from funnel_sim.decisions.conversion_test import Comparison, density, seen_between
from funnel_sim.decisions.customer.worth import Budget, Contribution
from funnel_sim.decisions.economics.grid import Grid
from funnel_sim.decisions.kpi.path import Path
from funnel_sim.decisions.quote.incentives import Choice
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result
from funnel_sim.model.ledger import LINES, SUBTOTAL, SUBTOTALS
from funnel_sim.output.words import formats
from funnel_sim.output.words.explain import name_of, plain_name
from funnel_sim.words import Lang, Words, say

Theme = Literal["light", "dark"]
_DATA = alt.NamedData(name="figures")
FONT = "'Source Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


@dataclass(frozen=True)
class Palette:
    """Colours of one theme; gain and loss differ in lightness too, and signs repeat them."""

    ink: str
    faint: str
    total: str
    gain: str
    loss: str
    middle: str
    paper: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        ink="#1c2b33",
        faint="#d7dee2",
        total="#33566b",
        gain="#1a8a72",
        loss="#d9772b",
        middle="#f7f3ea",
        paper="#ffffff",
    ),
    "dark": Palette(
        ink="#e4ecef",
        faint="#3a4650",
        total="#8fb6cc",
        gain="#3fc1a3",
        loss="#f0954a",
        middle="#2a2f33",
        paper="#12181c",
    ),
}

BAR_WORDS: dict[str, Words] = {
    "order_consumer": Words("买家实付", "Shopper pays"),
    "tax_away": Words("税（不归卖家）", "Tax (not the seller's)"),
    "goods": Words("商品到岸成本", "Landed cost of goods"),
    "fixed": Words("固定费用", "Fixed costs"),
    "ads": Words("广告与发送", "Ads and sends"),
}


_GROWING = frozenset(
    {
        "fontSize",
        "labelFontSize",
        "titleFontSize",
        "labelLimit",
        "labelPadding",
        "dx",
        "dy",
        "offset",
        "step",
        "strokeWidth",
        "thickness",
        "size",
    }
)


def enlarged(spec: Any, by: float) -> Any:
    """Return a chart's specification with letters, limits and marks `by` times as large, to be read
    from the back of a room.

    >>> enlarged(
    ...     {
    ...         "mark": {"fontSize": 10, "color": "red"},
    ...         "height": {"step": 20},
    ...         "size": {"condition": 1},
    ...     },
    ...     1.5,
    ... )
    {'mark': {'fontSize': 15.0, 'color': 'red'}, 'height': {'step': 30.0}, 'size': {'condition': 1}}
    """
    if isinstance(spec, list):
        return [enlarged(one, by) for one in spec]
    if not isinstance(spec, dict):
        return spec
    return {
        key: by * one if key in _GROWING and isinstance(one, int | float) else enlarged(one, by)
        for key, one in spec.items()
    }


def _finish(chart: alt.LayerChart | alt.FacetChart, theme: Theme) -> dict[str, Any]:
    palette = PALETTES[theme]
    spec = (
        chart.configure(font=FONT, background="transparent")
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=palette.ink,
            titleColor=palette.ink,
            gridColor=palette.faint,
            domainColor=palette.faint,
            tickColor=palette.faint,
            labelFontSize=12,
            titleFontSize=12,
            titleFontWeight="normal",
        )
        .configure_text(color=palette.ink)
        .configure_rule(color=palette.ink)
        .configure_legend(
            labelColor=palette.ink, titleColor=palette.ink, labelFontSize=12, titleFontSize=12
        )
        .to_dict()
    )
    for part in (spec, *spec["layer"]):
        part.pop("data", None)  # the data comes with each redraw
        mark = part.get("mark")
        if isinstance(mark, dict) and mark.get("type") == "rule":
            mark["aria"] = False  # a line says nothing to a screen reader that the text does not
    spec.pop("datasets", None)
    spec.pop("$schema", None)
    return dict(spec)


@cache
def spec_waterfall(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return the waterfall from what the shopper pays to profit, one bar a row."""
    palette = PALETTES[theme]
    label = alt.Y(
        "label",
        type="nominal",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=190, ticks=False, domain=False, labelPadding=8),
    )
    colour = alt.Color(
        "kind",
        type="nominal",
        legend=None,
        scale=alt.Scale(
            domain=["total", "gain", "loss"], range=[palette.total, palette.gain, palette.loss]
        ),
    )
    base = alt.Chart(_DATA)
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.72}).encode(
        y=label,
        x=alt.X(
            "start",
            type="quantitative",
            title=None,
            axis=alt.Axis(format="~s", tickCount=5),
            scale=alt.Scale(zero=True, nice=True),
        ),
        x2=alt.X2("end"),
        color=colour,
        tooltip=[
            alt.Tooltip("label", type="nominal", title=say(lang, "chart.step")),
            alt.Tooltip("text", type="nominal", title=say(lang, "chart.per_order")),
        ],
    )
    texts = base.mark_text(align="left", dx=5, fontSize=12).encode(
        y=label, x=alt.X("edge", type="quantitative"), text=alt.Text("text", type="nominal")
    )
    zero = base.mark_rule(strokeWidth=1, opacity=0.6).encode(x=alt.X(datum=0, type="quantitative"))
    title = alt.TitleParams(
        say(lang, "economics.waterfall"),
        anchor="start",
        fontSize=16,
        fontWeight=600,
        color=palette.ink,
        frame="group",
        offset=12,
    )
    return _finish(alt.layer(bars, zero, texts).properties(height=alt.Step(31), title=title), theme)


def data_waterfall(result: Result, lang: Lang) -> pd.DataFrame:
    """Return the bars per order of the steady month: label, start, end, kind, text, edge."""
    currency = result.scenario.currency
    rows: list[dict[str, Any]] = []

    def bar(label: str, start: float, end: float, kind: str, amount: float) -> None:
        rows.append(
            {
                "label": label,
                "start": start,
                "end": end,
                "kind": kind,
                "text": formats.money(amount, currency, lang),
                "edge": max(start, end),
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
    return pd.DataFrame(rows)


def _draw(steps: list[tuple[str, float]], at: float, bar: Any, lang: Lang) -> float:
    for key, amount in steps:
        if amount:
            label = BAR_WORDS[key].of(lang) if key in BAR_WORDS else plain_name(key, lang)
            bar(label, at, at + amount, "gain" if amount > 0 else "loss", amount)
        at += amount
    return at


@cache
def spec_heat(lang: Lang, theme: Theme, across: str, up: str) -> dict[str, Any]:
    """Return the two-way map: cells coloured by the metric, the zero line, today's point.

    Titles are the levers' words.
    """
    palette = PALETTES[theme]
    cells = (
        alt.Chart(_DATA)
        .mark_rect()
        .encode(
            x=alt.X(
                "x0",
                type="quantitative",
                title=across,
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, tickCount=6),
            ),
            x2=alt.X2("x1"),
            y=alt.Y(
                "y0",
                type="quantitative",
                title=up,
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, tickCount=6),
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
        alt.Chart(_DATA)
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
        alt.Chart(_DATA)
        .transform_filter("isValid(datum.nx)")
        .mark_point(size=130, filled=True, color=palette.ink, stroke=palette.paper, strokeWidth=2)
        .encode(
            x=alt.X("nx", type="quantitative"),
            y=alt.Y("ny", type="quantitative"),
            tooltip=[alt.Tooltip("text", type="nominal", title=say(lang, "chart.today"))],
        )
    )
    return _finish(alt.layer(cells, line, now).properties(height=360), theme)


def data_heat(grid: Grid, currency: str, cost_currency: str, lang: Lang) -> pd.DataFrame:
    """Return one table for all layers of the map: cells, pieces of the zero line, today's point.

    Rates are in percent, so that the axes read like the inputs.
    """
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
                    "text": formats.money(value, currency, lang),
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


@cache
def spec_months(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return profit month by month as bars and its running total as a line."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
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
        y=alt.Y("profit", type="quantitative", title=None, axis=alt.Axis(format="~s", tickCount=5)),
        tooltip=tips,
        color=alt.Color(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(domain=["gain", "loss"], range=[palette.gain, palette.loss]),
        ),
    )
    line = data.mark_line(
        color=palette.total, strokeWidth=2, point={"color": palette.total, "size": 30}
    ).encode(x=month, y=alt.Y("total", type="quantitative"), tooltip=tips)
    return _finish(alt.layer(bars, line).properties(height=240), theme)


def data_months(result: Result, lang: Lang) -> pd.DataFrame:
    """Return profit by month over the horizon, and its running total."""
    profit = np.asarray(result.monthly["profit"])
    total = np.cumsum(profit)
    currency = result.scenario.currency
    return pd.DataFrame(
        {
            "month": np.arange(1, profit.size + 1),
            "profit": profit,
            "total": total,
            "kind": ["gain" if p >= 0 else "loss" for p in profit],
            "text": [formats.money(float(p), currency, lang) for p in profit],
            "sum": [formats.money(float(t), currency, lang) for t in total],
        }
    )


_MARKS: tuple[tuple[str, Literal["right", "center", "left"]], ...] = (
    ("P5", "right"),
    ("P50", "center"),
    ("P95", "left"),
)
_LINES: tuple[tuple[str, int, Literal[400, 600]], ...] = (("name", 30, 400), ("text", 15, 600))


@cache
def spec_distribution(lang: Lang, theme: Theme, axis: str, *, signed: bool) -> dict[str, Any]:
    """Return the distribution of a figure as bars, the part below the threshold marked, with P5,
    median and P95.
    """
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    bars = (
        data.transform_filter("isValid(datum.start)")
        .mark_rect(stroke=palette.paper, strokeWidth=0.6)
        .encode(
            x=alt.X(
                "start",
                type="quantitative",
                title=None,
                axis=alt.Axis(format=axis, tickCount=6, grid=False),
                scale=alt.Scale(zero=False, nice=False),
            ),
            x2=alt.X2("end"),
            y=alt.Y(
                "share", type="quantitative", title=None, axis=None, scale=alt.Scale(zero=True)
            ),
            y2=alt.Y2Datum(0),
            color=alt.Color(
                "kind",
                type="nominal",
                legend=None,
                scale=alt.Scale(
                    domain=["total", "gain", "loss"],
                    range=[palette.total, palette.gain, palette.loss],
                ),
            ),
            tooltip=[
                alt.Tooltip("from", type="nominal", title=say(lang, "risk.from")),
                alt.Tooltip("to", type="nominal", title=say(lang, "risk.to")),
                alt.Tooltip("text", type="nominal", title=say(lang, "risk.share")),
            ],
        )
    )
    marks = data.transform_filter("isValid(datum.at)")
    layers: list[Any] = [
        bars,
        marks.mark_rule(strokeDash=[4, 3], strokeWidth=1.2).encode(
            x=alt.X("at", type="quantitative")
        ),
    ]
    # the words stand above the plot, the outer ones turned outward, so that they neither cross the
    # bars nor each other
    for name, align in _MARKS:
        one = data.transform_filter(f"datum.name === '{name}'")
        for text, up, weight in _LINES:
            mark = one.mark_text(align=align, baseline="top", fontSize=12, fontWeight=weight)
            layers.append(
                mark.encode(
                    x=alt.X("at", type="quantitative"),
                    y=alt.value(-up),
                    text=alt.Text(text, type="nominal"),
                )
            )
    if signed:
        layers.insert(
            1, data.mark_rule(strokeWidth=1.5).encode(x=alt.X(datum=0, type="quantitative"))
        )
    return _finish(alt.layer(*layers).properties(height=300), theme) | {
        "padding": {"top": 36, "left": 5, "right": 8, "bottom": 5}
    }


@dataclass(frozen=True)
class Bars:
    """A distribution cut into bars: `edges` (bars + 1), `shares` of the paths; what lies beyond the
    ends is in the end bars.
    """

    edges: Array
    shares: Array


def bars_of(ordered: Array, threshold: float | None, bars: int = 48) -> Bars:
    """Return bars over rising values from P0.1 to P99.9, one edge on the threshold where it lies
    inside.
    """
    low, high = (quantile(ordered, p) for p in (0.001, 0.999))
    if not high > low:
        return Bars(np.array([low - 0.5, low + 0.5]), np.array([1.0]))
    width = (high - low) / bars
    if threshold is not None and low < threshold < high:
        low = threshold - np.ceil((threshold - low) / width) * width
    edges: Array = low + width * np.arange(int(np.ceil((high - low) / width)) + 1, dtype=np.float64)
    inside = np.searchsorted(ordered, edges[1:-1])
    return Bars(
        edges, np.diff(np.concatenate([[0.0], inside, [ordered.size]])) / float(ordered.size)
    )


def data_distribution(
    found: Bars,
    marks: Sequence[tuple[str, float, str]],
    threshold: float | None,
    show: Callable[[float], str],
    factor: float = 1.0,
) -> pd.DataFrame:
    """Return the bars and the marks (name, value, text); `show` words a value, `factor` turns it
    into what the axis shows.
    """
    rows: list[dict[str, Any]] = []
    for start, end, share in zip(found.edges[:-1], found.edges[1:], found.shares, strict=True):
        kind = "total" if threshold is None else "loss" if (start + end) / 2 < threshold else "gain"
        rows.append(
            {
                "start": start * factor,
                "end": end * factor,
                "share": share,
                "kind": kind,
                "from": show(float(start)),
                "to": show(float(end)),
                "text": formats.percent(float(share)),
            }
        )
    rows += [
        {"at": value * factor, "name": name, "text": text}
        for name, value, text in marks
        if np.isfinite(value)
    ]
    return pd.DataFrame(rows)


@cache
def spec_fan(lang: Lang, theme: Theme, axis: str, *, signed: bool) -> dict[str, Any]:
    """Return a figure month by month: the bands that hold 90 and 80 of 100 futures, and the median."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    month = alt.X(
        "month",
        type="quantitative",
        title=say(lang, "chart.month"),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d"),
        scale=alt.Scale(nice=False),
    )
    tips = [alt.Tooltip("month", type="quantitative", title=say(lang, "chart.month"))] + [
        alt.Tooltip(f"t{p}", type="nominal", title=name)
        for p, name in (
            ("95", "P95"),
            ("90", "P90"),
            ("50", say(lang, "risk.p50")),
            ("10", "P10"),
            ("5", "P5"),
        )
    ]

    def band(low: str, high: str, opacity: float) -> Any:
        return data.mark_area(color=palette.total, opacity=opacity, line=False).encode(
            x=month,
            y=alt.Y(
                low,
                type="quantitative",
                title=None,
                axis=alt.Axis(format=axis, tickCount=5),
                scale=alt.Scale(zero=False),
            ),
            y2=alt.Y2(high),
            tooltip=tips,
        )

    middle = data.mark_line(
        color=palette.total, strokeWidth=2.5, point={"color": palette.total, "size": 26}
    ).encode(x=month, y=alt.Y("p50", type="quantitative"), tooltip=tips)
    layers: list[Any] = [band("p5", "p95", 0.22), band("p10", "p90", 0.28), middle]
    if signed:
        layers.insert(
            0,
            data.mark_rule(strokeWidth=1, opacity=0.6).encode(
                y=alt.Y(datum=0, type="quantitative")
            ),
        )
    return _finish(alt.layer(*layers).properties(height=300), theme)


def data_fan(quantiles: Array, show: Callable[[float], str], factor: float = 1.0) -> pd.DataFrame:
    """Return percentiles by month, shape (P5 P10 P50 P90 P95, months), as the fan's table."""
    names = ("5", "10", "50", "90", "95")
    quantiles = np.where(
        np.isfinite(quantiles), quantiles, np.nan
    )  # what is without limit has no place in a chart
    columns: dict[str, Any] = {"month": np.arange(1, quantiles.shape[1] + 1)}
    columns |= {f"p{name}": row * factor for name, row in zip(names, quantiles, strict=True)}
    columns |= {
        f"t{name}": [show(float(v)) if np.isfinite(v) else formats.NOTHING for v in row]
        for name, row in zip(names, quantiles, strict=True)
    }
    return pd.DataFrame(columns)


@cache
def spec_tornado(lang: Lang, theme: Theme, axis: str) -> dict[str, Any]:
    """Return each input's swing from its P10 to its P90, widest first."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    label = alt.Y(
        "label",
        type="nominal",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=210, ticks=False, domain=False, labelPadding=8),
    )
    tips = [
        alt.Tooltip("label", type="nominal", title=say(lang, "risk.input")),
        alt.Tooltip("range", type="nominal", title=say(lang, "risk.from_to")),
        alt.Tooltip("text", type="nominal", title=say(lang, "risk.result")),
    ]
    bars = data.mark_bar(cornerRadius=2, height={"band": 0.66}).encode(
        y=label,
        x=alt.X(
            "start",
            type="quantitative",
            title=None,
            axis=alt.Axis(format=axis, tickCount=5),
            scale=alt.Scale(zero=False, nice=False, padding=52),
        ),
        x2=alt.X2("end"),
        tooltip=tips,
        color=alt.Color(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(domain=["gain", "loss"], range=[palette.gain, palette.loss]),
        ),
    )
    ends = data.mark_text(fontSize=11.5, baseline="middle").encode(
        y=label,
        x=alt.X("end", type="quantitative"),
        text=alt.Text("value", type="nominal"),
    )
    left = ends.transform_filter("datum.end < datum.start").mark_text(
        align="right", dx=-5, fontSize=11.5
    )
    right = ends.transform_filter("datum.end >= datum.start").mark_text(
        align="left", dx=5, fontSize=11.5
    )
    return _finish(alt.layer(bars, left, right).properties(height=alt.Step(34)), theme)


def data_tornado(
    swings: Sequence[Swing],
    middle: float,
    name: Callable[[str], str],
    value: Callable[[str, float], str],
    show: Callable[[float], str],
    factor: float = 1.0,
) -> pd.DataFrame:
    """Return two bars an input, from the result at its likely value to that at its P10 and at its
    P90.
    """
    rows: list[dict[str, Any]] = []
    for swing in swings:
        for at, result in ((swing.low, swing.at_low), (swing.high, swing.at_high)):
            if not np.isfinite(result):
                continue  # without limit, or no such figure: no bar can show it
            rows.append(
                {
                    "label": name(swing.path),
                    "start": middle * factor,
                    "end": result * factor,
                    "kind": "gain" if result >= middle else "loss",
                    "value": value(swing.path, at),
                    "range": f"{value(swing.path, swing.low)} – {value(swing.path, swing.high)}",
                    "text": show(result),
                }
            )
    return pd.DataFrame(rows, columns=["label", "start", "end", "kind", "value", "range", "text"])


@cache
def spec_payback(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return what a customer has brought by each month as a band and a line, against what it cost."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    month = alt.X(
        "month",
        type="quantitative",
        title=say(lang, "customers.age"),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d"),
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
        axis=alt.Axis(format="~s", tickCount=5),
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
    return _finish(alt.layer(cost_band, band, cost, line).properties(height=300), theme)


def data_payback(found: Contribution, currency: str, lang: Lang) -> pd.DataFrame:
    """Return the band, the line and the cost by month of the customer, the first being that of the
    first order.
    """

    def show(value: float) -> str:
        return formats.money(float(value), currency, lang)

    low, middle, high = found.cumulative
    months = np.arange(1, low.size + 1)
    return pd.DataFrame(
        {
            "month": months,
            "low": low,
            "middle": middle,
            "high": high,
            "cost_low": found.cac[0],
            "cost_middle": found.cac[1],
            "cost_high": found.cac[2],
            "text": [show(v) for v in middle],
            "band": [f"{show(a)} – {show(b)}" for a, b in zip(low, high, strict=True)],
            "cost": f"{show(found.cac[1])} ({show(found.cac[0])} – {show(found.cac[2])})",
            "share": [formats.percent(float(v)) for v in found.paid_back],
        }
    )


_DEEP = {"light": 0.9, "dark": 0.55}
"""From which depth on the paper's colour stands out more than the ink's, on cells between `middle`
and `gain`.
"""


@cache
def spec_cohorts(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return a map: each month's new customers as a row, their orders in each month as cells."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
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
        f"datum.depth > {_DEEP[theme]}", alt.value(palette.paper), alt.value(palette.ink)
    )  # numbers can be read on every cell
    words = data.mark_text(fontSize=10.5).encode(
        x=x, y=y, text=alt.Text("text", type="nominal"), color=deep
    )
    return _finish(alt.layer(cells, words).properties(height=alt.Step(24)), theme)


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
def spec_budget(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return what customers cost on average and what the next one costs, along the budget, against
    what a customer brings.
    """
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    tips = [
        alt.Tooltip("budget_text", type="nominal", title=say(lang, "customers.budget")),
        alt.Tooltip("name", type="nominal", title=say(lang, "customers.figure")),
        alt.Tooltip("text", type="nominal", title=say(lang, "customers.amount")),
    ]
    lines = (
        data.transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2.3)
        .encode(
            x=alt.X(
                "budget",
                type="quantitative",
                title=say(lang, "customers.budget"),
                axis=alt.Axis(format="~s", tickCount=6, grid=False),
                scale=alt.Scale(nice=False, zero=False),
            ),
            y=alt.Y(
                "value",
                type="quantitative",
                title=None,
                axis=alt.Axis(format="~s", tickCount=5),
                scale=alt.Scale(zero=True),
            ),
            color=alt.Color(
                "name",
                type="nominal",
                title=None,
                sort=None,
                scale=alt.Scale(range=[palette.total, palette.loss, palette.gain]),
                legend=alt.Legend(orient="top", labelLimit=240),
            ),
            tooltip=tips,
        )
    )
    now = (
        data.transform_filter("isValid(datum.now)")
        .mark_rule(strokeDash=[4, 3])
        .encode(x=alt.X("now", type="quantitative"))
    )
    return _finish(alt.layer(lines, now).properties(height=300), theme)


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
    return pd.DataFrame(rows)


@cache
def spec_odds(lang: Lang, theme: Theme, bounds: tuple[float, float, float]) -> dict[str, Any]:
    """Return a bar of odds for each KPI, its name above it, with the bounds of the verdict."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    y = alt.Y(
        "row",
        type="ordinal",
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3),
    )
    x = alt.X(
        "odds",
        type="quantitative",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, *sorted(bounds), 1], grid=True),
    )
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "kpi.kpi")),
        alt.Tooltip("text", type="nominal", title=say(lang, "kpi.odds")),
        alt.Tooltip("verdict", type="nominal", title=say(lang, "kpi.verdict")),
    ]
    whole = data.mark_bar(size=14, color=palette.faint, opacity=0.6, cornerRadius=3).encode(
        x=alt.X("all", type="quantitative"), y=y, tooltip=tips
    )
    bars = data.mark_bar(size=14, cornerRadius=3).encode(
        x=x,
        y=y,
        tooltip=tips,
        color=alt.Color(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(
                domain=["good", "middle", "bad"], range=[palette.gain, palette.total, palette.loss]
            ),
        ),
    )
    names = data.mark_text(align="left", baseline="bottom", dy=-10, dx=1, fontSize=13).encode(
        x=alt.value(0), y=y, text=alt.Text("label", type="nominal")
    )
    return _finish(alt.layer(whole, bars, names).properties(height=alt.Step(52)), theme)


def data_odds(rows: Sequence[tuple[str, float, str, str, str]]) -> pd.DataFrame:
    """Return one row a bar from (name, odds, odds as text, verdict in words, kind)."""
    return pd.DataFrame(
        [
            {
                "row": i,
                "name": name,
                "label": f"{name}:  {text}",
                "odds": chance,
                "all": 1.0,
                "text": text,
                "verdict": verdict,
                "kind": kind,
            }
            for i, (name, chance, text, verdict, kind) in enumerate(rows)
        ]
    )


@cache
def spec_path(lang: Lang, theme: Theme, axis: str) -> dict[str, Any]:
    """Return what each month must be, the stop-loss line, and what the simulation gives, as a band
    and a line.
    """
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    month = alt.X(
        "month",
        type="quantitative",
        title=say(lang, "chart.month"),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d"),
        scale=alt.Scale(nice=False, padding=8),
    )
    y = alt.Y(
        "value",
        type="quantitative",
        title=None,
        axis=alt.Axis(format=axis, tickCount=5),
        scale=alt.Scale(zero=False),
    )
    tips = [
        alt.Tooltip("month", type="quantitative", title=say(lang, "chart.month")),
        alt.Tooltip("name", type="nominal", title=say(lang, "kpi.line")),
        alt.Tooltip("text", type="nominal", title=say(lang, "kpi.value")),
    ]
    band = (
        data.transform_filter("isValid(datum.low)")
        .mark_area(color=palette.total, opacity=0.22)
        .encode(x=month, y=alt.Y("low", type="quantitative", title=None), y2=alt.Y2("high"))
    )
    lines = (
        data.transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2.4, point={"size": 34})
        .encode(
            x=month,
            y=y,
            tooltip=tips,
            color=alt.Color(
                "name",
                type="nominal",
                title=None,
                sort=None,
                scale=alt.Scale(range=[palette.gain, palette.total, palette.loss]),
                legend=alt.Legend(orient="top", labelLimit=300, columns=1),
            ),
            strokeDash=alt.StrokeDash(
                "name",
                type="nominal",
                sort=None,
                legend=None,
                scale=alt.Scale(range=[[6, 3], [1, 0], [2, 3]]),
            ),
        )
    )
    return _finish(alt.layer(band, lines).properties(height=330), theme)


def data_path(found: Path, show: Callable[[float], str], lang: Lang) -> pd.DataFrame:
    """Return the lines and the band of a growth path, month by month."""
    rows: list[dict[str, Any]] = []
    for key, values in (
        ("required", found.required),
        ("median", found.median),
        ("stop", found.line),
    ):
        name = say(lang, f"kpi.line_{key}")
        rows += [
            {"month": m, "value": float(v), "name": name, "text": show(float(v))}
            for m, v in enumerate(values, 1)
            if np.isfinite(v)
        ]
    rows += [
        {"month": m, "low": float(a), "high": float(b)}
        for m, (a, b) in enumerate(zip(found.low, found.high, strict=True), 1)
        if np.isfinite(a) and np.isfinite(b)
    ]
    return pd.DataFrame(rows)


@cache
def spec_gains(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return the range of the net gain of each option, its name above it, with the middle as a tick
    and zero as a line.
    """
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    y = alt.Y(
        "row",
        type="ordinal",
        title=None,
        axis=None,
        scale=alt.Scale(paddingInner=0.2, paddingOuter=0.3),
    )
    x = alt.X(
        "low",
        type="quantitative",
        title=None,
        axis=alt.Axis(format="~s", tickCount=6, grid=True),
        scale=alt.Scale(zero=True),
    )
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "quote.option")),
        alt.Tooltip("text", type="nominal", title=say(lang, "quote.gain")),
        alt.Tooltip("odds", type="nominal", title=say(lang, "quote.better")),
        alt.Tooltip("verdict", type="nominal", title=say(lang, "quote.verdict")),
    ]
    colour = alt.Color(
        "kind",
        type="nominal",
        legend=None,
        scale=alt.Scale(
            domain=["good", "middle", "bad"], range=[palette.gain, palette.total, palette.loss]
        ),
    )
    zero = data.mark_rule(strokeWidth=1, opacity=0.7).encode(x=alt.X(datum=0, type="quantitative"))
    bars = data.mark_bar(size=12, cornerRadius=3).encode(
        x=x, x2=alt.X2("high"), y=y, color=colour, tooltip=tips
    )
    ticks = data.mark_tick(thickness=3, size=22, color=palette.ink).encode(
        x=alt.X("middle", type="quantitative"), y=y, tooltip=tips
    )
    names = data.mark_text(align="left", baseline="bottom", dy=-11, dx=1, fontSize=13).encode(
        x=alt.value(0), y=y, text=alt.Text("label", type="nominal")
    )
    return _finish(alt.layer(zero, bars, ticks, names).properties(height=alt.Step(50)), theme)


def data_gains(
    rows: Sequence[tuple[str, tuple[float, float, float], str, str, str, str]],
) -> pd.DataFrame:
    """Return one row a bar from (name, (P10, P50, P90), gain as text, odds as text, verdict in
    words, kind).
    """
    return pd.DataFrame(
        [
            {
                "row": i,
                "name": name,
                "label": f"{name}:  {text}",
                "low": low,
                "middle": middle,
                "high": high,
                "text": text,
                "odds": odds,
                "verdict": verdict,
                "kind": kind,
            }
            for i, (name, (low, middle, high), text, odds, verdict, kind) in enumerate(rows)
        ]
    )


def _two_sides(palette: Palette) -> alt.Color:
    """Return the colour of two named sides, with its legend above."""
    return alt.Color(
        "name",
        type="nominal",
        title=None,
        sort=None,
        scale=alt.Scale(range=[palette.total, palette.loss]),
        legend=alt.Legend(orient="top", labelLimit=240),
    )


@cache
def spec_choice(lang: Lang, theme: Theme, axis: str, title: str) -> dict[str, Any]:
    """Return what each side gets along a lever, with what each would choose."""
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    tips = [
        alt.Tooltip("at", type="quantitative", title=title, format=axis),
        alt.Tooltip("name", type="nominal", title=say(lang, "customers.figure")),
        alt.Tooltip("text", type="nominal", title=say(lang, "customers.amount")),
    ]
    colour = _two_sides(palette)
    x = alt.X(
        "at", type="quantitative", title=title, axis=alt.Axis(format=axis, tickCount=6, grid=False)
    )
    y = alt.Y("value", type="quantitative", title=None, axis=alt.Axis(format="~s", tickCount=5))
    lines = data.mark_line(strokeWidth=2.3).encode(x=x, y=y, color=colour, tooltip=tips)
    best = (
        data.transform_filter("datum.best")
        .mark_point(size=120, filled=True, opacity=1)
        .encode(x=x, y=y, color=colour, tooltip=tips)
    )
    zero = data.mark_rule(strokeWidth=1, opacity=0.6).encode(y=alt.Y(datum=0, type="quantitative"))
    return _finish(alt.layer(zero, lines, best).properties(height=300), theme)


def data_choice(found: Choice, show: Callable[[float], str], lang: Lang) -> pd.DataFrame:
    """Return both sides along a lever; `best` marks what each would choose."""
    rows = []
    for key, values, chosen in (
        ("client_line", found.client, found.clients),
        ("agency_line", found.agency, found.agencys),
    ):
        rows += [
            {
                "at": level,
                "value": float(value),
                "name": say(lang, f"quote.{key}"),
                "text": show(float(value)),
                "best": level == chosen,
            }
            for level, value in zip(found.levels, values, strict=True)
        ]
    return pd.DataFrame(rows)


@cache
def spec_rates(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return what is known about two conversion rates: one hill each, A's line dashed so that
    colour is not needed.
    """
    palette = PALETTES[theme]
    data = alt.Chart(_DATA)
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "customers.figure")),
        alt.Tooltip("text", type="nominal", title=say(lang, "rates.density_rate")),
    ]
    colour = _two_sides(palette)
    x = alt.X(
        "rate",
        type="quantitative",
        title=say(lang, "rates.density_rate"),
        axis=alt.Axis(format="~p", tickCount=6, grid=False),
        scale=alt.Scale(zero=False, nice=False),
    )
    y = alt.Y(
        "height",
        type="quantitative",
        title=say(lang, "rates.density"),
        axis=alt.Axis(labels=False, ticks=False, grid=False),
        stack=None,
    )
    areas = data.mark_area(opacity=0.22).encode(x=x, y=y, color=colour, tooltip=tips)
    lines = data.mark_line(strokeWidth=2.3).encode(
        x=x,
        y=y,
        color=colour,
        tooltip=tips,
        strokeDash=alt.StrokeDash(
            "name", type="nominal", sort=None, legend=None, scale=alt.Scale(range=[[5, 3], [1, 0]])
        ),
    )
    return _finish(alt.layer(areas, lines).properties(height=260), theme)


_HILL, _LEFT_OUT = 160, 2e-3  # points of a curve; what lies outside the picture


def data_rates(found: Comparison, lang: Lang, show: Callable[[float], str]) -> pd.DataFrame:
    """Return the two posteriors at the same rates; a density without limit is cut at the highest
    one drawn.
    """
    ends = [seen_between(shape, _LEFT_OUT) for shape in found.shapes]
    rates = np.unique(np.concatenate([np.linspace(low, high, _HILL) for low, high in ends]))
    rows = []
    for name, shape in zip(("a", "b"), found.shapes, strict=True):
        heights = density(shape, rates)
        rows += [
            {
                "rate": float(rate),
                "height": float(height),
                "name": say(lang, f"rates.version_{name}"),
                "text": show(float(rate)),
            }
            for rate, height in zip(rates, heights, strict=True)
        ]
    return pd.DataFrame(rows)


__all__ = [
    "SUBTOTAL",
    "Bars",
    "Theme",
    "bars_of",
    "data_budget",
    "data_choice",
    "data_cohorts",
    "data_distribution",
    "data_fan",
    "data_gains",
    "data_heat",
    "data_months",
    "data_odds",
    "data_path",
    "data_payback",
    "data_rates",
    "data_tornado",
    "data_waterfall",
    "enlarged",
    "spec_budget",
    "spec_choice",
    "spec_cohorts",
    "spec_distribution",
    "spec_fan",
    "spec_gains",
    "spec_heat",
    "spec_months",
    "spec_odds",
    "spec_path",
    "spec_payback",
    "spec_rates",
    "spec_tornado",
    "spec_waterfall",
]
