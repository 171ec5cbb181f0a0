"""What of a figure of actual months is not the shop's own: the example's unit cost, and figures of
the months that nobody knows and the scenario says instead.

A review names these beside every profit, or leaves the figure out: an example's cost is not what
the reader earned. Read `borrowed`.
"""

import math
from collections.abc import Sequence
from typing import Final

from funnel_sim.decisions.economics.whose import own_of
from funnel_sim.decisions.review.actuals import actual_ledger, lacking
from funnel_sim.scenario.scenario import Scenario

UNIT_COST: Final = "unit_cost"
"""The name of the example's unit cost among what is borrowed."""
MARGINS: Final = frozenset({"cm1", "cm2", "cm3", "profit"})
"""Figures of the ledger that a unit cost stands in."""


def example_cost(scenario: Scenario, months: Sequence[str]) -> bool:
    """Say whether a profit of some months rests on an example's unit cost: nobody has typed one,
    and the purchase cost of one of the months is not known either.

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".

    >>> from funnel_sim.scenario.presets import preset
    >>> store = preset("amazon-de-kitchen").replace(
    ...     {"history.first_month": "2026-01", "history.seen_gmv": [1190.0]}
    ... )
    >>> example_cost(store, ["2026-01"])
    True
    >>> example_cost(store.replace({"history.seen_goods_cost": [400.0]}), ["2026-01"])
    False
    """
    if "product.unit_cost" not in own_of(scenario).missing:
        return False
    return any(math.isnan(one) for one in scenario.history.of("goods_cost", months))


def plan_is_example(scenario: Scenario) -> bool:
    """Say whether the plan is still an example's: to hold months against it says nothing."""
    return own_of(scenario).example


def borrowed(scenario: Scenario, months: Sequence[str], key: str) -> tuple[str, ...]:
    """Return what of a figure of some months is not the shop's own.

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".
        key: which figure of the ledger, such as "profit".

    Returns:
        `UNIT_COST` where an example's stands in it, then the figures of the series that are not
        known in every month and without which this one follows from the scenario.
    """
    cost = (UNIT_COST,) if key in MARGINS and example_cost(scenario, months) else ()
    return (*cost, *lacking(actual_ledger(scenario, months), key))
