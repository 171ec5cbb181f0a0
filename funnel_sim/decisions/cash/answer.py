"""How low the balance falls, how probably below zero, and which opening cash keeps it above.

Money is in the currency in which the scenario keeps its balance; days count from the first day of
the plan, which is day 0.
"""

import datetime as dt
from dataclasses import dataclass

from funnel_sim.chance.estimates import Estimate, Figure

ENOUGH = 0.95
"""Share of futures in which working capital is to keep the balance at or above zero."""


@dataclass(frozen=True)
class WorkingCapital:
    """The opening cash at which the balance stays at or above zero in a share `level` of futures.

    `needed` is that cash, `opening` what the scenario has, `more` how much is missing, 0 where
    nothing is. `reached` is False where no opening cash that was tried is enough; `needed` is then
    the most that was tried. `cut` says whether goods that cash cannot pay are not ordered, so that
    `needed` was searched for and not read off the lowest balances.
    """

    level: float
    needed: Figure
    opening: float
    reached: bool
    cut: bool

    @property
    def more(self) -> Figure:
        """How much opening cash is missing; 0 where there is enough."""
        return Figure(
            max(0.0, self.needed.value - self.opening), self.needed.error, self.needed.replicates
        )


@dataclass(frozen=True)
class StockOut:
    """What is not sold because goods have run out: its probability, the orders lost and the profit
    lost over the plan.
    """

    probability: Figure
    orders: Estimate
    profit: Estimate


@dataclass(frozen=True)
class CashAnswer:
    """What the balance comes to.

    `lowest` is the lowest balance of the plan, without the credit line; `lowest_date` the median
    day of it. `below` is the probability of a balance below zero on any day, `below_by_month` in
    each month; `overdrawn` the probability that the credit line is not enough either. `credit_peak`
    is the most of the line that is used, `end` the balance on the last day of the plan.
    """

    currency: str
    lowest: Estimate
    lowest_date: dt.date
    below: Figure
    below_by_month: tuple[Figure, ...]
    overdrawn: Figure
    credit_peak: Estimate
    end: Estimate
    capital: WorkingCapital
    stock_out: StockOut
