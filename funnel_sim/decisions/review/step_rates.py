"""The rate of one step of the funnel against its own baseline: how probable it is in a store in
which nothing changed, and how many counts would show that it is worse.

Counts are binomial, months differ by more than counting (beta-binomial); of what is returned more
is worse, of every other step less. Read `chance_of`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import stats
from scipy.special import betainc

from funnel_sim.model.arrays import Array
from funnel_sim.reference.review import settings

RISING = frozenset({"returned"})
"""Steps of which a higher rate is the worse one."""
_NODES = 25
_MOST = 1.0 - 1e-6  # a share that a season cannot exceed


@dataclass(frozen=True)
class Rate:
    """One step's counts: `of` (successes) of `out_of`, by month, of the baseline and of the months
    looked at; `same_of` and `same_out_of` those of the baseline that are the same calendar months,
    empty where these are not known. `rising` is whether a higher rate is the worse one.
    """

    base_of: Array
    base_out_of: Array
    now_of: Array
    now_out_of: Array
    same_of: Array = field(default_factory=lambda: np.zeros(0))
    same_out_of: Array = field(default_factory=lambda: np.zeros(0))
    rising: bool = False

    @property
    def seasonal(self) -> bool:
        """Whether the same calendar months are in the baseline."""
        return bool(self.same_out_of.sum() > 0)

    @property
    def season(self) -> float:
        """What the baseline is multiplied by for the season: the rate of the same calendar months
        over that of all, to a power below one, for one year shows chance as well.

        >>> even, half = np.full(12, 100.0), np.array([1000.0])
        >>> rate = Rate(even, even * 10, half, half, np.array([80.0]), half)
        >>> round(rate.season, 2)  # (80.5 / 1001 / 0.1) ** 0.5
        0.9
        """
        if not self.seasonal:
            return 1.0
        return math.exp(settings("leak")["season"] * self.seen_season)

    @property
    def seen_season(self) -> float:
        """How far the rate of the same calendar months lay from that of all [logarithm]: season and
        chance in one.
        """
        same = (float(self.same_of.sum()) + 0.5) / (float(self.same_out_of.sum()) + 1.0)
        return math.log(same * float(self.base_out_of.sum() / self.base_of.sum()))

    @property
    def baseline(self) -> float:
        """The rate of the baseline at the season of the months looked at."""
        return min(float(self.base_of.sum() / self.base_out_of.sum()) * self.season, _MOST)

    @property
    def now(self) -> float:
        """The rate of the months looked at."""
        return float(self.now_of.sum() / self.now_out_of.sum())


def spread_of(of: Array, out_of: Array, prior: float) -> tuple[float, float]:
    """Return how much a rate differs between months beyond counting.

    The variance of log rates less what counting makes, by moments, averaged with a prior that
    counts for some months (data/review.toml).

    Args:
        of: counts by month, shape (months,).
        out_of: what they are counts out of, shape (months,).
        prior: the usual coefficient of variation [fraction].

    Returns:
        (coefficient of variation [fraction], the degrees of freedom that it rests on).

    Examples:
        >>> spread_of(np.array([50.0, 50, 50]), np.array([1000.0, 1000, 1000]), 0.06)[1]
        6.0
    """
    weight = settings("leak")["prior_months"]
    rates = of / out_of
    pooled = float(of.sum() / out_of.sum())
    logs = np.log(np.maximum(rates, 0.5 / out_of))
    counting = (1.0 - pooled) / np.maximum(pooled * out_of, 0.5)
    free = of.size - 1
    squares = float(np.square(logs - np.average(logs, weights=out_of)).sum())
    own = max(0.0, squares - float(counting.mean()) * free)
    return math.sqrt((weight * prior**2 + own) / (weight + free)), weight + free


def chance_of(rate: Rate, spread: float, free: float) -> float:
    """Return the probability that an unchanged step has a rate as bad as it has now: as low, or
    as high where more is worse.

    The rate of the months to come is beta around the baseline (its own counting, the baseline's,
    and the spread between months), the count binomial; the spread is not known but for so many
    degrees of freedom (scaled inverse chi-square), over which the probability is averaged.

    Args:
        rate: the step, its baseline and its counts now.
        spread: coefficient of variation between months [fraction].
        free: degrees of freedom of the spread.

    Returns:
        A probability, 0 to 1.
    """
    total = float(rate.now_out_of.sum())
    return _as_bad(rate, spread, free, total, float(rate.now_of.sum()) / total)


@lru_cache(maxsize=64)
def _chi(free: float) -> tuple[float, ...]:
    nodes = (np.arange(_NODES) + 0.5) / _NODES
    return tuple(float(one) for one in stats.chi2.ppf(nodes, free))


def _as_bad(rate: Rate, spread: float, free: float, total: float, share: float) -> float:
    """Return the probability that an unchanged step has a share of so many counts or less; or more
    where more is worse.
    """
    spreads = spread * np.sqrt(free / np.array(_chi(round(free, 6))))
    mean = (float(rate.base_of.sum()) + 0.5) / (float(rate.base_out_of.sum()) + 1.0)
    mean = min(mean * rate.season, _MOST)
    months = 1.0 / rate.now_of.size + 1.0 / rate.base_of.size
    known = (1.0 - mean) / max(mean * float(rate.base_out_of.sum()), 0.5)
    if rate.seasonal:  # what the same months tell of the season is as uncertain as they are
        weight = settings("leak")["season"] ** 2
        months += weight / rate.same_of.size
        known += weight * (1.0 - mean) / max(mean * float(rate.same_out_of.sum()), 0.5)
    between = np.square(spreads) * months
    if rate.seasonal:  # the rest of the way may be season too, which months do not average away
        rest = (1.0 - settings("leak")["season"]) * rate.seen_season
        between = between + rest**2 * (1.0 - 1.0 / rate.same_of.size)
    variance = mean**2 * (between + known) + mean * (1.0 - mean) / total
    return float(_beta_worse(mean, variance, share, rising=rate.rising).mean())


def _beta_worse(
    mean: float, variance: Array | float, share: float, *, rising: bool = False
) -> Array:
    """Return the probability of a share or less, or of one or more where more is worse, of beta
    distributions with a mean and variances.
    """
    most = np.minimum(variance, 0.99 * mean * (1.0 - mean))
    whole = mean * (1.0 - mean) / most - 1.0
    below, above = mean * whole, (1.0 - mean) * whole
    if rising:  # what is one or more of a share is one or less of the rest
        return np.asarray(betainc(above, below, 1.0 - share))
    return np.asarray(betainc(below, above, share))


def holm(chances: Sequence[float]) -> list[float]:
    """Return probabilities adjusted for how many are looked at (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    out = [0.0] * len(chances)
    least = 0.0
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(chances) - rank) * chances[place]))
        out[place] = least
    return out


