"""Orders from an export: rows put together by order, each at what the shopper paid in the end; what is not counted is left out by name, with its amount.

A row is not an order: exports write one row an item, repeat the total of the order on each, or leave it out on all but the first. What an order came to is
its total where the file has one, else the sum of its rows (a row's total, or quantity × unit price). Orders that were cancelled or never paid are no sales; what went back is taken off.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.amounts import amounts, has_decimals, is_number
from funnel_sim.evidence.columns import by_content, by_name, said
from funnel_sim.evidence.dates import dates, is_date
from funnel_sim.evidence.findings import Finding, counted, first_rows
from funnel_sim.evidence.headings import currencies, plain
from funnel_sim.evidence.tables import Table, listed

ROLES = ("order", "customer", "date", "amount", "line", "price", "quantity", "refund", "status", "cancelled", "currency")
"""What a column of orders may hold."""
REASONS = ("total", "undated", "unreadable", "duplicate", "test", "cancelled", "unpaid")
"""Why rows are no part of a sale, in the order in which it is asked: a row is left out for the first that holds."""

_STATES = (
    "test",
    "cancelled",
    "unpaid",
    "refunded",
    "partly",
    "counted",
)  # what an order with several states counts as: the first that one of them says
_REPEATED = 0.9  # of the orders of several rows, from which their equal amounts are the order's total, repeated
_CENT = 0.005
TOTAL = r"(?i)(?:grand |sub)?totals?\b|sum(?:mary)?\b|gesamt|summe|insgesamt|合计|总计|汇总|小计|总和"
"""How a row that sums up others begins."""
_IDS = 0.5  # of the rows that have different numbers, from which a column of them can name orders


@dataclass(frozen=True)
class LeftOut:
    """Rows that are no part of a sale: why, how many rows and orders, what their amounts come to, and the first rows as a spreadsheet numbers them."""

    reason: str
    rows: int
    orders: int
    amount: float
    examples: tuple[int, ...]


@dataclass(frozen=True)
class Orders:
    """The orders of a file, one row each in `frame`.

    Its columns: `order` (its number), `customer` (lower case, "" where not known), `day`, `sold` (what was paid at first), `back` (what of it was paid
    back), `units` (NaN where not known), `rows` (of the file) and `first` (the number of its first one, as a spreadsheet counts − 2).

    `returns` are amounts that went back without an order of their own: customer, day and amount (positive). `rows` of the file = rows of orders + rows of returns + rows left
    out. `columns` names the column of each role that was used. `currency` is the only one that the file names, "" where it names none.
    """

    name: str
    frame: pd.DataFrame
    returns: pd.DataFrame
    rows: int
    left_out: tuple[LeftOut, ...]
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
    data: dict[str, dict[str, list[str]]] = tomllib.loads(resources.files("funnel_sim").joinpath("data", "order_columns.toml").read_text("utf-8"))
    return data


def recognise(table: Table) -> dict[str, str]:
    r"""Return the column of each role that headings and cells tell, its cells being what the role needs; roles not told are left out.

    >>> from funnel_sim.evidence.tables import read_table
    >>> recognise(read_table("订单号,买家昵称,付款时间,实付金额\nA1,小王,2026-01-05,12.50\n".encode(), "x.csv"))
    {'order': '订单号', 'customer': '买家昵称', 'date': '付款时间', 'amount': '实付金额'}
    """
    out: dict[str, str] = {}
    known = _known()
    ranked = by_name(table.columns, known["columns"], known["ignored"]["names"])
    whole = {
        column for column in table.columns if any(plain(column) in (name.removeprefix("=") for name in names) for names in known["columns"].values())
    }
    for role in ROLES:
        free = [
            column
            for column in ranked[role]
            if column not in out.values() and (role != "customer" or column.strip().lower() != "id" or _repeats(table, column))
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


_NEEDED = ("date", "amount")  # a column that is named so and holds nothing of the kind is told of, rather than called missing
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
    """Say whether a column's values come back: a number that every row has for itself names rows, not customers."""
    return bool(table.cells[column].duplicated().any())


