"""What draws say: mean, spread, percentiles, probabilities, each with a standard error from
independent replicates.

Paths come in replicates (independent scrambles of the same points); the standard error of an
estimate is the spread of its values over the replicates, divided by the root of their number,
widened where they are lopsided. That of a percentile is the standard error of the share below it,
carried over to values (Woodruff 1952). A 95 % interval uses Student's t with one degree of freedom
less than there are replicates.

A percentile at p is the smallest value that at least a share p of the draws lies at or below
(`quantile`): one definition for every page, table and file, docs/decisions/0033-one-percentile.md.

A path that has no such figure (NaN) is left out everywhere, and `defined` says so. An infinite one
(a cost per customer without a customer, a payback that never comes) counts in percentiles and
probabilities; no mean holds it.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array

QUANTILES: tuple[float, ...] = (0.05, 0.10, 0.50, 0.90, 0.95)
QUANTILE_NAMES = {0.05: "p5", 0.10: "p10", 0.50: "p50", 0.90: "p90", 0.95: "p95"}
TAIL = 0.05
_SLOPE = 0.01
_FEW = 0.001
# the share of all squared deviations that the farthest draw in a thousand has in a normal
# distribution; less in a bounded one
_USUAL = 0.02
_ROUNDING = 1e-9
# a power of two: numbers beyond it are made smaller first, for their cubes have to be numbers too
_HUGE = 300


@cache
def _half_width(replicates: int) -> float:
    """Return half the width of a 95 % interval in standard errors, by Student's t."""
    return float(stats.t.ppf(0.975, replicates - 1))


@dataclass(frozen=True)
class Figure:
    """One estimate with its standard error; `replicates` says how many degrees of freedom it
    has.
    """

    value: float
    error: float
    replicates: int

    @property
    def margin(self) -> float:
        """Half the width of the 95 % interval."""
        return _half_width(self.replicates) * self.error

    def times(self, factor: float) -> "Figure":
        """Return the same estimate in a unit of which `factor` make one of this.

        >>> Figure(100.0, 2.0, 16).times(7.5)
        Figure(value=750.0, error=15.0, replicates=16)
        """
        return Figure(self.value * factor, self.error * factor, self.replicates)

    @property
    def digits(self) -> int:
        """How many leading digits can be believed: the last one is off by at most one, 19 times in
        20.

        >>> Figure(12345.0, 10.0, 1000).digits, Figure(12345.0, 9000.0, 1000).digits
        (3, 0)
        """
        if not self.error or not math.isfinite(self.error):
            return 15
        if not self.value:
            return 0
        return max(
            0, math.floor(math.log10(abs(self.value))) + 1 - math.ceil(math.log10(self.margin))
        )

    @property
    def unit(self) -> float:
        """The unit to round to for reading: that of the margin's own leading digit; 0 where nothing
        is uncertain.

        >>> Figure(12075.3, 4.0, 1000).unit
        1.0
        """
        return (
            float(10.0 ** math.floor(math.log10(self.margin)))
            if self.margin > 0 and math.isfinite(self.margin)
            else 0.0
        )


@dataclass(frozen=True)
class Estimate:
    """What the draws of one figure say.

    `quantiles` by probability; `expected_shortfall` the mean of the worst 5 % (CVaR): of the low
    end, or of the high one where less is better; `loss` the share of paths below zero; `defined`
    the share of paths that have the figure at all; `infinite` the share in which it is infinite
    and so outside the means. `heavy` names the inputs whose ranges leave the figure without a
    mean (heavy.py): then there is none, nor a deviation.
    """

    mean: Figure
    sd: Figure
    quantiles: Mapping[float, Figure]
    expected_shortfall: Figure
    loss: Figure
    defined: float
    infinite: float = 0.0
    heavy: tuple[str, ...] = ()

    @property
    def centre(self) -> Figure:
        """The mean; the median where a figure has none."""
        return self.quantiles[0.50] if self.heavy else self.mean


