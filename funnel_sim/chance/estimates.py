"""What draws say: mean, spread, percentiles, odds, each with a standard error from independent replicates.

Paths come in replicates (independent scrambles of the same points); the standard error of an
estimate is the spread of its values over the replicates, divided by the root of their number. A
95 % interval uses Student's t with one degree of freedom less than there are replicates.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from funnel_sim.model.arrays import Array

QUANTILES: tuple[float, ...] = (0.05, 0.10, 0.50, 0.90, 0.95)
TAIL = 0.05


@dataclass(frozen=True)
class Figure:
    """One estimate with its standard error; `replicates` says how many degrees of freedom it has."""

    value: float
    error: float
    replicates: int

    @property
    def margin(self) -> float:
        """Half the width of the 95 % interval."""
        return float(stats.t.ppf(0.975, self.replicates - 1)) * self.error

    @property
    def digits(self) -> int:
        """How many leading digits can be believed: the last one is right to half its unit, 19 times in 20.

        >>> Figure(12345.0, 10.0, 1000).digits, Figure(12345.0, 9000.0, 1000).digits
        (3, 0)
        """
        if not self.error or not math.isfinite(self.error):
            return 15
        if not self.value:
            return 0
        return max(0, math.floor(math.log10(abs(self.value))) + 1 - math.ceil(math.log10(2.0 * self.margin)))

    @property
    def unit(self) -> float:
        """The unit to round to for reading: that of the margin's own leading digit; 0 where nothing is uncertain.

        >>> Figure(12075.3, 4.0, 1000).unit
        1.0
        """
        return float(10.0 ** math.floor(math.log10(self.margin))) if self.margin > 0 and math.isfinite(self.margin) else 0.0


@dataclass(frozen=True)
class Estimate:
    """What the draws of one figure say.

    `quantiles` by probability; `worst` the mean of the worst 5 % (CVaR, of the low end); `loss` the share of
    paths below zero; `defined` the share of paths that have the figure at all.
    """

    mean: Figure
    sd: Figure
    quantiles: Mapping[float, Figure]
    worst: Figure
    loss: Figure
    defined: float


def estimate(values: Array, replicates: int) -> Estimate:
    """Return what draws of shape (paths,) say, replicate after replicate; paths that are NaN are left out.

    >>> two = estimate(np.tile(np.arange(1.0, 101.0), 2), 2)
    >>> two.mean.value, two.mean.error, two.worst.value
    (50.5, 0.0, 3.0)
    """
    groups = _groups(values, replicates)
    defined = float(np.isfinite(values).mean())
    if groups is None:
        nothing = Figure(math.nan, math.nan, replicates)
        return Estimate(nothing, nothing, dict.fromkeys(QUANTILES, nothing), nothing, nothing, defined)
    ordered = np.sort(values[np.isfinite(values)]) if defined < 1 else np.sort(values)
    by_group = [np.sort(group) for group in groups]

    def figure(statistic: Callable[[Array], float]) -> Figure:
        return _figure(statistic(ordered), np.array([statistic(group) for group in by_group]), replicates)

    at = {p: figure(lambda x, p=p: _quantile(x, p)) for p in QUANTILES}  # type: ignore[misc]
    return Estimate(figure(_mean), figure(_sd), at, figure(worst_mean), figure(lambda x: float(np.searchsorted(x, 0.0)) / x.size), defined)


def odds(met: NDArray[np.bool_], replicates: int) -> Figure:
    """Return the share of paths in which something holds, shape (paths,) of truth values, with its standard error."""
    groups = met.reshape(replicates, -1).mean(axis=1)
    return _figure(float(met.mean()), groups, replicates)


def monthly_quantiles(values: Array) -> Array:
    """Return the percentiles of QUANTILES of each month, shape (months, paths) → (quantiles, months)."""
    ordered = np.sort(values, axis=1)
    return np.array([[_quantile(row, p) for row in ordered] for p in QUANTILES])


def worst_mean(ordered: Array, share: float = TAIL) -> float:
    """Return the mean of the lowest share of rising values; the value on the border counts in part.

    >>> worst_mean(np.arange(1.0, 31.0), 0.05)
    1.3333333333333333
    """
    whole = share * ordered.size
    full = int(whole)
    part = whole - full
    total = float(ordered[:full].sum()) + (part * float(ordered[full]) if part else 0.0)
    return total / whole


def _groups(values: Array, replicates: int) -> list[Array] | None:
    rows = values.reshape(replicates, -1)
    fine = np.isfinite(rows)
    if fine.all():
        return list(rows)
    if not fine.any(axis=1).all():
        return None
    return [row[ok] for row, ok in zip(rows, fine, strict=True)]


def _figure(value: float, by_replicate: Array, replicates: int) -> Figure:
    return Figure(value, float(by_replicate.std(ddof=1)) / math.sqrt(replicates), replicates)


def _quantile(ordered: Array, probability: float) -> float:
    """Return a percentile of rising values by straight lines between them (NumPy's default)."""
    at = probability * (ordered.size - 1)
    below = int(at)
    above = min(below + 1, ordered.size - 1)
    return float(ordered[below] + (ordered[above] - ordered[below]) * (at - below))


def _mean(ordered: Array) -> float:
    return float(ordered.mean())


def _sd(ordered: Array) -> float:
    return float(ordered.std())
