"""The fastest growth of orders that the cash allows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from funnel_sim.chance.cash import CashFutures, simulate_cash
from funnel_sim.chance.estimates import Figure, probability
from funnel_sim.decisions.cash.answer import (
    ENOUGH,
    as_planned,
    in_kept,
    money_estimate,
    stock_kept,
)
from funnel_sim.model.arrays import column
from funnel_sim.model.cash.cents import short
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario

TRIED: tuple[float, ...] = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20)
"""Growth of traffic and ad budgets a month that is tried [fraction]."""
SLOWER: tuple[float, ...] = (-0.02, -0.05, -0.10, -0.20)
"""What is tried where the plan itself is too fast, relative to its own growth [fraction]."""


@dataclass(frozen=True)
class CashGrowth:
    """The fastest growth of traffic and ad budgets a month, on top of the plan, at which the
    balance stays at or above zero in a share `level` of futures.

    `rate` is below zero where the plan itself is too fast, None where not even the slowest that was
    tried is affordable; `open_end` says that the fastest that was tried is affordable too. `tried`
    are (growth a month, probability of staying at or above zero), slowest first; between two of
    them the probability is taken as a straight line, and `rate` is where it falls to the level for
    the first time. `profit` is what growing at a `rate` below zero changes of the plan's profit
    [currency of the balance, at the likely exchange rate], None elsewhere.
    """

    level: float
    rate: float | None
    open_end: bool
    tried: tuple[tuple[float, Figure], ...]
    profit: Figure | None = None


def grown(rate: float) -> Callable[[Values], Values]:
    """Return what makes traffic and ad budgets of month m (1 + rate)^(m − 1) times the plan's.

    Args:
        rate: growth a month [fraction].
    """

    def moved(values: Values) -> Values:
        months = column(
            [(1.0 + rate) ** month for month in range(values.scenario.plan.horizon_months)]
        )
        chance = values.by_chance
        traffic = months if chance.traffic is None else months * chance.traffic
        return replace(values, by_chance=replace(chance, traffic=traffic))

    return moved


def fastest_growth(
    scenario: Scenario,
    *,
    paths: int | None = None,
    level: float = ENOUGH,
    base: CashFutures | None = None,
) -> CashGrowth:
    """Return the fastest growth that the cash allows.

    Goods are ordered as planned in every future, whatever cash there is: growth that only stays
    above zero because goods are not ordered is no growth. The buyer orders for the grown plan, as
    if the growth were typed into it; the stock of the first day is that of the plan as it stands.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
        level: the share of futures in which the balance stays at or above zero [fraction].
        base: the cash of this very scenario, where it is at hand; its paths are taken.

    Returns:
        The growth a month [fraction]; slower, with its cost, where the plan is too fast.
    """
    plain = as_planned(scenario)
    kept = plain.replace(stock_kept(scenario))
    many = base.plan.paths if base is not None else paths
    seed = None if base is None else base.plan.seed

    def futures(rate: float) -> CashFutures:
        if base is not None and rate == 0.0 and plain == scenario:
            return base
        return simulate_cash(kept, paths=many, seed=seed, planned=grown(rate))

    def stays(found: CashFutures) -> Figure:
        return probability(~short(found.lowest), found.plan.replicates)

    now = futures(0.0)
    tried = [(0.0, stays(now))]
    if tried[0][1].value < level:
        return _slower(now, tried[0][1], level, lambda rate: stays(futures(rate)), futures)
    for rate in TRIED[1:]:
        tried.append((rate, stays(futures(rate))))
        if tried[-1][1].value < level:
            break
    return CashGrowth(level, crossing(tried, level), tried[-1][1].value >= level, tuple(tried))


def _slower(
    now: CashFutures,
    at: Figure,
    level: float,
    stays: Callable[[float], Figure],
    futures: Callable[[float], CashFutures],
) -> CashGrowth:
    """Return how much slower than a plan that is too fast the cash allows it to grow; the slowest
    is tried first, so that no others are where that is too fast too.
    """
    slowest = (SLOWER[-1], stays(SLOWER[-1]))
    tried = [(0.0, at)]
    if slowest[1].value < level:
        return CashGrowth(level, None, False, (slowest, *tried))
    for rate in SLOWER[:-1]:
        tried.insert(0, (rate, stays(rate)))
        if tried[0][1].value >= level:
            break
    else:
        tried.insert(0, slowest)
    found = crossing(tried[:2], level)
    assert found is not None  # the first of the two is affordable
    then = futures(found)
    change = (then.profit - now.profit) * in_kept(now.scenario, 1.0)
    return CashGrowth(level, found, False, tuple(tried), money_estimate(now, change).centre)


def crossing(tried: list[tuple[float, Figure]], level: float) -> float | None:
    """Return where a probability falls to a level for the first time, in a straight line between
    what was tried.

    Args:
        tried: (growth, probability), slowest first; only the last one may be below the level.
        level: the level [fraction].

    Returns:
        The growth; the fastest tried where it is not reached, None where the first is below it.

    Examples:
        >>> crossing([(0.0, Figure(0.99, 0.0, 4)), (0.02, Figure(0.91, 0.0, 4))], 0.95)
        0.01
        >>> crossing([(0.0, Figure(0.9, 0.0, 4))], 0.95) is None
        True
    """
    rate, last = tried[-1]
    if last.value >= level:
        return rate
    if len(tried) == 1:
        return None
    before, at = tried[-2]
    share = (at.value - level) / (at.value - last.value)
    return round(before + (rate - before) * share, 6)
