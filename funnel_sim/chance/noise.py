"""How months differ by chance: demand that wanders, orders that come one by one, a rate that walks.

Demand is a lognormal multiplier of mean 1 whose logarithm follows an AR(1) process; orders are
Poisson around what was expected; the exchange rate is a random walk whose expected value stays
where it is.
"""

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtr

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array, Number
from funnel_sim.reference import studies
from funnel_sim.reference.exchange_rates import fx_correlation
from funnel_sim.reference.provenance import DATA_DATE
from funnel_sim.reference.studies import Prior
from funnel_sim.units import MONTHS_A_YEAR

# below this many expected orders the quantile is found by adding up probabilities, not by expansion
_FEW = 6.0
# the expansion is off by less than this times (1 + z⁴) / σ³ counts: twice what was found for every
# σ and |z| up to 6.3
_SURE = 0.05


def autoregressive(normals: Array, correlation: Number) -> Array:
    """Return a stationary AR(1) process of variance 1 from independent normal numbers.

    e₁ = z₁, eₜ = φ eₜ₋₁ + √(1 − φ²) zₜ.

    Args:
        normals: standard normal numbers, shape (months, paths).
        correlation: φ, of one month with the next, −1 to 1.

    Returns:
        The process, shape (months, paths).

    Examples:
        >>> autoregressive(np.array([[1.0], [0.0]]), 0.5).ravel().tolist()
        [1.0, 0.5]
    """
    normals = np.broadcast_to(normals, np.broadcast_shapes(normals.shape, np.shape(correlation)))
    out = np.empty(normals.shape)
    out[0] = normals[0]
    fresh = np.sqrt(1.0 - np.square(correlation))
    for month in range(1, len(normals)):
        np.multiply(normals[month], fresh, out=out[month])
        out[month] += correlation * out[month - 1]
    return out


def demand(normals: Array, cv: Number, correlation: Number) -> Array:
    """Return multipliers of demand by month, of mean 1.

    exp(σ e − σ²/2) with σ² = ln(1 + cv²) and e an AR(1) process with φ = ln(1 + ρ cv²) / σ², which
    gives the multipliers themselves the correlation ρ from one month to the next.

    Args:
        normals: standard normal numbers, shape (months, paths).
        cv: coefficient of variation of a month [fraction].
        correlation: ρ, of one month with the next.

    Returns:
        Multipliers [1], shape (months, paths).
    """
    variance = np.log1p(np.square(cv))
    with np.errstate(divide="ignore", invalid="ignore"):
        link = np.where(
            variance > 0, np.log1p(np.asarray(correlation) * np.square(cv)) / variance, correlation
        )
    out = autoregressive(normals, link)
    out *= np.sqrt(variance)
    out -= variance / 2
    return np.asarray(np.exp(out, out=out))


def walk(normals: Array, volatility: Number) -> Array:
    """Return multipliers of an exchange rate by month: a geometric random walk of mean 1.

    Args:
        normals: standard normal numbers, shape (months, paths).
        volatility: yearly standard deviation of the logarithm [1].

    Returns:
        Multipliers [1], shape (months, paths).
    """
    step = volatility / math.sqrt(MONTHS_A_YEAR)
    months = np.arange(1, len(normals) + 1)[:, None]
    return np.asarray(np.exp(np.cumsum(normals, axis=0) * step - np.square(step) * months / 2))


def counts(expected: Array, normals: Array) -> Array:
    """Return Poisson counts, each the quantile at Φ(normal), so that equal draws compare.

    From 6 expected orders on by the Cornish-Fisher expansion, less the twelfth that rounding to
    whole orders adds to a variance (Sheppard); below by adding up probabilities. Mean and variance
    are right to 0.03 %.

    Args:
        expected: expected orders, 0 or more.
        normals: standard normal numbers; both broadcast together.

    Returns:
        Whole orders, of the broadcast shape, as (months, paths).

    Examples:
        >>> counts(np.array([400.0, 0.0]), np.array([1.0, 2.0])).tolist()
        [420.0, 0.0]
    """
    expected, normals = np.broadcast_arrays(expected, normals)
    few = expected < _FEW
    if few.all():
        return _counted_out(expected.reshape(-1), ndtr(normals.reshape(-1))).reshape(normals.shape)
    root = np.sqrt(np.maximum(expected, _FEW) - 1 / 12)
    square = np.square(normals)
    out = (1.0 - square) * normals
    out /= root
    out /= 72.0
    square /= 6.0
    out += square
    root *= normals
    out += root
    out += expected
    out -= 0.5 + 1 / 6
    np.ceil(out, out=out)
    np.maximum(out, 0.0, out=out)
    if few.any():
        out[few] = _counted_out(expected[few], ndtr(normals[few]))
    return np.asarray(out)


