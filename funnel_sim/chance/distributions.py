"""From a uniform number to a value of an input: inverse distributions, truncated to the field's
domain.

Beta shapes (PERT, counts) are inverted by SciPy's numerical inversion (UNU.RAN's PINV) of their
log-odds, set up once per shape; the others have closed forms. A low and a high that mean an 80 %
interval are turned into the limits whose P10 and P90 they are, the mode staying where it is.
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

from funnel_sim.model.arrays import Array
from funnel_sim.scenario.fields import LARGEST, SMALLEST
from funnel_sim.scenario.quantity import (
    BetaCounts,
    Lognormal,
    LogPert,
    Meaning,
    Normal,
    Pert,
    Range,
    Sample,
    Triangular,
    Uniform,
)

_P10, _P90 = 0.1, 0.9
# a domain whose lower end is at most this counts as beginning at zero
_NEXT_TO_NOTHING = max(SMALLEST.values())
_JEFFREYS = 0.5
_SAME_SHAPE = (
    12  # digits to which two shapes are the same, so that a range moved along keeps its inverse
)
_U_ERROR = 5e-15
# of the polynomials: of 5, 6 and 7 the most exact and the fastest to set up; drawing takes 8 %
# longer than with 5
_ORDER = 7
# from these counts on the log-odds are normal within 1e-7 of the width, up to six standard
# deviations
_AS_GOOD_AS_NORMAL = 3e7
_STEEP = 30.0  # beyond this x, exp(x) is replaced by its asymptote
_CURVE_POINTS = 61
_MEAN_POINTS = 4096  # of a range that its domain cuts
_NEVER = 6.0  # standard deviations that none of a million normal draws reaches
_HAIR = 1e-9


@dataclass(frozen=True)
class Drawable:
    """A range ready to be drawn from, cut to a domain.

    `least` and `most` are the cumulative probabilities at the ends of the domain; `cut` the share
    of the range that lies outside it.
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
        """Return values of the input for uniform numbers.

        Args:
            uniforms: numbers in (0, 1), any shape.

        Returns:
            Values in the unit of the input, same shape.
        """
        whole = self.least == 0.0 and self.most == 1.0
        drawn = self.shape.inverse(
            uniforms if whole else self.least + uniforms * (self.most - self.least)
        )
        low, high = self.shape.ends
        return (
            drawn
            if low >= self.domain[0] and high <= self.domain[1]
            else np.clip(drawn, *self.domain, out=drawn)
        )

    @property
    def mean(self) -> float:
        """The mean of the draws, after the cut."""
        if self.least == 0.0 and self.most == 1.0:
            return float(self.shape.moments()[0])
        return float(self.values((np.arange(_MEAN_POINTS) + 0.5) / _MEAN_POINTS).mean())

    def end(self, which: int) -> float:
        """Return an end of the domain (0 the low one, 1 the high one); exactly zero where the
        domain begins next to zero.
        """
        return 0.0 if abs(self.domain[which]) <= _NEXT_TO_NOTHING else self.domain[which]

    def order_at(self, which: int) -> float:
        """Return how fast the probability vanishes towards an end of the domain: see
        `_Shape.order`.
        """
        return self.shape.order(self.end(which))

    def quantile(self, probability: float) -> float:
        """Return the value below which a share of the draws lies."""
        return float(self.values(np.array([probability]))[0])

    def below(self, value: float) -> float:
        """Return the share of the draws below a value."""
        width = self.most - self.least
        return (
            min(1.0, max(0.0, (self.shape.below(value) - self.least) / width))
            if width > 0
            else float(self.shape.below(value))
        )

    def curve(self) -> tuple[Array, Array]:
        """Return the shape of the distribution as points of a curve, from about P0.5 to P99.5.

        Returns:
            (values in the unit of the input, relative heights of at most 1), both of shape
            (points,).
        """
        inner = self.values(np.linspace(0.0025, 0.9975, 4 * _CURVE_POINTS + 1))
        low, high = float(inner[0]), float(inner[-1])
        if not high > low:
            return np.array([low]), np.array([1.0])
        edges = np.linspace(low, high, _CURVE_POINTS + 1)
        shares = np.diff([self.below(edge) for edge in edges])
        return (edges[:-1] + edges[1:]) / 2, np.asarray(shares / shares.max())


