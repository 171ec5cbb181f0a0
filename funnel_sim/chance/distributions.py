"""From a uniform number to a value of an input: inverse distributions, truncated to the field's domain.

Beta shapes (PERT, counts) are inverted by SciPy's numerical inversion (UNU.RAN's PINV), set up once
per shape; the others have closed forms. A low and a high that mean an 80 % interval are turned into
the limits whose P10 and P90 they are, the mode staying where it is.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import special, stats
from scipy.optimize import brentq
from scipy.stats import sampling

from funnel_sim.inputs.fields import LARGEST
from funnel_sim.inputs.quantity import BetaCounts, Lognormal, Normal, Pert, Range, Sample, Triangular, Uniform
from funnel_sim.model.arrays import Array

_P10, _P90 = 0.1, 0.9
_JEFFREYS = 0.5
_SAME_SHAPE = 12  # digits to which two shapes are the same, so that a range moved along keeps its inverse
_U_ERROR = 1e-12
_CURVE_POINTS = 61


@dataclass(frozen=True)
class Drawable:
    """A range ready to be drawn from, cut to a domain.

    `least` and `most` are the cumulative probabilities at the ends of the domain; `cut` the share of
    the range that lies outside it.
    """

    quantity: Any
    domain: tuple[float, float]
    shape: "_Shape"
    least: float
    most: float

    @property
    def cut(self) -> float:
        """Share of the range that the field's domain cuts off."""
        return 1.0 - (self.most - self.least)

    def values(self, uniforms: Array) -> Array:
        """Return values of the input for uniform numbers in (0, 1)."""
        whole = self.least == 0.0 and self.most == 1.0
        drawn = self.shape.inverse(uniforms if whole else self.least + uniforms * (self.most - self.least))
        return np.asarray(np.clip(drawn, *self.domain))

    def quantile(self, probability: float) -> float:
        """Return the value below which a share of the draws lies."""
        return float(self.values(np.array([probability]))[0])

    def below(self, value: float) -> float:
        """Return the share of the draws below a value."""
        width = self.most - self.least
        return min(1.0, max(0.0, (self.shape.below(value) - self.least) / width)) if width > 0 else float(self.shape.below(value))

    def curve(self) -> tuple[Array, Array]:
        """Return (values, relative heights) that show the shape, from about P0.5 to P99.5; heights are at most 1."""
        inner = self.values(np.linspace(0.0025, 0.9975, 4 * _CURVE_POINTS + 1))
        low, high = float(inner[0]), float(inner[-1])
        if not high > low:
            return np.array([low]), np.array([1.0])
        edges = np.linspace(low, high, _CURVE_POINTS + 1)
        shares = np.diff([self.below(edge) for edge in edges])
        return (edges[:-1] + edges[1:]) / 2, np.asarray(shares / shares.max())


def drawable(quantity: Range, domain: tuple[float, float] = (-LARGEST, LARGEST)) -> Drawable:
    """Return a range ready to be drawn from.

    >>> half = drawable(Uniform(low=2.0, high=4.0))
    >>> half.quantile(0.5), half.below(2.5)
    (3.0, 0.25)
    """
    shape = _shape(quantity)
    low, high = domain
    least, most = float(shape.below(low, strictly=True)), float(shape.below(high))
    if not most > least:  # everything lies outside: the nearest end of the domain is all that is left
        least, most = 0.0, 1.0
    return Drawable(quantity, domain, shape, least, most)


# ---- shapes -----------------------------------------------------------------------------------------


