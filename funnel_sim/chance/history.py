"""A store's own months in the simulation: what the coming ones may be, as multiples of its baseline
month.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.evidence.store.outlook import FEWEST_MONTHS, Outlook, outlook
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import Basis
from funnel_sim.scenario.scenario import Scenario

FIGURES = ("gmv", "orders")
"""Figures whose months can stand for the store's sales; the first that is known is taken."""


def sales_figure(scenario: Scenario) -> str:
    """Return the figure that a dashboard's sales are: GMV as shoppers pay it, without a sales tax
    that lies outside the price.
    """
    return Basis(tax="out").key("gmv") if scenario.tax.situation == "outside_price" else "gmv"


@dataclass(frozen=True)
class StoreOutlook:
    """The outlook of one figure of a history, and its baseline (mean of the last months) in the
    figure's unit.
    """

    figure: str
    outlook: Outlook
    baseline: float

    def multiples(self, which: Array, normals: Array) -> Array:
        """Return the coming months as multiples of the baseline, shape (months, paths)."""
        return self.outlook.draws(which, normals) / self.baseline


def used_months(scenario: Scenario, figure: str) -> Array:
    """Return the months of one figure, NaN where one is missing or left out; empty where there is
    no such figure.
    """
    history = scenario.history
    values = history.figures().get(figure, [])
    if not values:
        return np.empty(0)
    out = history.left_out
    return np.array(
        [
            np.nan if value is None or name in out else value
            for name, value in zip(history.names(), values, strict=True)
        ]
    )


def baseline(scenario: Scenario, figure: str) -> float | None:
    """Return the mean of the last months of a figure that are used; None where none is known."""
    values = used_months(scenario, figure)
    known = values[~np.isnan(values)]
    return float(known[-scenario.history.baseline_months :].mean()) if known.size else None


def store_outlook(scenario: Scenario) -> StoreOutlook | None:
    """Return what the coming months may bring by the store's history; None where it has none, or
    too little, or it is switched off.

    Raises InputError for a history that cannot be (all zero).
    """
    if not scenario.history.use_history:
        return None
    for figure in FIGURES:
        values = used_months(scenario, figure)
        if np.count_nonzero(~np.isnan(values)) >= FEWEST_MONTHS:
            base = baseline(scenario, figure)
            found = outlook(values, scenario.plan.horizon_months, where=f"history.seen_{figure}")
            return StoreOutlook(figure, found, base) if base else None
    return None
