"""What is wrong with a set of KPIs before anything is simulated: contradictions by identity, and
SMART gaps.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from funnel_sim.decisions.context import Context, context_of
from funnel_sim.decisions.kpi.check import calibration, month_target
from funnel_sim.decisions.kpi.console import OURS
from funnel_sim.decisions.kpi.draws import is_growth
from funnel_sim.decisions.kpi.measured import (
    baseline_of,
    basis_of,
    break_even_of,
    key_of,
    lower_is_better,
    months_added,
    target_of,
)
from funnel_sim.decisions.kpi.stop_loss import season_of_months
from funnel_sim.errors import InputError
from funnel_sim.scenario.kpi_metrics import CASH_METRICS, OPERATIONAL, RATES
from funnel_sim.scenario.kpi_templates import has_example_counts
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario

RemarkWeight = Literal["contradiction", "serious", "note"]
EARLY_MONTHS = 3
_ABOUT = 1e-6
_SLACK = 0.02
_FITTED = 0.02


@dataclass(frozen=True)
class Remark:
    """One thing found: `key` of its sentence (kpi.remark_…), how grave it is, the KPIs concerned,
    and what the sentence needs (figures as (value, metric) to be worded).
    """

    key: str
    weight: RemarkWeight
    kpis: tuple[str, ...] = ()
    parts: Mapping[str, object] = field(default_factory=dict)


def remarks(store: Scenario | Context) -> list[Remark]:
    """Return every contradiction and gap of a scenario's KPIs, the gravest first."""
    at = context_of(store)
    kpis = [kpi for kpi in at.scenario.kpis if _target(at, kpi) is not None]
    found = [
        *_opposed(at, kpis),
        *_acos_roas(at, kpis),
        *_products(at, kpis),
        *_growth(at, kpis),
        *_break_even(at, kpis),
        *_below_today(at, kpis),
        *_example_counts(kpis),
        *_smart(at),
    ]
    order = {"contradiction": 0, "serious": 1, "note": 2}
    return sorted(found, key=lambda one: order[one.weight])


def _target(at: Context, kpi: Kpi) -> float | None:
    try:
        return target_of(at, kpi)
    except InputError:
        return None


def _example_counts(kpis: Sequence[Kpi]) -> list[Remark]:
    """Find KPIs whose probability comes from the counts of a ready-made one, which nobody typed."""
    same = [kpi.id for kpi in kpis if has_example_counts(kpi)]
    return [Remark("example_counts", "serious", tuple(same))] if same else []


def _below_today(at: Context, kpis: Sequence[Kpi]) -> list[Remark]:
    """Find targets that promise less than the store already has, for metrics of either
    direction.
    """
    out = []
    for kpi in (
        one
        for one in kpis
        if one.metric not in OPERATIONAL
        and (one.comparator == "at_most") == lower_is_better(one.metric)
    ):
        base, target = baseline_of(at, kpi), _target(at, kpi)
        if base is None or target is None or not math.isfinite(base.value):
            continue
        first, last = kpi.months
        low = min(
            1.0, float(season_of_months(at.scenario, kpi, last)[first - 1 :].mean())
        )  # in low season a target below a usual month may still be growth
        each, gap = month_target(kpi, target), abs(base.value) * _ABOUT
        if (
            each < base.value * low - gap
            if kpi.comparator == "at_least"
            else each > base.value + gap
        ):
            out.append(
                Remark(
                    "below_today",
                    "serious",
                    (kpi.id,),
                    {"target": (each, kpi.metric), "now": (base.value, kpi.metric)},
                )
            )
    return out


def _overlap(one: Kpi, other: Kpi) -> bool:
    return one.months[0] <= other.months[1] and other.months[0] <= one.months[1]


def _same_window(one: Kpi, other: Kpi) -> bool:
    return one.months == other.months and one.window == other.window


