"""What is earned in each month, in the parts that are paid at one moment and in one currency."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from funnel_sim.model.arrays import Array
from funnel_sim.model.keys import Book
from funnel_sim.model.ledger import LINE_KEYS
from funnel_sim.model.linear import by_month
from funnel_sim.model.wanted import leading_to
from funnel_sim.scenario.scenario import Scenario

_ASKED = (
    *LINE_KEYS,
    "profit",
    "order_output_tax",
    "order_refund_tax",
    "order_commission_back",
    "order_parcel",
    "returned_orders",
    "chargeback_orders",
    "units_shipped",
    "units_recovered",
    "import_tax",
    "import_tax_cost",
    "landed_cost",
    "variable_ads",
)
CASH_WANTED: frozenset[str] = leading_to(frozenset(_ASKED))
"""The figures that a book of the months must hold for its cash to be read."""
FIXED_LINES = ("localisation", "compliance", "saas", "staff", "other")


@dataclass(frozen=True)
class Amounts:
    """Amounts of each month, shape (months, paths), at full stock; sales currency but for those
    that end in `_home`, which are in the cost currency.

    What goes with the orders of a day: `sale` is paid out for them, `refund` and `chargeback` are
    taken off the payout later (below zero), `output_tax`, `refund_tax`, `chargeback_tax` are owed
    and come back, `invoiced` and `invoiced_home` go to the warehouse by invoice, `ads_of_orders`,
    `operator` (the agency's share), `orders`, `units`, `recovered` (units that come back to be sold
    once more).

    What does not: `ads`, `operator_home`, `fixed`, `fixed_home`.

    Of a unit, shape (months or 1, paths or 1): `purchase_home`, `packing_home`, `freight_home`,
    `border` (duty, fees, import tax), `reclaimed` (import tax that comes back), `landed`. `fx` is
    the exchange rate, `profit` the ledger's.
    """

    sale: Array
    refund: Array
    chargeback: Array
    output_tax: Array
    refund_tax: Array
    chargeback_tax: Array
    invoiced: Array
    invoiced_home: Array
    ads_of_orders: Array
    operator: Array
    orders: Array
    units: Array
    recovered: Array
    ads: Array
    operator_home: Array
    fixed: Array
    fixed_home: Array
    purchase_home: Array
    packing_home: Array
    freight_home: Array
    border: Array
    reclaimed: Array
    landed: Array
    fx: Array
    profit: Array

    @property
    def paths(self) -> int:
        """How many paths."""
        return int(self.profit.shape[1])

    @property
    def of_orders(self) -> Array:
        """The part of the profit that goes with the orders of the month, shape (months, paths)."""
        fixed = self.fixed + (self.fixed_home + self.operator_home) / self.fx + self.ads
        return np.asarray(self.profit + fixed)

    def home_worth(self, kept: str, month: int) -> Array:
        """Return what one unit of the cost currency is worth in that of the balance, at the month's
        own rate: for what is there or may be borrowed, of which nothing is locked.

        Args:
            kept: the currency of the balance, "sales" or "home".
            month: in which month.

        Returns:
            Units of the currency of the balance, an array of shape (paths or 1,).
        """
        rate = self.fx[min(month, self.fx.shape[0] - 1)]
        return np.ones(1) if kept == "home" else np.asarray(1.0 / rate)


def widest(book: Book) -> int:
    """Return how many paths a book has: the widest of its numbers."""
    return max(
        (
            by_month(value).shape[1]
            for key, value in book.items()
            if key != "channels" and value is not None and not isinstance(value, (int, float))
        ),
        default=1,
    )


def amounts_of(scenario: Scenario, book: Book, paths: int | None = None) -> Amounts:
    """Return what is earned in each month, in the parts that are paid at one moment.

    Args:
        scenario: whose terms say what is withheld and what is invoiced.
        book: the months, with `CASH_WANTED`.
        paths: how many paths there are; as the book tells where None.
    """
    months = scenario.plan.horizon_months
    fx: Any = book["fx_rate"]
    back = book["returned_orders"] * book["order_commission_back"]
    refund_tax = book["returned_orders"] * book["order_refund_tax"]
    chargeback_tax = book["chargeback_orders"] * book["order_output_tax"]
    parcel = book["paid_orders"] * book["order_parcel"]
    warehouse = book["fulfilment"] + book["storage"]
    sale = (
        book["gross_sales"]
        + (book["commission"] - back)
        + book["payment_fee"]
        + book["affiliates"]
        + book["fx_cost"]
    )
    refund = book["refunds"] - refund_tax + back
    none = 0.0
    invoiced: Any = none
    invoiced_home: Any = none
    if scenario.cash.fulfilment_paid == "withheld":
        sale, refund = sale + warehouse, refund + book["returns_handling"]
    else:
        invoiced = -(warehouse + parcel + book["returns_handling"])
        invoiced_home = parcel * fx
    fixed_home = sum(
        (book[f"{group}_monthly"] + book[f"one_off_{group}"] for group in FIXED_LINES), none
    )
    lines = sum((book[key] for key in ("localisation", "compliance", "saas", "staff")), none)
    fixed = -(lines + book["other_fixed"]) - fixed_home / fx
    profit = by_month(book["profit"])
    shape = (months, paths or widest(book))
    postponed = scenario.cash.import_tax_paid == "return"
    at_border = book["import_tax_cost"] if postponed else book["import_tax"]

    def spread(value: Any) -> Array:
        return np.broadcast_to(by_month(value), shape)

    def each(value: Any) -> Array:
        return np.atleast_2d(np.asarray(value, dtype=np.float64))

    return Amounts(
        sale=spread(sale),
        refund=spread(refund),
        chargeback=spread(book["chargebacks"] - chargeback_tax),
        output_tax=spread(-book["output_tax"]),
        refund_tax=spread(refund_tax),
        chargeback_tax=spread(chargeback_tax),
        invoiced=spread(invoiced),
        invoiced_home=spread(invoiced_home),
        ads_of_orders=spread(book["variable_ads"]),
        operator=spread(-book["operator_fee"] - book["operator_monthly"] / fx),
        orders=spread(book["paid_orders"]),
        units=spread(book["units_shipped"]),
        recovered=spread(book["units_recovered"]),
        ads=spread(-(book["ads"] + book["list_sends"]) - book["variable_ads"]),
        operator_home=spread(book["operator_monthly"]),
        fixed=spread(fixed),
        fixed_home=spread(fixed_home),
        purchase_home=each(book["purchase"] * fx),
        packing_home=each(book["packing"] * fx),
        freight_home=each(book["freight"] * fx),
        border=each(book["duty"] + book["import_fees"] + at_border),
        reclaimed=each(at_border - book["import_tax_cost"]),
        landed=each(book["landed_cost"]),
        fx=each(fx),
        profit=np.broadcast_to(profit, shape),
    )
