"""The rows of a portfolio one by one: which lose money, what they lose together, at which price,
cost or share of ads each would stop; totals by market, platform, category and group.

Everything is of the steady month. Amounts of a row are in its sales currency, so that they stand
beside its price; what is added up is in the portfolio's currency. Orders answer to the
price where a row has an elasticity of demand; else a turning price is one at today's orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funnel_sim.model.arrays import Array, portion
from funnel_sim.model.portfolio import group_figures, portfolio_figures
from funnel_sim.model.search import crossings
from funnel_sim.scenario.paths import spec_of
from funnel_sim.scenario.portfolio import TAGS, Portfolio, RowGroup
from funnel_sim.scenario.portfolio_rates import rates_of
from funnel_sim.scenario.quantity import point_value

_PRICE, _COST = "product.price", "product.unit_cost"
_NO_LOSS = 0.005
"""Half a cent a month is no loss: rounding of a row that breaks even."""
_HIGHEST = 50.0
"""Times today's price up to which a turning price is looked for."""
_POINTS = 33
_ROWS = 1024
_KEYS = ("profit", "paid_orders", "gmv", "net_revenue", "ads", "tacos")


@dataclass(frozen=True)
class Total:
    """The rows that share a tag, in the portfolio's currency a month: `profit` of all, `lost` what
    its loss makers lose (0 or below), `gmv` and `net_revenue` what is sold; `margin` profit over
    net revenue, NaN without any.
    """

    name: str
    rows: int
    losing: int
    orders: float
    gmv: float
    net_revenue: float
    profit: float
    lost: float

    @property
    def margin(self) -> float:
        """Profit over net revenue [fraction]."""
        return self.profit / self.net_revenue if self.net_revenue else float("nan")


@dataclass(frozen=True)
class Turning:
    """At what the loss makers would break even, each with all else as it is; arrays of shape (loss
    makers,), NaN where no such value exists.

    `price` the lowest price from today's up, in the sales currency; `unit_cost` the highest cost
    below today's, in the cost currency; `ad_share` the ad spend over gross sales at today's orders
    [fraction].
    """

    price: Array
    unit_cost: Array
    ad_share: Array


@dataclass(frozen=True)
class Products:
    """What the rows of a portfolio bring in a steady month.

    `profit`, `orders`, `gmv` in each row's sales currency, `profit_shown` and `net_shown` (profit
    and net revenue) in the portfolio's, `rates` what one unit of the first is in the second;
    `per_order` and `margin` are NaN without orders; `ad_share` ad spend over gross sales; all of
    shape (rows,). `worst_first` are the rows by profit in the portfolio's currency, `losing` those
    of them that lose money, in the order of `turning`.
    """

    portfolio: Portfolio
    profit: Array
    per_order: Array
    margin: Array
    orders: Array
    gmv: Array
    ad_share: Array
    profit_shown: Array
    net_shown: Array
    rates: Array
    worst_first: NDArray[np.int64]
    losing: NDArray[np.int64]
    turning: Turning
    total: Total
    by_tag: Mapping[str, Sequence[Total]]

    @property
    def selling_share(self) -> float:
        """The share of rows with at least one sale in a month (动销率) that is to be expected, as
        orders come by chance: the mean of 1 − e^(−orders) [fraction].
        """
        return float(np.mean(-np.expm1(-np.maximum(self.orders, 0.0))))


def products(portfolio: Portfolio) -> Products:
    """Return what each row of a portfolio brings, and what turns those that lose money.

    Args:
        portfolio: the rows.

    Examples:
        >>> from funnel_sim.reference.provenance import DATA_DATE
        >>> from funnel_sim.scenario.portfolio import PortfolioRow
        >>> rows = [PortfolioRow(f"{n}", "amazon-de-kitchen", {_PRICE: float(n)}) for n in (9, 60)]
        >>> found = products(Portfolio(tuple(rows), DATA_DATE))
        >>> found.losing.tolist(), bool(found.turning.price[0] > 9)
        ([0], True)
    """
    found = portfolio_figures(portfolio, _KEYS)
    rates = np.empty(len(portfolio.rows))
    for group in portfolio.groups:
        rates[group.rows] = rates_of(portfolio, group)
    profit, orders = found["profit"], found["paid_orders"]
    shown = profit * rates
    worst = np.argsort(shown, kind="stable")
    losing = worst[shown[worst] < -_NO_LOSS]
    amounts = {key: found[key] * rates for key in ("gmv", "net_revenue")} | {"profit": shown}
    return Products(
        portfolio,
        profit,
        portion(profit, orders, np.nan),
        portion(profit, found["net_revenue"], np.nan),
        orders,
        found["gmv"],
        found["tacos"],
        shown,
        amounts["net_revenue"],
        rates,
        worst,
        losing,
        _turning(portfolio, losing, found),
        _total("", np.arange(len(portfolio.rows)), orders, amounts),
        {tag: _by_tag(portfolio, tag, orders, amounts) for tag in TAGS},
    )


