"""What a change of a usual month is split into: the factors that both sides measured, and nothing
below them.

Orders are visits × orders per visit where visits are known (carts and cancelled orders part that
rate further, as in the leak), visits are clicks bought and all others where ad spend and clicks are
known; without visits, orders from ads and all others where sales from ads are known; else orders
are one factor. A season and the rate that it multiplies are one: only their product is seen. The
channels of the plan play no part: the orders of both sides stand in two channels of typed orders.
Read `measured_change`.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from funnel_sim.decisions.review.drivers import (
    OTHER,
    SAME_NUMBER,
    Driver,
    DriverMove,
    changed_numbers,
    number_at,
)
from funnel_sim.decisions.review.levels import Levels
from funnel_sim.decisions.review.usual_period import AD_SPEND, ORDERS_OF_ADS, ORDERS_OF_OTHERS
from funnel_sim.model.economics import figures
from funnel_sim.model.values import Values
from funnel_sim.scenario.scenario import Scenario

SEEN = "seen."
"""How the path of a measured factor begins: it is a figure of the months, or two of them."""
ORDER_VALUE = "order_value"
"""The driver that the price is called where units are not known."""
FACTORS: Mapping[str, str] = {
    "ad_spend": "money",
    "ad_cost": "money",
    "click_price": "money",
    "visits": "count",
    "other_visits": "count",
    "order_rate": "rate",
    "cart_rate": "rate",
    "checkout_rate": "rate",
    "paid_rate": "rate",
    "ad_order_rate": "rate",
    "ad_order_cost": "money",
    "other_orders": "count",
    "orders": "count",
    "gmv": "money",
}
"""The factors of orders and ad spend, each a driver of its own, and what each is counted in."""
MEASURED: Mapping[str, str] = {
    **FACTORS,
    "order_value": "money",
    "unit_price": "money",
    "units_each": "ratio",
    "refund_share": "rate",
    "return_rate": "rate",
    "goods_unit": "money",
    "goods_order": "money",
    "logistics_order": "money",
    "commission_scale": "ratio",
    "commission": "money",
    "plan_storage": "money",
    "plan_delivery": "money",
}
"""Every figure that a driver may be measured as, and what it is counted in."""
_LOGISTICS = (
    "fulfilment.fulfilment_per_unit",
    "fulfilment.parcel_per_order",
    "fulfilment.storage_per_unit_month",
    "fulfilment.return_handling",
)
_PER_ORDER = "fulfilment.fulfilment_per_order"
_LINES = ("fulfilment", "storage", "returns_handling")


@dataclass(frozen=True)
class Factor:
    """A number that both sides measured, and what it multiplies: the orders of "ads", those of
    "others", or the "spend". `power` is −1 where it divides.
    """

    name: str
    before: float
    after: float
    of: tuple[str, ...]
    power: int = 1

    @property
    def moved(self) -> bool:
        """Whether it differs between the sides."""
        return abs(self.after - self.before) > SAME_NUMBER * max(abs(self.before), abs(self.after))


@dataclass(frozen=True)
class MeasuredChange:
    """A change ready to be split: the store after it, its drivers, and what each of them moves."""

    store: Scenario
    drivers: list[Driver]
    moves: list[DriverMove]


# ---- orders and ad spend


def factors_of(one: Levels, two: Levels) -> list[Factor]:
    """Return the factors of orders and ad spend that both sides measured.

    Args:
        one: the levels before the change.
        two: those after it.

    Returns:
        The factors, also those that did not move. Their products are the orders of "ads" and of
        "others", and the ad "spend"; where ads cannot be told apart all orders are "others".

    Examples:
        >>> before = Levels(orders=20.0, visits=1000.0, ad_spend=100.0, clicks=200.0)
        >>> after = Levels(orders=30.0, visits=1200.0, ad_spend=150.0, clicks=300.0)
        >>> for one in factors_of(before, after):
        ...     print(one.name, one.before, one.after)
        ad_spend 100.0 150.0
        click_price 0.5 0.5
        other_visits 800.0 900.0
        order_rate 0.02 0.025
    """
    return _Sides(one, two).factors()


@dataclass(frozen=True)
class _Sides:
    """The levels of both sides, and the factors that can be made of them."""

    one: Levels
    two: Levels

    def both(self, *names: str) -> bool:
        return self.one.positive(*names) and self.two.positive(*names)

    def made(
        self, name: str, of: tuple[str, ...], make: Callable[[Levels], float], power: int = 1
    ) -> Factor:
        return Factor(name, make(self.one), make(self.two), of, power)

    def factors(self) -> list[Factor]:
        if self.both("orders", "visits"):
            return self.by_visits()
        ads = (_ad_orders(self.one), _ad_orders(self.two))
        if (
            self.both("orders", "ad_spend")
            and 0 < ads[0] < self.one.orders
            and (0 < ads[1] < self.two.orders)
        ):
            return self.by_ads()
        name = "gmv" if math.isnan(self.one.orders + self.two.orders) else "orders"
        return [self.made(name, ("others",), lambda side: float(getattr(side, name))), *self.cost()]

    def by_visits(self) -> list[Factor]:
        bought = self.both("ad_spend", "clicks") and all(
            side.clicks < side.visits for side in (self.one, self.two)
        )
        if not bought:
            visits = self.made("visits", ("others",), lambda side: side.visits)
            return [visits, *self.cost(), *self.steps(("others",))]
        return [
            self.made("ad_spend", ("ads", "spend"), lambda side: side.ad_spend),
            self.made("click_price", ("ads",), lambda side: side.ad_spend / side.clicks, -1),
            self.made("other_visits", ("others",), lambda side: side.visits - side.clicks),
            *self.steps(("ads", "others")),
        ]

    def steps(self, of: tuple[str, ...]) -> list[Factor]:
        """Return the steps from a visit to a paid order, those of the leak."""
        if not self.both("carts"):
            return [self.made("order_rate", of, lambda side: side.orders / side.visits)]
        cart = self.made("cart_rate", of, lambda side: side.carts / side.visits)
        if math.isnan(self.one.cancelled + self.two.cancelled):
            return [cart, self.made("checkout_rate", of, lambda side: side.orders / side.carts)]
        return [
            cart,
            self.made("checkout_rate", of, lambda side: _placed(side) / side.carts),
            self.made("paid_rate", of, lambda side: side.orders / _placed(side)),
        ]

    def by_ads(self) -> list[Factor]:
        spend = self.made("ad_spend", ("ads", "spend"), lambda side: side.ad_spend)
        others = self.made("other_orders", ("others",), lambda side: side.orders - _ad_orders(side))
        if not self.both("clicks"):
            cost = self.made(
                "ad_order_cost", ("ads",), lambda side: side.ad_spend / _ad_orders(side), -1
            )
            return [spend, cost, others]
        return [
            spend,
            self.made("click_price", ("ads",), lambda side: side.ad_spend / side.clicks, -1),
            self.made("ad_order_rate", ("ads",), lambda side: _ad_orders(side) / side.clicks),
            others,
        ]

    def cost(self) -> list[Factor]:
        """Return the ad spend as a cost alone, where nothing says which orders it brings."""
        if math.isnan(self.one.ad_spend + self.two.ad_spend):
            return []
        return [self.made("ad_cost", ("spend",), lambda side: side.ad_spend)]


def _placed(side: Levels) -> float:
    return side.orders + side.cancelled


def _ad_orders(side: Levels) -> float:
    """Return the orders that ads brought: their sales in the store's mean orders."""
    return side.ad_sales * side.orders / side.gmv if side.positive("gmv") else math.nan


