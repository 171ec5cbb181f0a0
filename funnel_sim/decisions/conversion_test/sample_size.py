"""How many visits tell two rates apart, by the classical two-sided test of two proportions."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from funnel_sim.decisions.conversion_test.arms import Arm, StoreTerms
from funnel_sim.reference.rate_settings import Settings, constant, refused_setting, settings

Test = Literal["z", "fisher", "none"]


@dataclass(frozen=True)
class Size:
    """Visits that a test needs for A and for B, whole; infinite where there is no difference to
    see.
    """

    a: float
    b: float

    @property
    def total(self) -> float:
        """Visits of both versions."""
        return self.a + self.b


@dataclass(frozen=True)
class VisitsNeeded:
    """Visits still needed to see a relative difference: in all, on top of what was counted, and the
    months that the rest takes (None where visits a month are not known).
    """

    effect: float | None
    size: Size
    more: float
    months: float | None


def two_proportions(a: Arm, b: Arm) -> tuple[Test, float | None]:
    """Return the classical two-sided test of two rates: pooled z, or Fisher's exact where an
    expected count is small.

    Args:
        a: the version in use.
        b: the new version.

    Returns:
        (the test used, its p-value); ("none", None) where nobody or everybody ordered.

    Examples:
        >>> (
        ...     two_proportions(Arm(100, 5), Arm(100, 15))[0],
        ...     round(two_proportions(Arm(100, 5), Arm(100, 15))[1], 4),
        ... )
        ('z', 0.0184)
        >>> (
        ...     two_proportions(Arm(4, 3), Arm(4, 1))[0],
        ...     round(two_proportions(Arm(4, 3), Arm(4, 1))[1], 4),
        ... )  # a lady tasting tea: 34/70
        ('fisher', 0.4857)
    """
    orders, visits = a.orders + b.orders, a.visits + b.visits
    if orders in (0, visits):
        return "none", None
    fewest = min(orders, visits - orders) * min(a.visits, b.visits) / visits
    if fewest < constant("fewest_expected").value:
        table = np.array(
            [[int(a.orders), int(a.visits - a.orders)], [int(b.orders), int(b.visits - b.orders)]]
        )
        with np.errstate(
            all="ignore"
        ):  # SciPy warns of the odds ratio, which is not used, and of tiny probabilities
            return "fisher", float(stats.fisher_exact(table).pvalue)
    pooled = orders / visits
    z = (b.rate - a.rate) / math.sqrt(pooled * (1 - pooled) * (1 / a.visits + 1 / b.visits))
    return "z", float(2 * stats.norm.sf(abs(z)))


def sample_size(base: float, effect: float, chosen: Settings | None = None) -> Size:
    """Return the visits that a two-sided test needs to see a relative difference from a base rate.

    n_A = [z(1 − α/2) √((1 + 1/k) p̄ q̄) + z(power) √(p₁q₁ + p₂q₂/k)]² / (p₂ − p₁)², n_B = k n_A, p̄
    = (p₁ + k p₂)/(1 + k): Fleiss, Statistical Methods for Rates and Proportions, 2nd ed., 1981,
    chapter 3, without continuity correction; for k = 1 what R's `power.prop.test` computes. Each is
    rounded up.

    Args:
        base: p₁, the conversion rate of the version in use [fraction].
        effect: the relative difference to be seen [fraction of the base].
        chosen: level, power and split; the defaults where None.

    Returns:
        Visits for each version; infinite for no difference.

    Raises:
        InputError: if the base is no rate, or the other rate would not lie between 0 and 1.

    Examples:
        >>> size = sample_size(
        ...     0.5, 0.5, settings(power=0.9)
        ... )  # R's own example: power.prop.test(p1 = .50, p2 = .75, power = .90) gives n = 76.7
        >>> size.a, size.b
        (77.0, 77.0)
    """
    chosen = chosen or settings()
    if not 0 < base < 1:
        raise refused_setting("rate", f"{base * 100:.10g}%", "rate_open")
    other = base * (1 + effect)
    if not 0 <= other <= 1:
        raise refused_setting(
            "effect",
            f"{effect * 100:.10g}%",
            "effect_beyond",
            base=f"{base * 100:.4g}%",
            other=f"{other * 100:.4g}%",
        )
    if other == base:
        return Size(math.inf, math.inf)
    k = chosen.share_b / (1 - chosen.share_b)
    pooled = (base + k * other) / (1 + k)
    spread = stats.norm.isf(chosen.alpha / 2) * math.sqrt((1 + 1 / k) * pooled * (1 - pooled))
    spread += stats.norm.ppf(chosen.power) * math.sqrt(base * (1 - base) + other * (1 - other) / k)
    n = (spread / (other - base)) ** 2
    return Size(_whole(n), _whole(k * n))


def power_of(base: float, effect: float, size: Size, alpha: float) -> float:
    """Return the power of a two-sided test of a given size, the wrong side left out: `sample_size`
    turned round.

    Args:
        base: the conversion rate of the version in use [fraction].
        effect: the true relative difference [fraction of the base].
        size: visits of each version.
        alpha: the level of significance [fraction].

    Returns:
        The probability that the test sees the difference.

    Examples:
        >>> round(power_of(0.5, 0.5, Size(76.7, 76.7), 0.05), 3)
        0.9
    """
    other, k = base * (1 + effect), size.b / size.a
    pooled = (base + k * other) / (1 + k)
    null = stats.norm.isf(alpha / 2) * math.sqrt((1 + 1 / k) * pooled * (1 - pooled))
    return float(
        stats.norm.cdf(
            (abs(other - base) * math.sqrt(size.a) - null)
            / math.sqrt(base * (1 - base) + other * (1 - other) / k)
        )
    )


def _whole(visits: float) -> float:
    """Return visits rounded up; a number within rounding of a whole one is taken as that one."""
    return float(math.ceil(visits - 1e-12 * max(1.0, visits)))


def visits_needed(
    a: Arm, b: Arm, base: float, effect: float | None, store: StoreTerms, chosen: Settings
) -> VisitsNeeded:
    """Return what is still needed for one effect; a rate beyond 100 % is capped at it, for the
    wanted effect may be too large for this base.

    Args:
        a: counts of version A.
        b: counts of version B.
        base: the rate that the effect starts from [fraction].
        effect: relative difference to be seen [fraction]; None or 0 where no number of visits shows
            it.
        store: visits a month.
        chosen: error probabilities and the split of the visits.
    """
    if effect is None or not effect or not 0 < base < 1:
        return VisitsNeeded(effect, Size(math.inf, math.inf), math.inf, None)
    size = sample_size(base, max(-1.0, min(effect, 1 / base - 1)), chosen)
    more = max(0.0, size.a - a.visits) + max(0.0, size.b - b.visits)
    return VisitsNeeded(
        effect, size, more, more / store.visits_month if store.visits_month else None
    )
