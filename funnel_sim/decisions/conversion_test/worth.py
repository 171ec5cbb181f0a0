"""What the difference of two rates is worth a month: its mean, its spread and what a wrong choice
costs.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms
from funnel_sim.decisions.conversion_test.posterior import (
    Posteriors,
    PosteriorSpread,
    Quantiles,
    spread_of,
)
from funnel_sim.reference.rate_settings import Settings

_HERMITE = 7


@dataclass(frozen=True)
class Money:
    """What B is worth a month against A, in money and orders.

    `gain` has the fee taken off; `better` is the probability that it is above zero; `loss_b` is the
    expected money lost a month by choosing B where A is better, `loss_a` the other way round;
    `certainty` what it would be worth to know for sure before choosing, over the horizon.
    """

    orders: PosteriorSpread
    gain: PosteriorSpread
    better: float
    loss_a: float
    loss_b: float
    certainty: float


def _margins(arm: Arm, store: StoreTerms) -> Iterator[tuple[float, float]]:
    """Yield the mean margin of an order with its weight; a spread between orders makes the mean
    uncertain by spread / √orders.
    """
    middle = store.margin if arm.margin is None else arm.margin
    assert middle is not None
    error = (arm.margin_sd or 0.0) / math.sqrt(max(arm.orders, 1.0))
    if not error:
        yield middle, 1.0
        return
    nodes, weights = np.polynomial.hermite_e.hermegauss(_HERMITE)
    yield from zip(
        (middle + error * nodes).tolist(), (weights / weights.sum()).tolist(), strict=True
    )


def money_of(
    a: Arm,
    b: Arm,
    pair: Posteriors,
    store: StoreTerms,
    chosen: Settings,
    points: Callable[[float], float],
) -> Money | None:
    """Return what B is worth against A; None where the visits a month or a margin are not known.

    Args:
        a: counts and margin of version A.
        b: those of version B.
        pair: the posteriors of both rates.
        store: visits a month, margin and spread where a version names none of its own.
        chosen: level and kind of the intervals.
        points: from a probability to the quantile of the difference B − A [fraction].
    """
    visits = store.visits_month
    if not visits or (store.margin is None and (a.margin is None or b.margin is None)):
        return None
    every = [
        (to_b, to_a, one * other)
        for to_b, one in _margins(b, store)
        for to_a, other in _margins(a, store)
    ]
    mean_b, mean_a = (sum(m * w for m, w in _margins(arm, store)) for arm in (b, a))
    per_visit = store.fee / visits

    def below(value: float) -> float:
        return sum(weight * pair.value_below(value, to_b, to_a) for to_b, to_a, weight in every)

    widest = max(abs(m) for to_b, to_a, _ in every for m in (to_b, to_a))
    alike = (
        len(every) == 1 and mean_a == mean_b and mean_a > 0
        # both versions have the same margin: the gain is the margin times the difference of the
        # rates
    )
    gain = spread_of(
        visits * (b.rate * mean_b - a.rate * mean_a) - store.fee,
        (
            (lambda share: mean_a * points(share))
            if alike
            else Quantiles(below, -widest, widest)
            if widest
            else lambda share: 0.0
        ),
        chosen,
        visits,
        store.fee,
    )
    loss_a = visits * sum(
        weight * pair.excess(to_b, to_a, per_visit) for to_b, to_a, weight in every
    )
    expected = (
        visits * (pair.b[0] / sum(pair.b) * mean_b - pair.a[0] / sum(pair.a) * mean_a) - store.fee
    )
    loss_b = max(0.0, loss_a - expected)  # E max(-X, 0) = E max(X, 0) - E X
    orders = spread_of(visits * (b.rate - a.rate), points, chosen, visits)
    return Money(
        orders, gain, 1.0 - below(per_visit), loss_a, loss_b, chosen.horizon * min(loss_a, loss_b)
    )