def _counted_out(expected: Array, chance: Array) -> Array:
    """Return the least Poisson count whose cumulative probability reaches `chance`, both of shape
    (n,).
    """
    return _least(np.exp(-expected), lambda step, where: expected[where] / step, chance)


def _least(none: Array, growth: Callable[[float, NDArray[np.intp]], Array], chance: Array) -> Array:
    """Return the least count whose cumulative probability reaches `chance`, by adding up: `none` is
    that of no case, `growth(k, where)` that of k over that of k − 1.
    """
    left = chance - none
    count, where, step = np.zeros_like(none), np.flatnonzero(left > 0), 0.0
    probability, left = none[where], left[where]
    while where.size and step < 10 * _FEW:
        step += 1.0
        count[where] = step
        probability = probability * growth(step, where)
        left = left - probability
        on = left > 0
        where, probability, left = where[on], probability[on], left[on]
    return count


def binomial(trials: float, rate: Array, normals: Array) -> Array:
    """Return how many of `trials` cases happen, each count the binomial quantile at Φ(normal), in a
    time that does not grow with the trials.

    Args:
        trials: how many there are, a whole number from 1 to 10¹².
        rate: the probability of a case, 0 to 1.
        normals: standard normal numbers; both broadcast together, as shape (paths,).

    Returns:
        Whole numbers from 0 to `trials`, the same as SciPy's `binom.ppf`. Counted is the rarer of
        the two outcomes: where fewer than 6 are expected by adding up probabilities, else by the
        Cornish-Fisher expansion to the fifth cumulant; where that lies too near to a whole number
        to be sure of the side, by SciPy.

    >>> binomial(100.0, np.array([0.0, 0.5, 1.0]), np.array([2.0, 1.0, -2.0])).tolist()
    [0.0, 55.0, 100.0]
    """
    rate, normals = np.broadcast_arrays(rate, normals)
    often = rate > 0.5
    rarer, turned = np.where(often, 1.0 - rate, rate), np.where(often, -normals, normals)
    out = np.empty(rarer.shape)
    few = trials * rarer < _FEW
    if few.any():
        small, odds = rarer[few], rarer[few] / (1.0 - rarer[few])
        none = np.exp(trials * np.log1p(-small))
        out[few] = np.minimum(
            _least(
                none,
                lambda step, where: (trials + 1.0 - step) / step * odds[where],
                ndtr(turned[few]),
            ),
            trials,
        )
    if not few.all():
        out[~few] = _expanded(trials, rarer[~few], turned[~few])
    return np.asarray(np.where(often, trials - out, out))


def _expanded(trials: float, rate: Array, normals: Array) -> Array:
    """Return binomial counts of which many are expected, at most half of the trials; arrays of
    shape (n,).
    """
    z, square = normals, np.square(normals)
    variance = trials * rate * (1.0 - rate)
    lean, flat = 1.0 - 2.0 * rate, rate * (1.0 - rate)
    root = np.sqrt(
        variance - 1 / 12
        # counts are whole numbers: rounding adds a twelfth to the variance (Sheppard's correction),
        # which is taken off here, and from the fourth cumulant likewise
    )
    third = variance * lean / root**3
    fourth = (variance * (1.0 - 6.0 * flat) + 1 / 120) / root**4
    fifth = variance * lean * (1.0 - 12.0 * flat) / root**5
    place = (
        z
        + third * (square - 1.0) / 6
        + fourth * (square - 3.0) * z / 24
        - np.square(third) * (2.0 * square - 5.0) * z / 36
    )
    place += (
        fifth * ((square - 6.0) * square + 3.0) / 120
        - third * fourth * ((square - 5.0) * square + 2.0) / 24
    )
    place += third**3 * ((12.0 * square - 53.0) * square + 17.0) / 324
    place = trials * rate + root * place - 0.5
    out = np.clip(np.ceil(place), 0.0, trials)
    near = np.abs(place - np.round(place)) < (_SURE + _SURE * np.square(square)) / root**3
    if near.any():
        out[near] = stats.binom.ppf(ndtr(z[near]), trials, rate[near])
    return np.asarray(out)


# ---- defaults from the noise rows of the priors
# -------------------------------------------------------


@dataclass(frozen=True)
class TypicalNoise:
    """A typical figure and the rows it was read between."""

    value: float
    rows: tuple[Prior, ...]


