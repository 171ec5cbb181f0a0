"""Whether growth is worth buying: what a customer costs by each definition, what it brings back,
and up to which budget.
"""

import datetime as dt
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.estimates import Estimate, Figure, probability, quantiles
from funnel_sim.chance.simulation import BLOCK, Simulation, simulate
from funnel_sim.chance.streams import LIVE, SamplingPlan, batches, plan_of, uniforms
from funnel_sim.decisions.economics.levers import books_at, figure_at
from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.orders import bgnbd, spend
from funnel_sim.evidence.orders.fits import Fit
from funnel_sim.evidence.orders.transactions import CountedRows, Transactions
from funnel_sim.model import retention
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import Result, book_of, evaluate
from funnel_sim.model.keys import known
from funnel_sim.model.repeat_orders import orders_at_age, worth_at_age
from funnel_sim.model.search import crossings
from funnel_sim.model.sheet import is_rounding_error, settled
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.reference.benchmarks import benchmark_spread
from funnel_sim.scenario.correlation import spearman
from funnel_sim.scenario.quantity import is_range
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.traffic import Channel
from funnel_sim.scenario.unused import unused

_WEEKS_A_MONTH = 365 / 12 / 7
_FEWEST_LINKED = 0.02  # smaller correlations have no visible effect and are left out
_STEPS = 49
_MOST = 5.0
_NEAR = 1e-4
_SAME_ORDER = 0.10  # mean order values that differ by less count as equal


@dataclass(frozen=True)
class Acquisition:
    """What one new customer costs, in the steady month: by three definitions, and by each channel
    bought; None where there is none.
    """

    paid: float | None
    blended: float | None
    loaded: float | None
    by_channel: Mapping[str, float | None]


@dataclass(frozen=True)
class Worth:
    """CAC against LTV: the point figures, the draws, and how often a customer does not pay."""

    result: Result
    simulation: Simulation
    acquisition: Acquisition
    ltv: Estimate
    ratio: Estimate
    below_one: Figure
    below_three: Figure


@dataclass(frozen=True)
class Budget:
    """CAC and LTV along the monthly ad budget, and the budget beyond which the next customer costs
    more than it brings.

    `budgets`, `cac` (of all customers bought so far), `marginal` (of the next one) are arrays of
    one shape; `ltv` per customer, None where there are no customers. `last_worth` is None where the
    next customer pays (or does not) at every budget looked at.
    """

    budgets: Array
    cac: Array
    marginal: Array
    ltv: float | None
    now: float
    last_worth: float | None


@dataclass(frozen=True)
class WatchedCustomers:
    """What the customers of a file did while they were watched, `months` on average, beside what
    the fit expects of them in the same time.

    `again` is the share of customers who bought again, `repeats` the number of their repeat orders.
    """

    months: float
    again: float
    again_expected: float
    repeats: int
    repeats_expected: float


@dataclass(frozen=True)
class Fitted:
    """What transactions say: BG/NBD in months, what customers spend (None where too few repeat),
    and how the rows were counted.

    `average` is the mean amount of all orders, net of refunds; `relative` what a repeat order is
    worth relative to it, with the error of its logarithm.
    """

    pace: Fit
    spending: Fit | None
    counted: CountedRows
    until: dt.date
    average: float
    relative: tuple[float, float] | None
    seen: WatchedCustomers

    def repeat_worth(self) -> tuple[float, float] | None:
        """Return what a repeat order is worth relative to the average order of the file, and the
        error of its logarithm; None where it is not known.

        It is the mean of all repeat orders over that of all orders. Gamma-Gamma's mean is one over
        customers, as if those who order often spent like those who order rarely; the LTV multiplies
        the number of orders, so each order must count once.
        """
        return self.relative

    def again_within(self, months: float) -> float:
        """Return the share of new customers who buy again within some months, by the fit."""
        return float(retention.bought_again(months, self.pace["r"], self.pace["alpha"]))

    def changes(self) -> dict[str, object]:
        """Return the scenario's changes: the fitted parameters as ranges as wide as their errors,
        and how they hang together.
        """
        errors = self.pace.errors
        out: dict[str, object] = {"customers.retention": "bgnbd"}
        for name, value in zip(self.pace.names, self.pace.values, strict=True):
            out[f"customers.bgnbd_{name}"] = {
                "dist": "lognormal",
                "median": value,
                "sigma": errors[name],
            }
        found = self.repeat_worth()
        if found is not None:
            out["customers.repeat_order_value"] = {
                "dist": "lognormal",
                "median": found[0],
                "sigma": found[1],
            }
        return out

    def correlations(self) -> list[dict[str, object]]:
        """Return the rank correlations of the fitted parameters, from the covariance of their
        logarithms.
        """
        out = []
        for (i, a), (j, b) in itertools.combinations(enumerate(self.pace.names), 2):
            shared = float(self.pace.covariance[i, j]) / (self.pace.errors[a] * self.pace.errors[b])
            rank = math.trunc(spearman(shared) * 1000) / 1000
            if abs(rank) >= _FEWEST_LINKED:
                out.append({"a": f"customers.bgnbd_{a}", "b": f"customers.bgnbd_{b}", "rank": rank})
        return out


