"""Transactions of customers from a file: columns recognised or chosen, duplicates, refunds and
unreadable rows handled and counted aloud.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.orders.left_out import REASONS
from funnel_sim.evidence.orders.orders import Orders, days, orders
from funnel_sim.evidence.orders.put_together import CENT
from funnel_sim.evidence.orders.roles import choices, recognise
from funnel_sim.evidence.tables.choices import asked
from funnel_sim.evidence.tables.findings import SHOWN, Finding
from funnel_sim.evidence.tables.money import Into
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.tables import Table, listed
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import judged

_WEEK = 7.0
_SLIPS = judged("slips")
_FAR_DAYS = judged("slip_days")


@dataclass(frozen=True)
class CountedRows:
    """What happened to the rows of a file: rows = unreadable + future + duplicates + totals + other
    + test + cancelled + unpaid + refunds + items + merged + taken_back + orders.

    `unreadable` rows have no date, amount or customer; `other` are no sales (fees, payouts);
    `refunds` are returns without an order of their own; `items` are further rows of an order;
    `merged` orders joined another one of the same customer and day; `taken_back` orders were
    refunded whole, `part_back` of the orders in part; `examples` are the first unreadable rows,
    numbered as a spreadsheet does.
    """

    rows: int
    unreadable: int
    examples: tuple[int, ...]
    future: int
    duplicates: int
    totals: int
    test: int
    cancelled: int
    unpaid: int
    refunds: int
    items: int
    merged: int
    part_back: int
    taken_back: int
    orders: int
    customers: int
    findings: tuple[Finding, ...] = ()
    currency: str = ""
    other: int = 0


@dataclass(frozen=True)
class Transactions:
    """Orders of customers: `orders` has customer (a code), day (days since the first one) and
    amount, one row a customer and day.

    `until` is the day up to which customers were watched.
    """

    orders: pd.DataFrame
    first_day: dt.date
    until: dt.date
    counted: CountedRows

    def histories(self, weeks: float | None = None) -> tuple[Array, Array, Array]:
        """Return repeat orders, week of the last one and weeks watched of each customer, each of
        shape (customers,), up to some weeks after the first day (None: all).
        """
        last_day = (self.until - self.first_day).days if weeks is None else int(weeks * _WEEK) - 1
        seen = self.orders[self.orders.day <= last_day]
        by = seen.groupby("customer").day
        first, last, count = by.min(), by.max(), by.size()
        return tuple(
            np.asarray(part, dtype=np.float64)
            for part in (count - 1, (last - first) / _WEEK, (last_day - first) / _WEEK)
        )  # type: ignore[return-value]

    def repeat_spend(self) -> tuple[Array, Array]:
        """Return number and mean amount of the repeat orders of each customer who has any, each of
        shape (customers,).
        """
        later = self.orders[
            self.orders.day > self.orders.customer.map(self.orders.groupby("customer").day.min())
        ]
        found = later.groupby("customer").amount.agg(["size", "mean"])
        return np.asarray(found["size"], dtype=np.float64), np.asarray(
            found["mean"], dtype=np.float64
        )

    def repeat_worth(self) -> tuple[float, float] | None:
        """Return the mean amount of all repeat orders over that of all orders, and the error of its
        logarithm; None where there is no such ratio.

        Each order counts once, so that who orders often counts often, as in the LTV. The error
        treats customers as independent, not their orders: to first order a customer moves the
        logarithm by its shares of the four sums that the ratio is made of.
        """
        who, amount = self.orders.customer.to_numpy(), self.orders.amount.to_numpy()
        again = (self.orders.day > self.orders.groupby("customer").day.transform("min")).to_numpy()
        sums = np.array(
            [
                np.bincount(who, weight)
                for weight in (amount * again, again, amount, np.ones(len(who)))
            ]
        )
        totals = sums.sum(axis=1)
        if not (totals > 0).all():
            return None
        repeat_amount, repeats, every_amount, every = sums / totals[:, None]
        moved = repeat_amount - repeats - every_amount + every
        ratio = (totals[0] / totals[1]) / (totals[2] / totals[3])
        return float(ratio), float(np.sqrt(np.square(moved).sum()))


def last_date(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    progress: Progress | None = None,
) -> dt.date:
    """Return the last readable date of a table: up to that day its customers were surely watched.

    A row whose own column of dates is empty has the next date of its order, as when it is read. A
    date that stands a year or more after all the others (one row, or one in a thousand) is a slip
    of the pen, not the end of watching.

    Args:
        table: a list of orders.
        chosen: the column of a role where it is not recognised.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        progress: is told the share that is done, from 0 to 1; what it raises ends the reading.

    Raises:
        InputError: where no column holds dates.
    """
    known = days(table, chosen, day_first=day_first, progress=progress).dropna().sort_values()
    if known.empty:
        column = (recognise(table) | dict(chosen or {})).get("date", "")
        raise refuse(table.name, None, "no_dates", rows=f"{len(table.cells):,}", column=column)
    slips = max(1, int(len(known) * _SLIPS))
    far = known.diff().iloc[-slips:] > pd.Timedelta(days=_FAR_DAYS)
    found = (
        known.iloc[len(known) - slips + int(far.to_numpy().argmax()) - 1]
        if far.any()
        else known.iloc[-1]
    )
    return dt.date(found.year, found.month, found.day)


def transactions(
    table: Table,
    until: dt.date,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    into: Into | None = None,
) -> Transactions:
    """Return the orders of customers that a table holds, customers being watched until a day.

    Orders are those of `orders.orders`, sold less what was paid back on them; those without a
    customer and those after `until` are left out. A return without an order of its own takes its
    amount off the customer's latest order at or before it. An order that is taken back whole is no
    order. Orders of one customer on one day are one.

    Args:
        table: a list of orders that names their customers.
        until: the day up to which the customers were watched.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        into: the currency to which its money is converted.

    Raises:
        InputError: where a needed column is missing or could be several, or no order is left.
    """
    return bought(
        of_customers(table, chosen, day_first=day_first, decimal=decimal, into=into), until
    )


def of_customers(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    into: Into | None = None,
    progress: Progress | None = None,
) -> Orders:
    """Return the orders that a table holds, with all that is to be known about how it was read.

    Args:
        table: a list of orders that names their customers.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        into: the currency to which its money is converted.
        progress: is told the share that is done, from 0 to 1; what it raises ends the work.

    Raises:
        InputError: where no column holds customers, several could, or it holds no orders.
    """
    roles = recognise(table) | dict(chosen or {})
    if not roles.get("customer"):
        raise refuse(table.name, None, "column_customer", known=listed(table.columns))
    told = asked(table, choices(table, chosen, ("customer",)), (chosen or {}).keys())
    found = orders(
        table, chosen, day_first=day_first, decimal=decimal, into=into, progress=progress
    )
    return replace(found, findings=(*table.findings, *told, *found.findings))


def bought(found: Orders, until: dt.date) -> Transactions:
    """Return the orders of customers among those of one file or of several.

    Args:
        found: the orders.
        until: the day up to which the customers were watched.

    Raises:
        InputError: where none has a customer and lies at or before that day.
    """
    rows = found.frame.assign(
        stranger=found.frame.customer == "", future=found.frame.day > pd.Timestamp(until)
    )
    returns = found.returns.assign(
        stranger=found.returns.customer == "", future=found.returns.day > pd.Timestamp(until)
    )
    good, back = (part[~part.stranger & ~part.future] for part in (rows, returns))
    strangers = sum(int(part.rows[part.stranger].sum()) for part in (rows, returns))
    future = sum(int(part.rows[part.future & ~part.stranger].sum()) for part in (rows, returns))
    left = {one.reason: one for one in found.left_out}
    known = {
        f"{reason}s" if reason in ("total", "duplicate") else reason: (
            left[reason].rows if reason in left else 0
        )
        for reason in REASONS
        if reason not in ("undated", "unreadable")
    }
    bad = sorted(
        {
            *(
                row
                for reason in ("undated", "unreadable")
                if reason in left
                for row in left[reason].examples
            ),
            *(int(row) + 2 for row in rows["first"][rows.stranger].head(SHOWN)),
        }
    )
    counts = {
        "rows": found.rows,
        "unreadable": (
            sum(left[reason].rows for reason in ("undated", "unreadable") if reason in left)
            + strangers
        ),
        "future": future,
    } | known
    if good.empty:
        raise _no_orders(
            found.name, until, counts | {"refunds": int(returns.rows.sum()), "back": 0}
        )
    first_day = good.day.min()
    codes = {customer: code for code, customer in enumerate(pd.unique(good.customer))}
    sold = pd.DataFrame(
        {
            "customer": good.customer.map(codes),
            "day": (good.day - first_day).dt.days,
            "amount": good.sold - good.back,
        }
    )
    kept = sold[(good.back == 0) | (sold.amount > CENT)]
    by_day = _by_day(kept)
    of_known = back[back.customer.isin(codes)]
    off = pd.DataFrame(
        {
            "customer": of_known.customer.map(codes).astype(int),
            "day": (of_known.day - first_day).dt.days,
            "amount": -of_known.amount,
        }
    )
    left_over = _net(by_day, off)
    if left_over.empty:
        raise _no_orders(
            found.name, until, counts | {"refunds": int(back.rows.sum()), "back": len(good)}
        )
    who = (
        pd.factorize(left_over.customer)[0]
        if len(codes) != left_over.customer.nunique()
        else left_over.customer
    )
    counted = CountedRows(
        **counts,
        examples=tuple(bad[:SHOWN]),
        refunds=int(back.rows.sum()),
        items=int(good.rows.sum()) - len(good),
        part_back=int(kept.index.size and (good.back[kept.index] > 0).sum()),
        merged=len(kept) - len(by_day),
        taken_back=len(sold) - len(kept) + len(by_day) - len(left_over),
        orders=len(left_over),
        customers=int(left_over.customer.nunique()),
        findings=found.findings,
        currency=found.currency,
    )
    return Transactions(left_over.assign(customer=who), first_day.date(), until, counted)


def _no_orders(name: str, until: dt.date, counts: Mapping[str, int]) -> InputError:
    """Return the refusal of a file without orders: what became of its rows."""
    return refuse(
        name,
        None,
        "no_orders",
        until=until.isoformat(),
        **{name: f"{count:,}" for name, count in counts.items()},
    )


def _net(sold: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    """Return orders by customer and day, each refund taken off the customer's latest order at or
    before it.
    """
    kept = sold.sort_values(["day", "customer"])
    taken = np.zeros(len(kept))
    back = _by_day(refunds).sort_values("day")
    if len(back) and len(kept):
        met = pd.merge_asof(
            back,
            kept.assign(bought=kept.day)[["customer", "day", "bought"]],
            on="day",
            by="customer",
        )
        off = met.dropna(subset="bought").groupby(["customer", "bought"]).amount.sum()
        keys = pd.MultiIndex.from_frame(kept[["customer", "day"]])
        taken = off.reindex(keys).fillna(0.0).to_numpy()
    kept = kept.assign(amount=kept.amount.to_numpy() + taken)
    left: pd.DataFrame = kept[(kept.amount > 0) | (taken == 0)].reset_index(drop=True)
    return left


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(rows.groupby(["customer", "day"])["amount"].sum().reset_index())
