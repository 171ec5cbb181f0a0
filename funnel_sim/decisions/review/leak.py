"""Where does it leak? Every step of the funnel against the store's own baseline, with honest noise.

A step's rate is so many of so many. Rates of months differ by more than counting: how much is read
off the store's own months, with a prior where they are few (beta-binomial). Many steps are looked
at at once: Holm's procedure keeps the chance that any unchanged step is called broken at 5 %
(data/review.toml). Where the baseline has the same calendar months, the expected rate goes part of
the way to theirs, for conversion has a season (docs/decisions/0065). What is broken is ranked by
money: what a month's profit would gain if the step were back at its baseline. Read `leaks`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import stats
from scipy.special import betainc

from funnel_sim.decisions.review.usual_period import MOST_MONTHS, Period, as_period
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of, figures_of, steady_with_uplift
from funnel_sim.model.values import Values
from funnel_sim.reference.benchmarks import Typical
from funnel_sim.reference.review import settings
from funnel_sim.scenario.origins import typical_of_field
from funnel_sim.scenario.scenario import Scenario

STEPS: tuple[str, ...] = ("ctr", "landing", "cart", "checkout", "order", "paid", "repeat")
"""Steps from exposure to the next order; "order" is visit to order, where carts are not known."""
FEWEST = 3
_NODES = 25
_MOST = 1.0 - 1e-6  # a share that a season cannot exceed
_TYPICAL = {"cart": "conversion.add_to_cart_rate", "order": "conversion.cvr"}


@dataclass(frozen=True)
class Rate:
    """One step's counts: `of` (successes) of `out_of`, by month, of the baseline and of the months
    looked at; `same_of` and `same_out_of` those of the baseline that are the same calendar months,
    empty where these are not known.
    """

    base_of: Array
    base_out_of: Array
    now_of: Array
    now_out_of: Array
    same_of: Array = field(default_factory=lambda: np.zeros(0))
    same_out_of: Array = field(default_factory=lambda: np.zeros(0))

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


@dataclass(frozen=True)
class Step:
    """One step of the store, or of one channel.

    `ratio` is the rate now over its baseline; `chance` the probability that an unchanged step has a
    rate as low; `adjusted` the same with all steps looked at in mind (Holm); `broken` whether it is
    called so. `spread` is how much the rate differs between months beyond counting. `money` is what
    a month's profit would gain if it were back at its baseline (None where the model cannot say),
    `orders` the orders. `enough` is how many of the step's own counts a month would show a step
    that is 30 % worse in nine of ten cases, None where no number would.
    """

    step: str
    channel: str
    rate: Rate
    ratio: float
    chance: float
    adjusted: float
    broken: bool
    spread: float
    money: float | None
    orders: float | None
    enough: int | None
    typical: Typical | None

    @property
    def counts(self) -> float:
        """What the months looked at hold of the step's own counts, a month."""
        return float(self.rate.now_out_of.mean())


@dataclass(frozen=True)
class Costly:
    """A channel whose ads cost more for an order than an order leaves before ads."""

    channel: str
    spend: float
    orders: float
    leaves: float