def drawable(quantity: Range, domain: tuple[float, float] = (-LARGEST, LARGEST)) -> Drawable:
    """Return a range ready to be drawn from.

    Args:
        quantity: the range.
        domain: least and largest value that the field takes; what lies outside is cut off.

    Returns:
        The range with its inverse distribution, truncated to the domain.

    Examples:
        >>> half = drawable(Uniform(low=2.0, high=4.0))
        >>> half.quantile(0.5), half.below(2.5)
        (3.0, 0.25)
    """
    shape = _shape(quantity)
    low, high = domain
    least, most = float(shape.strictly_below(low)), float(shape.below(high))
    if (
        not most > least
    ):  # the whole range lies outside the domain: every draw is the nearest end of the domain
        least, most = 0.0, 1.0
    return Drawable(quantity, domain, shape, least, most)


def mean_of(value: "float | Range", domain: tuple[float, float] = (-LARGEST, LARGEST)) -> float:
    """Return the mean of an input as a simulation draws it; of a range that is not its point value.

    Args:
        value: a number or a range.
        domain: least and largest value that the field takes.

    Returns:
        The mean, in the unit of the input.

    Examples:
        >>> (
        ...     mean_of(8500.0),
        ...     round(mean_of(Triangular(low=6000.0, likely=8500.0, high=18000.0)), 2),
        ... )  # (6,000 + 8,500 + 18,000) ÷ 3
        (8500.0, 10833.33)
    """
    return float(value) if isinstance(value, int | float) else drawable(value, domain).mean


def usual_shape(
    low: float, likely: float, high: float, meaning: Meaning, domain: tuple[float, float]
) -> str:
    """Return the shape of a range where none was chosen: "logpert" where the density of a PERT
    would reach zero and must not, else "pert".

    It must not in a field that is above zero always (a price, an exchange rate), and where the PERT
    through a P10 above zero would be cut off at zero: what is divided by it would then have no
    mean.

    Args:
        low: the low value.
        likely: the most point value.
        high: the high value, all in the unit of the field.
        meaning: whether low and high are the ends, or P10 and P90 ("p80").
        domain: least and largest value that the field takes.

    Returns:
        "pert" or "logpert".

    Examples:
        >>> (
        ...     usual_shape(20.0, 30.0, 36.0, "p80", (1e-9, 1e12)),
        ...     usual_shape(0.0, 2.0, 6.0, "p80", (0.0, 1e12)),
        ... )
        ('logpert', 'pert')
        >>> (
        ...     usual_shape(0.01, 0.03, 0.09, "p80", (0.0, 1.0)),
        ...     usual_shape(0.08, 0.1, 0.12, "p80", (0.0, 1.0)),
        ... )
        ('logpert', 'pert')
    """
    if not low > 0 or abs(domain[0]) > _NEXT_TO_NOTHING or not low <= likely <= high:
        return "pert"
    whole = _three_point("pert", low, likely, high, meaning)
    return "logpert" if domain[0] > 0 or whole.below(0.0) > 0 else "pert"


# ---- shapes
# -----------------------------------------------------------------------------------------


