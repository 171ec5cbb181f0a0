"""Rows put together by order: what each row adds, what an order was sold at, what of it went back.

In a ledger a sale may be made of several rows, some below zero (a discount): they add up to what
was sold, and refunds are what was paid back.
"""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.evidence.orders.groups import Groups
from funnel_sim.evidence.orders.rows import Rows
from funnel_sim.evidence.orders.states import STATES
from funnel_sim.evidence.tables.cells import series_of
from funnel_sim.evidence.tables.dates import NO_DAY
from funnel_sim.evidence.tables.exports import REFUND, SALE
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.model.arrays import Array
from funnel_sim.reference.reading import share

CENT = 0.005
"""Amounts that differ by less are one amount: half of the smallest coin of most currencies."""
_REPEATED = share(
    "total_repeated"
)  # of the orders of several rows, from which their equal amounts are the order's total, repeated
_NEVER = np.iinfo(np.int32).max


def values_of(
    rows: Rows, counts: NDArray[np.bool_], repeated: bool | None
) -> tuple[Array, list[Finding]]:
    """Return what each row adds to its order, and how that was found: its own amount, quantity ×
    unit price, or the order's total on its first row.

    Args:
        rows: the rows of a table.
        counts: which are part of a sale, shape (rows,).
        repeated: whether an amount on several rows of an order is its total; None leaves it to the
            file.

    Returns:
        The values [the file's currency], shape (rows,), NaN where a row says none; and what is to
        be told of how they were found.
    """
    total = rows.numbers.get("amount")
    if total is None or np.isnan(total).all():
        line = rows.numbers.get("line")
        said = line is not None and not np.isnan(line).all()
        return rows.own(), [] if said else [Finding("times")]
    written = np.flatnonzero(counts & ~np.isnan(total))
    groups = Groups(rows.group[written])
    several = groups.sizes > 1
    amounts = total[written]
    same = (groups.max(amounts) - groups.min(amounts)) < CENT
    if repeated is None:
        repeated = bool(several.any()) and _is_repeated(rows, counts, groups, amounts, same)
    if not repeated:
        return total, []
    first = np.zeros(len(written), dtype=bool)
    first[groups.first] = True
    again = written[~first & groups.by_row(same)]
    value = total.copy()
    value[again] = 0.0
    saved = float(pd.Series(total[again]).sum())
    return value, [Finding("repeated", parts={"count": int(several.sum()), "value": saved})]


def _is_repeated(
    rows: Rows,
    counts: NDArray[np.bool_],
    groups: Groups,
    amounts: Array,
    same: NDArray[np.bool_],
) -> bool:
    """Say whether the amount on the rows of an order is its total: it is what the rows' own amounts
    come to, or, where there are none, nearly always one.
    """
    several = groups.sizes > 1
    own = rows.own()
    if not np.isnan(own).all():
        counted = np.flatnonzero(counts)
        every = Groups(rows.group[counted])
        place = np.zeros(len(rows), dtype=np.int64)
        place[every.keys] = np.arange(len(every))
        sums = every.sum(own[counted], 1)[place[groups.keys]]
        known = several & ~np.isnan(sums)
        if known.any():
            once, added = amounts[groups.first], groups.sum(amounts)
            near_once = np.abs(once - sums) <= np.abs(added - sums)
            return bool(near_once[known].mean() > 0.5)
    return bool(same[several].mean() >= _REPEATED)


