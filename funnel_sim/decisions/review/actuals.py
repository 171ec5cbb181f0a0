"""The actual months as the model's ledger: what the series knows stands in it as it is, what it
does not know of a cost follows from the scenario, and what nobody can know stays unknown.

The figures of KPIs, of a contract's basis and of the profit are then worked out by the formulas of
the model, so that an actual month and a simulated one are counted alike. Read `actual_ledger`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from funnel_sim.chance.history import sales_figure
from funnel_sim.chance.streams import FEWEST, plan_of
from funnel_sim.decisions.economics.price_response import without_price_response
from funnel_sim.decisions.kpi.draws import KpiDraws, drawn
from funnel_sim.decisions.kpi.measured import is_added_up
from funnel_sim.decisions.quote.store_alone import without_operator
from funnel_sim.errors import refuse
from funnel_sim.model.arrays import Array, Number
from funnel_sim.model.economics import book_of, figures_of
from funnel_sim.model.keys import Book
from funnel_sim.model.ledger import LEDGER
from funnel_sim.model.linear import Linear, by_month
from funnel_sim.model.metrics import FLOWS
from funnel_sim.model.periods import Over
from funnel_sim.model.seen_lines import lines_seen, without_tax
from funnel_sim.model.sheet import fill
from funnel_sim.model.values import Values
from funnel_sim.model.volumes import VOLUMES
from funnel_sim.model.wanted import made_of
from funnel_sim.model.written import as_number
from funnel_sim.scenario.edited_months import NEVER_ALONE
from funnel_sim.scenario.fields import LONGEST_HORIZON
from funnel_sim.scenario.kpi_metrics import OPERATIONAL, STEADY_METRICS
from funnel_sim.scenario.kpis import Kpi
from funnel_sim.scenario.quantity import point_value
from funnel_sim.scenario.scenario import Scenario
from funnel_sim.scenario.store_months import month_number
from funnel_sim.units import MONTHS_A_YEAR

_LEAST = 1e-6
_COSTS: Mapping[str, str] = {
    "goods_cost": "goods_purchase",
    "commission": "commission",
    "logistics": "fulfilment",
}
"""Figures of the series that stand in the ledger as they are, and their line there."""
_OF_FUNNEL = (
    "impressions",
    "clicks",
    "visits",
    "product_views",
    "carts",
    "checkouts",
    "paid_clicks",
    "paid_impressions",
)


@dataclass(frozen=True)
class Ledger:
    """Some actual months in the model's ledger, each figure of shape (months, 1), NaN where it is
    not known.

    `months` are their names in order; `missing` the figures of the series that no month, or not
    every month, knows, with the months; `assumed` the lines that follow from the scenario because
    the series says nothing of them.
    """

    scenario: Scenario
    months: tuple[str, ...]
    missing: Mapping[str, tuple[str, ...]]
    assumed: tuple[str, ...]
    values: Values = field(repr=False, compare=False)
    book: Book = field(repr=False, compare=False)
    steady: Book = field(repr=False, compare=False)
    placed: Array = field(repr=False, compare=False)

    def month(self, key: str) -> Array:
        """Return a figure, on whatever basis ("roas@sales=all"), in each month, shape (months,)."""
        return self._of(key, "month")[:, 0]

    def over(self, key: str, first: int, last: int) -> float:
        """Return a figure over some months together.

        Args:
            key: which figure, such as "profit".
            first: the first of them, counted from 1.
            last: the last of them.

        Returns:
            The figure in its unit; NaN where it is not known.
        """
        return float(self._of(key, (first, last))[0, 0])

    def with_fee(self, fee: Array) -> "Ledger":
        """Return the ledger with an operator's fee by month (sales currency, shape (months,))."""
        book = dict(self.book)
        charged = np.asarray(fee, np.float64)[:, None]
        book["profit"] = by_month(book["profit"]) - by_month(book["operator_fee"]) - charged
        book["operator_fee"] = -charged
        return Ledger(
            self.scenario,
            self.months,
            self.missing,
            self.assumed,
            self.values,
            book,
            self.steady,
            self.placed,
        )

    def _of(self, key: str, over: Over) -> Array:
        shape = (len(self.months), 1) if over == "month" else (1, 1)
        paid = by_month(self.book["paid_orders"])
        if isinstance(over, tuple):
            part = slice(over[0] - 1, over[1])
            success = paid[part].sum(axis=0, keepdims=True) / self.placed[part].sum(
                axis=0, keepdims=True
            )
        else:
            with np.errstate(divide="ignore", invalid="ignore"):
                success = paid / self.placed
        own = np.where(np.isfinite(success), success, self.steady["payment_success_rate"])
        steady = self.steady | {"payment_success_rate": own}
        with np.errstate(divide="ignore", invalid="ignore"):
            value = figures_of(self.values, self.book, steady, {over: [key]})[key, over]
        out = np.broadcast_to(np.asarray(np.nan if value is None else value, np.float64), shape)
        return np.where(np.isfinite(out), out, np.nan)

    @cached_property
    def count(self) -> int:
        """How many months there are."""
        return len(self.months)