class _Shape(ABC):
    """A distribution: `inverse` of arrays, `below` of a number, and SciPy's own for its moments."""

    @abstractmethod
    def inverse(self, uniforms: Array) -> Array:
        """Return the values at uniform numbers."""

    @abstractmethod
    def below(self, value: float, *, strictly: bool = False) -> float:
        """Return the probability below a value."""

    @abstractmethod
    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation, before any cut."""


@dataclass(frozen=True)
class _Constant(_Shape):
    value: float

    def inverse(self, uniforms: Array) -> Array:
        return np.full_like(uniforms, self.value)

    def below(self, value: float, *, strictly: bool = False) -> float:
        return float(value > self.value or (value == self.value and not strictly))

    def moments(self) -> tuple[float, float]:
        return self.value, 0.0


@dataclass(frozen=True)
class _Beta(_Shape):
    """A beta distribution between `low` and `low + width`."""

    a: float
    b: float
    low: float = 0.0
    width: float = 1.0

    def inverse(self, uniforms: Array) -> Array:
        return self.low + self.width * _beta_inverse(self.a, self.b, uniforms)

    def below(self, value: float, *, strictly: bool = False) -> float:
        return float(special.betainc(self.a, self.b, min(1.0, max(0.0, (value - self.low) / self.width))))

    def moments(self) -> tuple[float, float]:
        mean, variance = stats.beta.stats(self.a, self.b, loc=self.low, scale=self.width)
        return float(mean), math.sqrt(float(variance))


@dataclass(frozen=True)
class _Triangle(_Shape):
    low: float
    mode: float
    high: float

    def inverse(self, uniforms: Array) -> Array:
        width = self.high - self.low
        turn = (self.mode - self.low) / width
        up = self.low + width * np.sqrt(uniforms * turn)
        down = self.high - width * np.sqrt((1.0 - uniforms) * (1.0 - turn))
        return np.asarray(np.where(uniforms < turn, up, down))

    def below(self, value: float, *, strictly: bool = False) -> float:
        return float(self._known().cdf(value))

    def moments(self) -> tuple[float, float]:
        mean, variance = self._known().stats()
        return float(mean), math.sqrt(float(variance))

    def _known(self) -> Any:
        width = self.high - self.low
        return stats.triang((self.mode - self.low) / width, loc=self.low, scale=width)


@dataclass(frozen=True)
class _Flat(_Shape):
    low: float
    high: float

    def inverse(self, uniforms: Array) -> Array:
        return self.low + uniforms * (self.high - self.low)

    def below(self, value: float, *, strictly: bool = False) -> float:
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def moments(self) -> tuple[float, float]:
        return (self.low + self.high) / 2, (self.high - self.low) / math.sqrt(12.0)


@dataclass(frozen=True)
class _Bell(_Shape):
    """A normal distribution, or its exponential where `log`."""

    mean: float
    sd: float
    log: bool = False

    def inverse(self, uniforms: Array) -> Array:
        bell = self.mean + self.sd * special.ndtri(uniforms)
        return np.asarray(np.exp(bell) if self.log else bell)

    def below(self, value: float, *, strictly: bool = False) -> float:
        if self.log:
            return float(special.ndtr((math.log(value) - self.mean) / self.sd)) if value > 0 else 0.0
        return float(special.ndtr((value - self.mean) / self.sd))

    def moments(self) -> tuple[float, float]:
        if not self.log:
            return self.mean, self.sd
        mean = math.exp(self.mean + self.sd**2 / 2)
        return mean, mean * math.sqrt(math.expm1(self.sd**2))


class _Observed(_Shape):
    """Observed values, each as likely."""

    def __init__(self, values: list[float]):
        self.ordered = np.sort(np.asarray(values, dtype=np.float64))

    def inverse(self, uniforms: Array) -> Array:
        size = self.ordered.size
        return np.asarray(self.ordered[np.minimum((uniforms * size).astype(np.int64), size - 1)])

    def below(self, value: float, *, strictly: bool = False) -> float:
        return float(np.searchsorted(self.ordered, value, side="left" if strictly else "right")) / self.ordered.size

    def moments(self) -> tuple[float, float]:
        return float(self.ordered.mean()), float(self.ordered.std())


def _shape(quantity: Range) -> _Shape:
    match quantity:
        case Uniform():
            beyond = (quantity.high - quantity.low) / 8 if quantity.meaning == "p80" else 0.0  # P10 and P90 lie a tenth of the width inside
            low, high = quantity.low - beyond, quantity.high + beyond
            return _Flat(low, high) if high > low else _Constant(low)
        case Triangular() | Pert():
            return _three_point(quantity)
        case Normal():
            return _Bell(quantity.mean, quantity.sd) if quantity.sd > 0 else _Constant(quantity.mean)
        case Lognormal():
            return _Bell(math.log(quantity.median), quantity.sigma, log=True) if quantity.sigma > 0 else _Constant(quantity.median)
        case BetaCounts():
            return _Beta(quantity.successes + _JEFFREYS, quantity.trials - quantity.successes + _JEFFREYS)
        case Sample():
            return _Observed(quantity.values)


def _three_point(quantity: Triangular | Pert) -> _Shape:
    low, likely, high = quantity.low, quantity.likely, quantity.high
    if not high > low:
        return _Constant(low)
    turn = round((likely - low) / (high - low), _SAME_SHAPE)
    kind = quantity.dist
    if quantity.meaning == "p80":
        turn, p10, p90 = _from_p80(kind, turn)
        width = (high - low) / (p90 - p10)
        low = low - p10 * width
    else:
        width = high - low
    if kind == "pert":
        return _Beta(1.0 + 4.0 * turn, 5.0 - 4.0 * turn, low, width)
    return _Triangle(low, low + turn * width, low + width)


@lru_cache(maxsize=512)
def _from_p80(kind: str, ratio: float) -> tuple[float, float, float]:
    """Return (mode, P10, P90) of the shape on 0 … 1 whose mode lies at `ratio` between its P10 and its P90."""

    def ends(turn: float) -> tuple[float, float]:
        if kind == "pert":
            a, b = 1.0 + 4.0 * turn, 5.0 - 4.0 * turn
            return float(special.betaincinv(a, b, _P10)), float(special.betaincinv(a, b, _P90))
        low, high = _Triangle(0.0, turn, 1.0).inverse(np.array([_P10, _P90]))
        return float(low), float(high)

    def gap(turn: float) -> float:
        low, high = ends(turn)
        return (turn - low) / (high - low) - ratio

    turn = round(float(brentq(gap, 0.0, 1.0, xtol=1e-14)), _SAME_SHAPE)
    return turn, *ends(turn)


class _BetaDensity:
    """The density that UNU.RAN needs: plain floats, because it asks for one point at a time."""

    def __init__(self, a: float, b: float):
        self.a, self.b, self.norm = a - 1.0, b - 1.0, float(special.betaln(a, b))

    def pdf(self, x: float) -> float:
        if not 0.0 < x < 1.0:
            return 0.0
        return math.exp(self.a * math.log(x) + self.b * math.log1p(-x) - self.norm)


@lru_cache(maxsize=512)
def _prepared(a: float, b: float) -> Any:
    if a < 1.0 or b < 1.0:  # the density has a pole at its end, which the numerical inversion refuses
        return None
    try:
        density: Any = _BetaDensity(a, b)
        return sampling.NumericalInversePolynomial(density, domain=(0.0, 1.0), center=a / (a + b), u_resolution=_U_ERROR)
    except sampling.UNURANError:
        return None


def _beta_inverse(a: float, b: float, uniforms: Array) -> Array:
    fast = _prepared(a, b)
    return np.asarray(special.betaincinv(a, b, uniforms) if fast is None else fast.ppf(uniforms))
