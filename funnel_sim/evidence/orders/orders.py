"""Orders from an export: rows put together by order, each at what the shopper paid in the end; what
is not counted is left out by name, with its amount.

A row is not an order: exports write one row an item, repeat the total of the order on each, or
leave it out on all but the first. What an order came to is its total where the file has one, else
the sum of its rows (a row's total, or quantity × unit price). Orders that were cancelled or never
paid are no sales; what went back is taken off.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.tables.amounts import amounts, has_decimals, is_number
from funnel_sim.evidence.tables.choices import DATE, NUMBER, TEXT, Choice, asked, choice
from funnel_sim.evidence.tables.columns import by_content, by_name, said
from funnel_sim.evidence.tables.dates import is_date
from funnel_sim.evidence.tables.exports import (
    OTHER,
    REFUND,
    SALE,
    Export,
    Part,
    chosen_otherwise,
    dated,
    joined,
    order_numbers,
    told,
)
from funnel_sim.evidence.tables.exports import recognise as export_of
from funnel_sim.evidence.tables.findings import Finding, counted, first_rows
from funnel_sim.evidence.tables.headings import currencies, may_mean, plain, settled
from funnel_sim.evidence.tables.money import Into, Rate, code_of_each, named_by, rates_by_row
from funnel_sim.evidence.tables.money import told as told_of_money
from funnel_sim.evidence.tables.tables import Table, listed
from funnel_sim.reference.reading import share
from funnel_sim.stored import read_data
from funnel_sim.words import Words, say

ROLES = (
    "order",
    "customer",
    "date",
    "amount",
    "line",
    "price",
    "quantity",
    "refund",
    "status",
    "cancelled",
    "currency",
)
"""What a column of orders may hold."""
REASONS = ("total", "other", "test", "cancelled", "unpaid", "undated", "unreadable", "duplicate")
"""Why rows are no part of a sale, in the order in which it is asked: a row is left out for the
first that holds.
"""

_STATES = (
    "test",
    "cancelled",
    "unpaid",
    "refunded",
    "partly",
    "counted",
)  # what an order with several states counts as: the first that one of them says
_REPEATED = share(
    "total_repeated"
)  # of the orders of several rows, from which their equal amounts are the order's total, repeated
CENT = 0.005
"""Amounts that differ by less are one amount: half of the smallest coin of most currencies."""
TOTAL = (
    r"(?i)(?:grand |sub)?totals?\b|sum(?:mary)?\b|gesamt|summe|insgesamt|合计|总计|汇总|小计|总和"
)
"""How a row that sums up others begins."""
_IDS = share(
    "numbers_orders"
)  # of the rows that have different numbers, from which a column of them can name orders


@dataclass(frozen=True)
class OmittedRows:
    """Rows that are no part of a sale: why, how many rows and orders, what their amounts come to,
    and the first rows as a spreadsheet numbers them.
    """

    reason: str
    rows: int
    orders: int
    amount: float
    examples: tuple[int, ...]


@dataclass(frozen=True)
class Orders:
    """The orders of a file, one row each in `frame`.

    Its columns: `order` (its number), `customer` (lower case, "" where not known), `day`, `sold`
    (what was paid at first), `back` (what of it was paid back), `units` (NaN where not known),
    `minus` (what rows of its own took off it), `rows` (of the file) and `first` (the number of its
    first one, as a spreadsheet counts − 2).

    `returns` are amounts that went back without an order of their own: customer, day, amount
    (positive), rows, order and first. `rows` of the file = rows of orders + rows of returns + rows
    left out. `columns` names the column of each role that was used. `currency` is the only one that
    the file names, "" where it names none.
    """

    name: str
    frame: pd.DataFrame
    returns: pd.DataFrame
    rows: int
    left_out: tuple[OmittedRows, ...]
    columns: Mapping[str, str]
    currency: str
    findings: tuple[Finding, ...]

    @property
    def sold(self) -> float:
        """What shoppers paid, before anything went back."""
        return float(self.frame["sold"].sum())

    @property
    def back(self) -> float:
        """What was paid back."""
        return float(self.frame["back"].sum() + self.returns["amount"].sum())


@cache
def _known() -> dict[str, dict[str, list[str]]]:
    data: dict[str, dict[str, list[str]]] = tomllib.loads(read_data("order_columns.toml"))
    return data


def recognise(table: Table) -> dict[str, str]:
    r"""Return the column of each role: of a known export those that it declares, else those that
    headings and cells tell, the cells being what the role needs.

    Roles that nothing tells are left out; of a figure that several columns make up, the first one
    is named.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> recognise(
    ...     read_table(
    ...         "订单号,买家昵称,付款时间,实付金额\nA1,小王,2026-01-05,12.50\n".encode(), "x.csv"
    ...     )
    ... )
    {'order': '订单号', 'customer': '买家昵称', 'date': '付款时间', 'amount': '实付金额'}
    """
    export = export_of(table)
    if export is not None and export.is_list and export.columns:
        declared = {
            role: parts[0].column for role, parts in export.parts(table).items() if role in ROLES
        }
        return _by_headings(table, declared) if export.by_name else declared
    return _by_headings(table, {})


def _by_headings(table: Table, declared: Mapping[str, str]) -> dict[str, str]:
    """Return the column of each role that is declared or that headings and cells tell."""
    out = dict(declared)
    known = _known()
    ranked = by_name(table.columns, known["columns"], known["ignored"]["names"])
    whole = {
        column
        for column in table.columns
        if any(
            plain(column) in (name.removeprefix("=") for name in names)
            for names in known["columns"].values()
        )
    }
    for role in ROLES:
        free = [
            column
            for column in ranked[role]
            if role not in declared
            and column not in out.values()
            and (role != "customer" or column.strip().lower() != "id" or _repeats(table, column))
        ]
        found = next(
            (column for column in free if by_content(table, column, _CONTENT.get(role))),
            free[0] if free and role in _NEEDED and free[0] in whole else None,
        )
        if found is not None:
            out[role] = found
    if out.get("amount") == out.get("price") and "quantity" in out and "amount" in out:
        del out["amount"]
    return out


def could_be(table: Table, role: str, taken: Mapping[str, str]) -> list[str]:
    r"""Return the columns that could be a role as well as the one that is taken for it: their whole
    heading is one of its names, and their cells are what it needs; none for a known export.

    Args:
        table: a list of orders.
        role: what a column is sought for ("amount", "date", …).
        taken: the column of each role.

    Returns:
        Headings, in the order of the file.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> table = read_table(
    ...     b"order id,date,subtotal,order total,tax total\n"
    ...     b"1,2026-01-05,50,60,10\n2,2026-01-06,10,12,2\n",
    ...     "x.csv",
    ... )
    >>> recognise(table)["amount"], could_be(table, "amount", recognise(table))
    ('order total', ['subtotal'])
    """
    if export_of(table) is not None or role not in taken:
        return []
    names = {name.removeprefix("=") for name in _known()["columns"][role]}
    free = [
        column
        for column in table.columns
        if column not in taken.values() and plain(column) in names
    ]
    if plain(taken[role]) not in names:  # none is named so as a whole: those that hold a name
        ranked = by_name(table.columns, _known()["columns"], _known()["ignored"]["names"])[role]
        free = [one for one in ranked if one not in taken.values()] if taken[role] in ranked else []
    return [column for column in free if by_content(table, column, _CONTENT.get(role))]


def choices(
    table: Table, chosen: Mapping[str, str] | None = None, roles: Sequence[str] = ("date", "amount")
) -> list[Choice]:
    """Return where several columns could be a role of a list of orders.

    Args:
        table: the list.
        chosen: the user's columns by role, which come first.
        roles: the roles that are asked about.

    Returns:
        One for each such role, with its columns and whether one is clearly better.
    """
    return _choices(table, recognise(table) | dict(chosen or {}), roles)


def _choices(table: Table, taken: Mapping[str, str], roles: Sequence[str]) -> list[Choice]:
    taken = {role: column for role, column in taken.items() if column}
    found = (
        choice(
            table,
            role,
            Words(say("zh", f"customers.column_{role}"), say("en", f"customers.column_{role}")),
            kind,
            taken[role],
            could_be(table, role, taken),
            [one for one in (f'ltv --{role} "{{name}}"', _AS_HISTORY.get(role, "")) if one],
        )
        for role, kind in (("customer", TEXT), ("date", DATE), ("amount", NUMBER))
        if role in roles and role in taken
    )
    return [one for one in found if one is not None]


_AS_HISTORY = {"date": 'kpi --column "date={name}"', "amount": 'kpi --column "gmv={name}"'}


_NEEDED = (
    "date",
    "amount",
)  # a column that is named so and holds nothing of the kind is told of, rather than called missing
_CONTENT = {
    "date": is_date,
    "amount": is_number,
    "line": is_number,
    "price": is_number,
    "quantity": is_number,
    "refund": is_number,
    "cancelled": is_date,
}


def _repeats(table: Table, column: str) -> bool:
    """Say whether a column's values come back: a number that every row has for itself names rows,
    not customers.
    """
    return bool(table.cells[column].duplicated().any())


def are_orders(table: Table) -> bool:
    r"""Say whether a table lists orders, rather than sums of a period: it names them, and hardly
    two rows of a day have one number.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> are_orders(
    ...     read_table(b"Date,Order,Revenue\n2026-01-01,0101,60\n2026-01-02,0102,60\n", "x.csv")
    ... )
    True
    >>> are_orders(read_table(b"Date,Buyer,Amount\n2026-01-01,ann,60\n2026-01-02,bo,60\n", "x.csv"))
    True
    >>> are_orders(
    ...     read_table(b"Date,Orders,Revenue\n2026-01-01,10,60\n2026-01-02,12,60\n", "x.csv")
    ... )
    False
    """
    roles = recognise(table)
    if "date" not in roles or not ({"amount", "line", "price"} & roles.keys()):
        return False
    if "order" not in roles:
        buyers = (
            said(table.cells[roles["customer"]]).head(200)
            if "customer" in roles
            else pd.Series([], dtype=str)
        )
        return bool(len(buyers)) and not buyers.map(is_number).all()
    column = table.cells[roles["order"]]
    written = column[column != ""]
    decimals = any(has_decimals(cell) for cell in written.head(200))
    return len(written) > 0 and not decimals and bool(written.nunique() >= _IDS * _groups(written))


def _groups(column: pd.Series) -> int:
    """Return how many runs of equal cells a column has: the rows of one order stand together."""
    return int((column != column.shift()).sum())


def orders(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    repeated: bool | None = None,
    into: Into | None = None,
) -> Orders:
    r"""Return the orders that a table holds.

    Args:
        table: a list of orders, of their rows or of payments.
        chosen: the column of a role, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        repeated: whether an amount that stands on several rows of an order is the order's total
            (True) or each row's own (False); None leaves it to the file: rows' own totals where it
            has them, else whether nearly all orders of several rows repeat it.
        into: the currency to which its money is converted.

    Raises:
        InputError: where it holds no orders, a role could be several columns, or its money is in
            several currencies that are not to be converted.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> found = orders(
    ...     read_table(
    ...         b"order id,date,buyer,amount\n"
    ...         b"1,2026-01-05,ann,60\n1,2026-01-05,ann,60.00\n2,2026-01-06,bo,10\n",
    ...         "x.csv",
    ...     )
    ... )
    >>> found.frame["sold"].tolist(), found.rows
    ([60.0, 10.0], 3)
    """
    reading = _reading(table, chosen, day_first, decimal)
    _check(table, reading.roles)
    told_of_choices = asked(
        table, _choices(table, reading.roles, ("date", "amount")), (chosen or {}).keys()
    )
    roles, export = reading.roles, reading.export
    code = reading.currency() if into is None else ""
    rows = _rows(reading, [code] if code else list(reading.named()))
    rows["why"] = _why(table.cells, rows)
    counts = rows["why"] == ""
    rates = {} if into is None else _convert(reading, rows, counts, into)
    apart = (export is not None and export.adds) or bool(
        (rows["kind"] != "").any()
    )  # a ledger repeats nothing
    rows["value"], findings = _values(rows, counts, False if apart else repeated)
    frame, returns = _together(rows[counts], once=export is not None and "refund" in export.once)
    left = _left_out(rows)
    if frame.empty and returns.empty:
        raise _none_there(table, rows, left)
    findings += _unknown_states(reading, counts)
    if into is not None:
        code = into.code
        findings += _converted(rows[counts], frame, returns, rates, into)
    named = told_of_choices if export is None else told(export, reading.parts)
    return Orders(table.name, frame, returns, len(rows), left, roles, code, (*named, *findings))


def days(
    table: Table, chosen: Mapping[str, str] | None = None, *, day_first: bool | None = None
) -> pd.Series:
    """Return the day of each row of a list of orders, NaT where it says none.

    Args:
        table: the list.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.

    Raises:
        InputError: where no column holds dates, or one could be read in two ways.
    """
    reading = _reading(table, chosen, day_first, None)
    if reading.roles.get("date") not in table.columns:
        raise refuse(
            table.name, reading.roles.get("date"), "column_date", known=listed(table.columns)
        )
    return _days(reading)


def named_currencies(table: Table, chosen: Mapping[str, str] | None = None) -> tuple[str, ...]:
    r"""Return the currencies that the money of a list of orders is in, as ISO codes or signs,
    sorted.

    Args:
        table: headings and cells of a file.
        chosen: the user's columns by role, which come first; "" for none.

    Returns:
        ISO codes, and signs that several currencies share.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> named_currencies(
    ...     read_table(
    ...         b"order id,date,amount,currency\n1,2026-01-05,60,USD\n2,2026-01-06,10,EUR\n",
    ...         "x.csv",
    ...     )
    ... )
    ('EUR', 'USD')
    """
    return _reading(table, chosen, None, None).named()


@dataclass(frozen=True)
class _Reading:
    """What is read of a table: the column of each role, the columns that each figure is made of,
    the export that it is, and how dates and decimals are written.
    """

    table: Table
    roles: Mapping[str, str]
    parts: Mapping[str, tuple[Part, ...]]
    export: Export | None
    day_first: bool | None
    decimal: str | None
    own: Mapping[str, str]

    def kinds(self) -> pd.Series:
        """Return what each row is: "sale", "refund" or "other"; "" where every row is part of an
        order.
        """
        kinds = None if self.export is None else self.export.kinds(self.table)
        return pd.Series("", index=self.table.cells.index) if kinds is None else kinds

    @property
    def money_columns(self) -> list[str]:
        """The columns that hold money."""
        return list(
            dict.fromkeys(part.column for role in _MONEY for part in self.parts.get(role, ()))
        )

    def named(self) -> tuple[str, ...]:
        """Return the currencies that the file's money is in."""
        cells, column = self.table.cells[self.kinds() != OTHER], self.roles.get("currency")
        found = named_by(cells, self.money_columns, None if column is None else cells[column])
        if not found and column is not None:  # a ledger may name it on its first row only
            found = currencies((), said(self.table.cells[column].str.upper()))
        always = "" if found or self.export is None else self.export.currency(self.table)
        return (always,) if always else settled(found, self.table.columns)

    def currency(self) -> str:
        """Return the one currency that the file's money is in, "" where it names none; raises
        InputError where there are several: they do not add up.
        """
        found = self.named()
        if len(found) > 1:
            raise refuse(
                f"{self.table.name}: {self.roles.get('currency', self.money_columns[0])}",
                ", ".join(found),
                "several_currencies",
            )
        return found[0] if found else ""


