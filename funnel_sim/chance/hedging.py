"""What a walking exchange rate does to an owner at home, and what locking it changes."""

from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Estimate, estimate
from funnel_sim.chance.simulation import blocks, plan_of_scenario
from funnel_sim.model.arrays import Array, over_months
from funnel_sim.model.economics import book_of
from funnel_sim.model.exposure import EXPOSURE_WANTED, exposure_of, hedged
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Hedging:
    """The profit of all months in the cost currency, in the same futures: `open` to the rate,
    `locked` with the scenario's hedged share and its cost, `steady` at today's rate in every month
    (what is left of the spread without any rate). `sales` and `home`: the mean of what is left over
    in each currency by month, shape (months,), each in its own.
    """

    scenario: Scenario
    open: Estimate
    locked: Estimate
    steady: Estimate
    sales: Array
    home: Array

    @property
    def of_rate(self) -> float:
        """Which share of the profit's variance at home is the exchange rate's, at least 0."""
        whole = self.open.sd.value**2
        return max(0.0, 1.0 - self.steady.sd.value**2 / whole) if whole else 0.0


def hedging(scenario: Scenario, paths: int | None = None, seed: int | None = None) -> Hedging:
    """Return what the exchange rate does to the profit at home, and what the scenario's hedge
    changes.

    Args:
        scenario: the store and its plan, as typed; `cash.hedged_share` and `cash.hedge_cost` at
            their likely values.
        paths: how many draws; the scenario's own where None.
        seed: of the draws; the scenario's own where None.

    Returns:
        Amounts in the cost currency.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> walk = preset("amazon-de-kitchen").replace(
        ...     {"chance.fx_walk": True, "cash.hedged_share": 1.0}
        ... )
        >>> found = hedging(walk, 1024)
        >>> bool(found.locked.sd.value < found.open.sd.value), bool(0 < found.of_rate < 0.1)
        (True, True)
    """
    plan = plan_of_scenario(scenario, paths, seed)
    share, cost = point_value(scenario.cash.hedged_share), point_value(scenario.cash.hedge_cost)
    today = point_value(scenario.fx_rate)
    months = scenario.plan.horizon_months
    free, locked, steady = (np.empty(plan.paths) for _ in range(3))
    sales, home = np.zeros(months), np.zeros(months)
    for where, _, values in blocks(Sources(scenario), plan):
        found = exposure_of(scenario, book_of(values, steady=False, wanted=EXPOSURE_WANTED))
        free[where] = over_months(found.profit_at_home)[0]
        locked[where] = over_months(hedged(found, scenario, share, cost))[0]
        steady[where] = over_months(found.sales * today + found.home)[0]
        shape = (months, where.stop - where.start)
        sales += np.broadcast_to(found.sales, shape).sum(axis=1) / plan.paths
        home += np.broadcast_to(found.home, shape).sum(axis=1) / plan.paths
    sets = plan.replicates
    return Hedging(
        scenario,
        estimate(free, sets),
        estimate(locked, sets),
        estimate(steady, sets),
        sales,
        home,
    )
