"""The fastest growth of orders that the cash allows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from funnel_sim.chance.cash import CashFutures, simulate_cash
from funnel_sim.chance.estimates import Figure, probability
from funnel_sim.decisions.cash.answer import ENOUGH, as_planned, stock_kept
from funnel_sim.model.arrays import column
from funnel_sim.model.cash.cents import short
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario

TRIED: tuple[float, ...] = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.10, 0.15, 0.20)
"""Growth of traffic and ad budgets a month that is tried [fraction]."""


@dataclass(frozen=True)
class CashGrowth:
    """The fastest growth of traffic and ad budgets a month, on top of the plan, at which the
    balance stays at or above zero in a share `level` of futures.

    `rate` is None where not even the slowest that was tried is affordable; `open_end` says that the
    fastest that was tried is affordable too. `tried` are (growth a month, probability of staying
    at or above zero), slowest first; between two of them the probability is taken as a straight
    line, and `rate` is where it falls to the level for the first time.
    """

    level: float
    rate: float | None
    open_end: bool
    tried: tuple[tuple[float, Figure], ...]


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
        The growth a month [fraction].
    """
    plain = as_planned(scenario)
    kept = plain.replace(stock_kept(scenario))
    many = base.plan.paths if base is not None else paths
    seed = None if base is None else base.plan.seed
    tried: list[tuple[float, Figure]] = []
    for rate in TRIED:
        found = (
            base
            if base is not None and rate == 0.0 and plain == scenario
            else simulate_cash(kept, paths=many, seed=seed, planned=grown(rate))
        )
        tried.append((rate, probability(~short(found.lowest), found.plan.replicates)))
        if tried[-1][1].value < level:
            break
    return CashGrowth(level, crossing(tried, level), tried[-1][1].value >= level, tuple(tried))


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
