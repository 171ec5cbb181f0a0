"""What a file of transactions says of how customers come back and what they spend, beside the
scenario; and how such a fit would have done in the past.
"""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from funnel_sim.decisions.economics.levers import books_at, figure_at
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.orders import bgnbd, spend
from funnel_sim.evidence.orders.fits import Fit
from funnel_sim.evidence.orders.transactions import CountedRows, Transactions
from funnel_sim.model import retention
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result
from funnel_sim.model.sheet import is_rounding_error
from funnel_sim.scenario.correlation import spearman
from funnel_sim.scenario.scenario import Scenario

_WEEKS_A_MONTH = 365 / 12 / 7
_FEWEST_LINKED = 0.02  # smaller correlations have no visible effect and are left out
_SAME_ORDER = 0.10  # mean order values that differ by less count as equal


@dataclass(frozen=True)
class WatchedCustomers:
    """What the customers of a file did while they were watched, `months` on average, beside what
    the fit expects of them in the same time.

    `again` is the share of customers who bought again, `repeats` the number of their repeat orders.
    """

    months: float
    again: float
    again_expected: float
    repeats: int
    repeats_expected: float


@dataclass(frozen=True)
class Fitted:
    """What transactions say: BG/NBD in months, what customers spend (None where too few repeat),
    and how the rows were counted.

    `average` is the mean amount of all orders, net of refunds; `relative` what a repeat order is
    worth relative to it, with the error of its logarithm.
    """

    pace: Fit
    spending: Fit | None
    counted: CountedRows
    until: dt.date
    average: float
    relative: tuple[float, float] | None
    seen: WatchedCustomers

    def repeat_worth(self) -> tuple[float, float] | None:
        """Return what a repeat order is worth relative to the average order of the file, and the
        error of its logarithm; None where it is not known.

        It is the mean of all repeat orders over that of all orders. Gamma-Gamma's mean is one over
        customers, as if those who order often spent like those who order rarely; the LTV multiplies
        the number of orders, so each order must count once.
        """
        return self.relative

    def again_within(self, months: float) -> float:
        """Return the share of new customers who buy again within some months, by the fit."""
        return float(retention.bought_again(months, self.pace["r"], self.pace["alpha"]))

    def changes(self) -> dict[str, object]:
        """Return the scenario's changes: the fitted parameters as ranges as wide as their errors,
        and how they hang together.
        """
        errors = self.pace.errors
        out: dict[str, object] = {"customers.retention": "bgnbd"}
        for name, value in zip(self.pace.names, self.pace.values, strict=True):
            out[f"customers.bgnbd_{name}"] = {
                "dist": "lognormal",
                "median": value,
                "sigma": errors[name],
            }
        found = self.repeat_worth()
        if found is not None:
            out["customers.repeat_order_value"] = {
                "dist": "lognormal",
                "median": found[0],
                "sigma": found[1],
            }
        return out

    def correlations(self) -> list[dict[str, object]]:
        """Return the rank correlations of the fitted parameters, from the covariance of their
        logarithms.
        """
        out = []
        for (i, a), (j, b) in itertools.combinations(enumerate(self.pace.names), 2):
            shared = float(self.pace.covariance[i, j]) / (self.pace.errors[a] * self.pace.errors[b])
            rank = math.trunc(spearman(shared) * 1000) / 1000
            if abs(rank) >= _FEWEST_LINKED:
                out.append({"a": f"customers.bgnbd_{a}", "b": f"customers.bgnbd_{b}", "rank": rank})
        return out


@dataclass(frozen=True)
class Refused:
    """Transactions that say too little for a fit: how the rows were counted, and why."""

    counted: CountedRows
    why: InputError


def fit_transactions(found: Transactions, what: str = "transactions") -> Fitted:
    """Return the customer models that transactions support.

    Args:
        found: the transactions of a file.
        what: the name of the file, for the message.

    Raises:
        InputError: if they say too little for a model.
    """
    repeats, last, watched = found.histories()
    months = watched / _WEEKS_A_MONTH
    pace = bgnbd.fit(repeats, last / _WEEKS_A_MONTH, months, what)
    try:
        spending = spend.fit(*found.repeat_spend(), what)
    except InputError:
        spending = None
    return Fitted(
        pace,
        spending,
        found.counted,
        found.until,
        float(found.orders.amount.mean()),
        found.repeat_worth(),
        _seen(pace, repeats, months),
    )


