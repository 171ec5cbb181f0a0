"""One simulation, every definition: the same months, counted in each way that a contract may
mean.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from funnel_sim.chance.estimates import Figure, probability
from funnel_sim.decisions.kpi.belief import Record
from funnel_sim.decisions.kpi.check import band, believed_draws
from funnel_sim.decisions.kpi.console import CONSOLE, OURS
from funnel_sim.decisions.kpi.draws import KpiDraws, met
from funnel_sim.decisions.kpi.measured import key_of, target_of
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import SALES, SPEND
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.scenario import Scenario

Way = Literal[
    "typed",
    "tax_in",
    "tax_out",
    "refunds_out",
    "cancelled_in",
    "sales_all",
    "sales_ads",
    "spend_in",
    "spend_out",
    "fee_in",
    "console",
    "books",
    "strictest",
    "loosest",
]
_SALES_WAYS: tuple[tuple[Way, dict[str, Any]], ...] = (
    ("tax_in", {"sales_tax": "in"}),
    ("tax_out", {"sales_tax": "out"}),
    ("refunds_out", {"sales_refunds": "out"}),
    ("cancelled_in", {"sales_cancelled": "in"}),
    ("sales_all", {"sales_counted": "all"}),
    ("sales_ads", {"sales_counted": "ads"}),
)
_SPEND_WAYS: tuple[tuple[Way, dict[str, Any]], ...] = (
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
    of its value and the probability of its target: the same number, where it is one; where it is
    a change against the store's own months, these are counted in the same way.
    """

    way: Way
    kpi: Kpi
    low: float
    median: float
    high: float
    probability: Figure


def definitions(
    scenario: Scenario, kpi: Kpi, paths: int | None = None, record: Record | None = None
) -> list[Definition]:
    """Return a KPI under every basis that makes a difference here, as typed first; only that one
    where the metric has no other.

    Args:
        scenario: the store and its plan, as typed.
        kpi: what is measured, its target, window and basis.
        paths: how many draws; the scenario's own where None.
        record: what the check of the scenario made of the operator's record, so that the KPI as
            typed is its answer.

    Returns:
        One definition a basis.
    """
    return every_definition(scenario, [kpi], paths, record)[kpi.id]


def every_definition(
    scenario: Scenario,
    kpis: Sequence[Kpi],
    paths: int | None = None,
    record: Record | None = None,
) -> dict[str, list[Definition]]:
    """Return `definitions` of several KPIs from one simulation.

    Args:
        scenario: the store and its plan, as typed.
        kpis: what is measured, with targets, windows and bases.
        paths: how many draws; the scenario's own where None.
        record: what the check of the scenario made of the operator's record.

    Returns:
        Definitions by the id of the KPI.
    """
    taken = {kpi.id for kpi in kpis}
    names = (name for n in itertools.count() if (name := f"d{n}") not in taken)
    variants = {
        kpi.id: [
            (way, kpi if way == "typed" else kpi.but(id=next(names), **changes))
            for way, changes in ways_of(kpi)
        ]
        for kpi in kpis
    }
    drawn, plan = believed_draws(
        scenario, [variant for ways in variants.values() for _, variant in ways], record, paths
    )
    return {
        kpi.id: _different(scenario, kpi, variants[kpi.id], drawn, plan.replicates) for kpi in kpis
    }


def ways_of(kpi: Kpi) -> list[tuple[Way, dict[str, object]]]:
    """Return the ways in which a contract may count a KPI, with what each changes, as typed first.

    >>> [way for way, _ in ways_of(Kpi(id="a", metric="cpc", target=1.0))]
    ['typed', 'spend_in', 'spend_out', 'fee_in']
    """
    ways: list[tuple[Way, dict[str, Any]]] = [("typed", {})]
    if kpi.metric in SALES:
        ways += _SALES_WAYS
    if kpi.metric in SPEND:
        ways += _SPEND_WAYS
    if kpi.metric in CONSOLE:
        ways.append(("console", {"metric": CONSOLE[kpi.metric]}))
    if kpi.metric in OURS:
        ways.append(("books", {"metric": OURS[kpi.metric]}))
    if kpi.metric in SALES & SPEND:
        ways += [("strictest", _STRICT), ("loosest", _LOOSE)]
    return ways


def _different(
    scenario: Scenario,
    kpi: Kpi,
    variants: Sequence[tuple[Way, Kpi]],
    drawn: Mapping[str, KpiDraws],
    replicates: int,
) -> list[Definition]:
    """Return the ways of counting that do not give the same as one before."""
    moves = kpi.relative and kpi.baseline is None
    target = target_of(scenario, kpi)
    out: list[Definition] = []
    seen: set[str] = set()
    typed: Array | None = None
    for way, variant in variants:
        values = drawn[variant.id].value
        key = key_of(scenario, variant)
        same = typed is not None and np.allclose(values, typed, rtol=_SAME, equal_nan=True)
        if key in seen or same:
            continue
        seen.add(key)
        typed = values if typed is None else typed
        low, median, high = band(kpi, values)
        if moves:  # the months that it is held against are counted in the same way
            target = target_of(scenario, variant)
        out.append(
            Definition(
                way,
                variant,
                float(low),
                float(median),
                float(high),
                probability(met(kpi, target, values), replicates),
            )
        )
    return out
