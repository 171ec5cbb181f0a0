"""Charts of many futures: a distribution, months as a fan, what moves the result."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.chance.drivers import Swing
from funnel_sim.chance.estimates import Bars
from funnel_sim.model.arrays import Array
from funnel_sim.output.charts.style import DATA, finish, kind_colours
from funnel_sim.output.design import PALETTES, SIZES, UNIT, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say

_ROWS = {"P5": 0, "P50": 1, "P95": 2}
"""The line above the plot on which a percentile is named: one each, so that no two ever meet."""
_ROW = 2 * UNIT
_SIDES: tuple[tuple[str, Literal["right", "left"], int], ...] = (
    ("left", "right", -4),
    ("right", "left", 4),
)


@cache
def spec_distribution(lang: Lang, theme: Theme, axis: Axis, *, signed: bool) -> dict[str, Any]:
    """Return the distribution of a figure as bars from P1 to P99, the part below the threshold
    marked, with P5, median and P95 named above, and beneath what lies outside.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    bars = (
        data.transform_filter("isValid(datum.start)")
        .mark_rect(stroke=palette.paper, strokeWidth=0.6)
        .encode(
            x=alt.X(
                "start",
                type="quantitative",
                title=None,
                axis=alt.Axis(labelExpr=axis.label, tickCount=5, grid=False, labelOverlap=True),
                scale=alt.Scale(zero=False, nice=False),
            ),
            x2=alt.X2("end"),
            y=alt.Y(
                "share", type="quantitative", title=None, axis=None, scale=alt.Scale(zero=True)
            ),
            y2=alt.Y2Datum(0),
            color=kind_colours(palette, "total", "gain", "loss"),
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
    for name, row in _ROWS.items():
        for side, align, apart in _SIDES:
            one = data.transform_filter(f"datum.name === '{name}' && datum.side === '{side}'")
            mark = one.mark_text(
                align=align, baseline="top", dx=apart, fontSize=SIZES.small, fontWeight=600
            )
            layers.append(
                mark.encode(
                    x=alt.X("at", type="quantitative"),
                    y=alt.value(-_ROW * (len(_ROWS) - row)),
                    text=alt.Text("label", type="nominal"),
                )
            )
    outside = data.transform_filter("isValid(datum.outside)").mark_text(
        align="left", baseline="top", fontSize=SIZES.small, opacity=0.8
    )
    layers.append(
        outside.encode(
            x=alt.value(0),
            y=alt.value(alt.expr("height + 24")),
            text=alt.Text("outside", type="nominal"),
        )
    )
    if signed:
        layers.insert(
            1, data.mark_rule(strokeWidth=1.5).encode(x=alt.X(datum=0, type="quantitative"))
        )
    return finish(alt.layer(*layers).properties(height=300), theme) | {
        "padding": {"top": 4, "left": 5, "right": 8, "bottom": 5}
    }


def data_distribution(
    found: Bars,
    marks: Sequence[tuple[str, float, str]],
    threshold: float | None,
    show: Callable[[float], str],
    factor: float = 1.0,
    *,
    lang: Lang,
) -> pd.DataFrame:
    """Return the bars, the marks (name, value, text), and a line on what lies outside; `show` words
    a value, `factor` turns it into what the axis shows.
    """
    low, high = float(found.edges[0]), float(found.edges[-1])
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
        {
            "at": value * factor,
            "name": name,
            "text": text,
            "label": f"{name} {text}",
            "side": "right" if value < (low + high) / 2 else "left",
        }
        for name, value, text in marks
        if np.isfinite(value)
    ]
    if found.outside > 0:
        share = formats.percent(found.outside, 0 if found.outside >= 0.01 else 1)
        rows.append({"outside": say(lang, "chart.outside", share=share)})
    return pd.DataFrame(rows)


@cache
def spec_fan(lang: Lang, theme: Theme, axis: Axis, *, signed: bool) -> dict[str, Any]:
    """Return a figure month by month: the bands that hold 90 and 80 of 100 futures, and the
    median.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="quantitative",
        title=say(lang, "chart.month"),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d", labelOverlap=True),
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
                axis=alt.Axis(labelExpr=axis.label, tickCount=5),
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
    return finish(alt.layer(*layers).properties(height=300), theme)


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
def spec_tornado(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return each input's swing from its P10 to its P90, widest first."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    label = alt.Y(
        "label",
        type="nominal",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelPadding=8),
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
            axis=alt.Axis(labelExpr=axis.label, tickCount=5),
            scale=alt.Scale(zero=False, nice=False, padding=52),
        ),
        x2=alt.X2("end"),
        tooltip=tips,
        color=kind_colours(palette, "gain", "loss"),
    )
    ends = data.mark_text(fontSize=SIZES.small, baseline="middle").encode(
        y=label,
        x=alt.X("end", type="quantitative"),
        text=alt.Text("value", type="nominal"),
    )
    left = ends.transform_filter("datum.end < datum.start").mark_text(
        align="right", dx=-5, fontSize=SIZES.small
    )
    right = ends.transform_filter("datum.end >= datum.start").mark_text(
        align="left", dx=5, fontSize=SIZES.small
    )
    return finish(alt.layer(bars, left, right).properties(height=alt.Step(34)), theme)


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