def _opposed(at: Context, kpis: Sequence[Kpi]) -> list[Remark]:
    """Find two bounds of one figure that no month can meet."""
    out = []
    for one in kpis:
        for other in kpis:
            if (
                one.comparator == "at_least"
                and other.comparator == "at_most"
                and key_of(at.scenario, one) == key_of(at.scenario, other)
                and one.metric not in OPERATIONAL
                and _same_window(one, other)
            ):
                low, high = _target(at, one) or 0.0, _target(at, other) or 0.0
                if low > high:
                    out.append(
                        Remark(
                            "opposed",
                            "contradiction",
                            (one.id, other.id),
                            {
                                "metric": one.metric,
                                "low": (low, one.metric),
                                "high": (high, one.metric),
                            },
                        )
                    )
    return out


def _acos_roas(at: Context, kpis: Sequence[Kpi]) -> list[Remark]:
    """Say what ACoS and ROAS targets are of each other: ROAS = 1 / ACoS on the same sales and
    spend.
    """
    out = []
    for acos in (kpi for kpi in kpis if _counts(kpi) == "acos"):
        limit = _target(at, acos) or 0.0
        if not limit > 0:
            continue
        means = 1 / limit
        for roas in (kpi for kpi in kpis if _counts(kpi) == "roas" and _overlap(acos, kpi)):
            asked = _target(at, roas) or 0.0
            parts = {"acos": (limit, "acos"), "means": (means, "roas"), "roas": (asked, "roas")}
            apart = (acos.metric in OURS) != (roas.metric in OURS)
            if apart or basis_of(at.scenario, acos) != basis_of(at.scenario, roas):
                out.append(Remark("acos_roas_bases", "serious", (acos.id, roas.id), parts))
            elif acos.comparator == "at_most" and roas.comparator == "at_least":
                stricter = (
                    "acos"
                    if means > asked * (1 + _ABOUT)
                    else "roas"
                    if means < asked * (1 - _ABOUT)
                    else "same"
                )
                out.append(
                    Remark(
                        f"acos_roas_{stricter}",
                        "serious" if stricter != "same" else "note",
                        (acos.id, roas.id),
                        parts,
                    )
                )
            elif (
                acos.comparator == "at_least"
                and roas.comparator == "at_least"
                and asked > means * (1 + _ABOUT)
                and _same_window(acos, roas)
            ):
                out.append(Remark("acos_roas_opposed", "contradiction", (acos.id, roas.id), parts))
        if not any(_counts(kpi) == "roas" for kpi in kpis) and acos.comparator == "at_most":
            out.append(
                Remark(
                    "acos_is_roas",
                    "note",
                    (acos.id,),
                    {"acos": (limit, "acos"), "means": (means, "roas")},
                )
            )
    return out


_PRODUCTS: tuple[tuple[str, str, str], ...] = (
    ("paid_orders", "aov", "gmv"),
    ("visits", "cvr", "new_customers"),
    ("impressions", "ctr", "clicks"),
    ("clicks", "cpc", "ad_spend"),
)


def _products(at: Context, kpis: Sequence[Kpi]) -> list[Remark]:
    """Find three KPIs of which one is the product of the others and cannot be: at least × at least
    above an at most, or the other way round.

    Orders × order value = GMV holds only where GMV is counted as order value is; tax and sources
    outside ads make the others approximate, so 2 % are allowed.
    """
    by_metric = {kpi.metric: kpi for kpi in kpis}
    steady = at.result.steady
    out = []
    for first, second, product in _PRODUCTS:
        trio = [by_metric.get(name) for name in (first, second, product)]
        if any(kpi is None for kpi in trio):
            continue
        one, other, whole = (kpi for kpi in trio if kpi is not None)
        if not (_same_window(one, whole) and _same_window(other, whole)):
            continue
        now = [steady.get(kpi.metric) for kpi in (one, other, whole)]
        if any(value is None or not value for value in now):
            continue
        factor = (now[2] or 0.0) / (
            (now[0] or 1.0) * (now[1] or 1.0)
        )  # sales tax counted in GMV but not in order value, or orders that no ad brought
        implied = (_target(at, one) or 0.0) * (_target(at, other) or 0.0) * factor
        wanted = _target(at, whole) or 0.0
        sides = {one.comparator, other.comparator}
        parts = {
            "first": one.metric,
            "second": other.metric,
            "product": whole.metric,
            "implied": (implied, whole.metric),
            "wanted": (wanted, whole.metric),
        }
        names = (one.id, other.id, whole.id)
        if (
            sides == {"at_least"}
            and whole.comparator == "at_most"
            and implied > wanted * (1 + _SLACK)
        ) or (
            sides == {"at_most"}
            and whole.comparator == "at_least"
            and implied < wanted * (1 - _SLACK)
        ):
            out.append(Remark("product_opposed", "contradiction", names, parts))
        elif (
            sides == {"at_least"}
            and whole.comparator == "at_least"
            and implied > wanted * (1 + _SLACK)
        ):
            out.append(Remark("product_implied", "note", names, parts))
    return out


