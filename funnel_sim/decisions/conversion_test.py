"""Two conversion rates: which version converts better, by how much, what that is worth, and how
many visits are needed to tell.

Each version's rate has a beta posterior, Beta(a + orders, b + visits − orders), independent of the
other's. Every probability here is one integral over A's rate with the other version's beta
distribution inside it, by Gauss-Legendre panels on the log-odds scale: no normal approximation, for
three visits as for a billion. Sample sizes are those of the classical two-sided test of two
proportions.
"""

import bisect
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy import optimize, special, stats

from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result
from funnel_sim.reference.rate_settings import (
    Settings,
    check_within,
    constant,
    prior_shape,
    refused_setting,
    settings,
)
from funnel_sim.scenario.effects import sceptical

Shape = tuple[float, float]
RateVerdict = Literal["better", "worse", "unclear"]
Test = Literal["z", "fisher", "none"]

_MOST = 1e12  # visits; beyond this a float no longer holds single orders well
_LARGEST = 1e12  # money
# where panels of the integrals end: quantiles of each version, so that a narrow one is not stepped
# over beside a wide one
_EDGES = np.array([1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.15, 0.3, 0.5])
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_HERMITE = 7
_FARTHEST = 690.0  # log-odds; a float holds exp(-690)
_WIDEST_RATIO = 1e12


@dataclass(frozen=True)
class Arm:
    """One version: visits and orders counted; the margin of an order in money, where it is the
    version's own, and its standard deviation between orders.
    """

    visits: float
    orders: float
    margin: float | None = None
    margin_sd: float | None = None

    @property
    def rate(self) -> float:
        """Orders per visit, as counted."""
        return self.orders / self.visits


@dataclass(frozen=True)
class StoreTerms:
    """What the difference is worth to the store: visits a month, margin of an order (money),
    conversion rate, what a bought visit costs and what share is bought, fee a month that only B
    costs.
    """

    visits_month: float | None = None
    margin: float | None = None
    rate: float | None = None
    visit_cost: float = 0.0
    bought: float = 0.0
    fee: float = 0.0


@dataclass(frozen=True)
class PosteriorSpread:
    """One uncertain figure: as measured (None where it has no value), its posterior median, and the
    wide and the narrow interval.
    """

    measured: float | None
    median: float
    wide: tuple[float, float]
    narrow: tuple[float, float]


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
        return _posterior(self.a, self.prior), _posterior(self.b, self.prior)


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


def store_terms(result: Result) -> StoreTerms:
    """Return what a scenario says of the store: its steady month's visits, rate, contribution
    margin 2 per order, and what its bought visits cost.

    Visits × bought share × ad cost of a bought visit is the month's ad spend. A fee is none of the
    scenario's: it is what the new version costs on top.
    """
    steady = result.steady
    visits, clicks, paid, spend = (
        float(steady[key] or 0.0) for key in ("visits", "clicks", "paid_clicks", "ad_spend")
    )
    bought = paid / clicks if clicks else 0.0
    cost = spend / (visits * bought) if visits and bought else 0.0
    return StoreTerms(visits or None, result.per("cm2", "order"), steady["cvr"], cost, bought)


# ---- two beta distributions
# --------------------------------------------------------------------------------------


def _logit_quantiles(shape: Shape) -> Array:
    """Return where the panels of one version end, on the log-odds scale."""
    low, high = special.betaincinv(*shape, _EDGES), special.betaincinv(shape[1], shape[0], _EDGES)
    with np.errstate(divide="ignore"):
        out = np.concatenate([special.logit(low), -special.logit(high)])
    return np.asarray(np.clip(out, -_FARTHEST, _FARTHEST))


