"""A store's history by month, from a file by month, week or day; what was left out or looks odd is
told. Read `history`.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from funnel_sim.errors import InputError, refuse
from funnel_sim.evidence.store.columns import (
    choices,
    is_list,
    list_columns,
    money_texts,
    needed_columns,
    parts_of,
    recognised,
    unused_columns,
)
from funnel_sim.evidence.store.doubts import (
    below_zero,
    equal_rows,
    impossible_zeros,
    odd_months,
    rows_left_out,
    unknown_months,
)
from funnel_sim.evidence.store.from_orders import history_of_orders
from funnel_sim.evidence.store.months import FIGURES, SALES, History
from funnel_sim.evidence.store.net_sales import (
    before_refunds,
    is_after_refunds,
    marked_months,
    told_of_sales,
)
from funnel_sim.evidence.store.refund_rate import returned_by_rate
from funnel_sim.evidence.store.repeated import Repeated, one_of_each
from funnel_sim.evidence.store.returned_units import orders_of_units
from funnel_sim.evidence.store.spread import SpreadMonths
from funnel_sim.evidence.tables.amounts import amounts
from funnel_sim.evidence.tables.choices import asked
from funnel_sim.evidence.tables.columns import NOTHING
from funnel_sim.evidence.tables.exports import Export, Part, chosen_otherwise, dated, joined, told
from funnel_sim.evidence.tables.exports import recognise as export_of
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import currencies, may_mean, settled
from funnel_sim.evidence.tables.money import Into, code_of_each, of_months, rates_by_row
from funnel_sim.evidence.tables.money import told as told_of_money
from funnel_sim.evidence.tables.periods import Periods, periods
from funnel_sim.evidence.tables.progress import Progress, part, tell
from funnel_sim.evidence.tables.tables import Table
from funnel_sim.scenario.store_months import MONEY

_LEVELS = ("average_price",)  # what is no sum of its days: the mean over the days that have it
_TAKEN_BACK = ("refunds", "returned_orders", "cancelled", "refunded_later")


def history(
    table: Table,
    chosen: Mapping[str, str] | None = None,
    *,
    day_first: bool | None = None,
    decimal: str | None = None,
    beside_others: bool = False,
    into: Into | None = None,
    taxed: bool = False,
    after_refunds: bool | None = None,
    repeated: Repeated | None = None,
    progress: Progress | None = None,
) -> History:
    r"""Return a store's history by month.

    Rows of one period add up where something beside the figures tells them apart; a week or month
    that stands twice without that is asked about. A week or a range of days is spread evenly
    over its days, and so over the months that it touches: sums stay, but a week across the turn of
    a month is shared by days, not as it was. Rows without a readable date are left out and told;
    equal rows of one day are counted and told. A month below zero is not known. Refunds that are
    all written with a minus are read as positive. Figures without any number in the file are left
    out.

    Args:
        table: figures by day, week or month, or a list of orders.
        chosen: the column of a role where it is not recognised, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
        beside_others: whether other files of its store are read too, so that it needs no sales.
        into: the currency to which its money is converted.
        taxed: whether sales are to hold tax where the file parts it, for a store whose prices hold
            it.
        after_refunds: whether its sales have refunds taken off; None leaves it to its headings.
        repeated: what rows are that tell a week or month again; None refuses them.
        progress: is told the share that is done, from 0 to 1; what it raises ends the work.

    Raises:
        InputError: where the table holds no history, a role could be several columns, its money is
            in several currencies that are not to be converted, or a week or month stands twice
            and `repeated` does not say what that is.

    >>> from funnel_sim.evidence.tables.tables import read_table
    >>> found = history(
    ...     read_table(b"week,orders\n2026-01-19,70\n2026-01-26,70\n2026-02-02,140\n", "x.csv")
    ... )
    >>> found.months, found.figures["orders"].tolist(), found.covered.round(2).tolist()
    (('2026-01', '2026-02'), [130.0, 150.0], [0.42, 0.29])
    """
    export = export_of(table)
    own = chosen_otherwise(chosen, recognised(table))
    if is_list(table, own, export):
        listed_by = list_columns(table, chosen)
        return history_of_orders(table, listed_by, day_first, decimal, into, progress)
    if export is not None and export.kind == "items" and not own.get("date"):
        raise refuse(table.name, None, "export_items", name=export.name)
    roles = needed_columns(table, own, export, beside_others=beside_others)
    told_of_choices = asked(table, choices(table, chosen), (chosen or {}).keys())
    parts = parts_of(table, roles, export, own, taxed=taxed)
    cells = table.cells
    dated = _periods(table, roles, parts, export, day_first, part(progress, 0.0, 0.4))
    tell(progress, 0.4)
    values = _values(table, roles, parts, decimal, part(progress, 0.4, 0.8))
    by_rate = returned_by_rate(table, roles, values, decimal)
    tell(progress, 0.8)
    good = dated.first.notna() & ~dated.summary & values.notna().any(axis=1)
    needed = [role for role in (FIGURES if beside_others else SALES) if role in values] or [
        str(role) for role in values
    ]
    if not good.any() or values.loc[good, needed].isna().all(axis=None):
        raise refuse(table.name, None, "no_periods")
    good = one_of_each(table, dated, good, _figure_columns(roles, parts), repeated)
    values = values.loc[:, values[good].notna().any()]
    converted = [] if into is None else _convert(table, values, good, roles, parts, into)
    spread = SpreadMonths.of(dated, good, table.name)
    known = {
        str(role): (spread.means if role in _LEVELS else spread.sums)(values[role])
        for role in values
    }
    figures = {role: np.where(months < 0, np.nan, months) for role, months in known.items()}
    in_units = orders_of_units(figures, parts)
    net = marked_months(cells, good, spread)
    if after_refunds or (
        after_refunds is None
        and "gmv" in parts
        and is_after_refunds(parts["gmv"][0].column, export)
    ):
        net = np.full(len(net), fill_value=True)
    left, added = before_refunds(figures, net, spread.names)
    named = settled(currencies(*money_texts(cells[good], roles, parts)), table.columns)
    known_as = told_of_choices if export is None else told(export, parts)
    if into is not None:
        known_as += of_months(converted, table.name, spread.names)
    elif len(named) > 1:
        raise refuse(
            f"{table.name}: {roles.get('currency', roles.get('gmv', ''))}",
            ", ".join(named),
            "several_currencies",
        )
    if not beside_others:  # of several files the whole is looked at, in `together`
        known_as += impossible_zeros(figures, spread.names)
    known_as += told_of_sales(parts, export, left, added, chosen=after_refunds)
    known_as += [*in_units, *by_rate]
    known_as += unused_columns(table, roles, parts)
    if not {"gmv", "orders"} & figures.keys():
        known_as.append(Finding("no_sales"))
    findings = (
        *known_as,
        *table.findings,
        *rows_left_out(cells, dated, roles, values),
        *equal_rows(cells[good]),
        *spread.uncovered(),
        *unknown_months(known, spread),
        *below_zero(values, spread),
        *odd_months(figures, spread.names, spread.covered),
    )
    tell(progress, 1.0)
    return History(
        spread.first,
        figures,
        spread.covered,
        dated.grain,
        into.code if into is not None else named[0] if named else "",
        int(good.sum()),
        findings,
        left,
    )


def _periods(
    table: Table,
    roles: Mapping[str, str],
    parts: Mapping[str, tuple[Part, ...]],
    export: Export | None,
    day_first: bool | None,
    progress: Progress | None = None,
) -> Periods:
    """Return the period of each row; a row that says its first and its last day in two columns
    covers the days between.
    """
    column, name = table.cells[roles["date"]], f"{table.name}: {roles['date']}"
    if "until" in parts and "date" in parts and parts["date"][0].column == roles["date"]:
        last = table.cells[parts["until"][0].column]
        first, until = (dated(one, name, day_first, export) for one in (column, last))
        ranged = first.notna() & until.notna() & (until > first)
        column = column.where(
            ~ranged, first.dt.strftime("%Y-%m-%d") + " - " + until.dt.strftime("%Y-%m-%d")
        )
    try:
        return periods(column, name, day_first=day_first, progress=progress)
    except InputError:
        if day_first is not None or export is None or export.day_first is None:
            raise
        return periods(column, name, day_first=export.day_first, progress=progress)


def _figure_columns(
    roles: Mapping[str, str], parts: Mapping[str, tuple[Part, ...]]
) -> frozenset[str]:
    """Return the columns of dates and figures; that of the currency tells rows apart."""
    named = {column for role, column in roles.items() if role != "currency"}
    return frozenset(named | {one.column for each in parts.values() for one in each})


def _values(
    table: Table,
    roles: Mapping[str, str],
    parts: Mapping[str, tuple[Part, ...]],
    decimal: str | None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the figures of each row, NaN where a cell holds no number; the decimal mark is one for
    all columns of money.
    """
    found = [role for role in FIGURES if role in roles]
    money = [role for role in found if role in MONEY]
    out: dict[str, pd.Series] = {}
    if money:
        columns = list(dict.fromkeys(part.column for role in money for part in parts[role]))
        pool = pd.concat({column: table.cells[column] for column in columns})
        numeric = (
            None
            if table.numeric is None
            else pd.concat({column: table.numeric[column] for column in columns})
        )
        named = settled(currencies(*money_texts(table.cells, roles, parts)), table.columns)
        read = amounts(
            pool,
            f"{table.name}: {', '.join(columns)}",
            decimal,
            numeric=numeric,
            currencies=named,
            progress=part(progress, 0.0, 0.5),
        )
        out |= {
            role: joined([(part, read.loc[part.column]) for part in parts[role]]) for role in money
        }
    for place, role in enumerate(found):
        tell(progress, 0.5 + 0.5 * place / len(found))
        column = table.cells[roles[role]]
        if role not in MONEY:
            out[role] = amounts(
                column,
                f"{table.name}: {roles[role]}",
                counts=True,
                numeric=table.numeric_of(roles[role]),
            )
        if role in _TAKEN_BACK and not (out[role] > 0).any():
            out[role] = out[role].abs()
    return pd.DataFrame({role: out[role] for role in found}, index=table.cells.index)


