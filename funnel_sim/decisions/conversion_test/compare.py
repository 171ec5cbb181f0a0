"""Two conversion rates compared: which version converts better, by how much, what that is worth,
and how many visits are still needed to tell. Read `compare_rates`.
"""

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms, check_arm, check_store
from funnel_sim.decisions.conversion_test.posterior import (
    Posteriors,
    PosteriorSpread,
    Quantiles,
    Shape,
    posterior_of,
    prior_of,
    spread_of,
)
from funnel_sim.decisions.conversion_test.sample_size import (
    Test,
    VisitsNeeded,
    two_proportions,
    visits_needed,
)
from funnel_sim.decisions.conversion_test.worth import Money, money_of
from funnel_sim.reference.rate_settings import Settings, settings

RateVerdict = Literal["better", "worse", "unclear"]
_WIDEST_RATIO = 1e12


@dataclass(frozen=True)
class RateComparison:
    """Everything about two versions; losses in orders per visit."""

    a: Arm
    b: Arm
    settings: Settings
    store: StoreTerms
    prior: Shape
    better: float
    lift: PosteriorSpread
    points: PosteriorSpread
    loss_a: float
    loss_b: float
    test: Test
    p_value: float | None
    verdict: RateVerdict
    money: Money | None
    wanted: VisitsNeeded
    measured: VisitsNeeded

    @property
    def shapes(self) -> tuple[Shape, Shape]:
        """Both posteriors as (a, b) of a beta distribution."""
        return posterior_of(self.a, self.prior), posterior_of(self.b, self.prior)


def compare_rates(
    a: Arm, b: Arm, store: StoreTerms | None = None, chosen: Settings | None = None
) -> RateComparison:
    """Return which of two versions converts better, by how much, what that is worth and what is
    still needed to tell.

    Args:
        a: the version in use.
        b: the new version.
        store: visits a month, margin and fee; without visits and margin there is no money in the
            answer.
        chosen: prior, intervals, levels; the defaults of data/conversion_test.toml where None.

    Raises:
        InputError: if counts are no counts, orders exceed visits, or the prior needs a rate where
            none is known.

    Examples:
        >>> found = compare_rates(Arm(5000, 200), Arm(5000, 236))
        >>> found.verdict, round(found.better, 4), round(found.p_value, 4)
        ('better', 0.9611, 0.0779)
    """
    store, chosen = store or StoreTerms(), chosen or settings()
    check_arm(a, "a")
    check_arm(b, "b")
    check_store(store)
    prior = prior_of(chosen, store.rate)
    pair = Posteriors(posterior_of(a, prior), posterior_of(b, prior))
    better = 1.0 - pair.below(0.0, 1.0)

    points = Quantiles(lambda d: pair.below(d, 1.0), -1.0, 1.0)
    ratios = Quantiles(
        lambda r: pair.below(0.0, math.exp(r)), -math.log(_WIDEST_RATIO), math.log(_WIDEST_RATIO)
    )

    def lift(share: float) -> float:
        return math.expm1(ratios(share))

    gap = b.rate - a.rate
    measured_lift = gap / a.rate if a.orders else None
    test, p_value = two_proportions(a, b)
    base = a.rate if a.orders else pair.a[0] / sum(pair.a)
    loss_b = Posteriors(pair.b, pair.a).excess(1.0, 1.0, 0.0)
    return RateComparison(
        a,
        b,
        chosen,
        store,
        prior,
        better,
        spread_of(measured_lift, lift, chosen),
        spread_of(gap, points, chosen),
        loss_a=pair.excess(1.0, 1.0, 0.0),
        loss_b=loss_b,
        test=test,
        p_value=p_value,
        verdict=(
            "better"
            if better >= chosen.decide
            else "worse"
            if 1 - better >= chosen.decide
            else "unclear"
        ),
        money=money_of(a, b, pair, store, chosen, points),
        wanted=visits_needed(a, b, base, chosen.effect, store, chosen),
        measured=visits_needed(a, b, base, measured_lift, store, chosen),
    )


def rate_spread(found: RateComparison, name: Literal["a", "b"]) -> PosteriorSpread:
    """Return one version's own conversion rate with its intervals.

    Args:
        found: the comparison.
        name: which version, "a" or "b".
    """
    arm, shape = (found.a, found.shapes[0]) if name == "a" else (found.b, found.shapes[1])
    return spread_of(
        arm.rate, lambda share: float(special.betaincinv(*shape, share)), found.settings
    )
