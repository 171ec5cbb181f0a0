"""A KPI in every future: its value over its window, and whether it meets a target."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.chance import operational
from funnel_sim.chance.cash import CashFutures, simulate_cash
from funnel_sim.chance.simulation import Futures, Simulation, simulate
from funnel_sim.chance.streams import SamplingPlan
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.growth import SHIFTED, UsualLevel, at_usual, level_of, own_levels
from funnel_sim.decisions.kpi.measured import Floor, is_added_up, key_of, months_added
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.periods import Over
from funnel_sim.model.sheet import known_or_none
from funnel_sim.model.values import Values
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

_ROUNDING = 1e-9
_NO_MONTHS: Array = np.empty((0, 0))


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
        if kpi.metric in CASH_METRICS:
            continue
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
        at_home=False,
    )
    levels = {} if levels is None else levels
    if not levels:
        levels |= levels_of(scenario if at is None else at, kpis, found.plan)
    out: dict[str, KpiDraws] = {}
    cash = None
    if any(kpi.metric in CASH_METRICS for kpi in kpis):
        cash = simulate_cash(whole, paths=found.plan.paths, moved=moved, drawn_before=drawn_before)
    for kpi in kpis:
        if cash is not None and kpi.metric in CASH_METRICS:
            out[kpi.id] = _of_cash(kpi, cash)
            continue
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


def _of_cash(kpi: Kpi, cash: CashFutures) -> KpiDraws:
    """Return the lowest balance of any day of the window's months, and of each month."""
    first, last = kpi.months
    return KpiDraws(cash.month_low[first - 1 : last].min(axis=0), cash.month_low)


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
        if kpi.window == "average" and is_added_up(kpi.metric):
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
