"""Orders of several currencies as orders of one: the rate of each row, and what was converted."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.groups import Groups
from funnel_sim.evidence.orders.reading import MONEY, Reading
from funnel_sim.evidence.orders.rows import Rows
from funnel_sim.evidence.tables.columns import said
from funnel_sim.evidence.tables.exports import OTHER
from funnel_sim.evidence.tables.findings import Finding
from funnel_sim.evidence.tables.headings import may_mean
from funnel_sim.evidence.tables.money import Into, Rate, code_of_each, rates_by_row
from funnel_sim.evidence.tables.money import told as told_of_money


def convert(
    reading: Reading, rows: Rows, counts: NDArray[np.bool_], into: Into
) -> tuple[dict[str, Rate], pd.Series]:
    """Write the money of each row in one currency.

    A row that names no currency has that of its order.

    Args:
        reading: what is read of the table.
        rows: its rows; their money is replaced.
        counts: which rows are part of a sale, shape (rows,).
        into: the currency to convert to.

    Returns:
        The rates by currency, and the currency that each row was in.

    Raises:
        InputError: where a row's currency cannot be told, has no rate, or an order has several.
    """
    table, column = reading.table, reading.roles.get("currency")
    cells = table.cells.where(~pd.Series(rows.is_kind(OTHER), table.cells.index), "")
    by_row = None if column is None else said(cells[column]).reindex(cells.index, fill_value="")
    always = "" if reading.export is None else reading.export.currency(table)
    codes = code_of_each(cells, reading.money_columns, by_row, into, table.name, always)
    groups = Groups(rows.group)
    first = groups.by_row(groups.first_of((codes != "").to_numpy()))
    of_order = codes.iloc[np.maximum(first, 0)].set_axis(codes.index)
    codes = codes.where((codes != "") | (first < 0), of_order)
    if not (codes != "").any():  # a ledger may name it on its first row only
        codes = codes.where(
            codes != "", next((one for one in reading.named() if may_mean(one) == [one]), "")
        )
    money = [role for role in MONEY if role in rows.numbers]
    needs = counts & np.any([np.nan_to_num(rows.numbers[role]) != 0 for role in money], axis=0)
    rate, rates = rates_by_row(codes, pd.Series(needs, codes.index), into, table.name)
    _check_orders(reading, rows, needs, codes)
    for role in money:
        rows.numbers[role] = rows.numbers[role] * rate.to_numpy()
    return rates, codes if len(rates) != 1 else pd.Series(next(iter(rates)), codes.index)


def _check_orders(reading: Reading, rows: Rows, needs: NDArray[np.bool_], codes: pd.Series) -> None:
    """Raise InputError where the rows of an order are in several currencies."""
    there = np.flatnonzero(needs & (codes != "").to_numpy())
    groups = Groups(rows.group[there])
    place = pd.factorize(codes.iloc[there])[0].astype(np.float64)
    several = groups.min(place) != groups.max(place)
    if several.any():
        these = rows.group == groups.keys[several][0]
        named = ", ".join(sorted(codes[these & needs].unique()))
        order = rows.orders_named(np.flatnonzero(these)[:1]).to_pylist()[0]
        raise refuse(f"{reading.table.name}: {order}", named, "currencies_of_order")


def converted(
    codes: pd.Series,
    frame: pd.DataFrame,
    returns: pd.DataFrame,
    rates: Mapping[str, Rate],
    into: Into,
) -> list[Finding]:
    """Return what was converted: what orders came to, and what was paid back.

    Args:
        codes: the currency that each row was in.
        frame: the orders.
        returns: what went back without an order.
        rates: the rates by currency.
        into: the currency converted to.

    Returns:
        One finding a currency of what was sold, then one a currency of what was paid back.
    """
    paid_back = pd.concat(
        [
            frame[["first", "back"]],
            returns[["first", "amount"]].set_axis(["first", "back"], axis="columns"),
        ],
        ignore_index=True,
    )
    sold = told_of_money(frame["sold"], frame["first"].map(codes), rates, into)
    return sold + told_of_money(
        paid_back["back"], paid_back["first"].map(codes), rates, into, "refunds"
    )
