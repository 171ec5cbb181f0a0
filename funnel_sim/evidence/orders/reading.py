"""What is read of a table of orders: the column of each role, the columns that each figure is made
of, the currency of its money.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from funnel_sim.errors import refuse
from funnel_sim.evidence.orders.roles import ROLES, recognise
from funnel_sim.evidence.tables.columns import said
from funnel_sim.evidence.tables.exports import OTHER, Export, Part, chosen_otherwise
from funnel_sim.evidence.tables.exports import recognise as export_of
from funnel_sim.evidence.tables.headings import currencies, settled
from funnel_sim.evidence.tables.money import named_by
from funnel_sim.evidence.tables.tables import Table, listed

MONEY = ("amount", "line", "price", "refund")
"""Roles that hold money."""


@dataclass(frozen=True)
class Reading:
    """What is read of a table: the column of each role, the columns that each figure is made of,
    the export that it is, and how dates and decimals are written.
    """

    table: Table
    roles: Mapping[str, str]
    parts: Mapping[str, tuple[Part, ...]]
    export: Export | None
    day_first: bool | None
    decimal: str | None

    def kinds(self) -> pd.Series | None:
        """Return what each row is, "sale", "refund" or "other"; None where every row is part of an
        order.
        """
        return None if self.export is None else self.export.kinds(self.table)

    @property
    def money_columns(self) -> list[str]:
        """The columns that hold money."""
        return list(
            dict.fromkeys(part.column for role in MONEY for part in self.parts.get(role, ()))
        )

    def named(self) -> tuple[str, ...]:
        """Return the currencies that the file's money is in."""
        kinds, column = self.kinds(), self.roles.get("currency")
        cells = self.table.cells if kinds is None else self.table.cells[kinds != OTHER]
        found = named_by(cells, self.money_columns, None if column is None else cells[column])
        if not found and column is not None:  # a ledger may name it on its first row only
            found = currencies((), said(self.table.cells[column].str.upper()))
        always = "" if found or self.export is None else self.export.currency(self.table)
        return (always,) if always else settled(found, self.table.columns)

    def currency(self) -> str:
        """Return the one currency that the file's money is in, "" where it names none.

        Raises:
            InputError: where there are several: they do not add up.
        """
        found = self.named()
        if len(found) > 1:
            raise refuse(
                f"{self.table.name}: {self.roles.get('currency', self.money_columns[0])}",
                ", ".join(found),
                "several_currencies",
            )
        return found[0] if found else ""


def reading_of(
    table: Table,
    chosen: Mapping[str, str] | None,
    day_first: bool | None = None,
    decimal: str | None = None,
) -> Reading:
    """Return what is read of a table of orders.

    Args:
        table: a list of orders, as cells of text.
        chosen: the user's column of a role, "" for none.
        day_first: whether the day comes first in its dates; None leaves it to the column.
        decimal: the decimal mark of its amounts; None leaves it to the column.
    """
    known = recognise(table)
    own = chosen_otherwise(chosen, known)
    roles = {role: column for role, column in (known | own).items() if column}
    export = export_of(table)
    declared = {} if export is None else export.parts(table)
    parts = {
        role: declared[role] if role in declared and role not in own else (Part(column),)
        for role, column in roles.items()
    } | {role: parts for role, parts in declared.items() if role not in ROLES}
    return Reading(table, roles, parts, export, day_first, decimal)


def check(reading: Reading) -> None:
    """Refuse a table of which a chosen column is not there, or a needed one is not known.

    Args:
        reading: what is read of it.

    Raises:
        InputError: naming the table, and the columns that it has.
    """
    table, roles = reading.table, reading.roles
    known = listed(table.columns)
    for column in roles.values():
        if column not in table.columns:
            raise refuse(table.name, column, "column_missing", known=known)
    if "date" not in roles:
        raise refuse(table.name, None, "column_date", known=known)
    if not ({"amount", "line"} & roles.keys()) and not {"price", "quantity"} <= roles.keys():
        raise refuse(table.name, None, "column_amount", known=known)
