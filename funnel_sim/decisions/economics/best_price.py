"""What a price brings where orders answer to it: the profit along the price, the price at which it
is highest, and the orders that hold today's profit at another price.

Everything is of the steady month, with all else as it is: ad budgets stay, and competitors do not
answer. The best price is looked for over the model itself, so that fee tiers, conversion at 100 %
and returning customers are in it; with one unit cost c an order and a share f of the price gone, it
is the textbook's e / (e − 1) · c / (1 − f).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnel_sim.chance.draws import Sources
from funnel_sim.chance.simulation import plan_of_scenario
from funnel_sim.chance.streams import batches
from funnel_sim.decisions.economics.levers import LEVER, settings_range
from funnel_sim.decisions.economics.targets import price_bounds
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array
from funnel_sim.model.economics import book_of
from funnel_sim.model.search import crossings
from funnel_sim.model.values import Values
from funnel_sim.model.wanted import leading_to
from funnel_sim.reference.price_settings import price_settings
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.quantity import is_range, point_value
from funnel_sim.scenario.scenario import Scenario

_PRICE, _ELASTICITY = "product.price", "conversion.demand_elasticity"
_ORDERS = "effect.effect_add_to_cart"
"""What multiplies conversion and typed orders alike."""
PATHS = 512
"""Draws on which the best price is looked for, each along the whole search."""
_COARSE, _FINE, _ROUNDS = 97, 17, 5
_CURVE = 81
_FEWER, _MORE = 1e-3, 100.0
"""Between which multiples of the orders those that hold the profit are looked for."""
_KEYS = ("profit", "paid_orders")
_TAILS = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class PriceCurve:
    """Profit and paid orders of the steady month along the price, at the likely values; `low` and
    `high` are P10 and P90 of the profit over the range of the elasticity alone (None where it is
    no range). Arrays of shape (prices,); money in the sales currency.
    """

    price: Array
    profit: Array
    orders: Array
    low: Array | None
    high: Array | None


@dataclass(frozen=True)
class Held:
    """What a new price takes: `needed` the paid orders at which the profit stays what it is, None
    where no number of them does; `expected` those that the elasticity leads to, with their
    `profit`; `turns` the elasticity at which the profit stays (None without `needed`, and where the
    price paid does not move). Orders a month, money in the sales currency.
    """

    price: float
    needed: float | None
    expected: float
    profit: float
    turns: float | None


@dataclass(frozen=True)
class BestPrice:
    """The price at which the profit of the steady month is highest, all else as it is.

    `price` is None where orders do not answer to the price (`answers` false), or no price up to
    the end of the search is best (an elasticity of 1 or below: each rise brings more). `now`,
    `profit_now`, `orders_now` are today's. `band` holds P10, P50 and P90 of the best price over the
    draws of all ranges, infinite where a draw has none; None without ranges; `without` the share of
    draws that have none. `trusted` are the prices between which the elasticity is believed
    (`_trusted`), `full` the price below which some channel converts everybody (None where no price
    in the search does). Money in the sales currency.
    """

    scenario: Scenario
    answers: bool
    elasticity: float
    now: float
    profit_now: float
    orders_now: float
    price: float | None
    profit: float | None
    orders: float | None
    band: tuple[float, float, float] | None
    without: float
    trusted: tuple[float, float]
    full: float | None
    curve: PriceCurve
    held: tuple[Held, ...]

    @property
    def gain(self) -> float | None:
        """The profit at the best price less today's; None where there is no best price."""
        return None if self.profit is None else self.profit - self.profit_now

    @property
    def outside(self) -> bool:
        """Whether the best price lies where nobody has seen how orders answer."""
        low, high = self.trusted
        return self.price is not None and not low <= self.price <= high


def best_price(scenario: Scenario, paths: int = PATHS) -> BestPrice:
    """Return what the price brings, and the one that brings most.

    Args:
        scenario: the store and its plan, as typed.
        paths: draws of all ranges for the band of the best price; 0 for no band.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace({"conversion.demand_elasticity": 2.6})
        >>> found = best_price(store, paths=0)
        >>> found.price is not None and found.gain > 0
        True
    """
    base = Values(scenario)
    answers = scenario.conversion.answers_to_price
    now = point_value(scenario.product.price)
    today = _figures(scenario, np.array([now]), base=base)
    likely = point_value(scenario.conversion.demand_elasticity)
    best = float(_best(scenario, {}, 1, base)[0]) if answers else np.inf
    found = None
    if np.isfinite(best):
        found = _figures(scenario, np.array([best]), base=base)
    drawn = _drawn(scenario, paths, base) if answers and paths else None
    return BestPrice(
        scenario,
        answers,
        likely,
        now,
        float(today["profit"][0]),
        float(today["paid_orders"][0]),
        best if found else None,
        float(found["profit"][0]) if found else None,
        float(found["paid_orders"][0]) if found else None,
        None if drawn is None else _quantiles(drawn),
        0.0 if drawn is None else float(np.mean(np.isinf(drawn))),
        _trusted(scenario),
        _full(scenario),
        _curve(scenario, base, best),
        tuple(held_at(scenario, [now * (1 + one) for one in price_settings().changes])),
    )


