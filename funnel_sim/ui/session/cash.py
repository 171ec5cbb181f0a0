"""The answers on cash, remembered for the screen: each is worked out when its part is open, once
for a scenario.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.cash import CashFutures, cash_of
from funnel_sim.chance.estimates import quantiles
from funnel_sim.chance.streams import LIVE
from funnel_sim.decisions.cash.answer import CashAnswer, cash_answer
from funnel_sim.decisions.cash.cycle import CashCycle, cash_cycle
from funnel_sim.decisions.cash.exposure import CashExposure, cash_exposure
from funnel_sim.decisions.cash.growth import CashGrowth, fastest_growth
from funnel_sim.decisions.cash.levers import CashLever, levers
from funnel_sim.decisions.cash.quote_cash import QuoteCash, quote_cash
from funnel_sim.decisions.cash.what_if import CashWhatIfs, cash_what_ifs
from funnel_sim.decisions.quote.store_alone import option_of
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.goods import GoodsOrder
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.ui.session.remembered import remembered

ENDS = (0.05, 0.50, 0.95)
"""Percentiles of the balance at each month's end that the page shows."""


@dataclass(frozen=True)
class CashShown:
    """What the page shows at once: the answer without its paths, and the percentiles `ENDS` of the
    balance at each month's end, shape (percentiles, months).
    """

    answer: CashAnswer
    ends: Array


@dataclass(frozen=True)
class CashPoint:
    """Cash at the likely values: flows by kind and balance by month, shape (months,), the bridge by
    day, shape (days,), and the orders of goods.
    """

    days: CashDays
    flows: Mapping[str, Array]
    month_end: Array
    bridge: Mapping[str, Array]
    orders: tuple[GoodsOrder, ...]


def without_paths(found: CashFutures) -> CashFutures:
    """Return the cash of many futures without what is kept of each of them."""
    nothing = np.zeros(0)
    none: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
    whether: NDArray[np.bool_] = np.zeros((0, 0), dtype=np.bool_)
    grid = np.zeros((0, 0))
    return replace(
        found,
        lowest=nothing,
        lowest_day=none,
        month_end=grid,
        below_zero=whether,
        served=grid,
        lost_orders=nothing,
        profit=nothing,
        profit_full=nothing,
        interest=nothing,
    )


@remembered(8)
def cash_shown(scenario: Scenario) -> CashShown:
    """Return how low the balance falls, and what keeps it above zero."""
    answer = cash_answer(scenario, paths=LIVE)
    found = answer.futures
    ends = np.stack([quantiles(month, ENDS) for month in found.month_end], axis=1)
    return CashShown(replace(answer, futures=without_paths(found)), ends)


@remembered(8)
def cash_point(scenario: Scenario) -> CashPoint:
    """Return what flows when at the likely values, and the way from profit to cash."""
    found = cash_of(scenario)
    run = found.run
    flows = {kind: values[: run.days.months, 0] for kind, values in run.flows.items()}
    bridge = {name: values[:, 0] for name, values in found.bridge.items()}
    return CashPoint(run.days, flows, run.month_end[:, 0], bridge, run.orders)


@remembered(8)
def cycle_of(scenario: Scenario) -> CashCycle:
    """Return how long money is bound."""
    return cash_cycle(scenario)


@remembered(8)
def levers_of(scenario: Scenario) -> tuple[CashLever, ...]:
    """Return what each lever frees."""
    return tuple(levers(scenario, paths=LIVE))


@remembered(8)
def growth_of(scenario: Scenario) -> CashGrowth:
    """Return the fastest growth that the cash allows."""
    return fastest_growth(scenario, paths=LIVE)


@remembered(8)
def quote_cash_of(scenario: Scenario, option: str) -> QuoteCash:
    """Return what a quote does to the cash.

    Args:
        option: its id.
    """
    return quote_cash(scenario, option_of(scenario, option), paths=LIVE)


@remembered(8)
def what_ifs_of(scenario: Scenario, month: int) -> CashWhatIfs:
    """Return what each event of cash does if it happens in a month.

    Args:
        month: counted from 1.
    """
    return cash_what_ifs(scenario, month, paths=LIVE)


@remembered(8)
def exposure_of(scenario: Scenario) -> CashExposure:
    """Return what comes in and goes out in each currency."""
    return cash_exposure(scenario)
