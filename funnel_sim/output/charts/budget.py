"""Charts of the ad budget: each channel today and in the best split, and the best profit along the
total.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from funnel_sim.decisions.budget.answer import BudgetAnswer
from funnel_sim.output.charts.style import DATA, finish, named_rows, scaled
from funnel_sim.output.design import PALETTES, SIZES, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.budget import LINES_TOLD, BudgetNames, changed
from funnel_sim.output.words.formats import Axis
from funnel_sim.scenario.shown import rate_of
from funnel_sim.words import Lang, say

_HEIGHT = 260
_ROW = alt.Step(20)
"""Each channel has three lines: its name, today's budget, the best one."""
_BAR, _LINES = 13, 3


@cache
def spec_split(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return two bars a channel with their amounts: today's budget and the best one."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    row = named_rows()
    tips = [
        alt.Tooltip("name", type="nominal", title=say(lang, "budget.channel")),
        alt.Tooltip("which", type="nominal", title=say(lang, "budget.which")),
        alt.Tooltip("text", type="nominal", title=say(lang, "budget.amount")),
    ]
    x = alt.X(
        "value",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=4),
        scale=alt.Scale(zero=True),
    )
    bars = (
        data.transform_filter("isValid(datum.which)")
        .mark_bar(size=_BAR, cornerRadius=3)
        .encode(
            y=row,
            x=x,
            color=alt.Color(
                "kind",
                type="nominal",
                legend=None,
                scale=alt.Scale(domain=["now", "best"], range=[palette.soft, palette.total]),
            ),
            tooltip=tips,
        )
    )
    amounts = (
        data.transform_filter("isValid(datum.which)")
        .mark_text(align="left", dx=5, fontSize=SIZES.small)
        .encode(y=row, x=x, text=alt.Text("bar_text", type="nominal"))
    )
    room = (
        data.transform_filter("isValid(datum.room)")
        .mark_point(opacity=0, size=1)
        .encode(y=row, x=alt.X("room", type="quantitative"))
    )
    heads = data.transform_filter("isValid(datum.label)")
    look: dict[str, Any] = {"baseline": "middle", "fontSize": SIZES.small}
    name = heads.mark_text(align="left", dx=1, limit=alt.expr("0.6 * width"), **look).encode(
        x=alt.value(0), y=row, text=alt.Text("name", type="nominal")
    )
    change = heads.mark_text(align="right", dx=-1, fontWeight=600, **look).encode(
        x=alt.value("width"), y=row, text=alt.Text("label", type="nominal")
    )
    layers = [bars, amounts, room, name, change]
    return finish(alt.layer(*layers).properties(height=_ROW), theme)


def data_split(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> pd.DataFrame:
    """Return a bar for today's budget and one for the best of each channel.

    Args:
        found: the answer.
        names: of its items.
        lang: the language.
    """
    lines = sorted(found.lines, key=lambda one: -max(one.now, one.best))[:LINES_TOLD]
    most = max((max(one.now, one.best) for one in lines), default=0.0)
    rows: list[dict[str, Any]] = []
    for place, one in enumerate(lines):
        name = names.name(one.name)
        for line, (kind, value) in enumerate((("now", one.now), ("best", one.best)), 1):
            which = say(lang, f"budget.bar_{kind}")
            text = formats.money(value, found.currency, lang)
            rows.append(
                {
                    "row": _LINES * place + line,
                    "name": name,
                    "which": which,
                    "kind": kind,
                    "value": value,
                    "text": text,
                    "bar_text": f"{which} {text}",
                }
            )
        rows.append(
            {
                "row": _LINES * place,
                "name": name,
                "label": changed(found, one.moved, lang),
                "room": most * _ROOM,
            }
        )
    return pd.DataFrame(rows)


_ROOM = 1.35
"""The amounts stand behind the bars: the axis goes on that far."""


@cache
def spec_curve(lang: Lang, theme: Theme, axis: Axis, shown: Axis) -> dict[str, Any]:
    """Return the best profit along the total, with today's split and the best one as points."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    tips = [
        alt.Tooltip("total_text", type="nominal", title=say(lang, "budget.total")),
        alt.Tooltip("profit_text", type="nominal", title=say(lang, "budget.best_profit")),
    ]
    x = alt.X(
        "total",
        type="quantitative",
        title=say(lang, "budget.total"),
        axis=alt.Axis(labelExpr=axis.label, tickCount=5, grid=False, labelOverlap=True),
        scale=alt.Scale(nice=False, zero=False),
    )
    y = alt.Y(
        "profit",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=shown.label, tickCount=5),
        scale=alt.Scale(zero=False),
    )
    rows = data.transform_filter("isValid(datum.total) && !isValid(datum.point)")
    line = rows.mark_line(strokeWidth=2.4, color=palette.total).encode(x=x, y=y, tooltip=tips)
    seen = rows.mark_point(opacity=0, size=120).encode(x=x, y=y, tooltip=tips)
    marks = data.transform_filter("isValid(datum.point)")
    points = marks.mark_point(filled=True, size=90, opacity=1).encode(
        x=x,
        y=y,
        color=alt.Color(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(
                domain=["now", "best", "peak"], range=[palette.soft, palette.total, palette.gain]
            ),
        ),
        tooltip=tips,
    )
    look: dict[str, Any] = {"fontSize": SIZES.small, "fontWeight": 600}
    labels = [
        marks.transform_filter(f"datum.kind == '{kind}' && datum.side == '{side}'")
        .mark_text(
            align="left" if side == "right" else "right",
            dx=9 if side == "right" else -9,
            dy=-12 if kind == "best" else 14,
            **look,
        )
        .encode(x=x, y=y, text=alt.Text("point", type="nominal"))
        for kind in ("now", "best")
        for side in ("left", "right")
    ]
    layers = [line, seen, points, *labels]
    return finish(alt.layer(*layers).properties(height=_HEIGHT), theme)


def data_curve(found: BudgetAnswer, names: BudgetNames, lang: Lang) -> pd.DataFrame:
    """Return the curve, today's split and the best one.

    Args:
        found: the answer.
        names: of its items.
        lang: the language.
    """
    shown = names.shown or found.currency
    curve = found.curve

    def row(total: float, profit: float) -> dict[str, Any]:
        return {
            "total": total,
            "profit": profit,
            "total_text": formats.money(total, found.currency, lang),
            "profit_text": formats.whole_money(profit, shown, lang),
        }

    pairs = list(zip(curve.totals.tolist(), curve.profit.tolist(), strict=True))
    rows = [row(total, profit) for total, profit in pairs]
    middle = (curve.totals[0] + curve.totals[-1]) / 2
    points = [("now", found.total_now, found.profit[0]), ("best", found.total, found.profit[1])]
    for kind, total, profit in points:
        if curve.totals[0] <= total <= curve.totals[-1]:
            side = "right" if total < middle else "left"
            name = say(lang, f"budget.point_{kind}")
            rows.append(row(total, profit) | {"point": name, "kind": kind, "side": side})
    return scaled(pd.DataFrame(rows), rate_of(shown), "profit")
