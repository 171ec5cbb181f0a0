"""What the currencies of a portfolio's rows are worth in that of its totals."""

import numpy as np

from funnel_sim.reference.exchange_rates import exchange
from funnel_sim.scenario.portfolio import Numbers, Portfolio, RowGroup
from funnel_sim.scenario.quantity import point_value


def rates_of(portfolio: Portfolio, group: RowGroup) -> Numbers:
    """Return what one unit of each row's sales currency is in the currency of totals.

    Where that is the currency of the row's costs, at the row's own rate; else at that of the dated
    table on the portfolio's day.

    Args:
        portfolio: whose currency and day count.
        group: some of its rows.

    Returns:
        Rates, shape (rows of the group,).
    """
    scenario = group.scenario
    if scenario.currency == portfolio.currency:
        return np.ones(group.rows.size)
    if scenario.cost_currency == portfolio.currency:
        own = np.full(group.rows.size, point_value(scenario.fx_rate))
        return group.given.get("fx_rate", own)
    rate = exchange(scenario.currency, portfolio.currency, portfolio.as_of)
    return np.full(group.rows.size, rate)
