"""Charts of cash: the balance as a fan, the probability of less than zero, the calendar of
payments, the way from profit to cash, the days that money is bound, what levers free.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.chance.cash import BANDS
from funnel_sim.decisions.cash.cycle import CashCycle, CyclePart
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.days import CashDays
from funnel_sim.output.charts.style import (
    DATA,
    finish,
    kind_colours,
    signed_bars,
)
from funnel_sim.output.design import PALETTES, SIZES, UNIT, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.cash import month_names
from funnel_sim.output.words.cash_tables import bridge_name, flow_kinds, kind_name, part_name
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say

_LEVELS = tuple(f"p{100 * level:.0f}" for level in BANDS)
_NAMES = ("risk.p5", "cash.p25", "risk.p50", "cash.p75", "risk.p95")
_HALF_A_DAY = 0.5


def _height(rows: int) -> Any:
    return UNIT * 4 * rows


def _date() -> Any:
    """Return the axis of days, which names months by their numbers in every language."""
    return alt.X(
        "date",
        type="temporal",
        title=None,
        scale=alt.Scale(type="utc", nice=False),
        axis=alt.Axis(
            labelExpr="utcFormat(datum.value, '%Y-%m')",
            aria=False,  # it would name the days in English
            grid=False,
            tickCount=6,
            labelOverlap=True,
        ),
    )


@cache
def spec_balance(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return the balance week by week: the bands that hold 90 and 50 of 100 futures, the median,
    the line at zero and, where there is a credit line, its end.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    day = _date()
    tips = [alt.Tooltip("day", type="nominal", title=say(lang, "cash.day"))] + [
        alt.Tooltip(f"t_{level}", type="nominal", title=say(lang, key))
        for level, key in zip(reversed(_LEVELS), reversed(_NAMES), strict=True)
    ]
    values = data.transform_filter("isValid(datum.date)")

    def band(low: str, high: str, opacity: float) -> Any:
        return values.mark_area(color=palette.total, opacity=opacity, line=False).encode(
            x=day,
            y=alt.Y(
                low,
                type="quantitative",
                title=None,
                axis=alt.Axis(labelExpr=axis.label, tickCount=5),
                scale=alt.Scale(zero=True),
            ),
            y2=alt.Y2(high),
            tooltip=tips,
        )

    middle = values.mark_line(color=palette.total, strokeWidth=2.5).encode(
        x=day, y=alt.Y("p50", type="quantitative"), tooltip=tips
    )
    points = values.mark_point(opacity=0, size=120).encode(
        x=day, y=alt.Y("p50", type="quantitative"), tooltip=tips
    )
    zero = data.mark_rule(strokeWidth=1.2).encode(y=alt.Y(datum=0, type="quantitative"))
    limit = data.transform_filter("isValid(datum.limit)")
    line = limit.mark_rule(strokeDash=[4, 3], strokeWidth=1.2).encode(
        y=alt.Y("limit", type="quantitative")
    )
    named = limit.mark_text(align="left", baseline="top", dy=4, fontSize=SIZES.small).encode(
        x=alt.value(4),
        y=alt.Y("limit", type="quantitative"),
        text=alt.Text("limit_text", type="nominal"),
    )
    layers = [
        band("p5", "p95", 0.22),
        band("p25", "p75", 0.30),
        zero,
        middle,
        points,
        line,
        named,
    ]
    return finish(alt.layer(*layers).properties(height=300), theme)


def data_balance(
    days: CashDays,
    band_days: Array,
    bands: Array,
    show: Callable[[float], str],
    limit: float = 0.0,
    *,
    lang: Lang,
) -> pd.DataFrame:
    """Return the fan's rows.

    Args:
        days: of the plan.
        band_days: the days of the bands, counted from 0, shape (weeks,).
        bands: percentiles of `BANDS` of the balance, shape (weeks, percentiles).
        show: words an amount.
        limit: the credit line, in the currency of the balance; 0 for none.
        lang: the language.
    """
    dates = [days.date(int(day)).isoformat() for day in band_days]
    shown = np.where(np.isfinite(bands), bands, np.nan)
    columns: dict[str, Any] = {"date": dates, "day": dates}
    columns |= {level: shown[:, place] for place, level in enumerate(_LEVELS)}
    columns |= {
        f"t_{level}": [show(float(one)) for one in bands[:, place]]
        for place, level in enumerate(_LEVELS)
    }
    rows = pd.DataFrame(columns)
    if limit:
        end = {"limit": -limit, "limit_text": f"{say(lang, 'cash.limit')} {show(-limit)}"}
        rows = pd.concat([rows, pd.DataFrame([end])], ignore_index=True)
    return rows


@cache
def spec_below(lang: Lang, theme: Theme) -> dict[str, Any]:
    """Return a bar a month: the probability of a balance below zero on any of its days."""
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="ordinal",
        title=None,
        sort=None,
        axis=alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=UNIT),
    )
    bars = data.mark_bar(cornerRadius=2, color=palette.loss).encode(
        x=month,
        y=alt.Y(
            "share",
            type="quantitative",
            title=None,
            axis=alt.Axis(labelExpr="format(datum.value, '.0%')", tickCount=5),
            scale=alt.Scale(domain=[0, 1]),
        ),
        tooltip=[
            alt.Tooltip("month", type="ordinal", title=say(lang, "cash.month")),
            alt.Tooltip("text", type="nominal", title=say(lang, "cash.below_in_month")),
        ],
    )
    return finish(alt.layer(bars).properties(height=300), theme)


def data_below(
    months: Sequence[str], shares: Sequence[float], texts: Sequence[str]
) -> pd.DataFrame:
    """Return a row a month.

    Args:
        months: their names.
        shares: the probability in each [fraction].
        texts: the same as it is read.
    """
    return pd.DataFrame({"month": list(months), "share": list(shares), "text": list(texts)})


@cache
def spec_flows(lang: Lang, theme: Theme, rows: int) -> dict[str, Any]:
    """Return the calendar of payments: a row a kind, a column a month, in or out by colour, the
    larger the darker.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    month = alt.X(
        "month",
        type="ordinal",
        title=None,
        sort=None,
        axis=alt.Axis(
            labelAngle=0, labelOverlap=True, labelSeparation=UNIT, ticks=False, domain=False
        ),
        scale=alt.Scale(paddingInner=0.06),
    )
    kind = alt.Y(
        "name",
        type="nominal",
        title=None,
        sort=None,
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelPadding=8),
        scale=alt.Scale(paddingInner=0.12),
    )
    cells = data.mark_rect(cornerRadius=2).encode(
        x=month,
        y=kind,
        color=kind_colours(palette, "gain", "total"),
        opacity=alt.Opacity(
            "strength",
            type="quantitative",
            legend=None,
            scale=alt.Scale(domain=[0, 1], range=[0, 1]),
        ),
        tooltip=[
            alt.Tooltip("month", type="ordinal", title=say(lang, "cash.month")),
            alt.Tooltip("name", type="nominal", title=say(lang, "cash.flow")),
            alt.Tooltip("text", type="nominal", title=say(lang, "cash.amount")),
        ],
    )
    return finish(alt.layer(cells).properties(height=_height(rows)), theme)


