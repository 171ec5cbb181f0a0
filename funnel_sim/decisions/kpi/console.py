"""ACoS and ROAS as the platform's console counts them, beside ours: which of the two a promise
means, and the same KPI counted the other way.

Whoever promises "ACoS at most 22 %" reads it from the console: ad spend without tax over sales with
the tax inside the price. Ours takes the tax that the seller never keeps off the sales.
"""

import math
from typing import Final

from funnel_sim.decisions.context import Context, context_of
from funnel_sim.model.bases import SALES, SPEND, Basis
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

CONSOLE: Final = {"acos": "acos_console", "roas": "roas_console"}
"""Our figures of ads by the console's name for them."""
OURS: Final = {theirs: ours for ours, theirs in CONSOLE.items()}
"""The console's figures of ads by ours."""
_SAME = 1e-3


def differs(store: Scenario | Context, metric: str) -> bool:
    """Say whether a figure of ads is another one on the platform's console than in our accounts.

    Args:
        store: the store as typed, or its context where that is at hand.
        metric: "acos", "roas" or the console's figure of either; False for any other.
    """
    ours = OURS.get(metric, metric)
    if ours not in CONSOLE:
        return False
    at = context_of(store)
    mine, theirs = at.figure(ours), at.figure(CONSOLE[ours])
    if not mine or not theirs:  # without ads there is none to compare: what tax does to either
        tax = at.scenario.tax
        return bool(point_value(tax.tax_rate)) and tax.situation != "outside_price"
    return not math.isclose(mine, theirs, rel_tol=_SAME)


def agreed_metric(store: Scenario | Context, metric: str) -> str:
    """Return the figure that a promise on a metric means: the console's where it counts otherwise.

    Args:
        store: the store as typed, or its context where that is at hand.
        metric: what is promised, "acos" or "gmv".

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> [
        ...     agreed_metric(preset(one), "acos")
        ...     for one in ("amazon-de-kitchen", "amazon-us-kitchen")
        ... ]
        ['acos_console', 'acos']
    """
    return CONSOLE[metric] if metric in CONSOLE and differs(store, metric) else metric


def counted_otherwise(store: Scenario | Context, kpi: Kpi) -> Kpi | None:
    """Return a KPI of ads counted the other way, with the same target: by our accounts where it is
    the console's figure, and by the console where it is ours. None where both say the same, or
    where its basis was chosen.

    Args:
        store: the store as typed, or its context where that is at hand.
        kpi: what is measured, its target, window and basis.

    Returns:
        The same KPI on the other figure; None where there is nothing to compare.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> kpi = Kpi(id="a", metric="acos_console", comparator="at_most", target=0.22)
        >>> counted_otherwise(preset("amazon-de-kitchen"), kpi).metric
        'acos'
        >>> counted_otherwise(preset("amazon-us-kitchen"), kpi)
    """
    if not differs(store, kpi.metric) or _chosen(kpi):
        return None
    return kpi.but(metric=OURS.get(kpi.metric) or CONSOLE[kpi.metric])


def _chosen(kpi: Kpi) -> bool:
    plain = Basis()
    mine = Basis(
        kpi.sales_tax,
        kpi.sales_refunds,
        kpi.sales_cancelled,
        kpi.sales_counted,
        kpi.attribution,
        kpi.spend_tax,
        kpi.spend_fee,
    )
    return kpi.metric in CONSOLE and mine.key(kpi.metric) != plain.key(kpi.metric)


def by_the_books(scenario: Scenario, kpi: Kpi) -> bool:
    """Say whether a KPI is counted as the seller books it, which is not what a report of the
    platform shows: sales without the tax inside the price, ad spend with tax that is lost.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen")
        >>> [
        ...     by_the_books(store, Kpi(id="a", metric=metric, target=1.0))
        ...     for metric in ("acos", "acos_console", "gmv")
        ... ]
        [True, False, False]
    """
    taxed = bool(point_value(scenario.tax.tax_rate))
    inside = taxed and scenario.tax.situation != "outside_price"
    sales = kpi.metric in SALES - {"gmv"} and kpi.sales_tax == "usual" and inside
    spend = kpi.metric in SPEND & set(CONSOLE) and kpi.spend_tax == "usual"
    return sales or (spend and differs(scenario, kpi.metric))