def _growth(at: Context, kpis: Sequence[Kpi]) -> list[Remark]:
    """Say what more sales at a given budget ask of the funnel: sales = budget ÷ CPC × CVR × AOV for
    what ads bring.
    """
    out: list[Remark] = []
    gmv = next((kpi for kpi in kpis if kpi.metric == "gmv" and kpi.comparator == "at_least"), None)
    if gmv is None:
        return out
    base = baseline_of(at, gmv)
    goal = _target(at, gmv)
    if base is None or not base.value > 0 or goal is None:
        return out
    level = at.before.figure(key_of(at.scenario, gmv)) if base.source == "typed" else base.value
    growth = (
        goal / months_added(gmv) / (level or base.value)
    )  # the growth asked of the store at its own level, whatever baseline the contract names
    spend = next(
        (kpi for kpi in kpis if kpi.metric == "ad_spend" and kpi.comparator == "at_most"), None
    )
    budgets = at.scenario.plan.budget_plan or [1.0]
    first, last = gmv.months
    plan = sum(budgets[min(m, len(budgets) - 1)] for m in range(first - 1, last)) / (
        last - first + 1
    )
    helped = at.scenario.plan.mean_season(first, last)
    now = at.result.steady["ad_spend"] or 0.0
    if spend is not None and now:
        limit = _target(at, spend) or 0.0
        plan = limit / months_added(spend) / now
    if growth > 1 + _ABOUT and plan > 0 and now:
        out.append(
            Remark(
                "growth_needs",
                "note" if plan >= growth else "serious",
                (gmv.id,) if spend is None else (gmv.id, spend.id),
                {
                    "growth": growth - 1,
                    "budget": plan - 1,
                    "season": helped - 1,
                    "factor": growth / plan / helped - 1,
                },
            )
        )
    tacos = [
        kpi for kpi in kpis if _counts(kpi) in ("acos", "tacos") and kpi.comparator == "at_most"
    ]
    elastic = any(point_value(channel.elasticity) > 0 for channel in at.scenario.channels)
    if growth > 1 + _ABOUT and tacos and now and not elastic:
        out.append(Remark("growth_flat_ads", "note", (gmv.id, tacos[0].id), {}))
    return out


def _break_even(at: Context, kpis: Sequence[Kpi]) -> list[Remark]:
    """Find ad targets that can be met while every order loses money."""
    steady = at.result.steady
    out = []
    for kpi in kpis:
        target, ours = _target(at, kpi), _counts(kpi)
        if ours not in ("acos", "roas") or steady[f"break_even_{ours}"] is None:
            continue
        limit = break_even_of(at, kpi)
        if limit is None or target is None:
            continue
        most = kpi.comparator == "at_most"
        if (target > limit if most else target < limit) and most == (ours == "acos"):
            parts = {"target": (target, ours), "limit": (limit, ours)}
            key = "_console" if kpi.metric in OURS else ""
            out.append(Remark(f"{ours}_loses{key}", "serious", (kpi.id,), parts))
    return out


