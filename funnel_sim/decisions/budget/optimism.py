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
    the share above zero of the pairs of draws of (new split − today's), `worse` that below zero;
    `optimism` by how much the choice of the split at its total may look better than it is, taken
    off none of them. `draws` how many. `promise` how probably the new split keeps what its goal
    promises.
    """

    seen: float
    optimism: float
    honest: float
    low: float
    high: float
    better: float
    draws: int
    worse: float = 0.0
    promise: "BudgetPromise | None" = None

    @property
    def worth_taking(self) -> bool:
        """Whether the middle of the draws is a gain, with the probability asked for."""
        return self.honest > 0 and self.better >= budget_settings().worth_odds

    @property
    def likely_worse(self) -> bool:
        """Whether the new split brings less than today's in more than half of the draws."""
        return self.worse > _HALF


_HALF = 0.5


@dataclass(frozen=True)
class BudgetPromise:
    """How probably a split keeps what its goal promises: a GMV a month, or a profit at least.

    `kept` the share of draws in which the split brings `least` or more; `low`, `middle` and `high`
    P10, P50 and P90 of what it brings [money].
    """

    figure: int
    least: float
    kept: float
    low: float
    middle: float
    high: float


def gain_with_chance(
    responses: Responses,
    bounds: Bounds,
    best: Array,
    weight: float,
    plan: SamplingPlan,
    measure: int = PROFIT,
    promised: tuple[int, float] | None = None,
) -> BudgetGain:
    """Return what a split brings against today's over the draws, and the optimism of its choice.

    Args:
        responses: of the items.
        bounds: within which the best split was sought.
        best: the split [money], shape (items,).
        weight: of profit against GMV in what it maximises [fraction].
        plan: of the draws.
        measure: PROFIT or GMV, in which the gain is told.
        promised: the figure that the goal promises, and how much of it at least [money]; None
            where it promises none.
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
    of_items = responses.along(np.stack([now, told, chosen], axis=2), plan)
    by_draw = of_items[measure].sum(axis=0)
    points = np.stack([now, told, chosen, even], axis=2)
    today = responses.along(points)[measure].sum(axis=0)
    seen = float(today[0, 1] - today[0, 0])
    says = by_draw[:, 2] - by_draw[:, 0]
    kept = today[:, 2] - today[:, 0]
    optimism = float((says - kept).mean()) - _shift(by_draw, today)
    by_choice = max(0.0, float(today[0, 1] - today[0, 3]))
    optimism = min(max(0.0, optimism), by_choice)
    each = by_draw[:, 1] - by_draw[:, 0]
    known = budget_settings()
    low, high = quantiles(each, (known.level_low, known.level_high))
    return BudgetGain(
        seen,
        optimism,
        float(np.median(each)),
        float(low),
        float(high),
        float((each > 0).mean()),
        cases,
        float((each < 0).mean()),
        None if promised is None else _promise(responses, of_items[:, :, :, :2], *promised),
    )


def _promise(responses: Responses, of_items: Array, figure: int, least: float) -> BudgetPromise:
    """Return how probably a split brings so much of a figure.

    Args:
        responses: of the items.
        of_items: what the whole of each item brings with the item's budget of today and of the
            split while its others stay, shape (2, items, draws, 2).
        figure: PROFIT or GMV.
        least: how much of it [money].
    """
    now, best = of_items[figure, :, :, 0], of_items[figure, :, :, 1]
    firsts = np.unique(responses.wholes, return_index=True)[1]
    brings = now[firsts].sum(axis=0) + (best - now).sum(axis=0)
    known = budget_settings()
    low, high = quantiles(brings, (known.level_low, known.level_high))
    return BudgetPromise(
        figure,
        least,
        float((brings >= least).mean()),
        float(low),
        float(np.median(brings)),
        float(high),
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


__all__ = ["GMV", "PROFIT", "BudgetGain", "BudgetPromise", "gain_with_chance"]
