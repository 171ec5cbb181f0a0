"""The split of an ad budget that is best for a goal: most profit, most GMV at a profit floor, or
the cheapest one that reaches a GMV.

Profit and GMV are both added up over the channels, so that most GMV at a floor of profit is the
best split of a weighted sum of the two, with the smallest weight of profit that keeps the floor
(Lagrange); and the cheapest way to a GMV is the smallest total whose best split reaches it.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.budget.responses import GMV, PROFIT, Responses
from funnel_sim.decisions.budget.split import CENTS, Gains, Split, best_split, filled
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.budget import BudgetTerms

_CASES = 17
_CLOSER = 6


@dataclass(frozen=True)
class Bounds:
    """The least and the most of each item [money], shape (items,); the most may be infinite."""

    low: Array
    high: Array


@dataclass(frozen=True)
class Chosen:
    """The best split for a goal: its total, and the weight of profit against GMV in what it
    maximises (1: profit alone).
    """

    split: Split
    total: float
    weight: float


def weighed(responses: Responses, weight: float | Array) -> Gains:
    """Return what each item brings: profit times a weight plus GMV times the rest.

    Args:
        responses: of the items.
        weight: of profit [fraction], one number or one a case.

    Returns:
        A function of budgets of shape (items, cases, points), which returns the same shape.
    """
    share = np.asarray(weight)

    def gains(budgets: Array) -> Array:
        found = responses.along(budgets)
        one = share if share.ndim == 0 else share[None, :, None]
        return np.asarray(one * found[PROFIT] + (1.0 - one) * found[GMV])

    return gains


def choose(responses: Responses, bounds: Bounds, terms: BudgetTerms, total: float) -> Chosen:
    """Return the best split for the goal that is asked for.

    Args:
        responses: of the items.
        bounds: how far each may go.
        terms: goal, floor, target, steps.
        total: what there is to spend [money]; the most of it, for the cheapest way to a GMV.

    Raises:
        InputError: if the bounds leave no split of the total, or the goal cannot be reached.
    """
    if terms.budget_goal == "gmv":
        return _most_gmv(responses, bounds, terms, total)
    if terms.budget_goal == "cheapest":
        return _cheapest(responses, bounds, terms)
    return Chosen(at(responses, bounds, terms, total), total, 1.0)


def at(
    responses: Responses, bounds: Bounds, terms: BudgetTerms, total: float, weight: float = 1.0
) -> Split:
    """Return the best split of a total for a weight of profit.

    Args:
        responses: of the items.
        bounds: how far each may go.
        terms: the steps.
        total: the sum of all [money].
        weight: of profit against GMV [fraction].
    """
    gains = weighed(responses, weight)
    return best_split(gains, bounds.low, bounds.high, total, terms.budget_step)


def _most_gmv(responses: Responses, bounds: Bounds, terms: BudgetTerms, total: float) -> Chosen:
    floor = 0.0 if terms.profit_floor is None else terms.profit_floor

    def profit_of(split: Split) -> float:
        return float(responses.together(split.amounts[None, :])[PROFIT, 0])

    most = at(responses, bounds, terms, total)
    highest = profit_of(most)
    if highest < floor:
        raise refuse("budget.profit_floor", f"{floor:,.2f}", "budget_floor", most=f"{highest:,.2f}")
    free = at(responses, bounds, terms, total, 0.0)
    if profit_of(free) >= floor:
        return Chosen(free, total, 0.0)
    low, high = 0.0, 1.0
    for _ in range(_CLOSER):  # many weights at once, then between the two that the floor parts
        weights = np.linspace(low, high, _CASES)
        amounts = filled(
            weighed(responses, weights), bounds.low, bounds.high, np.full(_CASES, total)
        )
        kept = responses.together(amounts.T)[PROFIT] >= floor
        first = int(np.flatnonzero(kept)[0]) if kept.any() else _CASES - 1
        low, high = float(weights[max(0, first - 1)]), float(weights[first])
    found = at(responses, bounds, terms, total, high)
    nudge = _NUDGE
    while profit_of(found) < floor and high < 1.0:  # whole steps may have cost some profit
        high, nudge = min(1.0, high + nudge), 4 * nudge
        found = at(responses, bounds, terms, total, high)
    return Chosen(found if profit_of(found) >= floor else most, total, high)


_NUDGE = 1e-6


def _cheapest(responses: Responses, bounds: Bounds, terms: BudgetTerms) -> Chosen:
    if terms.gmv_target is None:
        raise refuse("budget.gmv_target", None, "missing")
    target = terms.gmv_target

    def gmv_of(split: Split) -> float:
        return float(responses.together(split.amounts[None, :])[GMV, 0])

    least, most = float(bounds.low.sum()), _farthest(responses, bounds, target)
    low, high = least, most
    gains = weighed(responses, 0.0)
    for _ in range(_CLOSER):
        totals = np.linspace(low, high, _CASES)
        amounts = filled(gains, bounds.low, bounds.high, totals)
        reached = responses.together(amounts.T)[GMV] >= target
        first = int(np.flatnonzero(reached)[0]) if reached.any() else _CASES - 1
        if first == 0:
            low = high = float(totals[0])
            break
        low, high = float(totals[first - 1]), float(totals[first])
        if high - low <= 1 / CENTS:
            break
    step = round((terms.budget_step or 1 / CENTS) * CENTS)
    cents = -(-round(high * CENTS) // step) * step
    cents = max(cents, -(-round(least * CENTS) // step) * step)
    found = at(responses, bounds, terms, cents / CENTS, 0.0)
    for _ in range(_CASES):
        if gmv_of(found) >= target:
            break
        cents += step
        found = at(responses, bounds, terms, cents / CENTS, 0.0)
    return Chosen(found, cents / CENTS, 0.0)


def _farthest(responses: Responses, bounds: Bounds, target: float) -> float:
    """Return a total whose best split reaches a GMV: all upper bounds, or today's total doubled
    until it does.
    """
    most = float(bounds.high.sum())
    total = max(float(responses.now.sum()), float(bounds.low.sum()), 1.0)
    gains = weighed(responses, 0.0)
    reached = 0.0
    for _ in range(_DOUBLINGS):
        total = min(total, most)
        amounts = filled(gains, bounds.low, bounds.high, np.array([total]))
        reached = float(responses.together(amounts.T)[GMV, 0])
        if reached >= target:
            return total
        if total >= most:
            break
        total *= 2
    raise refuse(
        "budget.gmv_target",
        f"{target:,.2f}",
        "budget_target",
        most=f"{reached:,.2f}",
        total=f"{total:,.2f}",
    )


_DOUBLINGS = 12
"""A target that 4,096 times today's budget does not reach is out of reach."""