def _counts(kpi: Kpi) -> str:
    """Return a KPI's metric, the console's figure of ads under the name of ours."""
    return OURS.get(kpi.metric, kpi.metric)


def _baseline_apart(at: Context, kpi: Kpi) -> list[Remark]:
    """Say where a contract's baseline is not what the store's usual month is: part of the growth is
    then there already, or more of it is asked.
    """
    if kpi.baseline is None or not kpi.baseline > 0 or not is_growth(kpi):
        return []
    now = at.before.figure(key_of(at.scenario, kpi))
    if now is None or not now > 0 or abs(kpi.baseline / now - 1.0) <= _FITTED:
        return []
    apart, change = kpi.baseline / now - 1.0, kpi.baseline * (1.0 + kpi.target) / now - 1.0
    shown = {
        "value": (kpi.baseline, kpi.metric),
        "now": (now, kpi.metric),
        "apart": apart,
        "asked": kpi.target,
        "change": change,
    }
    return [Remark("baseline_apart", "serious", (kpi.id,), shown)]


def _smart(at: Context) -> list[Remark]:
    """Find what makes a KPI vague: no baseline, date, source or definition; one KPI only; GMV
    without margin or returns; a cold start ignored.
    """
    kpis = at.scenario.kpis
    out = []
    fit = calibration(at)
    if fit is not None and abs(fit - 1) > _FITTED:
        out.append(Remark("not_fitted", "serious", (), {"share": fit - 1}))
    for kpi in kpis:
        if kpi.relative:
            base = baseline_of(at, kpi)
            out += _baseline_apart(at, kpi)
            if base is None:
                out.append(Remark("no_baseline", "serious", (kpi.id,)))
            elif base.source == "funnel":
                out.append(
                    Remark(
                        "baseline_assumed",
                        "serious",
                        (kpi.id,),
                        {"value": (base.value, kpi.metric)},
                    )
                )
            elif base.source == "history":
                out.append(
                    Remark(
                        "baseline_unwritten",
                        "note",
                        (kpi.id,),
                        {
                            "value": (base.value, kpi.metric),
                            "months": len(base.months),
                            "last": base.months[-1],
                        },
                    )
                )
        missing = [
            name
            for name, says in (
                ("date", kpi.says_date),
                ("source", kpi.says_source),
                ("definition", kpi.says_definition),
            )
            if not says and not (name == "definition" and kpi.metric in CASH_METRICS)
        ]
        out += [
            Remark(
                f"no_{name}",
                "serious" if name == "definition" else "note",
                (kpi.id,),
                {"metric": kpi.metric},
            )
            for name in missing
        ]
    metrics = {_counts(kpi) for kpi in kpis}
    if len(kpis) == 1:
        out.append(Remark("one_only", "serious", (kpis[0].id,)))
    if "gmv" in metrics and not metrics & {
        "profit",
        "margin",
        "cm1",
        "cm2",
        "cm3",
        "net_revenue",
        "acos",
        "tacos",
        "roas",
        "mer",
    }:
        out.append(Remark("gmv_without_margin", "serious", ()))
    if "gmv" in metrics and not metrics & {
        "return_rate",
        "returned_rate",
        "net_revenue",
        "cm1",
        "cm2",
        "cm3",
        "profit",
        "margin",
    }:
        out.append(Remark("gmv_without_returns", "serious", ()))
    new = (
        point_value(at.scenario.plan.ramp_months) > 0
        and point_value(at.scenario.plan.ramp_start) < 1
        and not at.scenario.history.names()
    )
    early = [
        kpi
        for kpi in kpis
        if kpi.months[0] <= EARLY_MONTHS
        and (
            _counts(kpi) in ("roas", "acos", "tacos", "mer")
            or kpi.metric in ("return_rate", *RATES)
        )
    ]
    if new and early:
        out.append(
            Remark(
                "cold_start",
                "serious",
                tuple(kpi.id for kpi in early),
                {"months": math.ceil(point_value(at.scenario.plan.ramp_months))},
            )
        )
    return out