# ---- the change


def measured_change(before: Scenario, after: Scenario, one: Levels, two: Levels) -> MeasuredChange:
    """Return a change of a usual month with the drivers that were measured.

    Args:
        before: the store before the change, as a usual period (`usual_period`).
        after: the same after it.
        one: the levels before the change.
        two: those after it.

    Raises:
        InputError: if the stores differ in something that is no number.
    """
    factors = factors_of(one, two)
    if not math.isnan(one.logistics + two.logistics):
        before, after = _with_logistics(before, one), _with_logistics(after, two)
    before, after = (
        _parted(side, factors, which) for side, which in ((before, "before"), (after, "after"))
    )
    drivers: list[Driver] = []
    moves: list[DriverMove] = []
    for factor in factors:
        if not factor.moved:
            continue
        shown = (f"{SEEN}{factor.name}", factor.before, factor.after)
        drivers.append(Driver(factor.name, changed=(shown,)))
        for what in factor.of:
            alone = sum(what in other.of for other in factors) == 1
            old, new = (number_at(side, _PATHS[what]) or 0.0 for side in (before, after))
            ratio = None if alone else (factor.after / factor.before) ** factor.power
            moves.append(DriverMove(_PATHS[what], old, new, len(drivers) - 1, ratio))
    _add_rates(before, after, one, two, drivers, moves)
    return MeasuredChange(after, drivers, moves)