_MONEY = ("amount", "line", "price", "refund")


def _reading(
    table: Table, chosen: Mapping[str, str] | None, day_first: bool | None, decimal: str | None
) -> _Reading:
    known = recognise(table)
    own = chosen_otherwise(chosen, known)
    roles = {role: column for role, column in (known | own).items() if column}
    export = export_of(table)
    return _Reading(
        table, roles, _parts(table, roles, export, own), export, day_first, decimal, own
    )


def _convert(
    reading: _Reading, rows: pd.DataFrame, counts: pd.Series, into: Into
) -> dict[str, Rate]:
    """Write the money of each row in one currency, and into `rows` which one it was (`code`);
    return the rates.

    A row that names no currency has that of its order.
    """
    table, column = reading.table, reading.roles.get("currency")
    cells = table.cells.where(rows["kind"] != OTHER, "")
    by_row = None if column is None else said(cells[column]).reindex(cells.index, fill_value="")
    always = "" if reading.export is None else reading.export.currency(table)
    codes = code_of_each(cells, reading.money_columns, by_row, into, table.name, always)
    codes = codes.where(
        codes != "", codes.where(codes != "").groupby(rows["group"]).transform("first").fillna("")
    )
    if not (codes != "").any():  # a ledger may name it on its first row only
        codes = codes.where(
            codes != "", next((one for one in reading.named() if may_mean(one) == [one]), "")
        )
    money = [role for role in _MONEY if role in reading.parts]
    needs = counts & (rows[money].fillna(0.0) != 0).any(axis=1)
    rate, rates = rates_by_row(codes, needs, into, table.name)
    of_order = codes[needs & (codes != "")].groupby(rows["group"])
    several = of_order.min() != of_order.max()
    if several.any():
        these = rows["group"] == several.index[several][0]
        named = ", ".join(sorted(codes[these & needs].unique()))
        raise refuse(
            f"{table.name}: {rows.loc[these, 'order'].iloc[0]}", named, "currencies_of_order"
        )
    rows[money] = rows[money].mul(rate, axis=0)
    rows["code"] = codes if len(rates) != 1 else next(iter(rates))
    return rates