def estimate(values: Array, replicates: int, *, less_is_better: bool = False) -> Estimate:
    """Return the mean, spread, percentiles and probability of loss that draws give, each with a
    standard error.

    Args:
        values: draws, shape (paths,), replicate after replicate; NaN is left out.
        replicates: how many independent replicates they hold.
        less_is_better: whether the worst is the high end.

    Returns:
        Figures in the unit of the draws.

    Examples:
        >>> two = estimate(np.tile(np.arange(1.0, 101.0), 2), 2)
        >>> two.mean.value, two.mean.error, two.expected_shortfall.value
        (50.5, 0.0, 3.0)
        >>> estimate(
        ...     np.tile(np.arange(1.0, 101.0), 2), 2, less_is_better=True
        ... ).expected_shortfall.value
        98.0
    """
    groups = _groups(values, replicates)
    known = ~np.isnan(values)
    defined, infinite = float(known.mean()), float(np.isinf(values).mean())
    if groups is None:
        nothing = Figure(math.nan, math.nan, replicates)
        return Estimate(
            nothing, nothing, dict.fromkeys(QUANTILES, nothing), nothing, nothing, defined, infinite
        )
    by_group = [np.sort(group) for group in groups]
    ordered = np.sort(values if defined == 1 else values[known])
    finite, finite_groups = ordered, by_group
    if infinite:
        finite, finite_groups = (
            ordered[np.isfinite(ordered)],
            [group[np.isfinite(group)] for group in by_group],
        )

    exponent = math.frexp(float(np.abs(finite).max()))[1] if finite.size else 0
    if exponent > _HUGE:
        return _enlarged(
            estimate(values * 2.0 ** (_HUGE - exponent), replicates, less_is_better=less_is_better),
            2.0 ** (exponent - _HUGE),
        )
    carried = _carried(finite) if finite.size else 0.0

    def mean_like(statistic: Callable[[Array], float]) -> Figure:
        if not all(group.size for group in finite_groups):
            return Figure(math.nan, math.nan, replicates)
        by_replicate = np.array([statistic(group) for group in finite_groups])
        return _lopsided(
            _figure(statistic(finite), by_replicate, replicates), by_replicate, carried
        )

    def worst(rising: Array) -> float:
        return -expected_shortfall(-rising[::-1]) if less_is_better else expected_shortfall(rising)

    found = mean_like(worst)
    if infinite and (
        np.isposinf(ordered[-1]) if less_is_better else np.isneginf(ordered[0])
    ):  # some of the worst draws are infinite, so their mean is
        found = Figure(math.inf if less_is_better else -math.inf, math.nan, replicates)
    at = {p: _percentile(ordered, by_group, p) for p in QUANTILES}
    loss = _share(ordered, by_group, 0.0)
    return Estimate(mean_like(_mean), mean_like(_sd), at, found, loss, defined, infinite)


def _enlarged(found: Estimate, factor: float) -> Estimate:
    """Return the estimate of a figure that is a power of two times as large; its digits stay."""
    mean, sd, worst, *at = (
        replace(one, value=one.value * factor, error=one.error * factor)
        for one in (found.mean, found.sd, found.expected_shortfall, *found.quantiles.values())
    )
    return replace(
        found,
        mean=mean,
        sd=sd,
        expected_shortfall=worst,
        quantiles=dict(zip(found.quantiles, at, strict=True)),
    )


def _share(ordered: Array, by_group: list[Array], limit: float) -> Figure:
    """Return the share of draws below a limit."""
    shares = np.array([np.searchsorted(group, limit) / group.size for group in by_group])
    return _share_figure(
        float(np.searchsorted(ordered, limit)) / ordered.size, shares, by_group[0].size
    )


def _share_figure(value: float, shares: Array, points: int) -> Figure:
    """Return a share with its standard error; the error is never below the width of one stratum,
    the resolution of a replicate.
    """
    found = _figure(value, shares, len(shares))
    least = 1 / (points * math.sqrt(12 * len(shares)))
    return (
        found if value in (0.0, 1.0) or found.error >= least else Figure(value, least, len(shares))
    )


def _percentile(ordered: Array, by_group: list[Array], probability: float) -> Figure:
    value = quantile(ordered, probability)
    if ordered[0] == ordered[-1]:
        return Figure(value, 0.0, len(by_group))
    # the share of a replicate that lies below; draws equal to the percentile count by half
    below = np.array(
        [
            (np.searchsorted(g, value) + np.searchsorted(g, value, "right")) / 2 / g.size
            for g in by_group
        ]
    )
    error = max(float(below.std(ddof=1)) / math.sqrt(len(below)), 0.5 / ordered.size)
    around = max(
        error, min(_SLOPE, probability / 2, (1 - probability) / 2)
    )  # an interval wide enough that single draws do not decide the slope of the distribution
    low, high = (
        quantile(ordered, max(0.0, probability - around)),
        quantile(ordered, min(1.0, probability + around)),
    )
    spread = (
        (high / 2 - low / 2) * error / around
        if math.isfinite(high) and math.isfinite(low)
        else math.nan
    )
    return Figure(value, spread, len(by_group))