def actual_ledger(
    scenario: Scenario, months: Sequence[str], *, refunded_later: bool = True
) -> Ledger:
    """Return some months of the scenario's series as the model's ledger.

    The price follows from GMV and orders, units per order from units; refunds, ad spend and sales
    from ads, the funnel's steps, purchase cost, commission and logistics stand as the series has
    them. Sales are what a dashboard shows (as shoppers pay, without a tax on top of the price), ad
    spend is without tax. Of months whose GMV is after refunds (`history.after_refunds`) no refunds
    are taken off again; their GMV is the lower, and `missing` names the refunds. Without an
    operator's fee: what is owed is the contract's
    (decisions/review/bill.py).

    Args:
        scenario: the store with its series of months.
        months: names of months, such as "2026-03".
        refunded_later: whether refunds that came after a month's bill are added.

    Raises:
        InputError: if there is no month, or more than the longest plan holds.

    Examples:
        >>> from funnel_sim.scenario.presets import preset
        >>> store = preset("amazon-de-kitchen").replace(
        ...     {
        ...         "history.first_month": "2026-01",
        ...         "history.seen_gmv": [1190.0],
        ...         "history.seen_orders": [40.0],
        ...     }
        ... )
        >>> found = actual_ledger(store, ["2026-01"])  # in the books without tax: 1190 / 1.19 / 40
        >>> found.month("gmv").round(6).tolist(), found.month("aov").round(6).tolist()
        ([1190.0], [25.0])
    """
    count = len(months)
    if not 1 <= count <= LONGEST_HORIZON:
        rule = "review_none" if count < 1 else "review_long"
        raise refuse("history.engagement_from", count, rule, most=LONGEST_HORIZON)
    seen = {name: np.array(scenario.history.of(name, months)) for name in _SERIES}
    for zero, beside in NEVER_ALONE:  # such a zero is a gap of its source, no fact
        seen[zero] = np.where((seen[zero] == 0) & (seen[beside] > 0), np.nan, seen[zero])
    store = _dated(without_price_response(without_operator(scenario)), months)
    plain = Values(store)
    steady = book_of(plain, steady=True)
    orders, gmv = seen["orders"], seen["gmv"]
    given = prices_seen(store, steady, orders, gmv, seen["units"])
    values = Values(store, by_month=given)
    book = dict(book_of(values, steady=False))
    missing = {
        name: gone
        for name in _SERIES
        if (gone := tuple(m for m, v in zip(months, seen[name], strict=True) if math.isnan(v)))
    }
    if scenario.history.after_refunds:  # nothing is left to take off what is net already
        net = np.array([one in scenario.history.after_refunds for one in months])
        seen["refunds"] = np.where(net & np.isnan(seen["refunds"]), 0.0, seen["refunds"])
    fixed, placed, assumed = _known_of(book, steady, seen, refunded_later=refunded_later)
    book |= fixed
    fill((one for one in (*VOLUMES, *LEDGER) if one.key not in fixed), book)
    shaped = {key: _full(book[key], count) for key in FLOWS if book.get(key) is not None}
    return Ledger(
        store,
        tuple(months),
        missing,
        tuple(assumed),
        values,
        book | as_number(shaped),
        dict(steady),
        placed[:, None],
    )


def as_seen(scenario: Scenario, key: str) -> str:
    """Return the key under which the ledger holds a figure as the months' file and the bill count
    it: GMV without a tax that is put on top of the price; every other figure's own.

    Args:
        scenario: the store.
        key: which figure, such as "gmv".

    >>> from funnel_sim.scenario.presets import preset
    >>> as_seen(preset("amazon-us-kitchen"), "gmv"), as_seen(preset("amazon-de-kitchen"), "gmv")
    ('gmv@tax=out', 'gmv')
    """
    return sales_figure(scenario) if key == "gmv" else key


