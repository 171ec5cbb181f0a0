"""What the coming months may bring, from the months a store has had: level, trend, season and
noise, each shrunk as far as the history is short.

The logarithm of a month is a level that moves, a yearly season, a drift and noise of its own. How
strong each of these is differs from store to store: some 170 combinations stand in
data/month_models.csv, each with the weight it deserves before any month is seen (fitted to real
monthly series). The months seen reweigh them by Bayes' rule, so that three months say little about
a season and two years say much. What comes next is then a mixture of normal distributions. Gaps are
simply months not seen.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import qmc

from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import judged
from funnel_sim.stored import read_data
from funnel_sim.words import Words

FEWEST_MONTHS, MOST_MONTHS = 3, 120
_YEAR = 12
_EDGE = 1e-12
# of the mean: what a month with less counts as
_FLOOR = judged("least_month")
_DIFFUSE = 1e4  # variance of the unknown level, in variances of a month
_KEPT = 0.995  # share of the weight whose combinations are kept
_SHORT, _LONG = 3, 6  # histories of up to 3 months take the short weights, from 6 on the long ones


@dataclass(frozen=True)
class Structure:
    """One way in which months may move: `memory` of the level from month to month (1: it wanders),
    and the variances of level, noise and season in squares of `scale`; `drift` is the standard
    deviation of the growth a month.
    """

    memory: float
    level: float
    noise: float
    season: float
    drift: float
    scale: float

    def covariance(self, months: Array) -> Array:
        """Return the covariance of log months at some places in time, shape (months, months)."""
        away = np.abs(months[:, None] - months[None, :])
        if self.memory < 1:
            moving = np.power(self.memory, away)
        else:
            first = months.min()
            moving = np.minimum(months[:, None], months[None, :]) - first
        season = _same_month(away)
        out = self.level * moving + self.noise * (away == 0) + self.season * season + _DIFFUSE
        return np.asarray(out * self.scale**2 + self.drift**2 * np.outer(months, months))


def _same_month(away: Array) -> Array:
    """Return the correlation of the season of two months so many months apart: 1 in the same month
    of the year, else what makes twelve sum to nothing.
    """
    return np.where(away % _YEAR == 0, 1.0, -1.0 / (_YEAR - 1))


@dataclass(frozen=True, eq=False)
class MonthModels:
    """The combinations, their weights for a short and for a long history, and where they come from;
    each object is its own key of the cache.
    """

    structures: tuple[Structure, ...]
    short: Array
    long: Array
    source: Words

    def weights(self, months: int) -> Array:
        """Return the weights for a history of some months, shape (structures,)."""
        share = min(1.0, max(0.0, (months - _SHORT) / (_LONG - _SHORT)))
        return self.short * (1 - share) + self.long * share


@cache
def month_models() -> MonthModels:
    """Return the combinations as they were fitted (data/month_models.csv)."""
    lines = read_data("month_models.csv").splitlines()
    said = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    source = Words(
        " ".join(line.removeprefix("zh:").strip() for line in said if line.startswith("zh:")),
        " ".join(line for line in said if not line.startswith("zh:")),
    )
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    names = ("memory", "level", "noise", "season", "drift", "scale")
    short, long = (np.array([float(row[name]) for row in rows]) for name in ("short", "long"))
    return MonthModels(
        tuple(Structure(*(float(row[name]) for name in names)) for row in rows),
        short / short.sum(),
        long / long.sum(),
        source,
    )


@dataclass(frozen=True)
class Outlook:
    """The coming months as a mixture: of each part its `weight`, the mean of log months (parts,
    months) and the root of their covariance (parts, months, months).

    The other figures say what was read off: `growth` the expected change a month, `season` 12
    indices of mean 1, the first that of the month after the history, `noise` the standard deviation
    of the logarithm of the next month, `months` how many were seen.
    """

    weight: Array
    mean: Array
    root: Array
    growth: float
    season: Array
    noise: float
    months: int

    def draws(self, which: Array, normals: Array) -> Array:
        """Return months, shape (months, paths), from a uniform number a path (which part) and
        independent normals (months, paths).

        Args:
            which: a number between 0 and 1 that picks the structure, shape (paths,).
            normals: independent normal numbers, shape (months, paths).

        Returns:
            In the unit of the history, shape (months, paths).

        Raises:
            ValueError: if there are more months than this outlook looks ahead.
        """
        ahead, paths = normals.shape
        if ahead > self.mean.shape[1]:
            raise ValueError(f"{ahead} months asked, {self.mean.shape[1]} known")
        part = np.minimum(
            np.searchsorted(np.cumsum(self.weight), which, side="right"), len(self.weight) - 1
        )
        order = np.argsort(part, kind="stable")
        out = np.empty((ahead, paths))
        bounds = np.searchsorted(part[order], np.arange(len(self.weight) + 1))
        for index in range(len(self.weight)):
            mine = order[bounds[index] : bounds[index + 1]]
            if mine.size:
                out[:, mine] = (
                    self.mean[index, :ahead, None]
                    + self.root[index, :ahead, :ahead] @ normals[:, mine]
                )
        return np.asarray(np.exp(out, out=out))

    def odds(self, limit: float, first: int, last: int, paths: int = 2048) -> float:
        """Return the probability that the mean of months `first` to `last` (counted from 1) is at
        least `limit`.

        Args:
            limit: what the mean has to reach, in the unit of the history.
            first: the first month that counts, from 1.
            last: the last month that counts.
            paths: how many futures it is counted in.

        Returns:
            A probability, 0 to 1.
        """
        points = _points(last + 1, paths)
        return float(
            (
                self.draws(points[0], ndtri(points[1:]))[first - 1 : last].mean(axis=0) >= limit
            ).mean()
        )

    def quantiles(self, levels: Sequence[float], months: int, paths: int = 2048) -> Array:
        """Return percentiles of each of the coming months, shape (levels, months).

        Args:
            levels: probabilities, 0.1 for P10.
            months: how many months ahead.
            paths: how many futures they are counted in.

        Returns:
            In the unit of the history, shape (levels, months).
        """
        points = _points(months + 1, paths)
        return np.asarray(np.quantile(self.draws(points[0], ndtri(points[1:])), levels, axis=1))

    def below(self, month: int, value: float) -> float:
        """Return the probability that one month (counted from 1) is below a value, exactly.

        Args:
            month: which one, from 1.
            value: in the unit of the history.

        Returns:
            A probability, 0 to 1.
        """
        spread = np.sqrt(np.square(self.root[:, month - 1]).sum(axis=1))
        return float(self.weight @ ndtr((np.log(value) - self.mean[:, month - 1]) / spread))


@lru_cache(maxsize=16)
def _points(dimensions: int, paths: int) -> Array:
    return np.clip(qmc.Sobol(dimensions, scramble=True, rng=1).random(paths).T, _EDGE, 1 - _EDGE)


def outlook(
    values: Sequence[float] | Array,
    ahead: int,
    *,
    where: str = "history",
    models: MonthModels | None = None,
) -> Outlook:
    """Return what the `ahead` months after a history may bring; NaN in `values` is a month not
    seen.

    `values`: one number a month in order of time, at least three of them known, none negative, not
    all zero. By Bayes' rule on log months: weight ∝ prior × likelihood
    of the history; each part's months are normal given the history.

    Args:
        values: one number a month in order of time, shape (months,): at least three known, none
            negative, not all zero; NaN for a month that was not seen.
        ahead: how many months are looked at.
        where: the history's name in a refusal.
        models: the structures and their prior weights; None for those fitted to many stores.

    Raises:
        InputError: if `values` are not as said.

    >>> found = outlook([100, 120, 90, 110, 105, 95], 3)
    >>> found.mean.shape[1], 0.3 < found.odds(104, 1, 3) < 0.7
    (3, True)
    """
    given = np.asarray(values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(given))
    if known.size < FEWEST_MONTHS or given.size > MOST_MONTHS:
        raise refuse(
            where,
            int(known.size),
            "history_short" if known.size < FEWEST_MONTHS else "history_long",
            least=FEWEST_MONTHS,
            most=MOST_MONTHS,
        )
    seen = given[known]
    if not np.isfinite(seen).all() or (seen < 0).any() or not seen.sum() > 0:
        bad = next((float(v) for v in seen if not np.isfinite(v) or v < 0), 0.0)
        raise refuse(where, bad, "history_values")
    logs = np.log(np.maximum(seen, _FLOOR * seen.mean()))
    level = float(logs.mean())
    models = models or month_models()
    solved = _solved(tuple(int(i) for i in known), given.size, ahead, models)
    centred = logs - level
    likelihood = solved.constant - 0.5 * np.einsum("i,kij,j->k", centred, solved.inverse, centred)
    with np.errstate(divide="ignore"):
        log_weight = likelihood + np.log(models.weights(known.size))
    weight = np.exp(log_weight - logsumexp(log_weight))
    order = np.argsort(-weight)
    kept = order[: int(np.searchsorted(np.cumsum(weight[order]), _KEPT)) + 1]
    weight = weight[kept] / weight[kept].sum()
    mean = level + solved.gain[kept] @ centred
    variance = np.einsum("kij,kij->ki", solved.root[kept], solved.root[kept])
    return Outlook(
        weight,
        mean,
        solved.root[kept],
        *_read_off(weight, mean, variance, solved.season[kept] @ centred),
        months=known.size,
    )


def _read_off(
    weight: Array, mean: Array, variance: Array, season: Array
) -> tuple[float, Array, float]:
    """Return growth a month, the season's indices and the noise of a month, averaged over the
    parts.
    """
    expected = weight @ mean
    indices = np.exp(weight @ season)
    ahead = expected.size
    growth = float((expected[-1] - expected[0]) / (ahead - 1)) if ahead > 1 else 0.0
    first = weight @ (variance[:, 0] + np.square(mean[:, 0] - expected[0]))
    return float(np.expm1(growth)), np.asarray(indices / indices.mean()), float(np.sqrt(first))


@dataclass(frozen=True)
class _Solved:
    """For one pattern of known months: of each structure the inverse covariance, its constant, the
    gain and the root of what is left.
    """

    inverse: Array
    constant: Array
    gain: Array
    root: Array
    season: Array


@lru_cache(maxsize=64)
def _solved(known: tuple[int, ...], length: int, ahead: int, models: MonthModels) -> _Solved:
    places = np.concatenate(
        [np.asarray(known, dtype=np.float64) - length + 0.5, np.arange(ahead) + 0.5]
    )
    n, year = len(known), np.arange(_YEAR)
    parts: list[tuple[Any, ...]] = []
    for one in models.structures:
        whole = one.covariance(places)
        inverse = np.linalg.inv(whole[:n, :n])
        _, log_size = np.linalg.slogdet(whole[:n, :n])
        gain = whole[n:, :n] @ inverse
        left = whole[n:, n:] - gain @ whole[:n, n:]
        root = np.linalg.cholesky((left + left.T) / 2 + 1e-10 * one.scale**2 * np.eye(ahead))
        away = (year[:, None] + 0.5) - places[None, :n]
        season = one.season * one.scale**2 * _same_month(away) @ inverse
        parts.append((inverse, np.asarray(-0.5 * log_size), gain, root, season))
    return _Solved(*(np.stack(part) for part in zip(*parts, strict=True)))


def predictive(values: Array, ahead: int, models: MonthModels) -> tuple[Array, Array, Array]:
    """Return of each structure the log likelihood of the histories, shape (histories, structures),
    the mean (…, ahead) and the covariance (structures, ahead, ahead) of log months less the
    history's mean.

    `values`: complete histories of one length, shape (histories, months). This is what the weights
    are fitted with.

    Args:
        values: complete histories of one length, shape (histories, months).
        ahead: how many months are looked at.
        models: the structures.

    Returns:
        (log likelihood, mean, covariance) of log months less the history's mean.
    """
    logs = np.log(np.maximum(values, _FLOOR * values.mean(axis=1, keepdims=True)))
    centred = logs - logs.mean(axis=1, keepdims=True)
    solved = _solved(tuple(range(values.shape[1])), values.shape[1], ahead, models)
    quadratic = np.stack(
        [np.einsum("ni,ij,nj->n", centred, inverse, centred) for inverse in solved.inverse], axis=1
    )
    return (
        solved.constant - 0.5 * quadratic,
        np.einsum("kai,ni->nka", solved.gain, centred),
        np.einsum("kab,kcb->kac", solved.root, solved.root),
    )