def probability(met: NDArray[np.bool_], replicates: int) -> Figure:
    """Return the probability that something holds, with its standard error.

    Args:
        met: whether it holds in each path, shape (paths,), replicate after replicate.
        replicates: how many independent replicates they hold.

    Returns:
        The share of paths [fraction].
    """
    rows = met.reshape(replicates, -1)
    return _share_figure(float(met.mean()), rows.mean(axis=1), rows.shape[1])


def monthly_quantiles(values: Array) -> Array:
    """Return the percentiles of QUANTILES for each month.

    Args:
        values: draws, shape (months, paths); NaN is left out.

    Returns:
        Shape (quantiles, months), in the unit of the draws; NaN for a month without the figure.
    """
    rows = [np.sort(row[~np.isnan(row)]) for row in values]
    return np.array([[quantile(row, p) for row in rows] for p in QUANTILES])


def expected_shortfall(ordered: Array, share: float = TAIL) -> float:
    """Return the mean of the lowest share of rising values (the expected shortfall); the value on
    the border counts in part.

    Args:
        ordered: values, rising, shape (paths,).
        share: how large a share is meant [fraction].

    Returns:
        The mean, in the unit of the values.

    Examples:
        >>> expected_shortfall(np.arange(1.0, 31.0), 0.05)
        1.3333333333333333
    """
    whole = share * ordered.size
    full = int(whole)
    part = whole - full
    total = float(ordered[:full].sum()) + (part * float(ordered[full]) if part else 0.0)
    return total / whole


def _groups(values: Array, replicates: int) -> list[Array] | None:
    rows = values.reshape(replicates, -1)
    fine = ~np.isnan(rows)
    if fine.all():
        return list(rows)
    if not fine.any(axis=1).all():
        return None
    return [row[ok] for row, ok in zip(rows, fine, strict=True)]


def _figure(value: float, by_replicate: Array, replicates: int) -> Figure:
    return Figure(value, float(by_replicate.std(ddof=1)) / math.sqrt(replicates), replicates)


def _lopsided(found: Figure, by_replicate: Array, carried: float) -> Figure:
    """Return a mean with an error that allows for lopsided replicates: 1 + 2 √h g² times it.

    g is the skewness of the replicates' values, h the share of all squared deviations that one draw
    in a thousand carries. Where few draws carry a mean, most replicates miss them and agree too
    well: without this the 95 % interval of a lognormal with σ = 1.5 holds the mean in 84 % of
    cases, with it in 95 % (tests/chance/test_estimates.py). Where no draw stands out, h is near
    zero and nothing changes.
    """
    away = by_replicate - by_replicate.mean()
    spread = float(np.square(away).mean())
    if not spread > 0:
        return found
    skewness = float((away**3).mean()) / spread**1.5
    return Figure(
        found.value,
        found.error * (1.0 + 2.0 * math.sqrt(max(0.0, carried - _USUAL)) * skewness**2),
        found.replicates,
    )


def _carried(ordered: Array) -> float:
    """Return the share of all squared deviations that the farthest draw in a thousand carries, of
    rising values.
    """
    few = max(1, round(_FEW * ordered.size))
    whole = float(ordered.var()) * ordered.size
    if not whole > 0:
        return 0.0
    ends = np.concatenate([ordered[:few], ordered[-few:]])
    return min(1.0, float(np.sort(np.square(ends - ordered.mean()))[-few:].sum()) / whole)


def quantile(ordered: Array, probability: float) -> float:
    """Return the percentile of rising values: the smallest of them that at least a share
    `probability` lies at or below.

    The inverse of the empirical distribution (type 1 of Hyndman and Fan 1996): always a value that
    was drawn, so that no number is made up between two whole months or between a finite figure and
    an infinite one. At least a share p is at or below it, and at least 1 − p at or above it.

    Args:
        ordered: values, rising, shape (paths,).
        probability: the level [fraction], 0 to 1.

    Returns:
        The percentile, in the unit of the values; NaN where there are none.

    Examples:
        >>> ten = np.arange(1.0, 11.0)
        >>> (
        ...     quantile(ten, 0.1),
        ...     quantile(ten, 0.5),
        ...     quantile(ten, 0.51),
        ...     quantile(ten, 0.9),
        ...     quantile(ten, 0.0),
        ...     quantile(ten, 1.0),
        ... )
        (1.0, 5.0, 6.0, 9.0, 1.0, 10.0)
    """
    if not ordered.size:
        return math.nan
    # rounding error: 0.07 · 100 is 7.000000000000001
    place = math.ceil(probability * ordered.size - _ROUNDING) - 1
    return float(ordered[min(ordered.size - 1, max(0, place))])