def _convert(
    table: Table,
    values: pd.DataFrame,
    good: pd.Series,
    roles: Mapping[str, str],
    parts: Mapping[str, tuple[Part, ...]],
    into: Into,
) -> list[Finding]:
    """Write the money of each row in one currency; return what was converted at which rate."""
    by_row = (
        None
        if "currency" not in roles
        else table.cells[roles["currency"]].where(
            ~table.cells[roles["currency"]].str.fullmatch(NOTHING), ""
        )
    )
    money = [role for role in values if role in MONEY and role != "fees_paid"]
    headings, _ = money_texts(table.cells, roles, parts)
    elsewhere = [
        one for one in currencies(headings, pd.Series([], dtype=str)) if one in may_mean(one)
    ]
    out = []
    for role in money:
        columns = list(dict.fromkeys(part.column for part in parts[role]))
        codes = code_of_each(
            table.cells.where(good, ""),
            columns,
            by_row,
            into,
            f"{table.name}: {columns[0]}",
            elsewhere[0] if len(elsewhere) == 1 else "",
        )
        rate, rates = rates_by_row(
            codes.where(good, ""),
            good & (values[role].fillna(0.0) != 0),
            into,
            f"{table.name}: {columns[0]}",
        )
        values[role] = values[role] * rate
        out += told_of_money(
            values.loc[good, role],
            codes if len(rates) != 1 else codes.where(codes != "", next(iter(rates))),
            rates,
            into,
            role,
        )
    return out
