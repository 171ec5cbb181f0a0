"""The figures of every row of a portfolio: rows that share a base and its structure are the paths
of one call of the model.
"""

from collections.abc import Collection, Mapping

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.keys import figure_key
from funnel_sim.model.periods import Whole
from funnel_sim.model.values import Values
from funnel_sim.scenario.portfolio import Portfolio, RowGroup

ROWS_AT_ONCE = 8192
"""Rows worked at once: few calls for many rows, and what a call needs for a moment stays at some
megabytes, so that memory grows with what is asked for.
"""


def portfolio_figures(
    portfolio: Portfolio, keys: Collection[str], over: Whole = "steady"
) -> dict[str, Array]:
    """Return figures of every row, in the sales currency of each.

    Args:
        portfolio: the rows.
        keys: keys of figures, such as "profit" or a line of the ledger.
        over: "steady" (the steady-state month) or "total" (all months of each row's plan).

    Returns:
        By key an array of shape (rows,), in the order of the rows; NaN where a row has no such
        figure.

    Raises:
        InputError: if there is no such figure.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> row = PortfolioRow("Mug", "amazon-de-kitchen", {"product.price": 24.0})
        >>> found = portfolio_figures(Portfolio((row,), DATA_DATE), ["paid_orders", "profit"])
        >>> {key: value.shape for key, value in found.items()}
        {'paid_orders': (1,), 'profit': (1,)}
    """
    asked = tuple(dict.fromkeys(figure_key(key) for key in keys))
    if len(portfolio.groups) == 1:  # its rows are all rows, in their order
        return group_figures(portfolio.groups[0], asked, over)
    out = {key: np.full(len(portfolio.rows), np.nan) for key in asked}
    for group in portfolio.groups:
        found = group_figures(group, asked, over)
        for key, values in found.items():
            out[key][group.rows] = values
    return out


def group_figures(
    group: RowGroup,
    keys: Collection[str],
    over: Whole = "steady",
    moved: Mapping[str, Array] | None = None,
) -> dict[str, Array]:
    """Return figures of the rows of one group, in its sales currency, block by block.

    Args:
        group: rows that differ in numbers only.
        keys: keys of figures.
        over: "steady" or "total".
        moved: other numbers by path in place of the rows' own, shape (rows of the group,).

    Returns:
        By key an array of shape (rows of the group,); NaN where not known.
    """
    size, given = group.rows.size, {**group.given, **(moved or {})}
    base = Values(group.scenario)
    out = {key: np.empty(size) for key in keys}
    for start in range(0, size, ROWS_AT_ONCE):
        block = slice(start, start + ROWS_AT_ONCE)
        numbers = {path: values[block] for path, values in given.items()}
        found = figures(Values(group.scenario, numbers, base=base), {over: tuple(keys)})
        for key in keys:
            value = found[key, over]
            # one number for all rows where nothing of it varies
            out[key][block] = np.nan if value is None else value.reshape(-1)
    return out