def _seen(pace: Fit, repeats: Array, months: Array) -> WatchedCustomers:
    lengths, customers = np.unique(months, return_counts=True)
    again = retention.bought_again(lengths, pace["r"], pace["alpha"]) @ customers
    expected = retention.expected_orders(lengths, *pace.values) @ customers
    return WatchedCustomers(
        float(months.mean()),
        float((repeats > 0).mean()),
        float(again / repeats.size),
        int(repeats.sum()),
        float(expected),
    )


@dataclass(frozen=True)
class OrderGap:
    """The mean order of a file against that of the scenario, and what it does to the LTV.

    `margin` is the scenario's contribution per order that the LTV multiplies; `margin_there` the
    same with as many units per order as bring the file's mean order.
    """

    of_file: float
    of_scenario: float
    margin: float
    margin_there: float

    @property
    def too_high(self) -> float | None:
        """By which share the LTV is too high (below 0: too low); None where a share says nothing,
        for an order brings no margin.
        """
        return (
            self.margin / self.margin_there - 1 if min(self.margin, self.margin_there) > 0 else None
        )


def order_gap(result: Result, average: float) -> OrderGap | None:
    """Return how the mean order of a file differs from the scenario's; None where it does by a
    tenth at most, or there are no orders.

    Args:
        result: the scenario's figures.
        average: the mean order of the file [sales currency].
    """
    now = result.steady["aov"]
    if not now or abs(average / now - 1) <= _SAME_ORDER:
        return None
    basis = result.scenario.customers.ltv_basis

    def at(settings: Array) -> tuple[Array, Array]:
        book = books_at(result.scenario, {"aov": settings})
        orders, margin = (
            figure_at(book, "paid_orders", settings.size),
            figure_at(book, basis, settings.size),
        )
        return figure_at(book, "aov", settings.size), margin / orders

    # the order value is linear in the factor: units per order grow with it, the shipping charged
    # stays
    order, _ = at(np.array([1.0, 2.0]))
    if is_rounding_error(
        order[1] - order[0], order[0]
    ):  # goods at a price of zero: more units make no larger order value
        return None
    _, margins = at(np.array([1.0, max(0.0, 1 + (average - order[0]) / (order[1] - order[0]))]))
    return OrderGap(average, now, float(margins[0]), float(margins[1]))


def with_fit(scenario: Scenario, fitted: Fitted) -> Scenario:
    """Return a scenario whose customers come back as the transactions say, as uncertain as the fit
    is.

    Args:
        scenario: the store and its plan, as typed.
        fitted: the customer models of a file.
    """
    kept = [
        one.model_dump()
        for one in scenario.chance.correlations
        if not one.a.startswith("customers.bgnbd_")
    ]
    return scenario.replace(
        fitted.changes() | {"chance.correlations": [*kept, *fitted.correlations()]}
    )


@dataclass(frozen=True)
class Backtest:
    """What a fit to the first weeks expected of the time after them, with and without the season,
    and what came.
    """

    actual: int
    expected: float
    without_season: float

    @property
    def miss(self) -> float:
        """By which share the expectation missed what came."""
        return self.expected / self.actual - 1


def backtest(found: Transactions, weeks: float, season: Sequence[float]) -> Backtest:
    """Return a fit to the first weeks held against the orders after them.

    The model knows no season: what it expects of a month is multiplied by the month's index over
    that of the orders it was fitted on (their harmonic mean).

    Args:
        found: the transactions of a file.
        weeks: how long the fit sees [weeks].
        season: twelve indices of mean 1 by calendar month [1].

    Raises:
        InputError: if the first weeks say too little, or no orders came later.
    """
    repeats, last, watched = found.histories(weeks)
    fitted = bgnbd.fit(repeats, last, watched)
    first_out = int(weeks * 7)
    later = int((found.orders.day >= first_out).sum())
    if not later:
        raise refuse("transactions", None, "no_later_orders")
    days = pd.date_range(pd.Timestamp(found.first_day) + pd.Timedelta(days=first_out), found.until)
    ends = [i + 1 for i, day in enumerate(days) if day.is_month_end or i == len(days) - 1]
    upto = np.array(
        [
            0.0,
            *(
                float(bgnbd.expected_next(end / 7, repeats, last, watched, fitted).sum())
                for end in ends
            ),
        ]
    )
    index = np.array([season[days[end - 1].month - 1] for end in ends])
    seen = found.orders[
        (found.orders.day < first_out)
        & (found.orders.day > found.orders.customer.map(found.orders.groupby("customer").day.min()))
    ]
    months = (pd.Timestamp(found.first_day) + pd.to_timedelta(seen.day, unit="D")).dt.month
    usual = len(months) / float((1 / np.asarray(season)[months - 1]).sum())
    return Backtest(later, float((np.diff(upto) * index).sum()) / usual, float(upto[-1]))
