"""Known files: exports as platforms write them, recognised by their headings; which column is
which, which rows are sales, how dates are written.

The facts stand in data/exports.toml, each export with its source. What it declares comes before
what a heading's name tells; what the user chooses comes before both.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import InputError
from funnel_sim.evidence.tables.dates import as_dates, days_since
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import currencies, plain
from funnel_sim.evidence.tables.progress import Progress
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.stored import read_data
from funnel_sim.words import Words

KINDS = ("orders", "payouts", "months", "ads", "visits", "items")
"""What a known file holds: orders, a ledger with sales in it, figures by period, ads, visits, or
figures an item without any date.
"""
SALE, REFUND, OTHER = "sale", "refund", "other"


@dataclass(frozen=True)
class Part:
    """One column that a figure is made of: `how` is "" for as it stands, "~" for taken off as it
    stands, "-" for taken off and "+" for added, whatever its sign.
    """

    column: str
    how: str = ""


@dataclass(frozen=True)
class Export:
    """One declared export: its name, what it holds, and what is known of its columns and rows.

    `columns`: role → alternatives, the first of which all headings are there is taken. `rows` says
    which rows of a ledger are sales. `states` are words for the state of an order. `day_first` is
    the order of day and month that holds where the cells leave it open, None where the platform has
    no single one. `lacks` is what such files do not say. `after_refunds` are headings of sales from
    which refunds are taken off, `with_tax` those of amounts that hold tax, `never` those that the
    platform does not write. `by_name`: roles that are not declared are
    told by their headings' names. `adds`: rows of an order with the same amount are different
    payments.
    """

    id: str
    name: Words
    kind: str
    known_by: tuple[frozenset[str], ...]
    columns: Mapping[str, tuple[tuple[tuple[str, str], ...], ...]]
    source: str
    read: dt.date
    open: str = ""
    above: str = ""
    rows: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also_state: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    after_refunds: tuple[str, ...] = ()
    with_tax: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    day_first: bool | None = None
    currency_above: bool = False
    currency_is: str = ""
    by_name: bool = False
    adds: bool = False

    @property
    def is_list(self) -> bool:
        """Whether the file lists orders or what was paid for them, rather than figures of
        periods.
        """
        return self.kind in ("orders", "payouts")

    def parts(self, table: Table) -> dict[str, tuple[Part, ...]]:
        """Return the columns of a table that each role is made of."""
        there = _headings(table)
        found = {}
        for role, ways in self.columns.items():
            way = next((way for way in ways if all(heading in there for _, heading in way)), None)
            if way is not None:
                found[role] = tuple(Part(there[heading], how) for how, heading in way)
        return found

    def has_money(self, table: Table) -> bool:
        """Say whether a table has the columns in which a declared list holds its amounts."""
        if not self.is_list or not self.columns or self.by_name:
            return True
        there = self.parts(table).keys()
        return bool({"amount", "line"} & there) or {"price", "quantity"} <= there

    def cells(self, table: Table, name: str) -> pd.Series | None:
        """Return a column of the rows' description (`column`, `refund_order`), None where the table
        has none.

        Args:
            table: headings and cells of a file.
            name: `column`, `refund_order`, … of the export's declaration.
        """
        there = _headings(table)
        heading = next((one for one in self.rows.get(name, ()) if one in there), None)
        return None if heading is None else table.cells[there[heading]]

    def kinds(self, table: Table) -> pd.Series | None:
        """Return what each row of a ledger is, "sale", "refund" or "other"; None where every row is
        part of an order.
        """
        column = self.cells(table, "column")
        if column is None:
            return None
        known = dict.fromkeys(self.rows.get(SALE, ()), SALE) | dict.fromkeys(
            self.rows.get(REFUND, ()), REFUND
        )
        out: pd.Series = column.map(
            {way: known.get(" ".join(way.lower().split()), OTHER) for way in column.unique()}
        )
        there = _headings(table)
        for heading, counted in self.rows.get("also", {}).items():
            if heading in there:
                cells = table.cells[there[heading]]
                counts = cells.map({way: way.lower() in counted for way in cells.unique()})
                out = out.where(counts, OTHER)
        return out

    def currency(self, table: Table) -> str:
        """Return the currency that the platform always writes, or that the lines above the headings
        name; "" where they name none or several.
        """
        if self.currency_is:
            return self.currency_is
        found = currencies(table.above, pd.Series([], dtype=str)) if self.currency_above else ()
        return found[0] if len(found) == 1 else ""


def recognise(table: Table) -> Export | None:
    r"""Return the export that a table is, the one of which most headings are met; None where it is
    none.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> recognise(read_table(b"Day,Sessions\n2026-01-01,5\n", "x.csv")).name.en
    'Shopify sessions over time'
    >>> recognise(read_table(b"a,b\n1,2\n", "x.csv")) is None
    True
    """
    there = set(_headings(table))
    above = "\n".join(table.above).lower()
    best: tuple[tuple[int, int], Export] | None = None
    for export in every():
        if (export.above and export.above not in above) or there & set(export.never):
            continue
        met = max((len(one) for one in export.known_by if one <= there), default=0)
        if met and not export.has_money(table):
            continue  # its headings changed, or a part of it: read by names, as any other file
        weight = (bool(export.above), met)
        if met and (best is None or weight > best[0]):
            best = weight, export
    return None if best is None else best[1]


@cache
def every() -> tuple[Export, ...]:
    """Return every declared export.

    >>> {one.kind for one in every()} <= set(KINDS)
    True
    """
    data = tomllib.loads(read_data("exports.toml"))["exports"]
    return tuple(_export(key, dict(one)) for key, one in data.items())


def _export(key: str, one: dict[str, Any]) -> Export:
    name = Words(zh=one.pop("zh"), en=one.pop("en"))
    columns = {
        role: tuple(_way(way) for way in ways) for role, ways in one.pop("columns", {}).items()
    }
    plural = ("once", "lacks", "after_refunds", "with_tax", "never")
    lists = {role: tuple(one.pop(role, ())) for role in plural}
    return Export(
        key,
        name,
        known_by=tuple(frozenset(plain(name) for name in some) for some in one.pop("known_by")),
        columns=columns,
        also_state=tuple(one.pop("also_state", {}).get("columns", ())),
        states={kind: tuple(words) for kind, words in one.pop("states", {}).items()},
        once=lists["once"],
        lacks=lists["lacks"],
        after_refunds=lists["after_refunds"],
        with_tax=lists["with_tax"],
        never=lists["never"],
        **one,
    )


def _way(way: str | list[str]) -> tuple[tuple[str, str], ...]:
    names = [way] if isinstance(way, str) else way
    return tuple(
        (name[0], plain(name[1:])) if name[0] in "+-~" else ("", plain(name)) for name in names
    )


def _headings(table: Table) -> dict[str, str]:
    """Return the table's columns by their headings as exports.toml writes them; of equal ones the
    first.
    """
    out: dict[str, str] = {}
    for column in table.columns:
        out.setdefault(plain(column), column)
    return out


def chosen_otherwise(chosen: Mapping[str, str] | None, known: Mapping[str, str]) -> dict[str, str]:
    """Return those choices of columns that differ from what was recognised: the others chose
    nothing.

    Args:
        chosen: the user's columns by role, which come first; "" for none.
        known: the columns that were recognised, by role.

    Returns:
        The column by role.

    >>> chosen_otherwise({"date": "Day", "gmv": ""}, {"date": "Day", "gmv": "Total"})
    {'gmv': ''}
    """
    return {
        role: column for role, column in (chosen or {}).items() if known.get(role, "") != column
    }


def dated(column: pd.Series, name: str, day_first: bool | None, export: Export | None) -> pd.Series:
    """Return dates of a column, as `dates.dates`; where its cells leave open whether the day comes
    first, the export says it.

    Args:
        column: the cells of one column, as text.
        name: what the file, or the column in it, is called where it is refused.
        day_first: whether the day comes before the month; None leaves it to the cells.
        export: the known export that the file is; None where it is none.
    """
    return pd.Series(as_dates(days_dated(column, name, day_first, export)), index=column.index)


def days_dated(
    column: pd.Series,
    name: str,
    day_first: bool | None,
    export: Export | None,
    progress: Progress | None = None,
) -> NDArray[np.int32]:
    """Return dates of a column as days since 1970, as `dates.days_since`; where its cells leave
    open whether the day comes first, the export says it.

    Args:
        column: the cells.
        name: what the column is called in a refusal.
        day_first: whether the day comes first; None leaves it to the column.
        export: what the file is, None for a file that is not known.
        progress: is told the share that is read.

    Returns:
        Days since 1970-01-01, shape (cells,).

    Raises:
        InputError: where day or month could come first and no export says it.
    """
    try:
        return days_since(column, name, day_first=day_first, progress=progress)
    except InputError:
        if day_first is not None or export is None or export.day_first is None:
            raise
        return days_since(column, name, day_first=export.day_first, progress=progress)


def told(export: Export, parts: Mapping[str, tuple[Part, ...]]) -> list[Finding]:
    """Return the findings that name an export, say how its money is read, and what it does not say.

    Args:
        export: the known export that the file is; None where it is none.
        parts: the columns that each figure is made of.

    Returns:
        The export's name first.
    """
    role = next((one for one in ("amount", "line", "price", "gmv", "ad_spend") if one in parts), "")
    out = [Finding("export", parts={"name": export.name})]
    if role:
        out.append(
            Finding(
                "export_money",
                parts={"role": role, "columns": formula(parts[role])},
                role="" if role in ("amount", "line", "price") else role,
            )
        )
    if role and plain(parts[role][0].column) in export.with_tax and len(parts[role]) == 1:
        out.append(Finding("holds_tax", parts={"column": parts[role][0].column}))
    return out + [
        Finding(f"lacks_{one}")
        for one in export.lacks
        if one not in ("customers",) or "customer" not in parts
    ]


def formula(parts: tuple[Part, ...]) -> str:
    """Return how columns make up a figure, as a formula of their headings.

    >>> formula((Part("Item Total"), Part("Discount Amount", "-")))
    'Item Total − Discount Amount'
    """
    first, *rest = parts
    return first.column + "".join(
        f" {'−' if one.how in ('-', '~') else '+'} {one.column}" for one in rest
    )


def joined(values: list[tuple[Part, pd.Series]]) -> pd.Series:
    """Return the sum of the columns that make up a figure; NaN where the first one is.

    >>> joined(
    ...     [(Part("a"), pd.Series([10.0, None])), (Part("b", "-"), pd.Series([-2.0, 1.0]))]
    ... ).tolist()
    [8.0, nan]
    """
    out: pd.Series = values[0][1].copy()
    for part, value in values[1:]:
        known = value.fillna(0.0)
        match part.how:
            case "-":
                out = out - known.abs()
            case "~":
                out = out - known
            case "+":
                out = out + known.abs()
            case _:
                out = out + known
    return out


def order_numbers(cells: pd.Series, form: str) -> pd.Series:
    r"""Return the order numbers that texts hold, "" where they hold none.

    Args:
        cells: texts that name an order among other words.
        form: a regular expression whose group is the number.

    >>> order_numbers(pd.Series(["Payment for Order #9001", "Listing fee"]), r"#(\d+)").tolist()
    ['9001', '']
    """
    return cells.map(lambda cell: found[1] if (found := re.search(form, cell)) else "")
