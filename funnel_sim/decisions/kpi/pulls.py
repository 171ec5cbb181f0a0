"""Why the median of a KPI is worse than its current value: what pulls it there, found by leaving
one thing out at a time, on the same draws.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.kpi.belief import as_believed
from funnel_sim.decisions.kpi.check import KpiCheck, missed_without
from funnel_sim.decisions.kpi.draws import draws_of
from funnel_sim.decisions.kpi.measured import months_added
from funnel_sim.errors import InputError
from funnel_sim.scenario.kpi_metrics import OPERATIONAL
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

_PATHS = 4096
_MOST = 2
_LEAST = 0.01
"""A gap smaller than this share of the current value is not explained: our judgement."""
_PART = 0.1
"""What explains less than this share of the gap is not named: our judgement."""


@dataclass(frozen=True)
class Pull:
    """A KPI whose `median` is worse than `current` (over its window): `by` what pulls it, the
    strongest first, each with the median that there would be without it: `median` and the
    difference on the same draws.
    """

    kpi: str
    median: float
    current: float
    by: tuple[tuple[str, float], ...]


def pull_variants(scenario: Scenario) -> dict[str, dict[str, object]]:
    """Return what can pull a median, by its name, each as the change of the scenario that leaves it
    out; only what the scenario has.
    """
    ranges: dict[str, object] = {
        path: point_value(value) for path, value in scenario.quantities() if is_range(value)
    }
    out: dict[str, tuple[bool, dict[str, object]]] = {
        "events": (bool(scenario.shocks), {"shocks": []}),
        "noise": (scenario.chance.month_noise, {"chance.month_noise": False}),
        "counting": (scenario.chance.counting, {"chance.counting": False}),
        "season": (len(set(scenario.plan.season)) > 1, {"plan.season": [1.0] * 12}),
        "ramp": (bool(point_value(scenario.plan.ramp_months)), {"plan.ramp_months": 0}),
        "announced": (bool(scenario.plan.announced), {"plan.announced": []}),
        "ranges": (bool(ranges), {"chance.correlations": [], **ranges}),
    }
    return {name: change for name, (there, change) in out.items() if there}


def _medians(
    scenario: Scenario, ids: Collection[str]
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the medians of KPIs, and those without each thing that can pull them."""
    believed = as_believed(scenario)
    kpis = [kpi for kpi in scenario.kpis if kpi.id in ids]

    def medians(of: Scenario) -> dict[str, float]:
        drawn, _ = draws_of(of, kpis, paths=_PATHS, by_month=False)
        return {kpi.id: float(np.median(missed_without(kpi, drawn[kpi.id].value))) for kpi in kpis}

    others = {}
    for name, change in pull_variants(believed).items():
        try:
            others[name] = medians(believed.replace(change))
        except InputError:  # fields that depend on the one taken away go with it
            continue
    return medians(believed), others


def pulls(check: KpiCheck) -> list[Pull]:
    """Return why the medians of KPIs of the funnel are worse than their current values, in the
    order of the KPIs; nothing for those that are not.
    """
    asked = [
        one
        for one in check.answers
        if one.baseline is not None
        and one.kpi.metric not in OPERATIONAL
        and np.isfinite(one.median)
    ]

    def gap(value: float, today: float, *, at_least: bool) -> float:
        return today - value if at_least else value - today

    short = [
        one
        for one in asked
        if one.baseline is not None
        and gap(
            one.median,
            one.baseline.value * months_added(one.kpi),
            at_least=one.kpi.comparator == "at_least",
        )
        > _LEAST * abs(one.baseline.value * months_added(one.kpi))
    ]
    if not short:
        return []
    now, others = check.at.without_targets.once(
        f"medians of {' '.join(one.kpi.id for one in short)}",
        lambda: _medians(check.at.without_targets.scenario, {one.kpi.id for one in short}),
    )
    out = []
    for one in short:
        today = (0.0 if one.baseline is None else one.baseline.value) * months_added(one.kpi)
        at_least, name = one.kpi.comparator == "at_least", one.kpi.id
        missing = gap(now[name], today, at_least=at_least)
        gains = {
            key: missing - gap(found[name], today, at_least=at_least)
            for key, found in others.items()
        }
        strongest = sorted(
            (key for key, gain in gains.items() if gain > _PART * missing),
            key=lambda key: -gains[key],
        )[:_MOST]
        out.append(
            Pull(
                name,
                one.median,
                today,
                tuple((key, one.median + others[key][name] - now[name]) for key in strongest),
            )
        )
    return out
