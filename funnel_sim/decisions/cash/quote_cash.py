"""What a quote does to the cash: its fees on the days on which they are due, beside what it brings,
in the same futures.
"""

from dataclasses import dataclass

from funnel_sim.chance.estimates import Estimate, Figure
from funnel_sim.model.arrays import Array


@dataclass(frozen=True)
class FeeDay:
    """What a contract takes, or gives back, on a day: mean over futures, below zero where it is
    paid.
    """

    day: int
    line: str
    amount: float


@dataclass(frozen=True)
class QuoteCash:
    """The balance with an option and without it, in the same futures.

    `lowest` and `below` are of the store with the option, `lowest_alone` and `below_alone` of the
    store alone; `at_risk` is how much lower the lowest balance is with it (above zero: it takes
    cash), `capital` the opening cash that it asks for beside what the store alone needs at 95 % of
    futures. `paid_ahead` is the most that is paid and not yet served or earned back, `fees` what is
    paid on which day.
    """

    option: str
    currency: str
    lowest: Estimate
    lowest_alone: Estimate
    below: Figure
    below_alone: Figure
    at_risk: Estimate
    capital: Figure
    by_month: Array
    fees: tuple[FeeDay, ...]