_PATHS = {"ads": ORDERS_OF_ADS, "others": ORDERS_OF_OTHERS, "spend": AD_SPEND}


def _parted(store: Scenario, factors: Sequence[Factor], side: str) -> Scenario:
    """Return a store whose orders are parted into those of ads and all others, as their factors
    have it.
    """
    if not any("ads" in one.of for one in factors):
        return store
    sold = {
        what: math.prod(getattr(one, side) ** one.power for one in factors if what in one.of)
        for what in ("ads", "others")
    }
    typed = number_at(store, ORDERS_OF_OTHERS) or 0.0
    whole = sold["ads"] + sold["others"]
    return store.replace({_PATHS[what]: typed * sold[what] / whole for what in sold})


def _with_logistics(store: Scenario, level: Levels) -> Scenario:
    """Return a store whose logistics are one amount per order, as they were measured: what came
    back or was stored is in it.
    """
    none = store.replace(dict.fromkeys((_PER_ORDER, *_LOGISTICS), 0.0))
    least, wanted = _usual(none), -level.logistics
    each = _usual(none.replace({_PER_ORDER: 1.0})) - least
    if not each < 0 or wanted > least:
        return store
    return none.replace({_PER_ORDER: (wanted - least) / each})


def _usual(store: Scenario) -> float:
    """Return what logistics come to in a usual month, as the ledger has them: below zero."""
    found = figures(Values(store), {"steady": list(_LINES)})
    return sum(float(np.asarray(found[key, "steady"]).reshape(-1)[0]) for key in _LINES)


# ---- what an order brings and costs


def _add_rates(
    start: Scenario,
    store: Scenario,
    one: Levels,
    two: Levels,
    drivers: list[Driver],
    moves: list[DriverMove],
) -> None:
    """Add what differs beside orders and ad spend: price, units, returns, costs."""
    units = one.positive("units") and two.positive("units")
    places: dict[str, int] = {}
    for path, (old, new) in changed_numbers(start, store).items():
        if path.startswith(("channels.", "conversion.")):
            continue
        name = next((one for one, paths in _RATES.items() if path in paths), OTHER)
        name = ORDER_VALUE if name == "price" and not units else name
        if name not in places:
            places[name] = len(drivers)
            drivers.append(Driver(name, changed=_shown(name, one, two, units=units)))
        place = places[name]
        if not drivers[place].changed or not drivers[place].changed[0][0].startswith(SEEN):
            row = (*drivers[place].changed, (path, old, new))
            drivers[place] = replace(drivers[place], changed=row, assumed=True)
        moves.append(DriverMove(path, old, new, place))


_RATES: Mapping[str, tuple[str, ...]] = {
    "price": ("product.price", "product.shipping_charged"),
    "units": ("product.units_per_order",),
    "returns": ("fulfilment.return_rate",),
    "goods": ("product.unit_cost",),
    "logistics": (_PER_ORDER, *_LOGISTICS),
}


def _shown(
    name: str, one: Levels, two: Levels, *, units: bool
) -> tuple[tuple[str, float, float], ...]:
    """Return the measured rate of a driver on both sides; nothing where a side did not measure
    it.
    """
    goods = ("goods_unit", "goods_cost", "units") if units else _GOODS_OF_ORDERS
    ways = {**_WAYS, "goods": (goods,)}
    for shown, above, below in ways.get(name, ()):
        both = [(getattr(side, above), getattr(side, below)) for side in (one, two)]
        if all(math.isfinite(up) and down > 0 for up, down in both):
            before, after = (up / down for up, down in both)
            return ((f"{SEEN}{shown}", before, after),)
    return ()


_GOODS_OF_ORDERS = ("goods_order", "goods_cost", "orders")
_WAYS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "price": (("unit_price", "gmv", "units"),),
    ORDER_VALUE: (("order_value", "gmv", "orders"),),
    "units": (("units_each", "units", "orders"),),
    "returns": (
        ("refund_share", "refunds", "gmv"),
        ("return_rate", "returned_orders", "orders"),
    ),
    "logistics": (("logistics_order", "logistics", "orders"),),
}
"""The rates that a driver may be measured as: a name, and the two levels whose ratio it is."""
