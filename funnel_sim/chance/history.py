"""A store's own months in the simulation: what the coming ones may be, as multiples of its baseline
month.
"""

from dataclasses import dataclass

import numpy as np

from funnel_sim.evidence.store.outlook import FEWEST_MONTHS, Outlook, outlook
from funnel_sim.model.arrays import Array
from funnel_sim.model.bases import Basis
from funnel_sim.scenario.scenario import Scenario

_STILL = 1e-9
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
        """Return the coming months as multiples of the baseline.

        Args:
            which: uniform numbers in (0, 1) that choose what kind of months come, shape (paths,).
            normals: standard normal numbers, shape (months, paths).

        Returns:
            Multiples [1], above nought, shape (months, paths).
        """
        # a month of nothing is a billionth, so that a ratio of its figures has a value
        return np.maximum(self.outlook.draws(which, normals) / self.baseline, _STILL)


def used_months(scenario: Scenario, figure: str) -> Array:
    """Return the baseline months of one figure that are used: those up to the engagement's first
    month, all of them where none has begun.

    What came after the mark is what an operator may have made of the store: nothing is foretold
    from it. A mark after the last month leaves the months between unknown.

    Args:
        scenario: whose history counts.
        figure: the key of the figure, such as "orders".

    Returns:
        One value a month in the unit of the figure, shape (months,); NaN where one is missing or
        left out, empty where there is no such figure.
    """
    history = scenario.history
    values = history.figures().get(figure, [])
    if not values:
        return np.empty(0)
    out = history.left_out
    known = [
        np.nan if value is None or name in out else value
        for name, value in zip(history.names(), values, strict=True)
    ]
    if history.engagement_from:
        before = max(0, history.ahead_of_mark())
        known = known[:before] + [np.nan] * (before - len(known))
    return np.array(known, dtype=np.float64)


def baseline_month(scenario: Scenario, figure: str) -> float | None:
    """Return the mean of the last months of a figure that are used.

    Args:
        scenario: whose history counts.
        figure: the key of the figure.

    Returns:
        The mean of a month, in the unit of the figure; None where no month is known.
    """
    values = used_months(scenario, figure)
    known = values[~np.isnan(values)]
    return float(known[-scenario.history.baseline_months :].mean()) if known.size else None


def names_used(scenario: Scenario, figure: str) -> list[str]:
    """Return the names of the baseline months of one figure that are known and not left out.

    Args:
        scenario: whose history counts.
        figure: the key of the figure, such as "orders".

    Returns:
        Names such as "2026-03", the earliest first.
    """
    values = used_months(scenario, figure)
    return [
        name
        for name, value in zip(scenario.history.names(), values, strict=False)
        if not np.isnan(value)
    ]


def baseline_names(scenario: Scenario, figure: str) -> list[str]:
    """Return the names of the months that the baseline of one figure is the mean of.

    Args:
        scenario: whose history counts.
        figure: the key of the figure.

    Returns:
        Names such as "2026-03", the earliest first.
    """
    return names_used(scenario, figure)[-scenario.history.baseline_months :]


FEWEST_BOTH = 6
"""Months with visits and sales from which it is read how they move together; half a year is the
least that holds a season at all.
"""


def in_conversion(scenario: Scenario, figure: str) -> float:
    """Return which share of the variation of a store's months lies in its conversion (sales per
    visit), the rest in its visits.

    That is the slope of ln(sales ÷ visits) on ln(sales) over the months that hold both, within 0
    and 1.

    Args:
        scenario: whose history counts.
        figure: the key of the sales figure.

    Returns:
        The share [fraction]; 1 where visits are not known, or in too few months.
    """
    sales, visits = used_months(scenario, figure), used_months(scenario, "visits")
    if sales.size != visits.size or not sales.size:
        return 1.0
    both = (sales > 0) & (visits > 0)
    if np.count_nonzero(both) < FEWEST_BOTH:
        return 1.0
    moves, rates = np.log(sales[both]), np.log(sales[both] / visits[both])
    spread = moves - moves.mean()
    whole = float(spread @ spread)
    return min(1.0, max(0.0, float(spread @ rates) / whole)) if whole > _STILL else 1.0


def shared_out(months: Array, share: float, rest: Array, free: Array) -> tuple[Array, Array]:
    """Return how the months of a store (multiples of a steady one) divide into a change of its
    conversion and a change of its free traffic.

    The conversion of all traffic takes the power `share` of a month, free traffic what is missing
    to the month's sales: budgets stand still, so that bought visits do. Where even without free
    traffic more would be sold, the conversion gives way.

    Args:
        months: multiples of the steady month [1], shape (months, paths).
        share: of the variation that lies in the conversion [fraction] (`in_conversion`).
        rest: first orders of the steady month from bought traffic, shape (1, paths).
        free: first orders of the steady month from free traffic, shape (1, paths).

    Returns:
        (multiples of the conversion, multiples of the free traffic), shape (months, paths).

    Examples:
        >>> shared_out(
        ...     np.array([1.5, 0.5]), 0.0, np.array(60.0), np.array(40.0)
        ... )  # (150 − 60) / 40; nothing free left: 50 / 60
        (array([1.        , 0.83333333]), array([2.25, 0.  ]))
    """
    whole = rest + free
    moved = np.maximum(
        0.0, (np.power(months, 1.0 - share) * whole - rest) / np.where(free > 0, free, 1.0)
    )
    traffic = np.where(free > 0, moved, 1.0)
    sold = rest + free * traffic
    return np.asarray(
        months * np.where(sold > 0, whole / np.where(sold > 0, sold, 1.0), 1.0)
    ), np.asarray(traffic)


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
            base = baseline_month(scenario, figure)
            found = outlook(values, scenario.plan.horizon_months, where=f"history.seen_{figure}")
            return StoreOutlook(figure, found, base) if base else None
    return None
