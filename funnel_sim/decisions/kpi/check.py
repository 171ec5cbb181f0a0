"""Is this KPI realistic?

The probability of each KPI and of all together, month by month, and the target that would have a
good one, where one is worth asking for.

One simulation for each effect that may be believed (none, the sceptical one, the claimed one), all
on the same draws. What the headline rests on is chosen in `promise.believed`; the others stand
beside it. Read `check` from top to bottom.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance import history, operational
from funnel_sim.chance.estimates import Figure, probability, quantile, quantiles
from funnel_sim.chance.simulation import Futures, Simulation, simulate
from funnel_sim.chance.streams import SamplingPlan, uniforms
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.growth import SHIFTED, UsualLevel, at_usual, level_of, own_levels
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import Basis
from funnel_sim.model.economics import figures
from funnel_sim.model.metrics import FLOWS, less_is_better
from funnel_sim.model.periods import Over
from funnel_sim.model.sheet import known_or_none
from funnel_sim.model.values import Values
from funnel_sim.scenario import effects
from funnel_sim.scenario.kpis import LESS_IS_BETTER, OPERATIONAL, STEADY_METRICS, Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

Belief = Literal["none", "sceptical", "claimed"]
BELIEFS: tuple[Belief, ...] = ("none", "sceptical", "claimed")
KpiVerdict = Literal["safe", "realistic", "stretch", "unrealistic"]
BAND = (0.1, 0.5, 0.9)
OFFERED: tuple[float, ...] = (0.5, 0.7, 0.8, 0.9)
"""Probabilities for which a counter-offer is made."""
_BREAK_EVEN: dict[str, str] = {
    "acos": "break_even_acos",
    "tacos": "break_even_acos",
    "roas": "break_even_roas",
    "mer": "break_even_roas",
    "cpc": "break_even_cpc",
    "cac": "ltv",
    "blended_cac": "ltv",
    "loaded_cac": "ltv",
}
"""The figure at which a metric breaks even: from there on, what the ads bring is used up by them.
"""
_BREAKS_EVEN_AT: dict[str, float] = {
    "profit": 0.0,
    "cm1": 0.0,
    "cm2": 0.0,
    "cm3": 0.0,
    "margin": 0.0,
    "ltv_cac": 1.0,
}
_ADDED_UP = frozenset(FLOWS) | {
    "orders",
    "cogs",
    "cm1",
    "cm2",
    "cm3",
    "profit",
    "net_revenue",
    "profit_after_work",
    "vat_due",
    "break_even_orders",
    "break_even_units",
    "break_even_sales",
}
_ROUNDING = 1e-9
_NO_MONTHS: Array = np.empty((0, 0))
YEAR = 12
"""Months of the longer period that a counter-offer tries: a whole year has no season of its own."""


def basis_of(scenario: Scenario, kpi: Kpi) -> Basis:
    """Return what counts in a KPI; where sales tax lies outside the price (US style), it is outside
    the GMV too, as on every dashboard.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.
    """
    outside = (
        kpi.metric == "gmv"
        and kpi.sales_tax == "usual"
        and scenario.tax.situation == "outside_price"
    )
    return Basis(
        "out" if outside else kpi.sales_tax,
        kpi.sales_refunds,
        kpi.sales_cancelled,
        kpi.sales_counted,
        kpi.attribution,
        kpi.spend_tax,
        kpi.spend_fee,
    )


def key_of(scenario: Scenario, kpi: Kpi) -> str:
    """Return the figure that a KPI looks at, on its basis.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.
    """
    return kpi.metric if kpi.metric in OPERATIONAL else basis_of(scenario, kpi).key(kpi.metric)


def lower_is_better(metric: str) -> bool:
    """Say whether less of a metric is better, operational ones included."""
    return metric in LESS_IS_BETTER or less_is_better(metric)


def is_added_up(metric: str) -> bool:
    """Say whether months of a metric add up (money and counts), rather than being a ratio."""
    return metric in _ADDED_UP


def months_added(kpi: Kpi) -> int:
    """Return over how many months a KPI's value adds up: those of a total of money or counts, else
    one.
    """
    first, last = kpi.months
    return last - first + 1 if kpi.window == "total" and is_added_up(kpi.metric) else 1


@dataclass(frozen=True)
class Baseline:
    """What a relative target is measured against: its value a month, and where it comes from
    ("typed", "history", the funnel as "fitted" to it, "funnel", "counts"); of a history, `months`
    are the names of those that it is the mean of and `figure` what it is the mean of.
    """

    value: float
    source: Literal["typed", "history", "fitted", "funnel", "counts"]
    months: tuple[str, ...] = ()
    figure: str = ""


_IN_HISTORY = {
    "gmv": "gmv",
    "orders": "orders",
    "paid_orders": "orders",
    "visits": "visits",
    "impressions": "impressions",
    "clicks": "clicks",
    "ad_spend": "ad_spend",
}


def baseline_of(store: Scenario | Context, kpi: Kpi) -> Baseline | None:
    """Return the baseline of a KPI: the typed one, else the last months of the history, else the
    funnel's steady month before any effect.

    Ratios always come from the funnel, on the KPI's own basis: a dashboard's ROAS may hold tax
    where the KPI's does not.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpi: what is measured, its target, window and basis.

    Returns:
        The baseline in the unit of the metric, per month; None where there is none.
    """
    at = context_of(store)
    scenario = at.scenario
    if kpi.baseline is not None:
        return Baseline(kpi.baseline, "typed")
    if kpi.metric in OPERATIONAL:
        if kpi.seen is None:
            return None
        of = (
            kpi.seen_of
            if kpi.metric not in ("listings_live", "account_health", "stock_days")
            else None
        )
        if kpi.metric == "stock_days":
            cogs = at.figure("cogs")
            return Baseline(kpi.seen / cogs * 365 / 12, "counts") if cogs else None
        return Baseline(kpi.seen / of if of else kpi.seen, "counts")
    if (
        key_of(scenario, kpi) in (kpi.metric, history.sales_figure(scenario))
        and kpi.metric in _IN_HISTORY
    ):
        found = history.baseline_month(scenario, _IN_HISTORY[kpi.metric])
        if found is not None:
            names = history.baseline_names(scenario, _IN_HISTORY[kpi.metric])
            return Baseline(found, "history", tuple(names), _IN_HISTORY[kpi.metric])
    value = at.before.figure(key_of(scenario, kpi))
    return (
        None
        if value is None
        else Baseline(value, "fitted" if scenario.history.names() else "funnel")
    )


def steady_figure(store: Scenario | Context, key: str) -> float | None:
    """Return a figure of the funnel's steady month at the point values; the promise is not in it.

    Args:
        store: the store as typed, or its context where that is at hand.
        key: which figure, such as "profit".

    Returns:
        The figure in its unit; None where it is not known.
    """
    return context_of(store).figure(key)


def target_of(store: Scenario | Context, kpi: Kpi) -> float:
    """Return the absolute target of a KPI.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpi: what is measured, its target, window and basis.

    Returns:
        In the unit of the metric; a monthly one for averages, a sum for totals.

    Raises:
        InputError: if a relative target has no baseline above zero.
    """
    if not kpi.relative:
        return kpi.target
    base = baseline_of(store, kpi)
    if base is None:
        raise refuse(f"kpis.{kpi.id}.baseline", None, "kpi_baseline")
    if not base.value > 0:
        raise refuse(f"kpis.{kpi.id}.relative", f"{base.value:,.2f}", "kpi_baseline_positive")
    return base.value * (1.0 + kpi.target) * months_added(kpi)


@dataclass(frozen=True)
class Floor:
    """What no counter-offer may be worse than, in the unit of the target: the store "today", or
    where the metric breaks even; an infinite one leaves no room at all.
    """

    value: float
    source: Literal["today", "break_even"]


def floor_of(store: Scenario | Context, kpi: Kpi, baseline: Baseline | None) -> Floor | None:
    """Return the stricter of the store's current value and of break-even; None where neither is
    known.

    The current value is the baseline, over as many months as the KPI adds up. Break-even is asked
    only of a KPI whose comparator goes the metric's own way; it is moved to the KPI's basis as the
    current figure is. Where contribution margin 2 is not positive nothing breaks even, and no
    target is good enough.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpi: what is measured, its target, window and basis.
        baseline: the KPI's baseline; None where there is none.
    """
    most = kpi.comparator == "at_most"
    found = [] if baseline is None else [Floor(baseline.value * months_added(kpi), "today")]
    if most == lower_is_better(kpi.metric):
        limit = _break_even(context_of(store), kpi)
        found += [] if limit is None else [Floor(limit, "break_even")]
    return (min if most else max)(found, key=lambda one: one.value, default=None)


def _break_even(at: Context, kpi: Kpi) -> float | None:
    if kpi.metric in _BREAKS_EVEN_AT:
        return _BREAKS_EVEN_AT[kpi.metric]
    if kpi.metric not in _BREAK_EVEN:
        return None
    limit = at.figure(_BREAK_EVEN[kpi.metric])
    # contribution margin 2 is not positive: an order leaves nothing to pay ads with
    if limit is None:
        return 0.0 if kpi.comparator == "at_most" else math.inf
    plain, asked = at.figure(kpi.metric), at.figure(key_of(at.scenario, kpi))
    return limit * (asked / plain if plain and asked is not None else 1.0)


def good_enough(kpi: Kpi, value: float, floor: Floor | None) -> bool:
    """Return whether a target may be proposed: it is known, and no worse than the current value and
    than break-even.

    Args:
        kpi: what is measured, its target, window and basis.
        value: the target, in the unit of the metric.
        floor: what it must not fall short of; None where nothing is known.
    """
    if not math.isfinite(value):
        return False
    return floor is None or bool(met(kpi, floor.value, np.asarray(value)))


# ---- the draws of a KPI
# ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KpiDraws:
    """One KPI in every future: its value over the window, shape (paths,), and month by month, shape
    (months, paths); NaN where there is none.

    Growth against a baseline is told at the baseline's level (decisions/growth.py); `size` is how
    large each future is against it: money times `size` is the future's own.
    """

    value: Array
    months: Array
    size: Array | float = 1.0


def met(kpi: Kpi, target: float, values: Array, *, beyond: bool = False) -> NDArray[np.bool_]:
    """Return where a KPI is met, or passed; a future without the figure does neither.

    Args:
        kpi: what is measured, its target, window and basis.
        target: in the unit of the metric.
        values: draws in that unit, any shape.
        beyond: whether the target has to be passed: a value exactly on it does not count then.

    Returns:
        Truth values of the shape of the draws.
    """
    tolerance = _ROUNDING * abs(target)  # tolerance for rounding error
    with np.errstate(invalid="ignore"):
        if beyond:
            return np.asarray(
                values > target + tolerance
                if kpi.comparator == "at_least"
                else values < target - tolerance
            )
        return np.asarray(
            values >= target - tolerance
            if kpi.comparator == "at_least"
            else values <= target + tolerance
        )


def horizon_of(kpis: Sequence[Kpi]) -> int:
    """Return how many months must be simulated."""
    return max((kpi.month_to for kpi in kpis), default=1)


def established(scenario: Scenario) -> bool:
    """Say whether the store is taken as one that already sells: it does not ramp up, or it has a
    history.

    Its earlier customers then keep coming back.
    """
    return (
        scenario.history.had_customers
        or not point_value(scenario.plan.ramp_months)
        or point_value(scenario.plan.ramp_start) >= 1
    )


def comes_back(scenario: Scenario) -> bool:
    """Say whether customers come back or bring others, so that those of before month 1 count."""
    customers = scenario.customers
    return (
        customers.retention != "constant"
        or point_value(customers.repeat_probability) > 0
        or point_value(customers.referral) > 0
    )


def over_windows(scenario: Scenario, kpis: Sequence[Kpi]) -> Scenario:
    """Return the scenario over the months that its KPIs look at, with the earlier customers of a
    store that already sells.

    Args:
        scenario: the store and its plan, as typed.
        kpis: what is measured, with targets, windows and bases.
    """
    return scenario.replace(
        {"plan.horizon_months": horizon_of(kpis), "history.had_customers": established(scenario)}
    )


def is_growth(kpi: Kpi) -> bool:
    """Say whether a KPI asks for a change of a figure of the funnel: it is then judged against each
    future's own usual month; counts of their own hold their baseline already.
    """
    return kpi.relative and kpi.metric not in OPERATIONAL


def levels_of(
    store: Scenario | Context, kpis: Sequence[Kpi], plan: SamplingPlan
) -> dict[str, UsualLevel]:
    """Return the usual month of every KPI that asks for growth.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpis: what is measured, with targets, windows and bases.
        plan: seed, replicates and points.

    Returns:
        Usual months by the key of the figure.
    """
    at = context_of(store)
    scenario = at.scenario
    keys = {key_of(scenario, kpi): kpi.metric for kpi in kpis if is_growth(kpi)}
    own = own_levels(scenario, keys, plan) if keys else {}
    found = {
        key: level_of(metric, at.before.figure(key), own[key], plan.paths)
        for key, metric in keys.items()
    }
    return {key: level for key, level in found.items() if level is not None}


def draws_of(
    scenario: Scenario,
    kpis: Sequence[Kpi],
    *,
    paths: int | None = None,
    moved: Callable[[Values], Values] | None = None,
    own: dict[str, KpiDraws] | None = None,
    levels: dict[str, UsualLevel] | None = None,
    drawn_before: Futures | None = None,
    at: Context | None = None,
    by_month: bool = True,
) -> tuple[dict[str, KpiDraws], Simulation]:
    """Return the draws of every KPI, and the simulation that they come from.

    Args:
        scenario: the store and its plan, as typed.
        kpis: what is measured, with targets, windows and bases.
        paths: how many draws; the scenario's own where None.
        moved: changes the numbers of every path before they are worked out (a lever).
        own: keeps the draws of KPIs that have nothing to do with the funnel; filled in place.
        levels: the usual month that growth is held against, which neither `moved` nor an effect
            changes; filled in place.
        drawn_before: the futures of the scenario `over_windows`, where they are at hand.
        at: the context of the scenario before any promise, where it is at hand.
        by_month: whether draws by month are wanted too; without them a window that adds months up
            has no months of its own.

    Returns:
        (draws by the KPI's id, the simulation).
    """
    own = {} if own is None else own
    spans: dict[tuple[int, int], set[str]] = {}
    month: set[str] = set()
    steady: set[str] = set()
    for kpi in kpis:
        key = key_of(scenario, kpi)
        if kpi.metric in OPERATIONAL:
            month.update(operational.needs(kpi))
        elif kpi.metric in STEADY_METRICS:
            steady.add(key)
        else:
            added = kpi.window in ("average", "total")
            if by_month or not added:
                month.add(key)
            if added:
                spans.setdefault(kpi.months, set()).add(key)
    whole = over_windows(scenario, kpis) if drawn_before is None else drawn_before.scenario
    found = simulate(
        whole,
        [],
        month=sorted(month),
        steady=sorted(steady),
        spans={span: sorted(keys) for span, keys in spans.items()},
        paths=paths,
        moved=moved,
        drawn_before=drawn_before,
    )
    levels = {} if levels is None else levels
    if not levels:
        levels |= levels_of(scenario if at is None else at, kpis, found.plan)
    out: dict[str, KpiDraws] = {}
    for kpi in kpis:
        out[kpi.id] = (
            own[kpi.id]
            if kpi.id in own
            else _draws(scenario, kpi, found, levels, months_too=by_month)
        )
        if kpi.metric in OPERATIONAL and not operational.needs(kpi):
            own[kpi.id] = out[kpi.id]
    return out, found


def _draws(
    scenario: Scenario,
    kpi: Kpi,
    found: Simulation,
    levels: Mapping[str, UsualLevel],
    *,
    months_too: bool,
) -> KpiDraws:
    spans = {span for _, span in found.drawn if isinstance(span, tuple)}
    level = levels.get(key_of(scenario, kpi)) if is_growth(kpi) else None
    return drawn(
        scenario,
        kpi,
        found.of,
        found.scenario.plan.horizon_months,
        found.plan,
        spans,
        level=level,
        months_too=months_too,
    )


def _usual_orders(scenario: Scenario) -> float:
    """Return the paid orders of the steady month, none where there is no such figure."""
    found = figures(Values(scenario), {"steady": ["paid_orders"]})["paid_orders", "steady"]
    return (None if found is None else known_or_none(found)) or 0.0


def drawn(
    scenario: Scenario,
    kpi: Kpi,
    of: Callable[[str, Over], Array],
    months: int,
    plan: SamplingPlan,
    spans: Collection[tuple[int, int]],
    part: slice = slice(None),
    level: UsualLevel | None = None,
    *,
    months_too: bool = True,
) -> KpiDraws:
    """Return a KPI over its window and by month, from figures.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.
        of: `of(key, over)` returns draws of a figure over "month", shape (months, paths), over
            "steady" or one of `spans`, shape (paths,).
        months: how many months there are.
        plan: seed, replicates and points.
        spans: months a to b that `of` knows: the KPI's window, where it ends within the months.
        part: which paths of the plan.
        level: the usual months of these paths; both results are then told as if each future's usual
            month were that of the point values.
        months_too: whether months are wanted too, of a window that adds months up.

    Returns:
        The window of shape (paths,), months of shape (months, paths), in the unit of the metric.
    """
    first, last = kpi.months
    first, last = min(first, months), min(last, months)
    key, length = key_of(scenario, kpi), last - first + 1
    if kpi.metric in OPERATIONAL:
        flows = {name: of(name, "month") for name in operational.needs(kpi)}
        orders = _usual_orders(scenario) if kpi.metric == "sell_through" else 0.0
        above, below = operational.monthly(kpi, plan, months, flows, orders, part)
        with np.errstate(divide="ignore", invalid="ignore"):
            by_month = above / below
            pooled = above[first - 1 : last].sum(axis=0) / below[first - 1 : last].sum(axis=0)
        if kpi.metric in (
            "listing_completion",
            "listings_live",
        ):  # a stock (listings), not a flow: its level counts, not a sum
            pooled = (
                by_month[first - 1 : last].mean(axis=0)
                if kpi.window == "average"
                else by_month[last - 1]
            )
    elif kpi.metric in STEADY_METRICS:
        value = of(key, "steady")
        by_month = np.broadcast_to(value, (months, len(value)))
        pooled = value
    else:
        added = kpi.window in ("average", "total")
        by_month = of(key, "month") if months_too or not added else _NO_MONTHS
        pooled = of(key, (first, last)) if (first, last) in spans and added else by_month[last - 1]
        if kpi.window == "average" and kpi.metric in _ADDED_UP:
            pooled = pooled / length
    inside = by_month[first - 1 : last]
    worst_is_low = kpi.comparator == "at_least"
    match kpi.window:
        case "month":
            value = by_month[last - 1]
        case "every":
            value = inside.min(axis=0) if worst_is_low else inside.max(axis=0)
        case "by":
            value = inside.max(axis=0) if worst_is_low else inside.min(axis=0)
        case _:
            value = pooled
    if level is None:
        return KpiDraws(np.asarray(value), by_month)
    at_level = (
        at_usual(kpi.metric, value, level, months_added(kpi)),
        by_month if by_month is _NO_MONTHS else at_usual(kpi.metric, by_month, level),
    )
    return KpiDraws(*at_level, 1.0 if kpi.metric in SHIFTED else level.size)


# ---- the operator's effect
# ---------------------------------------------------------------------------------


def with_belief(scenario: Scenario, belief: Belief) -> Scenario:
    """Return the scenario in which the operator has one of its effects, beside whatever effect was
    typed; on conversion, so that sales move by it.

    Args:
        scenario: the store and its plan, as typed.
        belief: which effect: none, sceptical or claimed.

    Raises:
        InputError: if every field that could hold the effect is taken.
    """
    if belief == "none":
        return scenario
    promise = scenario.promise
    field = next(
        (
            name
            for name in ("effect_add_to_cart", "effect_checkout", "effect_organic")
            if getattr(scenario.effect, name) == 1.0
        ),
        None,
    )
    if field is None:
        raise refuse("promise.believed", belief, "effect_taken")
    if belief == "sceptical":
        value: object = effects.sceptical(scenario.as_of).model_dump(mode="json")
    else:
        value = 1.0 + (
            effects.claimed(scenario.as_of)[0] if promise.claimed is None else promise.claimed
        )
    changes: dict[str, object] = {f"effect.{field}": value}
    if scenario.effect == type(scenario.effect)():
        changes["effect.effect_ramp_months"] = promise.promise_ramp
    return scenario.replace(changes)


def as_believed(scenario: Scenario) -> Scenario:
    """Return the scenario under the one effect that is believed; weighed ones are looked at under
    the sceptical.
    """
    believed = scenario.promise.believed
    return with_belief(scenario, "sceptical" if believed == "weighed" else believed)


@dataclass(frozen=True)
class Record:
    """What the operator's record does to the belief in its claim.

    `before` and `after`: the probability that the claim is real; `counted` of `shown` clients count
    after the discount for selection.
    """

    before: float
    after: float
    met: float
    shown: float
    counted: float


def weigh(scenario: Scenario, met_if_real: float, met_if_not: float) -> Record | None:
    """Return the probability that a claim is real, given the record; None without a record.

    Bayes' rule: the record's clients met their KPIs with the probability that these KPIs have if
    the claim is real, or if it is not; each client shown counts as `record_trust` of an independent
    one, because cases are chosen. Both probabilities are kept between bounds (data/effects.toml):
    other clients had other targets.

    Args:
        scenario: the scenario with its promise.
        met_if_real: probability of meeting all KPIs if the claim is real.
        met_if_not: the same if it is not.
    """
    promise = scenario.promise
    if not promise.record_shown or promise.record_met is None:
        return None
    before = effects.real(scenario.as_of)[0]
    least, most = effects.record_bounds()
    yes, no = (min(most, max(least, p)) for p in (met_if_real, met_if_not))
    missed = promise.record_shown - promise.record_met
    evidence = promise.record_trust * (
        promise.record_met * math.log(yes / no) + missed * math.log((1 - yes) / (1 - no))
    )
    logit = math.log(before / (1 - before)) + evidence
    return Record(
        before,
        _logistic(logit),
        promise.record_met,
        promise.record_shown,
        promise.record_trust * promise.record_shown,
    )


def _logistic(logit: float) -> float:
    """Return the probability of log-odds, however far from even.

    >>> _logistic(0.0), _logistic(-1e6), _logistic(1e6)
    (0.5, 0.0, 1.0)
    """
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds_of = math.exp(logit)
    return odds_of / (1 + odds_of)


# ---- the answer
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KpiAnswer:
    """What the simulation says of one KPI.

    `target` absolute; `probability` with its error; `by_belief` the probability under each effect;
    `by_month` the probability that the month alone meets the target; `place` the share of futures
    below the target; `offers` the target that has a given probability, None where none does that is
    as good as the `floor`; `held` the share of futures that reach the floor; `median` of the value;
    `quantiles` at 5, 10 … 95 %; `breaks_first` the share of failing futures in which this KPI is
    the first to fail; `months` the percentiles of each month (P10 P50 P90, months).
    """

    kpi: Kpi
    key: str
    target: float
    baseline: Baseline | None
    probability: Figure
    by_belief: Mapping[Belief, Figure]
    by_month: Array
    place: float
    offers: Mapping[float, float | None]
    floor: Floor | None
    quantiles: Array
    months: Array
    verdict: KpiVerdict
    breaks_first: float
    undefined: float
    held: float | None = None

    @cached_property
    def median(self) -> float:
        """The median of the value."""
        return float(self.quantiles[len(LEVELS) // 2])


LEVELS: tuple[float, ...] = tuple(round(0.05 * i, 2) for i in range(1, 20))


@dataclass(frozen=True)
class KpiCheck:
    """All answers to one set of KPIs: `joint` the probability that all are met, `joint_by_month`
    that each month meets all that are due in it.

    `at` is what the scenario comes to without chance, for further questions; `rests_on` is
    "history" or "assumptions"; `calibration` the funnel's steady month over the history's baseline
    (1 where they agree).
    """

    scenario: Scenario
    answers: tuple[KpiAnswer, ...]
    joint: Figure
    joint_by_belief: Mapping[Belief, Figure]
    joint_by_month: Array
    verdict: KpiVerdict
    record: Record | None
    rests_on: Literal["history", "assumptions"]
    history_months: int
    calibration: float | None
    simulation: Simulation
    at: Context = field(repr=False, compare=False)

    @cached_property
    def year(self) -> Mapping[str, tuple[Kpi, KpiDraws]]:
        """Each KPI for which some probability has no target to offer, as it is over a year and what
        it then comes to, by id; worked out when it is first asked for.
        """
        kpis = [
            answer.kpi.but(
                window="total" if answer.kpi.window == "total" else "average",
                month_from=1,
                month_to=YEAR,
            )
            for answer in self.answers
            if None in answer.offers.values()
            and answer.kpi.metric not in STEADY_METRICS
            and answer.kpi.metric not in OPERATIONAL
        ]
        found, _ = (
            draws_of(as_believed(self.scenario), kpis, paths=self.simulation.plan.paths, at=self.at)
            if kpis
            else ({}, None)
        )
        return {kpi.id: (kpi, found[kpi.id]) for kpi in kpis}

    @property
    def hardest(self) -> KpiAnswer:
        """The KPI with the lowest probability."""
        return min(self.answers, key=lambda answer: answer.probability.value)

    @property
    def first_to_break(self) -> KpiAnswer | None:
        """The KPI that most often fails first; None where none ever fails."""
        worst = max(self.answers, key=lambda answer: answer.breaks_first, default=None)
        return worst if worst is not None and worst.breaks_first > 0 else None


def kpi_verdict(scenario: Scenario, chance: float) -> KpiVerdict:
    """Return the word for a probability, by the scenario's bounds.

    Args:
        scenario: the store and its plan, as typed.
        chance: the probability, 0 to 1.
    """
    bounds = scenario.verdicts
    return (
        "safe"
        if chance >= bounds.safe
        else (
            "realistic"
            if chance >= bounds.realistic
            else "stretch"
            if chance >= bounds.stretch
            else "unrealistic"
        )
    )


def check(store: Scenario | Context, paths: int | None = None) -> KpiCheck:
    """Return the probability with which a scenario's KPIs are met, one by one and together.

    Args:
        store: the store as typed, or its context where that is at hand.
        paths: how many draws; the scenario's own where None.

    Raises:
        InputError: if there is no KPI, or a relative one has no baseline.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> one = {"id": "a", "metric": "roas", "target": 1.0}
        >>> found = check(preset("amazon-de-kitchen").replace({"kpis": [one]}), paths=1024)
        >>> found.verdict, found.rests_on
        ('safe', 'assumptions')
    """
    at = context_of(store)
    scenario = at.scenario
    kpis = scenario.kpis
    if not kpis:
        raise refuse("kpis", None, "kpis_none")
    targets = {kpi.id: target_of(at, kpi) for kpi in kpis}
    own: dict[
        str, KpiDraws
    ] = {}  # draws of KPIs that follow from their own counts only are the same under every effect
    levels: dict[str, UsualLevel] = {}  # and so are the usual months before any effect
    runs = {
        belief: draws_of(
            with_belief(scenario, belief), kpis, paths=paths, own=own, levels=levels, at=at
        )
        for belief in BELIEFS
    }
    plan = runs["none"][1].plan
    truths = {
        belief: {kpi.id: met(kpi, targets[kpi.id], found[kpi.id].value) for kpi in kpis}
        for belief, (found, _) in runs.items()
    }
    together = {
        belief: probability(np.logical_and.reduce(list(truth.values())), plan.replicates)
        for belief, truth in truths.items()
    }
    record = weigh(scenario, together["claimed"].value, together["sceptical"].value)
    chosen = _believed(
        scenario, plan, {belief: found for belief, (found, _) in runs.items()}, record
    )
    truth = {kpi.id: met(kpi, targets[kpi.id], chosen[kpi.id].value) for kpi in kpis}
    every = np.logical_and.reduce(list(truth.values()))
    first = _first_to_fail(kpis, targets, chosen, truth)
    answers = tuple(
        _answer(
            at,
            kpi,
            targets[kpi.id],
            chosen[kpi.id],
            truth[kpi.id],
            {b: probability(truths[b][kpi.id], plan.replicates) for b in BELIEFS},
            plan,
            first[kpi.id],
        )
        for kpi in kpis
    )
    outlook = at.outlook
    joint = probability(every, plan.replicates)
    return KpiCheck(
        scenario,
        answers,
        joint,
        together,
        _joint_by_month(kpis, targets, chosen),
        kpi_verdict(scenario, joint.value),
        record,
        "assumptions" if outlook is None else "history",
        0 if outlook is None else outlook.outlook.months,
        calibration(at),
        replace(runs["none"][1], drawn={}),
        at,
    )


def _believed(
    scenario: Scenario,
    plan: SamplingPlan,
    found: Mapping[Belief, Mapping[str, KpiDraws]],
    record: Record | None,
) -> Mapping[str, KpiDraws]:
    """Return the draws under the effect that is believed; weighed: each future has the claimed
    effect with the probability that the claim is real.
    """
    believed = scenario.promise.believed
    if believed != "weighed" or record is None:
        return found["sceptical" if believed == "weighed" else believed]
    return _mixed(plan, found["sceptical"], found["claimed"], record)


def _mixed(
    plan: SamplingPlan,
    sceptical: Mapping[str, KpiDraws],
    claimed: Mapping[str, KpiDraws],
    record: Record,
) -> dict[str, KpiDraws]:
    name = "promise.real"
    real = uniforms(plan, range(plan.replicates), [name])[name] < record.after
    return {
        key: KpiDraws(
            np.where(real, claimed[key].value, one.value),
            np.where(real, claimed[key].months, one.months),
        )
        for key, one in sceptical.items()
    }


def believed_draws(
    scenario: Scenario, kpis: Sequence[Kpi], record: Record | None, paths: int | None = None
) -> tuple[dict[str, KpiDraws], SamplingPlan]:
    """Return the draws of KPIs under the effect that is believed, as `check` has them, and their
    plan.

    Args:
        scenario: the store and its plan, as typed.
        kpis: what is measured, with targets, windows and bases.
        record: the record of the check; without one a weighed effect is the sceptical one.
        paths: how many draws; the scenario's own where None.

    Returns:
        (draws by the KPI's id, the plan of the draws).
    """
    found, run = draws_of(as_believed(scenario), kpis, paths=paths)
    if scenario.promise.believed != "weighed" or record is None:
        return found, run.plan
    claimed, _ = draws_of(with_belief(scenario, "claimed"), kpis, paths=paths)
    return _mixed(run.plan, found, claimed, record), run.plan


def _answer(
    at: Context,
    kpi: Kpi,
    target: float,
    drawn: KpiDraws,
    truth: NDArray[np.bool_],
    by_belief: Mapping[Belief, Figure],
    plan: SamplingPlan,
    breaks_first: float,
) -> KpiAnswer:
    chance = probability(truth, plan.replicates)
    known = ~np.isnan(drawn.value)
    ordered = np.sort(missed_without(kpi, drawn.value))
    with np.errstate(invalid="ignore"):
        levels = quantiles(ordered, LEVELS)
        reached = {
            p: quantile(ordered, 1 - p if kpi.comparator == "at_least" else p) for p in OFFERED
        }
        place = float(np.searchsorted(ordered, target) / ordered.size)
        by_month = np.array(
            [met(kpi, month_target(kpi, target), row).mean() for row in drawn.months]
        )
        months = np.array([quantiles(missed_without(kpi, row), BAND) for row in drawn.months]).T
    base = baseline_of(at, kpi)
    floor = floor_of(at, kpi, base)
    offers = {p: value if good_enough(kpi, value, floor) else None for p, value in reached.items()}
    return KpiAnswer(
        kpi,
        key_of(at.scenario, kpi),
        target,
        base,
        chance,
        by_belief,
        by_month,
        place,
        offers,
        floor,
        levels,
        months,
        kpi_verdict(at.scenario, chance.value),
        breaks_first,
        float(1 - known.mean()),
        None if floor is None else float(met(kpi, floor.value, drawn.value).mean()),
    )


def missed_without(kpi: Kpi, values: Array) -> Array:
    """Return draws of a KPI's figure in which a future without the figure counts as a miss:
    infinite on the bad side.

    Args:
        kpi: what is measured, its target, window and basis.
        values: draws in the unit of the metric, any shape; NaN where there is no figure.

    Returns:
        Draws of the same shape.

    Examples:
        >>> missed_without(Kpi(id="a", metric="roas", target=2.0), np.array([3.0, np.nan])).tolist()
        [3.0, -inf]
    """
    return np.where(np.isnan(values), -np.inf if kpi.comparator == "at_least" else np.inf, values)


def band(kpi: Kpi, values: Array) -> Array:
    """Return P10, P50, P90 of a KPI's figure, a future without it being a miss.

    Args:
        kpi: what is measured, its target, window and basis.
        values: draws in the unit of the metric, shape (paths,).

    Returns:
        Shape (3,), in that unit; NaN where no future has the figure.
    """
    return (
        np.full(3, math.nan)
        if np.isnan(values).all()
        else quantiles(missed_without(kpi, values), BAND)
    )


def month_target(kpi: Kpi, target: float) -> float:
    """Return what one month must be: the target itself, or its share of a total.

    Args:
        kpi: what is measured, its target, window and basis.
        target: the absolute target, in the unit of the metric.

    Returns:
        In the same unit, per month.
    """
    return target / months_added(kpi)


def _fails_in(kpi: Kpi, target: float, drawn: KpiDraws, truth: NDArray[np.bool_]) -> Array:
    """Return the month in which a KPI is known to have failed: the first bad one where every month
    counts, else the last of its window; infinite where it is met.
    """
    first, last = kpi.months
    when = np.full(truth.shape, float(last))
    if kpi.window == "every":
        bad = ~np.array([met(kpi, target, row) for row in drawn.months[first - 1 : last]])
        when = np.where(bad.any(axis=0), first + bad.argmax(axis=0), np.inf)
    return np.where(truth, np.inf, when)


def _shortfall(kpi: Kpi, target: float, values: Array) -> Array:
    """Return by how many of its own standard deviations a KPI is missed, for telling which of two
    that end together broke.
    """
    known = values[np.isfinite(values)]
    scale = float(known.std()) if known.size else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = (target - values if kpi.comparator == "at_least" else values - target) / max(
            scale, 1e-12
        )
    return np.where(np.isnan(gap), np.inf, gap)


def _first_to_fail(
    kpis: Sequence[Kpi],
    targets: Mapping[str, float],
    drawn: Mapping[str, KpiDraws],
    truth: Mapping[str, NDArray[np.bool_]],
) -> dict[str, float]:
    """Return of each KPI the share of failing futures in which it fails first; at the same time,
    the one furthest off.
    """
    when = np.stack([_fails_in(kpi, targets[kpi.id], drawn[kpi.id], truth[kpi.id]) for kpi in kpis])
    short = np.stack(
        [
            np.where(truth[kpi.id], -np.inf, _shortfall(kpi, targets[kpi.id], drawn[kpi.id].value))
            for kpi in kpis
        ]
    )
    failing = np.isfinite(when).any(axis=0)
    if not failing.any():
        return {kpi.id: 0.0 for kpi in kpis}
    when, short = when[:, failing], short[:, failing]
    earliest = when == when.min(axis=0)
    which = np.where(earliest, short, -np.inf).argmax(axis=0)
    return {kpi.id: float((which == index).mean()) for index, kpi in enumerate(kpis)}


def _joint_by_month(
    kpis: Sequence[Kpi], targets: Mapping[str, float], drawn: Mapping[str, KpiDraws]
) -> Array:
    """Return month by month the probability that the month meets every KPI whose window it lies in;
    NaN for a month without any.
    """
    out = []
    for month in range(1, horizon_of(kpis) + 1):
        due = [kpi for kpi in kpis if kpi.months[0] <= month <= kpi.months[1]]
        rows = [
            met(kpi, month_target(kpi, targets[kpi.id]), drawn[kpi.id].months[month - 1])
            for kpi in due
        ]
        out.append(float(np.logical_and.reduce(rows).mean()) if rows else math.nan)
    return np.array(out)


def calibration(store: Scenario | Context) -> float | None:
    """Return the funnel's steady month over the history's baseline, in the figure that the outlook
    follows; None without a history.
    """
    at = context_of(store)
    outlook = at.outlook
    if outlook is None:
        return None
    now = at.figure(history.sales_figure(at.scenario) if outlook.figure == "gmv" else "paid_orders")
    return None if now is None else now / outlook.baseline
