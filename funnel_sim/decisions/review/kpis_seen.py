"""The KPIs of a contract as they came: their values by month and over their windows, what nobody
typed, and whether that can still turn a window.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.decisions.kpi.check import month_target
from funnel_sim.decisions.kpi.draws import KpiDraws, met
from funnel_sim.decisions.kpi.measured import key_of
from funnel_sim.decisions.quote.contract import (
    RUNNING,
    Duration,
    Flows,
    KpiPath,
    bill,
    sum_of_lines,
)
from funnel_sim.decisions.quote.kpi_in_contract import kpi_path
from funnel_sim.decisions.quote.worked_examples import agreed, named_kpis
from funnel_sim.decisions.review.actuals import Ledger, actual_kpi, lacking
from funnel_sim.model.arrays import Array
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.kpi_metrics import NEVER_BELOW_ZERO, OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quotes import Option
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Seen:
    """One KPI of the contract as it came: `target` of its window, `draws` its value over the window
    and by month, `path` as the contract looks at it, `unknown` the months that nobody typed.
    """

    kpi: Kpi
    target: float
    value: float
    months: Array
    path: KpiPath
    unknown: tuple[str, ...]


def kpis_seen(
    scenario: Scenario,
    option: Option,
    ledger: Ledger,
    flows: Flows,
    counted: Mapping[str, Sequence[float | None]],
) -> dict[str, Seen]:
    """Return the contract's KPIs as they came; those that count the fee have it in their ledger,
    before bonuses, as in the simulation.

    Args:
        scenario: holds the KPIs that the contract names.
        option: whose contract it is.
        ledger: the actual months.
        flows: what the fees are counted on.
        counted: by id, the months of KPIs that the funnel does not produce.

    Returns:
        The KPIs, by id.
    """
    named = named_kpis(scenario, option)
    keys = {
        key_of(ledger.scenario, kpi)
        for kpi in named
        if kpi.metric not in (*OPERATIONAL, *STEADY_METRICS)
    }
    if keys and not leading_to(frozenset(keys)).isdisjoint({"profit", "operator_fee"}):
        plain = bill(
            option.but(rewards=[], instalments=[], extras=[], total_cap=None),
            flows,
            runs_on(ledger.count),
        )
        fee = (
            sum_of_lines(plain, (*RUNNING, "floor", "cap"), np.zeros((ledger.count, 1))) / flows.fx
        )
        ledger = ledger.with_fee(fee[:, 0])
    out = {}
    for kpi in named:
        target = agreed(scenario, kpi).target
        draws = actual_kpi(ledger, kpi, counted)
        months = draws.months[:, 0]
        unknown = tuple(
            name
            for name, value in zip(ledger.months, months, strict=True)
            if math.isnan(value) and _untyped(ledger, kpi, name)
        )
        draws = replace(draws, value=_over_known(ledger, kpi, target, draws, unknown))
        beyond = any(one.kpi == kpi.id and one.bound == "above" for one in option.rewards)
        path = kpi_path(kpi, target, draws, ledger.count, beyond=beyond)
        out[kpi.id] = Seen(kpi, target, float(draws.value[0]), months, path, unknown)
    return out


def _over_known(
    ledger: Ledger, kpi: Kpi, target: float, draws: KpiDraws, unknown: Sequence[str]
) -> Array:
    """Return a KPI over its window, of a window "by" or "every" from the months that are known: one
    month that meets it, or misses it, settles it whatever the others were; so does a sum that
    reaches the target of a figure that cannot be below zero (the least that it came to).
    """
    first, last = kpi.months
    inside = range(first - 1, min(last, ledger.count))
    gone = {place for place in inside if ledger.months[place] in unknown}
    known = draws.months[[place for place in inside if place not in gone], 0]
    if kpi.window == "by":
        known = known[~np.isnan(known)]
    if gone and last <= ledger.count and settled_sum(kpi, target, known) is not None:
        whole = float(np.nansum(known))
        return np.array([whole / len(inside) if kpi.window == "average" else whole])
    if kpi.window not in ("by", "every") or not known.size:
        return draws.value
    most = (kpi.window == "by") == (kpi.comparator == "at_least")
    return np.array([known.max() if most else known.min()])


def is_open(one: Seen, months: Sequence[str], *, beyond: bool) -> bool:
    """Say whether the months that nobody typed can still turn whether a window is met.

    Args:
        one: the KPI as it came.
        months: the names of the months.
        beyond: whether the target has to be passed.
    """
    first, last = one.kpi.months
    inside = range(first - 1, min(last, len(months)))
    if not any(months[place] in one.unknown for place in inside):
        return False
    known = one.months[[place for place in inside if months[place] not in one.unknown]]
    hit = met(one.kpi, month_target(one.kpi, one.target), known, beyond=beyond)
    if settled_sum(one.kpi, one.target, known, beyond=beyond) is not None:
        return False
    match one.kpi.window:
        case "by":
            return not bool(hit.any())
        case "every":
            return bool(hit.all())
        case "month":
            return months[last - 1] in one.unknown if last <= len(months) else False
    return True


def settled_sum(kpi: Kpi, target: float, known: Array, *, beyond: bool = False) -> bool | None:
    """Return whether an average or total of a figure that cannot be below zero is met whatever the
    months that are not known bring; None where they can still turn it.

    Args:
        kpi: the KPI.
        target: its absolute target.
        known: the months of its window that are known, shape (months,); NaN is left out.
        beyond: whether the target has to be passed.

    Examples:
        >>> kpi = Kpi(id="a", metric="gmv", target=90.0, window="total", month_to=3)
        >>> settled_sum(kpi, 90.0, np.array([60.0, 30.0])), settled_sum(kpi, 90.0, np.array([60.0]))
        (True, None)
    """
    if kpi.window not in ("average", "total") or kpi.metric not in NEVER_BELOW_ZERO:
        return None
    first, last = kpi.months
    least = float(np.nansum(known)) / (last - first + 1 if kpi.window == "average" else 1)
    hit = bool(met(kpi, target, np.array([least]), beyond=beyond)[0])
    if kpi.comparator == "at_least":
        return True if hit else None
    return None if hit else False


def _untyped(ledger: Ledger, kpi: Kpi, month: str) -> bool:
    """Say whether a month's KPI is not known because something was not typed, rather than because
    it has no value there.
    """
    if kpi.metric in (*OPERATIONAL, *STEADY_METRICS):
        return True
    found = lacking(ledger, key_of(ledger.scenario, kpi))
    return any(month in gone for gone in found.values())


def runs_on(count: int) -> Duration:
    """Return the duration of a contract that runs in all of `count` months."""
    none = np.zeros(1, np.int64)
    return Duration(np.ones((count, 1), bool), np.full(1, count), none, none)


def deciding_kpi(option: Option, seen: Mapping[str, Seen]) -> Array | None:
    """Return what the KPI that decides attains by month; a month that nobody typed misses nothing
    as yet.

    Args:
        option: whose contract it is.
        seen: its KPIs as they came, by id.

    Returns:
        Share of the target that each month attains, shape (months, 1); infinite where nobody typed
        it. None where no KPI decides.
    """
    if not option.decided_by:
        return None
    one = seen[option.decided_by]
    return np.where(np.isnan(one.months)[:, None] & bool(one.unknown), np.inf, one.path.attained)
