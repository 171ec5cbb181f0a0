"""What a new split brings against today's in every draw, and, beside it, how much better than it
is the choice of a best split may look.

The gain is told over the draws as they are: its middle, its interval and the probability of being
better are those of the pairs (new split − today's split) in the same draw. The ranges are what is
believed of the store, so nothing is taken off them.

A separate question is how far the likely values may mislead. What was chosen because it looked best
by them is best by their errors too. Each draw is taken as numbers that might have been estimated in
place of today's, the best split by that draw is found, and what the draw promises of it is held
against what today's numbers say of the same split (the bootstrap estimate of optimism, Efron 1983):

    optimism = mean over draws k of [ gain(best split by k; k) − gain(best split by k; today) ]

less by how much draws differ from today's numbers for a split that no draw chose (ranges that lie
to one side of the likely values). It is about the choice of the split at its total, never about
spending more or less; so it is at most the gain against today's split scaled to that total. It is
told in a sentence of its own and changes neither the gain nor its probability (decision 0075).
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

    `seen` at the likely values; `honest` the middle (P50), `low` and `high` P10 and P90, `better`
    the share above zero of the pairs of draws of (new split − today's); `optimism` by how much the
    choice of the split at its total may look better than it is, taken off none of them. `draws`
    how many.
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
        """Whether the middle of the draws is a gain, with the probability asked for."""
        return self.honest > 0 and self.better >= budget_settings().worth_odds


def gain_with_chance(
    responses: Responses,
    bounds: Bounds,
    best: Array,
    weight: float,
    plan: SamplingPlan,
    measure: int = PROFIT,
) -> BudgetGain:
    """Return what a split brings against today's over the draws, and the optimism of its choice.

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
    even = np.broadcast_to(_scaled(responses.now, bounds, float(best.sum()))[:, None], now.shape)
    chosen = filled(gains, bounds.low, bounds.high, totals, _POINTS, _ROUNDS)
    by_draw = responses.along(np.stack([now, told, chosen], axis=2), plan)[measure].sum(axis=0)
    points = np.stack([now, told, chosen, even], axis=2)
    today = responses.along(points)[measure].sum(axis=0)
    seen = float(today[0, 1] - today[0, 0])
    promised = by_draw[:, 2] - by_draw[:, 0]
    kept = today[:, 2] - today[:, 0]
    optimism = float((promised - kept).mean()) - _shift(by_draw, today)
    by_choice = max(0.0, float(today[0, 1] - today[0, 3]))
    optimism = min(max(0.0, optimism), by_choice)
    each = by_draw[:, 1] - by_draw[:, 0]
    known = budget_settings()
    low, high = quantiles(each, (known.level_low, known.level_high))
    better = float((each > 0).mean())
    return BudgetGain(
        seen, optimism, float(np.median(each)), float(low), float(high), better, cases
    )


_POINTS, _ROUNDS = 17, 2
"""A grid for the best split by a draw: what it brings hardly differs near the best."""
_HALVINGS = 60


def _scaled(now: Array, bounds: Bounds, total: float) -> Array:
    """Return today's split scaled to a total within the bounds, as near to it as it can come."""
    if not now.sum() > 0:
        return np.asarray(
            np.clip(np.full(now.shape, total / now.size), bounds.low, bounds.high), dtype=float
        )
    low, high = 0.0, max(1.0, total / float(now[now > 0].min()))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if np.clip(now * middle, bounds.low, bounds.high).sum() < total:
            low = middle
        else:
            high = middle
    scaled: Array = np.clip(now * high, bounds.low, bounds.high)
    return scaled


def _shift(by_draw: Array, today: Array) -> float:
    """Return by how much draws differ from today's numbers for a split that was not chosen by them:
    ranges that lie to one side of the likely values are no optimism.
    """
    told = by_draw[:, 1] - by_draw[:, 0]
    return float(told.mean() - (today[0, 1] - today[0, 0]))


__all__ = ["GMV", "PROFIT", "BudgetGain", "gain_with_chance"]
