"""What answers on the ad budget take for granted: data/budget.toml, and the prior of how the price
of a click answers to the budget.
"""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache

from scipy.special import ndtri

from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import Prior, prior
from funnel_sim.stored import read_data


@dataclass(frozen=True)
class BudgetSettings:
    """The numbers of data/budget.toml; shares of a budget [1], months, probabilities [fraction]."""

    seen_least: float
    seen_most: float
    cut: float
    curve_least: float
    curve_most: float
    fewest_months: int
    level_low: float
    level_high: float
    worth_odds: float


@cache
def budget_settings() -> BudgetSettings:
    """Return what answers on the budget take for granted.

    >>> budget_settings().fewest_months
    4
    """
    return BudgetSettings(**tomllib.loads(read_data("budget.toml")))


@dataclass(frozen=True)
class ResponsePrior:
    """What is known beforehand of the elasticity of a click's price to the budget: P10, middle and
    P90 [1], and the row of the table that says so.
    """

    low: float
    likely: float
    high: float
    row: Prior

    @property
    def sd(self) -> float:
        """Standard deviation of the normal with these P10 and P90."""
        return float((self.high - self.low) / (ndtri(_P90) - ndtri(1 - _P90)))


_P90 = 0.9


def response_prior(on: dt.date = DATA_DATE) -> ResponsePrior:
    """Return what is known beforehand of how the price of a click answers to the budget.

    Args:
        on: the day for which the data are asked.

    >>> response_prior().likely
    0.3
    """
    row = prior("ad_response", "elasticity_of_click_price_to_budget", "ads bought", on)
    assert row.low is not None
    assert row.typical is not None
    assert row.high is not None
    return ResponsePrior(row.low, row.typical, row.high, row)
