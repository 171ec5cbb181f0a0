"""KPIs that the funnel does not produce, month by month, from their own counts.

Rates are beta-binomial (what the rate is: Beta from the counts seen; how months differ: a lognormal
of mean 1; how many fall in a month: binomial), throughput is gamma-Poisson, sell-through follows
from how orders spread over SKUs, stock days from stock and cost of goods, the account score is a
normal around today's.
"""

import math
from collections.abc import Mapping

import numpy as np
from scipy import special

from funnel_sim.chance import noise
from funnel_sim.chance.distributions import drawable
from funnel_sim.chance.streams import SamplingPlan, normals_by_month, uniforms
from funnel_sim.model.arrays import Array
from funnel_sim.scenario.effects import usual_rate_spread
from funnel_sim.scenario.kpi_metrics import RATES
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import BetaCounts
from funnel_sim.units import DAYS_A_MONTH

_MOST_ORDERS_A_SKU = 1e6


def spread_of(kpi: Kpi) -> float:
    """Return how much the monthly rate of a KPI differs between months (coefficient of variation);
    the default where none is given.
    """
    return usual_rate_spread()[0] if kpi.over_dispersion is None else kpi.over_dispersion


def monthly(
    kpi: Kpi,
    plan: SamplingPlan,
    months: int,
    flows: Mapping[str, Array],
    usual_orders: float,
    part: slice = slice(None),
) -> tuple[Array, Array]:
    """Return the monthly counts behind a KPI that the funnel does not produce.

    Args:
        kpi: the KPI with its counts so far.
        plan: seed, replicates and points.
        months: how many months.
        flows: `paid_orders` and `cogs` [sales currency] by month, shape (months, paths), where the
            KPI follows from them (`needs`).
        usual_orders: paid orders of the month in which the counts were seen.
        part: which paths of the plan.

    Returns:
        (counts, what they are counts out of), both of shape (months, paths) or broadcast to it:
        their ratio is the KPI in a month.
    """
    which = range(plan.replicates)
    level = uniforms(plan, which, [f"kpis.{kpi.id}.level"])[f"kpis.{kpi.id}.level"][part]
    normals = normals_by_month(plan, which, f"kpis.{kpi.id}.months", months)[:, part]
    one = np.ones(normals.shape)
    seen, of = kpi.seen or 0.0, kpi.seen_of or 0.0
    if kpi.metric in RATES:
        trials = max(
            1.0,
            round(kpi.per_month if kpi.per_month is not None else of / (kpi.seen_months or 1.0)),
        )
        rare = (
            seen <= of - seen
            # the variation between months acts on the rarer of the two outcomes: on late orders,
            # not on those on time
        )
        rate = drawable(BetaCounts(successes=min(seen, of - seen), trials=of)).values(
            level if rare else 1.0 - level
        )
        count = _normals_of_counts(kpi, plan, months, part)
        found = noise.binomial(
            trials,
            np.minimum(rate * _wander(normals, spread_of(kpi)), 1.0),
            count if rare else -count,
        )
        return found if rare else trials - found, trials * one
    if kpi.metric in ("listing_completion", "listings_live"):
        pace = (
            special.gammaincinv(seen + 0.5, level) / (kpi.seen_months or 1.0)
            if kpi.per_month is None
            else kpi.per_month * _wander(_normal(level), spread_of(kpi))
        )
        done = seen + np.cumsum(
            noise.counts(
                pace * _wander(normals, spread_of(kpi)), _normals_of_counts(kpi, plan, months, part)
            ),
            axis=0,
        )
        return (
            (np.minimum(done, of), of * one) if kpi.metric == "listing_completion" else (done, one)
        )
    if kpi.metric == "sell_through":
        size = spread_over_skus(seen / of, usual_orders / of)
        sold = 1.0 - np.power(1.0 + flows["paid_orders"] / of / size, -size)
        rates = np.clip(sold * _wander(normals, spread_of(kpi) * (1 - seen / of)), 0.0, 1.0)
        return (
            noise.binomial(max(1.0, round(of)), rates, _normals_of_counts(kpi, plan, months, part)),
            of * one,
        )
    if kpi.metric == "stock_days":
        return seen * one, flows["cogs"] / DAYS_A_MONTH
    score = seen * (1.0 + spread_of(kpi) * normals)
    return np.clip(score, 0.0, math.inf if kpi.seen_of is None else of), one


def needs(kpi: Kpi) -> tuple[str, ...]:
    """Return the monthly flows of the funnel that an operational KPI follows from."""
    return {"sell_through": ("paid_orders",), "stock_days": ("cogs",)}.get(kpi.metric, ())


def spread_over_skus(share: float, orders_per_sku: float) -> float:
    """Return how unevenly orders fall on SKUs: the size k of the gamma distribution for which 1 −
    (1 + μ/k)^(−k) is the share that sold.

    Args:
        share: of the SKUs that sold at least once [fraction].
        orders_per_sku: μ, orders per SKU.

    Returns:
        k [1], the larger the more even; the largest one where even an equal spread would sell fewer
        SKUs than were seen to.

    Examples:
        >>> round(1 - (1 + 5 / spread_over_skus(0.6, 5)) ** -spread_over_skus(0.6, 5), 6)
        0.6
    """
    if not orders_per_sku > 0 or share <= 0:
        return 1.0

    def sold(log_size: float) -> float:
        size = math.exp(log_size)
        return 1.0 - math.pow(1.0 + orders_per_sku / size, -size)

    low, high = math.log(1e-3), math.log(_MOST_ORDERS_A_SKU)
    if sold(high) <= share:
        return _MOST_ORDERS_A_SKU
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if sold(middle) < share else (low, middle)
    return math.exp((low + high) / 2)


def _normal(uniform: Array) -> Array:
    return np.asarray(special.ndtri(uniform))


def _wander(normals: Array, cv: float) -> Array:
    """Return multipliers of mean 1 and coefficient of variation `cv`."""
    variance = math.log1p(cv * cv)
    return np.asarray(np.exp(math.sqrt(variance) * normals - variance / 2))


def _normals_of_counts(kpi: Kpi, plan: SamplingPlan, months: int, part: slice) -> Array:
    """Return the normal numbers, shape (months, paths), at which the counts of the months are the
    quantiles.
    """
    return normals_by_month(plan, range(plan.replicates), f"kpis.{kpi.id}.count", months)[:, part]
