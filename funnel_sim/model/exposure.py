"""What is earned and paid in each currency, month by month, and what locking a rate does to it.

Every line of the ledger is paid in one of two currencies: sales, fees, ads and taxes in that of the
sales; goods, freight, packing, parcels sent from home and fixed amounts in that of the costs. An
owner at home lives on the difference, turned at each month's rate; a share of what crosses may be
locked at today's rate, which costs something a year.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.keys import Book
from funnel_sim.model.linear import by_month
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.costs import GROUP_WORDS
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import MONTHS_A_YEAR

EXPOSURE_WANTED: frozenset[str] = leading_to(
    frozenset(
        {
            "profit",
            "units_shipped",
            "units_recovered",
            "paid_orders",
            "purchase",
            "freight",
            "packing",
            "order_parcel",
        }
    )
)
"""The figures that a book of the months must hold for its exposure to be read."""


@dataclass(frozen=True)
class Exposure:
    """What is left over in each currency, by month, as it is earned.

    `sales`: what comes in less what goes out in the sales currency, in that currency; `home`: the
    same of the cost currency, mostly below zero; `rate`: units of the cost currency for one of the
    sales currency. Arrays of shape (months, paths).
    """

    sales: Array
    home: Array
    rate: Array

    @property
    def profit_at_home(self) -> Array:
        """The profit in the cost currency, each month at its own rate, shape (months, paths)."""
        return np.asarray(self.sales * self.rate + self.home)


def exposure_of(scenario: Scenario, book: Book) -> Exposure:
    """Return what is left over in each currency.

    Args:
        scenario: the store and its plan, as typed.
        book: the months, with `EXPOSURE_WANTED`.

    Returns:
        Both currencies by month, shape (months, paths). Their sum at each month's rate is the
        profit.

    Examples:
        >>> from funnel_sim.model.economics import book_of
        >>> from funnel_sim.model.values import Values
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen")
        >>> book = book_of(Values(store), steady=False, wanted=EXPOSURE_WANTED)
        >>> found = exposure_of(store, book)
        >>> bool(found.sales.min() > 0 > found.home.max())
        True
    """
    of_a_unit: Any = book["purchase"] + book["freight"] + book["packing"]
    fixed: Any = book["operator_monthly"]
    for group in GROUP_WORDS:
        fixed = fixed + book[f"{group}_monthly"] + book[f"one_off_{group}"]
    moving = (book["units_shipped"] - book["units_recovered"]) * of_a_unit
    moving = moving + book["paid_orders"] * book["order_parcel"]
    rate = book["fx_rate"]
    profit = by_month(book["profit"])
    paid = by_month(moving) + by_month(fixed / rate)
    shape = np.broadcast_shapes(profit.shape, paid.shape, np.shape(rate) or (1, 1))
    shape = (scenario.plan.horizon_months, shape[1])
    return Exposure(
        np.broadcast_to(profit + paid, shape),
        np.broadcast_to(-paid * rate, shape),
        np.broadcast_to(np.atleast_2d(np.asarray(rate, dtype=np.float64)), shape),
    )


def hedged(found: Exposure, scenario: Scenario, share: Number, cost: Number) -> Array:
    """Return the profit in the cost currency with a share of what crosses locked at today's rate.

    A month's net amount of the sales currency is turned at (1 − h) · rate + h · today's rate; what
    is locked costs c a year for as long as it is locked, of the amount at today's rate.

    Args:
        found: what is left over in each currency.
        scenario: whose likely rate is today's.
        share: h, of what crosses [fraction], a number or shape (1, paths).
        cost: c, of the amount locked a year [fraction], likewise; below zero where a forward pays.

    Returns:
        Cost currency by month, shape (months, paths).
    """
    today = point_value(scenario.fx_rate)
    years = np.arange(1, found.sales.shape[0] + 1)[:, None] / MONTHS_A_YEAR
    turned = found.sales * ((1.0 - share) * found.rate + share * today)
    locking = np.abs(found.sales) * today * share * cost * years
    return np.asarray(turned + found.home - locking)
