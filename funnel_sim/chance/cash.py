"""Cash in many futures: the same draws as `simulate`, read by the day on which money moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.estimates import Figure
from funnel_sim.chance.simulation import Futures, Progress
from funnel_sim.chance.streams import SamplingPlan
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.run import CashRun, Extra
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario

BANDS: tuple[float, ...] = (0.05, 0.25, 0.50, 0.75, 0.95)
"""The percentiles of the balance that the fan shows."""


@dataclass(frozen=True)
class CashFutures:
    """Cash on every path, with what is needed to compute it again; money in the currency in which
    the balance is kept.

    `lowest`, `lowest_day`: the lowest balance and its day, counted from 0, (paths,).
    `band_days` (weeks,) and `bands` (weeks, percentiles of `BANDS`): the balance every seventh day.
    `month_end`: the balance on the last day of each month, (months, paths); `below_zero`: whether
    any day of the month is below zero, (months, paths). `below`: probability of that by month,
    `ever_below`: of any day at all. `served`: share of orders served (months, paths), `lost_orders`
    (paths,), `profit` (paths,) with the orders lost taken out, `profit_full` without, `interest`
    (paths,). `mean_flows`: mean of the futures by kind and month, (months,).
    """

    scenario: Scenario
    model_version: str
    plan: SamplingPlan
    days: CashDays
    lowest: Array
    lowest_day: NDArray[np.intp]
    band_days: NDArray[np.intp]
    bands: Array
    month_end: Array
    below_zero: NDArray[np.bool_]
    below: tuple[Figure, ...]
    ever_below: Figure
    served: Array
    lost_orders: Array
    profit: Array
    profit_full: Array
    interest: Array
    mean_flows: Mapping[str, Array]


@dataclass(frozen=True)
class CashResult:
    """Cash at the likely values, day by day: one path (`run`, shapes (…, 1)), with the bridge."""

    scenario: Scenario
    model_version: str
    run: CashRun
    bridge: Mapping[str, Array]


ExtraOf = Callable[[Values, slice], Mapping[str, Extra]]
"""Amounts on top for a block of paths: its numbers and its place among the paths."""


def simulate_cash(
    scenario: Scenario,
    *,
    paths: int | None = None,
    seed: int | None = None,
    moved: Callable[[Values], Values] | None = None,
    extra: ExtraOf | None = None,
    progress: Progress | None = None,
    drawn_before: Futures | None = None,
) -> CashFutures:
    """Return what cash does in the futures that `simulate` draws.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws, rounded up to whole replicates; the scenario's own where None.
        seed: of the draws; the scenario's own where None.
        moved: changes the numbers of every path before they are worked out (a lever).
        extra: amounts on top of the scenario's own.
        progress: is called with the share done after each block, and may raise to stop.
        drawn_before: the futures of this very scenario, which are then not drawn again.
    """
    raise NotImplementedError


def cash_of(scenario: Scenario, extra: Mapping[str, Extra] | None = None) -> CashResult:
    """Return cash at the likely values, day by day.

    Args:
        scenario: the store and its plan, as typed.
        extra: amounts on top of the scenario's own.
    """
    raise NotImplementedError