def are_orders(table: Table) -> bool:
    r"""Say whether a table lists orders, rather than sums of a period: it names them, and hardly two rows of a day have one number.

    >>> from funnel_sim.evidence.tables import read_table
    >>> are_orders(read_table(b"Date,Order,Revenue\n2026-01-01,0101,60\n2026-01-02,0102,60\n", "x.csv"))
    True
    >>> are_orders(read_table(b"Date,Buyer,Amount\n2026-01-01,ann,60\n2026-01-02,bo,60\n", "x.csv"))
    True
    >>> are_orders(read_table(b"Date,Orders,Revenue\n2026-01-01,10,60\n2026-01-02,12,60\n", "x.csv"))
    False
    """
    roles = recognise(table)
    if "date" not in roles or not ({"amount", "line", "price"} & roles.keys()):
        return False
    if "order" not in roles:
        buyers = said(table.cells[roles["customer"]]).head(200) if "customer" in roles else pd.Series([], dtype=str)
        return bool(len(buyers)) and not buyers.map(is_number).all()
    column = table.cells[roles["order"]]
    written = column[column != ""]
    decimals = any(has_decimals(cell) for cell in written.head(200))
    return len(written) > 0 and not decimals and bool(written.nunique() >= _IDS * _groups(written))


def _groups(column: pd.Series) -> int:
    """Return how many runs of equal cells a column has: the rows of one order stand together."""
    return int((column != column.shift()).sum())


def orders(
    table: Table, chosen: Mapping[str, str] | None = None, *, day_first: bool | None = None, decimal: str | None = None, repeated: bool | None = None
) -> Orders:
    r"""Return the orders that a table holds; raises InputError where it holds none, or money of several currencies.

    `chosen` names the column of a role, "" for none; `day_first` and `decimal` as in `dates` and `amounts`. `repeated` says whether an amount that stands on several rows of an
    order is the order's total (True) or each row's own (False); left out, the file decides: rows' own totals where it has them, else whether nearly all orders of several rows repeat it.

    >>> from funnel_sim.evidence.tables import read_table
    >>> found = orders(read_table(b"order id,date,buyer,amount\n1,2026-01-05,ann,60\n1,2026-01-05,ann,60.00\n2,2026-01-06,bo,10\n", "x.csv"))
    >>> found.frame["sold"].tolist(), found.rows
    ([60.0, 10.0], 3)
    """
    roles = {role: column for role, column in (recognise(table) | dict(chosen or {})).items() if column}
    _check(table, roles)
    code = _currency(table, roles)
    rows = _rows(table, roles, day_first, decimal, code)
    rows["why"] = _why(table.cells, rows)
    counts = rows["why"] == ""
    rows["value"], findings = _values(rows, counts, repeated)
    frame, returns = _together(rows[counts])
    left = _left_out(rows)
    if frame.empty and returns.empty:
        raise _none_there(table, rows, left)
    findings += _unknown_states(table, roles, counts)
    return Orders(table.name, frame, returns, len(rows), left, roles, code, tuple(findings))


def _check(table: Table, roles: Mapping[str, str]) -> None:
    """Raise InputError where a column that was chosen is not there, or one that is needed is not known."""
    known = listed(table.columns)
    for column in roles.values():
        if column not in table.columns:
            raise refuse(table.name, column, "column_missing", known=known)
    if "date" not in roles:
        raise refuse(table.name, None, "column_date", known=known)
    if not ({"amount", "line"} & roles.keys()) and not {"price", "quantity"} <= roles.keys():
        raise refuse(table.name, None, "column_amount", known=known)


def _currency(table: Table, roles: Mapping[str, str]) -> str:
    """Return the one currency that the file's money is in, "" where it names none; raises InputError where there are several: they do not add up."""
    money = [roles[role] for role in ("amount", "line", "price", "refund") if role in roles]
    texts = [table.cells[column] for column in money]
    if "currency" in roles:
        texts.append(said(table.cells[roles["currency"]].str.upper()))
    found = currencies(money, pd.concat(texts))
    if len(found) > 1:
        where = f"{table.name}: {roles.get('currency', money[0])}"
        raise refuse(where, ", ".join(found), "several_currencies")
    return found[0] if found else ""