def _converted(
    rows: pd.DataFrame,
    frame: pd.DataFrame,
    returns: pd.DataFrame,
    rates: Mapping[str, Rate],
    into: Into,
) -> list[Finding]:
    """Return what was converted: what orders came to, and what was paid back."""
    paid_back = pd.concat(
        [
            frame[["first", "back"]],
            returns[["first", "amount"]].set_axis(["first", "back"], axis="columns"),
        ],
        ignore_index=True,
    )
    sold = told_of_money(frame["sold"], frame["first"].map(rows["code"]), rates, into)
    return sold + told_of_money(
        paid_back["back"], paid_back["first"].map(rows["code"]), rates, into, "refunds"
    )


def _parts(
    table: Table, roles: Mapping[str, str], export: Export | None, own: Mapping[str, str]
) -> dict[str, tuple[Part, ...]]:
    """Return the columns that each figure is made of: one, unless the export makes it up of several
    and the user chose no other.
    """
    declared = {} if export is None else export.parts(table)
    return {
        role: declared[role] if role in declared and role not in own else (Part(column),)
        for role, column in roles.items()
    } | {role: parts for role, parts in declared.items() if role not in ROLES}


def _check(table: Table, roles: Mapping[str, str]) -> None:
    """Raise InputError where a column that was chosen is not there, or one that is needed is not
    known.
    """
    known = listed(table.columns)
    for column in roles.values():
        if column not in table.columns:
            raise refuse(table.name, column, "column_missing", known=known)
    if "date" not in roles:
        raise refuse(table.name, None, "column_date", known=known)
    if not ({"amount", "line"} & roles.keys()) and not {"price", "quantity"} <= roles.keys():
        raise refuse(table.name, None, "column_amount", known=known)


