"""A test before it is run: what lift to expect, how long it takes, what it costs and what its
result is worth.
"""

import math
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.conversion_test.arms import StoreTerms, check_store
from funnel_sim.decisions.conversion_test.sample_size import Size, sample_size
from funnel_sim.model.arrays import Array
from funnel_sim.reference.rate_settings import Settings, check_within, settings
from funnel_sim.scenario.effects import sceptical


@dataclass(frozen=True)
class Trial:
    """A test before it is run: how large, how long, what it costs and what knowing is worth; money
    is None where the store's is not known.

    `ads` is what the bought part of its visits costs, `fee` the provider's fee for whole months,
    `loss` the expected margin lost while B is shown where it is worse; `back` the margin that the
    orders of the test bring in meanwhile. `worth` is what the decision after the test is worth over
    deciding now, over the horizon. `certain` is what it would be worth to know the true difference.
    `lift` is the relative difference believed on average, `now` what choosing B without a test
    gains on average over the horizon.
    """

    base: float
    settings: Settings
    store: StoreTerms
    size: Size
    months: float | None
    ads: float | None
    fee: float | None
    loss: float | None
    back: float | None
    worth: float | None
    certain: float | None
    lift: float
    now: float | None

    @property
    def cost(self) -> float | None:
        """All three costs together."""
        return (
            None
            if self.ads is None or self.fee is None or self.loss is None
            else self.ads + self.fee + self.loss
        )


def sceptical_lifts() -> Array:
    """Return relative differences that are believed of a change before anything was measured
    (data/effects.toml).

    Returns:
        Fractions of the base rate, all as probable, shape (values,).
    """
    return np.array(sceptical().values) - 1


def even_lifts(low: float, high: float, count: int = 400) -> Array:
    """Return relative differences spread evenly between two ends, all as probable.

    Args:
        low: the lower end [fraction of the base rate], −1 or more.
        high: the upper end, not below the lower one.
        count: how many.

    Returns:
        Fractions of the base rate, shape (count,).

    Raises:
        InputError: if an end is not allowed.

    Examples:
        >>> even_lifts(-0.1, 0.1, 2)
        array([-0.05,  0.05])
    """
    check_within("low", low, -1.0, 1000.0, "share")
    check_within("high", high, low, 1000.0, "share")
    return low + (high - low) * (np.arange(count) + 0.5) / count


def plan_trial(
    base: float,
    store: StoreTerms | None = None,
    chosen: Settings | None = None,
    lifts: Array | None = None,
) -> Trial:
    """Return what a test costs that can see the wanted difference, and what knowing is worth.

    The worth compares two ways over the horizon: choosing now by the belief alone, and choosing
    after the test by belief and result. The result of the test is taken as normal around the true
    difference (it has hundreds of orders by design); the belief is any set of equally probable
    differences.

    Args:
        base: the conversion rate of the version in use [fraction].
        store: as in `compare_rates`.
        chosen: as in `compare_rates`.
        lifts: relative differences believed [fractions of the base], all as probable, shape
            (values,); the sceptical effect of this program where None.

    Raises:
        InputError: as in `sample_size`.
    """
    store, chosen = store or StoreTerms(), chosen or settings()
    check_store(store)
    size = sample_size(base, chosen.effect, chosen)
    months = size.total / store.visits_month if store.visits_month else None
    rates = np.clip(base * (1 + (sceptical_lifts() if lifts is None else lifts)), 0.0, 1.0)
    gaps = rates - base
    lift = float(gaps.mean()) / base
    if months is None or store.margin is None:
        return Trial(
            base, chosen, store, size, months, None, None, None, None, None, None, lift, None
        )
    margin, visits = store.margin, float(store.visits_month or 0.0)
    gains = chosen.horizon * (
        visits * gaps * margin - store.fee
    )  # of using B for the horizon, by each belief
    se = math.sqrt(base * (1 - base) / size.a + float(np.mean(rates * (1 - rates))) / size.b)
    return Trial(
        base,
        chosen,
        store,
        size,
        months,
        ads=size.total * store.bought * store.visit_cost,
        fee=store.fee * math.ceil(months - 1e-9),
        loss=size.b * float(np.maximum(-gaps * margin, 0.0).mean()),
        back=margin * (size.a * base + size.b * float(rates.mean())),
        worth=_worth_of_result(gaps, gains, se),
        certain=float(np.maximum(gains, 0.0).mean()) - max(0.0, float(gains.mean())),
        lift=lift,
        now=float(gains.mean()),
    )


def _worth_of_result(gaps: Array, gains: Array, se: float) -> float:
    """Return the expected gain of choosing after a measured difference over choosing now; `gains`
    belong to the true `gaps`, all equally probable.
    """
    seen = np.linspace(gaps.min() - 8 * se, gaps.max() + 8 * se, 4001)
    held = np.zeros_like(seen)
    for gap, gain in zip(gaps, gains, strict=True):
        held += gain * np.exp(-0.5 * ((seen - gap) / se) ** 2)
    step = seen[1] - seen[0]
    after = float(np.maximum(held, 0.0).sum() * step) / (se * math.sqrt(2 * math.pi) * len(gaps))
    return max(0.0, after - max(0.0, float(gains.mean())))