def _dated(store: Scenario, months: Sequence[str]) -> Scenario:
    """Return a store whose plan is these calendar months: fees by season, and what was announced
    from the engagement's first month on; without a mark nothing says when that is. One-off costs
    of the plan are left out: nothing says whether they fell.
    """
    first, mark = month_number(months[0]), store.history.engagement_from
    late = first - month_number(mark) if mark else LONGEST_HORIZON
    announced = [
        one.but(month=max(1, one.month - late))
        for one in store.plan.announced
        if mark and one.month - late <= len(months)
    ]
    return store.replace(
        {
            "plan.horizon_months": len(months),
            "plan.start_month": first % MONTHS_A_YEAR + 1,
            "fixed.one_off": [],
            "plan.announced": [one.model_dump(mode="json") for one in announced],
        }
    )


_SERIES = (
    "gmv",
    "orders",
    "units",
    "visits",
    "impressions",
    "clicks",
    "carts",
    "ad_spend",
    "ad_sales",
    "refunds",
    "returned_orders",
    "cancelled",
    "repeat_orders",
    "goods_cost",
    "commission",
    "logistics",
    "refunded_later",
)


def _full(value: Linear | Number, count: int) -> Array:
    return np.array(np.broadcast_to(by_month(value), (count, 1)))


def prices_seen(
    store: Scenario, steady: Book, orders: Array, gmv: Array, units: Array
) -> dict[str, Array]:
    """Return price and units per order by month, so that an order brings what it did; as typed
    where the series does not tell.

    Args:
        store: whose price stands where the months do not tell.
        steady: the book of its usual month.
        orders: paid orders by month, shape (months,).
        gmv: GMV as a dashboard shows it, by month.
        units: units by month; NaN where not known.

    Returns:
        Both by the path of the field, shape (months, 1).
    """
    product = store.product
    with np.errstate(divide="ignore", invalid="ignore"):
        per_order = gmv / orders
        count = np.where(np.isfinite(units / orders) & (units > 0), units / orders, steady["units"])
    shown = steady["console_factor"]
    shipping, voucher = steady["shipping_charged"], steady["voucher"]
    goods = per_order / shown - shipping + voucher
    price = goods / count / (1.0 - steady["discount_rate"])
    price = np.where(np.isfinite(price) & (price > _LEAST), price, point_value(product.price))
    return {
        "product.price": np.asarray(price)[:, None],
        "product.units_per_order": np.asarray(count)[:, None],
    }


def _known_of(
    book: Book, steady: Book, seen: Mapping[str, Array], *, refunded_later: bool
) -> tuple[Book, Array, list[str]]:
    """Return the figures that stand as the series has them, the orders placed, and the lines that
    follow from the scenario instead.
    """
    orders, gmv = seen["orders"], seen["gmv"]
    untaxed = without_tax(steady)
    assumed: list[str] = []

    def of_orders(key: str) -> Array:
        whole = by_month(steady["paid_orders"])
        return np.asarray(orders * float((by_month(steady[key]) / whole).flat[0]))

    refunds = seen["refunds"]
    if refunded_later:
        later = seen["refunded_later"]
        refunds = refunds + np.where(np.isnan(later), 0.0, later)
    repeat = seen["repeat_orders"]
    if np.isnan(repeat).all():
        repeat = of_orders("repeat_orders")
        first = of_orders("first_orders")
        assumed.append("repeat_orders")
    else:
        first = orders - repeat
    out: Book = {
        **lines_seen(steady, {**seen, "refunds": refunds}),
        "new_customers": orders - repeat,
        "repeat_orders": repeat,
        "first_orders": first,
        **dict.fromkeys(_NONE_OF, np.zeros_like(gmv)),
        "affiliate_orders": of_orders("affiliate_orders"),
        "affiliate_due": of_orders("affiliate_due"),
        "units_shipped": np.where(np.isnan(seen["units"]), orders * steady["units"], seen["units"]),
    }
    for name in _OF_FUNNEL:
        out[name] = seen.get(name.removeprefix("paid_"), np.full_like(gmv, np.nan))
    returned = seen["returned_orders"]
    if np.isnan(returned).all():
        each = _full(book["order_refund"], len(refunds))[:, 0] / untaxed  # at the month's own price
        returned = refunds / np.where(each > 0, each, np.nan)
        assumed.append("returned_orders")
    out["returned_orders"] = returned
    for name, line in _COSTS.items():
        if np.isnan(seen[name]).all():
            assumed.append(line)
        else:
            out[line] = -seen[name]
    if "fulfilment" in out:  # logistics hold storage and the handling of returns
        out |= {"storage": np.zeros_like(gmv), "returns_handling": np.zeros_like(gmv)}
    cancelled = seen["cancelled"]
    placed = (
        orders / steady["payment_success_rate"] if np.isnan(cancelled).all() else orders + cancelled
    )
    columns: Book = {name: np.asarray(value, np.float64)[:, None] for name, value in out.items()}
    return columns, np.asarray(placed, np.float64), assumed


