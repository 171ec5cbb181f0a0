"""What a KPI measures: its figure on its basis, its baseline, its target as a value, and where it
breaks even.
"""

import math
from dataclasses import dataclass
from typing import Literal

from funnel_sim.chance import history
from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.kpi.console import OURS
from funnel_sim.decisions.kpi.own_basis import baseline_on_basis
from funnel_sim.errors import refuse
from funnel_sim.model.bases import SALES, Basis
from funnel_sim.model.metrics import FLOWS, less_is_better
from funnel_sim.scenario.kpi_metrics import LESS_IS_BETTER, OPERATIONAL
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

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

    GMV on another basis is that of the months themselves where the history holds what the basis
    asks for (`own_basis`). Ratios always come from the funnel, on the KPI's own basis: a
    dashboard's ROAS may hold tax where the KPI's does not.

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
    elif kpi.metric in SALES and kpi.metric in _IN_HISTORY:
        own = baseline_on_basis(at, key_of(scenario, kpi))
        if own is not None:
            return Baseline(own[0], "history", own[1], _IN_HISTORY[kpi.metric])
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
        limit = break_even_of(store, kpi)
        found += [] if limit is None else [Floor(limit, "break_even")]
    return (min if most else max)(found, key=lambda one: one.value, default=None)


def break_even_of(store: Scenario | Context, kpi: Kpi) -> float | None:
    """Return where a KPI's metric breaks even, on the KPI's own basis and by the console's count
    where it is the console's figure.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpi: what is measured, its target, window and basis.

    Returns:
        The limit in the unit of the metric; one that nothing reaches (0 or infinity) where an order
        leaves nothing to pay ads with, None for a metric that has no such point.
    """
    at = context_of(store)
    if kpi.metric in _BREAKS_EVEN_AT:
        return _BREAKS_EVEN_AT[kpi.metric]
    ours = OURS.get(kpi.metric, kpi.metric)  # the console's is moved to, as any basis is
    if ours not in _BREAK_EVEN:
        return None
    limit = at.figure(_BREAK_EVEN[ours])
    # contribution margin 2 is not positive: an order leaves nothing to pay ads with
    if limit is None:
        return 0.0 if kpi.comparator == "at_most" else math.inf
    plain, asked = at.figure(ours), at.figure(key_of(at.scenario, kpi))
    return limit * (asked / plain if plain and asked is not None else 1.0)
