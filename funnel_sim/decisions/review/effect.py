"""Is it the agency's doing? What came since the mark against what the store would have done alone.

Alone is the outlook from the months before the mark, the one of the KPI check, at the season and
the ad budget of the months that came. What came over it is the effect, told with the outlook's
80 % interval. Whether "it worked" allows for more than the interval: for what no history foretells
and for a season that the months have not shown (data/review.toml, docs/decisions/0058), so that it
is said of at most one store in twenty where nothing was done. Read `measured`, then `effect_of`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import qmc

from funnel_sim.chance import history as chance_history
from funnel_sim.decisions.quote.effect import arrival
from funnel_sim.decisions.review.ad_budget import AdBudget, ad_budget
from funnel_sim.decisions.review.ending import Ending, ending_of
from funnel_sim.errors import refuse
from funnel_sim.evidence.store.outlook import FEWEST_MONTHS, outlook
from funnel_sim.model.arrays import Array
from funnel_sim.reference.review import settings
from funnel_sim.scenario import effects
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.quote_effect import Service
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import Marked

PATHS = 4096
BAND = (0.1, 0.5, 0.9)
_EDGE = 1e-12
_LEAST = 0.25  # a count of none, where a logarithm is needed
_KERNEL = 0.9  # Silverman's rule
_BLOCK = 2048  # effects whose likelihood is worked out at once: 8 MB an array

Verdict = Literal["worked", "harmed", "not_yet", "few", "no_baseline", "no_months"]


@lru_cache(maxsize=32)
def _points(dimensions: int) -> Array:
    points = qmc.Sobol(dimensions, scramble=True, rng=1).random(PATHS).T
    return np.clip(points, _EDGE, 1 - _EDGE)


@dataclass(frozen=True)
class Measured:
    """What months since a mark say: the store `alone` by month (P10 P50 P90, months), the effect in
    each month and in all (`whole`: low, middle, high of the 80 % interval), as relative changes.

    `above_zero` is the probability that the effect is above zero, from these months alone; `belief`
    are draws of the full effect once the sceptical prior was moved by them; `arrived` is the share
    of the full effect that these months should have; `verdict` is what may be said, `needed` how
    many more months like these would be needed to tell, 0 where it is told, None where no number
    of months looked at would do: `least` is then the smallest effect that would be told of any of
    them, above or below zero as what came.
    """

    alone: Array
    by_month: Array
    whole: tuple[float, float, float]
    extra: tuple[float, float, float]
    above_zero: float
    belief: Array
    verdict: Verdict
    needed: int | None
    logs: Array = field(repr=False)
    spread: float = 0.0
    arrived: float = 1.0
    least: float | None = None

    def reaches(self, promise: float, arrived: float = 1.0) -> float:
        """Return the probability that the effect is at least a promise.

        Args:
            promise: the effect promised, relative to the store alone [fraction].
            arrived: how much of it should have arrived in these months [fraction].

        Returns:
            A probability, 0 to 1.
        """
        return _above(self.logs - math.log1p(promise * arrived), self.spread)


def measured(
    before: Sequence[float] | Array,
    came: Sequence[float] | Array,
    *,
    factors: Sequence[float] | Array | None = None,
    arrived: Sequence[float] | Array | None = None,
    counts: float | None = None,
    seasoned: bool = False,
    prior: Array | None = None,
    look_ahead: bool = True,
) -> Measured:
    """Return what came since a mark against what the months before it let expect.

    Args:
        before: one number a month up to the mark, shape (months,), NaN where not known; three known
            ones at least.
        came: one number a month from the mark on, NaN where it is not known or taken out.
        factors: what each of them is multiplied by if the store is alone (another ad budget, a
            typed season).
        arrived: the share of the full effect that each month has.
        counts: orders per unit of the figure: small numbers are uncertain by themselves; 1 for
            orders, None where the figure is no count and orders are not known.
        seasoned: the season is known though less than a year was seen.
        prior: draws of the effect before these months, as multipliers; None: the sceptical one.
        look_ahead: whether to say how many more months are needed.

    Raises:
        InputError: fewer than three months before, or only zeros.

    >>> found = measured([100.0, 104, 98, 101, 97, 103] * 4, [150.0, 148, 155])
    >>> found.verdict, 0.4 < found.whole[1] < 0.6
    ('worked', True)
    >>> measured([100.0, 60, 140], [110.0]).verdict
    'not_yet'
    """
    told = settings("effect")
    seen, since = np.asarray(before, np.float64), np.asarray(came, np.float64)
    ahead = since.size
    scale = np.ones(ahead) if factors is None else np.asarray(factors, np.float64)
    most = int(told["longest"]) if look_ahead else ahead
    points = _points(max(ahead, most) + 1)
    found = outlook(seen, max(ahead, most), where="history")
    # what is expected: the chance of small counts is added below, that of breaks in `_above`
    months = found.draws(points[0], ndtri(points[1:]), chance=False)
    kept = ~np.isnan(since)
    if not kept.any():
        raise refuse("history", None, "review_none", most=most)
    alone_months = months[:ahead] * scale[:, None]
    total, whole_came = alone_months[kept].sum(axis=0), float(since[kept].sum())
    known = int(np.count_nonzero(~np.isnan(seen)))
    whole_year = seasoned or known >= told["year"]
    spread = told["seen_season"] if whole_year else told["unseen_season"]
    counted = None if counts is None else float(np.nansum(seen)) * counts
    least = _LEAST / counts if counts else _EDGE
    taken = max(whole_came, least)
    logs = math.log(taken) - _counted(np.log(total), counted, counts)
    above = _above(logs, spread)
    few = counted is not None and min(counted, whole_came * (counts or 1.0)) < told["fewest_counts"]
    verdict = _verdict(above, few=few)
    low, middle, high = (float(np.expm1(one)) for one in np.quantile(logs, BAND))
    by_month = np.array(
        [
            _beside(float(since[i]), alone_months[i]) if kept[i] else [np.nan] * 3
            for i in range(ahead)
        ]
    ).T
    if int(kept.sum()) == 1:  # one month is all of them: one interval, small counts in it
        by_month[:, int(np.flatnonzero(kept)[0])] = low, middle, high
    extra = np.quantile(whole_came - taken * np.exp(-logs), BAND)
    share = np.ones(ahead) if arrived is None else np.asarray(arrived, np.float64)
    middle_alone = np.median(alone_months, axis=1)
    reached = float((share * middle_alone)[kept].sum() / middle_alone[kept].sum())
    needed: int | None = 0 if verdict in ("worked", "harmed") else None
    least_told: float | None = None
    if needed is None and look_ahead:
        needed = _needed(months, scale, kept, middle, spread, counted, counts)
        if needed is None:
            least_told = _least_told(months, scale, kept, middle, spread)
    return Measured(
        np.quantile(alone_months, BAND, axis=1),
        by_month,
        (low, middle, high),
        (float(extra[0]), float(extra[1]), float(extra[2])),
        above,
        _moved(logs, spread, reached, prior),
        verdict,
        needed,
        logs,
        spread,
        reached,
        least_told,
    )


def _beside(came: float, alone: Array) -> Array:
    """Return how far a month lies above what the store alone sells, as the quantiles of `BAND`:
    infinite where it sells nothing in these futures, none where neither sells.

    >>> _beside(2.0, np.zeros(9)).tolist(), _beside(0.0, np.zeros(9)).tolist()
    ([inf, inf, inf], [0.0, 0.0, 0.0])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where((alone == 0) & (came == 0), 1.0, came / alone)
        found = np.quantile(ratio - 1.0, BAND)
    return np.where(np.isnan(found), np.inf, found)  # between two that are infinite