@dataclass(frozen=True)
class Posteriors:
    """The two posteriors, A's and B's, each as (a, b) of a beta distribution.

    >>> pair = Posteriors(
    ...     (1.0, 1.0), (2.0, 1.0)
    ... )  # a uniform rate, and the larger of two uniform ones: two times in three
    >>> round(1 - pair.below(0.0, 1.0), 9)
    0.666666667
    """

    a: Shape
    b: Shape

    @cached_property
    def _ends(self) -> tuple[Array, Array]:
        return _logit_quantiles(self.a), _logit_quantiles(self.b)

    def _points(self, alpha: float, beta: float) -> tuple[Array, Array]:
        """Return rates of A and their weights (which add to 1), dense where α + β · A crosses B's
        distribution.
        """
        own, others = self._ends
        with np.errstate(all="ignore"):
            crossing = special.logit((special.expit(others) - alpha) / beta) if beta else others
        crossing = crossing[np.isfinite(crossing)]
        edges = np.unique(np.concatenate([own, np.clip(crossing, own.min(), own.max())]))
        half, middle = np.diff(edges)[:, None] / 2, (edges[1:] + edges[:-1])[:, None] / 2
        x = (middle + half * _NODES).ravel()
        logs = self.a[0] * special.log_expit(x) + self.a[1] * special.log_expit(-x)
        weights = (half * _WEIGHTS).ravel() * np.exp(logs - logs.max())
        return special.expit(x), weights / weights.sum()

    def below(self, alpha: float, beta: float) -> float:
        """Return the probability that B's rate is at most alpha + beta times A's.

        Args:
            alpha: the constant [fraction].
            beta: the multiple of A's rate [1].

        Returns:
            A probability, 0 to 1.
        """
        p, weights = self._points(alpha, beta)
        return float(weights @ special.betainc(*self.b, np.clip(alpha + beta * p, 0.0, 1.0)))

    def excess(self, to_b: float, to_a: float, less: float) -> float:
        """Return the expected part above zero of to_b · B − to_a · A − less.

        Args:
            to_b: money for each unit of B's rate.
            to_a: money for each unit of A's rate.
            less: money taken off.

        Returns:
            Money, 0 or more, in the same currency.
        """
        a, b = self.b
        mean = a / (a + b)
        if not to_b:
            p, weights = self._points(0.0, 0.0)
            return float(weights @ np.maximum(-to_a * p - less, 0.0))
        p, weights = self._points(less / to_b, to_a / to_b)
        must = to_a * p + less
        at = np.clip(must / to_b, 0.0, 1.0)
        if to_b > 0:
            inside = to_b * mean * special.betaincc(a + 1, b, at) - must * special.betaincc(
                a, b, at
            )
        else:
            inside = to_b * mean * special.betainc(a + 1, b, at) - must * special.betainc(a, b, at)
        return max(0.0, float(weights @ inside))

    def value_below(self, value: float, to_b: float, to_a: float) -> float:
        """Return the probability that to_b · B − to_a · A is at most a value.

        Args:
            value: money.
            to_b: money for each unit of B's rate.
            to_a: money for each unit of A's rate.

        Returns:
            A probability, 0 to 1.
        """
        if to_b > 0:
            return self.below(value / to_b, to_a / to_b)
        if to_b < 0:
            return 1.0 - self.below(value / to_b, to_a / to_b)
        if not to_a:
            return float(value >= 0)
        at = min(1.0, max(0.0, -value / to_a))
        return float(special.betaincc(*self.a, at) if to_a > 0 else special.betainc(*self.a, at))


