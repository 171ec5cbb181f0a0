"""Transactions of customers from a file: columns recognised or chosen, duplicates, refunds and unreadable rows handled and counted aloud."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.tables import Table, listed
from funnel_sim.evidence.values import amounts, dates
from funnel_sim.model.arrays import Array

ROLES = ("customer", "date", "amount")
_WEEK = 7.0
_SHOWN = 5
_SLIPS = 0.001
_FAR_DAYS = 366


@dataclass(frozen=True)
class Counted:
    """What happened to the rows of a file: rows = unreadable + future + duplicates + refunds + merged + taken_back + orders.

    `merged` rows joined another order of the same customer and day; `taken_back` orders were refunded whole; `examples` are the first
    unreadable rows, numbered as a spreadsheet does.
    """

    rows: int
    unreadable: int
    examples: tuple[int, ...]
    future: int
    duplicates: int
    refunds: int
    merged: int
    taken_back: int
    orders: int
    customers: int


@dataclass(frozen=True)
class Transactions:
    """Orders of customers: `orders` has customer (a code), day (days since the first one) and amount, one row a customer and day.

    `until` is the day up to which customers were watched.
    """

    orders: pd.DataFrame
    first_day: dt.date
    until: dt.date
    counted: Counted

    def histories(self, weeks: float | None = None) -> tuple[Array, Array, Array]:
        """Return repeat orders, week of the last one and weeks watched of each customer, up to some weeks after the first day."""
        last_day = (self.until - self.first_day).days if weeks is None else int(weeks * _WEEK) - 1
        seen = self.orders[self.orders.day <= last_day]
        by = seen.groupby("customer").day
        first, last, count = by.min(), by.max(), by.size()
        return tuple(np.asarray(part, dtype=np.float64) for part in (count - 1, (last - first) / _WEEK, (last_day - first) / _WEEK))  # type: ignore[return-value]

    def repeat_spend(self) -> tuple[Array, Array]:
        """Return number and mean amount of the repeat orders of each customer who has any."""
        later = self.orders[self.orders.day > self.orders.customer.map(self.orders.groupby("customer").day.min())]
        found = later.groupby("customer").amount.agg(["size", "mean"])
        return np.asarray(found["size"], dtype=np.float64), np.asarray(found["mean"], dtype=np.float64)

    def repeat_worth(self) -> tuple[float, float] | None:
        """Return the mean amount of all repeat orders over that of all orders, and the error of its logarithm; None where there is no such ratio.

        Each order counts once, so that who orders often counts often, as in the LTV. The error treats customers as independent, not
        their orders: to first order a customer moves the logarithm by its shares of the four sums that the ratio is made of.
        """
        who, amount = self.orders.customer.to_numpy(), self.orders.amount.to_numpy()
        again = (self.orders.day > self.orders.groupby("customer").day.transform("min")).to_numpy()
        sums = np.array([np.bincount(who, weight) for weight in (amount * again, again, amount, np.ones(len(who)))])
        totals = sums.sum(axis=1)
        if not (totals > 0).all():
            return None
        repeat_amount, repeats, every_amount, every = sums / totals[:, None]
        moved = repeat_amount - repeats - every_amount + every
        ratio = (totals[0] / totals[1]) / (totals[2] / totals[3])
        return float(ratio), float(np.sqrt(np.square(moved).sum()))


@cache
def _known_names() -> dict[str, list[str]]:
    text = resources.files("funnel_sim").joinpath("data", "columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def recognise(columns: tuple[str, ...]) -> dict[str, str]:
    """Return the column of each role (customer, date, amount, order) that a file's headings tell; roles not told are left out.

    >>> recognise(("订单号", "买家昵称", "付款时间", "实付金额"))
    {'customer': '买家昵称', 'date': '付款时间', 'amount': '实付金额', 'order': '订单号'}
    """
    plain = {column: column.strip().lower() for column in columns}
    out: dict[str, str] = {}
    for role, names in _known_names().items():
        exact = next((c for name in names for c in columns if plain[c] == name), None)
        part = next((c for name in names if len(name) > 2 or not name.isascii() for c in columns if name in plain[c] and c not in out.values()), None)  # noqa: PLR2004
        found = exact or part
        if found is not None:
            out[role] = found
    return out


def last_date(table: Table, chosen: Mapping[str, str] | None = None, *, day_first: bool | None = None) -> dt.date:
    """Return the last readable date of a table: up to that day its customers were surely watched. Raises InputError where there is none.

    A date that stands a year or more after all the others (one row, or one in a thousand) is a slip of the pen, not the end of watching.
    """
    column = (recognise(table.columns) | dict(chosen or {})).get("date")
    if column not in table.columns:
        raise refuse(table.name, column, "column_date", known=listed(table.columns))
    known = dates(table.cells[column], f"{table.name}: {column}", day_first=day_first).dropna().sort_values()
    if known.empty:
        raise refuse(table.name, None, "no_dates", rows=f"{len(table.cells):,}", column=column)
    slips = max(1, int(len(known) * _SLIPS))
    far = known.diff().iloc[-slips:] > pd.Timedelta(days=_FAR_DAYS)
    found = known.iloc[len(known) - slips + int(far.to_numpy().argmax()) - 1] if far.any() else known.iloc[-1]
    return dt.date(found.year, found.month, found.day)


def transactions(
    table: Table, until: dt.date, chosen: Mapping[str, str] | None = None, *, day_first: bool | None = None, decimal: str | None = None
) -> Transactions:
    """Return the orders that a table holds, customers being watched until a day; raises InputError where it cannot tell.

    Rows without a readable customer, date or amount and rows after `until` are left out; a row equal to another in every column
    is a duplicate; a negative amount is a refund: it takes its amount off the customer's latest order before it, and an order that is taken back whole is no order. Orders of one customer on one day are one.
    """
    roles = recognise(table.columns) | dict(chosen or {})
    for role in ROLES:
        if role not in roles:
            raise refuse(table.name, None, f"column_{role}", known=listed(table.columns))
        if roles[role] not in table.columns:
            raise refuse(table.name, roles[role], "column_missing", known=listed(table.columns))
    cells = table.cells
    frame = pd.DataFrame({
        "customer": cells[roles["customer"]].str.lower(), "date": dates(cells[roles["date"]], f"{table.name}: {roles['date']}", day_first=day_first),
        "amount": amounts(cells[roles["amount"]], f"{table.name}: {roles['amount']}", decimal),
    })  # fmt: skip
    readable = (frame.customer != "") & frame.date.notna() & np.isfinite(frame.amount)
    examples = tuple(int(i) + 2 for i in frame.index[~readable][:_SHOWN])
    future = readable & (frame.date > pd.Timestamp(until))
    good = frame[readable & ~future]
    twice = cells.loc[good.index].duplicated()
    good = good[~twice]
    counts = {"rows": len(frame), "unreadable": int((~readable).sum()), "future": int(future.sum()), "duplicates": int(twice.sum())}
    if good.empty:
        raise _no_orders(table, until, counts | {"refunds": 0, "back": 0})
    first_day = good.date.min()
    good = good.assign(day=(good.date - first_day).dt.days, customer=pd.factorize(good.customer)[0])
    refunds = good.amount < 0
    sold = _by_day(good[~refunds])
    orders = _net(sold, good[refunds])
    if orders.empty:
        raise _no_orders(table, until, counts | {"refunds": int(refunds.sum()), "back": len(sold)})
    counted = Counted(
        **counts, examples=examples, refunds=int(refunds.sum()),
        merged=int((~refunds).sum()) - len(sold), taken_back=len(sold) - len(orders), orders=len(orders), customers=int(orders.customer.nunique()),
    )  # fmt: skip
    return Transactions(orders, first_day.date(), until, counted)


def _no_orders(table: Table, until: dt.date, counts: Mapping[str, int]) -> InputError:
    """Return the refusal of a file without orders: what became of its rows."""
    return refuse(table.name, None, "no_orders", until=until.isoformat(), **{name: f"{count:,}" for name, count in counts.items()})


def _net(sold: pd.DataFrame, refunds: pd.DataFrame) -> pd.DataFrame:
    """Return orders by customer and day, each refund taken off the customer's latest order at or before it."""
    orders = sold.sort_values(["day", "customer"])
    taken = np.zeros(len(orders))
    back = _by_day(refunds).sort_values("day")
    if len(back):
        met = pd.merge_asof(back, orders.assign(bought=orders.day)[["customer", "day", "bought"]], on="day", by="customer")
        off = met.dropna(subset="bought").groupby(["customer", "bought"]).amount.sum()
        keys = pd.MultiIndex.from_frame(orders[["customer", "day"]])
        taken = off.reindex(keys).fillna(0.0).to_numpy()
    orders = orders.assign(amount=orders.amount.to_numpy() + taken)
    left: pd.DataFrame = orders[(orders.amount > 0) | (taken == 0)].reset_index(drop=True)
    return left


def _by_day(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(rows.groupby(["customer", "day"])["amount"].sum().reset_index())