def _counted(logs: Array, counted: float | None, counts: float | None) -> Array:
    """Return log totals with the chance of small counts: of the level that was read off so many
    orders (gamma), and of the orders to come (Poisson).
    """
    if counted is None or counts is None:
        return logs
    rng = np.random.default_rng(1)
    level = rng.gamma(counted + 0.5, 1.0 / (counted + 0.5), logs.size)
    expected = np.exp(logs) * counts * level
    orders = np.where(
        expected < _MANY,
        rng.poisson(np.minimum(expected, _MANY)),
        expected + np.sqrt(expected) * rng.standard_normal(logs.size),
    )
    return np.asarray(np.log(np.maximum(orders, _LEAST) / counts))


_MANY = 1e7


def _above(logs: Array, spread: float) -> float:
    """Return the probability that log effects are above zero, allowing for a season not seen and
    for a break that no history foretells.
    """
    told = settings("effect")
    usual = float(ndtr(logs / spread).mean())
    broken = float(ndtr(float(np.median(logs)) / told["break_spread"]))
    return (1.0 - told["break_share"]) * usual + told["break_share"] * broken


def _verdict(above: float, *, few: bool) -> Verdict:
    bound = settings("effect")["told"]
    if few:
        return "few"
    return "worked" if above >= bound else "harmed" if above <= 1.0 - bound else "not_yet"