def held_at(scenario: Scenario, prices: "list[float]") -> list[Held]:
    """Return for some prices the orders that hold today's profit, and those to be expected.

    Args:
        scenario: the store and its plan, as typed.
        prices: the new prices, in the sales currency, as the price is typed.

    Returns:
        One a price, in the order asked.

    Raises:
        InputError: if a price is outside the domain of the price.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> [one] = held_at(preset("amazon-de-kitchen"), [33.0])  # orders do not answer to it
        >>> one.needed < one.expected, one.turns > 1
        (True, True)
    """
    spec = spec_of(_PRICE)
    assert spec is not None
    for price in prices:
        if not (np.isfinite(price) and spec.holds(price)):
            raise refuse(_PRICE, price, "above", limit="0")
    if not prices:
        return []
    base = Values(scenario)
    now = point_value(scenario.product.price)
    new = np.array(prices, dtype=np.float64)
    today = _figures(scenario, np.array([now]), base=base)
    expected = _figures(scenario, new, base=base)
    usual = point_value(scenario.effect.effect_add_to_cart)

    def at(multiples: Array, which: Array) -> dict[str, Array]:
        """Return the figures at each price with the orders of the reference price multiplied."""
        given = {_ORDERS: usual * multiples.reshape(-1), _ELASTICITY: np.zeros(multiples.size)}
        return _figures(scenario, new[which.astype(np.int64).reshape(-1)], given, base)

    def gap(multiples: Array, which: Array) -> Array:
        profit = at(multiples, which)["profit"]
        return np.array((profit - today["profit"][0]).reshape(multiples.shape))

    grid = np.geomspace(_FEWER, _MORE, _COARSE)
    roots, mine = crossings(gap, [grid] * new.size)
    needed: dict[int, float] = {}
    if roots.size:
        counts = at(roots, mine.astype(np.float64))["paid_orders"]
        for place, count in zip(mine.tolist(), counts.tolist(), strict=True):
            needed.setdefault(place, count)
    orders = float(today["paid_orders"][0])
    moved = _paid(scenario, new) / _paid(scenario, np.array([now]))
    return [
        Held(
            float(price),
            count := needed.get(place),
            float(expected["paid_orders"][place]),
            float(expected["profit"][place]),
            None
            if not count or not orders or moved[place] in (0.0, 1.0)
            else float(-np.log(count / orders) / np.log(moved[place])),
        )
        for place, price in enumerate(new)
    ]


def _figures(
    scenario: Scenario,
    prices: Array,
    given: Mapping[str, Array] | None = None,
    base: Values | None = None,
) -> dict[str, Array]:
    """Return profit and paid orders of the steady month at some prices, shape (prices,)."""
    values = Values(scenario, {**(given or {}), _PRICE: prices}, base=base)
    book = book_of(values, steady=True, wanted=leading_to(frozenset(_KEYS)))
    out = {}
    for key in _KEYS:
        flat = np.asarray(book[key], dtype=np.float64)
        out[key] = np.array(np.broadcast_to(flat, (1, prices.size))[0])
    return out


def _grid(scenario: Scenario) -> Array:
    """Return the prices that are looked at first: over the whole search, with those at which a fee
    tier begins.
    """
    now = point_value(scenario.product.price)
    spec = spec_of(_PRICE)
    assert spec is not None
    least, most = (now * one for one in price_settings().searched)
    most = min(most, spec.domain[1])
    inside = [price for price in price_bounds(scenario) if least < price < most]
    return np.unique(np.concatenate([np.geomspace(least, most, _COARSE), inside]))


def _best(scenario: Scenario, given: Mapping[str, Array], paths: int, base: Values) -> Array:
    """Return the best price of each path, infinite where the last price looked at is the best."""
    coarse = _grid(scenario)
    grids = np.broadcast_to(coarse, (paths, coarse.size))
    row = np.arange(paths)
    last = np.zeros(paths, dtype=bool)
    best, most = np.full(paths, np.nan), np.full(paths, -np.inf)
    for turn in range(_ROUNDS):
        size = grids.shape[1]
        repeated = {path: np.repeat(values, size) for path, values in given.items()}
        found = _figures(scenario, grids.reshape(-1), repeated, base)["profit"]
        profit = found.reshape(paths, size)
        place = np.argmax(profit, axis=1)
        if turn == 0:
            last = place == size - 1
        better = profit[row, place] > most
        best = np.where(better, grids[row, place], best)
        most = np.where(better, profit[row, place], most)
        low = grids[row, np.maximum(place - 1, 0)]
        high = grids[row, np.minimum(place + 1, size - 1)]
        grids = np.linspace(low, high, _FINE, axis=1)
    return np.where(last, np.inf, best)