def _rows(reading: _Reading, named: Sequence[str]) -> pd.DataFrame:
    """Return each row's order, customer, day, state, kind and numbers; what a column does not say
    is "" or NaN.

    Rows of one order know the day, customer and state of the first that says it.
    """
    table, roles = reading.table, reading.roles
    cells, index = table.cells, table.cells.index
    out = pd.DataFrame(index=index)
    out["kind"] = reading.kinds()
    out["order"] = _numbers_of_orders(reading, out["kind"])
    out["customer"] = cells[roles["customer"]].str.lower() if "customer" in roles else ""
    out["day"] = _days(reading)
    money = {
        (role, place): part
        for role in _MONEY
        for place, part in enumerate(reading.parts.get(role, ()))
    }
    if money:
        columns = list(dict.fromkeys(part.column for part in money.values()))
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
        )
        for role in _MONEY:
            if role in reading.parts:
                out[role] = joined([(part, read.loc[part.column]) for part in reading.parts[role]])
    for role in ("quantity", "returned"):
        if role in reading.parts:
            column = reading.parts[role][0].column
            out[role] = amounts(
                cells[column],
                f"{table.name}: {column}",
                counts=True,
                numeric=table.numeric_of(column),
            )
    for role in (*_MONEY, "quantity", "returned"):
        out[role] = out.get(role, np.nan)
    _mark_signs(out, reading.export)
    out["refund"] = _with_units_back(out)
    out["state"] = _states(reading)
    known = (out["order"] != "") & ("order" in roles)
    numbered = pd.factorize(out["order"])[0]
    out["group"] = np.where(known, numbered, numbered.max(initial=0) + 1 + np.arange(len(out)))
    for column, nothing in (("day", None), ("customer", ""), ("state", "")):
        said_there = (out[column].notna() if nothing is None else out[column] != nothing) & (
            out["kind"] != OTHER
        )
        if (said_there | (out["kind"] == OTHER)).all():
            continue
        first = out[column].where(said_there).groupby(out["group"]).transform("first")
        out[column] = out[column].where(
            said_there | (out["kind"] == OTHER), first if nothing is None else first.fillna("")
        )
    return out


