"""What the coming months may bring, from the months a store has had: level, trend, season, noise
and months without sales, each shrunk as far as the history is short.

The logarithm of a month's expected sales is a level that moves, a yearly season, a trend and noise
of its own; where months are counts, orders come by chance around what is expected; and a store may
sell nothing for a while. How strong each of these is differs from store to store: the combinations
of data/month_models.csv have a weight before any month is seen (learnt on series of stores,
products and firms), and the months seen reweigh them by Bayes' rule. What comes next is a mixture.
Gaps are simply months not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc, logsumexp, ndtr, ndtri
from scipy.stats import qmc

from funnel_sim.errors import refuse
from funnel_sim.evidence.store import month_draws
from funnel_sim.evidence.store.month_models import (
    NEVER,
    Chain,
    MonthModels,
    month_models,
    whole_numbers,
)
from funnel_sim.evidence.store.months_given import Given, from_counts, from_logs, roots
from funnel_sim.model.arrays import Array

FEWEST_MONTHS, MOST_MONTHS = 3, 120
_EDGE = 1e-12
_KEPT = 0.995  # share of the weight whose parts are kept
_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_NODE_WEIGHTS = _NODE_WEIGHTS / _NODE_WEIGHTS.sum()


@dataclass(frozen=True)
class Outlook:
    """The coming months as a mixture: of each part its `weight`, the mean of log months (parts,
    months) and the root of their covariance (parts, months, months).

    Parts that are `counted` say what is expected, in counts of `unit`, and orders come by chance
    around it. Those that `may_close` have months without any sales besides: the `chains` that say
    how often, each with its share; `sold_last` says whether the last month seen sold anything.

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
    counted: Array | None = None
    may_close: Array | None = None
    unit: float = 1.0
    chains: tuple[Chain, ...] = (NEVER,)
    chain_shares: tuple[float, ...] = (1.0,)
    sold_last: bool = True

    @property
    def counts_small(self) -> float:
        """The weight of the parts that count orders one by one [fraction]."""
        return 0.0 if self.counted is None else float(self.weight[self.counted].sum())

    @property
    def none_sold(self) -> float:
        """The probability that the next month sells nothing."""
        return self.below(1, _EDGE)

    def draws(self, which: Array, normals: Array, *, chance: bool = True) -> Array:
        """Return months, shape (months, paths), from a uniform number a path (which part) and
        independent normals (months, paths).

        Args:
            which: a number between 0 and 1 that picks the part, shape (paths,).
            normals: independent normal numbers, shape (months, paths).
            chance: whether orders come by chance around what is expected, where months are counts,
                and months without sales come and go; False for what is expected of open months.

        Returns:
            In the unit of the history, shape (months, paths).

        Raises:
            ValueError: if there are more months than this outlook looks ahead.
        """
        ahead, paths = normals.shape
        if ahead > self.mean.shape[1]:
            raise ValueError(f"{ahead} months asked, {self.mean.shape[1]} known")
        until = np.cumsum(self.weight)
        part = np.minimum(np.searchsorted(until, which, side="right"), len(self.weight) - 1)
        shut = None
        if chance and self.may_close is not None:
            left = (which - (until - self.weight)[part]) / self.weight[part]
            closes, reopens = self._chain(left, self.may_close[part])
            shut, normals = month_draws.thinned(normals, closes, reopens, sold_last=self.sold_last)
        share = None
        some = None if self.counted is None or not chance else self.counted[part]
        if some is not None and some.any():
            moving, share = month_draws.halved(normals[:, some])
            normals = normals.copy()
            normals[:, some] = moving
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
        out = np.exp(out, out=out)
        if some is not None and share is not None:
            out[:, some] = month_draws.counted(out[:, some] / self.unit, share) * self.unit
        if shut is not None:
            out[shut] = 0.0
        return np.asarray(out)

    def _chain(self, uniform: Array, may_close: Array) -> tuple[Array, Array]:
        """Return of each path how months without sales begin and end."""
        until = np.cumsum(self.chain_shares)
        chosen = np.minimum(np.searchsorted(until, uniform, side="right"), until.size - 1)
        closes = np.array([one.closes for one in self.chains])[chosen]
        reopens = np.array([one.reopens for one in self.chains])[chosen]
        return np.where(may_close, closes, 0.0), np.where(may_close, reopens, 1.0)

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
        return self.odds_of([limit], first, last, paths)[0]

    def odds_of(
        self, limits: Sequence[float] | Array, first: int, last: int, paths: int = 2048
    ) -> list[float]:
        """Return the probability of each of several limits, all counted in the same futures.

        Args:
            limits: what the mean of the months has to reach, in the unit of the history, shape
                (limits,).
            first: the first month that counts, from 1.
            last: the last month that counts.
            paths: how many futures it is counted in.

        Returns:
            Probabilities, one for each limit.
        """
        points = _points(last + 1, paths)
        months = self.draws(points[0], ndtri(points[1:]))[first - 1 : last].mean(axis=0)
        return [float((months >= limit * (1.0 - _EDGE)).mean()) for limit in limits]

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
        mean = self.mean[:, month - 1]
        with np.errstate(divide="ignore"):
            chance = ndtr((np.log(value) - mean) / spread)
        if self.counted is not None and self.counted.any():
            some = self.counted
            at = mean[some, None] + spread[some, None] * _NODES
            least = np.ceil(value / self.unit - _EDGE)  # counts below this are below the value
            chance[some] = (
                gammaincc(least, np.exp(at) / self.unit) @ _NODE_WEIGHTS if least > 0 else 0.0
            )
        if self.may_close is not None and value > 0:
            shut = sum(
                share * one.closed(month, sold_last=self.sold_last)[-1]
                for one, share in zip(self.chains, self.chain_shares, strict=True)
            )
            chance = np.where(self.may_close, shut + (1.0 - shut) * chance, chance)
        return float(self.weight @ chance)


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
    >>> found.mean.shape[1], 0.2 < found.odds(104, 1, 3) < 0.7
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
    return _mixed(given.tobytes(), ahead, models or month_models())


