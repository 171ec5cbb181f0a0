"""A KPI as a contract looks at it: attained by month, met in its window, paid in which month."""

from collections.abc import Iterable

import numpy as np

from funnel_sim.decisions.kpi import check as kpis
from funnel_sim.decisions.kpi.draws import KpiDraws, met
from funnel_sim.decisions.quote.contract import KpiPath
from funnel_sim.scenario.kpi_metrics import MONEY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option


def monthly_bonuses(option: Option, kpis: Iterable[Kpi]) -> frozenset[str]:
    """Return the KPIs that a contract only pays a bonus on, month by month: nobody owes them, and
    no window of theirs is settled.

    Args:
        option: the terms of the contract.
        kpis: the scenario's KPIs.

    Returns:
        Their ids.

    Examples:
        >>> paid = {"kpi": "g", "form": "fixed", "amount": 100.0}
        >>> kpi = Kpi(id="g", metric="gmv", target=1.0)
        >>> for each in ("month", "window"):
        ...     print(
        ...         monthly_bonuses(
        ...             Option.model_validate({"id": "a", "rewards": [{**paid, "each": each}]}),
        ...             [kpi],
        ...         )
        ...     )
        frozenset({'g'})
        frozenset()
    """
    owed = {one.kpi for one in option.rewards if one.each != "month" or one.kind != "bonus"}
    owed |= {one.kpi for one in option.instalments if one.kpi} | {option.decided_by}
    paid = {one.kpi for one in option.rewards} - owed
    return frozenset(kpi.id for kpi in kpis if kpi.id in paid and kpi.window not in ("by", "month"))


def kpi_path(
    kpi: Kpi, target: float, drawn: KpiDraws, months: int, *, beyond: bool = False
) -> KpiPath:
    """Return a KPI as a contract looks at it: attained by month, met in its window, paid in which
    month.

    Args:
        kpi: what is measured, its target, window and basis.
        target: its absolute target, in the unit of the metric.
        drawn: its draws.
        months: how many months there are.
        beyond: whether a reward asks for what lies beyond the target.
    """
    first, last = kpi.months
    each = kpis.month_target(kpi, target)
    month_met = np.asarray(met(kpi, each, drawn.months))
    with np.errstate(divide="ignore", invalid="ignore"):
        if each > 0:
            attained = (
                drawn.months / each
                if kpi.comparator == "at_least"
                else np.where(
                    drawn.months > 0, each / drawn.months, np.where(month_met, np.inf, 0.0)
                )
            )
        else:
            attained = np.where(month_met, 1.0, 0.0)
    attained = np.where(np.isnan(drawn.months), np.nan, attained)
    inside = last <= months
    window_met = np.asarray(met(kpi, target, drawn.value)) if inside else None
    paths = drawn.months.shape[1]
    if kpi.window == "by":
        reached = month_met[: min(last, months)]
        paid_in = np.where(reached.any(axis=0), reached.argmax(axis=0) + 1, 0)
        # the KPI asks for the target by its last month: a target reached earlier counts as met in
        # that month
        if window_met is not None:
            month_met = np.array(month_met)
            month_met[last - 1] = window_met
    else:
        paid_in = (
            np.where(window_met, last, 0) if window_met is not None else np.zeros(paths, np.int64)
        )
    better = drawn.months - each if kpi.comparator == "at_least" else each - drawn.months
    # a month without the figure has no amount by which it misses
    gap = (
        np.where(np.isnan(better), 0.0, better * drawn.size)
        if kpi.metric in MONEY_METRICS
        else None
    )
    window = (last, last) if kpi.window == "by" else (first, last)
    every = kpi.window == "every"
    if not beyond:
        return KpiPath(attained, month_met, window_met, window, paid_in, gap, every=every)
    month_beyond = np.asarray(met(kpi, each, drawn.months, beyond=True))
    window_beyond = np.asarray(met(kpi, target, drawn.value, beyond=True)) if inside else None
    if kpi.window == "by" and window_beyond is not None:
        month_beyond[last - 1] = window_beyond
    return KpiPath(
        attained, month_met, window_met, window, paid_in, gap, month_beyond, window_beyond, every
    )
