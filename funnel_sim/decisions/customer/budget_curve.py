"""CAC against LTV along the ad budget, and the budget beyond which the next customer costs more
than it brings.
"""

import math
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.customer.worth import is_bought
from funnel_sim.decisions.economics.levers import books_at, figure_at
from funnel_sim.model.arrays import Array
from funnel_sim.model.search import crossings
from funnel_sim.model.sheet import settled
from funnel_sim.scenario.scenario import Scenario

_STEPS = 49
_MOST = 5.0
_NEAR = 1e-4


@dataclass(frozen=True)
class Budget:
    """CAC and LTV along the monthly ad budget, and the budget beyond which the next customer costs
    more than it brings.

    `budgets`, `cac` (of all customers bought so far), `marginal` (of the next one) are arrays of
    one shape; `ltv` per customer, None where there are no customers. `last_worth` is None where the
    next customer pays (or does not) at every budget looked at.
    """

    budgets: Array
    cac: Array
    marginal: Array
    ltv: float | None
    now: float
    last_worth: float | None


def budget_curve(scenario: Scenario) -> Budget | None:
    """Return CAC and LTV along the ad budget, from a twentieth to five times the current one; None
    without bought traffic, or where its clicks are not known.

    LTV is at the contribution before ads, so a customer pays as long as the next one costs at most
    that.
    """
    here = books_at(scenario, {})
    now = float(figure_at(here, "media_spend", 1)[0])
    if not now > 0 or any(
        channel.kind == "orders" and is_bought(channel) for channel in scenario.channels
    ):
        return None
    scale = np.geomspace(1 / 20, _MOST, _STEPS)
    ltv = float(figure_at(here, "ltv", 1)[0])

    def at(scales: Array) -> tuple[Array, Array]:
        book = books_at(scenario, {"ad_budget": scales})
        return figure_at(book, "ad_spend", scales.size), figure_at(
            book, "paid_channel_orders", scales.size
        )

    def next_one(scales: Array) -> Array:
        """Return what the next customer costs: by a small step to either side of each budget."""
        (less, fewer), (more, further) = at(scales * (1 - _NEAR)), at(scales * (1 + _NEAR))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((more - less) / settled(further, -fewer))

    spent, bought = at(scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        cac = spent / bought
    marginal = next_one(scale)
    if not math.isfinite(ltv):
        return Budget(now * scale, cac, marginal, None, now, None)
    roots, _ = crossings(
        lambda scales, which: (ltv - next_one(scales.reshape(-1))).reshape(scales.shape), [scale]
    )
    return Budget(
        now * scale, cac, marginal, ltv, now, now * float(roots[0]) if roots.size else None
    )
