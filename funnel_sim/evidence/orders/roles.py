"""Which column of a table of orders is what: as a known export declares it, else by headings and
cells; whether a table lists orders at all.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from funnel_sim.evidence.tables.amounts import has_decimals, is_number
from funnel_sim.evidence.tables.choices import DATE, NUMBER, TEXT, Choice, choice
from funnel_sim.evidence.tables.columns import by_content, by_name, different
from funnel_sim.evidence.tables.dates import is_date
from funnel_sim.evidence.tables.exports import recognise as export_of
from funnel_sim.evidence.tables.headings import plain
from funnel_sim.evidence.tables.tables import Table
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
_IDS = share(
    "numbers_orders"
)  # of the rows that have different numbers, from which a column of them can name orders

_LOOKED_AT = 200  # cells by which it is judged whether a column numbers anything


@cache
def known() -> dict[str, dict[str, list[str]]]:
    """Return the names of roles and states that data/order_columns.toml holds."""
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
    return dict(table.once("roles of orders", lambda: _recognised(table)))


def _recognised(table: Table) -> dict[str, str]:
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
    names_of = known()["columns"]
    ranked = by_name(table.columns, names_of, known()["ignored"]["names"])
    whole = {
        column
        for column in table.columns
        if any(
            plain(column) in (name.removeprefix("=") for name in names)
            for names in names_of.values()
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
        role: what a column would be, a key of `ROLES`.
        taken: the column of each role.

    Returns:
        The headings of these columns; empty where the taken one is the only one.

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
    names = {name.removeprefix("=") for name in known()["columns"][role]}
    free = [
        column
        for column in table.columns
        if column not in taken.values() and plain(column) in names
    ]
    if plain(taken[role]) not in names:  # none is named so as a whole: those that hold a name
        ranked = by_name(table.columns, known()["columns"], known()["ignored"]["names"])[role]
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
        One entry a role that at least two columns could be, with these columns.
    """
    return choices_of(table, recognise(table) | dict(chosen or {}), roles)


def choices_of(table: Table, taken: Mapping[str, str], roles: Sequence[str]) -> list[Choice]:
    """Return where several columns could be a role of a list of orders.

    Args:
        table: the list.
        taken: the column of each role.
        roles: the roles that are asked about.

    Returns:
        One entry a role that at least two columns could be, with these columns.
    """
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
        buyers = different(table, roles["customer"]) if "customer" in roles else ()
        return len(buyers) > 0 and not all(map(is_number, buyers))
    cells, first = table.cells[roles["order"]], table.leaders(roles["order"])
    written = (cells != "").to_numpy()
    some = cells.iloc[np.flatnonzero(written)[:_LOOKED_AT]]
    if not len(some) or any(has_decimals(cell) for cell in some):
        return False
    new = first == np.arange(len(first))
    if not written.all():
        new, first = new[written], first[written]
    many = int(np.count_nonzero(new))
    runs = 1 + int((first[1:] != first[:-1]).sum())  # the rows of one order stand together
    return many >= _IDS * runs