def quantiles(values: Array, probabilities: Sequence[float]) -> Array:
    """Return percentiles (`quantile`) of draws in any order.

    Args:
        values: draws, shape (paths,), none NaN.
        probabilities: the levels [fractions], 0 to 1.

    Returns:
        One for each level, shape (probabilities,), in the unit of the draws.

    Examples:
        >>> quantiles(np.array([3.0, 1.0, 2.0, np.inf]), (0.5, 0.75, 0.9)).tolist()
        [2.0, 3.0, inf]
    """
    ordered = np.sort(values)
    return np.array([quantile(ordered, p) for p in probabilities])


def checked_level(probability: float) -> float:
    """Return the level of a percentile, checked.

    Args:
        probability: the level [fraction].

    Returns:
        The same level.

    Raises:
        InputError: unless it lies between 0 and 1, without the ends.

    Examples:
        >>> checked_level(0.2)
        0.2
    """
    if not 0 < probability < 1:
        raise refuse("quantile", f"{probability:g}", "level")
    return probability


def percentiles(values: Array, probabilities: Sequence[float], replicates: int) -> list[Figure]:
    """Return percentiles (`quantile`) at any levels with their standard errors.

    Args:
        values: draws, shape (paths,), replicate after replicate; NaN is left out.
        probabilities: the levels [fractions], between 0 and 1.
        replicates: how many independent replicates they hold.

    Returns:
        One for each level, in the unit of the draws.

    Examples:
        >>> [one.value for one in percentiles(np.tile(np.arange(1.0, 101.0), 2), (0.2, 0.55), 2)]
        [20.0, 55.0]
    """
    groups = _groups(values, replicates)
    if groups is None:
        return [Figure(math.nan, math.nan, replicates) for _ in probabilities]
    ordered, by_group = np.sort(values[~np.isnan(values)]), [np.sort(group) for group in groups]
    return [_percentile(ordered, by_group, p) for p in probabilities]


def _mean(ordered: Array) -> float:
    return float(ordered.mean())


def _sd(ordered: Array) -> float:
    return float(ordered.std())


@dataclass(frozen=True)
class Bars:
    """A distribution cut into bars: `edges` (bars + 1), `shares` of the paths in each; what lies
    beyond the ends is in none.
    """

    edges: Array
    shares: Array

    @property
    def outside(self) -> float:
        """The share of the paths beyond the ends."""
        return max(0.0, 1.0 - float(self.shares.sum()))


OUTER = (0.01, 0.99)
"""The percentiles between which a distribution is drawn: rare extremes would else press all the
rest into a few bars.
"""


def bars_of(ordered: Array, threshold: float | None, bars: int = 48) -> Bars:
    """Return a histogram of rising values from P1 to P99.

    Args:
        ordered: values, rising, shape (paths,).
        threshold: a value that is to be an edge where it lies inside; None for none.
        bars: how many bars, about.

    Returns:
        Edges in the unit of the values, and shares of all values [fractions].
    """
    low, high = (quantile(ordered, p) for p in OUTER)
    if not high > low:
        edges: Array = np.array([low - 0.5, low + 0.5])
        return Bars(edges, np.array([_between(ordered, edges)]))
    width = (high - low) / bars
    if threshold is not None and low < threshold < high:
        low = threshold - np.ceil((threshold - low) / width) * width
    edges = low + width * np.arange(int(np.ceil((high - low) / width)) + 1, dtype=np.float64)
    inside = np.searchsorted(ordered, edges[:-1])
    last = np.searchsorted(ordered, edges[-1], side="right")
    return Bars(edges, np.diff(np.concatenate([inside, [last]])) / float(ordered.size))


def _between(ordered: Array, edges: Array) -> float:
    """Return the share of rising values that lie between two edges."""
    first, last = np.searchsorted(ordered, edges[0]), np.searchsorted(ordered, edges[1], "right")
    return float(last - first) / float(ordered.size)