def together(
    rows: Rows, counts: NDArray[np.bool_], values: Array, *, once: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the orders, and what went back without an order of its own: rows below zero, and
    invoices that are numbered as returns.

    Args:
        rows: the rows of a table.
        counts: which are part of a sale, shape (rows,).
        values: what each adds to its order [the file's currency], shape (rows,).
        once: whether the platform repeats a refund on each row of its order.

    Returns:
        Two tables: one row an order, and one row a return that belongs to no order.
    """
    some = None if counts.all() else np.flatnonzero(counts)

    def of(what: NDArray[Any]) -> NDArray[Any]:
        return what if some is None else what[some]

    groups = Groups(of(rows.group))
    value = of(values)
    kind = None if rows.kind is None else rows
    sale, back = (
        (None, None) if kind is None else (of(rows.is_kind(SALE)), of(rows.is_kind(REFUND)))
    )
    plus, minus = groups.sum(_plus(value, sale, back)), groups.sum(_minus(value, sale, back))
    first = groups.first if some is None else some[groups.first]
    state = rows.state[first]
    refund = _refund(rows, some, groups, once=once)
    day, size = _days(of(rows.day), back, groups), groups.sizes
    quantity = rows.numbers.get("quantity")
    units = np.full(len(groups), np.nan) if quantity is None else groups.sum(of(quantity), 1)
    units = np.maximum(units, 0.0)  # what only came back was sold by no order of this list
    buyer = _buyers(rows, some, groups, back)
    alone = (plus <= 0) & (minus > 0)
    kept = slice(None) if not alone.any() else np.flatnonzero(~alone)
    sold, refund = plus[kept], refund[kept]
    whole = (state[kept] == STATES.index("refunded")) & ~((refund > 0) & (refund < sold - CENT))
    went_back = np.where(whole, sold, np.minimum(refund + minus[kept], sold))
    orders = pd.DataFrame(
        {
            "order": series_of(rows.orders_named(first[kept])),
            "customer": series_of(rows.customers(buyer[kept])),
            "day": day[kept],
            "sold": sold,
            "back": went_back,
            "units": units[kept],
            "minus": minus[kept],
            "rows": size[kept],
            "first": rows.labels[first[kept]],
        },
        copy=False,
    )
    gone = np.flatnonzero(alone)
    returns = pd.DataFrame(
        {
            "customer": series_of(rows.customers(buyer[gone])),
            "day": day[gone],
            "amount": minus[gone],
            "rows": size[gone],
            "order": series_of(rows.orders_named(first[gone])),
            "first": rows.labels[first[gone]],
        }
    )
    return orders, returns


def _plus(value: Array, sale: NDArray[np.bool_] | None, back: NDArray[np.bool_] | None) -> Array:
    """Return what each row adds to what was sold: of a ledger its sales, whatever their sign, else
    what is above zero.
    """
    above = np.maximum(value, 0.0) if (value < 0).any() else value
    if sale is None or back is None:
        return above
    return np.where(sale, value, np.where(back, 0.0, above))


def _minus(value: Array, sale: NDArray[np.bool_] | None, back: NDArray[np.bool_] | None) -> Array:
    """Return what each row takes off: of a ledger its refunds, else what is below zero."""
    below = np.maximum(-value, 0.0) if (value < 0).any() else np.zeros(len(value))
    if sale is None or back is None:
        return below
    return np.where(back, -value, np.where(sale, 0.0, below))


def _days(
    day: NDArray[Any], back: NDArray[np.bool_] | None, groups: Groups
) -> NDArray[np.datetime64]:
    """Return the first day of each order, of its rows that are no refund where one has a day."""
    known = np.where(day == NO_DAY, _NEVER, day) if (day == NO_DAY).any() else day
    first = groups.min(known)
    if back is not None and back.any():
        bought = groups.min(np.where(back, _NEVER, known))
        first = np.where(bought == _NEVER, first, bought)
    days = np.asarray(first).astype("datetime64[D]")
    days[first == _NEVER] = np.datetime64("NaT")
    return days.astype("datetime64[ns]")


def _buyers(
    rows: Rows, some: NDArray[Any] | None, groups: Groups, back: NDArray[np.bool_] | None
) -> NDArray[Any]:
    """Return the row whose customer is that of each order: of its rows that are no refund the first
    that names one, else its first row.
    """
    places = groups.first if some is None else some[groups.first]
    if rows.customer is None:
        return places
    names = rows.has_customer()
    asked = ~names[places]
    if back is not None:
        asked |= back[groups.first]
    if not asked.any():
        return places
    named = names if some is None else names[some]
    found = groups.first_of(named if back is None else named & ~back)
    there = asked & (found >= 0)
    return np.where(there, found if some is None else some[np.maximum(found, 0)], places)


def _refund(rows: Rows, some: NDArray[Any] | None, groups: Groups, *, once: bool) -> Array:
    """Return what each order's refund column comes to: once where its rows repeat it (`once`: the
    platform always does), else their sum.
    """
    if "refund" not in rows.numbers:
        return np.zeros(len(groups))
    amount = np.abs(rows.numbers["refund"] if some is None else rows.numbers["refund"][some])
    most = groups.max(amount)
    if once:
        return np.asarray(np.nan_to_num(most))
    same = np.nan_to_num(most - groups.min(amount)) < CENT
    total = rows.number("amount") if some is None else rows.number("amount")[some]
    repeated = same & (groups.count(~np.isnan(total)) > 1)
    return np.asarray(np.nan_to_num(np.where(repeated, most, groups.sum(amount))))