class _Quantiles:
    """Where a rising function of distribution reaches a share, between two ends, which are the
    answer for shares beyond them.

    Every value looked at is kept, and the next share is looked for between the nearest two: the
    shortest interval asks for a hundred shares.

    >>> half = _Quantiles(lambda x: x / 2, 0.0, 2.0)
    >>> half(0.25), half(0.75), half(0.0)
    (0.5, 1.5, 0.0)
    """

    def __init__(self, below: Callable[[float], float], low: float, high: float):
        self.below, self.width = below, high - low
        self.at, self.shares = [low, high], [below(low), below(high)]

    def __call__(self, share: float) -> float:
        """Return the value."""
        if share <= self.shares[0]:
            return self.at[0]
        if share >= self.shares[-1]:
            return self.at[-1]
        place = bisect.bisect_left(self.shares, share)
        ends = self.at[place - 1], self.at[place]
        return float(
            optimize.brentq(
                lambda x: self._share(x) - share,
                *ends,
                xtol=self.width * 1e-14,
                rtol=1e-11,
                maxiter=300,
            )
        )

    def _share(self, value: float) -> float:
        """Return the share below a value, kept between those of its neighbours: so that rounding
        cannot make the function fall.
        """
        place = bisect.bisect_left(self.at, value)
        if self.at[place] != value:
            found = min(max(self.below(value), self.shares[place - 1]), self.shares[place])
            self.at.insert(place, value)
            self.shares.insert(place, found)
        return self.shares[place]


def _interval(quantile: Callable[[float], float], level: float, kind: str) -> tuple[float, float]:
    """Return the interval that holds a share of the probability: equal tails, or the shortest
    one.
    """
    out = 1 - level
    if kind == "equal_tailed":
        return quantile(out / 2), quantile(1 - out / 2)
    found = optimize.minimize_scalar(
        lambda low: quantile(low + level) - quantile(low),
        bounds=(out * 1e-6, out * (1 - 1e-6)),
        method="bounded",
        options={"xatol": out * 1e-4},
    )
    return quantile(float(found.x)), quantile(float(found.x) + level)


def _spread(
    measured: float | None,
    quantile: Callable[[float], float],
    chosen: Settings,
    scale: float = 1.0,
    less: float = 0.0,
) -> PosteriorSpread:
    def told(share: float) -> float:
        return scale * quantile(share) - less

    wide, narrow = (
        _interval(told, level, chosen.interval) for level in (chosen.level, chosen.inner)
    )
    return PosteriorSpread(measured, told(0.5), wide, narrow)


# ---- after a test
# ------------------------------------------------------------------------------------------------


def _posterior(arm: Arm, prior: Shape) -> Shape:
    return prior[0] + arm.orders, prior[1] + arm.visits - arm.orders


def prior_of(chosen: Settings, rate: float | None) -> Shape:
    """Return the two parameters of the beta prior.

    Args:
        chosen: the settings; the prior "store" stands around the store's own rate.
        rate: the store's conversion rate [fraction]; None where not known.

    Returns:
        (a, b) of the beta distribution [1].

    Raises:
        InputError: if the prior is "store" and no rate between 0 and 1 is known.

    Examples:
        >>> prior_of(settings(prior="store"), 0.04)
        (1.0, 24.0)
    """
    if chosen.prior != "store":
        return prior_shape(chosen.prior)
    if rate is None or not 0 < rate < 1:
        raise refused_setting("rate", rate, "rate_open")
    return chosen.prior_orders, chosen.prior_orders * (1 - rate) / rate


def _check_arm(arm: Arm, name: str) -> None:
    for part, value, least in (("visits", arm.visits, 1.0), ("orders", arm.orders, 0.0)):
        check_within(f"{name}_{part}", value, least, _MOST)
        if value != round(value):
            raise refused_setting(f"{name}_{part}", value, "whole")
    if arm.orders > arm.visits:
        raise refused_setting(
            f"{name}_orders",
            f"{arm.orders:.10g}",
            "orders_over_visits",
            visits=f"{arm.visits:.10g}",
        )
    if arm.margin is not None:
        check_within(f"{name}_margin", arm.margin, -_LARGEST, _LARGEST)
    if arm.margin_sd is not None:
        check_within(f"{name}_margin_sd", arm.margin_sd, 0.0, _LARGEST)
        if arm.margin is None:
            raise refused_setting(f"{name}_margin", None, "missing")