def _total(
    name: str, rows: NDArray[np.int64], orders: Array, amounts: Mapping[str, Array]
) -> Total:
    profit = amounts["profit"][rows]
    lose = profit < -_NO_LOSS
    return Total(
        name,
        rows.size,
        int(lose.sum()),
        float(orders[rows].sum()),
        float(amounts["gmv"][rows].sum()),
        float(amounts["net_revenue"][rows].sum()),
        float(profit.sum()),
        float(profit[lose].sum()),
    )


def _by_tag(
    portfolio: Portfolio, tag: str, orders: Array, amounts: Mapping[str, Array]
) -> list[Total]:
    """Return the totals of the rows by what they are tagged with, the largest loss first."""
    words = np.array(portfolio.tags(tag), dtype=object)
    places: dict[str, list[int]] = {}
    for index, word in enumerate(words):
        places.setdefault(str(word), []).append(index)
    out = [
        _total(word, np.array(some, dtype=np.int64), orders, amounts)
        for word, some in places.items()
    ]
    return sorted(out, key=lambda one: (one.profit, one.name))


def _turning(
    portfolio: Portfolio, losing: NDArray[np.int64], found: Mapping[str, Array]
) -> Turning:
    """Return at what each loss maker breaks even."""
    of_row = {name: np.full(len(portfolio.rows), np.nan) for name in ("price", "cost")}
    lose = np.zeros(len(portfolio.rows), dtype=bool)
    lose[losing] = True
    for group in portfolio.groups:
        mine = np.flatnonzero(lose[group.rows])
        for start in range(0, mine.size, _ROWS):
            part = _part(group, mine[start : start + _ROWS])
            price = _now(part, _PRICE)
            highest = np.minimum(price * _HIGHEST, _largest_price())
            grids = [np.geomspace(*ends, _POINTS) for ends in zip(price, highest, strict=True)]
            of_row["price"][part.rows] = _first(part, _PRICE, grids, np.fmin)
            costs = [np.linspace(0.0, cost, _POINTS) for cost in _now(part, _COST)]
            of_row["cost"][part.rows] = _first(part, _COST, costs, np.fmax)
    # ads are a cost, so below zero in the ledger; at the same orders all of it falls in proportion
    left = 1.0 + portion(found["profit"], -found["ads"], np.nan)
    share = np.where(left >= 0, found["tacos"] * left, np.nan)
    return Turning(of_row["price"][losing], of_row["cost"][losing], share[losing])


def _part(group: RowGroup, places: NDArray[np.int64]) -> RowGroup:
    """Return some rows of a group."""
    given = {path: values[places] for path, values in group.given.items()}
    return RowGroup(group.scenario, group.rows[places], given)


def _now(group: RowGroup, path: str) -> Array:
    own = float(point_value(group.scenario.get(path)))
    return group.given.get(path, np.full(group.rows.size, own))


def _largest_price() -> float:
    spec = spec_of(_PRICE)
    assert spec is not None
    return spec.domain[1]


def _first(group: RowGroup, path: str, grids: Sequence[Array], nearest: np.ufunc) -> Array:
    """Return for each row of a group the value of a field at which its profit turns, NaN where
    there is none.

    Args:
        group: the rows.
        path: the field.
        grids: rising values to scan, one array a row.
        nearest: which of several values: `np.fmin` the lowest, `np.fmax` the highest.
    """

    def gap(values: Array, which: Array) -> Array:
        part = _part(group, which.astype(np.int64).reshape(-1))
        moved = {path: values.reshape(-1)}
        return group_figures(part, ["profit"], moved=moved)["profit"].reshape(values.shape)

    roots, which = crossings(gap, grids)
    out = np.full(group.rows.size, np.nan)
    nearest.at(out, which, roots)
    return out