def _numbers_of_orders(reading: _Reading, kinds: pd.Series) -> pd.Series:
    """Return the number of each row's order: a refund that names the order that it takes back
    belongs to it.
    """
    cells, export = reading.table.cells, reading.export
    if "order" not in reading.roles:
        return pd.Series([f"#{int(row)}" for row in cells.index], index=cells.index)
    out = cells[reading.roles["order"]]
    if export is None:
        return out
    form = export.rows.get("order_form")
    if form and reading.roles["order"] == reading.parts["order"][0].column:
        out = order_numbers(out, form)
    of = export.cells(reading.table, "refund_order")
    return out if of is None else out.where((kinds != REFUND) | (of == ""), of)


def _mark_signs(rows: pd.DataFrame, export: Export | None) -> None:
    """Make amounts of refunds negative, and call sales below zero no sale where an export says that
    they are somebody else's.
    """
    for role in ("amount", "line"):
        rows[role] = rows[role].where(
            rows["kind"] != REFUND,
            (
                -rows[role].abs()
                if export is not None and not export.rows.get("signed")
                else rows[role]
            ),
        )
    if export is not None and export.rows.get("positive"):
        rows.loc[(rows["kind"] == SALE) & (rows["amount"] < 0), "kind"] = OTHER


def _with_units_back(rows: pd.DataFrame) -> pd.Series:
    """Return what was paid back on each row: what a column says, else the share of its units that
    went back.
    """
    own = rows["line"].where(
        rows["line"].notna(),
        (rows["price"] * rows["quantity"]).where(rows["price"].notna(), rows["amount"]),
    )
    share = (rows["returned"].clip(lower=0) / rows["quantity"].where(rows["quantity"] > 0)).clip(
        upper=1
    )
    return (
        rows["refund"]
        .where(rows["refund"].fillna(0) != 0, own * share.where(share > 0))
        .where(rows["returned"].notna(), rows["refund"])
    )


