"""Charts of a review: what drove a change, and what came against the store alone."""

import math
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from funnel_sim.decisions.review.drivers import Split
from funnel_sim.decisions.review.effect import Effect
from funnel_sim.output.charts.ledger import spec_waterfall
from funnel_sim.output.charts.style import DATA, extent_of, finish, line_names, scaled, tags
from funnel_sim.output.design import PALETTES, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import Axis
from funnel_sim.output.words.review_drivers import driver_name, figure_text, told_parts
from funnel_sim.output.words.review_effect import figure_value, left_out
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.words import Lang, say

_HEIGHT = 280


def spec_change(
    lang: Lang, theme: Theme, axis: Axis, room: tuple[int, int] = (0, 72)
) -> dict[str, Any]:
    """Return the waterfall from a figure before to the figure after, one driver a bar."""
    return spec_waterfall(lang, theme, axis, room, say(lang, "review.col_amount"))


def data_change(
    found: Split, names: tuple[str, str], scenario: Scenario, lang: Lang
) -> pd.DataFrame:
    """Return the bars of a change: before, each driver, after.

    Args:
        found: the split of one figure.
        names: of the first and the last bar.
        scenario: whose currency it is.
        lang: the language.
    """
    rows: list[dict[str, Any]] = []

    def bar(label: str, start: float, end: float, kind: str, amount: float) -> None:
        below = max(start, end) <= 0 and min(start, end) < 0  # its amount stands left of it
        rows.append(
            {
                "label": label,
                "start": start,
                "end": end,
                "kind": kind,
                "text": figure_text(found, amount, scenario, lang),
                "side": "left" if below else "right",
                "edge": min(start, end) if below else max(start, end),
            }
        )

    large, rest = told_parts(found)
    at = found.before
    bar(names[0], 0.0, at, "total", at)
    for part in large:
        kind = "gain" if part.amount > 0 else "loss"
        bar(driver_name(part.driver, scenario, lang), at, at + part.amount, kind, part.amount)
        at += part.amount
    if rest is not None:
        bar(say(lang, "drivers.others"), at, at + rest, "gain" if rest > 0 else "loss", rest)
    bar(names[1], 0.0, found.after, "total" if found.after >= 0 else "loss", found.after)
    factor = 1.0 if found.figure == "paid_orders" else scenario.shown.rate
    return scaled(pd.DataFrame(rows), factor, "start", "end", "edge")


@cache
def spec_alone(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return what came month by month, before the mark and since, over the band of the store alone;
    months that are not judged are hollow points.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="ordinal",
        title=None,
        sort="ascending",
        axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=8, grid=False),
        scale=alt.Scale(paddingOuter=0.6),
    )
    y = alt.Y(
        "value",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=5),
        scale=alt.Scale(zero=False),
    )
    tips = [
        alt.Tooltip("month", type="nominal", title=say(lang, "review.col_month")),
        alt.Tooltip("name", type="nominal", title=say(lang, "kpi.line")),
        alt.Tooltip("text", type="nominal", title=say(lang, "kpi.value")),
        alt.Tooltip("note", type="nominal", title=say(lang, "review.col_marked")),
    ]
    band = (
        data.transform_filter("isValid(datum.low)")
        .mark_area(color=palette.total, opacity=0.22)
        .encode(x=month, y=alt.Y("low", type="quantitative", title=None), y2=alt.Y2("high"))
    )
    bar = (  # one month alone has no area
        data.transform_filter("isValid(datum.low) && datum.single")
        .mark_rule(color=palette.total, opacity=0.35, strokeWidth=12)
        .encode(x=month, y=alt.Y("low", type="quantitative", title=None), y2=alt.Y2("high"))
    )
    colour = alt.Color(
        "kind",
        type="nominal",
        legend=None,
        scale=alt.Scale(
            domain=["came", "alone", "before"], range=[palette.gain, palette.total, palette.soft]
        ),
    )
    lines = (
        data.transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2.4)
        .encode(
            x=month,
            y=y,
            color=colour,
            detail=alt.Detail("kind", type="nominal"),
            strokeDash=alt.StrokeDash(
                "kind",
                type="nominal",
                legend=None,
                scale=alt.Scale(domain=["came", "alone", "before"], range=[[1, 0], [6, 3], [1, 0]]),
            ),
        )
    )
    points = (
        data.transform_filter("isValid(datum.value) && datum.kind !== 'alone'")
        .mark_point(size=46, strokeWidth=2, filled=False, fillOpacity=1)
        .encode(
            x=month,
            y=y,
            tooltip=tips,
            stroke=alt.Stroke(
                "kind",
                type="nominal",
                legend=None,
                scale=alt.Scale(
                    domain=["came", "alone", "before"],
                    range=[palette.gain, palette.total, palette.soft],
                ),
            ),
            fill=alt.Fill(
                "fill",
                type="nominal",
                legend=None,
                scale=alt.Scale(
                    domain=["came", "before", "hollow"],
                    range=[palette.gain, palette.soft, palette.paper],
                ),
            ),
        )
    )
    names = line_names(data, theme, month, colour)
    return finish(alt.layer(band, bar, lines, points, *names).properties(height=_HEIGHT), theme)


def data_alone(found: Effect, scenario: Scenario, lang: Lang) -> pd.DataFrame:
    """Return the lines and the band of the effect: up to twelve months before the mark, what came
    since, and the store alone.
    """
    one, history = found.found, scenario.history
    if one is None:
        return pd.DataFrame()
    names = history.names()
    before = names[: history.before_mark()][-12:]
    marks = {mark.month for mark in history.marked}
    told = {name: say(lang, f"review.line_{name}") for name in ("came", "alone", "before")}
    rows: list[dict[str, Any]] = []

    def point(month: str, value: float, kind: str) -> None:
        if not math.isfinite(value):
            return
        out = month in found.not_judged or (kind == "before" and month in history.left_out)
        rows.append(
            {
                "month": month,
                "value": value,
                "kind": kind,
                "name": told[kind],
                "fill": "hollow" if out else kind,
                "text": figure_value(found.figure, value, scenario, lang),
                "note": left_out(found, month, lang) or say(lang, "review.taken_out")
                if out
                else (say(lang, "review.col_marked") if month in marks else formats.NOTHING),
            }
        )

    for month, value in zip(before, history.of(found.figure, before), strict=True):
        point(month, value, "before")
    for place, month in enumerate(found.months):
        point(month, found.came[place], "came")
        point(month, float(one.alone[1][place]), "alone")
        rows.append(
            {
                "month": month,
                "low": float(one.alone[0][place]),
                "high": float(one.alone[2][place]),
                "single": len(found.months) == 1,
            }
        )
    lines = [
        [row["value"] for row in rows if row.get("kind") == kind]
        for kind in ("came", "alone", "before")
    ]
    bands = [[row[end] for row in rows if end in row] for end in ("low", "high")]
    extent = extent_of(*lines, *bands)
    ends = tags([told["came"], told["alone"]], lines[:2], 0.0, extent, _HEIGHT, "at")
    for row, kind in zip(ends, ("came", "alone"), strict=True):
        rows.append(row | {"month": found.months[-1], "kind": kind})
    factor = scenario.shown.rate if found.figure == "gmv" else 1.0
    return scaled(pd.DataFrame(rows), factor, "value", "low", "high")