@dataclass(frozen=True)
class Refused:
    """Transactions that say too little for a fit: how the rows were counted, and why."""

    counted: CountedRows
    why: InputError


def fit_transactions(found: Transactions, what: str = "transactions") -> Fitted:
    """Return the customer models that transactions support.

    Args:
        found: the transactions of a file.
        what: the name of the file, for the message.

    Raises:
        InputError: if they say too little for a model.
    """
    repeats, last, watched = found.histories()
    months = watched / _WEEKS_A_MONTH
    pace = bgnbd.fit(repeats, last / _WEEKS_A_MONTH, months, what)
    try:
        spending = spend.fit(*found.repeat_spend(), what)
    except InputError:
        spending = None
    return Fitted(
        pace,
        spending,
        found.counted,
        found.until,
        float(found.orders.amount.mean()),
        found.repeat_worth(),
        _seen(pace, repeats, months),
    )


def _seen(pace: Fit, repeats: Array, months: Array) -> WatchedCustomers:
    lengths, customers = np.unique(months, return_counts=True)
    again = retention.bought_again(lengths, pace["r"], pace["alpha"]) @ customers
    expected = retention.expected_orders(lengths, *pace.values) @ customers
    return WatchedCustomers(
        float(months.mean()),
        float((repeats > 0).mean()),
        float(again / repeats.size),
        int(repeats.sum()),
        float(expected),
    )


@dataclass(frozen=True)
class OrderGap:
    """The mean order of a file against that of the scenario, and what it does to the LTV.

    `margin` is the scenario's contribution per order that the LTV multiplies; `margin_there` the
    same with as many units per order as bring the file's mean order.
    """

    of_file: float
    of_scenario: float
    margin: float
    margin_there: float

    @property
    def too_high(self) -> float | None:
        """By which share the LTV is too high (below 0: too low); None where a share says nothing,
        for an order brings no margin.
        """
        return (
            self.margin / self.margin_there - 1 if min(self.margin, self.margin_there) > 0 else None
        )


def order_gap(result: Result, average: float) -> OrderGap | None:
    """Return how the mean order of a file differs from the scenario's; None where it does by a
    tenth at most, or there are no orders.

    Args:
        result: the scenario's figures.
        average: the mean order of the file [sales currency].
    """
    now = result.steady["aov"]
    if not now or abs(average / now - 1) <= _SAME_ORDER:
        return None
    basis = result.scenario.customers.ltv_basis

    def at(settings: Array) -> tuple[Array, Array]:
        book = books_at(result.scenario, {"aov": settings})
        orders, margin = (
            figure_at(book, "paid_orders", settings.size),
            figure_at(book, basis, settings.size),
        )
        return figure_at(book, "aov", settings.size), margin / orders

    # the order value is linear in the factor: units per order grow with it, the shipping charged
    # stays
    order, _ = at(np.array([1.0, 2.0]))
    if is_rounding_error(
        order[1] - order[0], order[0]
    ):  # goods at a price of zero: more units make no larger order value
        return None
    _, margins = at(np.array([1.0, max(0.0, 1 + (average - order[0]) / (order[1] - order[0]))]))
    return OrderGap(average, now, float(margins[0]), float(margins[1]))


