"""The months that a scenario keeps, as a history: written as the product's own file, and held
against what a file says of the same months.
"""

import datetime as dt

import numpy as np

from funnel_sim.evidence.store.months import History
from funnel_sim.scenario.store_months import StoreHistory


def kept_months(history: StoreHistory, channel: str = "") -> History | None:
    """Return the months of a scenario's series as a history; None where it has none.

    Args:
        history: the series.
        channel: the name of a channel; "" for the whole store.

    Examples:
        >>> found = kept_months(StoreHistory(first_month="2026-01", seen_orders=[5.0, None]))
        >>> found.months, found.figures["orders"].tolist()
        (('2026-01', '2026-02'), [5.0, nan])
    """
    row = (
        next((one for one in history.by_channel if one.channel == channel), None)
        if channel
        else history
    )
    names = history.names()
    if not names or row is None:
        return None
    figures = {
        name: np.array([np.nan if one is None else one for one in values], dtype=np.float64)
        for name, values in row.figures().items()
    }
    first = dt.date(int(names[0][:4]), int(names[0][5:7]), 1)
    net = frozenset(() if channel else history.after_refunds)
    return History(first, figures, np.ones(len(names)), "month", "", len(names), (), net)
