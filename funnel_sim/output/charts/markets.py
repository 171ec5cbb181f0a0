"""Charts of a product's markets side by side, of what a portfolio rests on, of the cash of all."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from funnel_sim.chance.cash import BANDS
from funnel_sim.chance.portfolio_cash import PooledCash
from funnel_sim.decisions.portfolio.dependence import Dependence
from funnel_sim.decisions.portfolio.markets import Markets
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.run import WEEK
from funnel_sim.output.charts.cash import data_balance
from funnel_sim.output.charts.style import (
    DATA,
    finish,
    kind_colours,
    signed_bars,
)
from funnel_sim.output.design import PALETTES, SIZES, UNIT, Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.dependence import share_name
from funnel_sim.output.words.formats import Axis
from funnel_sim.output.words.markets import market_name
from funnel_sim.scenario.portfolio import Portfolio
from funnel_sim.words import Lang, say

SHOWN = 10
"""Places or parts that a chart draws."""


def _height(rows: int) -> Any:
    return UNIT * 5 * (rows + 1)


@cache
def spec_shares(lang: Lang, theme: Theme, rows: int) -> dict[str, Any]:
    """Return what becomes of what shoppers pay: a row a place, a column a part, the larger its
    share the darker; what is left last, in the colour of gain or loss.
    """
    palette = PALETTES[theme]
    data = alt.Chart(DATA)
    part = alt.X(
        "part",
        type="ordinal",
        title=None,
        sort=None,
        axis=alt.Axis(
            orient="top", labelAngle=-90, ticks=False, domain=False, labelLimit=110, labelPadding=4
        ),
        scale=alt.Scale(paddingInner=0.06),
    )
    place = alt.Y(
        "place",
        type="nominal",
        title=None,
        sort=None,
        axis=alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=8),
        scale=alt.Scale(paddingInner=0.12),
    )
    cells = data.mark_rect(cornerRadius=2).encode(
        x=part,
        y=place,
        color=kind_colours(palette, "total", "gain", "loss"),
        opacity=alt.Opacity(
            "strength",
            type="quantitative",
            legend=None,
            scale=alt.Scale(domain=[0, 1], range=[0.06, 0.75]),
        ),
        tooltip=[
            alt.Tooltip("place", type="nominal", title=say(lang, "markets.head_place")),
            alt.Tooltip("part", type="nominal", title=say(lang, "dependence.head_name")),
            alt.Tooltip("text", type="nominal", title=say(lang, "markets.chart")),
        ],
    )
    texts = data.mark_text(fontSize=SIZES.small).encode(
        x=part, y=place, text=alt.Text("short", type="nominal")
    )
    return finish(alt.layer(cells, texts).properties(height=_height(rows)), theme)


def data_shares(found: Markets, lang: Lang) -> pd.DataFrame:
    """Return the cells of the places, the one where the product is first.

    Args:
        found: the comparison.
        lang: the language.
    """
    rows = []
    for one in found.every[: SHOWN + 1]:
        for part, share in one.shares.items():
            profit = part == "profit"
            name = "loss" if profit and share < 0 else part
            rows.append(
                {
                    "place": market_name(one, found, lang),
                    "part": say(lang, f"markets.part_{part}"),
                    "kind": "total" if not profit else "gain" if share >= 0 else "loss",
                    "strength": float(np.sqrt(min(1.0, abs(share)))),
                    "share": share,
                    "short": formats.number(100 * share),
                    "text": f"{say(lang, f'markets.part_{name}')} {formats.percent(share)}",
                }
            )
    columns = ["place", "part", "kind", "strength", "share", "short", "text"]
    return pd.DataFrame(rows, columns=columns)


@cache
def spec_bars(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return a bar a place or part: its profit a month, name and amount written above it."""
    return signed_bars(
        theme, axis, say(lang, "dependence.head_name"), say(lang, "dependence.head_profit")
    )


def data_profits(found: Markets, lang: Lang) -> pd.DataFrame:
    """Return a bar a place, the one where the product is first.

    Args:
        found: the comparison.
        lang: the language.
    """
    every = found.every[: SHOWN + 1]
    names = [market_name(one, found, lang) for one in every]
    return _bars(names, [one.profit for one in every], found.currency, lang)


def data_parts(found: Dependence, portfolio: Portfolio, lang: Lang) -> pd.DataFrame:
    """Return a bar a part of a portfolio, the largest profit first.

    Args:
        found: the shares of one kind.
        portfolio: whose they are.
        lang: the language.
    """
    some = found.shares[:SHOWN]
    names = [share_name(found, one, portfolio, lang) for one in some]
    return _bars(names, [one.profit for one in some], found.currency, lang)


def _bars(names: Sequence[str], values: Sequence[float], currency: str, lang: Lang) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": list(range(len(names))),
            "name": list(names),
            "value": list(values),
            "kind": ["gain" if one >= 0 else "loss" for one in values],
            "label": [formats.whole_money(one, currency, lang) for one in values],
        }
    )


def data_pooled(found: PooledCash, show: Callable[[float], str], lang: Lang) -> pd.DataFrame:
    """Return the balance of all rows week by week, for `cash.spec_balance`; without futures the
    bands are the line.

    Args:
        found: the cash of all rows.
        show: words an amount.
        lang: the language.
    """
    days = np.arange(WEEK - 1, found.balance.size, WEEK, dtype=np.intp)
    bands = found.bands
    if bands is None:
        bands = np.repeat(found.balance[days][:, None], len(BANDS), axis=1)
    calendar = CashDays(found.first, (found.balance.size,), 1)
    return data_balance(calendar, days.astype(np.float64), bands, show, lang=lang)
