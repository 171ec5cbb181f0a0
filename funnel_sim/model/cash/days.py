"""The days of a plan: a real calendar, its months, ends of payout cycles and of tax periods."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from funnel_sim.scenario.cash_payout import PayoutCycle
from funnel_sim.scenario.plan import month_lengths
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.units import MONTHS_A_YEAR

Days = NDArray[np.intp]
_HALF = 15
_EVERY = {"daily": 1, "weekly": 7, "fortnightly": 14}


@dataclass(frozen=True)
class CashDays:
    """The days of a plan and those after it in which what is still owed is settled.

    `first` is the first day; `lengths` the days of each month, also of those after the horizon;
    `months` how many months the horizon has. Days and months are counted from 0.
    """

    first: dt.date
    lengths: tuple[int, ...]
    months: int

    @classmethod
    def of(cls, scenario: Scenario, run_out: int = 0) -> "CashDays":
        """Return the days of a scenario's plan.

        Args:
            scenario: the store and its plan.
            run_out: how many months after the horizon are looked at too.
        """
        plan = scenario.plan
        first, lengths = month_lengths(
            scenario.as_of, plan.start_month, plan.horizon_months + run_out
        )
        return cls(first, tuple(lengths), plan.horizon_months)

    @cached_property
    def starts(self) -> Days:
        """The first day of each month, and the day after the last."""
        return np.concatenate([[0], np.cumsum(self.lengths)]).astype(np.intp)

    @cached_property
    def month(self) -> Days:
        """The month of each day."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def horizon(self) -> int:
        """How many days the horizon has."""
        return int(self.starts[self.months])

    @cached_property
    def all(self) -> int:
        """How many days there are, with those after the horizon."""
        return int(self.starts[-1])

    def date(self, day: int) -> dt.date:
        """Return the date of a day."""
        return self.first + dt.timedelta(days=int(day))

    def cycle_ends(self, cycle: PayoutCycle) -> list[int]:
        """Return the last day of each payout cycle; weeks count from the first day.

        >>> CashDays(dt.date(2026, 1, 1), (31,), 1).cycle_ends("half_month")
        [14, 30]
        """
        if cycle in _EVERY:
            step = _EVERY[cycle]
            return list(range(step - 1, self.all, step))
        ends = []
        for start, length in zip(self.starts, self.lengths, strict=False):
            if cycle == "half_month":
                ends.append(int(start) + _HALF - 1)
            ends.append(int(start) + length - 1)
        return ends

    def tax_periods(self, months: int) -> list[tuple[int, int]]:
        """Return the first and the last month of each tax period; periods follow the calendar year,
        so that the first one may be cut.

        Args:
            months: how many months a period has, a part of a year.

        >>> CashDays(dt.date(2026, 2, 1), (28, 31, 30), 3).tax_periods(3)
        [(0, 1), (2, 2)]
        """
        out: list[tuple[int, int]] = []
        for place in range(len(self.lengths)):
            if not out or (self.first.month - 1 + place) % MONTHS_A_YEAR % months == 0:
                out.append((place, place))
            else:
                out[-1] = (out[-1][0], place)
        return out
