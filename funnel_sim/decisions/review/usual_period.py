"""A period of a store's own months as a usual month of the model: its orders and ad spend as they
were measured, and its price, refunds and costs as they came.

The channels of the plan are not fitted: two channels of typed orders stand in for them, so that
nothing is taken for measured that the months do not hold.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.decisions.review.actuals import actual_ledger, as_seen, prices_seen
from funnel_sim.decisions.review.drivers import COMMISSION, FIGURES
from funnel_sim.decisions.review.levels import Levels, levels_of_months
from funnel_sim.errors import InputError, refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of, figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Period:
    """A period of a store's own months as a usual month of the model, its `commission` as a
    multiple of the scenario's, the mean of its figures as they came (NaN where not known), and the
    `levels` that were measured.
    """

    months: tuple[str, ...]
    store: Scenario
    commission: float
    came: Mapping[str, float]
    levels: Levels


MOST_MONTHS = 12
"""Months that one period may hold: a year."""


def as_period(scenario: Scenario, months: Sequence[str]) -> Period:
    """Return the usual month of some months of the series: orders, ad spend and price, then units,
    refunds, purchase cost, logistics and commission where the series has them.

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".

    Raises:
        InputError: if there is no month, there are more than twelve, or months without sales.
    """
    if not 1 <= len(months) <= MOST_MONTHS:
        raise refuse("months", len(months), "drivers_months", most=MOST_MONTHS)
    ledger = actual_ledger(scenario, months)
    plan, levels = ledger.scenario, levels_of_months(scenario, months)
    channels = TypedChannels.of(plan, spend_known=not math.isnan(levels.ad_spend))
    sales, orders = (_sold(scenario, months, name) for name in ("gmv", "orders"))
    if math.isnan(levels.orders) and math.isnan(levels.gmv):  # months that say only a part
        levels = Levels(gmv=sales, orders=orders, ad_spend=levels.ad_spend)
    if math.isnan(levels.orders) and not math.isnan(sales):  # at the price of the plan
        orders = sales / channels.usual(as_seen(plan, "gmv"))
    if math.isnan(orders):
        raise refuse("months", ", ".join(months), "drivers_sales")
    store = _priced(channels.store(plan, orders, levels.ad_spend), levels)
    came = {key: _mean(ledger.month(as_seen(scenario, key))) for key in (*FIGURES, *_COSTS_OF)}
    store, scale = _with_costs(store, levels, came, ledger.assumed)
    return Period(tuple(months), store, scale, {key: came[key] for key in FIGURES}, levels)


def _sold(scenario: Scenario, months: Sequence[str], name: str) -> float:
    """Return the mean of the months that hold a figure of sales; NaN where none does."""
    values = np.array(scenario.history.of(name, months))
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def _priced(store: Scenario, levels: Levels) -> Scenario:
    """Return the store at the price, and the units per order, at which an order brings what it
    did.
    """
    if not levels.positive("gmv", "orders"):
        return store
    book = book_of(Values(store), steady=True)
    asked = (np.array([one]) for one in (levels.orders, levels.gmv, levels.units))
    found = prices_seen(store, book, *asked)
    return _tried(store, {path: float(one[0, 0]) for path, one in found.items()})


# ---- the channels that stand in for the plan's

ADS, OTHERS = "seen_ads", "seen_others"
ORDERS_OF_ADS = f"channels.{ADS}.known_sales"
ORDERS_OF_OTHERS = f"channels.{OTHERS}.known_sales"
AD_SPEND = f"channels.{ADS}.known_spend"
_OWN_STEPS = ("channel_add_to_cart_rate", "channel_checkout_rate")


@dataclass(frozen=True)
class TypedChannels:
    """Two channels of typed orders, of ads and of all else, that cost what the plan's channels cost
    beside ad spend; the plan's ad spend where it is not known.

    `first` are the first orders that go with a paid order, for repeat orders come on top; `each`
    the plan's figures of one paid order.
    """

    rows: list[dict[str, Any]]
    spend: float | None
    first: float
    plan: Scenario

    @classmethod
    def of(cls, plan: Scenario, *, spend_known: bool) -> "TypedChannels":
        """Return the channels of a plan.

        Args:
            plan: the store as it was typed, without an operator.
            spend_known: whether the ad spend was measured.
        """
        book = book_of(Values(plan), steady=True)

        def of(key: str) -> float:
            value = book.get(key)
            return 0.0 if value is None else float(np.asarray(value).reshape(-1)[0])

        first, paid = of("first_orders"), of("paid_orders")
        share = {"affiliate_rate": min(1.0, of("affiliate_due") / first) if first > 0 else 0.0}
        own: dict[str, Any] = {}
        if not spend_known:  # the plan's, as it goes with the orders or does not
            along = of("media_of_orders") / first if first > 0 else 0.0
            own = {"cost_per_order": along, "tacos_rate": of("sales_ad_rate")}
        lists = [  # what a list costs goes on, whatever it sells
            row | {"channel_cvr": 0.0} | dict.fromkeys(_OWN_STEPS)
            for row in plan.plain()["channels"]
            if row["kind"] == "list"
        ]
        rows = [
            {"id": OTHERS, "kind": "orders", **share, **own},
            {"id": ADS, "kind": "orders", **share},
            *lists,
        ]
        spend = None if spend_known else of("media_spend") - of("media_of_orders")
        return cls(rows, spend, first / paid if paid > 0 else 1.0, plan)

    def store(self, store: Scenario, orders: float, spend: float) -> Scenario:
        """Return a store with these channels, its paid orders and its ad spend a month.

        Args:
            store: whose price and costs stay.
            orders: paid orders a month, repeat orders among them.
            spend: ad spend a month without tax; not used where the plan's is.
        """
        cost = spend if self.spend is None else self.spend
        return store.replace({"channels": self.rows}).replace(
            {ORDERS_OF_OTHERS: orders * self.first, AD_SPEND: max(0.0, cost)}
        )

    def usual(self, key: str) -> float:
        """Return a figure of the plan's usual month for each paid order."""
        one = self.store(self.plan, 1.0, 0.0)
        found = _usual(one, (key, "paid_orders"))
        return found[key] / found["paid_orders"]


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
    store: Scenario, levels: Levels, came: Mapping[str, float], assumed: Sequence[str]
) -> tuple[Scenario, float]:
    """Return the store with refunds and costs as they came, and what its commission must be
    multiplied by.
    """
    if math.isnan(levels.refunds) and levels.positive("orders") and levels.returned_orders >= 0:
        share = min(1.0, levels.returned_orders / levels.orders)
        store = _tried(store, {"fulfilment.return_rate": share})
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