@cache
def _by_products(
    quantity: str, one: tuple[str, str], many: tuple[str, str] | None, on: dt.date
) -> tuple[tuple[int, Prior], ...]:
    """Return (number of products, row), rising: one product, the baskets, a store of the whole data
    set.
    """
    rows = [
        studies.prior("noise", quantity, p.scope, on)
        for p in studies.priors()
        if (p.topic, p.quantity) == ("noise", quantity)
    ]
    ladder = [(int(re.findall(r"\d+", row.scope)[0]), row) for row in rows]
    ladder.append((1, studies.prior("noise", *one, on)))
    if many is not None:
        store = studies.prior("noise", *many, on)
        ladder.append(
            (
                int(studies.prior("noise", "autocorrelation_lag1_sku", "UK gift web shop", on).n),
                store,
            )
        )
    return tuple(sorted(ladder, key=lambda step: step[0]))


def _between(ladder: tuple[tuple[int, Prior], ...], products: int, *, log: bool) -> TypicalNoise:
    sizes = np.log([size for size, _ in ladder])
    values = np.array([row.typical or 0.0 for _, row in ladder])
    at = math.log(products)
    value = (
        float(np.exp(np.interp(at, sizes, np.log(values))))
        if log
        else float(np.interp(at, sizes, values))
    )
    above = int(np.searchsorted(sizes, at))
    near = {min(max(above - 1, 0), len(ladder) - 1), min(above, len(ladder) - 1)}
    return TypicalNoise(round(value, 4), tuple(ladder[i][1] for i in sorted(near)))


def typical_cv(products: int, on: dt.date = DATA_DATE) -> TypicalNoise:
    """Return the typical monthly noise of a store with a number of products, season and growth
    removed.

    Between the rows of the priors by straight lines in log-log; past either end, the end.

    Args:
        products: how many products the store sells.
        on: the day for which the data are asked.

    Returns:
        The coefficient of variation [fraction], with its sources.

    Examples:
        >>> typical_cv(5).value, typical_cv(100).value, typical_cv(5) == typical_cv(5)
        (0.543, 0.22, True)
    """
    sku = ("cv_monthly_sales_sku", "UK gift web shop; product selling over 1000")
    whole = ("residual_sd_monthly_sales_store", "UK gift web shop")
    return _between(
        _by_products("cv_monthly_sales_small_store", sku, whole, on), products, log=True
    )


def typical_autocorrelation(products: int, on: dt.date = DATA_DATE) -> TypicalNoise:
    """Return the typical correlation of one month with the next for a number of products.

    Args:
        products: how many products the store sells.
        on: the day for which the data are asked.

    Returns:
        The correlation, −1 to 1, with its sources.

    Examples:
        >>> typical_autocorrelation(10).value
        0.41
    """
    sku = ("autocorrelation_lag1_sku", "UK gift web shop")
    return _between(
        _by_products("autocorrelation_lag1_small_store", sku, None, on), products, log=False
    )


def typical_volatility(currency: str, cost_currency: str, on: dt.date = DATA_DATE) -> TypicalNoise:
    """Return the typical yearly volatility of an exchange rate, from the history of each currency
    against CNY.

    Two currencies of which neither is CNY: √(a² + b² − 2 ρ a b) with their correlation against CNY
    (data/parameters/fx_correlation.csv); as if they moved independently, ρ = 0, where none is
    known, which is more than most pairs do.

    Args:
        currency: the sales currency, such as "EUR".
        cost_currency: the currency of costs.
        on: the day for which the data are asked.

    Returns:
        Yearly standard deviation of the logarithm [1], with its sources; 0 for one currency.

    Raises:
        InputError: if the history of a currency is not known.

    Examples:
        >>> typical_volatility("EUR", "CNY").value
        0.0628
        >>> typical_volatility("USD", "EUR").value  # 0.038² + 0.0628² − 2 · 0.23 · 0.038 · 0.0628
        0.0655
    """
    rows = [_against_cny(code, on) for code in (currency, cost_currency) if code != "CNY"]
    if currency == cost_currency:
        return TypicalNoise(0.0, tuple(rows))
    sizes = [row.typical or 0.0 for row in rows]
    together = fx_correlation(currency, cost_currency, on) if len(rows) > 1 else None
    shared = 0.0 if together is None else 2 * together.correlation * math.prod(sizes)
    value = math.sqrt(sum(size**2 for size in sizes) - shared)
    return TypicalNoise(round(value, 4), tuple(rows))


def _against_cny(code: str, on: dt.date) -> Prior:
    for row in studies.priors():
        if row.topic == "fx" and row.quantity in (
            f"annual_volatility_CNY_per_{code}",
            f"annual_volatility_{code}_per_CNY",
        ):
            return studies.prior("fx", row.quantity, row.scope, on)
    raise refuse("chance.fx_volatility", code, "no_volatility")