_FAINTEST = 0.08
"""How strong the smallest amount is: it can be told from nothing."""


def data_flows(
    days: CashDays, flows: Mapping[str, Array], show: Callable[[float], str], lang: Lang
) -> pd.DataFrame:
    """Return the calendar's cells, one for every kind in every month, so that all months stand in
    the order of time; one in which nothing moves has no strength and is not seen.

    Args:
        days: of the plan.
        flows: by kind, shape (months,); above zero coming in.
        show: words an amount.
        lang: the language.
    """
    kinds, months = flow_kinds(flows), month_names(days)
    most = max((float(np.abs(flows[kind]).max()) for kind in kinds), default=0.0)
    return pd.DataFrame(
        [
            {
                "month": month,
                "name": kind_name(kind, lang),
                "kind": "gain" if amount > 0 else "total",
                "strength": _FAINTEST + (1 - _FAINTEST) * float(np.sqrt(abs(amount) / most))
                if amount
                else 0.0,
                "text": show(float(amount)),
                "amount": float(amount),
            }
            for kind in kinds
            for month, amount in zip(months, flows[kind], strict=True)
        ],
        columns=["month", "name", "kind", "strength", "text", "amount"],
    )


def data_bridge(steps: Sequence[tuple[str, float]], currency: str, lang: Lang) -> pd.DataFrame:
    """Return the bars from profit to cash, for `ledger.spec_waterfall`: each row of the bridge, the
    balance last.

    Args:
        steps: rows with their amounts, as of `words.cash.bridge_steps`.
        currency: of the balance.
        lang: the language.
    """
    rows: list[dict[str, Any]] = []

    def bar(label: str, start: float, end: float, kind: str, amount: float) -> None:
        below = max(start, end) <= 0 and min(start, end) < 0
        rows.append(
            {
                "label": label,
                "start": start,
                "end": end,
                "kind": kind,
                "text": formats.compact(amount, currency, lang),
                "side": "left" if below else "right",
                "edge": min(start, end) if below else max(start, end),
            }
        )

    at = 0.0
    for name, amount in steps:
        bar(bridge_name(name, lang), at, at + amount, "gain" if amount >= 0 else "loss", amount)
        at += amount
    bar(say(lang, "cash.balance"), 0.0, at, "total" if at >= 0 else "loss", at)
    return pd.DataFrame(rows)