def _rows(table: Table, roles: Mapping[str, str], day_first: bool | None, decimal: str | None, code: str) -> pd.DataFrame:
    """Return each row's order, customer, day, state and numbers; what a column does not say is "" or NaN. Rows of one order know the day, customer and state of the first that says it."""
    cells, index = table.cells, table.cells.index
    out = pd.DataFrame(index=index)
    order = cells[roles["order"]] if "order" in roles else pd.Series([f"#{int(row)}" for row in index], index=index)
    out["order"] = order
    out["customer"] = cells[roles["customer"]].str.lower() if "customer" in roles else ""
    out["day"] = _days(table, roles, day_first)
    money = [role for role in ("amount", "line", "price", "refund") if role in roles]
    if money:
        pool = pd.concat({role: cells[roles[role]] for role in money})
        numeric = None if table.numeric is None else pd.concat({role: table.numeric[roles[role]] for role in money})
        read = amounts(pool, f"{table.name}: {', '.join(roles[role] for role in money)}", decimal, numeric=numeric, currencies=[code] if code else [])
        for role in money:
            out[role] = read.loc[role]
    if "quantity" in roles:
        out["quantity"] = amounts(
            cells[roles["quantity"]], f"{table.name}: {roles['quantity']}", counts=True, numeric=table.numeric_of(roles["quantity"])
        )
    for role in ("amount", "line", "price", "refund", "quantity"):
        out[role] = out.get(role, np.nan)
    out["state"] = _states(cells, roles)
    known = (out["order"] != "") & ("order" in roles)
    groups = out["order"].where(known, [f"\0{int(row)}" for row in index])
    out["group"] = pd.factorize(groups)[0]
    for column, nothing in (("day", None), ("customer", ""), ("state", "")):
        said_there = out[column].notna() if nothing is None else out[column] != nothing
        first = out[column].where(said_there).groupby(out["group"]).transform("first")
        out[column] = out[column].where(said_there, first if nothing is None else first.fillna(""))
    return out


def _days(table: Table, roles: Mapping[str, str], day_first: bool | None) -> pd.Series:
    """Return each row's day; where the column of the date says nothing, the next one that is a date of the order does."""
    others = [
        one
        for one in by_name(table.columns, {"date": _known()["columns"]["date"]})["date"]
        if one != roles["date"] and one not in roles.values() and by_content(table, one, is_date)
    ]
    found = dates(table.cells[roles["date"]], f"{table.name}: {roles['date']}", day_first=day_first)
    for column in others:
        empty = found.isna() & (table.cells[roles["date"]] == "")
        if not empty.any():
            break
        found = found.where(~empty, dates(table.cells[column].where(empty, ""), f"{table.name}: {column}", day_first=day_first))
    return found


def _states(cells: pd.DataFrame, roles: Mapping[str, str]) -> pd.Series:
    """Return what the states of each row say: one of the kinds of `order_columns.toml`, "" where they say nothing that is known."""
    out = pd.Series("", index=cells.index)
    columns = [column for column in cells.columns if column == roles.get("status") or _is_status(str(column), roles)]
    for column in columns:
        out = _first_said(out, cells[column].map({way: state_of(way) for way in cells[column].unique()}))
    if "cancelled" in roles:
        out = _first_said(out, pd.Series(np.where(cells[roles["cancelled"]].map(is_date), "cancelled", ""), index=cells.index))
    return out


def _is_status(column: str, roles: Mapping[str, str]) -> bool:
    return "status" in roles and column not in roles.values() and plain(column) in (name.removeprefix("=") for name in _known()["columns"]["status"])


def _first_said(one: pd.Series, other: pd.Series) -> pd.Series:
    """Return of two states of each row the one that weighs more."""
    rank = {state: place for place, state in enumerate(_STATES)} | {"": len(_STATES)}
    return one.where(one.map(rank) <= other.map(rank), other)


def state_of(cell: str) -> str:
    """Return what the state of an order says about its sale, "" where it is not known: "counted", "cancelled", "unpaid", "refunded", "partly" or "test".

    >>> state_of("Cancelled by buyer"), state_of("partially_refunded"), state_of("已完成"), state_of("Shipped - Delivered to Buyer"), state_of("blue")
    ('cancelled', 'partly', 'counted', 'counted', '')
    """
    text = " ".join(cell.lower().split())
    fitting = [
        (len(word), kind)
        for kind, words in _known()["states"].items()
        for word in words
        if text == word or re.match(rf"{re.escape(word)}(?![^\W_])", text)
    ]
    return max(fitting, default=(0, ""))[1]


def _why(cells: pd.DataFrame, rows: pd.DataFrame) -> pd.Series:
    """Return why each row is no part of a sale, "" where it is one."""
    number = rows[["amount", "line"]].notna().any(axis=1) | (rows["price"].notna() & rows["quantity"].notna())
    counted_there = number.groupby(rows["group"]).transform("any")
    undated = rows["day"].isna()
    total = cells[undated].apply(lambda column: column.str.match(TOTAL)).any(axis=1).reindex(cells.index, fill_value=False)
    out = pd.Series("", index=rows.index)
    for reason, holds in (
        ("total", total), ("undated", undated), ("unreadable", ~counted_there), ("duplicate", cells.duplicated()),
        *((state, rows["state"] == state) for state in ("test", "cancelled", "unpaid")),
    ):  # fmt: skip
        out = out.where((out != "") | ~holds, reason)
    return out


