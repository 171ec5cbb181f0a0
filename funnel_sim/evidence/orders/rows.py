"""Each row of a table of orders: its order, customer, day, state, kind and numbers, as arrays."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from funnel_sim.evidence.orders.groups import Groups
from funnel_sim.evidence.orders.reading import MONEY, Reading
from funnel_sim.evidence.orders.roles import known
from funnel_sim.evidence.orders.states import STATES, states_of
from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.cells import leaders, plain_numbers, release, texts_of
from funnel_sim.evidence.tables.columns import by_content, by_name
from funnel_sim.evidence.tables.dates import NO_DAY, is_date
from funnel_sim.evidence.tables.exports import (
    OTHER,
    REFUND,
    SALE,
    Export,
    days_dated,
    joined,
    order_numbers,
)
from funnel_sim.evidence.tables.progress import Progress, part, tell
from funnel_sim.model.arrays import Array

KINDS = ("", SALE, REFUND, OTHER)
"""What a row is; "" where every row is part of an order."""
NUMBERS = ("amount", "line", "price", "quantity", "refund", "returned")
"""Roles that hold numbers."""
_UNKNOWN = STATES.index("")


@dataclass
class Rows:
    """The rows of a table of orders, an array each; what no column says is None.

    Attributes:
        labels: number of each row in the file − 2.
        order: the number of its order, "" where it names none; None where no column does.
        group: the place of the first row of its order.
        customer: its customer, "" where not known; None where no column names any.
        day: its day since 1970, `NO_DAY` where not known.
        kind: its place in `KINDS`.
        state: its place in `STATES`.
        numbers: what each role of `NUMBERS` says, NaN where not known.
        strange: states of the main column that are not known.
    """

    labels: NDArray[Any]
    order: pa.LargeStringArray | None
    group: NDArray[Any]
    customer: pa.LargeStringArray | None
    day: NDArray[Any]
    kind: NDArray[Any] | None
    state: NDArray[Any]
    numbers: dict[str, Array] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.labels)

    def is_kind(self, kind: str) -> NDArray[np.bool_]:
        """Return which rows are of a kind, shape (rows,)."""
        if self.kind is None:
            return np.full(len(self), kind == "")
        return np.asarray(self.kind == KINDS.index(kind))

    def number(self, role: str) -> Array:
        """Return what a role says, shape (rows,); NaN on every row where no column says it."""
        return self.numbers[role] if role in self.numbers else np.full(len(self), np.nan)

    def own(self) -> Array:
        """Return what each row comes to by itself, shape (rows,): its total, else its unit price ×
        quantity.
        """
        line = self.numbers.get("line")
        if "price" not in self.numbers or "quantity" not in self.numbers:
            return self.number("line")
        times: Array = self.numbers["price"] * self.numbers["quantity"]
        return times if line is None else np.where(np.isnan(line), times, line)

    def orders_named(self, places: NDArray[Any]) -> pa.LargeStringArray:
        """Return the numbers of the orders of the rows at some `places`, both of shape (places,);
        where no column names orders, each row's own number in the file, "#7".
        """
        if self.order is not None:
            return self.order.take(pa.array(places))
        own = pa.array(self.labels[places]).cast(pa.string())
        return pc.binary_join_element_wise("#", own, "").cast(pa.large_string())

    def customers(self, places: NDArray[Any]) -> pa.LargeStringArray:
        """Return the customers of the rows at `places`, both of shape (places,), in lower case."""
        if self.customer is None:
            return pa.array([""], pa.large_string()).take(pa.array(np.zeros(len(places), np.int32)))
        return pc.utf8_lower(self.customer.take(pa.array(places)))

    def has_customer(self) -> NDArray[np.bool_]:
        """Return which rows name a customer, shape (rows,)."""
        if self.customer is None:
            return np.zeros(len(self), dtype=bool)
        return np.asarray(pc.binary_length(self.customer).to_numpy(zero_copy_only=False)) > 0


def rows_of(
    reading: Reading, named: tuple[str, ...] | list[str], progress: Progress | None = None
) -> Rows:
    """Return the rows of a table of orders. Rows of one order know the day, customer and state of
    the first that says it.

    Args:
        reading: what is read of the table.
        named: the currencies that its money is in.
        progress: is told the share that is done; what it raises ends the reading.

    Raises:
        InputError: where dates or amounts of a column can be read in two ways.
    """
    cells = reading.table.cells
    said = reading.kinds()
    kind = None if said is None else said.map({one: at for at, one in enumerate(KINDS)})
    kinds = None if kind is None else kind.to_numpy().astype(np.int8)
    order = _numbers_of_orders(reading, said)
    group = _groups(reading, order)
    tell(progress, 0.15)
    day = days_of(reading, part(progress, 0.15, 0.45))
    release()
    tell(progress, 0.45)
    numbers = _numbers(reading, named, part(progress, 0.45, 0.85))
    tell(progress, 0.85)
    state, strange = states_of(reading, part(progress, 0.85, 0.95))
    out = Rows(
        np.asarray(cells.index),
        None if order is None else texts_of(order),
        group,
        (texts_of(cells[reading.roles["customer"]]) if "customer" in reading.roles else None),
        day,
        kinds,
        state,
        numbers,
        strange,
    )
    _mark_signs(out, reading.export)
    _count_units_back(out)
    tell(progress, 0.95)
    _tell_one_another(out)
    tell(progress, 1.0)
    return out


def _groups(reading: Reading, order: pd.Series | None) -> NDArray[Any]:
    """Return of each row the place of the first one of its order; a row that names none is an order
    of its own.
    """
    if order is None:
        return np.arange(len(reading.table.cells), dtype=np.int32)
    as_written = reading.export is None
    first = reading.table.leaders(reading.roles["order"]) if as_written else leaders(order)
    texts = texts_of(order)
    empty = np.asarray(pc.binary_length(texts).to_numpy(zero_copy_only=False)) == 0
    return np.where(empty, np.arange(len(texts), dtype=np.int32), first) if empty.any() else first


def _numbers_of_orders(reading: Reading, kinds: pd.Series | None) -> pd.Series | None:
    """Return the number of each row's order, None where no column names it: a refund that names the
    order that it takes back belongs to it.
    """
    cells, export = reading.table.cells, reading.export
    if "order" not in reading.roles:
        return None
    out = cells[reading.roles["order"]]
    if export is None:
        return out
    form = export.rows.get("order_form")
    if form and reading.roles["order"] == reading.parts["order"][0].column:
        out = order_numbers(out, form)
    of = export.cells(reading.table, "refund_order")
    if of is None or kinds is None:
        return out
    return out.where((kinds != REFUND) | (of == ""), of)


def _numbers(
    reading: Reading, named: tuple[str, ...] | list[str], progress: Progress | None
) -> dict[str, Array]:
    """Return what the columns of numbers say; the decimal mark is one for all columns of money."""
    table = reading.table
    cells, out = table.cells, {}
    columns = reading.money_columns
    if columns:
        read = _money(reading, columns, named, part(progress, 0.0, 0.7))
        for role in MONEY:
            if role in reading.parts:
                parts = reading.parts[role]
                made = joined([(one, read[one.column]) for one in parts])
                out[role] = made.to_numpy(dtype=np.float64, copy=False)
    tell(progress, 0.7)
    for role in ("quantity", "returned"):
        if role in reading.parts:
            column = reading.parts[role][0].column
            read_ = amounts(
                cells[column],
                f"{table.name}: {column}",
                counts=True,
                numeric=table.numeric_of(column),
                progress=part(progress, 0.7, 1.0),
            )
            out[role] = read_.to_numpy(dtype=np.float64, copy=False)
    return out


def _money(
    reading: Reading,
    columns: list[str],
    named: tuple[str, ...] | list[str],
    progress: Progress | None,
) -> dict[str, pd.Series]:
    """Return the amounts of some columns."""
    table, cells = reading.table, reading.table.cells
    if table.numeric is None and reading.decimal != ",":
        plain: dict[str, pd.Series] = {}
        for column in columns:
            found = plain_numbers(texts_of(cells[column]))
            if found is None:
                break
            plain[column] = pd.Series(found, index=cells.index)
        else:
            return plain
    pool = pd.concat({column: cells[column] for column in columns})
    numeric = (
        None
        if table.numeric is None
        else pd.concat({column: table.numeric[column] for column in columns})
    )
    read = amounts(
        pool,
        f"{table.name}: {', '.join(columns)}",
        reading.decimal,
        numeric=numeric,
        currencies=named,
        progress=progress,
    )
    return {column: read.loc[column] for column in columns}


def _mark_signs(rows: Rows, export: Export | None) -> None:
    """Make amounts of refunds negative, and call sales below zero no sale where an export says that
    they are somebody else's.
    """
    if rows.kind is None:
        return
    if export is not None and not export.rows.get("signed"):
        refunds = rows.is_kind(REFUND)
        for role in ("amount", "line"):
            if role in rows.numbers:
                known_ = rows.numbers[role]
                rows.numbers[role] = np.where(refunds, -np.abs(known_), known_)
    if export is not None and export.rows.get("positive"):
        below = rows.is_kind(SALE) & (rows.number("amount") < 0)
        rows.kind[below] = KINDS.index(OTHER)


def _count_units_back(rows: Rows) -> None:
    """Write what was paid back on each row: what a column says, else the share of its units that
    went back.
    """
    if "returned" not in rows.numbers:
        return
    refund, returned = rows.number("refund"), rows.numbers["returned"]
    price, quantity, line = (rows.number(role) for role in ("price", "quantity", "line"))
    times = np.where(np.isnan(price), rows.number("amount"), price * quantity)
    own = np.where(np.isnan(line), times, line)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.minimum(np.maximum(returned, 0.0) / np.where(quantity > 0, quantity, np.nan), 1)
    by_share = own * np.where(share > 0, share, np.nan)
    said = np.nan_to_num(refund, nan=0.0) != 0
    rows.numbers["refund"] = np.where(np.isnan(returned) | said, refund, by_share)


def _tell_one_another(rows: Rows) -> None:
    """Write the day, customer and state of the first row of an order that says it into those that
    do not; rows that are no part of a sale neither tell nor learn.
    """
    other = rows.is_kind(OTHER) if rows.kind is not None else None
    groups: Groups | None = None
    for name, there in (
        ("day", rows.day != NO_DAY),
        ("customer", rows.has_customer() if rows.customer is not None else None),
        ("state", rows.state != _UNKNOWN),
    ):
        if there is None:
            continue
        says = there if other is None else there & ~other
        asks = ~says if other is None else ~says & ~other
        if not asks.any():
            continue
        groups = groups or Groups(rows.group)
        first = groups.by_row(groups.first_of(says))
        learns = asks & (first >= 0)
        if name == "customer" and rows.customer is not None:
            source = np.where(learns, first, np.arange(len(rows)))
            rows.customer = rows.customer.take(pa.array(source))
        elif name == "day":
            rows.day[learns] = rows.day[first[learns]]
        else:
            rows.state[learns] = rows.state[first[learns]]


def days_of(reading: Reading, progress: Progress | None = None) -> NDArray[np.int32]:
    """Return each row's day since 1970, `NO_DAY` where it names none; where the column of the date
    says nothing, the next one that is a date of the order does.

    Args:
        reading: what is read of a table.
        progress: is told the share that is done; what it raises ends the reading.

    Returns:
        Days since 1970-01-01, shape (rows,).

    Raises:
        InputError: where the dates of a column can be read in two ways.
    """
    asked = ("days", reading.roles["date"], *sorted(reading.roles.values()), reading.day_first)
    return reading.table.once(asked, lambda: _days(reading, progress)).copy()


def _days(reading: Reading, progress: Progress | None) -> NDArray[np.int32]:
    table, roles, export = reading.table, reading.roles, reading.export
    names = (
        {"date": known()["columns"]["date"]}
        if export is None
        else {"date": [one for way in export.columns.get("date", ()) for _, one in way]}
    )
    others = [
        one
        for one in by_name(table.columns, names)["date"]
        if one != roles["date"] and one not in roles.values() and by_content(table, one, is_date)
    ]
    column = table.cells[roles["date"]]
    name = f"{table.name}: {roles['date']}"
    found = days_dated(column, name, reading.day_first, export, progress)
    for one in others:
        empty = found == NO_DAY
        if empty.any():
            empty &= (column == "").to_numpy()
        if not empty.any():
            break
        other = table.cells[one].where(empty, "")
        found = found.copy()
        found[empty] = days_dated(other, f"{table.name}: {one}", reading.day_first, export)[empty]
    return found
