"""Charts of a portfolio: the profit of its rows, and how many rows bring how much."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from funnel_sim.chance.estimates import bars_of
from funnel_sim.decisions.portfolio.products import Products
from funnel_sim.output.charts.chance import data_distribution
from funnel_sim.output.charts.style import (
    signed_bars,
)
from funnel_sim.output.design import Theme
from funnel_sim.output.words import formats
from funnel_sim.output.words.formats import Axis
from funnel_sim.words import Lang, say

SHOWN = 7
"""Rows at each end that are drawn; a portfolio of no more than twice as many is drawn whole."""
MANY = 60
"""Rows from which on a distribution says more than single bars."""
_BARS = 40


@cache
def spec_profit(lang: Lang, theme: Theme, axis: Axis) -> dict[str, Any]:
    """Return a bar a row: what it brings a month, its name and amount written at it."""
    return signed_bars(
        theme, axis, say(lang, "portfolio_page.risk_row"), say(lang, "portfolio.head_per_month")
    )


def data_profit(found: Products, which: Sequence[int], lang: Lang) -> pd.DataFrame:
    """Return the bars of some rows, in the order given.

    Args:
        found: the rows of a portfolio.
        which: their places, such as `best_and_worst`.
        lang: the language.
    """
    values = [float(found.profit_shown[index]) for index in which]
    return pd.DataFrame(
        {
            "row": list(range(len(which))),
            "name": [found.portfolio.rows[index].name for index in which],
            "value": values,
            "kind": ["gain" if one >= 0 else "loss" for one in values],
            "label": [formats.whole_money(one, found.portfolio.currency, lang) for one in values],
        }
    )


def best_and_worst(found: Products) -> tuple[list[int], list[int]]:
    """Return the rows that bring most, the best first, and those that bring least, the worst first;
    all of them as the first where there are few.

    Args:
        found: the rows of a portfolio.
    """
    order = found.worst_first
    if order.size <= 2 * SHOWN:
        return order[::-1].tolist(), []
    return order[: -SHOWN - 1 : -1].tolist(), order[:SHOWN].tolist()


def data_spread(found: Products, lang: Lang) -> pd.DataFrame:
    """Return the distribution of the rows' profit, for `spec_distribution`: shares of rows, a loss
    set apart.

    Args:
        found: the rows of a portfolio.
        lang: the language.
    """
    code = found.portfolio.currency
    ordered = np.sort(found.profit_shown)
    middle = float(np.median(ordered))
    shown = formats.whole_money(middle, code, lang)
    marks = [("P50", middle, shown)]
    drawn = data_distribution(
        bars_of(ordered, 0.0, _BARS),
        marks,
        0.0,
        lambda one: formats.whole_money(one, code, lang),
        lang=lang,
    )
    # what lies outside are rows, not simulations: the note of the figure tells it
    return drawn[drawn["outside"].isna()].drop(columns="outside") if "outside" in drawn else drawn