def _check_store(store: StoreTerms) -> None:
    for name, least, most, unit in (
        ("visits_month", 0.0, _MOST, ""),
        ("margin", -_LARGEST, _LARGEST, ""),
        ("rate", 0.0, 1.0, "share"),
        ("visit_cost", 0.0, _LARGEST, ""),
        ("bought", 0.0, 1.0, "share"),
        ("fee", 0.0, _LARGEST, ""),
    ):
        value = getattr(store, name)
        if value is not None:
            check_within("a_margin" if name == "margin" else name, value, least, most, unit)


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
    _check_arm(a, "a")
    _check_arm(b, "b")
    _check_store(store)
    prior = prior_of(chosen, store.rate)
    pair = Posteriors(_posterior(a, prior), _posterior(b, prior))
    better = 1.0 - pair.below(0.0, 1.0)

    points = _Quantiles(lambda d: pair.below(d, 1.0), -1.0, 1.0)
    ratios = _Quantiles(
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
        _spread(measured_lift, lift, chosen),
        _spread(gap, points, chosen),
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
        money=_money(a, b, pair, store, chosen, points),
        wanted=_needed(a, b, base, chosen.effect, store, chosen),
        measured=_needed(a, b, base, measured_lift, store, chosen),
    )


def rate_spread(found: RateComparison, name: Literal["a", "b"]) -> PosteriorSpread:
    """Return one version's own conversion rate with its intervals.

    Args:
        found: the comparison.
        name: which version, "a" or "b".
    """
    arm, shape = (found.a, found.shapes[0]) if name == "a" else (found.b, found.shapes[1])
    return _spread(arm.rate, lambda share: float(special.betaincinv(*shape, share)), found.settings)


def density(shape: Shape, rates: Array) -> Array:
    """Return the density of a beta distribution at some rates.

    Args:
        shape: (a, b) of the beta distribution [1].
        rates: conversion rates [fractions], shape (points,).

    Returns:
        The density at each rate, shape (points,).
    """
    return np.asarray(stats.beta.pdf(rates, *shape))


def seen_between(shape: Shape, share: float) -> tuple[float, float]:
    """Return the rates between which all but `share` of a version's probability lies, as much left
    out on each side.

    Args:
        shape: (a, b) of the beta distribution [1].
        share: the probability left out on both sides together.

    Returns:
        (lower rate, upper rate) [fractions].
    """
    return float(special.betaincinv(*shape, share / 2)), float(
        special.betaincinv(*shape, 1 - share / 2)
    )


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


def _money(
    a: Arm,
    b: Arm,
    pair: Posteriors,
    store: StoreTerms,
    chosen: Settings,
    points: Callable[[float], float],
) -> Money | None:
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
    gain = _spread(
        visits * (b.rate * mean_b - a.rate * mean_a) - store.fee,
        (
            (lambda share: mean_a * points(share))
            if alike
            else _Quantiles(below, -widest, widest)
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
    orders = _spread(visits * (b.rate - a.rate), points, chosen, visits)
    return Money(
        orders, gain, 1.0 - below(per_visit), loss_a, loss_b, chosen.horizon * min(loss_a, loss_b)
    )


# ---- how many visits
# ---------------------------------------------------------------------------------------------


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


def _needed(
    a: Arm, b: Arm, base: float, effect: float | None, store: StoreTerms, chosen: Settings
) -> VisitsNeeded:
    """Return what is still needed for one effect; a rate beyond 100 % is capped at it, for the
    wanted effect may be too large for this base.
    """
    if effect is None or not effect or not 0 < base < 1:
        return VisitsNeeded(effect, Size(math.inf, math.inf), math.inf, None)
    size = sample_size(base, max(-1.0, min(effect, 1 / base - 1)), chosen)
    more = max(0.0, size.a - a.visits) + max(0.0, size.b - b.visits)
    return VisitsNeeded(
        effect, size, more, more / store.visits_month if store.visits_month else None
    )


# ---- before a test
# -----------------------------------------------------------------------------------------------


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
    _check_store(store)
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
