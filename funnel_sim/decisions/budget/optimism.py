"""What a new split really brings: its gain in every draw, less the optimism of having chosen it.

A split that is best by today's numbers is best by their errors too: what was chosen because it
looked best looks better than it is. How much is measured with the draws: each of them is taken as
numbers that might have been estimated in place of today's, the best split by that draw is found,
and what the draw promises of it is held against what today's numbers say of the same split
(the bootstrap estimate of optimism, Efron 1983):

    optimism = mean over draws k of [ gain(best split by k; k) − gain(best split by k; today) ]

Of this is taken off by how much draws differ from today's numbers for a split that no draw chose
(ranges that lie to one side of the likely values); and no more than twice the gain is taken off.
For responses that bend evenly this is James and Stein's estimate with its positive part: numbers
shrunk all the way to where today's split is the best one make the move a loss as large as the gain
that was seen, and none can make it a larger one. The gain that is told is the middle of the draws
less the optimism; its interval and probability are those of the draws less the same. On made-up
stores with noisy numbers this takes away four fifths of the optimism and more
(tests/decisions/test_budget_optimism.py).
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.estimates import quantiles
from funnel_sim.chance.streams import SamplingPlan
from funnel_sim.decisions.budget.goals import Bounds
from funnel_sim.decisions.budget.responses import GMV, PROFIT, Responses
from funnel_sim.decisions.budget.split import filled
from funnel_sim.model.arrays import Array
from funnel_sim.reference.budget_settings import budget_settings


@dataclass(frozen=True)
class BudgetGain:
    """What moving from one split to another brings in a month, in the currency of the responses.

    `seen` by today's numbers; `optimism` how much of it is only the choice of the best; `honest`
    their middle (P50) without it; `low` and `high` P10 and P90 over the draws, without it;
    `better` the probability that the new split is better, likewise. `draws` how many.
    """

    seen: float
    optimism: float
    honest: float
    low: float
    high: float
    better: float
    draws: int

    @property
    def worth_taking(self) -> bool:
        """Whether the gain stays above zero after the discount, with the probability asked for."""
        return self.honest > 0 and self.better >= budget_settings().worth_odds


def gain_with_chance(
    responses: Responses,
    bounds: Bounds,
    best: Array,
    weight: float,
    plan: SamplingPlan,
    measure: int = PROFIT,
) -> BudgetGain:
    """Return what a split brings against today's, with its interval and without its optimism.

    Args:
        responses: of the items.
        bounds: within which the best split was sought.
        best: the split [money], shape (items,).
        weight: of profit against GMV in what it maximises [fraction].
        plan: of the draws.
        measure: PROFIT or GMV, in which the gain is told.
    """

    def gains(budgets: Array) -> Array:
        found = responses.along(budgets, plan)
        return np.asarray(weight * found[PROFIT] + (1.0 - weight) * found[GMV])

    cases = plan.paths
    now = np.broadcast_to(responses.now[:, None], (best.size, cases))
    told = np.broadcast_to(best[:, None], now.shape)
    totals = np.full(cases, float(best.sum()))
    chosen = filled(gains, bounds.low, bounds.high, totals, _POINTS, _ROUNDS)
    by_draw = responses.along(np.stack([now, told, chosen], axis=2), plan)[measure].sum(axis=0)
    today = responses.along(np.stack([now, told, chosen], axis=2))[measure].sum(axis=0)
    seen = float(today[0, 1] - today[0, 0])
    promised = by_draw[:, 2] - by_draw[:, 0]
    kept = today[:, 2] - today[:, 0]
    optimism = float((promised - kept).mean()) - _shift(by_draw, today)
    optimism = min(max(0.0, optimism), _MOST * abs(seen))
    each = by_draw[:, 1] - by_draw[:, 0] - optimism
    known = budget_settings()
    low, high = quantiles(each, (known.level_low, known.level_high))
    better = float((each > 0).mean())
    return BudgetGain(
        seen, optimism, float(np.median(each)), float(low), float(high), better, cases
    )


_POINTS, _ROUNDS = 17, 2
"""A grid for the best split by a draw: what it brings hardly differs near the best."""
_MOST = 2.0
"""The most that is taken off, in gains as they are seen: shrinking today's numbers all the way to
where today's split is best leaves a loss as large as the gain that was seen (see the module)."""


def _shift(by_draw: Array, today: Array) -> float:
    """Return by how much draws differ from today's numbers for a split that was not chosen by them:
    ranges that lie to one side of the likely values are no optimism.
    """
    told = by_draw[:, 1] - by_draw[:, 0]
    return float(told.mean() - (today[0, 1] - today[0, 0]))


__all__ = ["GMV", "PROFIT", "BudgetGain", "gain_with_chance"]
