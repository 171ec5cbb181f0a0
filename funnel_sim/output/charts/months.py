"""The chart of a store's months: before the engagement, since, and what was marked."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Literal

import altair as alt
import pandas as pd

from funnel_sim.output.charts.style import DATA, finish, scaled
from funnel_sim.output.design import PALETTES, SIZES, Theme
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say

_HEIGHT = 220


@cache
def spec_series(lang: Lang, theme: Theme, axis: Axis, figure: str) -> dict[str, Any]:
    """Return one bar a month, grey before the mark and coloured from it on, with a line at the mark
    and the name of what happened above a marked month.

    Args:
        lang: the language.
        theme: light or dark.
        axis: how the figure is written.
        figure: its name in words.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="ordinal",
        title=None,
        sort=None,
        axis=alt.Axis(labelAngle=0, labelOverlap=True),
    )
    value = alt.Y(
        "value",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=4),
        scale=alt.Scale(zero=True),
    )
    tips = [
        alt.Tooltip("month", type="ordinal", title=say(lang, "kpi.history_month")),
        alt.Tooltip("text", type="nominal", title=figure),
        alt.Tooltip("when", type="nominal", title=say(lang, "actuals.chart_when")),
        alt.Tooltip("event", type="nominal", title=say(lang, "actuals.chart_event")),
    ]
    bars = data.mark_bar(cornerRadius=2).encode(
        x=month,
        y=value,
        tooltip=tips,
        color=alt.Color(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(domain=["before", "since"], range=[palette.soft, palette.accent]),
        ),
        opacity=alt.Opacity(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(domain=["before", "since"], range=[0.45, 1.0]),
        ),
    )
    mark = (
        data.transform_filter("datum.first")
        .mark_rule(strokeDash=[4, 3])
        .encode(x=alt.X("month", type="ordinal", sort=None, bandPosition=0))
    )
    look: dict[str, Any] = {"fontSize": SIZES.small, "baseline": "bottom"}
    sides: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 4), ("right", -4))
    at_mark = [
        data.transform_filter(f"datum.first && datum.side === '{side}'")
        .mark_text(align=side, dx=apart, dy=-6, **look)
        .encode(
            x=alt.X("month", type="ordinal", sort=None, bandPosition=0),
            y=alt.value(0),
            text=alt.value(say(lang, "actuals.chart_mark")),
        )
        for side, apart in sides
    ]
    marked = data.transform_filter("datum.event !== ''")
    place = {
        "x": month,
        "y": alt.Y("top", type="quantitative"),
        "text": alt.Text("event", type="nominal"),
    }
    rim = marked.mark_text(dy=-4, stroke=palette.paper, strokeWidth=4, **look).encode(**place)
    events = marked.mark_text(dy=-4, fontWeight=600, **look).encode(**place)
    layers = (bars, mark, *at_mark, rim, events)
    return finish(alt.layer(*layers).properties(height=_HEIGHT), theme)


def data_series(
    months: Sequence[str],
    values: Sequence[float],
    mark: str,
    events: Mapping[str, str],
    show: Callable[[float], str],
    lang: Lang,
    factor: float = 1.0,
) -> pd.DataFrame:
    """Return one row a month.

    Args:
        months: their names, such as "2026-03".
        values: the figure in each, NaN where it is not known.
        mark: the engagement's first month, "" for none.
        events: what happened in a month, in words.
        show: writes the figure.
        lang: the language.
        factor: turns a value into what the axis shows.
    """
    first = next((month for month in months if mark and month >= mark), "")
    rows = []
    for place, (month, value) in enumerate(zip(months, values, strict=True)):
        since = bool(mark) and month >= mark
        known = math.isfinite(value)
        rows.append(
            {
                "month": month,
                "value": value if known else None,
                "top": max(0.0, value) if known else 0.0,
                "kind": "since" if since else "before",
                "when": say(lang, "actuals.since" if since else "actuals.before"),
                "text": show(value) if known else say(lang, "actuals.unknown"),
                "first": month == first,
                "side": "left" if 2 * place < len(months) else "right",
                "event": events.get(month, ""),
            }
        )
    return scaled(pd.DataFrame(rows), factor, "value", "top")