@dataclass(frozen=True)
class Part:
    """What one kind of structure says: `structures` are their places among the models' own,
    `level` is added to its log months; `may_close` where months without sales are told apart from
    small counts.
    """

    structures: NDArray[np.intp]
    given: Given
    level: float
    counted: bool
    may_close: bool


def parts_of(values: Array, ahead: int, models: MonthModels) -> tuple[list[Part], float]:
    """Return what the kinds of structures say of the months after a history, and the unit that
    months are counted in.

    A month without sales is a small count, or one that tells nothing of the level (a chain says how
    often); where months are no counts, only the latter. Of small counts the last three years tell.

    Args:
        values: one number a month, shape (months,); NaN for one not seen.
        ahead: how many months are looked at.
        models: the structures.

    Returns:
        (one part for each kind that may explain the months, the unit).
    """
    whole = values[~np.isnan(values)]
    late = values[-models.longest_counted :]
    if float(whole.mean()) < models.most_counted and np.count_nonzero(late > 0) >= FEWEST_MONTHS:
        values = late
    length = values.size
    known = np.flatnonzero(~np.isnan(values))
    seen = values[known]
    selling = known[seen > 0]
    sold = values[selling]
    none = selling.size < known.size
    unit = 1.0 if whole_numbers(seen) or not none else float(sold.min())
    counts = seen / unit
    kinds = np.array([one.counted for one in models.structures])
    small = (whole_numbers(seen) or none) and float(counts.mean()) < models.most_counted
    small = small and bool(kinds.any())
    out: list[Part] = []
    if not kinds.all() and (not small or float(counts.mean()) >= models.least_logged):
        level = float(np.log(sold).mean())
        given = from_logs(np.log(sold) - level, tuple(selling.tolist()), length, ahead, models)
        likelihood = given.likelihood - float(np.log(sold / unit).sum())
        given = Given(likelihood, given.mean, given.covariance, given.season)
        out.append(Part(np.flatnonzero(~kinds), given, level, False, True))
    if not small:
        return out, unit
    for places, amounts, may_close in ([(known, counts, False)] if none else []) + [
        (selling, sold / unit, True)
    ]:
        level = float(np.log(amounts.mean()))
        given = from_counts(amounts, level, tuple(places.tolist()), length, ahead, models)
        level += float(np.log(unit))
        out.append(Part(np.flatnonzero(kinds), given, level, True, may_close))
    return out, unit


@lru_cache(maxsize=32)
def _mixed(given: bytes, ahead: int, models: MonthModels) -> Outlook:
    values = np.frombuffer(given)
    known = np.flatnonzero(~np.isnan(values))
    seen = values[known]
    sold = seen > 0
    weights, chains, small, power = models.priors(seen)
    with np.errstate(divide="ignore"):
        shares = chains + np.array([one.log_likelihood(sold) for one in models.chains])
    closing = float(logsumexp(shares))
    parts, unit = parts_of(values, ahead, models)
    log_weight = np.concatenate(
        [
            weights[part.structures]
            + power * part.given.likelihood
            + (closing if part.may_close else small)
            for part in parts
        ]
    )
    weight = np.exp(log_weight - logsumexp(log_weight))
    order = np.argsort(-weight, kind="stable")
    kept = order[: int(np.searchsorted(np.cumsum(weight[order]), _KEPT)) + 1]
    weight = weight[kept] / weight[kept].sum()
    mean = np.concatenate([part.given.mean + part.level for part in parts])[kept]
    root = roots(np.concatenate([part.given.covariance for part in parts])[kept])
    season = np.concatenate([part.given.season for part in parts])[kept]

    def flags(which: str) -> Array:
        sizes = [part.structures.size for part in parts]
        return np.repeat([bool(getattr(part, which)) for part in parts], sizes)[kept]

    counted, may_close = flags("counted"), flags("may_close")
    variance = np.einsum("kij,kij->ki", root, root)
    variance = variance + np.where(
        counted[:, None], np.log1p(unit / np.maximum(np.exp(mean), _EDGE)), 0.0
    )
    # hundreds of sales a month that never failed do not stop by themselves: of the series learnt
    # from none did
    closes = not sold.all() or any(part.counted for part in parts)
    return Outlook(
        weight,
        mean,
        root,
        *_read_off(weight, mean, variance, season),
        months=known.size,
        counted=counted if counted.any() else None,
        may_close=may_close if closes and may_close.any() else None,
        unit=unit,
        chains=models.chains,
        chain_shares=tuple(np.exp(shares - closing).tolist()),
        sold_last=bool(sold[-1]),
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
