"""One simulation, every definition: the same months, counted in each way that a contract may
mean.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.chance.estimates import Figure, odds
from funnel_sim.decisions.kpi.check import as_believed, band, draws_of, key_of, met, target_of
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

_SALES_WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("tax_in", {"sales_tax": "in"}),
    ("tax_out", {"sales_tax": "out"}),
    ("refunds_out", {"sales_refunds": "out"}),
    ("cancelled_in", {"sales_cancelled": "in"}),
    ("sales_all", {"sales_counted": "all"}),
    ("sales_ads", {"sales_counted": "ads"}),
)
_SPEND_WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("spend_in", {"spend_tax": "in"}),
    ("spend_out", {"spend_tax": "out"}),
    ("fee_in", {"spend_fee": True}),
)
_STRICT = {
    "sales_tax": "out",
    "sales_refunds": "out",
    "sales_cancelled": "out",
    "spend_tax": "in",
    "spend_fee": True,
}
_LOOSE = {
    "sales_tax": "in",
    "sales_refunds": "in",
    "sales_cancelled": "in",
    "sales_counted": "all",
    "spend_tax": "out",
    "spend_fee": False,
}
_SAME = 1e-9


@dataclass(frozen=True)
class Definition:
    """A KPI counted in one way: `way` names it ("typed": as typed), with the median and P10 and P90
    of its value and the probability of the same absolute target.
    """

    way: str
    kpi: Kpi
    low: float
    median: float
    high: float
    odds: Figure


def definitions(scenario: Scenario, kpi: Kpi, paths: int | None = None) -> list[Definition]:
    """Return a KPI under every basis that makes a difference here, as typed first; only that one
    where the metric has no other.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.
        paths: how many draws; the scenario's own where None.

    Returns:
        One definition a basis.
    """
    ways: list[tuple[str, dict[str, Any]]] = [("typed", {})]
    if kpi.metric in SALES:
        ways += _SALES_WAYS
    if kpi.metric in SPEND:
        ways += _SPEND_WAYS
    if kpi.metric in SALES & SPEND:
        ways += [("strictest", _STRICT), ("loosest", _LOOSE)]
    variants: dict[str, Kpi] = {}
    for number, (_, changes) in enumerate(ways):
        variants[f"d{number}"] = kpi.but(id=f"d{number}", **changes)
    drawn, run = draws_of(as_believed(scenario), list(variants.values()), paths=paths)
    target = target_of(scenario, kpi)
    out: list[Definition] = []
    seen: set[str] = set()
    typed: Array | None = None
    for (way, _), (name, variant) in zip(ways, variants.items(), strict=True):
        values = drawn[name].value
        key = key_of(scenario, variant)
        same = typed is not None and np.allclose(values, typed, rtol=_SAME, equal_nan=True)
        if key in seen or same:
            continue
        seen.add(key)
        typed = values if typed is None else typed
        low, median, high = band(kpi, values)
        out.append(
            Definition(
                way,
                variant,
                float(low),
                float(median),
                float(high),
                odds(met(kpi, target, values), run.plan.replicates),
            )
        )
    return out
