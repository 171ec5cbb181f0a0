"""Where does it leak? Every step of the funnel against the store's own baseline, with honest noise.

A step's rate is so many of so many. Rates of months differ by more than counting: how much is read
off the store's own months, with a prior where they are few (beta-binomial). Many steps are looked
at at once: Holm's procedure keeps the chance that any unchanged step is called broken at 5 %
(data/review.toml). Where the baseline has the same calendar months, the expected rate goes part of
the way to theirs, for conversion has a season (docs/decisions/0065). What is broken is ranked by
money: what a month's profit would gain if the step were back at its baseline. Read `leaks`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.review.step_rates import (
    RISING,
    Rate,
    chance_of,
    enough_of,
    holm,
    spread_of,
)
from funnel_sim.decisions.review.usual_period import MOST_MONTHS, Period, as_period
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of, figures, figures_of, steady_with_uplift
from funnel_sim.model.values import Values
from funnel_sim.reference.benchmarks import Typical
from funnel_sim.reference.review import settings
from funnel_sim.scenario.origins import typical_of_field
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

STEPS: tuple[str, ...] = (
    "ctr",
    "landing",
    "cart",
    "checkout",
    "order",
    "paid",
    "repeat",
    "returned",
)
"""Steps from exposure to the next order; "order" is visit to order, where carts are not known;
"returned" is what comes back of the orders, where more is worse.
"""
FEWEST = 3
_TYPICAL = {
    "cart": "conversion.add_to_cart_rate",
    "order": "conversion.cvr",
    "returned": "fulfilment.return_rate",
}


@dataclass(frozen=True)
class Step:
    """One step of the store, or of one channel.

    `ratio` is the rate now over its baseline; `chance` the probability that an unchanged step has a
    rate as bad (as low; as high where more is worse); `adjusted` the same with all steps looked at
    in mind (Holm); `broken` whether it is called so. `spread` is how much the rate differs between
    months beyond counting. `money` is what a month's profit would gain if it were back at its
    baseline (None where the model cannot say), `orders` the orders (None for what is returned).
    `enough` is how many of the step's own counts a month would show a step that is 30 % worse in
    nine of ten cases, None where no number would.
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
            rate = _rate(counts.get(step), baseline, looked, rising=step in RISING)
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
    """Return the counts of each step by month, successes and out of how many; what came back of
    the orders is refunds in usual orders where only these are known.
    """

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
        "returned": (_returned(of, orders), orders),
    }


def _returned(of: Callable[[str], Array], orders: Array) -> Array:
    """Return how many orders came back a month; refunds over the month's sales of them where only
    money is known.
    """
    counted = of("returned_orders")
    with np.errstate(divide="ignore", invalid="ignore"):
        in_money = orders * of("refunds") / of("gmv")
    # one kind for all months: a share of orders and one of money are not the same
    return in_money if np.isnan(counted).all() else counted


def _rate(
    counts: tuple[Array, Array] | None,
    baseline: Sequence[str],
    looked: Sequence[str],
    *,
    rising: bool = False,
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
        rising,
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
        factor = 1.0 if step in RISING else _more_orders(step, rate)
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
        (_fewer_returns(scenario, months, period, rate), None)
        if step in RISING
        else (_known(rows[0][place] - rows[0][0]), _known(rows[1][place] - rows[1][0]))
        for place, (step, _, rate) in enumerate(found, 1)
    ]


def _fewer_returns(
    scenario: Scenario, months: Sequence[str], period: Period, rate: Rate
) -> float | None:
    """Return what a usual month would gain in profit if so much came back as at the baseline: the
    model's return rate lowered by the same factor.
    """
    if not rate.now > 0:
        return None
    # refunds that are known are in the period's return rate; without them the counts say it
    in_money = not np.isnan(scenario.history.of("refunds", months)).any()
    now = point_value(period.store.get("fulfilment.return_rate")) if in_money else rate.now
    profits = []
    for share in (now, now * rate.baseline / rate.now):
        try:
            store = period.store.replace({"fulfilment.return_rate": share})
        except InputError:  # more came back than was sold
            return None
        values = Values(store, commission_scale=period.commission)
        said = figures(values, {"steady": ["profit"]})["profit", "steady"]
        profits.append(float(np.asarray(said).reshape(-1)[0]))
    return _known(profits[1] - profits[0])


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