class _Shape(ABC):
    """A distribution: `inverse` of arrays, `below` of a number, and SciPy's own for its moments;
    its values never leave `ends`.
    """

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value it can give; infinite where nobody asks."""
        return -math.inf, math.inf

    @abstractmethod
    def inverse(self, uniforms: Array) -> Array:
        """Return the values at uniform numbers."""

    @abstractmethod
    def below(self, value: float) -> float:
        """Return the probability of a value or less."""

    def strictly_below(self, value: float) -> float:
        """Return the probability of less than a value: the same where no value has a probability
        of its own.
        """
        return self.below(value)

    @abstractmethod
    def moments(self) -> tuple[float, float]:
        """Mean and standard deviation, before any cut."""

    @abstractmethod
    def order(self, value: float) -> float:
        """Return k where the probability within d of a value falls as d^k for small d; infinite
        where nothing comes near.

        E[1 / |x - value|^p] is finite where p is below k.
        """


@dataclass(frozen=True)
class _Constant(_Shape):
    value: float

    def inverse(self, uniforms: Array) -> Array:
        return np.full_like(uniforms, self.value)

    def below(self, value: float) -> float:
        return float(value >= self.value)

    def strictly_below(self, value: float) -> float:
        return float(value > self.value)

    def moments(self) -> tuple[float, float]:
        return self.value, 0.0

    def order(self, value: float) -> float:
        return math.inf


@dataclass(frozen=True)
class _Beta(_Shape):
    """A beta distribution between `low` and `low + width`."""

    a: float
    b: float
    low: float = 0.0
    width: float = 1.0

    @property
    def ends(self) -> tuple[float, float]:
        return self.low, self.low + self.width

    def inverse(self, uniforms: Array) -> Array:
        return _beta_values(self.a, self.b, self.low, self.width, uniforms)

    def below(self, value: float) -> float:
        return float(
            special.betainc(self.a, self.b, min(1.0, max(0.0, (value - self.low) / self.width)))
        )

    def moments(self) -> tuple[float, float]:
        mean, variance = stats.beta.stats(self.a, self.b, loc=self.low, scale=self.width)
        return float(mean), math.sqrt(float(variance))

    def order(self, value: float) -> float:
        return _order_between(value, self.low, self.low + self.width, self.a, self.b)


@dataclass(frozen=True)
class _LogBeta(_Shape):
    """A value whose logarithm is beta distributed between `low` and `low + width`."""

    a: float
    b: float
    low: float
    width: float

    def inverse(self, uniforms: Array) -> Array:
        values = _Beta(self.a, self.b, self.low, self.width).inverse(uniforms)
        return np.exp(values, out=values)

    def below(self, value: float) -> float:
        return (
            _Beta(self.a, self.b, self.low, self.width).below(math.log(value)) if value > 0 else 0.0
        )

    def moments(self) -> tuple[float, float]:
        """E[X^k] = exp(k low) M(k width), M the beta's moment generating function, which is ₁F₁(a;
        a + b; ·).
        """
        mean, square = (
            math.exp(k * self.low) * float(special.hyp1f1(self.a, self.a + self.b, k * self.width))
            for k in (1, 2)
        )
        return mean, math.sqrt(max(0.0, square - mean**2))

    def order(self, value: float) -> float:
        return math.inf


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

    def below(self, value: float) -> float:
        return float(self._known().cdf(value))

    def moments(self) -> tuple[float, float]:
        mean, variance = self._known().stats()
        return float(mean), math.sqrt(float(variance))

    def order(self, value: float) -> float:
        return _order_between(
            value,
            self.low,
            self.high,
            1.0 if self.mode <= self.low else 2.0,
            1.0 if self.mode >= self.high else 2.0,
        )

    def _known(self) -> Any:
        width = self.high - self.low
        return stats.triang((self.mode - self.low) / width, loc=self.low, scale=width)


@dataclass(frozen=True)
class _Flat(_Shape):
    low: float
    high: float

    def inverse(self, uniforms: Array) -> Array:
        return self.low + uniforms * (self.high - self.low)

    def below(self, value: float) -> float:
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def moments(self) -> tuple[float, float]:
        return (self.low + self.high) / 2, (self.high - self.low) / math.sqrt(12.0)

    def order(self, value: float) -> float:
        return _order_between(value, self.low, self.high, 1.0, 1.0)


@dataclass(frozen=True)
class _Bell(_Shape):
    """A normal distribution; its exponential (lognormal) where `log`."""

    mean: float
    sd: float
    log: bool = False

    def inverse(self, uniforms: Array) -> Array:
        bell = self.mean + self.sd * special.ndtri(uniforms)
        return np.asarray(np.exp(bell) if self.log else bell)

    def below(self, value: float) -> float:
        if self.log:
            return (
                float(special.ndtr((math.log(value) - self.mean) / self.sd)) if value > 0 else 0.0
            )
        return float(special.ndtr((value - self.mean) / self.sd))

    def moments(self) -> tuple[float, float]:
        if not self.log:
            return self.mean, self.sd
        mean = math.exp(self.mean + self.sd**2 / 2)
        return mean, mean * math.sqrt(math.expm1(self.sd**2))

    def order(self, value: float) -> float:
        if self.log:
            return math.inf if value <= 0 else 1.0
        return math.inf if abs(value - self.mean) > _NEVER * self.sd else 1.0


class _Observed(_Shape):
    """Observed values, all equally probable."""

    def __init__(self, values: list[float]):
        self.ordered = np.sort(np.asarray(values, dtype=np.float64))

    def inverse(self, uniforms: Array) -> Array:
        size = self.ordered.size
        return np.asarray(self.ordered[np.minimum((uniforms * size).astype(np.int64), size - 1)])

    def below(self, value: float) -> float:
        return float(np.searchsorted(self.ordered, value, side="right")) / self.ordered.size

    def strictly_below(self, value: float) -> float:
        return float(np.searchsorted(self.ordered, value, side="left")) / self.ordered.size

    def moments(self) -> tuple[float, float]:
        return float(self.ordered.mean()), float(self.ordered.std())

    def order(self, value: float) -> float:
        return 0.0 if value in self.ordered else math.inf


def _order_between(value: float, low: float, high: float, at_low: float, at_high: float) -> float:
    """Return the order of a density between two ends, whose own orders are given; a value within
    rounding of an end counts as that end.
    """
    hair = _HAIR * max(high - low, abs(low), abs(high))
    if abs(value - low) <= hair:
        return at_low
    if abs(value - high) <= hair:
        return at_high
    return 1.0 if low < value < high else math.inf


def _shape(quantity: Range) -> _Shape:
    match quantity:
        case Uniform():
            beyond = (
                (quantity.high - quantity.low) / 8 if quantity.meaning == "p80" else 0.0
            )  # P10 and P90 lie a tenth of the width inside
            low, high = quantity.low - beyond, quantity.high + beyond
            return _Flat(low, high) if high > low else _Constant(low)
        case Triangular() | Pert():
            return _three_point(
                quantity.dist, quantity.low, quantity.likely, quantity.high, quantity.meaning
            )
        case LogPert():
            if not quantity.high > quantity.low:
                return _Constant(quantity.low)
            low, likely, high = (
                math.log(part) for part in (quantity.low, quantity.likely, quantity.high)
            )
            beta = _three_point("pert", low, likely, high, quantity.meaning)
            assert isinstance(beta, _Beta)
            return _LogBeta(beta.a, beta.b, beta.low, beta.width)
        case Normal():
            return (
                _Bell(quantity.mean, quantity.sd) if quantity.sd > 0 else _Constant(quantity.mean)
            )
        case Lognormal():
            return (
                _Bell(math.log(quantity.median), quantity.sigma, log=True)
                if quantity.sigma > 0
                else _Constant(quantity.median)
            )
        case BetaCounts():
            return _Beta(
                quantity.successes + _JEFFREYS, quantity.trials - quantity.successes + _JEFFREYS
            )
        case Sample():
            return _Observed(quantity.values)


def _three_point(kind: str, low: float, likely: float, high: float, meaning: Meaning) -> _Shape:
    if not high > low:
        return _Constant(low)
    turn = round((likely - low) / (high - low), _SAME_SHAPE)
    if meaning == "p80":
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
    """Return (mode, P10, P90) of the shape on 0 … 1 whose mode lies at `ratio` between its P10 and
    its P90.
    """

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


class _LogOdds:
    """The density of ln(x / (1 - x)) where x is beta distributed, in deviations from its mode,
    where it is 1.

    On this scale every beta density is smooth with straight tails, whatever happens at the ends of
    0 … 1: there a density whose exponent is no whole number has a pole or an infinite derivative,
    on which the numerical inversion works for minutes.
    """

    def __init__(self, a: float, b: float):
        self.turn = (
            -1.0 if a > b else 1.0
        )  # written for the smaller count, so that large numbers do not cancel
        self.few, self.many, self.all = min(a, b), max(a, b), a + b
        self.share = self.few / self.all
        self.mode, self.scale = math.log(a / b), math.sqrt(1.0 / a + 1.0 / b)
        self.step = self.scale * self.turn

    def pdf(self, deviations: float) -> float:
        """Return the density; plain floats, because UNU.RAN asks for one point at a time."""
        by = deviations * self.step
        if by > _STEEP:
            return math.exp(
                -self.many * by
                - self.all * math.log(self.share + (1.0 - self.share) * math.exp(-by))
            )
        return math.exp(self.few * by - self.all * math.log1p(self.share * math.expm1(by)))


@lru_cache(maxsize=512)
def _prepared(a: float, b: float) -> Any:
    """Return the inverse of the log-odds in deviations, set up; None where a normal distribution is
    as good.
    """
    if min(a, b) > _AS_GOOD_AS_NORMAL:
        return None
    density: Any = _LogOdds(a, b)
    return sampling.NumericalInversePolynomial(
        density, domain=(-math.inf, math.inf), center=0.0, order=_ORDER, u_resolution=_U_ERROR
    )


def _beta_values(a: float, b: float, low: float, width: float, uniforms: Array) -> Array:
    """Return the values of a beta distribution between low and low + width at uniform numbers, in
    an array of its own.
    """
    fast = _prepared(a, b)
    odds: Array = special.ndtri(uniforms) if fast is None else fast.ppf(uniforms)
    odds *= -math.sqrt(1.0 / a + 1.0 / b)
    odds -= math.log(a / b)
    with np.errstate(
        over="ignore"
        # at a probability of exactly 0 or 1 the log-odds are infinite, and the value is the end
        # itself
    ):
        np.exp(odds, out=odds)
    odds += 1.0
    np.divide(width, odds, out=odds)
    odds += low
    return odds