def _days(reading: _Reading) -> pd.Series:
    """Return each row's day; where the column of the date says nothing, the next one that is a date
    of the order does.
    """
    table, roles, export = reading.table, reading.roles, reading.export
    names = (
        {"date": _known()["columns"]["date"]}
        if export is None
        else {"date": [one for way in export.columns.get("date", ()) for _, one in way]}
    )
    others = [
        one
        for one in by_name(table.columns, names)["date"]
        if one != roles["date"] and one not in roles.values() and by_content(table, one, is_date)
    ]
    found = dated(
        table.cells[roles["date"]], f"{table.name}: {roles['date']}", reading.day_first, export
    )
    for column in others:
        empty = found.isna() & (table.cells[roles["date"]] == "")
        if not empty.any():
            break
        found = found.where(
            ~empty,
            dated(
                table.cells[column].where(empty, ""),
                f"{table.name}: {column}",
                reading.day_first,
                export,
            ),
        )
    return found


def _states(reading: _Reading) -> pd.Series:
    """Return what the states of each row say: one of the kinds of `order_columns.toml`, "" where
    they say nothing that is known.

    Of several on a row the one that weighs most.
    """
    cells, roles = reading.table.cells, reading.roles
    words, also = (
        ({}, ()) if reading.export is None else (reading.export.states, reading.export.also_state)
    )
    names = (*_STATES, "")
    found = np.full(len(cells), len(_STATES))
    columns = [
        column
        for column in cells.columns
        if column == roles.get("status") or plain(column) in also or _is_status(str(column), roles)
    ]
    for column in columns:
        codes, ways = pd.factorize(cells[column])
        found = np.minimum(
            found, np.array([names.index(state_of(way, words)) for way in ways], dtype=int)[codes]
        )
    if "cancelled" in roles:
        codes, ways = pd.factorize(cells[roles["cancelled"]])
        found = np.minimum(
            found,
            np.array([names.index("cancelled" if is_date(way) else "") for way in ways], dtype=int)[
                codes
            ],
        )
    return pd.Series(pd.array(names, dtype="str").take(found), index=cells.index)


def _is_status(column: str, roles: Mapping[str, str]) -> bool:
    return (
        "status" in roles
        and column not in roles.values()
        and plain(column) in (name.removeprefix("=") for name in _known()["columns"]["status"])
    )


