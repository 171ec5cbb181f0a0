"""Orders from an export: rows put together by order, each at what the shopper paid in the end; what
is not counted is left out by name, with its amount.

A row is not an order: exports write one row an item, repeat the total of the order on each, or
leave it out on all but the first. What an order came to is its total where the file has one, else
the sum of its rows (a row's total, or quantity × unit price). Orders that were cancelled or never
paid are no sales; what went back is taken off.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.conversion import convert, converted
from funnel_sim.evidence.orders.left_out import (
    COUNTS,
    REASONS,
    TOTAL,
    OmittedRows,
    left_out,
    none_there,
    why,
)
from funnel_sim.evidence.orders.put_together import CENT, together, values_of
from funnel_sim.evidence.orders.reading import Reading, check, reading_of
from funnel_sim.evidence.orders.roles import (
    ROLES,
    are_orders,
    choices,
    choices_of,
    could_be,
    recognise,
)
from funnel_sim.evidence.orders.rows import Rows, days_of, rows_of
from funnel_sim.evidence.orders.states import state_of
from funnel_sim.evidence.tables.cells import release
from funnel_sim.evidence.tables.choices import asked
from funnel_sim.evidence.tables.dates import as_dates
from funnel_sim.evidence.tables.exports import told
from funnel_sim.evidence.tables.findings import Finding, counted
from funnel_sim.evidence.tables.money import Into
from funnel_sim.evidence.tables.progress import Progress, part, tell
from funnel_sim.evidence.tables.tables import Table, listed

__all__ = [
    "CENT",
    "REASONS",
    "ROLES",
    "TOTAL",
    "OmittedRows",
    "Orders",
    "are_orders",
    "choices",
    "could_be",
    "days",
    "named_currencies",
    "orders",
    "recognise",
    "state_of",
]


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


def orders(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    repeated: bool | None = None,
    into: Into | None = None,
    progress: Progress | None = None,
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
        progress: is told the share that is done, from 0 to 1; what it raises ends the work.

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
    tell(progress, 0.0)
    reading = reading_of(table, chosen, day_first, decimal)
    check(reading)
    told_of_choices = asked(
        table, choices_of(table, reading.roles, ("date", "amount")), (chosen or {}).keys()
    )
    export = reading.export
    code = reading.currency() if into is None else ""
    tell(progress, 0.1)
    rows = rows_of(reading, [code] if code else list(reading.named()), part(progress, 0.1, 0.7))
    release()
    reasons = why(table, rows, reading.roles.get("order"))
    counts = reasons == COUNTS
    tell(progress, 0.8)
    rates, codes = ({}, None) if into is None else convert(reading, rows, counts, into)
    apart = (
        export is not None and export.adds
    ) or rows.kind is not None  # a ledger repeats nothing
    value, findings = values_of(rows, counts, False if apart else repeated)
    tell(progress, 0.85)
    frame, returns = together(
        rows, counts, value, once=export is not None and "refund" in export.once
    )
    tell(progress, 0.95)
    release()
    left = left_out(rows, reasons, value)
    if frame.empty and returns.empty:
        raise none_there(table, rows, left)
    findings += _unknown_states(reading, rows, counts)
    if into is not None and codes is not None:
        code = into.code
        findings += converted(codes, frame, returns, rates, into)
    named = told_of_choices if export is None else told(export, reading.parts)
    tell(progress, 1.0)
    return Orders(
        table.name, frame, returns, len(rows), left, reading.roles, code, (*named, *findings)
    )


def days(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    progress: Progress | None = None,
) -> pd.Series:
    """Return the day of each row of a list of orders, NaT where it says none.

    Args:
        table: the list.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        progress: is told the share that is done, from 0 to 1; what it raises ends the reading.

    Raises:
        InputError: where no column holds dates, or one could be read in two ways.
    """
    reading = reading_of(table, chosen, day_first)
    if reading.roles.get("date") not in table.columns:
        raise refuse(
            table.name, reading.roles.get("date"), "column_date", known=listed(table.columns)
        )
    return pd.Series(as_dates(days_of(reading, progress)), index=table.cells.index)


def named_currencies(table: Table, chosen: Mapping[str, str] | None = None) -> tuple[str, ...]:
    r"""Return the currencies that the money of a list of orders is in, as ISO codes or signs,
    sorted.

    Args:
        table: a list of orders.
        chosen: the user's column of a role, "" for none; None leaves all to the headings.

    Returns:
        The codes, or the sign where a cell says no more; empty where nothing names a currency.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> named_currencies(
    ...     read_table(
    ...         b"order id,date,amount,currency\n1,2026-01-05,60,USD\n2,2026-01-06,10,EUR\n",
    ...         "x.csv",
    ...     )
    ... )
    ('EUR', 'USD')
    """
    return reading_of(table, chosen).named()


def _unknown_states(reading: Reading, rows: Rows, counts: NDArray[np.bool_]) -> list[Finding]:
    """Return the states that are not known, whose orders are counted."""
    if not rows.strange:
        return []
    column = reading.table.cells[reading.roles["status"]]
    return [
        Finding(one.kind, parts={**one.parts, "names": ", ".join(rows.strange[:5])})
        for one in counted("states", column.isin(rows.strange) & counts)
    ]
