"""What the buyer of goods expects to sell: the plan's units, day by day, also after the horizon."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of
from funnel_sim.model.keys import Book
from funnel_sim.model.linear import by_month
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.cash_specs import LONGEST_WAIT
from funnel_sim.scenario.plan import month_lengths
from funnel_sim.scenario.scenario import Scenario

FORECAST_WANTED = leading_to(frozenset({"units_shipped", "units_recovered"}))
"""The figures that a book of the months must hold for the buyer's forecast; `CASH_WANTED` has
them too."""
_MONTHS_AHEAD = 4 * 12 + 4  # production, transit and what an order covers, each up to LONGEST_WAIT
assert _MONTHS_AHEAD * 30 >= 4 * LONGEST_WAIT


@dataclass(frozen=True)
class Forecast:
    """The plan's units by month at the likely values: `shipped`, and `needed`, which is less those
    that come back to be sold once more; `lengths` the days of each month.
    """

    shipped: tuple[float, ...]
    needed: tuple[float, ...]
    lengths: tuple[int, ...]

    @cached_property
    def shipped_until(self) -> Array:
        """Units shipped before each day, from 0 on, shape (days + 1,)."""
        return _until(self.shipped, self.lengths)

    @cached_property
    def needed_until(self) -> Array:
        """Units needed before each day, from 0 on, shape (days + 1,)."""
        return _until(self.needed, self.lengths)

    def needed_in(self, first: int, days: int) -> float:
        """Return the units that the plan needs in some days.

        Args:
            first: the first of them.
            days: how many.

        Returns:
            Units, those that come back to be sold once more taken off.
        """
        return float(self.needed_until[first + days] - self.needed_until[first])


def _until(monthly: tuple[float, ...], lengths: tuple[int, ...]) -> Array:
    daily = np.repeat(np.asarray(monthly) / np.asarray(lengths), lengths)
    return np.concatenate([[0.0], np.cumsum(daily)])


def forecast_of(scenario: Scenario, planned: Callable[[Values], Values] | None = None) -> Forecast:
    """Return the units of a plan at its likely values; the months after the horizon are its last
    one by the season of their calendar months.

    Args:
        scenario: the store and its plan.
        planned: changes the numbers of the plan, such as a growth that the buyer knows of.
    """
    values = Values(scenario)
    likely = values if planned is None else planned(values)
    return forecast_from(scenario, book_of(likely, steady=False, wanted=FORECAST_WANTED))


def forecast_from(scenario: Scenario, book: Book) -> Forecast:
    """Return the same of months that are worked out already.

    Args:
        scenario: the store and its plan.
        book: its months at the likely values, with `FORECAST_WANTED`.
    """
    plan = scenario.plan
    shape = (plan.horizon_months, 1)
    shipped = np.broadcast_to(by_month(book["units_shipped"]), shape)[:, 0]
    needed = shipped - np.broadcast_to(by_month(book["units_recovered"]), shape)[:, 0]
    _, lengths = month_lengths(
        scenario.as_of, plan.start_month, plan.horizon_months + _MONTHS_AHEAD
    )
    last = plan.season_at(plan.horizon_months)
    factors = [
        plan.season_at(month) / last if last > 0 else 1.0
        for month in range(plan.horizon_months + 1, len(lengths) + 1)
    ]
    return Forecast(
        (*map(float, shipped), *(float(shipped[-1]) * one for one in factors)),
        (*map(float, needed), *(float(needed[-1]) * one for one in factors)),
        tuple(lengths),
    )
