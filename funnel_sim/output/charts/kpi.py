"""Charts of KPIs: how probable each is, and the path that growth must take."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.decisions.kpi.path import Path
from funnel_sim.output.charts.style import (
    DATA,
    ROW,
    extent_of,
    finish,
    kind_colours,
    line_colours,
    line_dashes,
    line_names,
    named_rows,
    names_above,
    scaled,
    tags,
)
from funnel_sim.output.design import PALETTES, Theme
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say


@cache
def spec_probability(
    lang: Lang, theme: Theme, bounds: tuple[float, float, float]
) -> dict[str, Any]:
    """Return a bar of odds for each KPI, its name above it, with the bounds of the verdict."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    y = named_rows()
    x = alt.X(
        "odds",
        type="quantitative",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, *sorted(bounds), 1], grid=True, labelOverlap=True),
    )
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "kpi.kpi")),
        alt.Tooltip("text", type="nominal", title=say(lang, "kpi.odds")),
        alt.Tooltip("verdict", type="nominal", title=say(lang, "kpi.verdict")),
    ]
    whole = data.mark_bar(size=14, color=palette.line, opacity=0.6, cornerRadius=3).encode(
        x=alt.X("all", type="quantitative"), y=y, tooltip=tips
    )
    bars = data.mark_bar(size=14, cornerRadius=3).encode(
        x=x,
        y=y,
        tooltip=tips,
        color=kind_colours(palette, "good", "middle", "bad"),
    )
    return finish(alt.layer(whole, bars, *names_above(data, y)).properties(height=ROW), theme)


def data_probability(rows: Sequence[tuple[str, float, str, str, str]]) -> pd.DataFrame:
    """Return one row a bar from (name, odds, odds as text, verdict in words, kind)."""
    return pd.DataFrame(
        [
            {
                "row": i,
                "name": name,
                "label": f"{text} · {verdict}",
                "odds": chance,
                "all": 1.0,
                "text": text,
                "verdict": verdict,
                "kind": kind,
            }
            for i, (name, chance, text, verdict, kind) in enumerate(rows)
        ]
    )


_HEIGHT = 328


@cache
def spec_path(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return what each month must be, the stop-loss line, and what the simulation gives, as a band
    and a line.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="quantitative",
        title=say(lang, "chart.month"),
        axis=alt.Axis(tickMinStep=1, grid=False, format="d", labelOverlap=True),
        scale=alt.Scale(nice=False, padding=8),
    )
    y = alt.Y(
        "value",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=5),
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
    colour = line_colours(palette.gain, palette.total, palette.loss)
    lines = (
        data.transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2.4, point={"size": 34})
        .encode(
            x=month,
            y=y,
            tooltip=tips,
            color=colour,
            strokeDash=line_dashes((6, 3), (1, 0), (2, 3)),
        )
    )
    names = line_names(data, theme, "month", colour)
    return finish(alt.layer(band, lines, *names).properties(height=_HEIGHT), theme)


def data_path(
    found: Path, show: Callable[[float], str], lang: Lang, factor: float = 1.0
) -> pd.DataFrame:
    """Return the lines and the band of a growth path, month by month; `factor` turns a value into
    what the axis shows.
    """
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
    kept = [np.asarray(one).tolist() for one in (found.required, found.median, found.line)]
    names = [say(lang, f"kpi.line_{key}") for key in ("required", "median", "stop")]
    bounds = extent_of(*kept, np.asarray(found.low).tolist(), np.asarray(found.high).tolist())
    rows += tags(names, kept, float(len(kept[0])), bounds, _HEIGHT, "month")
    rows += [
        {"month": m, "low": float(a), "high": float(b)}
        for m, (a, b) in enumerate(zip(found.low, found.high, strict=True), 1)
        if np.isfinite(a) and np.isfinite(b)
    ]
    return scaled(pd.DataFrame(rows), factor, "value", "low", "high")
