"""What a KPI was in the store's own months, to stand beside what the outlook says of the coming
ones.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.history import used_months
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

_OF_FIGURES: dict[str, tuple[str, ...]] = {
    "gmv": ("gmv",),
    "orders": ("orders",),
    "paid_orders": ("orders",),
    "visits": ("visits",),
    "impressions": ("impressions",),
    "clicks": ("clicks",),
    "ad_spend": ("ad_spend",),
    "roas": ("ad_sales", "ad_spend"),
    "acos": ("ad_spend", "ad_sales"),
    "tacos": ("ad_spend", "gmv"),
    "mer": ("gmv", "ad_spend"),
    "ctr": ("clicks", "impressions"),
    "cvr": ("orders", "visits"),
    "cpc": ("ad_spend", "clicks"),
    "aov": ("gmv", "orders"),
    "return_rate": ("returned_orders", "orders"),
}
"""Figures of a month in a store's file that give a metric: one, or the first over the second."""


@dataclass(frozen=True)
class OwnMonths:
    """The lowest, the middle and the highest of `count` months that are known and not left out."""

    low: float
    middle: float
    high: float
    count: int


def own_months(scenario: Scenario, kpi: Kpi) -> OwnMonths | None:
    """Return what the store's own months were of a KPI's metric, as its file has them (ACoS and
    ROAS as the console shows them); None where the file does not hold it or a month is not what the
    KPI measures.

    Args:
        scenario: whose history counts.
        kpi: what is measured, its target, window and basis.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2026-01",
        ...         "history.seen_ad_sales": [5000.0, 6000.0, 4000.0],
        ...         "history.seen_ad_spend": [2000.0, 2000.0, 2000.0],
        ...     }
        ... )
        >>> own_months(store, Kpi(id="roas", metric="roas", target=3.0))
        OwnMonths(low=2.0, middle=2.5, high=3.0, count=3)
    """
    names = _OF_FIGURES.get(kpi.metric)
    if names is None or kpi.window == "total":
        return None
    values = [used_months(scenario, name) for name in names]
    if not all(one.size for one in values):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        each = values[0] if len(values) == 1 else values[0] / values[1]
    known = each[np.isfinite(each)]
    if not known.size:
        return None
    return OwnMonths(
        float(known.min()), float(np.median(known)), float(known.max()), int(known.size)
    )
