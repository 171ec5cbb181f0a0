"""How low the balance falls, how probably below zero, and which opening cash keeps it above.

Money is in the currency in which the scenario keeps its balance; days count from the first day of
the plan, which is day 0.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.cash import CashFutures, PlannedCash, simulate_cash
from funnel_sim.chance.estimates import (
    Estimate,
    Figure,
    estimate,
    percentiles,
    probability,
    quantile,
)
from funnel_sim.chance.heavy import heavy, without_means
from funnel_sim.decisions.cash.drive import NeedDrive, need_drive
from funnel_sim.model.arrays import Array
from funnel_sim.model.cash.amounts import CASH_WANTED
from funnel_sim.model.cash.cents import HALF_A_CENT, short
from funnel_sim.model.cash.forecast import Forecast, forecast_from, forecast_of
from funnel_sim.model.cash.terms import lead_planned
from funnel_sim.model.economics import book_of
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

ENOUGH = 0.95
"""Share of futures in which working capital is to keep the balance at or above zero."""


@dataclass(frozen=True)
class WorkingCapital:
    """The opening cash at which the balance stays at or above zero in a share `level` of futures,
    with goods ordered as planned and no credit.

    `needed` is that cash, `opening` what the scenario has, `more` how much is missing, 0 where
    nothing is.
    """

    level: float
    needed: Figure
    opening: float

    @property
    def more(self) -> Figure:
        """How much opening cash is missing; 0 where there is enough, to half a cent."""
        missing = self.needed.value - self.opening
        return Figure(
            missing if missing > HALF_A_CENT else 0.0, self.needed.error, self.needed.replicates
        )


@dataclass(frozen=True)
class StockOut:
    """What is not sold because goods have run out: its probability, the orders lost and the profit
    lost over the plan [currency of the balance, at the likely exchange rate].
    """

    probability: Figure
    orders: Estimate
    profit: Estimate


@dataclass(frozen=True)
class OpeningStock:
    """The stock of the first day that is taken as there and paid for, where none is typed: its
    units and what they cost [currency of the balance], at the likely values.
    """

    units: float
    value: float


@dataclass(frozen=True)
class CashAnswer:
    """What the balance comes to.

    `lowest` is the lowest balance of the plan, without the credit line; `lowest_date` the median
    day of it. `below` is the probability of a balance below zero on any day, `below_by_month` in
    each month; `overdrawn` the probability that the credit line is not enough either. `credit_peak`
    is how far below zero the balance falls, `end` the balance on the last day of the plan. `drive`
    is what drives the capital, `taken` the opening stock that is taken as there.
    """

    futures: CashFutures
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
    drive: NeedDrive | None = None
    taken: OpeningStock | None = None


def balance_currency(scenario: Scenario) -> str:
    """Return the currency in which the balance is kept."""
    return scenario.cost_currency if scenario.cash.kept_in == "home" else scenario.currency


def in_balance(scenario: Scenario, cost_money: float) -> float:
    """Return an amount of the cost currency in that of the balance, at the likely exchange rate.

    Args:
        scenario: the store and its plan, as typed.
        cost_money: the amount [cost currency].

    Returns:
        The amount [currency of the balance].
    """
    home = scenario.cash.kept_in == "home"
    return cost_money if home else cost_money / float(point_value(scenario.fx_rate))


def in_kept(scenario: Scenario, amount: float) -> float:
    """Return an amount of the sales currency in that of the balance, at the likely exchange rate.

    Args:
        scenario: the store and its plan, as typed.
        amount: the amount [sales currency].

    Returns:
        The amount [currency of the balance].
    """
    home = scenario.cash.kept_in == "home"
    return amount * float(point_value(scenario.fx_rate)) if home else amount


def cash_answer(
    scenario: Scenario,
    *,
    paths: int | None = None,
    seed: int | None = None,
    futures: CashFutures | None = None,
) -> CashAnswer:
    """Return how low the balance falls and what keeps it above zero.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
        seed: of the draws; the scenario's own where None.
        futures: the cash of this very scenario, where it is at hand.

    Returns:
        The answer [currency of the balance].
    """
    found = futures
    if found is None:
        twice = as_planned(scenario) != scenario
        found = simulate_cash(scenario, paths=paths, seed=seed, planned_too=twice)
    sets, terms = found.plan.replicates, scenario.cash
    planned = found.planned or planned_futures(scenario, found)
    capital = capital_of(scenario, planned)
    limit = in_balance(scenario, float(point_value(terms.credit_limit)))
    return CashAnswer(
        found,
        balance_currency(scenario),
        money_estimate(found, found.lowest),
        found.days.date(int(quantile(np.sort(found.lowest_day.astype(np.float64)), 0.5))),
        found.ever_below,
        found.below,
        probability(short(found.lowest + limit), sets),
        money_estimate(found, np.maximum(0.0, -found.lowest), less_is_better=True),
        money_estimate(found, found.month_end[-1]),
        capital,
        StockOut(
            probability(found.lost_orders > 0, sets),
            estimate(found.lost_orders, sets, less_is_better=True),
            money_estimate(
                found,
                (found.profit_full - found.profit) * in_kept(scenario, 1.0),
                less_is_better=True,
            ),
        ),
        need_drive(planned, capital.opening, capital.level),
        opening_taken(scenario),
    )


def opening_taken(scenario: Scenario) -> OpeningStock | None:
    """Return the stock that is taken as there on the first day; None where it is typed or goods are
    bought as they are sold.

    Args:
        scenario: the store and its plan, as typed.
    """
    if not _taken(scenario):
        return None
    book = book_of(Values(scenario), steady=False, wanted=CASH_WANTED)
    units = _needed_at_first(scenario, forecast_from(scenario, book))
    if not units:
        return None
    cost = float(np.atleast_2d(book["landed_cost"])[0, 0])  # of month 1 [sales currency]
    return OpeningStock(units, units * in_kept(scenario, cost))


def stock_taken(scenario: Scenario) -> float | None:
    """Return the units that are taken as there on the first day, where none are typed; None where
    they are typed or goods are bought as they are sold.

    Args:
        scenario: the store and its plan, as typed.
    """
    return _needed_at_first(scenario, forecast_of(scenario)) if _taken(scenario) else None


def _taken(scenario: Scenario) -> bool:
    """Say whether the stock of the first day is taken as there."""
    terms = scenario.cash
    return terms.stocking != "as_sold" and terms.opening_stock_units is None


def _needed_at_first(scenario: Scenario, forecast: Forecast) -> float:
    """Return the units that the plan needs until an order of the first day arrives, with the safety
    stock.
    """
    terms = scenario.cash
    return forecast.needed_in(0, lead_planned(terms) + terms.safety_days)


def stock_kept(scenario: Scenario) -> dict[str, object]:
    """Return what keeps the stock of the first day as it is taken for a scenario, where its terms
    or its growth are changed: what is on the shelf that day is not theirs to change.

    Args:
        scenario: the store and its plan, before the change.

    Returns:
        Fields with their values, none where the stock is typed.
    """
    units = stock_taken(scenario)
    return {} if units is None else {"cash.opening_stock_units": units}


def money_estimate(found: CashFutures, values: Array, *, less_is_better: bool = False) -> Estimate:
    """Return what draws of an amount of cash say; no mean where profit has none.

    Args:
        found: the futures that the draws are of.
        values: the draws, shape (paths,) [currency of the balance].
        less_is_better: whether the worst is the high end.

    Returns:
        Figures in the unit of the draws.
    """
    return without_means(
        estimate(values, found.plan.replicates, less_is_better=less_is_better),
        heavy(found.scenario, "profit", "total"),
        less_is_better=less_is_better,
    )


def as_planned(scenario: Scenario) -> Scenario:
    """Return a scenario that orders its goods whatever cash there is, and pays no interest: what
    its cash needs, rather than what it can do with the cash it has.
    """
    terms = scenario.cash
    if not (terms.orders_need_cash or point_value(terms.credit_rate)):
        return scenario
    return scenario.replace({"cash.orders_need_cash": False, "cash.credit_rate": 0.0})


def planned_futures(
    scenario: Scenario, found: CashFutures | None = None, paths: int | None = None
) -> CashFutures:
    """Return the cash of a scenario `as_planned`.

    Args:
        scenario: the store and its plan, as typed.
        found: its cash as typed, where it is at hand; its paths are taken.
        paths: how many draws, where it is not; the scenario's own where None.
    """
    plain = as_planned(scenario)
    if found is None:
        return simulate_cash(plain, paths=paths)
    if plain == scenario:
        return found
    return simulate_cash(plain, paths=found.plan.paths, seed=found.plan.seed)


def working_capital(
    scenario: Scenario, found: CashFutures | None = None, *, level: float = ENOUGH
) -> WorkingCapital:
    """Return the opening cash at which the balance stays at or above zero in a share of futures.

    With goods ordered as planned and without interest, an amount more on the first day lifts the
    balance of every day by that amount, so that what is missing is read off the lowest balances:
    the smallest amount that at least a share `level` of futures needs no more than. Where the
    scenario orders only what cash can pay, or pays interest, its futures are worked out once more
    without both: a future whose balance stays above zero that way has the cash for its orders and
    pays no interest, so that nothing differs in it (ADR 0070).

    Args:
        scenario: the store and its plan, as typed.
        found: its cash, where it is at hand.
        level: the share of futures [fraction].

    Returns:
        The capital [currency of the balance].
    """
    return capital_of(scenario, planned_futures(scenario, found), level=level)


def capital_of(
    scenario: Scenario, planned: CashFutures | PlannedCash, *, level: float = ENOUGH
) -> WorkingCapital:
    """Return the working capital, read off futures in which goods are ordered as planned.

    Args:
        scenario: the store and its plan, as typed.
        planned: its cash `as_planned`.
        level: the share of futures [fraction].

    Returns:
        The capital [currency of the balance].
    """
    opening = in_balance(scenario, float(point_value(scenario.cash.opening_cash)))
    [missing] = percentiles(-planned.lowest, (level,), planned.plan.replicates)
    needed = max(0.0, opening + missing.value)
    return WorkingCapital(level, Figure(needed, missing.error, missing.replicates), opening)