def state_of(cell: str, own: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return what the state of an order says about its sale, "" where it is not known: "counted",
    "cancelled", "unpaid", "refunded", "partly" or "test".

    `own` are an export's own words, which come first.

    Args:
        cell: what the file says of the order.
        own: an export's own words by state, which come first.

    >>> (
    ...     state_of("Cancelled by buyer"),
    ...     state_of("partially_refunded"),
    ...     state_of("已完成"),
    ...     state_of("Shipped - Delivered to Buyer"),
    ...     state_of("blue"),
    ... )
    ('cancelled', 'partly', 'counted', 'counted', '')
    """
    text = " ".join(unicodedata.normalize("NFC", cell).lower().split())
    for states in (own or {}, _known()["states"]):
        fitting = [
            (len(word), kind)
            for kind, words in states.items()
            for word in words
            if text == word or re.match(rf"{re.escape(word)}(?![^\W_])", text)
        ]
        if fitting:
            return max(fitting)[1]
    return ""


def _why(cells: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return why each row is no part of a sale, "" where it is one."""
    number = rows[["amount", "line"]].notna().any(axis=1) | (
        rows["price"].notna() & rows["quantity"].notna()
    )
    counted_there = number.groupby(rows["group"]).transform("any")
    undated = rows["day"].isna()
    total = (
        cells[undated]
        .apply(lambda column: column.str.match(TOTAL))
        .any(axis=1)
        .reindex(cells.index, fill_value=False)
    )
    out = pd.Series("", index=rows.index)
    for reason, holds in (
        ("total", total),
        ("other", rows["kind"] == OTHER),
        *((state, rows["state"] == state) for state in ("test", "cancelled", "unpaid")),
        ("undated", undated),
        ("unreadable", ~counted_there),
        ("duplicate", _again(cells, rows)),
    ):
        out = out.where((out != "") | ~holds, reason)
    return out


# odd numbers by which figures are mixed into one; equal ones give equal mixes
_MIXED = tuple((0x9E3779B97F4A7C15 + 2 * 0x632BE59BD9B4E019 * place) % 2**64 for place in range(6))


def _again(cells: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return which rows are equal to an earlier one in every column; asked only of those that have
    its day and numbers, as comparing texts is slow.
    """
    mixed = np.zeros(len(rows), dtype=np.uint64)
    for place, name in enumerate(("day", "amount", "line", "price", "quantity", "refund")):
        bits = rows[name].to_numpy().view(np.uint64)
        mixed ^= (bits ^ (bits >> np.uint64(29))) * np.uint64(_MIXED[place])
    alike = pd.Series(mixed, index=rows.index).duplicated(keep=False)
    return cells[alike].duplicated().reindex(cells.index, fill_value=False)


def _values(
    rows: pd.DataFrame, counts: pd.Series, repeated: bool | None
) -> tuple[pd.Series, list[Finding]]:
    """Return what each row adds to its order, and how that was found: its own amount, quantity ×
    unit price, or the order's total on its first row.
    """
    own = rows["line"].where(rows["line"].notna(), rows["price"] * rows["quantity"])
    total = rows["amount"]
    if total.isna().all():
        findings = [] if rows["line"].notna().any() else [Finding("times")]
        return own, findings
    written = rows[counts & total.notna()]
    groups = written.groupby("group")["amount"]
    several = groups.size() > 1
    same = (groups.max() - groups.min()) < CENT
    if repeated is None:
        repeated = bool(several.any()) and _is_repeated(rows[counts], several, same)
    if not repeated:
        return total, []
    many = groups.transform("size") > 1
    again = written["group"].duplicated() & many & written["group"].map(same)
    value = total.mask(again.reindex(rows.index, fill_value=False), 0.0)
    saved = float(total[again.index[again]].sum())
    return value, [Finding("repeated", parts={"count": int(several.sum()), "value": saved})]


def _is_repeated(rows: pd.DataFrame, several: pd.Series, same: pd.Series) -> bool:
    """Say whether the amount on the rows of an order is its total: it is what the rows' own amounts
    come to, or, where there are none, nearly always one.
    """
    own = rows["line"].where(rows["line"].notna(), rows["price"] * rows["quantity"])
    sums = own.groupby(rows["group"]).sum(min_count=1)
    amount = rows["amount"].groupby(rows["group"])
    once, added = amount.first(), amount.sum()
    asked = several[several].index
    known = sums.reindex(asked).dropna()
    if len(known):
        near_once = (once.reindex(known.index) - known).abs() <= (
            added.reindex(known.index) - known
        ).abs()
        return bool(near_once.mean() > 0.5)
    return bool(same.reindex(asked).mean() >= _REPEATED)


def _together(rows: pd.DataFrame, *, once: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the orders, and what went back without an order of its own: rows below zero, and
    invoices that are numbered as returns.

    In a ledger a sale may be made of several rows, some below zero (a discount): they add up to
    what was sold, and refunds are what was paid back.
    """
    by = rows.groupby("group", sort=False)
    ledger = rows["kind"].isin((SALE, REFUND))
    plus = rows["value"].where(rows["kind"] == SALE, 0.0).where(ledger, rows["value"].clip(lower=0))
    minus = (
        (-rows["value"])
        .where(rows["kind"] == REFUND, 0.0)
        .where(ledger, (-rows["value"]).clip(lower=0))
    )
    first = ~rows["group"].duplicated()  # in the order of the groups
    buyer = _buyer(rows, first)
    bought = rows["day"].where(rows["kind"] != REFUND).groupby(rows["group"], sort=False).min()
    frame = pd.DataFrame(
        {
            "order": rows.loc[first, "order"].set_axis(rows.loc[first, "group"]),
            "customer": buyer,
            "day": bought.fillna(by["day"].min()),
            "units": by["quantity"].sum(min_count=1),
            "rows": by.size(),
            "first": pd.Series(rows.index[first], index=rows.loc[first, "group"]),
            "plus": plus.groupby(rows["group"], sort=False).sum(),
            "minus": minus.groupby(rows["group"], sort=False).sum(),
            "refund": _refund(rows, once=once),
            "state": rows.loc[first, "state"].set_axis(rows.loc[first, "group"]),
        }
    )
    alone = (frame["plus"] <= 0) & (frame["minus"] > 0)
    back = frame[alone]
    returns = pd.DataFrame(
        {
            "customer": back["customer"],
            "day": back["day"],
            "amount": back["minus"],
            "rows": back["rows"],
            "order": back["order"],
            "first": back["first"],
        }
    ).reset_index(drop=True)
    kept = frame[~alone]
    whole = (kept["state"] == "refunded") & ~(
        (kept["refund"] > 0) & (kept["refund"] < kept["plus"] - CENT)
    )
    went_back = np.where(
        whole, kept["plus"], np.minimum(kept["refund"] + kept["minus"], kept["plus"])
    )
    made = pd.DataFrame(
        {
            "order": kept["order"],
            "customer": kept["customer"],
            "day": kept["day"],
            "sold": kept["plus"],
            "back": went_back,
            "units": kept["units"],
            "minus": kept["minus"],
            "rows": kept["rows"],
            "first": kept["first"],
        }
    )
    return made.reset_index(drop=True), returns


def _buyer(rows: pd.DataFrame, first: pd.Series) -> pd.Series:
    """Return the customer of each order: of its rows that are no refund the first that names one,
    else of its first row.
    """
    head = rows.loc[first, "customer"].set_axis(rows.loc[first, "group"])
    asked = (head == "").to_numpy() | (rows.loc[first, "kind"] == REFUND).to_numpy()
    if not asked.any():
        return pd.Series(head)
    some = rows[rows["group"].isin(head.index[asked])]
    named = some["customer"].where((some["kind"] != REFUND) & (some["customer"] != ""))
    found = named.groupby(some["group"], sort=False).first().dropna()
    out: pd.Series = head.where(~head.index.isin(found.index), found.reindex(head.index))
    return out


def _refund(rows: pd.DataFrame, *, once: bool) -> pd.Series:
    """Return what each order's refund column comes to: once where its rows repeat it (`once`: the
    platform always does), else their sum.
    """
    amount = rows["refund"].abs()
    by = amount.groupby(rows["group"], sort=False)
    same = (by.max() - by.min()).fillna(0.0) < CENT
    total = rows["amount"].notna().groupby(rows["group"], sort=False).sum() > 1
    return by.max().fillna(0.0) if once else by.sum().where(~(same & total), by.max()).fillna(0.0)


def _left_out(rows: pd.DataFrame) -> tuple[OmittedRows, ...]:
    """Return what was left out, by reason."""
    out = []
    for reason in REASONS:
        these = rows["why"] == reason
        if these.any():
            found = rows[these]
            out.append(
                OmittedRows(
                    reason,
                    int(these.sum()),
                    int(found["group"].nunique()),
                    float(found["value"].sum()),
                    first_rows(these),
                )
            )
    return tuple(out)


def _unknown_states(reading: _Reading, counts: pd.Series) -> list[Finding]:
    """Return the states that are not known, whose orders are counted."""
    table, roles = reading.table, reading.roles
    if "status" not in roles:
        return []
    own = {} if reading.export is None else reading.export.states
    column = said(table.cells[roles["status"]])
    strange = [cell for cell in column.unique() if not state_of(cell, own)]
    rows = table.cells[roles["status"]].isin(strange) & counts
    return [
        Finding(one.kind, parts={**one.parts, "names": ", ".join(strange[:5])})
        for one in counted("states", rows)
    ]


def _none_there(table: Table, rows: pd.DataFrame, left: tuple[OmittedRows, ...]) -> Exception:
    by = {one.reason: one.rows for one in left}
    return refuse(
        table.name,
        None,
        "no_orders_there",
        rows=f"{len(rows):,}",
        **{reason: f"{by.get(reason, 0):,}" for reason in REASONS},
    )
