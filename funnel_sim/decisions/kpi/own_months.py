"""What a KPI was in the store's own months, to stand beside what the outlook says of the coming
ones.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.history import baseline_month, sales_figure, store_outlook, used_months
from funnel_sim.decisions.customer.budgets import budget_now
from funnel_sim.decisions.kpi.console import CONSOLE, differs
from funnel_sim.decisions.kpi.measured import key_of
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_name, month_number
from funnel_sim.units import MONTHS_A_YEAR

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
    "roas_console": ("ad_sales", "ad_spend"),
    "acos_console": ("ad_spend", "ad_sales"),
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


@dataclass(frozen=True)
class LastYear:
    """What the months of a KPI's window brought a year before: `value` in the unit of the target,
    `months` the names of those it is made of.
    """

    value: float
    months: tuple[str, ...]

    def meets(self, kpi: Kpi, target: float) -> bool:
        """Say whether it would have met a target.

        Args:
            kpi: whose comparator counts.
            target: in the unit of the metric.
        """
        return self.value >= target if kpi.comparator == "at_least" else self.value <= target


def last_year(scenario: Scenario, kpi: Kpi) -> LastYear | None:
    """Return what the store's own file has for the months of a KPI's window one year before, put
    together as the KPI puts its months together: what the season brings by itself. Month 1 is the
    first of the engagement, else the one after the file's last. Months that were left out of the
    outlook count here: they were.

    Args:
        scenario: whose history counts.
        kpi: what is measured, its target, window and basis.

    Returns:
        None where the file lacks one of the months, or holds the figure on another basis.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2025-11",
        ...         "history.seen_orders": [905.0, 1120.0, 540.0, *[560.0] * 9],
        ...     }
        ... )
        >>> kpi = Kpi(id="a", metric="orders", target=2374.0, window="total", month_to=3)
        >>> last_year(store, kpi)  # 905 + 1,120 + 540
        LastYear(value=2565.0, months=('2025-11', '2025-12', '2026-01'))
    """
    names, history = _OF_FIGURES.get(kpi.metric), scenario.history
    every = history.names()
    if names is None or not every or not _as_in_file(scenario, kpi):
        return None
    start = month_number(history.engagement_from or every[-1])
    start += 0 if history.engagement_from else 1
    first, last = kpi.months
    months = [month_name(start + month - 1 - MONTHS_A_YEAR) for month in range(first, last + 1)]
    known = [np.array(history.of(name, months), np.float64) for name in names]
    if not all(np.isfinite(one).all() for one in known):
        return None
    if history.engagement_from and month_number(months[-1]) >= start:
        return None  # that was with the agency already
    if kpi.window in ("total", "average"):
        sums = [float(one.sum()) for one in known]
        one_figure = sums[0] if kpi.window == "total" else sums[0] / len(months)
        value = one_figure if len(sums) == 1 else sums[0] / sums[1] if sums[1] else np.nan
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            each = known[0] if len(known) == 1 else known[0] / known[1]
        lowest = (kpi.window == "by") == (kpi.comparator == "at_most")
        value = float(each[-1] if kpi.window == "month" else each.min() if lowest else each.max())
    return LastYear(float(value), tuple(months)) if np.isfinite(value) else None


@dataclass(frozen=True)
class SpendLastYear:
    """What was spent on ads in the months of a KPI's window a year before: `mean` a month and
    `usual`, that of the months that the check rests on [sales currency]; `months` names those of
    last year.
    """

    mean: float
    usual: float
    months: tuple[str, ...]

    def turned(self, metric: str, value: float) -> float:
        """Return a ratio of sales and ad spend as it would be if as much more were spent again as
        last year, at the same sales.

        Args:
            metric: a key of `RATIOS_OF_SPEND`.
            value: of the metric, at the usual spend.

        Returns:
            In the unit of the metric.

        Examples:
            >>> SpendLastYear(3600.0, 3000.0, ("2025-11",)).turned("roas", 4.8)  # 4.8 / 1.2
            4.0
        """
        share = self.mean / self.usual
        return value * share if RATIOS_OF_SPEND[metric] == "over sales" else value / share


RATIOS_OF_SPEND = {
    "roas": "over spend",
    "roas_console": "over spend",
    "mer": "over spend",
    "acos": "over sales",
    "acos_console": "over sales",
    "tacos": "over sales",
}
"""Metrics of sales and ad spend: which of the two is below the line."""


def spend_last_year(scenario: Scenario, kpi: Kpi) -> SpendLastYear | None:
    """Return the ad spend of the months of a KPI's window one year before beside the one that the
    check takes for every month. The store's months say how its sales move over the year; budgets
    stay as they are typed, so that a ratio looks better in the season than it was where the budget
    was raised with it.

    Args:
        scenario: whose history counts.
        kpi: what is measured, and in which window.

    Returns:
        None where the KPI is no ratio of spend, no months are behind the check, ads have no budget
        or one by month, or the file does not hold the spend of those months.
    """
    if kpi.metric not in RATIOS_OF_SPEND or scenario.plan.budget_plan or not budget_now(scenario):
        return None
    if store_outlook(scenario) is None:
        return None
    usual = baseline_month(scenario, "ad_spend")
    found = last_year(scenario, kpi.but(metric="ad_spend", window="average", relative=False))
    if not usual or found is None:
        return None
    return SpendLastYear(found.value, usual, found.months)


def _as_in_file(scenario: Scenario, kpi: Kpi) -> bool:
    """Say whether a file of the platform counts a KPI's metric as the KPI does."""
    if kpi.metric in CONSOLE and differs(scenario, kpi.metric):
        return False
    return key_of(scenario, kpi) in (kpi.metric, sales_figure(scenario))
