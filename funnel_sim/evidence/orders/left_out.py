"""Rows that are no part of a sale: why, and what their amounts come to."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.orders.groups import Groups
from funnel_sim.evidence.orders.rows import Rows
from funnel_sim.evidence.orders.states import STATES
from funnel_sim.evidence.tables.dates import NO_DAY
from funnel_sim.evidence.tables.exports import OTHER
from funnel_sim.evidence.tables.findings import first_rows
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.model.arrays import Array

REASONS = ("total", "other", "test", "cancelled", "unpaid", "undated", "unreadable", "duplicate")
"""Why rows are no part of a sale, in the order in which it is asked: a row is left out for the
first that holds.
"""
COUNTS = -1
"""Stands for no reason: the row is part of a sale."""
TOTAL = (
    r"(?i)(?:grand |sub)?totals?\b|sum(?:mary)?\b|gesamt|summe|insgesamt|合计|总计|汇总|小计|总和"
)
"""How a row that sums up others begins."""
_FEW = 8  # rows of one order up to which each is compared with all before it
# odd numbers by which figures are mixed into one; equal ones give equal mixes
_MIXED = tuple((0x9E3779B97F4A7C15 + 2 * 0x632BE59BD9B4E019 * place) % 2**64 for place in range(7))
_COMPARED = ("amount", "line", "price", "quantity", "refund")


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


def why(table: Table, rows: Rows, order: str | None) -> NDArray[Any]:
    """Return why each row is no part of a sale, as a place in `REASONS`; `COUNTS` where it is one.

    Args:
        table: a list of orders, as cells of text.
        rows: its rows, read.
        order: the column of the numbers of orders, None where there is none.

    Returns:
        Places in `REASONS`, shape (rows,).
    """
    number = np.zeros(len(rows), dtype=bool)
    for role in ("amount", "line"):
        if role in rows.numbers:
            number |= ~np.isnan(rows.numbers[role])
    if "price" in rows.numbers and "quantity" in rows.numbers:
        number |= ~np.isnan(rows.numbers["price"]) & ~np.isnan(rows.numbers["quantity"])
    undated = rows.day == NO_DAY
    holds = {
        "total": _sums_up(table.cells, undated),
        "other": rows.is_kind(OTHER) if rows.kind is not None else None,
        **{state: rows.state == STATES.index(state) for state in ("test", "cancelled", "unpaid")},
        "undated": undated,
        "unreadable": _without_number(rows, number),
        "duplicate": _again(table, rows, order),
    }
    out = np.full(len(rows), COUNTS, dtype=np.int8)
    for place in reversed(range(len(REASONS))):
        these = holds[REASONS[place]]
        if these is not None:
            out[these] = place
    return out


def _sums_up(cells: pd.DataFrame, undated: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return which of the rows without a day sum up others."""
    if not undated.any():
        return None
    out = np.zeros(len(undated), dtype=bool)
    out[undated] = cells[undated].apply(lambda column: column.str.match(TOTAL)).any(axis=1)
    return out


def _without_number(rows: Rows, number: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return the rows of orders of which no row says what it came to."""
    if number.all():
        return None
    groups = Groups(rows.group)
    return groups.by_row(~groups.any(number))


def _again(table: Table, rows: Rows, order: str | None) -> NDArray[np.bool_] | None:
    """Return which rows are equal to an earlier one in every column; asked only of those that have
    its order, day and numbers, as comparing texts is slow.
    """
    named = None if order is None else table.leaders(order)
    alike = _alike_beside(rows, named) if named is not None else None
    if alike is None:
        alike = _alike_anywhere(rows, named)
    if not alike.any():
        return None
    out = np.zeros(len(rows), dtype=bool)
    out[alike] = table.cells[alike].duplicated()
    return out


def _alike_beside(rows: Rows, named: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Return which rows have order, day and numbers of another; None where the rows of an order do
    not stand together, or are too many to compare each with each.
    """
    groups = Groups(named)
    most = int(groups.sizes.max(initial=0))
    if groups.order is not None or most > _FEW:
        return None
    out = np.zeros(len(rows), dtype=bool)
    for step in range(1, most):
        before = np.flatnonzero(named[step:] == named[:-step])
        for role in (*_COMPARED, "day"):
            if not len(before):
                break
            values = rows.day if role == "day" else rows.numbers.get(role)
            if values is not None:
                one, other = values[before], values[before + step]
                before = before[(one == other) | (np.isnan(one) & np.isnan(other))]
        out[before] = out[before + step] = True
    return out


def _alike_anywhere(rows: Rows, named: NDArray[Any] | None) -> NDArray[np.bool_]:
    """Return which rows have order, day and numbers of another, by numbers mixed of these."""
    mixed = np.zeros(len(rows), dtype=np.uint64)
    known = [rows.numbers.get(role) for role in _COMPARED]
    for place, values in enumerate([rows.day, named, *known]):
        if values is not None:
            bits = np.asarray(values, dtype=np.float64).view(np.uint64)
            mixed ^= (bits ^ (bits >> np.uint64(29))) * np.uint64(_MIXED[place])
    return np.asarray(pd.Series(mixed).duplicated(keep=False))


def left_out(rows: Rows, reasons: NDArray[Any], values: Array) -> tuple[OmittedRows, ...]:
    """Return what was left out, by reason.

    Args:
        rows: the rows of a table.
        reasons: why each is left out, as `why` says it, shape (rows,).
        values: what each adds to its order [the file's currency], shape (rows,).

    Returns:
        One entry a reason that occurs: rows, orders, the sum of their values, the first row
        numbers.
    """
    out = []
    for place, reason in enumerate(REASONS):
        these = np.flatnonzero(reasons == place)
        if len(these):
            out.append(
                OmittedRows(
                    reason,
                    len(these),
                    len(Groups(rows.group[these])),
                    float(pd.Series(values[these]).sum()),
                    first_rows(pd.Series(data=True, index=rows.labels[these])),
                )
            )
    return tuple(out)


def none_there(table: Table, rows: Rows, left: tuple[OmittedRows, ...]) -> InputError:
    """Return the refusal of a table of which no row is a sale.

    Args:
        table: what was read, named in the refusal.
        rows: its rows, which are counted in it.
        left: what was left out.
    """
    by = {one.reason: one.rows for one in left}
    return refuse(
        table.name,
        None,
        "no_orders_there",
        rows=f"{len(rows):,}",
        **{reason: f"{by.get(reason, 0):,}" for reason in REASONS},
    )