def enough_of(rate: Rate, spread: float, free: float, steps: int) -> int | None:
    """Return how many counts a month would show a step that is worse by 30 % in nine of ten cases;
    None where the spread between months hides it at any number. What is returned is as bad at 43 %
    more (1 / 0.7).

    Args:
        rate: the step, its baseline and its counts now.
        spread: coefficient of variation between months [fraction].
        free: degrees of freedom of the spread.
        steps: how many steps are looked at.

    Returns:
        Counts a month.
    """
    told = settings("leak")
    months = rate.now_of.size
    mean = rate.baseline

    def finds(counts: float) -> bool:
        total = counts * months
        bound = _critical(rate, spread, free, total, told["family"] / steps)
        by = told["more"] if rate.rising else -told["worse"]
        worse = min(mean * (1.0 + by), _MOST)
        variance = worse**2 * spread**2 / months + worse * (1.0 - worse) / total
        return bool(_beta_worse(worse, variance, bound, rising=rate.rising) >= told["power"])

    top = 1e9
    if not finds(top):
        return None
    low, high = 1.0, top
    while high / low > 1.02:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if finds(middle) else (middle, high)
    return math.ceil(high)


def _critical(rate: Rate, spread: float, free: float, total: float, level: float) -> float:
    """Return the share beyond which an unchanged step lies with a small probability: below it, or
    above it where more is worse.
    """
    beyond, usual = (1.0 if rate.rising else 0.0), rate.baseline
    for _ in range(30):
        middle = (beyond + usual) / 2
        rare = _as_bad(rate, spread, free, total, middle) < level
        beyond, usual = (middle, usual) if rare else (beyond, middle)
    return beyond
