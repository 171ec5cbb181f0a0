"""Cash in many futures: the same draws as `simulate`, read by the day on which money moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Figure, probability, quantiles
from funnel_sim.chance.simulation import BLOCK, Futures, Progress, blocks, plan_of_scenario
from funnel_sim.chance.streams import SamplingPlan
from funnel_sim.model.arrays import Array, over_months
from funnel_sim.model.cash.amounts import CASH_WANTED, amounts_of
from funnel_sim.model.cash.cents import short
from funnel_sim.model.cash.day_rows import Room
from funnel_sim.model.cash.days import CashDays
from funnel_sim.model.cash.forecast import forecast_from
from funnel_sim.model.cash.planned import BothWays, Places
from funnel_sim.model.cash.run import KINDS, WEEK, CashRun, Extra, cash_run
from funnel_sim.model.economics import book_of
from funnel_sim.model.values import Values
from funnel_sim.scenario.files import MODEL_VERSION
from funnel_sim.scenario.scenario import Scenario

_WIDE = 2 * BLOCK
"""Paths worked at once: a day asks little of each path, so that the calls of a day are shared by
more of them."""
_ENOUGH = _WIDE + _WIDE // 2
"""Paths that cash holds back, gathered from several blocks before they are worked out."""
BANDS: tuple[float, ...] = (0.05, 0.25, 0.50, 0.75, 0.95)
"""The percentiles of the balance that the fan shows."""


@dataclass(frozen=True)
class PlannedCash:
    """Cash on every path with goods ordered as planned and no interest (ADR 0070): the `lowest`
    balance, `sales` and `profit` as in `CashFutures`, all (paths,).
    """

    plan: SamplingPlan
    lowest: Array
    sales: Array
    profit: Array


@dataclass(frozen=True)
class CashFutures:
    """Cash on every path, with what is needed to compute it again; money in the currency in which
    the balance is kept.

    `lowest`, `lowest_day`: the lowest balance and its day, counted from 0, (paths,). `band_days`
    (weeks,) and `bands` (weeks, percentiles of `BANDS`): the balance every seventh day.
    `month_end`: the balance on the last day of each month, `month_low` the lowest of any of its
    days, (months, paths); `below_zero`: whether any day of the month is below zero, (months,
    paths). `below`: probability of that by month, `ever_below`: of any day at all. `served`: share
    of orders served (months, paths), `lost_orders` (paths,), `profit` (paths,) with the orders lost
    taken out, `profit_full` without, `interest` (paths,). `sales`: what shoppers ask for over the
    plan, over the same at the likely values (NaN where these have none), (paths,). `mean_flows`:
    mean of the futures by kind and month, (months,). `planned`: the same paths with goods ordered
    as planned, where it was asked for.
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
    month_low: Array
    below_zero: NDArray[np.bool_]
    below: tuple[Figure, ...]
    ever_below: Figure
    served: Array
    lost_orders: Array
    profit: Array
    profit_full: Array
    interest: Array
    sales: Array
    mean_flows: Mapping[str, Array]
    planned: PlannedCash | None = None


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
    planned: Callable[[Values], Values] | None = None,
    extra: ExtraOf | None = None,
    progress: Progress | None = None,
    drawn_before: Futures | None = None,
    planned_too: bool = False,
) -> CashFutures:
    """Return what cash does in the futures that `simulate` draws.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws, rounded up to whole replicates; the scenario's own where None.
        seed: of the draws; the scenario's own where None.
        moved: changes the numbers of every path before they are worked out; the buyer of goods
            does not foresee it.
        planned: changes the plan: the numbers of every path, and what the buyer expects to sell.
        extra: amounts on top of the scenario's own.
        progress: is called with the share done after each block, and may raise to stop.
        drawn_before: the futures of this very scenario, which are then not drawn again.
        planned_too: whether it is also worked out with goods ordered as planned and no interest.
    """
    futures = drawn_before
    plan = plan_of_scenario(scenario, paths, seed) if futures is None else futures.plan
    horizon = CashDays.of(scenario)
    months, weeks = horizon.months, horizon.horizon // WEEK
    shape = (months, plan.paths)
    lowest, lost, interest = (np.zeros(plan.paths) for _ in range(3))
    lowest_day = np.zeros(plan.paths, dtype=np.intp)
    weekly = np.empty((weeks, plan.paths))
    month_end, month_low, served = np.empty(shape), np.empty(shape), np.empty(shape)
    below_zero = np.empty(shape, np.bool_)
    profit, full, sales = (np.empty(plan.paths) for _ in range(3))
    plain_lowest, plain_profit = (np.empty(plan.paths if planned_too else 0) for _ in range(2))
    flows = {kind: np.zeros(months) for kind in KINDS}
    likely = Values(scenario) if planned is None else planned(Values(scenario))
    foreseen_book = book_of(likely, steady=False, wanted=CASH_WANTED)
    ahead = scenario.cash.stocking != "as_sold"
    forecast = forecast_from(scenario, foreseen_book) if ahead else None
    foreseen = float(amounts_of(scenario, foreseen_book).sale.sum())
    both, room = BothWays(forecast) if planned_too else None, Room()

    def keep(run: CashRun, at: slice | Places, later: Places | None = None) -> None:
        """Keep a run; the flows of its paths at the places `later` are still to come."""
        lowest[at], lowest_day[at] = run.lowest, run.lowest_day
        weekly[:, at], month_end[:, at] = run.weekly, run.month_end
        served[:, at], below_zero[:, at] = run.served, run.below_zero
        month_low[:, at] = run.month_low
        profit[at] = over_months(run.profit)[0]
        sales[at] = run.sales
        full[at] = over_months(run.profit_full)[0]
        lost[at] = over_months(run.lost_orders)[0]
        interest[at] = over_months(run.interest)[0]
        for kind, flow in run.flows.items():
            now = flow if later is None else np.delete(flow, later, axis=1)
            flows[kind] += now.sum(axis=1) / plan.paths

    drawn = blocks(Sources(scenario), plan, wide=_WIDE) if futures is None else iter(futures.blocks)
    for where, _, drawn_values in drawn:
        values = drawn_values
        for change in (planned, moved):
            values = values if change is None else change(values)
        more = None if extra is None else extra(values, where)
        size = where.stop - where.start
        if both is None:
            run = cash_run(values, extra=more, forecast=forecast, paths=size, room=room)
            keep(run, where)
        else:
            plain, pressed = both.planned(values, where.start, size, more)
            plain_lowest[where] = plain.lowest
            plain_profit[where] = over_months(plain.profit)[0]
            keep(plain, where, pressed)
            for places, run in both.typed(values, _ENOUGH if where.stop < plan.paths else 0):
                keep(run, places)
        if progress is not None:
            progress(where.stop / plan.paths)
    asked = sales / foreseen if foreseen else np.full(plan.paths, np.nan)
    return CashFutures(
        scenario=scenario,
        model_version=MODEL_VERSION,
        plan=plan,
        days=horizon,
        lowest=lowest,
        lowest_day=lowest_day,
        band_days=np.arange(WEEK - 1, horizon.horizon, WEEK),
        bands=np.array([quantiles(one, BANDS) for one in weekly]),
        month_end=month_end,
        month_low=month_low,
        below_zero=below_zero,
        below=tuple(probability(one, plan.replicates) for one in below_zero),
        ever_below=probability(short(lowest), plan.replicates),
        served=served,
        lost_orders=lost,
        profit=profit,
        profit_full=full,
        interest=interest,
        sales=asked,
        mean_flows=flows,
        planned=PlannedCash(plan, plain_lowest, asked, plain_profit) if planned_too else None,
    )


def sales_of(values: Values) -> float:
    """Return what shoppers ask for over the plan, as it is paid out for, at likely values.

    Args:
        values: the numbers, one path [sales currency].
    """
    book = book_of(values, steady=False, wanted=CASH_WANTED)
    return float(amounts_of(values.scenario, book).sale.sum())


def cash_of(scenario: Scenario, extra: Mapping[str, Extra] | None = None) -> CashResult:
    """Return cash at the likely values, day by day.

    Args:
        scenario: the store and its plan, as typed.
        extra: amounts on top of the scenario's own.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"cash.payout_delay_days": 14})
        >>> run = cash_of(store).run
        >>> run.balance.shape == (run.days.all, 1), bool(run.lowest[0] < 0)
        (True, True)
    """
    run = cash_run(Values(scenario), extra=extra, by_day=True)
    assert run.bridge is not None
    return CashResult(scenario, MODEL_VERSION, run, run.bridge)