def actual_kpi(
    ledger: Ledger, kpi: Kpi, counted: Mapping[str, Sequence[float | None]] | None = None
) -> KpiDraws:
    """Return a KPI as it came, in the shape of a single future: over its window, and by month; NaN
    where it is not known.

    Args:
        ledger: the months as they came.
        kpi: what is measured, its target, window and basis.
        counted: the months of KPIs that the funnel does not produce, by id, as they were counted.
    """
    count = ledger.count
    if kpi.metric in OPERATIONAL or kpi.metric in STEADY_METRICS:
        return _own(ledger, kpi, (counted or {}).get(kpi.id))
    first, last = kpi.months
    whole = kpi.window in ("average", "total") and last <= count
    spans = {(first, last)} if whole else set()

    def of(asked: str, over: Over) -> Array:
        if isinstance(over, tuple):
            return np.array([ledger.over(asked, *over)])
        return ledger.month(asked)[:, None]

    return drawn(ledger.scenario, kpi, of, count, plan_of(FEWEST, 0), spans)


def _own(ledger: Ledger, kpi: Kpi, counted: Sequence[float | None] | None) -> KpiDraws:
    """Return a KPI that is counted for itself: as typed, or returned orders over orders."""
    count = ledger.count
    months = np.full(count, np.nan)
    first, last = (min(month, count) for month in kpi.months)
    part = slice(first - 1, last)
    if counted is not None:
        typed = [np.nan if value is None else float(value) for value in counted][:count]
        months[: len(typed)] = typed
        value = _over_window(kpi, months[part])
    elif kpi.metric in ("returned_rate", "return_rate"):
        back, orders = ledger.month("returned_orders"), ledger.month("paid_orders")
        with np.errstate(divide="ignore", invalid="ignore"):
            months = back / orders
            pooled = float(back[part].sum() / orders[part].sum())
        value = pooled if kpi.window in ("average", "total") else _over_window(kpi, months[part])
    else:
        value = math.nan
    return KpiDraws(np.array([value]), months[:, None])


def _over_window(kpi: Kpi, months: Array) -> float:
    low = kpi.comparator == "at_least"
    match kpi.window:
        case "month":
            return float(months[-1])
        case "every":
            return float(months.min() if low else months.max())
        case "by":
            known = months[~np.isnan(months)]
            return float((known.max() if low else known.min()) if known.size else math.nan)
        case "total" if kpi.metric in ("listing_completion", "listings_live"):
            return float(months[-1])  # a stock: its last level
        case "total" if is_added_up(kpi.metric):
            return float(months.sum())
        case _:  # rates are not added; typed without their counts, each month weighs alike
            return float(months.mean())


_STANDS_FOR: Mapping[str, tuple[str, ...]] = {
    "gmv": ("gmv", "gross_sales", "output_tax", "paid_channel_orders"),
    "orders": (
        "paid_orders",
        "new_customers",
        "repeat_orders",
        "first_orders",
        "units_shipped",
        "affiliate_orders",
        "affiliate_due",
        "paid_channel_orders",
    ),
    "visits": ("visits",),
    "impressions": ("impressions",),
    "clicks": ("clicks", "paid_clicks"),
    "carts": ("carts",),
    "ad_spend": ("media_spend",),
    "ad_sales": ("attributed_sales", "attributed_paid", "paid_channel_orders"),
    "refunds": ("refunds", "returned_orders"),
}
"""Figures of the series and what in the ledger is worked out from them directly."""
_NONE_OF = ("media_of_sales", "media_of_orders")
"""Ad spend by sales or orders: all of it stands in the series' own figure."""
_GIVEN = frozenset(
    (*_NONE_OF, *(key for figures in _STANDS_FOR.values() for key in figures)),
)


def lacking(ledger: Ledger, key: str) -> dict[str, tuple[str, ...]]:
    """Return the figures of the series without which a figure of the ledger is not known in some
    months.

    A ratio that has no value though everything is known (no ad spend, no ROAS) lacks nothing.

    Args:
        ledger: the months as they came.
        key: which figure of the ledger.

    Returns:
        Names of months by the figure that is lacking; empty where the figure is known throughout.
    """
    unknown = {
        month
        for month, value in zip(ledger.months, ledger.month(key), strict=True)
        if math.isnan(value)
    }
    needed = made_of(frozenset({key}), _GIVEN)
    out = {}
    for name, figures in _STANDS_FOR.items():
        gone = tuple(month for month in ledger.missing.get(name, ()) if month in unknown)
        if gone and not needed.isdisjoint(figures):
            out[name] = gone
    return out