@dataclass(frozen=True)
class Leaks:
    """All steps of some months against the baseline: the broken ones first, the most money first;
    then the others in the funnel's order.

    `missing` are steps whose counts nobody typed, `unfit` those whose counts are no share (more
    visits than clicks), `short` is whether the baseline has too few months for any step.
    """

    months: tuple[str, ...]
    baseline: tuple[str, ...]
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    unfit: tuple[str, ...]
    costly: tuple[Costly, ...]

    @property
    def broken(self) -> tuple[Step, ...]:
        """The steps that are called broken."""
        return tuple(one for one in self.steps if one.broken)

    @property
    def seasonal(self) -> bool:
        """Whether the season of conversion is taken into account, in every step."""
        return bool(self.steps) and all(one.rate.seasonal for one in self.steps)


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
    """Return the probability that an unchanged step has a rate as low as it has now.

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
    return _lower(rate, spread, free, total, float(rate.now_of.sum()) / total)


@lru_cache(maxsize=64)
def _chi(free: float) -> tuple[float, ...]:
    nodes = (np.arange(_NODES) + 0.5) / _NODES
    return tuple(float(one) for one in stats.chi2.ppf(nodes, free))


def _lower(rate: Rate, spread: float, free: float, total: float, share: float) -> float:
    """Return the probability that an unchanged step has a share of so many counts or less."""
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
    return float(_beta_below(mean, variance, share).mean())


def _beta_below(mean: float, variance: Array | float, share: float) -> Array:
    """Return the probability of a share or less of beta distributions with a mean and variances."""
    most = np.minimum(variance, 0.99 * mean * (1.0 - mean))
    whole = mean * (1.0 - mean) / most - 1.0
    return np.asarray(betainc(mean * whole, (1.0 - mean) * whole, share))


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
    None where the spread between months hides it at any number.

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
        low = _critical(rate, spread, free, total, told["family"] / steps)
        worse = mean * (1.0 - told["worse"])
        variance = worse**2 * spread**2 / months + worse * (1.0 - worse) / total
        return bool(_beta_below(worse, variance, low) >= told["power"])

    top = 1e9
    if not finds(top):
        return None
    low, high = 1.0, top
    while high / low > 1.02:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if finds(middle) else (middle, high)
    return math.ceil(high)


def _critical(rate: Rate, spread: float, free: float, total: float, level: float) -> float:
    """Return the share below which an unchanged step lies with a small probability."""
    low, high = 0.0, rate.baseline
    for _ in range(30):
        middle = (low + high) / 2
        under = _lower(rate, spread, free, total, middle) < level
        low, high = (middle, high) if under else (low, middle)
    return low


# ---- of a scenario


def leaks(
    scenario: Scenario, months: Sequence[str] | None = None, *, say_enough: bool = True
) -> Leaks:
    """Return the steps of some months against the store's own baseline.

    Args:
        scenario: holds the series.
        months: the months looked at; None: the last one.
        say_enough: whether to work out how many counts would be enough.

    Raises:
        InputError: no month of the series is known.
    """
    history = scenario.history
    names = history.names()
    if not names:
        raise refuse("history", None, "review_none", most=len(names))
    looked = tuple(names[-1:] if months is None else months)
    out = {one.month for one in history.marked if one.taken_out} | set(history.left_out)
    before = names[: history.before_mark()] if history.engagement_from else names
    baseline = tuple(
        name for name in before if name not in looked and name not in out and name < min(looked)
    )[-MOST_MONTHS:]
    found: list[tuple[str, str, Rate]] = []
    missing: list[str] = []
    unfit: list[str] = []
    for channel in ("", *(one.channel for one in history.by_channel)):
        counts = _counts(scenario, channel, (*baseline, *looked))
        for step in STEPS:
            if step == "order" and not channel and "carts" in history.figures():
                continue
            rate = _rate(counts.get(step), baseline, looked)
            if rate is None:
                if not channel:
                    missing.append(step)
            elif ((rate.base_of > rate.base_out_of).any()) or (rate.now_of > rate.now_out_of).any():
                if not channel:
                    unfit.append(step)
            else:
                found.append((step, channel, rate))
    prior = settings("leak")["prior_spread"]
    spreads = [spread_of(rate.base_of, rate.base_out_of, prior) for _, _, rate in found]
    chances = [
        chance_of(rate, *spread) for (_, _, rate), spread in zip(found, spreads, strict=True)
    ]
    adjusted = holm(chances)
    try:
        period = as_period(scenario, looked)
    except InputError:
        period = None
    gains = _money(scenario, looked, period, found)
    steps = [
        Step(
            step,
            channel,
            rate,
            rate.now / rate.baseline if rate.baseline > 0 else math.nan,
            chances[place],
            adjusted[place],
            adjusted[place] <= settings("leak")["family"],
            spreads[place][0],
            *gains[place],
            enough_of(rate, *spreads[place], len(found)) if say_enough else None,
            _typical(scenario, step, channel),
        )
        for place, (step, channel, rate) in enumerate(found)
    ]
    steps.sort(key=lambda one: (not one.broken, -_worth(one) if one.broken else 0.0))
    return Leaks(
        looked,
        baseline,
        tuple(steps),
        tuple(missing),
        tuple(unfit),
        _costly(scenario, looked, period),
    )


def _typical(scenario: Scenario, step: str, channel: str) -> Typical | None:
    """Return the dated benchmark of a step; that of a click-through rate is one of bought
    channels.
    """
    if step in _TYPICAL:
        return typical_of_field(scenario, _TYPICAL[step])
    bought = [one.id for one in scenario.channels if one.kind in ("cpc", "cpm")]
    if step != "ctr" or not bought or (channel and channel not in bought):
        return None
    return typical_of_field(scenario, f"channels.{channel or bought[0]}.ctr")


def _worth(step: Step) -> float:
    if step.money is not None:
        return step.money
    return step.orders or 0.0


def _counts(
    scenario: Scenario, channel: str, months: Sequence[str]
) -> dict[str, tuple[Array, Array]]:
    """Return the counts of each step by month, successes and out of how many."""

    def of(name: str) -> Array:
        return np.array(scenario.history.of(name, months, channel))

    orders, cancelled = of("orders"), of("cancelled")
    placed = orders + np.where(np.isnan(cancelled), 0.0, cancelled)
    return {
        "ctr": (of("clicks"), of("impressions")),
        "landing": (of("visits"), of("clicks")),
        "cart": (of("carts"), of("visits")),
        "checkout": (placed, of("carts")),
        "order": (orders, of("visits")),
        "paid": (orders, orders + cancelled),
        "repeat": (of("repeat_orders"), orders),
    }


def _rate(
    counts: tuple[Array, Array] | None, baseline: Sequence[str], looked: Sequence[str]
) -> Rate | None:
    """Return a step's counts where the baseline has three months of them and the months looked at
    have any; with those of the same calendar months where the baseline has each of these.
    """
    if counts is None:
        return None
    of, out_of = counts
    known = ~np.isnan(of) & ~np.isnan(out_of) & (out_of > 0)
    first = len(baseline)
    base, now = known[:first], known[first:]
    if base.sum() < FEWEST or not now.any():
        return None
    asked = {month[5:] for month, there in zip(looked, now, strict=True) if there}
    same = base & np.array([month[5:] in asked for month in baseline])
    found = {month[5:] for month, there in zip(baseline, same, strict=True) if there}
    if found != asked:
        same = np.zeros(first, bool)
    rate = Rate(
        of[:first][base],
        out_of[:first][base],
        of[first:][now],
        out_of[first:][now],
        of[:first][same],
        out_of[:first][same],
    )
    return rate if rate.base_of.sum() > 0 else None


def _money(
    scenario: Scenario,
    months: Sequence[str],
    period: Period | None,
    found: Sequence[tuple[str, str, Rate]],
) -> list[tuple[float | None, float | None]]:
    """Return what a usual month of these would gain in profit, and in orders, with each step back
    at its baseline; all steps are the paths of one call of the model.
    """
    orders = np.nansum(scenario.history.of("orders", months))
    factors = [1.0]
    for step, channel, rate in found:
        factor = _more_orders(step, rate)
        if channel:
            own = np.nansum(scenario.history.of("orders", months, channel))
            factor = 1.0 + (factor - 1.0) * (float(own / orders) if orders > 0 else 0.0)
        factors.append(factor)
    if period is None:
        return [(None, None)] * len(found)
    values = Values(period.store, commission_scale=period.commission)
    book = book_of(values, steady=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        more = steady_with_uplift(book, np.array(factors)[None, :])
        said = figures_of(values, more, more, {"steady": ["profit", "paid_orders"]})
    rows = [
        np.broadcast_to(np.asarray(said[key, "steady"], np.float64).reshape(-1), (len(factors),))
        for key in ("profit", "paid_orders")
    ]
    return [
        (_known(rows[0][place] - rows[0][0]), _known(rows[1][place] - rows[1][0]))
        for place in range(1, len(factors))
    ]


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _more_orders(step: str, rate: Rate) -> float:
    """Return what the month's orders would be multiplied by with the step back at its baseline, at
    the same counts before it.
    """
    if step == "repeat":  # new orders stay, repeat orders are a share of all
        return (1.0 - rate.now) / (1.0 - rate.baseline) if rate.baseline < 1 else 1.0
    return rate.baseline / rate.now if rate.now > 0 else math.nan


def _costly(scenario: Scenario, months: Sequence[str], period: Period | None) -> tuple[Costly, ...]:
    """Return channels whose ads cost more for an order than an order leaves before ads."""
    history = scenario.history
    if period is None:
        return ()
    values = Values(period.store, commission_scale=period.commission)
    book = book_of(values, steady=True)
    said = figures_of(values, book, book, {"steady": ["cm2", "paid_orders"]})
    cm2, orders = (
        float(np.asarray(said[key, "steady"], np.float64).reshape(-1)[0])
        for key in ("cm2", "paid_orders")
    )
    leaves = cm2 / orders if orders > 0 else math.nan
    out = []
    for one in history.by_channel:
        spend = float(np.nansum(history.of("ad_spend", months, one.channel)))
        own = float(np.nansum(history.of("orders", months, one.channel)))
        known = not np.isnan(history.of("orders", months, one.channel)).all()
        if spend > 0 and known and math.isfinite(leaves) and spend > own * leaves:
            out.append(Costly(one.channel, spend, own, leaves))
    return tuple(sorted(out, key=lambda row: row.orders * row.leaves - row.spend))
