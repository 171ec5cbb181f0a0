"""The chart of the price: what a month earns along it, how sure that is, and where it is best."""

from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.decisions.economics.best_price import BestPrice
from funnel_sim.output.charts.style import DATA, finish, scaled
from funnel_sim.output.design import PALETTES, SIZES, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import Axis
from funnel_sim.scenario.shown import rate_of
from funnel_sim.words import Lang, say

_HEIGHT = 300


def spec_price(found: BestPrice, lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return the chart of `data_price`: the price in the sales currency, in which it is typed, the
    profit in that of results.

    Args:
        found: what the price brings.
        lang: "zh" or "en".
        theme: "light" or "dark".
    """
    axis = formats.axis("money", found.scenario.shown, lang)
    return _spec(lang, theme, axis, found.scenario.currency)


@cache
def _spec(lang: Lang, theme: Theme, axis: Axis, currency: str) -> dict[str, Any]:
    """Return profit along the price as a line in a band, today's and the best price marked, and
    pale ground where the elasticity is not believed.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    title = say(lang, "price.axis", currency=currency)
    x = alt.X(
        "price",
        type="quantitative",
        title=title,
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "profit",
        type="quantitative",
        title=None,
        axis=alt.Axis(labelExpr=axis.label, tickCount=5),
        scale=alt.Scale(zero=False),
    )
    tips = [
        alt.Tooltip("price_text", type="nominal", title=say(lang, "price.axis_plain")),
        alt.Tooltip("text", type="nominal", title=say(lang, "price.profit")),
        alt.Tooltip("band", type="nominal", title="P10 – P90"),
        alt.Tooltip("orders", type="nominal", title=say(lang, "price.orders")),
    ]
    pale = data.mark_rect(color=palette.soft, opacity=0.12).encode(
        x=alt.X("from", type="quantitative"), x2=alt.X2("to")
    )
    band = data.mark_area(color=palette.gain, opacity=0.2).encode(
        x=x, y=alt.Y("low", type="quantitative"), y2=alt.Y2("high"), tooltip=tips
    )
    zero = data.mark_rule(color=palette.soft, strokeWidth=1).encode(
        y=alt.Y("zero", type="quantitative")
    )
    line = data.mark_line(color=palette.gain, strokeWidth=2.5).encode(x=x, y=y, tooltip=tips)
    now = data.mark_rule(color=palette.ink, strokeDash=[5, 4], strokeWidth=1.5).encode(
        x=alt.X("now", type="quantitative")
    )
    best = data.mark_point(color=palette.gain, filled=True, size=110, opacity=1).encode(
        x=alt.X("best", type="quantitative"),
        y=alt.Y("best_profit", type="quantitative"),
        tooltip=tips,
    )
    words = data.mark_text(
        color=palette.ink, fontSize=SIZES.small, dy=-12, fontWeight="bold"
    ).encode(
        x=alt.X("best", type="quantitative"),
        y=alt.Y("best_profit", type="quantitative"),
        text=alt.Text("mark", type="nominal"),
    )
    return finish(
        alt.layer(pale, zero, band, line, now, best, words).properties(height=_HEIGHT), theme
    )


def data_price(found: BestPrice, lang: Lang) -> pd.DataFrame:
    """Return the curve, a row a price, then the rows of what is marked.

    Args:
        found: what the price brings.
        lang: "zh" or "en".
    """
    scenario, curve = found.scenario, found.curve
    shown = scenario.shown

    def money(value: float) -> str:
        return formats.whole_money(float(value), shown, lang)

    def price(value: float) -> str:
        return formats.money(float(value), scenario.currency, lang)

    low = curve.profit if curve.low is None else curve.low
    high = curve.profit if curve.high is None else curve.high
    has_band = curve.low is not None
    rows = pd.DataFrame(
        {
            "price": curve.price,
            "profit": curve.profit,
            "low": low if has_band else np.nan,
            "high": high if has_band else np.nan,
            "price_text": [price(one) for one in curve.price],
            "text": [money(one) for one in curve.profit],
            "band": [
                f"{money(a)} – {money(b)}" if has_band else formats.NOTHING
                for a, b in zip(low, high, strict=True)
            ],
            "orders": [formats.count(float(one)) for one in curve.orders],
        }
    )
    marks: list[dict[str, object]] = [{"now": found.now}]
    bottom, top = float(np.min(low)), float(np.max(high))
    if bottom <= 0 <= top:
        marks.append({"zero": 0.0})
    if found.price is not None and found.profit is not None:
        marks.append(
            {
                "best": found.price,
                "best_profit": found.profit,
                "price_text": price(found.price),
                "text": money(found.profit),
                "orders": formats.count(found.orders),
                "mark": f"{say(lang, 'price.best_mark')} {price(found.price)}",
            }
        )
    first, last = float(curve.price[0]), float(curve.price[-1])
    if found.answers:
        least, most = found.trusted
        marks += [
            {"from": a, "to": b}
            for a, b in ((first, min(least, last)), (max(most, first), last))
            if a < b
        ]
    every = pd.concat([rows, pd.DataFrame(marks)], ignore_index=True)
    return scaled(every, rate_of(shown), "profit", "low", "high", "best_profit", "zero")
