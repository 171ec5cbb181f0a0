"""The payment terms of a scenario as numbers, in whole days."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.days import CashDays, Days
from funnel_sim.model.keys import Book, known
from funnel_sim.scenario.cash import CashTerms
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

Whole = int | NDArray[np.intp]
"""A number of days: one for all paths, or one for each, shape (paths,)."""
Paths = slice | NDArray[np.intp]
"""Which paths: all of them, or the places of some."""

_SHORTEST_MONTH, _LONGEST_CYCLE = 28, 31


@dataclass(frozen=True)
class Terms:
    """Payment terms as numbers: `typed` holds those that are the same on all paths; the others are
    arrays of shape (months or 1, paths or 1), days whole. `opening_stock` is None where it was not
    typed.

    `waits`: days from the order until its money is free; `lead_planned`: days from an order of
    goods until they can be sold, as the buyer expects them.
    """

    typed: CashTerms
    waits: Array
    reserve_rate: Array
    reserve_days: Array
    payout_minimum: Array
    production_days: Array
    transit_days: Array
    lead_planned: int
    opening_cash: Array
    credit_limit: Array
    credit_rate: Array
    owner_draw: Array
    opening_receivable: Array
    opening_payable: Array
    opening_stock: Array | None
    opening_coming: Array
    minimum_order: Array
    carton: Array
    deposit_rate: Array
    ads_threshold: Array
    hedged_share: Array
    hedge_cost: Array

    @property
    def orders_ahead(self) -> bool:
        """Whether goods are ordered before they are sold."""
        return self.typed.stocking != "as_sold"

    def as_planned(self) -> "Terms":
        """Return the terms of a store that orders its goods whatever cash there is, and pays no
        interest.
        """
        typed = self.typed.but(orders_need_cash=False)
        return replace(self, typed=typed, credit_rate=np.zeros((1, 1)))

    def run_out(self) -> int:
        """Return how many months after the horizon it takes until everything is settled."""
        typed = self.typed
        goods = _most(self.production_days) + _most(self.transit_days) + typed.receiving_days
        money = max(_most(self.waits), typed.refund_days, typed.chargeback_days)
        held = _most(self.reserve_days) + 2 * _LONGEST_CYCLE if np.any(self.reserve_rate) else 0
        longest = max(
            money + _LONGEST_CYCLE + held + typed.payout_bank_days,
            (goods if self.orders_ahead else 0)
            + max(typed.balance_days, typed.freight_due_days, typed.border_due_days),
            typed.fulfilment_due_days,
            typed.ads_due_days,
            typed.operator_due_days,
            typed.fixed_due_days,
            typed.opening_payable_days,
            typed.opening_receivable_days,
        )
        tax = typed.vat_months + math.ceil(typed.vat_due_days / _SHORTEST_MONTH)
        return math.ceil(longest / _SHORTEST_MONTH) + tax + 1


def _most(value: Array) -> int:
    return int(np.max(value))


def _whole(value: Any) -> Array:
    return np.maximum(0.0, np.rint(np.atleast_2d(np.asarray(value, dtype=np.float64))))


def _each(value: Any) -> Array:
    return np.atleast_2d(np.asarray(value, dtype=np.float64))


def lead_planned(typed: CashTerms) -> int:
    """Return the days from an order of goods until they can be sold, as the buyer expects them.

    Args:
        typed: the payment terms.
    """
    lead = round(point_value(typed.production_days)) + round(point_value(typed.transit_days))
    return lead + typed.receiving_days


def terms_of(scenario: Scenario, book: Book) -> Terms:
    """Return the payment terms of a scenario as numbers.

    Args:
        scenario: whose terms they are.
        book: the months, with the numbers of its fields.
    """
    typed = scenario.cash
    basis = {
        "order": np.zeros((1, 1)),
        "shipment": np.full((1, 1), float(typed.ship_days)),
        "delivery": _whole(book["delivery_days"]),
    }[typed.payout_basis]
    stock = known(book, "opening_stock_units")
    return Terms(
        typed=typed,
        waits=basis + _whole(book["payout_delay_days"]),
        reserve_rate=_each(book["reserve_rate"]),
        reserve_days=_whole(book["reserve_days"]),
        payout_minimum=_each(book["payout_minimum"]),
        production_days=_whole(book["production_days"]),
        transit_days=_whole(book["transit_days"]),
        lead_planned=lead_planned(typed),
        opening_cash=_each(book["opening_cash"]),
        credit_limit=_each(book["credit_limit"]),
        credit_rate=_each(book["credit_rate"]),
        owner_draw=_each(book["owner_draw"]),
        opening_receivable=_each(book["opening_receivable"]),
        opening_payable=_each(book["opening_payable"]),
        opening_stock=None if stock is None else _each(stock),
        opening_coming=_each(book["opening_coming_units"]),
        minimum_order=_each(book["minimum_order_units"]),
        carton=_each(book["carton_units"]),
        deposit_rate=_each(book["deposit_rate"]),
        ads_threshold=_each(book["ads_threshold"]),
        hedged_share=_each(book["hedged_share"]),
        hedge_cost=_each(book["hedge_cost"]),
    )


def row(values: Array, month: int) -> Array:
    """Return a number of one month: its row, or the only one; months after the last have the
    last's.

    Args:
        values: shape (months or 1, paths or 1).
        month: which one, counted from 0.

    Returns:
        Shape (paths or 1,).
    """
    return np.asarray(values[min(month, values.shape[0] - 1)])


def is_none(amount: Array | float) -> bool:
    """Say whether an amount that is the same on all paths is nothing; of others it is not looked
    at.

    Args:
        amount: one number, or shape (paths or 1,).
    """
    if not isinstance(amount, np.ndarray):
        return amount == 0
    return amount.size > 0 and amount.strides[-1] == 0 and amount[0] == 0


def anything(values: Array) -> bool:
    """Say whether any number differs from 0; one that is the same on all paths is looked at once.

    Args:
        values: shape (..., paths).
    """
    one = values[..., :1] if values.strides[-1] == 0 else values
    return bool(one.flat[0]) or bool(np.any(one))


def days_of(values: Array) -> Whole:
    """Return whole days as one number where all paths have the same.

    Args:
        values: shape (paths or 1,).
    """
    first = int(values[0])
    if values.size == 1 or bool((values == first).all()):
        return first
    return values.astype(np.intp)


def of_paths(values: Array, paths: Paths) -> Array:
    """Return the numbers of some paths.

    Args:
        values: shape (paths or 1,).
        paths: which paths.

    Returns:
        Shape (paths asked for or 1,).
    """
    return values if values.size == 1 else np.asarray(values[paths])


def by_day_of_month(values: Array, days: CashDays, when: Days, paths: NDArray[np.intp]) -> Array:
    """Return a number of the month that each path's day lies in; the last one's after it.

    Args:
        values: shape (months or 1, paths or 1).
        days: the calendar.
        when: a day for each path asked for, shape (paths asked for,).
        paths: the places of these paths.

    Returns:
        Shape (paths asked for,).
    """
    if values.shape[0] == 1:
        return of_paths(values[0], paths)
    months = days.month[np.minimum(when, days.all - 1)]
    place = np.minimum(months, values.shape[0] - 1)
    return np.asarray(values[place, paths if values.shape[1] > 1 else 0])