def wide_prior(scenario: Scenario) -> Scenario | None:
    """Return a scenario whose repurchase rate is as wide as stores differ, for when records say too
    little; None where it is a range already, or zero.

    The rate's own value stays likely; P10 and P90 lie relative to it as the lowest and the highest
    benchmark of repurchase lie relative to their median. Raises nothing. Source: the rows
    `repeat_purchase_rate` of the benchmark table.
    """
    own = scenario.customers.repeat_probability
    if scenario.customers.retention != "constant" or is_range(own) or not _point(own) > 0:
        return None
    low, middle, high = benchmark_spread("repeat_purchase_rate")
    likely = _point(own)
    shape = {
        "dist": "pert",
        "low": likely * low / middle,
        "likely": likely,
        "high": likely * high / middle,
        "meaning": "p80",
    }
    try:
        return scenario.replace({"customers.repeat_probability": shape})
    except InputError:  # P90 would exceed a probability of 1: the widest range that is possible
        return None


def with_fit(scenario: Scenario, fitted: Fitted) -> Scenario:
    """Return a scenario whose customers come back as the transactions say, as uncertain as the fit
    is.

    Args:
        scenario: the store and its plan, as typed.
        fitted: the customer models of a file.
    """
    kept = [
        one.model_dump()
        for one in scenario.chance.correlations
        if not one.a.startswith("customers.bgnbd_")
    ]
    return scenario.replace(
        fitted.changes() | {"chance.correlations": [*kept, *fitted.correlations()]}
    )


def customer_worth(scenario: Scenario, paths: int | None = None) -> Worth:
    """Return CAC against LTV of the steady month with its interval, and the probability of a ratio
    below 1 and below 3.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; the scenario's own where None.
    """
    result = evaluate(scenario)
    drawn = simulate(scenario, [], steady=["ltv", "ltv_cac", "payback_months"], paths=paths)
    ratio, sets = drawn.of("ltv_cac", "steady"), drawn.plan.replicates
    nowhere = bool(np.isnan(ratio).all())
    return Worth(
        result,
        drawn,
        _acquisition(result),
        drawn.estimate("ltv", "steady"),
        drawn.estimate("ltv_cac", "steady"),
        _probability(ratio < 1, sets, nowhere),
        _probability(ratio < 3, sets, nowhere),
    )


def _probability(met: Any, sets: int, nowhere: bool) -> Figure:
    """Return a probability; NaN where no draw has the figure."""
    return Figure(math.nan, math.nan, sets) if nowhere else probability(met, sets)


def _acquisition(result: Result) -> Acquisition:
    scenario, taxed = result.scenario, 1 + (result.steady["ads_tax"] or 0.0)
    by_channel: dict[str, float | None] = {}
    for channel in scenario.channels:
        flow = result.channels[channel.id]
        orders, spent = flow["orders"], flow["spend"]
        if channel.kind in ("cpc", "cpm") or (
            channel.kind == "orders" and _bought(channel) and spent
        ):
            by_channel[channel.id] = (
                spent * taxed / orders if orders and spent is not None else None
            )
        elif channel.kind == "share":
            by_channel[channel.id] = (
                _point(channel.affiliate_rate) * (result.steady["order_gross"] or 0.0)
                if orders
                else None
            )
    return Acquisition(
        result.steady["cac"], result.steady["blended_cac"], result.steady["loaded_cac"], by_channel
    )


def _point(value: Any) -> float:
    return float(getattr(value, "point", value))


def _bought(channel: Channel) -> bool:
    """Say whether a channel of typed orders has ad spend: how its orders go with a budget is then
    not known.
    """
    return any(
        _point(value)
        for value in (
            channel.known_spend,
            channel.cost_per_order,
            channel.acos_rate,
            channel.tacos_rate,
        )
    )