def likelihood(found: "Measured", multipliers: Array) -> Array:
    """Return how likely each of some effects makes what came, up to a factor that is common to all.

    Args:
        found: what was measured, with the share of the effect that had arrived.
        multipliers: effects as multipliers of sales, of any shape.

    Returns:
        Densities of the shape of `multipliers`; all alike where nothing had arrived.
    """
    if found.arrived <= 0:
        return np.ones_like(multipliers)
    weight = _log_likelihood(found.logs, found.spread, found.arrived, multipliers.reshape(-1))
    return np.asarray(np.exp(weight - weight.max()).reshape(multipliers.shape))


def _log_likelihood(logs: Array, spread: float, reached: float, start: Array) -> Array:
    some = logs[:: max(1, logs.size // 512)]
    width = max(_KERNEL * float(logs.std()) * logs.size**-0.2, spread)
    shift = np.log1p((start - 1.0) * reached)
    out = np.empty(start.size)
    for first in range(0, start.size, _BLOCK):
        rows = slice(first, first + _BLOCK)
        gap = some[None, :] - shift[rows, None]
        out[rows] = logsumexp(-0.5 * np.square(gap / width), axis=1)
    return out


def _moved(logs: Array, spread: float, reached: float, prior: Array | None) -> Array:
    """Return draws of the effect after the months: the prior's, weighed by how likely each makes
    what came.
    """
    start = np.array(effects.sceptical().values) if prior is None else np.asarray(prior, np.float64)
    if reached <= 0:
        return start - 1.0
    weight = _log_likelihood(logs, spread, reached, start)
    return _weighted_quantiles(start - 1.0, np.exp(weight - weight.max()))


def _weighted_quantiles(values: Array, weight: Array) -> Array:
    """Return as many equally likely draws as there are weighed values, without the steps between
    these: the weight of each is spread to half way to its neighbours, more of it on the nearer
    side, so that each keeps its place on average and the mean stays.

    >>> _weighted_quantiles(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])).round(3).tolist()
    [0.667, 1.0, 1.333]
    """
    order = np.argsort(values, kind="stable")
    middle, share = values[order], weight[order] / weight.sum()
    half = np.diff(middle) / 2.0
    below, above = np.concatenate([[0.0], half]), np.concatenate([half, [0.0]])
    both = below + above
    left = np.where(both > 0, above / np.where(both > 0, both, 1.0), 0.5) * share
    mass = np.stack([left, share - left], axis=1).ravel()
    start = np.stack([middle - below, middle], axis=1).ravel()
    end = np.stack([middle, middle + above], axis=1).ravel()
    some = mass > 0
    mass, start, end = mass[some], start[some], end[some]
    reached = np.concatenate([[0.0], np.cumsum(mass)])
    area = np.concatenate([[0.0], np.cumsum(mass * (start + end) / 2.0)])
    edges = np.linspace(0.0, float(reached[-1]), values.size + 1)
    at = np.clip(np.searchsorted(reached, edges, side="right") - 1, 0, mass.size - 1)
    into = edges - reached[at]
    total = area[at] + into * (start[at] + (end[at] - start[at]) * into / mass[at] / 2.0)
    return np.asarray(np.sort(np.diff(total) * values.size))


def _needed(
    months: Array,
    scale: Array,
    kept: Array,
    middle: float,
    spread: float,
    counted: float | None,
    counts: float | None,
) -> int | None:
    """Return how many more months with the same effect would let it be told, None where none of
    the months looked at do.
    """
    told = settings("effect")
    ahead = scale.size
    so_far = (months[:ahead] * scale[:, None])[kept].sum(axis=0)
    last = float(scale[-1])
    for more in range(1, months.shape[0] - ahead + 1):
        total = so_far + months[ahead : ahead + more].sum(axis=0) * last
        came = float(np.median(total)) * (1.0 + middle)
        logs = math.log(max(came, _EDGE)) - _counted(np.log(total), counted, counts)
        few = counted is not None and min(counted, came * (counts or 1.0)) < told["fewest_counts"]
        if _verdict(_above(logs, spread), few=few) in ("worked", "harmed"):
            return more
    return None


def _least_told(
    months: Array, scale: Array, kept: Array, middle: float, spread: float
) -> float | None:
    """Return the smallest effect of the sign of what came that any number of months looked at
    would tell; None where none would.
    """
    ahead = scale.size
    sums = (months[:ahead] * scale[:, None])[kept].sum(axis=0) + np.cumsum(
        months[ahead:] * float(scale[-1]), axis=0
    )
    logs = [math.log(float(np.median(one))) - np.log(one) for one in sums]
    sign = 1.0 if middle >= 0 else -1.0

    def told(size: float) -> bool:
        return any(_verdict(_above(one + sign * size, spread), few=False) != "not_yet"
                   for one in logs)  # fmt: skip

    low, high = 0.0, math.log(_WIDEST)
    if not logs or not told(high):
        return None
    for _ in range(_HALVINGS):
        half = (low + high) / 2.0
        low, high = (low, half) if told(half) else (half, high)
    return math.expm1(sign * high)


_WIDEST = 10.0  # times the store alone, beyond which no effect is looked for
_HALVINGS = 12


# ---- of a scenario


@dataclass(frozen=True)
class Effect:
    """Whether it is the agency's doing, from a scenario's series.

    `figure` is what was looked at; `months` those since the mark, `came` their figures; `known`
    counts the months before the mark. `taken_out` are months that an event or the user takes out,
    `mentioned` events that are only told; `ads` what each month's alone is multiplied by for the ad
    spend of that month, None where ad spend is not known on both sides or what ads sell nowhere.
    `promise` is the claim, `reached` the probability that it is reached. `found` is None where
    nothing could be measured: `verdict` says why. `ended` is how the contract ended before the last
    month: what came after is nobody's effect and not judged; None where it runs on.
    """

    figure: str
    months: tuple[str, ...]
    came: tuple[float, ...]
    known: int
    verdict: Verdict
    found: Measured | None
    taken_out: tuple[str, ...]
    mentioned: tuple[Marked, ...]
    ads: AdBudget | None
    promise: float | None
    reached: float | None
    ended: Ending | None = None

    @property
    def not_judged(self) -> tuple[str, ...]:
        """The months since the mark that the effect leaves out."""
        return self.taken_out + (() if self.ended is None else self.ended.after)

    @property
    def budget(self) -> tuple[float, ...] | None:
        """What each month's alone is multiplied by for its ad spend; None where not adjusted."""
        return None if self.ads is None else self.ads.factors


def effect_of(scenario: Scenario, option: Option | None = None) -> Effect:
    """Return the effect since the mark.

    Args:
        scenario: the store with its series of months.
        option: whose effect it is (its claim, service and ramp); the scenario's promise where None.

    Raises:
        InputError: if no month is marked as the engagement's first.
    """
    history = scenario.history
    if not history.engagement_from:
        raise refuse("history.engagement_from", None, "review_no_mark")
    months = tuple(history.engaged())
    ended = ending_of(scenario, option)
    after = set() if ended is None else set(ended.after)
    out = {one.month for one in history.marked if one.taken_out} | set(history.left_out) | after
    mentioned = tuple(one for one in history.marked if not one.taken_out and one.month in months)
    claim = scenario.promise.claimed if option is None else option.claimed
    figure, before = _before(scenario, out)
    came = np.array(history.of(figure, months))
    judged = np.where([month in out for month in months], np.nan, came)
    known = int(np.count_nonzero(~np.isnan(before)))
    gone = tuple(month for month in months if month in out - after)

    def without(verdict: Verdict) -> Effect:
        return Effect(
            figure, months, tuple(came.tolist()), known, verdict, None,
            gone, mentioned, None, claim, None, ended,
        )  # fmt: skip

    if known < FEWEST_MONTHS or not np.nansum(before) > 0:
        return without("no_baseline")
    if not months or np.isnan(judged).all():
        return without("no_months")
    if len(months) > settings("effect")["longest"]:
        raise refuse(
            "history.engagement_from",
            len(months),
            "review_long",
            most=int(settings("effect")["longest"]),
        )
    season = _typed_season(scenario, known)
    factors = np.array([_index(season, month) for month in months])
    names = history.names()
    first = [_index(season, name) for name in names[: len(before)]]
    first += [1.0] * (len(before) - len(first))
    ads = ad_budget(scenario, months, out)
    if ads is not None:
        factors = factors * np.array(ads.factors)
    arrived, service = _arrived(scenario, option, len(months)), _service(option)
    found = measured(
        before / np.array(first),
        judged,
        factors=factors,
        arrived=arrived,
        counts=_counts(scenario, figure, before),
        seasoned=season is not None,
        prior=np.array(effects.sceptical(service, scenario.as_of).values),
    )
    weight = np.where(np.isnan(judged), 0.0, found.alone[1])
    share = float((weight * arrived).sum() / weight.sum()) if weight.sum() > 0 else 1.0
    return Effect(
        figure,
        months,
        tuple(came.tolist()),
        known,
        found.verdict,
        found,
        gone,
        mentioned,
        ads,
        claim,
        None if claim is None else found.reaches(claim, share),
        ended,
    )


def _service(option: Option | None) -> Service:
    return "full" if option is None else option.service


def _before(scenario: Scenario, out: set[str]) -> tuple[str, Array]:
    """Return the figure to look at and its months before the mark: the first of GMV and orders with
    enough of them.
    """
    names = scenario.history.names()
    found: list[tuple[str, Array]] = []
    for figure in chance_history.FIGURES:
        values = chance_history.used_months(scenario, figure)
        gone = [name in out for name in names[: values.size]]
        gone += [False] * (values.size - len(gone))
        values = np.where(gone, np.nan, values)
        found.append((figure, values))
    for figure, values in found:
        if np.count_nonzero(~np.isnan(values)) >= FEWEST_MONTHS:
            return figure, values
    return max(found, key=lambda one: int(np.count_nonzero(~np.isnan(one[1]))))


def _counts(scenario: Scenario, figure: str, before: Array) -> float | None:
    """Return the orders per unit of a figure before the mark; None where orders are not known."""
    if figure == "orders":
        return 1.0
    orders = chance_history.used_months(scenario, "orders")
    if orders.size != before.size:
        return None
    both = ~np.isnan(orders) & ~np.isnan(before)
    value = float(before[both].sum())
    return float(orders[both].sum()) / value if value > 0 else None


def _typed_season(scenario: Scenario, known: int) -> Sequence[float] | None:
    """Return the season that was typed, where the months before show none of their own."""
    season = scenario.plan.season
    flat = all(one == season[0] for one in season) or min(season) <= 0
    return None if known >= settings("effect")["year"] or flat else season


def _index(season: Sequence[float] | None, month: str) -> float:
    return 1.0 if season is None else season[int(month[5:]) - 1]


def _arrived(scenario: Scenario, option: Option | None, months: int) -> Array:
    """Return the share of the effect that each month of the engagement has."""
    if option is None:
        option = Option(id="a", ramp=scenario.promise.promise_ramp)
    return np.asarray(arrival(option, point_value(option.ramp), months), np.float64).reshape(-1)


# ---- a sudden drop


@dataclass(frozen=True)
class Drop:
    """A month against all the months before it: what was to be expected (P10 P50 P90), the
    probability that chance alone brings less (`below`), and whether it is a signal.
    """

    figure: str
    month: str
    came: float
    expected: tuple[float, float, float]
    below: float
    signal: bool


def drop(scenario: Scenario, month: str) -> Drop | None:
    """Return whether a month is out of line with all months before it, whoever ran the store; None
    where fewer than three are known, or the month is not.

    Args:
        scenario: the store with its series of months.
        month: its name, such as "2026-03".

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {"history.first_month": "2026-01", "history.seen_orders": [100.0, 96, 103, 99, 40]}
        ... )
        >>> drop(store, "2026-05").signal, drop(store, "2026-04").signal
        (True, False)
    """
    history = scenario.history
    names = history.names()
    if month not in names:
        return None
    place = names.index(month)
    for figure in chance_history.FIGURES:
        values = np.array(history.of(figure, names))
        values[[name in history.left_out for name in names]] = np.nan
        came = history.of(figure, [month])[0]
        before = values[:place]
        if np.count_nonzero(~np.isnan(before)) < FEWEST_MONTHS or math.isnan(came):
            continue
        found = outlook(before, 1, where="history")
        low, middle, high = (float(one) for one in found.quantiles(BAND, 1)[:, 0])
        below = found.below(1, max(came, _EDGE))
        edge = 1.0 - settings("drop")["told"]
        return Drop(figure, month, came, (low, middle, high), below, below <= edge)
    return None
