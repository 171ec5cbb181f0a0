"""From one ad budget to another: what the money on top sells and earns, and the marginal ROAS at
which it pays for itself.
"""

import math
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.economics.levers import figure_at
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of
from funnel_sim.model.periods import period
from funnel_sim.model.sheet import is_rounding_error
from funnel_sim.model.values import Values
from funnel_sim.scenario.channels import Channel
from funnel_sim.scenario.fields import LARGEST
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

_PAID = ("cpc", "cpm")


@dataclass(frozen=True)
class BudgetStep:
    """The steady month at two monthly ad budgets, and what lies between them; money in the sales
    currency.

    `spend`, `sales`, `profit`, `orders` at the lower and the higher budget: spend with tax on ads
    that is not recovered, sales as ROAS counts them (gross sales of the whole store, for ads bring
    repeat and referred orders too). `roas` is extra sales over extra spend; `break_even` the value
    of it at which the extra profit is zero, None where an extra order earns nothing before ads.
    `roas` is None where nothing more is spent.
    """

    budgets: tuple[float, float]
    spend: tuple[float, float]
    sales: tuple[float, float]
    profit: tuple[float, float]
    orders: tuple[float, float]
    roas: float | None
    break_even: float | None

    @property
    def extra_spend(self) -> float:
        """What is spent on top."""
        return self.spend[1] - self.spend[0]

    @property
    def extra_sales(self) -> float:
        """What is sold on top."""
        return self.sales[1] - self.sales[0]

    @property
    def extra_profit(self) -> float:
        """What is earned on top, after the extra spend."""
        return self.profit[1] - self.profit[0]

    @property
    def extra_orders(self) -> float:
        """Paid orders on top, repeat and referred ones among them."""
        return self.orders[1] - self.orders[0]


def ads_bought(scenario: Scenario) -> list[Channel]:
    """Return the channels that have a budget: ads by click or by impression."""
    return [channel for channel in scenario.channels if channel.kind in _PAID]


def budget_now(scenario: Scenario) -> float:
    """Return the monthly budget of all ads by click or by impression, point values, money of the
    sales currency.
    """
    return float(sum(point_value(channel.budget) for channel in ads_bought(scenario)))


def between_budgets(scenario: Scenario, first: float, second: float) -> BudgetStep:
    """Return what lies between two monthly ad budgets in the steady month, shared among the
    channels as the current one is.

    Args:
        scenario: the store; with diminishing returns (elasticity) dearer clicks are in.
        first: one monthly budget in the sales currency.
        second: the other, larger or smaller.

    Raises:
        InputError: no ads by click or impression, a budget below zero or above what a field
            holds, or twice the same.

    >>> from funnel_sim.scenario.presets import preset
    >>> step = between_budgets(preset("amazon-de-kitchen"), 3000, 2000)
    >>> step.budgets, round(step.extra_spend)
    ((2000.0, 3000.0), 1000)
    """
    paid = ads_bought(scenario)
    if not paid:
        raise refuse("budgets", None, "budgets_no_ads")
    for one in (first, second):
        if not math.isfinite(one):
            raise refuse("budgets", f"{one:g}", "finite")
        if one < 0:
            raise refuse("budgets", f"{one:g}", "at_least", limit="0")
        if one > LARGEST:
            raise refuse("budgets", f"{one:g}", "at_most", limit=f"{LARGEST:,.0f}")
    if first == second:
        raise refuse("budgets", f"{first:,g}", "budgets_same")
    low, high = sorted((float(first), float(second)))
    now = budget_now(scenario)
    shares = {
        channel.id: point_value(channel.budget) / now if now else 1.0 / len(paid)
        for channel in paid
    }
    ends = np.array([low, high])
    values = Values(
        scenario, {f"channels.{key}.budget": share * ends for key, share in shares.items()}
    )
    steady = book_of(values, steady=True)
    book = period(values, steady, steady)
    spend, sales, profit, orders = (
        _pair(figure_at(book, key, 2))
        for key in ("ad_spend", "gross_sales", "profit", "paid_orders")
    )
    more_spend, more_sales = spend[1] - spend[0], sales[1] - sales[0]
    before_ads = (
        profit[1] - profit[0] + more_spend
    )  # the profit of the extra orders before the extra ad spend
    roas = None if is_rounding_error(more_spend, spend[1]) else more_sales / more_spend
    break_even = (
        None
        if is_rounding_error(more_sales, sales[1])
        or not before_ads > 0
        or is_rounding_error(before_ads, more_sales)
        else more_sales / before_ads
    )
    return BudgetStep((low, high), spend, sales, profit, orders, roas, break_even)


def _pair(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[1])