def budget_curve(scenario: Scenario) -> Budget | None:
    """Return CAC and LTV along the ad budget, from a twentieth to five times the current one; None
    without bought traffic, or where its clicks are not known.

    LTV is at the contribution before ads, so a customer pays as long as the next one costs at most
    that.
    """
    here = books_at(scenario, {})
    now = float(figure_at(here, "media_spend", 1)[0])
    if not now > 0 or any(
        channel.kind == "orders" and _bought(channel) for channel in scenario.channels
    ):
        return None
    scale = np.geomspace(1 / 20, _MOST, _STEPS)
    ltv = float(figure_at(here, "ltv", 1)[0])

    def at(scales: Array) -> tuple[Array, Array]:
        book = books_at(scenario, {"ad_budget": scales})
        return figure_at(book, "ad_spend", scales.size), figure_at(
            book, "paid_channel_orders", scales.size
        )

    def next_one(scales: Array) -> Array:
        """Return what the next customer costs: by a small step to either side of each budget."""
        (less, fewer), (more, further) = at(scales * (1 - _NEAR)), at(scales * (1 + _NEAR))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((more - less) / settled(further, -fewer))

    spent, bought = at(scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        cac = spent / bought
    marginal = next_one(scale)
    if not math.isfinite(ltv):
        return Budget(now * scale, cac, marginal, None, now, None)
    roots, _ = crossings(
        lambda scales, which: (ltv - next_one(scales.reshape(-1))).reshape(scales.shape), [scale]
    )
    return Budget(
        now * scale, cac, marginal, ltv, now, now * float(roots[0]) if roots.size else None
    )


@dataclass(frozen=True)
class Backtest:
    """What a fit to the first weeks expected of the time after them, with and without the season,
    and what came.
    """

    actual: int
    expected: float
    without_season: float

    @property
    def miss(self) -> float:
        """By which share the expectation missed what came."""
        return self.expected / self.actual - 1


def backtest(found: Transactions, weeks: float, season: Sequence[float]) -> Backtest:
    """Return a fit to the first weeks held against the orders after them.

    The model knows no season: what it expects of a month is multiplied by the month's index over
    that of the orders it was fitted on (their harmonic mean).

    Args:
        found: the transactions of a file.
        weeks: how long the fit sees [weeks].
        season: twelve indices of mean 1 by calendar month [1].

    Raises:
        InputError: if the first weeks say too little, or no orders came later.
    """
    repeats, last, watched = found.histories(weeks)
    fitted = bgnbd.fit(repeats, last, watched)
    first_out = int(weeks * 7)
    later = int((found.orders.day >= first_out).sum())
    if not later:
        raise refuse("transactions", None, "no_later_orders")
    days = pd.date_range(pd.Timestamp(found.first_day) + pd.Timedelta(days=first_out), found.until)
    ends = [i + 1 for i, day in enumerate(days) if day.is_month_end or i == len(days) - 1]
    upto = np.array(
        [
            0.0,
            *(
                float(bgnbd.expected_next(end / 7, repeats, last, watched, fitted).sum())
                for end in ends
            ),
        ]
    )
    index = np.array([season[days[end - 1].month - 1] for end in ends])
    seen = found.orders[
        (found.orders.day < first_out)
        & (found.orders.day > found.orders.customer.map(found.orders.groupby("customer").day.min()))
    ]
    months = (pd.Timestamp(found.first_day) + pd.to_timedelta(seen.day, unit="D")).dt.month
    usual = len(months) / float((1 / np.asarray(season)[months - 1]).sum())
    return Backtest(later, float((np.diff(upto) * index).sum()) / usual, float(upto[-1]))


@dataclass(frozen=True)
class Contribution:
    """What one new customer has brought by the end of its months 1, 2, 3 … (1: that of the first
    order), against what it cost: percentiles over the ranges.

    `cumulative` has shape (P10 P50 P90, months of the LTV horizon), undiscounted; `cac` its P10,
    P50, P90, `stated` its value at likely inputs, which is the one that is told everywhere;
    `paid_back` the share of draws in which the customer has paid for itself by each month.
    """

    cumulative: Array
    cac: Array
    paid_back: Array
    stated: float


_BAND = (0.1, 0.5, 0.9)


def contribution(scenario: Scenario, paths: int = LIVE) -> Contribution | None:
    """Return a customer's cumulative contribution margin 2 against its paid CAC; None without
    bought customers.

    Args:
        scenario: the store and its plan, as typed.
        paths: how many draws; with as many as `customer_worth` has they are the same ones, so
            that the probabilities of both belong together.
    """
    plan = plan_of(paths, scenario.chance.seed)
    wanted = leading_to(frozenset({"cm2", "paid_orders", "cac"}))
    wholes, costs = [], []
    for given, size in _drawn(Sources(scenario), plan):
        values = Values(scenario, given)
        book = book_of(values, steady=True, wanted=wanted)
        if (
            known(book, "paid_channel_orders") is None
        ):  # ad spend typed as a share of all sales: which customers it brought is not known
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            margin = _paths(np.asarray(book["cm2"]) / np.asarray(book["paid_orders"]), size)
            cac = _paths(
                np.asarray(book["ad_spend"]) / np.asarray(book["paid_channel_orders"]), size
            )
        finite = np.isfinite(cac) & np.isfinite(margin)
        ages = np.stack(
            [_paths(age, size) for age in worth_at_age(scenario.customers, values.symbols)]
        )
        wholes.append((np.cumsum(ages, axis=0) * margin)[:, finite])
        costs.append(cac[finite])
    cost = np.concatenate(costs)
    if not cost.size:
        return None
    months = len(wholes[0])
    cumulative, paid = np.empty((len(_BAND), months)), np.empty(months)
    for month in range(months):
        brought = np.concatenate([block[month] for block in wholes])
        cumulative[:, month] = quantiles(brought, _BAND)
        paid[month] = (brought >= cost).mean()
    band = quantiles(cost, _BAND)
    stated = evaluate(scenario).steady["cac"]
    return Contribution(cumulative, band, paid, float(band[1]) if stated is None else stated)


def _drawn(sources: Sources, plan: SamplingPlan) -> Iterator[tuple[dict[str, Array], int]]:
    """Yield the ranges of a plan's paths block by block, and how many paths those are: the months
    of all paths at once would take hundreds of megabytes.
    """
    for which in batches(plan):
        given, paths = sources.values(uniforms(plan, which, sources.inputs)), len(which)
        for start in range(0, paths * plan.points, BLOCK):
            size = min(BLOCK, paths * plan.points - start)
            yield {path: one[start : start + size] for path, one in given.items()}, size


def _paths(value: Any, paths: int) -> Array:
    return np.array(np.broadcast_to(np.asarray(value, dtype=np.float64).reshape(-1), (paths,)))


def cohort_orders(scenario: Scenario, result: Result) -> Array:
    """Return the orders of each month's new customers in each month of the horizon, at the point
    values.

    Args:
        scenario: the store and its plan, as typed.
        result: its figures.

    Returns:
        Orders, shape (cohorts, months); NaN before a cohort came.
    """
    months = scenario.plan.horizon_months
    new = np.asarray(result.monthly["new_customers"])
    base = Values(scenario)
    ages = [
        float(np.asarray(age).reshape(-1)[0])
        for age in orders_at_age(scenario.customers, base.symbols, months)
    ]
    out = np.full((months, months), np.nan)
    for cohort in range(months):
        for month in range(cohort, months):
            out[cohort, month] = new[cohort] * ages[month - cohort]
    return out


@dataclass(frozen=True)
class Gain:
    """What a small step of a lever is worth: profit of a steady month and LTV, with it less without
    it.

    `endless`: with the step the store would grow (nearly) for ever, so that no figure is
    believable.
    """

    key: str
    step: float
    profit: float | None
    ltv: float | None
    endless: bool = False


_GAINS: tuple[tuple[str, str, float], ...] = (
    ("repeat", "customers.repeat_probability", 0.01),
    ("referral", "customers.referral", 0.01),
)
_MORE_SENDS = 1000.0
MOST_BROUGHT = 100.0
"""Orders that one first order may bring in the long run, 1 / (1 − p − q) with a constant
probability; with more, a gain is not believable.
"""


def gains(scenario: Scenario) -> list[Gain]:
    """Return what one point more of repurchase or referral, and a thousand more messages to the own
    list, are worth.
    """
    steps = [(key, path, step) for key, path, step in _GAINS if not unused(scenario, path)]
    steps += [
        (f"sends.{c.id}", f"channels.{c.id}.impressions", _MORE_SENDS)
        for c in scenario.channels
        if c.kind == "list"
    ]
    out = []
    for key, path, step in steps:
        try:
            after = evaluate(scenario.replace({path: _point(scenario.get(path)) + step})).steady
            least = evaluate(
                scenario.replace({path: _point(scenario.get(path))})
            ).steady  # a range becomes its point value, so that both results are plain numbers
        except (
            InputError
            # a step beyond a probability of 1: everybody would come back, or bring another
            # customer, for ever
        ):
            out += [] if key.startswith("sends.") else [Gain(key, step, None, None, endless=True)]
            continue
        if after["paid_orders"] is None or after["paid_orders"] > MOST_BROUGHT * (
            after["first_orders"] or math.inf
        ):
            out.append(Gain(key, step, None, None, endless=True))
            continue
        profit, ltv = (
            (
                None
                if after[name] is None or least[name] is None
                else (after[name] or 0.0) - (least[name] or 0.0)
            )
            for name in ("profit", "ltv")
        )
        out.append(Gain(key, step, profit, ltv))
    return out
