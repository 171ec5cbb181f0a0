"""Repeat orders of BG/NBD, every age of a customer in one pass.

A customer with pace λ who stops after an order with probability p orders at the rate λ · e^(−λps)
at age s. With λ from Gamma(r, α), p from Beta(a, b) and ξ = s / α the rate of a new customer is (r
/ α) · F(ξ), where F(ξ) = E[(1 + pξ)^(−r−1)] = ₂F₁(r + 1, a; a + b; −ξ), so that the orders up to a
time t are

    E(t) = r · ∫ F over 0 … t / α.

All of it is positive, and nothing has a pole at a = 1 or a + b = 1, as the closed form
(`retention.expected_orders`) has. F solves

    ξ(1 + ξ) F″ + (a + b + (r + a + 2) ξ) F′ + (r + 1) a F = 0,

which gives the Taylor coefficients at any ξ by a three-term recurrence: F is walked from zero
outward, each step a fixed share of the way that lies behind, and each month is read off the
polynomial of its step.

How far a polynomial is from F is known beforehand. F is a mixture of completely monotone functions,
so its Taylor series alternates, and what is left out is smaller than the first term left out; that
term is at most F(εξ) · (ρ / (1 − ε))^N for a step of ρξ, N terms and any ε. As εξ · F(εξ) is at
most the integral up to ξ, a step leaves out less than (ρ / ε) · (ρ / (1 − ε))^N of the orders so
far: with ρ = 1/3, N = 30 and ε = 1/31 below 2e−13.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Number

_SHARE = 1 / 3
_TERMS = 30
_LARGEST = 16.0
_START = 0.25
_START_TERMS = 48
_LEAST_ALPHA = 1 / 30
_LONGEST = 1e5
_ENOUGH = 1e-17


def _times() -> tuple[float, ...]:
    """Return the ends of the steps in months, each a third longer than the one before.

    One month is among them, so that digits do not depend on how far one goes.
    """
    out = [1.0]
    while out[0] > _LEAST_ALPHA * _START:
        out.insert(0, out[0] / (1 + _SHARE))
    while out[-1] < _LONGEST:
        out.append(out[-1] * (1 + _SHARE))
    return tuple(out)


_TIMES = _times()
_MONTH = _TIMES.index(1.0)


def within_reach(r: Number, alpha: Number, a: Number, b: Number) -> NDArray[np.bool_]:
    """Return for which paths `orders_up_to` can work its way through the months.

    That is where r + 1 + a + b is at most 16, and α at least a day. Rounding feeds the equation's
    other solutions, ξ^(1−a−b) and (1 + ξ)^(b−r−1): with larger numbers a step of a third amplifies
    it. Where F vanishes but for that (b next to 0), ten years cost as many digits as ξ = t / α has:
    four where α is a day.

    Args:
        r: shape of the distribution of order rates [1] (BG/NBD).
        alpha: its rate parameter [months].
        a: first parameter of the probability to stop [1].
        b: second parameter of it [1].

    Returns:
        Truth values, shape (paths,) or that of the arrays given.
    """
    return np.asarray(
        (np.asarray(r) + 1.0 + a + b <= _LARGEST) & (np.asarray(alpha) >= _LEAST_ALPHA)
    )


def orders_up_to(months: int, r: Number, alpha: Number, a: Number, b: Number) -> list[Number]:
    """Return the expected repeat orders of a new customer within 1 … `months` months (BG/NBD).

    Each path has the digits that it would have alone, and each month those that it has with any
    other number of months.

    Args:
        months: how many months.
        r: shape of the distribution of order rates [1].
        alpha: its rate parameter [months].
        a: first parameter of the probability to stop [1].
        b: second parameter of it [1]; all four floats or arrays of one shape, `within_reach`.

    Returns:
        Orders per new customer within 1, 2 … months, floats from floats, arrays from arrays.

    Examples:
        >>> [round(one, 6) for one in orders_up_to(39, 0.243, 4.414, 0.793, 2.426)[::19]]
        [0.053268, 0.744823, 1.196723]
    """
    top = r + 1.0
    first = _first(alpha)
    start = _from_zero(_at(first) / alpha, top, a, a + b)
    out: list[Any] = []
    level, slope, upto = start
    for place, (time, end) in enumerate(pairwise(_TIMES[(least := int(np.min(first))) :]), least):
        # a path starts at the last time that its own series at zero still covers
        if place <= np.max(first):
            level, slope, upto = (
                _chosen(place <= first, one, now)
                for one, now in zip(start, (level, slope, upto), strict=True)
            )
        xi = time / alpha
        terms = _terms(xi, top * a, top + a, a + b, level, slope)
        while len(out) < months and len(out) + 1 < end:
            out.append(r * (upto + xi * _risen(terms, ((len(out) + 1) / time - 1.0) / _SHARE)))
        if len(out) == months:
            break
        level, slope, upto = (
            _sum(terms),
            _sum([n * term for n, term in enumerate(terms)]) * ((1.0 + _SHARE) / _SHARE),
            upto + xi * _risen(terms, 1.0),
        )
    return out


def _first(alpha: Number) -> Any:
    """Return the place of the time from which a path is walked.

    It is the last one that the series at zero reaches, one month at most.
    """
    if isinstance(alpha, np.ndarray):
        return np.minimum(np.searchsorted(_TIMES, alpha * _START, "right") - 1, _MONTH)
    return min(bisect_right(_TIMES, alpha * _START) - 1, _MONTH)


def _at(place: Any) -> Any:
    return np.asarray(_TIMES)[place] if isinstance(place, np.ndarray) else _TIMES[place]


def _chosen(where: Any, new: Any, old: Any) -> Any:
    return np.where(where, new, old) if isinstance(where, np.ndarray) else new if where else old


def _from_zero(xi: Number, top: Number, a: Number, sums: Number) -> tuple[Any, Any, Any]:
    """Return F, ξF′ and the integral of F up to ξ, a quarter at most, by the series at zero."""
    term: Any = 1.0
    level, slope, upto = 1.0, 0.0, 1.0
    for n in range(1, _START_TERMS):
        term = term * (-xi * (top + (n - 1)) * ((a + (n - 1)) / ((sums + (n - 1)) * n)))
        level, slope, upto = level + term, slope + n * term, upto + term * (1.0 / (n + 1))
    return level, slope, xi * upto


def _terms(
    xi: Number, product: Number, both: Number, sums: Number, level: Any, slope: Any
) -> list[Any]:
    """Return the Taylor terms of F at ξ for a whole step: the coefficients times (ξ/3)^n.

    `slope` is ξF′.
    """
    y = xi / (1.0 + xi)
    rise, near = (1.0 + y) * _SHARE, (sums + (both + 1.0 - sums) * y) * _SHARE
    back, more, twice = product * y * _SHARE**2, (both + 1.0) * y * _SHARE**2, 2.0 * y * _SHARE**2
    out = [level, slope * _SHARE]
    for n in range(_TERMS - 2):
        out.append((near * out[-1] + back * out[-2] * (1.0 / (n + 1))) * (-1.0 / (n + 2)))
        near, back, more = near + rise, back + more, more + twice
    return out


def _sum(terms: Sequence[Any]) -> Any:
    """Return the sum of terms, the last and smallest first."""
    total: Any = 0.0
    for term in reversed(terms):
        total = total + term
    return total


def _risen(terms: Sequence[Any], part: float) -> Any:
    """Return the integral of F over a part of a step from ξ, divided by ξ.

    Terms below the rounding are left out.
    """
    weights, power = [], part * _SHARE
    for n in range(len(terms)):
        weights.append(power / (n + 1))
        power *= part
        if (part * _SHARE) ** n < _ENOUGH:
            break
    return _sum([term * weight for term, weight in zip(terms, weights, strict=False)])