@cache
def spec_cycle(lang: Lang, theme: Theme, rows: int) -> dict[str, Any]:
    """Return the days that money is bound: a bar a part, one after the other from the order with
    the supplier, beneath them what suppliers wait for and what is left.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    part = alt.Y(
        "name",
        type="nominal",
        title=None,
        sort=None,
        axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelPadding=8),
    )
    bars = data.mark_bar(cornerRadius=2, height={"band": 0.66}).encode(
        y=part,
        x=alt.X(
            "start",
            type="quantitative",
            title=say(lang, "cash.cycle_days"),
            axis=alt.Axis(tickCount=6, tickMinStep=1, format="d"),
            scale=alt.Scale(zero=True, nice=False, range=[0, alt.expr(f"width - {UNIT * 6}")]),
        ),
        x2=alt.X2("end"),
        color=alt.Color(
            "kind",
            type="nominal",
            legend=None,
            scale=alt.Scale(
                domain=["goods", "sales", "paid", "bound"],
                range=[palette.total, palette.soft, palette.gain, palette.ink],
            ),
        ),
        tooltip=[
            alt.Tooltip("name", type="nominal", title=say(lang, "cash.cycle_part")),
            alt.Tooltip("text", type="nominal", title=say(lang, "cash.cycle_days")),
        ],
    )
    texts = data.mark_text(align="left", dx=6, fontSize=SIZES.small).encode(
        y=part, x=alt.X("end", type="quantitative"), text=alt.Text("text", type="nominal")
    )
    return finish(alt.layer(bars, texts).properties(height=_height(rows)), theme)


def data_cycle(cycle: CashCycle, lang: Lang) -> pd.DataFrame:
    """Return the parts of the cycle, each with the day on which it begins and ends; none where no
    money is bound.
    """
    rows: list[dict[str, Any]] = []
    at = 0.0

    def bar(name: str, start: float, days: float, kind: str) -> None:
        rows.append(
            {
                "name": name,
                "start": min(start, start + days),
                "end": max(start, start + days),
                "kind": kind,
                "text": formats.number(days),
            }
        )

    def parts(some: Sequence[CyclePart], kind: str) -> None:
        nonlocal at
        for part in some:
            if part.days >= _HALF_A_DAY:
                bar(part_name(part.key, lang), at, part.days, kind)
            at += part.days

    parts(cycle.inventory, "goods")
    parts(cycle.receivable, "sales")
    if rows and cycle.dpo >= _HALF_A_DAY:
        bar(say(lang, "cash.cycle_paid"), 0.0, cycle.dpo, "paid")
    if rows:
        bar(say(lang, "cash.cycle_bound"), cycle.dpo, cycle.days, "bound")
    return pd.DataFrame(rows, columns=["name", "start", "end", "kind", "text"])


@cache
def spec_levers(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return a bar a lever: the opening cash that it makes unnecessary."""
    return signed_bars(theme, axis, say(lang, "cash.lever"), say(lang, "cash.amount"))


def data_levers(
    names: Sequence[str], values: Sequence[float], labels: Sequence[str]
) -> pd.DataFrame:
    """Return a row a lever, in the order given.

    Args:
        names: of the levers.
        values: what each frees.
        labels: the same as it is read.
    """
    return pd.DataFrame(
        {
            "row": list(range(len(names))),
            "name": list(names),
            "value": list(values),
            "kind": ["gain" if one >= 0 else "loss" for one in values],
            "label": list(labels),
        }
    )


@cache
def spec_change(lang: Lang, theme: Theme, axis: Axis, *, meant: bool = True) -> dict[str, Any]:
    """Return a bar a month: what the balance changes by; `meant` says whether above zero is good
    and below zero bad.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    bars = data.mark_bar(cornerRadius=2).encode(
        x=alt.X(
            "month",
            type="ordinal",
            title=None,
            sort=None,
            axis=alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=UNIT),
        ),
        y=alt.Y(
            "value",
            type="quantitative",
            title=None,
            axis=alt.Axis(labelExpr=axis.label, tickCount=5),
            scale=alt.Scale(zero=True),
        ),
        color=kind_colours(palette, "gain", "loss") if meant else alt.value(palette.total),
        tooltip=[
            alt.Tooltip("month", type="ordinal", title=say(lang, "cash.month")),
            alt.Tooltip("text", type="nominal", title=say(lang, "cash.amount")),
        ],
    )
    zero = data.mark_rule(strokeWidth=1, opacity=0.6).encode(y=alt.Y(datum=0, type="quantitative"))
    return finish(alt.layer(bars, zero).properties(height=260), theme)


def data_change(
    months: Sequence[str], values: Sequence[float], show: Callable[[float], str]
) -> pd.DataFrame:
    """Return a row a month.

    Args:
        months: their names.
        values: the change in each.
        show: words an amount.
    """
    return pd.DataFrame(
        {
            "month": list(months),
            "value": [float(one) for one in values],
            "kind": ["gain" if one >= 0 else "loss" for one in values],
            "text": [show(float(one)) for one in values],
        }
    )
