"""What is known of two conversion rates: beta posteriors, which of them is higher and by how much.

Each version's rate has a beta posterior, Beta(a + orders, b + visits − orders), independent of the
other's. Every probability here is one integral over A's rate with the other version's beta
distribution inside it, by Gauss-Legendre panels on the log-odds scale: no normal approximation, for
three visits as for a billion.
"""

import bisect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import optimize, special, stats

from funnel_sim.decisions.conversion_test.arms import Arm
from funnel_sim.model.arrays import Array
from funnel_sim.reference.rate_settings import Settings, prior_shape, refused_setting

Shape = tuple[float, float]


# where panels of the integrals end: quantiles of each version, so that a narrow one is not stepped
# over beside a wide one
_EDGES = np.array([1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.15, 0.3, 0.5])
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_FARTHEST = 690.0  # log-odds; a float holds exp(-690)


@dataclass(frozen=True)
class PosteriorSpread:
    """One uncertain figure: as measured (None where it has no value), its posterior median, and the
    wide and the narrow interval.
    """

    measured: float | None
    median: float
    wide: tuple[float, float]
    narrow: tuple[float, float]


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


class Quantiles:
    """Where a rising function of distribution reaches a share, between two ends, which are the
    answer for shares beyond them.

    Every value looked at is kept, and the next share is looked for between the nearest two: the
    shortest interval asks for a hundred shares.

    >>> half = Quantiles(lambda x: x / 2, 0.0, 2.0)
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


def spread_of(
    measured: float | None,
    quantile: Callable[[float], float],
    chosen: Settings,
    scale: float = 1.0,
    less: float = 0.0,
) -> PosteriorSpread:
    """Return an uncertain figure with the two intervals that the settings ask for.

    Args:
        measured: the figure as counted; None where it has no value.
        quantile: from a probability to the figure's quantile.
        chosen: level and kind of the intervals.
        scale: what each quantile is multiplied by [1].
        less: what is then taken off, in the unit of the figure.
    """

    def told(share: float) -> float:
        return scale * quantile(share) - less

    wide, narrow = (
        _interval(told, level, chosen.interval) for level in (chosen.level, chosen.inner)
    )
    return PosteriorSpread(measured, told(0.5), wide, narrow)


def posterior_of(arm: Arm, prior: Shape) -> Shape:
    """Return the beta posterior of a version's rate.

    Args:
        arm: its visits and orders.
        prior: (a, b) of the beta prior.
    """
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
        >>> from funnel_sim.reference.rate_settings import settings
        >>> prior_of(settings(prior="store"), 0.04)
        (1.0, 24.0)
    """
    if chosen.prior != "store":
        return prior_shape(chosen.prior)
    if rate is None or not 0 < rate < 1:
        raise refused_setting("rate", rate, "rate_open")
    return chosen.prior_orders, chosen.prior_orders * (1 - rate) / rate


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
