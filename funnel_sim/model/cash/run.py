"""The daily loop: from what is earned in each month to the balance of each day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.keys import Book
from funnel_sim.model.values import Values

KINDS: tuple[str, ...] = (
    "payout",
    "fulfilment",
    "deposit",
    "goods",
    "freight",
    "border",
    "ads",
    "operator",
    "fixed",
    "vat",
    "extra",
    "opening",
    "draw",
    "interest",
    "hedging",
)
"""Kinds of cash flow: money from the platform or payment provider (less what it withholds);
invoiced fulfilment; deposits; the rest of the purchase price with packaging; freight; duty, entry
fees and import tax; ads; the agency; fixed costs; tax paid or coming back; what a caller adds
(`Extra`); what was open on the first day; the owner's draw; interest; what hedging costs."""


@dataclass(frozen=True)
class Extra:
    """Amounts that come on top of the scenario's own, such as the fees of a quote.

    `amounts` by month, shape (months, paths) or (months, 1): above zero comes in, below goes out.
    `days`: how many days after the end of the month (below zero: before it) each is paid.
    `currency`: that of the amounts.
    """

    amounts: Array
    days: int = 0
    currency: Literal["sales", "home"] = "sales"


@dataclass(frozen=True)
class CashRun:
    """What cash does on each path; money in the currency in which the balance is kept.

    `month_end`: balance on the last day of each month, shape (months, paths); it does not hold the
    unused credit line. `weekly`: balance every seventh day (`week_days`), shape (weeks, paths).
    `lowest`: the lowest balance of any day, `lowest_day`: the first day of it, counted from 0, both
    (paths,). `below_zero`: whether any day of the month is below zero, (months, paths). `served`:
    share of the month's orders that could be served [1], `lost_orders`: those that could not,
    `profit`: profit of the month with the orders that were lost taken out, `profit_full` the same
    without a stock-out, `stock_units`: units that can be sold at the end of the month, `interest`:
    paid in the month; all (months, paths). `flows`: what was paid in each month by kind (`KINDS`),
    above zero coming in, (months, paths). `balance`: of every day, those after the horizon too,
    (days, paths), and `day_flows` by kind, where days were asked for; else None.
    """

    days: CashDays
    month_end: Array
    week_days: NDArray[np.intp]
    weekly: Array
    lowest: Array
    lowest_day: NDArray[np.intp]
    below_zero: NDArray[np.bool_]
    served: Array
    lost_orders: Array
    profit: Array
    profit_full: Array
    stock_units: Array
    interest: Array
    flows: Mapping[str, Array]
    balance: Array | None = None
    day_flows: Mapping[str, Array] | None = None

    @property
    def credit_used(self) -> Array:
        """The most that was borrowed, shape (paths,)."""
        return np.maximum(0.0, -self.lowest)


def cash_run(
    values: Values,
    book: Book | None = None,
    *,
    extra: Mapping[str, Extra] | None = None,
    by_day: bool = False,
) -> CashRun:
    """Return what cash does on the paths of some values.

    Args:
        values: the numbers of the scenario's fields, drawn or likely.
        book: the months (`economics.book_of(values, steady=False, wanted=CASH_WANTED)`, or the same
            changed by `with_uplift`); worked out where None.
        extra: amounts on top of the scenario's own, by a name of the caller's.
        by_day: whether the balance and the flows of every day are kept, with the bridge.
    """
    raise NotImplementedError