def _drawn(scenario: Scenario, paths: int, base: Values) -> Array | None:
    """Return the best price of each draw of the ranges; None where nothing that counts is one. The
    price itself is what is asked for, and the months' own chance is no matter of the steady month.
    """
    given = _ranges(scenario, paths)
    if not given:
        return None
    return _best(scenario, given, next(iter(given.values())).size, base)


def _ranges(scenario: Scenario, paths: int) -> dict[str, Array]:
    """Return draws of the ranges of the model, the price left out, shape (paths,) each."""
    sources = Sources(scenario)
    plan = plan_of_scenario(scenario, paths, None)
    parts = [sources.draw(plan, which).given for which in batches(plan)]
    names = [
        path
        for path in sources.inputs
        if path != _PRICE and not path.startswith(("shocks.", "chance.", "options.", "cash."))
    ]
    return {path: np.concatenate([one[path] for one in parts]) for path in names}


def _quantiles(best: Array) -> tuple[float, float, float]:
    """Return P10, P50 and P90: the smallest value at or below which that share lies."""
    low, middle, high = np.quantile(best, _TAILS, method="inverted_cdf")
    return float(low), float(middle), float(high)


def _paid(scenario: Scenario, prices: Array) -> Array:
    """Return what a unit is sold at, at some prices."""
    return np.array(
        [scenario.product.but(price=float(price)).price_paid for price in prices], np.float64
    )


def _page_price(scenario: Scenario, paid: float) -> float:
    """Return the price at which shoppers pay so much for a unit."""
    product = scenario.product
    units = point_value(product.units_per_order)
    rest = point_value(product.shipping_charged) - point_value(product.voucher)
    kept = 1 - point_value(product.discount_rate)
    return max(0.0, (paid * units - rest) / (units * kept))


def _trusted(scenario: Scenario) -> tuple[float, float]:
    """Return the prices between which the elasticity is believed: around the reference price, and
    wider where the store's own months were sold at other prices.
    """
    reference = scenario.conversion.reference_price
    paid = scenario.product.price_paid if reference is None else point_value(reference)
    ends = [paid * one for one in price_settings().trusted]
    seen = _seen(scenario)
    low, high = min([*ends, *seen]), max([*ends, *seen])
    return _page_price(scenario, low), _page_price(scenario, high)


def _seen(scenario: Scenario) -> list[float]:
    """Return what a unit was sold at in the store's own months, where these know sales and orders;
    units as in the scenario.
    """
    history = scenario.history
    months = history.names() if history.first_month else []
    if not months:
        return []
    book = book_of(Values(scenario), steady=True, wanted=leading_to(frozenset({"units"})))
    shown = float(np.asarray(book["console_factor"]).reshape(-1)[0])
    units = point_value(scenario.product.units_per_order)
    pairs = zip(history.of("gmv", months), history.of("orders", months), strict=True)
    return [
        gmv / orders / shown / units
        for gmv, orders in pairs
        if np.isfinite(gmv) and np.isfinite(orders) and gmv > 0 and orders > 0
    ]


def _full(scenario: Scenario) -> float | None:
    """Return the price below which some channel converts every visitor at the likely values; None
    where no price in the search does.
    """
    conversion = scenario.conversion
    reference, elasticity = conversion.reference_price, point_value(conversion.demand_elasticity)
    if reference is None or not elasticity or all(c.kind == "orders" for c in scenario.channels):
        return None
    most = settings_range(scenario, LEVER["cvr"])[1]  # what the highest rate may be multiplied by
    price = _page_price(scenario, point_value(reference) * most ** (-1 / elasticity))
    return (
        price
        if price > price_settings().searched[0] * point_value(scenario.product.price)
        else None
    )


def _curve(scenario: Scenario, base: Values, best: float) -> PriceCurve:
    """Return the profit along the price, far enough to show the best one."""
    now = point_value(scenario.product.price)
    low, high = (now * one for one in price_settings().curve)
    if np.isfinite(best):
        low, high = min(low, best * 0.8), max(high, best * 1.25)
    prices = np.unique(np.concatenate([np.linspace(low, high, _CURVE), [now]]))
    found = _figures(scenario, prices, base=base)
    band = None
    if is_range(scenario.conversion.demand_elasticity):
        drawn = _ranges(scenario, PATHS)[_ELASTICITY]
        every = _figures(
            scenario,
            np.tile(prices, drawn.size),
            {_ELASTICITY: np.repeat(drawn, prices.size)},
            base,
        )["profit"].reshape(drawn.size, prices.size)
        band = np.quantile(every, (_TAILS[0], _TAILS[-1]), axis=0, method="inverted_cdf")
    return PriceCurve(
        prices,
        found["profit"],
        found["paid_orders"],
        None if band is None else band[0],
        None if band is None else band[1],
    )
