"""Charts of a settlement, the next term and several providers: what is due and was paid by month,
the effect month by month against what was promised, and effects with their intervals.
"""

import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from funnel_sim.decisions.review.settlement import Settlement
from funnel_sim.output.charts.style import DATA, finish, names_above
from funnel_sim.output.design import PALETTES, Theme
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say

_HEIGHT = 220


@cache
def spec_bill(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return what is due in each month as a column, what was paid as a line across it."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    x = alt.X("month", type="ordinal", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y(
        "due",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=4),
    )
    tips = [
        alt.Tooltip("month", type="nominal", title=say(lang, "settlement.doc_month")),
        alt.Tooltip("due_text", type="nominal", title=say(lang, "settlement.due")),
        alt.Tooltip("paid_text", type="nominal", title=say(lang, "settlement.paid")),
    ]
    columns = (
        data.transform_filter("isValid(datum.due)")
        .mark_bar(color=palette.total, cornerRadiusEnd=3, width=alt.RelativeBandSize(0.6))
        .encode(x=x, y=y, tooltip=tips)
    )
    paid = (
        data.transform_filter("isValid(datum.paid)")
        .mark_tick(thickness=3, color=palette.gain, bandSize=30)
        .encode(x=x, y=alt.Y("paid", type="quantitative"), tooltip=tips)
    )
    return finish(alt.layer(columns, paid).properties(height=_HEIGHT), theme)


def data_bill(found: Settlement, show: Callable[[float], str], lang: Lang) -> pd.DataFrame:
    """Return one row a chosen month: due, paid and both in words; nothing where it is open."""
    rows = []
    for month in found.places:
        due, paid = found.bill.due(month), found.paid_in(month)
        rows.append(
            {
                "month": found.bill.months[month - 1],
                "due": None if due is None else float(due),
                "paid": None if paid is None else float(paid),
                "due_text": say(lang, "settlement.open") if due is None else show(float(due)),
                "paid_text": "–" if paid is None else show(float(paid)),
            }
        )
    return pd.DataFrame(rows)


@cache
def spec_trend(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return the effect of each month with its 80 % interval, nothing as a line, and what was
    promised as a dashed one.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    x = alt.X("month", type="ordinal", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    y = alt.Y(
        "low", type="quantitative", title=None, axis=alt.Axis(labelExpr=axis.label, tickCount=5)
    )
    tips = [
        alt.Tooltip("month", type="nominal", title=say(lang, "settlement.doc_month")),
        alt.Tooltip("text", type="nominal", title=say(lang, "renewal.effect")),
    ]
    known = data.transform_filter("isValid(datum.middle)")
    bars = known.mark_bar(size=10, cornerRadius=3, opacity=0.55, color=palette.total).encode(
        x=x, y=y, y2=alt.Y2("high"), tooltip=tips
    )
    dots = known.mark_point(filled=True, size=70, opacity=1, color=palette.ink).encode(
        x=x, y=alt.Y("middle", type="quantitative"), tooltip=tips
    )
    zero = data.mark_rule(strokeWidth=1, opacity=0.7).encode(y=alt.Y(datum=0, type="quantitative"))
    promise = (
        data.transform_filter("isValid(datum.promise)")
        .mark_line(strokeDash=[6, 3], strokeWidth=2, color=palette.gain)
        .encode(x=x, y=alt.Y("promise", type="quantitative"))
    )
    named = (
        data.transform_filter("isValid(datum.tag_at)")
        .mark_text(align="center", baseline="bottom", dy=-6, fontWeight=600)
        .encode(x=x, y=alt.Y("tag_at", type="quantitative"), text=alt.Text("tag", type="nominal"))
    )
    return finish(alt.layer(zero, bars, dots, promise, named).properties(height=_HEIGHT), theme)


def data_trend(
    months: Sequence[str],
    by_month: Sequence[Sequence[float]],
    promise: Sequence[float] | None,
    show: Callable[[float], str],
    lang: Lang,
) -> pd.DataFrame:
    """Return one row a month: low, middle and high of its effect, and what was promised by then."""
    rows, last = [], len(months) - 1
    for place, month in enumerate(months):
        low, middle, high = (float(line[place]) for line in by_month)
        told = not math.isnan(middle)  # else the month was taken out
        promised = None if promise is None else float(promise[place])
        rows.append(
            {
                "month": month,
                "low": low if told else None,
                "middle": middle if told else None,
                "high": high if told else None,
                "text": f"{show(middle)} ({show(low)} … {show(high)})" if told else "–",
                "promise": promised,
                "tag": say(lang, "renewal.promised_tag") if place == last and promise else "",
                "tag_at": promised if place == last else None,
            }
        )
    return pd.DataFrame(rows)


@cache
def spec_intervals(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return the interval of each effect, its name above it, its middle as a tick and nothing as a
    line.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
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
        axis=alt.Axis(labelExpr=axis.label, tickCount=5, grid=True, labelOverlap=True),
        scale=alt.Scale(zero=True),
    )
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "providers.name")),
        alt.Tooltip("label", type="nominal", title=say(lang, "renewal.effect")),
    ]
    zero = data.mark_rule(strokeWidth=1, opacity=0.7).encode(x=alt.X(datum=0, type="quantitative"))
    known = data.transform_filter("isValid(datum.middle)")
    bars = known.mark_bar(size=12, cornerRadius=3, color=palette.total).encode(
        x=x, x2=alt.X2("high"), y=y, tooltip=tips
    )
    ticks = known.mark_tick(thickness=3, size=22, color=palette.ink).encode(
        x=alt.X("middle", type="quantitative"), y=y, tooltip=tips
    )
    layers = (zero, bars, ticks, *names_above(data, y))
    return finish(alt.layer(*layers).properties(height=alt.Step(56)), theme)


def data_intervals(
    rows: Sequence[tuple[str, tuple[float, float, float] | None, str]],
) -> pd.DataFrame:
    """Return one row a bar from (name, (low, middle, high) or nothing, what it says)."""
    return pd.DataFrame(
        [
            {
                "row": place,
                "name": name,
                "label": label,
                "low": None if ends is None else ends[0],
                "middle": None if ends is None else ends[1],
                "high": None if ends is None else ends[2],
            }
            for place, (name, ends, label) in enumerate(rows)
        ]
    )
