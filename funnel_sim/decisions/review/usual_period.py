"""A period of a store's own months as a usual month of the model: the funnel fitted to them alone,
and its costs as they came.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from funnel_sim.decisions.kpi.store_history import fitted_funnel
from funnel_sim.decisions.review.actuals import actual_ledger
from funnel_sim.decisions.review.drivers import COMMISSION, FIGURES
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import StoreHistory


@dataclass(frozen=True)
class Period:
    """A period of a store's own months as a usual month of the model, its `commission` as a
    multiple of the scenario's, and the mean of its figures as they came (NaN where not known).
    """

    months: tuple[str, ...]
    store: Scenario
    commission: float
    came: Mapping[str, float]


MOST_MONTHS = 12
"""Months that one period may hold: a year."""


def as_period(scenario: Scenario, months: Sequence[str]) -> Period:
    """Return the usual month of some months of the series: the funnel fitted to them alone, as it
    is fitted to a history, then units, refunds, purchase cost, logistics and commission where the
    series has them.

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".

    Raises:
        InputError: if there is no month, there are more than twelve, or months without sales.
    """
    if not 1 <= len(months) <= MOST_MONTHS:
        raise refuse("months", len(months), "drivers_months", most=MOST_MONTHS)
    ledger = actual_ledger(scenario, months)
    history = scenario.history
    series = {
        f"history.seen_{name}": [
            None if math.isnan(one) else one for one in history.of(name, months)
        ]
        for name in history.figures()
    }
    series = {
        path: [] if not any(v is not None for v in row) else row for path, row in series.items()
    }
    empty = StoreHistory().model_dump(mode="json")
    alone = ledger.scenario.replace(
        {f"history.{name}": value for name, value in empty.items()}
        | series
        | {"history.first_month": months[0], "history.baseline_months": len(months)}
    )
    if not any(series.get(f"history.seen_{name}") for name in ("gmv", "orders")):
        raise refuse("months", ", ".join(months), "drivers_sales")
    fitted = fitted_funnel(alone)
    came = {key: _mean(ledger.month(key)) for key in (*FIGURES, *_COSTS_OF, "units_shipped")}
    store, scale = _with_costs(fitted, came, ledger.assumed)
    return Period(tuple(months), store, scale, {key: came[key] for key in FIGURES})


_COSTS_OF = (
    "refunds",
    "goods_purchase",
    "commission",
    "fulfilment",
    "storage",
    "returns_handling",
)
_LOGISTICS = (
    "fulfilment.fulfilment_per_order",
    "fulfilment.fulfilment_per_unit",
    "fulfilment.parcel_per_order",
    "fulfilment.storage_per_unit_month",
    "fulfilment.return_handling",
)


def _mean(values: Array) -> float:
    return float(values.mean()) if values.size else math.nan


def _with_costs(
    store: Scenario, came: Mapping[str, float], assumed: Sequence[str]
) -> tuple[Scenario, float]:
    """Return the fitted store with units, refunds and costs as they came, and what its commission
    must be multiplied by.
    """
    orders, units = came["paid_orders"], came["units_shipped"]
    if orders > 0 and units > 0:
        now = point_value(store.product.units_per_order)
        each = units / orders
        store = _tried(
            store,
            {
                "product.units_per_order": each,
                "product.price": point_value(store.product.price) * now / each,
            },
        )
    store = _scaled(store, came, assumed, "refunds", ("fulfilment.return_rate",), ("refunds",))
    store = _scaled(
        store, came, assumed, "goods_purchase", ("product.unit_cost",), ("goods_purchase",)
    )
    store = _scaled(
        store,
        came,
        assumed,
        "fulfilment",
        _LOGISTICS,
        ("fulfilment", "storage", "returns_handling"),
    )
    usual = _usual(store, ("commission",))["commission"]
    known = COMMISSION not in assumed and math.isfinite(came["commission"]) and usual < 0
    return store, came["commission"] / usual if known else 1.0


def _scaled(
    store: Scenario,
    came: Mapping[str, float],
    assumed: Sequence[str],
    line: str,
    paths: Sequence[str],
    lines: Sequence[str],
) -> Scenario:
    """Return the store whose lines come to what they came to, by one factor on some fields."""
    actual = sum(came[one] for one in lines)
    usual = sum(_usual(store, lines).values())
    if line in assumed or not math.isfinite(actual) or not usual:
        return store
    return _tried(
        store,
        {path: point_value(store.get(path)) * actual / usual for path in paths},
    )


def _tried(store: Scenario, changes: Mapping[str, float]) -> Scenario:
    """Return the store with some changes; as it was where they cannot be (what then stays
    unexplained is told).
    """
    try:
        return store.replace(dict(changes))
    except InputError:
        return store


def _usual(store: Scenario, keys: Sequence[str]) -> dict[str, float]:
    found = figures(Values(store), {"steady": list(keys)})
    return {key: float(np.asarray(found[key, "steady"]).reshape(-1)[0]) for key in keys}