def _values(rows: pd.DataFrame, counts: pd.Series, repeated: bool | None) -> tuple[pd.Series, list[Finding]]:
    """Return what each row adds to its order, and how that was found: its own amount, quantity × unit price, or the order's total on its first row."""
    own = rows["line"].where(rows["line"].notna(), rows["price"] * rows["quantity"])
    total = rows["amount"]
    if total.isna().all():
        findings = [] if rows["line"].notna().any() else [Finding("times")]
        return own, findings
    written = rows[counts & total.notna()]
    groups = written.groupby("group")["amount"]
    several = groups.size() > 1
    same = (groups.max() - groups.min()) < _CENT
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
    """Say whether the amount on the rows of an order is its total: it is what the rows' own amounts come to, or, where there are none, nearly always one."""
    own = rows["line"].where(rows["line"].notna(), rows["price"] * rows["quantity"])
    sums = own.groupby(rows["group"]).sum(min_count=1)
    amount = rows["amount"].groupby(rows["group"])
    once, added = amount.first(), amount.sum()
    asked = several[several].index
    known = sums.reindex(asked).dropna()
    if len(known):
        near_once = (once.reindex(known.index) - known).abs() <= (added.reindex(known.index) - known).abs()
        return bool(near_once.mean() > 0.5)  # noqa: PLR2004 - most
    return bool(same.reindex(asked).mean() >= _REPEATED)


def _together(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the orders, and what went back without an order of its own: rows below zero, and invoices that are numbered as returns."""
    by = rows.groupby("group", sort=False)
    frame = pd.DataFrame({
        "order": by["order"].first(), "customer": by["customer"].first(), "day": by["day"].first(), "units": by["quantity"].sum(min_count=1),
        "rows": by.size(), "first": rows.index.to_series().groupby(rows["group"], sort=False).first(),
        "plus": rows["value"].clip(lower=0).groupby(rows["group"], sort=False).sum(), "minus": -rows["value"].clip(upper=0).groupby(rows["group"], sort=False).sum(),
        "refund": _refund(rows), "state": by["state"].first(),
    })  # fmt: skip
    alone = (frame["plus"] <= 0) & (frame["minus"] > 0)
    back = frame[alone]
    returns = pd.DataFrame(
        {"customer": back["customer"], "day": back["day"], "amount": back["minus"], "rows": back["rows"], "order": back["order"]}
    ).reset_index(drop=True)
    kept = frame[~alone]
    whole = (kept["state"] == "refunded") & ~((kept["refund"] > 0) & (kept["refund"] < kept["plus"] - _CENT))
    went_back = np.where(whole, kept["plus"], np.minimum(kept["refund"] + kept["minus"], kept["plus"]))
    made = pd.DataFrame({
        "order": kept["order"], "customer": kept["customer"], "day": kept["day"], "sold": kept["plus"], "back": went_back,
        "units": kept["units"], "rows": kept["rows"], "first": kept["first"],
    })  # fmt: skip
    return made.reset_index(drop=True), returns


def _refund(rows: pd.DataFrame) -> pd.Series:
    """Return what each order's refund column comes to: once where its rows repeat it, else their sum."""
    amount = rows["refund"].abs()
    by = amount.groupby(rows["group"], sort=False)
    same = (by.max() - by.min()).fillna(0.0) < _CENT
    total = rows["amount"].notna().groupby(rows["group"], sort=False).sum() > 1
    return by.sum().where(~(same & total), by.max()).fillna(0.0)


def _left_out(rows: pd.DataFrame) -> tuple[LeftOut, ...]:
    """Return what was left out, by reason."""
    out = []
    for reason in REASONS:
        these = rows["why"] == reason
        if these.any():
            found = rows[these]
            out.append(LeftOut(reason, int(these.sum()), int(found["group"].nunique()), float(found["value"].sum()), first_rows(these)))
    return tuple(out)


def _unknown_states(table: Table, roles: Mapping[str, str], counts: pd.Series) -> list[Finding]:
    """Return the states that are not known, whose orders are counted."""
    if "status" not in roles:
        return []
    column = said(table.cells[roles["status"]])
    strange = [cell for cell in column.unique() if not state_of(cell)]
    rows = table.cells[roles["status"]].isin(strange) & counts
    return [Finding(one.kind, parts={**one.parts, "names": ", ".join(strange[:5])}) for one in counted("states", rows)]


def _none_there(table: Table, rows: pd.DataFrame, left: tuple[LeftOut, ...]) -> Exception:
    by = {one.reason: one.rows for one in left}
    return refuse(table.name, None, "no_orders_there", rows=f"{len(rows):,}", **{reason: f"{by.get(reason, 0):,}" for reason in REASONS})
